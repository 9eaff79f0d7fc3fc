package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/ethclient"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/trie"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
)

// sends are methods that change something at a node, or sign.
var sends = []string{
	"eth_sendRawTransaction", "eth_sendTransaction", "eth_sendRawTransactionSync", "eth_sign", "eth_signTransaction", "eth_signTypedData_v4", "eth_resend",
	"eth_submitWork", "eth_sendBundle", "personal_sendTransaction", "personal_sign", "personal_unlockAccount", "engine_newPayloadV4",
	"engine_forkchoiceUpdatedV3", "admin_addPeer", "admin_startHTTP", "miner_start", "miner_setEtherbase", "debug_setHead", "debug_chaindbCompact",
	"anvil_setBalance", "hardhat_reset", "evm_mine", "testing_buildBlockV1", "txpool_add", "dev_setFeeRecipient", "clique_propose",
}

func TestTheRemoteIsOnlyEverRead(t *testing.T) {
	r := newRig(t, Options{})
	raw := r.sign(r.fee(0, bob))
	for _, method := range sends {
		for _, args := range [][]any{nil, {raw}, {bob}, {bob, "0x1"}, {map[string]any{"from": r.from, "to": bob, "value": "0x1"}}} {
			var v any
			_ = r.CallContext(t.Context(), &v, method, args...)
		}
	}
	spaces := rapid.SampledFrom([]string{"eth", "net", "web3", "debug", "txpool", "admin", "personal", "engine", "miner", "anvil", "hardhat", "evm"})
	known := []string{"getBalance", "getLogs", "call", "send", "getBlockByNumber", "getBlockByHash", "getTransactionByHash", "feeHistory", "getProof", "set"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.SampledFrom(known), rapid.StringMatching(`[a-zA-Z_]{1,20}`)).Draw(t, "name")
		arg := rapid.SampledFrom([]any{"0x1", "latest", bob, common.Hash{1}, true, map[string]any{"to": bob}, nil, 7, []any{}})
		var v any
		_ = r.CallContext(context.Background(), &v, spaces.Draw(t, "space")+"_"+name, rapid.SliceOfN(arg, 0, 3).Draw(t, "args")...)
	})
	r.remote.mu.Lock()
	defer r.remote.mu.Unlock()
	for _, method := range r.remote.calls {
		if !chain.IsRead(method) || slices.Contains(sends, method) {
			t.Errorf("%s reached the remote", method)
		}
	}
	if err := r.server.ask(t.Context(), new(any), "eth_sendRawTransaction", raw); err == nil {
		t.Error("a transaction is passed on")
	}
}

