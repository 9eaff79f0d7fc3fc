package key_test

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

var plain common.Hash

// bond is the subject of a provider's bond.
func bond(provider common.Address) common.Hash { return common.BytesToHash(provider[:]) }

// subnetOf is the id of an owner's subnet of a number.
func subnetOf(owner common.Address, number byte) (id common.Hash) {
	copy(id[:], owner[:])
	id[31] = number
	return id
}

func (w *world) position(of common.Address, subject common.Hash) bindings.PositionOutput {
	w.Helper()
	return ask(w, w.at.Stakes, stakes.PackPosition(of, subject), stakes.UnpackPosition)
}

func (w *world) wantPosition(of common.Address, subject common.Hash, amount, until uint64) {
	w.Helper()
	p := w.position(of, subject)
	wantWei(w, "the position", p.Amount, wei(amount))
	if p.Until != until {
		w.Errorf("the lock ends at %d, want %d", p.Until, until)
	}
}

// weekAfter is the end of a lock that is asked for until a second.
func weekAfter(second uint64) uint64 { return (second + week - 1) / week * week }

func TestAStakeComesBackToItsAccountAfterItsLockAndNotBefore(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	until := weekAfter(w.now() + 30*day)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(400), w.now()+30*day))
	w.wantPosition(alice, plain, 400, until)
	wantWei(t, "what alice has left", w.balance(alice), wei(600))
	w.refused("Locked", alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(1)))
	w.refused("MoreThanStaked", bob, w.at.Stakes, stakes.PackWithdraw(plain, wei(1)))

	w.cfg.Time = until - 1
	w.refused("Locked", alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(1)))
	w.pass(1)
	w.refused("ZeroAmount", alice, w.at.Stakes, stakes.PackWithdraw(plain, new(big.Int)))
	w.refused("MoreThanStaked", alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(401)))
	w.send(alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(100)))
	w.wantPosition(alice, plain, 300, until)
	w.send(alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(300)))
	w.wantPosition(alice, plain, 0, until)
	wantWei(t, "what alice has", w.balance(alice), wei(1_000))
	w.refused("MoreThanStaked", alice, w.at.Stakes, stakes.PackWithdraw(plain, big.NewInt(1)))
}

func TestAStakeWithoutALockHasNoPowerAndComesBackAtOnce(t *testing.T) {
	w := settled(t, 1_000)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(400), 0))
	w.wantPosition(alice, plain, 400, 0)
	wantWei(t, "its power", w.power(alice), new(big.Int))
	w.send(alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(400)))
	wantWei(t, "what alice has", w.balance(alice), wei(1_000))
}

func TestALockOnlyGrows(t *testing.T) {
	w := settled(t, 1_000)
	first, second := weekAfter(w.now()+10*week), weekAfter(w.now()+20*week)
	w.refused("NoPosition", alice, w.at.Stakes, stakes.PackExtend(plain, first))
	w.refused("LockShorter", alice, w.at.Stakes, stakes.PackStake(plain, wei(1), w.now()-week))
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(100), first))
	for _, until := range []uint64{0, 1, w.now(), first - week, first} {
		w.refused("LockShorter", alice, w.at.Stakes, stakes.PackExtend(plain, until))
	}
	w.refused("LockShorter", alice, w.at.Stakes, stakes.PackStake(plain, wei(1), first-week))
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(1), first)) // as long as it is
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(1), 0))     // left as it is
	w.wantPosition(alice, plain, 102, first)
	w.send(alice, w.at.Stakes, stakes.PackExtend(plain, second-1))
	w.wantPosition(alice, plain, 102, second)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(1), second+1))
	w.wantPosition(alice, plain, 103, second+week)
}

func TestALockIsFourYearsAndAWeekAtMost(t *testing.T) {
	const most = 1461 * day
	w := settled(t, 1_000)
	for _, until := range []uint64{w.now() + most + 1, 1 << 40, 1<<64 - 1} {
		w.refused("LockTooLong", alice, w.at.Stakes, stakes.PackStake(plain, wei(1), until))
	}
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(1), w.now()+most))
	w.wantPosition(alice, plain, 1, weekAfter(w.now()+most))
	w.pass(week)
	w.refused("LockTooLong", alice, w.at.Stakes, stakes.PackExtend(plain, w.now()+most+1))
	w.send(alice, w.at.Stakes, stakes.PackExtend(plain, w.now()+most))
}

