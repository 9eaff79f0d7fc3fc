package wallet_test

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

const chainID = 1337

var ether = chain.Token{ChainID: chainID, Symbol: "ETH", Decimals: 18}

// ledgerless is a network of one account that keeps a pool and mines on demand. It is the Remote and the state of the tests:
// only plain payments, but with every fault of a real endpoint.
type ledgerless struct {
	mu      sync.Mutex
	account common.Address
	balance uint256.Int
	block   uint64
	genesis common.Hash
	real    bool
	mined   []*types.Transaction // by nonce
	at      map[common.Hash]uint64
	failing map[uint64]bool // nonces whose transaction reverts
	levy    uint64          // wei that is taken besides gas
	pool    map[uint64]*types.Transaction
	sent    map[uint64]map[common.Hash]int // every send, by nonce and hash

	// Faults.
	manual bool                              // transactions stay in the pool until mine is called
	onSend func(tx *types.Transaction) error // before the pool sees it
	lost   error                             // answered after the pool has it
	blind  int                               // so many receipts are answered as not there yet
	hidden int                               // so many questions for a transaction are answered as of a node that has not seen it
	behind int                               // so many headers are answered as of the block before
}

func newLedgerless(account common.Address) *ledgerless {
	return &ledgerless{
		account: account,
		balance: *new(uint256.Int).Mul(uint256.NewInt(1e18), uint256.NewInt(100)),
		block:   10,
		genesis: common.Hash{0x6e},
		at:      map[common.Hash]uint64{},
		failing: map[uint64]bool{},
		pool:    map[uint64]*types.Transaction{},
		sent:    map[uint64]map[common.Hash]int{},
	}
}

func (l *ledgerless) Network() chain.Network {
	return chain.Network{Key: "devnet", Name: "Devnet", ChainID: chainID, Native: ether, Embedded: !l.real, Real: l.real}
}

func (l *ledgerless) Header(context.Context) (chain.Head, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.behind > 0 {
		l.behind--
		return chain.Head{Number: l.block - 1, BaseFee: *uint256.NewInt(1e9)}, nil
	}
	return chain.Head{Number: l.block, BaseFee: *uint256.NewInt(1e9)}, nil
}

func (l *ledgerless) Tip(context.Context) (uint256.Int, error) { return *uint256.NewInt(1e6), nil }

func (l *ledgerless) Nonce(_ context.Context, who common.Address) (uint64, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := uint64(len(l.mined))
	for l.pool[next] != nil {
		next++
	}
	return next, nil
}

func (l *ledgerless) Receipt(_ context.Context, hash common.Hash) (*types.Receipt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	block, ok := l.at[hash]
	if !ok {
		return nil, nil
	}
	if l.blind > 0 {
		l.blind--
		return nil, nil
	}
	r := &types.Receipt{TxHash: hash, Status: 1, GasUsed: 21_000, BlockNumber: new(big.Int).SetUint64(block), EffectiveGasPrice: big.NewInt(1e9)}
	for nonce, tx := range l.mined {
		if tx.Hash() == hash && l.failing[uint64(nonce)] {
			r.Status = 0
		}
	}
	return r, nil
}

func (l *ledgerless) Send(_ context.Context, raw []byte) error {
	tx := new(types.Transaction)
	if err := tx.UnmarshalBinary(raw); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.onSend != nil {
		if err := l.onSend(tx); err != nil {
			return err
		}
	}
	if l.sent[tx.Nonce()] == nil {
		l.sent[tx.Nonce()] = map[common.Hash]int{}
	}
	l.sent[tx.Nonce()][tx.Hash()]++
	if tx.Nonce() < uint64(len(l.mined)) {
		return refusal.New(refusal.TxRejected, "nonce too low")
	}
	if l.pool[tx.Nonce()] != nil {
		return refusal.New(refusal.TxRejected, "already known")
	}
	l.pool[tx.Nonce()] = tx
	if !l.manual {
		l.mineLocked()
	}
	return l.lost
}

func (l *ledgerless) mine() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mineLocked()
}

func (l *ledgerless) mineLocked() {
	l.block++
	for tx := l.pool[uint64(len(l.mined))]; tx != nil; tx = l.pool[uint64(len(l.mined))] {
		delete(l.pool, tx.Nonce())
		l.mined = append(l.mined, tx)
		l.at[tx.Hash()] = l.block
	}
}

// foreign mines a transaction of another program with the account's next nonce.
func (l *ledgerless) foreign() {
	l.mu.Lock()
	defer l.mu.Unlock()
	nonce := uint64(len(l.mined))
	delete(l.pool, nonce)
	l.pool[nonce] = types.NewTx(&types.DynamicFeeTx{ChainID: big.NewInt(chainID), Nonce: nonce, Gas: 99})
	l.mineLocked()
}

