package tools

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
)

func TestTitlesSayWhatIsProposed(t *testing.T) {
	cases := []struct {
		in    intents.Intent
		title string
	}{
		{intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("100")}, "Swap 100 USDC for at least 0.0331666 WETH on Devnet"},
		{intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(ether), Amount: number("0.01"), Side: intents.Out}, "Swap at most 30.15 USDC for 0.01 ETH on Devnet"},
		{intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(ether), Amount: number("0.01234567891"), Side: intents.Out}, "Swap at most 37.2223 USDC for 0.01234567891 ETH on Devnet"},
		{intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("30"), Recipient: said(friend)}, "Swap 30 USDC for at least 0.00995 WETH on Devnet, to " + friend.Hex()},
		{intents.Intent{Action: intents.Swap, TokenIn: said(ether), TokenOut: said(weth), Amount: number("1")}, "Wrap 1 ETH on Devnet"},
		{intents.Intent{Action: intents.Swap, TokenIn: said(weth), TokenOut: said(ether), Amount: number("1"), Side: intents.Out}, "Unwrap 1 WETH on Devnet"},
		{intents.Intent{Action: intents.QuoteOnly, TokenIn: said(ether), TokenOut: said(usdc), Amount: number("1")}, "Quote: swap 1 ETH for at least 2985 USDC on Devnet"},
		{intents.Intent{Action: intents.Transfer, TokenIn: said(ether), Amount: number("0.1"), Recipient: said(friend)}, "Send 0.1 ETH to " + friend.Hex() + " on Devnet"},
		{intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1000"), Recipient: said(friend)}, "Send 1000 USDC to " + friend.Hex() + " on Devnet"},
		{intents.Intent{Action: intents.Approve, TokenIn: said(usdc), Amount: number("5"), Recipient: said(venue)}, "Allow " + venue.Hex() + " to spend 5 USDC on Devnet"},
		{intents.Intent{Action: intents.Revoke, TokenIn: said(usdc), Recipient: said(venue)}, "Revoke what " + venue.Hex() + " may spend of USDC on Devnet"},
		{intents.Intent{Action: intents.Revoke, Recipient: said(venue)}, "Revoke what " + venue.Hex() + " may spend of all listed tokens on Devnet"},
		{intents.Intent{Action: intents.Wrap, Amount: number("1.5")}, "Wrap 1.5 ETH on Devnet"},
		{intents.Intent{Action: intents.Unwrap, TokenIn: said(weth), Amount: number("1.5")}, "Unwrap 1.5 WETH on Devnet"},
		{intents.Intent{Action: intents.Price, TokenIn: said(ether)}, "1 ETH sells for 3000 USDC on Devnet"},
		{intents.Intent{Action: intents.Price, TokenIn: said(usdc)}, "1 USDC sells for 1 USDC on Devnet"},
		{intents.Intent{Action: intents.Balance}, "Balance of " + me.Hex() + " on Devnet"},
	}
	for _, c := range cases {
		b := newBench(t)
		r, err := b.run(t, c.in)
		if err != nil || r.Title != c.title {
			t.Errorf("%s\n%s\n%v", c.title, r.Title, err)
		}
		again, err := b.run(t, c.in)
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Errorf("%s: the second answer differs: %s %v", c.title, diff, err)
		}
	}
}

