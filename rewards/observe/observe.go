// Package observe answers two questions: what does the chain say of an epoch, as usage entries, and is what usage entries say what the
// chain says?
//
// Bonds, stakes, builder subnets and payouts are in the logs of three contracts. An entry tells what stood from one log until the next
// one that changes it, cut at the ends of the epoch; its ref names the log that it began with, also in later epochs. So entries are a
// function of the chain alone, and whoever observes it writes the same bytes, in whatever pieces and from whichever endpoint it reads.
//
// Logs are replayed from the contracts' deployment on, and each says what stands after it. Invariant: each log continues the one before
// it, the last ones lead to what the contracts themselves hold at the last block that was read, all blocks are ancestors of that one,
// and it is final. An endpoint that leaves logs out, and a first block after the deployment, are refused (logs_missing).
//
// Memory is bounded by the positions that stand and by the logs of one piece, never by the logs of all.
package observe

import (
	"context"
	"errors"
	"math"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Reader is a chain.Client.
type Reader interface {
	Batch(ctx context.Context, elems []rpc.BatchElem) error
}

// Into takes what is observed. Nothing of it counts before Observe has returned without an error.
type Into interface {
	// Add takes an entry, which is valid until it returns.
	Add(e *usage.Entry) error
	// Again forgets all that was added: the blocks that it was read from were replaced.
	Again() error
}

// Depth is how many blocks have to be on top of one so that it is final.
type Depth uint64

// Finalised is as deep as the chain itself says.
const Finalised Depth = math.MaxUint64

// Piece is how many blocks' logs are asked for at once where an order does not say it, until the endpoint refuses so many.
const Piece = 10_000

// Order says what is observed.
type Order struct {
	Contracts Contracts
	Epoch     usage.Epoch
	From      uint64 // the block of the contracts' deployment, or an earlier one
	Depth     Depth
	Piece     uint64 // most blocks whose logs are asked for at once; 0: Piece
}

// Progress is the next block that is read and the last one that will be.
type Progress struct{ Next, Last uint64 }

const mostReplaced = 8 // times that blocks are replaced in the midst, before the endpoint is given up

// Observe adds the entries of an epoch: those that end within it in the order of the logs that ended them, with the payouts between
// them; then those that stand at its end, by kind, by subnet or provider, and by staker. It returns the last block that was read. It is
// refused with NoEpoch, FutureEpoch where the epoch's last block is not final yet, LogsMissing, StatePruned or RPCDown, and stops when
// ctx ends. An error of into is returned as it is.
func Observe(ctx context.Context, r Reader, o Order, into Into, progress func(Progress)) (chain.Head, error) {
	span, err := o.Contracts.Calendar.Span(o.Epoch)
	if err != nil {
		return chain.Head{}, err
	}
	w := &walk{reader: r, order: o, over: span.To, piece: o.Piece, most: o.Piece}
	if w.piece == 0 {
		w.piece, w.most = Piece, Piece
	}
	for {
		b := newBook(span, into)
		err := w.all(ctx, b, progress)
		if !errors.Is(err, errReplaced) {
			return w.anchor, err
		}
		if err := into.Again(); err != nil {
			return chain.Head{}, err
		}
	}
}

// all reads from the first block to the last and proves what came of it.
func (w *walk) all(ctx context.Context, b *book, progress func(Progress)) error {
	w.next, w.mark = w.order.From, chain.Head{}
	if err := w.settle(ctx); err != nil {
		return err
	}
	for {
		for w.next <= w.anchor.Number {
			events, err := w.step(ctx)
			if err != nil {
				return err
			}
			for i := range events {
				if err := b.apply(&events[i]); err != nil {
					return err
				}
			}
			progress(Progress{w.next, w.anchor.Number})
		}
		err := w.prove(ctx, b)
		if err == nil {
			return b.end()
		}
		if !errors.Is(err, errMoved) {
			return err
		}
		if err := w.moved(ctx); err != nil {
			return err
		}
	}
}

// Contracts are those that the entries come from, and which seconds they say an epoch is.
type Contracts struct {
	Stakes, Subnets, Governance, Distributor common.Address
	Calendar                                 usage.Calendar
}

// Find asks the governance contract for the others, and the distributor for its epochs. It refuses (no_rewards) what is no governance.
func Find(ctx context.Context, r Reader, governance common.Address) (Contracts, error) {
	c := Contracts{Governance: governance}
	first, err := views(ctx, r, "latest", view{governance, governances().PackStakes()}, view{governance, governances().PackDistributor()})
	if err != nil {
		return c, noRewards(governance, err)
	}
	c.Stakes, c.Distributor = common.BytesToAddress(first[0]), common.BytesToAddress(first[1])
	second, err := views(ctx, r, "latest", view{c.Stakes, stakes().PackSubnets()},
		view{c.Distributor, distributors().PackStart()}, view{c.Distributor, distributors().PackEpochLength()})
	if err != nil {
		return c, noRewards(governance, err)
	}
	c.Subnets = common.BytesToAddress(second[0])
	start, err1 := distributors().UnpackStart(second[1])
	length, err2 := distributors().UnpackEpochLength(second[2])
	if err := errors.Join(err1, err2); err != nil || length == 0 {
		return c, noRewards(governance, err)
	}
	c.Calendar = usage.Calendar{Start: emission.Time(start), Length: emission.Seconds(length)}
	return c, nil
}

// noRewards leaves an endpoint that does not answer what it is.
func noRewards(at common.Address, err error) error {
	if err != nil && !refusal.Is(err, refusal.StatePruned) {
		return err
	}
	return refusal.New(refusal.NoRewards, "%s is not the governance of the rewards on this chain", at).Because(err)
}
