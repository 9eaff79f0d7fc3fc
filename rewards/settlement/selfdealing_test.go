package settlement

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// ring is a set of accounts that pay each other, beside whatever else happens in the epoch. None of them is a maintainer, but one.
type ring struct {
	*made
	rules    *rules.Rules
	version  *rules.Version
	from, to emission.Time
	others   []fact
	own      []fact // that belong to the ring, and do not cost what they bring
	paid     []fact // what paying itself is
}

const ringSize = 3

func (g *ring) member(i int) common.Address { return common.Address{0x51, byte(i % ringSize)} }

func (g *ring) anyMember() common.Address { return g.member(g.IntN(ringSize)) }

func (g *ring) holds(a common.Address) bool { return a[0] == 0x51 && a[2] == 0 }

// drawRing is a world of one epoch in which everything may be reported by anyone.
func drawRing(t *rapid.T, tb testing.TB) *ring {
	g := &ring{made: newMade(rapid.Uint64().Draw(t, "seed"))}
	g.rules = g.made.rules(tb)
	g.rules.Versions = g.rules.Versions[:1]
	g.version = &g.rules.Versions[0]
	g.version.Reporters = nil
	g.version.Tools.Most, g.version.Fronts.Most = rules.Whole, rules.Whole // so that only the other bound cuts
	from, to, err := g.rules.Bounds(g.rules.First)
	if err != nil {
		tb.Fatal(err)
	}
	g.from, g.to = from, to
	g.others = g.made.facts(tb, g.rules, g.rules.First, g.IntN(80))
	if g.of(2) { // some of what others do is done with the ring
		for i := range g.others {
			if g.others[i].Kind != usage.Work && g.others[i].Kind != usage.Risk && g.of(3) {
				g.others[i].Earner = g.anyMember()
				g.others[i].id = idOf(tb, &g.others[i].Entry)
			}
		}
	}
	return g
}

func (g *ring) fact(tb testing.TB, e usage.Entry) fact {
	e.Ref = g.ref()
	if e.At == 0 {
		e.At = g.from
	}
	return fact{reporterOf(&e), idOf(tb, &e), e}
}

// small is an amount of any size up to some thousand tokens, and never nothing.
func (g *ring) small() uint256.Int {
	var wei uint256.Int
	wei.Lsh(uint256.NewInt(1+g.Uint64N(1<<10)), uint(g.IntN(64)))
	return wei
}

// gain is what the ring gets more for paying itself.
func (g *ring) gain(tb testing.TB) *big.Int {
	sum := func(all ...[]fact) *big.Int {
		var together []fact
		for _, facts := range all {
			together = append(together, facts...)
		}
		a, _ := bookOf(tb, g.rules, begin(tb, g.rules), together)
		wei := new(big.Int)
		for account, got := range a.Accounts() {
			if g.holds(account) {
				wei.Add(wei, got.ToBig())
			}
		}
		return wei
	}
	with := sum(g.others, g.own, g.paid)
	return with.Sub(with, sum(g.others, g.own))
}

func (g *ring) bps(amount *big.Int, part rules.Bps) *big.Int {
	return frac(amount, number(uint64(part)), number(10_000))
}

// worth is what the ring burned, in wei of the token by the rules' rates.
func (g *ring) worth() *big.Int {
	sum := new(big.Int)
	for _, f := range g.paid {
		rate := g.version.Burned[f.Chain]
		sum.Add(sum, frac(f.Amount.ToBig(), rate.ToBig(), big.NewInt(1e18)))
	}
	return sum
}

// rounding is what largest remainders may add: a wei for each account, in each asset or subnet, as member and as referrer.
const rounding = ringSize * 8

