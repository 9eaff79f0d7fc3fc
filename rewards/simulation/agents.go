package simulation

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// agent is one participant and what it owns, in wei.
type agent struct {
	group   int
	address common.Address
	joins   emission.Time
	leaves  emission.Time
	gone    bool // it left, and its stake with it

	free   uint256.Int
	bound  uint256.Int // staked or bonded
	locked uint256.Int // the sum of locks
	locks  []lock      // the first one ends first

	earned     uint256.Int // since it joined
	spent      uint256.Int // worth of what it paid itself with, in wei of the token
	active     uint64      // epochs in which it took part
	registered bool        // its own subnet
}

type lock struct {
	until emission.Time
	wei   uint256.Int
}

func (a *agent) held() (sum uint256.Int) {
	sum.Add(&a.free, &a.bound)
	return *sum.Add(&sum, &a.locked)
}

// unlock frees what was locked until now.
func (a *agent) unlock(now emission.Time) {
	for len(a.locks) > 0 && a.locks[0].until <= now {
		a.locked.Sub(&a.locked, &a.locks[0].wei)
		a.free.Add(&a.free, &a.locks[0].wei)
		a.locks = a.locks[1:]
	}
}

func newAgents(s *Scenario) []agent {
	var all []agent
	for i, g := range s.Groups {
		for k := range g.Agents {
			a := agent{group: i, address: account(g.Name, "agent", k), leaves: emission.Never}
			a.joins = s.Rules.Start + emission.Time((g.Join*day)+g.Over*day*k/g.Agents)
			if g.Stay > 0 {
				a.leaves = a.joins + emission.Time(g.Stay*day)
			}
			all = append(all, a)
		}
	}
	return all
}

// digest names a thing by what it is.
func digest(group, what string, n uint64) common.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64([]byte(group+"\x00"+what+"\x00"), n))
}

func account(group, what string, n uint64) common.Address {
	h := digest(group, what, n)
	return common.BytesToAddress(h[:common.AddressLength])
}

// luck is a group's stream of an epoch.
func luck(seed uint64, group string, epoch uint64) *rand.Rand {
	h := digest(group, "luck", epoch)
	return rand.New(rand.NewPCG(seed, binary.BigEndian.Uint64(h[:])))
}

// varied is the amount of some days, up or down by at most vary.
func varied(r *rand.Rand, amount uint256.Int, days uint64, vary rules.Bps) uint256.Int {
	factor := perMyriad - uint64(vary) + r.Uint64N(2*uint64(vary)+1)
	amount.Mul(&amount, uint256.NewInt(days*factor))
	return *amount.Div(&amount, uint256.NewInt(perMyriad))
}

// times is how often something happens in some days that happens every so many days on average.
func times(r *rand.Rand, days, every uint64) uint64 {
	n := days / every
	if r.Uint64N(every) < days%every {
		n++
	}
	return n
}

// partOf is a part of an amount, rounded down.
func partOf(amount *uint256.Int, part rules.Bps) (wei uint256.Int) {
	wei.Mul(amount, uint256.NewInt(uint64(part)))
	return *wei.Div(&wei, uint256.NewInt(perMyriad))
}

// worth is what an amount of 1e-18 is worth at a price of the whole, rounded down.
func worth(amount, price *uint256.Int) (wei uint256.Int) {
	wei.Mul(amount, price)
	return *wei.Div(&wei, uint256.NewInt(1e18))
}

func least(a, b uint256.Int) uint256.Int {
	if b.Lt(&a) {
		return b
	}
	return a
}