func TestProposalsDeclareTheirBound(t *testing.T) {
	cases := []struct {
		name  string
		in    intents.Intent
		calls []chain.Call
		bound chain.Bound
	}{
		{
			"swap of a token",
			intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("300")},
			[]chain.Call{call(usdc.Address, "0", chain.PackApprove(venue, units("300", usdc))), call(venue, "0", []byte("swap"))},
			chain.Bound{Out: []chain.Amount{amount("300", usdc)}, In: []chain.Amount{amount("0.0995", weth)}, Spenders: []common.Address{venue}},
		},
		{
			"swap of the coin to a friend",
			intents.Intent{Action: intents.Swap, TokenIn: said(ether), TokenOut: said(usdc), Amount: number("1"), Recipient: said(friend)},
			[]chain.Call{call(venue, "1", []byte("swap"))},
			chain.Bound{Out: []chain.Amount{amount("1", ether)}, In: []chain.Amount{amount("2985", usdc)}, Recipient: &friend},
		},
		{
			"swap to oneself by name",
			intents.Intent{Action: intents.Swap, TokenIn: said(ether), TokenOut: said(usdc), Amount: number("1"), Recipient: said(me)},
			[]chain.Call{call(venue, "1", []byte("swap"))},
			chain.Bound{Out: []chain.Amount{amount("1", ether)}, In: []chain.Amount{amount("2985", usdc)}},
		},
		{
			"swap for an exact amount",
			intents.Intent{Action: intents.Swap, TokenIn: said(ether), TokenOut: said(usdc), Amount: number("300"), Side: intents.Out},
			[]chain.Call{call(venue, "0.1005", []byte("swap"))},
			chain.Bound{Out: []chain.Amount{amount("0.1005", ether)}, In: []chain.Amount{amount("300", usdc)}},
		},
		{
			"transfer of the coin",
			intents.Intent{Action: intents.Transfer, TokenIn: said(ether), Amount: number("0.5"), Recipient: said(friend)},
			[]chain.Call{call(friend, "0.5", nil)},
			chain.Bound{Out: []chain.Amount{amount("0.5", ether)}, Recipient: &friend},
		},
		{
			"transfer of a token",
			intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("5"), Recipient: said(friend)},
			[]chain.Call{call(usdc.Address, "0", chain.PackTransfer(friend, units("5", usdc)))},
			chain.Bound{Out: []chain.Amount{amount("5", usdc)}, Recipient: &friend},
		},
		{
			"approval",
			intents.Intent{Action: intents.Approve, TokenIn: said(usdc), Amount: number("5"), Recipient: said(friend)},
			[]chain.Call{call(usdc.Address, "0", chain.PackApprove(friend, units("5", usdc)))},
			chain.Bound{Spenders: []common.Address{friend}},
		},
		{
			"wrap",
			intents.Intent{Action: intents.Wrap, TokenIn: said(ether), Amount: number("1")},
			[]chain.Call{call(weth.Address, "1", chain.PackDeposit())},
			chain.Bound{Out: []chain.Amount{amount("1", ether)}, In: []chain.Amount{amount("1", weth)}},
		},
		{
			"unwrap",
			intents.Intent{Action: intents.Unwrap, Amount: quantityOf(intents.All, "")},
			[]chain.Call{call(weth.Address, "0", chain.PackWithdraw(units("3", weth)))},
			chain.Bound{Out: []chain.Amount{amount("3", weth)}, In: []chain.Amount{amount("3", ether)}},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r, err := newBench(t).run(t, c.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.calls, r.Calls); diff != "" {
				t.Errorf("calls: %s", diff)
			}
			if diff := cmp.Diff(c.bound, r.Bound); diff != "" {
				t.Errorf("bound: %s", diff)
			}
		})
	}
}

func call(to common.Address, value string, data []byte) chain.Call {
	return chain.Call{ChainID: testChain, From: me, To: &to, Value: *units(value, ether), Data: data}
}

func TestQuantitiesBecomeAmounts(t *testing.T) {
	cases := []struct {
		name   string
		token  chain.Token
		amount *intents.Sourced[intents.Quantity]
		step   int
		want   string
		says   string
	}{
		{"exact", usdc, number("12.5"), 0, "12.5", ""},
		{"half of the balance", usdc, quantityOf(intents.Share, "50"), 0, "500", "50 % of the account's 1000 USDC"},
		{"an odd share is rounded down", usdc, quantityOf(intents.Share, "33.33333333"), 0, "333.333333", "33.33333333 %"},
		{"all of a token", usdc, quantityOf(intents.All, ""), 0, "1000", "all of the account's 1000 USDC"},
		{"all of the coin leaves gas", ether, quantityOf(intents.All, ""), 0, "1.9998", "0.0002 ETH kept for the network fee"},
		{"100 % of the coin leaves gas", ether, quantityOf(intents.Share, "100"), 0, "1.9998", "kept for the network fee"},
		{"half of the coin", ether, quantityOf(intents.Share, "50"), 0, "1", "50 %"},
		{"all but", ether, quantityOf(intents.AllBut, "0.5"), 0, "1.5", "all but 0.5 ETH"},
		{"dollars of the coin", ether, quantityOf(intents.Dollars, "30"), 0, "0.01", "what sells for 30 USDC"},
		{"dollars of USDC", usdc, quantityOf(intents.Dollars, "30"), 0, "30", ""},
		{"what a step brought", usdc, nil, 1, "40", "all of the 40 USDC of step 1"},
		{"half of what a step brought", usdc, quantityOf(intents.Share, "50"), 1, "20", "50 % of the 40 USDC of step 1"},
		{"all but some of what a step brought", usdc, quantityOf(intents.AllBut, "1"), 1, "39", "all but 1 USDC of the 40 USDC of step 1"},
		{"coin that a step brought", ether, nil, 2, "0.25", "all of the 0.25 ETH of step 2"},
		{"exact, although a step brought more", usdc, number("7"), 1, "7", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.env.Earlier = []chain.Amount{amount("40", usdc), amount("0.25", ether)}
			r, err := b.run(t, intents.Intent{Action: intents.Transfer, TokenIn: said(c.token), Amount: c.amount, AmountOf: c.step, Recipient: said(friend)})
			if err != nil {
				t.Fatal(err)
			}
			if got := r.Bound.Out[0]; got != amount(c.want, c.token) {
				t.Errorf("amount is %s", got)
			}
			if c.says != "" && !slices.ContainsFunc(r.Lines, func(l Line) bool { return strings.Contains(l.Value, c.says) }) {
				t.Errorf("lines are %v", r.Lines)
			}
		})
	}
}

