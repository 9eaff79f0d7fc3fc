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

// node is one chain: go-ethereum, and the goroutines that seal a block when a transaction arrives.
type node struct {
	chainID uint64
	stack   *gethnode.Node
	eth     *eth.Ethereum
	started bool // the stack was: from then on it stops what it holds

	sealing sync.Mutex // the beacon is made for one caller at a time
	beacon  *catalyst.SimulatedBeacon

	unsubscribe func()
	sealers     sync.WaitGroup
}

func startNode(ctx context.Context, set *artifacts.Set, chainID uint64, port int) (*node, error) {
	genesis, err := makeGenesis(set, chainID, time.Now())
	if err != nil {
		return nil, err
	}
	stack, err := gethnode.New(nodeConfig(port))
	if err != nil {
		return nil, fmt.Errorf("make the node of chain %d: %w", chainID, err)
	}
	backend, err := eth.New(stack, ethConfig(genesis))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make chain %d: %w", chainID, err), stack.Close())
	}
	n := &node{chainID: chainID, stack: stack, eth: backend, unsubscribe: func() {}}
	if err := n.open(ctx, genesis, set); err != nil {
		return nil, errors.Join(fmt.Errorf("start chain %d: %w", chainID, err), n.close())
	}
	return n, nil
}

// open lays down the chain's past, and then lets the world in.
func (n *node) open(ctx context.Context, genesis *core.Genesis, set *artifacts.Set) error {
	bc := n.eth.BlockChain()
	if err := deploy(ctx, bc, genesis, set, n.chainID); err != nil {
		return err
	}
	// Receipts are not found by hash until the index is done: an error, not null, and clients give up. It must be done before
	// the stack starts, too, because a stack whose port is taken closes the database, and an indexer that writes then ends the
	// whole process.
	if err := waitIndexed(ctx, bc); err != nil {
		return err
	}
	receipt, err := receiptsAPI(n.eth)
	if err != nil {
		return err
	}
	filtering := filters.NewFilterAPI(filters.NewFilterSystem(n.eth.APIBackend, filters.Config{}))
	n.stack.RegisterAPIs([]rpc.API{{Namespace: "eth", Service: filtering}, receipt})
	n.stack.RegisterAPIs(tracers.APIs(n.eth.APIBackend))
	if err := n.stack.Start(); err != nil {
		return err
	}
	n.started = true
	if n.beacon, err = catalyst.NewSimulatedBeacon(0, common.Address{}, n.eth); err != nil {
		return err
	}
	if _, err := n.seal(); err != nil { // an empty block of now, as the deployment is an hour old
		return err
	}
	n.sealOnArrival()
	return nil
}

func nodeConfig(port int) *gethnode.Config {
	return &gethnode.Config{
		Name:                 "keymaker-devnet",
		P2P:                  p2p.Config{NoDiscovery: true, NoDial: true},
		HTTPHost:             "127.0.0.1",
		HTTPPort:             port,
		HTTPModules:          []string{"eth", "net", "web3", "debug", "txpool"},
		HTTPVirtualHosts:     []string{"localhost"}, // a page from elsewhere that got this name from its DNS is refused
		HTTPTimeouts:         rpc.DefaultHTTPTimeouts,
		BatchRequestLimit:    gethnode.DefaultConfig.BatchRequestLimit,
		BatchResponseMaxSize: gethnode.DefaultConfig.BatchResponseMaxSize,
		HTTPBodyLimit:        gethnode.DefaultConfig.HTTPBodyLimit,
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
	n.unsubscribe = subscription.Unsubscribe
	due := make(chan struct{}, 1)
	n.sealers.Go(func() {
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
	n.sealers.Go(func() {
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
		if took, err := n.seal(); took == 0 || err != nil {
			return // the next arrival tries again
		}
	}
}

// seal adds a block and tells how many transactions it took.
func (n *node) seal() (int, error) {
	n.sealing.Lock()
	defer n.sealing.Unlock()
	bc := n.eth.BlockChain()
	parent := bc.CurrentBlock().Hash()
	hash := n.beacon.Commit()
	if hash == parent {
		return 0, fmt.Errorf("chain %d sealed no block", n.chainID)
	}
	// The pool forgets what was sealed in the background; until it has, it would offer it again.
	if err := n.eth.TxPool().Sync(); err != nil {
		return 0, fmt.Errorf("wait for the pool: %w", err)
	}
	return len(bc.GetBlockByHash(hash).Transactions()), nil
}

func (n *node) adjustTime(by time.Duration) error {
	n.sealing.Lock()
	defer n.sealing.Unlock()
	return n.beacon.AdjustTime(by)
}

func (n *node) endpoint() string { return n.stack.HTTPEndpoint() }

// close stops the chain, however far it came. Closing again does nothing.
func (n *node) close() error {
	if n == nil {
		return nil
	}
	n.unsubscribe()
	n.sealers.Wait()
	if !n.started {
		err := n.eth.TxPool().Close()
		n.eth.BlockChain().Stop()
		return errors.Join(err, closeStack(n.stack))
	}
	return closeStack(n.stack)
}

// closeStack closes a stack that may have closed itself.
func closeStack(stack *gethnode.Node) error {
	if err := stack.Close(); !errors.Is(err, gethnode.ErrNodeStopped) {
		return err
	}
	return nil
}
