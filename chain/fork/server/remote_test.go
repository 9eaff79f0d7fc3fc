package server

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/contracts"
)

// A read that fails is an error to who asked, whatever it was for; nothing is kept of it, and later all is well again.
func TestARemoteThatIsDownMakesNoBlockAndNoAnswer(t *testing.T) {
	r := newRig(t, Options{})
	r.remote.turn(true)
	for method, args := range map[string][]any{
		"eth_call": {map[string]any{"to": counter}}, "eth_estimateGas": {map[string]any{"to": counter}}, "eth_getBalance": {bob, "latest"},
		"eth_getCode": {counter, "latest"}, "eth_getStorageAt": {counter, "0x0", "latest"}, "eth_getTransactionCount": {r.from, "pending"},
		"eth_sendRawTransaction": {r.sign(r.fee(0, counter))}, "evm_mine": nil, "anvil_setBalance": {bob, "0x1"}, "eth_getBlockByNumber": {"latest", false},
		"eth_createAccessList": {map[string]any{"to": counter}}, "eth_getLogs": {map[string]any{"fromBlock": "0x1"}}, "eth_getBalance ": {bob, "0x1"},
	} {
		if err := r.fails(strings.TrimSpace(method), args...); !strings.Contains(err.Error(), errDown.Error()) {
			t.Errorf("%s: %v", method, err)
		}
	}
	if r.head() != rigHead {
		t.Error("there is a block")
	}
	r.remote.turn(false)
	if receipt := r.send(counter); receipt.Status != 1 || len(receipt.Logs) != 1 || common.BytesToHash(receipt.Logs[0].Data) != wordOf(1) {
		t.Error(asJSON(t, receipt))
	}
}

// switched is a remote whose endpoint comes to serve another chain.
type switched struct {
	pinned.Source
	other pinned.Source
	now   atomic.Bool
}

func (s *switched) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	if s.now.Load() {
		return s.other.Batch(ctx, elems)
	}
	return s.Source.Batch(ctx, elems)
}

// What is below the pin is asked by number, and numbers are those of the pinned chain alone.
func TestARemoteThatServesAnotherChainAnswersNothing(t *testing.T) {
	networks := devnettest.Start(t).Networks()
	remote := &switched{Source: source(t, networks[0].RPC[0]), other: source(t, networks[1].RPC[0])}
	_, url := serve(t, remote, Options{})
	r := &rig{Client: dialed(t, url), t: t}
	call := map[string]any{"to": bob}
	asked := map[string][]any{
		"eth_getBalance": {bob, "0x1"}, "eth_getBlockByNumber": {"0x2", false}, "eth_getLogs": {map[string]any{"fromBlock": "0x1", "toBlock": "0x2"}},
		"eth_call": {call, "0x1"}, "eth_feeHistory": {"0x2", "latest", []int{}}, "eth_getTransactionByHash": {common.Hash{1}}, "debug_traceBlockByNumber": {"0x3", traces["callTracer"]},
		"eth_getBlockReceipts": {"0x2"}, "eth_simulateV1": {map[string]any{"blockStateCalls": []any{map[string]any{"calls": []any{call}}}}, "0x2"},
		"debug_traceCall": {call, "0x3"}, "eth_getProof": {bob, []string{}, "0x1"}, "eth_getUncleCountByBlockNumber": {"safe"},
	}
	remote.now.Store(true)
	for method, args := range asked {
		if err := r.fails(method, args...); !strings.Contains(err.Error(), pinned.ErrReorged.Error()) {
			t.Errorf("%s: %v", method, err)
		}
	}
	if err := r.fails("hardhat_reset", map[string]any{"forking": map[string]any{"blockNumber": 3}}); !strings.Contains(err.Error(), pinned.ErrOtherChain.Error()) {
		t.Error(err)
	}
	remote.now.Store(false)
	for method, args := range asked {
		ask[any](r, method, args...)
	}
}

