package market_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/market"
)

// expected is testdata/expected.json, which testdata/expected.py computes with another library.
type expected struct {
	Event, Estimation, Window string
	Studies                   []struct {
		Model   market.Model
		Returns string
		N, DF   int
		Alpha   market.Estimate
		Beta    *market.Estimate
		R2      *float64
		Sigma   float64
		Days    []struct{ Abnormal, CAR market.Estimate }
	}
}

func TestAStudyHasTheNumbersThatAnotherLibraryComputes(t *testing.T) {
	var want expected
	if err := json.Unmarshal(file(t, "expected.json"), &want); err != nil {
		t.Fatal(err)
	}
	token, index := series(t, "token.csv"), series(t, "market.csv")
	if len(want.Studies) != 4 {
		t.Fatalf("%d studies are expected, want each model with each kind of returns", len(want.Studies))
	}
	for _, w := range want.Studies {
		t.Run(string(w.Model)+" "+w.Returns, func(t *testing.T) {
			d := market.Design{Event: at(t, want.Event), Estimation: window(t, want.Estimation), Window: window(t, want.Window)}
			var err error
			if d.Returns, err = market.ParseReturns(w.Returns); err != nil {
				t.Fatal(err)
			}
			against := &index
			if w.Model == market.MeanModel {
				against = nil
			}
			got, err := market.Measure(token, against, d)
			if err != nil {
				t.Fatal(err)
			}
			if got.Model != w.Model || got.Fit.N != w.N || got.Fit.DF != w.DF || len(got.Days) != len(w.Days) || len(w.Days) != 21 {
				t.Fatalf("%s model with n %d, df %d, %d days; want %s, %d, %d, %d", got.Model, got.Fit.N, got.Fit.DF, len(got.Days), w.Model, w.N, w.DF, len(w.Days))
			}
			sameEstimate(t, "alpha", got.Fit.Alpha, w.Alpha)
			same(t, "sigma", got.Fit.Sigma, w.Sigma)
			if (got.Fit.Beta == nil) != (w.Beta == nil) || (got.Fit.R2 == nil) != (w.R2 == nil) {
				t.Fatal("beta and R² are there in one of both only")
			}
			if w.Beta != nil {
				sameEstimate(t, "beta", *got.Fit.Beta, *w.Beta)
				same(t, "R²", *got.Fit.R2, *w.R2)
			}
			for i, day := range got.Days {
				sameEstimate(t, fmt.Sprintf("AR of day %d", day.Day), day.Abnormal, w.Days[i].Abnormal)
				sameEstimate(t, fmt.Sprintf("CAR to day %d", day.Day), day.CAR, w.Days[i].CAR)
			}
			if got.Days[10].Day != 0 || !got.Days[10].Date.Equal(d.Event) {
				t.Errorf("day 10 of the window is %d on %s, want the event", got.Days[10].Day, got.Days[10].Date)
			}
			sameEstimate(t, "CAR of the study", got.CAR(), w.Days[20].CAR)
		})
	}
}

func sameEstimate(t *testing.T, what string, got, want market.Estimate) {
	t.Helper()
	if got.T == nil || got.P == nil {
		t.Fatalf("%s has no t", what)
	}
	same(t, what, got.Value, want.Value)
	same(t, what+" se", got.SE, want.SE)
	same(t, what+" t", *got.T, *want.T)
	same(t, what+" p", *got.P, *want.P)
}

func same(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestTheScaleOfPricesChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token, index := drawPrices(t, "token"), drawPrices(t, "market")
		scale := rapid.Float64Range(1e-9, 1e9).Draw(t, "scale")
		d := drawDesign(t)
		a, b := measure(t, token, index, d), measure(t, times(token, 0, scale), times(index, 0, 1/scale), d)
		for i := range a.Days {
			near(t, "AR", b.Days[i].Abnormal.Value, a.Days[i].Abnormal.Value)
			near(t, "CAR", b.Days[i].CAR.Value, a.Days[i].CAR.Value)
			near(t, "t", *b.Days[i].CAR.T, *a.Days[i].CAR.T)
		}
		near(t, "alpha", b.Fit.Alpha.Value, a.Fit.Alpha.Value)
		near(t, "beta", b.Fit.Beta.Value, a.Fit.Beta.Value)
	})
}

