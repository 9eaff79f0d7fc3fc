package market

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestAFileIsReadWhollyOrRefusedByName(t *testing.T) {
	for _, c := range []struct {
		name, text string
		reason     refusal.Reason // empty: it is read
		says       string
	}{
		{"dates", "2026-01-01,1\n2026-01-02,2\n", "", ""},
		{"unix seconds", "1767225600,1\n1767229200,2.5e0\n1767232800,3\n", "", ""},
		{"a header", "Date,Close\n2026-01-01,1\n2026-01-02,2\n", "", ""},
		{"a byte order mark, quotes, carriage returns, an empty line", "\ufeff\"date\",\"price\"\r\n2026-01-01,\"1\"\r\n\r\n2026-01-02,2", "", ""},
		{"two days in a month that has no more", "2026-02-28,1\n2026-03-01,2\n2026-03-02,2\n", "", ""},

		{"nothing", "", refusal.TooFewPrices, "has 0 prices"},
		{"a header alone", "date,price\n", refusal.TooFewPrices, "has 0 prices"},
		{"one price", "2026-01-01,1\n", refusal.TooFewPrices, "has 1 prices"},

		{"two headers", "date,price\ndate,price\n2026-01-01,1\n", refusal.BadSeries, "line 2"},
		{"a header further down", "2026-01-01,1\ndate,price\n", refusal.BadSeries, "line 2"},
		{"three columns", "2026-01-01,1,2\n", refusal.BadSeries, "two columns"},
		{"one column", "2026-01-01\n", refusal.BadSeries, "two columns"},
		{"semicolons", "2026-01-01;1\n2026-01-02;2\n", refusal.BadSeries, "two columns"},
		{"a quote that does not end", "2026-01-01,\"1\n", refusal.BadSeries, "two columns"},
		{"a day that is none", "2026-02-30,1\n", refusal.BadSeries, "line 1"},
		{"a day first", "31/01/2026,1\n", refusal.BadSeries, "line 1"},
		{"a date without dashes", "20260101,1\n20260102,2\n", refusal.BadSeries, "line 1"},
		{"milliseconds", "1767225600000,1\n1767225601000,2\n", refusal.BadSeries, "line 1"},
		{"seconds with zeros before", "000000001,1\n000000002,2\n", refusal.BadSeries, "line 1"},
		{"a negative time", "-176722560,1\n", refusal.BadSeries, "line 1"},
		{"dates and seconds", "2026-01-01,1\n1767312000,2\n", refusal.BadSeries, "mixed"},
		{"a time with spaces", " 2026-01-01,1\n", refusal.BadSeries, "line 1"},

		{"a price of zero", "2026-01-01,0\n", refusal.BadPrice, "not above zero"},
		{"a price below zero", "2026-01-01,-1\n", refusal.BadPrice, "not above zero"},
		{"a price that is no number", "2026-01-01,NaN\n", refusal.BadPrice, "finite"},
		{"a price without end", "2026-01-01,+Inf\n", refusal.BadPrice, "finite"},
		{"infinity in words", "2026-01-01,infinity\n", refusal.BadPrice, "finite"},
		{"a price in hex", "2026-01-01,0x1p4\n", refusal.BadPrice, "finite"},
		{"a price with underscores", "2026-01-01,1_000\n", refusal.BadPrice, "finite"},
		{"a price with a thousands separator", "2026-01-01,\"1,000\"\n", refusal.BadPrice, "finite"},
		{"no price", "2026-01-01,\n", refusal.BadPrice, "finite"},
		{"a price with a unit", "2026-01-01,$5\n", refusal.BadPrice, "finite"},
		{"a price beyond floats", "2026-01-01,1e999\n", refusal.BadPrice, "between"},
		{"a price that rounds to zero", "2026-01-01,1e-999\n", refusal.BadPrice, ""},
		{"a price too great", "2026-01-01,1.1e30\n", refusal.BadPrice, "between"},
		{"a price too small", "2026-01-01,0.9e-30\n", refusal.BadPrice, "between"},

		{"a date twice", "2026-01-01,1\n2026-01-02,2\n2026-01-02,2\n", refusal.SeriesOrder, "line 3: 2026-01-02 stands twice"},
		{"newest first", "2026-01-02,1\n2026-01-01,2\n", refusal.SeriesOrder, "line 2: 2026-01-01 comes after a later date"},

		{"a day left out", "2026-01-01,1\n2026-01-02,2\n2026-01-04,2\n", refusal.SeriesGap, "line 3: 2026-01-04 is 2 days after the line before, and others are 1 day apart"},
		{"the first day left out", "date,price\n2026-01-01,1\n2026-01-03,2\n2026-01-04,2\n", refusal.SeriesGap, "line 3: 2026-01-03"},
		{"a late second", "1767225600,1\n1767229200,2\n1767232801,3\n", refusal.SeriesGap, "3601 seconds"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse("file", []byte(c.text))
			if c.reason == "" && err != nil {
				t.Fatal(err)
			}
			if c.reason != "" && (!refusal.Is(err, c.reason) || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("refused with %v, want %s: …%s…", err, c.reason, c.says)
			}
		})
	}
}

func TestASeriesHasABound(t *testing.T) {
	var b strings.Builder
	for i := range mostPrices + 1 {
		fmt.Fprintf(&b, "%d,1\n", 1_000_000_000+i)
	}
	if _, err := Parse("file", []byte(b.String())); !refusal.Is(err, refusal.BadSeries) || !strings.Contains(err.Error(), "more than") {
		t.Errorf("refused with %v", err)
	}
}

// Whatever the bytes are, they are a series that can be studied, or refused by one of five names.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"date,price\n2026-01-01,1\n2026-01-02,2\n2026-01-03,3\n2026-01-04,2\n2026-01-05,2.5\n",
		"1767225600,1\n1767229200,2.5e0\n", "2026-01-01,NaN\n", "\ufeff\"a\",\"b\"\n", "0000-01-01,1\n9999-12-31,1\n",
		"99999999999,1\n", "2026-01-01,1\n2026-01-03,1\n2026-01-04,1\n", "\"", "2026-01-01,1e30\n2026-01-02,1e-30\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := Parse("file", text)
		if err != nil {
			for _, r := range []refusal.Reason{refusal.BadSeries, refusal.BadPrice, refusal.SeriesOrder, refusal.SeriesGap, refusal.TooFewPrices} {
				if refusal.Is(err, r) {
					return
				}
			}
			t.Fatalf("refused without a name: %v", err)
		}
		for i, p := range s.prices {
			if !(p >= leastPrice && p <= mostPrice) || s.step <= 0 {
				t.Fatalf("price %v, step %d", p, s.step)
			}
			study, err := Measure(s, nil, Design{Event: s.at(i), Estimation: Window{-2, -1}})
			if (err == nil) != (i >= 3) {
				t.Fatalf("the price on %s, number %d, is measured with %v", s.stamp(i), i, err)
			}
			if err == nil && (math.IsNaN(study.CAR().Value) || math.IsInf(study.CAR().SE, 0) || !study.Days[0].Date.Equal(s.at(i))) {
				t.Fatalf("on %s: %+v", s.stamp(i), study.Days[0])
			}
		}
	})
}
