package settlement

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// fact is an entry as a reporter has it.
type fact struct {
	reporter common.Address
	id       usage.ID
	usage.Entry
}

// made makes random worlds, always the same from one seed.
type made struct {
	*rand.Rand
	epochs uint64 // how many are settled
	length uint64
}

func newMade(seed uint64) *made {
	m := &made{Rand: rand.New(rand.NewPCG(seed, 1))}
	m.epochs, m.length = 1+m.Uint64N(4), 1+m.Uint64N(1000)
	return m
}

func wei(text string) uint256.Int { return *uint256.MustFromDecimal(text) }

// The people: few, so that they meet. The first of them report, and have keys.
const (
	people    = 9
	reporters = 3
)

func key(i int) *ecdsa.PrivateKey {
	b := uint256.NewInt(uint64(i) + 1).Bytes32()
	k, err := crypto.ToECDSA(b[:])
	if err != nil {
		panic(err)
	}
	return k
}

var persons = func() (all [people]common.Address) {
	for i := range all {
		h := sha256.Sum256([]byte{byte(i)})
		copy(all[i][:], h[:])
		if i < reporters {
			all[i] = crypto.PubkeyToAddress(key(i).PublicKey)
		}
	}
	return all
}()

func person(i int) common.Address { return persons[i] }

func (m *made) anyone() common.Address { return person(m.IntN(people)) }

func asset(i int) common.Address   { return common.Address{0xe0, byte(i)} }
func subnetOf(i int) common.Hash   { return common.Hash{0x5b, byte(i)} }
func (m *made) of(n uint64) bool   { return m.Uint64N(n) == 0 }
func (m *made) ref() (r usage.Ref) { copy(r[:], m.bytes(16)); return r }

func (m *made) bytes(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(m.Uint32())
	}
	return b
}

// amount is hostile: often nothing, one, or the largest that a ledger can write.
func (m *made) amount() uint256.Int {
	var a uint256.Int
	switch m.IntN(8) {
	case 0:
	case 1:
		a.SetOne()
	case 2:
		a.Sub(new(uint256.Int).Lsh(uint256.NewInt(1), 128), uint256.NewInt(1))
	case 3:
		a.SetBytes(m.bytes(16))
	case 4:
		a.SetUint64(m.Uint64N(20))
	default:
		a.Mul(uint256.NewInt(1+m.Uint64N(5000)), uint256.NewInt(1e18))
	}
	return a
}

