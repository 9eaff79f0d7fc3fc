package recorded

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rlp"
)

// The own chain has a rich account, a contract that stores its caller's first word, logs it and returns it, and one that
// reverts. Its rules are Cancun's.
var (
	rich     = common.HexToAddress("0x71562b71999873DB5b286dF957af199Ec94617F7")
	keeper   = common.HexToAddress("0x000000000000000000000000000000000000c0de")
	reverter = common.HexToAddress("0x00000000000000000000000000000000000bad00")

	keeperCode   = common.FromHex("5f355f555f355f5260205fa060205ff3")
	reverterCode = common.FromHex("602a5f5260205ffd")
)

// writeChain writes three blocks as a recording has them.
func writeChain(dir string) error {
	genesis := ownGenesis()
	key, err := crypto.HexToECDSA("b71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291") // go-ethereum's tests have made it known to all
	if err != nil {
		return err
	}
	_, blocks, _ := core.GenerateChainWithGenesis(genesis, beacon.New(ethash.NewFaker()), 3, func(n int, g *core.BlockGen) {
		to, data := []common.Address{reverter, keeper, rich}[n], common.Hash{31: byte(n)}
		g.AddTx(types.MustSignNewTx(key, types.LatestSigner(genesis.Config), &types.DynamicFeeTx{
			ChainID: genesis.Config.ChainID, Nonce: uint64(n), To: &to, Gas: 90_000, GasFeeCap: big.NewInt(3 * params.GWei), GasTipCap: common.Big2,
			Data: data[:],
		}))
	})
	var chain bytes.Buffer
	for _, b := range blocks {
		if err := rlp.Encode(&chain, b); err != nil {
			return err
		}
	}
	head := blocks[len(blocks)-1].Hash()
	choice := map[string]any{"params": []any{map[string]any{"headBlockHash": head, "safeBlockHash": head, "finalizedBlockHash": head}, nil}}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "chain.rlp"), chain.Bytes(), 0o600); err != nil {
		return err
	}
	if err := writeJSON(filepath.Join(dir, "genesis.json"), genesis); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "headfcu.json"), choice)
}

func ownGenesis() *core.Genesis {
	c := *params.MergedTestChainConfig
	c.ChainID = big.NewInt(1337)
	c.PragueTime, c.OsakaTime, c.AmsterdamTime, c.BogotaTime, c.UBTTime = nil, nil, nil, nil, nil
	c.BPO1Time, c.BPO2Time, c.BPO3Time, c.BPO4Time, c.BPO5Time = nil, nil, nil, nil, nil
	return &core.Genesis{
		Config: &c, GasLimit: 30_000_000, BaseFee: big.NewInt(params.GWei), Difficulty: new(big.Int), Timestamp: 1_700_000_000,
		Alloc: types.GenesisAlloc{
			rich:     {Balance: big.NewInt(params.Ether)},
			keeper:   {Balance: big.NewInt(100), Nonce: 1, Code: keeperCode},
			reverter: {Balance: new(big.Int), Nonce: 1, Code: reverterCode},
		},
	}
}

func writeJSON(path string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return os.WriteFile(path, raw, 0o600)
}

// asked are the own conversations: method/name, and the parameters. R, K and V stand for rich, keeper and reverter.
var asked = []struct{ name, params string }{
	{"eth_chainId/id", `[]`},
	{"eth_blockNumber/head", `[]`},
	{"eth_getBalance/rich", `["R","latest"]`},
	{"eth_getBalance/nobody", `["0x0000000000000000000000000000000000000123","latest"]`},
	{"eth_getTransactionCount/rich", `["R","latest"]`},
	{"eth_getCode/keeper", `["K","latest"]`},
	{"eth_getStorageAt/keeper", `["K","0x0","latest"]`},
	{"eth_getBlockByNumber/latest", `["latest",true]`},
	{"eth_getBlockByNumber/none", `["0x99",false]`},
	{"eth_getBlockReceipts/second", `["0x2"]`},
	{"eth_getLogs/keeper", `[{"fromBlock":"0x1","toBlock":"0x3","address":"K"}]`},
	{"eth_call/keeper", `[{"from":"R","to":"K","data":"0x00000000000000000000000000000000000000000000000000000000000000ff"},"latest"]`},
	{"eth_call/reverter", `[{"from":"R","to":"V"},"latest"]`},
	{"eth_call/overridden", `[{"to":"V"},"latest",{"V":{"code":"0x60015f5260205ff3"}}]`},
	{"eth_estimateGas/transfer", `[{"from":"R","to":"0x0000000000000000000000000000000000000123","value":"0x1"}]`},
	{"eth_estimateGas/reverter", `[{"from":"R","to":"V"}]`},
	{"eth_simulateV1/transfer", `[{"blockStateCalls":[{"calls":[{"from":"R","to":"K","value":"0x1"}]}],"traceTransfers":true},"latest"]`},
	{"eth_simulateV1/two-blocks", `[{"blockStateCalls":[{"calls":[{"from":"R","to":"K","data":"0x07"}]},{"calls":[{"from":"K","to":"R","value":"0x5"},{"from":"R","to":"V"}]}]},"latest"]`},
	{"eth_simulateV1/no-funds", `[{"blockStateCalls":[{"calls":[{"from":"V","to":"R","value":"0x1"}]}]},"latest"]`},
	{"eth_simulateV1/nonce-too-low", `[{"blockStateCalls":[{"calls":[{"from":"R","to":"K","nonce":"0x0","maxFeePerGas":"0x77359400"}]}],"validation":true},"latest"]`},
	{"eth_simulateV1/overridden", `[{"blockStateCalls":[{"stateOverrides":{"V":{"balance":"0x9"}},"blockOverrides":{"time":"0x77359400"},"calls":[{"from":"V","to":"R","value":"0x9"}]}]},"latest"]`},
}

// record asks the node and writes down what it says.
func record(ctx context.Context, node *Node, dir string) error {
	stand := strings.NewReplacer(`"R"`, `"`+rich.Hex()+`"`, `"K"`, `"`+keeper.Hex()+`"`, `"V"`, `"`+reverter.Hex()+`"`)
	for _, a := range asked {
		method, _, _ := strings.Cut(a.name, "/")
		request := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, stand.Replace(a.params))
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, node.URL, strings.NewReader(request))
		if err != nil {
			return err
		}
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			return err
		}
		answer, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			return err
		}
		path := filepath.Join(dir, filepath.FromSlash(a.name)+".io")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, fmt.Appendf(nil, ">> %s\n<< %s\n", request, bytes.TrimSpace(answer)), 0o600); err != nil {
			return err
		}
	}
	return nil
}
