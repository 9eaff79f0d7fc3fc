package devnet_test

import (
	"context"
	"errors"
	"math/big"
	"net"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/signer/core/apitypes"

	ethmath "github.com/ethereum/go-ethereum/common/math"

	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
)

// permit2Domain is the hash of permit2's EIP-712 domain, by a library that signs such things.
func permit2Domain(t *testing.T, chainID uint64) [32]byte {
	t.Helper()
	domain := apitypes.TypedDataDomain{
		Name: "Permit2", ChainId: (*ethmath.HexOrDecimal256)(new(big.Int).SetUint64(chainID)), VerifyingContract: known.Permit2.Hex(),
	}
	typed := apitypes.TypedData{Domain: domain, Types: apitypes.Types{"EIP712Domain": {
		{Name: "name", Type: "string"}, {Name: "chainId", Type: "uint256"}, {Name: "verifyingContract", Type: "address"},
	}}}
	hash, err := typed.HashStruct("EIP712Domain", domain.Map())
	if err != nil {
		t.Fatal(err)
	}
	return [32]byte(hash)
}

// stuckTransaction offers less than the base fee. The chain must stay usable, and not be filled with empty blocks.
func stuckTransaction(w *world) {
	from := w.d.Accounts()[8]
	key, err := crypto.HexToECDSA(from.Key)
	if err != nil {
		w.Fatal(err)
	}
	nonce, err := w.client.PendingNonceAt(w.Context(), from.Address)
	if err != nil {
		w.Fatal(err)
	}
	id := new(big.Int).SetUint64(w.chainID)
	offer := func(tip, feeCap int64) *types.Transaction {
		tx, err := types.SignNewTx(key, types.LatestSignerForChainID(id), &types.DynamicFeeTx{
			ChainID: id, Nonce: nonce, GasTipCap: big.NewInt(tip), GasFeeCap: big.NewInt(feeCap), Gas: 21_000, To: &common.Address{1},
		})
		if err != nil {
			w.Fatal(err)
		}
		return tx
	}
	low := offer(1, 1)
	if err := w.client.SendTransaction(w.Context(), low); err != nil {
		w.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	before, err := w.client.BlockNumber(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	after, err := w.client.BlockNumber(w.Context())
	if err != nil || after != before {
		w.Errorf("%d blocks in 50 ms, %v", after-before, err)
	}
	if _, err := w.client.TransactionReceipt(w.Context(), low.Hash()); !errors.Is(err, ethereum.NotFound) {
		w.Errorf("a transaction below the base fee: %v", err)
	}
	high := offer(1e9, 20e9)
	if err := w.client.SendTransaction(w.Context(), high); err != nil {
		w.Fatal(err)
	}
	w.must(devnettest.Receipt(w, w.client, high))
}

func TestStartWithoutArtifactsIsRefused(t *testing.T) {
	_, err := devnet.Start(t.Context(), devnet.Options{Artifacts: t.TempDir()})
	if !refusal.Is(err, refusal.Artifacts) {
		t.Fatalf("got %v", err)
	}
}

func TestStartOnATakenPortFailsAndLeavesNothing(t *testing.T) {
	fetch(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	_, err = devnet.Start(t.Context(), devnet.Options{PortL2: taken.Addr().(*net.TCPAddr).Port})
	if err == nil || !strings.Contains(err.Error(), "start chain 31338") {
		t.Fatalf("got %v", err)
	}
	noGoroutinesOfOurs(t)
}

func TestStartStopsWhenItsContextEnds(t *testing.T) {
	fetch(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := devnet.Start(ctx, devnet.Options{}); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	noGoroutinesOfOurs(t)
}

func TestCloseFreesThePorts(t *testing.T) {
	fetch(t)
	first, err := devnet.Start(t.Context(), devnet.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var ports []int
	for _, n := range first.Networks() {
		_, port, _ := net.SplitHostPort(strings.TrimPrefix(n.RPC[0], "http://"))
		number, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, number)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	noGoroutinesOfOurs(t)
	second, err := devnet.Start(t.Context(), devnet.Options{PortL1: ports[0], PortL2: ports[1]})
	if err != nil {
		t.Fatal(err)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkStart(b *testing.B) {
	fetch(b)
	for b.Loop() {
		d, err := devnet.Start(b.Context(), devnet.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(residentMiB(b), "MiB-RSS")
}

func residentMiB(tb testing.TB) float64 {
	tb.Helper()
	status, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		tb.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(status))[1])
	if err != nil {
		tb.Fatal(err)
	}
	return float64(pages*os.Getpagesize()) / (1 << 20)
}

func fetch(tb testing.TB) {
	tb.Helper()
	if err := artifacts.Fetch(tb.Context(), "", func(string) {}); err != nil {
		tb.Fatal(err)
	}
}

func noGoroutinesOfOurs(t *testing.T) {
	t.Helper()
	var stacks string
	for range 100 {
		buf := make([]byte, 1<<20)
		stacks = string(buf[:runtime.Stack(buf, true)])
		if !strings.Contains(stacks, "devnet.(*node)") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("still running:\n%s", stacks)
}
