package server

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// ethAPI is served under eth_. A read at or above the pin is answered here, one below it is the remote's own answer.
type ethAPI struct{ s *Server }

// ChainId has its spelling from the method's name.
func (a *ethAPI) ChainId() hexutil.Uint64 { return hexutil.Uint64(a.s.current().chainID) } //nolint:revive

// BlockNumber is the number of the newest block.
func (a *ethAPI) BlockNumber() hexutil.Uint64 { return hexutil.Uint64(a.s.current().head()) }

// Syncing is always false: a fork has all that it will ever have.
func (a *ethAPI) Syncing() bool { return false }

// GetBalance is an account's balance in wei.
func (a *ethAPI) GetBalance(ctx context.Context, address common.Address, at *rpc.BlockNumberOrHash) (any, error) {
	return a.account(ctx, "eth_getBalance", address, at, func(_ *place, acc pinned.Account) any { return (*hexutil.U256)(&acc.Balance) })
}

// GetTransactionCount is an account's next nonce; of the pending block, after all that waits of it.
func (a *ethAPI) GetTransactionCount(ctx context.Context, address common.Address, at *rpc.BlockNumberOrHash) (any, error) {
	which := orLatest(at)
	if number, ok := which.Number(); ok && number == rpc.PendingBlockNumber {
		b := a.s.current()
		acc, err := b.state.View().Account(ctx, address)
		return hexutil.Uint64(b.nonceAfter(address, acc.Nonce)), err
	}
	return a.account(ctx, "eth_getTransactionCount", address, at, func(_ *place, acc pinned.Account) any { return hexutil.Uint64(acc.Nonce) })
}

// GetCode is an account's code.
func (a *ethAPI) GetCode(ctx context.Context, address common.Address, at *rpc.BlockNumberOrHash) (any, error) {
	return a.account(ctx, "eth_getCode", address, at, func(_ *place, acc pinned.Account) any { return hexutil.Bytes(acc.Code) })
}

func (a *ethAPI) account(ctx context.Context, method string, address common.Address, at *rpc.BlockNumberOrHash, pick func(*place, pinned.Account) any) (any, error) {
	p, err := a.s.place(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	if p.below {
		return a.s.forward(ctx, method, address, hexutil.Uint64(p.number))
	}
	acc, err := p.state.View().Account(ctx, address)
	if err != nil {
		return nil, err
	}
	return pick(p, acc), nil
}

// GetStorageAt is one slot of an account.
func (a *ethAPI) GetStorageAt(ctx context.Context, address common.Address, slot string, at *rpc.BlockNumberOrHash) (any, error) {
	p, err := a.s.place(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	key, err := storageKey(slot)
	if err != nil {
		return nil, err
	}
	if p.below {
		return a.s.forward(ctx, "eth_getStorageAt", address, key, hexutil.Uint64(p.number))
	}
	value, err := p.state.View().Slot(ctx, address, key)
	if err != nil {
		return nil, err
	}
	return value, nil
}

// storageKey reads a key as go-ethereum does: leading zeros may be left out.
func storageKey(s string) (common.Hash, error) {
	digits := s
	if strings.HasPrefix(digits, "0x") || strings.HasPrefix(digits, "0X") {
		digits = digits[2:]
	}
	if len(digits)%2 == 1 {
		digits = "0" + digits
	}
	if len(digits) > 64 {
		return common.Hash{}, invalid("storage key too long (want at most 32 bytes): %q", s)
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return common.Hash{}, invalid("invalid hex in storage key: %q", s)
	}
	return common.BytesToHash(b), nil
}

// mostSlots is how many slots one request may ask for.
const mostSlots = 1024

// GetStorageValues is many slots at once.
func (a *ethAPI) GetStorageValues(ctx context.Context, asked map[common.Address][]common.Hash, at *rpc.BlockNumberOrHash) (any, error) {
	var slots []pinned.Slot
	for address, keys := range asked {
		for _, key := range keys {
			slots = append(slots, pinned.Slot{Account: address, Key: key})
		}
	}
	switch {
	case len(slots) > mostSlots:
		return nil, &fault{text: fmt.Sprintf("too many slots (max %d)", mostSlots), code: codeLimit}
	case len(slots) == 0:
		return nil, invalid("empty request")
	}
	p, err := a.s.place(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	if p.below {
		return a.s.forward(ctx, "eth_getStorageValues", asked, hexutil.Uint64(p.number))
	}
	if err := p.state.Remote().Fetch(ctx, nil, slots); err != nil {
		return nil, err
	}
	view, values := p.state.View(), make(map[common.Address][]common.Hash, len(asked))
	for _, k := range slots {
		v, err := view.Slot(ctx, k.Account, k.Key)
		if err != nil {
			return nil, err
		}
		values[k.Account] = append(values[k.Account], v)
	}
	return values, nil
}

// GetProof is the remote's, up to the pin. Above it there are no proofs: the trie that they would be of is not here.
func (a *ethAPI) GetProof(ctx context.Context, address common.Address, keys []string, at *rpc.BlockNumberOrHash) (any, error) {
	p, err := a.s.place(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	if !p.below && !p.state.Untouched() {
		return nil, fmt.Errorf("a fork has no proofs of its own blocks: ask for block %d or an older one", p.branch.pin.Number)
	}
	if keys == nil {
		keys = []string{}
	}
	if !p.below {
		return a.s.forward(ctx, "eth_getProof", address, keys, p.branch.remote.Block())
	}
	return a.s.forward(ctx, "eth_getProof", address, keys, hexutil.Uint64(p.number))
}

// Accounts are those that the server sends for without a signature.
func (a *ethAPI) Accounts() []common.Address {
	all := slices.AppendSeq([]common.Address{}, maps.Keys(a.s.current().next.actors))
	slices.SortFunc(all, common.Address.Cmp)
	return all
}

// Config is EIP-7910's: the remote's, which tells the rules that the fork keeps for ever.
func (a *ethAPI) Config(ctx context.Context) (json.RawMessage, error) {
	return a.s.forward(ctx, "eth_config")
}

// written is an argument with the very bytes of the request, so that it can be passed on as it came.
type written[T any] struct {
	value T
	raw   json.RawMessage
}

// UnmarshalJSON keeps the bytes.
func (w *written[T]) UnmarshalJSON(raw []byte) error {
	w.raw = append(json.RawMessage(nil), raw...)
	return json.Unmarshal(raw, &w.value)
}

// rawOf is an argument that may be absent, as it is passed on.
func rawOf[T any](w *written[T]) any {
	if w == nil {
		return nil
	}
	return w.raw
}

// pointerTo is an argument, nil where it is absent.
func pointerTo[T any](w *written[T]) *T {
	if w == nil {
		return nil
	}
	return &w.value
}

// valueOf is an argument that may be absent.
func valueOf[T any](w *written[T]) (v T) {
	if w != nil {
		v = w.value
	}
	return v
}

// trimmed drops what is absent from the end of a request that is passed on.
func trimmed(args ...any) []any {
	for len(args) > 0 && args[len(args)-1] == nil {
		args = args[:len(args)-1]
	}
	return args
}
