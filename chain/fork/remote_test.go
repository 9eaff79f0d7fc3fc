package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// simulateV1 is the remote's own word on transactions in the block that the fork would make.
func (g *geth) simulateV1(t testing.TB, f *Fork, txs []Tx) []simulatedCall {
	t.Helper()
	calls := make([]map[string]any, len(txs))
	for i, tx := range txs {
		calls[i] = map[string]any{
			"from": tx.From, "to": tx.To, "value": (*hexutil.Big)(tx.Value.ToBig()), "input": hexutil.Bytes(tx.Data), "gas": hexutil.Uint64(tx.Gas),
			"maxFeePerGas": (*hexutil.Big)(tx.GasFeeCap.ToBig()), "maxPriorityFeePerGas": (*hexutil.Big)(tx.GasTipCap.ToBig()),
		}
	}
	e := f.current().block
	block := map[string]any{"calls": calls, "blockOverrides": map[string]any{
		"time": hexutil.Uint64(e.Time), "feeRecipient": e.Coinbase, "prevRandao": e.Random,
	}}
	var answer []struct {
		BaseFee *hexutil.Big    `json:"baseFeePerGas"`
		Calls   []simulatedCall `json:"calls"`
	}
	args := map[string]any{"blockStateCalls": []any{block}, "validation": true}
	if err := g.Call(context.Background(), &answer, "eth_simulateV1", args, f.remote.Block()); err != nil {
		t.Fatal(err)
	}
	if answer[0].BaseFee.ToInt().Cmp(e.BaseFee.ToBig()) != 0 {
		t.Fatalf("base fee: ours %s, the remote's %s", e.BaseFee.Dec(), answer[0].BaseFee)
	}
	return answer[0].Calls
}

type simulatedCall struct {
	Return hexutil.Bytes  `json:"returnData"`
	Gas    hexutil.Uint64 `json:"gasUsed"`
	Status hexutil.Uint64 `json:"status"`
	Logs   []Log          `json:"logs"`
}

// randomTx draws a transaction that may well fail.
func randomTx(r *rand.Rand) Tx {
	people := []common.Address{alice, bob, pool, puller, permit2, common.BytesToAddress([]byte{byte(r.UintN(200) + 30)})}
	someone := func() []byte { return people[r.IntN(len(people))].Bytes() }
	amount := func() []byte { return wei(r.Uint64N(400_000)) }
	token := []common.Address{tokenA, tokenB}[r.IntN(2)]
	from := []common.Address{alice, bob}[r.IntN(2)]
	tx := callTo(from, token, nil)
	switch r.IntN(11) {
	case 0:
		tx.To, tx.Data = new(common.Address), nil
		copy(tx.To[:], someone())
		tx.Value.SetUint64(r.Uint64N(1e18))
	case 1, 2:
		tx.Data = pack(selTransfer, someone(), amount())
	case 3:
		tx.Data = pack(selApprove, someone(), amount())
	case 4:
		tx.Data = pack(selTransferFrom, someone(), someone(), amount())
	case 5, 6:
		tx.To, tx.Data = &puller, pack([4]byte{}, token[:], alice[:], wei(r.Uint64N(1500)))
	case 7, 8:
		tx.To, tx.Data = &pool, common.LeftPadBytes(amount(), 32)
	case 9:
		tx.To, tx.Data = &fool, append(at(token).Bytes(), pack(selTransfer, someone(), amount())...)
	case 10:
		tx.To = &clock
	}
	return tx
}

// exact sets all that is to be signed.
func exact(f *Fork, tx Tx, gas uint64) Tx {
	base := f.current().block.BaseFee
	tx.Gas = gas
	tx.GasTipCap = ptr(num(defaultTip))
	tx.GasFeeCap = ptr(*base.Clone().Lsh(&base, 1))
	tx.GasFeeCap.AddUint64(tx.GasFeeCap, 2*defaultTip)
	return tx
}

func ptr[T any](v T) *T { return &v }

