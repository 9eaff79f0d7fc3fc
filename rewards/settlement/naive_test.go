package settlement

import (
	"bytes"
	"cmp"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// naive is the specification once more, written to be read: whole entries in lists, maps, sorts, and numbers without a size. It shares
// no line with the package but the types of its input, the schedule and the lock curve.
type naive struct {
	rules    *rules.Rules
	next     usage.Epoch
	carry    [rules.Buckets]*big.Int
	earned   map[string]*big.Int
	standing map[[20]byte]*naiveWork
}

type naiveWork struct {
	author   common.Address
	weight   *big.Int
	accepted usage.Epoch
	epochs   uint64
	risk     *usage.Epoch
}

func newNaive(r *rules.Rules) *naive {
	n := &naive{rules: r, next: r.First, earned: map[string]*big.Int{}, standing: map[[20]byte]*naiveWork{}}
	for b := range rules.Buckets {
		before, err := r.EmittedBefore(b, r.First)
		if err != nil {
			panic(err)
		}
		n.carry[b] = before.ToBig()
	}
	return n
}

func number(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

// frac is floor(a*b/c).
func frac(a, b, c *big.Int) *big.Int {
	p := new(big.Int).Mul(a, b)
	return p.Quo(p, c)
}

func least(a, b *big.Int) *big.Int {
	if a.Cmp(b) < 0 {
		return a
	}
	return b
}

type bag map[string]*big.Int

func (b bag) add(key string, n *big.Int) {
	if b[key] == nil {
		b[key] = new(big.Int)
	}
	b[key].Add(b[key], n)
}

func (b bag) keys() []string {
	var keys []string
	for k := range b {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (b bag) total() *big.Int {
	sum := new(big.Int)
	for _, n := range b {
		sum.Add(sum, n)
	}
	return sum
}

// largest divides by largest remainder; ties go to the lower key.
func (b bag) largest(budget *big.Int) bag {
	shares, total := bag{}, b.total()
	if total.Sign() == 0 {
		return shares
	}
	rest := bag{}
	left := new(big.Int).Set(budget)
	for k, w := range b {
		product := new(big.Int).Mul(budget, w)
		shares[k], rest[k] = new(big.Int).QuoRem(product, total, new(big.Int))
		left.Sub(left, shares[k])
	}
	keys := rest.keys()
	slices.SortStableFunc(keys, func(x, y string) int { return rest[y].Cmp(rest[x]) })
	for _, k := range keys[:left.Int64()] {
		shares[k].Add(shares[k], big.NewInt(1))
	}
	return shares
}

// settle settles the next epoch, and returns what it pays by account.
func (n *naive) settle(all []fact) bag {
	var v rules.Version
	for _, version := range n.rules.Versions {
		if version.From <= n.next {
			v = version
		}
	}
	facts := n.counted(&v, all)
	paid := bag{}
	var budgets [rules.Parts]*big.Int
	var spent [rules.Buckets]*big.Int
	var budget [rules.Buckets]*big.Int
	var released [rules.Buckets]*big.Int
	for b := range rules.Buckets {
		emitted, err := n.rules.Emission(b, n.next)
		if err != nil {
			panic(err)
		}
		released[b] = new(big.Int).Quo(n.carry[b], number(v.Carry))
		if b == rules.Protection {
			released[b] = new(big.Int).Set(n.carry[b])
		}
		budget[b] = new(big.Int).Add(emitted.ToBig(), released[b])
		spent[b] = new(big.Int)
		shares := bag{}
		for p := range rules.Parts {
			if p.Bucket() == b {
				shares[string(rune('a'+p))] = number(uint64(v.Shares[p]))
			}
		}
		divided := shares.largest(budget[b])
		for p := range rules.Parts {
			if p.Bucket() == b {
				budgets[p] = new(big.Int)
				if s := divided[string(rune('a'+p))]; s != nil {
					budgets[p] = s
				}
			}
		}
	}
	protection := new(big.Int)
	pay := func(p rules.Part, got bag) {
		for k, wei := range got {
			paid.add(k, wei)
			spent[p.Bucket()].Add(spent[p.Bucket()], wei)
		}
	}
	pay(rules.Works, n.works(&v, facts, budgets[rules.Works]))
	tools, fronts := naiveUse(&v, facts)
	pay(rules.Tools, naiveBounded(tools, &v.Tools, budgets[rules.Tools]))
	pay(rules.Fronts, naiveBounded(fronts, &v.Fronts, budgets[rules.Fronts]))
	stakes, fees := n.stakes(&v, facts, budgets[rules.Stakes])
	pay(rules.Stakes, stakes)
	protection.Add(protection, fees)
	pay(rules.Receipts, n.receipts(&v, facts, budgets[rules.Receipts]))
	pay(rules.Yields, n.yields(&v, facts, budgets[rules.Yields]))
	pay(rules.Payouts, naivePayouts(facts, budgets[rules.Payouts]))
	for b := range rules.Buckets {
		n.carry[b].Sub(n.carry[b], released[b])
		n.carry[b].Add(n.carry[b], budget[b])
		n.carry[b].Sub(n.carry[b], spent[b])
	}
	n.carry[rules.Community].Sub(n.carry[rules.Community], protection)
	n.carry[rules.Protection].Add(n.carry[rules.Protection], protection)
	for k, wei := range paid {
		if wei.Sign() == 0 {
			delete(paid, k)
			continue
		}
		bag(n.earned).add(k, wei)
	}
	n.next++
	return paid
}

func (n *naive) counted(v *rules.Version, all []fact) (facts []fact) {
	seen := map[usage.ID]bool{}
	for _, f := range all {
		list := v.Reporters[f.Kind]
		if (f.Kind == usage.Work || f.Kind == usage.Risk) && f.reporter != f.Other {
			continue
		}
		if (len(list) == 0 || slices.Contains(list, f.reporter)) && !seen[f.id] {
			seen[f.id] = true
			facts = append(facts, f)
		}
	}
	return facts
}

// granted is the highest weight that at least a quorum says, or more than it.
func granted(said map[common.Address]*big.Int, quorum uint64) *big.Int {
	most := new(big.Int)
	for _, weight := range said {
		var agree uint64
		for _, other := range said {
			if other.Cmp(weight) >= 0 {
				agree++
			}
		}
		if agree >= quorum && weight.Cmp(most) > 0 {
			most = weight
		}
	}
	return most
}

func (n *naive) works(v *rules.Version, facts []fact, budget *big.Int) bag {
	w := v.Works
	for c, k := range n.standing {
		if uint64(n.next-k.accepted) >= k.epochs || k.risk != nil && uint64(n.next-*k.risk) >= w.Grace {
			delete(n.standing, c)
		}
	}
	type opinion struct {
		commit [20]byte
		author common.Address
		class  string
	}
	who := map[opinion]map[common.Address]bool{}
	weight := map[opinion]map[common.Address]*big.Int{}
	for _, f := range facts {
		class, known := w.Classes[string(f.Name)]
		if f.Kind != usage.Work || !known || f.Other == f.Earner || !slices.Contains(w.Maintainers, f.Other) {
			continue
		}
		o := opinion{[20]byte(f.Subject[:20]), f.Earner, string(f.Name)}
		if who[o] == nil {
			who[o], weight[o] = map[common.Address]bool{}, map[common.Address]*big.Int{}
		}
		if !who[o][f.Other] {
			who[o][f.Other], weight[o][f.Other] = true, class.Most.ToBig()
		}
		weight[o][f.Other] = least(weight[o][f.Other], f.Amount.ToBig())
	}
	quorums := map[[20]byte][]opinion{}
	for o := range who {
		if uint64(len(who[o])) >= w.Quorum {
			quorums[o.commit] = append(quorums[o.commit], o)
		}
	}
	for commit, os := range quorums {
		if len(os) == 1 && n.standing[commit] == nil {
			n.standing[commit] = &naiveWork{
				author: os[0].author, weight: granted(weight[os[0]], w.Quorum), accepted: n.next, epochs: w.Classes[os[0].class].Epochs,
			}
		}
	}
	weights := bag{}
	for commit, k := range n.standing {
		says := map[bool]map[common.Address]bool{true: {}, false: {}}
		for _, f := range facts {
			if f.Kind == usage.Risk && [20]byte(f.Subject[:20]) == commit && f.Other != k.author && slices.Contains(w.Maintainers, f.Other) {
				says[f.Flag][f.Other] = true
			}
		}
		switch {
		case uint64(len(says[false])) >= w.Quorum:
			k.risk = nil
		case uint64(len(says[true])) >= w.Quorum && k.risk == nil:
			now := n.next
			k.risk = &now
		}
		if k.risk != nil && uint64(n.next-*k.risk) >= w.Grace {
			delete(n.standing, commit)
			continue
		}
		weights.add(string(k.author[:]), k.weight)
	}
	got := weights.largest(budget)
	for k := range got {
		got[k] = least(got[k], frac(budget, number(uint64(w.Most)), number(10_000)))
	}
	return got
}

func naiveTreasuries(facts []fact) map[common.Hash]common.Address {
	found := map[common.Hash]fact{}
	for _, f := range facts {
		if f.Kind != usage.Subnet {
			continue
		}
		old, again := found[f.Subnet]
		if !again || f.At > old.At || f.At == old.At && bytes.Compare(f.id[:], old.id[:]) > 0 {
			found[f.Subnet] = f
		}
	}
	treasuries := map[common.Hash]common.Address{}
	for s, f := range found {
		treasuries[s] = f.Earner
	}
	return treasuries
}

func naiveUse(v *rules.Version, facts []fact) (tools, fronts bag) {
	tools, fronts = bag{}, bag{}
	treasuries := naiveTreasuries(facts)
	for _, f := range facts {
		rate, known := v.Burned[f.Chain]
		worth := frac(f.Amount.ToBig(), rate.ToBig(), big.NewInt(1e18))
		treasury, there := treasuries[f.Subnet]
		switch {
		case !known || worth.BitLen() > 192:
		case f.Kind == usage.Tool && f.Earner != f.Other:
			tools.add(string(f.Earner[:]), worth)
		case f.Kind == usage.Front && there && treasury != f.Other:
			fronts.add(string(treasury[:]), worth)
		}
	}
	return tools, fronts
}

func naiveBounded(worth bag, r *rules.UseRules, budget *big.Int) bag {
	got := worth.largest(budget)
	for k := range got {
		got[k] = least(got[k], frac(worth[k], number(uint64(r.Return)), number(10_000)))
		got[k] = least(got[k], frac(budget, number(uint64(r.Most)), number(10_000)))
	}
	return got
}

func (n *naive) stakes(v *rules.Version, facts []fact, budget *big.Int) (got bag, fees *big.Int) {
	treasuries := naiveTreasuries(facts)
	fee := map[common.Hash]*big.Int{}
	for _, f := range facts {
		if f.Kind == usage.Subnet {
			if fee[f.Subnet] == nil {
				fee[f.Subnet] = f.Fee.ToBig()
			}
			fee[f.Subnet] = least(fee[f.Subnet], f.Fee.ToBig())
		}
	}
	weights := bag{}
	for _, f := range facts {
		if _, there := treasuries[f.Subnet]; f.Kind == usage.Stake && there {
			weights.add(string(f.Earner[:])+string(f.Subnet[:]), frac(f.Amount.ToBig(), number(uint64(f.To-f.At)), big.NewInt(1)))
		}
	}
	ever, _ := n.rules.EmittedBefore(rules.Community, n.next+1)
	all := ever.ToBig()
	all.Mul(all, number(uint64(n.rules.Length)))
	gets := weights.largest(budget)
	if weights.total().Cmp(all) < 0 {
		gets = bag{}
		for k, w := range weights {
			gets[k] = frac(budget, w, all)
		}
	}
	got, fees = bag{}, new(big.Int)
	one, _ := new(big.Int).SetString("10000000000000000000000000", 10)
	up := func(gets, fee *big.Int) *big.Int {
		p := new(big.Int).Mul(gets, fee)
		p.Add(p, one)
		p.Sub(p, big.NewInt(1))
		return p.Quo(p, one)
	}
	for k, wei := range gets {
		subnet := common.Hash([]byte(k[20:]))
		first := least(wei, up(wei, v.Stakes.Fee.ToBig()))
		rest := new(big.Int).Sub(wei, first)
		second := least(rest, up(wei, fee[subnet]))
		fees.Add(fees, first)
		treasury := treasuries[subnet]
		got.add(string(treasury[:]), second)
		got.add(k[:20], rest.Sub(rest, second))
	}
	return got, fees
}

func (n *naive) receipts(v *rules.Version, facts []fact, budget *big.Int) bag {
	r := v.Receipts
	weights, fees, bond, audits, passed := bag{}, bag{}, bag{}, map[string]uint64{}, map[string]uint64{}
	for _, f := range facts {
		k := string(f.Earner[:])
		switch {
		case f.Kind == usage.Receipt && f.Earner != f.Other && !f.Fee.IsZero():
			sum := new(big.Int).Mul(number(f.Input), least(f.PriceIn.ToBig(), r.MostIn.ToBig()))
			sum.Add(sum, new(big.Int).Mul(number(f.Output), least(f.PriceOut.ToBig(), r.MostOut.ToBig())))
			counts := least(f.Fee.ToBig(), frac(sum.Quo(sum, big.NewInt(1_000_000)), number(uint64(r.MostFee)), number(10_000)))
			weights.add(k, counts)
			fees.add(k, counts)
		case f.Kind == usage.Audit && f.Earner != f.Other:
			audits[k]++
			if f.Flag {
				passed[k]++
			}
		case f.Kind == usage.Bond:
			bond.add(k, new(big.Int).Mul(f.Amount.ToBig(), number(uint64(f.To-f.At))))
		}
	}
	for k := range weights {
		if audits[k] < r.LeastAudits || passed[k]*10_000 < uint64(r.LeastPassed)*audits[k] {
			delete(weights, k)
		}
	}
	got := weights.largest(budget)
	for k := range got {
		mean := new(big.Int)
		if bond[k] != nil {
			mean.Quo(bond[k], number(uint64(n.rules.Length)))
		}
		got[k] = least(got[k], frac(fees[k], number(uint64(r.Return)), number(10_000)))
		got[k] = least(got[k], frac(mean, number(uint64(r.Bond)), number(10_000)))
	}
	return got
}

func (n *naive) yields(v *rules.Version, facts []fact, budget *big.Int) bag {
	e18 := big.NewInt(1e18)
	power := func(n uint64) *big.Int { return new(big.Int).Exp(big.NewInt(10), number(n), nil) }
	yields := bag{}
	for _, f := range facts {
		if f.Kind != usage.Yield || !v.Yields.Assets[f.Asset] {
			continue
		}
		worth := new(big.Int)
		switch {
		case f.Decimals <= 18:
			worth.Mul(f.Amount.ToBig(), power(18-f.Decimals))
		case f.Decimals < 1000: // nothing is left of 2^128 long before
			worth.Quo(f.Amount.ToBig(), power(f.Decimals-18))
		}
		worth.Mul(worth, f.PriceIn.ToBig())
		if worth.BitLen() <= 192 {
			yields.add(string(f.Asset[:]), worth)
		}
	}
	got := bag{}
	for a, yield := range yields {
		if yields.total().Sign() == 0 {
			break
		}
		share := frac(yield, budget, yields.total())
		share = least(share, frac(new(big.Int).Quo(yield, e18), v.Yields.Most.ToBig(), e18))
		for k, wei := range n.asset(v, facts, common.Address([]byte(a))).largest(share) {
			got.add(k[:20], wei)
		}
	}
	return got
}

// asset is the weights of members and referrers, whose keys are address and role.
func (n *naive) asset(v *rules.Version, facts []fact, asset common.Address) bag {
	one := multiplier.One().ToBig()
	weights, referred := bag{}, bag{}
	for _, f := range facts {
		if f.Kind != usage.Deposit || f.Asset != asset {
			continue
		}
		lock := multiplier.Lock(f.LockFrom, f.LockTo)
		m := lock.ToBig()
		if f.Other != (common.Address{}) {
			m.Add(m, new(big.Int).Quo(one, big.NewInt(100)))
			referred.add(string(f.Other[:]), new(big.Int).Mul(f.Amount.ToBig(), number(uint64(f.To-f.At))))
		}
		virtual := frac(f.Amount.ToBig(), m, one)
		weights.add(string(f.Earner[:])+"m", virtual.Mul(virtual, number(uint64(f.To-f.At))))
	}
	for k, sum := range referred {
		bonus := new(uint256.Int)
		for _, t := range v.Yields.Tiers {
			if new(big.Int).Quo(sum, number(uint64(n.rules.Length))).Cmp(t.From.ToBig()) >= 0 {
				bonus = &t.Bonus
			}
		}
		weights.add(k+"r", frac(sum, bonus.ToBig(), one))
	}
	return weights
}

func naivePayouts(facts []fact, fund *big.Int) bag {
	var votes []fact
	for _, f := range facts {
		if f.Kind == usage.Payout {
			votes = append(votes, f)
		}
	}
	slices.SortFunc(votes, func(a, b fact) int { return cmp.Or(cmp.Compare(a.At, b.At), bytes.Compare(a.id[:], b.id[:])) })
	got, left := bag{}, new(big.Int).Set(fund)
	for _, f := range votes {
		if f.Amount.ToBig().Cmp(left) <= 0 {
			got.add(string(f.Earner[:]), f.Amount.ToBig())
			left.Sub(left, f.Amount.ToBig())
		}
	}
	return got
}