func TestPowerIsAmountTimesTheSecondsLeft(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	began, until := w.now(), weekAfter(w.now()+10*week)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(100), until))
	w.send(alice, w.at.Stakes, stakes.PackStake(bond(bob), wei(50), until+3*week))
	w.send(bob, w.at.Stakes, stakes.PackStake(plain, wei(10), until+week))
	for _, at := range []uint64{began - 1, began, began + 1, until - week, until - 1, until, until + 1, until + week, until + 3*week, until + 9*week} {
		w.cfg.Time = max(began, at)
		left := func(end uint64) uint64 {
			if at < began || at > end {
				return 0
			}
			return end - at
		}
		mine := new(big.Int).Mul(wei(100), number(left(until)))
		mine.Add(mine, new(big.Int).Mul(wei(50), number(left(until+3*week))))
		others := new(big.Int).Mul(wei(10), number(left(until+week)))
		wantWei(t, "alice's", ask(w, w.at.Stakes, stakes.PackPowerAt(alice, at), stakes.UnpackPowerAt), mine)
		wantWei(t, "bob's", ask(w, w.at.Stakes, stakes.PackPowerAt(bob, at), stakes.UnpackPowerAt), others)
		all := ask(w, w.at.Stakes, stakes.PackTotalPowerAt(at), stakes.UnpackTotalPowerAt)
		wantWei(t, "everybody's", all, mine.Add(mine, others))
	}
	for _, never := range []uint64{0, 1 << 41, 1<<64 - 1} {
		wantWei(t, "at no time", ask(w, w.at.Stakes, stakes.PackPowerAt(alice, never), stakes.UnpackPowerAt), new(big.Int))
	}
}

// A lock that is changed leaves nothing where it ended before, and one that ends in the very second of another's change is out.
func TestPowerFollowsALockThroughItsChanges(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	first := weekAfter(w.now() + 4*week)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(100), first))
	w.send(bob, w.at.Stakes, stakes.PackStake(plain, wei(7), first))
	w.pass(day)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(20), 0))
	w.pass(day)
	w.send(alice, w.at.Stakes, stakes.PackExtend(plain, first+3*week))
	want := func(at, amount, until uint64) {
		t.Helper()
		w.cfg.Time = at
		mine := new(big.Int).Mul(wei(amount), number(until-at))
		wantWei(t, "alice's", w.power(alice), mine)
		others := new(big.Int).Mul(wei(7), number(max(first, at)-at))
		all := ask(w, w.at.Stakes, stakes.PackTotalPowerAt(at), stakes.UnpackTotalPowerAt)
		wantWei(t, "everybody's", all, others.Add(others, mine))
	}
	want(first-1, 120, first+3*week)
	want(first, 120, first+3*week)
	want(first+1, 120, first+3*week)
	w.cfg.Time = first // bob's ends in this second
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(1), 0))
	want(first, 121, first+3*week)
	want(first+week+1, 121, first+3*week)
	want(first+3*week, 121, first+3*week)
	w.send(alice, w.at.Stakes, stakes.PackStake(bond(bob), wei(2), first+9*week)) // hers ended in this second
	want(first+3*week, 2, first+9*week)
	want(first+5*week, 2, first+9*week)
}

func TestALockThatIsOverCanBeLockedAgainAndStillComesBack(t *testing.T) {
	w := settled(t, 1_000)
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(100), w.now()+week))
	w.pass(300 * week) // with nobody about
	wantWei(t, "power", w.power(alice), new(big.Int))
	w.send(alice, w.at.Stakes, stakes.PackStake(plain, wei(10), 0))
	wantWei(t, "power", w.power(alice), new(big.Int))
	until := weekAfter(w.now() + 4*week)
	w.send(alice, w.at.Stakes, stakes.PackExtend(plain, until))
	wantWei(t, "power", w.power(alice), new(big.Int).Mul(wei(110), number(until-w.now())))
	w.cfg.Time = until
	w.send(alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(110)))
	wantWei(t, "what alice has", w.balance(alice), wei(1_000))
}

