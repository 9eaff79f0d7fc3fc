package key_test

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	curves "github.com/keymaker-agent/keymaker/rewards/emission"
)

// model is what docs/contracts.md says, in Go, and says of each message whether it goes through. Nothing of it is read from the chain.
type model struct {
	now    uint64
	minted *big.Int
	burned *big.Int
	held   map[common.Address]*big.Int // of the people, and of the distributor and the stakes

	claimsModel
	stakesModel
	votesModel
}

type claimsModel struct {
	proposers map[common.Address]bool
	bond      *big.Int
	roots     []*rootModel
	root      *rootModel // the accepted one
	next      uint64
	total     *big.Int
	paid      *big.Int
	bonded    *big.Int
	claimed   map[common.Address]*big.Int
}

type rootModel struct {
	claims
	epoch                uint64
	bond                 *big.Int
	state                uint8
	proposer, challenger common.Address
	challengeUntil       uint64
	acceptFrom           uint64
}

type lock struct {
	amount *big.Int
	until  uint64
}

type place struct {
	account common.Address
	subject common.Hash
}

type stakesModel struct {
	locks   map[place]lock
	changes []change // of all locks, by time
}

type change struct {
	at uint64
	place
	lock
}

type votesModel struct {
	motions []*motionModel
	rules   []rulesModel // as they were executed
	payouts *big.Int
}

type rulesModel struct {
	epoch uint64
	hash  common.Hash
}

type motionModel struct {
	at       uint64
	needed   *big.Int
	yes, no  *big.Int
	voted    map[common.Address]bool
	executed bool
	do       func() bool // what is voted on: reports whether it can be done
}

func newModel(w *world) *model {
	m := &model{
		now: w.now(), minted: new(big.Int), burned: new(big.Int), held: make(map[common.Address]*big.Int),
		claimsModel: claimsModel{
			proposers: map[common.Address]bool{reporter: true}, bond: wei(100), total: new(big.Int), paid: new(big.Int),
			bonded: new(big.Int), claimed: make(map[common.Address]*big.Int),
		},
		stakesModel: stakesModel{locks: make(map[place]lock)},
		votesModel:  votesModel{rules: []rulesModel{{0, common.HexToHash("0x01")}}, payouts: new(big.Int)},
	}
	for _, p := range append(people, w.at.Distributor, w.at.Stakes) {
		m.held[p], m.claimed[p] = new(big.Int), new(big.Int)
	}
	return m
}

// move moves KEY, if it is there.
func (m *model) move(from, to common.Address, amount *big.Int) bool {
	if m.held[from].Cmp(amount) < 0 {
		return false
	}
	m.held[from] = new(big.Int).Sub(m.held[from], amount)
	m.held[to] = new(big.Int).Add(m.held[to], amount)
	return true
}

func (m *model) epoch() uint64 { return (m.now - genesis) / day }

// The claims.

func (m *model) mint(distributor common.Address) bool {
	_, due := curves.Morpheus().Between(curves.Time(genesis), curves.Time(m.now))
	m.held[distributor] = new(big.Int).Add(m.held[distributor], new(big.Int).Sub(due.ToBig(), m.minted))
	m.minted = due.ToBig()
	return true
}

func (m *model) propose(w *world, by common.Address, epoch uint64, c claims) bool {
	bond := m.bond
	if m.root == nil {
		bond = new(big.Int)
	}
	inOrder := epoch < m.epoch() && epoch >= m.next && c.total.Cmp(m.total) >= 0 && c.total.Cmp(m.minted) <= 0
	if !m.proposers[by] || !inOrder || !m.move(by, w.at.Distributor, bond) {
		return false
	}
	m.bonded = new(big.Int).Add(m.bonded, bond)
	m.roots = append(m.roots, &rootModel{
		claims: c, epoch: epoch, bond: bond, state: pending, proposer: by, challengeUntil: m.now + 2*day, acceptFrom: m.now + 3*day,
	})
	return true
}

