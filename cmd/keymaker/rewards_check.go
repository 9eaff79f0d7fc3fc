package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/observe"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func newCheckCmd(a *app) *cobra.Command {
	var o chainOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Hold a ledger's entries of an epoch against the chain",
		Long: "Check looks up what entries of tools and front ends say was mined, on each network that the config knows, and holds bonds, subnets,\n" +
			"stakes and payouts against what the rewards' contracts say. Which tool or front end served a transaction is the reporter's word,\n" +
			"as are receipts, and nothing here checks that. What could not be checked is named. Where anything differs the exit code is 5.",
		Example: "  keymaker rewards check --epoch 12 --network base\n" +
			"  # somebody's ledger, for a program: one finding a line, and the counts in the last one\n" +
			"  keymaker rewards check --epoch 12 --ledger usage.ndjson --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCheck(cmd.Context(), a, o) },
	}
	o.flags(cmd, anyLedger)
	return cmd
}

func runCheck(ctx context.Context, a *app, o chainOptions) (err error) {
	s, err := a.watch(ctx, o, false)
	if err != nil {
		return err
	}
	defer s.client.Close()
	ledger, err := s.book.read(ctx, a.streams.In)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ledger.close()) }()
	var said observe.Said
	if err := a.observe(ctx, s, &said); err != nil {
		return err
	}
	others := &openChains{sight: s}
	defer others.close()
	audit := &observe.Audit{
		Calendar: s.order.Contracts.Calendar, Epoch: s.order.Epoch, Said: &said, Open: others.open,
		Tell:     func(f observe.Finding) error { return tellFinding(a.streams.Out, a.json, f) },
		Progress: func(uint64, uint64) {},
	}
	if a.streams.Interactive() {
		audit.Progress = func(done, of uint64) { fmt.Fprintf(a.streams.Err, "\r%d of %d entries", done, of) }
	}
	r, err := audit.Run(ctx, ledger)
	if a.streams.Interactive() {
		fmt.Fprintln(a.streams.Err)
	}
	if err != nil {
		return err
	}
	v := reportOf(s.order.Epoch, r)
	if err := v.print(a.streams.Out, a.json); err != nil {
		return err
	}
	if r.Differ+r.Unreported > 0 {
		return refusal.New(refusal.ChainDiffers, "of epoch %d, %s not what the chain says, and %d of what it says nobody reported",
			s.order.Epoch, are(r.Differ), r.Unreported)
	}
	return nil
}

func are(entries uint64) string {
	if entries == 1 {
		return "1 entry is"
	}
	return counted(int(entries), "entry") + " are"
}

// openChains are those that entries of tools and front ends name.
type openChains struct {
	*sight
	opened []*chain.Client
}

func (o *openChains) open(ctx context.Context, id uint64) (observe.Chain, error) {
	n, client := o.network, o.client.Client
	if id != n.ChainID {
		at := slices.IndexFunc(o.client.networks, func(n chain.Network) bool { return n.ChainID == id })
		if at < 0 {
			return observe.Chain{}, refusal.New(refusal.UnknownChain, "the config has no network with this chain id")
		}
		n = o.client.networks[at]
		var err error
		if client, err = keymaker.Dial(ctx, n, chain.ReadOnly()); err != nil {
			return observe.Chain{}, err
		}
		o.opened = append(o.opened, client)
	}
	final, err := observe.Final(ctx, client, o.depth(n))
	return observe.Chain{Reader: client, Final: final.Number}, err
}

func (o *openChains) close() {
	for _, c := range o.opened {
		c.Close()
	}
}

// faults are what people read.
var faults = map[observe.Fault]string{
	observe.NoTransaction: "the chain has no such transaction",
	observe.Reverted:      "its transaction failed",
	observe.OtherUser:     "its transaction was sent by somebody else",
	observe.OtherEpoch:    "its transaction was mined in another epoch",
	observe.OtherBurned:   "its transaction burned another amount",
	observe.Repeated:      "another entry has its transaction",
	observe.NotObserved:   "the contracts say no such thing",
	observe.Unreported:    "the contracts say it, and nobody reported it",
}

