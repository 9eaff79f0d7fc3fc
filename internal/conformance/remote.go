package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
)

// Remote is the state of one block, served as an archive node would: plain reads at that block, by its hash, by its number or
// as the latest, and nothing else. A read at any other block is an error, so an engine that pins wrongly can't pass.
//
//	server := conformance.Remote{Config: params.MergedTestChainConfig, Head: header, Hash: hash, Alloc: alloc}.Server()
//	defer server.Stop()
//	client := rpc.DialInProc(server)
//	url := conformance.Remote{...}.Listen(t) // the same on loopback
type Remote struct {
	Config *params.ChainConfig
	Head   *types.Header
	Hash   common.Hash                     // what the remote says that Head's hash is
	Hashes func(number uint64) common.Hash // of older blocks; nil: there are none
	Alloc  types.GenesisAlloc
}

var errOtherBlock = errors.New("the state of that block is not here")

// Server is a JSON-RPC server of the remote. Whoever asks for it stops it.
func (r Remote) Server() *rpc.Server {
	s := rpc.NewServer()
	if err := s.RegisterName("eth", &remoteAPI{r}); err != nil {
		panic(err) // the methods are the same in every run
	}
	return s
}

// judged runs an engine on a remote, and judges what comes out.
func judged[T any](r Remote, run func(*rpc.Client) (T, error), judge func(T) error) error {
	server := r.Server()
	defer server.Stop()
	client := rpc.DialInProc(server)
	defer client.Close()
	out, err := run(client)
	if err != nil {
		return fmt.Errorf("run: %w", err)
	}
	return judge(out)
}

// Listen serves the remote over HTTP on loopback until the test ends.
func (r Remote) Listen(t testing.TB) string {
	t.Helper()
	s := r.Server()
	h := httptest.NewServer(s)
	t.Cleanup(func() { h.Close(); s.Stop() })
	return h.URL
}

// remoteAPI is what the remote serves under eth_.
type remoteAPI struct{ r Remote }

func (a *remoteAPI) at(b rpc.BlockNumberOrHash) error {
	if hash, ok := b.Hash(); ok {
		if hash != a.r.Hash {
			return fmt.Errorf("%w: %s", errOtherBlock, hash)
		}
		return nil
	}
	number, _ := b.Number()
	if number != rpc.LatestBlockNumber && number.Int64() != a.r.Head.Number.Int64() {
		return fmt.Errorf("%w: %s", errOtherBlock, number)
	}
	return nil
}

// ChainId has its spelling from the method's name.
func (a *remoteAPI) ChainId() *hexutil.Big { return (*hexutil.Big)(a.r.Config.ChainID) } //nolint:revive

func (a *remoteAPI) BlockNumber() hexutil.Uint64 { return hexutil.Uint64(a.r.Head.Number.Uint64()) }

func (a *remoteAPI) GetBalance(account common.Address, b rpc.BlockNumberOrHash) (*hexutil.Big, error) {
	if err := a.at(b); err != nil {
		return nil, err
	}
	balance := a.r.Alloc[account].Balance
	if balance == nil {
		balance = new(big.Int)
	}
	return (*hexutil.Big)(balance), nil
}

func (a *remoteAPI) GetTransactionCount(account common.Address, b rpc.BlockNumberOrHash) (hexutil.Uint64, error) {
	return hexutil.Uint64(a.r.Alloc[account].Nonce), a.at(b)
}

func (a *remoteAPI) GetCode(account common.Address, b rpc.BlockNumberOrHash) (hexutil.Bytes, error) {
	return a.r.Alloc[account].Code, a.at(b)
}

func (a *remoteAPI) GetStorageAt(account common.Address, slot common.Hash, b rpc.BlockNumberOrHash) (common.Hash, error) {
	return a.r.Alloc[account].Storage[slot], a.at(b)
}

// GetBlockByNumber gives the head, and of older blocks no more than number and hash are true.
func (a *remoteAPI) GetBlockByNumber(number rpc.BlockNumber, _ bool) map[string]any {
	head := a.r.Head.Number.Uint64()
	n := uint64(number.Int64())
	switch {
	case number == rpc.LatestBlockNumber || n == head:
		return a.block(a.r.Head, a.r.Hash)
	case number < 0 || n > head || a.r.Hashes == nil:
		return nil
	}
	h := older(a.r.Head, n)
	if n > 0 {
		h.ParentHash = a.r.Hashes(n - 1)
	}
	return a.block(h, a.r.Hashes(n))
}

