package fork

import (
	"context"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/contracts"
)

// From nothing: a block is pinned, and a swap is told with everybody whom it names.
func TestAColdSwapIsFourTripsAndThirtyFiveCalls(t *testing.T) {
	c := counting(newGeth(t))
	e, err := newFork(t, c).SimulateOnce(context.Background(), []Tx{callTo(alice, pool, wordOf(1000).Bytes())})
	if err != nil {
		t.Fatal(err)
	}
	ok(t, e)
	if c.trips > 4 || c.calls > 35 {
		t.Fatalf("%d trips and %d calls: %v", c.trips, c.calls, c.methods)
	}
}

func TestScoutsMakeNoTripForWhoHasNothingToDoWithIt(t *testing.T) {
	c := counting(newGeth(t))
	f := newFork(t, c)
	transfer := pack(selTransfer, bob[:], wei(5))
	ok(t, simulate(t, f, callTo(alice, tokenA, transfer)))
	c.reset()
	// The same with fifty more accounts in the input that the token does not read.
	for i := range uint64(50) {
		stranger := common.BigToAddress(new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 150), new(big.Int).SetUint64(i)))
		transfer = append(transfer, at(stranger).Bytes()...)
	}
	ok(t, simulate(t, f, callTo(alice, tokenA, transfer)))
	if c.trips != 0 {
		t.Fatalf("%d trips: %v", c.trips, c.methods)
	}
}

func TestAColdForkTellsTheSameAsAWarmOne(t *testing.T) {
	s := newStage(t, nil)
	rebasing, gold := s.deploy(contracts.RebasingToken, big.NewInt(1_000_000)), s.token(contracts.Token)
	s.did(s.call(alice, rebasing, contracts.RebasingToken, "transfer", carol, big.NewInt(100_000)))
	roles, owned := s.deploy(contracts.Roles), s.deploy(contracts.OwnedInTwoSteps)
	forward := func(to common.Address, inner []byte) Tx {
		return callTo(bob, fool, append(append(at(to).Bytes(), inner...), at(carol).Bytes()...))
	}
	txs := []Tx{
		forward(rebasing, s.input(contracts.RebasingToken, "rebase", big.NewInt(3_000_000))),
		s.call(alice, gold, contracts.Token, "approve", carol, big.NewInt(5)),
		s.call(alice, roles, contracts.Roles, "grantRole", [32]byte{1}, bob),
		s.call(alice, owned, contracts.OwnedInTwoSteps, "transferOwnership", bob),
	}
	for i := range txs {
		txs[i].Gas = stageGas
	}
	f := newFork(t, s)
	cold := simulate(t, f, txs...)
	ok(t, cold)
	wantBalance(t, cold, carol, ERC20, rebasing, 100_000, 300_000)
	for range 2 {
		if warm := simulate(t, f, txs...); asJSON(t, warm) != asJSON(t, cold) {
			t.Fatalf("cold %s\nwarm %s", asJSON(t, cold), asJSON(t, warm))
		}
	}
}

// choosy is a token that tells the balance of nobody whose number is odd; any other call with a word doubles everybody.
const choosy = `
	0 CALLDATALOAD 0xe0 SHR 0x70a08231 EQ @balanceOf JUMPI
	1 0 SLOAD ADD 0 SSTORE STOP
balanceOf:
	1 4 CALLDATALOAD AND @no JUMPI
	0 SLOAD 4 CALLDATALOAD SLOAD MUL 0 MSTORE 0x20 0 RETURN
no: 0 0 REVERT`

func TestARefusalForSomeHidesNobodyElse(t *testing.T) {
	token := common.HexToAddress("0xc400000000000000000000000000000000000a06")
	person := func(n uint64) common.Address {
		return common.BigToAddress(new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), 150), new(big.Int).SetUint64(n)))
	}
	held := map[common.Hash]common.Hash{{}: wordOf(1)}
	data := make([]byte, 4)
	for n := range uint64(12) {
		held[at(person(n))] = wordOf(10)
		data = append(data, at(person(n)).Bytes()...)
	}
	s := newStage(t, types.GenesisAlloc{token: {Code: asm(t, choosy), Storage: held, Balance: new(big.Int), Nonce: 1}})
	e := s.simulated(callTo(alice, token, data))
	for n := uint64(0); n < 12; n += 2 {
		wantBalance(t, e, person(n), ERC20, token, 10, 20)
	}
}

func TestMoreThanCanBeLookedAtIsUnknown(t *testing.T) {
	s := newStage(t, nil)
	var crowd []byte
	for n := range uint64(mostPeople + 1) {
		crowd = append(crowd, new(uint256.Int).Lsh(uint256.NewInt(n+1), 120).PaddedBytes(wordLength)...)
	}
	e := s.simulated(callTo(alice, tokenA, append(pack(selTransfer, bob[:], wei(1)), crowd...)))
	if len(e.Unknown) != 1 || !strings.Contains(e.Unknown[0], "more accounts and contracts are named") {
		t.Fatalf("%q", e.Unknown)
	}
	// A token that spends all the gas of a question keeps nobody waiting for long, and is not left out.
	burner := common.HexToAddress("0xb042000000000000000000000000000000000a07")
	s = newStage(t, types.GenesisAlloc{burner: {Code: asm(t, fmt.Sprintf("CALLDATASIZE 4 EQ @go JUMPI again: @again JUMP go: 1 0 SLOAD ADD 0 SSTORE 5 0 MSTORE CALLER ADDRESS %s 0x20 0 LOG3 STOP", hex(topicTransfer[:]))), Balance: new(big.Int), Nonce: 1}})
	e = s.simulated(callTo(alice, burner, []byte{1, 2, 3, 4}))
	if len(e.Unknown) == 0 || !strings.Contains(e.Unknown[0], burner.Hex()) {
		t.Fatalf("%q", e.Unknown)
	}
}
