package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// bookOptions say which ledger is meant, and by which rules.
type bookOptions struct{ ledger, params string }

func (o *bookOptions) flags(cmd *cobra.Command, ledger string) {
	cmd.Flags().StringVar(&o.ledger, "ledger", "", ledger)
	cmd.Flags().StringVar(&o.params, "params", "", "file of rules; - is standard input (default: rewards.rules of the config, else the example)")
}

const (
	anyLedger   = "ledger: a file of lines, a database's file, postgres://…, or - for lines on standard input (default: that of the config)"
	savedLedger = "database of the ledger: a file or postgres://… (default: that of the config)"
)

// book is what a command settles by: the rules, and where the ledger is.
type book struct {
	keymaker.Accounts
	rules rules.Rules
	asked bool // the ledger was named by a flag
}

func (a *app) book(o bookOptions) (*book, error) {
	where, err := keymaker.AccountsOf(keymaker.Options{Home: a.home, Config: a.overrides(), Log: a.log()})
	if err != nil {
		return nil, err
	}
	b := &book{Accounts: where}
	if o.ledger != "" {
		if err := withoutPassword(o.ledger); err != nil {
			return nil, err
		}
		b.Ledger, b.asked = o.ledger, true
	}
	if o.params == "-" && o.ledger == "-" {
		return nil, refusal.New(refusal.Usage, "standard input can't be both the ledger and the rules")
	}
	if o.params == "" {
		b.rules, err = where.ReadRules()
		return b, err
	}
	text, err := readFile(a.streams.In, o.params)
	if err == nil {
		b.rules, err = rules.Read(text)
	}
	return b, err
}

// withoutPassword refuses a word of the command line that holds a password.
func withoutPassword(place string) error {
	if !ledger.HasPassword(place) {
		return nil
	}
	return refusal.New(refusal.Usage, "the database's name holds a password, which others on this machine could read").
		WithHint("put it into ~/.pgpass, or name the database in your config: rewards.ledger")
}

// open opens the ledger's database, and makes it where there is none.
func (b *book) open(ctx context.Context) (*ledger.Ledger, error) {
	return ledger.Open(ctx, b.Ledger, keymaker.Calendar(&b.rules), time.Now)
}

// source is a ledger that is read: a database at one moment, or a file of lines.
type source struct {
	usage.Ledger
	kept  *ledger.Ledger // nil for a file of lines
	close func() error
}

// read opens a ledger of either kind.
func (b *book) read(ctx context.Context, stdin io.Reader) (*source, error) {
	if b.Ledger == "-" {
		return spool(ctx, stdin)
	}
	if ledger.IsDSN(b.Ledger) {
		return b.snapshot(ctx)
	}
	f, err := os.Open(b.Ledger)
	if errors.Is(err, fs.ErrNotExist) && !b.asked {
		return nil, refusal.New(refusal.Usage, "there is no usage ledger yet").
			WithHint("bring one in with: keymaker rewards ledger import FILE; or name a file with --ledger")
	}
	if err != nil {
		return nil, refusal.New(refusal.Usage, "%v", err)
	}
	stat, err := f.Stat()
	if err == nil && stat.IsDir() {
		err = errors.New("it is a folder")
	}
	if err != nil {
		return nil, errors.Join(refusal.New(refusal.Usage, "%s can't be read", b.Ledger).Because(err), f.Close())
	}
	if !stat.Mode().IsRegular() {
		defer f.Close()
		return spool(ctx, f)
	}
	magic := make([]byte, len(sqliteMagic))
	if n, _ := f.ReadAt(magic, 0); n == len(magic) && bytes.Equal(magic, []byte(sqliteMagic)) {
		if err := f.Close(); err != nil {
			return nil, err
		}
		return b.snapshot(ctx)
	}
	lines, err := usage.Open(ctx, f, stat.Size())
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &source{Ledger: lines, close: f.Close}, nil
}

// sqliteMagic is what a database of SQLite begins with.
const sqliteMagic = "SQLite format 3\x00"

func (b *book) snapshot(ctx context.Context) (*source, error) {
	l, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	s, err := l.Snapshot(ctx)
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return &source{Ledger: s, kept: l, close: l.Close}, nil
}

func spool(ctx context.Context, in io.Reader) (*source, error) {
	s, err := usage.Spool(ctx, in, "")
	if err != nil {
		return nil, err
	}
	return &source{Ledger: s, close: s.Close}, nil
}

// until counts the segments of the epochs until one.
func (s *source) until(epoch usage.Epoch) (n int, err error) {
	all, err := s.Segments()
	for i := range all {
		if all[i].Epoch <= epoch {
			n++
		}
	}
	return n, err
}

// epochFlag is an epoch that may be left out.
type epochFlag struct{ word string }

func (e *epochFlag) flag(cmd *cobra.Command, says string) {
	cmd.Flags().StringVar(&e.word, "epoch", "", says)
}

func (e epochFlag) given() bool { return e.word != "" }

func (e epochFlag) read() (usage.Epoch, error) {
	n, err := strconv.ParseUint(e.word, 10, 64)
	if err != nil || n > math.MaxInt64 {
		return 0, refusal.New(refusal.Usage, "--epoch %q is no number of an epoch", e.word).WithHint("epochs are counted from 0")
	}
	return usage.Epoch(n), nil
}

// over is the epoch that was named, or else the last one of the ledger that is over. One that is not over is refused (future_epoch):
// what it comes to may still change.
func (e epochFlag) over(r *rules.Rules, s usage.Ledger) (usage.Epoch, error) {
	now, begun := r.EpochAt(emission.Time(max(time.Now().Unix(), 0)))
	if e.given() {
		n, err := e.read()
		if err == nil && (!begun || n >= now) {
			err = refusal.New(refusal.FutureEpoch, "epoch %d is not over; now it is epoch %d", n, now)
		}
		return n, err
	}
	segments, err := s.Segments()
	if err != nil {
		return 0, err
	}
	var last usage.Epoch
	found := false
	for i := range segments {
		if e := segments[i].Epoch; begun && e < now && e >= last {
			last, found = e, true
		}
	}
	if !found {
		return 0, refusal.New(refusal.NoEpoch, "the ledger holds nothing of an epoch that is over").WithHint("name an epoch with --epoch")
	}
	return last, nil
}

// replace writes a file that is there whole or not at all.
func replace(path string, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".keymaker-*")
	if err != nil {
		return refusal.New(refusal.Usage, "%s can't be written", path).Because(err)
	}
	defer os.Remove(f.Name())
	err = write(f)
	if err == nil {
		err = errors.Join(f.Chmod(0o644), f.Sync()) // it is public
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
