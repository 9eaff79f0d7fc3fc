package fork

import (
	"cmp"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

var (
	selAllowance   = selector("allowance(address,address)")
	selAllowance2  = selector("allowance(address,address,address)") // Permit2
	selGetApproved = selector("getApproved(uint256)")
)

// allowances lists what spenders may move, by tokens, by Permit2, and of single tokens of ERC-721.
func (q *inquiry) allowances() error {
	grants := sortedKeys(q.interests.grants, func(a, b grant) int {
		return cmp.Or(a.owner.Cmp(b.owner), a.spender.Cmp(b.spender), a.asset.Cmp(b.asset), a.via.Cmp(b.via))
	})
	views := make([]chain.Call, 0, len(grants))
	for i := range grants {
		to, data := grants[i].view()
		views = append(views, chain.Call{From: q.asker, To: &to, Data: data})
	}
	q.prepare(views)
	for _, g := range grants {
		if g.via == (common.Address{}) && q.interests.kinds[g.asset] == ERC721 {
			continue
		}
		if err := q.grant(g); err != nil {
			return err
		}
	}
	return q.approvedItems()
}

func (g *grant) view() (common.Address, []byte) {
	if g.via == (common.Address{}) {
		return g.asset, pack(selAllowance, g.owner[:], g.spender[:])
	}
	return g.via, pack(selAllowance2, g.owner[:], g.asset[:], g.spender[:])
}

func (q *inquiry) grant(g grant) error {
	to, data := g.view()
	before, after, err := q.ask(to, data)
	if err != nil {
		return err
	}
	read := reply.number
	if g.via != (common.Address{}) {
		read = q.permit2Amount
	}
	was, okBefore := read(before)
	is, okAfter := read(after)
	if !okBefore || !okAfter {
		q.unknown("what %s may move of %s's token %s", g.spender, g.owner, g.asset)
		return nil
	}
	if was != is {
		q.effects.Allowances = append(q.effects.Allowances, AllowanceChange{
			Owner: g.owner, Spender: g.spender, Asset: g.asset, Via: g.via, Before: was, After: is,
		})
	}
	return nil
}

// permit2Amount reads (amount, expiration, nonce). What has expired can't be moved.
func (q *inquiry) permit2Amount(y reply) (uint256.Int, bool) {
	if y.absent {
		return uint256.Int{}, true
	}
	amount, ok := numberAt(y.words, 0)
	expires, _ := numberAt(y.words, 1)
	if y.failure != nil || !ok || len(y.words) != 96 {
		return uint256.Int{}, false
	}
	if expires.LtUint64(q.after.Time) {
		return uint256.Int{}, true
	}
	return amount, true
}

// approvedItems lists who may move how many of the single tokens that were looked at.
func (q *inquiry) approvedItems() error {
	type counts struct{ before, after uint64 }
	sums := make(map[grant]counts)
	for _, it := range sortedKeys(q.interests.items, compareItems) {
		if q.interests.kinds[it.asset] != ERC721 {
			continue
		}
		ownerBefore, ownerAfter, _, err := q.itemAddress(it, selOwnerOf)
		if err != nil {
			return err
		}
		was, is, ok, err := q.itemAddress(it, selGetApproved)
		if err != nil {
			return err
		}
		if !ok {
			q.unknown("who may move token %s of %s", it.id.Dec(), it.asset)
			continue
		}
		if was != (common.Address{}) {
			g := grant{owner: ownerBefore, spender: was, asset: it.asset}
			sums[g] = counts{sums[g].before + 1, sums[g].after}
		}
		if is != (common.Address{}) {
			g := grant{owner: ownerAfter, spender: is, asset: it.asset}
			sums[g] = counts{sums[g].before, sums[g].after + 1}
		}
	}
	for g, n := range sums {
		if n.before != n.after {
			q.effects.Allowances = append(q.effects.Allowances, AllowanceChange{
				Owner: g.owner, Spender: g.spender, Asset: g.asset, Before: *uint256.NewInt(n.before), After: *uint256.NewInt(n.after),
			})
		}
	}
	return nil
}
