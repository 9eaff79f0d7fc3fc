package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func newLedgerCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ledger",
		Short: "The usage ledger that rewards are reckoned from",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newLedgerReportCmd(a), newLedgerImportCmd(a), newLedgerExportCmd(a), newLedgerStatusCmd(a), newLedgerCloseCmd(a))
	return cmd
}

func newLedgerReportCmd(a *app) *cobra.Command {
	var o bookOptions
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Tell the ledger what was used here, and sign it",
		Long: "Report looks into the journal for steps that were mined, tells the ledger who served them (rewards.authors, rewards.front and\n" +
			"rewards.subnet of the config say who), and signs all that was told since the last time. After each run the journal is told,\n" +
			"too, but not signed. Reporting twice adds nothing. A reporter's chain never goes back to an earlier epoch: what belongs to\n" +
			"one (rewards observe, rewards accept) is told before the first report of the next.",
		Example: "  keymaker rewards ledger report\n  keymaker rewards ledger report --ledger postgres://keymaker@127.0.0.1/usage --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runReport(cmd.Context(), a, o)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	o.flags(cmd, savedLedger)
	return cmd
}

type reportView struct {
	Schema   int            `json:"schema"`
	Reporter common.Address `json:"reporter"`
	Told     int            `json:"told"`    // entries that are new
	Waiting  int            `json:"waiting"` // transactions
	Gone     int            `json:"gone"`    // transactions
	Late     int            `json:"late"`    // entries
	Unsaid   int            `json:"unsaid"`  // entries
	Segments []segmentView  `json:"segments"`
}

type segmentView struct {
	Epoch usage.Epoch `json:"epoch"`
	First uint64      `json:"first"`
	Count uint32      `json:"count"`
	Head  common.Hash `json:"head"`
}

func runReport(ctx context.Context, a *app, o bookOptions) (v reportView, err error) {
	b, err := a.book(o)
	if err != nil {
		return v, err
	}
	k, err := a.open(modelOptions{})
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	l, err := b.open(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	key, err := b.Reporter()
	if err != nil {
		return v, err
	}
	fed, err := k.Feed(ctx, l, key.Address())
	if err != nil {
		return v, err
	}
	cut, late, err := l.Cut(ctx, key)
	if err != nil {
		return v, err
	}
	v = reportView{1, key.Address(), fed.Entries, fed.Waiting, fed.Gone, fed.Late + late, fed.Unsaid, []segmentView{}}
	for _, s := range cut {
		v.Segments = append(v.Segments, segmentView{s.Epoch, s.First, s.Count, common.Hash(s.Head)})
	}
	return v, nil
}

func (v reportView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	fmt.Fprintf(w, "%s told by %s\n", counted(v.Told, "entry"), v.Reporter)
	for _, n := range []struct {
		n    int
		what string
		why  string
	}{
		{v.Waiting, "transaction", "not deep enough yet, or their network does not answer"},
		{v.Gone, "transaction", "not on their chain any more"},
		{v.Late, "entry", "too late: their epoch takes nothing more"},
		{v.Unsaid, "entry", "no line can hold it; --verbose says why"},
	} {
		if n.n > 0 {
			fmt.Fprintf(w, "%s left out: %s\n", counted(n.n, n.what), n.why)
		}
	}
	for _, s := range v.Segments {
		if _, err := fmt.Fprintf(w, "signed: epoch %d, %s from number %d on, head %s\n", s.Epoch, counted(int(s.Count), "entry"), s.First, s.Head); err != nil {
			return err
		}
	}
	return nil
}

func newLedgerImportCmd(a *app) *cobra.Command {
	var o bookOptions
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add another ledger's segments and closings to the own one",
		Long: "Import checks another ledger wholly and adds what is new: all of it, or nothing where anything is wrong. FILE is a file\n" +
			"of lines, a database's file, postgres://…, or - for lines on standard input.",
		Example: "  keymaker rewards ledger import usage.ndjson\n  zcat usage.ndjson.gz | keymaker rewards ledger import -",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := runImport(cmd.Context(), a, o, args[0])
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	o.flags(cmd, savedLedger)
	return cmd
}

type importView struct {
	Schema   int    `json:"schema"`
	Segments int    `json:"segments"`
	Entries  uint64 `json:"entries"`
	Known    int    `json:"known"`
	Closings int    `json:"closings"`
}

func runImport(ctx context.Context, a *app, o bookOptions, file string) (v importView, err error) {
	b, err := a.book(o)
	if err != nil {
		return v, err
	}
	if err := withoutPassword(file); err != nil {
		return v, err
	}
	lines := *b
	lines.Ledger, lines.asked = file, true
	from, err := lines.read(ctx, a.streams.In)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, from.close()) }()
	l, err := b.open(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	var own []common.Address
	key, err := ledger.OpenKey(b.Key)
	switch {
	case err == nil:
		own = append(own, key.Address())
	case !refusal.Is(err, refusal.NoReporter):
		return v, err
	}
	got, err := l.Import(ctx, from, own...)
	return importView{1, got.Segments, got.Entries, got.Known, got.Closings}, err
}

func (v importView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	_, err := fmt.Fprintf(w, "added %s with %s, and %s; %s there already\n", counted(v.Segments, "segment"), counted(int(v.Entries), "entry"),
		counted(v.Closings, "closing"), counted(v.Known, "segment"))
	return err
}

