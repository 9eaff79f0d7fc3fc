package evm

import (
	"context"
	"errors"
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// The other canaries: each sings of one thing that the adapter asks of go-ethereum.

var target = common.HexToAddress("0x7a00000000000000000000000000000000000001")

// rich is a world in which alice has an ether, and the target runs code.
func rich(code []byte) *memory {
	ether := pinned.Account{Balance: *uint256.NewInt(params.Ether), CodeHash: types.EmptyCodeHash}
	return &memory{accounts: map[common.Address]pinned.Account{alice: ether, target: codeAccount(code)}, slots: map[pinned.Slot]common.Hash{}}
}

func machineOf(t *testing.T, w World, b Block, tracer *Tracer) *Machine {
	t.Helper()
	m := New(context.Background(), w, b, tracer)
	t.Cleanup(m.Close)
	return m
}

// toTarget is a message that any block takes.
func toTarget() Message {
	m := Message{From: alice, To: &target, Gas: 200_000}
	m.FeeCap.SetUint64(20)
	m.TipCap.SetUint64(3)
	return m
}

func TestATracerIsToldInThePlaceOfWatchers(t *testing.T) {
	code := forktest.Assemble(t, "5 1 SSTORE 0x99 0 0 LOG1")
	var told []string
	tracer := &Tracer{
		OnTxStart: func(_ *tracing.VMContext, tx *types.Transaction, from common.Address) {
			if tx == nil || tx.Nonce() != 77 || from != alice {
				t.Errorf("the tracer is shown %v of %s", tx, from)
			}
			told = append(told, "start")
		},
		OnEnter: func(_ int, _ byte, _, to common.Address, _ []byte, _ uint64, _ *big.Int) {
			told = append(told, "enter "+to.Hex())
		},
		OnLog:   func(l *types.Log) { told = append(told, "log "+l.Address.Hex()) },
		OnTxEnd: func(*types.Receipt, error) { told = append(told, "end") },
	}
	m := machineOf(t, rich(code), testBlock(), tracer)
	watch := newSpy()
	out, err := m.Transact(toTarget(), types.NewTx(&types.LegacyTx{Nonce: 77}), watch)
	if err != nil || out.Failure != nil {
		t.Fatal(out, err)
	}
	want := []string{"start", "enter " + target.Hex(), "log " + target.Hex(), "end"}
	if !slices.Equal(told, want) {
		t.Errorf("told %v", told)
	}
	if len(watch.lines) != 0 || !watch.Slots[pinned.Slot{Account: target, Key: wordOf(1)}] || !watch.Accounts[alice] {
		t.Errorf("the watcher was told %v, and of the writes %v %v", watch.lines, watch.Accounts, watch.Slots)
	}
	told = nil
	if _, err := m.Ask(alice, &target, new(uint256.Int), nil, 100_000); err != nil || len(told) != 0 {
		t.Errorf("a question is told: %v %v", told, err)
	}
}

func TestPrecompiledContractsAnswerWhereTheyArePlaced(t *testing.T) {
	moved, identity := common.HexToAddress("0x9999"), common.Address{19: 4}
	b := testBlock()
	b.Precompiled = map[common.Address]common.Address{moved: identity}
	m := machineOf(t, rich(nil), b, nil)
	for at, want := range map[common.Address]string{moved: "abc", identity: ""} {
		asked, err := m.Ask(alice, &at, nil, []byte("abc"), 100_000)
		if err != nil || string(asked.Return) != want {
			t.Errorf("%s answers %q, %v", at, asked.Return, err)
		}
		msg := toTarget()
		msg.To, msg.Data = &at, []byte("abc")
		if out, err := m.Try(msg, b.Time); err != nil || string(out.Return) != want {
			t.Errorf("%s answers a message %q, %v", at, out.Return, err)
		}
	}
}

func TestABlockBeginsAndEndsAsTheChainsDo(t *testing.T) {
	w := rich(nil)
	for a, code := range map[common.Address][]byte{
		params.BeaconRootsAddress: params.BeaconRootsCode, params.HistoryStorageAddress: params.HistoryStorageCode,
		params.WithdrawalQueueAddress: params.WithdrawalQueueCode, params.ConsolidationQueueAddress: params.ConsolidationQueueCode,
	} {
		w.accounts[a] = codeAccount(code)
	}
	b := testBlock()
	m := machineOf(t, w, b, nil)
	writes, root, parent := NewWrites(), wordOf(0xbeac), wordOf(0x9a)
	if err := m.Begin(parent, &root, writes); err != nil {
		t.Fatal(err)
	}
	stamp, kept := pinned.BeaconSlots(b.Time)
	for k, want := range map[pinned.Slot]common.Hash{stamp: wordOf(b.Time), kept: root, pinned.HistorySlot(b.Number - 1): parent} {
		if m.Slot(k) != want || !writes.Slots[k] {
			t.Errorf("slot %v is %s, reported: %v", k, m.Slot(k), writes.Slots[k])
		}
	}
	requests, err := m.End(nil, types.Withdrawals{{Address: bob, Amount: 3}}, writes)
	if err != nil || len(requests) != 0 {
		t.Fatalf("%x %v", requests, err)
	}
	if got := m.Account(bob).Balance; got != num(3*params.GWei) || !writes.Accounts[bob] || !writes.Balances[bob] {
		t.Errorf("a withdrawal of 3 gwei pays %s", got.Dec())
	}

	b.Rules = RulesOf(1, pinned.Shanghai)
	old, seen := machineOf(t, w, b, nil), NewWrites()
	if err := old.Begin(parent, nil, seen); err != nil || len(seen.Slots) != 0 {
		t.Errorf("before Cancun a block begins with %v, %v", seen.Slots, err)
	}
}

func TestABlockTakesNoMoreBlobsThanItHolds(t *testing.T) {
	b := testBlock()
	b.MaxBlobs = 2
	b.BlobFee.SetUint64(5)
	m := machineOf(t, rich(nil), b, nil)
	msg := toTarget()
	msg.BlobFeeCap.SetUint64(9)
	msg.Blobs = []common.Hash{{1}, {1, 1}, {1, 2}}
	if _, err := m.Transact(msg, nil, newSpy()); !errors.Is(err, ErrBlobs) {
		t.Errorf("three blobs: %v", err)
	}
	msg.Blobs = msg.Blobs[:2]
	had := m.Account(alice).Balance
	out, err := m.Transact(msg, nil, newSpy())
	if err != nil {
		t.Fatal(err)
	}
	cost := b.BlobCost(&msg)
	cost.Add(&cost, new(uint256.Int).Mul(uint256.NewInt(out.Used), msg.Price(&b.BaseFee)))
	if left := m.Account(alice).Balance; *new(uint256.Int).Sub(&had, &left) != cost {
		t.Errorf("two blobs leave %s of %s", left.Dec(), had.Dec())
	}
	msg.Nonce, msg.BlobFeeCap = 1, num(4)
	if _, err := m.Transact(msg, nil, newSpy()); !errors.Is(err, ErrBlobFeeLow) {
		t.Errorf("a cap below the blob fee: %v", err)
	}
}

func TestFeesAreDueUnlessABlockIsUnpriced(t *testing.T) {
	free := toTarget()
	free.FeeCap.Clear()
	free.TipCap.Clear()
	b := testBlock()
	if _, err := machineOf(t, rich(nil), b, nil).Transact(free, nil, newSpy()); !errors.Is(err, ErrFeeCapLow) {
		t.Errorf("no fee in a block with one: %v", err)
	}
	b.Unpriced = true
	for due, msg := range map[uint64]Message{0: free, 10: toTarget()} {
		m := machineOf(t, rich(nil), b, nil)
		had := m.Account(alice).Balance
		out, err := m.Transact(msg, nil, newSpy())
		left := m.Account(alice).Balance
		if paid := new(uint256.Int).Sub(&had, &left); err != nil || *paid != num(due*out.Used) {
			t.Errorf("%s wei are paid for %d gas at %d: %v", paid.Dec(), out.Used, due, err)
		}
	}
}

func TestWhatNobodySignedIsNotHeldAgainstASender(t *testing.T) {
	w := rich(nil)
	contract := codeAccount([]byte{0})
	contract.Balance.SetUint64(params.Ether)
	w.accounts[bob] = contract
	for name, c := range map[string]struct {
		edit func(m *Message)
		want error
	}{
		"a later nonce":              {func(m *Message) { m.Nonce = 5 }, ErrNonceHigh},
		"a contract as its sender":   {func(m *Message) { m.From, m.Nonce = bob, 1 }, ErrNotEOA},
		"more gas than a sender may": {func(m *Message) { m.Gas = params.MaxTxGas + 1 }, ErrTxGas},
	} {
		msg := toTarget()
		c.edit(&msg)
		b := testBlock()
		if _, err := machineOf(t, w, b, nil).Try(msg, b.Time); !errors.Is(err, c.want) {
			t.Errorf("%s, signed: %v", name, err)
		}
		msg.Unsigned = true
		if out, err := machineOf(t, w, b, nil).Try(msg, b.Time); err != nil || out.Failure != nil {
			t.Errorf("%s, unsigned: %v %v", name, out.Failure, err)
		}
	}
}

func TestALevyIsTakenBesidesGas(t *testing.T) {
	m := machineOf(t, rich(nil), testBlock(), nil)
	msg, had, watch := toTarget(), m.Account(alice).Balance, newSpy()
	msg.Levy.SetUint64(1234)
	out, err := m.Transact(msg, nil, watch)
	if err != nil {
		t.Fatal(err)
	}
	want := new(uint256.Int).Mul(uint256.NewInt(out.Used), msg.Price(&m.BaseFee))
	want.Add(want, &msg.Levy)
	if left := m.Account(alice).Balance; !new(uint256.Int).Sub(&had, &left).Eq(want) || !watch.Balances[alice] {
		t.Errorf("%s of %s are left", left.Dec(), had.Dec())
	}
}

func TestAQuestionMayCreateAContractThatIsNotKept(t *testing.T) {
	m := machineOf(t, rich(nil), testBlock(), nil)
	out, err := m.Ask(alice, nil, nil, forktest.Assemble(t, "0x2a 0 MSTORE 0x20 0 RETURN"), 100_000)
	if err != nil || out.Failure != nil || len(out.Return) != 32 || out.Return[31] != 0x2a {
		t.Fatalf("%+v %v", out, err)
	}
	if made := m.Account(crypto.CreateAddress(alice, 0)); len(made.Code) != 0 || m.Account(alice).Nonce != 0 {
		t.Error("it is kept")
	}
}
