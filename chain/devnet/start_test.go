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
	"github.com/holiman/uint256"

	ethmath "github.com/ethereum/go-ethereum/common/math"

	"github.com/keymaker-agent/keymaker/chain"
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

// permits lets the first account spend what the fourth one signed for.
func permits(w *world) {
	holder := w.d.Accounts()[3]
	key, err := crypto.HexToECDSA(holder.Key)
	if err != nil {
		w.Fatal(err)
	}
	head, err := w.client.HeaderByNumber(w.Context(), nil)
	if err != nil {
		w.Fatal(err)
	}
	sign := func(nonce, deadline int64) (v uint8, r, s [32]byte) {
		hash, _, err := apitypes.TypedDataAndHash(apitypes.TypedData{
			PrimaryType: "Permit",
			Types: apitypes.Types{
				"EIP712Domain": {{Name: "name", Type: "string"}, {Name: "version", Type: "string"}, {Name: "chainId", Type: "uint256"}, {Name: "verifyingContract", Type: "address"}},
				"Permit": {
					{Name: "owner", Type: "address"},
					{Name: "spender", Type: "address"},
					{Name: "value", Type: "uint256"},
					{Name: "nonce", Type: "uint256"},
					{Name: "deadline", Type: "uint256"},
				},
			},
			Domain: apitypes.TypedDataDomain{
				Name: "USD Coin", Version: "1", ChainId: (*ethmath.HexOrDecimal256)(new(big.Int).SetUint64(w.chainID)), VerifyingContract: w.at[known.USDC].Hex(),
			},
			Message: apitypes.TypedDataMessage{
				"owner": holder.Address.Hex(), "spender": w.me.Address.Hex(), "value": "77", "nonce": strconv.FormatInt(nonce, 10), "deadline": strconv.FormatInt(deadline, 10),
			},
		})
		if err != nil {
			w.Fatal(err)
		}
		sig, err := crypto.Sign(hash, key)
		if err != nil {
			w.Fatal(err)
		}
		return sig[64] + 27, [32]byte(sig[:32]), [32]byte(sig[32:64])
	}
	permit := func(nonce, deadline int64) *types.Receipt {
		v, r, s := sign(nonce, deadline)
		return w.send(known.USDC, nothing, "permit", holder.Address, w.me.Address, big.NewInt(77), big.NewInt(deadline), v, r, s)
	}
	later := int64(head.Time) + 100_000
	w.mustRevert(permit(0, int64(head.Time)-1)) // expired
	w.mustRevert(permit(1, later))              // another nonce
	w.must(permit(0, later))
	w.mustRevert(permit(0, later)) // used
	if got := w.read(known.USDC, "allowance", holder.Address, w.me.Address)[0].(*big.Int); got.Int64() != 77 {
		w.Errorf("allowance is %s", got)
	}
}

// mintingIsTheOwners also sees the errors that our tokens share.
func mintingIsTheOwners(w *world) {
	for _, token := range []known.Contract{known.USDC, known.USDT, known.FEE, known.MOON} {
		other := w.d.Accounts()[4].Address
		w.mustRevert(w.send(token, nothing, "mint", w.me.Address, common.Big1))
		w.mustRevert(w.send(token, nothing, "transfer", common.Address{}, common.Big1))
		w.mustRevert(w.send(token, nothing, "transfer", other, ether(1_000_000_000)))
		w.mustRevert(w.send(token, nothing, "transferFrom", known.Deployer(w.chainID), other, common.Big1))
	}
	w.mustRevert(w.send(known.MOON, nothing, "setMarket", w.me.Address, false))
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
	if err := w.client.SendTransaction(w.Context(), offer(0, 20e9)); err == nil {
		w.Error("a transaction without a tip was taken into the pool, where it would stay for ever")
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
	var resident float64
	for b.Loop() {
		d, err := devnet.Start(b.Context(), devnet.Options{})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		resident = max(resident, residentMiB(b))
		if err := d.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(resident, "MiB-RSS")
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

func BenchmarkSendToReceipt(b *testing.B) {
	d := devnettest.Start(b)
	from, to := d.Accounts()[0], d.Accounts()[1].Address
	for b.Loop() {
		devnettest.Send(b, d, from, chain.Call{ChainID: known.L1, To: &to, Value: *uint256.NewInt(1)})
	}
}
