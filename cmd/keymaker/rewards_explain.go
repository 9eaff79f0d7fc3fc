package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/rewards/settlement"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

type explainOptions struct {
	book    bookOptions
	epoch   epochFlag
	account string
}

func newExplainCmd(a *app) *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain ADDRESS",
		Short: "What an account's claim comes from, entry by entry",
		Long: "Explain settles the ledger again, and tells of each entry that names an account what it brought, in wei, or why it brought\n" +
			"nothing. The lines add up to the account's claim.",
		Example: "  keymaker rewards explain 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\n" +
			"  # until an epoch of a file, for a program\n  keymaker rewards explain 0x7099… --ledger usage.ndjson --epoch 12 --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.account = args[0]
			return runExplain(cmd.Context(), a, o)
		},
	}
	o.book.flags(cmd, anyLedger)
	o.epoch.flag(cmd, "last epoch that counts (default: the last one of the ledger that is over)")
	return cmd
}

// explainView begins what is printed as JSON; the lines and the claim follow in the same object.
type explainView struct {
	Schema  int         `json:"schema"`
	Account string      `json:"address"`
	Epoch   usage.Epoch `json:"epoch"`
}

// explainLine is one entry, or why it does not count.
type explainLine struct {
	Epoch  usage.Epoch `json:"epoch"`
	Part   string      `json:"part"`
	Role   string      `json:"role"`
	Kind   string      `json:"kind"`
	ID     string      `json:"id"`
	Ref    string      `json:"ref"`
	Weight string      `json:"weight"`
	Total  string      `json:"total_weight"`
	Bound  string      `json:"bound,omitempty"`
	Wei    string      `json:"wei"`
	Why    string      `json:"why,omitempty"`
}

func runExplain(ctx context.Context, a *app, o explainOptions) (err error) {
	account, err := address("ADDRESS", o.account)
	if err != nil {
		return err
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
	out := bufio.NewWriter(a.streams.Out)
	p := explaining{out: out, json: a.json}
	if err := p.begin(explainView{1, account.Hex(), epoch}); err != nil {
		return err
	}
	claim, err := settlement.Explain(ctx, s, &b.rules, epoch, account, settlement.Options{Workers: runtime.NumCPU(), Progress: a.settling()}, p.line)
	if err != nil {
		return errors.Join(err, out.Flush()) // JSON that was begun stays without its end, so that nobody takes it for an answer
	}
	return p.end(account, claim)
}

// explaining prints lines as they come: there may be as many as the ledger has entries.
type explaining struct {
	out   *bufio.Writer
	json  bool
	lines int
}

func (p *explaining) begin(v explainView) error {
	if !p.json {
		return nil
	}
	head, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, _ = p.out.Write(head[:len(head)-1]) // Flush returns the error
	_, err = p.out.WriteString(`,"lines":[`)
	return err
}

func (p *explaining) line(l *settlement.Line) error {
	p.lines++
	if p.json {
		return p.lineJSON(l)
	}
	what := whole18(l.Wei.Dec()) + " KEY"
	if l.Why != settlement.Counts {
		what = "nothing: " + l.Why.String()
	} else if l.Bound != settlement.Uncut {
		what += ", cut by " + l.Bound.String()
	}
	as := ""
	if l.Role != settlement.Earner {
		as = " as " + l.Role.String()
	}
	_, err := fmt.Fprintf(p.out, "epoch %d  %s%s  %s 0x%x  %s\n", l.Epoch, l.Part, as, l.Kind, l.Ref[:], what)
	if err == nil && l.Why == settlement.Counts && !l.Total.IsZero() {
		_, err = fmt.Fprintf(p.out, "    weight %s of %s\n", l.Weight.Dec(), l.Total.Dec())
	}
	return err
}

func (p *explaining) lineJSON(l *settlement.Line) error {
	v := explainLine{
		l.Epoch, l.Part.String(), l.Role.String(), l.Kind.String(), "0x" + hex.EncodeToString(l.ID[:]), "0x" + hex.EncodeToString(l.Ref[:]),
		l.Weight.Dec(), l.Total.Dec(), l.Bound.String(), l.Wei.Dec(), "",
	}
	if l.Why != settlement.Counts {
		v.Why = l.Why.String()
	}
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if p.lines > 1 {
		_ = p.out.WriteByte(',')
	}
	_, err = p.out.Write(text)
	return err
}

func (p *explaining) end(account common.Address, claim uint256.Int) error {
	if p.json {
		fmt.Fprintf(p.out, `],"claim_wei":"%s"}`+"\n", claim.Dec())
		return p.out.Flush()
	}
	if p.lines == 0 {
		fmt.Fprintf(p.out, "no entry names %s\n", account)
	}
	fmt.Fprintf(p.out, "claim of %s: %s KEY\n", account, whole18(claim.Dec()))
	return p.out.Flush()
}
