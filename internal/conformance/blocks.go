package conformance

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/trie"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/shared"
)

// Blocks is real mainnet blocks, each with the state that its transactions touch.
//
//	run := func(ctx context.Context, b *conformance.Block, remote *rpc.Client) ([]conformance.Receipt, error) {
//		state, err := pinned.Dial(ctx, remote, ...) // pins b.Header.ParentHash
//		...                                         // b.Transactions from b.Senders, one after the other, in b.Header's block
//		return receipts, nil
//	}
//	tally := conformance.OpenBlocks(t).Run(t.Context(), run)
//	t.Log(tally)
//	tally.Require(t)
type Blocks struct {
	dir string // empty: the suite's own block
}

// BlocksVariable names the folder with *.json.gz, where it is elsewhere than in the shared data.
const BlocksVariable = "KEYMAKER_BLOCKS"

// OpenBlocks finds the suite.
func OpenBlocks(t testing.TB) *Blocks {
	t.Helper()
	if dir := named(t, BlocksVariable); dir != "" {
		return &Blocks{dir: dir}
	}
	beside, ok := shared.Dir(t)
	if dir := filepath.Join(beside, "mainnet"); ok && isDir(dir) {
		return &Blocks{dir: dir}
	}
	return &Blocks{}
}

// Block is one block and the state before it.
type Block struct {
	Name         string
	Config       *params.ChainConfig
	Hash         common.Hash
	Header       *types.Header
	Transactions []*types.Transaction
	Senders      []common.Address
	GasUsed      []uint64 // of each transaction; nil where the file doesn't tell
	BlobBaseFee  uint256.Int
	Prestate     types.GenesisAlloc
}

// Receipt is what an engine says of one transaction.
type Receipt struct {
	Failed  bool
	GasUsed uint64
	Logs    []*types.Log
}

// BlockRunner runs the transactions of a block in their order on a state that it reaches through remote alone. What a chain
// writes before a block's first transaction (the beacon root, the parent's hash) is the runner's to write.
type BlockRunner func(ctx context.Context, b *Block, remote *rpc.Client) ([]Receipt, error)

// Run runs all blocks.
func (s *Blocks) Run(ctx context.Context, run BlockRunner) *Tally {
	tally := NewTally(suiteName("mainnet blocks", s.dir == ""), nil)
	for b := range loaded(ctx, tally, s.All()) {
		tally.Count(b.Name, b.run(ctx, run))
	}
	return tally
}

func (b *Block) run(ctx context.Context, run BlockRunner) error {
	return judged(b.Remote(), func(remote *rpc.Client) ([]Receipt, error) { return run(ctx, b, remote) }, b.Judge)
}

// Remote is the state before the block, pinned at its parent. Of the parent only number and hash are known; the rest is made
// so that the block follows from it by the rules of base fee and blob fee. It makes no access lists, and has no older blocks.
func (b *Block) Remote() Remote {
	h := b.Header
	parent := &types.Header{
		Number: new(big.Int).Sub(h.Number, common.Big1), Time: h.Time - min(h.Time, 12), GasLimit: h.GasLimit, GasUsed: h.GasLimit / 2,
		BaseFee: h.BaseFee, Difficulty: new(big.Int), Coinbase: h.Coinbase,
	}
	if h.ExcessBlobGas != nil {
		// The block's excess is the parent's, and what the parent used beyond the target, which was nothing.
		excess, none := *h.ExcessBlobGas, uint64(0)
		if excess > 0 {
			excess += uint64(eip4844.TargetBlobsPerBlock(b.Config, h.Time)) * params.BlobTxBlobGasPerBlob
		}
		parent.ExcessBlobGas, parent.BlobGasUsed = &excess, &none
	}
	return Remote{Config: b.Config, Head: parent, Hash: h.ParentHash, Alloc: b.Prestate}
}