func TestPagesAndNamesThatAreNotAllowedAreRefused(t *testing.T) {
	r := newRig(t, Options{Origins: []string{"https://wallet.example"}, Hosts: []string{"fork.example"}})
	body := []byte(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}`)
	for _, c := range []struct {
		name, origin, host string
		want               int
	}{
		{name: "no page", want: 200},
		{name: "an allowed page", origin: "https://wallet.example", want: 200},
		{name: "another page", origin: "https://evil.example", want: 403},
		{name: "a page of no origin", origin: "null", want: 403},
		{name: "a page whose name begins alike", origin: "https://wallet.example.evil.example", want: 403},
		{name: "localhost", host: "localhost:8545", want: 200},
		{name: "an address", host: "127.0.0.1", want: 200},
		{name: "an address of six parts", host: "[::1]:8545", want: 200},
		{name: "an allowed name", host: "fork.example:8545", want: 200},
		{name: "a name that leads here", host: "evil.example", want: 403},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, answer := r.post(body, func(req *http.Request) {
				if c.origin != "" {
					req.Header.Set("Origin", c.origin)
				}
				if c.host != "" {
					req.Host = c.host
				}
			})
			if got != c.want {
				t.Errorf("%d: %s", got, answer)
			}
			socket, err := rpc.DialOptions(t.Context(), "ws"+strings.TrimPrefix(r.url, "http"), rpc.WithHeader("Origin", c.origin))
			if c.host != "" {
				return // the dialler names the host itself
			}
			if err == nil {
				socket.Close()
			}
			if (err == nil) != (c.want == 200) {
				t.Errorf("websocket: %v", err)
			}
		})
	}
}

func TestWhatIsTooMuchIsRefused(t *testing.T) {
	r := newRig(t, Options{Limits: Limits{Body: 4096, Batch: 3, Time: 200 * time.Millisecond, Filters: 2, Snapshots: 2, Blocks: 3, Pool: 2}})
	if status, _ := r.post(bytes.Repeat([]byte(" "), 5000), nil); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too large gets %d", status)
	}
	_, answer := r.post([]byte(`[`+strings.Repeat(`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"},`, 3)+`{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}]`), nil)
	if !bytes.Contains(answer, []byte("batch too large")) {
		t.Errorf("a batch that is too large gets %s", answer)
	}
	began := time.Now()
	if err := r.fails("eth_call", map[string]any{"to": looping, "gas": "0x7fffffffffffffff"}); time.Since(began) > 10*time.Second {
		t.Errorf("an endless call takes %v: %v", time.Since(began), err)
	}
	ask[string](r, "eth_newBlockFilter")
	ask[string](r, "eth_newBlockFilter")
	r.fails("eth_newBlockFilter")
	ask[string](r, "evm_snapshot")
	ask[string](r, "evm_snapshot")
	r.fails("evm_snapshot")
	r.fails("anvil_mine", "0x4")
	r.fails("anvil_mine", "0xffffffffffffffffff")
	ask[any](r, "anvil_mine", 3)
	r.fails("evm_mine")
	ask[any](r, "anvil_reset")
	ask[any](r, "evm_setAutomine", false)
	for n := range uint64(2) {
		ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(n, bob)))
	}
	if err := r.fails("eth_sendRawTransaction", r.sign(r.fee(2, bob))); !strings.Contains(err.Error(), "txpool is full") {
		t.Error(err)
	}
}

func TestSubscriptionsTellOfBlocksLogsAndTransactions(t *testing.T) {
	r := newRig(t, Options{})
	socket := dialed(t, "ws"+strings.TrimPrefix(r.url, "http"))
	heads, logs, sent := make(chan *types.Header, 8), make(chan types.Log, 8), make(chan common.Hash, 8)
	for channel, args := range map[any][]any{
		any(heads): {"newHeads"}, any(logs): {"logs", map[string]any{"address": counter, "topics": []any{wordOf(0x77)}}}, any(sent): {"newPendingTransactions"},
	} {
		if _, err := socket.EthSubscribe(t.Context(), channel, args...); err != nil {
			t.Fatal(err)
		}
	}
	first := r.send(bob)
	second := r.send(counter)
	for _, want := range []*types.Receipt{first, second} {
		if h := within(t, heads); h.Number.Cmp(want.BlockNumber) != 0 || h.Hash() != want.BlockHash {
			t.Errorf("head %d %s, want %s", h.Number, h.Hash(), want.BlockHash)
		}
		if hash := within(t, sent); hash != want.TxHash {
			t.Errorf("sent %s, want %s", hash, want.TxHash)
		}
	}
	if l := within(t, logs); l.TxHash != second.TxHash || l.BlockHash != second.BlockHash {
		t.Errorf("%+v", l)
	}
}

func within[T any](t *testing.T, c chan T) (v T) {
	t.Helper()
	select {
	case v = <-c:
	case <-time.After(10 * time.Second):
		t.Fatal("nothing came")
	}
	return v
}