type findingView struct {
	Schema  int `json:"schema"`
	Finding struct {
		Fault    observe.Fault   `json:"fault"`
		Kind     string          `json:"kind"`
		ID       string          `json:"id"`
		Reporter *common.Address `json:"reporter,omitempty"`
		Chain    string          `json:"chain_says,omitempty"`
	} `json:"finding"`
}

func tellFinding(w io.Writer, asJSON bool, f observe.Finding) error {
	id := "0x" + hex.EncodeToString(f.ID[:])
	if asJSON {
		v := findingView{Schema: 1}
		v.Finding.Fault, v.Finding.Kind, v.Finding.ID, v.Finding.Chain = f.Fault, f.Kind.String(), id, f.Detail
		if f.Reporter != (common.Address{}) {
			v.Finding.Reporter = &f.Reporter
		}
		return json.NewEncoder(w).Encode(v)
	}
	by, detail := "", ""
	if f.Reporter != (common.Address{}) {
		by = " by " + f.Reporter.Hex()
	}
	if f.Detail != "" {
		detail = " (" + f.Detail + ")"
	}
	_, err := fmt.Fprintf(w, "%s %s%s: %s%s\n", f.Kind, id, by, faults[f.Fault], detail)
	return err
}

// checkView is what the command prints at the end.
type checkView struct {
	Schema     int               `json:"schema"`
	Epoch      usage.Epoch       `json:"epoch"`
	Agree      map[string]uint64 `json:"agree"`
	Differ     uint64            `json:"differ"`
	Unreported uint64            `json:"unreported"`
	Copies     uint64            `json:"copies"`
	Other      map[string]uint64 `json:"of_other_kinds"`
	Unchecked  []uncheckedView   `json:"unchecked"`
}

type uncheckedView struct {
	ChainID uint64 `json:"chain_id"`
	Why     string `json:"why"`
	Entries uint64 `json:"entries"`
}

func reportOf(epoch usage.Epoch, r observe.Report) checkView {
	v := checkView{1, epoch, byName(r.Agree), r.Differ, r.Unreported, r.Copies, byName(r.Other), []uncheckedView{}}
	for _, u := range r.Unchecked {
		v.Unchecked = append(v.Unchecked, uncheckedView{u.Chain, u.Why, u.Entries})
	}
	return v
}

func byName(counts map[usage.Kind]uint64) map[string]uint64 {
	named := map[string]uint64{}
	for kind, n := range counts {
		named[kind.String()] = n
	}
	return named
}

func (v checkView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	fmt.Fprintf(w, "epoch %d: %s as the chain says, %s not, %d not reported\n", v.Epoch, listed(v.Agree), are(v.Differ), v.Unreported)
	if v.Copies > 0 {
		fmt.Fprintf(w, "said again by another reporter: %s\n", counted(int(v.Copies), "entry"))
	}
	for _, u := range v.Unchecked {
		where := fmt.Sprintf("chain %d", u.ChainID)
		if u.ChainID == 0 {
			where = "many chains"
		}
		fmt.Fprintf(w, "not checked: %s of %s: %s\n", counted(int(u.Entries), "entry"), where, u.Why)
	}
	if len(v.Other) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "not held against a chain: %s\n", listed(v.Other))
	return err
}

// listed is counts by their names: 3 (bond 1, stake 2).
func listed(counts map[string]uint64) string {
	var sum uint64
	var each []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		sum += counts[name]
		each = append(each, fmt.Sprintf("%s %d", name, counts[name]))
	}
	if sum == 0 {
		return "0 entries"
	}
	return fmt.Sprintf("%s (%s)", counted(int(sum), "entry"), strings.Join(each, ", "))
}
