package settlement

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Book holds the sums of one epoch. Entries may be counted in any order, with the same result. It belongs to one goroutine: others
// count in a Branch, which is merged.
//
// It holds what earners need and no entry: for each author, provider, pair of staker and subnet, pair of member and asset a sum or
// two; and for each subnet what each user burned there, as only the whole epoch tells whether the user is the treasury.
type Book struct {
	rules    *rules.Rules
	version  *rules.Version
	lists    *lists
	before   *State
	from, to emission.Time
	seconds  uint256.Int // of the epoch

	tools     rows[common.Address, uint256.Int] // worth, by author
	subnets   rows[common.Hash, subnet]
	fronts    rows[pair, uint256.Int] // worth, by subnet and user
	stakes    rows[pair, uint256.Int] // wei * seconds, by subnet and staker
	providers rows[common.Address, provider]
	deposits  rows[pair, deposit] // by asset and account
	yields    []uint256.Int       // worth, by asset
	said      rows[said, acceptance]
	risks     rows[[20]byte, risk] // by commit
	payouts   []payout
	locks     locks

	stood   []Contribution                    // before this epoch's acceptances
	quorums rows[[20]byte, uint64]            // how many opinions of a commit have one
	purse   rows[common.Address, uint256.Int] // what all parts pay, in wei: Close fills it
	watch   *watch                            // of Explain
}

// pair is an account in a subnet or an asset, which goes by its place in the book.
type pair struct {
	group uint32
	who   common.Address
}

// New is an empty book of the epoch before.Next. It is refused as no_epoch, or as bad_rules where no rules hold for it.
func New(r *rules.Rules, before *State) (*Book, error) {
	from, to, err := r.Bounds(before.Next)
	if err != nil {
		return nil, err
	}
	version := r.At(before.Next)
	if version == nil || version.Carry == 0 {
		return nil, refusal.New(refusal.BadRules, "there are no rules for epoch %d", before.Next)
	}
	l, err := newLists(version)
	if err != nil {
		return nil, err
	}
	b := &Book{rules: r, version: version, lists: l, before: before, from: from, to: to}
	b.seconds.SetUint64(uint64(r.Length))
	return b.Branch(), nil
}

// Branch is an empty book of the same epoch, for another goroutine.
func (b *Book) Branch() *Book {
	return &Book{
		rules: b.rules, version: b.version, lists: b.lists, before: b.before, from: b.from, to: b.to, seconds: b.seconds,
		yields: make([]uint256.Int, len(b.lists.assets)),
	}
}

// Epoch is that of the book.
func (b *Book) Epoch() usage.Epoch { return b.before.Next }

func (b *Book) span() usage.Span { return usage.Span{From: b.from, To: b.to} }

// Listed reports whether an entry counts if this reporter has it: one that is listed for its kind, where any is; and a maintainer's
// opinion only if it has signed that itself.
func (b *Book) Listed(reporter common.Address, e *usage.Entry) bool {
	if int(e.Kind) >= kinds {
		return false
	}
	if (e.Kind == usage.Work || e.Kind == usage.Risk) && reporter != e.Other {
		return false
	}
	some := b.lists.reporters[e.Kind]
	if some == nil {
		return true
	}
	_, listed := some[reporter]
	return listed
}

// Count adds an entry of the epoch, and says why not where it does not count. What can be told only when all entries are there is
// left to Close. The caller counts each id once.
func (b *Book) Count(reporter common.Address, id usage.ID, e *usage.Entry) Why {
	if !b.Listed(reporter, e) {
		return Unlisted
	}
	if !writable(e) {
		return TooMuch
	}
	switch e.Kind {
	case usage.Tool:
		return b.countTool(e)
	case usage.Front:
		return b.countFront(e)
	case usage.Work:
		return b.countWork(id, e)
	case usage.Risk:
		return b.countRisk(e)
	case usage.Receipt:
		return b.countReceipt(e)
	case usage.Audit:
		return b.countAudit(e)
	case usage.Bond:
		return b.countBond(e)
	case usage.Subnet:
		return b.countSubnet(id, e)
	case usage.Stake:
		return b.countStake(e)
	case usage.Yield:
		return b.countYield(e)
	case usage.Deposit:
		return b.countDeposit(e)
	case usage.Payout:
		return b.countPayout(id, e)
	default:
		return Unlisted // Listed knows no others
	}
}

// Merge adds the sums of a Branch, which is empty after it.
func (b *Book) Merge(branch *Book) {
	merge(&b.tools, &branch.tools, addTo)
	places := b.mergeSubnets(branch)
	mergePairs(&b.fronts, &branch.fronts, places)
	mergePairs(&b.stakes, &branch.stakes, places)
	merge(&b.providers, &branch.providers, (*provider).add)
	merge(&b.deposits, &branch.deposits, (*deposit).add)
	for i := range branch.yields {
		addTo(&b.yields[i], &branch.yields[i])
	}
	merge(&b.said, &branch.said, (*acceptance).add)
	merge(&b.risks, &branch.risks, (*risk).add)
	b.payouts = append(b.payouts, branch.payouts...)
	*branch = *b.Branch()
}

func merge[K comparable, V any](to, from *rows[K, V], add func(to, more *V)) {
	for i := range from.n {
		r := from.row(i)
		add(to.sum(r.key), &r.sum)
	}
	*from = rows[K, V]{} // two of each need not be held at once
}

// mergePairs merges what goes by the places of subnets, which are others in the branch.
func mergePairs(to, from *rows[pair, uint256.Int], places []uint32) {
	for i := range from.n {
		r := from.row(i)
		addTo(to.sum(pair{places[r.key.group], r.key.who}), &r.sum)
	}
	*from = rows[pair, uint256.Int]{}
}

func addTo(to, more *uint256.Int) { to.Add(to, more) }

// writable reports whether the numbers are such as a ledger can hold, so that no sum leaves its 256 bits.
func writable(e *usage.Entry) bool {
	const mostTime, mostCount = 1 << 40, 1 << 53
	return e.Amount.BitLen() <= amountBits && e.Fee.BitLen() <= amountBits && e.PriceIn.BitLen() <= amountBits &&
		e.PriceOut.BitLen() <= amountBits && e.Input < mostCount && e.Output < mostCount && e.To < mostTime
}

// length is the seconds for which what an entry tells stood, as a factor.
func length(e *usage.Entry) *uint256.Int {
	if e.To <= e.At {
		return new(uint256.Int)
	}
	return uint256.NewInt(uint64(e.To - e.At))
}

// standingWeight is an entry's amount times the seconds that it stood for.
func standingWeight(e *usage.Entry) (weight uint256.Int) {
	return *weight.Mul(&e.Amount, length(e)) // below 2^128 * 2^40
}
