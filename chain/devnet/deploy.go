package devnet

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/triedb"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
)

// blockFill is the gas after which a block of the script is closed: under half the limit, so that the base fee does not rise.
const blockFill = blockGasLimit/2 - stepGas

// deploy runs the script in as many blocks as it needs, and puts these on bc. They are made beside the node, because the
// node's own way, through pool and beacon, takes a transaction of one account at a time.
func deploy(ctx context.Context, bc *core.BlockChain, genesis *core.Genesis, set *artifacts.Set, chainID uint64) error {
	steps, err := script(set, chainID, genesis.Timestamp)
	if err != nil {
		return err
	}
	db := rawdb.NewMemoryDatabase()
	tries := triedb.NewDatabase(db, triedb.HashDefaults)
	parent, err := genesis.Commit(db, tries, nil)
	if err != nil {
		return fmt.Errorf("commit the genesis block: %w", err)
	}
	if err := tries.Close(); err != nil {
		return err
	}
	var blocks types.Blocks
	for len(steps) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		taken := 0
		made, receipts := core.GenerateChain(genesis.Config, parent, bc.Engine(), db, 1, func(_ int, b *core.BlockGen) {
			b.OffsetTime(int64(steps[0].after.Seconds()))
			for taken < len(steps) && blockGasLimit-b.Gas() < blockFill && (taken == 0 || steps[taken].after == 0) {
				b.AddTx(steps[taken].tx)
				taken++
			}
		})
		for i, receipt := range receipts[0] {
			if receipt.Status != types.ReceiptStatusSuccessful {
				return fmt.Errorf("%s reverted with %d gas used", steps[i].what, receipt.GasUsed)
			}
		}
		blocks = append(blocks, made...)
		parent, steps = made[0], steps[taken:]
	}
	if _, err := bc.InsertChain(blocks); err != nil {
		return fmt.Errorf("insert the blocks of the deployment: %w", err)
	}
	return nil
}