func TestGasAndLogsAreTheRemotesOwn(t *testing.T) {
	g := newGeth(t)
	f := newFork(t, g)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range 150 {
		txs := make([]Tx, 1+r.IntN(3))
		for j := range txs {
			txs[j] = exact(f, randomTx(r), 400_000)
		}
		e := simulate(t, f, txs...)
		for j, want := range g.simulateV1(t, f, txs) {
			have := e.Txs[j]
			if have.GasUsed != uint64(want.Gas) || have.Success != (want.Status == 1) {
				t.Fatalf("%d.%d: gas %d %v, the remote says %d %d: %s", i, j, have.GasUsed, have.Success, want.Gas, want.Status, asJSON(t, txs))
			}
			for k := range have.Logs {
				have.Logs[k].Event = nil // the remote gives no names
			}
			if have.Success && !bytes.Equal(have.Return, want.Return) || asJSON(t, have.Logs) != asJSON(t, want.Logs) {
				t.Fatalf("%d.%d: other logs or return data: %s", i, j, asJSON(t, txs))
			}
		}
	}
}

// state is what the remote says of everything in the effects, at its head.
func (g *geth) ask(t testing.TB, to common.Address, data []byte) common.Hash {
	t.Helper()
	var ret hexutil.Bytes
	if err := g.Call(context.Background(), &ret, "eth_call", map[string]any{"to": to, "input": hexutil.Bytes(data)}, "latest"); err != nil {
		t.Fatal(err)
	}
	return common.BytesToHash(ret)
}

func TestEffectsAreWhatTheChainHoldsAfterwards(t *testing.T) {
	ctx := context.Background()
	g := newGeth(t)
	r := rand.New(rand.NewPCG(3, 4))
	kept := 0
	for range 60 {
		f, err := New(ctx, g, WithBlockTime(1))
		if err != nil {
			t.Fatal(err)
		}
		tx := exact(f, randomTx(r), 0)
		e := simulate(t, f, tx)
		tx.Gas = e.Txs[0].GasLimit
		if tx.Gas < e.Txs[0].GasUsed || 100*tx.Gas > 130*e.Txs[0].GasUsed { // refunds are a fifth at most, and bought first
			t.Fatalf("limit %d for a use of %d", tx.Gas, e.Txs[0].GasUsed)
		}
		if again := simulate(t, f, tx); asJSON(t, again) != asJSON(t, e) {
			t.Fatalf("the estimated run differs from the run with the same limit")
		}
		receipt := g.send(t, f, tx)
		kept++
		if uint64(receipt.GasUsed) != e.Txs[0].GasUsed || (receipt.Status == 1) != e.Txs[0].Success {
			t.Fatalf("receipt %+v, simulated %+v", receipt, e.Txs[0])
		}
		for _, c := range e.Balances {
			var have common.Hash
			if c.Kind == Native {
				var b hexutil.Big
				if err := g.Call(ctx, &b, "eth_getBalance", c.Account, "latest"); err != nil {
					t.Fatal(err)
				}
				have = common.BigToHash(b.ToInt())
			} else {
				have = g.ask(t, c.Asset, pack(selBalanceOf, c.Account[:]))
			}
			if have != common.Hash(c.After.Bytes32()) {
				t.Fatalf("%s of %s: the chain holds %s, simulated %s", c.Kind, c.Account, have, c.After.Dec())
			}
		}
		for _, c := range e.Allowances {
			if have := g.ask(t, c.Asset, pack(selAllowance, c.Owner[:], c.Spender[:])); have != common.Hash(c.After.Bytes32()) {
				t.Fatalf("allowance of %s: the chain holds %s, simulated %s", c.Spender, have, c.After.Dec())
			}
		}
	}
	if kept != 60 {
		t.Fatal(kept)
	}
}

type minedReceipt struct {
	GasUsed hexutil.Uint64 `json:"gasUsed"`
	Status  hexutil.Uint64 `json:"status"`
}

// broken replaces the nth answer that a Source gives.
type broken struct {
	Source
	mu    sync.Mutex
	nth   int
	seen  int
	spoil func(*rpc.BatchElem)
	hit   string
}

func (b *broken) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := b.Source.Batch(ctx, elems)
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range elems {
		if b.seen == b.nth {
			b.hit = elems[i].Method
			b.spoil(&elems[i])
		}
		b.seen++
	}
	return err
}

type rpcError struct{ code int }

func (e rpcError) Error() string  { return fmt.Sprintf("error %d", e.code) }
func (e rpcError) ErrorCode() int { return e.code }

func raw(s string) func(*rpc.BatchElem) {
	return func(e *rpc.BatchElem) { *e.Result.(*json.RawMessage) = json.RawMessage(s) }
}

