package settlement

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Use is what people did with tools and front ends, by what they burned for it on a chain. Whoever earns by it is paid at most a part
// of what its users burned (Return, below the whole), at a rate below the market's: so whoever is its own user loses.

var unit = uint256.NewInt(1e18)

// subnet is what the entries of an epoch say of a builder subnet.
type subnet struct {
	there    bool
	treasury common.Address // of the entry with the latest from, then the greatest id
	from     emission.Time
	id       usage.ID
	ref      usage.Ref
	fee      uint256.Int // the least, in units of 1e-25
}

func (s *subnet) add(more *subnet) {
	if !more.there {
		return
	}
	if !s.there {
		*s = *more
		return
	}
	if more.fee.Lt(&s.fee) {
		s.fee = more.fee
	}
	if more.from > s.from || more.from == s.from && string(more.id[:]) > string(s.id[:]) {
		s.treasury, s.from, s.id, s.ref = more.treasury, more.from, more.id, more.ref
	}
}

// mergeSubnets returns where the subnets of the branch are now.
func (b *Book) mergeSubnets(branch *Book) []uint32 {
	places := make([]uint32, branch.subnets.n)
	for i := range places {
		r := branch.subnets.row(i)
		places[i] = b.subnets.index(r.key)
		b.subnets.row(int(places[i])).sum.add(&r.sum)
	}
	return places
}

func (b *Book) countSubnet(id usage.ID, e *usage.Entry) Why {
	b.subnets.sum(e.Subnet).add(&subnet{there: true, treasury: e.Earner, from: e.At, id: id, ref: e.Ref, fee: e.Fee})
	return Counts
}

// worth is what was burned, in wei of the token.
func (b *Book) worth(e *usage.Entry) (worth uint256.Int, why Why) {
	rate, known := b.lists.rates[e.Chain]
	if !known {
		return worth, NoRate
	}
	if _, over := worth.MulDivOverflow(&e.Amount, &rate, unit); over || worth.BitLen() > mostBits {
		return uint256.Int{}, TooMuch
	}
	return worth, Counts
}

func (b *Book) toolWorth(e *usage.Entry) (worth uint256.Int, why Why) {
	if e.Earner == e.Other {
		return worth, Itself
	}
	return b.worth(e)
}

func (b *Book) countTool(e *usage.Entry) Why {
	worth, why := b.toolWorth(e)
	if why == Counts {
		addTo(b.tools.sum(e.Earner), &worth)
	}
	return why
}

func (b *Book) countFront(e *usage.Entry) Why {
	worth, why := b.worth(e)
	if why == Counts {
		addTo(b.fronts.sum(pair{b.subnets.index(e.Subnet), e.Other}), &worth)
	}
	return why
}

func (b *Book) payTools(p *Part) { b.payUse(rules.Tools, &b.version.Tools, &b.tools, p) }

func (b *Book) payFronts(p *Part) {
	var treasuries rows[common.Address, uint256.Int]
	for i := range b.fronts.n {
		r := b.fronts.row(i)
		if s := &b.subnets.row(int(r.key.group)).sum; s.there && s.treasury != r.key.who {
			addTo(treasuries.sum(s.treasury), &r.sum)
		}
	}
	b.payUse(rules.Fronts, &b.version.Fronts, &treasuries, p)
}

func (b *Book) payUse(of rules.Part, r *rules.UseRules, worth *rows[common.Address, uint256.Int], p *Part) {
	most := bps(&p.Budget, r.Most)
	for i, wei := range byWeight(worth, p) {
		earner := worth.row(i)
		got := grant{part: of, to: earner.key, wei: wei, weight: earner.sum, total: p.Weight}
		got.cut(bps(&earner.sum, r.Return), Return)
		got.cut(most, Most)
		b.give(&got, p)
	}
}

// bps is a part of an amount, rounded down.
func bps(amount *uint256.Int, part rules.Bps) uint256.Int {
	var cut uint256.Int
	if _, over := cut.MulDivOverflow(amount, uint256.NewInt(uint64(part)), uint256.NewInt(uint64(rules.Whole))); over {
		cut.SetAllOne()
	}
	return cut
}
