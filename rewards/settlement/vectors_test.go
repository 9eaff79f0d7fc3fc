package settlement

import (
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// The vectors below are those of Morpheus's contracts, from MorpheusAIs/SmartContracts:
// test/capital-protocol/old/Distribution.test.ts (members and weights), test/capital-protocol/Distributor.test.ts (yields) and
// test/builder-protocol/BuilderSubnets.test.ts (stakes).

const day = 86400

// vectorRules share all of a bucket by one part, cut nothing, and pay by a curve like the vectors'.
func vectorRules(t *testing.T, initial, step string) *rules.Rules {
	t.Helper()
	r := rules.Example()
	r.Schedule = scheduleOf(t, "86400", initial, step)
	r.Start, r.Length, r.First = r.Schedule.Start, day, 0
	v := r.Versions[0]
	v.Shares[rules.Works], v.Shares[rules.Tools] = rules.Whole, 0
	v.Shares[rules.Stakes], v.Shares[rules.Fronts] = rules.Whole, 0
	v.Reporters = nil
	v.Works = rules.WorkRules{
		Maintainers: []common.Address{person(0)}, Quorum: 1, Most: rules.Whole,
		Classes: map[string]rules.Class{"fix": {Most: wei("1000"), Epochs: 1_000_000}},
	}
	v.Yields.Most = wei("340282366920938463463374607431768211455")
	r.Versions = []rules.Version{v}
	return &r
}

// chain settles epochs in turn.
type chain struct {
	t     *testing.T
	rules *rules.Rules
	state *State
	next  byte
}

func newChain(t *testing.T, r *rules.Rules) *chain { return &chain{t: t, rules: r, state: begin(t, r)} }

// reporterOf signs what nobody else may: a maintainer its opinion.
func reporterOf(e *usage.Entry) common.Address {
	if e.Kind == usage.Work || e.Kind == usage.Risk {
		return e.Other
	}
	return person(0)
}

func (c *chain) start() emission.Time {
	from, _, err := c.rules.Bounds(c.state.Next)
	if err != nil {
		c.t.Fatal(err)
	}
	return from
}

// epoch settles one with these entries, whose times are moved into it. What was carried is left away: the contracts keep for ever
// what they do not pay.
func (c *chain) epoch(entries ...usage.Entry) *Allotment {
	c.t.Helper()
	var all []fact
	for _, e := range entries {
		c.next++
		e.Ref = usage.Ref{c.next}
		if e.To != 0 {
			e.To += c.start()
		}
		e.At += c.start()
		f := fact{reporter: reporterOf(&e), Entry: e}
		f.id = idOf(c.t, &f.Entry)
		all = append(all, f)
	}
	c.state.Carry = [rules.Buckets]uint256.Int{}
	a, after := bookOf(c.t, c.rules, c.state, all)
	c.state = after
	return a
}

func (c *chain) has(who common.Address, want string) {
	c.t.Helper()
	if got := c.state.Wei(who); got.Dec() != want {
		c.t.Errorf("before epoch %d %s has earned %s, want %s", c.state.Next, who, &got, want)
	}
}

func work(commit byte, author common.Address, weight uint64) usage.Entry {
	e := usage.Entry{Kind: usage.Work, Name: []byte("fix"), Place: []byte("keymaker"), Earner: author, Other: person(0)}
	e.Amount.SetUint64(weight)
	e.Subject[0] = commit
	return e
}

func TestMembersEarnByTheWeightsOfTheirWorksAsInMorpheusPools(t *testing.T) {
	one, two := person(3), person(4)
	t.Run("weights 1 and 4", func(t *testing.T) {
		c := newChain(t, vectorRules(t, "100000000000000000000", "2000000000000000000"))
		c.epoch(work(1, one, 1), work(2, two, 4))
		c.has(one, "20000000000000000000")
		c.has(two, "80000000000000000000")
		for range 60 {
			c.epoch()
		}
		c.has(one, "510000000000000000000")
		c.has(two, "2040000000000000000000")
	})
	t.Run("joined on day 25", func(t *testing.T) {
		c := newChain(t, vectorRules(t, "100000000000000000000", "2000000000000000000"))
		for range 25 {
			c.epoch()
		}
		c.epoch(work(1, one, 1), work(2, two, 4))
		for range 30 {
			c.epoch()
		}
		c.has(one, "130000000000000000000")
		c.has(two, "520000000000000000000")
	})
	t.Run("5 and 5 after the first day", func(t *testing.T) {
		c := newChain(t, vectorRules(t, "100000000000000000000", "2000000000000000000"))
		c.epoch(work(1, one, 1), work(2, two, 4))
		c.epoch(work(3, one, 4), work(4, two, 1))
		c.has(one, "69000000000000000000")
		c.has(two, "129000000000000000000")
	})
}

func TestAssetsShareByYieldAsInMorpheusDistributor(t *testing.T) {
	for _, v := range []struct {
		name           string
		reward         string
		prices, yields [2]string
		want           [2]string
	}{
		{"20 and 80", "100000000000000000000", [2]string{"2", "4"}, [2]string{"1", "2"}, [2]string{"20000000000000000000", "80000000000000000000"}},
		{"45 and 5", "50000000000000000000", [2]string{"2", "1"}, [2]string{"45", "10"}, [2]string{"45000000000000000000", "5000000000000000000"}},
		{"16 and 4", "20000000000000000000", [2]string{"4", "1"}, [2]string{"10", "10"}, [2]string{"16000000000000000000", "4000000000000000000"}},
		{"nothing earned", "6660000000000000000", [2]string{"4", "1"}, [2]string{"0", "0"}, [2]string{"0", "0"}},
	} {
		t.Run(v.name, func(t *testing.T) {
			c := newChain(t, vectorRules(t, v.reward, v.reward))
			c.rules.Versions[0].Yields.Assets = map[common.Address]bool{asset(0): true, asset(1): true}
			var entries []usage.Entry
			e18 := uint256.NewInt(1e18)
			for i := range 2 {
				gain, price := wei(v.yields[i]), wei(v.prices[i])
				gain.Mul(&gain, e18)
				price.Mul(&price, e18)
				entries = append(entries,
					usage.Entry{Kind: usage.Yield, Asset: asset(i), Amount: gain, Decimals: 18, PriceIn: price},
					usage.Entry{Kind: usage.Deposit, To: day, Asset: asset(i), Earner: person(3 + i), Amount: wei("7")})
			}
			a := c.epoch(entries...)
			c.has(person(3), v.want[0])
			c.has(person(4), v.want[1])
			if v.want[0] == "0" && !a.Buckets[rules.Capital].Carry.Eq(&a.Buckets[rules.Capital].Emission) {
				t.Error("what nobody earned is not carried")
			}
		})
	}
}

func TestStakersEarnTheRateOfMorpheusBuilderSubnets(t *testing.T) {
	// 25 decimals, so that what a token earns is the contract's rate, which has as many.
	const one = "10000000000000000000000000"
	r := vectorRules(t, "2000000000000000000000000000", one)
	curve, _ := r.Schedule.Pool("community")
	c := newChain(t, r)
	for days, digits := range []string{"1.", "1.4987468671679", "", "2.0785159898594"} { // of the contracts' tests, but for the last digit, which they round
		c.epoch(
			usage.Entry{Kind: usage.Subnet, To: day, Subnet: subnetOf(0), Earner: person(5)},
			usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(3), Amount: wei(one)},
		)
		to := r.Start + emission.Time(day*(days+1))
		staked := wei(one)
		rate, err := multiplier.SubnetRate(curve, r.Start, r.Start, to, &staked)
		if err != nil {
			t.Fatal(err)
		}
		c.has(person(3), rate.Dec())
		if text := rate.Dec(); !strings.HasPrefix(text[:1]+"."+text[1:], digits) {
			t.Errorf("after %d days a token has earned %s, want %s", days+1, text, digits)
		}
	}
}

