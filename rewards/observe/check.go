package observe

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Fault says in what an entry is not what the chain says.
type Fault string

// The faults.
const (
	NoTransaction Fault = "no_transaction" // the chain has no such transaction
	Reverted      Fault = "reverted"       // it failed
	OtherUser     Fault = "other_user"     // somebody else sent it
	OtherEpoch    Fault = "other_epoch"    // it was mined in another epoch
	OtherBurned   Fault = "other_burned"   // gas used * base fee is another amount
	Repeated      Fault = "repeated"       // another entry of the kind was right of the same transaction
	NotObserved   Fault = "not_observed"   // the contracts' logs make no such entry
	Unreported    Fault = "unreported"     // they make one that nobody reported
)

// Finding is an entry that is not what the chain says.
type Finding struct {
	Fault    Fault
	Kind     usage.Kind
	Reporter common.Address // zero: nobody
	ID       usage.ID
	Detail   string // what the chain says instead, where that is a number or an address
}

// Chain is where entries of tools and front ends are held against what was mined.
type Chain struct {
	Reader Reader
	Final  uint64 // the last block that counts
}

// Audit holds the entries of an epoch against the chain.
type Audit struct {
	Calendar usage.Calendar
	Epoch    usage.Epoch
	Said     *Said                                               // what Observe says of the epoch
	Open     func(ctx context.Context, id uint64) (Chain, error) // a chain by its id; what it refuses is not checked
	Tell     func(Finding) error                                 // each finding when it is found
	Progress func(done, of uint64)                               // entries
}

// Report counts the entries of an epoch. What is in it sums to the entries of the ledger, but for Unreported.
type Report struct {
	Agree      map[usage.Kind]uint64
	Differ     uint64
	Copies     uint64                // entries that another one says to the byte
	Other      map[usage.Kind]uint64 // of kinds that are not held against a chain here
	Unchecked  []Unchecked
	Unreported uint64
}

// Unchecked is entries that may be right or wrong.
type Unchecked struct {
	Chain   uint64 // 0: of more chains than are told apart
	Why     string
	Entries uint64
}

// Said is what was observed of an epoch, by the ids of the entries. The zero Said is empty.
type Said struct {
	ids  map[usage.ID]*observed
	line []byte
}

type observed struct {
	kind usage.Kind
	told bool // somebody reported it
}

// Add is that of Into.
func (s *Said) Add(e *usage.Entry) (err error) {
	if s.line, err = usage.AppendEntry(s.line[:0], e); err != nil {
		return err
	}
	if s.ids == nil {
		s.ids = map[usage.ID]*observed{}
	}
	s.ids[sha256.Sum256(s.line)] = &observed{kind: e.Kind}
	return nil
}

// Again is that of Into.
func (s *Said) Again() error {
	s.ids = nil
	return nil
}

// Run reads the epoch's segments, whose signatures and lines are checked as every reader of a ledger does, and tells what is not what the
// chain says. Of a tool's or front end's entry it holds that its transaction is on its chain in a final block, succeeded, was sent by the
// user, was mined in the entry's epoch, and burned gas used * base fee of its block. That the tool or the front end served it is the
// reporter's word alone, as are receipts and what was paid for them. The ledger may be a part of one that has all of the epoch.
func (a *Audit) Run(ctx context.Context, l usage.Ledger) (Report, error) {
	all, err := a.segments(l)
	if err != nil {
		return Report{}, err
	}
	span, err := a.Calendar.Span(a.Epoch)
	if err != nil {
		return Report{}, err
	}
	r := newRun(a, all)
	var reader usage.Reader
	for i := range all {
		s := &all[i]
		if err := s.Verify(); err != nil {
			return Report{}, err
		}
		if err := reader.Walk(ctx, l, s, span, func(id usage.ID, e *usage.Entry) error { return r.entry(ctx, s.Reporter, id, e) }); err != nil {
			return Report{}, err
		}
		a.Progress(r.done, r.of)
	}
	return r.end(ctx)
}

// segments are those of the epoch, all of them if a closing says how many.
func (a *Audit) segments(l usage.Ledger) ([]usage.Segment, error) {
	all, err := l.Segments()
	if err != nil {
		return nil, err
	}
	all, err = usage.Order(slices.DeleteFunc(all, func(s usage.Segment) bool { return s.Epoch != a.Epoch }))
	if err != nil {
		return nil, err
	}
	closings, err := l.Closings()
	if err != nil {
		return nil, err
	}
	is := usage.CloseEpoch(a.Epoch, all)
	for _, c := range closings {
		if c.Epoch == a.Epoch && c != is {
			return nil, refusal.New(refusal.LedgerIncomplete, "epoch %d was closed with %d segments and the root %s, and %d with %s are here",
				c.Epoch, c.Segments, c.Root, is.Segments, is.Root)
		}
	}
	return all, nil
}

// run is one Run under way.
type run struct {
	*Audit
	report   Report
	ids      *usage.Seen // of entries
	mined    *usage.Seen // of transactions that an entry was right of, by kind
	chains   map[uint64]*held
	done, of uint64
}