func TestSubjectsAreApart(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	id := subnetOf(bob, 1)
	w.refused("UnknownSubject", alice, w.at.Stakes, stakes.PackStake(id, wei(10), 0))
	w.send(bob, w.at.Subnets, subnets.PackRegister(id, carol, big.NewInt(5)))
	for i, subject := range []common.Hash{plain, bond(bob), bond(carol), id} {
		w.send(alice, w.at.Stakes, stakes.PackStake(subject, wei(uint64(10+i)), 0))
	}
	w.send(bob, w.at.Stakes, stakes.PackStake(id, wei(1), 0))
	w.refused("MoreThanStaked", alice, w.at.Stakes, stakes.PackWithdraw(plain, wei(11)))
	in := ask(w, w.at.Stakes, stakes.PackStakedIn(id), stakes.UnpackStakedIn)
	wantWei(t, "staked in the subnet", in, wei(14))
	wantWei(t, "staked in all", ask(w, w.at.Stakes, stakes.PackStaked(), stakes.UnpackStaked), wei(47))
	w.send(alice, w.at.Stakes, stakes.PackWithdraw(id, wei(13)))
	w.wantPosition(bob, id, 1, 0)
	w.wantPosition(alice, bond(carol), 12, 0)
	wantWei(t, "staked in the subnet", ask(w, w.at.Stakes, stakes.PackStakedIn(id), stakes.UnpackStakedIn), wei(1))
}

func TestNothingIsNoStake(t *testing.T) {
	w := settled(t, 1_000)
	w.refused("ZeroAmount", alice, w.at.Stakes, stakes.PackStake(plain, new(big.Int), 0))
	w.refused("ERC20InsufficientBalance", alice, w.at.Stakes, stakes.PackStake(plain, wei(1_001), 0))
	w.send(alice, w.at.Key, key.PackApprove(w.at.Stakes, new(big.Int)))
	w.refused("ERC20InsufficientAllowance", alice, w.at.Stakes, stakes.PackStake(plain, wei(1), 0))
	for _, arguments := range [][]byte{
		stakes.PackConstructor(common.Address{}, w.at.Subnets), stakes.PackConstructor(w.at.Key, common.Address{}),
	} {
		if at, err := w.create(append(contracts.Load(contracts.Stakes).Creation, arguments...)); err == nil {
			t.Errorf("%s was deployed", at)
		}
	}
}

// over is the stakes of another token than KEY.
func (w *world) over(token common.Address) common.Address {
	w.Helper()
	at, err := w.create(append(contracts.Load(contracts.Stakes).Creation, stakes.PackConstructor(token, w.at.Subnets)...))
	if err != nil {
		w.Fatalf("%v", err)
	}
	return at
}

// token is a call to a token that is not KEY.
func (w *world) token(name contracts.Name, method string, args ...any) []byte {
	w.Helper()
	data, err := contracts.Load(name).ABI.Pack(method, args...)
	if err != nil {
		w.Fatalf("%v", err)
	}
	return data
}

func TestOfATokenThatTakesAFeeWhatArrivesCounts(t *testing.T) {
	w := newWorld(t)
	fee := w.deploy(contracts.FeeToken, "Fee", "FEE", uint8(18), deployer)
	at := w.over(fee)
	w.send(deployer, fee, w.token(contracts.FeeToken, "mint", alice, wei(1_000)))
	w.send(alice, fee, w.token(contracts.FeeToken, "approve", at, wei(1_000)))
	w.send(alice, at, stakes.PackStake(plain, wei(100), 0))
	w.send(alice, at, stakes.PackStake(plain, wei(100), 0))
	position := ask(w, at, stakes.PackPosition(alice, plain), stakes.UnpackPosition)
	wantWei(t, "what counts", position.Amount, wei(198))
	held := ask(w, fee, w.token(contracts.FeeToken, "balanceOf", at), key.UnpackBalanceOf)
	wantWei(t, "what is held", held, wei(198))
	w.send(alice, at, stakes.PackWithdraw(plain, wei(198)))
	held = ask(w, fee, w.token(contracts.FeeToken, "balanceOf", at), key.UnpackBalanceOf)
	wantWei(t, "what is held", held, new(big.Int))
	w.refused("ZeroAmount", alice, at, stakes.PackStake(plain, new(big.Int), 0))
}

