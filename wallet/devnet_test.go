package wallet_test

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/internal/store"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// real is a wallet on the embedded chain: real node, real fork, real database, real key file.
type real struct {
	client  *chain.Client
	account common.Address
	usdc    chain.Token
	config  wallet.GateConfig
}

func newReal(t *testing.T) *real {
	t.Helper()
	d := devnettest.Start(t)
	client, err := chain.Dial(t.Context(), d.Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	keys, err := wallet.OpenKeys(filepath.Join(t.TempDir(), "keys"), wallet.Weak)
	if err != nil {
		t.Fatal(err)
	}
	account, err := keys.ImportKey([]byte(d.Accounts()[1].Key), []byte("password"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "keymaker.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	r := &real{client: client, account: account.Address}
	for _, l := range d.Tokens() {
		if l.Symbol == "USDC" && l.ChainID == client.Network().ChainID {
			r.usdc = l.Token
		}
	}
	r.config = wallet.GateConfig{Keys: keys, Policy: wallet.DefaultPolicy(), Store: s, Remote: client, PollEvery: 20 * time.Millisecond, ConfirmWithin: 20 * time.Second}
	return r
}

func (r *real) call(signature string, to common.Address, n *uint256.Int) chain.Call {
	data := slices.Concat(crypto.Keccak256([]byte(signature))[:4], common.LeftPadBytes(to[:], 32), common.LeftPadBytes(n.Bytes(), 32))
	return chain.Call{ChainID: r.usdc.ChainID, From: r.account, To: &r.usdc.Address, Data: data}
}

func (r *real) propose(b chain.Bound, calls ...chain.Call) wallet.Proposal {
	return wallet.Proposal{
		Run: "run", Origin: "test", Title: "a test", Network: r.client.Network(), Account: r.account, Calls: calls, Bound: b,
	}
}

func (r *real) prepare(t *testing.T, g *wallet.Gate, p wallet.Proposal) *wallet.Prepared {
	t.Helper()
	f, err := fork.New(t.Context(), r.client)
	if err != nil {
		t.Fatal(err)
	}
	prepared, err := g.Prepare(t.Context(), f, p)
	if err != nil {
		t.Fatal(err)
	}
	return prepared
}

func (r *real) payment(n uint64) wallet.Proposal {
	return r.propose(
		chain.Bound{Out: []chain.Amount{chain.NewAmount(uint256.NewInt(n), r.usdc)}, Recipient: &friend},
		r.call("transfer(address,uint256)", friend, uint256.NewInt(n)),
	)
}

func (r *real) approval(spender common.Address, n *uint256.Int) wallet.Proposal {
	return r.propose(chain.Bound{Spenders: []common.Address{spender}, Out: []chain.Amount{{Token: r.usdc}}},
		r.call("approve(address,uint256)", spender, n))
}

func reasons(v wallet.Verdict) []refusal.Reason {
	var all []refusal.Reason
	for _, f := range v.Findings {
		all = append(all, f.Reason)
	}
	slices.Sort(all)
	return all
}

func TestOnARealChain(t *testing.T) {
	r := newReal(t)
	ctx := t.Context()
	g := wallet.NewGate(r.config)

	t.Run("a payment does what its dry run said", func(t *testing.T) {
		p := r.prepare(t, g, r.payment(5_000_000))
		if got := reasons(p.Verdict); p.Verdict.Decision != wallet.Ask || !slices.Equal(got, []refusal.Reason{refusal.NewRecipient, refusal.NoLimit}) {
			t.Fatalf("verdict = %+v", p.Verdict)
		}
		if len(p.Outflow) != 1 || p.Outflow[0].String() != "5 USDC" {
			t.Errorf("outflow = %v", p.Outflow)
		}
		receipts, err := g.Execute(ctx, p, wallet.Approve(p, "test", time.Now()), right, nil)
		if err != nil || len(receipts) != 1 || receipts[0].State != wallet.Mined {
			t.Fatalf("Execute = %+v, %v", receipts, err)
		}
		if receipts[0].GasUsed != p.Effects.Txs[0].GasUsed {
			t.Errorf("gas %d, the dry run said %d", receipts[0].GasUsed, p.Effects.Txs[0].GasUsed)
		}
		if receipts[0].Fee.Raw.Gt(&p.MaxFee.Raw) {
			t.Errorf("fee %s above %s", receipts[0].Fee, p.MaxFee)
		}
		again := r.prepare(t, g, r.payment(5_000_000))
		if got := reasons(again.Verdict); !slices.Equal(got, []refusal.Reason{refusal.NoLimit}) {
			t.Errorf("the recipient is known now: %+v", again.Verdict)
		}
		if b := again.Effects.Balances; !slices.ContainsFunc(b, func(x fork.BalanceChange) bool {
			return x.Account == friend && x.Before.Uint64() == 5_000_000 && x.After.Uint64() == 10_000_000
		}) {
			t.Errorf("balances = %+v", b)
		}
	})

	t.Run("approvals are judged by what they leave behind", func(t *testing.T) {
		router, stranger := r.client.Network().Contracts.V3Router, common.HexToAddress("0xbad0")
		all := new(uint256.Int).SetAllOne()
		for _, c := range []struct {
			name string
			p    wallet.Proposal
			want []refusal.Reason
			d    wallet.Decision
		}{
			{"exact, to the router", r.approval(router, uint256.NewInt(7)), []refusal.Reason{refusal.NoLimit}, wallet.Ask},
			{"unlimited, to the router", r.approval(router, all), []refusal.Reason{refusal.UnlimitedApproval}, wallet.Deny},
			{"unlimited, to a stranger", r.approval(stranger, all), []refusal.Reason{refusal.UnknownSpender, refusal.UnlimitedApproval}, wallet.Deny},
		} {
			p := r.prepare(t, g, c.p)
			if got := reasons(p.Verdict); p.Verdict.Decision != c.d || !slices.Equal(got, c.want) {
				t.Errorf("%s: %+v", c.name, p.Verdict)
			}
			_, err := g.Execute(ctx, p, wallet.Approve(p, "test", time.Now()), right, nil)
			if (err == nil) != (c.d != wallet.Deny) {
				t.Errorf("%s: Execute = %v", c.name, err)
			}
		}
	})

	t.Run("a call that fails is denied", func(t *testing.T) {
		p := r.prepare(t, g, r.payment(1<<62))
		if got := reasons(p.Verdict); !slices.Equal(got, []refusal.Reason{refusal.Reverted}) || len(p.Txs) > 0 {
			t.Errorf("verdict = %+v", p.Verdict)
		}
	})

	t.Run("killed anywhere, it is paid once", func(t *testing.T) {
		for _, at := range wallet.Points() {
			before, err := r.client.Nonce(ctx, r.account)
			if err != nil {
				t.Fatal(err)
			}
			c := r.config
			c.Hook = func(p wallet.Point) {
				if p == at {
					panic(killed{})
				}
			}
			dying := wallet.NewGate(c)
			p := r.prepare(t, dying, r.payment(1))
			if !run(func() { _, _ = dying.Execute(ctx, p, wallet.Approve(p, "test", time.Now()), right, nil) }) {
				t.Fatalf("%s: not killed", at)
			}
			receipts, err := wallet.NewGate(r.config).Resume(ctx, right, nil)
			if err != nil || (at != wallet.AtMined) != (len(receipts) == 1) {
				t.Errorf("%s: Resume = %+v, %v", at, receipts, err)
			}
			after, err := r.client.Nonce(context.Background(), r.account)
			if err != nil || after != before+1 {
				t.Errorf("%s: nonce %d became %d, %v", at, before, after, err)
			}
		}
	})
}