func (m *model) challenge(w *world, by common.Address, r *rootModel) bool {
	first := r.bond.Sign() == 0
	if r.state != pending || m.now >= r.challengeUntil || first && !m.proposers[by] || !m.move(by, w.at.Distributor, r.bond) {
		return false
	}
	m.bonded = new(big.Int).Add(m.bonded, r.bond)
	r.state, r.challenger = challenged, by
	if first {
		r.state = dropped
	}
	return true
}

func (m *model) acceptable(r *rootModel) bool {
	return r.epoch >= m.next && r.total.Cmp(m.total) >= 0 && (m.root == nil || r.bond.Sign() > 0)
}

func (m *model) accept(w *world, r *rootModel) bool {
	if r.state != pending && r.state != upheld || m.now < r.acceptFrom || !m.acceptable(r) {
		return false
	}
	if r.state == pending {
		m.giveBonds(w, r.proposer, r.bond)
	}
	r.state = accepted
	m.root, m.total, m.next = r, r.total, r.epoch+1
	return true
}

func (m *model) retire(w *world, r *rootModel) bool {
	if r.state != pending || m.acceptable(r) {
		return false
	}
	r.state = retired
	m.giveBonds(w, r.proposer, r.bond)
	return true
}

func (m *model) lapse(w *world, r *rootModel) bool {
	if r.state != challenged || m.now < r.challengeUntil+120*day {
		return false
	}
	r.state = lapsed
	m.giveBonds(w, r.proposer, r.bond)
	m.giveBonds(w, r.challenger, r.bond)
	return true
}

func (m *model) decide(w *world, r *rootModel, uphold bool) bool {
	if r.state != challenged {
		return false
	}
	winner := r.challenger
	r.state = dropped
	if uphold {
		winner, r.state = r.proposer, upheld
	}
	lost := new(big.Int).Rsh(r.bond, 1) // half of the loser's
	m.giveBonds(w, winner, new(big.Int).Sub(new(big.Int).Add(r.bond, r.bond), lost))
	m.bonded = new(big.Int).Sub(m.bonded, lost)
	m.held[w.at.Distributor] = new(big.Int).Sub(m.held[w.at.Distributor], lost)
	m.burned = new(big.Int).Add(m.burned, lost)
	return true
}

func (m *model) giveBonds(w *world, to common.Address, amount *big.Int) {
	m.bonded = new(big.Int).Sub(m.bonded, amount)
	m.move(w.at.Distributor, to, amount)
}

func (m *model) claim(w *world, c claims, of common.Address, cumulative *big.Int) bool {
	if m.root == nil || m.root.Root() != c.Root() || cumulative.Cmp(m.claimed[of]) <= 0 {
		return false
	}
	amount := new(big.Int).Sub(cumulative, m.claimed[of])
	paid := new(big.Int).Add(m.paid, amount)
	if paid.Cmp(m.total) > 0 || !m.move(w.at.Distributor, of, amount) {
		return false
	}
	m.paid, m.claimed[of] = paid, cumulative
	return true
}

// The stakes.

func (m *model) stake(w *world, p place, amount *big.Int, until uint64) bool {
	l := m.lockAt(p)
	end := l.until
	if until != 0 {
		var ok bool
		if end, ok = m.longer(l, until); !ok {
			return false
		}
	}
	if amount.Sign() == 0 || !m.move(p.account, w.at.Stakes, amount) {
		return false
	}
	m.put(p, lock{new(big.Int).Add(l.amount, amount), end})
	return true
}

func (m *model) extend(p place, until uint64) bool {
	l := m.lockAt(p)
	end, ok := m.longer(l, until)
	if !ok || l.amount.Sign() == 0 || end == l.until {
		return false
	}
	m.put(p, lock{l.amount, end})
	return true
}

