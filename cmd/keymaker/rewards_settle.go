package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/settlement"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

type settleOptions struct {
	book        bookOptions
	epoch       epochFlag
	claims      string
	state, next string
}

func newSettleCmd(a *app) *cobra.Command {
	var o settleOptions
	cmd := &cobra.Command{
		Use:   "settle",
		Short: "Reckon what an epoch pays, and to whom",
		Long: "Settle reckons from a usage ledger and a file of rules what each account has earned until the end of an epoch, and the Merkle\n" +
			"root that a contract pays it against. The same ledger, rules and epoch give the same root on every machine.\n\n" +
			"A ledger is a file of lines, as docs/rewards.md says, or a database. What a database holds of closed epochs is recorded there,\n" +
			"and the next epochs go on from it; of a file of lines, --state and --next do that.",
		Example: "  # the last epoch of a file that is over\n  keymaker rewards settle --ledger usage.ndjson --params rules.toml\n" +
			"  # one epoch of the own ledger, with the proofs that the accounts claim with\n  keymaker rewards settle --epoch 12 --claims claims.ndjson\n" +
			"  # from another program, for another program\n  zcat usage.ndjson.gz | keymaker rewards settle --ledger - --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSettle(cmd.Context(), a, o) },
	}
	o.book.flags(cmd, anyLedger)
	o.epoch.flag(cmd, "epoch to settle (default: the last one of the ledger that is over)")
	cmd.Flags().StringVar(&o.claims, "claims", "", "write all claims with their proofs to this file, one a line")
	cmd.Flags().StringVar(&o.state, "state", "", "go on from the state in this file, which an earlier epoch left")
	cmd.Flags().StringVar(&o.next, "next", "", "write the state that the epoch leaves to this file")
	return cmd
}

func runSettle(ctx context.Context, a *app, o settleOptions) (err error) {
	b, err := a.book(o.book)
	if err != nil {
		return err
	}
	s, err := b.read(ctx, a.streams.In)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	epoch, err := o.epoch.over(&b.rules, s)
	if err != nil {
		return err
	}
	from, err := o.from(ctx, b, s, epoch)
	if err != nil {
		return err
	}
	got, err := a.settle(ctx, b, s, epoch, from)
	if err != nil {
		return err
	}
	if err := o.write(got); err != nil {
		return err
	}
	if s.kept != nil {
		if err := o.keep(ctx, a, s, got); err != nil {
			return err
		}
	}
	return got.print(a.streams.Out, a.json)
}

// from is the state to go on from: that of the file that was named, or the newest one of the database; nil is none.
func (o settleOptions) from(ctx context.Context, b *book, s *source, epoch usage.Epoch) (*settlement.State, error) {
	switch {
	case o.state != "" && s.kept != nil:
		return nil, refusal.New(refusal.Usage, "a database knows what its epochs left; --state is for files of lines").WithHint("leave --state away")
	case o.state != "":
		f, err := os.Open(o.state)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%v", err)
		}
		defer f.Close()
		return settlement.ReadState(f)
	case s.kept != nil:
		return recorded(ctx, b, s, epoch)
	}
	return nil, nil
}

// recorded is the newest state of the database before an epoch, or nil.
func recorded(ctx context.Context, b *book, s *source, epoch usage.Epoch) (*settlement.State, error) {
	if s.kept == nil {
		return nil, nil
	}
	last, err := s.kept.SettledBefore(ctx, b.rules.Hash, epoch)
	if err != nil || last == nil {
		return nil, err
	}
	return settlement.ReadState(bytes.NewReader(last.State))
}

// settled is a settlement with the root of its claims.
type settled struct {
	*settlement.Result
	rules *rules.Rules
	tree  *tree.Tree // nil where nobody has earned anything
	total uint256.Int
}

// collectAt is the garbage collector's percentage while a ledger is settled. What that holds has few pointers to follow, so collecting
// four times as often costs next to nothing, and saves a third of the memory.
const collectAt = 25