func newLedgerExportCmd(a *app) *cobra.Command {
	var o bookOptions
	var epoch epochFlag
	cmd := &cobra.Command{
		Use:   "export [FILE]",
		Short: "Write the ledger as lines that others can read",
		Long: "Export writes all segments and closings in one order, so that equal ledgers give equal files. Without FILE it writes to\n" +
			"standard output.",
		Example: "  keymaker rewards ledger export usage.ndjson\n  # one epoch\n  keymaker rewards ledger export --epoch 12 | gzip > 12.ndjson.gz",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLedgerExport(cmd.Context(), a, o, epoch, args)
		},
	}
	o.flags(cmd, anyLedger)
	epoch.flag(cmd, "only this epoch")
	return cmd
}

func runLedgerExport(ctx context.Context, a *app, o bookOptions, epoch epochFlag, args []string) (err error) {
	r := usage.Range{To: math.MaxUint64}
	if epoch.given() {
		if r.From, err = epoch.read(); err != nil {
			return err
		}
		r.To = r.From + 1
	}
	b, err := a.book(o)
	if err != nil {
		return err
	}
	s, err := b.read(ctx, a.streams.In)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if len(args) == 0 {
		return usage.Write(ctx, a.streams.Out, s, r)
	}
	return replace(args[0], func(w io.Writer) error { return usage.Write(ctx, w, s, r) })
}

func newLedgerStatusCmd(a *app) *cobra.Command {
	var o bookOptions
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "What the ledger holds, by epoch",
		Example: "  keymaker rewards ledger status\n  keymaker rewards ledger status --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runLedgerStatus(cmd.Context(), a, o)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	o.flags(cmd, savedLedger)
	return cmd
}

type statusView struct {
	Schema int               `json:"schema"`
	Ledger string            `json:"ledger"`
	Now    usage.Epoch       `json:"epoch_now"`
	Epochs []epochStatusView `json:"epochs"`
}

type epochStatusView struct {
	Epoch     usage.Epoch `json:"epoch"`
	Segments  uint64      `json:"segments"`
	Entries   uint64      `json:"entries"`
	Reporters uint64      `json:"reporters"`
	Unsigned  uint64      `json:"unsigned"` // entries that were told here and are in no segment
	Closed    bool        `json:"closed"`
	Settled   bool        `json:"settled"`
}

func runLedgerStatus(ctx context.Context, a *app, o bookOptions) (v statusView, err error) {
	b, err := a.book(o)
	if err != nil {
		return v, err
	}
	if _, err := os.Stat(b.Ledger); !ledger.IsDSN(b.Ledger) && errors.Is(err, os.ErrNotExist) {
		return v, refusal.New(refusal.Usage, "there is no usage ledger yet").WithHint("bring one in with: keymaker rewards ledger import FILE")
	}
	l, err := b.open(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	now, err := l.Now()
	if err != nil {
		return v, err
	}
	v = statusView{1, ledger.Shown(b.Ledger), now, []epochStatusView{}}
	all, err := l.Status(ctx)
	for _, e := range all {
		v.Epochs = append(v.Epochs, epochStatusView{e.Epoch, e.Segments, e.Entries, e.Reporters, e.Open, e.Closed, e.Settled})
	}
	return v, err
}

func (v statusView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	fmt.Fprintf(w, "%s, now in epoch %d\n%8s %9s %10s %10s %10s\n", v.Ledger, v.Now, "epoch", "segments", "entries", "reporters", "unsigned")
	for _, e := range v.Epochs {
		state := ""
		switch {
		case e.Settled:
			state = "  settled"
		case e.Closed:
			state = "  closed"
		}
		if _, err := fmt.Fprintf(w, "%8d %9d %10d %10d %10d%s\n", e.Epoch, e.Segments, e.Entries, e.Reporters, e.Unsigned, state); err != nil {
			return err
		}
	}
	return nil
}

func newLedgerCloseCmd(a *app) *cobra.Command {
	var o bookOptions
	var epoch epochFlag
	cmd := &cobra.Command{
		Use:   "close",
		Short: "Say that the ledger holds all of an epoch",
		Long: "Close ends an epoch that is over: nothing can be added to it after that. What was told here and not signed yet is signed\n" +
			"first. Closing an epoch again changes nothing.",
		Example: "  keymaker rewards ledger close --epoch 12",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runLedgerClose(cmd.Context(), a, o, epoch)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	o.flags(cmd, savedLedger)
	epoch.flag(cmd, "epoch to close")
	_ = cmd.MarkFlagRequired("epoch")
	return cmd
}

type closeView struct {
	Schema   int         `json:"schema"`
	Epoch    usage.Epoch `json:"epoch"`
	Segments uint64      `json:"segments"`
	Root     common.Hash `json:"root"`
	New      bool        `json:"new"`
}

func runLedgerClose(ctx context.Context, a *app, o bookOptions, at epochFlag) (v closeView, err error) {
	epoch, err := at.read()
	if err != nil {
		return v, err
	}
	b, err := a.book(o)
	if err != nil {
		return v, err
	}
	l, err := b.open(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	key, err := ledger.OpenKey(b.Key)
	if err == nil {
		_, _, err = l.Cut(ctx, key)
	} else if refusal.Is(err, refusal.NoReporter) { // who tells nothing has nothing to sign
		err = nil
	}
	if err != nil {
		return v, err
	}
	c, err := l.CloseEpoch(ctx, epoch)
	return closeView{1, c.Epoch, c.Segments, c.Root, c.New}, err
}

func (v closeView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	was := ""
	if !v.New {
		was = " already"
	}
	_, err := fmt.Fprintf(w, "epoch %d is closed%s with %s\nroot %s\n", v.Epoch, was, counted(int(v.Segments), "segment"), v.Root)
	return err
}
