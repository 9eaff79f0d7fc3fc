package simulation

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/settlement"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// world is the books of all agents, the market between them, and the settlement that pays them.
type world struct {
	*Scenario
	rules rules.Rules // the scenario's, with the tail as far as it is decided
	state *settlement.State

	agents []agent
	owners map[common.Address]int // by place in agents
	groups [][2]int               // the agents of each, from and to

	market, minted, burned uint256.Int
	emitted, paid          [rules.Buckets]uint256.Int

	tails      []Tail
	burnedThen uint256.Int // when the tail's last epoch began

	book     *settlement.Book // of the epoch
	version  *rules.Version
	from, to emission.Time
	days     uint64 // of an epoch; at least 1
	said     uint64 // entries of the epoch
	entries  uint64 // of all epochs
	line     []byte
}

func newWorld(s *Scenario) (*world, error) {
	w := &world{Scenario: s, rules: s.Rules, agents: newAgents(s), owners: map[common.Address]int{}}
	w.days = max(1, uint64(s.Rules.Length)/day)
	for i := range w.agents {
		a := &w.agents[i]
		w.owners[a.address] = i
		if len(w.groups) == a.group {
			w.groups = append(w.groups, [2]int{i, i})
		}
		w.groups[a.group][1] = i + 1
	}
	var err error
	w.state, err = settlement.Begin(&w.rules)
	return w, err
}

// epoch plays the next epoch: who comes and goes, what they do, what they are paid, and what they do with it.
func (w *world) epoch() error {
	var err error
	if w.from, w.to, err = w.rules.Bounds(w.state.Next); err != nil {
		return err
	}
	if err := w.decideTail(); err != nil {
		return err
	}
	if w.book, err = settlement.New(&w.rules, w.state); err != nil {
		return err
	}
	w.version, w.said = w.rules.At(w.state.Next), 0
	w.comeAndGo()
	for g := range w.Groups {
		if err := w.act(g); err != nil {
			return fmt.Errorf("group %q: %w", w.Groups[g].Name, err)
		}
	}
	w.entries += w.said
	allotment, next, err := w.book.Close()
	if err != nil {
		return err
	}
	if err := w.pay(allotment); err != nil {
		return err
	}
	w.state = next
	return w.balanced(allotment)
}

// decideTail continues the schedule by an epoch of the tail where it would end in this one.
func (w *world) decideTail() error {
	if end := w.rules.Schedule.End(); !w.Tail || end == emission.Never || end >= w.to {
		return nil
	}
	t := Tail{From: w.rules.Schedule.End()}
	t.Burned.Sub(&w.burned, &w.burnedThen)
	p := w.period()
	t.Circulating = p.Circulating()
	var err error
	if t.Budget, err = emission.TailBudget(&t.Burned, &t.Circulating); err != nil {
		return err
	}
	if w.rules.Schedule, err = w.rules.Schedule.Continue(&t.Budget, tailDays*day, tailShares); err != nil {
		return err
	}
	w.tails, w.burnedThen = append(w.tails, t), w.burned
	return nil
}

// comeAndGo frees what was locked long enough. Who leaves takes its stake along and sells all that it can.
func (w *world) comeAndGo() {
	for i := range w.agents {
		a := &w.agents[i]
		a.unlock(w.from)
		if a.leaves <= w.from {
			a.gone = true
			a.free.Add(&a.free, &a.bound)
			a.bound.Clear()
			w.sell(a, a.free)
		}
		if w.present(a) {
			a.active++
		}
	}
}

func (w *world) present(a *agent) bool { return a.joins <= w.from && !a.gone }

func (w *world) sell(a *agent, wei uint256.Int) {
	a.free.Sub(&a.free, &wei)
	w.market.Add(&w.market, &wei)
}

// buy is what the market has of it.
func (w *world) buy(want uint256.Int) uint256.Int {
	got := least(want, w.market)
	w.market.Sub(&w.market, &got)
	return got
}

func (w *world) burn(wei uint256.Int) { w.burned.Add(&w.burned, &wei) }

// say counts an entry of the epoch, as a ledger would hold it.
func (w *world) say(reporter common.Address, e usage.Entry) error {
	w.said++
	binary.BigEndian.PutUint64(e.Ref[:8], uint64(w.book.Epoch()))
	binary.BigEndian.PutUint64(e.Ref[8:], w.said)
	var err error
	if w.line, err = usage.AppendEntry(w.line[:0], &e); err != nil {
		return err
	}
	w.book.Count(reporter, sha256.Sum256(w.line), &e)
	return nil
}

