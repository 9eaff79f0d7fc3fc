package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/tests"
	"github.com/holiman/uint256"
)

// The suites' own cases stand in where there is no data. Each is small and about one thing; what must come out is not written
// here but computed by go-ethereum on a real trie, by its own runner.

// own are the accounts and code of the own cases.
var own = struct {
	sender, other, contract, coinbase common.Address
}{
	common.HexToAddress("0x71562b71999873DB5b286dF957af199Ec94617F7"), // of ownKey
	common.HexToAddress("0x000000000000000000000000000000000000a11c"),
	common.HexToAddress("0x000000000000000000000000000000000000c0de"),
	common.HexToAddress("0x000000000000000000000000000000000000c01b"),
}

// ownKey signs own transactions. go-ethereum's tests have made it known to all.
var ownKey = common.FromHex("b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291")

// ownState is a transaction and what is special about it.
type ownState struct {
	name  string
	since string // the first fork that has what it is about
	code  string // of the contract
	edit  func(c *StateCase)
	wrong string // the exception
}

var ownStates = []ownState{
	{name: "transfer", edit: func(c *StateCase) { c.Tx.To = &own.other }},
	{name: "store and log", code: "60 2a 5f 55  5f 60 01 55  60 07 5f 52 60 20 5f a0  60 09 60 20 5f a1"},
	{name: "revert", code: "60 2a 5f 55 5f 5f fd"},
	{name: "out of gas", code: "5b 5f 56"},
	{name: "call with value", code: "5f 5f 5f 5f 60 05 61 a11c 5a f1 5f 55"},
	{name: "create", edit: func(c *StateCase) { c.Tx.To, c.Tx.Data = nil, common.FromHex("602a5f5560015f5360015ff3") }},
	{name: "create and destroy", code: "61 30ff 5f 52 60 02 60 1e 60 01 f0 5f 5f 5f 5f 60 01 94 5a f1 5f 55"},
	{name: "hash of a block", code: "60 03 40 5f 55 60 01 40 60 01 55"},
	{name: "block", code: "41 5f 55 42 60 01 55 43 60 02 55 44 60 03 55 45 60 04 55 48 60 05 55 3a 60 06 55"},
	{name: "access list", code: "5f 54 60 01 01 5f 55", edit: func(c *StateCase) {
		c.Tx.Type, c.Tx.AccessList = types.AccessListTxType, types.AccessList{{Address: own.contract, StorageKeys: []common.Hash{{}}}}
	}},
	{name: "transient storage", since: "Cancun", code: "60 08 5f 5d 5f 5c 5f 55"},
	{name: "blobs", since: "Cancun", code: "5f 49 5f 55 4a 60 01 55", edit: func(c *StateCase) { c.withBlobs(2) }},
	{name: "set code", since: "Prague", code: "33 5f 55", edit: (*StateCase).withSetCode},
	{name: "leading zeros", since: "Osaka", code: "60 01 1e 5f 55"},
	{name: "nonce too high", wrong: "TransactionException.NONCE_MISMATCH_TOO_HIGH", edit: func(c *StateCase) { c.Tx.Nonce = 9 }},
	{name: "no funds", wrong: "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS", edit: func(c *StateCase) { c.Tx.Value.SetAllOne() }},
	{name: "too little gas", wrong: "TransactionException.INTRINSIC_GAS_TOO_LOW", edit: func(c *StateCase) { c.Tx.Gas = 20_999 }},
	{name: "too many blobs", since: "Cancun", wrong: "TransactionException.TYPE_3_TX_BLOB_COUNT_EXCEEDED", edit: func(c *StateCase) {
		c.withBlobs(c.Block.MaxBlobs + 1)
	}},
}

func (c *StateCase) withBlobs(n int) {
	c.Tx.Type, c.Tx.BlobFeeCap = types.BlobTxType, *uint256.NewInt(1000)
	c.Tx.FeeCap, c.Tx.TipCap = c.Tx.GasPrice, c.Tx.GasPrice
	for i := range n {
		c.Tx.BlobHashes = append(c.Tx.BlobHashes, common.Hash{1, 31: byte(i)})
	}
}

func (c *StateCase) withSetCode() {
	key, err := crypto.ToECDSA(ownKey)
	if err != nil {
		panic(err) // a constant
	}
	auth, err := types.SignSetCode(key, types.SetCodeAuthorization{ChainID: *uint256.NewInt(1), Address: own.contract, Nonce: c.Tx.Nonce + 1})
	if err != nil {
		panic(err)
	}
	c.Tx.Type, c.Tx.Authorizations = types.SetCodeTxType, []types.SetCodeAuthorization{auth}
	c.Tx.FeeCap, c.Tx.TipCap = c.Tx.GasPrice, c.Tx.GasPrice
}

// ownStateCases yields the own cases for each fork.
func ownStateCases() iter.Seq2[*StateCase, error] {
	return func(yield func(*StateCase, error) bool) {
		for at, fork := range stateForks {
			for _, o := range ownStates {
				if o.since != "" && since(o.since) > at {
					continue
				}
				c, err := o.build(fork)
				if err != nil {
					err = fmt.Errorf("own case %s, %s: %w", o.name, fork, err)
				}
				if !yield(c, err) || err != nil {
					return
				}
			}
		}
	}
}

func since(fork string) int {
	for i, f := range stateForks {
		if f == fork {
			return i
		}
	}
	panic("no such fork: " + fork)
}

