package settlement

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func explained(t testing.TB, ledger usage.Ledger, w *world, account common.Address, o Options) (lines []Line, claim uint256.Int) {
	t.Helper()
	claim, err := Explain(t.Context(), ledger, w.rules, w.last(), account, o, func(l *Line) error {
		lines = append(lines, *l)
		return nil
	})
	check(t, err)
	return lines, claim
}

func lineOrder(a, b Line) int {
	return cmp.Or(cmp.Compare(a.Epoch, b.Epoch), cmp.Compare(a.Part, b.Part), cmp.Compare(a.Role, b.Role), bytes.Compare(a.ID[:], b.ID[:]))
}

func strictly(lines []Line) bool {
	for i := 1; i < len(lines); i++ {
		if lineOrder(lines[i-1], lines[i]) >= 0 {
			return false
		}
	}
	return true
}

func TestTheLinesOfEveryClaimantAddUpToItsClaim(t *testing.T) {
	var kindsOf [rules.Parts]int
	roles := map[Role]int{}
	for seed := range uint64(25) {
		w := worldOf(t, seed, 3, 150)
		ledger := w.log(t)
		whole := settled(t, ledger, w.rules, w.last(), Options{})
		for account, earned := range whole.State.Accounts() {
			lines, claim := explained(t, ledger, w, account, Options{Workers: 1 + int(seed%3)})
			var sum uint256.Int
			for _, l := range lines {
				addTo(&sum, &l.Wei)
				if !l.Wei.IsZero() {
					kindsOf[l.Part]++
					roles[l.Role]++
				}
				if l.Why != Counts && !l.Wei.IsZero() {
					t.Errorf("%+v does not count and is paid", l)
				}
			}
			if sum != earned || claim != earned {
				t.Fatalf("seed %d: the lines of %s add up to %s, and its claim is %s (%s)", seed, account, &sum, &earned, &claim)
			}
			if !strictly(lines) {
				t.Errorf("lines of %s are not in order, or there are two of an entry", account)
			}
		}
	}
	for p, n := range kindsOf {
		if n == 0 {
			t.Errorf("nothing was explained of %s", rules.Part(p))
		}
	}
	for r := range Role(3) {
		if roles[r] == 0 {
			t.Errorf("no %s was explained", r)
		}
	}
}

func TestALineIsTheSameFromAnyOrderOfTheLedger(t *testing.T) {
	w := worldOf(t, 3, 3, 150)
	ledger := w.log(t)
	for i := range people {
		one, _ := explained(t, ledger, w, person(i), Options{Workers: 1})
		for range 5 {
			other, _ := explained(t, mixed{ledger, w.Rand}, w, person(i), Options{Workers: 4, IDs: 20})
			if !slices.Equal(one, other) {
				t.Fatalf("other lines of %s", person(i))
			}
		}
	}
}

func TestEveryEntryThatNamesAnEarnerIsALineOfIt(t *testing.T) {
	w := worldOf(t, 4, 2, 150)
	ledger := w.log(t)
	for i := range people {
		lines, _ := explained(t, ledger, w, person(i), Options{})
		found := map[usage.ID]bool{}
		for _, l := range lines {
			found[l.ID] = true
		}
		for _, f := range slices.Concat(w.facts...) {
			switch f.Kind {
			case usage.Tool, usage.Receipt, usage.Stake, usage.Deposit, usage.Payout:
				if f.Earner == person(i) && !found[f.id] {
					t.Errorf("a %s of %s has no line", f.Kind, person(i))
				}
			}
		}
	}
}