func TestATokenThatIsTheMarketHasNothingAbnormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prices := drawPrices(t, "market")
		s := measure(t, prices, prices, drawDesign(t))
		near(t, "alpha", s.Fit.Alpha.Value, 0)
		near(t, "beta", s.Fit.Beta.Value, 1)
		near(t, "R²", *s.Fit.R2, 1)
		if s.Fit.Sigma != 0 {
			t.Fatalf("sigma is %v", s.Fit.Sigma)
		}
		for _, day := range s.Days {
			near(t, "AR", day.Abnormal.Value, 0)
			if day.Abnormal.T != nil || day.CAR.P != nil {
				t.Fatal("rounding is held against rounding")
			}
		}
	})
}

// A token that follows the market to the letter is fitted to the letter, whatever its alpha and beta.
func TestATokenOnALineHasNothingAbnormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		index := drawPrices(t, "market")
		alpha, beta := rapid.Float64Range(-0.1, 0.1).Draw(t, "alpha"), rapid.Float64Range(0.1, 4).Draw(t, "beta")
		token := make([]float64, length)
		for i, p := range index {
			token[i] = 3 * math.Exp(alpha*float64(i)) * math.Pow(p, beta)
		}
		s := measure(t, token, index, drawDesign(t))
		near(t, "alpha", s.Fit.Alpha.Value, alpha)
		near(t, "beta", s.Fit.Beta.Value, beta)
		near(t, "CAR", s.CAR().Value, 0)
		if s.Fit.Sigma != 0 || s.CAR().T != nil || s.Fit.Beta.P != nil {
			t.Fatalf("rounding is held against rounding: sigma %v", s.Fit.Sigma)
		}
	})
}

func TestWhatIsAddedOnADayShowsOnThatDayAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		token, index := drawPrices(t, "token"), drawPrices(t, "market")
		d := drawDesign(t)
		when := rapid.IntRange(d.Window.From, d.Window.To).Draw(t, "day")
		added := rapid.Float64Range(-1, 1).Draw(t, "added")
		a, b := measure(t, token, index, d), measure(t, times(token, eventAt+when, math.Exp(added)), index, d)
		for i, day := range a.Days {
			ar, car := 0.0, 0.0
			if day.Day == when {
				ar = added
			}
			if day.Day >= when {
				car = added
			}
			near(t, "AR", b.Days[i].Abnormal.Value-day.Abnormal.Value, ar)
			near(t, "CAR", b.Days[i].CAR.Value-day.CAR.Value, car)
			near(t, "se", b.Days[i].CAR.SE, day.CAR.SE)
		}
	})
}

// The error of a prediction is never below the noise, and least where the market is at its mean.
func TestAPredictionErrsByMoreThanTheNoise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := measure(t, drawPrices(t, "token"), drawPrices(t, "market"), drawDesign(t))
		least := s.Fit.Sigma * math.Sqrt(1+1/float64(s.Fit.N))
		for i, day := range s.Days {
			if day.Abnormal.SE < least*(1-1e-12) || day.CAR.SE < s.Fit.Sigma*math.Sqrt(float64(i+1)) {
				t.Fatalf("se of AR is %v, of CAR %v, sigma %v", day.Abnormal.SE, day.CAR.SE, s.Fit.Sigma)
			}
		}
	})
}

// Under its own assumptions the test errs as often as it says: of many studies without an event, one in twenty has p < 0.05. The
// draws are fixed, and the bounds are four standard deviations of the count.
func TestStudiesOfNothingFindSomethingAsOftenAsTheySay(t *testing.T) {
	const studies, level = 2000, 0.05
	d := market.Design{Event: time.Unix(start+eventAt*86400, 0), Estimation: market.Window{From: -12, To: -5}, Window: market.Window{From: -4, To: 4}}
	noise := &normal{state: 7}
	found := 0
	for range studies {
		token, index := []float64{1}, []float64{1}
		for i := 1; i < length; i++ {
			m := noise.draw()
			index = append(index, index[i-1]*math.Exp(0.02*m))
			token = append(token, token[i-1]*math.Exp(0.02*m+0.02*noise.draw()))
		}
		if *measure(t, token, index, d).CAR().P < level {
			found++
		}
	}
	slack := 4 * math.Sqrt(studies*level*(1-level))
	if off := math.Abs(float64(found) - studies*level); off > slack {
		t.Errorf("%d of %d studies find something at p < %v, want %v ± %.0f", found, studies, level, studies*level, slack)
	}
}

// normal draws from the normal distribution with a generator that never changes (Box and Muller; Lehmer's with modulus 2^31-1).
type normal struct{ state uint64 }

