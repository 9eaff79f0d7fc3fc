package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/internal/store/rows"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Run is one request of a user, as it begins.
type Run struct {
	ID       string         `json:"run"`
	Session  string         `json:"session"` // runs of one sitting; empty: the run stands alone
	FrontEnd string         `json:"front_end"`
	Network  string         `json:"network"`
	Account  common.Address `json:"account"`
	DryRun   bool           `json:"dry_run"`
	Words    string         `json:"words"`
	Started  time.Time      `json:"started"`
}

// Finish is how a run ended, and who served it besides the tools of its steps.
type Finish struct {
	Planner     string    `json:"planner"`
	ModelDigest string    `json:"model_digest,omitempty"`
	Provider    string    `json:"provider,omitempty"` // who ran the model; empty: this machine
	Outcome     string    `json:"outcome"`            // done, refused; empty: the run did not end, it was killed
	Reason      string    `json:"reason,omitempty"`   // of a refusal
	Ended       time.Time `json:"ended"`
}

// Step is one step of a run, and the tool that served it.
type Step struct {
	Run     string    `json:"-"`
	Number  int       `json:"step"` // from 1
	Action  string    `json:"action"`
	Tool    string    `json:"tool"`
	Author  string    `json:"tool_author"`
	Version string    `json:"tool_version"`
	State   StepState `json:"state"`
}

// Sent is a transaction of a run.
type Sent struct {
	Title   string          `json:"title"`
	Hash    common.Hash     `json:"hash"`
	Nonce   uint64          `json:"nonce"`
	ChainID uint64          `json:"chain_id"`
	State   wallet.State    `json:"state"`
	Receipt *wallet.Receipt `json:"receipt,omitempty"`
}

// Entry is one run of the history.
type Entry struct {
	Run
	Finish
	Steps []Step `json:"steps"`
	Sent  []Sent `json:"transactions"`
}

// Event is one line of a run's journal.
type Event struct {
	Run     string          `json:"run"`
	Seq     int             `json:"seq"`
	Kind    string          `json:"kind"`
	Payload json.RawMessage `json:"payload"`
	At      time.Time       `json:"at"`
}

// StartRun opens a run. Its id must be new.
func (s *Store) StartRun(ctx context.Context, r Run) error {
	if r.Session == "" {
		r.Session = r.ID
	}
	return s.write(ctx, func(tx *rows.Queries) error {
		at := r.Started.UnixNano()
		session := rows.AddSessionParams{ID: r.Session, FrontEnd: r.FrontEnd, StartedAt: at}
		if err := tx.AddSession(ctx, session); err != nil {
			return fmt.Errorf("store the session: %w", err)
		}
		dry := int64(0)
		if r.DryRun {
			dry = 1
		}
		err := tx.AddRun(ctx, rows.AddRunParams{
			ID: r.ID, Session: r.Session, FrontEnd: r.FrontEnd, Network: r.Network, Account: hex(r.Account),
			DryRun: dry, Words: r.Words, StartedAt: at,
		})
		if err != nil {
			return fmt.Errorf("store the run: %w", err)
		}
		return nil
	})
}

// Append adds one event to the run's journal. A number that was used is an error: what is written stays.
func (s *Store) Append(ctx context.Context, run string, seq int, kind string, payload []byte) error {
	err := s.q.AddEvent(ctx, rows.AddEventParams{
		Run: run, Seq: int64(seq), Kind: kind, Payload: append([]byte{}, payload...), At: s.now().UnixNano(),
	})
	if err != nil {
		return s.told(fmt.Errorf("store event %d of run %s: %w", seq, run, err))
	}
	return nil
}

// AddStep opens a step of a run, in the state agent.StepProposed.
func (s *Store) AddStep(ctx context.Context, step Step) error {
	err := s.q.AddStep(ctx, rows.AddStepParams{
		Run: step.Run, Step: int64(step.Number), Action: step.Action, Tool: step.Tool, ToolAuthor: step.Author,
		ToolVersion: step.Version, State: string(agent.StepProposed), At: s.now().UnixNano(),
	})
	if err != nil {
		return s.told(fmt.Errorf("store step %d of run %s: %w", step.Number, step.Run, err))
	}
	return nil
}