func (o *ownState) build(fork string) (*StateCase, error) {
	raw, err := json.Marshal(o.plain(fork).asFile())
	if err != nil {
		return nil, err
	}
	var f stateFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	c, err := f.build("own/"+o.name, fork, &f.Post[fork][0])
	if err != nil {
		return nil, err
	}
	if o.edit != nil {
		o.edit(c)
	}
	c.Want.Exception = o.wrong
	c.Want.Root, c.Want.Logs, err = c.byGeth()
	return c, err
}

// plain is a call of the contract by the sender.
func (o *ownState) plain(fork string) *StateCase {
	excess := new(uint64)
	return &StateCase{
		Fork: fork,
		Block: StateBlock{
			Number: 5, Time: 1_800_000_000, GasLimit: 30_000_000, Coinbase: own.coinbase, BaseFee: *uint256.NewInt(7), ExcessBlobGas: excess,
			Random: common.Hash{31: 9},
		},
		Pre: types.GenesisAlloc{
			own.sender: {Balance: big.NewInt(params.Ether), Nonce: 1},
			own.contract: {
				Balance: big.NewInt(100), Nonce: 1, Code: common.FromHex(spaceless(o.code)),
				Storage: map[common.Hash]common.Hash{{31: 1}: {31: 6}, {31: 255}: {31: 6}},
			},
		},
		Tx: StateTx{From: own.sender, To: &own.contract, Nonce: 1, Gas: 200_000, Value: *uint256.NewInt(3), GasPrice: *uint256.NewInt(11)},
	}
}

func spaceless(s string) string {
	b := make([]byte, 0, len(s))
	for i := range len(s) {
		if s[i] != ' ' {
			b = append(b, s[i])
		}
	}
	return string(b)
}

// byGeth is what go-ethereum's own runner makes of the case, on a real trie.
func (c *StateCase) byGeth() (root, logs common.Hash, err error) {
	test, err := c.asTest()
	if err != nil {
		return root, logs, err
	}
	st, root, _, err := test.RunNoVerify(tests.StateSubtest{Fork: c.Fork}, vm.Config{}, false, rawdb.HashScheme)
	defer func() { st.Close() }() // also of a case that is refused
	if (err != nil) != (c.Want.Exception != "") {
		return root, logs, fmt.Errorf("go-ethereum says %w, the case %q", errors.Join(err, errors.New("no more")), c.Want.Exception)
	}
	if err != nil {
		root, err = RootOf(c.Pre)
		return root, logs, err
	}
	logs, err = LogsHash(st.StateDB.Logs())
	return root, logs, err
}

func (c *StateCase) asTest() (*tests.StateTest, error) {
	raw, err := json.Marshal(c.asFile())
	if err != nil {
		return nil, err
	}
	test := new(tests.StateTest)
	return test, json.Unmarshal(raw, test)
}

// asFile is the case in the format of ethereum/tests.
func (c *StateCase) asFile() map[string]any {
	n := func(x *uint256.Int) string { return x.Hex() }
	tx := map[string]any{
		"nonce": hexutil.Uint64(c.Tx.Nonce), "data": []string{hexutil.Encode(c.Tx.Data)}, "gasLimit": []hexutil.Uint64{hexutil.Uint64(c.Tx.Gas)},
		"value": []string{n(&c.Tx.Value)}, "sender": c.Tx.From, "to": "",
	}
	if c.Tx.To != nil {
		tx["to"] = c.Tx.To.Hex()
	}
	if c.Tx.Type <= types.AccessListTxType {
		tx["gasPrice"] = n(&c.Tx.GasPrice)
	} else {
		tx["maxFeePerGas"], tx["maxPriorityFeePerGas"] = n(&c.Tx.FeeCap), n(&c.Tx.TipCap)
	}
	if c.Tx.AccessList != nil {
		tx["accessLists"] = []types.AccessList{c.Tx.AccessList}
	}
	if c.Tx.BlobHashes != nil {
		tx["blobVersionedHashes"], tx["maxFeePerBlobGas"] = c.Tx.BlobHashes, n(&c.Tx.BlobFeeCap)
	}
	if c.Tx.Authorizations != nil {
		list := make([]map[string]any, len(c.Tx.Authorizations))
		for i, a := range c.Tx.Authorizations {
			list[i] = map[string]any{
				"chainId": n(&a.ChainID), "address": a.Address, "nonce": hexutil.Uint64(a.Nonce), "v": hexutil.Uint64(a.V), "r": n(&a.R), "s": n(&a.S),
			}
		}
		tx["authorizationList"] = list
	}
	env := map[string]any{
		"currentCoinbase": c.Block.Coinbase, "currentGasLimit": hexutil.Uint64(c.Block.GasLimit), "currentNumber": hexutil.Uint64(c.Block.Number),
		"currentTimestamp": hexutil.Uint64(c.Block.Time), "currentBaseFee": n(&c.Block.BaseFee), "currentRandom": c.Block.Random.Big().String(),
		"currentDifficulty": "0x0",
	}
	if c.Block.ExcessBlobGas != nil {
		env["currentExcessBlobGas"] = (*hexutil.Uint64)(c.Block.ExcessBlobGas)
	}
	post := map[string]any{
		"hash": c.Want.Root, "logs": c.Want.Logs, "txbytes": hexutil.Bytes(c.Raw), "expectException": c.Want.Exception,
		"indexes": map[string]int{"data": 0, "gas": 0, "value": 0},
	}
	return map[string]any{"env": env, "pre": c.Pre, "transaction": tx, "post": map[string]any{c.Fork: []any{post}}}
}
