package chain

import (
	"net/http"
	"testing"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestNothingButReadsGoesOutUnlessItIsSent(t *testing.T) {
	w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) { return 200, nil, echo(calls, nil) }}
	c := dialWire(t, w, ReadOnly())
	for _, method := range []string{
		"eth_sendRawTransaction", "eth_sendRawTransactionSync", "eth_sendTransaction", "eth_sign", "eth_signTransaction", "eth_submitWork",
		"personal_unlockAccount", "engine_newPayloadV4", "admin_addPeer", "miner_start", "debug_setHead", "evm_mine", "anvil_setBalance",
		"ETH_CALL", "eth_call ", "",
	} {
		if err := c.Call(t.Context(), nil, method); !refusal.Is(err, refusal.ReadOnly) {
			t.Errorf("%s: %v", method, err)
		}
		batch := []rpc.BatchElem{{Method: "eth_chainId"}, {Method: method}}
		if err := c.Batch(t.Context(), batch); !refusal.Is(err, refusal.ReadOnly) {
			t.Errorf("%s in a batch: %v", method, err)
		}
	}
	if err := c.Send(t.Context(), []byte{2, 0xc0}); !refusal.Is(err, refusal.ReadOnly) {
		t.Errorf("sending: %v", err)
	}
	if len(w.trips) != 0 {
		t.Errorf("%d requests went out: %v", len(w.trips), w.trips)
	}
}
