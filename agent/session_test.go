package agent_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// fullDisk is a journal whose writes fail from the one that its number names.
type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (j *fullDisk) write() error {
	if j.left == 0 {
		return errFull
	}
	j.left--
	return nil
}

func (j *fullDisk) StartRun(context.Context, agent.Beginning) error { return j.write() }

func (j *fullDisk) Append(context.Context, string, int, string, []byte) error { return j.write() }

func (j *fullDisk) StartStep(context.Context, string, int, intents.Action, tools.Spec) error {
	return j.write()
}

func (j *fullDisk) MoveStep(context.Context, string, int, agent.StepEvent) error { return j.write() }

func (j *fullDisk) FinishRun(context.Context, string, agent.Ending) error { return j.write() }

// screen keeps what a person saw.
type screen struct{ events []agent.Event }

func (s *screen) Event(e agent.Event) { s.events = append(s.events, e) }

func (s *screen) Ask(context.Context, intents.Question) (string, error) {
	return "", refusal.New(refusal.NeedsAnswer, "nobody")
}

func (s *screen) Approve(context.Context, *wallet.Prepared) (wallet.Approval, error) {
	return wallet.Approval{}, refusal.New(refusal.NeedsApproval, "nobody")
}

func (s *screen) Password(context.Context, common.Address, int) ([]byte, error) {
	return nil, refusal.New(refusal.Locked, "nobody")
}

func TestEveryEndOfARunIsShownWhateverTheJournalDoes(t *testing.T) {
	const writes = 4 // of a run that is refused before its first step: start, started, refused, finish
	for left := range writes + 1 {
		front, journal := &screen{}, &fullDisk{left}
		s := agent.New(agent.Config{
			Understander: understander(), Journal: journal, Clock: time.Now, NewRun: func() string { return "run" },
		})
		err := s.Run(context.Background(), "good morning", front)
		if _, ok := refusal.As(err); !ok {
			t.Fatalf("%d writes: %v is no refusal", left, err)
		}
		if got := errors.Is(err, errFull); got != (left < writes) {
			t.Errorf("%d writes: the journal's error is told: %t", left, got)
		}
		ends, told := 0, false
		for _, e := range front.events {
			if e.Type == agent.Refused {
				ends++
				told = told || strings.Contains(e.Refusal.Detail, errFull.Error())
			}
		}
		if ends == 0 {
			t.Errorf("%d writes: nobody was told that the run ended", left)
		}
		if left < writes-1 && !told {
			t.Errorf("%d writes: nobody was told that the journal fails", left)
		}
	}
}
