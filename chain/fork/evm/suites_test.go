package evm

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/eth/tracers"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // the tracers that the fixtures are about
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/internal/conformance"
)

// source is a client without retries: the suites' remotes answer at once or never.
type source struct{ *rpc.Client }

func (s source) Call(ctx context.Context, result any, method string, args ...any) error {
	return s.CallContext(ctx, result, method, args...)
}

func (s source) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return s.BatchCallContext(ctx, elems)
}

// The state before each case is reachable by JSON-RPC alone, and the rules are those that the remote tells.
func TestTheStateTestsPass(t *testing.T) {
	tally := conformance.OpenStateTests(t).Run(t.Context(), runStateCase)
	t.Log(tally)
	tally.Require(t)
}

func runStateCase(ctx context.Context, c *conformance.StateCase, remote *rpc.Client) (conformance.StateOutcome, error) {
	hash := c.Remote().Hash
	r, err := pinned.Dial(ctx, source{remote}, pinned.At{Hash: &hash})
	if err != nil {
		return conformance.StateOutcome{}, err
	}
	b, tx := c.Block, &c.Tx
	m := New(ctx, r.State().View(), Block{
		Number: b.Number, Time: b.Time, GasLimit: b.GasLimit, BaseFee: b.BaseFee, BlobFee: b.BlobBaseFee, Coinbase: b.Coinbase, Random: b.Random,
		Rules: RulesOf(r.ChainID(), r.Rules().Era), MaxBlobs: r.Rules().MaxBlobs(),
	}, nil)
	defer m.Close()
	if tx.Gas > b.GasLimit {
		return conformance.StateOutcome{Refused: ErrBlockGas}, nil
	}
	writes := NewWrites()
	out, refused := m.Transact(Message{
		From: tx.From, To: tx.To, Nonce: tx.Nonce, Value: tx.Value, Data: tx.Data, Gas: tx.Gas, FeeCap: tx.FeeCap, TipCap: tx.TipCap,
		Access: tx.AccessList, Blobs: tx.BlobHashes, BlobFeeCap: tx.BlobFeeCap, Delegations: tx.Authorizations,
	}, nil, writes)
	return conformance.StateOutcome{Refused: refused, Changes: changesOf(m, writes), Logs: out.Logs}, m.Err()
}

func changesOf(m *Machine, w *Writes) conformance.Changes {
	c := conformance.NewChanges()
	for a := range w.Killed {
		c.Destroyed[a] = true
	}
	for a := range w.Accounts {
		acc := m.Account(a)
		c.Balance[a], c.Nonce[a], c.Code[a] = acc.Balance, acc.Nonce, acc.Code
	}
	for k := range w.Slots {
		c.SetSlot(k.Account, k.Key, m.Slot(k))
	}
	return c
}

// Real blocks come out as they did: the gas of each transaction, the gas of all, and the root of the receipts.
func TestRealBlocksComeOutAsTheyDid(t *testing.T) {
	tally := conformance.OpenBlocks(t).Run(t.Context(), runRealBlock)
	t.Log(tally)
	tally.Require(t)
}

func runRealBlock(ctx context.Context, b *conformance.Block, remote *rpc.Client) ([]conformance.Receipt, error) {
	h := b.Header
	r, err := pinned.Dial(ctx, source{remote}, pinned.At{Hash: &h.ParentHash})
	if err != nil {
		return nil, err
	}
	m := New(ctx, r.State().View(), Block{
		Number: h.Number.Uint64(), Time: h.Time, GasLimit: h.GasLimit, BaseFee: *uint256.MustFromBig(h.BaseFee), BlobFee: b.BlobBaseFee,
		Coinbase: h.Coinbase, Random: h.MixDigest, Rules: RulesOf(r.ChainID(), r.Rules().Era), MaxBlobs: r.Rules().MaxBlobs(),
	}, nil)
	defer m.Close()
	writes := NewWrites()
	if err := m.Begin(h.ParentHash, h.ParentBeaconRoot, writes); err != nil {
		return nil, err
	}
	receipts := make([]conformance.Receipt, len(b.Transactions))
	for i, tx := range b.Transactions {
		msg, err := MessageOf(tx, b.Senders[i])
		if err != nil {
			return nil, err
		}
		out, err := m.Transact(msg, tx, writes)
		if err != nil {
			return nil, err
		}
		receipts[i] = conformance.Receipt{Failed: out.Failure != nil, GasUsed: out.Used, Logs: out.Logs}
	}
	return receipts, m.Err()
}

// go-ethereum's tracers say of this machine's runs what they say of its own. The rules are the fixtures', as old as they are.
func TestTheTracerFixturesPass(t *testing.T) {
	tally := conformance.OpenFixtures(t).Run(t.Context(), runFixture)
	t.Log(tally)
	tally.Require(t)
}

func runFixture(ctx context.Context, f *conformance.Fixture, remote *rpc.Client) (json.RawMessage, error) {
	hash := f.Remote().Hash
	r, err := pinned.Dial(ctx, source{remote}, pinned.At{Hash: &hash})
	if err != nil {
		return nil, err
	}
	tracer, err := tracers.DefaultDirectory.New(f.Tracer, new(tracers.Context), f.TracerConfig, f.Config)
	if err != nil {
		return nil, err
	}
	b := f.Block
	block := Block{
		Number: b.Number, Time: b.Time, GasLimit: b.GasLimit, Coinbase: b.Coinbase, Rules: &Rules{f.Config, core.NewJumpDestCache()}, MaxBlobs: 6,
	}
	if b.Random != nil {
		block.Random = *b.Random
	} else {
		block.Difficulty = *uint256.MustFromBig(b.Difficulty)
	}
	for into, n := range map[*uint256.Int]*big.Int{&block.BaseFee: b.BaseFee, &block.BlobFee: b.BlobBaseFee} {
		if n != nil && into.SetFromBig(n) {
			return nil, errors.New("a fee has more than 256 bits")
		}
	}
	m := New(ctx, r.State().View(), block, tracer.Hooks)
	defer m.Close()
	msg, err := MessageOf(f.Tx, f.From)
	if err != nil {
		return nil, err
	}
	if _, err := m.Transact(msg, f.Tx, NewWrites()); err != nil {
		return nil, err
	}
	return tracer.GetResult()
}