// The fork is another chain above its pin: what the remote did there is not part of it, by whatever name it is asked for.
func TestWhatTheRemoteDidAfterThePinIsNotThere(t *testing.T) {
	d := devnettest.Start(t)
	me, usdc := d.Accounts()[1], d.Addresses(known.L1)[known.USDC]
	transfer := func(n byte) *types.Receipt { return devnettest.Send(t, d, me, transferOf(t, d, me, usdc, n)) }
	before := transfer(1)
	pin := before.BlockNumber.Uint64()
	after := transfer(2)
	_, url := serve(t, source(t, d.Networks()[0].RPC[0]), Options{At: pinned.At{Number: &pin}})
	r := &rig{Client: dialed(t, url), t: t}

	if got := ask[*types.Receipt](r, "eth_getTransactionReceipt", before.TxHash); got == nil || got.BlockHash != before.BlockHash {
		t.Error("what was before the pin is not there")
	}
	for method, args := range map[string][]any{
		"eth_getTransactionReceipt": {after.TxHash}, "eth_getTransactionByHash": {after.TxHash}, "eth_getBlockByHash": {after.BlockHash, false},
		"eth_getBlockByNumber": {hexutil.Uint64(pin + 1), false}, "eth_getBlockReceipts": {after.BlockHash}, "eth_getRawTransactionByHash": {after.TxHash},
		"eth_getBlockTransactionCountByHash": {after.BlockHash}, "eth_getTransactionByBlockHashAndIndex": {after.BlockHash, "0x0"},
	} {
		if got := ask[any](r, method, args...); got != nil {
			t.Errorf("%s: %v", method, got)
		}
	}
	r.fails("eth_getBalance", me.Address, map[string]any{"blockHash": after.BlockHash})
	r.fails("eth_getLogs", map[string]any{"blockHash": after.BlockHash})

	ask[any](r, "anvil_impersonateAccount", me.Address)
	call := transferOf(t, d, me, usdc, 3)
	local := ask[common.Hash](r, "eth_sendTransaction", map[string]any{"from": me.Address, "to": usdc, "data": call.Data})
	logs := ask[[]types.Log](r, "eth_getLogs", map[string]any{"fromBlock": hexutil.Uint64(pin), "toBlock": "latest", "address": usdc})
	var of []common.Hash
	for _, l := range logs {
		of = append(of, l.TxHash)
	}
	if !slices.Equal(of, []common.Hash{before.TxHash, local}) {
		t.Errorf("logs of %s, want those of %s", of, []common.Hash{before.TxHash, local})
	}
	var times [2]hexutil.Uint64
	for i, n := range []uint64{pin, pin + 1} {
		times[i] = ask[struct{ Timestamp hexutil.Uint64 }](r, "eth_getBlockByNumber", hexutil.Uint64(n), false).Timestamp
	}
	if times[1] <= times[0] || times[1] > times[0]+600 {
		t.Errorf("time goes from %d to %d, and not on from the pinned block", times[0], times[1])
	}
	h := ask[feeHistory](r, "eth_feeHistory", 3, "latest", []float64{50})
	if len(h.BaseFee) != 4 || len(h.Reward) != 3 || len(h.GasUsedRatio) != 3 || len(h.BlobBaseFee) != 4 || h.Oldest.ToInt().Uint64() != pin-1 {
		t.Error(asJSON(t, h))
	}
	for i := range 3 {
		b := ask[struct{ BaseFeePerGas *hexutil.Big }](r, "eth_getBlockByNumber", hexutil.Uint64(pin-1+uint64(i)), false)
		if b.BaseFeePerGas.ToInt().Cmp(h.BaseFee[i].ToInt()) != 0 {
			t.Errorf("block %d: fee %s, history %s", i, b.BaseFeePerGas, h.BaseFee[i])
		}
	}
}

// transferOf is a transfer of a token to somebody.
func transferOf(t *testing.T, d *devnet.Devnet, from devnet.Account, token common.Address, n byte) chain.Call {
	t.Helper()
	data, err := contracts.Load(contracts.Token).ABI.Pack("transfer", d.Accounts()[2].Address, uint256.NewInt(uint64(n)).ToBig())
	if err != nil {
		t.Fatal(err)
	}
	return chain.Call{ChainID: known.L1, From: from.Address, To: &token, Data: data}
}
