package fork

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// driftShare is the part of an amount by which it may drift in half a minute: one in so many.
const driftShare = 100

// found adds findings of one name. When says which pass they are of.
func (e *Effects) found(name FindingName, when string, what []string) {
	for _, w := range what {
		e.Findings = append(e.Findings, Finding{Name: name, Detail: when + ", " + w})
	}
}

// sights lists what one pass did otherwise than another that differs from it in miner and randomness only. How it was done counts
// only where nothing else differs.
func sights(a, b pass) []string {
	if a.effects == b.effects {
		return nil
	}
	all := a.sight(b, true)
	if len(all) > 0 {
		return all
	}
	for i := range a.results {
		x, y := &a.results[i], &b.results[i]
		switch where := otherCall(&x.Calls, &y.Calls, exactly); {
		case where != "":
			all = append(all, fmt.Sprintf("transaction %d: %s", i+1, where))
		case !slices.EqualFunc(x.Logs, y.Logs, sameLog):
			all = append(all, fmt.Sprintf("transaction %d writes other logs", i+1))
		case !slices.Equal(x.Return, y.Return):
			all = append(all, fmt.Sprintf("transaction %d returns something else", i+1))
		case x.GasUsed != y.GasUsed || x.Fee != y.Fee:
			all = append(all, fmt.Sprintf("transaction %d uses %d gas, not %d", i+1, y.GasUsed, x.GasUsed))
		}
	}
	return all
}

// drift lists what a later pass did otherwise, amounts aside that may drift.
func (f *Fork) drift(a, b pass) []string {
	if a.effects == b.effects {
		return nil
	}
	all := a.sight(b, false)
	if len(all) > 0 {
		return all
	}
	precompiled := f.rules.Era.Precompiles()
	alike := func(x, y *Frame) bool {
		return x.Type == y.Type && x.To == y.To && x.Failed == y.Failed && len(x.Calls) == len(y.Calls) &&
			(slices.Contains(precompiled, x.To) || selectorOf(x.Input) == selectorOf(y.Input))
	}
	for i := range a.results {
		x, y := &a.results[i], &b.results[i]
		switch where := otherCall(&x.Calls, &y.Calls, alike); {
		case where != "":
			all = append(all, fmt.Sprintf("transaction %d: %s", i+1, where))
		case !slices.EqualFunc(x.Logs, y.Logs, func(x, y Log) bool { return x.Address == y.Address && kindOfLog(x) == kindOfLog(y) }):
			all = append(all, fmt.Sprintf("transaction %d writes other kinds of logs", i+1))
		}
	}
	return all
}

// sight lists the effects that differ: exactly, or in whom they touch, in their direction, and in a sender's disadvantage.
func (a pass) sight(b pass, exact bool) (all []string) {
	differs := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for i := range a.results {
		if x, y := a.results[i].Success, b.results[i].Success; x != y {
			differs("transaction %d %s", i+1, map[bool]string{true: "succeeds", false: "fails"}[y])
		}
	}
	if len(all) > 0 {
		return all // all else follows from that
	}
	senders := make(map[common.Address]bool, 1)
	for i := range a.txs {
		senders[a.txs[i].From] = true
	}
	for _, d := range unlike(a.moves(), b.moves(), func(m *move) moveKey { return m.moveKey }, func(x, y *move) bool {
		if exact {
			return x.before == y.before && x.after == y.after
		}
		return x.direction() == y.direction() && (!senders[x.account] || !y.worse(x))
	}) {
		k := cmp.Or(d.x, d.y)
		differs("%s gets %s of %s, not %s", k.account, d.y.change(), k.name(), d.x.change())
	}
	like := equal[AllowanceChange]
	if !exact {
		like = (*AllowanceChange).drifted
	}
	for _, d := range unlike(a.effects.Allowances, b.effects.Allowances, allowanceKey, like) {
		if !exact && d.x.lapsesTo(d.y, b.block.Time) {
			continue
		}
		k := cmp.Or(d.x, d.y)
		differs("%s may move %s of %s's token %s, not %s", k.Spender, allowed(d.y), k.Owner, k.Asset, allowed(d.x))
	}
	for _, d := range unlike(a.effects.Operators, b.effects.Operators, whole[OperatorChange], equal[OperatorChange]) {
		k := cmp.Or(d.x, d.y)
		differs("whether %s may move all that %s has in %s changes otherwise", k.Operator, k.Owner, k.Asset)
	}
	for _, d := range unlike(a.effects.Controls, b.effects.Controls, whole[ControlChange], equal[ControlChange]) {
		k := cmp.Or(d.x, d.y)
		differs("the %s of %s changes otherwise", k.Kind, k.Contract)
	}
	for _, d := range unlike(a.effects.Roles, b.effects.Roles, whole[RoleChange], equal[RoleChange]) {
		k := cmp.Or(d.x, d.y)
		differs("a role of %s in %s changes otherwise", k.Account, k.Contract)
	}
	for _, d := range unlike(a.effects.Created, b.effects.Created, whole[common.Address], equal[common.Address]) {
		differs("contract %s is created in one case only", cmp.Or(d.x, d.y))
	}
	for _, d := range unlike(a.effects.Destroyed, b.effects.Destroyed, whole[common.Address], equal[common.Address]) {
		differs("contract %s is destroyed in one case only", cmp.Or(d.x, d.y))
	}
	for _, d := range unlike(a.effects.Unknown, b.effects.Unknown, whole[string], equal[string]) {
		differs("it is known in one case only: %s", *cmp.Or(d.x, d.y))
	}
	return all[:min(len(all), mostFindings)]
}

// mostFindings is how many differences of one pass are told.
const mostFindings = 16

func allowanceKey(c *AllowanceChange) [4]common.Address {
	return [4]common.Address{c.Owner, c.Spender, c.Asset, c.Via}
}

