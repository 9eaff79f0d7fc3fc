// Package recorded runs go-ethereum on the chain that execution-apis' conversations are about: an archive node on loopback, with
// its head, safe and finalized block where the recording had them.
//
//	suite := conformance.OpenExecutionAPIs(t)
//	node := recorded.Start(t, suite) // stops with the test
//	fork, err := dial(ctx, node.URL) // or node.Client
//
// It links a whole node, so it is a package of its own: who needs no node does not build one.
//
// Invariant: the node takes the recorded blocks as they are, and never seals one.
package recorded

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth"
	"github.com/ethereum/go-ethereum/eth/ethconfig"
	"github.com/ethereum/go-ethereum/eth/filters"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // callTracer and its kin for debug_trace*
	gethnode "github.com/ethereum/go-ethereum/node"
	"github.com/ethereum/go-ethereum/p2p"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/internal/conformance"
)

// Node is a running node.
type Node struct {
	URL    string
	Client *rpc.Client
}

// Start runs a node on the suite's chain until the test ends. To a suite without a recording it gives one: a small chain and
// what the node says of it.
func Start(t testing.TB, suite *conformance.ExecutionAPIs) *Node {
	t.Helper()
	if suite.Recorded() {
		return startOn(t, suite)
	}
	suite.Use(t.TempDir())
	if err := writeChain(suite.Chain()); err != nil {
		t.Fatalf("make a chain: %v", err)
	}
	node := startOn(t, suite)
	if err := record(t.Context(), node, suite.Chain()); err != nil {
		t.Fatalf("record conversations: %v", err)
	}
	return node
}

func startOn(t testing.TB, suite *conformance.ExecutionAPIs) *Node {
	t.Helper()
	stack, err := start(suite.Chain())
	if err != nil {
		t.Fatalf("start the recorded chain: %v", err)
	}
	t.Cleanup(func() { _ = stack.Close() })
	client := stack.Attach()
	t.Cleanup(client.Close)
	return &Node{URL: stack.HTTPEndpoint(), Client: client}
}

// start returns a running node, or has stopped what there was of it.
func start(dir string) (*gethnode.Node, error) {
	genesis := new(core.Genesis)
	if err := readJSON(filepath.Join(dir, "genesis.json"), genesis); err != nil {
		return nil, err
	}
	blocks, err := readBlocks(filepath.Join(dir, "chain.rlp"))
	if err != nil {
		return nil, err
	}
	stack, err := gethnode.New(&gethnode.Config{
		Name:                 "recorded",
		P2P:                  p2p.Config{NoDiscovery: true, NoDial: true},
		HTTPHost:             "127.0.0.1",
		HTTPModules:          []string{"eth", "net", "web3", "debug", "txpool", "testing"},
		HTTPVirtualHosts:     []string{"localhost"},
		HTTPTimeouts:         rpc.DefaultHTTPTimeouts,
		BatchRequestLimit:    gethnode.DefaultConfig.BatchRequestLimit,
		BatchResponseMaxSize: gethnode.DefaultConfig.BatchResponseMaxSize,
		HTTPBodyLimit:        gethnode.DefaultConfig.HTTPBodyLimit,
	})
	if err != nil {
		return nil, err
	}
	backend, err := eth.New(stack, nodeConfig(genesis))
	if err != nil {
		return nil, errors.Join(err, stack.Close())
	}
	if err := insert(backend.BlockChain(), blocks, dir); err != nil {
		// A stack that never started doesn't stop its chain, whose indexer ends the process if it finds the database closed.
		pool := backend.TxPool().Close()
		backend.BlockChain().Stop()
		return nil, errors.Join(err, pool, stack.Close())
	}
	backend.SetSynced()
	stack.RegisterAPIs([]rpc.API{{Namespace: "eth", Service: filters.NewFilterAPI(filters.NewFilterSystem(backend.APIBackend, filters.Config{}))}})
	stack.RegisterAPIs(tracers.APIs(backend.APIBackend))
	if err := stack.Start(); err != nil {
		return nil, errors.Join(err, stack.Close())
	}
	return stack, nil
}

// insert lays down the recorded chain.
func insert(bc *core.BlockChain, blocks types.Blocks, dir string) error {
	if _, err := bc.InsertChain(blocks); err != nil {
		return fmt.Errorf("insert the chain: %w", err)
	}
	if err := choose(bc, filepath.Join(dir, "headfcu.json")); err != nil {
		return err
	}
	return waitIndexed(bc)
}

func nodeConfig(genesis *core.Genesis) *ethconfig.Config {
	const cacheMiB = 8
	c := ethconfig.Defaults
	c.Genesis = genesis
	c.NetworkId = genesis.Config.ChainID.Uint64()
	c.SyncMode = ethconfig.FullSync
	c.NoPruning = true
	c.StateScheme = rawdb.HashScheme
	c.DatabaseCache, c.TrieCleanCache, c.TrieDirtyCache, c.SnapshotCache = cacheMiB, cacheMiB, cacheMiB, 0
	return &c
}

func readJSON(path string, into any) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// readBlocks reads blocks in their RLP, one after the other. A block 0 is passed over: the genesis file has it.
func readBlocks(path string) (types.Blocks, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var blocks types.Blocks
	for s := rlp.NewStream(f, 0); ; {
		var b types.Block
		err := s.Decode(&b)
		if errors.Is(err, io.EOF) {
			return blocks, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: block %d: %w", path, len(blocks)+1, err)
		}
		if b.NumberU64() > 0 {
			blocks = append(blocks, &b)
		}
	}
}

// choose sets head, safe and finalized as the recording's consensus client did.
func choose(bc *core.BlockChain, path string) error {
	var request struct {
		Params []json.RawMessage `json:"params"`
	}
	if err := readJSON(path, &request); err != nil {
		return err
	}
	var choice struct {
		Head      common.Hash `json:"headBlockHash"`
		Safe      common.Hash `json:"safeBlockHash"`
		Finalized common.Hash `json:"finalizedBlockHash"`
	}
	if len(request.Params) == 0 {
		return fmt.Errorf("%s names no head", path)
	}
	if err := json.Unmarshal(request.Params[0], &choice); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if head := bc.CurrentBlock().Hash(); head != choice.Head {
		return fmt.Errorf("the chain ends in %s, the recording in %s", head, choice.Head)
	}
	bc.SetSafe(bc.GetHeaderByHash(choice.Safe))
	bc.SetFinalized(bc.GetHeaderByHash(choice.Finalized))
	return nil
}

// waitIndexed waits for the index of transactions: without it they are not found by their hashes.
func waitIndexed(bc *core.BlockChain) error {
	const most = 30 * time.Second
	for since := time.Now(); !bc.TxIndexDone(); time.Sleep(time.Millisecond) {
		if time.Since(since) > most {
			return fmt.Errorf("transactions are not indexed after %s", most)
		}
	}
	return nil
}
