package fork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/crypto/kzg4844"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// signed is a transaction of alice's or bob's.
func signed(t testing.TB, from common.Address, tx types.TxData) *types.Transaction {
	t.Helper()
	s, err := types.SignNewTx(keyOf(t, from), types.LatestSignerForChainID(toBig(testChain)), tx)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (g *geth) pool(t testing.TB, txs ...*types.Transaction) {
	t.Helper()
	for _, tx := range txs {
		err := errors.New("not sent")
		for tries := 0; err != nil && tries < 200; tries++ {
			// The pool of blobs takes nothing of an account until the other pool has noticed that its transactions are mined.
			if err = g.Client().SendTransaction(context.Background(), tx); err != nil && !strings.Contains(err.Error(), "already reserved") {
				break
			}
			if err != nil {
				time.Sleep(10 * time.Millisecond)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func tipped(nonce uint64, to *common.Address, data []byte) *types.DynamicFeeTx {
	return &types.DynamicFeeTx{
		ChainID: toBig(testChain), Nonce: nonce, To: to, Data: data, Gas: 300_000, GasFeeCap: big.NewInt(9e9), GasTipCap: big.NewInt(1e9), Value: new(big.Int),
	}
}

func oneBlob(t testing.TB) (*types.BlobTxSidecar, []common.Hash) {
	t.Helper()
	blob := new(kzg4844.Blob)
	commitment, err := kzg4844.BlobToCommitment(blob)
	if err != nil {
		t.Fatal(err)
	}
	proofs, err := kzg4844.ComputeCellProofs(blob)
	if err != nil {
		t.Fatal(err)
	}
	s := types.NewBlobTxSidecar(types.BlobSidecarVersion1, []kzg4844.Blob{*blob}, []kzg4844.Commitment{commitment}, proofs)
	return s, s.BlobHashes()
}

// kinds are a transaction of each type, in the order of alice's nonces.
func kinds(t testing.TB) []*types.Transaction {
	t.Helper()
	sidecar, hashes := oneBlob(t)
	transfer := pack(selTransfer, bob[:], wei(5))
	access := types.AccessList{{Address: tokenA, StorageKeys: []common.Hash{at(alice), at(bob)}}}
	delegation, err := types.SignSetCode(keyOf(t, bob), types.SetCodeAuthorization{ChainID: *uint256.NewInt(testChain), Address: clock})
	if err != nil {
		t.Fatal(err)
	}
	unprotected, err := types.SignNewTx(keyOf(t, alice), types.HomesteadSigner{}, &types.LegacyTx{
		Nonce: 5, To: &tokenA, Data: transfer, Gas: 100_000, GasPrice: big.NewInt(3e9),
	})
	if err != nil {
		t.Fatal(err)
	}
	return []*types.Transaction{
		signed(t, alice, &types.LegacyTx{Nonce: 0, To: &tokenA, Data: transfer, Gas: 100_000, GasPrice: big.NewInt(3e9)}),
		signed(t, alice, &types.AccessListTx{
			ChainID: toBig(testChain), Nonce: 1, To: &tokenA, Data: transfer, Gas: 100_000, GasPrice: big.NewInt(4e9), AccessList: access,
		}),
		signed(t, alice, tipped(2, &tokenA, transfer)),
		signed(t, alice, &types.SetCodeTx{
			ChainID: uint256.NewInt(testChain), Nonce: 3, To: bob, Gas: 200_000, GasFeeCap: uint256.NewInt(9e9), GasTipCap: uint256.NewInt(1e9),
			AuthList: []types.SetCodeAuthorization{delegation},
		}),
		signed(t, alice, &types.BlobTx{
			ChainID: uint256.NewInt(testChain), Nonce: 4, To: tokenA, Data: transfer, Gas: 100_000, GasFeeCap: uint256.NewInt(9e9), GasTipCap: uint256.NewInt(1e9),
			BlobFeeCap: uint256.NewInt(1e9), BlobHashes: hashes, Sidecar: sidecar,
		}),
		unprotected,
	}
}

// Each kind of transaction is simulated from its raw bytes, mined, and looked back at: thrice the same.
func TestEveryKindOfTransactionDoesWhatTheChainSays(t *testing.T) {
	g := newGeth(t)
	ctx := context.Background()
	for _, tx := range kinds(t) {
		raw, err := tx.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := ParseTx(raw)
		if err != nil {
			t.Fatal(err)
		}
		if !tx.Protected() {
			parsed.ChainID = testChain
		}
		f := newFork(t, g)
		simulated := simulate(t, f, parsed)
		if len(simulated.Findings) > 0 {
			t.Errorf("type %d: %s", tx.Type(), asJSON(t, simulated.Findings))
		}
		g.pool(t, tx)
		g.Commit()
		var receipt struct {
			GasUsed      hexutil.Uint64 `json:"gasUsed"`
			Price        *hexutil.Big   `json:"effectiveGasPrice"`
			BlobGas      hexutil.Uint64 `json:"blobGasUsed"`
			BlobGasPrice *hexutil.Big   `json:"blobGasPrice"`
		}
		if err := g.Call(ctx, &receipt, "eth_getTransactionReceipt", tx.Hash()); err != nil || receipt.Price == nil {
			t.Fatal(err)
		}
		fee := new(big.Int).Mul(toBig(uint64(receipt.GasUsed)), receipt.Price.ToInt())
		if receipt.BlobGasPrice != nil {
			fee.Add(fee, new(big.Int).Mul(toBig(uint64(receipt.BlobGas)), receipt.BlobGasPrice.ToInt()))
		}
		done, err := Past(ctx, g, tx.Hash())
		if err != nil {
			t.Fatalf("type %d: %v", tx.Type(), err)
		}
		if !simulated.OK() || !done.OK() {
			t.Fatalf("type %d: %s", tx.Type(), asJSON(t, simulated.Txs))
		}
		if d := cmp.Diff(simulated.Unknown, done.Unknown); d != "" {
			t.Errorf("type %d: %s", tx.Type(), d)
		}
		for when, e := range map[string]*Effects{"simulated": simulated, "looked back at": done} {
			if res := e.Txs[0]; res.GasUsed != uint64(receipt.GasUsed) || res.Fee.ToBig().Cmp(fee) != 0 {
				t.Errorf("type %d, %s: gas %d and fee %s, the receipt says %d and %s", tx.Type(), when, res.GasUsed, res.Fee.Dec(), receipt.GasUsed, fee)
			}
		}
		if d := cmp.Diff(simulated.Controls, done.Controls); d != "" {
			t.Errorf("type %d: %s", tx.Type(), d)
		}
		a, _ := simulated.balance(alice, Native, common.Address{})
		b, _ := done.balance(alice, Native, common.Address{})
		if a.After != b.After || a.Before != b.Before {
			t.Errorf("type %d: alice had %s then %s, and simulated was %s then %s", tx.Type(), b.Before.Dec(), b.After.Dec(), a.Before.Dec(), a.After.Dec())
		}
	}
}

func TestTheFifthOfABlockIsRunBehindTheFourBeforeIt(t *testing.T) {
	g := newGeth(t)
	txs := []*types.Transaction{
		signed(t, alice, tipped(0, &tokenB, pack(selApprove, puller[:], wei(100)))),
		signed(t, alice, tipped(1, &clock, nil)),
		signed(t, alice, tipped(2, &clock, nil)),
		signed(t, alice, tipped(3, &tokenA, pack(selTransfer, bob[:], wei(9_000_000)))), // fails
		signed(t, alice, tipped(4, &tokenB, pack(selTransfer, bob[:], wei(7)))),
	}
	pull := tipped(0, &puller, pack([4]byte{}, tokenB[:], alice[:], wei(60)))
	pull.GasTipCap = big.NewInt(1e6) // last of all
	txs = append(txs, signed(t, bob, pull))
	g.pool(t, txs...)
	g.Commit()
	g.Commit() // it is a past one
	ctx := context.Background()
	var last receipt
	if err := g.Call(ctx, &last, "eth_getTransactionReceipt", txs[5].Hash()); err != nil || *last.Index != 5 {
		t.Fatalf("%+v %v", last, err)
	}
	e, err := Past(ctx, g, txs[5].Hash())
	if err != nil {
		t.Fatal(err)
	}
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenB, Before: num(100), After: num(40)})
	wantBalance(t, e, alice, ERC20, tokenB, 999_993, 999_933)
	if len(e.Findings) != 0 || e.Pin.Number != 2 {
		t.Errorf("%+v", e.Pin)
	}
	failed, err := Past(ctx, g, txs[3].Hash())
	if err != nil || failed.OK() || failed.Txs[0].Revert != "too little" || len(failed.Unknown) > 0 {
		t.Errorf("%v %s", err, asJSON(t, failed))
	}
	second, err := Past(ctx, g, txs[2].Hash())
	if err != nil || len(second.Unknown) > 0 {
		t.Errorf("%v %s", err, asJSON(t, second))
	}
}

// edited changes what a Source answers to a method.
type edited struct {
	Source
	method string
	edit   func(e *rpc.BatchElem)
}

func (s edited) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method == s.method {
			s.edit(&elems[i])
		}
	}
	return err
}

// swapped replaces words of an answer.
func swapped(pairs ...string) func(e *rpc.BatchElem) {
	return func(e *rpc.BatchElem) {
		raw := e.Result.(*json.RawMessage)
		*raw = json.RawMessage(strings.NewReplacer(pairs...).Replace(string(*raw)))
	}
}

func without(field string) func(e *rpc.BatchElem) {
	return func(e *rpc.BatchElem) {
		raw := e.Result.(*json.RawMessage)
		var m map[string]json.RawMessage
		if json.Unmarshal(*raw, &m) == nil {
			delete(m, field)
			*raw, _ = json.Marshal(m)
		}
	}
}

func TestWhyAPastTransactionCanNotBeToldIsSaid(t *testing.T) {
	g := newGeth(t)
	tx := signed(t, alice, tipped(0, &tokenA, pack(selTransfer, bob[:], wei(7))))
	g.pool(t, tx)
	g.Commit()
	waiting := signed(t, alice, tipped(1, &tokenA, pack(selTransfer, bob[:], wei(7))))
	g.pool(t, waiting)
	fails := func(text string, code int) func(e *rpc.BatchElem) {
		return func(e *rpc.BatchElem) { e.Error = coded{text, code} }
	}
	for _, c := range []struct {
		name string
		src  Source
		hash common.Hash
		want error
		hint string
	}{
		{"unknown", g, common.Hash{1}, ErrUnknownTx, "check the hash"},
		{"pending", g, waiting.Hash(), ErrPending, "wait"},
		{"no state", edited{g, "eth_getBalance", fails("missing trie node ab (path )", -32000)}, tx.Hash(), pinned.ErrPruned, "archive"},
		{"no method", edited{g, "eth_getTransactionByHash", fails("the method does not exist", -32601)}, tx.Hash(), pinned.ErrNoMethod, "another endpoint"},
		{"before London", edited{g, "eth_getBlockByHash", without("baseFeePerGas")}, tx.Hash(), ErrBeforeLondon, "older rules"},
		{"a rollup's", edited{g, "eth_getBlockByHash", swapped(`"type":"0x2"`, `"type":"0x7e"`)}, tx.Hash(), ErrForeignTx, "rollups"},
	} {
		_, err := Past(context.Background(), c.src, c.hash)
		e, named := refusal.As(err)
		if !errors.Is(err, c.want) || !named || !strings.Contains(e.Hint, c.hint) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for name, src := range map[string]Source{
		"another sender":         edited{g, "eth_getBlockByHash", swapped(strings.ToLower(alice.Hex()), strings.ToLower(bob.Hex()))},
		"another signature":      edited{g, "eth_getBlockByHash", swapped(`"value":"0x0"`, `"value":"0x1"`)},
		"no transactions":        edited{g, "eth_getBlockByHash", without("transactions")},
		"no block":               edited{g, "eth_getBlockByHash", raw("null")},
		"no receipt":             edited{g, "eth_getTransactionReceipt", raw("null")},
		"half a receipt":         edited{g, "eth_getTransactionReceipt", without("gasUsed")},
		"a receipt of nonsense":  edited{g, "eth_getTransactionReceipt", raw(`"0x"`)},
		"a place beyond the end": edited{g, "eth_getTransactionReceipt", swapped(`"transactionIndex":"0x0"`, `"transactionIndex":"0xffffffffffffffff"`)},
	} {
		e, err := Past(context.Background(), src, tx.Hash())
		if _, named := refusal.As(err); !named {
			t.Errorf("%s: %v %v", name, e, err)
		}
	}
}

type coded struct {
	text string
	code int
}

func (e coded) Error() string  { return e.text }
func (e coded) ErrorCode() int { return e.code }

func TestWhatTheReceiptSaysOtherwiseIsUnknown(t *testing.T) {
	g := newGeth(t)
	tx := signed(t, alice, tipped(0, &tokenA, pack(selTransfer, bob[:], wei(7))))
	g.pool(t, tx)
	g.Commit()
	for name, c := range map[string]struct {
		edit func(e *rpc.BatchElem)
		want string
	}{
		"gas":     {func(e *rpc.BatchElem) { swapped(`"gasUsed":"0x`, `"gasUsed":"0x1`)(e) }, "gas by its receipt"},
		"outcome": {swapped(`"status":"0x1"`, `"status":"0x0"`), "here it succeeds"},
		"logs":    {swapped(fmt.Sprintf("%064x", 7), fmt.Sprintf("%064x", 8)), "the logs"},
	} {
		e, err := Past(context.Background(), edited{g, "eth_getTransactionReceipt", c.edit}, tx.Hash())
		if err != nil || len(e.Unknown) != 1 || !strings.Contains(e.Unknown[0], c.want) {
			t.Errorf("%s: %v %s", name, err, asJSON(t, e))
		}
	}
}

func TestAPastBlockHasTheRulesOfItsOwnTime(t *testing.T) {
	g := newGeth(t)
	tx := signed(t, alice, tipped(0, &tokenA, pack(selTransfer, bob[:], wei(7))))
	g.pool(t, tx)
	g.Commit()
	f := newFork(t, g)
	h := f.remote.Header()
	// A remote that only tells of rules that begin after the block: those of the block are told by its header and by a probe at it.
	ctx := context.Background()
	future := edited{g, "eth_config", func(e *rpc.BatchElem) {
		raw := e.Result.(*json.RawMessage)
		var m map[string]map[string]any
		if err := json.Unmarshal(*raw, &m); err != nil {
			t.Fatal(err)
		}
		m["current"]["activationTime"] = h.Time + 1
		*raw, _ = json.Marshal(m)
	}}
	old := edited{future, "eth_call", raw(`"0x0000000000000000000000000000000000000000000000000000000000000002"`)}
	for want, src := range map[pinned.Era]Source{pinned.Osaka: future, pinned.Prague: old} {
		r, err := pinned.Dial(ctx, src, pinned.At{Hash: &h.Parent})
		if err != nil {
			t.Fatal(err)
		}
		if rules, err := r.RulesOf(ctx, h); err != nil || rules.Era != want {
			t.Errorf("%s, want %s: %v", rules.Era, want, err)
		}
	}
	e, err := Past(ctx, old, tx.Hash())
	if err != nil {
		t.Fatal(err)
	}
	ok(t, e)
}

// A chain that stays in an older era is run by its rules, forwards and backwards.
func TestOlderErasAreRunByTheirOwnRules(t *testing.T) {
	for want, edit := range map[pinned.Era]func(*params.ChainConfig){
		pinned.Shanghai: shanghai,
		pinned.Cancun:   func(c *params.ChainConfig) { c.PragueTime, c.OsakaTime = nil, nil },
		pinned.Prague:   func(c *params.ChainConfig) { c.OsakaTime = nil },
	} {
		t.Run(want.String(), func(t *testing.T) {
			g := newGethOf(t, nil, edit)
			for name, src := range map[string]Source{"by its own word": g, "by its headers": unhinted{g}} {
				f := newFork(t, src)
				if f.rules.Era != want {
					t.Fatalf("%s: %s", name, f.rules.Era)
				}
				nonce, err := f.Nonce(context.Background(), alice)
				if err != nil {
					t.Fatal(err)
				}
				tx := signed(t, alice, tipped(nonce, &clock, nil))
				ours, err := TxOf(tx)
				if err != nil {
					t.Fatal(err)
				}
				before := simulate(t, f, ours)
				ok(t, before)
				g.pool(t, tx)
				g.Commit()
				after, err := Past(context.Background(), src, tx.Hash())
				if err != nil {
					t.Fatal(err)
				}
				ok(t, after)
				if before.Txs[0].GasUsed != after.Txs[0].GasUsed {
					t.Errorf("%s: %d gas, then %d", name, before.Txs[0].GasUsed, after.Txs[0].GasUsed)
				}
			}
			tx := callTo(alice, bob, nil)
			tx.Blobs, tx.Gas = []common.Hash{{1}}, 21_000
			if _, err := newFork(t, g).Simulate(context.Background(), []Tx{tx}); (err == nil) != (want >= pinned.Cancun) {
				t.Errorf("a blob: %v", err)
			}
		})
	}
}

func TestOnlyWhatIsSignedIsTaken(t *testing.T) {
	whole := signed(t, alice, tipped(0, &tokenA, nil))
	raw, err := whole.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for n := range raw {
		if tx, err := ParseTx(raw[:n]); err == nil {
			t.Fatalf("%d bytes are %+v", n, tx)
		}
	}
	if _, err := TxOf(types.NewTx(tipped(0, &tokenA, nil))); !errors.Is(err, ErrUnsigned) {
		t.Error(err)
	}
	empty := tipped(0, &tokenA, nil)
	empty.Gas = 0
	if _, err := TxOf(signed(t, alice, empty)); !errors.Is(err, ErrNoGas) {
		t.Error(err)
	}
	tx, err := ParseTx(raw)
	if err != nil || tx.From != alice || tx.ChainID != testChain || *tx.Nonce != 0 || tx.Gas != 300_000 || tx.GasTipCap.Uint64() != 1e9 || tx.BlobFeeCap != nil {
		t.Errorf("%+v %v", tx, err)
	}
	legacy, err := TxOf(signed(t, bob, &types.LegacyTx{To: &tokenA, Gas: 21_000, GasPrice: big.NewInt(5)}))
	if err != nil || legacy.From != bob || legacy.GasFeeCap.Uint64() != 5 || legacy.GasTipCap.Uint64() != 5 {
		t.Errorf("%+v %v", legacy, err)
	}
}

func FuzzParseTx(f *testing.F) {
	for _, tx := range kinds(f) {
		raw, err := tx.MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw[:min(len(raw), 4096)])
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if tx, err := ParseTx(raw); err == nil && (tx.Gas == 0 || tx.Nonce == nil || tx.From == (common.Address{})) {
			t.Errorf("%+v", tx)
		}
	})
}