func (m *model) withdraw(w *world, p place, amount *big.Int) bool {
	l := m.lockAt(p)
	if amount.Sign() == 0 || m.now < l.until || amount.Cmp(l.amount) > 0 {
		return false
	}
	m.move(w.at.Stakes, p.account, amount)
	m.put(p, lock{new(big.Int).Sub(l.amount, amount), l.until})
	return true
}

func (m *model) longer(l lock, until uint64) (uint64, bool) {
	end := weekAfter(until)
	return end, until <= m.now+1461*day && end >= l.until && end > m.now
}

func (m *model) lockAt(p place) lock {
	if l, ok := m.locks[p]; ok {
		return l
	}
	return lock{new(big.Int), 0}
}

func (m *model) put(p place, l lock) {
	m.locks[p] = l
	m.changes = append(m.changes, change{m.now, p, l})
}

// powerAt sums the locks of an account, or of all, as they were at the end of a second.
func (m *model) powerAt(of *common.Address, second uint64) *big.Int {
	then := make(map[place]lock)
	for _, c := range m.changes {
		if c.at <= second && (of == nil || c.account == *of) {
			then[c.place] = c.lock
		}
	}
	sum := new(big.Int)
	for _, l := range then {
		if l.until > second {
			sum.Add(sum, new(big.Int).Mul(l.amount, number(l.until-second)))
		}
	}
	return sum
}

// The votes.

// share is a part of an amount in basis points, rounded up, and at least 1.
func share(all *big.Int, basisPoints uint64) *big.Int {
	s := new(big.Int).Mul(all, number(basisPoints))
	s.Add(s, big.NewInt(9_999))
	s.Div(s, big.NewInt(10_000))
	if s.Sign() == 0 {
		s.SetUint64(1)
	}
	return s
}

func largest(a, b *big.Int) *big.Int {
	if a.Cmp(b) > 0 {
		return a
	}
	return b
}

func (m *model) moveThat(by common.Address, do func() bool) bool {
	all := m.powerAt(nil, m.now-1)
	if m.powerAt(&by, m.now-1).Cmp(share(all, 100)) < 0 {
		return false
	}
	earned := new(big.Int).Sub(m.total, m.burned)
	earned.Mul(earned, number(182*day))
	m.motions = append(m.motions, &motionModel{
		at: m.now, needed: share(largest(all, earned), 1_000), yes: new(big.Int), no: new(big.Int), voted: make(map[common.Address]bool), do: do,
	})
	return true
}

func (m *model) vote(by common.Address, v *motionModel, yes bool) bool {
	power := m.powerAt(&by, v.at-1)
	if m.now >= v.at+3*day || v.voted[by] || power.Sign() == 0 {
		return false
	}
	v.voted[by] = true
	if yes {
		v.yes.Add(v.yes, power)
	} else {
		v.no.Add(v.no, power)
	}
	return true
}

func (m *model) execute(v *motionModel) bool {
	inTime := m.now >= v.at+5*day && m.now < v.at+19*day
	if v.executed || !inTime || v.yes.Cmp(v.needed) < 0 || v.yes.Cmp(v.no) <= 0 || !v.do() {
		return false
	}
	v.executed = true
	return true
}

func (m *model) setRules(epoch uint64, hash common.Hash) bool {
	if epoch <= m.epoch() {
		return false
	}
	m.rules = append(m.rules, rulesModel{epoch, hash})
	return true
}

// rulesOf are the last ones that were executed for this epoch or an earlier one.
func (m *model) rulesOf(epoch uint64) (hash common.Hash) {
	for _, r := range m.rules {
		if r.epoch <= epoch {
			hash = r.hash
		}
	}
	return hash
}

// fund is what the protection pool was paid and is not promised yet.
func (m *model) fund(until uint64) *big.Int {
	pool, _ := curves.Morpheus().Pool("protection")
	paid := pool.Between(curves.Time(genesis), curves.Time(until))
	return new(big.Int).Sub(paid.ToBig(), m.payouts)
}
