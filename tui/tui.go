// Package tui is the full-screen front end: a composer for sentences, a transcript of what happened, and the one screen that
// must be right, the approval.
//
// There is one model. Its parts are plain structs with methods, Update does no I/O and never waits, and all colours are in
// styles.go. The runner works in a goroutine of its own; its events arrive in batches, and its questions wait on a channel
// that the model answers.
//
// Invariant: a request for approval never takes the keyboard. It waits until it is opened by a key, then ignores keys until
// it has been drawn whole and the keyboard was quiet; Enter alone, a paste and the mouse never sign, and what is typed names
// the very request on the screen.
package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
)

// stopWithin is how long a runner may take to stop when the user leaves.
const stopWithin = 5 * time.Second

// Runner takes one sentence through a run and tells front what happens. It returns soon after ctx ends.
type Runner interface {
	Run(ctx context.Context, text string, front agent.Front) error
}

// Options are what the screen shows and works with.
type Options struct {
	Runner  Runner
	Network chain.Network
	Account common.Address
	Names   show.Names
	Streams *cli.Streams
	Version string
	DryRun  bool // said in the header; the runner makes it true
	NoMouse bool
	Now     func() time.Time // nil: time.Now
}

// Run shows the screen until the user leaves it. Transactions that were sent and have no receipt yet make it
// refusal.Unconfirmed.
func Run(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := newModel(ctx, o)
	program := tea.NewProgram(m,
		tea.WithContext(ctx),
		tea.WithInput(o.Streams.In),
		tea.WithOutput(o.Streams.Out),
		tea.WithEnvironment(o.Streams.Environ()),
	)
	_, err := program.Run()
	cancel()
	m.mail.close()
	m.waitForRunner()
	return m.farewell(o.Streams, err)
}

// waitForRunner lets the run that was stopped write what it has to write.
func (m *model) waitForRunner() {
	stopped := make(chan struct{})
	go func() {
		m.runners.Wait()
		close(stopped)
	}()
	select {
	case <-stopped:
	case <-time.After(stopWithin):
	}
	for _, msg := range m.mail.take() {
		if h, ok := msg.(happened); ok {
			m.note(h.event)
		}
	}
}

// farewell says what is left open, on the terminal that the screen gave back.
func (m *model) farewell(s *cli.Streams, err error) error {
	if m.unanswered {
		fmt.Fprintln(s.Err, "the request that waited for your approval was not signed")
	}
	if n := len(m.open); n > 0 {
		for hash := range m.open {
			fmt.Fprintf(s.Err, "sent, not confirmed: %s\n", hash.Hex())
		}
		return refusal.New(refusal.Unconfirmed, "%d of what was sent has no receipt yet", n)
	}
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) {
		return refusal.New(refusal.Interrupted, "stopped").Because(err)
	}
	if err != nil {
		return fmt.Errorf("terminal: %w", err)
	}
	return nil
}