// spoilers are the ways in which one answer goes wrong.
var spoilers = map[string]func(*rpc.BatchElem){
	"too many requests": func(e *rpc.BatchElem) { e.Error = rpc.HTTPError{StatusCode: 429, Status: "429 Too Many Requests"} },
	"unavailable":       func(e *rpc.BatchElem) { e.Error = rpc.HTTPError{StatusCode: 503, Status: "503 Service Unavailable"} },
	"limit exceeded":    func(e *rpc.BatchElem) { e.Error = rpcError{-32005} },
	"rate exceeded":     func(e *rpc.BatchElem) { e.Error = rpcError{-32007} },
	"no such state":     func(e *rpc.BatchElem) { e.Error = rpcError{-32000} },
	"left out":          func(e *rpc.BatchElem) { e.Error = rpc.ErrMissingBatchResponse },
	"of another block": func(e *rpc.BatchElem) {
		if strings.HasPrefix(e.Method, "eth_getBlockBy") {
			raw(forktest.Header)(e)
			return
		}
		e.Error = rpcError{-32000}
	},
	"internal error": func(e *rpc.BatchElem) { e.Error = rpcError{-32603} },
	"null":           raw(`null`),
	"nothing":        raw(``),
	"a number":       raw(`12`),
	"an object":      raw(`{"a":1}`),
	"empty hex":      raw(`"0x"`),
	"half a byte":    raw(`"0xabc"`),
	"too long":       raw(`"0x` + string(bytes.Repeat([]byte("ab"), 33)) + `"`),
	"cut":            raw(`"0x1234`),
	"time-out":       func(e *rpc.BatchElem) { e.Error = context.DeadlineExceeded },
}

// mayBeMissed are the reads that another read makes up for.
var mayBeMissed = map[string]bool{"eth_config": true, "eth_createAccessList": true, "eth_call": true}

// plausible reports whether a spoilt answer is a valid answer of the method, which no client can tell from the truth.
func plausible(method, how string) bool {
	switch method {
	case "eth_getCode":
		return how == "empty hex" || how == "too long"
	case "eth_getBalance", "eth_getTransactionCount", "eth_chainId":
		return how == "half a byte"
	}
	return false
}

func TestOneFailedAnswerIsNeverAWrongEffect(t *testing.T) {
	g := newGeth(t)
	txs := []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77)))}
	run := func(src Source) (string, error) {
		f, err := New(context.Background(), src, WithClock(atDawn), WithBlockTime(1))
		if err != nil {
			return "", err
		}
		e, err := f.Simulate(context.Background(), txs)
		if err != nil {
			return "", err
		}
		return asJSON(t, e), nil
	}
	for _, form := range []struct {
		name string
		src  Source
	}{{"by hash", g}, {"by number", byNumberOnly{g}}, {"without hints", unhinted{g}}} {
		t.Run(form.name, func(t *testing.T) {
			all := counting(form.src)
			truth, err := run(all)
			if err != nil {
				t.Fatal(err)
			}
			failed := 0
			for how, spoil := range spoilers {
				for nth := range all.calls {
					b := &broken{Source: form.src, nth: nth, spoil: spoil}
					have, err := run(b)
					switch {
					case err != nil:
						if _, named := refusal.As(err); !named {
							t.Errorf("answer %d (%s) is %s: an error without a name: %v", nth, b.hit, how, err)
						}
						if !plausible(b.hit, how) && !strings.Contains(err.Error(), "eth_") {
							t.Errorf("answer %d (%s) is %s: an error that does not say what was asked: %v", nth, b.hit, how, err)
						}
						failed++
					case plausible(b.hit, how):
					case have != truth:
						t.Errorf("answer %d (%s) is %s: other effects, and no error", nth, b.hit, how)
					case !mayBeMissed[b.hit] && !b.probing():
						t.Errorf("answer %d (%s) is %s: no error", nth, b.hit, how)
					}
				}
			}
			t.Logf("%d answers in %d trips, each spoilt in %d ways: %d named errors, 0 wrong effects", all.calls, all.trips, len(spoilers), failed)
		})
	}
}

// probing reports whether the answer belongs to the probe, where two forms of one read make up for each other.
func (b *broken) probing() bool { return b.nth < 10 }

// byNumberOnly is a remote that does not know EIP-1898.
type byNumberOnly struct{ Source }

func (s byNumberOnly) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		for _, a := range elems[i].Args {
			if _, object := a.(map[string]common.Hash); object {
				elems[i].Error = rpcError{-32602}
			}
		}
	}
	return err
}

