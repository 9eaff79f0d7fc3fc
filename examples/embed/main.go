// Embed is the agent inside another Go program: it takes sentences, and signs by a rule of the program's own.
//
// The program brings a folder, a wallet and a front end. The front end hears what happens and gives the consent; everything
// between the words and the signature is the agent's. Whatever a front end consents to, the policy still has to allow.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

const password = "throw-away money"

func main() {
	log.SetFlags(0)
	if err := start(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// start runs the example on embedded chains, in a folder that goes away at the end.
func start(ctx context.Context, w io.Writer) (err error) {
	d, err := devnet.Start(ctx, devnet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	home, err := os.MkdirTemp("", "keymaker-embed-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(home)) }()
	return embed(ctx, w, d, home)
}

// embed has the agent do what it may, and shows what becomes of what it may not.
func embed(ctx context.Context, w io.Writer, d *devnet.Devnet, home string) (err error) {
	k, err := open(d, home)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	session, err := k.Session("embed-example", keymaker.Live)
	if err != nil {
		return err
	}
	stranger := d.Accounts()[9].Address
	for _, sentence := range []string{
		"swap 0.5 ETH to USDC",
		"swap 2 ETH to DAI",
		"approve unlimited USDC for " + stranger.Hex(),
	} {
		fmt.Fprintf(w, "\n> %s\n", sentence)
		if err := session.Run(ctx, sentence, front{w}); err != nil && !expected(err) {
			return err
		}
	}
	return nil
}

// expected tells a no, of the program or of the policy, from what went wrong.
func expected(err error) bool {
	e, ok := refusal.As(err)
	return ok && (e.Class() == refusal.ClassDeclined || e.Class() == refusal.ClassPolicy)
}

// open makes a wallet of one throw-away key, and an agent on it.
func open(d *devnet.Devnet, home string) (*keymaker.Agent, error) {
	keys, err := keymaker.OpenKeys(home, wallet.Light)
	if err != nil {
		return nil, err
	}
	if _, err := keys.ImportKey([]byte(d.Accounts()[0].Key), []byte(password)); err != nil {
		return nil, err
	}
	n := d.Networks()[0]
	return keymaker.Open(keymaker.Options{
		Home:   home,
		Config: map[string]any{"network": n.Key, "networks." + n.Key + ".rpc": n.RPC},
	})
}

// front is the program's side of a session.
type front struct{ w io.Writer }

// Event prints what happened.
func (f front) Event(e agent.Event) {
	switch e.Type {
	case agent.Planned:
		f.say("read by", e.Planner)
	case agent.Quoted:
		f.say("plan", e.Text)
	case agent.Simulated:
		f.say("dry run", fmt.Sprintf("lets go of %s, and of at most %s for gas", list(e.Prepared.Outflow), e.Prepared.MaxFee))
	case agent.Approved:
		f.say("approved", e.Text)
	case agent.Confirmed:
		for _, r := range e.Receipts {
			f.say("receipt", fmt.Sprintf("%s in block %d: %s", r.State, r.Block, r.Tx))
		}
		f.say("holds now", list(e.Balances))
	case agent.Refused:
		f.say("refused", fmt.Sprintf("%s: %s", e.Refusal.Reason, e.Refusal.Detail))
	}
}

func list(amounts []chain.Amount) string {
	said := make([]string, len(amounts))
	for i, a := range amounts {
		said[i] = a.String()
	}
	return strings.Join(said, ", ")
}

func (f front) say(label, text string) { fmt.Fprintf(f.w, "  %-10s %s\n", label, text) }

// Ask has nobody to ask: what is unclear is not done.
func (f front) Ask(_ context.Context, q intents.Question) (string, error) {
	return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
}

// Approve is the rule of this program: it lets go of ether alone, and of at most one at a time.
func (f front) Approve(_ context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	limit, err := chain.ParseAmount("1", p.Network.Native)
	if err != nil {
		return wallet.Approval{}, err
	}
	for _, out := range p.Outflow {
		if order, err := out.Cmp(limit); err != nil || order > 0 {
			return wallet.Approval{}, refusal.New(refusal.Declined, "%s is more than this program lets go of", out)
		}
	}
	return wallet.Approve(p, "program", time.Now()), nil
}

// Password unlocks the throw-away wallet. A real program asks whoever owns the key.
func (f front) Password(_ context.Context, account common.Address, attempt int) ([]byte, error) {
	if attempt > 1 {
		return nil, refusal.New(refusal.Locked, "the password of %s is another one", account)
	}
	return []byte(password), nil
}
