package settlement

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Role is as what an account earned.
type Role uint8

// The roles.
const (
	Earner   Role = iota // whom the entry names as the one who earns
	Referrer             // of a deposit
	Treasury             // of a subnet: what its stakers pay
	roles
)

var roleNames = [roles]string{Earner: "earner", Referrer: "referrer", Treasury: "treasury"}

func (r Role) String() string {
	if r < roles {
		return roleNames[r]
	}
	return "unknown"
}

// Bound is what cut a share.
type Bound uint8

// The bounds. The zero Bound is of what was not cut.
const (
	Uncut  Bound = iota
	Return       // of what was burned
	Most         // of the part, for one earner; of yields, for the worth of the asset's yield
	Bond         // of the provider's mean bond
	bounds
)

var boundNames = [bounds]string{Uncut: "", Return: "return", Most: "most", Bond: "bond"}

func (b Bound) String() string {
	if b < bounds {
		return boundNames[b]
	}
	return "unknown"
}

// Line is what one entry brought an account in an epoch, or why it brought nothing.
type Line struct {
	Epoch  usage.Epoch
	Part   rules.Part
	Role   Role
	ID     usage.ID // of a contribution, the lowest of those that had it accepted; of a treasury, that of the subnet's last entry
	Kind   usage.Kind
	Ref    usage.Ref   // of that entry
	Weight uint256.Int // in the part's unit; a treasury has none
	Total  uint256.Int // what the part's budget was divided by, in the same unit; of yields, the asset's part of it
	Bound  Bound       // what cut the account's share in the part
	Wei    uint256.Int
	Why    Why // why the entry does not count, if so
}

// Explain says which entries of the ledger an account's claim comes from: the wei of all lines add up to it. What an account got in a
// part is split among its entries by weight, by largest remainder, ties to the lower id. Lines come by epoch, part, role and id, and
// are valid during the call; an error of it ends Explain, which checks as Settle does. It returns the claim. From a state on, lines are
// of what was earned after it.
func Explain(ctx context.Context, ledger usage.Ledger, r *rules.Rules, epoch usage.Epoch, account common.Address, o Options,
	line func(*Line) error,
) (claim uint256.Int, err error) {
	s, err := newSettling(ledger, r, epoch, o)
	if err != nil {
		return claim, err
	}
	claim = s.state.Wei(account)
	err = s.each(ctx, func(book *Book, segments []usage.Segment, root common.Hash) error {
		if err := s.count(ctx, book, segments, root); err != nil {
			return err
		}
		book.watch = &watch{account: account}
		a, after, err := book.Close()
		if err != nil {
			return err
		}
		s.state = after
		wei := a.Wei(account)
		claim.Add(&claim, &wei)
		lines, err := s.lines(ctx, book, segments)
		if err != nil {
			return err
		}
		for i := range lines {
			if err := line(&lines[i].Line); err != nil {
				return err
			}
		}
		return nil
	})
	return claim, err
}

// watch is what an account got in a book.
type watch struct {
	account common.Address
	grants  []grant
}

// item is a line before it is known what it brings.
type item struct {
	Line
	group uint32      // subnet or asset, by its place in the book
	share uint256.Int // of what the account got there, for this line
}

