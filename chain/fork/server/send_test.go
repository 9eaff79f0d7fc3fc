package server

import (
	"bytes"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/crypto/kzg4844"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

func gwei(n uint64) *uint256.Int { return uint256.NewInt(n * params.GWei) }

// blobs is a transaction with so many blobs, which are all alike.
func blobs(t testing.TB, nonce uint64, n int) *types.BlobTx {
	t.Helper()
	blob := new(kzg4844.Blob)
	commitment, err := kzg4844.BlobToCommitment(blob)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := kzg4844.ComputeBlobProof(blob, commitment)
	if err != nil {
		t.Fatal(err)
	}
	sidecar := &types.BlobTxSidecar{}
	for range n {
		sidecar.Blobs, sidecar.Commitments, sidecar.Proofs = append(sidecar.Blobs, *blob), append(sidecar.Commitments, commitment), append(sidecar.Proofs, proof)
	}
	return &types.BlobTx{
		ChainID: wei(rigChain), Nonce: nonce, GasTipCap: gwei(1), GasFeeCap: gwei(10), Gas: 50_000, To: bob, BlobFeeCap: gwei(1),
		BlobHashes: sidecar.BlobHashes(), Sidecar: sidecar, Value: new(uint256.Int),
	}
}

func TestTransactionsOfEveryTypeAreBlocksAtOnce(t *testing.T) {
	r := newRig(t, Options{})
	actor, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	delegation, err := types.SignSetCode(actor, types.SetCodeAuthorization{ChainID: *wei(rigChain), Address: counter})
	if err != nil {
		t.Fatal(err)
	}
	authority := crypto.PubkeyToAddress(actor.PublicKey)
	access := types.AccessList{{Address: counter, StorageKeys: []common.Hash{{}}}}
	for n, data := range []types.TxData{
		&types.LegacyTx{Nonce: 0, GasPrice: big.NewInt(5 * params.GWei), Gas: 100_000, To: &counter},
		&types.AccessListTx{ChainID: big.NewInt(rigChain), Nonce: 1, GasPrice: big.NewInt(5 * params.GWei), Gas: 100_000, To: &counter, AccessList: access},
		r.fee(2, counter),
		blobs(t, 3, 2),
		&types.SetCodeTx{
			ChainID: wei(rigChain), Nonce: 4, GasTipCap: gwei(1), GasFeeCap: gwei(10), Gas: 200_000, To: authority, Value: new(uint256.Int),
			AuthList: []types.SetCodeAuthorization{delegation},
		},
		&types.DynamicFeeTx{ChainID: big.NewInt(rigChain), Nonce: 5, GasTipCap: big.NewInt(1), GasFeeCap: big.NewInt(10 * params.GWei), Gas: 100_000, Data: []byte{0x00}},
	} {
		hash := ask[common.Hash](r, "eth_sendRawTransaction", r.sign(data))
		receipt := ask[*types.Receipt](r, "eth_getTransactionReceipt", hash)
		if receipt == nil || receipt.Status != 1 || receipt.BlockNumber.Uint64() != rigHead+1+uint64(n) || int(receipt.Type) != int(types.NewTx(data).Type()) {
			t.Fatalf("%d: %s", n, asJSON(t, receipt))
		}
		var tx types.Transaction
		if tx = ask[types.Transaction](r, "eth_getTransactionByHash", hash); tx.Hash() != hash {
			t.Errorf("%d: %s has hash %s", n, hash, tx.Hash())
		}
		if receipt.Type == types.BlobTxType && (receipt.BlobGasUsed != 2*blobGas || receipt.BlobGasPrice.Sign() == 0) {
			t.Errorf("blobs: %s", asJSON(t, receipt))
		}
	}
	if got := ask[common.Hash](r, "eth_getStorageAt", authority, "0x0", "latest"); got != wordOf(1) {
		t.Errorf("the delegated account counted to %s", got)
	}
	if got, want := ask[hexutil.Bytes](r, "eth_getCode", authority, "latest"), types.AddressToDelegation(counter); !bytes.Equal(got, want) {
		t.Errorf("code %s", got)
	}
}

func TestWhatCanBeInNoBlockIsRefusedInGethsWords(t *testing.T) {
	r := newRig(t, Options{})
	r.send(bob)
	edit := func(change func(*types.DynamicFeeTx)) hexutil.Bytes {
		tx := r.fee(1, bob)
		change(tx)
		return r.sign(tx)
	}
	mined := r.sign(r.fee(0, bob))
	unsigned, err := types.NewTx(&types.DynamicFeeTx{ChainID: big.NewInt(rigChain), V: new(big.Int), R: new(big.Int), S: new(big.Int)}).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		raw  hexutil.Bytes
		want string
	}{
		"an old nonce":          {edit(func(tx *types.DynamicFeeTx) { tx.Nonce, tx.Value = 0, big.NewInt(1) }), "nonce too low: next nonce 1, tx nonce 0"},
		"one that was mined":    {mined, "already known"},
		"more than there is":    {edit(func(tx *types.DynamicFeeTx) { tx.Value = big.NewInt(2e18); tx.Value.Mul(tx.Value, big.NewInt(100)) }), "insufficient funds for gas * price + value: balance "},
		"too little gas":        {edit(func(tx *types.DynamicFeeTx) { tx.Gas = 20_000 }), "intrinsic gas too low"},
		"too little for data":   {edit(func(tx *types.DynamicFeeTx) { tx.Gas, tx.Data = 23_000, bytes.Repeat([]byte{1}, 100) }), "insufficient gas for floor data gas cost"},
		"more than a tx may":    {edit(func(tx *types.DynamicFeeTx) { tx.Gas = 17_000_000 }), "transaction gas limit too high"},
		"a tip above the cap":   {edit(func(tx *types.DynamicFeeTx) { tx.GasTipCap = big.NewInt(11 * params.GWei) }), "max priority fee per gas higher than max fee per gas"},
		"a cap below the fee":   {edit(func(tx *types.DynamicFeeTx) { tx.GasFeeCap, tx.GasTipCap = big.NewInt(1), big.NewInt(1) }), "max fee per gas less than block base fee"},
		"the last nonce":        {edit(func(tx *types.DynamicFeeTx) { tx.Nonce = 1<<64 - 1 }), "nonce has max value"},
		"too much init code":    {edit(func(tx *types.DynamicFeeTx) { tx.To, tx.Data, tx.Gas = nil, make([]byte, 50_000), 10_000_000 }), "max initcode size exceeded"},
		"too many bytes":        {edit(func(tx *types.DynamicFeeTx) { tx.Data, tx.Gas = make([]byte, 140_000), 10_000_000 }), "oversized data"},
		"no signature":          {unsigned, "invalid sender"},
		"another chain":         {r.signFor(2, r.fee(1, bob)), "invalid sender"},
		"no transaction":        {hexutil.Bytes{1, 2, 3}, ""},
		"more blobs than fit":   {r.sign(blobs(t, 1, 10)), "blob"},
		"blobs left out":        {r.sign(withoutBlobs(blobs(t, 1, 1))), "missing sidecar in blob transaction"},
		"blobs of other hashes": {r.sign(otherHashes(blobs(t, 1, 1))), "mismatches"},
	} {
		t.Run(name, func(t *testing.T) {
			was := r.head()
			if err := r.fails("eth_sendRawTransaction", c.raw); !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
			if r.head() != was {
				t.Error("there is a block of it")
			}
		})
	}
	if receipt := r.send(bob); receipt.Status != 1 {
		t.Error("after all that, a good one fails")
	}
}