func TestFiltersTellWhatCameSinceTheLastTime(t *testing.T) {
	r := newRig(t, Options{})
	blocks, logs, sent := ask[string](r, "eth_newBlockFilter"), ask[string](r, "eth_newFilter", map[string]any{"address": counter}), ask[string](r, "eth_newPendingTransactionFilter")
	receipt := r.send(counter)
	if got := ask[[]common.Hash](r, "eth_getFilterChanges", blocks); !slices.Equal(got, []common.Hash{receipt.BlockHash}) {
		t.Error(got)
	}
	if got := ask[[]types.Log](r, "eth_getFilterChanges", logs); len(got) != 1 || got[0].TxHash != receipt.TxHash {
		t.Error(got)
	}
	if got := ask[[]common.Hash](r, "eth_getFilterChanges", sent); !slices.Equal(got, []common.Hash{receipt.TxHash}) {
		t.Error(got)
	}
	for _, id := range []string{blocks, logs, sent} {
		if got := ask[[]any](r, "eth_getFilterChanges", id); len(got) != 0 {
			t.Error(got)
		}
		if !ask[bool](r, "eth_uninstallFilter", id) || ask[bool](r, "eth_uninstallFilter", id) {
			t.Error("a filter ends once")
		}
		r.fails("eth_getFilterChanges", id)
	}
}

func TestBlocksAreWholeInTheEyesOfAClient(t *testing.T) {
	r := newRig(t, Options{})
	for _, to := range []common.Address{bob, counter, failing} {
		r.send(to)
	}
	c := ethclient.NewClient(r.Client)
	for n := uint64(rigHead + 1); n <= r.head(); n++ {
		b, err := c.BlockByNumber(t.Context(), new(big.Int).SetUint64(n))
		if err != nil {
			t.Fatal(err)
		}
		if root := types.DeriveSha(b.Transactions(), trie.NewStackTrie(nil)); root != b.TxHash() {
			t.Errorf("block %d: transactions %s, header %s", n, root, b.TxHash())
		}
		receipts, err := c.BlockReceipts(t.Context(), rpc.BlockNumberOrHashWithNumber(rpc.BlockNumber(n)))
		if err != nil {
			t.Fatal(err)
		}
		if root := types.DeriveSha(types.Receipts(receipts), trie.NewStackTrie(nil)); root != b.ReceiptHash() {
			t.Errorf("block %d: receipts %s, header %s", n, root, b.ReceiptHash())
		}
		told := ask[struct{ Hash common.Hash }](r, "eth_getBlockByNumber", hexutil.Uint64(n), false)
		if b.Hash() != told.Hash {
			t.Errorf("block %d says that it is %s, and is %s", n, told.Hash, b.Hash())
		}
		if n > rigHead+1 && b.ParentHash() != r.server.current().hashOf(n-1) {
			t.Errorf("block %d has another parent", n)
		}
	}
}

func TestListRootsAreThoseOfARealTrie(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		all := make(types.Transactions, n)
		for i := range all {
			data := rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "data")
			all[i] = types.NewTx(&types.LegacyTx{Nonce: uint64(i), Data: data, GasPrice: new(big.Int), Value: new(big.Int)})
		}
		if want, have := types.DeriveSha(all, trie.NewStackTrie(nil)), listRoot(all); want != have {
			t.Fatalf("%d: %s, not %s", n, have, want)
		}
	})
}

func TestManyClientsReadWhileBlocksAreMade(t *testing.T) {
	r := newRig(t, Options{})
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for i := range 4 {
		readers.Go(func() {
			c := dialed(t, r.url)
			for {
				select {
				case <-stop:
					return
				default:
				}
				var v json.RawMessage
				for method, args := range map[string][]any{
					"eth_call": {map[string]any{"to": counter}, "latest"}, "eth_getBlockByNumber": {"latest", true}, "eth_getLogs": {map[string]any{"fromBlock": "0x65"}},
					"eth_estimateGas": {map[string]any{"to": counter, "from": r.from}}, "eth_getTransactionCount": {r.from, "pending"}, "eth_gasPrice": nil,
				} {
					if err := c.CallContext(context.Background(), &v, method, args...); err != nil && !strings.Contains(err.Error(), "range") {
						t.Errorf("reader %d: %s: %v", i, method, err)
						return
					}
				}
			}
		})
	}
	for n := range uint64(30) {
		if n%10 == 5 {
			id := ask[string](r, "evm_snapshot")
			ask[any](r, "anvil_mine", 2)
			ask[bool](r, "evm_revert", id)
		}
		if receipt := r.send(counter); receipt.Status != 1 {
			t.Fatal(receipt)
		}
	}
	close(stop)
	readers.Wait()
	if got := ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", "latest"); got != wordOf(30) {
		t.Errorf("counted to %s", got)
	}
}