// unhinted is a remote without eth_createAccessList and eth_config.
type unhinted struct{ Source }

func (s unhinted) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if m := elems[i].Method; m == "eth_createAccessList" || m == "eth_config" {
			elems[i].Error = rpcError{-32601}
			*elems[i].Result.(*json.RawMessage) = nil
		}
	}
	return err
}

func TestAReorganisedRemoteIsNoticedWhereReadsGoByNumber(t *testing.T) {
	g := newGeth(t)
	f := newFork(t, byNumberOnly{g})
	f.remote.Header().Hash = crypto.Keccak256Hash([]byte("another block of that number"))
	if _, err := f.Balance(context.Background(), bob); !errors.Is(err, pinned.ErrReorged) || !refusal.Is(err, refusal.NoSimulation) {
		t.Fatal(err)
	}
}

func TestRulesAreFoundWithTheRemotesWordAndWithoutIt(t *testing.T) {
	g := newGeth(t)
	for name, src := range map[string]Source{"eth_config": g, "the header and a probe": unhinted{g}} {
		if f := newFork(t, src); f.remote.Rules().Era != pinned.Osaka {
			t.Errorf("%s: %s", name, f.remote.Rules().Era)
		}
	}
}

// kept is what a slot holds on the fork.
func (f *Fork) kept(t testing.TB, a common.Address, key common.Hash) common.Hash {
	t.Helper()
	v, err := f.current().state.View().Slot(context.Background(), a, key)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestHashesOfOldBlocksAreRead(t *testing.T) {
	g := newGeth(t)
	for range 5 {
		g.Commit()
	}
	f := newFork(t, g)
	for n := range f.Pin().Number + 1 {
		var want struct{ Hash common.Hash }
		if err := g.Call(context.Background(), &want, "eth_getBlockByNumber", hexutil.Uint64(n), false); err != nil {
			t.Fatal(err)
		}
		if _, err := f.Apply(context.Background(), []Tx{callTo(alice, past, wordOf(n).Bytes())}); err != nil {
			t.Fatal(err)
		}
		if have := f.kept(t, past, common.Hash{}); have != want.Hash {
			t.Errorf("block %d: %s, want %s", n, have, want.Hash)
		}
	}
	var last common.Hash
	for n := f.Pin().Number + 1; n < f.current().block.Number; n++ {
		if _, err := f.Apply(context.Background(), []Tx{callTo(alice, past, wordOf(n).Bytes())}); err != nil {
			t.Fatal(err)
		}
		have := f.kept(t, past, common.Hash{})
		if have == (common.Hash{}) || have == last {
			t.Fatalf("kept block %d has hash %s", n, have)
		}
		last = have
		if n > f.Pin().Number+3 {
			break
		}
	}
}

func TestColdRunsAreFewTripsAndWarmOnesNone(t *testing.T) {
	c := counting(newGeth(t))
	f := newFork(t, c)
	if c.trips != 2 {
		t.Errorf("New makes %d trips", c.trips)
	}
	c.reset()
	swap := callTo(alice, pool, wordOf(1000).Bytes())
	ok(t, simulate(t, f, swap))
	t.Logf("cold swap: %d trips, %d calls: %v", c.trips, c.calls, c.methods)
	if c.trips > 3 {
		t.Errorf("a cold swap makes %d trips", c.trips)
	}
	c.reset()
	ok(t, simulate(t, f, swap))
	if c.trips != 0 {
		t.Errorf("a warm swap makes %d trips: %v", c.trips, c.methods)
	}
}

func TestManyRunsAtOnceAgree(t *testing.T) {
	g := newGeth(t)
	f := newFork(t, g)
	txs := []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(alice, throne, nil)}
	want := asJSON(t, simulate(t, newFork(t, g), txs...))
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			e, err := f.Simulate(context.Background(), txs)
			if err != nil {
				t.Error(err)
				return
			}
			if have := asJSON(t, e); have != want {
				t.Error("other effects")
			}
		})
		wg.Go(func() {
			id := f.Snapshot()
			if _, err := f.Balance(context.Background(), bob); err != nil {
				t.Error(err)
			}
			if id < 0 {
				t.Error(id)
			}
		})
	}
	wg.Wait()
	for range 8 {
		wg.Go(func() {
			if _, err := f.Apply(context.Background(), []Tx{callTo(alice, tokenA, pack(selTransfer, bob[:], wei(10)))}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 1_000_000-80)
}
