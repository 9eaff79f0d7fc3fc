package observe

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// walk reads logs from block to block, piece after piece, up to an anchor: a block that is final. As long as the anchor is the same
// before the logs of a piece are asked for and after the last header of it, the piece is of the anchor's chain.
type walk struct {
	reader Reader
	order  Order
	over   emission.Time // the first second after the epoch

	anchor   chain.Head
	mark     chain.Head // the last block of the last piece; the zero Head before the first
	next     uint64     // the first block that was not read
	piece    uint64     // blocks
	most     uint64     // blocks of a piece
	good     int        // pieces since the last one that was too large
	replaced int        // times that the anchor was
}

var (
	errMoved    = errors.New("the last block was replaced") // what was read before the last piece may be sound
	errReplaced = errors.New("blocks that were read were replaced")
)

// settle chooses the last block.
func (w *walk) settle(ctx context.Context) (err error) {
	if w.anchor, err = Final(ctx, w.reader, w.order.Depth); err != nil {
		return err
	}
	if emission.Time(w.anchor.Time) < w.over {
		return refusal.New(refusal.FutureEpoch, "epoch %d ends at %d, and the last block that is final is block %d of %d",
			w.order.Epoch, w.over, w.anchor.Number, w.anchor.Time)
	}
	return nil
}

// moved chooses another last block. What was read is kept where it is of that one's chain; else it is errReplaced.
func (w *walk) moved(ctx context.Context) error {
	w.replaced++
	if w.replaced > mostReplaced {
		return refusal.New(refusal.RPCDown, "blocks were replaced %d times while they were read", w.replaced).
			WithHint("name a greater --depth, or an endpoint that does not change its mind")
	}
	if err := w.settle(ctx); err != nil {
		return err
	}
	if w.mark == (chain.Head{}) {
		return nil
	}
	if w.mark.Number > w.anchor.Number {
		return errReplaced
	}
	is, err := headers(ctx, w.reader, hexutil.Uint64(w.mark.Number))
	if errors.Is(err, errNoBlock) {
		return errReplaced
	}
	if err != nil {
		return err
	}
	if is[0].Hash != w.mark.Hash {
		return errReplaced
	}
	return nil
}

// step reads the next piece.
func (w *walk) step(ctx context.Context) ([]event, error) {
	for {
		events, err := w.try(ctx)
		switch {
		case errors.Is(err, errTooMany) && w.piece > 1:
			w.piece, w.good = w.piece/2, 0
		case errors.Is(err, errTooMany):
			return nil, refusal.New(refusal.RPCDown, "the endpoint does not give the logs of block %d", w.next).Because(err)
		case errors.Is(err, errMoved):
			if err := w.moved(ctx); err != nil || w.next > w.anchor.Number {
				return nil, err
			}
		default:
			return events, err
		}
	}
}

const goodPieces = 16 // before a larger one is tried

func (w *walk) try(ctx context.Context) ([]event, error) {
	if w.good == goodPieces {
		w.piece, w.good = min(2*w.piece, w.most), 0
	}
	to := w.anchor.Number
	if w.anchor.Number-w.next >= w.piece {
		to = w.next + w.piece - 1
	}
	found, err := logs(ctx, w.reader, w.next, to, w.order.Contracts.emitters(), topics())
	if err != nil {
		return nil, err
	}
	if err := w.check(found, to); err != nil {
		return nil, err
	}
	heads, err := w.heads(ctx, found, to)
	if err != nil {
		return nil, err
	}
	events := make([]event, 0, len(found))
	for i := range found {
		e, err := w.order.Contracts.read(&found[i], emission.Time(heads[uint64(*found[i].Block)].Time))
		if err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	w.good++
	w.next, w.mark = to+1, heads[to]
	return events, nil
}

// check puts logs in order, and refuses those that were not asked for.
func (w *walk) check(found []logJSON, to uint64) error {
	for i := range found {
		l := &found[i]
		switch {
		case l.Address == nil || l.Block == nil || l.Hash == nil || l.Tx == nil || l.Index == nil || len(l.Topics) == 0 || l.Removed:
			return nonsense("a log without its place")
		case uint64(*l.Block) < w.next || uint64(*l.Block) > to:
			return nonsense("a log of block %d among those of blocks %d to %d", uint64(*l.Block), w.next, to)
		}
	}
	slices.SortFunc(found, func(a, b logJSON) int {
		return cmp.Or(cmp.Compare(*a.Block, *b.Block), cmp.Compare(*a.Index, *b.Index))
	})
	for i := 1; i < len(found); i++ {
		if a, b := &found[i-1], &found[i]; *a.Block == *b.Block && *a.Index == *b.Index {
			return nonsense("log %d of block %d twice", uint64(*b.Index), uint64(*b.Block))
		}
	}
	return nil
}

const headersAtOnce = 1000

// heads are the headers of the blocks that the logs are of, and of the last one of the piece. It fails with errMoved where the logs are
// of other blocks, or the anchor is gone.
func (w *walk) heads(ctx context.Context, found []logJSON, to uint64) (map[uint64]chain.Head, error) {
	heads := map[uint64]chain.Head{}
	var ask []any
	for i := range found {
		if i == 0 || *found[i].Block != *found[i-1].Block {
			ask = append(ask, *found[i].Block)
		}
	}
	ask = append(ask, hexutil.Uint64(to), hexutil.Uint64(w.anchor.Number))
	var anchor common.Hash
	for some := range slices.Chunk(ask, headersAtOnce) {
		got, err := headers(ctx, w.reader, some...)
		if errors.Is(err, errNoBlock) {
			return nil, errMoved
		}
		if err != nil {
			return nil, err
		}
		for _, h := range got {
			heads[h.Number] = h
			anchor = h.Hash
		}
	}
	if anchor != w.anchor.Hash {
		return nil, errMoved
	}
	last := w.mark.Time
	for i := range found {
		h := heads[uint64(*found[i].Block)]
		if h.Hash != *found[i].Hash {
			return nil, errMoved
		}
		if h.Time < last {
			return nil, nonsense("block %d is earlier than one before it", h.Number)
		}
		last = h.Time
	}
	if heads[to].Time < last {
		return nil, nonsense("block %d is earlier than one before it", to)
	}
	return heads, nil
}