// MoveStep applies the event to the step's state, and returns the state that follows.
func (s *Store) MoveStep(ctx context.Context, run string, step int, on StepEvent) (StepState, error) {
	var next StepState
	err := s.write(ctx, func(tx *rows.Queries) error {
		state, err := tx.StepState(ctx, rows.StepStateParams{Run: run, Step: int64(step)})
		if err != nil {
			return fmt.Errorf("read step %d of run %s: %w", step, run, err)
		}
		if next, err = agent.Steps.Next(StepState(state), on); err != nil {
			return err
		}
		return tx.SetStepState(ctx, rows.SetStepStateParams{State: string(next), At: s.now().UnixNano(), Run: run, Step: int64(step)})
	})
	return next, err
}

// FinishRun closes a run, once.
func (s *Store) FinishRun(ctx context.Context, run string, f Finish) error {
	if f.Ended.IsZero() {
		f.Ended = s.now()
	}
	changed, err := s.q.EndRun(ctx, rows.EndRunParams{
		Planner: f.Planner, ModelDigest: f.ModelDigest, Provider: f.Provider, Outcome: f.Outcome, Reason: f.Reason,
		FinishedAt: f.Ended.UnixNano(), ID: run,
	})
	if err != nil {
		return s.told(fmt.Errorf("finish run %s: %w", run, err))
	}
	if changed != 1 {
		return fmt.Errorf("run %s is finished already, or never began", run)
	}
	return nil
}

// History returns the latest runs, newest first.
func (s *Store) History(ctx context.Context, limit int) ([]Entry, error) {
	var all []Entry
	err := s.write(ctx, func(tx *rows.Queries) error {
		list, err := tx.LatestRuns(ctx, int64(limit))
		if err != nil {
			return fmt.Errorf("read the runs: %w", err)
		}
		for _, row := range list {
			e, err := entry(ctx, tx, row)
			if err != nil {
				return err
			}
			all = append(all, e)
		}
		return nil
	})
	return all, err
}

func entry(ctx context.Context, tx *rows.Queries, row rows.Run) (Entry, error) {
	e := Entry{
		Run: Run{
			ID: row.ID, Session: row.Session, FrontEnd: row.FrontEnd, Network: row.Network, Account: common.HexToAddress(row.Account),
			DryRun: row.DryRun != 0, Words: row.Words, Started: time.Unix(0, row.StartedAt),
		},
		Finish: Finish{
			Planner: row.Planner, ModelDigest: row.ModelDigest, Provider: row.Provider, Outcome: row.Outcome, Reason: row.Reason,
		},
	}
	if row.FinishedAt != 0 {
		e.Ended = time.Unix(0, row.FinishedAt)
	}
	steps, err := tx.StepsOfRun(ctx, row.ID)
	if err != nil {
		return Entry{}, fmt.Errorf("read the steps: %w", err)
	}
	for _, step := range steps {
		e.Steps = append(e.Steps, Step{
			Run: row.ID, Number: int(step.Step), Action: step.Action, Tool: step.Tool, Author: step.ToolAuthor,
			Version: step.ToolVersion, State: StepState(step.State),
		})
	}
	sent, err := tx.TransactionsOfRun(ctx, row.ID)
	if err != nil {
		return Entry{}, fmt.Errorf("read the transactions: %w", err)
	}
	for _, one := range sent {
		t, err := transaction(rows.Transaction{Nonce: one.Nonce, State: one.State, Hash: one.Hash, Receipt: one.Receipt})
		if err != nil {
			return Entry{}, err
		}
		e.Sent = append(e.Sent, Sent{
			Title: one.Title, Hash: t.Hash, Nonce: t.Nonce, ChainID: uint64(one.ChainID), State: t.State, Receipt: t.Receipt,
		})
	}
	return e, nil
}

// Events returns a run's journal, in order.
func (s *Store) Events(ctx context.Context, run string) ([]Event, error) {
	list, err := s.q.Events(ctx, run)
	if err != nil {
		return nil, s.told(fmt.Errorf("read the journal of run %s: %w", run, err))
	}
	all := make([]Event, len(list))
	for i, row := range list {
		all[i] = Event{Run: row.Run, Seq: int(row.Seq), Kind: row.Kind, Payload: row.Payload, At: time.Unix(0, row.At)}
	}
	return all, nil
}
