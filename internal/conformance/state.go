package conformance

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/big"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/ethereum/go-ethereum/tests"
	"github.com/holiman/uint256"
)

// StateTests is ethereum/tests' GeneralStateTests: one transaction on a small state, and the root of the state after it.
//
//	run := func(ctx context.Context, c *conformance.StateCase, remote *rpc.Client) (conformance.StateOutcome, error) {
//		state, err := pinned.Dial(ctx, remote, ...)        // pins c.Remote().Hash, block c.Block.Number-1
//		machine := evm.New(state, block of c.Block, c.Config)
//		out, refused := machine.Transact(message of c.Tx)
//		return conformance.StateOutcome{Refused: refused, Changes: ..., Logs: ...}, nil
//	}
//	tally := conformance.OpenStateTests(t).Run(t.Context(), run)
//	t.Log(tally)
//	tally.Require(t)
type StateTests struct {
	dir string // empty: the suite's own cases
}

// StateTestsVariable names the folder of the unpacked GeneralStateTests, where they are elsewhere than in the shared data.
const StateTestsVariable = "KEYMAKER_STATE_TESTS"

// OpenStateTests finds the suite.
func OpenStateTests(t testing.TB) *StateTests {
	t.Helper()
	return &StateTests{dir: locate(t, StateTestsVariable, "state-tests-part.tar.xz")}
}

// stateForks are the forks whose rules the engine has. Posts of others are passed over.
var stateForks = []string{"Shanghai", "Cancun", "Prague", "Osaka"}

// StateCase is one transaction with all that it may meet.
type StateCase struct {
	Name      string // folder/test/fork/dNgNvN, the indices of data, gas limit and value
	Fork      string
	Config    *params.ChainConfig
	Block     StateBlock
	Pre       types.GenesisAlloc
	Tx        StateTx
	Raw       []byte // the signed transaction, or what is meant to be taken for one; may be empty
	Malformed error  // why no message can be made of the transaction: no engine can be asked
	Want      StateWant
}

// StateBlock is the block that the transaction runs in.
type StateBlock struct {
	Number, Time, GasLimit uint64
	Coinbase               common.Address
	BaseFee, BlobBaseFee   uint256.Int
	ExcessBlobGas          *uint64
	Random                 common.Hash
	MaxBlobs               int // of one block
}

// StateTx is the transaction, as a message. GasPrice is what it pays in this block: also of a legacy transaction, whose FeeCap
// and TipCap are its gas price.
type StateTx struct {
	Type                     uint8
	From                     common.Address
	To                       *common.Address // nil: creates a contract
	Nonce, Gas               uint64
	Value                    uint256.Int
	GasPrice, FeeCap, TipCap uint256.Int
	Data                     []byte
	AccessList               types.AccessList
	BlobHashes               []common.Hash
	BlobFeeCap               uint256.Int
	Authorizations           []types.SetCodeAuthorization
}

// StateWant is what must come out.
type StateWant struct {
	Root, Logs common.Hash
	Exception  string // not empty: no block may hold the transaction
}

// StateOutcome is what an engine says came out.
type StateOutcome struct {
	Refused error // why no block may hold the transaction; then nothing else counts
	Changes Changes
	Logs    []*types.Log
}

// StateRunner runs a case on a state that it reaches through remote alone. An error means that the run itself failed.
type StateRunner func(ctx context.Context, c *StateCase, remote *rpc.Client) (StateOutcome, error)

// storageAlone is why ten cases fail, on go-ethereum's own state too: its tests pass them over.
const storageAlone = "a contract is to be created where there is storage but neither nonce nor code (EIP-7610), " +
	"which go-ethereum does not look for, as no chain has such an account"

// StateExceptions are the cases that no engine on go-ethereum's EVM passes, by name. Whatever else fails is the engine's doing.
var StateExceptions = map[string]string{
	"stCreate2/RevertInCreateInInitCreate2Paris/Cancun/d0g0v0":       storageAlone,
	"stCreate2/create2collisionStorageParis/Cancun/d0g0v0":           storageAlone,
	"stCreate2/create2collisionStorageParis/Cancun/d1g0v0":           storageAlone,
	"stCreate2/create2collisionStorageParis/Cancun/d2g0v0":           storageAlone,
	"stExtCodeHash/dynamicAccountOverwriteEmpty_Paris/Cancun/d0g0v0": storageAlone,
	"stRevertTest/RevertInCreateInInit_Paris/Cancun/d0g0v0":          storageAlone,
	"stSStoreTest/InitCollisionParis/Cancun/d0g0v0":                  storageAlone,
	"stSStoreTest/InitCollisionParis/Cancun/d1g0v0":                  storageAlone,
	"stSStoreTest/InitCollisionParis/Cancun/d2g0v0":                  storageAlone,
	"stSStoreTest/InitCollisionParis/Cancun/d3g0v0":                  storageAlone,
}