func TestPayingOneselfNeverBringsMoreThanItsBound(t *testing.T) {
	for name, s := range map[string]struct {
		pay   func(g *ring, tb testing.TB)
		bound func(g *ring) *big.Int // in wei; what it cost is in the same unit
	}{
		"using one's own tools": {
			pay: func(g *ring, tb testing.TB) {
				for i := range 1 + g.IntN(6) {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{
						Kind: usage.Tool, Name: []byte("swap"), Earner: g.member(i), Other: g.anyMember(), Chain: 1, Amount: g.small(),
					}))
				}
			},
			bound: func(g *ring) *big.Int { return g.bps(g.worth(), g.version.Tools.Return) },
		},
		"using one's own front ends": {
			pay: func(g *ring, tb testing.TB) {
				g.own = append(g.own, g.fact(tb, usage.Entry{Kind: usage.Subnet, To: g.to, Subnet: subnetOf(9), Earner: g.member(0)}))
				for range 1 + g.IntN(6) {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{
						Kind: usage.Front, Name: []byte("web"), Subnet: subnetOf(9), Other: g.anyMember(), Chain: 1, Amount: g.small(),
					}))
				}
			},
			bound: func(g *ring) *big.Int { return g.bps(g.worth(), g.version.Fronts.Return) },
		},
		"using one's own tools through one's own front end": {
			pay: func(g *ring, tb testing.TB) {
				g.version.Tools.Return, g.version.Fronts.Return = 6000, 3000
				g.own = append(g.own, g.fact(tb, usage.Entry{Kind: usage.Subnet, To: g.to, Subnet: subnetOf(9), Earner: g.member(0)}))
				for i := range 1 + g.IntN(6) {
					e := usage.Entry{
						Kind: usage.Tool, Name: []byte("swap"), Earner: g.member(i), Other: g.member(i + 1), Chain: 1, Amount: g.small(),
						Subject: common.Hash{byte(i)},
					}
					g.paid = append(g.paid, g.fact(tb, e))
					e.Kind, e.Subnet, e.Other = usage.Front, subnetOf(9), g.member(1)
					g.own = append(g.own, g.fact(tb, e))
				}
				g.paid, g.own = append(g.paid, g.own[1:]...), g.own[:1]
			},
			bound: func(g *ring) *big.Int { // each transaction is there twice, and was burned once
				burned := new(big.Int).Rsh(g.worth(), 1)
				return g.bps(burned, g.version.Tools.Return+g.version.Fronts.Return)
			},
		},
		"buying from oneself": {
			pay: func(g *ring, tb testing.TB) {
				for i := range ringSize {
					g.own = append(g.own, g.fact(tb, usage.Entry{Kind: usage.Bond, To: g.to, Earner: g.member(i), Amount: g.amount()}))
					for range 3 {
						g.own = append(g.own, g.fact(tb, usage.Entry{
							Kind: usage.Audit, Name: []byte("small"), Earner: g.member(i), Other: g.member(i + 1), Flag: true,
						}))
					}
				}
				for i := range 1 + g.IntN(6) {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{
						Kind: usage.Receipt, Name: []byte("small"), Earner: g.member(i), Other: g.anyMember(), Input: 1e9, Output: 1e9,
						PriceIn: g.amount(), PriceOut: g.amount(), Fee: g.small(),
					}))
				}
			},
			bound: func(g *ring) *big.Int {
				fees, bond := new(big.Int), new(big.Int)
				for _, f := range g.paid {
					fees.Add(fees, f.Fee.ToBig())
				}
				for _, f := range slices.Concat(g.own, g.others) {
					if f.Kind == usage.Bond && g.holds(f.Earner) {
						bond.Add(bond, f.Amount.ToBig()) // at least the mean
					}
				}
				return least(g.bps(fees, g.version.Receipts.Return), g.bps(bond, g.version.Receipts.Bond))
			},
		},
		"committing empty work with fewer maintainers than a quorum": {
			pay: func(g *ring, tb testing.TB) {
				g.version.Works.Quorum = 2 + g.Uint64N(2)
				g.version.Works.Maintainers = append(g.version.Works.Maintainers, g.member(0))
				for i := range 6 {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{
						Kind: usage.Work, Name: []byte("fix"), Place: []byte("k"), Subject: common.Hash{0x99}, Earner: g.member(1 + i%2), Other: g.member(i),
						Amount: g.small(),
					}))
				}
			},
			bound: func(*ring) *big.Int { return new(big.Int) },
		},
		"staking in one's own subnet": {
			pay: func(g *ring, tb testing.TB) {
				g.own = append(g.own, g.fact(tb, usage.Entry{
					Kind: usage.Subnet, To: g.to, Subnet: subnetOf(9), Earner: g.member(0), Fee: g.amount(),
				}))
				for i := range 1 + g.IntN(4) {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{Kind: usage.Stake, To: g.to, Subnet: subnetOf(9), Earner: g.member(i), Amount: g.small()}))
				}
			},
			bound: func(g *ring) *big.Int { // what the same amount brings anybody: its part of all stakes, or of all that was emitted
				staked := new(big.Int)
				for _, f := range g.paid {
					staked.Add(staked, f.Amount.ToBig())
				}
				ever, _ := g.rules.EmittedBefore(rules.Community, g.rules.First+1)
				a := bookOfNothing(g)
				budget := a.Parts[rules.Stakes].Budget.ToBig()
				if ever.IsZero() {
					return budget
				}
				return least(budget, frac(budget, staked, ever.ToBig()))
			},
		},
		"giving yield to the pool": {
			pay: func(g *ring, tb testing.TB) {
				g.version.Yields.Most = wei("900000000000000000")
				for i := range ringSize {
					g.own = append(g.own, g.fact(tb, usage.Entry{
						Kind: usage.Deposit, To: g.to, Asset: asset(0), Earner: g.member(i), Other: g.member(i + 1), Amount: g.amount(),
					}))
				}
				for range 1 + g.IntN(3) {
					g.paid = append(g.paid, g.fact(tb, usage.Entry{
						Kind: usage.Yield, Asset: asset(0), Amount: g.small(), Decimals: 18, PriceIn: wei("3000000000000000000000"),
					}))
				}
			},
			bound: func(g *ring) *big.Int {
				worth := new(big.Int)
				for _, f := range g.paid {
					worth.Add(worth, new(big.Int).Mul(f.Amount.ToBig(), f.PriceIn.ToBig()))
				}
				e18 := big.NewInt(1e18)
				return frac(worth.Quo(worth, e18), g.version.Yields.Most.ToBig(), e18)
			},
		},
		"voting oneself a payout that nobody who is listed reports": {
			pay: func(g *ring, tb testing.TB) {
				g.version.Reporters = map[usage.Kind][]common.Address{usage.Payout: {person(2)}}
				g.paid = append(g.paid, g.fact(tb, usage.Entry{Kind: usage.Payout, Earner: g.member(0), Amount: g.small()}))
			},
			bound: func(*ring) *big.Int { return new(big.Int) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			reached := 0
			rapid.Check(t, func(rt *rapid.T) {
				g := drawRing(rt, t)
				s.pay(g, t)
				gain, bound := g.gain(t), s.bound(g)
				if most := new(big.Int).Add(bound, big.NewInt(rounding)); gain.Cmp(most) > 0 {
					rt.Fatalf("it brings %s, and may bring %s", gain, bound)
				}
				if half := new(big.Int).Rsh(bound, 1); gain.Cmp(half) >= 0 {
					reached++
				}
			})
			if reached == 0 {
				t.Error("no ring came near its bound: the worlds are too poor to tell")
			}
		})
	}
}

func bookOfNothing(g *ring) *Allotment {
	before, err := Begin(g.rules)
	if err != nil {
		panic(err)
	}
	b, err := New(g.rules, before)
	if err != nil {
		panic(err)
	}
	a, _, err := b.Close()
	if err != nil {
		panic(err)
	}
	return a
}
