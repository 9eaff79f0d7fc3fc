package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Who earns what, in hundredths of all claimants.
const (
	members   = 45
	stakers   = 45
	providers = 5 // and the rest are authors
)

const (
	subnets = 500
	users   = 200_000
	copies  = 50 // one in so many entries is what another reporter has written
)

// shares are how many of a thousand entries are of a kind.
var shares = [...]struct {
	kind usage.Kind
	of   int
}{
	{usage.Deposit, 250},
	{usage.Stake, 230},
	{usage.Receipt, 220},
	{usage.Tool, 120},
	{usage.Audit, 70},
	{usage.Bond, 50},
	{usage.Front, 50},
	{usage.Work, 5},
	{usage.Subnet, 2},
	{usage.Yield, 1},
	{usage.Risk, 1},
	{usage.Payout, 1},
}

// rules are the example's, with the people of this ledger.
func (o options) rules() *rules.Rules {
	r := rules.Example()
	v := &r.Versions[0]
	v.Reporters = nil
	v.Works.Maintainers = nil
	for i := range o.reporters { // a maintainer's opinion counts from its own chain alone
		v.Works.Maintainers = append(v.Works.Maintainers, crypto.PubkeyToAddress(keyOf(i).PublicKey))
	}
	v.Receipts.LeastAudits = 1
	v.Receipts.LeastPassed = 5000
	v.Yields.Assets = map[common.Address]bool{}
	for i := range uint64(4) {
		v.Yields.Assets[named("asset", i)] = true
	}
	return &r
}

func named(what string, i uint64) (a common.Address) {
	h := sha256.Sum256(binary.BigEndian.AppendUint64([]byte(what), i))
	copy(a[:], h[:])
	return a
}

func hashed(what string, i uint64) common.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(what), i))
}

// maker writes the ledger.
type maker struct {
	options
	*rand.Rand
	out   *bufio.Writer
	logs  []*usage.Log
	span  usage.Span
	turns map[usage.Kind]uint64 // each kind takes its earners in turn, so that all of them earn
	last  usage.Entry
	by    int // who writes it
	made  uint64
}

func (o options) make(ctx context.Context) (err error) {
	file, err := os.Create(o.ledger)
	if err != nil {
		return err
	}
	defer file.Close()
	m := &maker{options: o, Rand: rand.New(rand.NewPCG(o.seed, 0)), out: bufio.NewWriterSize(file, 1<<20), turns: map[usage.Kind]uint64{}}
	r := o.rules()
	calendar := usage.Calendar{Start: r.Start, Length: r.Length}
	for i := range o.reporters {
		key := keyOf(i)
		m.logs = append(m.logs, &usage.Log{Reporter: crypto.PubkeyToAddress(key.PublicKey), Calendar: calendar, Sign: signer(key), Into: m.into})
	}
	for e := range o.epochs {
		if m.span, err = calendar.Span(r.First + usage.Epoch(e)); err != nil {
			return err
		}
		if err := m.epoch(ctx, o.entries*(e+1)/o.epochs); err != nil {
			return err
		}
	}
	if err := m.out.Flush(); err != nil {
		return err
	}
	return file.Close()
}

func keyOf(reporter int) *ecdsa.PrivateKey {
	secret := hashed("reporter", uint64(reporter))
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		panic(err) // one hash in 2^128 is no key
	}
	return key
}

func signer(key *ecdsa.PrivateKey) usage.Sign {
	return func(digest common.Hash) ([65]byte, error) {
		s, err := crypto.Sign(digest[:], key)
		if err != nil {
			return [65]byte{}, err
		}
		return [65]byte(s), nil
	}
}

func (m *maker) into(s *usage.Segment, lines []byte) error {
	if _, err := m.out.Write(append(usage.AppendSegment(nil, s), '\n')); err != nil {
		return err
	}
	_, err := m.out.Write(lines)
	return err
}

// epoch writes entries until there are so many.
func (m *maker) epoch(ctx context.Context, until uint64) error {
	begin := m.made
	for ; m.made < until; m.made++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if m.made > begin && m.IntN(copies) == 0 {
			m.by = (m.by + 1) % len(m.logs)
		} else {
			m.by = m.IntN(len(m.logs))
			m.last = m.entry()
		}
		if _, err := m.logs[m.by].Add(&m.last); err != nil {
			return err
		}
	}
	for _, log := range m.logs {
		if err := log.Cut(); err != nil {
			return err
		}
	}
	return nil
}

// turn counts the entries of a kind.
func (m *maker) turn(kind usage.Kind) uint64 {
	m.turns[kind]++
	return m.turns[kind] - 1
}

// earner is the next of those claimants that a kind pays.
func (m *maker) earner(kind usage.Kind, from, hundredths uint64) common.Address {
	first, n := m.claimants*from/100, max(m.claimants*hundredths/100, 1)
	return named("account", first+m.turn(kind)%n)
}