// Run runs all cases. It stops early where ctx ends, and then the cases that are left count as failed.
func (s *StateTests) Run(ctx context.Context, run StateRunner) *Tally {
	tally := NewTally(suiteName("state tests", s.dir == ""), StateExceptions)
	for c := range loaded(ctx, tally, s.Cases()) {
		if c.Malformed != nil {
			tally.LeaveOut("no message can say that")
			continue
		}
		tally.Count(c.Name, c.run(ctx, run))
	}
	return tally
}

func (c *StateCase) run(ctx context.Context, run StateRunner) error {
	return judged(c.Remote(), func(remote *rpc.Client) (StateOutcome, error) { return run(ctx, c, remote) }, c.Judge)
}

// Remote is the state before the transaction, pinned at the block's parent. Hashes of older blocks are those of go-ethereum's
// state tests: of the number in decimal digits.
func (c *StateCase) Remote() Remote {
	parent := c.Block.Number - 1
	head := &types.Header{
		Number: new(big.Int).SetUint64(parent), Time: c.Block.Time - min(c.Block.Time, 12), GasLimit: c.Block.GasLimit, GasUsed: c.Block.GasLimit / 2,
		BaseFee: c.Block.BaseFee.ToBig(), Difficulty: new(big.Int), Coinbase: c.Block.Coinbase, MixDigest: c.Block.Random,
		ExcessBlobGas: c.Block.ExcessBlobGas,
	}
	if parent > 0 {
		head.ParentHash = stateBlockHash(parent - 1)
	}
	return Remote{Config: c.Config, Head: head, Hash: stateBlockHash(parent), Hashes: stateBlockHash, Alloc: c.Pre}
}

func stateBlockHash(number uint64) common.Hash {
	return crypto.Keccak256Hash([]byte(new(big.Int).SetUint64(number).String()))
}

// Judge holds an outcome against what must come out.
func (c *StateCase) Judge(out StateOutcome) error {
	if out.Refused != nil {
		if c.Want.Exception == "" {
			return fmt.Errorf("refused: %w", out.Refused)
		}
		return c.judgeRoot(c.Pre)
	}
	if c.Want.Exception != "" {
		return fmt.Errorf("ran, but no block may hold it: %s", c.Want.Exception)
	}
	touched := out.Changes
	if _, named := touched.Balance[c.Block.Coinbase]; !named {
		touched.Balance = maps.Clone(touched.Balance)
		if touched.Balance == nil {
			touched.Balance = map[common.Address]uint256.Int{}
		}
		// The suite gives the coinbase a reward of nothing, so an empty one is gone afterwards.
		touched.Balance[c.Block.Coinbase] = balanceOf(c.Pre, touched, c.Block.Coinbase)
	}
	if err := c.judgeRoot(touched.Apply(c.Pre)); err != nil {
		return err
	}
	logs, err := LogsHash(out.Logs)
	if err != nil {
		return err
	}
	if logs != c.Want.Logs {
		return fmt.Errorf("logs hash %s, want %s", logs, c.Want.Logs)
	}
	return nil
}

func balanceOf(pre types.GenesisAlloc, c Changes, a common.Address) uint256.Int {
	if balance := pre[a].Balance; balance != nil && !c.Destroyed[a] {
		return *uint256.MustFromBig(balance)
	}
	return uint256.Int{}
}

func (c *StateCase) judgeRoot(alloc types.GenesisAlloc) error {
	root, err := RootOf(alloc)
	if err != nil {
		return err
	}
	if root != c.Want.Root {
		return fmt.Errorf("state root %s, want %s", root, c.Want.Root)
	}
	return nil
}

// Cases yields the cases in the order of their files. One file is in memory at a time.
func (s *StateTests) Cases() iter.Seq2[*StateCase, error] {
	if s.dir == "" {
		return ownStateCases()
	}
	return func(yield func(*StateCase, error) bool) {
		for file, err := range files(s.dir, ".json") {
			if err != nil {
				yield(nil, err)
				return
			}
			raw, err := readFile(s.dir, file)
			if err != nil {
				yield(nil, err)
				return
			}
			for c, err := range casesOf(file, raw) {
				if !yield(c, err) || err != nil {
					return
				}
			}
		}
	}
}