// GetBlockByHash gives the head, and its parent, of which no more than number and hash are true.
func (a *remoteAPI) GetBlockByHash(hash common.Hash, _ bool) map[string]any {
	switch head := a.r.Head; {
	case hash == a.r.Hash:
		return a.block(head, hash)
	case hash == head.ParentHash && head.Number.Sign() > 0:
		return a.block(older(head, head.Number.Uint64()-1), hash)
	}
	return nil
}

// older is a block below the head, but for its parent.
func older(head *types.Header, number uint64) *types.Header {
	h := types.CopyHeader(head)
	h.Number = new(big.Int).SetUint64(number)
	h.Time -= min(h.Time, 12*(head.Number.Uint64()-number))
	h.ParentHash = common.Hash{}
	return h
}

func (a *remoteAPI) block(h *types.Header, hash common.Hash) map[string]any {
	b := map[string]any{
		"number": (*hexutil.Big)(h.Number), "hash": hash, "parentHash": h.ParentHash, "sha3Uncles": types.EmptyUncleHash,
		"miner": h.Coinbase, "stateRoot": h.Root, "transactionsRoot": types.EmptyTxsHash, "receiptsRoot": types.EmptyReceiptsHash,
		"logsBloom": types.Bloom{}, "difficulty": (*hexutil.Big)(new(big.Int)), "gasLimit": hexutil.Uint64(h.GasLimit),
		"gasUsed": hexutil.Uint64(h.GasUsed), "timestamp": hexutil.Uint64(h.Time), "extraData": hexutil.Bytes(h.Extra),
		"mixHash": h.MixDigest, "nonce": h.Nonce, "baseFeePerGas": (*hexutil.Big)(h.BaseFee), "size": hexutil.Uint64(0),
		"withdrawalsRoot": types.EmptyWithdrawalsHash, "withdrawals": []any{}, "uncles": []any{}, "transactions": []any{},
	}
	if h.ExcessBlobGas != nil {
		used, root := new(uint64), common.Hash{}
		if h.BlobGasUsed != nil {
			used = h.BlobGasUsed
		}
		if h.ParentBeaconRoot != nil {
			root = *h.ParentBeaconRoot
		}
		b["excessBlobGas"], b["blobGasUsed"] = (*hexutil.Uint64)(h.ExcessBlobGas), (*hexutil.Uint64)(used)
		b["parentBeaconBlockRoot"] = root
	}
	if a.r.rules().IsPrague {
		b["requestsHash"] = types.EmptyRequestsHash
	}
	return b
}

func (r Remote) rules() params.Rules { return r.Config.Rules(r.Head.Number, true, r.Head.Time) }

// Config is EIP-7910's answer, with the rules of the head alone. Rules that are older than blobs have no such answer.
func (a *remoteAPI) Config(context.Context) (map[string]any, error) {
	rules := a.r.rules()
	if !rules.IsCancun {
		return nil, errors.New("the rules of that block are older than eth_config")
	}
	names := map[string]common.Address{}
	contracts := vm.ActivePrecompiledContracts(rules)
	for _, address := range slices.SortedFunc(maps.Keys(contracts), common.Address.Cmp) {
		names[contracts[address].Name()] = address
	}
	system := map[string]common.Address{"BEACON_ROOTS_ADDRESS": params.BeaconRootsAddress}
	if rules.IsPrague {
		system["CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS"] = params.ConsolidationQueueAddress
		system["DEPOSIT_CONTRACT_ADDRESS"] = a.r.Config.DepositContractAddress
		system["HISTORY_STORAGE_ADDRESS"] = params.HistoryStorageAddress
		system["WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS"] = params.WithdrawalQueueAddress
	}
	return map[string]any{
		"current": map[string]any{
			"activationTime": 0, "chainId": a.ChainId(), "forkId": hexutil.Bytes{0, 0, 0, 0}, "precompiles": names,
			"systemContracts": system, "blobSchedule": a.r.Config.BlobConfig(a.r.Config.LatestFork(a.r.Head.Time)),
		},
		"next": nil, "last": nil,
	}, nil
}
