package fork

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip1559"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"
)

// memory is a world of its own.
type memory struct {
	accounts map[common.Address]account
	slots    map[slotKey]common.Hash
	broken   error
}

func (m *memory) account(_ context.Context, a common.Address) (account, error) {
	acc, ok := m.accounts[a]
	if !ok {
		acc.codeHash = types.EmptyCodeHash
	}
	return acc, m.broken
}

func (m *memory) slot(_ context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	return m.slots[slotKey{a, key}], m.broken
}

func (m *memory) blockHash(_ context.Context, n uint64) (common.Hash, error) {
	return wordOf(n), m.broken
}

func codeAccount(code []byte) account {
	return account{nonce: 1, code: code, codeHash: crypto.Keccak256Hash(code)}
}

func testEnv() env {
	e := env{number: 100, time: 5000, gasLimit: 30_000_000, coinbase: pool, random: wordOf(9), config: configOf(1, osaka), jumpDests: new(jumpDests)}
	e.baseFee.SetUint64(7)
	return e
}

// The canary sings as long as go-ethereum behaves as the adapter thinks: one transaction that calls, creates, logs, stores,
// destroys and reverts, with every hook.
func TestCanary(t *testing.T) {
	target := common.HexToAddress("0x7a00000000000000000000000000000000000001")
	failing := common.HexToAddress("0x7a00000000000000000000000000000000000002")
	// Init code that destroys what it creates: CALLER SELFDESTRUCT.
	code := asm(t, `
		5 1 SSTORE
		0x33ff 0 MSTORE 2 0x1e 3 CREATE POP
		0 0 0 0 0 0x7a00000000000000000000000000000000000002 GAS CALL POP
		0x2a 0 MSTORE 0x99 0x20 0 LOG1
		TIMESTAMP 0 MSTORE 0x20 0 RETURN`)
	w := &memory{accounts: map[common.Address]account{
		alice: {balance: *uint256.MustFromBig(ether(1)), codeHash: types.EmptyCodeHash},
		target: func() account {
			acc := codeAccount(code)
			acc.balance.SetUint64(10)
			return acc
		}(),
		failing: codeAccount(asm(t, "1 1 SSTORE 0 0 REVERT")),
	}, slots: map[slotKey]common.Hash{}}
	m := newMachine(context.Background(), w, testEnv())
	defer m.close()
	msg := message{from: alice, to: &target, gas: 300_000}
	msg.value.SetUint64(2)
	msg.feeCap.SetUint64(20)
	msg.tipCap.SetUint64(3)

	tried, err := m.try(msg, 6000)
	if err != nil || tried.failure != nil || new(big.Int).SetBytes(tried.ret).Uint64() != 6000 {
		t.Fatalf("%+v %v", tried, err)
	}
	if got := m.account(alice); got.nonce != 0 || got.balance != w.accounts[alice].balance {
		t.Fatalf("a try leaves traces: %+v", got)
	}
	watch := newTrace()
	out, err := m.transact(msg, watch)
	if err != nil || out.failure != nil || new(big.Int).SetBytes(out.ret).Uint64() != 5000 {
		t.Fatalf("%+v %v", out, err)
	}
	if out.used != tried.used || out.peak < out.used || len(out.logs) != 1 || out.logs[0].Address != target || out.logs[0].Topics[0] != wordOf(0x99) {
		t.Fatalf("%+v", out)
	}
	created := crypto.CreateAddress(target, 1)
	root := watch.take()
	if len(root.Calls) != 2 || root.Calls[0].Type != "CREATE" || root.Calls[0].To != created || !root.Calls[1].Failed || root.Failed || root.Value.Uint64() != 2 {
		t.Fatal(asJSON(t, root))
	}
	if root.Calls[0].Calls[0].Type != "SELFDESTRUCT" {
		t.Fatal(asJSON(t, root))
	}
	for _, a := range []common.Address{alice, target, created, pool} {
		if !watch.accounts[a] {
			t.Errorf("%s is not reported as touched", a)
		}
	}
	if watch.balances[pool] {
		t.Error("the miner's fee counts as a movement")
	}
	if !watch.slots[slotKey{target, wordOf(1)}] {
		t.Errorf("the written slot is not reported: %v", watch.slots)
	}
	l := watch.layer(m)
	if l.slots[slotKey{target, wordOf(1)}] != wordOf(5) || l.slots[slotKey{failing, wordOf(1)}] != (common.Hash{}) || !l.wiped[created] {
		t.Fatalf("%+v", l)
	}
	if l.accounts[target].balance != num(12) || l.accounts[target].nonce != 2 || !bytes.Equal(l.accounts[target].code, code) {
		t.Fatalf("%+v", l.accounts[target])
	}
	paid := new(uint256.Int).Mul(uint256.NewInt(out.used), uint256.NewInt(10))
	left := new(uint256.Int).Sub(ptr(w.accounts[alice].balance), paid.AddUint64(paid, 2))
	if got := l.accounts[alice]; got.nonce != 1 || !got.balance.Eq(left) || l.accounts[pool].balance != num(out.used*3) {
		t.Fatalf("%+v", l.accounts)
	}
	if view, err := m.ask(bob, &target, nil, nil, 100_000); err != nil || view.failure == nil {
		t.Fatal("a static call writes")
	}
}

