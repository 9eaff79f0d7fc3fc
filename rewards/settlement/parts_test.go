package settlement

import (
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func atRisk(commit byte, by common.Address, yes bool) usage.Entry {
	return usage.Entry{Kind: usage.Risk, Subject: common.Hash{commit}, Other: by, Flag: yes}
}

// earns reports in which of the epochs an author earned.
func earns(t *testing.T, r *rules.Rules, author common.Address, epochs ...[]usage.Entry) (in []bool) {
	t.Helper()
	c := newChain(t, r)
	for _, entries := range epochs {
		wei := c.epoch(entries...).Wei(author)
		in = append(in, !wei.IsZero())
	}
	return in
}

func TestAContributionEarnsWhileItStands(t *testing.T) {
	author, maintainer, second := person(7), person(0), person(1)
	accepted := []usage.Entry{work(1, author, 5)}
	none := []usage.Entry{}
	risk := []usage.Entry{atRisk(1, maintainer, true)}
	sound := []usage.Entry{atRisk(1, maintainer, false)}
	for _, c := range []struct {
		name   string
		epochs [][]usage.Entry
		want   []bool
	}{
		{"for as many epochs as its class", [][]usage.Entry{accepted, none, none, none, none, none}, []bool{true, true, true, true, true, false}},
		{"and again, if it is accepted again", [][]usage.Entry{accepted, none, none, none, none, accepted, none}, []bool{true, true, true, true, true, true, true}},
		{"until it was at risk for the grace", [][]usage.Entry{accepted, risk, none, none, none}, []bool{true, true, true, false, false}},
		{"and what is accepted can be at risk at once", [][]usage.Entry{append(accepted, risk...), none, none}, []bool{true, true, false}},
		{"but for a quorum that says the contrary", [][]usage.Entry{accepted, risk, sound, none, none}, []bool{true, true, true, true, true}},
		{"in the same epoch, too", [][]usage.Entry{accepted, append(risk, sound...), none, none, none}, []bool{true, true, true, true, true}},
		{"in time", [][]usage.Entry{accepted, risk, none, sound, none}, []bool{true, true, true, false, false}},
		{"and the grace counts from the first time", [][]usage.Entry{accepted, risk, risk, risk, none}, []bool{true, true, true, false, false}},
		{"and again, if it is accepted after that", [][]usage.Entry{accepted, risk, none, accepted, none}, []bool{true, true, true, true, true}},
		{"whatever others than maintainers say", [][]usage.Entry{accepted, {atRisk(1, author, true)}, none, none, none}, []bool{true, true, true, true, true}},
		{"and of another commit nothing follows", [][]usage.Entry{accepted, {atRisk(2, maintainer, true)}, none, none, none}, []bool{true, true, true, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := vectorRules(t, "1000000", "1")
			w := &r.Versions[0].Works
			w.Grace, w.Maintainers = 2, []common.Address{maintainer, second}
			w.Classes = map[string]rules.Class{"fix": {Most: wei("10"), Epochs: 5}}
			if got := earns(t, r, author, c.epochs...); !slices.Equal(got, c.want) {
				t.Errorf("it earned %v, want %v", got, c.want)
			}
		})
	}
	t.Run("and its author has no voice on its risk", func(t *testing.T) {
		r := vectorRules(t, "1000000", "1")
		w := &r.Versions[0].Works
		w.Grace, w.Maintainers = 0, []common.Address{maintainer, author}
		if got := earns(t, r, author, append(accepted, atRisk(1, author, true))); !got[0] {
			t.Error("the author took the weight away")
		}
		if got := earns(t, r, author, append(accepted, atRisk(1, maintainer, true), atRisk(1, author, false))); got[0] {
			t.Error("the author kept the weight")
		}
	})
}

// Maintainers are listed by their addresses, which anybody can write into an entry.
func TestNobodySpeaksForAMaintainer(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	w := &r.Versions[0].Works
	w.Maintainers, w.Quorum, w.Grace = []common.Address{person(0), person(1)}, 2, 0
	said := func(reporter int, e usage.Entry, by int) fact {
		e.Other, e.At = person(by), r.Start
		return fact{person(reporter), idOf(t, &e), e}
	}
	empty, own := work(1, person(8), 5), work(2, person(7), 5)
	a, _ := bookOf(t, r, begin(t, r), []fact{
		said(8, empty, 0), said(8, empty, 1), said(1, empty, 0), // nor do they for each other
		said(8, own, 0), said(0, own, 0), said(1, own, 1), // and a copy hides nothing
		said(8, atRisk(2, person(0), true), 0), said(8, atRisk(2, person(0), true), 1),
	})
	if got := a.Wei(person(8)); !got.IsZero() {
		t.Errorf("the forger got %s", &got)
	}
	if got := a.Wei(person(7)); got.IsZero() {
		t.Error("the author got nothing")
	}
}

func TestAWeightIsTheLeastThatIsSaidAndAtMostTheClasss(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	w := &r.Versions[0].Works
	w.Maintainers, w.Quorum = []common.Address{person(0), person(1)}, 2
	w.Classes = map[string]rules.Class{"fix": {Most: wei("10"), Epochs: 5}}
	second := func(e usage.Entry) usage.Entry { e.Other = person(1); return e }
	c := newChain(t, r)
	c.epoch(
		work(1, person(5), 5), work(1, person(5), 9), second(work(1, person(5), 7)),
		work(2, person(6), 50), second(work(2, person(6), 70)),
		work(3, person(7), 5), work(3, person(7), 5), // one maintainer twice is no quorum
	)
	var weights []string
	for contribution := range c.state.Contributions() {
		weights = append(weights, contribution.Weight.Dec())
	}
	if !slices.Equal(weights, []string{"5", "10"}) {
		t.Errorf("they weigh %v", weights)
	}
}

// Else one of many could have everything weigh nothing.
func TestAWeightIsWhatAQuorumGrantsWhateverOneMoreSays(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	w := &r.Versions[0].Works
	w.Maintainers, w.Quorum = []common.Address{person(0), person(1), person(2)}, 2
	w.Classes = map[string]rules.Class{"fix": {Most: wei("10"), Epochs: 5}}
	by := func(i int, e usage.Entry) usage.Entry { e.Other = person(i); return e }
	c := newChain(t, r)
	c.epoch(
		by(0, work(1, person(5), 7)), by(1, work(1, person(5), 5)), by(2, work(1, person(5), 0)), // one says that it is worth nothing
		by(2, work(2, person(6), 10)), by(0, work(2, person(6), 2)), by(1, work(2, person(6), 3)), // and one that it is worth all
		by(0, work(3, person(7), 9)), by(0, work(3, person(7), 4)), by(1, work(3, person(7), 8)), by(2, work(3, person(7), 1)), // each once: 4, 8, 1
	)
	var weights []string
	for contribution := range c.state.Contributions() {
		weights = append(weights, contribution.Weight.Dec())
	}
	if !slices.Equal(weights, []string{"5", "3", "4"}) {
		t.Errorf("they weigh %v", weights)
	}
}

func TestWhatIsCutIsCarriedAndNotShared(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	v := &r.Versions[0]
	v.Shares[rules.Works], v.Shares[rules.Tools] = 0, rules.Whole
	v.Tools = rules.UseRules{Return: 9000, Most: 2500}
	v.Burned = map[uint64]uint256.Int{1: wei("1000000000000000000")}
	tool := func(author common.Address, burned string) usage.Entry {
		return usage.Entry{Kind: usage.Tool, Name: []byte("swap"), Earner: author, Other: person(8), Chain: 1, Amount: wei(burned)}
	}
	c := newChain(t, r)
	a := c.epoch(tool(person(3), "900000"), tool(person(4), "100000"))
	c.has(person(3), "250000") // a quarter of the part
	c.has(person(4), "90000")  // what it burned, less a tenth
	if of := a.Buckets[rules.Code]; of.Carry.Dec() != "660000" || of.Paid.Dec() != "340000" {
		t.Errorf("%s are carried and %s paid", &of.Carry, &of.Paid)
	}
}

func TestAPartOfWhatIsCarriedIsReleasedAndAllOfProtections(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	r.Versions[0].Carry = 3
	state := begin(t, r)
	a, state := bookOf(t, r, state, nil)
	for b, want := range map[rules.Bucket][2]string{rules.Code: {"0", "1000"}, rules.Protection: {"0", "1000"}} {
		if of := a.Buckets[b]; of.Released.Dec() != want[0] || of.Carry.Dec() != want[1] {
			t.Errorf("%s releases %s and carries %s", b, &of.Released, &of.Carry)
		}
	}
	a, _ = bookOf(t, r, state, nil)
	for b, want := range map[rules.Bucket][3]string{rules.Code: {"333", "1332", "1999"}, rules.Protection: {"1000", "1999", "1999"}} {
		if of := a.Buckets[b]; of.Released.Dec() != want[0] || of.Budget.Dec() != want[1] || of.Carry.Dec() != want[2] {
			t.Errorf("%s releases %s, budgets %s and carries %s", b, &of.Released, &of.Budget, &of.Carry)
		}
	}
}

func TestWhatWasEmittedBeforeTheFirstEpochIsCarriedIntoIt(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	r.First = 2
	if s := begin(t, r); s.Carry[rules.Compute].Dec() != "1999" || s.Next != 2 {
		t.Errorf("epoch %d begins with %s", s.Next, &s.Carry[rules.Compute])
	}
}

func TestTheLatestEntryOfASubnetNamesItsTreasury(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	subnet := func(from, to uint64, treasury common.Address, fee string) usage.Entry {
		return usage.Entry{Kind: usage.Subnet, At: emission.Time(from), To: emission.Time(to), Subnet: subnetOf(0), Earner: treasury, Fee: wei(fee)}
	}
	c := newChain(t, r)
	c.epoch(
		subnet(500, 900, person(5), "5000000000000000000000000"), subnet(0, 500, person(6), "1000000000000000000000000"),
		usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(3), Amount: wei("1000000")},
	)
	c.has(person(5), "100000") // of the least fee, a tenth
	c.has(person(6), "0")
	c.has(person(3), "900000")
}