// held is a chain, and what waits to be held against it.
type held struct {
	Chain
	id      uint64
	waiting []use
	why     string // it is not checked
	lost    uint64 // entries that are not checked
}

// use is what is looked up of an entry of a tool or a front end.
type use struct {
	kind        usage.Kind
	reporter    common.Address
	id          usage.ID
	user        common.Address
	transaction common.Hash
	burned      uint256.Int
}

const (
	mostChains = 64  // that are told apart
	usesAtOnce = 256 // of one chain
)

func newRun(a *Audit, segments []usage.Segment) *run {
	r := &run{Audit: a, chains: map[uint64]*held{}}
	r.report.Agree, r.report.Other = map[usage.Kind]uint64{}, map[usage.Kind]uint64{}
	for i := range segments {
		r.of += uint64(segments[i].Count)
	}
	root := usage.CloseEpoch(a.Epoch, segments).Root
	r.ids, r.mined = usage.NewSeen(root, r.of, r.of), usage.NewSeen(root, r.of, r.of)
	return r
}

func (r *run) entry(ctx context.Context, reporter common.Address, id usage.ID, e *usage.Entry) error {
	r.done++
	if !r.ids.First(id) {
		r.report.Copies++
		return nil
	}
	switch e.Kind {
	case usage.Bond, usage.Subnet, usage.Stake, usage.Payout:
		o, ok := r.Said.ids[id]
		if !ok {
			return r.differs(Finding{NotObserved, e.Kind, reporter, id, ""})
		}
		o.told = true
		r.report.Agree[e.Kind]++
		return nil
	case usage.Tool, usage.Front:
		c := r.chain(ctx, e.Chain)
		if err := ctx.Err(); err != nil {
			return err
		}
		c.waiting = append(c.waiting, use{e.Kind, reporter, id, e.Other, e.Subject, e.Amount})
		if len(c.waiting) < usesAtOnce {
			return nil
		}
		return r.hold(ctx, c)
	}
	r.report.Other[e.Kind]++
	return nil
}

func (r *run) differs(f Finding) error {
	r.report.Differ++
	return r.Tell(f)
}

// chain opens a chain once.
func (r *run) chain(ctx context.Context, id uint64) *held {
	if c, ok := r.chains[id]; ok {
		return c
	}
	if len(r.chains) >= mostChains {
		id = 0
		if c, ok := r.chains[id]; ok {
			return c
		}
		c := &held{why: "one of too many chains"}
		r.chains[id] = c
		return c
	}
	c := &held{id: id}
	r.chains[id] = c
	var err error
	if c.Chain, err = r.Open(ctx, id); err != nil {
		c.why = said(err)
	}
	return c
}

// said is what a refusal says to people. Words of an endpoint are not passed on.
func said(err error) string {
	if e, ok := refusal.As(err); ok {
		return e.Detail
	}
	return "its endpoint gives no answer that can be read"
}

// hold holds what waits against its chain. An endpoint that gives no answers leaves the rest of its chain unchecked.
func (r *run) hold(ctx context.Context, c *held) error {
	defer func() { c.waiting = c.waiting[:0] }()
	if c.why == "" {
		mined, err := lookUp(ctx, c.Chain, c.waiting)
		if err == nil {
			return r.compare(c, mined)
		}
		if ctx.Err() != nil {
			return err
		}
		c.why = said(err)
	}
	c.lost += uint64(len(c.waiting))
	return nil
}

func (r *run) compare(c *held, all []mined) error {
	for i := range c.waiting {
		u, is := &c.waiting[i], &all[i]
		if is.young {
			r.unchecked(Unchecked{c.id, "in a block that is not final yet", 1})
			continue
		}
		fault, detail := r.fault(u, is)
		if fault == "" && !r.mined.First(minedID(u, c.id)) {
			fault = Repeated
		}
		if fault == "" {
			r.report.Agree[u.kind]++
			continue
		}
		if err := r.differs(Finding{fault, u.kind, u.reporter, u.id, detail}); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) fault(u *use, is *mined) (Fault, string) {
	epoch, err := r.Calendar.Epoch(emission.Time(is.block.Time))
	switch {
	case !is.there:
		return NoTransaction, ""
	case !is.succeeded:
		return Reverted, ""
	case is.from != u.user:
		return OtherUser, is.from.Hex()
	case err != nil:
		return OtherEpoch, said(err)
	case epoch != r.Epoch:
		return OtherEpoch, decimal(uint64(epoch))
	case is.burned != u.burned:
		return OtherBurned, is.burned.Dec()
	}
	return "", ""
}

// minedID names a transaction among those of entries of one kind.
func minedID(u *use, chain uint64) usage.ID {
	return sha256.Sum256(append(binary.BigEndian.AppendUint64([]byte{byte(u.kind)}, chain), u.transaction[:]...))
}

// unchecked adds to what is not checked for the same reason.
func (r *run) unchecked(u Unchecked) {
	i := slices.IndexFunc(r.report.Unchecked, func(o Unchecked) bool { return o.Chain == u.Chain && o.Why == u.Why })
	if i < 0 {
		r.report.Unchecked = append(r.report.Unchecked, u)
		return
	}
	r.report.Unchecked[i].Entries += u.Entries
}