// lines are those of a closed book.
func (s *settling) lines(ctx context.Context, book *Book, segments []usage.Segment) ([]item, error) {
	items := book.standingItems(s.state.standing)
	items = append(items, book.treasuryItems()...)
	found := make([][]item, s.Workers)
	err := spread(s.Workers, segments, func(worker int, reader *usage.Reader, segment *usage.Segment) error {
		return reader.Walk(ctx, s.ledger, segment, book.span(), func(id usage.ID, e *usage.Entry) error {
			found[worker] = append(found[worker], book.items(segment.Reporter, id, e)...)
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	items = append(items, slices.Concat(found...)...)
	// Of copies of an entry by several reporters, one that counts comes first, and one of who is not listed last.
	slices.SortFunc(items, item.byEntry)
	items = slices.CompactFunc(items, func(a, b item) bool { return a.ID == b.ID && a.Part == b.Part && a.Role == b.Role })
	slices.SortFunc(items, item.byGrant)
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && items[to].ofOneGrant(&items[from]) {
			to++
		}
		book.pay(items[from:to])
		from = to
	}
	slices.SortFunc(items, item.byEntry)
	return items, nil
}

func (a item) byEntry(b item) int {
	return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Role, b.Role), bytes.Compare(a.ID[:], b.ID[:]), cmp.Compare(a.Why.rank(), b.Why.rank()))
}

// byGrant puts beside each other what shares in one grant, by id.
func (a item) byGrant(b item) int {
	return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Role, b.Role), cmp.Compare(a.group, b.group), bytes.Compare(a.ID[:], b.ID[:]))
}

func (w Why) rank() Why {
	if w == Unlisted {
		return whys
	}
	return w
}

// ofOneGrant reports whether two items share in one grant. Each payout is one of its own.
func (a *item) ofOneGrant(b *item) bool {
	return a.Part == b.Part && a.Role == b.Role && a.group == b.group && (a.Part != rules.Payouts || a.ID == b.ID)
}

// pay splits a grant among its items.
func (b *Book) pay(items []item) {
	g := b.grantOf(&items[0])
	if g == nil {
		return
	}
	var all uint256.Int
	for i := range items {
		if items[i].Why == Counts {
			addTo(&all, &items[i].share)
		} else {
			items[i].share.Clear()
		}
	}
	wei := divide(&g.wei, &all, len(items),
		func(i int) *uint256.Int { return &items[i].share },
		func(i, j int) bool { return i < j }) // they are by id
	for i := range items {
		items[i].Wei, items[i].Total, items[i].Bound = wei[i], g.total, g.bound
	}
}

func (b *Book) grantOf(of *item) *grant {
	for i := range b.watch.grants {
		g := &b.watch.grants[i]
		if g.part == of.Part && g.role == of.Role && g.group == of.group && (g.part != rules.Payouts || g.id == of.ID) {
			return g
		}
	}
	return nil
}

// standingItems are those of works, which earn long after they were accepted.
func (b *Book) standingItems(standing []Contribution) (items []item) {
	for i := range standing {
		if c := &standing[i]; c.Author == b.watch.account {
			items = append(items, b.item(rules.Works, Earner, c.ID, usage.Work, c.Ref, c.Weight, Counts))
		}
	}
	return items
}

// treasuryItems are what stakers pay to the account's subnets.
func (b *Book) treasuryItems() (items []item) {
	for i := range b.watch.grants {
		g := &b.watch.grants[i]
		if g.role != Treasury || g.wei.IsZero() {
			continue
		}
		s := &b.subnets.row(int(g.group)).sum
		it := b.item(rules.Stakes, Treasury, s.id, usage.Subnet, s.ref, uint256.Int{}, Counts)
		it.group = g.group
		it.share.SetOne()
		items = append(items, it)
	}
	return items
}

func (b *Book) item(part rules.Part, role Role, id usage.ID, kind usage.Kind, ref usage.Ref, weight uint256.Int, why Why) item {
	return item{
		Line: Line{
			Epoch: b.Epoch(), Part: part, Role: role, ID: id, Kind: kind, Ref: ref, Weight: weight, Why: why,
		},
		share: weight,
	}
}

const noGroup = ^uint32(0)

