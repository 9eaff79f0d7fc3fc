package wallet

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

var (
	me      = common.HexToAddress("0x00000000000000000000000000000000000000aa")
	friend  = common.HexToAddress("0x00000000000000000000000000000000000000f1")
	thief   = common.HexToAddress("0x00000000000000000000000000000000000000ff")
	pool    = common.HexToAddress("0x0000000000000000000000000000000000000b00")
	router  = common.HexToAddress("0x0000000000000000000000000000000000000e02")
	permit2 = common.HexToAddress("0x0000000000000000000000000000000000000e03")
	wrapped = common.HexToAddress("0x0000000000000000000000000000000000000e04")
	stakes  = common.HexToAddress("0x0000000000000000000000000000000000000e05")
	council = common.HexToAddress("0x0000000000000000000000000000000000000e06")

	ether = chain.Token{ChainID: 1337, Symbol: "ETH", Decimals: 18}
	usdc  = chain.Token{ChainID: 1337, Address: common.HexToAddress("0x0000000000000000000000000000000000000c01"), Symbol: "USDC", Decimals: 6}
	dai   = chain.Token{ChainID: 1337, Address: common.HexToAddress("0x0000000000000000000000000000000000000c02"), Symbol: "DAI", Decimals: 18}

	network = chain.Network{
		Key: "devnet", Name: "Devnet", ChainID: 1337, Native: ether, Embedded: true,
		Contracts: chain.Contracts{WrappedNative: wrapped, V3Router: router, Permit2: permit2, Stakes: stakes, Governance: council},
	}
)

// strict lets out 100 USDC at once and 250 a day, and 1 ETH; everything else is asked or denied.
func strict() *Policy {
	p := DefaultPolicy()
	p.Chains = []string{"devnet"}
	p.Tokens = []TokenLimit{
		{Chain: "devnet", Address: usdc.Address, Symbol: "USDC", Decimals: 6, PerTx: "100", PerDay: "250"},
		{Chain: "devnet", Symbol: "ETH", Decimals: 18, PerTx: "1", PerDay: "2"},
	}
	p.Recipients.Deny = []common.Address{thief}
	return p
}

func amount(n uint64, t chain.Token) chain.Amount {
	unit := new(uint256.Int).Exp(uint256.NewInt(10), uint256.NewInt(uint64(t.Decimals)))
	return chain.NewAmount(unit.Mul(unit, uint256.NewInt(n)), t)
}

func raw(n uint64, t chain.Token) uint256.Int { return amount(n, t).Raw }

func holds(who common.Address, t chain.Token, before, after uint64) fork.BalanceChange {
	kind := fork.ERC20
	if t.Native() {
		kind = fork.Native
	}
	return fork.BalanceChange{Account: who, Kind: kind, Asset: t.Address, Before: raw(before, t), After: raw(after, t)}
}

const gas, gasFee = 100_000, 100_000_000_000_000 // at one gwei

// paysGas is the sender's own coin when nothing else happens to it.
func paysGas(txs uint64) fork.BalanceChange {
	b := holds(me, ether, 10, 10)
	b.After.SubUint64(&b.After, txs*gasFee)
	return b
}

func ran(n int) []fork.TxResult {
	all := make([]fork.TxResult, n)
	for i := range all {
		all[i] = fork.TxResult{Success: true, GasUsed: gas, GasLimit: gas, Fee: *uint256.NewInt(gasFee)}
	}
	return all
}

func call(to common.Address, data ...byte) chain.Call {
	return chain.Call{ChainID: 1337, From: me, To: &to, Data: data}
}