// reorg takes the last transaction out of the chain, and out of the pool too.
func (l *ledgerless) reorg() {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := l.mined[len(l.mined)-1]
	l.mined = l.mined[:len(l.mined)-1]
	delete(l.at, last.Hash())
}

func (l *ledgerless) Call(_ context.Context, result any, method string, args ...any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch method {
	case "eth_getBlockByNumber":
		return json.Unmarshal([]byte(`{"hash":"`+l.genesis.Hex()+`"}`), result)
	case "eth_getTransactionCount":
		*result.(*hexutil.Uint64) = hexutil.Uint64(len(l.mined))
		return nil
	case "eth_getTransactionByHash":
		hash := args[0].(common.Hash)
		_, known := l.at[hash]
		for _, tx := range l.pool {
			known = known || tx.Hash() == hash
		}
		answer := json.RawMessage("null")
		if l.hidden > 0 {
			l.hidden--
			known = false
		}
		if known {
			answer = json.RawMessage(`{"hash":"` + hash.Hex() + `"}`)
		}
		*result.(*json.RawMessage) = answer
		return nil
	}
	return errors.New("the test network does not know " + method)
}

func (l *ledgerless) Batch(context.Context, []rpc.BatchElem) error {
	return errors.New("the test network has no batches")
}

// onlyOnce reports the transactions that were mined, and every nonce for which two different ones were sent.
func (l *ledgerless) onlyOnce() (mined int, twice []uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for nonce, hashes := range l.sent {
		if len(hashes) > 1 {
			twice = append(twice, nonce)
		}
	}
	return len(l.mined), twice
}

// pinned is the network as a state: payments do what their calls say.
type pinned struct {
	l     *ledgerless
	ahead uint64 // transactions that were applied to the fork alone
}

func (p pinned) Pin() fork.Pin {
	return fork.Pin{ChainID: chainID, Number: p.l.block, BaseFee: *uint256.NewInt(1e9)}
}

func (p pinned) Nonce(context.Context, common.Address) (uint64, error) {
	p.l.mu.Lock()
	defer p.l.mu.Unlock()
	return uint64(len(p.l.mined)) + p.ahead, nil
}

func (p pinned) CallContract(context.Context, chain.Call) ([]byte, error) {
	return nil, errors.New("the test network has no contracts")
}

func (p pinned) SimulateOnce(ctx context.Context, txs []fork.Tx) (*fork.Effects, error) {
	return p.Simulate(ctx, txs)
}

func (p pinned) Simulate(_ context.Context, txs []fork.Tx) (*fork.Effects, error) {
	e := &fork.Effects{Pin: p.Pin()}
	mine := fork.BalanceChange{Account: p.l.account, Kind: fork.Native, Before: p.l.balance, After: p.l.balance}
	gains := map[common.Address]*uint256.Int{}
	for _, tx := range txs {
		price := uint256.NewInt(1e9 + 1e6)
		fee := new(uint256.Int).Mul(price, uint256.NewInt(21_000))
		ok := len(tx.Data) == 0
		levy := uint256.NewInt(p.l.levy)
		fee.Add(fee, levy)
		e.Txs = append(e.Txs, fork.TxResult{Success: ok, GasUsed: 21_000, GasLimit: 21_000, Fee: *fee, L1Fee: *levy})
		mine.After.Sub(&mine.After, fee)
		mine.After.Sub(&mine.After, &tx.Value)
		if gains[*tx.To] == nil {
			gains[*tx.To] = new(uint256.Int)
		}
		gains[*tx.To].Add(gains[*tx.To], &tx.Value)
	}
	e.Balances = append(e.Balances, mine)
	for who, n := range gains {
		e.Balances = append(e.Balances, fork.BalanceChange{Account: who, Kind: fork.Native, After: *n})
	}
	return e, nil
}

// stepClock moves on by itself with every sleep, so that nothing in a test waits.
type stepClock struct {
	mu      sync.Mutex
	now     time.Time
	onSleep func(n int)
	sleeps  int
}

func newClock() *stepClock { return &stepClock{now: time.Unix(1_800_000_000, 0)} }

func (c *stepClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stepClock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *stepClock) Sleep(ctx context.Context, d time.Duration) error {
	c.add(d)
	c.mu.Lock()
	c.sleeps++
	n, do := c.sleeps, c.onSleep
	c.mu.Unlock()
	if do != nil {
		do(n)
	}
	return ctx.Err()
}