func TestReadsAcrossThePinAreOneHistory(t *testing.T) {
	r := newRig(t, Options{})
	before := ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", "latest")
	r.send(counter)
	r.send(counter)
	for at, want := range map[string]common.Hash{"0x64": before, "0x65": wordOf(1), "0x66": wordOf(2), "latest": wordOf(2)} {
		if got := ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", at); got != want {
			t.Errorf("at %s: %s, want %s", at, got, want)
		}
	}
	first := r.server.current().blocks[0]
	if got := ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", map[string]any{"blockHash": first.hash}); got != wordOf(1) {
		t.Errorf("by hash: %s", got)
	}
	for _, at := range []string{"0x67", "0xffffffff"} {
		if err := r.fails("eth_getBalance", bob, at); !strings.Contains(err.Error(), "header not found") {
			t.Error(err)
		}
		if got := ask[any](r, "eth_getBlockByNumber", at, false); got != nil {
			t.Errorf("block %s: %v", at, got)
		}
	}
	if err := r.fails("eth_getProof", counter, []string{"0x0"}, "latest"); !strings.Contains(err.Error(), "no proofs") {
		t.Error(err)
	}
	h := ask[feeHistory](r, "eth_feeHistory", 2, "latest", []float64{10, 90})
	if len(h.BaseFee) != 3 || len(h.Reward) != 2 || len(h.GasUsedRatio) != 2 || h.Oldest.ToInt().Uint64() != rigHead+1 {
		t.Errorf("%s", asJSON(t, h))
	}
	if got := h.Reward[0][0].ToInt().Uint64(); got != params.GWei {
		t.Errorf("the tip was %d", got)
	}
	logs := ask[[]types.Log](r, "eth_getLogs", map[string]any{"fromBlock": "0x65", "toBlock": "latest", "topics": []any{nil}})
	if len(logs) != 2 || logs[1].BlockNumber != rigHead+2 {
		t.Errorf("%+v", logs)
	}
}

func TestARevertIsToldWithItsData(t *testing.T) {
	r := newRig(t, Options{})
	for _, method := range []string{"eth_call", "eth_estimateGas"} {
		err := r.fails(method, map[string]any{"to": failing})
		coded, ok := err.(rpc.DataError)
		if !ok || coded.(rpc.Error).ErrorCode() != 3 || err.Error() != "execution reverted: no" || !strings.HasPrefix(fmt.Sprint(coded.ErrorData()), "0x08c379a0") {
			t.Errorf("%s: %#v", method, err)
		}
	}
}