// items are what an entry is to the account, once the book is closed: mostly nothing. Many goroutines may ask.
func (b *Book) items(reporter common.Address, id usage.ID, e *usage.Entry) []item {
	unlisted := !b.Listed(reporter, e)
	one := func(part rules.Part, role Role, group uint32, weight uint256.Int, why Why) []item {
		if unlisted {
			why = Unlisted
		}
		it := b.item(part, role, id, e.Kind, e.Ref, weight, why)
		it.group = group
		return []item{it}
	}
	if e.Kind == usage.Front {
		return b.frontItems(e, one)
	}
	if e.Kind == usage.Deposit {
		return b.depositItems(e, one)
	}
	if e.Earner != b.watch.account {
		return nil
	}
	var none uint256.Int
	switch e.Kind {
	case usage.Tool:
		worth, why := b.toolWorth(e)
		return one(rules.Tools, Earner, 0, worth, why)
	case usage.Work:
		if why := b.judgeOpinion(e); why != Counts || unlisted {
			return one(rules.Works, Earner, 0, none, why)
		}
	case usage.Receipt:
		weight, why := b.countedFee(e)
		if p := b.providers.find(e.Earner); why == Counts && p != nil {
			why = b.judgeProvider(p)
		}
		return one(rules.Receipts, Earner, 0, weight, why)
	case usage.Audit:
		if e.Other == e.Earner || unlisted {
			return one(rules.Receipts, Earner, 0, none, Itself)
		}
	case usage.Bond:
		if unlisted {
			return one(rules.Receipts, Earner, 0, none, Unlisted)
		}
	case usage.Subnet:
		if unlisted {
			return one(rules.Stakes, Treasury, noGroup, none, Unlisted)
		}
	case usage.Stake:
		group, why := noGroup, NoSubnet
		if at, known := b.subnets.place(e.Subnet); known && b.subnets.row(int(at)).sum.there {
			group, why = at, Counts
		}
		return one(rules.Stakes, Earner, group, standingWeight(e), why)
	case usage.Payout:
		why := Counts
		if g := b.grantOf(&item{Line: Line{Part: rules.Payouts, ID: id}}); g != nil && g.wei.Lt(&e.Amount) {
			why = FundEmpty
		}
		return one(rules.Payouts, Earner, 0, e.Amount, why)
	}
	return nil
}

type itemOf = func(part rules.Part, role Role, group uint32, weight uint256.Int, why Why) []item

func (b *Book) frontItems(e *usage.Entry, one itemOf) []item {
	s := b.subnets.find(e.Subnet)
	if s == nil || !s.there || s.treasury != b.watch.account {
		return nil
	}
	worth, why := b.worth(e)
	if e.Other == s.treasury {
		why = Itself
	}
	return one(rules.Fronts, Earner, 0, worth, why)
}

func (b *Book) depositItems(e *usage.Entry, one itemOf) (items []item) {
	asset, listed := b.lists.assets[e.Asset]
	why := Counts
	if !listed {
		why = NoAsset
	}
	if e.Earner == b.watch.account {
		items = append(items, one(rules.Yields, Earner, asset, memberWeight(e, multiplier.Lock(e.LockFrom, e.LockTo)), why)...)
	}
	if e.Other != b.watch.account {
		return items
	}
	share := standingWeight(e)
	var weight uint256.Int
	if d := b.deposits.find(pair{asset, e.Other}); listed && d != nil {
		weight = b.bonus(&d.referred)
		weight.MulDivOverflow(&share, &weight, multiplier.One()) // a part of it
		if bonus := b.bonus(&d.referred); bonus.IsZero() {
			why = BelowTiers
		}
	}
	referrer := one(rules.Yields, Referrer, asset, weight, why)
	referrer[0].share = share // the weights are rounded down one by one, and may all be nothing
	return append(items, referrer...)
}

// judgeOpinion is Counts where the contribution was accepted, so that it is among what stands.
func (b *Book) judgeOpinion(e *usage.Entry) Why {
	_, class, why := b.judgeWork(e)
	if why != Counts {
		return why
	}
	s := said{commitOf(e), e.Earner, class}
	a := b.said.find(s)
	if a == nil {
		return Counts // nobody who is listed said so, which is said by the caller
	}
	_, why = b.accept(&s, a)
	return why
}