func (r *rig) signFor(chain int64, tx *types.DynamicFeeTx) hexutil.Bytes {
	r.t.Helper()
	tx.ChainID = big.NewInt(chain)
	signed, err := types.SignNewTx(r.key, types.LatestSignerForChainID(tx.ChainID), tx)
	if err != nil {
		r.t.Fatal(err)
	}
	raw, err := signed.MarshalBinary()
	if err != nil {
		r.t.Fatal(err)
	}
	return raw
}

func withoutBlobs(tx *types.BlobTx) *types.BlobTx {
	tx.Sidecar = nil
	return tx
}

func otherHashes(tx *types.BlobTx) *types.BlobTx {
	tx.BlobHashes = []common.Hash{{0: 1, 31: 7}}
	return tx
}

func TestTransactionsWaitUntilABlockIsAskedFor(t *testing.T) {
	r := newRig(t, Options{})
	ask[any](r, "evm_setAutomine", false)
	var hashes []common.Hash
	for n := range uint64(3) {
		hashes = append(hashes, ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(n, counter))))
	}
	queued := ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(5, counter)))
	if got := ask[map[string]hexutil.Uint](r, "txpool_status"); got["pending"] != 3 || got["queued"] != 1 {
		t.Errorf("%v", got)
	}
	if got := ask[hexutil.Uint64](r, "eth_getTransactionCount", r.from, "pending"); got != 3 {
		t.Errorf("pending nonce %d", got)
	}
	if got := ask[hexutil.Uint64](r, "eth_getTransactionCount", r.from, "latest"); got != 0 {
		t.Errorf("nonce %d", got)
	}
	if got := ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", "pending"); got != wordOf(3) {
		t.Errorf("the pending block counts to %s", got)
	}
	if err := r.fails("eth_sendRawTransaction", r.sign(r.fee(1, bob))); !strings.Contains(err.Error(), "replacement transaction underpriced") {
		t.Error(err)
	}
	better := r.fee(1, bob)
	better.GasFeeCap, better.GasTipCap = big.NewInt(20*params.GWei), big.NewInt(2*params.GWei)
	hashes[1] = ask[common.Hash](r, "eth_sendRawTransaction", r.sign(better))
	ask[string](r, "evm_mine")
	for i, hash := range hashes {
		receipt := ask[*types.Receipt](r, "eth_getTransactionReceipt", hash)
		if receipt == nil || receipt.Status != 1 || receipt.TransactionIndex != uint(i) || receipt.BlockNumber.Uint64() != rigHead+1 {
			t.Errorf("%d: %s", i, asJSON(t, receipt))
		}
	}
	if got := ask[any](r, "eth_getTransactionReceipt", queued); got != nil {
		t.Errorf("there is a receipt behind a gap: %v", got)
	}
	ask[any](r, "evm_setAutomine", true)
	for n := uint64(3); n < 5; n++ {
		ask[common.Hash](r, "eth_sendRawTransaction", r.sign(r.fee(n, counter)))
	}
	if got := ask[*types.Receipt](r, "eth_getTransactionReceipt", queued); got == nil || got.Status != 1 {
		t.Error("what waited behind the gap is in no block, though the gap is filled")
	}
}

