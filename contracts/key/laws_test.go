package key_test

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

// run is the contracts and the model of them, side by side.
type run struct {
	*world
	*model
	mintedAt uint64 // of the last mint
	trees    []claims
	lastPaid *big.Int
	lastSum  *big.Int
}

type actions = map[string]func(*run, *rapid.T)

var (
	always = actions{"pass": (*run).passes, "mint": (*run).mints, "burn": (*run).burns}
	claimy = actions{
		"propose": (*run).proposes, "challenge": (*run).challenges, "accept": (*run).accepts, "retire": (*run).retires,
		"lapse": (*run).lapses, "decide": (*run).decides, "claim": (*run).claimsOne, "batch": (*run).claimsMany,
	}
	staky = actions{
		"stake": (*run).stakes, "extend": (*run).extends, "withdraw": (*run).withdraws, "look back": (*run).looksBack,
		"move": (*run).moves, "vote": (*run).votes, "execute": (*run).executes, "carry": (*run).carries,
	}
)

// Whatever is sent in whatever order, the contracts do what the model says, what is paid stays within what is minted, and what is
// staked is there.
func TestTheContractsDoWhatTheModelSaysAndKeepTheirInvariants(t *testing.T) {
	for name, these := range map[string][]actions{
		"roots and claims": {always, claimy}, "stakes and votes": {always, staky}, "everything": {always, claimy, staky},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := newWorld(t)
				w.allow()
				r := &run{world: w, model: newModel(w), lastPaid: new(big.Int), lastSum: new(big.Int)}
				if name == "stakes and votes" || rapid.Bool().Draw(t, "settled") {
					r.settle()
				}
				all := map[string]func(*rapid.T){"": func(t *rapid.T) { r.tb = t; r.check() }}
				for _, some := range these {
					for action, does := range some {
						all[action] = r.draws(does)
					}
				}
				t.Repeat(all)
			})
		})
	}
}

func (r *run) draws(action func(*run, *rapid.T)) func(*rapid.T) {
	return func(t *rapid.T) {
		r.tb = t
		action(r, t)
	}
}

// same sends a message that goes through if the model says so.
func (r *run) same(want bool, from, to common.Address, data []byte) {
	r.Helper()
	if err := r.try(from, to, data); (err == nil) != want {
		r.Fatalf("at %d: the model says %v, the contract %v", r.world.now(), want, err)
	}
}