func TestPayoutsArePaidInOrderWholeOrNotAtAll(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	payout := func(at uint64, to common.Address, wei uint64) usage.Entry {
		return usage.Entry{Kind: usage.Payout, At: emission.Time(at), Earner: to, Amount: *uint256.NewInt(wei)}
	}
	c := newChain(t, r)
	a := c.epoch(payout(3, person(5), 300), payout(1, person(3), 600), payout(2, person(4), 500), payout(4, person(6), 101), payout(5, person(7), 100))
	c.has(person(3), "600")
	c.has(person(4), "0")
	c.has(person(5), "300")
	c.has(person(6), "0")
	c.has(person(7), "100")
	if of := a.Buckets[rules.Protection]; !of.Carry.IsZero() {
		t.Errorf("%s are carried", &of.Carry)
	}
}

func TestABranchIsEmptyOnceItIsMerged(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	b := newBook(t, r, begin(t, r))
	branch := b.Branch()
	e := usage.Entry{Kind: usage.Payout, Earner: person(3), Amount: wei("10")}
	branch.Count(person(0), usage.ID{1}, &e)
	b.Merge(branch)
	b.Merge(branch)
	a, _ := closed(t, b)
	if wei := a.Wei(person(3)); wei.Dec() != "10" {
		t.Errorf("merged twice it pays %s", &wei)
	}
}

