package server

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// index finds what is above the pin by its hash.
type index struct {
	blocks map[common.Hash]*block
	txs    map[common.Hash]*block
}

// blockOf is a block of the branch by its hash, nil if it has none.
func (s *Server) blockOf(b *branch, hash common.Hash) *block {
	s.mu.RLock()
	l := s.index.blocks[hash]
	s.mu.RUnlock()
	if l == nil || b.local(l.number()) != l {
		return nil
	}
	return l
}

// mined is a transaction of the branch by its hash, with its block and its place there.
func (s *Server) mined(b *branch, hash common.Hash) (l *block, at int) {
	s.mu.RLock()
	l = s.index.txs[hash]
	s.mu.RUnlock()
	if l == nil || b.local(l.number()) != l {
		return nil, 0
	}
	return l, slices.IndexFunc(l.txs, func(t *transaction) bool { return t.Hash() == hash })
}

// adopt makes a branch the current one. What the old one had and the new one has not is forgotten.
func (s *Server) adopt(next *branch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.branch
	shared := min(len(old.blocks), len(next.blocks))
	if old.trunk != next.trunk {
		shared = 0
	}
	for shared > 0 && old.blocks[shared-1] != next.blocks[shared-1] {
		shared--
	}
	for _, l := range old.blocks[shared:] {
		delete(s.index.blocks, l.hash)
		for _, tx := range l.txs {
			delete(s.index.txs, tx.Hash())
		}
	}
	if s.index.blocks == nil {
		s.index = index{make(map[common.Hash]*block), make(map[common.Hash]*block)}
	}
	for _, l := range next.blocks[shared:] {
		s.index.blocks[l.hash] = l
		for _, tx := range l.txs {
			s.index.txs[tx.Hash()] = l
		}
	}
	s.branch = next
	s.watch.moved(next.pin.Number + uint64(shared))
}

// change makes a new branch of the current one, which nobody else changes meanwhile.
func (s *Server) change(how func(b *branch) (*branch, error)) error {
	s.making.Lock()
	defer s.making.Unlock()
	next, err := how(s.current())
	if err != nil {
		return err
	}
	s.adopt(next)
	return nil
}

var errManyBlocks = errors.New("the fork has as many blocks as it may have: reset it, or revert to a snapshot")

// mine makes blocks of what waits, the first of them of all that it can hold.
func (s *Server) mine(ctx context.Context, b *branch, count uint64) (*branch, error) {
	for range count {
		made, left, err := s.seal(ctx, b, b.order())
		if err != nil {
			return nil, err
		}
		b = b.with(made)
		b.pool = slices.DeleteFunc(b.pool, func(t *transaction) bool { return hopeless(left[t]) })
	}
	return b, nil
}

// seal makes the next block of these transactions.
func (s *Server) seal(ctx context.Context, b *branch, txs []*transaction) (*block, map[*transaction]error, error) {
	if len(b.blocks) >= s.limits.Blocks {
		return nil, nil, errManyBlocks
	}
	env := b.grow(s.now())
	return b.seal(ctx, env, txs)
}

// hopeless reports whether a transaction that a block could not hold can be in no later one either.
func hopeless(why error) bool {
	for _, later := range []error{errGap, errBlockFull, evm.ErrFunds, evm.ErrFeeCapLow, evm.ErrBlobFeeLow} {
		if errors.Is(why, later) {
			return false
		}
	}
	return why != nil
}

// order is what waits, as it came, but each sender's by their nonces.
func (b *branch) order() []*transaction {
	if len(b.pool) == 0 {
		return nil
	}
	of := make(map[common.Address][]*transaction)
	for _, tx := range b.pool {
		of[tx.from] = append(of[tx.from], tx)
	}
	for _, txs := range of {
		slices.SortFunc(txs, func(a, b *transaction) int { return cmp.Compare(a.Nonce(), b.Nonce()) })
	}
	ordered := make([]*transaction, len(b.pool))
	for i, tx := range b.pool {
		ordered[i] = of[tx.from][0]
		of[tx.from] = of[tx.from][1:]
	}
	return ordered
}