func TestAFailedReadEndsAMachine(t *testing.T) {
	boom := errors.New("boom")
	w := &memory{broken: boom}
	m := newMachine(context.Background(), w, testEnv())
	defer m.close()
	if _, err := m.ask(alice, &bob, nil, nil, 100_000); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	w.broken = nil
	if _, err := m.ask(alice, &bob, nil, nil, 100_000); !errors.Is(err, boom) {
		t.Fatal("the machine goes on after a read that failed")
	}
}

func TestTheAdapterStaysSmall(t *testing.T) {
	files, err := filepath.Glob("adapter*.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, f := range files {
		if f == "adapter_test.go" {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(b, []byte("\n"))
	}
	if lines == 0 || lines >= 300 {
		t.Fatalf("the adapter has %d lines", lines)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range sources {
		if b, err := os.ReadFile(f); err != nil {
			t.Fatal(err)
		} else if !bytes.HasPrefix([]byte(f), []byte("adapter")) && !bytes.HasSuffix([]byte(f), []byte("_test.go")) {
			for _, pkg := range []string{"/core", "/params", "/consensus", "/trie"} {
				if bytes.Contains(b, []byte(`"github.com/ethereum/go-ethereum`+pkg)) {
					t.Errorf("%s imports go-ethereum%s, which belongs into the adapter", f, pkg)
				}
			}
		}
	}
}

func TestBaseFeesFollowEIP1559(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Uint64Range(21_000, 1<<40).Draw(t, "limit")
		used := rapid.Uint64Range(0, limit).Draw(t, "used")
		base := rapid.Uint64().Draw(t, "base")
		want := eip1559.CalcBaseFee(configOf(1, osaka), &types.Header{Number: new(big.Int), GasLimit: limit, GasUsed: used, BaseFee: toBig(base)})
		have := baseFeeAfter(num(base), used, limit)
		if have.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s, not %s", have.Dec(), want)
		}
	})
}

func TestBlobFeesFollowTheirEIPs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom([]era{cancun, prague, osaka}).Draw(t, "era")
		h := &header{
			excessBlobGas: rapid.Uint64Range(0, 1<<29).Draw(t, "excess"), blobGasUsed: rapid.Uint64Range(0, 1<<24).Draw(t, "used"),
			baseFee: num(rapid.Uint64().Draw(t, "base")),
		}
		c := *configOf(1, e)
		c.BlobScheduleConfig = params.MainnetChainConfig.BlobScheduleConfig
		excess := eip4844.CalcExcessBlobGas(&c, &types.Header{BaseFee: h.baseFee.ToBig(), ExcessBlobGas: &h.excessBlobGas, BlobGasUsed: &h.blobGasUsed}, 0)
		want := eip4844.CalcBlobFee(&c, &types.Header{ExcessBlobGas: &excess})
		if want.BitLen() > 150 {
			return
		}
		if have := blobFeeAfter(rules{era: e}, h); have.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s, not %s", have.Dec(), want)
		}
	})
}