func (r *run) settle() {
	r.later(10 * day)
	r.mints(nil)
	c := claimsOf(r, wei(1_000), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	r.same(r.model.propose(r.world, reporter, 9, c), reporter, r.at.Distributor, c.propose(9))
	r.later(3 * day)
	r.same(r.model.accept(r.world, r.roots[0]), dave, r.at.Distributor, distributor.PackAccept(number(0)))
	for _, p := range people {
		r.same(r.model.claim(r.world, c, p, wei(1_000)), p, r.at.Distributor, c.claim(r, p))
	}
	r.trees = append(r.trees, c)
}

func (r *run) later(seconds uint64) {
	r.pass(seconds)
	r.model.now += seconds
}

// check compares all that can be read, and holds the invariants.
func (r *run) check() {
	r.Helper()
	d := r.at.Distributor
	wantWei(r, "minted", r.world.minted(), r.model.minted)
	wantWei(r, "burned", ask(r.world, r.at.Key, key.PackBurned(), key.UnpackBurned), r.model.burned)
	for who, held := range r.held {
		wantWei(r, "the balance of "+who.Hex(), r.balance(who), held)
	}
	wantWei(r, "paid", r.world.paid(), r.model.paid)
	wantWei(r, "bonded", ask(r.world, d, distributor.PackBonded(), distributor.UnpackBonded), r.bonded)
	wantWei(r, "the total", ask(r.world, d, distributor.PackTotal(), distributor.UnpackTotal), r.total)
	for i, root := range r.roots {
		r.wantState(uint64(i), uint64(root.state))
	}
	staked := ask(r.world, r.at.Stakes, stakes.PackStaked(), stakes.UnpackStaked)
	wantWei(r, "staked", staked, r.held[r.at.Stakes])
	all := ask(r.world, r.at.Stakes, stakes.PackTotalPowerAt(r.model.now), stakes.UnpackTotalPowerAt)
	wantWei(r, "all power", all, r.powerAt(nil, r.model.now))

	sum := new(big.Int)
	for _, p := range people {
		sum.Add(sum, r.world.claimed(p))
	}
	wantWei(r, "the sum of the claims", sum, r.world.paid())
	switch {
	case sum.Cmp(r.world.minted()) > 0:
		r.Fatalf("%s is claimed, %s minted", sum, r.world.minted())
	case sum.Cmp(r.lastPaid) < 0 || r.total.Cmp(r.lastSum) < 0:
		r.Fatalf("claimed fell from %s to %s, or the total from %s to %s", r.lastPaid, sum, r.lastSum, r.total)
	}
	r.lastPaid, r.lastSum = sum, r.total
	apart := new(big.Int).Sub(r.world.minted(), sum)
	wantWei(r, "what the distributor holds", r.balance(d), apart.Add(apart, r.bonded))
	r.wantRules(r.epoch(), r.rulesOf(r.epoch()))
}

// What may happen.

func (r *run) passes(t *rapid.T) {
	if rapid.IntRange(0, 5).Draw(t, "to the end of the week") == 0 {
		r.later(weekAfter(r.model.now+1) - r.model.now)
		return
	}
	unit := rapid.SampledFrom([]uint64{1, 3_600, 3_600, day, day, day, day, 4 * day, week, 20 * week}).Draw(t, "unit")
	r.later(unit * rapid.Uint64Range(1, 6).Draw(t, "units"))
}

func (r *run) mints(*rapid.T) {
	r.same(r.model.mint(r.at.Distributor), dave, r.at.Emission, emission.PackMint())
	r.mintedAt = r.model.now
}

func (r *run) burns(t *rapid.T) {
	by, amount := person(t), new(big.Int).Rsh(amount(t), 4)
	ok := r.held[by].Cmp(amount) >= 0
	if ok {
		r.held[by] = new(big.Int).Sub(r.held[by], amount)
		r.model.burned = new(big.Int).Add(r.model.burned, amount)
	}
	r.same(ok, by, r.at.Key, key.PackBurn(amount))
}

func (r *run) proposes(t *rapid.T) {
	by := rapid.SampledFrom([]common.Address{reporter, reporter, reporter, alice}).Draw(t, "by")
	amounts := make([]*big.Int, len(people))
	for i, p := range people { // mostly what it was and more, sometimes less
		amounts[i] = new(big.Int).Add(r.model.claimed[p], amount(t))
		if rapid.IntRange(0, 9).Draw(t, "falls") == 0 {
			amounts[i] = amount(t)
		}
	}
	amounts[0].Add(amounts[0], big.NewInt(1)) // so that there is a tree
	c := claimsOf(r, amounts...)
	switch rapid.IntRange(0, 9).Draw(t, "lie") {
	case 0:
		c.total = new(big.Int).Rsh(c.total, 1)
	case 1:
		c.total = new(big.Int).Add(r.model.minted, number(rapid.Uint64Range(0, 1).Draw(t, "more")))
	case 2:
		c.total = r.total
	}
	epoch := r.epoch() - min(r.epoch(), rapid.Uint64Range(0, 4).Draw(t, "ago"))
	r.trees = append(r.trees, c)
	r.same(r.model.propose(r.world, by, epoch, c), by, r.at.Distributor, c.propose(epoch))
}

// onRoot draws a root, mostly one in the state in which it is done, and sends what is done with it.
func (r *run) onRoot(t *rapid.T, state uint8, by common.Address, does func(*rootModel) bool, pack func(*big.Int) []byte) {
	if len(r.roots) == 0 {
		t.Skip("no root")
	}
	i := len(r.roots) - 1 - min(len(r.roots)-1, rapid.IntRange(0, 5).Draw(t, "root, from the last"))
	if right := slices.IndexFunc(r.roots, func(m *rootModel) bool { return m.state == state }); right >= 0 && rapid.Bool().Draw(t, "right") {
		i = right
	}
	r.same(does(r.roots[i]), by, r.at.Distributor, pack(number(uint64(i))))
}

func (r *run) challenges(t *rapid.T) {
	by := person(t)
	r.onRoot(t, pending, by, func(root *rootModel) bool { return r.model.challenge(r.world, by, root) }, distributor.PackChallenge)
}

func (r *run) accepts(t *rapid.T) {
	r.onRoot(t, pending, person(t), func(root *rootModel) bool { return r.model.accept(r.world, root) }, distributor.PackAccept)
}

func (r *run) retires(t *rapid.T) {
	r.onRoot(t, pending, person(t), func(root *rootModel) bool { return r.model.retire(r.world, root) }, distributor.PackRetire)
}

func (r *run) lapses(t *rapid.T) {
	r.onRoot(t, challenged, person(t), func(root *rootModel) bool { return r.model.lapse(r.world, root) }, distributor.PackLapse)
}

func (r *run) decides(t *rapid.T) {
	by := rapid.SampledFrom([]common.Address{r.at.Governance, reporter}).Draw(t, "by")
	uphold := rapid.Bool().Draw(t, "uphold")
	r.onRoot(t, challenged, by,
		func(root *rootModel) bool { return by == r.at.Governance && r.model.decide(r.world, root, uphold) },
		func(id *big.Int) []byte { return distributor.PackDecide(id, uphold) })
}

// tree draws a tree that was proposed, mostly the one that is accepted.
func (r *run) tree(t *rapid.T) claims {
	if r.root != nil && rapid.IntRange(0, 4).Draw(t, "foreign") > 0 {
		return r.root.claims
	}
	if len(r.trees) == 0 {
		t.Skip("no tree")
	}
	return rapid.SampledFrom(r.trees).Draw(t, "tree")
}

func (r *run) claimsOne(t *rapid.T) {
	c, of := r.tree(t), person(t)
	proof, err := c.Proof(of)
	if err != nil {
		t.Skip("no claim")
	}
	ok := r.model.claim(r.world, c, of, proof.Amount.ToBig())
	r.same(ok, person(t), r.at.Distributor, c.claim(r, of))
}

func (r *run) claimsMany(t *rapid.T) {
	c := r.tree(t)
	before := *r.model
	before.held, before.claimed = copied(r.held), copied(r.model.claimed)
	ok := r.root != nil && r.root.Root() == c.Root()
	var batch []bindings.DistributorClaim
	for _, of := range slices.Concat(people, people[:2]) {
		proof, err := c.Proof(of)
		if err != nil {
			continue
		}
		cumulative, path := c.proof(r, of)
		batch = append(batch, bindings.DistributorClaim{Account: of, Cumulative: proof.Amount.ToBig(), Proof: path})
		if cumulative.Cmp(r.model.claimed[of]) > 0 {
			ok = r.model.claim(r.world, c, of, cumulative) && ok
		}
	}
	if !ok {
		*r.model = before
	}
	r.same(ok, person(t), r.at.Distributor, distributor.PackClaimMany(batch))
}

func copied(m map[common.Address]*big.Int) map[common.Address]*big.Int {
	c := make(map[common.Address]*big.Int, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

func (r *run) stakes(t *rapid.T) {
	p, amount := r.place(t), amount(t)
	until := r.until(t, p)
	r.same(r.model.stake(r.world, p, amount, until), p.account, r.at.Stakes, stakes.PackStake(p.subject, amount, until))
}

func (r *run) extends(t *rapid.T) {
	p := r.place(t)
	until := r.until(t, p)
	r.same(r.model.extend(p, until), p.account, r.at.Stakes, stakes.PackExtend(p.subject, until))
}

func (r *run) withdraws(t *rapid.T) {
	p := r.place(t)
	some := rapid.SampledFrom([]*big.Int{amount(t), r.lockAt(p).amount}).Draw(t, "some")
	r.same(r.model.withdraw(r.world, p, some), p.account, r.at.Stakes, stakes.PackWithdraw(p.subject, some))
}

// looksBack compares power at a time that has passed.
func (r *run) looksBack(t *rapid.T) {
	second := rapid.Uint64Range(genesis, r.model.now).Draw(t, "second")
	if len(r.changes) > 0 && rapid.Bool().Draw(t, "near a change") {
		second = rapid.SampledFrom(r.changes).Draw(t, "change").at + rapid.Uint64Range(0, 2).Draw(t, "after") - 1
	}
	of := person(t)
	got := ask(r.world, r.at.Stakes, stakes.PackPowerAt(of, second), stakes.UnpackPowerAt)
	wantWei(r, "power that was", got, r.powerAt(&of, second))
	got = ask(r.world, r.at.Stakes, stakes.PackTotalPowerAt(second), stakes.UnpackTotalPowerAt)
	wantWei(r, "all power that was", got, r.powerAt(nil, second))
}

func (r *run) moves(t *rapid.T) {
	by := person(t)
	switch rapid.SampledFrom([]string{"bond", "proposer", "payout", "rules"}).Draw(t, "what") {
	case "bond":
		bond := wei(rapid.Uint64Range(0, 200).Draw(t, "bond"))
		ok := bond.Cmp(wei(1)) >= 0 && r.moveThat(by, func() bool { r.bond = bond; return true })
		r.same(ok, by, r.at.Governance, governance.PackMoveWindows(2*day, day, bond))
	case "proposer":
		who, listed := rapid.SampledFrom([]common.Address{alice, reporter}).Draw(t, "who"), rapid.Bool().Draw(t, "listed")
		ok := r.moveThat(by, func() bool { r.proposers[who] = listed; return true })
		r.same(ok, by, r.at.Governance, governance.PackMoveProposer(who, listed))
	case "payout":
		some := rapid.SampledFrom([]*big.Int{amount(t), r.fund(r.mintedAt), new(big.Int).Rsh(r.fund(r.mintedAt), 1)}).Draw(t, "some")
		within := func() bool { return some.Cmp(r.fund(r.mintedAt)) <= 0 }
		ok := some.Sign() > 0 && within() && r.moveThat(by, func() bool {
			if !within() {
				return false
			}
			r.payouts = new(big.Int).Add(r.payouts, some)
			return true
		})
		r.same(ok, by, r.at.Governance, governance.PackMovePayout(dave, some, common.Hash{}))
	case "rules":
		epoch := r.epoch() + rapid.Uint64Range(0, 30).Draw(t, "from now")
		hash := common.BigToHash(number(1 + rapid.Uint64().Draw(t, "hash")/2))
		ok := epoch > r.epoch() && r.moveThat(by, func() bool { return r.setRules(epoch, hash) })
		r.same(ok, by, r.at.Governance, governance.PackMoveRules(epoch, hash))
	}
}

func (r *run) motionOf(t *rapid.T) (*motionModel, uint64) {
	if len(r.motions) == 0 {
		t.Skip("no motion")
	}
	i := len(r.motions) - 1 - min(len(r.motions)-1, rapid.IntRange(0, 3).Draw(t, "motion, from the last"))
	return r.motions[i], uint64(i)
}

func (r *run) votes(t *rapid.T) {
	m, id := r.motionOf(t)
	by, yes := person(t), rapid.IntRange(0, 3).Draw(t, "no") > 0
	r.same(r.model.vote(by, m, yes), by, r.at.Governance, vote(id, yes))
}

func (r *run) executes(t *rapid.T) {
	m, id := r.motionOf(t)
	r.same(r.model.execute(m), person(t), r.at.Governance, execute(id))
}

// carries has everybody vote for a motion, and executes it when it is time.
func (r *run) carries(t *rapid.T) {
	m, id := r.motionOf(t)
	for _, p := range people {
		r.same(r.model.vote(p, m, true), p, r.at.Governance, vote(id, true))
	}
	if due := m.at + 5*day; due > r.model.now {
		r.later(due - r.model.now)
	}
	r.same(r.model.execute(m), person(t), r.at.Governance, execute(id))
}

// What is drawn.

func person(t *rapid.T) common.Address { return rapid.SampledFrom(people).Draw(t, "person") }

// place draws a position, mostly one that is there.
func (r *run) place(t *rapid.T) place {
	if len(r.changes) > 0 && rapid.IntRange(0, 3).Draw(t, "there") > 0 {
		return rapid.SampledFrom(r.changes).Draw(t, "position").place
	}
	return place{person(t), rapid.SampledFrom([]common.Hash{plain, plain, bond(alice), bond(bob)}).Draw(t, "subject")}
}

func amount(t *rapid.T) *big.Int {
	n := wei(rapid.Uint64Range(0, 300).Draw(t, "amount"))
	return n.Add(n, number(rapid.Uint64Range(0, 3).Draw(t, "wei")))
}

// until draws the end of a lock: none, some time from now, or a little more than it is.
func (r *run) until(t *rapid.T, of place) uint64 {
	unit := rapid.SampledFrom([]uint64{day, week, 20 * week, 30 * week}).Draw(t, "unit")
	units := rapid.Uint64Range(0, 8).Draw(t, "units")
	switch rapid.IntRange(0, 4).Draw(t, "from") {
	case 0:
		return 0
	case 1, 2:
		return r.model.now + unit*units
	default:
		return max(r.lockAt(of).until, r.model.now) + units*week
	}
}
