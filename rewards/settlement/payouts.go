package settlement

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// payout is one that was voted for.
type payout struct {
	at  emission.Time
	id  usage.ID
	to  common.Address
	wei uint256.Int
}

func (b *Book) countPayout(id usage.ID, e *usage.Entry) Why {
	b.payouts = append(b.payouts, payout{e.At, id, e.Earner, e.Amount})
	return Counts
}

// payPayouts pays each whole or not at all, in order, while the fund holds it.
func (b *Book) payPayouts(p *Part) {
	slices.SortFunc(b.payouts, func(x, y payout) int {
		return cmp.Or(cmp.Compare(x.at, y.at), bytes.Compare(x.id[:], y.id[:]))
	})
	fund := p.Budget
	for i := range b.payouts {
		o := &b.payouts[i]
		addTo(&p.Weight, &o.wei)
		got := grant{part: rules.Payouts, id: o.id, to: o.to, weight: o.wei, total: p.Budget}
		if !o.wei.Gt(&fund) {
			fund.Sub(&fund, &o.wei)
			got.wei = o.wei
		}
		b.give(&got, p)
	}
}