func TestABlockHoldsNoMoreBlobsThanTheRulesAllow(t *testing.T) {
	r := newRig(t, Options{})
	most := r.server.current().remote.Rules().MaxBlobs()
	ask[any](r, "evm_setAutomine", false)
	perTx := most/2 + 1
	for n := range uint64(2) {
		ask[common.Hash](r, "eth_sendRawTransaction", r.sign(blobs(t, n, perTx)))
	}
	for range 2 {
		ask[string](r, "evm_mine")
		h := ask[struct{ BlobGasUsed hexutil.Uint64 }](r, "eth_getBlockByNumber", "latest", false)
		if int(h.BlobGasUsed) != perTx*blobGas {
			t.Errorf("%d blobs in a block", h.BlobGasUsed/blobGas)
		}
	}
}

func TestImpersonatedAccountsSendWithoutASignature(t *testing.T) {
	r := newRig(t, Options{})
	args := map[string]any{"from": counter, "to": bob, "value": "0x1"}
	if err := r.fails("eth_sendTransaction", args); !strings.Contains(err.Error(), "not impersonated") {
		t.Error(err)
	}
	ask[any](r, "anvil_setBalance", counter, "0xde0b6b3a7640000")
	ask[any](r, "hardhat_impersonateAccount", counter)
	first := ask[*types.Receipt](r, "eth_getTransactionReceipt", ask[common.Hash](r, "eth_sendTransaction", args))
	second := ask[*types.Receipt](r, "eth_getTransactionReceipt", ask[common.Hash](r, "eth_sendTransaction", args))
	if first.Status != 1 || second.Status != 1 || first.TxHash == second.TxHash {
		t.Error(asJSON(t, []any{first, second}))
	}
	if got := ask[hexutil.Big](r, "eth_getBalance", bob, "latest"); got.ToInt().Uint64() != 2 {
		t.Errorf("bob has %s", got.ToInt())
	}
	if tx := ask[map[string]any](r, "eth_getTransactionByHash", first.TxHash); tx["from"] != strings.ToLower(counter.Hex()) {
		t.Errorf("sent by %v", tx["from"])
	}
	ask[any](r, "anvil_stopImpersonatingAccount", counter)
	r.fails("eth_sendTransaction", args)
}

