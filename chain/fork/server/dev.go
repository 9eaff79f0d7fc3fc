package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// The development methods have the names of anvil's and of Hardhat's, so that tests which were written for those run here. What they
// set is part of the branch: a snapshot remembers it, and going back to one undoes it.

// devAPI is served under anvil_ and hardhat_.
type devAPI struct{ *evmAPI }

// Bounds of what can be set, far above what any chain has.
const (
	mostCode    = 512 << 10 // bytes
	mostTime    = 1 << 40   // unix seconds
	mostGas     = 1 << 40   // of a block
	leastGas    = 21_000
	mostActors  = 4096
	mostFeeBits = 128
)

// edit changes one account by hand.
func (a *devAPI) edit(ctx context.Context, address common.Address, change func(*pinned.Account, *pinned.Layer)) error {
	return a.s.change(func(b *branch) (*branch, error) {
		acc, err := b.state.View().Account(ctx, address)
		if err != nil {
			return nil, err
		}
		top := pinned.NewLayer()
		change(&acc, top)
		top.Accounts[address] = acc
		return b.set(top), nil
	})
}

// SetBalance sets an account's balance, in wei.
func (a *devAPI) SetBalance(ctx context.Context, address common.Address, wei quantity) error {
	return a.edit(ctx, address, func(acc *pinned.Account, _ *pinned.Layer) { acc.Balance = wei.Int })
}

// SetNonce sets the nonce of an account's next transaction.
func (a *devAPI) SetNonce(ctx context.Context, address common.Address, n quantity) error {
	nonce, err := n.below("nonce", math.MaxUint64)
	if err != nil {
		return err
	}
	return a.edit(ctx, address, func(acc *pinned.Account, _ *pinned.Layer) { acc.Nonce = nonce })
}

// SetCode sets an account's code.
func (a *devAPI) SetCode(ctx context.Context, address common.Address, code hexutil.Bytes) error {
	if len(code) > mostCode {
		return invalid("code of %d bytes: no chain allows more than %d", len(code), mostCode)
	}
	return a.edit(ctx, address, func(acc *pinned.Account, _ *pinned.Layer) { acc.SetCode(code) })
}

// SetStorageAt sets one slot of an account.
func (a *devAPI) SetStorageAt(ctx context.Context, address common.Address, slot quantity, value hexutil.Bytes) error {
	if len(value) > common.HashLength {
		return invalid("a slot holds 32 bytes, not %d", len(value))
	}
	return a.edit(ctx, address, func(_ *pinned.Account, top *pinned.Layer) {
		top.Slots[pinned.Slot{Account: address, Key: slot.Bytes32()}] = common.BytesToHash(value)
	})
}

// ImpersonateAccount makes eth_sendTransaction send for an account without a signature.
func (a *devAPI) ImpersonateAccount(address common.Address) error {
	return a.s.change(func(b *branch) (*branch, error) {
		if len(b.next.actors) >= mostActors {
			return nil, fmt.Errorf("%d accounts are impersonated: stop some, or impersonate everybody", len(b.next.actors))
		}
		return b.wish(func(w *wishes) {
			w.actors = maps.Clone(w.actors)
			if w.actors == nil {
				w.actors = make(map[common.Address]bool)
			}
			w.actors[address] = true
		}), nil
	})
}

// StopImpersonatingAccount undoes ImpersonateAccount.
func (a *devAPI) StopImpersonatingAccount(address common.Address) error {
	return a.wish(func(w *wishes) {
		w.actors = maps.Clone(w.actors)
		delete(w.actors, address)
	})
}

// AutoImpersonateAccount makes eth_sendTransaction send for everybody, or for those alone who are impersonated.
func (a *devAPI) AutoImpersonateAccount(everybody bool) error {
	return a.wish(func(w *wishes) { w.anybody = everybody })
}

// Mine makes blocks: one, unless a count is given. With an interval each is so many seconds after the one before.
func (a *devAPI) Mine(ctx context.Context, count, interval *quantity) error {
	n, step := uint64(1), uint64(0)
	var err error
	if count != nil {
		if n, err = count.below("count", math.MaxInt32); err != nil {
			return err
		}
	}
	if interval != nil {
		if step, err = interval.below("interval", mostTime); err != nil {
			return err
		}
	}
	return a.makeBlocks(ctx, n, step)
}

// SetNextBlockBaseFeePerGas sets the base fee of the next block, in wei.
func (a *devAPI) SetNextBlockBaseFeePerGas(fee quantity) error {
	if fee.BitLen() > mostFeeBits {
		return invalid("a base fee has at most %d bits", mostFeeBits)
	}
	return a.wish(func(w *wishes) { w.baseFee = &fee.Int })
}

// SetCoinbase sets who gets the tips from now on.
func (a *devAPI) SetCoinbase(address common.Address) error {
	return a.wish(func(w *wishes) { w.coinbase = &address })
}

// SetPrevRandao sets PREVRANDAO of the next block.
func (a *devAPI) SetPrevRandao(value quantity) error {
	random := common.Hash(value.Bytes32())
	return a.wish(func(w *wishes) { w.random = &random })
}

// SetBlockTimestampInterval sets the seconds between blocks, whatever the clock says.
func (a *devAPI) SetBlockTimestampInterval(seconds quantity) error {
	n, err := seconds.below("interval", mostTime)
	if err != nil {
		return err
	}
	return a.wish(func(w *wishes) { w.interval = n })
}

