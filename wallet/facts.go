package wallet

import (
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

// Known is a fact, or its absence. The zero Known is absent.
type Known[T any] struct {
	V  T
	OK bool
}

// Know is a fact that is there.
func Know[T any](v T) Known[T] { return Known[T]{v, true} }

// Facts is all that a policy judges. A fact that is needed and absent is a Deny with its name.
type Facts struct {
	Network   Known[chain.Network]
	Account   Known[common.Address]
	Calls     Known[[]chain.Call]
	Bound     Known[chain.Bound]
	Effects   Known[*fork.Effects]                  // of the exact bytes
	Meanwhile Known[[]*fork.Effects]                // after the first transaction, the first two, and so on; all but the whole
	Fees      Known[[]uint256.Int]                  // the most that each transaction may cost for gas, in wei
	Spent     Known[map[common.Address]uint256.Int] // today, by token; absent from the map: nothing
	Seen      Known[map[common.Address]bool]        // for each recipient: paid before
	Holdings  Known[map[common.Address]uint256.Int] // for each token with a raised allowance: what the account has
	ImpactBps Known[uint64]                         // needed for trades only
}

// missing names the facts that every judgement needs and that are absent.
func (f *Facts) missing() []string {
	var names []string
	for _, fact := range []struct {
		name  string
		known bool
	}{
		{"the network", f.Network.OK},
		{"the account", f.Account.OK},
		{"the calls", f.Calls.OK},
		{"what the calls are declared to do", f.Bound.OK},
		{"the effects", f.Effects.OK && f.Effects.V != nil},
		{"the fees", f.Fees.OK && len(f.Fees.V) == len(f.Calls.V)},
		{"what was spent today", f.Spent.OK},
		{"who was paid before", f.Seen.OK},
		{"what the account holds", f.Holdings.OK},
	} {
		if !fact.known {
			names = append(names, fact.name)
		}
	}
	return names
}

// change is what an account gained or lost of one asset. At most one of both is not zero.
type change struct{ in, out uint256.Int }

// ledgerOf nets what an account gained and lost, by token. What the account paid for gas does not count as lost. ok is false
// where the numbers contradict each other.
func ledgerOf(e *fork.Effects, who, payer common.Address) (net map[common.Address]change, ok bool) {
	net = map[common.Address]change{}
	var fees uint256.Int
	if who == payer {
		for i := range e.Txs {
			if _, over := fees.AddOverflow(&fees, &e.Txs[i].Fee); over {
				return nil, false
			}
		}
	}
	feesSeen := fees.IsZero()
	for i := range e.Balances {
		b := &e.Balances[i]
		if b.Account != who || (b.Kind != fork.Native && b.Kind != fork.ERC20) {
			continue
		}
		if _, twice := net[b.Asset]; twice || (b.Kind == fork.Native) != (b.Asset == common.Address{}) {
			return nil, false
		}
		after := b.After
		if b.Kind == fork.Native {
			if _, over := after.AddOverflow(&after, &fees); over {
				return nil, false
			}
			feesSeen = true
		}
		var c change
		if after.Gt(&b.Before) {
			c.in.Sub(&after, &b.Before)
		} else {
			c.out.Sub(&b.Before, &after)
		}
		net[b.Asset] = c
	}
	return net, feesSeen
}

// outflow is what the account loses by the effects, as amounts. Tokens take their names from the bound where it has them.
func outflow(f *Facts, net map[common.Address]change) []chain.Amount {
	var all []chain.Amount
	for asset, c := range net {
		if c.out.IsZero() {
			continue
		}
		all = append(all, chain.NewAmount(&c.out, tokenOf(f, asset)))
	}
	slices.SortFunc(all, func(a, b chain.Amount) int { return a.Token.Address.Cmp(b.Token.Address) })
	return all
}

func tokenOf(f *Facts, asset common.Address) chain.Token {
	for _, list := range [][]chain.Amount{f.Bound.V.Out, f.Bound.V.In} {
		for _, a := range list {
			if a.Token.Address == asset {
				return a.Token
			}
		}
	}
	if asset == (common.Address{}) {
		return f.Network.V.Native
	}
	return chain.Token{ChainID: f.Network.V.ChainID, Address: asset}
}

// recipients lists who is paid: the one that the user named; who gets coins without being called; and, where nobody is named
// and nothing comes back, everyone who gains what leaves.
func recipients(n chain.Network, account common.Address, calls []chain.Call, b chain.Bound, e *fork.Effects) []common.Address {
	var all []common.Address
	if b.Recipient != nil {
		all = append(all, *b.Recipient)
	}
	for i := range calls {
		c := &calls[i]
		if c.To != nil && len(c.Data) == 0 && !c.Value.IsZero() && !isNetworkContract(n, *c.To) {
			all = append(all, *c.To)
		}
	}
	if b.Recipient == nil && len(b.In) == 0 && e != nil {
		lost, _ := ledgerOf(e, account, account)
		for i := range e.Balances {
			g := &e.Balances[i]
			if c := lost[g.Asset]; !c.out.IsZero() && g.After.Gt(&g.Before) && !staked(n, calls, g.Account) {
				all = append(all, g.Account)
			}
		}
	}
	slices.SortFunc(all, common.Address.Cmp)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(a common.Address) bool { return a == account })
}

// staked reports whether who gains is the network's own stakes, and is called: what it takes stays the account's.
func staked(n chain.Network, calls []chain.Call, who common.Address) bool {
	return who == n.Contracts.Stakes && slices.ContainsFunc(calls, func(c chain.Call) bool { return c.To != nil && *c.To == who })
}

// raised lists the allowances that the account ends up having given, or having given more of, or for a longer time.
func raised(e *fork.Effects, account common.Address) []fork.AllowanceChange {
	var all []fork.AllowanceChange
	for _, a := range e.Allowances {
		prolonged := !a.After.IsZero() && a.ExpiresAfter > a.ExpiresBefore
		if a.Owner == account && (a.After.Gt(&a.Before) || prolonged) {
			all = append(all, a)
		}
	}
	return all
}

func isNetworkContract(n chain.Network, a common.Address) bool {
	c := n.Contracts
	return a != (common.Address{}) && (a == c.WrappedNative || a == c.Distributor || a == c.Governance || isRouter(n, a))
}

// isRouter reports whether the address is a spender that the network's own config names.
func isRouter(n chain.Network, a common.Address) bool {
	c := n.Contracts
	return a != (common.Address{}) && (a == c.V2Router || a == c.V3Router || a == c.Permit2 || a == c.Stakes)
}
