package conformance

import (
	"encoding/json"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/tests"
)

func TestTheRemoteServesOneBlockAndNothingElse(t *testing.T) {
	c := ownStates[1].plain("Cancun")
	config, err := configOfFork("Cancun")
	if err != nil {
		t.Fatal(err)
	}
	c.Config = config
	remote := c.Remote()
	client, err := rpc.DialContext(t.Context(), remote.Listen(t))
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	pin := map[string]any{"blockHash": remote.Hash}
	slot := common.Hash{31: 1}
	for _, x := range []struct {
		method string
		args   []any
		want   string // empty: an error
	}{
		{"eth_chainId", nil, `"0x1"`},
		{"eth_blockNumber", nil, `"0x4"`},
		{"eth_getBalance", []any{own.contract, pin}, `"0x64"`},
		{"eth_getBalance", []any{own.contract, "0x4"}, `"0x64"`},
		{"eth_getBalance", []any{own.contract, "latest"}, `"0x64"`},
		{"eth_getBalance", []any{own.other, pin}, `"0x0"`},
		{"eth_getTransactionCount", []any{own.sender, pin}, `"0x1"`},
		{"eth_getCode", []any{own.other, pin}, `"0x"`},
		{"eth_getStorageAt", []any{own.contract, slot, pin}, `"0x0000000000000000000000000000000000000000000000000000000000000006"`},
		{"eth_getStorageAt", []any{own.other, slot, pin}, `"0x0000000000000000000000000000000000000000000000000000000000000000"`},
		{"eth_getBlockByNumber", []any{"0x5", false}, `null`},
		{"eth_getBlockByHash", []any{common.Hash{1}, false}, `null`},
		{"eth_getBalance", []any{own.contract, "0x3"}, ""},
		{"eth_getBalance", []any{own.contract, "pending"}, ""},
		{"eth_getTransactionCount", []any{own.contract, "0x5"}, ""},
		{"eth_getCode", []any{own.contract, map[string]any{"blockHash": common.Hash{1}}}, ""},
		{"eth_getStorageAt", []any{own.contract, slot, "earliest"}, ""},
		{"eth_createAccessList", []any{map[string]any{}, "latest"}, ""},
		{"eth_call", []any{map[string]any{}, "latest"}, ""},
		{"eth_getProof", []any{own.contract, []string{}, "latest"}, ""},
	} {
		var got json.RawMessage
		err := client.CallContext(t.Context(), &got, x.method, x.args...)
		if (err != nil) != (x.want == "") || string(got) != x.want {
			t.Errorf("%s %v: %s %v, want %s", x.method, x.args, got, err, x.want)
		}
	}
	var head, byHash, older struct {
		Number, Hash, ParentHash, BaseFeePerGas, ExcessBlobGas string
	}
	for into, args := range map[any][]any{
		&head: {"eth_getBlockByNumber", "latest"}, &byHash: {"eth_getBlockByHash", remote.Hash}, &older: {"eth_getBlockByNumber", "0x3"},
	} {
		if err := client.CallContext(t.Context(), into, args[0].(string), args[1], false); err != nil {
			t.Fatal(err)
		}
	}
	if head.Number != "0x4" || head.Hash != remote.Hash.Hex() || head.BaseFeePerGas != "0x7" || head.ExcessBlobGas != "0x0" ||
		head != byHash || head.ParentHash != older.Hash {
		t.Errorf("%+v\n%+v\n%+v", head, byHash, older)
	}
}

func TestTheRemoteTellsTheRulesOfItsBlock(t *testing.T) {
	for _, c := range []struct {
		fork        string
		precompiles int // 0: there is no answer
	}{{"Shanghai", 0}, {"Cancun", 10}, {"Prague", 17}, {"Osaka", 18}} {
		own := ownStates[0].plain(c.fork)
		config, err := configOfFork(c.fork)
		if err != nil {
			t.Fatal(err)
		}
		own.Config = config
		server := own.Remote().Server()
		defer server.Stop()
		client := rpc.DialInProc(server)
		defer client.Close()
		var answer struct {
			Current struct {
				ChainID      string
				Precompiles  map[string]common.Address
				BlobSchedule struct{ Max int }
			}
		}
		err = client.CallContext(t.Context(), &answer, "eth_config")
		now := answer.Current
		right := now.ChainID == "0x1" && now.BlobSchedule.Max > 0
		if (err != nil) != (c.precompiles == 0) || len(now.Precompiles) != c.precompiles || c.precompiles > 0 && !right {
			t.Errorf("%s: %+v %v", c.fork, now, err)
		}
	}
}

func configOfFork(fork string) (*params.ChainConfig, error) {
	config, _, err := tests.GetChainConfig(fork)
	return config, err
}