func TestWhatCanNotBeDoneIsRefusedByName(t *testing.T) {
	unlimited := uint256.NewInt(0).Not(uint256.NewInt(0))
	transfer := func(t chain.Token, a *intents.Sourced[intents.Quantity]) intents.Intent {
		return intents.Intent{Action: intents.Transfer, TokenIn: said(t), Amount: a, Recipient: said(friend)}
	}
	trade := func(from, to chain.Token, a string) intents.Intent {
		return intents.Intent{Action: intents.Swap, TokenIn: said(from), TokenOut: said(to), Amount: number(a)}
	}
	approval := func(t chain.Token, a *intents.Sourced[intents.Quantity]) intents.Intent {
		return intents.Intent{Action: intents.Approve, TokenIn: said(t), Amount: a, Recipient: said(venue)}
	}
	cases := []struct {
		name   string
		in     intents.Intent
		change func(*bench)
		reason refusal.Reason
		says   string
	}{
		{"more than the balance", transfer(usdc, number("1000.000001")), nil, refusal.Balance, "1000.000001 USDC are needed, and the account holds 1000 USDC"},
		{"nothing left for gas", transfer(ether, number("2")), nil, refusal.Balance, "2 ETH and at least 0.000042 ETH for the network fee are needed, and the account holds 2 ETH"},
		{"more to keep than there is", transfer(usdc, quantityOf(intents.AllBut, "1001")), nil, refusal.Balance, "1001 USDC are to stay, and there are 1000 USDC"},
		{"less than the gas", transfer(ether, quantityOf(intents.All, "")), func(b *bench) { b.ledger.native[me] = *uint256.NewInt(5) }, refusal.Balance, "0.000000000000000005 ETH"},
		{"all of the coin at an unknown fee", transfer(ether, quantityOf(intents.All, "")), func(b *bench) { b.env.FeeCap.Clear() }, refusal.RPCDown, "not known"},
		{"a swap of more than the balance", trade(usdc, weth, "2000"), nil, refusal.Balance, "2000 USDC"},
		{"the most that may be paid is too much", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("0.333"), Side: intents.Out}, nil, refusal.Balance, "1003.995 USDC"},
		{"zero", transfer(usdc, number("0.0")), nil, refusal.NotUnderstood, "0 USDC"},
		{"all of nothing", transfer(usdt, quantityOf(intents.All, "")), nil, refusal.NotUnderstood, "0 USDT"},
		{"too many digits", transfer(usdc, number("0.0000001")), nil, refusal.NotUnderstood, "only 6 digits"},
		{"no number", transfer(usdc, number("1e3")), nil, refusal.NotUnderstood, "1e3"},
		{"more than everything", transfer(usdc, quantityOf(intents.Share, "101")), nil, refusal.NotUnderstood, "101 %"},
		{"an unknown form", transfer(usdc, quantityOf("dozens", "1")), nil, refusal.NotUnderstood, "dozens"},
		{"dollars without a price", transfer(dead, quantityOf(intents.Dollars, "5")), nil, refusal.NoRoute, "DEAD"},
		{"a step that brought nothing", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), AmountOf: 1, Recipient: said(friend)}, func(b *bench) { b.env.Earlier = make([]chain.Amount, 1) }, refusal.Balance, "step 1"},
		{"a step that is not there", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), AmountOf: 3, Recipient: said(friend)}, nil, refusal.Balance, "step 3"},
		{"a step that brought something else", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), AmountOf: 1, Recipient: said(friend)}, func(b *bench) { b.env.Earlier = []chain.Amount{amount("1", weth)} }, refusal.NotUnderstood, "brought WETH, not USDC"},
		{"no recipient", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1")}, nil, refusal.NeedsAnswer, "to whom"},
		{"no amount", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Recipient: said(friend)}, nil, refusal.NeedsAnswer, "how much"},
		{"decimals that are not the contract's", transfer(usdc, number("1")), func(b *bench) { b.ledger.decimals[usdc.Address] = 18 }, refusal.ConfigInvalid, "listed with 6 decimals, and its contract states 18"},
		{"decimals of what is bought", trade(ether, usdc, "1"), func(b *bench) { b.ledger.decimals[usdc.Address] = 18 }, refusal.ConfigInvalid, "states 18"},
		{"to nobody", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1"), Recipient: said(common.Address{})}, nil, refusal.BadAddress, "zero address"},
		{"to oneself", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1"), Recipient: said(me)}, nil, refusal.BadAddress, "itself"},
		{"to the token", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1"), Recipient: said(usdc.Address)}, nil, refusal.BadAddress, "lost"},
		{"to a venue", intents.Intent{Action: intents.Transfer, TokenIn: said(usdc), Amount: number("1"), Recipient: said(permit2)}, nil, refusal.BadAddress, "lost"},
		{"a swap to a token's contract", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("1"), Recipient: said(usdc.Address)}, nil, refusal.BadAddress, "lost"},

		{"price impact", trade(usdc, weth, "10"), func(b *bench) { b.market.impact = 301 }, refusal.PriceImpact, "3.01 %, and the limit is 3 %"},
		{"price impact of a dollar price", transfer(ether, quantityOf(intents.Dollars, "5")), func(b *bench) { b.market.impact = 301 }, refusal.PriceImpact, "3.01 %"},
		{"no route", trade(usdc, dead, "10"), nil, refusal.NoRoute, "DEAD"},
		{"itself", trade(usdc, usdc, "10"), nil, refusal.NotUnderstood, "USDC for itself"},
		{"any price", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("1"), SlippageBps: said(uint64(10_000))}, nil, refusal.Slippage, "100 %"},
		{"a half to get", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: quantityOf(intents.Share, "50"), Side: intents.Out}, nil, refusal.NotUnderstood, "not a number"},
		{"a half at least", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("1"), MinOut: quantityOf(intents.Share, "50")}, nil, refusal.NotUnderstood, "not a number"},
		{"one token", intents.Intent{Action: intents.Swap, TokenIn: said(usdc), Amount: number("1")}, nil, refusal.NeedsAnswer, "two tokens"},

		{"an approval of all", approval(usdc, quantityOf(intents.All, "")), nil, refusal.UnlimitedApproval, "all USDC"},
		{"an approval without amount", approval(usdc, nil), nil, refusal.UnlimitedApproval, "without an amount"},
		{"an approval of 2^256-1", approval(usdc, number(chain.NewAmount(unlimited, usdc).Decimal())), nil, refusal.UnlimitedApproval, "115792"},
		{"an approval of the coin", approval(ether, number("1")), nil, refusal.NotUnderstood, "native coin"},
		{"an approval of nobody", intents.Intent{Action: intents.Approve, TokenIn: said(usdc), Amount: number("1"), Recipient: said(common.Address{})}, nil, refusal.BadAddress, "spender"},
		{"an approval of a token that is none", approval(dead, number("1")), nil, refusal.NoSimulation, "allowance of DEAD"},
		{"a revocation of the coin", intents.Intent{Action: intents.Revoke, TokenIn: said(ether), Recipient: said(venue)}, nil, refusal.NotUnderstood, "native coin"},
		{"a revocation of a token that is none", intents.Intent{Action: intents.Revoke, TokenIn: said(dead), Recipient: said(venue)}, nil, refusal.NoSimulation, "allowance of DEAD"},
		{"a revocation from nobody", intents.Intent{Action: intents.Revoke, TokenIn: said(usdc)}, nil, refusal.NeedsAnswer, "from whom"},

		{"a wrap of a token", intents.Intent{Action: intents.Wrap, TokenIn: said(usdc), Amount: number("1")}, nil, refusal.NotUnderstood, "not the native coin"},
		{"an unwrap of a token", intents.Intent{Action: intents.Unwrap, TokenIn: said(usdc), Amount: number("1")}, nil, refusal.NotUnderstood, "not the wrapped"},
		{"a wrap where nothing wraps", intents.Intent{Action: intents.Wrap, Amount: number("1")}, func(b *bench) { b.env.Network.Contracts.WrappedNative = common.Address{} }, refusal.NotYet, "no wrapped ETH"},
		{"a bridge", intents.Intent{Action: intents.Bridge, TokenIn: said(usdc), Amount: number("1")}, nil, refusal.NotYet, "bridges"},
		{"a transfer without an account", transfer(usdc, number("1")), func(b *bench) { b.env.Account = common.Address{} }, refusal.NoWallet, "no account"},
		{"a balance without an account", intents.Intent{Action: intents.Balance}, func(b *bench) { b.env.Account = common.Address{} }, refusal.NoWallet, "no account"},
		{"an action without a tool", intents.Intent{Action: intents.Lend}, nil, refusal.NotYet, "lend"},
		{"a price of nothing", intents.Intent{Action: intents.Price}, nil, refusal.NeedsAnswer, "which token"},
		{"a balance of a token that is none", intents.Intent{Action: intents.Balance, TokenIn: said(dead)}, nil, refusal.NoSimulation, "balance of DEAD"},
		{"a state that breaks", intents.Intent{Action: intents.Balance}, func(b *bench) { b.ledger.broken = refusal.New(refusal.RPCDown, "gone") }, refusal.RPCDown, "gone"},
		{"a state that breaks without a name", transfer(usdc, number("1")), func(b *bench) { b.ledger.broken = errors.New("gone") }, refusal.NoSimulation, "gone"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			if c.change != nil {
				c.change(b)
			}
			r, err := b.run(t, c.in)
			if !refusal.Is(err, c.reason) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
			if len(r.Calls) > 0 {
				t.Errorf("a refusal has calls: %v", r.Calls)
			}
		})
	}
}