func (m *maker) tokens(most uint64) (wei uint256.Int) {
	return *wei.Mul(uint256.NewInt(1+m.Uint64N(most*1000)), uint256.NewInt(1e15))
}

func (m *maker) entry() usage.Entry {
	at := m.IntN(1000)
	kind := usage.Tool
	for _, s := range shares {
		if at -= s.of; at < 0 {
			kind = s.kind
			break
		}
	}
	e := usage.Entry{Kind: kind, At: m.span.From + emission.Time(m.Uint64N(uint64(m.span.To-m.span.From)/2))}
	binary.BigEndian.PutUint64(e.Ref[:], m.Uint64())
	binary.BigEndian.PutUint64(e.Ref[8:], m.made)
	switch kind {
	case usage.Deposit, usage.Stake, usage.Bond, usage.Subnet:
		e.To = m.span.To - emission.Time(m.Uint64N(100))
		m.standing(&e)
	case usage.Receipt, usage.Audit:
		m.served(&e)
	case usage.Work, usage.Risk:
		m.worked(&e)
	case usage.Tool, usage.Front:
		m.used(&e)
	case usage.Yield:
		e.Asset, e.Amount, e.Decimals, e.PriceIn = named("asset", m.Uint64N(4)), m.tokens(20), 18, m.tokens(3000)
	case usage.Payout:
		e.Proposal, e.Earner, e.Amount = m.turn(kind), named("account", m.Uint64N(m.claimants)), m.tokens(1)
	}
	return e
}

func (m *maker) standing(e *usage.Entry) {
	e.Amount = m.tokens(1000)
	switch e.Kind {
	case usage.Deposit:
		e.Asset, e.Earner = named("asset", m.Uint64N(4)), m.earner(e.Kind, 0, members)
		if m.IntN(4) == 0 {
			e.Other = named("account", m.Uint64N(m.claimants*members/100))
		}
		if m.IntN(2) == 0 {
			e.LockFrom = m.span.From - emission.Time(m.Uint64N(100*86400))
			e.LockTo = e.LockFrom + emission.Time(m.Uint64N(2000*86400))
		}
	case usage.Stake:
		e.Subnet, e.Earner = hashed("subnet", m.Uint64N(subnets)), m.earner(e.Kind, members, stakers)
	case usage.Bond:
		e.Earner = m.earner(e.Kind, members+stakers, providers)
	case usage.Subnet:
		subnet := m.turn(e.Kind) % subnets
		e.Subnet, e.Earner = hashed("subnet", subnet), named("account", subnet)
		e.Fee.Mul(uint256.NewInt(m.Uint64N(20)), uint256.MustFromDecimal("100000000000000000000000"))
	}
}

func (m *maker) served(e *usage.Entry) {
	e.Name = fmt.Appendf(nil, "model-%d:%db", m.IntN(40), 1+m.IntN(70))
	e.Earner = m.earner(e.Kind, members+stakers, providers)
	if e.Kind == usage.Audit {
		e.Other, e.Flag = named("auditor", m.Uint64N(50)), m.IntN(50) > 0
		return
	}
	e.Other = named("user", m.Uint64N(users))
	e.Input, e.Output = m.Uint64N(20_000), m.Uint64N(4000)
	e.PriceIn, e.PriceOut, e.Fee = m.tokens(1), m.tokens(3), m.tokens(1)
}

func (m *maker) worked(e *usage.Entry) {
	// Two maintainers say the same of a commit, one after the other.
	turn := m.turn(e.Kind)
	m.by = int(turn) % len(m.logs)
	commit := hashed("commit", turn/2)
	copy(e.Subject[:20], commit[:])
	e.Other = m.logs[m.by].Reporter
	if e.Kind == usage.Risk {
		e.Flag = m.IntN(3) > 0
		return
	}
	const before = members + stakers + providers
	e.Place, e.Name = []byte("keymaker/keymaker"), []byte("fix")
	e.Earner = named("account", m.claimants*before/100+turn/2%max(m.claimants*(100-before)/100, 1))
	e.Amount.SetUint64(1 + m.Uint64N(100))
}

func (m *maker) used(e *usage.Entry) {
	const before = members + stakers + providers
	turn := m.made
	e.Other, e.Chain, e.Subject = named("user", m.Uint64N(users)), 1, hashed("transaction", turn)
	e.Amount.Mul(uint256.NewInt(21_000+m.Uint64N(500_000)), uint256.NewInt(1+m.Uint64N(50_000_000_000)))
	if e.Kind == usage.Front {
		e.Name, e.Subnet = fmt.Appendf(nil, "front-%d", m.IntN(900)), hashed("subnet", m.Uint64N(subnets))
		return
	}
	e.Name, e.Earner = fmt.Appendf(nil, "tool-%d", m.IntN(2000)), m.earner(e.Kind, before, 100-before)
}
