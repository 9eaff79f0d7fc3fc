package server

import (
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

func TestBlocksAreMadeByTheClockUntilItIsStopped(t *testing.T) {
	r := newRig(t, Options{})
	socket := dialed(t, "ws"+strings.TrimPrefix(r.url, "http"))
	heads := make(chan *types.Header, 100)
	if _, err := socket.EthSubscribe(t.Context(), heads, "newHeads"); err != nil {
		t.Fatal(err)
	}
	ask[any](r, "evm_setIntervalMining", 20)
	hash := ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(0, counter)))
	for {
		h := within(t, heads)
		if h.GasUsed == 0 {
			continue
		}
		if got := ask[*types.Receipt](r, "eth_getTransactionReceipt", hash); got == nil || got.BlockHash != h.Hash() {
			t.Error(asJSON(t, got))
		}
		break
	}
	ask[any](r, "evm_setIntervalMining", 0)
	r.nonce = 1
	if receipt := r.send(counter); receipt == nil || receipt.Status != 1 {
		t.Error("without the clock a transaction is no block at once")
	}
}

func TestASentTransactionIsAnsweredWithItsReceipt(t *testing.T) {
	r := newRig(t, Options{})
	if got := ask[*types.Receipt](r, "eth_sendRawTransactionSync", r.sign(r.fee(0, counter))); got.Status != 1 || len(got.Logs) != 1 {
		t.Error(asJSON(t, got))
	}
	ask[any](r, "evm_setAutomine", false)
	raw := r.sign(r.fee(1, counter))
	err := r.fails("eth_sendRawTransactionSync", raw, 50)
	if coded, ok := err.(rpc.Error); !ok || coded.ErrorCode() != 4 || !strings.Contains(err.Error(), "wasn't processed in 50ms") {
		t.Errorf("%#v", err)
	}
	if err := r.fails("eth_sendRawTransaction", raw); !strings.Contains(err.Error(), "already known") {
		t.Error(err)
	}
}

func TestAFilterThatNobodyAsksAboutEnds(t *testing.T) {
	r := newRig(t, Options{Limits: Limits{Filters: 1}})
	id := ask[rpc.ID](r, "eth_newBlockFilter")
	r.server.filters.mu.Lock()
	r.server.filters.all[id].asked = time.Now().Add(-2 * filterAge)
	r.server.filters.mu.Unlock()
	r.fails("eth_getFilterChanges", id)
	ask[rpc.ID](r, "eth_newBlockFilter") // there is room again
}

func TestOverridesChangeOneCallAlone(t *testing.T) {
	r := newRig(t, Options{})
	call := map[string]any{"to": bob, "from": r.from}
	over := map[string]any{bob.Hex(): map[string]any{
		"code": "0x60005460005260206000f3", "stateDiff": map[string]any{common.Hash{}.Hex(): wordOf(7)}, "balance": "0x1",
	}}
	if got := ask[common.Hash](r, "eth_call", call, "latest", over); got != wordOf(7) {
		t.Errorf("state: %s", got)
	}
	number := map[string]any{bob.Hex(): map[string]any{"code": "0x4360005260206000f3"}}
	if got := ask[common.Hash](r, "eth_call", call, "latest", number, map[string]any{"number": "0x2a"}); got != wordOf(42) {
		t.Errorf("block: %s", got)
	}
	if got := ask[common.Hash](r, "eth_call", call, "latest", number); got != wordOf(rigHead) {
		t.Errorf("a call in the newest block sees number %s", got)
	}
	if got := ask[common.Hash](r, "eth_call", call, "pending", number); got != wordOf(rigHead+1) {
		t.Errorf("a call in the pending block sees number %s", got)
	}
	if got := ask[string](r, "eth_call", call, "latest"); got != "0x" {
		t.Errorf("something is left: %s", got)
	}
	r.fails("eth_call", call, "latest", map[string]any{}, map[string]any{"beaconRoot": common.Hash{}})
}