// What a dump holds is all that the fork has above its pin, and what is loaded is all that it has then.
func TestADumpedStateIsLoadedAsItWas(t *testing.T) {
	r := newRig(t, Options{})
	rapid.Check(t, func(t *rapid.T) {
		addresses := []common.Address{bob, counter, failing, {1: 9}}
		write := func() {
			a := rapid.SampledFrom(addresses).Draw(t, "address")
			n := rapid.Uint64Range(0, 3).Draw(t, "value")
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				ask[any](r, "anvil_setBalance", a, hexutil.Uint64(n))
			case 1:
				ask[any](r, "anvil_setNonce", a, n)
			case 2:
				ask[any](r, "anvil_setStorageAt", a, n, wordOf(n))
			case 3:
				ask[any](r, "anvil_setCode", a, hexutil.Bytes(make([]byte, n)))
			}
		}
		look := func() string {
			var all []any
			for _, a := range addresses {
				all = append(all, ask[any](r, "eth_getBalance", a, "latest"), ask[any](r, "eth_getTransactionCount", a, "latest"), ask[any](r, "eth_getCode", a, "latest"))
				for n := range 4 {
					all = append(all, ask[any](r, "eth_getStorageAt", a, hexutil.Uint64(n).String(), "latest"))
				}
			}
			return asJSON(r.t, all)
		}
		for range rapid.IntRange(0, 5).Draw(t, "before") {
			write()
		}
		want, state := look(), ask[string](r, "anvil_dumpState")
		for range rapid.IntRange(0, 5).Draw(t, "after") {
			write()
		}
		if !ask[bool](r, "hardhat_loadState", state) {
			t.Fatal("not loaded")
		}
		if have := look(); have != want {
			t.Fatalf("%s\n%s", have, want)
		}
		if again := ask[string](r, "anvil_dumpState"); again != state {
			t.Fatal("what was loaded is dumped otherwise")
		}
	})
	for _, text := range []string{
		`{}`, `{"version":2}`, `[]`, `{"version":1,"chain":1,"pin":{"number":1,"hash":"0x0000000000000000000000000000000000000000000000000000000000000000"},"accounts":{}}`,
		`{"version":1,"more":1}`, ``,
	} {
		if err := r.fails("anvil_loadState", hexutil.Bytes(text)); strings.Contains(err.Error(), "crashed") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatIsAskedOfTheNextBlockIsInItAlone(t *testing.T) {
	r := newRig(t, Options{})
	was := r.server.current().env(rigHead)
	ask[any](r, "hardhat_setNextBlockBaseFeePerGas", "0x3b9aca07")
	ask[any](r, "hardhat_setPrevRandao", wordOf(42))
	ask[any](r, "anvil_setCoinbase", bob)
	ask[any](r, "evm_setNextBlockTimestamp", was.Time+10_000)
	ask[any](r, "evm_setBlockGasLimit", "0xf4240")
	ask[any](r, "anvil_mine", 2)
	b := r.server.current()
	first, second := b.blocks[0].env, b.blocks[1].env
	if first.BaseFee.Uint64() != 0x3b9aca07 || first.Random != wordOf(42) || first.Coinbase != bob || first.Time != was.Time+10_000 || first.GasLimit != 1_000_000 {
		t.Errorf("%+v", first)
	}
	if second.BaseFee == first.BaseFee || second.Random == first.Random || second.Coinbase != bob || second.Time <= first.Time || second.GasLimit != 1_000_000 {
		t.Errorf("%+v", second)
	}
	for method, arg := range map[string]any{
		"evm_setNextBlockTimestamp": was.Time, "evm_setBlockGasLimit": "0x1", "evm_increaseTime": "0xffffffffffffffff", "evm_setTime": "x",
		"anvil_setNextBlockBaseFeePerGas": "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "evm_setIntervalMining": 1,
		"hardhat_setNonce": "0x1ffffffffffffffff", "evm_revert": []any{},
	} {
		r.fails(method, arg)
	}
}

func TestAResetTakesAllAway(t *testing.T) {
	r := newRig(t, Options{})
	r.send(counter)
	id := ask[string](r, "evm_snapshot")
	ask[any](r, "hardhat_reset")
	if r.head() != rigHead || ask[common.Hash](r, "eth_getStorageAt", counter, "0x0", "latest") != (common.Hash{}) || ask[bool](r, "evm_revert", id) {
		t.Error("something is left")
	}
	if err := r.fails("anvil_reset", map[string]any{"forking": map[string]any{"jsonRpcUrl": "http://127.0.0.1:1"}}); !strings.Contains(err.Error(), "stays with its remote") {
		t.Error(err)
	}
	r.nonce = 0
	if again := r.send(counter); again.Status != 1 {
		t.Error(asJSON(t, again))
	}
}

// Branches share the blocks that they have in common. Whatever is mined and reverted, each has its own.
func TestABranchKeepsItsBlocks(t *testing.T) {
	r := newRig(t, Options{})
	type kept struct {
		branch *branch
		blocks []*block
	}
	rapid.Check(t, func(t *rapid.T) {
		ask[any](r, "anvil_reset")
		var all []kept
		ids := map[string]int{} // snapshots, with what was kept when they were taken
		keep := func() int {
			b := r.server.current()
			for i, l := range b.blocks {
				if l.number() != rigHead+1+uint64(i) || l.header.ParentHash != b.hashOf(l.number()-1) {
					t.Fatalf("block %d is in the place of %d, or on another parent", l.number(), rigHead+1+i)
				}
			}
			all = append(all, kept{b, slices.Clone(b.blocks)})
			return len(all) - 1
		}
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				ask[any](r, "anvil_mine", rapid.IntRange(1, 3).Draw(t, "blocks"))
				keep()
			case 1:
				ids[ask[string](r, "evm_snapshot")] = keep()
			case 2:
				if len(ids) == 0 {
					continue
				}
				id := rapid.SampledFrom(slices.Sorted(maps.Keys(ids))).Draw(t, "id")
				if was := all[ids[id]]; ask[bool](r, "evm_revert", id) && !slices.Equal(r.server.current().blocks, was.blocks) {
					t.Fatal("reverted to other blocks")
				}
				delete(ids, id)
			}
		}
		for i, k := range all {
			if !slices.Equal(k.branch.blocks, k.blocks) {
				t.Fatalf("branch %d has other blocks than it had", i)
			}
		}
	})
}

