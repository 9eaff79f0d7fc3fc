package settlement

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Receipts are of tokens that a provider served and a consumer burned a fee for. A provider earns who was audited and passed, by the fees
// that count: what tokens cost says how much of their fee does. It gets at most a part of these (Return, below the whole), and of a bond
// while it stands. As weight and bound are one sum, a wei of fee brings nobody more than another's: so whoever buys from itself loses.

// provider is what the entries of an epoch say of a provider.
type provider struct {
	fees           uint256.Int // wei, that count
	bond           uint256.Int // wei * seconds
	audits, passed uint64
}

func (p *provider) add(more *provider) {
	addTo(&p.fees, &more.fees)
	addTo(&p.bond, &more.bond)
	p.audits += more.audits
	p.passed += more.passed
}

var million = uint256.NewInt(1_000_000)

// countedFee is the part of a receipt's fee that counts, in wei.
func (b *Book) countedFee(e *usage.Entry) (fee uint256.Int, why Why) {
	switch {
	case e.Earner == e.Other:
		return fee, Itself
	case e.Fee.IsZero():
		return fee, NoFee
	}
	r := &b.version.Receipts
	priced := func(tokens uint64, price, most *uint256.Int) uint256.Int {
		if price.Gt(most) {
			price = most
		}
		var wei uint256.Int
		return *wei.Mul(price, uint256.NewInt(tokens)) // below 2^128 * 2^53
	}
	in, out := priced(e.Input, &e.PriceIn, &r.MostIn), priced(e.Output, &e.PriceOut, &r.MostOut)
	addTo(&in, &out)
	fee.Div(&in, million)
	fee.Mul(&fee, uint256.NewInt(uint64(r.MostFee))) // below 2^162 * 2^14
	fee.Div(&fee, uint256.NewInt(uint64(rules.Whole)))
	if e.Fee.Lt(&fee) {
		fee = e.Fee
	}
	return fee, Counts
}

func (b *Book) countReceipt(e *usage.Entry) Why {
	fee, why := b.countedFee(e)
	if why == Counts {
		addTo(&b.providers.sum(e.Earner).fees, &fee)
	}
	return why
}

func (b *Book) countAudit(e *usage.Entry) Why {
	if e.Earner == e.Other {
		return Itself
	}
	p := b.providers.sum(e.Earner)
	p.audits++
	if e.Flag {
		p.passed++
	}
	return Counts
}

func (b *Book) countBond(e *usage.Entry) Why {
	stood := standingWeight(e)
	addTo(&b.providers.sum(e.Earner).bond, &stood)
	return Counts
}

func (b *Book) judgeProvider(p *provider) Why {
	if p.audits < b.version.Receipts.LeastAudits {
		return FewAudits
	}
	least := new(uint256.Int).Mul(uint256.NewInt(p.audits), uint256.NewInt(uint64(b.version.Receipts.LeastPassed)))
	passed := new(uint256.Int).Mul(uint256.NewInt(p.passed), uint256.NewInt(uint64(rules.Whole)))
	if passed.Lt(least) {
		return FailedAudits
	}
	return Counts
}

func (b *Book) payReceipts(p *Part) {
	var earners rows[common.Address, uint256.Int]
	for i := range b.providers.n {
		if r := b.providers.row(i); b.judgeProvider(&r.sum) == Counts {
			*earners.sum(r.key) = r.sum.fees
		}
	}
	for i, wei := range byWeight(&earners, p) {
		r := earners.row(i)
		of := b.providers.find(r.key)
		got := grant{part: rules.Receipts, to: r.key, wei: wei, weight: r.sum, total: p.Weight}
		got.cut(bps(&of.fees, b.version.Receipts.Return), Return)
		mean := new(uint256.Int).Div(&of.bond, &b.seconds)
		got.cut(bps(mean, b.version.Receipts.Bond), Bond)
		b.give(&got, p)
	}
}
