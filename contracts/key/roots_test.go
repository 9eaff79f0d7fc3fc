package key_test

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

// The states of a root, as the contract counts them.
const (
	pending    = 1
	challenged = 2
	upheld     = 3
	accepted   = 4
	dropped    = 5
	lapsed     = 6
	retired    = 7
)

// bonded is a settled world where everybody has KEY and a second root is proposed: its id is 1, its epoch 12.
func bonded(t tb) (*world, claims) {
	t.Helper()
	w := settled(t, 1_000, 1_000, 1_000, 1_000, 1_000)
	c := claimsOf(t, wei(1_100), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	w.send(reporter, w.at.Distributor, c.propose(12))
	return w, c
}

func (w *world) wantState(id, want uint64) {
	w.Helper()
	if got := w.proposal(id).State; uint64(got) != want {
		w.Errorf("root %d is in state %d, want %d", id, got, want)
	}
}

func (w *world) wantBonds(want uint64) {
	w.Helper()
	wantWei(w, "what is bonded", ask(w, w.at.Distributor, distributor.PackBonded(), distributor.UnpackBonded), wei(want))
}

func (w *world) currentRoot() common.Hash {
	w.Helper()
	return ask(w, w.at.Distributor, distributor.PackRoot(), distributor.UnpackRoot)
}

func TestARootIsAcceptedAfterItsWindowAndItsTimelockByAnybody(t *testing.T) {
	w, c := bonded(t)
	accept := distributor.PackAccept(number(1))
	wantWei(t, "what the proposer has left", w.balance(reporter), wei(900))
	w.wantBonds(100)
	w.refused("TooEarly", alice, w.at.Distributor, accept)
	w.pass(3*day - 1)
	w.refused("TooEarly", alice, w.at.Distributor, accept)
	w.pass(1)
	before := w.currentRoot()
	w.send(alice, w.at.Distributor, accept)
	if w.currentRoot() != c.Root() || before == c.Root() {
		t.Errorf("the root is %x", w.currentRoot())
	}
	w.wantState(1, accepted)
	w.wantBonds(0)
	wantWei(t, "what the proposer has", w.balance(reporter), wei(1_000))
	w.refused("WrongState", alice, w.at.Distributor, accept)
	w.refused("WrongState", alice, w.at.Distributor, distributor.PackRetire(number(1)))
	w.refused("WrongState", alice, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.refused("WrongState", alice, w.at.Distributor, distributor.PackLapse(number(1)))
	w.refused("UnknownRoot", alice, w.at.Distributor, distributor.PackAccept(number(2)))
}

func TestWhatMayNotBeProposed(t *testing.T) {
	w, _ := bonded(t)
	root, ledger := common.HexToHash("0xbeef"), common.HexToHash("0x1e")
	minted := w.minted()
	for _, c := range []struct {
		want  string
		from  common.Address
		epoch uint64
		root  common.Hash
		total *big.Int
	}{
		{"NotProposer", alice, 12, root, wei(6_000)},
		{"NotProposer", deployer, 12, root, wei(6_000)},
		{"NotProposer", w.at.Governance, 12, root, wei(6_000)},
		{"ZeroRoot", reporter, 12, common.Hash{}, wei(6_000)},
		{"EpochNotOver", reporter, 20, root, wei(6_000)},
		{"EpochNotOver", reporter, 1 << 63, root, wei(6_000)},
		{"EpochSettled", reporter, 9, root, wei(6_000)},
		{"EpochSettled", reporter, 0, root, wei(6_000)},
		{"TotalShrinks", reporter, 12, root, new(big.Int).Sub(wei(5_000), big.NewInt(1))},
		{"MoreThanMinted", reporter, 12, root, new(big.Int).Add(minted, big.NewInt(1))},
		{"MoreThanMinted", reporter, 12, root, new(big.Int).Lsh(minted, 120)},
	} {
		w.refused(c.want, c.from, w.at.Distributor, distributor.PackPropose(c.epoch, c.root, ledger, c.total))
	}
	w.send(reporter, w.at.Distributor, distributor.PackPropose(19, root, ledger, minted))
	w.send(reporter, w.at.Key, key.PackTransfer(alice, wei(800)))
	w.refused("ERC20InsufficientBalance", reporter, w.at.Distributor, distributor.PackPropose(19, root, ledger, minted))
}

func TestAChallengeThatIsWonPaysTheChallengerAndTheRootIsNeverAccepted(t *testing.T) {
	w, _ := bonded(t)
	w.send(alice, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.wantState(1, challenged)
	w.wantBonds(200)
	w.refused("WrongState", bob, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.pass(30 * day)
	w.refused("WrongState", reporter, w.at.Distributor, distributor.PackAccept(number(1)))
	w.refused("NotGovernance", alice, w.at.Distributor, distributor.PackDecide(number(1), false))
	w.send(w.at.Governance, w.at.Distributor, distributor.PackDecide(number(1), false))
	w.wantState(1, dropped)
	w.wantBonds(0)
	wantWei(t, "what the challenger has", w.balance(alice), wei(1_050))
	wantWei(t, "what the proposer has", w.balance(reporter), wei(900))
	wantWei(t, "what was burned", ask(w, w.at.Key, key.PackBurned(), key.UnpackBurned), wei(50))
	w.refused("WrongState", reporter, w.at.Distributor, distributor.PackAccept(number(1)))
	w.refused("WrongState", w.at.Governance, w.at.Distributor, distributor.PackDecide(number(1), true))
}

func TestAChallengeThatIsLostPaysTheProposerAndTheRootIsAccepted(t *testing.T) {
	w, c := bonded(t)
	w.pass(2*day - 1)
	w.send(alice, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.send(w.at.Governance, w.at.Distributor, distributor.PackDecide(number(1), true))
	eventIn(w, w.logs, w.at.Distributor, distributor.UnpackRootUpheldEvent)
	w.wantState(1, upheld)
	w.wantBonds(0)
	wantWei(t, "what the challenger has", w.balance(alice), wei(900))
	wantWei(t, "what the proposer has", w.balance(reporter), wei(1_050))
	wantWei(t, "what was burned", ask(w, w.at.Key, key.PackBurned(), key.UnpackBurned), wei(50))
	w.refused("TooEarly", bob, w.at.Distributor, distributor.PackAccept(number(1)))
	w.refused("WrongState", bob, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.pass(day + 1)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(1)))
	if w.currentRoot() != c.Root() {
		t.Error("not accepted")
	}
	wantWei(t, "what the proposer has", w.balance(reporter), wei(1_050))
}

// Who is caught with a false root would else challenge it before others do, and get everything back.
func TestWhoIsOnBothSidesOfAChallengeLosesHalfABond(t *testing.T) {
	for _, uphold := range []bool{true, false} {
		w, _ := bonded(t)
		w.send(reporter, w.at.Distributor, distributor.PackChallenge(number(1)))
		w.send(w.at.Governance, w.at.Distributor, distributor.PackDecide(number(1), uphold))
		wantWei(t, "what it has", w.balance(reporter), wei(950))
		w.wantBonds(0)
	}
}

func TestOfAnOddBondTheWinnerGetsTheOddWei(t *testing.T) {
	w, _ := bonded(t)
	odd := new(big.Int).Add(wei(1), big.NewInt(1))
	w.send(w.at.Governance, w.at.Distributor, distributor.PackSetWindows(bindings.DistributorWindows{Challenge: day, Timelock: day, Bond: odd}))
	w.send(reporter, w.at.Distributor, claimsOf(t, wei(6_000)).propose(13))
	w.send(alice, w.at.Distributor, distributor.PackChallenge(number(2)))
	w.send(w.at.Governance, w.at.Distributor, distributor.PackDecide(number(2), false))
	half := new(big.Int).Rsh(odd, 1)
	wantWei(t, "what the challenger has", w.balance(alice), new(big.Int).Sub(new(big.Int).Add(wei(1_000), odd), half))
	wantWei(t, "what was burned", ask(w, w.at.Key, key.PackBurned(), key.UnpackBurned), half)
	w.wantBonds(100)
}

func TestAChallengeComesInTimeAndWithABond(t *testing.T) {
	w, _ := bonded(t)
	w.send(bob, w.at.Key, key.PackTransfer(alice, wei(901)))
	w.refused("ERC20InsufficientBalance", bob, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.send(carol, w.at.Key, key.PackApprove(w.at.Distributor, wei(99)))
	w.refused("ERC20InsufficientAllowance", carol, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.pass(2 * day)
	w.refused("TooLate", alice, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.refused("UnknownRoot", alice, w.at.Distributor, distributor.PackChallenge(number(7)))
}

func TestAChallengeThatNobodyDecidesLapsesAndBothBondsGoBack(t *testing.T) {
	w, _ := bonded(t)
	w.refused("WrongState", bob, w.at.Distributor, distributor.PackLapse(number(1)))
	w.send(alice, w.at.Distributor, distributor.PackChallenge(number(1)))
	w.pass(122*day - 1)
	w.refused("TooEarly", bob, w.at.Distributor, distributor.PackLapse(number(1)))
	w.pass(1)
	w.send(bob, w.at.Distributor, distributor.PackLapse(number(1)))
	eventIn(w, w.logs, w.at.Distributor, distributor.UnpackRootLapsedEvent)
	w.wantState(1, lapsed)
	w.wantBonds(0)
	for _, p := range people {
		wantWei(t, "what everybody has", w.balance(p), wei(1_000))
	}
	w.refused("WrongState", w.at.Governance, w.at.Distributor, distributor.PackDecide(number(1), true))
	w.refused("WrongState", bob, w.at.Distributor, distributor.PackAccept(number(1)))
}

func TestARootThatALaterOneOvertookIsRetired(t *testing.T) {
	w, c := bonded(t)
	w.refused("NotStale", bob, w.at.Distributor, distributor.PackRetire(number(1)))
	w.send(reporter, w.at.Distributor, c.propose(14))
	w.pass(3 * day)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(2)))
	w.refused("EpochSettled", bob, w.at.Distributor, distributor.PackAccept(number(1)))
	w.send(bob, w.at.Distributor, distributor.PackRetire(number(1)))
	eventIn(w, w.logs, w.at.Distributor, distributor.UnpackRootRetiredEvent)
	w.wantState(1, retired)
	w.wantBonds(0)
	wantWei(t, "what the proposer has", w.balance(reporter), wei(1_000))
	w.refused("WrongState", bob, w.at.Distributor, distributor.PackRetire(number(1)))
}

func TestARootWhoseTotalWasOvertakenIsRetired(t *testing.T) {
	w, c := bonded(t)
	w.send(reporter, w.at.Distributor, c.propose(15)) // later, but with less
	more := claimsOf(t, wei(2_000), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	w.send(reporter, w.at.Distributor, more.propose(14))
	w.pass(3 * day)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(3)))
	w.refused("TotalShrinks", bob, w.at.Distributor, distributor.PackAccept(number(2)))
	w.send(bob, w.at.Distributor, distributor.PackRetire(number(2)))
	w.wantState(2, retired)
}

// Nothing on the chain knows the sum of the claims. One that was said too high blocks nobody: the next ones say it too.
func TestATotalThatWasTooHighIsSaidAgainUntilTheClaimsReachIt(t *testing.T) {
	w, _ := bonded(t)
	c := claimsOf(t, wei(1_200), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	boasted := claims{c.Tree, w.minted()}
	w.send(reporter, w.at.Distributor, boasted.propose(13))
	w.pass(3 * day)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(2)))
	w.send(bob, w.at.Distributor, c.claim(t, alice))
	next := claimsOf(t, wei(1_300), wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	w.refused("TotalShrinks", reporter, w.at.Distributor, next.propose(14))
	w.accepted(14, claims{next.Tree, boasted.total})
	w.send(bob, w.at.Distributor, next.claim(t, alice))
	wantWei(t, "what alice has", w.balance(alice), wei(1_300))
}

func TestRootsOfManyEpochsArePendingAtOnceAndAcceptedInOrder(t *testing.T) {
	w, c := bonded(t)
	w.send(reporter, w.at.Distributor, c.propose(13))
	w.pass(3 * day)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(1)))
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(2)))
	next := ask(w, w.at.Distributor, distributor.PackNextEpoch(), distributor.UnpackNextEpoch)
	if next != 14 {
		t.Errorf("next is epoch %d", next)
	}
}

