package market

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Window is a range of steps around the event, both ends in it: -10:10 has 21.
type Window struct{ From, To int }

// ParseWindow reads FROM:TO.
func ParseWindow(text string) (Window, error) {
	from, to, ok := strings.Cut(text, ":")
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(to)
	if !ok || errA != nil || errB != nil || a > b || a < -mostPrices || b > mostPrices {
		return Window{}, refusal.New(refusal.Usage, "%.40q is no window", text).WithHint("say the first and the last day, counted from the event: -10:10")
	}
	return Window{a, b}, nil
}

func (w Window) String() string { return fmt.Sprintf("%d:%d", w.From, w.To) }

// Span is a window as it lies in a series.
type Span struct {
	From  int       `json:"from"`
	To    int       `json:"to"`
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`

	first, last int // indices of prices; the return of each needs the price before it too
}

// span finds the window's prices, and the one before them.
func (s Series) span(event int, w Window) (Span, error) {
	first, last := event+w.From, event+w.To
	switch {
	case first < 1:
		return Span{}, refusal.New(refusal.TooFewPrices, "%s begins on %s, and window %s needs %d more before that",
			s.name, s.stamp(0), w, 1-first)
	case last >= len(s.prices):
		return Span{}, refusal.New(refusal.TooFewPrices, "%s ends on %s, and window %s needs %d more after that",
			s.name, s.stamp(len(s.prices)-1), w, last-len(s.prices)+1)
	}
	return Span{w.From, w.To, s.at(first), s.at(last), first, last}, nil
}

// Returns says how a return is made of two prices. The zero value is the logarithm of their ratio, which adds up over time.
type Returns uint8

// The kinds of returns.
const (
	Log Returns = iota
	Simple
)

// ParseReturns reads log or simple.
func ParseReturns(word string) (Returns, error) {
	switch word {
	case "log":
		return Log, nil
	case "simple":
		return Simple, nil
	}
	return Log, refusal.New(refusal.Usage, "%.40q is no kind of returns", word).WithHint("returns are log or simple")
}

func (r Returns) String() string {
	if r == Simple {
		return "simple"
	}
	return "log"
}

// MarshalText is for JSON.
func (r Returns) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

func (r Returns) of(before, after float64) float64 {
	if r == Simple {
		return after/before - 1
	}
	return math.Log(after / before)
}

// returns are those that end at the prices first to last.
func (s Series) returns(first, last int, how Returns) []float64 {
	all := make([]float64, 0, last-first+1)
	for i := first; i <= last; i++ {
		all = append(all, how.of(s.prices[i-1], s.prices[i]))
	}
	return all
}
