package usage_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func TestEachSecondIsInTheSpanOfItsEpochAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := usage.Calendar{
			Start:  emission.Time(rapid.Uint64Range(0, 1<<40).Draw(t, "start")),
			Length: emission.Seconds(rapid.Uint64Range(1, 1<<40).Draw(t, "length")),
		}
		at := c.Start + emission.Time(rapid.Uint64Range(0, 1<<41).Draw(t, "after"))
		n, err := c.Epoch(at)
		if err != nil {
			t.Fatal(err)
		}
		span, err := c.Span(n)
		if err != nil {
			t.Fatal(err)
		}
		if at < span.From || at >= span.To || span.To-span.From != emission.Time(c.Length) {
			t.Fatalf("second %d is in epoch %d, %v", at, n, span)
		}
		next, err := c.Span(n + 1)
		if err != nil || next.From != span.To {
			t.Fatalf("%v is followed by %v, %v", span, next, err)
		}
	})
}

func TestTheEndsOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		what     string
		calendar usage.Calendar
		at       emission.Time
		reason   refusal.Reason
	}{
		{"the second before", usage.Calendar{Start: 100, Length: 10}, 99, refusal.WrongEpoch},
		{"no length", usage.Calendar{Start: 100}, 100, refusal.WrongEpoch},
	} {
		if _, err := c.calendar.Epoch(c.at); !refusal.Is(err, c.reason) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	for _, c := range []struct {
		calendar usage.Calendar
		n        usage.Epoch
	}{
		{usage.Calendar{Length: 2}, 1 << 63},
		{usage.Calendar{Start: 1, Length: 1}, math.MaxUint64},
		{usage.Calendar{Start: math.MaxUint64, Length: 1}, 0},
		{usage.Calendar{Start: math.MaxUint64 - 1, Length: 1}, 1},
	} {
		if _, err := c.calendar.Span(c.n); !refusal.Is(err, refusal.NoEpoch) {
			t.Errorf("epoch %d of %+v: %v", c.n, c.calendar, err)
		}
	}
	last := usage.Calendar{Start: math.MaxUint64 - 1, Length: 1}
	if span, err := last.Span(0); err != nil || span.To != math.MaxUint64 {
		t.Errorf("%v, %v", span, err)
	}
}