// trade approves 100 USDC and swaps them for at least 99 DAI, and gets 100.
func trade() Facts {
	return Facts{
		Network: Know(network),
		Account: Know(me),
		Calls:   Know([]chain.Call{call(usdc.Address, 1), call(router, 2)}),
		Bound: Know(chain.Bound{
			Out: []chain.Amount{amount(100, usdc)}, In: []chain.Amount{amount(99, dai)}, Spenders: []common.Address{router},
		}),
		Effects: Know(&fork.Effects{
			Pin: fork.Pin{ChainID: 1337}, Txs: ran(2),
			Balances: []fork.BalanceChange{
				paysGas(2), holds(me, usdc, 500, 400), holds(me, dai, 0, 100), holds(pool, usdc, 0, 100), holds(pool, dai, 900, 800),
			},
		}),
		Meanwhile: Know([]*fork.Effects{{
			Pin: fork.Pin{ChainID: 1337}, Txs: ran(1), Balances: []fork.BalanceChange{paysGas(1)},
			Allowances: []fork.AllowanceChange{{Owner: me, Spender: router, Asset: usdc.Address, After: raw(100, usdc)}},
		}}),
		Fees:      Know([]uint256.Int{*uint256.NewInt(2 * gasFee), *uint256.NewInt(2 * gasFee)}),
		Spent:     Know(map[common.Address]uint256.Int{usdc.Address: raw(150, usdc)}),
		Seen:      Know(map[common.Address]bool{}),
		Holdings:  Know(map[common.Address]uint256.Int{usdc.Address: raw(500, usdc)}),
		ImpactBps: Know(uint64(10)),
	}
}

// payment sends 50 USDC to a friend who was paid before.
func payment() Facts {
	f := trade()
	f.Calls = Know([]chain.Call{call(usdc.Address, 1)})
	f.Bound = Know(chain.Bound{Out: []chain.Amount{amount(50, usdc)}, Recipient: &friend})
	f.Effects = Know(&fork.Effects{
		Pin: fork.Pin{ChainID: 1337}, Txs: ran(1),
		Balances: []fork.BalanceChange{paysGas(1), holds(me, usdc, 500, 450), holds(friend, usdc, 0, 50)},
	})
	f.Fees.V, f.Meanwhile.V = f.Fees.V[:1], nil
	f.Seen = Know(map[common.Address]bool{friend: true})
	return f
}

// consentTo approves 50 USDC to the router.
func consentTo() Facts {
	f := payment()
	f.Bound = Know(chain.Bound{Spenders: []common.Address{router}, Out: []chain.Amount{{Token: usdc}}})
	f.Effects.V.Balances = []fork.BalanceChange{paysGas(1)}
	f.Effects.V.Allowances = []fork.AllowanceChange{{Owner: me, Spender: router, Asset: usdc.Address, After: raw(50, usdc)}}
	f.Holdings = Know(map[common.Address]uint256.Int{usdc.Address: raw(500, usdc)})
	f.Seen = Know(map[common.Address]bool{})
	return f
}

// ballot votes yes on proposal 3.
func ballot() Facts {
	f := consentTo()
	vote := append(common.FromHex("0xc9d27afe"), make([]byte, 64)...) // vote(uint256,bool)
	vote[35], vote[67] = 3, 1
	f.Calls = Know([]chain.Call{call(council, vote...)})
	f.Bound = Know(chain.Bound{})
	f.Effects.V.Allowances = nil
	return f
}

// deposit allows the stakes 50 USDC and puts them there.
func deposit() Facts {
	f := trade()
	f.Calls.V[1] = call(stakes, 2)
	f.Bound = Know(chain.Bound{Out: []chain.Amount{amount(50, usdc)}, Spenders: []common.Address{stakes}})
	f.Effects.V.Balances = []fork.BalanceChange{paysGas(2), holds(me, usdc, 500, 450), holds(stakes, usdc, 0, 50)}
	f.Meanwhile.V[0].Allowances[0].Spender, f.Meanwhile.V[0].Allowances[0].After = stakes, raw(50, usdc)
	return f
}

func (f *Facts) allowance() *fork.AllowanceChange { return &f.Effects.V.Allowances[0] }

type judged struct {
	name   string
	facts  func() Facts
	change func(*Facts, *Policy)
	want   Decision
	reason refusal.Reason
}

