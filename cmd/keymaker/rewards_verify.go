package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

type verifyOptions struct {
	book  bookOptions
	epoch epochFlag
	root  string
}

func newVerifyCmd(a *app) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Hold a published root against the ledger",
		Long: "Verify settles the ledger again, from its beginning, and says whether the root of the claims is the one that was published: the\n" +
			"one that --root names, or the one that the distributor's contract has for the epoch, with the root of the ledger and the sum\n" +
			"of the claims. Where they differ it says where, and its exit code is 5. What governance has voted for as the rules of the\n" +
			"epoch is shown beside the hash of the rules that were used: it is for you to take the right file.",
		Example: "  # against a root that somebody told you\n  keymaker rewards verify --epoch 12 --ledger usage.ndjson --root 0x5c50…\n" +
			"  # against the contract\n  keymaker rewards verify --epoch 12 --network base",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runVerify(cmd.Context(), a, o) },
	}
	o.book.flags(cmd, anyLedger)
	o.epoch.flag(cmd, "epoch to verify (default: the last one of the ledger that is over)")
	cmd.Flags().StringVar(&o.root, "root", "", "root of the claims (default: that of the distributor on the network in use)")
	return cmd
}

// verifyView is what the command prints.
type verifyView struct {
	Schema   int         `json:"schema"`
	Epoch    usage.Epoch `json:"epoch"`
	Equal    bool        `json:"equal"`
	Compared []compared  `json:"compared"`
	Where    string      `json:"published_by"`
	Rules    *compared   `json:"rules,omitempty"` // that were used, and those that were voted for, where that is known
}

type compared struct {
	What      string `json:"what"`
	Here      string `json:"here"`
	Published string `json:"published"`
	Equal     bool   `json:"equal"`
}

func runVerify(ctx context.Context, a *app, o verifyOptions) (err error) {
	root, named := hashWord(o.root)
	if o.root != "" && !named {
		return refusal.New(refusal.Usage, "--root %q is no root", o.root).WithHint("a root has 0x and 64 hex digits")
	}
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
	published := []publication{{where: "--root", root: root}}
	var voted *compared
	if !named {
		if published, voted, err = a.published(ctx, &b.rules, epoch); err != nil {
			return err
		}
	}
	got, err := a.settle(ctx, b, s, epoch, nil)
	if err != nil {
		return err
	}
	views := []verifyView{published[0].compare(got)}
	for _, p := range published[1:] {
		if v := p.compare(got); !v.Equal {
			views = append(views, v)
		}
	}
	if len(views) > 1 && views[0].Equal {
		views = views[1:] // what differs is said, and nothing else
	}
	for _, v := range views {
		v.Rules = voted
		if err := v.print(a.streams.Out, a.json); err != nil {
			return err
		}
	}
	if !views[0].Equal {
		return refusal.New(refusal.RootDiffers, "what was published of epoch %d is not what its ledger comes to", epoch)
	}
	return nil
}

// publication is what somebody says that an epoch comes to.
type publication struct {
	where  string
	root   common.Hash
	more   bool // the rest is known too
	ledger common.Hash
	total  *big.Int // wei
}

func (p publication) compare(s *settled) verifyView {
	v := verifyView{Schema: 1, Epoch: s.last().Epoch, Equal: true, Where: p.where}
	add := func(what, here, published string) {
		same := here == published
		v.Compared = append(v.Compared, compared{what, here, published, same})
		v.Equal = v.Equal && same
	}
	add("claims root", s.root().Hex(), p.root.Hex())
	if p.more {
		add("ledger root", common.Hash(s.State.Ledger).Hex(), p.ledger.Hex())
		add("total wei", s.total.Dec(), p.total.String())
	}
	return v
}