// drifted reports whether a later change is the same, but for an amount that may drift.
func (c *AllowanceChange) drifted(to *AllowanceChange) bool {
	up := c.After.Gt(&c.Before)
	return up == to.After.Gt(&to.Before) && (!up || !exceeds(&to.After, &c.After))
}

// lapsesTo reports whether a change is another one, or none, at a time only because an allowance has ended by then, as the change tells.
func (c *AllowanceChange) lapsesTo(other *AllowanceChange, time uint64) bool {
	if c == nil {
		return false
	}
	rest := *c
	if end := c.ExpiresBefore; end != 0 && end < time {
		rest.Before, rest.ExpiresBefore = uint256.Int{}, 0
	}
	if end := c.ExpiresAfter; end != 0 && end < time {
		rest.After, rest.ExpiresAfter = uint256.Int{}, 0
	}
	if rest.Before == rest.After && rest.ExpiresBefore == rest.ExpiresAfter {
		return other == nil
	}
	return other != nil && rest.drifted(other)
}

func allowed(c *AllowanceChange) string {
	if c == nil {
		return "the same as before"
	}
	return c.After.Dec()
}

// move is what an account gains or loses of an asset, fees aside.
type move struct {
	moveKey
	before, after uint256.Int
}

type moveKey struct {
	account, asset common.Address
	kind           AssetKind
	single         bool // it has an id
	id             uint256.Int
}

// moves are the balances that change. What senders pay for gas and what the miner earns by it is another amount in each pass.
func (p pass) moves() []move {
	all := make([]move, 0, len(p.effects.Balances))
	for i := range p.effects.Balances {
		c := &p.effects.Balances[i]
		m := move{moveKey{account: c.Account, asset: c.Asset, kind: c.Kind, single: c.ID != nil}, c.Before, c.After}
		if c.ID != nil {
			m.id = *c.ID
		}
		if c.Kind == Native {
			for j := range p.txs {
				if p.txs[j].From == c.Account {
					m.after.Add(&m.after, &p.results[j].Fee)
				}
			}
			if c.Account == p.block.Coinbase {
				m.after.Sub(&m.after, &p.tips)
			}
			if m.after == m.before {
				continue
			}
		}
		all = append(all, m)
	}
	return all
}

func (m *move) direction() int { return m.after.Cmp(&m.before) }

func (m *move) size() *uint256.Int {
	if m.direction() < 0 {
		return new(uint256.Int).Sub(&m.before, &m.after)
	}
	return new(uint256.Int).Sub(&m.after, &m.before)
}

// worse reports whether m brings less, or takes more, than another move in the same direction.
func (m *move) worse(than *move) bool {
	if m.direction() < 0 {
		return exceeds(m.size(), than.size())
	}
	return exceeds(than.size(), m.size())
}

// change is what is gained, in words.
func (m *move) change() string {
	switch {
	case m == nil:
		return "0"
	case m.direction() < 0:
		return "-" + m.size().Dec()
	}
	return m.size().Dec()
}

func (k *moveKey) name() string {
	switch {
	case k.kind == Native:
		return "the chain's coin"
	case k.single:
		return fmt.Sprintf("number %s of token %s", k.id.Dec(), k.asset)
	}
	return "token " + k.asset.Hex()
}

// exceeds reports whether a is more than b by more than may drift.
func exceeds(a, b *uint256.Int) bool {
	room := new(uint256.Int).Div(b, uint256.NewInt(driftShare))
	most, over := room.AddOverflow(b, room)
	return !over && a.Gt(most)
}

// exactly compares frames with all that they are given.
func exactly(x, y *Frame) bool {
	return x.Type == y.Type && x.From == y.From && x.To == y.To && x.Value == y.Value && x.Failed == y.Failed &&
		len(x.Calls) == len(y.Calls) && slices.Equal(x.Input, y.Input)
}

// otherCall says where two call trees part.
func otherCall(x, y *Frame, alike func(x, y *Frame) bool) string {
	if !alike(x, y) {
		return fmt.Sprintf("what is called is not the same from %s %s and %s %s on", x.Type, x.To, y.Type, y.To)
	}
	for i := range x.Calls {
		if where := otherCall(&x.Calls[i], &y.Calls[i], alike); where != "" {
			return where
		}
	}
	return ""
}

func selectorOf(input []byte) (s [4]byte) {
	copy(s[:], input)
	return s
}

func sameLog(x, y Log) bool {
	return x.Address == y.Address && slices.Equal(x.Topics, y.Topics) && slices.Equal(x.Data, y.Data)
}

func kindOfLog(l Log) (kind common.Hash) {
	if len(l.Topics) > 0 {
		kind = l.Topics[0]
	}
	return kind
}

// pair is an element of two lists that differs between them. One is nil where a list has none.
type pair[T any] struct{ x, y *T }

func whole[T any](x *T) T              { return *x }
func equal[T comparable](x, y *T) bool { return *x == *y }

// unlike lists what differs between two lists, whatever their order.
func unlike[T any, K comparable](a, b []T, key func(*T) K, same func(x, y *T) bool) (all []pair[T]) {
	if slices.EqualFunc(a, b, func(x, y T) bool { return key(&x) == key(&y) && same(&x, &y) }) {
		return nil
	}
	others := make(map[K]*T, len(b))
	for i := range b {
		others[key(&b[i])] = &b[i]
	}
	for i := range a {
		y := others[key(&a[i])]
		delete(others, key(&a[i]))
		if y == nil || !same(&a[i], y) {
			all = append(all, pair[T]{&a[i], y})
		}
	}
	for i := range b {
		if y := others[key(&b[i])]; y != nil {
			all = append(all, pair[T]{nil, y})
		}
	}
	return all
}