// Judge holds receipts against the block: gas of each transaction where it is known and of all, and the root of the receipts.
func (b *Block) Judge(receipts []Receipt) error {
	if len(receipts) != len(b.Transactions) {
		return fmt.Errorf("%d receipts, want %d", len(receipts), len(b.Transactions))
	}
	sum := uint64(0)
	for i, r := range receipts {
		if b.GasUsed != nil && r.GasUsed != b.GasUsed[i] {
			return fmt.Errorf("transaction %d (%s) used %d gas, want %d", i, b.Transactions[i].Hash(), r.GasUsed, b.GasUsed[i])
		}
		sum += r.GasUsed
	}
	if sum != b.Header.GasUsed {
		return fmt.Errorf("gas used %d, want %d: %+d", sum, b.Header.GasUsed, int64(sum-b.Header.GasUsed))
	}
	if root := b.ReceiptsRoot(receipts); root != b.Header.ReceiptHash {
		return fmt.Errorf("receipts root %s, want %s", root, b.Header.ReceiptHash)
	}
	return nil
}

// ReceiptsRoot is the root of the receipts as the block's header has it. There must be one for each transaction.
func (b *Block) ReceiptsRoot(receipts []Receipt) common.Hash {
	all, sum := make(types.Receipts, len(receipts)), uint64(0)
	for i, r := range receipts {
		sum += r.GasUsed
		all[i] = &types.Receipt{Type: b.Transactions[i].Type(), Status: types.ReceiptStatusSuccessful, CumulativeGasUsed: sum, Logs: r.Logs}
		if r.Failed {
			all[i].Status = types.ReceiptStatusFailed
		}
		all[i].Bloom = types.CreateBloom(all[i])
	}
	return types.DeriveSha(all, trie.NewStackTrie(nil))
}

// All yields the blocks in the order of their files. One is in memory at a time.
func (s *Blocks) All() iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		if s.dir == "" {
			yield(ownBlock())
			return
		}
		for file, err := range files(s.dir, ".json.gz") {
			if err != nil {
				yield(nil, err)
				return
			}
			b, err := readBlock(filepath.Join(s.dir, filepath.FromSlash(file)))
			if err != nil {
				err = fmt.Errorf("%s: %w", file, err)
			}
			if !yield(b, err) || err != nil {
				return
			}
		}
	}
}

func readBlock(path string) (*Block, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(io.LimitReader(z, mostFile+1))
	if err != nil {
		return nil, err
	}
	if len(raw) > mostFile {
		return nil, fmt.Errorf("unpacked it has more than %d bytes", mostFile)
	}
	return decodeBlock(strings.TrimSuffix(filepath.Base(path), ".json.gz"), raw)
}

// blockFile is a block as it is written.
type blockFile struct {
	ChainID      math.HexOrDecimal64                 `json:"chainId"`
	Block        json.RawMessage                     `json:"block"`
	Transactions []json.RawMessage                   `json:"transactions"`
	Prestate     map[common.Address]blockFileAccount `json:"prestate"`
}

type blockFileAccount struct {
	Balance *math.HexOrDecimal256 `json:"balance"`
	Nonce   math.HexOrDecimal64   `json:"nonce"`
	Code    hexutil.Bytes         `json:"code"`
	Storage map[string]string     `json:"storage"`
}

