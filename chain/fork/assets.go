package fork

import (
	"cmp"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

var (
	selBalanceOf     = selector("balanceOf(address)")
	selBalanceOf1155 = selector("balanceOf(address,uint256)")
	selOwnerOf       = selector("ownerOf(uint256)")
	selSupports      = selector("supportsInterface(bytes4)")
	supports721      = pack(selSupports, common.RightPadBytes([]byte{0x80, 0xac, 0x58, 0xcd}, 32))
)

// assets lists the changes of token balances. Asked are the accounts that logs and calls of a token name, and each sender about every
// contract whose storage changed; and everybody else whom the transactions name, about every contract that they reach, where a scout
// says that there may be something to tell: a token may move without a log.
func (q *inquiry) assets() error {
	for a := range q.written {
		q.holders(a)
	}
	for a := range q.interests.kinds {
		q.holders(a)
	}
	if err := q.strangers(); err != nil {
		return err
	}
	holdings := q.sortedHoldings()
	q.prepare(q.views(holdings))
	if err := q.settleKinds(); err != nil {
		return err
	}
	moved, err := q.items()
	if err != nil {
		return err
	}
	for _, h := range holdings {
		if err := q.holding(h, moved); err != nil {
			return err
		}
	}
	return nil
}

// reached are the contracts that the transactions call or change.
func (q *inquiry) reached() []common.Address {
	all := make(map[common.Address]bool, len(q.interests.called))
	for _, from := range []map[common.Address]bool{q.interests.called, q.written} {
		for a := range from {
			if len(q.after.Account(a).Code) > 0 {
				all[a] = true
			}
		}
	}
	return sortedAddresses(all)
}

// strangers finds who else may hold more or less of an asset, and whom a sender may have allowed to move it.
func (q *inquiry) strangers() error {
	people := sortedAddresses(q.interests.people)
	grants := make(map[common.Address][]grant) // by asset
	for _, g := range sortedGrants(q.interests.perhaps) {
		grants[g.asset] = append(grants[g.asset], g)
	}
	return q.stirred(q.reached(), func(asset common.Address) (all []hunch) {
		for _, p := range people {
			if h := (holding{account: p, asset: asset}); !q.interests.holdings[h] {
				all = append(all, hunch{h.view(), func() { q.interests.holdings[h] = true }})
			}
		}
		if !q.may(asset, selAllowance) {
			return all
		}
		for _, g := range append(grants[asset], q.ownGrants(asset, people)...) {
			if !q.interests.grants[g] {
				_, data := g.view()
				all = append(all, hunch{data, func() { q.interests.grants[g] = true }})
			}
		}
		return all
	})
}

// ownGrants are those that senders may have given.
func (q *inquiry) ownGrants(asset common.Address, spenders []common.Address) (all []grant) {
	for _, owner := range sortedAddresses(q.senders) {
		for _, spender := range spenders {
			if spender != owner && spender != asset {
				all = append(all, grant{owner: owner, spender: spender, asset: asset})
			}
		}
	}
	return all
}

// holders adds the senders to those who may hold an asset.
func (q *inquiry) holders(asset common.Address) {
	for s := range q.senders {
		q.interests.holder(asset, s)
	}
}

// sortedHoldings puts the senders first, so that they are asked whatever else there is.
func (q *inquiry) sortedHoldings() []holding {
	rank := func(h holding) int {
		if q.senders[h.account] {
			return 0
		}
		return 1
	}
	return sortedKeys(q.interests.holdings, func(a, b holding) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.account.Cmp(b.account), a.asset.Cmp(b.asset), a.id.Cmp(&b.id))
	})
}

// views are the questions that come next, those on holdings first.
func (q *inquiry) views(holdings []holding) []chain.Call {
	views := make([]chain.Call, 0, len(holdings)+len(q.interests.grants))
	add := func(to common.Address, data []byte) { views = append(views, chain.Call{To: &to, Data: data}) }
	for i := range holdings {
		add(holdings[i].asset, holdings[i].view())
	}
	for _, g := range sortedGrants(q.interests.grants) {
		add(g.view())
	}
	for o := range q.interests.operators {
		add(o.asset, o.view())
	}
	for it := range q.interests.items {
		if q.interests.kinds[it.asset] != ERC20 {
			add(it.asset, pack(selOwnerOf, it.id.Bytes()))
			add(it.asset, pack(selGetApproved, it.id.Bytes()))
		}
	}
	for r := range q.interests.roles {
		add(r.contract, r.view())
	}
	for a, kind := range q.interests.kinds {
		if kind == "" {
			add(a, supports721)
		}
	}
	return views
}