func TestStakersShareAllWhereMoreIsStakedThanWasEverEmitted(t *testing.T) {
	r := vectorRules(t, "200000000000000000000", "1000000000000000000")
	curve, _ := r.Schedule.Pool("community")
	c := newChain(t, r)
	staked := wei("1000000000000000000000")
	for range 2 {
		c.epoch(
			usage.Entry{Kind: usage.Subnet, To: day, Subnet: subnetOf(0), Earner: person(5)},
			usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(3), Amount: wei("250000000000000000000")},
			usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(4), Amount: wei("750000000000000000000")},
		)
	}
	rate, err := multiplier.SubnetRate(curve, r.Start, r.Start, r.Start+2*day, &staked)
	if err != nil || rate.Dec() != "3990000000000000000000000" { // 399 over 1000
		t.Fatal(rate.Dec(), err)
	}
	c.has(person(3), "99750000000000000000")
	c.has(person(4), "299250000000000000000")
}

func TestStakersPayTheFeesOfMorpheusBuilderSubnets(t *testing.T) {
	const percent = "00000000000000000000000"
	r := vectorRules(t, "4987470000000000000", "4987470000000000000")
	r.Versions[0].Stakes.Fee = wei("30" + percent)
	c := newChain(t, r)
	a := c.epoch(
		usage.Entry{Kind: usage.Subnet, To: day, Subnet: subnetOf(0), Earner: person(5), Fee: wei("20" + percent)},
		usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(3), Amount: wei("4987470000000000000")},
	)
	c.has(person(3), "2493735000000000000")
	c.has(person(5), "997494000000000000")
	protection := &a.Buckets[rules.Protection]
	if protection.Fees.Dec() != "1496241000000000000" || protection.Carry.Dec() != "6483711000000000000" {
		t.Errorf("protection gets %s and carries %s", &protection.Fees, &protection.Carry)
	}
	c = newChain(t, r)
	c.epoch(
		usage.Entry{Kind: usage.Subnet, To: day, Subnet: subnetOf(0), Earner: person(5), Fee: wei("100" + percent)},
		usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(3), Amount: wei("4987470000000000000")},
	)
	c.has(person(3), "0") // fees above the whole leave the staker nothing
	c.has(person(5), "3491229000000000000")
}