// scheduleOf pays each of the five pools I in the first interval and D less in each one after it.
func scheduleOf(t testing.TB, interval, initial, step string) emission.Schedule {
	t.Helper()
	text := fmt.Sprintf("schema = 1\nname = \"test\"\nstart = 2024-02-08T12:00:00Z\ninterval = %s\ncap = \"%s\"\n", interval, "340282366920938463463374607431768211455")
	for b := range rules.Buckets {
		text += fmt.Sprintf("[[pool]]\nname = %q\nkind = \"decrease\"\ninitial = %q\nstep = %q\nshare = 20\n", b, initial, step)
	}
	s, err := emission.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// rules are random ones that a file could hold, with everybody in every role.
func (m *made) rules(t testing.TB) *rules.Rules {
	t.Helper()
	r := rules.Example()
	r.Schedule = scheduleOf(t, fmt.Sprint(1+m.Uint64N(2000)), fmt.Sprint(m.Uint64N(1e18)), fmt.Sprint(1+m.Uint64N(1e17)))
	if m.of(3) {
		r.Schedule = scheduleOf(t, "86400", "3456000000000000000000", "592558728240000000")
	}
	r.Start, r.Length, r.First = r.Schedule.Start, emission.Seconds(m.length), usage.Epoch(m.Uint64N(3))
	v := m.version()
	v.From = r.First
	r.Versions = []rules.Version{v}
	if m.of(3) {
		next := m.version()
		next.From = r.First + 1
		r.Versions = append(r.Versions, next)
	}
	return &r
}

func (m *made) version() rules.Version {
	v := rules.Example().Versions[0]
	two := func(a, b rules.Part) {
		v.Shares[a] = rules.Bps(m.Uint64N(10_001))
		v.Shares[b] = rules.Whole - v.Shares[a]
	}
	two(rules.Works, rules.Tools)
	two(rules.Stakes, rules.Fronts)
	v.Carry = 1 + m.Uint64N(10)
	v.Reporters = map[usage.Kind][]common.Address{usage.Kind(m.IntN(kinds)): {person(0)}, usage.Kind(m.IntN(kinds)): {person(0), person(1)}}
	v.Burned = map[uint64]uint256.Int{1: wei("1000000000000000000"), 10: m.amount()}
	below := func() rules.Bps { return rules.Bps(m.Uint64N(10_000)) }
	v.Works = rules.WorkRules{
		Maintainers: []common.Address{person(0), person(1), person(2), person(5)}, Quorum: 1 + m.Uint64N(3), Grace: m.Uint64N(3), Most: below() + 1,
		Classes: map[string]rules.Class{"fix": {Most: m.amount(), Epochs: 1 + m.Uint64N(3)}, "feature": {Most: m.amount(), Epochs: 1 + m.Uint64N(3)}},
	}
	v.Tools = rules.UseRules{Return: below(), Most: below() + 1}
	v.Fronts = rules.UseRules{Return: rules.Bps(m.Uint64N(uint64(rules.Whole - v.Tools.Return))), Most: below() + 1}
	v.Stakes.Fee = m.amount()
	if v.Stakes.Fee.Gt(multiplier.One()) {
		v.Stakes.Fee = wei("300000000000000000000000") // 3 %
	}
	v.Receipts = rules.ReceiptRules{
		Return: below(), Bond: below() + 1, LeastAudits: m.Uint64N(3), LeastPassed: below(), MostFee: below() + 1, MostIn: m.amount(), MostOut: m.amount(),
	}
	v.Yields = rules.YieldRules{
		Assets: map[common.Address]bool{asset(0): true, asset(1): true}, Most: m.amount(),
		Tiers: []multiplier.Tier{{From: wei("1"), Bonus: wei("1")}, {From: wei("1000000000000000000"), Bonus: wei("300000000000000000000000")}},
	}
	return v
}

// facts are n random entries of an epoch. Some say what others have said, and reporters copy each other.
func (m *made) facts(t testing.TB, r *rules.Rules, epoch usage.Epoch, n int) []fact {
	t.Helper()
	from, to, err := r.Bounds(epoch)
	if err != nil {
		t.Fatal(err)
	}
	var all []fact
	for range n {
		if len(all) > 0 && m.of(6) {
			again := all[m.IntN(len(all))]
			again.reporter = person(m.IntN(reporters))
			all = append(all, again)
			continue
		}
		f := fact{reporter: person(m.IntN(reporters)), Entry: m.entry(from, to)}
		if opinion := f.Kind == usage.Work || f.Kind == usage.Risk; opinion && !m.of(4) && slices.Contains(persons[:reporters], f.Other) {
			f.reporter = f.Other // else somebody speaks for a maintainer
		}
		f.id = idOf(t, &f.Entry)
		all = append(all, f)
	}
	return all
}

func idOf(t testing.TB, e *usage.Entry) usage.ID {
	t.Helper()
	line, err := usage.AppendEntry(nil, e)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(line)
}

func (m *made) entry(from, to emission.Time) usage.Entry {
	e := usage.Entry{Kind: usage.Kind(m.IntN(kinds)), At: from + emission.Time(m.Uint64N(uint64(to-from))), Ref: m.ref()}
	e.Earner, e.Other = m.anyone(), m.anyone()
	e.Amount = m.amount()
	e.Flag = !m.of(3)
	switch e.Kind {
	case usage.Tool, usage.Front:
		e.Name, e.Chain, e.Subnet = []byte("swap"), []uint64{1, 10, 99}[m.IntN(3)], subnetOf(m.IntN(3))
	case usage.Work, usage.Risk:
		m.opinion(&e)
	case usage.Receipt:
		e.Earner = person(m.IntN(reporters))
		e.Name, e.Input, e.Output = []byte("small"), m.Uint64N(1<<53), m.Uint64N(1<<20)
		e.PriceIn, e.PriceOut, e.Fee = m.amount(), m.amount(), m.amount()
	case usage.Audit:
		e.Earner, e.Name = person(m.IntN(reporters)), []byte("small")
	case usage.Bond:
		e.Earner = person(m.IntN(reporters))
	case usage.Subnet, usage.Stake:
		e.Subnet, e.Fee = subnetOf(m.IntN(4)), m.amount()
	case usage.Yield:
		e.Asset, e.Decimals, e.PriceIn = asset(m.IntN(3)), []uint64{0, 6, 18, 19, 80, 1 << 52}[m.IntN(6)], m.amount()
	case usage.Deposit:
		e.Asset = asset(m.IntN(3))
		if m.of(2) {
			e.Other = common.Address{}
		}
		if m.of(2) {
			e.LockFrom, e.LockTo = emission.Time(1.72e9)+emission.Time(m.Uint64N(1e8)), emission.Time(1.72e9)+emission.Time(m.Uint64N(5e8))
		}
	}
	switch e.Kind {
	case usage.Bond, usage.Subnet, usage.Stake, usage.Deposit:
		e.To = e.At + 1 + emission.Time(m.Uint64N(uint64(to-e.At)))
	}
	return e
}

// opinion is one of few commits, so that quorums are found.
func (m *made) opinion(e *usage.Entry) {
	commit := m.IntN(3)
	e.Subject[0], e.Name, e.Place = byte(commit), []byte("fix"), []byte("keymaker")
	if !m.of(5) {
		e.Earner, e.Other = person(5+commit), person(m.IntN(reporters))
		return
	}
	e.Earner, e.Other, e.Name = person(5+m.IntN(2)), person(m.IntN(6)), []byte([]string{"fix", "feature", "other"}[m.IntN(3)])
}

// firsts are facts without copies, as a book is fed: of an id, only a copy whose reporter is listed.
func firsts(b *Book, all []fact) []fact {
	seen := map[usage.ID]bool{}
	var kept []fact
	for _, f := range all {
		if b.Listed(f.reporter, &f.Entry) && !seen[f.id] {
			seen[f.id] = true
			kept = append(kept, f)
		}
	}
	return kept
}

func newBook(t testing.TB, r *rules.Rules, before *State) *Book {
	t.Helper()
	b, err := New(r, before)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func begin(t testing.TB, r *rules.Rules) *State {
	t.Helper()
	s, err := Begin(r)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func closed(t testing.TB, b *Book) (*Allotment, *State) {
	t.Helper()
	a, s, err := b.Close()
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

// bookOf is a closed book of these facts.
func bookOf(t testing.TB, r *rules.Rules, before *State, all []fact) (*Allotment, *State) {
	t.Helper()
	b := newBook(t, r, before)
	for _, f := range firsts(b, all) {
		b.Count(f.reporter, f.id, &f.Entry)
	}
	return closed(t, b)
}

func bytesOf(t testing.TB, s *State) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