var cases = []judged{
	{"a trade inside everything", trade, nil, Allow, ""},
	{"a payment inside everything", payment, nil, Allow, ""},
	{"an exact approval to a router", consentTo, nil, Allow, ""},
	{"a revoke of an old approval to anyone", consentTo, func(f *Facts, _ *Policy) {
		*f.allowance() = fork.AllowanceChange{Owner: me, Spender: thief, Asset: usdc.Address, Before: *unlimited}
	}, Allow, ""},

	{"a vote", ballot, nil, Allow, ""},
	{"a vote at a stranger's", ballot, func(f *Facts, _ *Policy) { f.Calls.V[0].To = &pool }, Deny, refusal.EffectsUnknown},
	{"a vote where the network has no governance", ballot, func(f *Facts, _ *Policy) { f.Network.V.Contracts.Governance = common.Address{} }, Deny, refusal.EffectsUnknown},
	{"something else than a vote, without any effect", ballot, func(f *Facts, _ *Policy) { f.Calls.V[0].Data[0]++ }, Deny, refusal.EffectsUnknown},
	{"a vote that is no bool", ballot, func(f *Facts, _ *Policy) { f.Calls.V[0].Data[67] = 2 }, Deny, refusal.EffectsUnknown},
	{"a vote that takes something", ballot, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances = append(f.Effects.V.Balances, holds(me, usdc, 500, 499))
	}, Deny, refusal.EffectsMismatch},
	{"a stake", deposit, nil, Allow, ""},
	{"a stake that takes more", deposit, func(f *Facts, _ *Policy) { f.Effects.V.Balances[1] = holds(me, usdc, 500, 449) }, Deny, refusal.EffectsMismatch},
	{"a stake that somebody else gets", deposit, func(f *Facts, _ *Policy) { f.Effects.V.Balances[2].Account = thief }, Deny, refusal.RecipientDenied},
	{"a transfer to the stakes, which keep it", deposit, func(f *Facts, _ *Policy) {
		f.Calls.V[1].To, f.Seen.V[stakes] = &usdc.Address, false
	}, Ask, refusal.NewRecipient},

	{"a call that reverts", trade, func(f *Facts, _ *Policy) { f.Effects.V.Txs[1].Success = false }, Deny, refusal.Reverted},
	{"nothing was run", trade, func(f *Facts, _ *Policy) { f.Effects.V.Txs = nil }, Deny, refusal.EffectsUnknown},
	{"something can't be told", trade, func(f *Facts, _ *Policy) { f.Effects.V.Unknown = []string{"balance of x"} }, Deny, refusal.EffectsUnknown},
	{"a call without any effect", consentTo, func(f *Facts, _ *Policy) { f.Effects.V.Allowances = nil }, Deny, refusal.EffectsUnknown},
	{"fewer runs than calls", trade, func(f *Facts, _ *Policy) { f.Effects.V.Txs = f.Effects.V.Txs[:1]; f.Effects.V.Balances[0] = paysGas(1) }, Deny, refusal.EffectsUnknown},
	{"a dry run of another chain", trade, func(f *Facts, _ *Policy) { f.Effects.V.Pin.ChainID = 1 }, Deny, refusal.EffectsUnknown},
	{"a balance listed twice", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances = append(f.Effects.V.Balances, holds(me, usdc, 0, 0))
	}, Deny, refusal.EffectsUnknown},
	{"gas that nobody paid", trade, func(f *Facts, _ *Policy) { f.Effects.V.Balances = f.Effects.V.Balances[1:] }, Deny, refusal.EffectsUnknown},

	{"a chain that the policy leaves out", trade, func(_ *Facts, p *Policy) { p.Chains = nil }, Deny, refusal.ChainDenied},
	{"a call from another account", trade, func(f *Facts, _ *Policy) { f.Calls.V[0].From = thief }, Deny, refusal.EffectsMismatch},
	{"a call on another chain", trade, func(f *Facts, _ *Policy) { f.Calls.V[0].ChainID = 1 }, Deny, refusal.EffectsMismatch},
	{"a contract is made", trade, func(f *Facts, _ *Policy) { f.Calls.V[0].To = nil }, Deny, refusal.UnknownContract},
	{"an unknown contract is asked about", trade, func(f *Facts, _ *Policy) { f.Calls.V[1].To = &pool }, Ask, refusal.UnknownContract},
	{"an unknown contract where that is denied", trade, func(f *Facts, p *Policy) { f.Calls.V[1].To = &pool; p.Contracts.Unknown = ChooseDeny }, Deny, refusal.UnknownContract},
	{"a contract that the policy names", trade, func(f *Facts, p *Policy) { f.Calls.V[1].To = &pool; p.Contracts.Allow = []common.Address{pool} }, Allow, ""},
	{"a contract that the policy denies", trade, func(f *Facts, p *Policy) { p.Contracts.Deny = []common.Address{router} }, Deny, refusal.UnknownContract},

	{"more leaves than declared", trade, func(f *Facts, _ *Policy) { f.Bound.V.Out = []chain.Amount{amount(99, usdc)} }, Deny, refusal.EffectsMismatch},
	{"a token leaves that is not declared", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances[2] = holds(me, dai, 100, 0)
	}, Deny, refusal.EffectsMismatch},
	{"coins leave that are not declared", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances[0].After.SubUint64(&f.Effects.V.Balances[0].After, 1)
	}, Deny, refusal.EffectsMismatch},
	{"a collectible leaves", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances = append(f.Effects.V.Balances, fork.BalanceChange{Account: me, Kind: fork.ERC721, Asset: pool, Before: *uint256.NewInt(1)})
	}, Deny, refusal.EffectsMismatch},
	{"less arrives than declared", trade, func(f *Facts, _ *Policy) { f.Effects.V.Balances[2] = holds(me, dai, 0, 98) }, Deny, refusal.EffectsMismatch},
	{"it arrives at somebody else", trade, func(f *Facts, _ *Policy) { f.Effects.V.Balances[2].Account = thief }, Deny, refusal.EffectsMismatch},
	{"a bound of another chain", trade, func(f *Facts, _ *Policy) { f.Bound.V.Out[0].Token.ChainID = 1 }, Deny, refusal.EffectsMismatch},
	{"a trade for a friend", trade, func(f *Facts, _ *Policy) {
		f.Bound.V.Recipient = &friend
		f.Effects.V.Balances[2].Account = friend
		f.Seen.V[friend] = true
	}, Allow, ""},

	{"nobody knows what holds in between", trade, func(f *Facts, _ *Policy) { f.Meanwhile.OK = false }, Deny, refusal.EffectsUnknown},
	{"what holds in between can't be told", trade, func(f *Facts, _ *Policy) { f.Meanwhile.V[0].Unknown = []string{"x"} }, Deny, refusal.EffectsUnknown},
	{"an allowance to a thief, taken back at the end", trade, func(f *Facts, _ *Policy) {
		f.Meanwhile.V[0].Allowances[0].Spender = thief
	}, Deny, refusal.EffectsMismatch},
	{"no limit in between", trade, func(f *Facts, _ *Policy) { f.Meanwhile.V[0].Allowances[0].After = *unlimited }, Deny, refusal.UnlimitedApproval},
	{"more leaves in between", trade, func(f *Facts, _ *Policy) {
		f.Meanwhile.V[0].Balances = append(f.Meanwhile.V[0].Balances, holds(me, usdc, 500, 399))
	}, Deny, refusal.EffectsMismatch},
	{"an operator in between", trade, func(f *Facts, _ *Policy) {
		f.Meanwhile.V[0].Operators = []fork.OperatorChange{{Owner: me, Operator: thief, Asset: pool, After: true}}
	}, Deny, refusal.OperatorApproval},
	{"an allowance that is not declared", consentTo, func(f *Facts, _ *Policy) { f.Bound.V.Spenders = nil }, Deny, refusal.EffectsMismatch},
	{"an unknown spender", consentTo, func(f *Facts, _ *Policy) {
		f.allowance().Spender = pool
		f.Bound.V.Spenders = []common.Address{pool}
	}, Deny, refusal.UnknownSpender},
	{"an unknown spender where that is asked", consentTo, func(f *Facts, p *Policy) {
		f.allowance().Spender = pool
		f.Bound.V.Spenders = []common.Address{pool}
		p.Spenders.Unknown = ChooseAsk
	}, Ask, refusal.UnknownSpender},
	{"a spender that the policy names", consentTo, func(f *Facts, p *Policy) {
		f.allowance().Spender = pool
		f.Bound.V.Spenders, p.Spenders.Allow = []common.Address{pool}, []common.Address{pool}
	}, Allow, ""},
	{"a spender that the policy denies", consentTo, func(f *Facts, p *Policy) { p.Spenders.Deny = []common.Address{router} }, Deny, refusal.UnknownSpender},
	{"an unlimited approval", consentTo, func(f *Facts, _ *Policy) { f.allowance().After.SetAllOne() }, Deny, refusal.UnlimitedApproval},
	{"an approval of half of all numbers", consentTo, func(f *Facts, _ *Policy) { f.allowance().After = *unlimited }, Deny, refusal.UnlimitedApproval},
	{"an unlimited approval by Permit2", consentTo, func(f *Facts, _ *Policy) {
		f.allowance().Via = permit2
		f.allowance().After = *new(uint256.Int).SubUint64(new(uint256.Int).Lsh(uint256.NewInt(1), 160), 1)
	}, Deny, refusal.UnlimitedApproval},
	{"an unlimited approval where that is asked", consentTo, func(f *Facts, p *Policy) {
		f.allowance().After.SetAllOne()
		p.Unlimited = ChooseAsk
	}, Ask, refusal.UnlimitedApproval},
	{"an approval of more than there is", consentTo, func(f *Facts, _ *Policy) { f.allowance().After = raw(501, usdc) }, Deny, refusal.UnlimitedApproval},
	{"an approval of more than a transaction may move", consentTo, func(f *Facts, _ *Policy) { f.allowance().After = raw(101, usdc) }, Deny, refusal.TxLimit},
	{"an approval, and nobody knows what there is", consentTo, func(f *Facts, _ *Policy) { f.Holdings.V = nil }, Deny, refusal.EffectsUnknown},
	{"an operator", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Operators = []fork.OperatorChange{{Owner: me, Operator: router, Asset: pool, After: true}}
	}, Deny, refusal.OperatorApproval},
	{"an operator less", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Operators = []fork.OperatorChange{{Owner: me, Operator: router, Asset: pool, Before: true}}
	}, Allow, ""},
	{"a new owner", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Controls = []fork.ControlChange{{Contract: pool, Kind: fork.Owner, Before: me, After: thief}}
	}, Deny, refusal.OwnershipChange},
	{"a new pending owner", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Controls = []fork.ControlChange{{Contract: pool, Kind: fork.PendingOwner, After: thief}}
	}, Deny, refusal.OwnershipChange},
	{"another beacon", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Controls = []fork.ControlChange{{Contract: pool, Kind: fork.Beacon, Before: router, After: thief}}
	}, Deny, refusal.OwnershipChange},
	{"a new role", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Roles = []fork.RoleChange{{Contract: pool, Account: thief, After: true}}
	}, Deny, refusal.OwnershipChange},
	{"a role less", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Roles = []fork.RoleChange{{Contract: pool, Account: me, Before: true}}
	}, Deny, refusal.OwnershipChange},
	{"a new role in between", trade, func(f *Facts, _ *Policy) {
		f.Meanwhile.V[0].Roles = []fork.RoleChange{{Contract: pool, Account: thief, After: true}}
	}, Deny, refusal.OwnershipChange},
	{"a contract is destroyed", consentTo, func(f *Facts, _ *Policy) { f.Effects.V.Destroyed = []common.Address{pool} }, Deny, refusal.EffectsMismatch},
	{"a contract that looks for simulators", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Findings = []fork.Finding{{Name: fork.LooksForSimulator, Detail: "it pays"}}
	}, Deny, refusal.LooksForSimulator},
	{"a contract that does something else later", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Findings = []fork.Finding{{Name: fork.ChangesWithTime, Detail: "it fails"}}
	}, Ask, refusal.ChangesWithTime},
	{"a finding of a kind that nobody judges", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Findings = []fork.Finding{{Name: "sings"}}
	}, Deny, refusal.EffectsUnknown},
	{"an allowance that ends later than it did", consentTo, func(f *Facts, _ *Policy) {
		a := f.allowance()
		a.Spender, a.Via, a.Before, a.ExpiresBefore, a.ExpiresAfter = thief, permit2, a.After, 100, 200
	}, Deny, refusal.EffectsMismatch},
	{"an allowance that ends sooner than it did", consentTo, func(f *Facts, _ *Policy) {
		a := f.allowance()
		a.Spender, a.Via, a.Before, a.ExpiresBefore, a.ExpiresAfter = thief, permit2, a.After, 200, 100
	}, Allow, ""},
	{"a delegate", consentTo, func(f *Facts, _ *Policy) {
		f.Effects.V.Controls = []fork.ControlChange{{Contract: me, Kind: fork.Delegate, After: thief}}
	}, Deny, refusal.Delegation},

	{"a new recipient", payment, func(f *Facts, _ *Policy) { f.Seen.V[friend] = false }, Ask, refusal.NewRecipient},
	{"a new recipient where that is denied", payment, func(f *Facts, p *Policy) { f.Seen.V[friend] = false; p.Recipients.Unknown = ChooseDeny }, Deny, refusal.NewRecipient},
	{"a new recipient that the policy names", payment, func(f *Facts, p *Policy) {
		f.Seen.V[friend] = false
		p.Recipients.Allow = []common.Address{friend}
	}, Allow, ""},
	{"nobody knows the recipient", payment, func(f *Facts, _ *Policy) { delete(f.Seen.V, friend) }, Deny, refusal.EffectsUnknown},
	{"a denied recipient that is allowed too", payment, func(f *Facts, p *Policy) {
		p.Recipients.Deny, p.Recipients.Allow = []common.Address{friend}, []common.Address{friend}
	}, Deny, refusal.RecipientDenied},
	{"a denied address gains on the side", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances = append(f.Effects.V.Balances, holds(thief, dai, 0, 1))
	}, Deny, refusal.RecipientDenied},
	{"a denied address is called", trade, func(f *Facts, _ *Policy) { f.Calls.V[1].To = &thief }, Deny, refusal.RecipientDenied},
	{"the payment goes somewhere else", payment, func(f *Facts, _ *Policy) { f.Effects.V.Balances[2].Account = pool }, Deny, refusal.EffectsMismatch},
	{"the token keeps a part of the payment", payment, func(f *Facts, _ *Policy) { f.Effects.V.Balances[2] = holds(friend, usdc, 0, 49) }, Ask, refusal.EffectsMismatch},
	{"it leaves, nobody is named, nothing comes back", payment, func(f *Facts, _ *Policy) { f.Bound.V.Recipient = nil; f.Seen.V[friend] = false }, Ask, refusal.NewRecipient},

	{"more than a transaction may move", trade, func(f *Facts, p *Policy) { p.Tokens[0].PerTx = "99.999999" }, Deny, refusal.TxLimit},
	{"the declared maximum counts, not the simulated amount", trade, func(f *Facts, _ *Policy) { f.Bound.V.Out = []chain.Amount{amount(101, usdc)} }, Deny, refusal.TxLimit},
	{"two declared amounts of one token add up", trade, func(f *Facts, _ *Policy) {
		f.Bound.V.Out = []chain.Amount{amount(100, usdc), amount(1, usdc)}
	}, Deny, refusal.TxLimit},
	{"more than the day has left", trade, func(f *Facts, _ *Policy) { f.Spent.V[usdc.Address] = raw(151, usdc) }, Deny, refusal.DayLimit},
	{"a day's sum beyond all numbers", trade, func(f *Facts, _ *Policy) {
		f.Spent.V[usdc.Address] = *new(uint256.Int).SetAllOne()
	}, Deny, refusal.DayLimit},
	{"a token without a limit", trade, func(_ *Facts, p *Policy) { p.Tokens = nil }, Ask, refusal.NoLimit},
	{"a token without a limit where that is denied", trade, func(_ *Facts, p *Policy) { p.Tokens = nil; p.Unlisted.Decision = ChooseDeny }, Deny, refusal.NoLimit},
	{"a token under the limit of all others", trade, func(_ *Facts, p *Policy) {
		p.Tokens, p.Unlisted = nil, UnlistedTokens{ChooseLimit, "100", "250"}
	}, Allow, ""},
	{"a token over the limit of all others", trade, func(_ *Facts, p *Policy) {
		p.Tokens, p.Unlisted = nil, UnlistedTokens{ChooseLimit, "99", "250"}
	}, Deny, refusal.TxLimit},
	{"a policy that is wrong about the decimals", trade, func(_ *Facts, p *Policy) { p.Tokens[0].Decimals = 18 }, Deny, refusal.NoLimit},

	{"slippage of 101 bps", trade, func(f *Facts, p *Policy) {
		f.Bound.V.In[0].Raw.Sub(&f.Bound.V.In[0].Raw, uint256.NewInt(10_000_000_000_000_000))
	}, Deny, refusal.Slippage},
	{"a maximum far above the quote", trade, func(f *Facts, _ *Policy) {
		f.Effects.V.Balances[1] = holds(me, usdc, 500, 402)
	}, Deny, refusal.Slippage},
	{"too much price impact", trade, func(f *Facts, _ *Policy) { f.ImpactBps.V = 301 }, Deny, refusal.PriceImpact},
	{"nobody knows the price impact", trade, func(f *Facts, _ *Policy) { f.ImpactBps.OK = false }, Deny, refusal.PriceImpact},
	{"a wrap has no price", payment, func(f *Facts, _ *Policy) {
		weth := chain.Token{ChainID: 1337, Address: wrapped, Symbol: "WETH", Decimals: 18}
		f.Calls.V[0].To = &wrapped
		f.Bound.V = chain.Bound{Out: []chain.Amount{amount(1, ether)}, In: []chain.Amount{amount(1, weth)}}
		native := holds(me, ether, 10, 9)
		native.After.SubUint64(&native.After, gasFee)
		f.Effects.V.Balances = []fork.BalanceChange{native, holds(me, weth, 0, 1)}
		f.ImpactBps = Known[uint64]{}
	}, Allow, ""},
	{"too much for gas", trade, func(_ *Facts, p *Policy) { p.Limits.FeePerTx = "0.0001" }, Deny, refusal.FeeCap},
	{"fees of other transactions", trade, func(f *Facts, _ *Policy) { f.Fees.V = f.Fees.V[:1] }, Deny, refusal.EffectsUnknown},
}

