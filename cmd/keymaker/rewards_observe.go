package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/observe"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// chainOptions say which chain is read, and how.
type chainOptions struct {
	book  bookOptions
	epoch epochFlag
	rpc   string
	from  uint64
	depth string
}

func (o *chainOptions) flags(cmd *cobra.Command, ledger string) {
	o.book.flags(cmd, ledger)
	o.epoch.flag(cmd, "epoch, which has to be over")
	cmd.Flags().StringVar(&o.rpc, "rpc", "", "endpoint to read the rewards' contracts from (default: the network in use)")
	cmd.Flags().Uint64Var(&o.from, "from", 0, "block that the contracts were deployed in, or an earlier one")
	cmd.Flags().StringVar(&o.depth, "depth", "", "blocks on top of one that is final (default: as the chain says; none of an embedded chain)")
	_ = cmd.MarkFlagRequired("epoch")
}

type observeOptions struct {
	chainOptions
	report bool
}

func newObserveCmd(a *app) *cobra.Command {
	var o observeOptions
	cmd := &cobra.Command{
		Use:   "observe",
		Short: "What the rewards' contracts say of an epoch, as entries of the usage ledger",
		Long: "Observe replays the logs of the rewards' contracts and prints the bonds, subnets, stakes and payouts of an epoch as lines of the\n" +
			"usage ledger, which are the same for everyone. Nothing is printed before all was read and the contracts' state has proven it.\n" +
			"With --report the entries are told to the ledger, too, as the reporter whose key is here.",
		Example: "  keymaker rewards observe --epoch 12 --network base --from 23400000 > entries.ndjson\n" +
			"  # tell the ledger, and sign it\n  keymaker rewards observe --epoch 12 --report && keymaker rewards ledger report",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runObserve(cmd.Context(), a, o) },
	}
	o.flags(cmd, savedLedger)
	cmd.Flags().BoolVar(&o.report, "report", false, "tell the ledger what was observed")
	return cmd
}

func runObserve(ctx context.Context, a *app, o observeOptions) (err error) {
	s, err := a.watch(ctx, o.chainOptions, o.report)
	if err != nil {
		return err
	}
	defer s.client.Close()
	to, err := os.CreateTemp("", "keymaker-observed-*.ndjson")
	if err != nil {
		return fmt.Errorf("make a file for what is observed: %w", err)
	}
	defer func() { err = errors.Join(err, to.Close(), os.Remove(to.Name())) }()
	lines := &spooled{file: to, out: bufio.NewWriter(to)}
	if err := a.observe(ctx, s, lines); err != nil {
		return err
	}
	if err := lines.out.Flush(); err != nil {
		return fmt.Errorf("write what was observed: %w", err)
	}
	if o.report {
		if err := a.tellObserved(ctx, s.book, lines); err != nil {
			return err
		}
	}
	if _, err := to.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(a.streams.Out, to)
	return err
}

// sight is a chain that is observed.
type sight struct {
	client  *remote
	network chain.Network
	order   observe.Order
	book    *book
	deep    *uint64 // blocks on top of a final one; nil: as each chain says
}

// watch finds the contracts. The epochs are those that the contracts have; rules that are named, or that a ledger is kept by, have to
// have the same.
func (a *app) watch(ctx context.Context, o chainOptions, kept bool) (*sight, error) {
	epoch, err := o.epoch.read()
	if err != nil {
		return nil, err
	}
	s := &sight{}
	if o.depth != "" {
		n, err := decimal(o.depth)
		if err != nil || n == uint64(observe.Finalised) {
			return nil, refusal.New(refusal.Usage, "--depth %q is no number of blocks", o.depth)
		}
		s.deep = &n
	}
	if s.book, err = a.book(o.book); err != nil {
		return nil, err
	}
	if s.client, err = a.endpoint(ctx, o.rpc); err != nil {
		return nil, err
	}
	err = s.find(ctx)
	if same := s.order.Contracts.Calendar == keymaker.Calendar(&s.book.rules); err == nil && !same && (kept || o.book.params != "" || s.book.Rules != "") {
		is := s.order.Contracts.Calendar
		err = refusal.New(refusal.WrongEpoch, "the contracts have epochs of %d seconds from %d on, and the rules %s have %d from %d on",
			is.Length, is.Start, s.book.rules.Name, s.book.rules.Length, s.book.rules.Start).WithHint("name the rules that were voted for with --params")
	}
	if err != nil {
		s.client.Close()
		return nil, err
	}
	s.order.Epoch, s.order.From, s.order.Depth = epoch, o.from, s.depth(s.network)
	return s, nil
}