func TestTokensThatWantAResetGetOne(t *testing.T) {
	intent := func(tok chain.Token, a string) intents.Intent {
		return intents.Intent{Action: intents.Approve, TokenIn: said(tok), Amount: number(a), Recipient: said(venue)}
	}
	cases := []struct {
		name    string
		token   chain.Token
		now     string
		then    string
		amounts []string // of the approve calls
	}{
		{"from nothing", usdt, "0", "5", []string{"5"}},
		{"from something, as USDT", usdt, "1", "5", []string{"0", "5"}},
		{"from something, as others", usdc, "1", "5", []string{"5"}},
		{"already so", usdt, "5", "5", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.ledger.allowed[[2]common.Address{c.token.Address, venue}] = *units(c.now, c.token)
			r, err := b.run(t, intent(c.token, c.then))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, call := range r.Calls {
				spender, raw, ok := chain.UnpackApprove(call.Data)
				if !ok || spender != venue || *call.To != c.token.Address {
					t.Errorf("call is %+v", call)
				}
				got = append(got, chain.NewAmount(&raw, c.token).Decimal())
			}
			if !slices.Equal(got, c.amounts) {
				t.Errorf("approves %v", got)
			}
		})
	}
}

func TestRevokeTakesBackEverythingThatIsAllowed(t *testing.T) {
	permitCall := func(tok chain.Token) chain.Call {
		data, err := chain.PackPermit2Approve(tok.Address, venue, new(uint256.Int), 0)
		if err != nil {
			t.Fatal(err)
		}
		return call(permit2, "0", data)
	}
	zero := func(tok chain.Token) chain.Call {
		return call(tok.Address, "0", chain.PackApprove(venue, new(uint256.Int)))
	}
	for _, multi := range []common.Address{multicall, {}} {
		b := newBench(t)
		b.env.Network.Contracts.Multicall3 = multi
		b.ledger.allowed[[2]common.Address{usdc.Address, venue}] = *units("5", usdc)
		b.ledger.permits[[2]common.Address{usdc.Address, venue}] = *units("6", usdc)
		b.ledger.permits[[2]common.Address{weth.Address, venue}] = *units("7", weth)
		one, err := b.run(t, intents.Intent{Action: intents.Revoke, TokenIn: said(usdc), Recipient: said(venue)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]chain.Call{zero(usdc), permitCall(usdc)}, one.Calls); diff != "" {
			t.Error(diff)
		}
		all, err := b.run(t, intents.Intent{Action: intents.Revoke, Recipient: said(venue)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]chain.Call{zero(usdc), permitCall(usdc), permitCall(weth)}, all.Calls); diff != "" {
			t.Error(diff)
		}
		if !slices.Contains(all.Lines, Line{"DEAD", "can't be read"}) {
			t.Errorf("lines are %v", all.Lines)
		}
		if all.Bound.Spenders != nil || all.Bound.Out != nil {
			t.Errorf("bound is %+v", all.Bound)
		}
		none, err := b.run(t, intents.Intent{Action: intents.Revoke, TokenIn: said(usdt), Recipient: said(venue)})
		if err != nil || len(none.Calls) != 0 || none.Lines[len(none.Lines)-1].Label != "Nothing to do" {
			t.Errorf("nothing to revoke gives %+v, %v", none, err)
		}
	}
}