func (h *holding) view() []byte {
	if h.multi {
		return pack(selBalanceOf1155, h.account[:], h.id.Bytes())
	}
	return pack(selBalanceOf, h.account[:])
}

// settleKinds tells ERC-721 from ERC-20 where no log did.
func (q *inquiry) settleKinds() error {
	for a, kind := range q.interests.kinds {
		if kind != "" {
			continue
		}
		kind, err := q.kindOf(a)
		if err != nil {
			return err
		}
		q.interests.kinds[a] = kind
	}
	return nil
}

func (q *inquiry) kindOf(a common.Address) (AssetKind, error) {
	out, err := q.askOn(q.after, a, supports721)
	if n, ok := out.number(); err == nil && ok && n.IsUint64() && n.Uint64() == 1 {
		return ERC721, nil
	}
	return ERC20, err
}

// guess is the kind of a contract that no log and no call shows to be a token, and that has balances all the same.
func (q *inquiry) guess(a common.Address) (kind AssetKind, err error) {
	kind, done := q.guessed[a]
	if !done {
		kind, err = q.kindOf(a)
		q.guessed[a] = kind
	}
	return kind, err
}

// holding lists what an account has of an asset. A contract that merely might be a token owes no answer.
func (q *inquiry) holding(h holding, moved map[holding]int) error {
	kind, known := q.interests.kinds[h.asset]
	if kind == ERC1155 && !h.multi {
		return nil
	}
	before, after, err := q.ask(h.asset, h.view())
	if err != nil {
		return err
	}
	was, okBefore := before.number()
	is, okAfter := after.number()
	if !okBefore || !okAfter {
		if known || okBefore != okAfter && !before.absent && !after.absent {
			q.unknown("what %s has of token %s", h.account, h.asset)
		}
		return nil
	}
	if was == is {
		return nil
	}
	c := BalanceChange{Account: h.account, Kind: kind, Asset: h.asset, Before: was, After: is}
	switch {
	case h.multi:
		c.Kind, c.ID = ERC1155, h.id.Clone()
	case !known:
		if c.Kind, err = q.guess(h.asset); err != nil {
			return err
		}
	}
	if c.Kind == ERC721 && counted(was, is, moved[h]) {
		return nil // each of its tokens is listed by itself
	}
	q.balance(c)
	return nil
}

// counted reports whether a count changed by exactly n.
func counted(was, is uint256.Int, n int) bool {
	var by uint256.Int
	if n < 0 {
		return was.Eq(by.AddUint64(&is, uint64(-n)))
	}
	return is.Eq(by.AddUint64(&was, uint64(n)))
}

// items lists the tokens of ERC-721 that have another owner, and returns how many each account won or lost.
func (q *inquiry) items() (map[holding]int, error) {
	moved := make(map[holding]int)
	for _, it := range sortedKeys(q.interests.items, compareItems) {
		if q.interests.kinds[it.asset] != ERC721 {
			continue
		}
		was, is, ok, err := q.itemAddress(it, selOwnerOf)
		if err != nil {
			return nil, err
		}
		if !ok {
			q.unknown("who owns token %s of %s", it.id.Dec(), it.asset)
			continue
		}
		if was == is {
			continue
		}
		one := *uint256.NewInt(1)
		if was != (common.Address{}) {
			moved[holding{account: was, asset: it.asset}]--
			q.balance(BalanceChange{Account: was, Kind: ERC721, Asset: it.asset, ID: it.id.Clone(), Before: one})
		}
		if is != (common.Address{}) {
			moved[holding{account: is, asset: it.asset}]++
			q.balance(BalanceChange{Account: is, Kind: ERC721, Asset: it.asset, ID: it.id.Clone(), After: one})
		}
	}
	return moved, nil
}

func compareItems(a, b item) int { return cmp.Or(a.asset.Cmp(b.asset), a.id.Cmp(&b.id)) }

// itemAddress asks for an address that belongs to a token of ERC-721. A revert means that there is none: the standard asks for
// that where a token does not exist.
func (q *inquiry) itemAddress(it item, selector [4]byte) (was, is common.Address, ok bool, err error) {
	before, after, err := q.ask(it.asset, pack(selector, it.id.Bytes()))
	if err != nil || errors.Is(before.failure, errTooMany) {
		return was, is, false, err
	}
	was, okBefore := before.address()
	is, okAfter := after.address()
	return was, is, (okBefore || before.refusal) && (okAfter || after.refusal), nil
}
