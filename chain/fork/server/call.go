package server

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/eth/tracers/logger"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// run runs a call in a block, or has the remote run it in one below the pin.
func (a *ethAPI) run(
	ctx context.Context, method string, args *written[callArgs], at *rpc.BlockNumberOrHash, over *written[stateOverrides], block *written[blockOverrides],
	how func(context.Context, *prepared) (any, error),
) (any, error) {
	ctx, done, err := a.s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	p, err := a.s.place(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	if p.below {
		return a.s.forward(ctx, method, trimmed(args.raw, hexutil.Uint64(p.number), rawOf(over), rawOf(block))...)
	}
	c, err := a.s.prepare(ctx, p, &args.value, valueOf(over), valueOf(block))
	if err != nil {
		return nil, err
	}
	return how(ctx, c)
}

// Call runs a call in a block and keeps nothing.
func (a *ethAPI) Call(ctx context.Context, args written[callArgs], at *rpc.BlockNumberOrHash, over *written[stateOverrides], block *written[blockOverrides]) (any, error) {
	return a.run(ctx, "eth_call", &args, at, over, block, func(ctx context.Context, c *prepared) (any, error) {
		m := c.machine(ctx, nil)
		defer m.Close()
		out, err := m.Try(c.msg, c.env.Time)
		switch {
		case m.Err() != nil:
			return nil, m.Err()
		case err != nil:
			return nil, fmt.Errorf("err: %w (supplied gas %d)", err, c.msg.Gas)
		case errors.Is(out.Failure, evm.ErrReverted):
			return nil, reverted(out.Return)
		case out.Failure != nil:
			return nil, out.Failure
		}
		return hexutil.Bytes(out.Return), nil
	})
}

// prepared is a call that is ready to run.
type prepared struct {
	place *place
	state *pinned.State
	env   evm.Block
	msg   evm.Message
}

// prepare puts the overrides on a block and fills in what a call leaves out.
func (s *Server) prepare(ctx context.Context, p *place, args *callArgs, over stateOverrides, block blockOverrides) (*prepared, error) {
	c := &prepared{place: p, state: p.state, env: p.env}
	c.env.Unpriced = true
	if err := block.onto(&c.env); err != nil {
		return nil, err
	}
	if len(over) > 0 {
		o, err := over.on(ctx, p.state, p.branch.remote.Rules().Era)
		if err != nil {
			return nil, err
		}
		c.state, c.env.Precompiled = o.State, o.precompiled
	}
	if err := args.check(p.branch.chainID); err != nil {
		return nil, err
	}
	gas, nonce := s.limits.Gas, uint64(0)
	if args.Gas != nil {
		gas = min(gas, uint64(*args.Gas))
	}
	if args.Nonce != nil {
		nonce = uint64(*args.Nonce)
	}
	c.msg = args.message(nonce, gas)
	if c.msg.Price(&c.env.BaseFee).IsZero() {
		c.env.BaseFee.Clear() // as nodes do, so that a call without fees can run
	}
	if len(c.msg.Blobs) > 0 && c.msg.BlobFeeCap.IsZero() {
		c.env.BlobFee.Clear()
	}
	return c, nil
}

// machine runs the call. What it will read is asked of the remote beforehand.
func (c *prepared) machine(ctx context.Context, tracer *evm.Tracer) *evm.Machine {
	w := c.place.branch.over(c.state)
	w.Expect([]chain.Call{{From: c.msg.From, To: c.msg.To, Value: c.msg.Value, Data: c.msg.Data}}, c.env.Coinbase)
	return evm.New(ctx, &calledWorld{w, min(c.place.number, c.place.branch.head())}, c.env, tracer)
}

// calledWorld is a state that a call is made on, in a block whose number may be any: blocks above the one it stands on have no hash.
type calledWorld struct {
	*world
	top uint64
}

// BlockHash is the hash of a block up to that one, else zero.
func (w *calledWorld) BlockHash(ctx context.Context, number uint64) (common.Hash, error) {
	if number > w.top {
		return common.Hash{}, nil
	}
	return w.world.BlockHash(ctx, number)
}

// onto sets the fields of a block that a call is made in.
func (o *blockOverrides) onto(e *evm.Block) error {
	switch {
	case o.BeaconRoot != nil:
		return errors.New(`block override "beaconRoot" is not supported for this RPC method`)
	case o.Withdrawals != nil:
		return errors.New(`block override "withdrawals" is not supported for this RPC method`)
	case o.Number != nil && !o.Number.ToInt().IsUint64():
		return errors.New(`block override "number" has more than 64 bits`)
	}
	if o.Number != nil {
		e.Number = o.Number.ToInt().Uint64()
	}
	if o.Difficulty != nil && !e.Difficulty.IsZero() {
		e.Difficulty = word(o.Difficulty)
	}
	if o.Time != nil {
		e.Time = uint64(*o.Time)
	}
	if o.GasLimit != nil {
		e.GasLimit = uint64(*o.GasLimit)
	}
	if o.FeeRecipient != nil {
		e.Coinbase = *o.FeeRecipient
	}
	if o.PrevRandao != nil {
		e.Random = *o.PrevRandao
	}
	if o.BaseFeePerGas != nil {
		e.BaseFee = word(o.BaseFeePerGas)
	}
	if o.BlobBaseFee != nil {
		e.BlobFee = word(o.BlobBaseFee)
	}
	return nil
}

// EstimateGas is a gas limit that a transaction runs with, found as go-ethereum finds it.
func (a *ethAPI) EstimateGas(ctx context.Context, args written[callArgs], at *rpc.BlockNumberOrHash, over *written[stateOverrides], block *written[blockOverrides]) (any, error) {
	return a.run(ctx, "eth_estimateGas", &args, at, over, block, func(ctx context.Context, c *prepared) (any, error) {
		gas, err := a.s.estimate(ctx, c, args.value.Gas)
		return hexutil.Uint64(gas), err
	})
}

// Constants of go-ethereum's search.
const (
	plainGas    = 21_000
	callStipend = 2_300
	// nearEnough ends the search: the limit is at most so much of itself above the least.
	nearEnough = 0.015
)

// estimator looks for the least gas limit with which a call succeeds.
type estimator struct {
	*prepared
	m *evm.Machine
}

// estimate is the search. It takes the very steps of go-ethereum's gasestimator, so that both give the same number.
func (s *Server) estimate(ctx context.Context, c *prepared, asked *hexutil.Uint64) (uint64, error) {
	e := estimator{c, c.machine(ctx, nil)}
	defer e.m.Close()
	high, err := e.most(asked, s.limits.Gas)
	if err != nil {
		return 0, err
	}
	if to := c.msg.To; to != nil && len(c.msg.Data) == 0 && len(e.m.Account(*to).Code) == 0 {
		if out, failed, err := e.try(plainGas); err == nil && !failed {
			return out.Used, e.m.Err()
		}
	}
	out, failed, err := e.try(high)
	switch {
	case e.m.Err() != nil:
		return 0, e.m.Err()
	case err != nil:
		return 0, err
	case failed && errors.Is(out.Failure, evm.ErrReverted):
		return 0, reverted(out.Return)
	case failed && out.Failure != nil && !errors.Is(out.Failure, evm.ErrOutOfGas):
		return 0, out.Failure
	case failed:
		return 0, fmt.Errorf("gas required exceeds allowance (%d)", high)
	}
	return e.search(out, high)
}

// most is the highest limit: what was asked for, what a transaction or a call may have, and what the sender can pay for.
func (e *estimator) most(asked *hexutil.Uint64, most uint64) (uint64, error) {
	high := e.env.GasLimit
	if asked != nil && uint64(*asked) >= plainGas {
		high = min(uint64(*asked), most)
	}
	if e.place.branch.remote.Rules().Era >= pinned.Osaka {
		high = min(high, mostTxGas)
	}
	if !e.msg.FeeCap.IsZero() {
		left := e.m.Account(e.msg.From).Balance
		if e.m.Err() != nil {
			return 0, e.m.Err()
		}
		if !e.msg.Value.Lt(&left) {
			return 0, evm.ErrFundsValue
		}
		left.Sub(&left, &e.msg.Value)
		if len(e.msg.Blobs) > 0 {
			blobs, over := new(uint256.Int).MulOverflow(uint256.NewInt(uint64(len(e.msg.Blobs))*blobGas), &e.msg.BlobFeeCap)
			if over || !blobs.Lt(&left) {
				return 0, evm.ErrFunds
			}
			left.Sub(&left, blobs)
		}
		if left.Div(&left, &e.msg.FeeCap); left.IsUint64() {
			high = min(high, left.Uint64())
		}
	}
	return min(high, most), nil
}

// try runs the call with a limit. It has failed also where the limit is too low for the call to begin.
func (e *estimator) try(gas uint64) (out evm.Outcome, failed bool, err error) {
	e.msg.Gas = gas
	out, err = e.m.Try(e.msg, e.env.Time)
	switch {
	case e.m.Err() != nil:
		return out, true, e.m.Err()
	case errors.Is(err, evm.ErrIntrinsicGas), errors.Is(err, evm.ErrTxGas):
		return out, true, nil
	case err != nil:
		return out, true, fmt.Errorf("failed with %d gas: %w", gas, err)
	}
	return out, out.Failure != nil, nil
}

// search halves the range between a limit that fails and one that does not.
func (e *estimator) search(first evm.Outcome, high uint64) (uint64, error) {
	low := first.Used - 1
	if guess := (first.Peak + callStipend) * 64 / 63; guess < high {
		_, failed, err := e.try(guess)
		switch {
		case err != nil:
			return 0, err
		case failed:
			low = guess
		default:
			high = guess
		}
	}
	for low+1 < high && float64(high-low)/float64(high) >= nearEnough {
		middle := min(low+(high-low)/2, low*2)
		_, failed, err := e.try(middle)
		switch {
		case err != nil:
			return 0, err
		case failed:
			low = middle
		default:
			high = middle
		}
	}
	return high, nil
}

// accessList is an answer to eth_createAccessList.
type accessList struct {
	List    types.AccessList `json:"accessList"`
	Error   string           `json:"error,omitempty"`
	GasUsed hexutil.Uint64   `json:"gasUsed"`
}

// CreateAccessList is what a call reads, when it runs with just that list.
func (a *ethAPI) CreateAccessList(ctx context.Context, args written[callArgs], at *rpc.BlockNumberOrHash, over *written[stateOverrides]) (any, error) {
	if args.value.MaxFeePerBlobGas != nil && len(args.value.BlobVersionedHashes) == 0 {
		return nil, errors.New("maxFeePerBlobGas specified without blobVersionedHashes")
	}
	return a.run(ctx, "eth_createAccessList", &args, at, over, nil, func(ctx context.Context, c *prepared) (any, error) {
		if args.value.Nonce == nil {
			from, err := c.state.View().Account(ctx, c.msg.From)
			if err != nil {
				return nil, err
			}
			c.msg.Nonce = from.Nonce
		}
		return c.accessList(ctx)
	})
}

func (c *prepared) accessList(ctx context.Context) (*accessList, error) {
	left := c.leftOut()
	last := logger.NewAccessListTracer(c.msg.Access, left)
	for {
		list := last.AccessList()
		tracer := logger.NewAccessListTracer(list, left)
		c.msg.Access = list
		out, err := c.traced(ctx, tracer.Hooks())
		if err != nil {
			return nil, err
		}
		if !tracer.Equal(last) {
			last = tracer
			continue
		}
		answer := &accessList{List: list, GasUsed: hexutil.Uint64(out.Used)}
		if answer.List == nil {
			answer.List = types.AccessList{}
		}
		if out.Failure != nil {
			answer.Error = out.Failure.Error()
		}
		return answer, nil
	}
}

func (c *prepared) traced(ctx context.Context, tracer *evm.Tracer) (evm.Outcome, error) {
	m := c.machine(ctx, tracer)
	defer m.Close()
	out, err := m.Transact(c.msg, nil, evm.NewWrites())
	if m.Err() == nil && err != nil {
		err = fmt.Errorf("failed to apply transaction: %w", err)
	}
	return out, err
}

// leftOut are the accounts that a transaction may read for nothing.
func (c *prepared) leftOut() map[common.Address]struct{} {
	to := crypto.CreateAddress(c.msg.From, c.msg.Nonce)
	if c.msg.To != nil {
		to = *c.msg.To
	}
	left := map[common.Address]struct{}{c.msg.From: {}, to: {}}
	for _, address := range c.place.branch.remote.Rules().Era.Precompiles() {
		left[address] = struct{}{}
	}
	id := new(big.Int).SetUint64(c.place.branch.chainID)
	for _, d := range c.msg.Delegations {
		if !d.ChainID.IsZero() && d.ChainID.CmpBig(id) != 0 || d.Nonce+1 < d.Nonce {
			continue
		}
		if authority, err := d.Authority(); err == nil {
			left[authority] = struct{}{}
		}
	}
	return left
}