func TestBalanceListsWhatIsHeldAndWhatIsUnknown(t *testing.T) {
	for _, multi := range []common.Address{multicall, {}} {
		b := newBench(t)
		b.env.Network.Contracts.Multicall3 = multi
		r, err := b.run(t, intents.Intent{Action: intents.Balance})
		if err != nil {
			t.Fatal(err)
		}
		want := []Line{{"ETH", "2"}, {"USDC", "1000"}, {"WETH", "3"}, {"DEAD", "can't be read"}}
		if diff := cmp.Diff(want, r.Lines); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]chain.Amount{amount("2", ether), amount("1000", usdc), amount("3", weth)}, r.Data); diff != "" {
			t.Error(diff)
		}
	}
	r, err := newBench(t).run(t, intents.Intent{Action: intents.Balance, TokenIn: said(usdc), Recipient: said(friend)})
	if err != nil || r.Lines[0] != (Line{"USDC", "0"}) || !strings.Contains(r.Title, friend.Hex()) {
		t.Errorf("a friend's balance is %+v, %v", r, err)
	}
}

func TestOrdersCarryTheUsersLimits(t *testing.T) {
	b := newBench(t)
	_, err := b.run(t, intents.Intent{
		Action: intents.Swap, TokenIn: said(usdc), TokenOut: said(weth), Amount: number("300"),
		SlippageBps: said(uint64(7)), MinOut: number("0.0999"), Recipient: said(friend),
	})
	if err != nil {
		t.Fatal(err)
	}
	floor := amount("0.0999", weth)
	want := swap.Order{
		In: usdc, Out: weth, Side: swap.ExactIn, Amount: amount("300", usdc), SlippageBps: 7, MinOut: &floor,
		Account: me, Recipient: friend, Deadline: 1600,
	}
	if diff := cmp.Diff(want, b.market.orders[0]); diff != "" {
		t.Error(diff)
	}
}