// What a block has for randomness and for the beacon chain's root can't be told from the pin, but is the same for the same secret. A
// field that is constant on the chain stays, and so does its miner.
func TestBlocksHaveTheChainsRandomnessOrItsConstants(t *testing.T) {
	random := func(h *types.Header) { h.MixDigest, h.ParentBeaconRoot = common.Hash{1, 2}, &common.Hash{3, 4} }
	constant := func(h *types.Header) {
		h.MixDigest, h.ParentBeaconRoot, h.Coinbase = wordOf(5), new(common.Hash), common.Address{}
	}
	secret := common.Hash{7}
	next := func(o Options, edit func(*types.Header)) *types.Header {
		r := newRigOn(t, o, edit)
		r.send(counter)
		return ask[*types.Header](r, "eth_getBlockByNumber", "latest", false)
	}
	first, again, other := next(Options{secret: secret}, random), next(Options{secret: secret}, random), next(Options{}, random)
	if first.Hash() != again.Hash() {
		t.Errorf("%s, then %s", asJSON(t, first), asJSON(t, again))
	}
	for name, h := range map[string]*types.Header{"a fork": other, "another one": next(Options{}, random)} {
		root := *h.ParentBeaconRoot
		if h.MixDigest == first.MixDigest || root == *first.ParentBeaconRoot || pinned.Constant(h.MixDigest) || pinned.Constant(root) || h.MixDigest == root {
			t.Errorf("%s: %s", name, asJSON(t, h))
		}
	}
	if h := next(Options{}, constant); h.MixDigest != wordOf(5) || *h.ParentBeaconRoot != (common.Hash{}) || h.Coinbase != (common.Address{}) {
		t.Errorf("%s", asJSON(t, h))
	}
}