// casesOf yields the cases of one file.
func casesOf(file string, raw []byte) iter.Seq2[*StateCase, error] {
	return func(yield func(*StateCase, error) bool) {
		var all map[string]*stateFile
		if err := json.Unmarshal(raw, &all); err != nil {
			yield(nil, fmt.Errorf("%s: %w", file, err))
			return
		}
		for _, name := range slices.Sorted(maps.Keys(all)) {
			f := all[name]
			if f == nil {
				yield(nil, fmt.Errorf("%s: %s is empty", file, name))
				return
			}
			for _, fork := range stateForks {
				for i := range f.Post[fork] {
					c, err := f.build(path.Join(path.Base(path.Dir(file)), name), fork, &f.Post[fork][i])
					if err != nil {
						err = fmt.Errorf("%s: %s: %w", file, fork, err)
					}
					if !yield(c, err) || err != nil {
						return
					}
				}
			}
		}
	}
}

// stateFile is a test as it is written.
type stateFile struct {
	Env struct {
		Coinbase      common.Address        `json:"currentCoinbase"`
		Random        *math.HexOrDecimal256 `json:"currentRandom"`
		GasLimit      math.HexOrDecimal64   `json:"currentGasLimit"`
		Number        math.HexOrDecimal64   `json:"currentNumber"`
		Time          math.HexOrDecimal64   `json:"currentTimestamp"`
		BaseFee       *math.HexOrDecimal256 `json:"currentBaseFee"`
		ExcessBlobGas *math.HexOrDecimal64  `json:"currentExcessBlobGas"`
	} `json:"env"`
	Pre  types.GenesisAlloc     `json:"pre"`
	Tx   stateFileTx            `json:"transaction"`
	Post map[string][]statePost `json:"post"`
}

type stateFileTx struct {
	GasPrice       *math.HexOrDecimal256 `json:"gasPrice"`
	FeeCap         *math.HexOrDecimal256 `json:"maxFeePerGas"`
	TipCap         *math.HexOrDecimal256 `json:"maxPriorityFeePerGas"`
	Nonce          *math.HexOrDecimal256 `json:"nonce"`
	To             string                `json:"to"`
	Data           []string              `json:"data"`
	AccessLists    []*types.AccessList   `json:"accessLists"`
	GasLimit       []math.HexOrDecimal64 `json:"gasLimit"`
	Value          []string              `json:"value"`
	Key            hexutil.Bytes         `json:"secretKey"`
	Sender         *common.Address       `json:"sender"`
	BlobHashes     []common.Hash         `json:"blobVersionedHashes"`
	BlobFeeCap     *math.HexOrDecimal256 `json:"maxFeePerBlobGas"`
	Authorizations []struct {
		ChainID *math.HexOrDecimal256 `json:"chainId"`
		Address common.Address        `json:"address"`
		Nonce   math.HexOrDecimal64   `json:"nonce"`
		V       math.HexOrDecimal64   `json:"v"`
		R       *math.HexOrDecimal256 `json:"r"`
		S       *math.HexOrDecimal256 `json:"s"`
	} `json:"authorizationList"`
}

type statePost struct {
	Root      common.Hash   `json:"hash"`
	Logs      common.Hash   `json:"logs"`
	Raw       hexutil.Bytes `json:"txbytes"`
	Exception string        `json:"expectException"`
	Indexes   struct {
		Data  int `json:"data"`
		Gas   int `json:"gas"`
		Value int `json:"value"`
	} `json:"indexes"`
}

var errNoTransaction = errors.New("not a transaction")

