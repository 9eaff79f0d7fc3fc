package model

import (
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/intents"
)

// complete adds to the model's steps what follows from the sentence without a choice, and so costs the model no words: which
// side of a trade an amount is of, the one slippage or minimum of the one trade, the direction of a trigger. It adds refs of the
// sentence only.
func (s *sentence) complete(steps []intents.Step) []intents.Step {
	for i := range steps {
		st := &steps[i]
		if oneToken(st.Action) && st.TokenIn == "" {
			st.TokenIn, st.TokenOut = st.TokenOut, ""
		}
		if twoSided(st.Action) && !(st.Action == intents.Schedule && st.Recipient != "") {
			st.Side = s.side(*st)
		}
		if cond := s.spans[st.Trigger]; cond.Kind == intents.CondSpan {
			if way, _, ok := strings.Cut(cond.Value, ":"); ok && (way == "below" || way == "above") {
				st.Condition = way
			}
		}
	}
	s.only(steps, intents.SlippageSpan, traded, func(st *intents.Step, ref intents.Ref) { st.Slippage = ref })
	s.only(steps, intents.MinOutSpan, traded, func(st *intents.Step, ref intents.Ref) { st.MinOut = ref })
	venued := lent
	if !slices.ContainsFunc(steps, lent) {
		venued = traded
	}
	s.only(steps, intents.VenueSpan, venued, func(st *intents.Step, ref intents.Ref) { st.Venue = ref })
	return steps
}

// only gives the sentence's one span of a kind to the one step that takes it. Where there are two of either, nobody said which.
func (s *sentence) only(steps []intents.Step, kind intents.SpanKind, takes func(intents.Step) bool, put func(*intents.Step, intents.Ref)) {
	refs := s.of(kind)
	if len(refs) != 1 {
		return
	}
	first := slices.IndexFunc(steps, takes)
	if first < 0 || slices.ContainsFunc(steps[first+1:], takes) {
		return
	}
	put(&steps[first], refs[0])
}

// traded reports whether the step has a price that can slip.
func traded(st intents.Step) bool { return twoSided(st.Action) || st.Action == intents.Bridge }

// lent reports whether the step is with a protocol that holds what it is given.
func lent(st intents.Step) bool {
	switch st.Action {
	case intents.Stake, intents.Lend, intents.Withdraw, intents.Borrow, intents.Repay:
		return true
	}
	return false
}

// side tells which token of a trade the amount is of: the one that it stands before, as in "swap T1 to A1 T2". A share, a sum in dollars and the output of an earlier step are of what is given. Where the sentence does not tell, the
// side stays open.
func (s *sentence) side(st intents.Step) intents.Side {
	if strings.HasPrefix(string(st.Amount), "out:") {
		return intents.In
	}
	amount, ok := s.spans[st.Amount]
	if !ok || amount.Quantity == nil {
		return ""
	}
	switch amount.Quantity.Form {
	case intents.Dollars, intents.Share, intents.All, intents.AllBut:
		return intents.In
	}
	switch of := s.after(st.Amount); {
	case of == "":
		return ""
	case of == st.TokenOut && of != st.TokenIn:
		return intents.Out
	case of == st.TokenIn && of != st.TokenOut:
		return intents.In
	}
	return ""
}

// after returns the token that stands right after an amount, as in "A1 of T1".
func (s *sentence) after(amount intents.Ref) intents.Ref {
	at := slices.IndexFunc(s.pieces, func(p intents.Piece) bool { return p.Span != nil && p.Span.ID == amount })
	for _, p := range s.pieces[at+1:] {
		if p.Span != nil && p.Span.Kind == intents.TokenSpan {
			return p.Span.ID
		}
		if p.Word != "of" && p.Word != "worth" && p.Word != "in" && p.Word != "my" {
			return ""
		}
	}
	return ""
}

func twoSided(a intents.Action) bool {
	return a == intents.Swap || a == intents.QuoteOnly || a == intents.Schedule
}

func oneToken(a intents.Action) bool { return !twoSided(a) && a != intents.Bridge }