// decodeBlock reads a block, and refuses one whose parts don't hash to what its header says.
func decodeBlock(name string, raw []byte) (*Block, error) {
	var f blockFile
	if err := json.Unmarshal(raw, &f); err != nil {
		return nil, err
	}
	config, err := configOfChain(uint64(f.ChainID))
	if err != nil {
		return nil, err
	}
	b := &Block{Name: name, Config: config, Header: new(types.Header)}
	var stated struct {
		Hash common.Hash `json:"hash"`
	}
	if err := errors.Join(json.Unmarshal(f.Block, b.Header), json.Unmarshal(f.Block, &stated)); err != nil {
		return nil, err
	}
	if b.Hash = b.Header.Hash(); b.Hash != stated.Hash {
		return nil, fmt.Errorf("the header hashes to %s, and says %s", b.Hash, stated.Hash)
	}
	if b.Header.Number.Sign() <= 0 || b.Header.BaseFee == nil || b.Header.Difficulty.Sign() != 0 {
		return nil, errors.New("the block is from before the merge, or has no parent")
	}
	if err := b.readTransactions(f.Transactions); err != nil {
		return nil, err
	}
	if b.Header.ExcessBlobGas != nil {
		if eip4844.MaxBlobsPerBlock(config, b.Header.Time) == 0 {
			return nil, errors.New("the block has blob gas, and the chain's rules at its time have no blobs")
		}
		if *b.Header.ExcessBlobGas > mostExcess {
			return nil, errMuchExcess
		}
		b.BlobBaseFee = *uint256.MustFromBig(eip4844.CalcBlobFee(config, b.Header))
	}
	return b, b.readPrestate(f.Prestate)
}

func configOfChain(id uint64) (*params.ChainConfig, error) {
	for _, c := range []*params.ChainConfig{params.MainnetChainConfig, ownConfig} {
		if c.ChainID.Uint64() == id {
			return c, nil
		}
	}
	return nil, fmt.Errorf("the rules of chain %d are not known here", id)
}

func (b *Block) readTransactions(all []json.RawMessage) error {
	signer := types.MakeSigner(b.Config, b.Header.Number, b.Header.Time)
	for i, raw := range all {
		tx := new(types.Transaction)
		var more struct {
			GasUsed *hexutil.Uint64 `json:"gasUsed"`
		}
		if err := errors.Join(json.Unmarshal(raw, tx), json.Unmarshal(raw, &more)); err != nil {
			return fmt.Errorf("transaction %d: %w", i, err)
		}
		from, err := types.Sender(signer, tx)
		if err != nil {
			return fmt.Errorf("transaction %d: %w", i, err)
		}
		b.Transactions, b.Senders = append(b.Transactions, tx), append(b.Senders, from)
		if more.GasUsed != nil {
			b.GasUsed = append(b.GasUsed, uint64(*more.GasUsed))
		}
	}
	if b.GasUsed != nil && len(b.GasUsed) != len(all) {
		return errors.New("some transactions tell the gas that they used, and some don't")
	}
	if root := types.DeriveSha(types.Transactions(b.Transactions), trie.NewStackTrie(nil)); root != b.Header.TxHash {
		return fmt.Errorf("the transactions' root is %s, the header says %s", root, b.Header.TxHash)
	}
	return nil
}

func (b *Block) readPrestate(all map[common.Address]blockFileAccount) error {
	b.Prestate = make(types.GenesisAlloc, len(all))
	for address, a := range all {
		account := types.Account{Balance: (*big.Int)(a.Balance), Nonce: uint64(a.Nonce), Code: a.Code}
		if account.Balance == nil {
			return fmt.Errorf("account %s has no balance", address)
		}
		account.Storage = make(map[common.Hash]common.Hash, len(a.Storage))
		for k, v := range a.Storage {
			key, kerr := slotWord(k)
			value, verr := slotWord(v)
			if err := errors.Join(kerr, verr); err != nil {
				return fmt.Errorf("storage of %s: %w", address, err)
			}
			account.Storage[key] = value
		}
		b.Prestate[address] = account
	}
	return nil
}

// slotWord reads a slot or its value, written with or without its leading zeros.
func slotWord(s string) (common.Hash, error) {
	digits, ok := strings.CutPrefix(s, "0x")
	if !ok || digits == "" || len(digits) > 2*common.HashLength {
		return common.Hash{}, fmt.Errorf("%q is no slot or value", clip(s))
	}
	b, err := hexutil.Decode("0x" + strings.Repeat("0", 2*common.HashLength-len(digits)) + digits)
	return common.BytesToHash(b), err
}