func TestThePolicyJudgesEffects(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, p := c.facts(), strict()
			if c.change != nil {
				c.change(&f, p)
			}
			v := p.Judge(f)
			if v.Decision != c.want {
				t.Fatalf("decision %d, want %d: %+v", v.Decision, c.want, v.Findings)
			}
			if c.want == Allow {
				if len(v.Findings) > 0 {
					t.Errorf("findings %+v", v.Findings)
				}
				return
			}
			if !slices.ContainsFunc(v.Findings, func(x Finding) bool { return x.Reason == c.reason && x.Decision == c.want }) {
				t.Errorf("findings %+v, want %s", v.Findings, c.reason)
			}
			if v.Findings[0].Decision != v.Decision {
				t.Errorf("the first finding is not the one that counts: %+v", v.Findings)
			}
		})
	}
}

func TestEveryReasonOfThePolicyHasItsCase(t *testing.T) {
	for _, r := range []refusal.Reason{
		refusal.Reverted, refusal.EffectsUnknown, refusal.EffectsMismatch, refusal.UnlimitedApproval, refusal.UnknownSpender,
		refusal.UnknownContract, refusal.NewRecipient, refusal.RecipientDenied, refusal.TxLimit, refusal.DayLimit, refusal.NoLimit,
		refusal.ChainDenied, refusal.Slippage, refusal.PriceImpact, refusal.FeeCap, refusal.OwnershipChange, refusal.OperatorApproval,
		refusal.Delegation,
	} {
		if !slices.ContainsFunc(cases, func(c judged) bool { return c.reason == r }) {
			t.Errorf("no case of %s", r)
		}
	}
}