func TestAnErrorOfALineEndsTheExplanation(t *testing.T) {
	w := worldOf(t, 4, 2, 150)
	stop := errors.New("enough")
	_, err := Explain(t.Context(), w.log(t), w.rules, w.last(), person(1), Options{}, func(*Line) error { return stop })
	if !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestWhatDoesNotCountSaysWhy(t *testing.T) {
	r := vectorRules(t, "1000000000000000000000", "1000000000000000000")
	v := &r.Versions[0]
	v.Shares[rules.Works], v.Shares[rules.Tools] = 5000, 5000
	v.Shares[rules.Stakes], v.Shares[rules.Fronts] = 5000, 5000
	v.Works.Maintainers, v.Works.Quorum = []common.Address{person(0), person(1)}, 2
	v.Burned = map[uint64]uint256.Int{1: wei("1000000000000000000"), 2: wei("340282366920938463463374607431768211455")}
	v.Receipts.LeastAudits, v.Receipts.LeastPassed = 2, 9000
	v.Yields.Assets = map[common.Address]bool{asset(0): true}
	v.Reporters = map[usage.Kind][]common.Address{usage.Bond: {person(1)}}
	me, other := person(7), person(8)
	huge := wei("340282366920938463463374607431768211455")
	opinion := func(commit byte, by int, class string) usage.Entry {
		e := work(commit, me, 5)
		e.Other, e.Name = person(by), []byte(class)
		return e
	}
	tool := func(user common.Address, chain uint64, burned uint256.Int) usage.Entry {
		return usage.Entry{Kind: usage.Tool, Name: []byte("swap"), Earner: me, Other: user, Chain: chain, Amount: burned}
	}
	audit := func(of common.Address, passed bool) usage.Entry {
		return usage.Entry{Kind: usage.Audit, Name: []byte("small"), Earner: of, Other: other, Flag: passed}
	}
	for _, c := range []struct {
		name    string
		entries []usage.Entry // what is asked for is the first
		want    Why
	}{
		{"a tool counts", []usage.Entry{tool(other, 1, wei("5"))}, Counts},
		{"an author's own use", []usage.Entry{tool(me, 1, wei("5"))}, Itself},
		{"a chain without a rate", []usage.Entry{tool(other, 99, wei("5"))}, NoRate},
		{"a worth without bounds", []usage.Entry{tool(other, 2, huge)}, TooMuch},
		{"an unlisted reporter", []usage.Entry{{Kind: usage.Bond, To: day, Earner: me, Amount: wei("5")}}, Unlisted},
		{"nobody's opinion", []usage.Entry{opinion(1, 2, "fix")}, NoMaintainer},
		{"no such class", []usage.Entry{opinion(1, 0, "art")}, NoClass},
		{"one alone", []usage.Entry{opinion(1, 0, "fix")}, NoQuorum},
		{"two authors", []usage.Entry{
			opinion(1, 0, "fix"), opinion(1, 1, "fix"),
			{Kind: usage.Work, Name: []byte("fix"), Place: []byte("k"), Subject: common.Hash{1}, Earner: other, Other: person(0)},
			{Kind: usage.Work, Name: []byte("fix"), Place: []byte("k"), Subject: common.Hash{1}, Earner: other, Other: person(1)},
		}, Disputed},
		{"a provider without audits", []usage.Entry{{
			Kind: usage.Receipt, Name: []byte("small"), Earner: me, Other: other, Input: 1e6, PriceIn: wei("1"), Fee: wei("1"),
		}}, FewAudits},
		{"a provider that failed", []usage.Entry{{
			Kind: usage.Receipt, Name: []byte("small"), Earner: me, Other: other, Input: 1e6, PriceIn: wei("1"), Fee: wei("1"),
		}, audit(me, true), audit(me, false)}, FailedAudits},
		{"a receipt without a fee", []usage.Entry{{Kind: usage.Receipt, Name: []byte("small"), Earner: me, Other: other, Input: 1e6, PriceIn: wei("1")}}, NoFee},
		{"an audit by oneself", []usage.Entry{{Kind: usage.Audit, Name: []byte("small"), Earner: me, Other: me}}, Itself},
		{"a stake in no subnet", []usage.Entry{{Kind: usage.Stake, To: day, Subnet: subnetOf(1), Earner: me, Amount: wei("5")}}, NoSubnet},
		{"a front that its treasury uses", []usage.Entry{
			{Kind: usage.Front, Name: []byte("web"), Subnet: subnetOf(1), Other: me, Chain: 1, Amount: wei("5")},
			{Kind: usage.Subnet, To: day, Subnet: subnetOf(1), Earner: me},
		}, Itself},
		{"an asset that is not listed", []usage.Entry{{Kind: usage.Deposit, To: day, Asset: asset(1), Earner: me, Amount: wei("5")}}, NoAsset},
		{"too little was referred", []usage.Entry{{Kind: usage.Deposit, To: day, Asset: asset(0), Earner: other, Other: me, Amount: wei("5")}}, BelowTiers},
		{"more than the fund has", []usage.Entry{{Kind: usage.Payout, Earner: me, Amount: huge}}, FundEmpty},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &world{made: newMade(1), rules: r, facts: [][]fact{nil}}
			w.length = day
			for i, e := range c.entries {
				e.Ref = usage.Ref{byte(i)}
				e.At += r.Start
				if e.To != 0 {
					e.To += r.Start
				}
				w.facts[0] = append(w.facts[0], fact{reporterOf(&e), idOf(t, &e), e})
			}
			lines, _ := explained(t, w.log(t), w, me, Options{})
			i := slices.IndexFunc(lines, func(l Line) bool { return l.ID == w.facts[0][0].id })
			if i < 0 || lines[i].Why != c.want {
				t.Errorf("%+v, want %s", lines, c.want)
			}
		})
	}
}

