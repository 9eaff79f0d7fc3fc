package key_test

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

// voting is a settled world where alice has 60 %, bob 30 %, carol 9.5 % and dave 0.5 % of all power; the last lock was a second ago.
func voting(t tb) *world {
	t.Helper()
	w := settled(t, 1_000, 1_000, 1_000, 1_000, 1_000)
	for i, n := range []uint64{600, 300, 95, 5} {
		w.send(people[i], w.at.Stakes, stakes.PackStake(plain, wei(n), w.now()+3*365*day))
	}
	w.pass(1)
	return w
}

func (w *world) motion(id uint64) bindings.GovernanceMotion {
	w.Helper()
	return ask(w, w.at.Governance, governance.PackMotion(number(id)), governance.UnpackMotion)
}

func vote(id uint64, yes bool) []byte { return governance.PackVote(number(id), yes) }

func execute(id uint64) []byte { return governance.PackExecute(number(id)) }

// passed moves something, has alice and bob vote yes, and is where it may be executed.
func (w *world) passed(move []byte) uint64 {
	w.Helper()
	id := ask(w, w.at.Governance, governance.PackMotionCount(), governance.UnpackMotionCount).Uint64()
	w.send(carol, w.at.Governance, move)
	w.send(alice, w.at.Governance, vote(id, true))
	w.send(bob, w.at.Governance, vote(id, true))
	w.pass(5 * day)
	return id
}

func (w *world) wantRules(epoch uint64, want common.Hash) {
	w.Helper()
	if got := ask(w, w.at.Governance, governance.PackRules(epoch), governance.UnpackRules); got != want {
		w.Errorf("in epoch %d %x holds, want %x", epoch, got, want)
	}
}

func TestAMotionPassesAfterItsVoteAndItsTimelock(t *testing.T) {
	w := voting(t)
	w.send(carol, w.at.Governance, governance.PackMoveProposer(dave, true))
	m := w.motion(0)
	if m.Snapshot != w.now()-1 || m.VoteUntil != w.now()+3*day || m.ExecuteFrom != w.now()+5*day || m.ExecuteUntil != w.now()+19*day {
		t.Errorf("at %d: %+v", w.now(), m)
	}
	w.send(alice, w.at.Governance, vote(0, true))
	w.send(bob, w.at.Governance, vote(0, false))
	w.refused("TooEarly", dave, w.at.Governance, execute(0))
	w.pass(3*day - 1)
	w.send(carol, w.at.Governance, vote(0, false))
	w.pass(1)
	w.refused("VoteOver", dave, w.at.Governance, vote(0, false))
	w.pass(2*day - 1)
	w.refused("TooEarly", dave, w.at.Governance, execute(0))
	w.pass(1)
	w.send(dave, w.at.Governance, execute(0))
	if !ask(w, w.at.Distributor, distributor.PackIsProposer(dave), distributor.UnpackIsProposer) {
		t.Error("not listed")
	}
	w.refused("AlreadyExecuted", dave, w.at.Governance, execute(0))
	w.refused("UnknownMotion", dave, w.at.Governance, execute(1))
	w.refused("UnknownMotion", dave, w.at.Governance, vote(1, true))

	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveProposer(dave, false))))
	if ask(w, w.at.Distributor, distributor.PackIsProposer(dave), distributor.UnpackIsProposer) {
		t.Error("still listed")
	}
}

func TestAMotionFailsWithoutQuorumOrMajorityOrInTime(t *testing.T) {
	type ballot struct {
		by  common.Address
		yes bool
	}
	for what, c := range map[string]struct {
		ballots []ballot
		wait    uint64
		want    string
	}{
		"nobody votes":                       {nil, 5 * day, "NotPassed"},
		"carol alone is below the quorum":    {[]ballot{{carol, true}}, 5 * day, "NotPassed"},
		"no does not help the quorum":        {[]ballot{{carol, true}, {dave, false}}, 5 * day, "NotPassed"},
		"carol and dave reach it":            {[]ballot{{carol, true}, {dave, true}}, 5 * day, ""},
		"more no":                            {[]ballot{{bob, true}, {alice, false}}, 5 * day, "NotPassed"},
		"a mass of no against the quorum":    {[]ballot{{carol, true}, {dave, true}, {bob, false}}, 5 * day, "NotPassed"},
		"it is executed at the last second":  {[]ballot{{alice, true}}, 19*day - 1, ""},
		"it is executed one second too late": {[]ballot{{alice, true}}, 19 * day, "TooLate"},
	} {
		t.Run(what, func(t *testing.T) {
			w := voting(t)
			w.send(carol, w.at.Governance, governance.PackMoveProposer(dave, true))
			for _, b := range c.ballots {
				w.send(b.by, w.at.Governance, vote(0, b.yes))
			}
			w.pass(c.wait)
			if c.want == "" {
				w.send(dave, w.at.Governance, execute(0))
				return
			}
			w.refused(c.want, dave, w.at.Governance, execute(0))
		})
	}
}

