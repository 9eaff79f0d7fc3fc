package multiplier_test

import (
	"errors"
	"math/big"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
)

func newPool(tb testing.TB, terms multiplier.Terms) *multiplier.Pool {
	tb.Helper()
	p, err := multiplier.NewPool(terms)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func tokens(n uint64) *uint256.Int {
	v := uint256.NewInt(n)
	return v.Mul(v, uint256.NewInt(1e18))
}

func pending(tb testing.TB, p *multiplier.Pool, who, want string) {
	tb.Helper()
	got, err := p.Pending(who)
	must(tb, err)
	if got.Dec() != want {
		tb.Errorf("%s has %s, want %s", who, got.Dec(), want)
	}
}

// The vectors of SmartContracts:test/capital-protocol/old/Distribution.test.ts: 100 tokens on day one, 2 less each day, a private
// pool with weights 1 and 4.
func TestThePublishedVectorsOfSharingHold(t *testing.T) {
	curve, err := emission.NewDecrease(tokens(100), tokens(2), day, day)
	must(t, err)
	accrue := func(p *multiplier.Pool, from, to emission.Time) {
		paid := curve.Between(from*day, to*day)
		must(t, p.Accrue(&paid))
	}
	stake := func(p *multiplier.Pool, who string, weight uint64, on emission.Time) {
		must(t, p.Stake(who, uint256.NewInt(weight), 0, "", on*day))
	}

	p := newPool(t, multiplier.Terms{})
	stake(p, "a", 1, 1)
	stake(p, "b", 4, 1)
	accrue(p, 1, 2)
	pending(t, p, "a", "20000000000000000000")
	pending(t, p, "b", "80000000000000000000")
	accrue(p, 2, 9999)
	pending(t, p, "a", "510000000000000000000")
	pending(t, p, "b", "2040000000000000000000")

	late := newPool(t, multiplier.Terms{})
	accrue(late, 1, 26)
	stake(late, "a", 1, 26)
	stake(late, "b", 4, 26)
	accrue(late, 26, 9999)
	pending(t, late, "a", "130000000000000000000")
	pending(t, late, "b", "520000000000000000000")
	if idle := late.Idle(); idle != *tokens(2550 - 650) {
		t.Errorf("%s is nobody's", idle.Dec())
	}

	moved := newPool(t, multiplier.Terms{})
	stake(moved, "a", 1, 1)
	stake(moved, "b", 4, 1)
	accrue(moved, 1, 2)
	stake(moved, "a", 4, 2)
	stake(moved, "b", 1, 2)
	accrue(moved, 2, 3)
	pending(t, moved, "a", "69000000000000000000")
	pending(t, moved, "b", "129000000000000000000")
}

const now = start + 1000*day

func TestALockWeighsUntilTheClaim(t *testing.T) {
	p := newPool(t, multiplier.Terms{})
	must(t, p.Stake("a", tokens(100), now+1000*day, "friend", now))
	locked := multiplier.Total(multiplier.Lock(now, now+1000*day), multiplier.Referral(true))
	weight := func(m uint256.Int) string {
		m.Mul(&m, tokens(100))
		return m.Div(&m, multiplier.One()).Dec()
	}
	if got := p.Member("a").Weight; got.Dec() != weight(locked) {
		t.Errorf("it weighs %s", got.Dec())
	}
	must(t, p.Accrue(tokens(7)))
	if _, err := p.Claim("a", now+1000*day); !errors.Is(err, multiplier.ErrLocked) {
		t.Errorf("on its last second the lock holds: %v", err)
	}
	want, err := p.Pending("a")
	must(t, err)
	got, err := p.Claim("a", now+1000*day+1)
	if err != nil || got != want || got.IsZero() {
		t.Errorf("claimed %s of %s, %v", got.Dec(), want.Dec(), err)
	}
	after := p.Member("a")
	if after.Weight.Dec() != "101000000000000000000" || after.LockEnd != 0 {
		t.Errorf("it still weighs %s, locked until %d", after.Weight.Dec(), after.LockEnd)
	}
	if total := p.Weight(); total.Dec() != "101000000000000000000" {
		t.Errorf("all of it weighs %s", total.Dec())
	}
	pending(t, p, "a", "0")

	must(t, p.LockClaims("a", now+2000*day, now+1500*day)) // a new lock begins when it is made
	if m := p.Member("a"); m.LockStart != now+1500*day || m.Weight != weigh(m) {
		t.Errorf("the new lock is from %d and weighs %s", m.LockStart, m.Weight.Dec())
	}
}

func TestALockIsOnlyExtendedAndCountsFromWhereItBegan(t *testing.T) {
	p := newPool(t, multiplier.Terms{})
	if err := p.LockClaims("a", now+10, now); !errors.Is(err, multiplier.ErrNoStake) {
		t.Error(err)
	}
	must(t, p.Stake("a", tokens(1), now+300*day, "", now))
	for _, until := range []emission.Time{now + 100*day, now + 300*day, now} {
		if err := p.LockClaims("a", until, now+day); !errors.Is(err, multiplier.ErrShorter) {
			t.Errorf("until %d: %v", until, err)
		}
	}
	if err := p.Stake("a", tokens(1), now+299*day, "", now+day); !errors.Is(err, multiplier.ErrShorter) {
		t.Error(err)
	}
	must(t, p.LockClaims("a", now+900*day, now+200*day))
	if m := p.Member("a"); m.LockStart != now || m.Weight != weigh(m) {
		t.Errorf("the lock counts from %d and weighs %s", m.LockStart, m.Weight.Dec())
	}
	must(t, p.Stake("a", tokens(1), 0, "", now+250*day)) // a new stake counts from now on
	if m := p.Member("a"); m.LockStart != now+250*day || m.LockEnd != now+900*day || m.Weight != weigh(m) {
		t.Errorf("the lock is from %d to %d and weighs %s", m.LockStart, m.LockEnd, m.Weight.Dec())
	}
	must(t, p.Withdraw("a", tokens(1), now+300*day))
	if m := p.Member("a"); m.LockStart != now+300*day || m.LockEnd != now+900*day || m.Weight != weigh(m) {
		t.Errorf("the lock is from %d to %d and weighs %s", m.LockStart, m.LockEnd, m.Weight.Dec())
	}
}

// weigh is floor(deposit * multiplier), from what is known of a member.
func weigh(m multiplier.Member) uint256.Int {
	total := multiplier.Total(multiplier.Lock(m.LockStart, m.LockEnd), multiplier.Referral(m.Referrer != ""))
	total.Mul(&total, &m.Deposit)
	return *total.Div(&total, multiplier.One())
}

func TestTheCapitalPoolHoldsDepositsAndClaimsForAWeek(t *testing.T) {
	const week = 7 * day
	p := newPool(t, multiplier.Capital())
	least := wei(t, "10000000000000000")
	if err := p.Stake("a", new(uint256.Int).SubUint64(least, 1), 0, "", now); !errors.Is(err, multiplier.ErrTooLittle) {
		t.Error(err)
	}
	must(t, p.Stake("a", least, 0, "", now))
	must(t, p.Stake("a", uint256.NewInt(1), 0, "", now+1)) // what is there counts
	must(t, p.Accrue(tokens(1)))
	if err := p.Withdraw("a", least, now+1+week); !errors.Is(err, multiplier.ErrLocked) {
		t.Errorf("a week later: %v", err)
	}
	if _, err := p.Claim("a", now+1+week); !errors.Is(err, multiplier.ErrLocked) {
		t.Errorf("a week later: %v", err)
	}
	if _, err := p.Claim("a", now+2+week); err != nil {
		t.Errorf("a week and a second later: %v", err)
	}
	must(t, p.Accrue(tokens(1)))
	if _, err := p.Claim("a", now+2+2*week); !errors.Is(err, multiplier.ErrLocked) {
		t.Errorf("a week after the claim: %v", err)
	}
	if err := p.Withdraw("a", uint256.NewInt(2), now+2+2*week); !errors.Is(err, multiplier.ErrTooLittle) {
		t.Errorf("what would be left: %v", err)
	}
	must(t, p.Withdraw("a", tokens(5), now+2+2*week)) // at most all of it
	if m := p.Member("a"); !m.Deposit.IsZero() || !m.Weight.IsZero() {
		t.Errorf("%s is left and weighs %s", m.Deposit.Dec(), m.Weight.Dec())
	}
	if got, err := p.Claim("a", now+3+2*week); err != nil || got.IsZero() {
		t.Errorf("without a deposit %s, %v", got.Dec(), err)
	}
}

// 3, 5, 10 and 15 % of what was referred, from 1, 2.5, 25 and 62.5 stETH on.
func TestReferrersEarnByTheTierOfAllThatTheyReferred(t *testing.T) {
	p := newPool(t, multiplier.Capital())
	tenth := func(n uint64) *uint256.Int { return new(uint256.Int).Mul(uint256.NewInt(n), uint256.NewInt(1e17)) }
	check := func(who, referred, weight string) {
		t.Helper()
		r := p.Referrer(who)
		if r.Referred.Dec() != referred || r.Weight.Dec() != weight {
			t.Errorf("%s referred %s, which weighs %s", who, r.Referred.Dec(), r.Weight.Dec())
		}
		var sum uint256.Int
		for _, w := range []uint256.Int{p.Member("a").Weight, p.Member("b").Weight, p.Referrer("r").Weight, p.Referrer("s").Weight} {
			sum.Add(&sum, &w)
		}
		if total := p.Weight(); sum != total {
			t.Errorf("the weights are %s together, the pool says %s", sum.Dec(), total.Dec())
		}
	}
	must(t, p.Stake("a", tenth(9), 0, "r", now))
	check("r", "900000000000000000", "0")
	must(t, p.Stake("a", tenth(1), 0, "", now))
	check("r", "1000000000000000000", "30000000000000000")
	must(t, p.Stake("b", tenth(15), 0, "r", now))
	check("r", "2500000000000000000", "125000000000000000")
	must(t, p.Accrue(tokens(1)))
	before, err := p.PendingReferrals("r")
	must(t, err)
	must(t, p.Stake("b", tenth(235), 0, "s", now+1)) // another referrer takes all of it
	check("r", "1000000000000000000", "30000000000000000")
	check("s", "25000000000000000000", "2500000000000000000")
	if got, err := p.PendingReferrals("r"); err != nil || got != before || got.IsZero() {
		t.Errorf("r has %s, want %s, %v", got.Dec(), before.Dec(), err)
	}
	must(t, p.Withdraw("b", tenth(1), now+9*day))
	check("s", "24900000000000000000", "1245000000000000000")

	if got, err := p.ClaimReferrals("r", now+9*day); err != nil || got != before {
		t.Errorf("claimed %s, %v", got.Dec(), err)
	}
	if _, err := p.ClaimReferrals("r", now+16*day); !errors.Is(err, multiplier.ErrLocked) {
		t.Errorf("a week later: %v", err)
	}
	if _, err := p.ClaimReferrals("r", now+17*day); !errors.Is(err, multiplier.ErrNothing) {
		t.Errorf("nothing accrued: %v", err)
	}
}

func TestWhatAPoolTurnsDownChangesNothing(t *testing.T) {
	huge := new(uint256.Int).Lsh(uint256.NewInt(1), 128)
	p := newPool(t, multiplier.Terms{ClaimFrom: now + 90*day})
	must(t, p.Stake("a", tokens(1), 0, "r", now))
	must(t, p.Accrue(tokens(1)))
	was, weight := p.Member("a"), p.Weight()
	earned, err := p.Pending("a")
	must(t, err)
	for name, c := range map[string]struct {
		do   func() error
		want error
	}{
		"nobody":              {func() error { return p.Stake("", tokens(1), 0, "", now) }, multiplier.ErrNobody},
		"the past":            {func() error { return p.Stake("a", tokens(1), 0, "", now-1) }, multiplier.ErrPast},
		"nothing":             {func() error { return p.Stake("a", new(uint256.Int), 0, "", now) }, multiplier.ErrNothing},
		"too much":            {func() error { return p.Stake("a", huge, 0, "", now) }, multiplier.ErrTooLarge},
		"far too much":        {func() error { return p.Stake("a", new(uint256.Int).SetAllOne(), 0, "", now) }, multiplier.ErrTooLarge},
		"withdraw before":     {func() error { return p.Withdraw("a", tokens(1), now-1) }, multiplier.ErrPast},
		"withdraw nothing":    {func() error { return p.Withdraw("a", new(uint256.Int), now+1) }, multiplier.ErrNothing},
		"withdraw of others":  {func() error { return p.Withdraw("b", tokens(1), now+1) }, multiplier.ErrNoStake},
		"lock before":         {func() error { return p.LockClaims("a", now+9, now-1) }, multiplier.ErrPast},
		"lock into the past":  {func() error { return p.LockClaims("a", now+1, now+1) }, multiplier.ErrShorter},
		"claim before":        {func() error { return second(p.Claim("a", now-1)) }, multiplier.ErrPast},
		"claim too early":     {func() error { return second(p.Claim("a", now+90*day)) }, multiplier.ErrLocked},
		"claim of others":     {func() error { return second(p.Claim("b", now+91*day)) }, multiplier.ErrNothing},
		"referrals before":    {func() error { return second(p.ClaimReferrals("r", now-1)) }, multiplier.ErrPast},
		"referrals of others": {func() error { return second(p.ClaimReferrals("x", now+1)) }, multiplier.ErrNothing},
		"a rate too large":    {func() error { return p.Accrue(new(uint256.Int).SetAllOne()) }, multiplier.ErrTooLarge},
	} {
		if err := c.do(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if p.Member("a") != was || p.Weight() != weight {
			t.Errorf("%s: something changed", name)
		}
	}
	if left, err := p.Pending("a"); err != nil || left != earned {
		t.Errorf("%s is left of %s, %v", left.Dec(), earned.Dec(), err)
	}

	idle := newPool(t, multiplier.Terms{})
	must(t, idle.Accrue(new(uint256.Int).SetAllOne()))
	if err := idle.Accrue(uint256.NewInt(1)); !errors.Is(err, multiplier.ErrTooLarge) {
		t.Error(err)
	}
	tier := func(from, bonus uint64) multiplier.Tier {
		return multiplier.Tier{From: *uint256.NewInt(from), Bonus: *uint256.NewInt(bonus)}
	}
	twice := multiplier.Tier{Bonus: *new(uint256.Int).AddUint64(multiplier.One(), 1)}
	for _, tiers := range [][]multiplier.Tier{{tier(1, 1), tier(1, 2)}, {tier(1, 2), tier(2, 2)}, {twice}} {
		if _, err := multiplier.NewPool(multiplier.Terms{Tiers: tiers}); !errors.Is(err, multiplier.ErrTiers) {
			t.Errorf("%v: %v", tiers, err)
		}
	}
}

// earner is what a member or referrer is owed by exact fractions, and by how much rounding may leave it short.
type earner struct {
	exact, short *big.Rat
	got          uint256.Int
}

// Members and referrers come, go, lock and claim in any order: nobody ever has more than the exact share, and what is missing is
// less than a wei each time that the account is touched, and its weight's part of the rate's last digit each time that something
// accrues.
func TestNobodyGetsMoreThanAnExactShareAndOnlyRoundingLess(t *testing.T) {
	names, referrers := []string{"a", "b", "c"}, []string{"", "a", "r"}
	rapid.Check(t, func(t *rapid.T) {
		p, err := multiplier.NewPool(multiplier.Capital())
		if err != nil {
			t.Fatal(err)
		}
		books := map[string]*earner{}
		weights := func() map[string]uint256.Int {
			all := map[string]uint256.Int{}
			for _, n := range names {
				all["member "+n] = p.Member(n).Weight
			}
			for _, n := range referrers {
				all["referrer "+n] = p.Referrer(n).Weight
			}
			return all
		}
		for who := range weights() {
			books[who] = &earner{exact: new(big.Rat), short: new(big.Rat)}
		}
		at := emission.Time(now)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			at += emission.Time(rapid.Uint64Range(0, 10*day).Draw(t, "later"))
			who, referrer := rapid.SampledFrom(names).Draw(t, "who"), rapid.SampledFrom(referrers).Draw(t, "referrer")
			amount := uint256.NewInt(rapid.Uint64Range(1, 1<<40).Draw(t, "amount"))
			amount.Lsh(amount, uint(rapid.IntRange(0, 40).Draw(t, "bits")))
			until := at + emission.Time(rapid.Uint64Range(0, 3000*day).Draw(t, "until"))
			switch rapid.SampledFrom([]string{"accrue", "stake", "withdraw", "lock", "claim", "claim referrals"}).Draw(t, "what") {
			case "accrue":
				total := p.Weight()
				if err := p.Accrue(amount); err != nil {
					t.Fatal(err)
				}
				if total.IsZero() {
					continue
				}
				for who, w := range weights() {
					share := new(big.Rat).SetFrac(new(big.Int).Mul(amount.ToBig(), w.ToBig()), total.ToBig())
					books[who].exact.Add(books[who].exact, share)
					books[who].short.Add(books[who].short, new(big.Rat).SetFrac(w.ToBig(), multiplier.One().ToBig()))
				}
				continue
			case "stake":
				_ = p.Stake(who, amount, until, referrer, at)
			case "withdraw":
				_ = p.Withdraw(who, amount, at)
			case "lock":
				_ = p.LockClaims(who, until, at)
			case "claim":
				paid, _ := p.Claim(who, at)
				books["member "+who].got.Add(&books["member "+who].got, &paid)
			case "claim referrals":
				paid, _ := p.ClaimReferrals(referrer, at)
				books["referrer "+referrer].got.Add(&books["referrer "+referrer].got, &paid)
			}
			var sum uint256.Int
			for who, w := range weights() {
				sum.Add(&sum, &w)
				books[who].short.Add(books[who].short, big.NewRat(1, 1))
			}
			if sum != p.Weight() {
				t.Fatalf("the weights are %s together", sum.Dec())
			}
		}
		for _, n := range names {
			settled(t, n, books["member "+n], p.Pending)
		}
		for _, n := range referrers {
			settled(t, n, books["referrer "+n], p.PendingReferrals)
		}
	})
}

func settled(t *rapid.T, who string, b *earner, pending func(string) (uint256.Int, error)) {
	left, err := pending(who)
	if err != nil {
		t.Fatal(err)
	}
	left.Add(&left, &b.got)
	got := new(big.Rat).SetInt(left.ToBig())
	lost := new(big.Rat).Sub(b.exact, got)
	limit := new(big.Rat).Add(b.short, big.NewRat(1, 1)) // pending settles once more
	if lost.Sign() < 0 || lost.Cmp(limit) >= 0 {
		t.Fatalf("%s has %s of %s", who, left.Dec(), b.exact.FloatString(3))
	}
}