func TestATokenThatReturnsNothingCanBeStaked(t *testing.T) {
	w := newWorld(t)
	silent := w.deploy(contracts.SilentToken, "Silent", "SIL", uint8(18), deployer)
	at := w.over(silent)
	w.send(deployer, silent, w.token(contracts.SilentToken, "mint", alice, wei(10)))
	w.send(alice, silent, w.token(contracts.SilentToken, "approve", at, wei(10)))
	w.send(alice, at, stakes.PackStake(plain, wei(10), 0))
	w.send(alice, at, stakes.PackWithdraw(plain, wei(10)))
}

func TestATokenThatCallsBackGetsNowhere(t *testing.T) {
	w := newWorld(t)
	token := w.deploy(contracts.ReenteringToken)
	at := w.over(token)
	w.send(deployer, token, w.token(contracts.ReenteringToken, "transfer", alice, wei(1_000)))
	for _, from := range []common.Address{alice, deployer} {
		w.send(from, token, w.token(contracts.ReenteringToken, "approve", at, wei(1_000)))
	}
	// The token itself has a position, so that what it calls back would go through.
	w.send(deployer, token, w.token(contracts.ReenteringToken, "transfer", token, wei(100)))
	w.send(token, token, w.token(contracts.ReenteringToken, "approve", at, wei(100)))
	w.send(token, at, stakes.PackStake(plain, wei(50), 0))
	w.send(token, at, stakes.PackStake(bond(bob), wei(10), w.now()+week))

	for what, back := range map[string][]byte{
		"stake":    stakes.PackStake(plain, wei(1), 0),
		"withdraw": stakes.PackWithdraw(plain, wei(50)),
		"extend":   stakes.PackExtend(bond(bob), w.now()+9*week),
	} {
		t.Run(what, func(t *testing.T) {
			for _, outer := range [][]byte{stakes.PackStake(plain, wei(20), 0), stakes.PackWithdraw(plain, wei(20))} {
				w := w.fork()
				w.tb = t
				w.send(alice, at, stakes.PackStake(plain, wei(20), 0))
				w.send(deployer, token, w.token(contracts.ReenteringToken, "callBack", at, back))
				w.send(alice, at, outer)
				went := ask(w, token, w.token(contracts.ReenteringToken, "went"), func(b []byte) (bool, error) { return b[31] == 1, nil })
				answer := ask(w, token, w.token(contracts.ReenteringToken, "answer"), func(b []byte) ([]byte, error) { return b[64:68], nil })
				if name := errorNames()[[4]byte(answer)]; went || name != "ReentrancyGuardReentrantCall" {
					t.Errorf("the call back went through: %v, %s", went, name)
				}
				held := ask(w, token, w.token(contracts.ReenteringToken, "balanceOf", at), key.UnpackBalanceOf)
				wantWei(t, "what is held", held, ask(w, at, stakes.PackStaked(), stakes.UnpackStaked))
			}
		})
	}
}

func TestMoreThanCanBeCountedIsNotStaked(t *testing.T) {
	w := newWorld(t)
	token := w.deploy(contracts.Token, "Big", "BIG", uint8(18), deployer)
	at := w.over(token)
	most := new(big.Int).Lsh(big.NewInt(1), 88)
	huge := new(big.Int).Lsh(big.NewInt(1), 255)
	w.send(deployer, token, w.token(contracts.Token, "mint", alice, huge))
	w.send(alice, token, w.token(contracts.Token, "approve", at, huge))
	for _, amount := range []*big.Int{huge, most} {
		w.refused("TooMuch", alice, at, stakes.PackStake(plain, amount, w.now()+4*365*day))
	}
	w.send(alice, at, stakes.PackStake(plain, new(big.Int).Sub(most, big.NewInt(1)), w.now()+4*365*day))
	w.refused("TooMuch", alice, at, stakes.PackStake(bond(bob), big.NewInt(1), 0))
	left := number(weekAfter(w.now()+4*365*day) - w.now())
	power := ask(w, at, stakes.PackPowerAt(alice, w.now()), stakes.UnpackPowerAt)
	wantWei(t, "the most power", power, left.Mul(left, new(big.Int).Sub(most, big.NewInt(1))))
}

