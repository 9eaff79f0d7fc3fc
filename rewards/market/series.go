package market

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	mostPrices = 1 << 20

	// Prices lie between these, so that no return and no square of one leaves the range of floats.
	leastPrice = 1e-30
	mostPrice  = 1e30
)

// Series is prices at even steps of time, oldest first, at least two.
type Series struct {
	name   string
	daily  bool // dates, not seconds
	start  int64
	step   int64
	prices []float64
}

// Parse reads a CSV of two columns, date and price. A date is 2026-01-31, which is that day's midnight in UTC, or unix seconds; a
// file has one kind. The first line may be a header. Each date is one step after the one before, where the step is the smallest
// between two dates of the file. Name is what refusals call the file.
func Parse(name string, text []byte) (Series, error) {
	s := Series{name: name}
	var times []int64
	var lines []int
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff"))))
	r.FieldsPerRecord, r.ReuseRecord = 2, true
	for first := true; ; first = false {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Series{}, refusal.New(refusal.BadSeries, "%s is no table of two columns", name).Because(err)
		}
		line, _ := r.FieldPos(0)
		if first && isHeader(record) {
			continue
		}
		t, daily, err := parseTime(record[0])
		switch {
		case err != nil:
			return Series{}, refusal.New(refusal.BadSeries, "%s line %d: %.40q is neither a date nor unix seconds", name, line, record[0])
		case len(times) > 0 && daily != s.daily:
			return Series{}, refusal.New(refusal.BadSeries, "%s line %d: dates and unix seconds are mixed", name, line)
		case len(times) > 0 && t == times[len(times)-1]:
			return Series{}, refusal.New(refusal.SeriesOrder, "%s line %d: %s stands twice", name, line, record[0])
		case len(times) > 0 && t < times[len(times)-1]:
			return Series{}, refusal.New(refusal.SeriesOrder, "%s line %d: %s comes after a later date", name, line, record[0])
		case len(times) == mostPrices:
			return Series{}, refusal.New(refusal.BadSeries, "%s has more than %d prices", name, mostPrices)
		}
		price, err := parsePrice(record[1])
		if err != nil {
			return Series{}, refusal.New(refusal.BadPrice, "%s line %d: %.40q %v", name, line, record[1], err)
		}
		s.daily = daily
		times, lines, s.prices = append(times, t), append(lines, line), append(s.prices, price)
	}
	if len(times) < 2 {
		return Series{}, refusal.New(refusal.TooFewPrices, "%s has %d prices, and one return takes two", name, len(times))
	}
	s.start, s.step = times[0], smallestStep(times)
	for i := range times {
		if i > 0 && times[i]-times[i-1] != s.step {
			return Series{}, refusal.New(refusal.SeriesGap, "%s line %d: %s is %s after the line before, and others are %s apart",
				name, lines[i], stamp(times[i], s.daily), apart(times[i]-times[i-1]), apart(s.step))
		}
	}
	return s, nil
}

// isHeader tells a line of names from one of values: neither of its fields is a value, and both have a letter.
func isHeader(record []string) bool {
	_, _, badTime := parseTime(record[0])
	_, badPrice := strconv.ParseFloat(record[1], 64)
	letter := func(s string) bool {
		return strings.ContainsFunc(s, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
	}
	return badTime != nil && badPrice != nil && letter(record[0]) && letter(record[1])
}

// ParseTime reads a date or unix seconds, as a series has them.
func ParseTime(word string) (time.Time, error) {
	t, _, err := parseTime(word)
	if err != nil {
		return time.Time{}, refusal.New(refusal.Usage, "%.40q is neither a date nor unix seconds", word).WithHint("write dates as 2026-01-31")
	}
	return time.Unix(t, 0).UTC(), nil
}

var errTime = errors.New("no time")

// parseTime takes no seconds of fewer than nine digits: 20260131 is a date in another spelling, not a day of 1970.
func parseTime(word string) (seconds int64, daily bool, err error) {
	if t, err := time.Parse(time.DateOnly, word); err == nil {
		return t.Unix(), true, nil
	}
	if len(word) < 9 || len(word) > 11 || strings.Trim(word, "0123456789") != "" || word[0] == '0' {
		return 0, false, errTime
	}
	seconds, err = strconv.ParseInt(word, 10, 64)
	return seconds, false, err
}

var decimal = regexp.MustCompile(`^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)

func parsePrice(word string) (float64, error) {
	if !decimal.MatchString(word) {
		return 0, errors.New("is no finite decimal number")
	}
	p, err := strconv.ParseFloat(word, 64)
	switch {
	case p <= 0 && err == nil:
		return 0, errors.New("is not above zero")
	case err != nil || p < leastPrice || p > mostPrice:
		return 0, errors.New("is not between 1e-30 and 1e30")
	}
	return p, nil
}

func smallestStep(times []int64) int64 {
	step := int64(math.MaxInt64)
	for i := 1; i < len(times); i++ {
		step = min(step, times[i]-times[i-1])
	}
	return step
}

func (s Series) at(i int) time.Time { return time.Unix(s.start+int64(i)*s.step, 0).UTC() }

func (s Series) stamp(i int) string { return stamp(s.start+int64(i)*s.step, s.daily) }

// stamp writes a time as the file has it.
func stamp(seconds int64, daily bool) string {
	if daily {
		return time.Unix(seconds, 0).UTC().Format(time.DateOnly)
	}
	return strconv.FormatInt(seconds, 10)
}

const day = 24 * 60 * 60

func apart(seconds int64) string {
	count, unit := seconds, "second"
	if seconds%day == 0 {
		count, unit = seconds/day, "day"
	}
	if count != 1 {
		unit += "s"
	}
	return strconv.FormatInt(count, 10) + " " + unit
}

// find is the index of the price at exactly that time.
func (s Series) find(t time.Time) (int, error) {
	past := t.Unix() - s.start
	i := past / s.step
	switch {
	case past < 0 || past > int64(len(s.prices)-1)*s.step:
		return 0, refusal.New(refusal.TooFewPrices, "%s has no price on %s: it has those from %s to %s",
			s.name, stamp(t.Unix(), s.daily), s.stamp(0), s.stamp(len(s.prices)-1))
	case past%s.step != 0:
		return 0, refusal.New(refusal.SeriesGap, "%s has no price on %s: those around it are on %s and %s",
			s.name, stamp(t.Unix(), s.daily), s.stamp(int(i)), s.stamp(int(i)+1)).WithHint("name a time that the file has")
	}
	return int(i), nil
}

// ahead is by how much the index of a price of the market is greater than that of the token at the same time. The market must
// have all prices from first to last of the token.
func (s Series) ahead(market Series, first, last int) (int, error) {
	if market.step != s.step {
		return 0, refusal.New(refusal.SeriesGap, "prices of %s are %s apart, and those of %s %s", market.name, apart(market.step), s.name, apart(s.step)).
			WithHint("take both series at the same times")
	}
	i, err := market.find(s.at(first))
	if err != nil {
		return 0, err
	}
	_, err = market.find(s.at(last))
	return i - first, err
}