// find asks the network's governance, and holds the answer against what the config knows.
func (s *sight) find(ctx context.Context) error {
	s.network = s.client.Network()
	if s.network.ChainID == 0 {
		id, err := s.client.ChainID(ctx)
		if err != nil {
			return err
		}
		s.network = s.client.network(id)
	}
	known := s.network.Contracts
	if known.Governance == (common.Address{}) {
		return refusal.New(refusal.NoRewards, "no contracts of the rewards are known on %s", s.network.Name).
			WithHint("name their governance in your config, as networks.%s.contracts.governance", s.network.Key)
	}
	var err error
	if s.order.Contracts, err = observe.Find(ctx, s.client, known.Governance); err != nil {
		return err
	}
	for _, pair := range [][2]common.Address{{known.Stakes, s.order.Contracts.Stakes}, {known.Distributor, s.order.Contracts.Distributor}} {
		if pair[0] != (common.Address{}) && pair[0] != pair[1] {
			return refusal.New(refusal.NoRewards, "the governance on %s belongs to %s, and the config has %s", s.network.Name, pair[1], pair[0]).
				WithHint("correct networks.%s.contracts in your config", s.network.Key)
		}
	}
	return nil
}

// depth is how deep a block has to be on a network. An embedded chain never goes back.
func (s *sight) depth(n chain.Network) observe.Depth {
	switch {
	case s.deep != nil:
		return observe.Depth(*s.deep)
	case n.Embedded:
		return 0
	}
	return observe.Finalised
}

// observe says on a terminal how far it is.
func (a *app) observe(ctx context.Context, s *sight, into observe.Into) error {
	progress := func(observe.Progress) {}
	if a.streams.Interactive() {
		defer fmt.Fprintln(a.streams.Err)
		progress = func(p observe.Progress) { fmt.Fprintf(a.streams.Err, "\rblock %d of %d", p.Next-1, p.Last) }
	}
	_, err := observe.Observe(ctx, s.client, s.order, into, progress)
	return err
}

// spooled keeps lines in a file until they count.
type spooled struct {
	file *os.File
	out  *bufio.Writer
	line []byte
}

func (s *spooled) Add(e *usage.Entry) (err error) {
	if s.line, err = usage.AppendEntry(s.line[:0], e); err != nil {
		return err
	}
	_, err = s.out.Write(append(s.line, '\n'))
	return err
}

func (s *spooled) Again() error {
	s.out.Reset(s.file)
	_, err := s.file.Seek(0, io.SeekStart)
	return errors.Join(err, s.file.Truncate(0))
}

const toldAtOnce = 1000 // entries

// tellObserved adds what was observed to the ledger.
func (a *app) tellObserved(ctx context.Context, b *book, lines *spooled) (err error) {
	if _, err := lines.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	l, err := b.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	key, err := b.Reporter()
	if err != nil {
		return err
	}
	var some []*usage.Entry
	all, added := 0, 0
	add := func() error {
		n, err := l.Add(ctx, key.Address(), some...)
		all, added, some = all+len(some), added+n, some[:0]
		if e, ok := refusal.As(err); ok && e.Reason == refusal.EpochClosed {
			return e.WithHint("report an epoch's chain before anything later is signed, or with a reporter of its own: another --home")
		}
		return err
	}
	in := bufio.NewScanner(lines.file)
	for in.Scan() {
		e := new(usage.Entry)
		if err := usage.ReadEntry(in.Bytes(), e); err != nil {
			return err
		}
		if some = append(some, e); len(some) == toldAtOnce {
			if err := add(); err != nil {
				return err
			}
		}
	}
	if err := in.Err(); err != nil {
		return err
	}
	if err := add(); err != nil {
		return err
	}
	fmt.Fprintf(a.streams.Err, "%s, %d of them new, told by %s\nsign them with: keymaker rewards ledger report\n", counted(all, "entry"), added, key.Address())
	return nil
}