func TestASubnetIsItsOwnersAndItsFeeOnlyFalls(t *testing.T) {
	w := settled(t, 1_000, 1_000)
	id, whole := subnetOf(alice, 7), new(big.Int).Exp(big.NewInt(10), big.NewInt(25), nil)
	over := new(big.Int).Add(whole, big.NewInt(1))
	w.refused("NotOwner", bob, w.at.Subnets, subnets.PackRegister(id, bob, new(big.Int)))
	w.refused("FeeTooHigh", alice, w.at.Subnets, subnets.PackRegister(id, carol, over))
	w.refused("ZeroAddress", alice, w.at.Subnets, subnets.PackRegister(id, common.Address{}, whole))
	w.refused("NotRegistered", alice, w.at.Subnets, subnets.PackLowerFee(id, new(big.Int)))
	w.refused("NotRegistered", alice, w.at.Subnets, subnets.PackSetTreasury(id, carol))
	w.refused("NotRegistered", alice, w.at.Subnets, subnets.PackSubnet(id))
	w.send(alice, w.at.Subnets, subnets.PackRegister(id, carol, whole))
	wantWei(t, "what alice has left", w.balance(alice), wei(990))
	wantWei(t, "burned", ask(w, w.at.Key, key.PackBurned(), key.UnpackBurned), wei(10))
	w.refused("AlreadyRegistered", alice, w.at.Subnets, subnets.PackRegister(id, carol, new(big.Int)))

	w.refused("NotOwner", bob, w.at.Subnets, subnets.PackLowerFee(id, new(big.Int)))
	w.refused("NotOwner", carol, w.at.Subnets, subnets.PackSetTreasury(id, carol))
	w.refused("FeeTooHigh", alice, w.at.Subnets, subnets.PackLowerFee(id, whole))
	w.send(alice, w.at.Subnets, subnets.PackLowerFee(id, big.NewInt(3)))
	w.refused("FeeTooHigh", alice, w.at.Subnets, subnets.PackLowerFee(id, big.NewInt(4)))
	w.refused("ZeroAddress", alice, w.at.Subnets, subnets.PackSetTreasury(id, common.Address{}))
	w.send(alice, w.at.Subnets, subnets.PackSetTreasury(id, dave))
	got := ask(w, w.at.Subnets, subnets.PackSubnet(id), subnets.UnpackSubnet)
	if got.Treasury != dave || got.Fee.Int64() != 3 {
		t.Errorf("the subnet is %v", got)
	}
}

func TestAnIdThatCouldBeAProvidersIsNoSubnets(t *testing.T) {
	w := settled(t, 1_000)
	low := common.HexToAddress("0xffffffff") // whose ids begin with twelve zero bytes or more
	w.refused("InvalidId", low, w.at.Subnets, subnets.PackRegister(subnetOf(low, 1), low, new(big.Int)))
	w.refused("InvalidId", common.Address{}, w.at.Subnets, subnets.PackRegister(bond(common.HexToAddress("0x5")), low, new(big.Int)))
}

func TestARegistrationThatIsNotPaidForFails(t *testing.T) {
	w := settled(t, 9)
	w.refused("ERC20InsufficientBalance", alice, w.at.Subnets, subnets.PackRegister(subnetOf(alice, 1), alice, new(big.Int)))
	id := subnetOf(bob, 1)
	w.refused("ERC20InsufficientBalance", bob, w.at.Subnets, subnets.PackRegister(id, bob, new(big.Int)))
	if ask(w, w.at.Subnets, subnets.PackRegistered(id), subnets.UnpackRegistered) {
		t.Error("registered")
	}
	free, err := w.create(append(contracts.Load(contracts.Subnets).Creation, subnets.PackConstructor(w.at.Key, new(big.Int))...))
	if err != nil {
		t.Fatal(err)
	}
	w.send(bob, free, subnets.PackRegister(id, bob, new(big.Int)))
	if _, err := w.create(append(contracts.Load(contracts.Subnets).Creation, subnets.PackConstructor(common.Address{}, wei(1))...)); err == nil {
		t.Error("deployed without a token")
	}
}
