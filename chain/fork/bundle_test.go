package fork

import (
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

func signedTransfer(t testing.TB) (Tx, hexutil.Bytes) {
	t.Helper()
	tx, err := types.SignNewTx(testKey("alice"), types.LatestSignerForChainID(toBig(testChain)), &types.DynamicFeeTx{
		ChainID: toBig(testChain), Nonce: 3, To: &bob, Value: toBig(7), Gas: 21_000, GasFeeCap: toBig(9), GasTipCap: toBig(2),
	})
	if err != nil {
		t.Fatal(err)
	}
	raw, err := tx.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	want, err := TxOf(tx)
	if err != nil {
		t.Fatal(err)
	}
	return want, raw
}

func TestABundleIsSignedTransactionsAndArguments(t *testing.T) {
	signed, raw := signedTransfer(t)
	text := fmt.Sprintf(`[ %q,
		{"from": %q, "to": %q, "value": "0x5", "data": "0x0102", "gas": "0x5208", "gasPrice": "0x3b9aca00", "nonce": "0x1", "chainId": "0x539"},
		{"from": %q, "input": "0x60", "maxFeePerGas": "0x9", "maxPriorityFeePerGas": "0x1",
		 "accessList": [{"address": %q, "storageKeys": [%q]}]} ]`, raw, alice, bob, bob, pool, wordOf(1))
	have, err := ParseBundle([]byte(text), testChain)
	if err != nil {
		t.Fatal(err)
	}
	want := []Tx{
		signed,
		{
			Call: chain.Call{ChainID: testChain, From: alice, To: &bob, Value: num(5), Data: []byte{1, 2}},
			Gas:  21_000, GasFeeCap: uint256.NewInt(1e9), GasTipCap: uint256.NewInt(1e9), Nonce: ptr(uint64(1)),
		},
		{
			Call:      chain.Call{ChainID: testChain, From: bob, Data: []byte{0x60}},
			GasFeeCap: uint256.NewInt(9), GasTipCap: uint256.NewInt(1),
			AccessList: types.AccessList{{Address: pool, StorageKeys: []common.Hash{wordOf(1)}}},
		},
	}
	if d := cmp.Diff(want, have, cmpopts.EquateEmpty()); d != "" {
		t.Fatal(d)
	}
}

func TestABundleThatIsNotWholeIsRefused(t *testing.T) {
	_, raw := signedTransfer(t)
	from := fmt.Sprintf(`"from": %q`, alice)
	for name, c := range map[string]struct{ text, says string }{
		"no list":             {`{}`, "JSON list"},
		"cut":                 {`["0x`, "JSON list"},
		"empty":               {`[]`, "1 to 1000"},
		"too many":            {"[" + strings.Repeat(`"0x",`, mostBundled) + `"0x"]`, "1 to 1000"},
		"a number":            {`[1]`, "transaction 1 of the bundle"},
		"no hex":              {`["hello"]`, "not a signed transaction"},
		"cut bytes":           {fmt.Sprintf(`[%q]`, raw[:len(raw)-3]), "not a signed transaction"},
		"nobody's":            {`[{"to": "` + bob.Hex() + `"}]`, "no from"},
		"an unknown field":    {`[{` + from + `, "vlaue": "0x1"}]`, "vlaue"},
		"two data":            {`[{` + from + `, "data": "0x01", "input": "0x02"}]`, "differ"},
		"two kinds of fees":   {`[{` + from + `, "gasPrice": "0x1", "maxFeePerGas": "0x1"}]`, "both gasPrice"},
		"another chain":       {`[{` + from + `, "chainId": "0x1"}]`, "for chain 1"},
		"a decimal value":     {`[{` + from + `, "value": "1.5"}]`, "hex"},
		"a value too large":   {`[{` + from + `, "value": "0x1` + strings.Repeat("0", 64) + `"}]`, "transaction 1"},
		"a wrong one behind":  {fmt.Sprintf(`[%q, null]`, raw), "transaction 2"},
		"a short address":     {`[{"from": "0x12"}]`, "transaction 1"},
		"a signature of zero": {`["0xf85f8080825208940000000000000000000000000000000000000001808080808080"]`, "transaction 1"},
	} {
		if _, err := ParseBundle([]byte(c.text), testChain); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzBundle(f *testing.F) {
	_, raw := signedTransfer(f)
	f.Add(fmt.Appendf(nil, "[%q]", raw))
	f.Add(fmt.Appendf(nil, `[{"from": %q, "value": "0x5", "accessList": [], "authorizationList": []}]`, alice))
	f.Fuzz(func(t *testing.T, text []byte) {
		txs, err := ParseBundle(text, testChain)
		if (err == nil) == (len(txs) == 0) {
			t.Fatalf("%d transactions and %v", len(txs), err)
		}
	})
}
