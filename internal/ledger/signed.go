package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// chainSuffix names the file beside a key that says how far it has signed. Without it, a key that is used on a new database, or on an
// old copy of one, would begin its chain again and sign a second history, after which nobody believes it any more.
const chainSuffix = ".chain"

// end is where a chain ends: after so many entries.
type end struct {
	Entries uint64      `json:"entries"`
	Head    common.Hash `json:"head"`
}

func endOf(s *usage.Segment) end { return end{s.First + uint64(s.Count), common.Hash(s.Head)} }

// signedUntil is the file: Until is what was signed, and Before is where that began while it is not known whether it was stored.
type signedUntil struct {
	Before *end `json:"before,omitempty"`
	Until  end  `json:"until"`
}

// follows refuses a ledger that does not hold what the key has signed.
func (k *Key) follows(ctx context.Context, q querier) error {
	if k.chain == "" {
		return nil
	}
	text, err := os.ReadFile(k.chain)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var was signedUntil
	if err == nil {
		err = json.Unmarshal(text, &was)
	}
	if err != nil {
		return refusal.New(refusal.KeyFile, "%s can't be read, so it is not known what was signed", k.chain).Because(err).
			WithHint("make another reporter: put the two files aside, and run: keymaker rewards reporter init")
	}
	for _, e := range []*end{&was.Until, was.Before} {
		if e == nil {
			continue
		}
		if held, err := holds(ctx, q, k.Address(), *e); err != nil || held {
			return err
		}
	}
	return refusal.New(refusal.LedgerForked, "%s has signed %d entries, and this ledger does not hold them", k.Address(), was.Until.Entries).
		WithHint("bring them in from the ledger where they are: keymaker rewards ledger export, and import here")
}

// holds reports whether a chain passes through an end.
func holds(ctx context.Context, q querier, reporter common.Address, e end) (bool, error) {
	if e.Entries == 0 {
		return true, nil
	}
	n, err := number(e.Entries)
	if err != nil {
		return false, err
	}
	var yes bool
	err = q.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM segments WHERE reporter = $1 AND first < $2 AND first + count = $2 AND head = $3)",
		reporter[:], n, e.Head[:]).Scan(&yes)
	return yes, err
}

// signing says what will be signed, before it is stored.
func (k *Key) signing(before, until end) error { return k.keep(signedUntil{&before, until}) }

// signed says what was stored.
func (k *Key) signed(until end) error { return k.keep(signedUntil{Until: until}) }

func (k *Key) keep(s signedUntil) error {
	if k.chain == "" {
		return nil
	}
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(k.chain), ".chain-*") // mode 0600
	if err != nil {
		return fmt.Errorf("keep what was signed: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), k.chain)
	}
	if err != nil {
		return fmt.Errorf("keep what was signed: %w", err)
	}
	return nil
}