func TestTheFirstRootNeedsNoBondAndOnlyListedProposersChallengeIt(t *testing.T) {
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	c := claimsOf(t, wei(60), wei(40))
	for range 3 {
		w.send(reporter, w.at.Distributor, c.propose(9))
	}
	w.refused("NotProposer", alice, w.at.Distributor, distributor.PackChallenge(number(0)))
	w.send(reporter, w.at.Distributor, distributor.PackChallenge(number(0)))
	w.wantState(0, dropped)
	w.pass(3 * day)
	w.refused("WrongState", alice, w.at.Distributor, distributor.PackAccept(number(0)))
	w.send(reporter, w.at.Distributor, c.propose(12)) // before the first is accepted: without a bond too
	w.send(alice, w.at.Distributor, distributor.PackAccept(number(1)))
	w.wantBonds(0)

	w.pass(3 * day)
	w.refused("OnlyFirst", alice, w.at.Distributor, distributor.PackAccept(number(2)))
	w.refused("OnlyFirst", alice, w.at.Distributor, distributor.PackAccept(number(3)))
	w.send(alice, w.at.Distributor, distributor.PackRetire(number(3)))
	w.wantState(3, retired)
	w.refused("ERC20InsufficientAllowance", reporter, w.at.Distributor, c.propose(14))
}