// Who locks a wei before anybody else has all of the power. The quorum is not of that alone.
func TestWhoLocksFirstDoesNotDecideForAllWhoEarned(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	fund := ask(w, w.at.Emission, emission.PackMinted(number(4)), emission.UnpackMinted)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, big.NewInt(1), w.now()+4*365*day))
	w.pass(1)
	w.send(alice, w.at.Governance, governance.PackMovePayout(alice, fund, common.Hash{}))
	w.send(bob, w.at.Stakes, stakes.PackStake(plain, wei(1_000), w.now()+4*365*day)) // too late for this one
	w.send(alice, w.at.Governance, vote(0, true))
	w.pass(5 * day)
	w.refused("NotPassed", alice, w.at.Governance, execute(0))

	// The quorum of what was earned, less what was burned, as if it were locked for half a year.
	wantWei(t, "the quorum", w.motion(0).Needed, new(big.Int).Mul(wei(200), number(182*day)))
	w.send(alice, w.at.Key, key.PackBurn(wei(500)))
	w.send(bob, w.at.Governance, governance.PackMoveProposer(dave, true))
	bobs := new(big.Int).Mul(wei(1_000), number(w.position(bob, plain).Until-w.motion(1).Snapshot))
	wantWei(t, "the quorum of more", w.motion(1).Needed, share(bobs.Add(bobs, number(w.position(alice, plain).Until-w.motion(1).Snapshot)), 1_000))
	w.send(bob, w.at.Governance, vote(1, true))
	w.pass(5 * day)
	w.send(bob, w.at.Governance, execute(1))
}

func TestATieFails(t *testing.T) {
	w := settled(t, 100, 100)
	for _, p := range []common.Address{alice, bob} {
		w.send(p, w.at.Stakes, stakes.PackStake(plain, wei(100), w.now()+365*day))
	}
	w.pass(1)
	w.send(alice, w.at.Governance, governance.PackMoveProposer(dave, true))
	w.send(alice, w.at.Governance, vote(0, true))
	w.send(bob, w.at.Governance, vote(0, false))
	w.pass(5 * day)
	w.refused("NotPassed", alice, w.at.Governance, execute(0))
}

func TestAnAccountVotesOnce(t *testing.T) {
	w := voting(t)
	w.send(carol, w.at.Governance, governance.PackMoveProposer(dave, true))
	for _, yes := range []bool{true, false} {
		w := w.fork()
		w.send(alice, w.at.Governance, vote(0, yes))
		w.refused("AlreadyVoted", alice, w.at.Governance, vote(0, true))
		w.refused("AlreadyVoted", alice, w.at.Governance, vote(0, false))
	}
	w.refused("TooLittlePower", reporter, w.at.Governance, vote(0, true))
}

func TestWhatIsLockedAfterTheMotionOrWithItDoesNotCount(t *testing.T) {
	w := voting(t)
	lock := stakes.PackStake(plain, wei(1_000), w.now()+4*365*day)
	w.send(reporter, w.at.Stakes, lock) // in the same second as the motion, and before it
	w.refused("TooLittlePower", reporter, w.at.Governance, governance.PackMoveProposer(dave, true))
	w.send(carol, w.at.Governance, governance.PackMoveProposer(dave, true))
	w.send(alice, w.at.Stakes, stakes.PackExtend(plain, w.now()+4*365*day))
	w.send(bob, w.at.Stakes, stakes.PackStake(plain, wei(700), 0))
	w.refused("TooLittlePower", reporter, w.at.Governance, vote(0, true))
	before := w.motion(0)
	for _, p := range []common.Address{alice, bob} {
		w.send(p, w.at.Governance, vote(0, true))
	}
	yes := w.motion(0).Yes
	until := weekAfter(before.Snapshot + 3*365*day)
	wantWei(t, "the votes", yes, new(big.Int).Mul(wei(900), number(until-before.Snapshot)))
}

func TestPowerThatRanOutDuringTheVoteStillCountsAsItWas(t *testing.T) {
	w := settled(t, 100, 100)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(100), w.now()+day))
	w.pass(1)
	w.send(alice, w.at.Governance, governance.PackMoveProposer(dave, true))
	end := w.position(alice, plain).Until
	if end >= w.now()+3*day {
		w.cfg.Time = w.motion(0).VoteUntil - 1
	} else {
		w.cfg.Time = end
		w.send(alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(100)))
	}
	w.send(alice, w.at.Governance, vote(0, true))
	wantWei(t, "the votes", w.motion(0).Yes, new(big.Int).Mul(wei(100), number(end-w.motion(0).Snapshot)))
}