func TestAnEmissionThatCannotBeReckonedIsRefused(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	s := begin(t, r)
	s.Carry[rules.Code].Lsh(uint256.NewInt(1), 192)
	b := newBook(t, r, s)
	if _, _, err := b.Close(); err == nil {
		t.Error("it was reckoned")
	}
	r.Versions[0].Carry = 0
	if _, err := New(r, begin(t, r)); err == nil {
		t.Error("nothing is ever released")
	}
}

func TestNumbersThatNoLedgerCanHoldDoNotCount(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	b := newBook(t, r, begin(t, r))
	huge := *new(uint256.Int).Lsh(uint256.NewInt(1), 128)
	for name, e := range map[string]usage.Entry{
		"amount": {Kind: usage.Payout, Amount: huge},
		"fee":    {Kind: usage.Subnet, Fee: huge},
		"prices": {Kind: usage.Receipt, PriceIn: huge},
		"tokens": {Kind: usage.Receipt, Output: 1 << 53},
		"time":   {Kind: usage.Stake, To: 1 << 40},
	} {
		e.Earner, e.Other = person(3), person(4)
		if why := b.Count(person(0), usage.ID{}, &e); why != TooMuch {
			t.Errorf("%s: %s", name, why)
		}
	}
	e := usage.Entry{Kind: usage.Kind(kinds)}
	if why := b.Count(person(0), usage.ID{}, &e); why != Unlisted {
		t.Errorf("a kind that is none: %s", why)
	}
}

