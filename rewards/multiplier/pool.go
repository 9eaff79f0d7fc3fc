package multiplier

import (
	"errors"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// Why a member's request is turned down. Nothing has changed then.
var (
	ErrPast      = errors.New("time goes backwards")
	ErrNobody    = errors.New("a member needs a name")
	ErrNoStake   = errors.New("nothing is staked")
	ErrNothing   = errors.New("the amount is nothing")
	ErrTooLittle = errors.New("less than the least stake")
	ErrShorter   = errors.New("a lock can only be extended")
	ErrLocked    = errors.New("locked")
	ErrTiers     = errors.New("tiers must rise in amount and in bonus")
)

// Terms are what a pool asks of its members. The zero Terms ask nothing: so are the private pools, whose deposits are weights.
type Terms struct {
	Least              uint256.Int      // a member's deposit is this much or nothing
	WithdrawAfterStake emission.Seconds // deposits stay longer than this
	ClaimFrom          emission.Time    // claims come later than this
	ClaimAfterStake    emission.Seconds // and longer after the member's last stake than this,
	ClaimAfterClaim    emission.Seconds // and after the last claim
	Tiers              []Tier           // what referrers earn, rising
}

// Tier is the part of a referred deposit, in units of 1e-25, that weighs for the referrer from a sum of such deposits on.
type Tier struct {
	From, Bonus uint256.Int
}

// Capital is the terms of the public pool as of Capital V2: at least 0.01 stETH, which stays for 7 days after each stake; claims
// after 7 days (MRC72); referrers earn 3, 5, 10 and 15 % from 1, 2.5, 25 and 62.5 stETH on (MRC73).
func Capital() Terms {
	const week = 7 * 86400
	tier := func(tenths, percent uint64) Tier {
		from, bonus := power(10, 17), power(10, 23)
		from.Mul(from, uint256.NewInt(tenths))
		bonus.Mul(bonus, uint256.NewInt(percent))
		return Tier{*from, *bonus}
	}
	return Terms{
		Least: *power(10, 16), WithdrawAfterStake: week, ClaimAfterStake: week, ClaimAfterClaim: week,
		Tiers: []Tier{tier(10, 3), tier(25, 5), tier(250, 10), tier(625, 15)},
	}
}

// Pool shares what accrues among its members by the weight of their deposits. Its clock is the time that callers pass; the caller
// accrues what was paid until then first.
type Pool struct {
	terms   Terms
	now     emission.Time
	rate    uint256.Int // rewards per weight since the beginning, in units of 1e-25
	weight  uint256.Int // of all members and referrers
	idle    uint256.Int
	members map[string]Member
	sources map[string]Referrer
}

// account is what earns by the rate.
type account struct {
	Weight  uint256.Int // the virtual deposit
	pending uint256.Int
	rate    uint256.Int
	claimed emission.Time
}

// Member is one depositor.
type Member struct {
	account
	Deposit            uint256.Int
	Referrer           string // or none
	LockStart, LockEnd emission.Time
	staked             emission.Time
}

// Referrer earns by the deposits of those whom it referred.
type Referrer struct {
	account
	Referred uint256.Int
}

// NewPool fails with ErrTiers.
func NewPool(terms Terms) (*Pool, error) {
	for i := 1; i < len(terms.Tiers); i++ {
		if a, b := &terms.Tiers[i-1], &terms.Tiers[i]; !b.From.Gt(&a.From) || !b.Bonus.Gt(&a.Bonus) {
			return nil, ErrTiers
		}
	}
	for i := range terms.Tiers {
		if terms.Tiers[i].Bonus.Gt(One()) {
			return nil, fmt.Errorf("a bonus above the deposit itself: %w", ErrTiers)
		}
	}
	return &Pool{terms: terms, members: map[string]Member{}, sources: map[string]Referrer{}}, nil
}

// Accrue adds a reward. While nobody has a deposit it is nobody's, and stays so. It fails with ErrTooLarge.
func (p *Pool) Accrue(reward *uint256.Int) error {
	if !p.weight.IsZero() {
		return grow(&p.rate, reward, &p.weight)
	}
	if _, over := p.idle.AddOverflow(&p.idle, reward); over {
		p.idle.SetAllOne()
		return fmt.Errorf("rewards of nobody: %w", ErrTooLarge)
	}
	return nil
}

// Idle is what accrued while nobody had a deposit.
func (p *Pool) Idle() uint256.Int { return p.idle }

// Weight is the sum of all virtual deposits, the referrers' too.
func (p *Pool) Weight() uint256.Int { return p.weight }

// Member is what is known of a member. The zero Member has nothing.
func (p *Pool) Member(who string) Member { return p.members[who] }

// Referrer is what is known of a referrer. The zero Referrer has nothing.
func (p *Pool) Referrer(who string) Referrer { return p.sources[who] }

// Pending is what a member could claim, were nothing locked.
func (p *Pool) Pending(who string) (uint256.Int, error) {
	a := p.members[who].account
	err := p.settle(&a)
	return a.pending, err
}

// PendingReferrals is what a referrer could claim.
func (p *Pool) PendingReferrals(who string) (uint256.Int, error) {
	a := p.sources[who].account
	err := p.settle(&a)
	return a.pending, err
}

// settle books what the account has earned since last time.
func (p *Pool) settle(a *account) error {
	var grown, sum uint256.Int
	grown.Sub(&p.rate, &a.rate) // the rate only grows
	_, over := grown.MulDivOverflow(&grown, &a.Weight, One())
	_, over2 := sum.AddOverflow(&a.pending, &grown)
	if over || over2 {
		return fmt.Errorf("what was earned: %w", ErrTooLarge)
	}
	a.pending, a.rate = sum, p.rate
	return nil
}

// Stake adds to a member's deposit. Claims are locked until the given time; zero keeps the lock that is there, and a lock can't
// become shorter. An empty referrer keeps the one that is there. The multiplier is reckoned anew from now on.
func (p *Pool) Stake(who string, amount *uint256.Int, until emission.Time, referrer string, now emission.Time) error {
	m := p.members[who]
	if until == 0 {
		until = max(m.LockEnd, now)
	}
	if referrer == "" {
		referrer = m.Referrer
	}
	deposit := new(uint256.Int)
	_, over := deposit.AddOverflow(&m.Deposit, amount)
	switch {
	case who == "":
		return ErrNobody
	case now < p.now:
		return ErrPast
	case until < m.LockEnd:
		return ErrShorter
	case amount.IsZero():
		return ErrNothing
	case deposit.Lt(&p.terms.Least):
		return ErrTooLittle
	case over || deposit.BitLen() > 128:
		return fmt.Errorf("a deposit of 2^128 or more: %w", ErrTooLarge)
	}
	after := m
	after.Deposit, after.Referrer = *deposit, referrer
	after.LockStart, after.LockEnd, after.staked = now, until, now
	return p.replace(who, m, after, now)
}

// Withdraw takes from a member's deposit, at most all of it. A lock of claims does not hold it.
func (p *Pool) Withdraw(who string, amount *uint256.Int, now emission.Time) error {
	m := p.members[who]
	after := m
	if amount.Gt(&m.Deposit) {
		amount = &m.Deposit
	}
	after.Deposit.Sub(&m.Deposit, amount)
	switch {
	case now < p.now:
		return ErrPast
	case m.Deposit.IsZero():
		return ErrNoStake
	case amount.IsZero():
		return ErrNothing
	case held(now, m.staked, p.terms.WithdrawAfterStake):
		return fmt.Errorf("the deposit: %w", ErrLocked)
	case !after.Deposit.IsZero() && after.Deposit.Lt(&p.terms.Least):
		return ErrTooLittle
	}
	after.LockStart = now
	return p.replace(who, m, after, now)
}

// LockClaims extends a member's lock, which counts from where it began.
func (p *Pool) LockClaims(who string, until, now emission.Time) error {
	m := p.members[who]
	switch {
	case now < p.now:
		return ErrPast
	case m.Deposit.IsZero():
		return ErrNoStake
	case until <= now || until <= m.LockEnd:
		return ErrShorter
	}
	after := m
	if m.LockStart == 0 {
		after.LockStart = now
	}
	after.LockEnd = until
	return p.replace(who, m, after, now)
}

// Claim pays a member what is pending. The lock is gone then, and its multiplier with it.
func (p *Pool) Claim(who string, now emission.Time) (uint256.Int, error) {
	m := p.members[who]
	pending, err := p.Pending(who)
	switch {
	case err != nil:
		return uint256.Int{}, err
	case now < p.now:
		return uint256.Int{}, ErrPast
	case held(now, m.staked, p.terms.ClaimAfterStake) || held(now, m.claimed, p.terms.ClaimAfterClaim),
		now <= p.terms.ClaimFrom, now <= m.LockEnd:
		return uint256.Int{}, fmt.Errorf("claims: %w", ErrLocked)
	case pending.IsZero():
		return uint256.Int{}, ErrNothing
	}
	after := m
	after.LockStart, after.LockEnd, after.claimed = 0, 0, now
	if err := p.replace(who, m, after, now); err != nil {
		return uint256.Int{}, err
	}
	paid := p.members[who]
	paid.pending.Clear()
	p.members[who] = paid
	return pending, nil
}

// ClaimReferrals pays a referrer what is pending.
func (p *Pool) ClaimReferrals(who string, now emission.Time) (uint256.Int, error) {
	r := p.sources[who]
	err := p.settle(&r.account)
	switch {
	case err != nil:
		return uint256.Int{}, err
	case now < p.now:
		return uint256.Int{}, ErrPast
	case held(now, r.claimed, p.terms.ClaimAfterClaim):
		return uint256.Int{}, fmt.Errorf("claims: %w", ErrLocked)
	case r.pending.IsZero():
		return uint256.Int{}, ErrNothing
	}
	paid := r.pending
	r.pending.Clear()
	r.claimed = now
	p.sources[who], p.now = r, now
	return paid, nil
}

// held reports whether less time, or just as much, has passed since then. What never was is at zero, long ago.
func held(now, since emission.Time, period emission.Seconds) bool {
	return uint64(now-since) <= uint64(period)
}

// replace settles a member and puts another deposit, lock or referrer in its place, with the weights that follow from it. Either
// all of it happens or nothing.
func (p *Pool) replace(who string, before, after Member, now emission.Time) error {
	if err := p.settle(&after.account); err != nil {
		return err
	}
	total := Total(Lock(after.LockStart, after.LockEnd), Referral(after.Referrer != ""))
	after.Weight.MulDivOverflow(&after.Deposit, &total, One()) // below 2^128 * 10.71
	weight := p.weight
	weight.Add(&weight, &after.Weight)
	weight.Sub(&weight, &before.Weight)
	changed, err := p.refer(before, after, &weight)
	if err != nil {
		return err
	}
	for name, r := range changed {
		p.sources[name] = r
	}
	p.members[who], p.weight, p.now = after, weight, now
	return nil
}

// refer is what becomes of the referrers of a member: a deposit counts for the referrer of the day, and leaves the one before. The
// pool's weight follows.
func (p *Pool) refer(before, after Member, weight *uint256.Int) (map[string]Referrer, error) {
	changed := map[string]Referrer{}
	if before.Referrer == after.Referrer && before.Deposit == after.Deposit {
		return changed, nil
	}
	var none uint256.Int
	for _, move := range []struct {
		referrer   string
		less, more *uint256.Int
	}{{before.Referrer, &before.Deposit, &none}, {after.Referrer, &none, &after.Deposit}} {
		if move.referrer == "" {
			continue
		}
		r, again := changed[move.referrer]
		if !again {
			r = p.sources[move.referrer]
			if err := p.settle(&r.account); err != nil {
				return nil, err
			}
		}
		r.Referred.Sub(&r.Referred, move.less)
		r.Referred.Add(&r.Referred, move.more)
		changed[move.referrer] = r
	}
	for name, r := range changed {
		weight.Sub(weight, &r.Weight)
		bonus := p.bonus(&r.Referred)
		if _, over := r.Weight.MulDivOverflow(&r.Referred, &bonus, One()); over {
			return nil, fmt.Errorf("deposits of those referred: %w", ErrTooLarge)
		}
		weight.Add(weight, &r.Weight)
		changed[name] = r
	}
	return changed, nil
}

// bonus is that of the highest tier that is reached, or nothing.
func (p *Pool) bonus(deposits *uint256.Int) uint256.Int {
	for i := len(p.terms.Tiers) - 1; i >= 0; i-- {
		if !deposits.Lt(&p.terms.Tiers[i].From) {
			return p.terms.Tiers[i].Bonus
		}
	}
	return uint256.Int{}
}