func TestAMotionNeedsOnePercentOfThePower(t *testing.T) {
	w := voting(t)
	w.refused("TooLittlePower", dave, w.at.Governance, governance.PackMoveProposer(dave, true)) // 0.5 %
	w.refused("TooLittlePower", reporter, w.at.Governance, governance.PackMoveProposer(dave, true))
	empty := settled(t, 100)
	empty.refused("TooLittlePower", alice, w.at.Governance, governance.PackMoveProposer(dave, true)) // nobody has any
}

func TestRulesHoldFromAnEpochThatHasNotBegun(t *testing.T) {
	w := voting(t)
	first, second, third := common.HexToHash("0x01"), common.HexToHash("0x02"), common.HexToHash("0x03")
	w.wantRules(0, first)
	w.wantRules(1<<63, first)
	current := ask(w, w.at.Distributor, distributor.PackCurrentEpoch(), distributor.UnpackCurrentEpoch)
	w.refused("EpochBegun", carol, w.at.Governance, governance.PackMoveRules(current, second))
	w.refused("EpochBegun", carol, w.at.Governance, governance.PackMoveRules(0, second))
	w.refused("ZeroHash", carol, w.at.Governance, governance.PackMoveRules(current+100, common.Hash{}))

	late := w.passed(governance.PackMoveRules(current+5, second)) // has begun when the vote is over
	w.refused("EpochBegun", carol, w.at.Governance, execute(late))
	w.wantRules(current+5, first)

	current += 5
	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveRules(current+100, second))))
	w.wantRules(current+99, first)
	w.wantRules(current+100, second)
	w.wantRules(1<<63, second)
	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveRules(current+200, third))))
	w.wantRules(current+199, second)
	w.wantRules(current+200, third)
	// What comes earlier replaces what was to come later.
	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveRules(current+50, third))))
	w.wantRules(current+49, first)
	w.wantRules(current+50, third)
	w.wantRules(current+150, third)
	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveRules(current+50, second))))
	w.wantRules(current+50, second)
	w.wantRules(current+49, first)
}

func TestAVoteDecidesAChallengedRoot(t *testing.T) {
	for _, uphold := range []bool{true, false} {
		w := voting(t)
		w.refused("UnknownRoot", carol, w.at.Governance, governance.PackMoveDecision(number(1), uphold))
		c := claimsOf(t, wei(1_100), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
		w.send(reporter, w.at.Distributor, c.propose(12))
		w.refused("NotChallenged", carol, w.at.Governance, governance.PackMoveDecision(number(1), uphold))
		w.send(dave, w.at.Distributor, distributor.PackChallenge(number(1)))
		w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveDecision(number(1), uphold))))
		if uphold {
			w.wantState(1, upheld)
			wantWei(t, "what the proposer has", w.balance(reporter), wei(1_050))
		} else {
			w.wantState(1, dropped)
			wantWei(t, "what the challenger has", w.balance(dave), wei(1_045))
		}
	}
}

func TestAVoteSetsWindowsWithinTheirBounds(t *testing.T) {
	w := voting(t)
	w.refused("OutOfBounds", carol, w.at.Governance, governance.PackMoveWindows(day-1, day, wei(1)))
	w.refused("OutOfBounds", carol, w.at.Governance, governance.PackMoveWindows(day, 31*day, wei(1)))
	w.refused("OutOfBounds", carol, w.at.Governance, governance.PackMoveWindows(day, day, wei(100_001)))
	w.send(dave, w.at.Governance, execute(w.passed(governance.PackMoveWindows(4*day, 3*day, wei(7)))))
	got := ask(w, w.at.Distributor, distributor.PackWindows(), distributor.UnpackWindows)
	if got.Challenge != 4*day || got.Timelock != 3*day || got.Bond.Cmp(wei(7)) != 0 {
		t.Errorf("the windows are %+v", got)
	}
}