// RemoveBlockTimestampInterval lets the clock tell the time again, and tells whether it did not.
func (a *devAPI) RemoveBlockTimestampInterval() (was bool, err error) {
	err = a.wish(func(w *wishes) { was, w.interval = w.interval > 0, 0 })
	return was, err
}

// GetAutomine tells whether a transaction is in a block at once.
func (a *devAPI) GetAutomine() bool { return !a.s.current().next.manual }

// DropTransaction takes a transaction that waits away. It answers with its hash, or with null if there is none.
func (a *devAPI) DropTransaction(hash common.Hash) (dropped *common.Hash, err error) {
	err = a.s.change(func(b *branch) (*branch, error) {
		if b.waiting(hash) != nil {
			dropped = &hash
		}
		return b.drop(func(t *transaction) bool { return t.Hash() == hash }), nil
	})
	return dropped, err
}

// DropAllTransactions takes all that waits away.
func (a *devAPI) DropAllTransactions() error {
	return a.s.change(func(b *branch) (*branch, error) { return b.drop(func(*transaction) bool { return true }), nil })
}

// RemovePoolTransactions takes all that waits of a sender away.
func (a *devAPI) RemovePoolTransactions(from common.Address) error {
	return a.s.change(func(b *branch) (*branch, error) {
		return b.drop(func(t *transaction) bool { return t.from == from }), nil
	})
}

func (b *branch) drop(which func(*transaction) bool) *branch {
	next := *b
	next.pool = slices.DeleteFunc(slices.Clone(b.pool), which)
	return &next
}

// resetArgs is where a reset goes to.
type resetArgs struct {
	Forking *struct {
		URL    string    `json:"jsonRpcUrl"`
		Number *quantity `json:"blockNumber"`
	} `json:"forking"`
}

var errOtherRemote = errors.New("a fork stays with its remote: leave jsonRpcUrl out, or start another fork")

// Reset takes away all that was made: it goes back to the pinned block, or to another one of the remote.
func (a *devAPI) Reset(ctx context.Context, args *resetArgs) error {
	var to *quantity
	if args != nil && args.Forking != nil {
		if args.Forking.URL != "" {
			return errOtherRemote
		}
		to = args.Forking.Number
	}
	return a.s.change(func(b *branch) (*branch, error) {
		next := &branch{trunk: b.trunk, state: b.remote.State(), next: wishes{shift: b.born}}
		if to != nil {
			n, err := to.below("blockNumber", math.MaxInt64)
			if err != nil {
				return nil, err
			}
			if next, err = a.s.stand(ctx, pinned.At{Number: &n}); err != nil {
				return nil, err
			}
			if was, now := b.remote.ChainID(), next.remote.ChainID(); was != now {
				return nil, fmt.Errorf("%w: %d, not %d", pinned.ErrOtherChain, now, was)
			}
			a.s.answers.forget()
		}
		a.s.saved = nil
		a.s.beat.stop()
		return next, nil
	})
}

// NodeInfo is what anvil tells of itself. Where the remote is stays here: its address may hold a secret.
func (a *devAPI) NodeInfo() object {
	b := a.s.current()
	head, next := b.env(b.head()), b.grow(a.s.now())
	price := next.BaseFee
	price.AddUint64(&price, defaultTip)
	return object{
		"currentBlockNumber": hexutil.Uint64(b.head()), "currentBlockTimestamp": head.Time, "currentBlockHash": b.hashOf(b.head()),
		"hardFork": b.remote.Rules().Era.String(), "transactionOrder": "fifo",
		"environment": object{
			"baseFee": (*hexutil.U256)(&next.BaseFee), "chainId": b.chainID, "gasLimit": hexutil.Uint64(next.GasLimit), "gasPrice": (*hexutil.U256)(&price),
		},
		"forkConfig": object{"forkUrl": nil, "forkBlockNumber": b.pin.Number, "forkRetryBackoff": nil},
	}
}

// Metadata is what Hardhat tells of itself.
func (a *devAPI) Metadata() object {
	b := a.s.current()
	return object{
		"clientVersion": clientVersion(), "chainId": b.chainID, "instanceId": a.s.instance, "latestBlockNumber": b.head(),
		"latestBlockHash": b.hashOf(b.head()),
		"forkedNetwork":   object{"chainId": b.remote.ChainID(), "forkBlockNumber": b.pin.Number, "forkBlockHash": b.pin.Hash},
	}
}

// quantity is a number of a request: hexadecimal, or decimal as a number or a string.
type quantity struct{ word256 }

// UnmarshalJSON reads a number of at most 256 bits.
func (q *quantity) UnmarshalJSON(raw []byte) error {
	s := string(raw)
	if len(s) >= 2 && s[0] == '"' {
		unquoted, err := strconv.Unquote(s)
		if err != nil {
			return errors.New("not a number")
		}
		s = unquoted
	}
	var err error
	if len(s) > 2 && (s[:2] == "0x" || s[:2] == "0X") {
		digits := s[2:]
		for len(digits) > 1 && digits[0] == '0' {
			digits = digits[1:]
		}
		err = q.SetFromHex("0x" + digits)
	} else {
		err = q.SetFromDecimal(s)
	}
	if err != nil {
		return errors.New("not a number of at most 256 bits")
	}
	return nil
}

// below is the number, which may not be above a bound.
func (q *quantity) below(what string, most uint64) (uint64, error) {
	if !q.IsUint64() || q.Uint64() > most {
		return 0, invalid("%s %s is more than %d", what, q.Dec(), most)
	}
	return q.Uint64(), nil
}
