package devnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/catalyst"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // callTracer and its kin for debug_trace*
	gethnode "github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
)

const cacheMiB = 8 // of each of geth's caches; the whole state is in memory anyway

// node is one chain: go-ethereum, and the goroutine that seals a block when a transaction arrives.
type node struct {
	stack   *gethnode.Node
	eth     *eth.Ethereum
	sealing sync.Mutex // the beacon is made for one caller at a time
	beacon  *catalyst.SimulatedBeacon

	stop    func()
	stopped sync.WaitGroup
}

func startNode(ctx context.Context, set *artifacts.Set, chainID uint64, port int) (_ *node, err error) {
	genesis, err := makeGenesis(set, chainID, time.Now())
	if err != nil {
		return nil, err
	}
	stack, err := gethnode.New(nodeConfig(port))
	if err != nil {
		return nil, fmt.Errorf("make the node of chain %d: %w", chainID, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("start chain %d: %w", chainID, err), stack.Close())
		}
	}()

	backend, err := eth.New(stack, ethConfig(genesis))
	if err != nil {
		return nil, err
	}
	if err := deploy(ctx, backend.BlockChain(), genesis, set, chainID); err != nil {
		return nil, err
	}
	stack.RegisterAPIs([]rpc.API{{
		Namespace: "eth",
		Service:   filters.NewFilterAPI(filters.NewFilterSystem(backend.APIBackend, filters.Config{})),
	}})
	stack.RegisterAPIs(tracers.APIs(backend.APIBackend))
	if err := stack.Start(); err != nil {
		return nil, err
	}
	beacon, err := catalyst.NewSimulatedBeacon(0, common.Address{}, backend)
	if err != nil {
		return nil, err
	}
	n := &node{stack: stack, eth: backend, beacon: beacon}
	n.beacon.Commit()
	if err := waitIndexed(ctx, backend.BlockChain()); err != nil {
		return nil, err
	}
	n.sealOnArrival()
	return n, nil
}

func nodeConfig(port int) *gethnode.Config {
	return &gethnode.Config{
		Name:                  "keymaker-devnet",
		P2P:                   p2p.Config{NoDiscovery: true, NoDial: true},
		HTTPHost:              "127.0.0.1",
		HTTPPort:              port,
		HTTPModules:           []string{"eth", "net", "web3", "debug", "txpool"},
		HTTPVirtualHosts:      []string{"localhost"},
		HTTPTimeouts:          rpc.DefaultHTTPTimeouts,
		BatchRequestLimit:     gethnode.DefaultConfig.BatchRequestLimit,
		BatchResponseMaxSize:  gethnode.DefaultConfig.BatchResponseMaxSize,
		HTTPBodyLimit:         gethnode.DefaultConfig.HTTPBodyLimit,
		UseLightweightKDF:     true,
		InsecureUnlockAllowed: false,
	}
}

func ethConfig(genesis *core.Genesis) *ethconfig.Config {
	c := ethconfig.Defaults
	c.Genesis = genesis
	c.NetworkId = genesis.Config.ChainID.Uint64()
	c.SyncMode = ethconfig.FullSync
	c.NoPruning = true // every state stays readable, as a fork of an older block needs it
	c.StateScheme = rawdb.HashScheme
	c.LogNoHistory = true
	c.DatabaseCache, c.TrieCleanCache, c.TrieDirtyCache, c.SnapshotCache = cacheMiB, cacheMiB, cacheMiB, 0
	c.TxPool.NoLocals = true
	c.Miner.GasPrice = common.Big1 // a transaction with a lower tip would sit in the pool for ever
	return &c
}

// waitIndexed waits until receipts are found by hash. Until then they are an error, not null, and clients give up.
func waitIndexed(ctx context.Context, bc *core.BlockChain) error {
	for !bc.TxIndexDone() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the transaction index: %w", ctx.Err())
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

// sealOnArrival takes the pool's events in one goroutine and seals in another, because the pool waits for the first and is
// waited for by the second.
func (n *node) sealOnArrival() {
	arrived := make(chan core.NewTxsEvent)
	subscription := n.eth.TxPool().SubscribeTransactions(arrived, true)
	n.stop = subscription.Unsubscribe
	due := make(chan struct{}, 1)
	n.stopped.Go(func() {
		defer close(due)
		for {
			select {
			case <-subscription.Err():
				return
			case <-arrived:
			}
			select {
			case due <- struct{}{}:
			default:
			}
		}
	})
	n.stopped.Go(func() {
		for range due {
			n.sealAll()
		}
	})
}

// sealAll seals until the pool has nothing that a block would take.
func (n *node) sealAll() {
	for {
		if waiting, _ := n.eth.TxPool().Stats(); waiting == 0 {
			return
		}
		if n.seal() == 0 {
			return
		}
	}
}

// seal adds a block and tells how many transactions it took.
func (n *node) seal() int {
	n.sealing.Lock()
	defer n.sealing.Unlock()
	bc := n.eth.BlockChain()
	block := bc.GetBlockByHash(n.beacon.Commit())
	// The pool forgets what was sealed in the background; until it has, it would offer it again.
	if err := n.eth.TxPool().Sync(); err != nil {
		return 0 // the pool is closed
	}
	return len(block.Transactions())
}

func (n *node) adjustTime(by time.Duration) error {
	n.sealing.Lock()
	defer n.sealing.Unlock()
	return n.beacon.AdjustTime(by)
}

func (n *node) endpoint() string { return n.stack.HTTPEndpoint() }

func (n *node) close() error {
	if n == nil {
		return nil
	}
	n.stop()
	n.stopped.Wait()
	return n.stack.Close()
}