func TestTheReasonOfAListedCopyIsSaid(t *testing.T) {
	r := vectorRules(t, "1000000", "1")
	v := &r.Versions[0]
	v.Works.Quorum, v.Works.Maintainers = 2, []common.Address{person(0), person(1)}
	v.Reporters = map[usage.Kind][]common.Address{usage.Work: {person(1)}}
	e := work(1, person(7), 5)
	e.At, e.Other = r.Start, person(1)
	w := &world{made: newMade(1), rules: r, facts: [][]fact{{}}}
	for i := range reporters {
		w.facts[0] = append(w.facts[0], fact{person(i), idOf(t, &e), e})
	}
	lines, _ := explained(t, w.log(t), w, person(7), Options{})
	if len(lines) != 1 || lines[0].Why != NoQuorum {
		t.Errorf("%+v", lines)
	}
}

func TestWhatStandsIsNotAcceptedTwice(t *testing.T) {
	r := vectorRules(t, "1000000000000000000000", "1000000000000000000")
	w := &world{made: newMade(1), rules: r, facts: make([][]fact, 2)}
	for epoch := range 2 {
		e := work(1, person(7), 5)
		from, _, err := r.Bounds(usage.Epoch(epoch))
		check(t, err)
		e.At = from
		w.facts[epoch] = []fact{{person(0), idOf(t, &e), e}}
	}
	lines, _ := explained(t, w.log(t), w, person(7), Options{})
	var whys []string
	for _, l := range lines {
		whys = append(whys, fmt.Sprint(l.Epoch, " ", l.Why, " ", l.Wei.IsZero()))
	}
	slices.Sort(whys)
	if want := []string{"0 counts false", "1 counts false", "1 the commit stands already true"}; !slices.Equal(whys, want) {
		t.Errorf("%q, want %q", whys, want)
	}
}

func TestAReferrersLinesAddUpWhereEachWeighsLessThanOne(t *testing.T) {
	r := vectorRules(t, "1000000000000000000000000000", "1000000000000000000000000000")
	v := &r.Versions[0]
	v.Yields.Tiers = []multiplier.Tier{{From: wei("1"), Bonus: wei("1")}} // 10^-25 of what was referred
	w := &world{made: newMade(1), rules: r, facts: [][]fact{{}}}
	add := func(e usage.Entry) {
		e.At, e.Ref = r.Start, usage.Ref{byte(len(w.facts[0]))}
		if e.Kind == usage.Deposit {
			e.To = r.Start + day
		}
		w.facts[0] = append(w.facts[0], fact{reporterOf(&e), idOf(t, &e), e})
	}
	add(usage.Entry{Kind: usage.Yield, Asset: asset0(r), Amount: wei("1000000000000000000000000000"), Decimals: 18, PriceIn: wei("1000000000000000000000")})
	for range 2 {
		add(usage.Entry{Kind: usage.Deposit, Asset: asset0(r), Earner: person(3), Other: person(4), Amount: wei("70000000000000000000")})
	}
	lines, claim := explained(t, w.log(t), w, person(4), Options{})
	var sum uint256.Int
	for _, l := range lines {
		addTo(&sum, &l.Wei)
		if !l.Weight.IsZero() {
			t.Errorf("a line weighs %s", &l.Weight)
		}
	}
	if claim.IsZero() || sum != claim {
		t.Errorf("%d lines add up to %s of %s", len(lines), &sum, &claim)
	}
}