func TestManyRowsAreFoundByTheirKeys(t *testing.T) {
	var r rows[common.Address, uint64]
	if r.find(person(1)) != nil {
		t.Error("something was found in nothing")
	}
	key := func(i uint64) (a common.Address) {
		k := uint256.NewInt(i * 0x9e3779b97f4a7c15).Bytes20()
		return k
	}
	const n = 3*pageLen + 7
	for range 2 {
		for i := range uint64(n) {
			*r.sum(key(i)) += i
		}
	}
	for i := range uint64(n) {
		if got := r.find(key(i)); got == nil || *got != 2*i {
			t.Fatalf("row %d is %v", i, got)
		}
	}
	if r.n != n || r.find(key(n)) != nil {
		t.Errorf("%d rows", r.n)
	}
}

func TestStakersShareAllFromAsMuchOnAsWasEverEmitted(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	stake := func(who int, amount uint64) usage.Entry {
		return usage.Entry{Kind: usage.Stake, To: day, Subnet: subnetOf(0), Earner: person(who), Amount: *uint256.NewInt(amount)}
	}
	for staked, want := range map[uint64]string{1999: "999", 1998: "997"} { // 1,999 were emitted; what is left by rounding is shared, or not
		c := newChain(t, r)
		c.epoch()
		a := c.epoch(usage.Entry{Kind: usage.Subnet, To: day, Subnet: subnetOf(0), Earner: person(5)}, stake(3, 1000), stake(4, staked-1000))
		if of := a.Parts[rules.Stakes]; of.Paid.Dec() != want {
			t.Errorf("of %d staked %s are paid, want %s", staked, &of.Paid, want)
		}
	}
}

func TestAReferrerEarnsFromTheTierOnThatItReaches(t *testing.T) {
	for amount, want := range map[string]string{"999999999999999999": "0", "1000000000000000000": "28846"} {
		r := vectorRules(t, "1000000", "1") // a tier of 3 % from 10^18 on; who is referred weighs 1.01
		c := newChain(t, r)
		c.epoch(
			usage.Entry{Kind: usage.Yield, Asset: asset0(r), Amount: wei("1000000000000000000"), Decimals: 18, PriceIn: wei("1000000000000000000")},
			usage.Entry{Kind: usage.Deposit, To: day, Asset: asset0(r), Earner: person(3), Other: person(4), Amount: wei(amount)},
		)
		c.has(person(4), want)
	}
}

// asset0 is the one that the example's rules list.
func asset0(r *rules.Rules) common.Address {
	for a := range r.Versions[0].Yields.Assets {
		return a
	}
	return common.Address{}
}

func TestOfPayoutsAtOnceTheLowerIdIsPaid(t *testing.T) {
	r := vectorRules(t, "1000", "1")
	for seed := range byte(20) {
		var all []fact
		for i := range 2 {
			e := usage.Entry{Kind: usage.Payout, At: r.Start, Ref: usage.Ref{seed}, Earner: person(3 + i), Amount: wei("600")}
			all = append(all, fact{person(0), idOf(t, &e), e})
		}
		lower, higher := all[0], all[1]
		if string(lower.id[:]) > string(higher.id[:]) {
			lower, higher = higher, lower
		}
		a, _ := bookOf(t, r, begin(t, r), all)
		if paid, not := a.Wei(lower.Earner), a.Wei(higher.Earner); paid.Dec() != "600" || !not.IsZero() {
			t.Errorf("%s and %s are paid", &paid, &not)
		}
	}
}
