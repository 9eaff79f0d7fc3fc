package evm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

var (
	alice = common.HexToAddress("0xa11ce00000000000000000000000000000000001")
	bob   = common.HexToAddress("0xb0b0000000000000000000000000000000000002")
	pool  = common.HexToAddress("0x9001000000000000000000000000000000000023")
)

func wordOf(n uint64) common.Hash { return common.BigToHash(new(big.Int).SetUint64(n)) }

func num(n uint64) uint256.Int { return *uint256.NewInt(n) }

// spy writes down the calls that a machine reports, one line each.
type spy struct {
	*Writes
	depth int
	lines []string
}

func newSpy() *spy { return &spy{Writes: NewWrites()} }

func (s *spy) Enter(kind string, _, to common.Address, value *big.Int, _ []byte, _ uint64) {
	s.lines = append(s.lines, fmt.Sprintf("%d %s %s %v", s.depth, kind, to, value))
	s.depth++
}

func (s *spy) Exit(_ []byte, _ uint64, err error) {
	s.depth--
	if err != nil {
		s.lines = append(s.lines, fmt.Sprintf("%d failed", s.depth))
	}
}

func (s *spy) Log(l *types.Log) {
	s.lines = append(s.lines, fmt.Sprintf("%d LOG %s", s.depth, l.Address))
}

// memory is a world of its own.
type memory struct {
	accounts map[common.Address]pinned.Account
	slots    map[pinned.Slot]common.Hash
	broken   error
}

func (m *memory) Account(_ context.Context, a common.Address) (pinned.Account, error) {
	acc, ok := m.accounts[a]
	if !ok {
		acc.CodeHash = types.EmptyCodeHash
	}
	return acc, m.broken
}

func (m *memory) Slot(_ context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	return m.slots[pinned.Slot{Account: a, Key: key}], m.broken
}

func (m *memory) BlockHash(_ context.Context, n uint64) (common.Hash, error) {
	return wordOf(n), m.broken
}

func codeAccount(code []byte) pinned.Account {
	return pinned.Account{Nonce: 1, Code: code, CodeHash: crypto.Keccak256Hash(code)}
}

func testBlock() Block {
	e := Block{Number: 100, Time: 5000, GasLimit: 30_000_000, Coinbase: pool, Random: wordOf(9), Rules: RulesOf(1, pinned.Osaka)}
	e.BaseFee.SetUint64(7)
	return e
}