func TestTheZeroPolicyAndTheZeroFactsAreDenied(t *testing.T) {
	if v := new(Policy).Judge(trade()); v.Decision != Deny {
		t.Errorf("the zero policy: %+v", v)
	}
	if v := strict().Judge(Facts{}); v.Decision != Deny || len(v.Findings) == 0 || !strings.Contains(v.Findings[0].Detail, "the effects") {
		t.Errorf("the zero facts: %+v", v)
	}
	if v := (Verdict{}); v.Decision != Deny {
		t.Error("the zero verdict is not deny")
	}
}

// Every field of Facts, taken away from every case, must leave a verdict that is as strict or stricter.
func TestDroppingAFactNeverWeakensAVerdict(t *testing.T) {
	fields := reflect.TypeFor[Facts]()
	for _, c := range cases {
		for i := range fields.NumField() {
			f, p := c.facts(), strict()
			if c.change != nil {
				c.change(&f, p)
			}
			before := p.Judge(f)
			reflect.ValueOf(&f).Elem().Field(i).SetZero()
			if after := p.Judge(f); after.Decision > before.Decision {
				t.Errorf("%s without %s: %d became %d", c.name, fields.Field(i).Name, before.Decision, after.Decision)
			}
		}
	}
}

// The same inside of the facts: entries of maps and lists go missing, numbers turn into others.
func TestLessEvidenceNeverWeakensAVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(cases).Draw(t, "case")
		f, p := c.facts(), strict()
		if c.change != nil {
			c.change(&f, p)
		}
		before := p.Judge(f)
		if f.Effects.V == nil {
			return
		}
		switch rapid.SampledFrom([]string{"seen", "holdings", "spenders", "calls", "unknown", "out", "fees", "txs"}).Draw(t, "drop") {
		case "seen":
			clear(f.Seen.V)
		case "holdings":
			clear(f.Holdings.V)
		case "spenders":
			f.Bound.V.Spenders = nil
		case "calls":
			f.Calls.V = f.Calls.V[:rapid.IntRange(0, len(f.Calls.V)-1).Draw(t, "n")]
		case "unknown":
			f.Effects.V.Unknown = append(f.Effects.V.Unknown, "x")
		case "out":
			f.Bound.V.Out = nil
		case "fees":
			f.Fees.V = f.Fees.V[:rapid.IntRange(0, len(f.Fees.V)-1).Draw(t, "n")]
		case "txs":
			f.Effects.V.Txs = nil
		}
		if after := p.Judge(f); after.Decision > before.Decision {
			t.Fatalf("%s: %d became %d: %+v", c.name, before.Decision, after.Decision, after.Findings)
		}
	})
}

func TestAStricterPolicyNeverSaysYesToMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom(cases).Draw(t, "case")
		f, p := c.facts(), strict()
		if c.change != nil {
			c.change(&f, p)
		}
		before := p.Judge(f)
		switch rapid.IntRange(0, 6).Draw(t, "rule") {
		case 0:
			p.Limits.SlippageBps = 0
		case 1:
			p.Limits.FeePerTx = "0"
		case 2:
			p.Chains = nil
		case 3:
			p.Recipients.Unknown, p.Contracts.Unknown, p.Spenders.Unknown = ChooseDeny, ChooseDeny, ChooseDeny
		case 4:
			p.Recipients.Allow, p.Spenders.Allow, p.Contracts.Allow = nil, nil, nil
		case 5:
			for i := range p.Tokens {
				p.Tokens[i].PerTx = "0"
			}
		case 6:
			p.Unlisted, p.Unlimited = UnlistedTokens{Decision: ChooseDeny}, ChooseDeny
		}
		if after := p.Judge(f); after.Decision > before.Decision {
			t.Fatalf("%s: %d became %d", c.name, before.Decision, after.Decision)
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	f, p := trade(), strict()
	for b.Loop() {
		if p.Judge(f).Decision != Allow {
			b.Fatal("denied")
		}
	}
}

func TestADecisionIsAWordToPrograms(t *testing.T) {
	for decision, word := range map[Decision]string{Deny: `"deny"`, Ask: `"ask"`, Allow: `"allow"`} {
		text, err := json.Marshal(decision)
		if err != nil || string(text) != word {
			t.Errorf("%d is %s, %v", decision, text, err)
		}
		var back Decision
		if err := json.Unmarshal(text, &back); err != nil || back != decision {
			t.Errorf("%s is %d, %v", text, back, err)
		}
	}
	var d Decision
	if err := json.Unmarshal([]byte(`"perhaps"`), &d); err == nil {
		t.Error("perhaps is a decision")
	}
}
