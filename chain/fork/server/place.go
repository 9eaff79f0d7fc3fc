package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// place is a block that a request names, on the branch as it was when the request came.
type place struct {
	branch *branch
	number uint64
	below  bool          // the pin: only the remote knows it
	env    evm.Block     // what a call in the block sees; unknown below the pin
	state  *pinned.State // after the block; nil below the pin
}

// latest is the newest block.
var latest = rpc.BlockNumberOrHashWithNumber(rpc.LatestBlockNumber)

// orLatest is what go-ethereum takes an absent block for.
func orLatest(which *rpc.BlockNumberOrHash) rpc.BlockNumberOrHash {
	if which == nil {
		return latest
	}
	return *which
}

// place finds a block that a request names. What is not there is errNoHeader.
func (s *Server) place(ctx context.Context, which rpc.BlockNumberOrHash) (*place, error) {
	b := s.current()
	if hash, ok := which.Hash(); ok {
		return s.placeOf(ctx, b, hash)
	}
	number, _ := which.Number()
	if number == rpc.PendingBlockNumber {
		return s.pending(ctx, b)
	}
	n, err := s.resolve(ctx, b, number)
	if err != nil {
		return nil, err
	}
	return b.at(n)
}

// at is the place of a number.
func (b *branch) at(n uint64) (*place, error) {
	switch {
	case n > b.head():
		return nil, errNoHeader
	case n < b.pin.Number:
		return &place{branch: b, number: n, below: true}, nil
	}
	return &place{branch: b, number: n, env: b.env(n), state: b.stateAt(n)}, nil
}

// placeOf is the place of a hash. One that is not known here is asked of the remote, and has to be of a block below the pin.
func (s *Server) placeOf(ctx context.Context, b *branch, hash common.Hash) (*place, error) {
	if hash == b.pin.Hash {
		return b.at(b.pin.Number)
	}
	if l := s.blockOf(b, hash); l != nil {
		return b.at(l.number())
	}
	var raw json.RawMessage
	if err := s.ask(ctx, &raw, "eth_getBlockByHash", hash, false); err != nil {
		return nil, err
	}
	if n, ok := numberOf(raw); ok && n < b.pin.Number {
		return b.at(n)
	}
	return nil, errNoHash
}

var errNoHash = errors.New("header for hash not found")

// numberOf is the number in an answer that is a block.
func numberOf(raw json.RawMessage) (uint64, bool) {
	var answer *struct {
		Number *hexutil.Uint64 `json:"number"`
	}
	if json.Unmarshal(raw, &answer) != nil || answer == nil || answer.Number == nil {
		return 0, false
	}
	return uint64(*answer.Number), true
}

// resolve is the number that a tag stands for. What is safe or final is the remote's to say, and is never above the pin.
func (s *Server) resolve(ctx context.Context, b *branch, number rpc.BlockNumber) (uint64, error) {
	switch number {
	case rpc.LatestBlockNumber, rpc.PendingBlockNumber:
		return b.head(), nil
	case rpc.EarliestBlockNumber:
		return 0, nil
	case rpc.SafeBlockNumber, rpc.FinalizedBlockNumber:
		var raw json.RawMessage
		if err := s.ask(ctx, &raw, "eth_getBlockByNumber", number, false); err != nil {
			return 0, err
		}
		n, ok := numberOf(raw)
		if !ok {
			return 0, fmt.Errorf("%s block not found", number)
		}
		return min(n, b.pin.Number), nil
	}
	if number < 0 {
		return 0, errNoHeader
	}
	return uint64(number), nil
}

// pending is the block that comes next, with all that waits in it.
func (s *Server) pending(ctx context.Context, b *branch) (*place, error) {
	env := b.grow(s.now())
	p := &place{branch: b, number: b.head() + 1, env: env, state: b.state}
	if len(b.pool) == 0 {
		return p, nil
	}
	made, _, err := b.seal(ctx, env, b.order())
	if err != nil {
		return nil, err
	}
	p.state = made.after
	return p, nil
}

// ask reads from the remote. Nothing else leaves this process: what is not known to be a read is refused here.
func (s *Server) ask(ctx context.Context, result any, method string, args ...any) error {
	if !chain.IsRead(method) {
		return &fault{text: "the method " + method + " is not passed on to the remote", code: codeNoMethod}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, s.limits.Time, errTime)
	defer cancel()
	elems := []rpc.BatchElem{{Method: method, Args: args, Result: result}}
	if err := onThePin(ctx, s.Remote(), elems); err != nil {
		return remoteFault(err)
	}
	return remoteFault(elems[0].Error)
}

// onThePin reads from a remote, and in the same trip whether its chain still has the pinned block. Else what it says of a number is about
// other blocks than those below the pin, or about another chain.
func onThePin(ctx context.Context, remote *pinned.Remote, elems []rpc.BatchElem) error {
	var raw json.RawMessage
	pin := remote.Header()
	all := append(slices.Clip(elems), rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{hexutil.Uint64(pin.Number), false}, Result: &raw})
	if err := remote.Source().Batch(ctx, all); err != nil {
		return err
	}
	copy(elems, all)
	if err := all[len(elems)].Error; err != nil {
		return err
	}
	if string(raw) == "null" {
		return pinned.ErrReorged
	}
	h, err := pinned.DecodeHeader(raw)
	if err == nil && h.Hash != pin.Hash {
		err = pinned.ErrReorged
	}
	return err
}

// forward is the remote's own answer to a read.
func (s *Server) forward(ctx context.Context, method string, args ...any) (json.RawMessage, error) {
	var raw json.RawMessage
	if err := s.ask(ctx, &raw, method, args...); err != nil {
		return nil, err
	}
	if len(raw) == 0 {
		raw = json.RawMessage("null")
	}
	return raw, nil
}
