package observe

import (
	"bytes"
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// book holds what stands. A subject is zero (a plain stake, of which there is no entry), a provider's address as a word (a bond: the sum
// of all accounts' positions in it), or the id of a subnet, which is no address because its first 20 bytes are its owner's (a stake: each
// account's position).
type book struct {
	span  usage.Span
	into  Into
	ended bool // the epoch's end was passed, and all that is of it was added

	positions map[position]standing
	subjects  map[common.Hash]standing // the sums of positions
	subnets   map[common.Hash]listed
	staked    uint256.Int // sum of all positions
	payouts   uint256.Int // of all times
}

type position struct {
	subject common.Hash
	account common.Address
}

// since is when something began, and the log that began it.
type since struct {
	at  emission.Time
	ref usage.Ref
}

type standing struct {
	since
	amount uint256.Int
}

type listed struct {
	since
	treasury common.Address
	fee      uint256.Int
}

func newBook(span usage.Span, into Into) *book {
	return &book{span: span, into: into, positions: map[position]standing{}, subjects: map[common.Hash]standing{}, subnets: map[common.Hash]listed{}}
}

// apply takes the next event.
func (b *book) apply(e *event) error {
	if e.at >= b.span.To {
		if err := b.end(); err != nil {
			return err
		}
	}
	switch what := e.what.(type) {
	case change:
		return b.change(&what, since{e.at, e.ref})
	case setting:
		return b.set(&what, since{e.at, e.ref})
	default:
		return b.pay(e, e.what.(payout))
	}
}

func (b *book) change(c *change, now since) error {
	if c.subject != (common.Hash{}) && !isProvider(c.subject) {
		if _, ok := b.subnets[c.subject]; !ok {
			return missing("somebody stakes in subnet %s, which no log has registered", c.subject)
		}
	}
	at := position{c.subject, c.account}
	own, all := b.positions[at], b.subjects[c.subject]
	if !follows(&own.amount, c, &c.position) || !follows(&all.amount, c, &c.inSubject) {
		return missing("%s has %s in subject %s, all have %s, and a log says %s and %s after %s", c.account, own.amount.Dec(), c.subject,
			all.amount.Dec(), c.position.Dec(), c.inSubject.Dec(), c.amount.Dec())
	}
	if c.out {
		b.staked.Sub(&b.staked, &c.amount)
	} else {
		b.staked.Add(&b.staked, &c.amount)
	}
	if err := errors.Join(b.stood(at, own, now.at), b.bonded(c.subject, all, now.at)); err != nil {
		return err
	}
	keep(b.positions, at, standing{now, c.position})
	keep(b.subjects, c.subject, standing{now, c.inSubject})
	return nil
}

// follows reports whether an amount is after a change what the log says.
func follows(before *uint256.Int, c *change, after *uint256.Int) bool {
	var is uint256.Int
	var over bool
	if c.out {
		_, over = is.SubOverflow(before, &c.amount)
	} else {
		_, over = is.AddOverflow(before, &c.amount)
	}
	return !over && is == *after
}

// keep keeps what stands and forgets what is nothing.
func keep[K comparable](in map[K]standing, at K, s standing) {
	if s.amount.IsZero() {
		delete(in, at)
		return
	}
	in[at] = s
}

func (b *book) set(s *setting, now since) error {
	if err := b.hadSubnet(s.id, b.subnets[s.id], now.at); err != nil {
		return err
	}
	b.subnets[s.id] = listed{now, s.treasury, s.fee}
	return nil
}

func (b *book) pay(e *event, p payout) error {
	b.payouts.Add(&b.payouts, &p.amount)
	if b.ended || e.at < b.span.From {
		return nil
	}
	return b.into.Add(&usage.Entry{Kind: usage.Payout, At: e.at, Ref: e.ref, Proposal: p.proposal, Earner: p.to, Amount: p.amount})
}

// within is the part of a time that is in the epoch.
func (b *book) within(s since, until emission.Time) (from, to emission.Time, ok bool) {
	from, to = max(s.at, b.span.From), min(until, b.span.To)
	return from, to, from < to && !b.ended
}

// stood adds the entry of a stake that ends.
func (b *book) stood(at position, s standing, until emission.Time) error {
	from, to, ok := b.within(s.since, until)
	if !ok || s.amount.IsZero() || isProvider(at.subject) || at.subject == (common.Hash{}) {
		return nil
	}
	return b.into.Add(&usage.Entry{Kind: usage.Stake, At: from, To: to, Ref: s.ref, Subnet: at.subject, Earner: at.account, Amount: s.amount})
}

// bonded adds the entry of a bond that ends.
func (b *book) bonded(subject common.Hash, s standing, until emission.Time) error {
	from, to, ok := b.within(s.since, until)
	if !ok || s.amount.IsZero() || !isProvider(subject) {
		return nil
	}
	return b.into.Add(&usage.Entry{Kind: usage.Bond, At: from, To: to, Ref: s.ref, Earner: common.BytesToAddress(subject[:]), Amount: s.amount})
}

// hadSubnet adds the entry of a setting that ends.
func (b *book) hadSubnet(id common.Hash, s listed, until emission.Time) error {
	from, to, ok := b.within(s.since, until)
	if !ok || s.treasury == (common.Address{}) {
		return nil
	}
	return b.into.Add(&usage.Entry{Kind: usage.Subnet, At: from, To: to, Ref: s.ref, Subnet: id, Earner: s.treasury, Fee: s.fee})
}

// isProvider reports whether a subject is an address as a word.
func isProvider(subject common.Hash) bool {
	return subject != (common.Hash{}) && bytes.Equal(subject[:common.HashLength-common.AddressLength], make([]byte, common.HashLength-common.AddressLength))
}

// end adds what stands at the end of the epoch.
func (b *book) end() error {
	if b.ended {
		return nil
	}
	for _, subject := range slices.SortedFunc(maps.Keys(b.subjects), common.Hash.Cmp) {
		if err := b.bonded(subject, b.subjects[subject], b.span.To); err != nil {
			return err
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(b.subnets), common.Hash.Cmp) {
		if err := b.hadSubnet(id, b.subnets[id], b.span.To); err != nil {
			return err
		}
	}
	for _, at := range slices.SortedFunc(maps.Keys(b.positions), func(x, y position) int {
		return cmp.Or(x.subject.Cmp(y.subject), x.account.Cmp(y.account))
	}) {
		if err := b.stood(at, b.positions[at], b.span.To); err != nil {
			return err
		}
	}
	b.ended = true
	return nil
}

func missing(format string, args ...any) error {
	return refusal.New(refusal.LogsMissing, format, args...)
}