func TestBondsAreNotPaidOutAsClaims(t *testing.T) {
	w, _ := bonded(t)
	rest := new(big.Int).Sub(w.minted(), wei(4_000)) // what the others claimed stays theirs
	honest := claimsOf(t, rest, wei(1_000), wei(1_000), wei(1_000), wei(1_000))
	lie := claimsOf(t, rest, wei(1_001), wei(1_000), wei(1_000), wei(1_000))
	for _, c := range []claims{honest, {lie.Tree, honest.total}} {
		w := w.fork()
		w.send(reporter, w.at.Distributor, c.propose(13))
		w.pass(3 * day)
		w.send(bob, w.at.Distributor, distributor.PackAccept(number(2)))
		w.send(bob, w.at.Distributor, c.claim(t, alice))
		wantWei(t, "paid", w.paid(), w.minted())
		wantWei(t, "what is left", w.balance(w.at.Distributor), wei(100))
		w.wantBonds(100)
		if c.Tree == lie.Tree {
			w.refused("MoreThanTotal", bob, w.at.Distributor, c.claim(t, bob))
		}
		w.send(bob, w.at.Distributor, distributor.PackRetire(number(1)))
	}
}

func TestWindowsHoldForLaterRootsAndStayInTheirBounds(t *testing.T) {
	w, _ := bonded(t)
	set := func(challenge, timelock uint64, bond *big.Int) []byte {
		return distributor.PackSetWindows(bindings.DistributorWindows{Challenge: challenge, Timelock: timelock, Bond: bond})
	}
	w.refused("NotGovernance", alice, w.at.Distributor, set(day, day, wei(1)))
	w.refused("NotGovernance", deployer, w.at.Distributor, distributor.PackSetProposer(alice, true))
	less, more := big.NewInt(-1), big.NewInt(1)
	for _, data := range [][]byte{
		set(day-1, day, wei(1)), set(30*day+1, day, wei(1)), set(1<<63, day, wei(1)),
		set(day, day-1, wei(1)), set(day, 30*day+1, wei(1)),
		set(day, day, less.Add(less, wei(1))), set(day, day, more.Add(more, wei(100_000))), set(day, day, new(big.Int)),
	} {
		w.refused("OutOfBounds", w.at.Governance, w.at.Distributor, data)
	}
	w.send(w.at.Governance, w.at.Distributor, set(30*day, 30*day, wei(100_000)))
	w.send(w.at.Governance, w.at.Distributor, set(day, day, wei(1)))
	w.pass(3 * day)
	w.send(bob, w.at.Distributor, distributor.PackAccept(number(1)))
	wantWei(t, "what the proposer has", w.balance(reporter), wei(1_000))
	w.send(reporter, w.at.Distributor, claimsOf(t, wei(6_000)).propose(13))
	wantWei(t, "what the proposer has", w.balance(reporter), wei(999))
}