// Whatever bytes come, there is an answer, and the server lives.
func FuzzRequests(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `{"jsonrpc":"2.0","id":1,"method":"eth_call","params":[{"to":"0xc000000000000000000000000000000000000001"},"latest",{},{}]}`,
		`{"jsonrpc":"2.0","id":1,"method":"eth_feeHistory","params":["0x1","latest",[1]]}`, `{"jsonrpc":"2.0","id":1,"method":"anvil_loadState","params":["0x7b7d"]}`,
		`{"jsonrpc":"2.0","id":1,"method":"eth_getLogs","params":[{"topics":[[null],null,"0x"],"address":[null]}]}`,
		`{"jsonrpc":"2.0","id":1,"method":"eth_sendRawTransaction","params":["0x02c0"]}`, `{"jsonrpc":"2.0","id":1,"method":"eth_subscribe","params":["newHeads"]}`,
		`{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[{"from":"0x00","gas":null}]}`,
		`{"jsonrpc":"2.0","id":1,"method":"eth_getTransactionByBlockNumberAndIndex","params":["pending","0xffffffff"]}`,
		`{"jsonrpc":"2.0","id":1,"method":"evm_increaseTime","params":["0x7fffffffffffffff"]}`, `{"jsonrpc":"2.0","id":1,"method":"hardhat_setNonce","params":[null,-1]}`,
	} {
		f.Add([]byte(seed))
	}
	r := newRig(f, Options{Limits: Limits{Time: time.Second, Blocks: 50}})
	ask[any](r, "anvil_autoImpersonateAccount", true)
	f.Fuzz(func(t *testing.T, body []byte) {
		now := *r
		now.t = t
		status, answer := now.post(body, nil)
		if status == 200 && len(answer) > 0 && !json.Valid(answer) {
			t.Fatalf("%q", answer)
		}
		if status >= 500 || bytes.Contains(answer, []byte("crashed")) {
			t.Fatalf("%d: %s", status, answer)
		}
	})
}

// methods are the names of all that is served.
func methods(s *Server) []string {
	var names []string
	for _, service := range s.services() {
		receiver := reflect.TypeOf(service.methods)
		for i := range receiver.NumMethod() {
			name := receiver.Method(i).Name
			names = append(names, service.name+"_"+strings.ToLower(name[:1])+name[1:])
		}
	}
	return names
}

func TestNoArgumentMakesAMethodCrash(t *testing.T) {
	r := newRig(t, Options{Limits: Limits{Time: time.Second, Blocks: 40, Gas: 1_000_000}})
	ask[any](r, "anvil_autoImpersonateAccount", true)
	receipt := r.send(counter)
	call := map[string]any{"from": r.from, "to": counter, "gas": "0x30000"}
	values := []any{
		nil, true, 0, -1, 1e30, "", "0x", "0x0", "0x1", "0x65", "0xffffffff", "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "-0x1",
		"latest", "pending", "safe", "earliest", bob, counter, receipt.TxHash, receipt.BlockHash,
		[]any{},
		[]any{nil},
		[]any{1.5, 2},
		[]any{"0x1", nil},
		map[string]any{},
		call,
		map[string]any{"blockHash": receipt.BlockHash},
		map[string]any{"fromBlock": "0x66", "toBlock": "0x1"},
		map[string]any{"from": bob, "data": "0xfe", "value": "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
		map[string]any{"from": bob, "to": bob, "blobVersionedHashes": []any{}, "maxFeePerBlobGas": "0x1"},
		map[string]any{"from": bob, "to": bob, "authorizationList": []any{map[string]any{}}},
		map[string]any{"from": bob, "to": bob, "accessList": []any{}, "gasPrice": "0x0"},
		map[string]any{counter.Hex(): map[string]any{"code": "0x00", "stateDiff": map[string]any{receipt.TxHash.Hex(): receipt.TxHash}}},
		map[string]any{"0x0000000000000000000000000000000000000001": map[string]any{"movePrecompileToAddress": bob}},
		map[string]any{"number": "0xffffffffffffffffffff"},
		map[string]any{"time": "0x0", "gasLimit": "0x0", "baseFeePerGas": "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
		map[string]any{"forking": map[string]any{"blockNumber": 100}},
		map[string]any{"blockStateCalls": []any{map[string]any{"calls": []any{call, nil}}}},
		map[string]any{"tracer": "callTracer"},
		map[string]any{"tracer": "{}"},
	}
	names := methods(r.server)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "method")
		args := rapid.SliceOfN(rapid.SampledFrom(values), 0, 4).Draw(t, "args")
		var v any
		if err := r.CallContext(context.Background(), &v, name, args...); err != nil && strings.Contains(err.Error(), "crashed") {
			t.Fatalf("%s: %v", name, err)
		}
	})
}
