package wallet

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

// PasswordFunc asks for the account's password; attempt counts from 1. It is refusal.Locked where there is nobody to ask.
// The gate wipes what it returns.
type PasswordFunc func(ctx context.Context, account common.Address, attempt int) ([]byte, error)

// Update is a transaction's new state, for people who watch.
type Update struct {
	Index int         `json:"index"` // in the sequence, from 0
	Count int         `json:"count"`
	Hash  common.Hash `json:"hash"`
	State State       `json:"state"`
}

// Clock is time as the gate needs it.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error
}

// SystemClock is the machine's time.
type SystemClock struct{}

// Now is the machine's time.
func (SystemClock) Now() time.Time { return time.Now() }

// Sleep waits, or returns the context's error.
func (SystemClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Point is a place in the life of a sequence where a test may kill the program.
type Point string

// The points, in order. Each one but AtSent comes right after something was stored, and before what it announces.
const (
	AtReserved  Point = "reserved"
	AtSigned    Point = "signed"
	AtBroadcast Point = "broadcast" // stored as broadcast, not sent yet
	AtSent      Point = "sent"      // handed to the node, its answer not looked at yet
	AtMined     Point = "mined"
)

// Points lists them in order.
func Points() []Point { return []Point{AtReserved, AtSigned, AtBroadcast, AtSent, AtMined} }

// GateConfig is what a gate works with.
type GateConfig struct {
	Keys          *Keys
	Policy        *Policy
	Store         Ledger
	Remote        Remote
	Clock         Clock         // nil: the machine's
	ApprovalTTL   time.Duration // zero: as the policy says; never longer than that
	Confirmations uint64        // blocks that a receipt must be deep; zero and one: the newest block holds it
	PollEvery     time.Duration // zero: one second
	ConfirmWithin time.Duration // zero: two minutes; after that a sequence is refusal.Unconfirmed, and Resume goes on
	Hook          func(Point)   // for tests; nil: nothing
}

// Gate is the only way to a signature, for one network. It is safe for use by many goroutines, and by many processes that
// share one Ledger.
type Gate struct {
	c        GateConfig
	mu       sync.Mutex
	sealed   map[common.Hash]seal // what this gate prepared and nobody executed, by digest
	prepared map[turn]*Sequence   // the latest of each turn, for dry runs that build on it
}

// turn is an account's next nonce.
type turn struct {
	account common.Address
	nonce   uint64
}

// seal is what a gate remembers of what it prepared: nothing that is handed to it later can change the verdict.
type seal struct {
	verdict Verdict
	expires time.Time
}

// NewGate makes the gate of the network that c.Remote serves.
func NewGate(c GateConfig) *Gate {
	if c.Clock == nil {
		c.Clock = SystemClock{}
	}
	if c.ApprovalTTL == 0 || c.ApprovalTTL > c.Policy.ApprovalTTL() {
		c.ApprovalTTL = c.Policy.ApprovalTTL()
	}
	if c.PollEvery == 0 {
		c.PollEvery = time.Second
	}
	if c.ConfirmWithin == 0 {
		c.ConfirmWithin = 2 * time.Minute
	}
	if c.Hook == nil {
		c.Hook = func(Point) {}
	}
	return &Gate{c: c, sealed: map[common.Hash]seal{}, prepared: map[turn]*Sequence{}}
}

// Prepare gives the proposal its nonces, gas limits and fee caps, runs exactly that on f, and judges the effects. Where the
// dry run fails, or the policy denies, what comes back carries the verdict and can't be executed.
func (g *Gate) Prepare(ctx context.Context, f *fork.Fork, p Proposal) (*Prepared, error) {
	return g.prepare(ctx, f, p)
}

// Execute signs and sends what was approved, in order, and waits for the receipts. It stops at the first failure and releases
// what comes after. An error may come with the receipts of what was mined before it; refusal.Unconfirmed means that it was
// sent. Interrupted by ctx it sends nothing more; what is in the network's pool already can be mined all the same.
func (g *Gate) Execute(ctx context.Context, p *Prepared, a Approval, password PasswordFunc, moved func(Update)) ([]Receipt, error) {
	verdict, err := g.unseal(ctx, p, a)
	if err != nil {
		return nil, err
	}
	if verdict.Decision == Deny {
		return nil, verdict.refuse()
	}
	s, err := g.sequence(p, a)
	if err != nil {
		return nil, err
	}
	if digest, err := s.digest(); err != nil || digest != a.Digest {
		return nil, refusal.New(refusal.DigestMismatch, "what would be signed is not what was approved").Because(err)
	}
	if err := g.current(ctx, s); err != nil {
		return nil, err
	}
	key, err := g.unlock(ctx, s.Account, password)
	if err != nil {
		return nil, err
	}
	defer key.Close()
	if err := g.current(ctx, s); err != nil { // typing a password takes time
		return nil, err
	}
	if err := g.c.Store.Reserve(ctx, s); err != nil {
		return nil, err
	}
	g.forget(a.Digest)
	g.c.Hook(AtReserved)
	watch := g.watcher(s, moved)
	for _, t := range s.Txs {
		watch(t)
	}
	if err := g.signAll(ctx, s, key, watch); err != nil {
		return nil, g.interrupted(ctx, s, watch, err)
	}
	key.Close()
	receipts, err := g.finish(ctx, s, watch)
	return receipts, s.remind(g.interrupted(ctx, s, watch, err))
}

// Resume brings to an end what an earlier run of the program left open on this network. What may be in a pool is sent again,
// the same bytes, unless it has its receipt. What was never sent is sent only while its approval holds, and signed only with
// a password; else it is released. Nothing of a chain with another first block is sent or signed: what an embedded chain took
// with it is dropped, and said, and what is of a real chain waits for it.
func (g *Gate) Resume(ctx context.Context, password PasswordFunc, moved func(Update)) ([]Receipt, error) {
	open, err := g.c.Store.Open(ctx, g.c.Remote.Network().ChainID)
	if err != nil {
		return nil, err
	}
	if len(open) == 0 {
		return nil, nil
	}
	genesis, err := g.genesis(ctx)
	if err != nil {
		return nil, err
	}
	var (
		receipts []Receipt
		failures []error
	)
	for _, s := range open {
		watch := g.watcher(s, moved)
		got, err := g.resume(ctx, s, genesis, password, watch)
		receipts = append(receipts, got...)
		if err := s.remind(g.interrupted(ctx, s, watch, err)); err != nil {
			failures = append(failures, err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return receipts, errors.Join(failures...)
}

func (g *Gate) resume(ctx context.Context, s *Sequence, genesis common.Hash, password PasswordFunc, watch func(*Tx)) ([]Receipt, error) {
	if s.Genesis != genesis {
		return nil, g.strand(ctx, s, genesis, watch)
	}
	unsigned := slices.ContainsFunc(s.Txs, func(t *Tx) bool { return t.State == Reserved })
	givenUp := slices.ContainsFunc(s.Txs, func(t *Tx) bool { return t.State == Released }) // and said so, by the earlier run
	if g.expired(s) {
		if err := g.release(ctx, s, watch); err != nil {
			return nil, err
		}
		unsigned = false
	}
	if unsigned {
		if err := g.signRest(ctx, s, password, watch); err != nil {
			return nil, err
		}
	}
	var settled []common.Hash
	for _, t := range s.Txs {
		if !t.State.Open() {
			settled = append(settled, t.Hash)
		}
	}
	receipts, err := g.finish(ctx, s, watch)
	if givenUp && refusal.Is(err, refusal.ApprovalExpired) {
		err = nil
	}
	return slices.DeleteFunc(receipts, func(r Receipt) bool { return slices.Contains(settled, r.Tx) }), err
}

// signRest signs what an earlier run had reserved, if it still is what was approved.
func (g *Gate) signRest(ctx context.Context, s *Sequence, password PasswordFunc, watch func(*Tx)) error {
	if digest, err := s.digest(); err != nil || digest != s.Approval.Digest {
		return errors.Join(
			refusal.New(refusal.DigestMismatch, "what is stored is not what was approved").Because(err),
			g.release(ctx, s, watch),
		)
	}
	key, err := g.unlock(ctx, s.Account, password)
	if err != nil {
		return err
	}
	defer key.Close()
	if g.expired(s) {
		return errors.Join(expiredRefusal(s.Title, s.Approval.Expires), g.release(ctx, s, watch))
	}
	return g.signAll(ctx, s, key, watch)
}

// unseal holds the approval against what this gate itself prepared, and gives the verdict that it came to.
func (g *Gate) unseal(ctx context.Context, p *Prepared, a Approval) (Verdict, error) {
	if a.Digest == (common.Hash{}) || a.By == "" {
		if p.Verdict.Decision == Deny {
			return Verdict{}, p.Verdict.refuse()
		}
		return Verdict{}, refusal.New(refusal.NeedsApproval, "nobody approved %s", p.Title)
	}
	if a.Digest != p.Digest || !a.Expires.Equal(p.Expires) {
		return Verdict{}, refusal.New(refusal.DigestMismatch, "the approval is for something else")
	}
	if !g.c.Clock.Now().Before(p.Expires) {
		return Verdict{}, expiredRefusal(p.Title, p.Expires)
	}
	g.mu.Lock()
	sealed, ok := g.sealed[a.Digest]
	g.mu.Unlock()
	if ok {
		return sealed.verdict, nil
	}
	used, err := g.c.Store.Used(ctx, a.Digest)
	if err != nil {
		return Verdict{}, err
	}
	if used {
		return Verdict{}, usedRefusal(p.Title)
	}
	return Verdict{}, refusal.New(refusal.DigestMismatch, "the approval is for something that was not prepared here")
}

func usedRefusal(title string) error {
	return refusal.New(refusal.ApprovalUsed, "the approval of %s was used already", title)
}

func (g *Gate) seal(p *Prepared, s *Sequence) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.c.Clock.Now()
	maps.DeleteFunc(g.sealed, func(_ common.Hash, old seal) bool { return !now.Before(old.expires) })
	g.sealed[p.Digest] = seal{p.Verdict, p.Expires}
	g.prepared[turn{s.Account, s.Txs[0].Nonce}] = s
}

// applied lists what this gate prepared for the nonces from pending up to next: the steps of a dry run that its fork has and
// the network has not.
func (g *Gate) applied(account common.Address, pending, next uint64) []*Sequence {
	g.mu.Lock()
	defer g.mu.Unlock()
	maps.DeleteFunc(g.prepared, func(t turn, _ *Sequence) bool { return t.account == account && t.nonce < pending })
	var all []*Sequence
	for pending < next {
		s, ok := g.prepared[turn{account, pending}]
		if !ok {
			pending++
			continue
		}
		all = append(all, s)
		pending += uint64(len(s.Txs))
	}
	return all
}

func (g *Gate) forget(digest common.Hash) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.sealed, digest)
}

func (v Verdict) refuse() error {
	for _, f := range v.Findings {
		if f.Decision == Deny {
			e := refusal.New(f.Reason, "%s", f.Detail)
			return e.WithHint("%s", f.Hint)
		}
	}
	return refusal.New(refusal.EffectsUnknown, "nothing was judged")
}

// current refuses what is stale: an approval that expired or was used, another chain behind the endpoint, a nonce that
// something else has taken since; and what builds on a dry run's earlier steps.
func (g *Gate) current(ctx context.Context, s *Sequence) error {
	if g.expired(s) {
		return expiredRefusal(s.Title, s.Approval.Expires)
	}
	used, err := g.c.Store.Used(ctx, s.Approval.Digest)
	if err != nil {
		return err
	}
	if used {
		return usedRefusal(s.Title)
	}
	if got := g.c.Remote.Network().ChainID; got != s.ChainID {
		return refusal.New(refusal.WrongChain, "it is for chain %d, the gate serves %d", s.ChainID, got)
	}
	genesis, err := g.genesis(ctx)
	if err != nil {
		return err
	}
	if genesis != s.Genesis {
		return otherChain(s, genesis)
	}
	next, err := g.c.Remote.Nonce(ctx, s.Account)
	if err != nil {
		return err
	}
	switch first := s.Txs[0].Nonce; {
	case next > first:
		return refusal.New(refusal.DigestMismatch, "nonce %d was used meanwhile, the next is %d", first, next)
	case next < first:
		return refusal.New(refusal.NoSimulation, "it builds on transactions that are not on the chain: its nonce is %d, the next is %d", first, next)
	}
	return nil
}

func (g *Gate) expired(s *Sequence) bool { return !g.c.Clock.Now().Before(s.Approval.Expires) }

func expiredRefusal(title string, expires time.Time) error {
	return refusal.New(refusal.ApprovalExpired, "the approval of %s held until %s", title, expires.UTC().Format(time.RFC3339))
}

const passwordTries = 3

func (g *Gate) unlock(ctx context.Context, account common.Address, password PasswordFunc) (*Key, error) {
	if _, err := g.c.Keys.find(account); err != nil {
		return nil, err
	}
	if password == nil {
		return nil, refusal.New(refusal.Locked, "nobody to ask for the password")
	}
	for attempt := 1; attempt <= passwordTries; attempt++ {
		secret, err := password(ctx, account, attempt)
		if err != nil {
			return nil, err
		}
		key, err := g.c.Keys.Unlock(account, secret)
		clear(secret)
		if !errors.Is(err, ErrPassword) {
			return key, err
		}
	}
	return nil, refusal.New(refusal.Locked, "the password was wrong %d times", passwordTries)
}

// interrupted turns the end of ctx into a refusal, and releases what was not sent: who interrupts wants nothing more to go out.
func (g *Gate) interrupted(ctx context.Context, s *Sequence, watch func(*Tx), err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	stopped := refusal.New(refusal.Interrupted, "%s was interrupted", s.Title).Because(err)
	if err := g.release(context.WithoutCancel(ctx), s, watch); err != nil {
		return fmt.Errorf("%w; release what was not sent: %w", stopped, err)
	}
	return stopped
}

func (g *Gate) watcher(s *Sequence, moved func(Update)) func(*Tx) {
	if moved == nil {
		return func(*Tx) {}
	}
	return func(t *Tx) { moved(Update{Index: t.Index, Count: len(s.Txs), Hash: t.Hash, State: t.State}) }
}
