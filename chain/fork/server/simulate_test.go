package server

import (
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
)

type m = map[string]any

// simulations are requests beyond those that were recorded, each with what it is about.
func simulations(t testing.TB, head uint64) map[string][]any {
	t.Helper()
	const a, b, c = "0xc000000000000000000000000000000000000001", "0xc000000000000000000000000000000000000002", "0xc000000000000000000000000000000000000003"
	rich := m{a: m{"balance": "0xffffffffffffffffff"}}
	with := func(more m) m {
		for k, v := range rich {
			more[k] = v
		}
		return more
	}
	one := func(call m) m { return m{"stateOverrides": rich, "calls": []any{call}} }
	blocks := func(blocks ...any) m { return m{"blockStateCalls": blocks} }
	strict := func(blocks ...any) m { return m{"blockStateCalls": blocks, "validation": true} }
	traced := func(blocks ...any) m {
		return m{"blockStateCalls": blocks, "traceTransfers": true, "returnFullTransactions": true}
	}
	next := func(n uint64) hexutil.Uint64 { return hexutil.Uint64(head + n) }
	key, err := crypto.HexToECDSA(strings.Repeat("17", 32))
	if err != nil {
		t.Fatal(err)
	}
	auth, err := types.SignSetCode(key, types.SetCodeAuthorization{Address: common.HexToAddress(b)})
	if err != nil {
		t.Fatal(err)
	}
	delegated := crypto.PubkeyToAddress(key.PublicKey).Hex()
	logging := m{"code": "0x60206000a0306000526000600060006000346004355af1"} // logs, and hands its value on to the argument
	many := make([]any, 300)
	for i := range many {
		many[i] = m{}
	}
	calls := make([]any, 5001)
	for i := range calls {
		calls[i] = m{}
	}
	all := map[string]m{
		"nothing": {}, "no block": blocks(), "an empty block": blocks(m{}), "too many blocks": blocks(many...),
		"too many calls": blocks(m{"calls": calls}), "too many calls in all": blocks(m{"calls": calls[:4000]}, m{"calls": calls[:4000]}, m{"calls": calls[:4000]}),
		"a number too far": blocks(m{"blockOverrides": m{"number": next(257)}}), "the last number": blocks(m{"blockOverrides": m{"number": next(256)}}),
		"a number of 256 bits": blocks(m{"blockOverrides": m{"number": "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"}}),
		"the same number":      blocks(m{"blockOverrides": m{"number": next(0)}}), "a gap": blocks(m{"blockOverrides": m{"number": next(3)}}, m{"blockOverrides": m{"number": next(5)}}),
		"a gap, then no time":       blocks(m{"blockOverrides": m{"number": next(3), "time": "0x1"}}),
		"an unknown block override": blocks(m{"blockOverrides": m{"coinbase": a}}), "an unknown account override": blocks(m{"stateOverrides": m{a: m{"balanse": "0x1"}}}),
		"other case":     blocks(m{"blockOverrides": m{"GASLIMIT": "0x5208"}, "stateOverrides": m{a: m{"BALANCE": "0x1"}}}),
		"the same twice": blocks(m{"blockOverrides": m{"gasLimit": "0x5208", "GASLIMIT": "0x5209"}}),
		"state and diff": blocks(m{"stateOverrides": m{a: m{"state": m{}, "stateDiff": m{}}}}),
		"difficulty":     blocks(m{"blockOverrides": m{"difficulty": "0x1"}}),
		"every block field": traced(m{"stateOverrides": with(m{b: m{"code": "0x4360005242602052456040524160605244608052486000a04a60c05260e06000f3"}}), "calls": []any{m{"from": a, "to": b}}, "blockOverrides": m{
			"time": "0xffff", "gasLimit": "0x1000000", "feeRecipient": c, "prevRandao": common.Hash{7}, "baseFeePerGas": "0x9", "blobBaseFee": "0x5", "beaconRoot": common.Hash{9},
			"withdrawals": []any{m{"index": "0x1", "validatorIndex": "0x2", "address": c, "amount": "0x3b9aca00"}, m{"index": "0x2", "validatorIndex": "0x2", "address": b, "amount": "0x1"}},
		}}, m{"calls": []any{m{"from": c, "to": a, "value": "0x1"}}}),
		"a transfer": traced(one(m{"from": a, "to": b, "value": "0x5"})), "a creation": traced(one(m{"from": a, "input": "0x6001600155600a6000f3"})),
		"code that is too long":   strict(one(m{"from": a, "input": "0x" + strings.Repeat("00", 49153), "maxFeePerGas": "0xffffffff"})),
		"a creation that reverts": traced(one(m{"from": a, "value": "0x5", "input": "0x60006000fd"})), "no gas": blocks(one(m{"from": a, "gas": "0x0"})),
		"little gas": blocks(one(m{"from": a, "to": b, "gas": "0x5207"})), "more gas than the block": blocks(one(m{"from": a, "to": b, "gas": "0xfffffffff"})),
		"more gas than the cap":  blocks(one(m{"from": a, "to": b, "gas": "0x5000000"})),
		"endless":                blocks(m{"stateOverrides": with(m{b: m{"code": "0x5b600056"}}), "calls": []any{m{"from": a, "to": b}}}),
		"endless, and then more": blocks(m{"stateOverrides": with(m{b: m{"code": "0x5b600056"}}), "calls": []any{m{"from": a, "to": b, "gas": "0x1000000"}, m{"from": a, "to": b, "gas": "0x1000000"}, m{"from": a, "to": b, "gas": "0x1000000"}, m{"from": a, "to": c}, m{"from": a, "to": b}}}),
		"a full block":           blocks(m{"blockOverrides": m{"gasLimit": "0x7530"}, "calls": []any{m{"from": a, "to": b}, m{"from": a, "to": b}}}),
		"an invalid opcode":      blocks(m{"stateOverrides": with(m{b: m{"code": "0xfe"}}), "calls": []any{m{"from": a, "to": b}}}),
		"two prices":             blocks(one(m{"from": a, "gasPrice": "0x1", "maxFeePerGas": "0x1"})), "another chain": blocks(one(m{"from": a, "chainId": "0x1"})),
		"a tip above the cap": strict(one(m{"from": a, "to": b, "maxFeePerGas": "0xffffffff", "maxPriorityFeePerGas": "0xfffffffff"})),
		"a cap too low":       strict(one(m{"from": a, "to": b, "maxFeePerGas": "0x1"})), "no funds": strict(m{"calls": []any{m{"from": a, "to": b, "maxFeePerGas": "0xffffffff", "gas": "0x5208"}}}),
		"no funds for the value":     blocks(m{"calls": []any{m{"from": a, "to": b, "value": "0x5"}}}),
		"a nonce too low":            strict(m{"stateOverrides": m{a: m{"nonce": "0x5", "balance": "0xffffffffffffffff"}}, "calls": []any{m{"from": a, "to": b, "nonce": "0x4", "maxFeePerGas": "0xfffffff"}}}),
		"a nonce too high":           strict(one(m{"from": a, "to": b, "nonce": "0x4", "maxFeePerGas": "0xffffffff"})),
		"a nonce that doesn't count": blocks(one(m{"from": a, "to": b, "nonce": "0x4"})), "the last nonce": blocks(m{"stateOverrides": m{a: m{"nonce": "0xffffffffffffffff"}}, "calls": []any{m{"from": a}}}),
		"a sender with code":          strict(m{"stateOverrides": m{a: m{"code": "0x00", "balance": "0xffffffffffffffffff"}}, "calls": []any{m{"from": a, "to": b, "maxFeePerGas": "0xffffffff"}}}),
		"validated":                   strict(one(m{"from": a, "to": b, "maxFeePerGas": "0xffffffff", "maxPriorityFeePerGas": "0x5", "gas": "0x5208"}), one(m{"from": a, "to": b, "gasPrice": "0xffffffff", "gas": "0x5208"}), m{}),
		"an old type":                 traced(one(m{"from": a, "to": b, "gasPrice": "0x5", "value": "0x1"})),
		"an access list":              traced(one(m{"from": a, "to": b, "gasPrice": "0x5", "accessList": []any{m{"address": c, "storageKeys": []any{common.Hash{1}}}}})),
		"an access list of today":     traced(one(m{"from": a, "to": b, "accessList": []any{m{"address": c, "storageKeys": []any{}}}})),
		"a delegation":                traced(m{"stateOverrides": with(m{b: m{"code": "0x60aa60005260206000a0"}}), "calls": []any{m{"from": a, "to": delegated, "authorizationList": []any{auth}}, m{"from": a, "to": delegated}}}),
		"a delegation that creates":   blocks(one(m{"from": a, "authorizationList": []any{auth}})),
		"blobs that create":           blocks(one(m{"from": a, "blobVersionedHashes": []any{common.Hash{1}}})),
		"blobs without a fee":         traced(one(m{"from": a, "to": b, "blobVersionedHashes": []any{common.Hash{1, 2}}})),
		"a blob hash of no version":   blocks(one(m{"from": a, "to": b, "blobVersionedHashes": []any{common.Hash{2, 2}}})),
		"no blobs":                    blocks(one(m{"from": a, "to": b, "blobVersionedHashes": []any{}})),
		"more blobs than any":         blocks(one(m{"from": a, "to": b, "blobVersionedHashes": []any{common.Hash{1, 1}, common.Hash{1, 2}, common.Hash{1, 3}, common.Hash{1, 4}, common.Hash{1, 5}, common.Hash{1, 6}, common.Hash{1, 7}}})),
		"blobs, and the excess after": strict(one(m{"from": a, "to": b, "maxFeePerGas": "0xffffffff", "gas": "0x5208", "maxFeePerBlobGas": "0xffff", "blobVersionedHashes": []any{common.Hash{1, 2}, common.Hash{1, 3}}}), m{}, m{}),
		"transfers between calls": traced(m{"stateOverrides": with(m{b: logging}), "calls": []any{
			m{"from": a, "to": b, "value": "0x5", "input": "0x00000000" + common.HexToHash(c).Hex()[2:]}, m{"from": a, "to": b, "value": "0x7", "input": "0x00000000" + common.HexToHash(b).Hex()[2:], "gas": "0x20000"},
		}}),
		"a destruction":                  traced(m{"stateOverrides": with(m{b: m{"code": "0x73" + c[2:] + "ff", "balance": "0x9"}}), "calls": []any{m{"from": a, "to": b}}}),
		"created and destroyed":          traced(one(m{"from": a, "value": "0x9", "input": "0x73" + c[2:] + "ff"}), one(m{"from": a, "to": c})),
		"all of the storage":             blocks(m{"stateOverrides": with(m{b: m{"code": "0x60005460015460005260205260406000f3", "state": m{common.Hash{}.Hex(): common.Hash{5}}}}), "calls": []any{m{"from": a, "to": b}}}, m{"stateOverrides": m{b: m{"state": m{}}}, "calls": []any{m{"from": a, "to": b}}}),
		"a slot cleared":                 blocks(m{"stateOverrides": with(m{b: m{"code": "0x600060005500", "stateDiff": m{common.Hash{}.Hex(): common.Hash{5}, common.Hash{31: 1}.Hex(): common.Hash{6}}}}), "calls": []any{m{"from": a, "to": b}}}, m{}),
		"a moved contract":               blocks(m{"stateOverrides": m{"0x0000000000000000000000000000000000000002": m{"movePrecompileToAddress": c}}, "calls": []any{m{"from": a, "to": c, "input": "0x12"}, m{"from": a, "to": common.HexToAddress("0x2"), "input": "0x12"}}}, m{"calls": []any{m{"to": common.HexToAddress("0x2"), "input": "0x12"}, m{"to": c, "input": "0x12"}}}),
		"a contract that is none":        blocks(m{"stateOverrides": m{b: m{"movePrecompileToAddress": c}}}),
		"moved onto an override":         blocks(m{"stateOverrides": m{"0x0000000000000000000000000000000000000002": m{"movePrecompileToAddress": c}, c: m{"balance": "0x1"}}}),
		"a contract with a balance":      blocks(m{"stateOverrides": with(m{"0x0000000000000000000000000000000000000004": m{"balance": "0x1"}}), "calls": []any{m{"from": a, "to": common.HexToAddress("0x4"), "input": "0x12"}}}),
		"hashes of blocks":               blocks(m{"stateOverrides": m{b: m{"code": "0x600143034060005260024303406020526020600035600052600035406040526060600060006000a060606000f3"}}}, m{"calls": []any{m{"to": b}}}, m{"calls": []any{m{"to": b}}}),
		"the history of hashes":          blocks(m{}, m{"calls": []any{m{"to": history, "input": common.BigToHash(new(big.Int).SetUint64(head + 1))}}}),
		"the beacon root":                blocks(m{"blockOverrides": m{"beaconRoot": common.Hash{3}, "time": "0x9999"}, "calls": []any{m{"to": beaconRoots, "input": common.HexToHash("0x9999")}}}),
		"a withdrawal that is asked for": blocks(one(m{"from": a, "to": withdrawalQueue, "value": "0x5", "input": "0x" + strings.Repeat("11", 56)}), m{}),
	}
	requests := make(map[string][]any, len(all))
	for name, r := range all {
		requests[name] = []any{r, "latest"}
	}
	plain := blocks(one(m{"from": a, "to": b, "value": "0x5"}))
	requests["no block named"] = []any{plain}
	requests["an older block"] = []any{plain, next(0) - 1}
	requests["a block to come"] = []any{plain, next(1)}
	requests["a hash of no block"] = []any{plain, m{"blockHash": common.Hash{1}}}
	return requests
}

// Whatever is asked, a fork of a node answers as the node does, to the last byte: results with their hashes and roots, errors with
// their codes and words.
func TestSimulationsAreTheNodesOwn(t *testing.T) {
	p := newPair(t)
	for name, args := range simulations(t, 54) {
		p.same(t, name, "eth_simulateV1", args...)
	}
}