func (a *app) settle(ctx context.Context, b *book, l usage.Ledger, epoch usage.Epoch, from *settlement.State) (*settled, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	r, err := settlement.Settle(ctx, l, &b.rules, epoch, settlement.Options{Workers: runtime.NumCPU(), From: from, Progress: a.settling()})
	if err != nil {
		return nil, err
	}
	s := &settled{Result: r, rules: &b.rules}
	for _, wei := range r.State.Accounts() {
		s.total.Add(&s.total, &wei)
	}
	if r.Claims.Len() > 0 {
		if s.tree, err = tree.Build(tree.Standard, r.Claims, runtime.NumCPU()); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// settling tells on standard error how far a long settlement is, once for each million entries.
func (a *app) settling() func(settlement.Progress) {
	const each = 1_000_000
	told := uint64(0)
	return func(p settlement.Progress) {
		if p.Done/each > told {
			told = p.Done / each
			fmt.Fprintf(a.streams.Err, "epoch %d of %d: %d of %d entries\n", p.Epoch, p.Last, p.Done, p.Total)
		}
	}
}

// root is that of the claims; zero where there are none.
func (s *settled) root() common.Hash {
	if s.tree == nil {
		return common.Hash{}
	}
	return s.tree.Root()
}

// last is the epoch that was asked for.
func (s *settled) last() *settlement.Settled { return &s.Epochs[len(s.Epochs)-1] }

// write writes the files that were asked for.
func (o settleOptions) write(s *settled) error {
	if o.claims != "" {
		err := replace(o.claims, func(w io.Writer) error {
			if s.tree == nil {
				return nil
			}
			return s.tree.Write(w)
		})
		if err != nil {
			return err
		}
	}
	if o.next != "" {
		return replace(o.next, s.State.Write)
	}
	return nil
}

// keep records what the epoch came to, if nothing can be added to it any more.
func (o settleOptions) keep(ctx context.Context, a *app, from *source, s *settled) error {
	var state bytes.Buffer
	if err := s.State.Write(&state); err != nil {
		return err
	}
	segments, err := from.until(s.last().Epoch)
	if err != nil {
		return err
	}
	file := o.claims
	if file != "" {
		if file, err = filepath.Abs(file); err != nil {
			return err
		}
	}
	kept, err := from.kept.Keep(ctx, ledger.Settled{
		Rules: s.rules.Hash, Epoch: s.last().Epoch, Ledger: s.State.Ledger, Claims: s.root(), State: state.Bytes(),
	}, segments, file)
	if err == nil && !kept {
		fmt.Fprintf(a.streams.Err, "this may still change: more can come in until the epochs are closed (keymaker rewards ledger close --epoch %d)\n", s.last().Epoch)
	}
	return err
}

// settleView is what the command prints before the allotments. Amounts are strings of wei.
type settleView struct {
	Schema  int          `json:"schema"`
	Epoch   usage.Epoch  `json:"epoch"`
	From    momentView   `json:"from"`
	To      momentView   `json:"to"`
	Ledger  ledgerView   `json:"ledger"`
	Rules   rulesView    `json:"rules"`
	Buckets []bucketView `json:"buckets"`
	Claims  claimsView   `json:"claims"`
}

// ledgerView names all that was settled (root, which is published with the claims) and the last epoch of it.
type ledgerView struct {
	Root       common.Hash `json:"root"`
	EpochRoot  common.Hash `json:"epoch_root"`
	Segments   int         `json:"segments"`
	Entries    uint64      `json:"entries"`
	Duplicates uint64      `json:"duplicates"`
}

type rulesView struct {
	Name    string      `json:"name"`
	Hash    common.Hash `json:"hash"`
	Version uint64      `json:"version"`
}

type claimsView struct {
	Root  common.Hash `json:"root"`
	Count int         `json:"count"`
	Total string      `json:"total_wei"`
}

type bucketView struct {
	Bucket   string     `json:"bucket"`
	Carried  string     `json:"carried_wei"` // from the epochs before
	Emission string     `json:"emission_wei"`
	Released string     `json:"released_wei"`
	Budget   string     `json:"budget_wei"`
	Paid     string     `json:"paid_wei"`
	Fees     string     `json:"fees_wei"`
	Carry    string     `json:"carry_wei"` // to the next one
	Parts    []partView `json:"parts"`
}

type partView struct {
	Part   string    `json:"part"`
	Share  rules.Bps `json:"share_bps"`
	Budget string    `json:"budget_wei"`
	Weight string    `json:"weight"`
	Paid   string    `json:"paid_wei"`
}

func (s *settled) view() (settleView, error) {
	last := s.last()
	from, to, err := s.rules.Bounds(last.Epoch)
	if err != nil {
		return settleView{}, err
	}
	version := s.rules.At(last.Epoch)
	v := settleView{
		Schema: 1, Epoch: last.Epoch, From: epochMoment(from), To: epochMoment(to),
		Ledger: ledgerView{s.State.Ledger, last.Root, last.Segments, last.Entries, last.Copies},
		Rules:  rulesView{s.rules.Name, s.rules.Hash, version.Number},
		Claims: claimsView{s.root(), s.Claims.Len(), s.total.Dec()},
	}
	for b := range rules.Buckets {
		is := &last.Buckets[b]
		bucket := bucketView{
			b.String(), is.Carried.Dec(), is.Emission.Dec(), is.Released.Dec(), is.Budget.Dec(), is.Paid.Dec(), is.Fees.Dec(), is.Carry.Dec(), nil,
		}
		for p := range rules.Parts {
			if p.Bucket() == b {
				part := &last.Parts[p]
				bucket.Parts = append(bucket.Parts, partView{p.String(), version.Shares[p], part.Budget.Dec(), part.Weight.Dec(), part.Paid.Dec()})
			}
		}
		v.Buckets = append(v.Buckets, bucket)
	}
	return v, nil
}

// epochMoment is an end of an epoch. RFC 3339 has no words for times after the year 9999; a file of rules ends before that only by
// its bounds, so they stay without.
func epochMoment(t emission.Time) momentView {
	if t > latest {
		return momentView{Unix: t}
	}
	return momentOf(t)
}

func (s *settled) print(w io.Writer, asJSON bool) error {
	v, err := s.view()
	if err != nil {
		return err
	}
	if asJSON {
		return s.printJSON(w, v)
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "epoch %d of %s, %s to %s, in KEY, cut after four digits\n", v.Epoch, v.Rules.Name, v.From.UTC, v.To.UTC)
	row := func(cells ...any) {
		fmt.Fprintln(out, strings.TrimRight(fmt.Sprintf("%-12s %13s %12s %13s %13s %14s", cells...), " "))
	}
	row("", "emission", "released", "budget", "paid", "carried")
	for _, b := range v.Buckets {
		row(b.Bucket, short(b.Emission), short(b.Released), short(b.Budget), short(b.Paid), short(b.Carry))
		for _, p := range b.Parts {
			row("  "+p.Part, "", "", short(p.Budget), short(p.Paid), "")
		}
	}
	fmt.Fprintf(out, "claims root  %s\n             %s, %s KEY in all\n", v.Claims.Root, counted(v.Claims.Count, "account"), whole18(v.Claims.Total))
	fmt.Fprintf(out, "ledger root  %s\n             of the epoch: %s, %s, %s\n", v.Ledger.Root,
		counted(v.Ledger.Segments, "segment"), counted(int(v.Ledger.Entries), "entry"), counted(int(v.Ledger.Duplicates), "duplicate"))
	fmt.Fprintf(out, "rules        %s\n             %s, version %d\n", v.Rules.Hash, v.Rules.Name, v.Rules.Version)
	return out.Flush()
}

func counted(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "y"):
		what = strings.TrimSuffix(what, "y") + "ie"
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// whole18 is wei as whole tokens, exactly.
func whole18(wei string) string {
	n, err := uint256.FromDecimal(wei)
	if err != nil {
		return wei + " wei"
	}
	return chain.NewAmount(n, chain.Token{Decimals: 18}).Decimal()
}

// short is whole18, cut after four digits.
func short(wei string) string {
	before, after, _ := strings.Cut(whole18(wei), ".")
	return before + "." + (after + "0000")[:4]
}

// printJSON writes one object whose last member is as long as there are accounts.
func (s *settled) printJSON(w io.Writer, v settleView) error {
	head, err := json.Marshal(v)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	_, _ = out.Write(head[:len(head)-1]) // Flush returns the error
	_, _ = out.WriteString(`,"allotments":[`)
	var line []byte
	first := true
	for account, total := range s.State.Accounts() {
		epoch := s.Last.Wei(account)
		line = line[:0]
		if !first {
			line = append(line, ',')
		}
		first = false
		line = append(line, `{"address":"`...)
		line = append(line, account.Hex()...)
		line = append(append(line, `","epoch_wei":"`...), epoch.Dec()...)
		line = append(append(line, `","total_wei":"`...), total.Dec()...)
		line = append(line, `"}`...)
		_, _ = out.Write(line)
	}
	_, _ = out.WriteString("]}\n")
	return out.Flush()
}