func TestNoProposalSpendsMoreThanIsHeld(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		b := newBench(t)
		held := *uint256.NewInt(rapid.Uint64Range(0, 1e18).Draw(r, "held"))
		b.ledger.native[me] = held
		tok := rapid.SampledFrom([]chain.Token{ether, usdc, weth}).Draw(r, "token")
		if !tok.Native() {
			b.ledger.held[tok.Address][me] = held
		}
		form := rapid.SampledFrom([]intents.QuantityForm{intents.Exact, intents.Share, intents.All, intents.AllBut, intents.Dollars}).Draw(r, "form")
		said := intents.Intent{
			Action:    rapid.SampledFrom([]intents.Action{intents.Transfer, intents.Swap, intents.Wrap, intents.Unwrap}).Draw(r, "action"),
			TokenIn:   said(tok),
			TokenOut:  said(usdt),
			Amount:    quantityOf(form, rapid.StringMatching(`[0-9]{1,3}(\.[0-9]{1,6})?`).Draw(r, "number")),
			Recipient: said(friend),
		}
		result, err := b.run(t, said)
		if err != nil {
			if _, named := refusal.As(err); !named || len(result.Calls) > 0 {
				r.Fatalf("error is %v, with %d calls", err, len(result.Calls))
			}
			return
		}
		out := result.Bound.Out[0]
		held = b.ledger.native[me]
		if !out.Token.Native() {
			held = b.ledger.held[out.Token.Address][me]
		}
		if out.IsZero() || out.Raw.Gt(&held) || (out.Token.Native() && !out.Raw.Lt(&held)) {
			r.Fatalf("%s: out is %s of %s", result.Title, out.Raw.Dec(), held.Dec())
		}
		var value uint256.Int
		for _, c := range result.Calls {
			value.Add(&value, &c.Value)
		}
		if out.Token.Native() != !value.IsZero() || (out.Token.Native() && !value.Eq(&out.Raw)) {
			r.Fatalf("%s: value is %s", result.Title, value.Dec())
		}
	})
}