func TestAPayoutIsRecordedAndTheFundIsNeverOverdrawn(t *testing.T) {
	w := voting(t)
	fund := ask(w, w.at.Emission, emission.PackMinted(number(4)), emission.UnpackMinted)
	more := new(big.Int).Add(fund, big.NewInt(1))
	reasons := common.HexToHash("0x7ea50")
	w.refused("ZeroAddress", carol, w.at.Governance, governance.PackMovePayout(common.Address{}, fund, reasons))
	w.refused("ZeroAmount", carol, w.at.Governance, governance.PackMovePayout(dave, new(big.Int), reasons))
	w.refused("MoreThanProtection", carol, w.at.Governance, governance.PackMovePayout(dave, more, reasons))
	huge := new(big.Int).Lsh(big.NewInt(1), 255)
	w.refused("MoreThanProtection", carol, w.at.Governance, governance.PackMovePayout(dave, huge, reasons))

	part := new(big.Int).Sub(fund, wei(1))
	w.send(carol, w.at.Governance, governance.PackMovePayout(dave, wei(2), reasons)) // both fit by themselves, not together
	w.send(carol, w.at.Governance, governance.PackMovePayout(bob, part, reasons))
	for id := range uint64(2) {
		w.send(alice, w.at.Governance, vote(id, true))
	}
	w.pass(5 * day)
	before := w.balance(bob)
	w.send(dave, w.at.Governance, execute(1))
	w.refused("MoreThanProtection", dave, w.at.Governance, execute(0))
	wantWei(t, "the payouts", ask(w, w.at.Governance, governance.PackPayouts(), governance.UnpackPayouts), part)
	wantWei(t, "what bob has: it is paid as a claim", w.balance(bob), before)
	w.mint()
	w.send(dave, w.at.Governance, execute(0))
}

// What governance may call is written down in its code; this is what it may not, as its address.
func TestGovernanceHasNoOtherPower(t *testing.T) {
	w := voting(t)
	g := w.at.Governance
	w.refused("NotMinter", g, w.at.Key, key.PackMint(g, wei(1)))
	w.refused("ERC20InsufficientAllowance", g, w.at.Key, key.PackTransferFrom(alice, g, wei(1)))
	w.refused("ERC20InsufficientBalance", g, w.at.Key, key.PackBurn(wei(1)))
	w.refused("MoreThanStaked", g, w.at.Stakes, stakes.PackWithdraw(plain, wei(1)))
	w.refused("NoPosition", g, w.at.Stakes, stakes.PackExtend(plain, w.now()+week))
	w.refused("NotProposer", g, w.at.Distributor, distributor.PackPropose(12, common.Hash{1}, common.Hash{}, wei(5_000)))
	w.refused("InvalidProof", g, w.at.Distributor, distributor.PackClaim(g, wei(1), nil))
	w.refused("NotOwner", g, w.at.Subnets, subnets.PackRegister(subnetOf(alice, 1), g, new(big.Int)))
}

func TestEveryChangeOfStateHasItsCaller(t *testing.T) {
	open := map[contracts.Name][]string{ // by whom the functions that write may be called is said in docs/contracts.md
		contracts.Key:         {"approve", "burn", "burnFor", "mint", "permit", "transfer", "transferFrom"},
		contracts.Emission:    {"mint"},
		contracts.Distributor: {"accept", "challenge", "claim", "claimMany", "decide", "lapse", "propose", "retire", "setProposer", "setWindows"},
		contracts.Subnets:     {"lowerFee", "register", "setTreasury"},
		contracts.Stakes:      {"extend", "stake", "withdraw"},
		contracts.Governance:  {"execute", "moveDecision", "movePayout", "moveProposer", "moveRules", "moveWindows", "vote"},
	}
	for name, want := range open {
		known := make(map[string]bool)
		for _, f := range want {
			known[f] = true
		}
		for f, method := range contracts.Load(name).ABI.Methods {
			if method.IsConstant() == known[f] {
				t.Errorf("%s.%s: constant is %v", name, f, method.IsConstant())
			}
			if method.IsPayable() {
				t.Errorf("%s.%s takes ether", name, f)
			}
			delete(known, f)
		}
		if len(known) > 0 {
			t.Errorf("%s has no %v", name, known)
		}
	}
}

func TestNoGovernanceIsDeployedOutOfItsBounds(t *testing.T) {
	w := empty(t)
	rules := common.HexToHash("0x01")
	for _, arguments := range [][]byte{
		governance.PackConstructor(common.Address{}, bob, carol, rules, day, day, number(1_000)),
		governance.PackConstructor(alice, common.Address{}, carol, rules, day, day, number(1_000)),
		governance.PackConstructor(alice, bob, common.Address{}, rules, day, day, number(1_000)),
		governance.PackConstructor(alice, bob, carol, common.Hash{}, day, day, number(1_000)),
		governance.PackConstructor(alice, bob, carol, rules, day-1, day, number(1_000)),
		governance.PackConstructor(alice, bob, carol, rules, 30*day+1, day, number(1_000)),
		governance.PackConstructor(alice, bob, carol, rules, day, day-1, number(1_000)),
		governance.PackConstructor(alice, bob, carol, rules, day, 30*day+1, number(1_000)),
		governance.PackConstructor(alice, bob, carol, rules, day, day, number(99)),
		governance.PackConstructor(alice, bob, carol, rules, day, day, number(5_001)),
	} {
		if at, err := w.create(append(contracts.Load(contracts.Governance).Creation, arguments...)); err == nil {
			t.Errorf("%s was deployed", at)
		}
	}
}
