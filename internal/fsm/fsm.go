// Package fsm keeps a state machine as data: one table of which event leads from which state to which.
//
// A table can be asked, checked and drawn. Code that moves something asks Next; the documentation is drawn from the same
// table, so the picture can't lie.
//
// Invariant: what the table does not list does not happen.
package fsm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// State and event of a machine, as the key of its table.
type Edge[S, E ~string] struct {
	From S
	On   E
}

// Table is a state machine: the state that follows from a state and an event.
type Table[S, E ~string] map[Edge[S, E]]S

// IllegalError says that an event can't happen in a state.
type IllegalError struct{ State, Event string }

func (e *IllegalError) Error() string {
	return fmt.Sprintf("no event %s in state %s", e.Event, e.State)
}

// Next is the state after the event, or an *IllegalError.
func (t Table[S, E]) Next(from S, on E) (S, error) {
	to, ok := t[Edge[S, E]{from, on}]
	if !ok {
		return from, &IllegalError{State: string(from), Event: string(on)}
	}
	return to, nil
}

// States lists every state of the table, sorted.
func (t Table[S, E]) States() []S {
	var all []S
	for edge, to := range t {
		all = append(all, edge.From, to)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Final lists the states that no event leaves, sorted.
func (t Table[S, E]) Final() []S {
	left := map[S]bool{}
	for edge := range t {
		left[edge.From] = true
	}
	return slices.DeleteFunc(t.States(), func(s S) bool { return left[s] })
}

// Unreachable lists the states that no events lead to from start, sorted.
func (t Table[S, E]) Unreachable(start S) []S {
	seen := t.reach(start)
	return slices.DeleteFunc(t.States(), func(s S) bool { return seen[s] })
}

// Stuck lists the states from which no events lead to a final state, sorted: something in one of them never ends.
func (t Table[S, E]) Stuck() []S {
	final := t.Final()
	return slices.DeleteFunc(t.States(), func(s S) bool {
		seen := t.reach(s)
		return slices.ContainsFunc(final, func(f S) bool { return seen[f] })
	})
}

func (t Table[S, E]) reach(start S) map[S]bool {
	seen := map[S]bool{start: true}
	for todo := []S{start}; len(todo) > 0; todo = todo[1:] {
		for edge, to := range t {
			if edge.From == todo[0] && !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return seen
}

// Mermaid draws the table as a Mermaid state diagram that begins in start. Equal tables give equal text.
func (t Table[S, E]) Mermaid(start S) string {
	var b strings.Builder
	fmt.Fprintf(&b, "stateDiagram-v2\n    [*] --> %s\n", start)
	for _, e := range t.edges() {
		fmt.Fprintf(&b, "    %s --> %s: %s\n", e.From, t[e], e.On)
	}
	for _, s := range t.Final() {
		fmt.Fprintf(&b, "    %s --> [*]\n", s)
	}
	return b.String()
}

// String lists the table, one transition a line, sorted.
func (t Table[S, E]) String() string {
	var b strings.Builder
	for _, e := range t.edges() {
		fmt.Fprintf(&b, "%s --%s--> %s\n", e.From, e.On, t[e])
	}
	return b.String()
}

func (t Table[S, E]) edges() []Edge[S, E] {
	all := make([]Edge[S, E], 0, len(t))
	for e := range t {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b Edge[S, E]) int {
		return cmp.Or(strings.Compare(string(a.From), string(b.From)), strings.Compare(string(a.On), string(b.On)))
	})
	return all
}
