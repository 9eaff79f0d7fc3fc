package fork

import (
	"cmp"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

var (
	selAllowance   = selector("allowance(address,address)")
	selAllowance2  = selector("allowance(address,address,address)") // Permit2
	selGetApproved = selector("getApproved(uint256)")
)

// allowances lists what spenders may move, by tokens, by Permit2, and of single tokens of ERC-721.
func (q *inquiry) allowances() error {
	for _, g := range sortedGrants(q.interests.grants) {
		if g.via == (common.Address{}) && q.interests.kinds[g.asset] == ERC721 {
			continue
		}
		if err := q.grant(g); err != nil {
			return err
		}
	}
	return q.approvedItems()
}

func sortedGrants(grants map[grant]bool) []grant {
	return sortedKeys(grants, func(a, b grant) int {
		return cmp.Or(a.owner.Cmp(b.owner), a.spender.Cmp(b.spender), a.asset.Cmp(b.asset), a.via.Cmp(b.via))
	})
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
	read := plainAllowance
	if g.via != (common.Address{}) {
		read = q.permit2Allowance
	}
	was, untilBefore, okBefore := read(before)
	is, untilAfter, okAfter := read(after)
	if !okBefore || !okAfter {
		q.unknown("what %s may move of %s's token %s", g.spender, g.owner, g.asset)
		return nil
	}
	if logged, told := q.interests.logged[g]; told && logged != is && !q.interests.spent[g] {
		q.unknown("what %s may move of %s's token %s: it logs %s and answers %s", g.spender, g.owner, g.asset, logged.Dec(), is.Dec())
	}
	if was != is || untilBefore != untilAfter {
		q.effects.Allowances = append(q.effects.Allowances, AllowanceChange{
			Owner: g.owner, Spender: g.spender, Asset: g.asset, Via: g.via, Before: was, After: is,
			ExpiresBefore: untilBefore, ExpiresAfter: untilAfter,
		})
	}
	return nil
}

// plainAllowance never expires.
func plainAllowance(y reply) (amount uint256.Int, expires uint64, ok bool) {
	amount, ok = y.number()
	return amount, 0, ok
}

// permit2Allowance reads (amount, expiration, nonce). What has expired can't be moved, and what is zero has no end.
func (q *inquiry) permit2Allowance(y reply) (amount uint256.Int, expires uint64, ok bool) {
	if y.absent {
		return amount, 0, true
	}
	amount, ok = numberAt(y.words, 0)
	until, _ := numberAt(y.words, 1)
	if y.failure != nil || !ok || len(y.words) != 96 {
		return uint256.Int{}, 0, false
	}
	if amount.IsZero() || until.LtUint64(q.block.Time) {
		return uint256.Int{}, 0, true
	}
	q.answers.until(until.Uint64())
	return amount, until.Uint64(), until.IsUint64()
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