// The canary sings as long as go-ethereum behaves as the adapter thinks: one transaction that calls, creates, logs, stores,
// destroys and reverts, with every hook.
func TestCanary(t *testing.T) {
	failing := common.HexToAddress("0x7a00000000000000000000000000000000000002")
	// Init code that destroys what it creates: CALLER SELFDESTRUCT.
	code := forktest.Assemble(t, `
		5 1 SSTORE
		0x33ff 0 MSTORE 2 0x1e 3 CREATE POP
		0 0 0 0 0 0x7a00000000000000000000000000000000000002 GAS CALL POP
		0x2a 0 MSTORE 0x99 0x20 0 LOG1
		TIMESTAMP 0 MSTORE 0x20 0 RETURN`)
	w := &memory{accounts: map[common.Address]pinned.Account{
		alice: {Balance: *uint256.MustFromBig(big.NewInt(params.Ether)), CodeHash: types.EmptyCodeHash},
		target: func() pinned.Account {
			acc := codeAccount(code)
			acc.Balance.SetUint64(10)
			return acc
		}(),
		failing: codeAccount(forktest.Assemble(t, "1 1 SSTORE 0 0 REVERT")),
	}, slots: map[pinned.Slot]common.Hash{}}
	m := New(context.Background(), w, testBlock(), nil)
	defer m.Close()
	msg := Message{From: alice, To: &target, Gas: 300_000}
	msg.Value.SetUint64(2)
	msg.FeeCap.SetUint64(20)
	msg.TipCap.SetUint64(3)

	tried, err := m.Try(msg, 6000)
	if err != nil || tried.Failure != nil || new(big.Int).SetBytes(tried.Return).Uint64() != 6000 {
		t.Fatalf("%+v %v", tried, err)
	}
	if got := m.Account(alice); got.Nonce != 0 || got.Balance != w.accounts[alice].Balance {
		t.Fatalf("a try leaves traces: %+v", got)
	}
	watch := newSpy()
	out, err := m.Transact(msg, nil, watch)
	if err != nil || out.Failure != nil || new(big.Int).SetBytes(out.Return).Uint64() != 5000 {
		t.Fatalf("%+v %v", out, err)
	}
	if out.Used != tried.Used || out.Peak < out.Used || len(out.Logs) != 1 || out.Logs[0].Address != target || out.Logs[0].Topics[0] != wordOf(0x99) {
		t.Fatalf("%+v", out)
	}
	created := crypto.CreateAddress(target, 1)
	want := []string{
		fmt.Sprintf("0 CALL %s 2", target),
		fmt.Sprintf("1 CREATE %s 3", created),
		fmt.Sprintf("2 SELFDESTRUCT %s 3", target),
		fmt.Sprintf("1 CALL %s 0", failing),
		"1 failed",
		fmt.Sprintf("1 LOG %s", target),
	}
	if d := cmp.Diff(want, watch.lines); d != "" {
		t.Fatal(d)
	}
	for _, a := range []common.Address{alice, target, created, pool} {
		if !watch.Accounts[a] {
			t.Errorf("%s is not reported as touched", a)
		}
	}
	if watch.Balances[pool] {
		t.Error("the miner's fee counts as a movement")
	}
	if !watch.Slots[pinned.Slot{Account: target, Key: wordOf(1)}] {
		t.Errorf("the written slot is not reported: %v", watch.Slots)
	}
	l := watch.Layer(m)
	if l.Slots[pinned.Slot{Account: target, Key: wordOf(1)}] != wordOf(5) || l.Slots[pinned.Slot{Account: failing, Key: wordOf(1)}] != (common.Hash{}) || !l.Wiped[created] {
		t.Fatalf("%+v", l)
	}
	if l.Accounts[target].Balance != num(12) || l.Accounts[target].Nonce != 2 || !bytes.Equal(l.Accounts[target].Code, code) {
		t.Fatalf("%+v", l.Accounts[target])
	}
	paid := new(uint256.Int).Mul(uint256.NewInt(out.Used), uint256.NewInt(10))
	had := w.accounts[alice].Balance
	left := new(uint256.Int).Sub(&had, paid.AddUint64(paid, 2))
	if got := l.Accounts[alice]; got.Nonce != 1 || !got.Balance.Eq(left) || l.Accounts[pool].Balance != num(out.Used*3) {
		t.Fatalf("%+v", l.Accounts)
	}
	if view, err := m.Ask(bob, &target, nil, nil, 100_000); err != nil || view.Failure == nil {
		t.Fatal("a static call writes")
	}
}

func TestAFailedReadEndsAMachine(t *testing.T) {
	boom := errors.New("boom")
	w := &memory{broken: boom}
	m := New(context.Background(), w, testBlock(), nil)
	defer m.Close()
	if _, err := m.Ask(alice, &bob, nil, nil, 100_000); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	w.broken = nil
	if _, err := m.Ask(alice, &bob, nil, nil, 100_000); !errors.Is(err, boom) {
		t.Fatal("the machine goes on after a read that failed")
	}
}

func TestTheAdapterStaysSmall(t *testing.T) {
	lines := 0
	for _, pattern := range []string{"../*.go", "../*/*.go"} {
		sources, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range sources {
			if strings.HasSuffix(f, "_test.go") || strings.HasPrefix(f, "../forktest/") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(f, "../evm/adapter") {
				lines += bytes.Count(b, []byte("\n"))
				continue
			}
			for _, pkg := range []string{"core\"", "core/state", "core/vm", "core/tracing", "core/rawdb", "params\"", "consensus", "trie"} {
				if bytes.Contains(b, []byte("\"github.com/ethereum/go-ethereum/"+pkg)) {
					t.Errorf("%s imports go-ethereum/%s, which belongs into the adapter", f, strings.Trim(pkg, "\""))
				}
			}
		}
	}
	if lines == 0 || lines >= 300 {
		t.Fatalf("the adapter has %d lines", lines)
	}
}
