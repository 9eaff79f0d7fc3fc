package observe

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/refusal"
)

const viewsAtOnce = 1000

// prove holds the book against what the contracts hold at the anchor: the sum of all stakes, the sum of all payouts, and each subnet's
// treasury and fee. It fails with errMoved where the anchor is gone.
func (w *walk) prove(ctx context.Context, b *book) error {
	at, c := hexutil.Uint64(w.anchor.Number), &w.order.Contracts
	sums, err := views(ctx, w.reader, at, view{c.Stakes, stakes().PackStaked()}, view{c.Governance, governances().PackPayouts()})
	if err != nil {
		return w.unless(ctx, stale(err))
	}
	if is := b.staked.Bytes32(); common.Hash(is) != common.BytesToHash(sums[0]) {
		return w.unless(ctx, missing("the logs lead to stakes of %s wei, and the contract holds %s", b.staked.Dec(), common.BytesToHash(sums[0]).Big()))
	}
	if is := b.payouts.Bytes32(); common.Hash(is) != common.BytesToHash(sums[1]) {
		return w.unless(ctx, missing("the logs lead to payouts of %s wei, and the contract has %s", b.payouts.Dec(), common.BytesToHash(sums[1]).Big()))
	}
	for ids := range slices.Chunk(slices.Collect(maps.Keys(b.subnets)), viewsAtOnce) {
		asked := make([]view, len(ids))
		for i, id := range ids {
			asked[i] = view{c.Subnets, subnets().PackSubnet(id)}
		}
		said, err := views(ctx, w.reader, at, asked...)
		if err != nil {
			return w.unless(ctx, stale(err))
		}
		for i, id := range ids {
			s, err := subnets().UnpackSubnet(said[i])
			if err != nil {
				return nonsense("subnet %s: %s", id, err)
			}
			if is := b.subnets[id]; s.Treasury != is.treasury || word(s.Fee) != is.fee {
				return w.unless(ctx, missing("the logs lead to subnet %s with treasury %s and fee %s, and the contract has %s and %s",
					id, is.treasury, is.fee.Dec(), s.Treasury, s.Fee))
			}
		}
	}
	return w.unless(ctx, nil)
}

// unless is err, unless the anchor is gone: then nothing was proven, and nothing disproven.
func (w *walk) unless(ctx context.Context, err error) error {
	is, failed := headers(ctx, w.reader, hexutil.Uint64(w.anchor.Number))
	if errors.Is(failed, errNoBlock) {
		return errMoved
	}
	if failed != nil {
		return failed
	}
	if is[0].Hash != w.anchor.Hash {
		return errMoved
	}
	return err
}

func stale(err error) error {
	if e, ok := refusal.As(err); ok && e.Reason == refusal.StatePruned {
		return e.WithHint("use an endpoint that has the state of the last block that is final, or name a smaller --depth")
	}
	return err
}