func (n *normal) uniform() float64 {
	n.state = n.state * 48271 % (1<<31 - 1)
	return float64(n.state) / (1<<31 - 1)
}

func (n *normal) draw() float64 {
	return math.Sqrt(-2*math.Log(n.uniform())) * math.Cos(2*math.Pi*n.uniform())
}

func TestAStudyThatCannotBeMadeSaysWhy(t *testing.T) {
	flat := make([]float64, length)
	wave := make([]float64, length)
	for i := range flat {
		flat[i], wave[i] = 7, 7+math.Sin(float64(i))
	}
	const event = start + eventAt*86400
	for _, c := range []struct {
		name               string
		index              []float64
		offset             int64 // of the index, in seconds
		event              int64
		estimation, window string
		reason             refusal.Reason
		says               string
	}{
		{"the windows overlap", wave, 0, event, "-10:-2", "-2:2", refusal.Usage, "must end before"},
		{"the event is before the series", wave, 0, start - 1, "-10:-3", "-2:2", refusal.TooFewPrices, "from 2025-01-01 to 2025-01-30"},
		{"the event is after the series", wave, 0, start + length*86400 - 1, "-10:-3", "-2:2", refusal.TooFewPrices, "no price on 2025-01-30"},
		{"the event is between prices", wave, 0, event + 3600, "-10:-3", "-2:2", refusal.SeriesGap, "on 2025-01-16 and 2025-01-17"},
		{"the estimation begins before the series", wave, 0, event, "-15:-3", "-2:2", refusal.TooFewPrices, "needs 1 more before"},
		{"the event window ends after the series", wave, 0, event, "-14:-3", "-2:15", refusal.TooFewPrices, "needs 1 more after"},
		{"a line through two returns", wave, 0, event, "-4:-3", "-2:2", refusal.TooFewPrices, "takes 3 at least"},
		{"the mean of one return", nil, 0, event, "-3:-3", "-2:2", refusal.TooFewPrices, "takes 2 at least"},
		{"the market stands still", flat, 0, event, "-14:-3", "-2:2", refusal.NoVariance, "same return"},
		{"the market begins later", wave, 5 * 86400, event, "-14:-3", "-2:2", refusal.TooFewPrices, "market has no price on 2025-01-01"},
		{"the market ends earlier", wave, -14 * 86400, event, "-14:-3", "-2:2", refusal.TooFewPrices, "market has no price on 2025-01-18"},
		{"the market closes at another hour", wave, 3600, event, "-13:-3", "-2:2", refusal.SeriesGap, "market has no price"},
	} {
		t.Run(c.name, func(t *testing.T) {
			token := parse(t, "token", write(wave, start, 86400, true))
			var index *market.Series
			if c.index != nil {
				s := parse(t, "market", write(c.index, start+c.offset, 86400, c.offset%86400 == 0))
				index = &s
			}
			d := market.Design{Event: time.Unix(c.event, 0), Estimation: window(t, c.estimation), Window: window(t, c.window)}
			s, err := market.Measure(token, index, d)
			if s != nil || !refusal.Is(err, c.reason) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("refused with %v, want %s: …%s…", err, c.reason, c.says)
			}
		})
	}
	hourly := parse(t, "market", write(wave, start, 3600, false))
	d := market.Design{Event: time.Unix(event, 0), Estimation: window(t, "-14:-3"), Window: window(t, "-2:2")}
	if _, err := market.Measure(parse(t, "token", write(wave, start, 86400, true)), &hourly, d); !refusal.Is(err, refusal.SeriesGap) {
		t.Errorf("a market by the hour is refused with %v", err)
	}
}

func TestATokenThatStandsStillHasNoT(t *testing.T) {
	flat, wave := make([]float64, length), make([]float64, length)
	for i := range flat {
		flat[i], wave[i] = 1, 7+math.Sin(float64(i))
	}
	index := parse(t, "market", write(wave, start, 86400, true))
	d := market.Design{Event: time.Unix(start+eventAt*86400, 0), Estimation: window(t, "-14:-3"), Window: window(t, "-2:2")}
	for _, against := range []*market.Series{nil, &index} {
		s, err := market.Measure(parse(t, "token", write(flat, start, 86400, true)), against, d)
		if err != nil {
			t.Fatal(err)
		}
		if s.CAR() != (market.Estimate{}) || s.Fit.Sigma != 0 || s.Fit.R2 != nil {
			t.Errorf("%s model: CAR is %+v, sigma %v, R² %v", s.Model, s.CAR(), s.Fit.Sigma, s.Fit.R2)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Error(err)
		}
	}
}

