package settlement

import (
	"bytes"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Stakes in builder subnets earn by amount and time. While less is staked than was ever emitted, stakers share with tokens that nobody
// staked: a token gets what it would if all of them were.

func (b *Book) countStake(e *usage.Entry) Why {
	weight := standingWeight(e)
	addTo(b.stakes.sum(pair{b.subnets.index(e.Subnet), e.Earner}), &weight)
	return Counts
}

// payStakes pays stakers and treasuries, and returns the fee for protection.
func (b *Book) payStakes(p *Part) (fees uint256.Int, err error) {
	var counted []*row[pair, uint256.Int]
	for i := range b.stakes.n {
		if r := b.stakes.row(i); b.subnets.row(int(r.key.group)).sum.there {
			counted = append(counted, r)
			addTo(&p.Weight, &r.sum)
		}
	}
	all, wei, err := b.divideStakes(p, counted)
	if err != nil {
		return fees, err
	}
	forTreasuries := make([]uint256.Int, b.subnets.n)
	for i, r := range counted {
		protocol, treasury, staker := multiplier.Fees(&wei[i], &b.version.Stakes.Fee, &b.subnets.row(int(r.key.group)).sum.fee)
		addTo(&fees, &protocol)
		addTo(&forTreasuries[r.key.group], &treasury)
		b.give(&grant{part: rules.Stakes, group: r.key.group, to: r.key.who, wei: staker, weight: r.sum, total: all}, p)
	}
	for i := range forTreasuries {
		s := &b.subnets.row(i).sum
		if s.there {
			b.give(&grant{part: rules.Stakes, role: Treasury, group: uint32(i), to: s.treasury, wei: forTreasuries[i], total: all}, p)
		}
	}
	return fees, nil
}

// divideStakes also returns what the budget was divided by.
func (b *Book) divideStakes(p *Part, counted []*row[pair, uint256.Int]) (all uint256.Int, wei []uint256.Int, err error) {
	pool, _ := b.rules.Schedule.Pool(rules.Community.String()) // the zero pool is paid nothing
	ever := pool.Between(0, b.to)
	if err := fits(&ever); err != nil {
		return all, nil, err
	}
	all.Mul(&ever, &b.seconds) // below 2^192 * 2^64
	if !p.Weight.Lt(&all) {
		return p.Weight, divide(&p.Budget, &p.Weight, len(counted),
			func(i int) *uint256.Int { return &counted[i].sum },
			func(i, j int) bool { return b.stakeOrder(counted[i], counted[j]) < 0 }), nil
	}
	wei = make([]uint256.Int, len(counted))
	for i, r := range counted {
		wei[i].MulDivOverflow(&p.Budget, &r.sum, &all) // a part of the budget
	}
	return all, wei, nil
}

func (b *Book) stakeOrder(x, y *row[pair, uint256.Int]) int {
	if c := x.key.who.Cmp(y.key.who); c != 0 {
		return c
	}
	return bytes.Compare(b.subnets.row(int(x.key.group)).key[:], b.subnets.row(int(y.key.group)).key[:])
}
