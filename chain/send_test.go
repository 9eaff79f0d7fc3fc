package chain

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestSendIsTriedOnceAndItsOutcomeNamed(t *testing.T) {
	raw := []byte{2, 0xc0}
	hash := crypto.Keccak256Hash(raw).Hex()
	cases := []struct {
		name     string
		status   int
		body     string
		fails    bool
		rejected bool
	}{
		{"taken", 200, `"result":"` + hash + `"`, false, false},
		{"already known", 200, `"error":{"code":-32000,"message":"already known"}`, false, false},
		{"already imported", 200, `"error":{"code":-32010,"message":"Transaction with the same hash was already imported."}`, false, false},
		{"another hash", 200, `"result":"0x0100000000000000000000000000000000000000000000000000000000000000"`, true, false},
		{"nonce too low", 200, `"error":{"code":-32000,"message":"nonce too low: next nonce 5, tx nonce 4"}`, true, true},
		{"under HTTP 400", 400, `"error":{"code":-32000,"message":"Nonce too low"}`, true, true},
		{"insufficient funds", 200, `"error":{"code":-32000,"message":"insufficient funds for gas * price + value: balance 0"}`, true, true},
		{"intrinsic gas", 200, `"error":{"code":-32000,"message":"intrinsic gas too low: gas 1, minimum needed 21000"}`, true, true},
		{"invalid sender", 200, `"error":{"code":-32000,"message":"invalid sender"}`, true, true},
		{"underpriced", 200, `"error":{"code":-32000,"message":"replacement transaction underpriced"}`, true, true},
		{"wrong chain", 200, `"error":{"code":-32000,"message":"invalid chain id for signer: have 2 want 1"}`, true, true},
		{"unknown words", 200, `"error":{"code":-32603,"message":"something happened"}`, true, false},
		{"busy", 200, `"error":{"code":-32005,"message":"limit exceeded"}`, true, false},
		{"429", 429, `"x":0`, true, false},
		{"503", 503, `"x":0`, true, false},
		{"reset", 0, `"x":0`, true, false},
		{"nonsense", 200, `"result":7`, true, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) {
					return c.status, nil, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, calls[0].ID, c.body)
				}}
				err := dialWire(t, w).Send(t.Context(), raw)
				if (err != nil) != c.fails || refusal.Is(err, refusal.TxRejected) != c.rejected || len(w.trips) != 1 {
					t.Errorf("after %d trips: %v", len(w.trips), err)
				}
			})
		})
	}
}