// nonceAfter is the nonce of an account after what waits of it without a gap.
func (b *branch) nonceAfter(a common.Address, nonce uint64) uint64 {
	for _, tx := range b.order() {
		if tx.from == a && tx.Nonce() == nonce {
			nonce++
		}
	}
	return nonce
}

// waiting is a transaction that waits, by its hash; nil if there is none.
func (b *branch) waiting(hash common.Hash) *transaction {
	for _, tx := range b.pool {
		if tx.Hash() == hash {
			return tx
		}
	}
	return nil
}

// send takes a transaction in. Unless blocks are made by hand, it is in one when this returns; or it waits for those before it.
func (s *Server) send(ctx context.Context, tx *transaction) error {
	return s.sendAs(ctx, func(context.Context, *branch) (*transaction, error) { return tx, nil })
}

// sendAs is send of a transaction that is completed on the newest state.
func (s *Server) sendAs(ctx context.Context, complete func(context.Context, *branch) (*transaction, error)) error {
	s.making.Lock()
	defer s.making.Unlock()
	ctx, done, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer done()
	b := s.current()
	tx, err := complete(ctx, b)
	if err != nil {
		return err
	}
	next, err := s.take(ctx, b, tx)
	if err != nil {
		return err
	}
	s.adopt(next)
	s.watch.sent(tx.Hash()) // who is told of it can find it
	return nil
}

// take is the branch with one more transaction.
func (s *Server) take(ctx context.Context, b *branch, tx *transaction) (*branch, error) {
	nonce, err := s.admit(ctx, b, tx)
	if err != nil {
		return nil, err
	}
	if !b.next.manual && tx.Nonce() == nonce {
		return s.takeNow(ctx, b, tx)
	}
	if err := s.possible(ctx, b, tx); err != nil {
		return nil, err
	}
	next := *b
	for i, other := range b.pool {
		if other.from != tx.from || other.Nonce() != tx.Nonce() {
			continue
		}
		if !outbids(tx, other) {
			return nil, errUnderpriced
		}
		next.pool = slices.Clone(b.pool)
		next.pool[i] = tx
		return &next, nil
	}
	if len(b.pool) >= s.limits.Pool {
		return nil, errPoolFull
	}
	next.pool = append(slices.Clip(b.pool), tx)
	return &next, nil
}

// takeNow is the branch with a block of the transaction, and one for each that waited for it.
func (s *Server) takeNow(ctx context.Context, b *branch, tx *transaction) (*branch, error) {
	made, left, err := s.seal(ctx, b, []*transaction{tx})
	if err == nil {
		err = left[tx]
	}
	if err != nil {
		return nil, err
	}
	b = b.with(made)
	b.pool = slices.DeleteFunc(b.pool, func(t *transaction) bool { return t.from == tx.from && t.Nonce() == tx.Nonce() })
	for _, later := range b.order() {
		if later.from != tx.from || later.Nonce() != tx.Nonce()+1 {
			continue
		}
		made, left, err := s.seal(ctx, b, []*transaction{later})
		if err != nil || left[later] != nil {
			return b, nil // it waits on: the one that was sent is in its block
		}
		b, tx = b.with(made), later
	}
	return b, nil
}

// outbids reports whether a transaction offers a tenth more than the one whose place it wants, as nodes ask for.
func outbids(tx, other *transaction) bool {
	return tx.GasFeeCapIntCmp(tenthMore(other.GasFeeCap())) >= 0 && tx.GasTipCapIntCmp(tenthMore(other.GasTipCap())) >= 0
}

// Why a transaction is not taken in, in go-ethereum's words.
var (
	errKnown       = errors.New("already known")
	errUnderpriced = errors.New("replacement transaction underpriced")
	errPoolFull    = errors.New("txpool is full")
	errGasLimit    = errors.New("exceeds block gas limit")
	errSender      = errors.New("invalid sender")
	errType        = errors.New("transaction type not supported")
	errNoSidecar   = errors.New("missing sidecar in blob transaction")
	errBlobLimit   = errors.New("transaction blob limit exceeded")
	errOversized   = errors.New("oversized data")
)