func TestAProposerWhoIsDelistedProposesNoMore(t *testing.T) {
	w, c := bonded(t)
	w.send(w.at.Governance, w.at.Distributor, distributor.PackSetProposer(reporter, false))
	w.refused("NotProposer", reporter, w.at.Distributor, c.propose(13))
	w.send(w.at.Governance, w.at.Distributor, distributor.PackSetProposer(alice, true))
	w.send(alice, w.at.Distributor, c.propose(13))
	w.refused("ZeroAddress", w.at.Governance, w.at.Distributor, distributor.PackSetProposer(common.Address{}, true))
}

func TestNoDistributorIsDeployedOutOfItsBounds(t *testing.T) {
	good := bindings.DistributorWindows{Challenge: day, Timelock: day, Bond: wei(1)}
	bad := good
	bad.Timelock = 0
	w := empty(t)
	for _, arguments := range [][]byte{
		distributor.PackConstructor(common.Address{}, bob, genesis, day, nil, good),
		distributor.PackConstructor(alice, common.Address{}, genesis, day, nil, good),
		distributor.PackConstructor(alice, bob, genesis, 0, nil, good),
		distributor.PackConstructor(alice, bob, genesis, day, nil, bad),
		distributor.PackConstructor(alice, bob, genesis, day, []common.Address{{}}, good),
	} {
		if at, err := w.create(append(contracts.Load(contracts.Distributor).Creation, arguments...)); err == nil {
			t.Errorf("%s was deployed", at)
		}
	}
}
