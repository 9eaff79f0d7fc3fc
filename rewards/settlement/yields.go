package settlement

import (
	"github.com/holiman/uint256"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Yields are what the assets of the capital pool earned, which is the protocol's; the budget goes by them to the assets, and there to
// members by what they deposited, for how long and how long they locked their claims, and to those who referred them. An asset gets
// less than its yield was worth, so that nobody can gain by giving the pool some.

// deposit is what an account has in an asset.
type deposit struct {
	member   uint256.Int // virtual wei * seconds
	referred uint256.Int // wei * seconds of others
}

func (d *deposit) add(more *deposit) {
	addTo(&d.member, &more.member)
	addTo(&d.referred, &more.referred)
}

const yieldDecimals = 18

// yieldWorth is the entry's gain, as if it had 18 decimals, times its price.
func (b *Book) yieldWorth(e *usage.Entry) (worth uint256.Int, why Why) {
	if _, listed := b.lists.assets[e.Asset]; !listed {
		return worth, NoAsset
	}
	switch {
	case e.Decimals <= yieldDecimals:
		worth.Mul(&e.Amount, power10(yieldDecimals-e.Decimals)) // below 2^128 * 10^18
	case e.Decimals-yieldDecimals < 39: // 10^39 is above 2^128
		worth.Div(&e.Amount, power10(e.Decimals-yieldDecimals))
	}
	if _, over := worth.MulOverflow(&worth, &e.PriceIn); over || worth.BitLen() > mostBits {
		return uint256.Int{}, TooMuch
	}
	return worth, Counts
}

func power10(n uint64) *uint256.Int {
	return new(uint256.Int).Exp(uint256.NewInt(10), uint256.NewInt(n))
}

func (b *Book) countYield(e *usage.Entry) Why {
	worth, why := b.yieldWorth(e)
	if why == Counts {
		addTo(&b.yields[b.lists.assets[e.Asset]], &worth)
	}
	return why
}

// memberWeight is what a deposit weighs for whose it is, with its lock multiplier.
func memberWeight(e *usage.Entry, lock uint256.Int) (weight uint256.Int) {
	m := multiplier.Total(lock, multiplier.Referral(e.Other != common.Address{}))
	weight.MulDivOverflow(&e.Amount, &m, multiplier.One()) // below 2^128 * 10.71
	return *weight.Mul(&weight, length(e))
}

func (b *Book) countDeposit(e *usage.Entry) Why {
	asset, listed := b.lists.assets[e.Asset]
	if !listed {
		return NoAsset
	}
	weight := memberWeight(e, b.locks.get(e.LockFrom, e.LockTo))
	addTo(&b.deposits.sum(pair{asset, e.Earner}).member, &weight)
	if e.Other != (common.Address{}) {
		referred := standingWeight(e)
		addTo(&b.deposits.sum(pair{asset, e.Other}).referred, &referred)
	}
	return Counts
}

// bonus is what a referrer's weight is of what it referred, in units of 1e-25.
func (b *Book) bonus(referred *uint256.Int) (bonus uint256.Int) {
	mean := new(uint256.Int).Div(referred, &b.seconds)
	for _, t := range b.version.Yields.Tiers {
		if !mean.Lt(&t.From) {
			bonus = t.Bonus
		}
	}
	return bonus
}

// capital is an earner in one asset.
type capital struct {
	who    common.Address
	role   Role
	weight uint256.Int
}

func (c *capital) before(other *capital) bool {
	if order := c.who.Cmp(other.who); order != 0 {
		return order < 0
	}
	return c.role < other.role
}

func (b *Book) payYields(p *Part) {
	for i := range b.yields {
		addTo(&p.Weight, &b.yields[i])
	}
	if p.Weight.IsZero() {
		return
	}
	earners := b.capitals()
	for asset := range b.yields {
		b.payAsset(uint32(asset), earners[asset], p)
	}
}

// capitals are the earners by asset.
func (b *Book) capitals() [][]capital {
	earners := make([][]capital, len(b.yields))
	for i := range b.deposits.n {
		r := b.deposits.row(i)
		of := &earners[r.key.group]
		if !r.sum.member.IsZero() {
			*of = append(*of, capital{r.key.who, Earner, r.sum.member})
		}
		bonus := b.bonus(&r.sum.referred)
		bonus.MulDivOverflow(&r.sum.referred, &bonus, multiplier.One()) // a part of it
		if !bonus.IsZero() {
			*of = append(*of, capital{r.key.who, Referrer, bonus})
		}
	}
	return earners
}

func (b *Book) payAsset(asset uint32, earners []capital, p *Part) {
	yield := &b.yields[asset]
	var budget, most, total uint256.Int
	budget.MulDivOverflow(yield, &p.Budget, &p.Weight) // a part of the budget
	most.Div(yield, unit)
	bound := Uncut
	if _, over := most.MulDivOverflow(&most, &b.version.Yields.Most, unit); !over && most.Lt(&budget) {
		budget, bound = most, Most
	}
	for i := range earners {
		addTo(&total, &earners[i].weight)
	}
	wei := divide(&budget, &total, len(earners),
		func(i int) *uint256.Int { return &earners[i].weight },
		func(i, j int) bool { return earners[i].before(&earners[j]) })
	for i := range earners {
		e := &earners[i]
		b.give(&grant{part: rules.Yields, role: e.role, group: asset, to: e.who, wei: wei[i], weight: e.weight, total: total, bound: bound}, p)
	}
}

// locks remembers lock multipliers, which take long to reckon: many deposits are locked alike, and one that stands is there each epoch.
type locks []struct {
	from, to emission.Time
	factor   uint256.Int
}

const mostLocks = 1 << 12

func (l *locks) get(from, to emission.Time) uint256.Int {
	if from >= to {
		return *multiplier.One()
	}
	if *l == nil {
		*l = make(locks, mostLocks)
	}
	at := &(*l)[(uint64(from)*0x9e3779b97f4a7c15^uint64(to)*0xc2b2ae3d27d4eb4f)>>52]
	if at.from != from || at.to != to {
		at.from, at.to, at.factor = from, to, multiplier.Lock(from, to)
	}
	return at.factor
}