// build makes a case. What is wrong with the file is an error; what is meant to be wrong with the transaction is in Malformed.
func (f *stateFile) build(name, fork string, p *statePost) (*StateCase, error) {
	config, _, err := tests.GetChainConfig(fork)
	if err != nil {
		return nil, err
	}
	if f.Env.Number == 0 {
		return nil, errors.New("block 0 has no parent to pin")
	}
	block, err := f.block(config)
	if err != nil {
		return nil, err
	}
	x := p.Indexes
	if x.Data < 0 || x.Data >= len(f.Tx.Data) || x.Gas < 0 || x.Gas >= len(f.Tx.GasLimit) || x.Value < 0 || x.Value >= len(f.Tx.Value) {
		return nil, fmt.Errorf("%s: indices %+v are out of range", name, x)
	}
	c := &StateCase{
		Name: fmt.Sprintf("%s/%s/d%dg%dv%d", name, fork, x.Data, x.Gas, x.Value), Fork: fork, Config: config, Block: block, Pre: f.Pre, Raw: p.Raw,
		Want: StateWant{Root: p.Root, Logs: p.Logs, Exception: p.Exception},
	}
	c.Tx, err = f.Tx.build(x.Data, x.Gas, x.Value, &block.BaseFee)
	if err != nil && p.Exception == "" {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	c.Malformed = err
	return c, nil
}

// mostExcess bounds the excess of blob gas: the fee grows with its power, and would soon have no end.
const mostExcess = 1 << 29

var errMuchExcess = fmt.Errorf("more than %d excess blob gas, which no chain comes near", mostExcess)

func (f *stateFile) block(config *params.ChainConfig) (StateBlock, error) {
	e := &f.Env
	b := StateBlock{Number: uint64(e.Number), Time: uint64(e.Time), GasLimit: uint64(e.GasLimit), Coinbase: e.Coinbase}
	if e.Random == nil {
		return b, errors.New("no currentRandom: the block is from before the merge")
	}
	b.Random = common.BigToHash((*big.Int)(e.Random))
	b.BaseFee = *uint256.NewInt(0x0a) // go-ethereum's, where a file has none
	if e.BaseFee != nil {
		b.BaseFee = *uint256.MustFromBig((*big.Int)(e.BaseFee))
	}
	if e.ExcessBlobGas == nil || !config.IsCancun(new(big.Int), b.Time) {
		return b, nil
	}
	b.ExcessBlobGas = (*uint64)(e.ExcessBlobGas)
	if *b.ExcessBlobGas > mostExcess {
		return b, errMuchExcess
	}
	fee := eip4844.CalcBlobFee(config, &types.Header{Number: new(big.Int), Time: b.Time, ExcessBlobGas: b.ExcessBlobGas})
	b.BlobBaseFee = *uint256.MustFromBig(fee)
	b.MaxBlobs = eip4844.MaxBlobsPerBlock(config, b.Time)
	return b, nil
}

func (tx *stateFileTx) build(data, gas, value int, baseFee *uint256.Int) (out StateTx, err error) {
	out.Gas = uint64(tx.GasLimit[gas])
	if n := (*big.Int)(tx.Nonce); n != nil {
		if !n.IsUint64() {
			return out, fmt.Errorf("%w: nonce %s has more than 64 bits", errNoTransaction, n)
		}
		out.Nonce = n.Uint64()
	}
	switch {
	case tx.Sender != nil:
		out.From = *tx.Sender
	default:
		key, err := crypto.ToECDSA(tx.Key)
		if err != nil {
			return out, err
		}
		out.From = crypto.PubkeyToAddress(key.PublicKey)
	}
	if tx.To != "" {
		out.To = new(common.Address)
		if err := out.To.UnmarshalText([]byte(tx.To)); err != nil {
			return out, err
		}
	}
	if out.Data, err = hex.DecodeString(strings.TrimPrefix(tx.Data[data], "0x")); err != nil {
		return out, err
	}
	if s := tx.Value[value]; s != "0x" {
		v, ok := math.ParseBig256(s)
		if !ok {
			return out, fmt.Errorf("%w: value %q has more than 256 bits", errNoTransaction, s)
		}
		out.Value = *uint256.MustFromBig(v)
	}
	if data < len(tx.AccessLists) && tx.AccessLists[data] != nil {
		out.AccessList, out.Type = *tx.AccessLists[data], types.AccessListTxType
	}
	out.price(tx, baseFee)
	if len(tx.BlobHashes) > 0 || tx.BlobFeeCap != nil {
		out.Type, out.BlobHashes, out.BlobFeeCap = types.BlobTxType, tx.BlobHashes, word256(tx.BlobFeeCap)
		if out.BlobHashes == nil {
			out.BlobHashes = []common.Hash{} // a blob transaction without blobs, which is refused
		}
	}
	for _, a := range tx.Authorizations {
		out.Type = types.SetCodeTxType
		out.Authorizations = append(out.Authorizations, types.SetCodeAuthorization{
			ChainID: word256(a.ChainID), Address: a.Address, Nonce: uint64(a.Nonce), V: uint8(a.V), R: word256(a.R), S: word256(a.S),
		})
	}
	return out, nil
}

func (t *StateTx) price(tx *stateFileTx, baseFee *uint256.Int) {
	if tx.FeeCap == nil {
		t.GasPrice = word256(tx.GasPrice)
		t.FeeCap, t.TipCap = t.GasPrice, t.GasPrice
		return
	}
	t.Type, t.FeeCap, t.TipCap = types.DynamicFeeTxType, word256(tx.FeeCap), word256(tx.FeeCap)
	if tx.TipCap != nil {
		t.TipCap = word256(tx.TipCap)
	}
	sum, over := new(uint256.Int).AddOverflow(baseFee, &t.TipCap)
	if t.GasPrice = *sum; over || sum.Gt(&t.FeeCap) {
		t.GasPrice = t.FeeCap
	}
}

func word256(n *math.HexOrDecimal256) uint256.Int {
	if n == nil {
		return uint256.Int{}
	}
	return *uint256.MustFromBig((*big.Int)(n))
}
