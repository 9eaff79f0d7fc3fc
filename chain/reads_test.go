package chain

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestHeaderTakesTheStatedHash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `{"number":"0x10","hash":"0x` + strings.Repeat("ab", 32) + `","timestamp":"0x64","baseFeePerGas":"0x7","l1Extra":"0x1"}`
		w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) { return 200, nil, ok(calls[0], body) }}
		h, err := dialWire(t, w).Header(t.Context())
		want := Head{Number: 16, Hash: common.HexToHash(strings.Repeat("ab", 32)), Time: 100, BaseFee: *uint256.NewInt(7)}
		if err != nil || h != want {
			t.Errorf("head is %+v, %v", h, err)
		}
		for _, bad := range []string{"null", `{"number":"0x10"}`, `{"number":"0x10","hash":null,"timestamp":"0x1"}`} {
			body = bad
			if _, err := dialWire(t, w).Header(t.Context()); !refusal.Is(err, refusal.RPCDown) {
				t.Errorf("%s gives %v", bad, err)
			}
		}
	})
}

func TestAHeaderOfANumberIsThatBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		body := `{"number":"0x10","hash":"0x` + strings.Repeat("ab", 32) + `","timestamp":"0x64"}`
		w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) { return 200, nil, ok(calls[0], body) }}
		if h, err := dialWire(t, w).HeaderAt(t.Context(), 16); err != nil || h.Number != 16 {
			t.Errorf("head is %+v, %v", h, err)
		}
		if got := string(w.trips[0][0].Params[0]); got != `"0x10"` {
			t.Errorf("asked for %s", got)
		}
		if _, err := dialWire(t, w).HeaderAt(t.Context(), 17); !refusal.Is(err, refusal.RPCDown) {
			t.Errorf("another block gives %v", err)
		}
	})
}

func TestRevertsKeepTheirReason(t *testing.T) {
	reason := "0x08c379a0" + fmt.Sprintf("%064x%064x", 32, 4) + "6e6f7065" + strings.Repeat("0", 56)
	cases := []struct{ name, body, want string }{
		{"Error(string)", `{"code":3,"message":"execution reverted: nope","data":"` + reason + `"}`, "execution reverted: nope"},
		{"Panic(uint256)", `{"code":3,"message":"execution reverted","data":"0x4e487b71` + fmt.Sprintf("%064x", 0x11) + `"}`, "execution reverted: arithmetic underflow or overflow"},
		{"custom error", `{"code":3,"message":"execution reverted","data":"0x12345678"}`, "execution reverted: 0x12345678"},
		{"no such instruction", `{"code":-32000,"message":"invalid opcode: INVALID"}`, "execution reverted"},
		{"no data", `{"code":-32000,"message":"execution reverted"}`, "execution reverted"},
		{"broken data", `{"code":3,"message":"execution reverted","data":{"a":1}}`, "execution reverted"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) {
					return 200, nil, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":%s}`, calls[0].ID, c.body)
				}}
				to := common.Address{2}
				_, err := dialWire(t, w).CallContract(t.Context(), Call{To: &to, Value: *uint256.NewInt(5), Data: []byte{1}})
				var revert *RevertError
				if !errors.As(err, &revert) || revert.Error() != c.want {
					t.Errorf("error is %v", err)
				}
				if got := string(w.trips[0][0].Params[0]); !strings.Contains(got, `"value":"0x5"`) || !strings.Contains(got, `"input":"0x01"`) {
					t.Errorf("call is %s", got)
				}
			})
		})
	}
}

func TestReceipts(t *testing.T) {
	tx := common.Hash{1}
	const l2 = `{"type":"0x7e","status":"0x1","transactionHash":"0x0100000000000000000000000000000000000000000000000000000000000000",
		"transactionIndex":"0x2","blockHash":"0x0200000000000000000000000000000000000000000000000000000000000000","blockNumber":"0x9","gasUsed":"0x5208",
		"cumulativeGasUsed":"0x6000","effectiveGasPrice":"0x3b9aca00","contractAddress":null,"logsBloom":"0x0","l1Fee":"0x123","depositNonce":"0x1",
		"logs":[{"address":"0x0300000000000000000000000000000000000000","topics":["0x0400000000000000000000000000000000000000000000000000000000000000"],"data":"0x05","logIndex":"0x6","blockTimestamp":"0x1"}]}`
	cases := []struct {
		name   string
		body   string
		found  bool
		reason refusal.Reason
	}{
		{"mined on a rollup", `"result":` + l2, true, ""},
		{"none", `"result":null`, false, ""},
		{"indexing", `"error":{"code":-32000,"message":"transaction indexing is in progress"}`, false, ""},
		{"pending", `"result":{"transactionHash":"0x0100000000000000000000000000000000000000000000000000000000000000","blockNumber":null,"blockHash":null}`, false, ""},
		{"of another transaction", `"result":` + strings.Replace(l2, `"0x01000`, `"0x11000`, 1), false, refusal.RPCDown},
		{"without status", `"result":` + strings.Replace(l2, `"status":"0x1",`, ``, 1), false, refusal.RPCDown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) {
					return 200, nil, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, calls[0].ID, c.body)
				}}
				r, err := dialWire(t, w).Receipt(t.Context(), tx)
				if (r != nil) != c.found || (err != nil) != (c.reason != "") || (err != nil && !refusal.Is(err, c.reason)) {
					t.Fatalf("receipt %v, %v", r, err)
				}
				if r != nil && (r.Type != 0x7e || r.Status != 1 || r.GasUsed != 21000 || r.BlockNumber.Uint64() != 9 || r.EffectiveGasPrice.Uint64() != 1e9 ||
					len(r.Logs) != 1 || r.Logs[0].Address != common.Address{3} || r.Logs[0].Index != 6 || r.Logs[0].TxHash != tx) {
					t.Errorf("receipt is %+v", r)
				}
			})
		})
	}
}

func TestTips(t *testing.T) {
	const gwei = 1_000_000_000
	cases := []struct {
		name             string
		blockTime        uint64
		history, suggest string
		want             uint64
	}{
		{"median of what was paid", 12, `"result":{"reward":[["0x77359400"],["0x0"],["0xb2d05e00"],["0x12a05f200"]]}`, ``, 3 * gwei},
		{"floor on Ethereum", 12, `"result":{"reward":[["0x1"],["0x2"]]}`, ``, gwei},
		{"floor on a rollup", 2, `"result":{"reward":[["0x1"],["0x2"]]}`, ``, 1_000_000},
		{"small on a rollup", 2, `"result":{"reward":[["0x1e8480"]]}`, ``, 2_000_000},
		{"empty blocks", 2, `"result":{"reward":[["0x0"],["0x0"]]}`, `"result":"0x2dc6c0"`, 3_000_000},
		{"no history, no suggestion", 12, `"error":{"code":-32601,"message":"no such method"}`, `"error":{"code":-32601,"message":"no such method"}`, gwei},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := &wire{answer: func(_ int, calls []request) (int, http.Header, string) {
					body := c.suggest
					if calls[0].Method == "eth_feeHistory" {
						body = c.history
					}
					return 200, nil, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,%s}`, calls[0].ID, body)
				}}
				client := dialWire(t, w)
				client.network.BlockTime = c.blockTime
				tip, err := client.Tip(t.Context())
				if err != nil || tip.Uint64() != c.want {
					t.Errorf("tip is %s, %v", &tip, err)
				}
			})
		})
	}
}
