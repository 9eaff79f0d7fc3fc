package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/consensus/beacon"
	"github.com/ethereum/go-ethereum/consensus/ethash"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
)

// ownConfig are the rules of the own block: Cancun's, so that its parent's header looks as it is served.
var ownConfig = func() *params.ChainConfig {
	c := *params.MergedTestChainConfig
	c.ChainID = big.NewInt(1337)
	c.PragueTime, c.OsakaTime, c.AmsterdamTime, c.BogotaTime, c.UBTTime = nil, nil, nil, nil, nil
	c.BPO1Time, c.BPO2Time, c.BPO3Time, c.BPO4Time, c.BPO5Time = nil, nil, nil, nil, nil
	return &c
}()

// ownBlock is the own block, read back from the format of the real ones.
func ownBlock() (*Block, error) {
	raw, err := ownBlockFile()
	if err != nil {
		return nil, fmt.Errorf("own block: %w", err)
	}
	return decodeBlock("own", raw)
}

// ownBlockFile is a block of go-ethereum's own making: a transfer, a call that stores and logs, one that reverts, and a creation.
func ownBlockFile() ([]byte, error) {
	key, err := crypto.ToECDSA(ownKey)
	if err != nil {
		return nil, err
	}
	reverts := common.HexToAddress("0x00000000000000000000000000000000000bad00")
	alloc := types.GenesisAlloc{
		own.sender: {Balance: big.NewInt(params.Ether)},
		own.contract: {
			Balance: new(big.Int), Nonce: 1, Code: common.FromHex(spaceless(ownStates[1].code)),
			Storage: map[common.Hash]common.Hash{{31: 1}: {31: 6}},
		},
		reverts: {Balance: new(big.Int), Nonce: 1, Code: common.FromHex(spaceless(ownStates[2].code))},
	}
	genesis := &core.Genesis{
		Config: ownConfig, Alloc: alloc, GasLimit: 30_000_000, BaseFee: big.NewInt(params.GWei), Difficulty: new(big.Int), Timestamp: 1_800_000_000,
	}
	signer := types.LatestSigner(ownConfig)
	_, blocks, receipts := core.GenerateChainWithGenesis(genesis, beacon.New(ethash.NewFaker()), 1, func(_ int, g *core.BlockGen) {
		for i, to := range []*common.Address{&own.other, &own.contract, &reverts, nil} {
			tx := &types.DynamicFeeTx{
				ChainID: ownConfig.ChainID, Nonce: uint64(i), To: to, Gas: 100_000, Value: common.Big1,
				GasFeeCap: big.NewInt(3 * params.GWei), GasTipCap: common.Big2,
			}
			if to == nil {
				tx.Value, tx.Data = new(big.Int), common.FromHex("602a5f5560015f5360015ff3")
			}
			g.AddTx(types.MustSignNewTx(key, signer, tx))
		}
	})
	return writeBlock(genesis, blocks[0], receipts[0])
}

// writeBlock writes a block as the real ones are written, with the gas that each transaction used.
func writeBlock(g *core.Genesis, b *types.Block, receipts types.Receipts) ([]byte, error) {
	header, err := fieldsOf(b.Header())
	header["hash"] = b.Hash()
	txs := make([]map[string]any, len(receipts))
	for i, tx := range b.Transactions() {
		fields, ferr := fieldsOf(tx)
		err = errors.Join(err, ferr)
		fields["gasUsed"] = hexutil.Uint64(receipts[i].GasUsed)
		txs[i] = fields
	}
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"chainId": g.Config.ChainID, "block": header, "transactions": txs, "prestate": g.Alloc})
}

func fieldsOf(v any) (map[string]any, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{}
	return fields, json.Unmarshal(raw, &fields)
}