// pay hands out what the epoch pays, and the agents do with it what they always do.
func (w *world) pay(a *settlement.Allotment) error {
	for who, wei := range a.Accounts() {
		i, known := w.owners[who]
		if !known {
			return fmt.Errorf("%s is paid, whom nobody knows: %w", who, ErrBooks)
		}
		w.minted.Add(&w.minted, &wei)
		w.receive(&w.agents[i], wei)
	}
	for b := range a.Buckets {
		w.emitted[b].Add(&w.emitted[b], &a.Buckets[b].Emission)
		w.paid[b].Add(&w.paid[b], &a.Buckets[b].Paid)
	}
	return nil
}

func (w *world) receive(a *agent, wei uint256.Int) {
	g := &w.Groups[a.group]
	a.earned.Add(&a.earned, &wei)
	a.free.Add(&a.free, &wei)
	if a.gone {
		w.sell(a, a.free)
		return
	}
	w.sell(a, partOf(&wei, g.Sell))
	burn, bind, keep := partOf(&wei, g.Burn), partOf(&wei, g.Bind), partOf(&wei, g.Lock)
	w.burn(burn)
	a.free.Sub(&a.free, &burn)
	a.free.Sub(&a.free, &bind)
	a.bound.Add(&a.bound, &bind)
	if keep.IsZero() {
		return
	}
	a.free.Sub(&a.free, &keep)
	a.locked.Add(&a.locked, &keep)
	a.locks = append(a.locks, lock{w.to + emission.Time(g.LockDays*day), keep})
}

// balanced holds the invariant.
func (w *world) balanced(a *settlement.Allotment) error {
	var emitted, carried, held uint256.Int
	for b := range a.Buckets {
		bucket, k := rules.Bucket(b), &a.Buckets[b]
		before, err := w.rules.EmittedBefore(bucket, w.state.Next)
		if err != nil {
			return err
		}
		var in, out uint256.Int
		in.Add(&k.Carried, &k.Emission)
		out.Add(&k.Paid, &k.Carry)
		switch bucket {
		case rules.Community:
			out.Add(&out, &k.Fees)
		case rules.Protection:
			in.Add(&in, &k.Fees)
		}
		if in != out || !w.whole(before, w.emitted[b]) || k.Carry != w.state.Carry[b] {
			return fmt.Errorf("%s: %s in and %s out; %s emitted of %s: %w", bucket, in.Dec(), out.Dec(), w.emitted[b].Dec(), before.Dec(), ErrBooks)
		}
		emitted.Add(&emitted, &w.emitted[b])
		carried.Add(&carried, &k.Carry)
	}
	for i := range w.agents {
		own := w.agents[i].held()
		held.Add(&held, &own)
	}
	held.Add(&held, &w.market)
	held.Add(&held, &w.burned)
	if held != w.minted || emitted != *carried.Add(&carried, &w.minted) {
		return fmt.Errorf("%s minted, %s held, sold or burned; %s emitted, %s paid or carried: %w",
			w.minted.Dec(), held.Dec(), emitted.Dec(), carried.Dec(), ErrBooks)
	}
	return nil
}

// whole reports whether what the epochs emitted is what the schedule emits until the end of the last one: all of it, or, where epochs
// cut what is emitted evenly, less by under one wei for each.
func (w *world) whole(schedule, epochs uint256.Int) bool {
	most := new(uint256.Int).AddUint64(&epochs, uint64(w.state.Next))
	return !epochs.Gt(&schedule) && !schedule.Gt(most)
}

func (w *world) period() Period {
	p := Period{
		Day: uint64(w.to-w.rules.Start) / day, Until: w.to, Epoch: w.state.Next - 1,
		Emitted: w.emitted, Paid: w.paid, Minted: w.minted, Burned: w.burned, Carried: w.state.Carry, Market: w.market,
		Earned: make([]uint256.Int, len(w.Groups)), Held: make([]uint256.Int, len(w.Groups)),
	}
	p.Supply.Sub(&w.minted, &w.burned)
	var holdings []uint256.Int
	for i := range w.agents {
		a := &w.agents[i]
		held := a.held()
		p.Earned[a.group].Add(&p.Earned[a.group], &a.earned)
		p.Held[a.group].Add(&p.Held[a.group], &held)
		p.Locked.Add(&p.Locked, &a.locked)
		p.Bound.Add(&p.Bound, &a.bound)
		if a.joins < w.to && !(a.gone && held.IsZero()) {
			holdings = append(holdings, held)
		}
	}
	p.Agents, p.Concentration = uint64(len(holdings)), Concentrate(holdings)
	return p
}
