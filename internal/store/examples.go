package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/keymaker-agent/keymaker/agent/own/learn"
	"github.com/keymaker-agent/keymaker/internal/store/rows"
)

// maxExamples bounds how many are kept; the oldest go first.
const maxExamples = 10_000

// KeepExample keeps what the user said of a reading.
func (s *Store) KeepExample(ctx context.Context, e learn.Example) error {
	answer, err := json.Marshal(e.Answer)
	if err != nil {
		return fmt.Errorf("write an example: %w", err)
	}
	meant := int64(0)
	if e.Meant {
		meant = 1
	}
	return s.write(ctx, func(tx *rows.Queries) error {
		err := tx.AddExample(ctx, rows.AddExampleParams{
			At: e.At.UnixNano(), Prompt: e.Prompt, Answer: string(answer), Planner: e.Planner, Meant: meant,
		})
		if err != nil {
			return fmt.Errorf("store an example: %w", err)
		}
		return tx.KeepNewestExamples(ctx, maxExamples)
	})
}

// Examples returns all examples, the oldest first.
func (s *Store) Examples(ctx context.Context) ([]learn.Example, error) {
	list, err := s.q.Examples(ctx)
	return s.examples(list, err)
}

// ExamplesOf returns the examples of exactly this prompt, the oldest first.
func (s *Store) ExamplesOf(ctx context.Context, prompt string) ([]learn.Example, error) {
	list, err := s.q.ExamplesOf(ctx, prompt)
	return s.examples(list, err)
}

func (s *Store) examples(list []rows.Example, err error) ([]learn.Example, error) {
	if err != nil {
		return nil, s.told(fmt.Errorf("read the examples: %w", err))
	}
	all := make([]learn.Example, len(list))
	for i, row := range list {
		all[i] = learn.Example{ID: row.ID, At: time.Unix(0, row.At).UTC(), Prompt: row.Prompt, Planner: row.Planner, Meant: row.Meant != 0}
		if err := json.Unmarshal([]byte(row.Answer), &all[i].Answer); err != nil {
			return nil, broken("an example", err)
		}
	}
	return all, nil
}

// ForgetExample deletes one example, and reports whether it was there.
func (s *Store) ForgetExample(ctx context.Context, id int64) (bool, error) {
	n, err := s.forget(ctx, func(q *rows.Queries) (int64, error) { return q.DeleteExample(ctx, id) })
	return n > 0, err
}

// ForgetExamples deletes all of them, and reports how many there were.
func (s *Store) ForgetExamples(ctx context.Context) (int64, error) {
	return s.forget(ctx, func(q *rows.Queries) (int64, error) { return q.DeleteExamples(ctx) })
}

// forget deletes so that the bytes are gone, too: SQLite would leave them in free pages, and in the log until its next round.
func (s *Store) forget(ctx context.Context, del func(*rows.Queries) (int64, error)) (int64, error) {
	if _, err := s.db.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil { // of the one connection
		return 0, s.told(fmt.Errorf("prepare to forget: %w", err))
	}
	var n int64
	err := s.write(ctx, func(tx *rows.Queries) (err error) {
		n, err = del(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	if _, err := s.db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return n, s.told(fmt.Errorf("empty the log: %w", err))
	}
	return n, nil
}