func (v verifyView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	lines := v.Compared
	if v.Rules != nil {
		lines = append(lines[:len(lines):len(lines)], *v.Rules)
	}
	for _, c := range lines {
		line := fmt.Sprintf("%-12s equal    %s\n", c.What, c.Here)
		if !c.Equal {
			where := v.Where
			if v.Rules != nil && c == *v.Rules {
				where = "governance"
			}
			line = fmt.Sprintf("%-12s differs  here %s\n%-12s          %s says %s\n", c.What, c.Here, "", where, c.Published)
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

// The states of a proposal in which its root is one that counts, or may come to: the contract's State.
const (
	rootPending, rootChallenged, rootUpheld, rootAccepted, rootRetired = 1, 2, 3, 4, 7
)

// mostProposals is how many proposals are looked through, the newest first.
const mostProposals = 10_000

// published is what the distributor of the network in use has for an epoch: the root that was accepted, else all that may be yet, else
// the newest that was passed over; and how the rules compare with those that were voted for, where the network has a governance.
func (a *app) published(ctx context.Context, r *rules.Rules, epoch usage.Epoch) ([]publication, *compared, error) {
	networks, inUse, err := keymaker.Networks(keymaker.Options{Home: a.home, Config: a.overrides(), Log: a.log()})
	if err != nil {
		return nil, nil, err
	}
	at := slices.IndexFunc(networks, func(n chain.Network) bool { return n.Key == inUse })
	if at < 0 {
		return nil, nil, refusal.New(refusal.UnknownChain, "the config has no network %q", inUse)
	}
	n := networks[at]
	if n.Contracts.Distributor == (common.Address{}) {
		return nil, nil, refusal.New(refusal.NoRoot, "no distributor of %s is known", n.Name).
			WithHint("name it in your config, as networks.%s.contracts.distributor; or name the root with --root", n.Key)
	}
	c, err := keymaker.Dial(ctx, n, chain.ReadOnly())
	if err != nil {
		return nil, nil, err
	}
	defer c.Close()
	d := distributor{c, n.Contracts.Distributor, bindings.NewDistributor()}
	if err := d.sameEpochs(ctx, r); err != nil {
		return nil, nil, err
	}
	found, err := d.find(ctx, epoch)
	if err != nil || n.Contracts.Governance == (common.Address{}) {
		return found, nil, err
	}
	voted, err := votedRules(ctx, c, n.Contracts.Governance, epoch)
	return found, &compared{"rules", common.Hash(r.Hash).Hex(), voted.Hex(), voted == common.Hash(r.Hash)}, err
}

// votedRules is the hash of the rules file that governance has for an epoch.
func votedRules(ctx context.Context, c *chain.Client, at common.Address, epoch usage.Epoch) (common.Hash, error) {
	abi := bindings.NewGovernance()
	out, err := c.CallContract(ctx, chain.Call{To: &at, Data: abi.PackRules(uint64(epoch))})
	if err != nil {
		return common.Hash{}, err
	}
	return abi.UnpackRules(out)
}

// distributor reads the contract.
type distributor struct {
	client *chain.Client
	at     common.Address
	abi    *bindings.Distributor
}

func (d distributor) call(ctx context.Context, data []byte) ([]byte, error) {
	out, err := d.client.CallContract(ctx, chain.Call{To: &d.at, Data: data})
	if err == nil && len(out) == 0 {
		err = refusal.New(refusal.NoRoot, "there is no distributor at %s", d.at)
	}
	return out, err
}

// sameEpochs refuses rules under which an epoch's number means other seconds.
func (d distributor) sameEpochs(ctx context.Context, r *rules.Rules) error {
	start, err := d.number(ctx, d.abi.PackStart(), d.abi.UnpackStart)
	if err != nil {
		return err
	}
	length, err := d.number(ctx, d.abi.PackEpochLength(), d.abi.UnpackEpochLength)
	if err == nil && (start != uint64(r.Start) || length != uint64(r.Length)) {
		err = refusal.New(refusal.WrongEpoch, "the distributor has epochs of %d seconds from %d on, and the rules %s have %d from %d on",
			length, start, r.Name, r.Length, r.Start).WithHint("name the rules that were voted for with --params")
	}
	return err
}

func (d distributor) number(ctx context.Context, data []byte, read func([]byte) (uint64, error)) (uint64, error) {
	out, err := d.call(ctx, data)
	if err != nil {
		return 0, err
	}
	return read(out)
}

func (d distributor) find(ctx context.Context, epoch usage.Epoch) ([]publication, error) {
	out, err := d.call(ctx, d.abi.PackProposalCount())
	if err != nil {
		return nil, err
	}
	count, err := d.abi.UnpackProposalCount(out)
	if err != nil {
		return nil, err
	}
	var open, passed []publication
	one := big.NewInt(1)
	for i, looked := new(big.Int).Sub(count, one), 0; i.Sign() >= 0 && looked < mostProposals; i, looked = new(big.Int).Sub(i, one), looked+1 {
		out, err := d.call(ctx, d.abi.PackProposal(i))
		if err != nil {
			return nil, err
		}
		p, err := d.abi.UnpackProposal(out)
		if err != nil {
			return nil, err
		}
		if usage.Epoch(p.Epoch) != epoch {
			continue
		}
		is := publication{fmt.Sprintf("the distributor's root %d", i), p.Root, true, p.LedgerRoot, p.Total}
		switch p.State {
		case rootAccepted:
			return []publication{is}, nil
		case rootPending, rootChallenged, rootUpheld:
			open = append(open, is) // whichever is accepted first
		case rootRetired:
			passed = append(passed, is)
		}
	}
	switch {
	case len(open) > 0:
		return open, nil
	case len(passed) > 0:
		return passed[:1], nil
	default:
		return nil, refusal.New(refusal.NoRoot, "the distributor has no root of epoch %d", epoch)
	}
}
