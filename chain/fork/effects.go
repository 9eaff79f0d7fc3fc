package fork

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Bounds of the questions to contracts, which may be hostile: each is asked before and after.
const (
	mostQuestions = 512
	questionGas   = 1_000_000
	mostUnknown   = 64
)

// inquiry asks the state before and after the transactions, and lists what differs.
type inquiry struct {
	ctx           context.Context
	before, after vantage
	block         evm.Block // that the transactions are in
	view          *pinned.View
	layer         *pinned.Layer // that the transactions leave
	seen          *witness      // what the transactions read
	trace         *trace
	interests     *interests
	senders       map[common.Address]bool
	asker         common.Address // the first sender: views are asked as it
	effects       *Effects

	written map[common.Address]bool // contracts that hold other storage than before
	changed map[pinned.Slot]bool
	moved   map[common.Address]bool // accounts that hold other coins than before
	recoded map[common.Address]bool // accounts that have other code than before
	guessed map[common.Address]AssetKind
	traits  map[common.Address]traits

	scouts             scouts
	answers            answers
	questions, refused int
	scouting           int
	unscouted          int

	untold []string // what is known not to be known
}

// vantage is the state before the transactions, or after them. An *evm.Machine is one.
type vantage interface {
	Account(a common.Address) pinned.Account
	Slot(k pinned.Slot) common.Hash
	Ask(from common.Address, to *common.Address, value *uint256.Int, data []byte, gas uint64) (evm.Outcome, error)
	Err() error // the first read that failed: nothing is known any more
}

// effects tells what changed between the state that v reads and the machine's, and what was answered.
func (r *running) effects(ctx context.Context, v *pinned.View, p *pass, into *Effects) error {
	before := evm.New(ctx, v, r.machine.Block, nil)
	defer before.Close()
	q := newInquiry(ctx, before, r.machine, r.machine.Block, p.txs)
	q.view, q.layer, q.seen, q.trace = v, p.layer, r.seen, r.trace
	if r.untold {
		q.untold = append(q.untold, "the chain does not tell what it takes besides gas, as for data on its layer 1")
	}
	if err := q.measure(p.txs, into); err != nil {
		return err
	}
	p.effects, p.answers = into, q.answers
	return nil
}

func newInquiry(ctx context.Context, before, after vantage, b evm.Block, txs []Tx) *inquiry {
	return &inquiry{
		ctx: ctx, before: before, after: after, block: b, interests: newInterests(),
		senders: make(map[common.Address]bool), asker: txs[0].From,
		written: make(map[common.Address]bool), changed: make(map[pinned.Slot]bool),
		moved: make(map[common.Address]bool), recoded: make(map[common.Address]bool), guessed: make(map[common.Address]AssetKind),
		traits: make(map[common.Address]traits),
	}
}

// measure completes e by what differs between the two sides.
func (q *inquiry) measure(txs []Tx, into *Effects) error {
	q.effects = into
	q.sendScouts()
	defer q.recallScouts()
	into.Balances, into.Allowances, into.Operators = []BalanceChange{}, []AllowanceChange{}, []OperatorChange{}
	into.Controls, into.Roles, into.Findings, into.Unknown = []ControlChange{}, []RoleChange{}, []Finding{}, []string{}
	into.Created, into.Destroyed = []common.Address{}, []common.Address{}
	for i := range txs {
		q.senders[txs[i].From] = true
		for j := range into.Txs[i].Logs {
			q.interests.log(&into.Txs[i].Logs[j])
		}
		walk(&into.Txs[i].Calls, common.Address{}, common.Address{}, q.interests.frame)
		for j := range txs[i].Delegations {
			q.interests.person(txs[i].Delegations[j].Address)
		}
	}
	for _, text := range q.untold {
		q.unknown("%s", text)
	}
	if q.trace.full {
		q.unknown("the call tree is larger than what is recorded, so allowances may have changed unseen")
	}
	for _, step := range []func() error{q.accounts, q.storage, q.assets, q.allowances, q.operators, q.owners, q.roles} {
		if err := step(); err != nil {
			return err
		}
	}
	if q.refused > 0 {
		q.unknown("%d questions to contracts were not asked: more than %d", q.refused, mostQuestions)
	}
	if q.unscouted > 0 || q.interests.crowd {
		q.unknown("what else changed for whom: more accounts and contracts are named than are looked at")
	}
	sortEffects(into)
	return errors.Join(q.before.Err(), q.after.Err())
}

// unknown lists what could not be told.
func (q *inquiry) unknown(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); len(q.effects.Unknown) < mostUnknown && !slices.Contains(q.effects.Unknown, text) {
		q.effects.Unknown = append(q.effects.Unknown, text)
	}
}