// The widest prices still make numbers that JSON can hold.
func TestNoPriceLeavesTheRangeOfNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) []float64 {
			return rapid.SliceOfN(rapid.SampledFrom([]float64{1e-30, 1, 1e30, 1.0000000000000002}), length, length).Draw(t, name)
		}
		index := parse(t, "market", write(draw("market"), start, 86400, true))
		d := drawDesign(t)
		d.Returns = rapid.SampledFrom([]market.Returns{market.Log, market.Simple}).Draw(t, "returns")
		s, err := market.Measure(parse(t, "token", write(draw("token"), start, 86400, true)), &index, d)
		if refusal.Is(err, refusal.NoVariance) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAWindowIsTwoDaysInOrder(t *testing.T) {
	if w := window(t, "-10:10"); w != (market.Window{From: -10, To: 10}) || w.String() != "-10:10" {
		t.Errorf("-10:10 is read as %s", w)
	}
	for _, word := range []string{"", ":", "-10", "10:-10", "a:b", "-10:10:1", "-10: 10", "-99999999:1", "0:99999999", "1.5:2", "-99999999999999999999:0"} {
		if w, err := market.ParseWindow(word); !refusal.Is(err, refusal.Usage) {
			t.Errorf("%q is read as %s, %v", word, w, err)
		}
	}
	if _, err := market.ParseReturns("gross"); !refusal.Is(err, refusal.Usage) {
		t.Errorf("returns are gross: %v", err)
	}
	if _, err := market.ParseTime("yesterday"); !refusal.Is(err, refusal.Usage) {
		t.Errorf("yesterday is a time: %v", err)
	}
}

const (
	start   = 1735689600 // 2025-01-01
	length  = 30
	eventAt = 15
)

// drawPrices is a walk whose steps differ, so that it can be a market.
func drawPrices(t *rapid.T, name string) []float64 {
	steps := rapid.SliceOfN(rapid.IntRange(-2000, 2000), length, length).Draw(t, name)
	prices := []float64{1 + float64(steps[0]+2000)/1000}
	for i := 1; i < length; i++ {
		wiggle := 0.05 * math.Sin(float64(i*len(name)))
		prices = append(prices, prices[i-1]*math.Exp(wiggle+float64(steps[i])/1e4))
	}
	return prices
}

func drawDesign(t *rapid.T) market.Design {
	from := rapid.IntRange(-3, 0).Draw(t, "window from")
	return market.Design{
		Event:      time.Unix(start+eventAt*86400, 0),
		Estimation: market.Window{From: rapid.IntRange(-14, -9).Draw(t, "estimation from"), To: -4},
		Window:     market.Window{From: from, To: rapid.IntRange(from, 14).Draw(t, "window to")},
	}
}

// times multiplies the prices from one on.
func times(prices []float64, from int, factor float64) []float64 {
	all := make([]float64, len(prices))
	for i, p := range prices {
		if i >= from {
			p *= factor
		}
		all[i] = p
	}
	return all
}

func measure(t fataler, token, index []float64, d market.Design) *market.Study {
	t.Helper()
	against := parse(t, "market", write(index, start, 86400, true))
	s, err := market.Measure(parse(t, "token", write(token, start, 86400, true)), &against, d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

// near allows for rounding: returns have errors of 1e-16, and the draws keep every other factor below a million.
func near(t *rapid.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-10*(1+math.Abs(want))) {
		t.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// fataler is a test or a rapid one.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

func write(prices []float64, from, step int64, dates bool) string {
	var b strings.Builder
	for i, p := range prices {
		when := from + int64(i)*step
		if dates {
			fmt.Fprintf(&b, "%s,%v\n", time.Unix(when, 0).UTC().Format(time.DateOnly), p)
			continue
		}
		fmt.Fprintf(&b, "%d,%v\n", when, p)
	}
	return b.String()
}

func parse(t fataler, name, text string) market.Series {
	t.Helper()
	s, err := market.Parse(name, []byte(text))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return s
}

func file(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func series(t *testing.T, name string) market.Series {
	t.Helper()
	return parse(t, name, string(file(t, name)))
}

func at(t *testing.T, word string) time.Time {
	t.Helper()
	when, err := market.ParseTime(word)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func window(t *testing.T, word string) market.Window {
	t.Helper()
	w, err := market.ParseWindow(word)
	if err != nil {
		t.Fatal(err)
	}
	return w
}
