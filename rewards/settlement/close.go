package settlement

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// grant is what an account gets of a part, before other grants of the same account are added.
type grant struct {
	part   rules.Part
	role   Role
	group  uint32   // subnet or asset, by its place in the book
	id     usage.ID // of a payout
	to     common.Address
	wei    uint256.Int
	weight uint256.Int
	total  uint256.Int
	bound  Bound
}

// cut leaves at most this much.
func (g *grant) cut(most uint256.Int, bound Bound) {
	if most.Lt(&g.wei) {
		g.wei, g.bound = most, bound
	}
}

func (b *Book) give(g *grant, p *Part) {
	addTo(&p.Paid, &g.wei)
	if !g.wei.IsZero() {
		addTo(b.purse.sum(g.to), &g.wei)
	}
	if b.watch != nil && b.watch.account == g.to {
		b.watch.grants = append(b.watch.grants, *g)
	}
}

// byWeight divides a part's budget by largest remainder; ties go to the lower address.
func byWeight(earners *rows[common.Address, uint256.Int], p *Part) []uint256.Int {
	for i := range earners.n {
		addTo(&p.Weight, &earners.row(i).sum)
	}
	return divide(&p.Budget, &p.Weight, earners.n,
		func(i int) *uint256.Int { return &earners.row(i).sum },
		func(i, j int) bool { return earners.row(i).key.Cmp(earners.row(j).key) < 0 })
}

// Close divides the budgets of the epoch by what was counted, and makes the state after it. The book may not be used any more. It
// is refused as bad_rules where they pay more than can be reckoned.
func (b *Book) Close() (*Allotment, *State, error) {
	a := &Allotment{Epoch: b.Epoch()}
	if err := b.budget(a); err != nil {
		return nil, nil, err
	}
	standing := b.stand()
	fees, err := b.payParts(a, standing)
	if err != nil {
		return nil, nil, err
	}
	a.Buckets[rules.Community].Fees, a.Buckets[rules.Protection].Fees = fees, fees
	for k := range a.Buckets {
		a.carry(rules.Bucket(k))
	}
	a.earned = b.earned()
	after := &State{Rules: b.before.Rules, Next: b.Epoch() + 1, Ledger: b.before.Ledger, standing: standing}
	for k := range a.Buckets {
		after.Carry[k] = a.Buckets[k].Carry
	}
	after.earned = add(b.before.earned, a.earned)
	return a, after, nil
}

// payParts pays one part after the other, and lets go of what it was paid by: the largest tables need not be there at once.
func (b *Book) payParts(a *Allotment, standing []Contribution) (fees uint256.Int, err error) {
	b.payYields(&a.Parts[rules.Yields])
	drop(b, &b.deposits)
	if fees, err = b.payStakes(&a.Parts[rules.Stakes]); err != nil {
		return fees, err
	}
	drop(b, &b.stakes)
	b.payFronts(&a.Parts[rules.Fronts])
	drop(b, &b.fronts)
	b.payReceipts(&a.Parts[rules.Receipts])
	drop(b, &b.providers)
	b.payTools(&a.Parts[rules.Tools])
	drop(b, &b.tools)
	b.payWorks(&a.Parts[rules.Works], standing)
	b.payPayouts(&a.Parts[rules.Payouts])
	return fees, nil
}

// drop empties a table, unless somebody will look into it.
func drop[K comparable, V any](b *Book, table *rows[K, V]) {
	if b.watch == nil {
		*table = rows[K, V]{}
	}
}

// budget says how much each bucket and each part may pay.
func (b *Book) budget(a *Allotment) error {
	for k := range rules.Buckets {
		emitted, err := b.rules.Emission(k, b.Epoch())
		if err != nil {
			return err
		}
		if err := errors.Join(fits(&emitted), fits(&b.before.Carry[k])); err != nil {
			return err
		}
		of := &a.Buckets[k]
		of.Carried, of.Emission, of.Released = b.before.Carry[k], emitted, b.before.Carry[k]
		if k != rules.Protection {
			of.Released.Div(&of.Carried, uint256.NewInt(b.version.Carry))
		}
		of.Budget.Add(&emitted, &of.Released)
		b.share(a, k)
	}
	return nil
}

// share divides a bucket among its parts; ties go to the first of them.
func (b *Book) share(a *Allotment, k rules.Bucket) {
	var parts []rules.Part
	var shares []uint256.Int
	var all uint256.Int
	for p := range rules.Parts {
		if p.Bucket() == k {
			parts, shares = append(parts, p), append(shares, *uint256.NewInt(uint64(b.version.Shares[p])))
			addTo(&all, &shares[len(shares)-1])
		}
	}
	wei := divide(&a.Buckets[k].Budget, &all, len(parts),
		func(i int) *uint256.Int { return &shares[i] },
		func(i, j int) bool { return i < j })
	for i, p := range parts {
		a.Parts[p].Budget = wei[i]
	}
}

// carry is what is left of a bucket.
func (a *Allotment) carry(k rules.Bucket) {
	of := &a.Buckets[k]
	for p := range rules.Parts {
		if p.Bucket() == k {
			addTo(&of.Paid, &a.Parts[p].Paid)
		}
	}
	of.Carry.Sub(&of.Carried, &of.Released)
	of.Carry.Add(&of.Carry, &of.Budget)
	of.Carry.Sub(&of.Carry, &of.Paid)
	switch k {
	case rules.Community:
		of.Carry.Sub(&of.Carry, &of.Fees)
	case rules.Protection:
		of.Carry.Add(&of.Carry, &of.Fees)
	}
}

// earned is the purse by address. What is sorted is the first bytes of each, which are mostly enough to tell them apart.
func (b *Book) earned() []Earned {
	type place struct {
		begins uint64
		at     uint32
	}
	order := make([]place, b.purse.n)
	for i := range order {
		order[i] = place{binary.BigEndian.Uint64(b.purse.row(i).key[:8]), uint32(i)}
	}
	slices.SortFunc(order, func(x, y place) int {
		if c := cmp.Compare(x.begins, y.begins); c != 0 {
			return c
		}
		return b.purse.row(int(x.at)).key.Cmp(b.purse.row(int(y.at)).key)
	})
	earned := make([]Earned, len(order))
	for i := range order {
		r := b.purse.row(int(order[i].at))
		earned[i] = Earned{r.key, r.sum}
	}
	return earned
}

// add sums two lists by address.
func add(old, more []Earned) []Earned {
	if len(more) == 0 {
		return old // nobody changes it
	}
	sum := make([]Earned, 0, len(old)+len(more))
	for len(old) > 0 && len(more) > 0 {
		switch old[0].Account.Cmp(more[0].Account) {
		case -1:
			sum, old = append(sum, old[0]), old[1:]
		case 1:
			sum, more = append(sum, more[0]), more[1:]
		default:
			both := old[0]
			addTo(&both.Wei, &more[0].Wei)
			sum, old, more = append(sum, both), old[1:], more[1:]
		}
	}
	return append(append(sum, old...), more...)
}