func TestBlobsAreCountedPricedAndPaidFor(t *testing.T) {
	f := newFork(t, newGeth(t))
	ctx := context.Background()
	with := func(n int) Tx {
		tx := callTo(alice, bob, nil)
		for i := range n {
			h := crypto.Keccak256Hash([]byte{byte(i)})
			h[0] = 1
			tx.Blobs = append(tx.Blobs, h)
		}
		return tx
	}
	one := simulate(t, f, with(1))
	six := simulate(t, f, with(6))
	price := f.current().block.BlobFee
	if d := six.Txs[0].Fee.Uint64() - one.Txs[0].Fee.Uint64(); price.IsZero() || d != 5*(1<<17)*price.Uint64() {
		t.Errorf("five blobs more cost %d wei", d)
	}
	c, _ := one.balance(alice, Native, common.Address{})
	if paid := new(uint256.Int).Sub(&c.Before, &c.After); !paid.Eq(&one.Txs[0].Fee) {
		t.Errorf("paid %s, the fee is %s", paid.Dec(), one.Txs[0].Fee.Dec())
	}
	for name, tx := range map[string]Tx{
		"more than a transaction may": with(7),
		"more than a block may":       with(f.rules.MaxBlobs() + 1),
		"a cap under the price":       func() Tx { tx := with(1); tx.BlobFeeCap = new(uint256.Int); return tx }(),
		"of another version":          func() Tx { tx := with(1); tx.Blobs[0][0] = 2; return tx }(),
		"a creation":                  func() Tx { tx := with(1); tx.To = nil; return tx }(),
	} {
		if _, err := f.Simulate(ctx, []Tx{tx}); err == nil {
			t.Errorf("%s: simulated", name)
		}
	}
	for name, feeCap := range map[string]*uint256.Int{"dear": uint256.MustFromBig(ether(1)), "beyond all numbers": new(uint256.Int).SetAllOne()} {
		tx := with(1)
		tx.BlobFeeCap = feeCap
		for _, tx.Gas = range []uint64{0, 21_000} {
			if _, err := f.Simulate(ctx, []Tx{tx}); !refusal.Is(err, refusal.Balance) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