// accounts lists native balances, created and destroyed contracts, and delegations.
func (q *inquiry) accounts() error {
	for _, a := range sortedAddresses(q.trace.Accounts) {
		before, after := q.before.Account(a), q.after.Account(a)
		if err := errors.Join(q.before.Err(), q.after.Err()); err != nil {
			return err
		}
		if before.Balance != after.Balance {
			q.moved[a] = true
		}
		if q.trace.Balances[a] && before.Balance != after.Balance {
			q.balance(BalanceChange{Account: a, Kind: Native, Before: before.Balance, After: after.Balance})
		}
		q.recoded[a] = before.CodeHash != after.CodeHash
		q.codeChange(a, before.Code, after.Code)
	}
	return nil
}

func (q *inquiry) balance(c BalanceChange) { q.effects.Balances = append(q.effects.Balances, c) }

// storage notes which contracts hold other storage than before.
func (q *inquiry) storage() error {
	for _, k := range sortedKeys(q.trace.Slots, func(a, b pinned.Slot) int { return cmp.Or(a.Account.Cmp(b.Account), a.Key.Cmp(b.Key)) }) {
		before, after := q.before.Slot(k), q.after.Slot(k)
		if err := errors.Join(q.before.Err(), q.after.Err()); err != nil {
			return err
		}
		if before == after {
			continue
		}
		q.written[k.Account], q.changed[k] = true, true
		q.slotChange(k, before, after)
	}
	for a := range q.written {
		if _, delegated := delegate(q.after.Account(a).Code); delegated {
			q.unknown("what account %s keeps for its delegate has changed: who else may act for it can't be told", a)
		}
	}
	return nil
}

// operators lists the changes of who may move all that an owner has in an asset.
func (q *inquiry) operators() error {
	for _, o := range sortedKeys(q.interests.operators, func(a, b operator) int {
		return cmp.Or(a.asset.Cmp(b.asset), a.owner.Cmp(b.owner), a.operator.Cmp(b.operator), compareBools(a.fungible, b.fungible))
	}) {
		before, after, err := q.ask(o.asset, o.view())
		if err != nil {
			return err
		}
		was, okBefore := before.number()
		is, okAfter := after.number()
		if !okBefore || !okAfter {
			q.unknown("whether %s may move all that %s has in %s", o.operator, o.owner, o.asset)
			continue
		}
		if was != is {
			q.effects.Operators = append(q.effects.Operators, OperatorChange{
				Owner: o.owner, Operator: o.operator, Asset: o.asset, Before: !was.IsZero(), After: !is.IsZero(),
			})
		}
	}
	return nil
}

var (
	selApprovedForAll = selector("isApprovedForAll(address,address)")
	selOperatorFor    = selector("isOperatorFor(address,address)") // ERC-777
)

func (o *operator) view() []byte {
	if o.fungible {
		return pack(selOperatorFor, o.operator[:], o.owner[:])
	}
	return pack(selApprovedForAll, o.owner[:], o.operator[:])
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func sortedKeys[K comparable](m map[K]bool, compare func(a, b K) int) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, compare)
	return keys
}

func sortedAddresses(m map[common.Address]bool) []common.Address {
	return sortedKeys(m, common.Address.Cmp)
}

func sortEffects(e *Effects) {
	slices.SortFunc(e.Balances, func(a, b BalanceChange) int {
		return cmp.Or(a.Account.Cmp(b.Account), cmp.Compare(a.Kind, b.Kind), a.Asset.Cmp(b.Asset), compareIDs(a.ID, b.ID))
	})
	slices.SortFunc(e.Allowances, func(a, b AllowanceChange) int {
		return cmp.Or(a.Owner.Cmp(b.Owner), a.Spender.Cmp(b.Spender), a.Asset.Cmp(b.Asset), a.Via.Cmp(b.Via))
	})
	slices.SortFunc(e.Controls, func(a, b ControlChange) int {
		return cmp.Or(a.Contract.Cmp(b.Contract), cmp.Compare(a.Kind, b.Kind), bytes.Compare(a.After[:], b.After[:]))
	})
	slices.SortFunc(e.Operators, func(a, b OperatorChange) int {
		return cmp.Or(a.Owner.Cmp(b.Owner), a.Operator.Cmp(b.Operator), a.Asset.Cmp(b.Asset))
	})
	slices.SortFunc(e.Roles, func(a, b RoleChange) int {
		return cmp.Or(a.Contract.Cmp(b.Contract), a.Role.Cmp(b.Role), a.Account.Cmp(b.Account))
	})
	slices.Sort(e.Unknown)
}

func compareIDs(a, b *uint256.Int) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	return a.Cmp(b)
}
