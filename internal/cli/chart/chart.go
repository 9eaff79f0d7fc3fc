// Package chart draws series of numbers for terminals and as SVG.
//
// A Figure is data: what it shows, in which unit, over which steps. Terminal and SVG draw the same figure; neither asks where it came
// from. Colours are those of Okabe and Ito, which people with the common kinds of colour blindness can tell apart, and every series
// also has a letter, a shade or a dash of its own, so that a chart without colours loses nothing.
//
// The numbers here are for the eye: they are floats, and what is decided on is never read from a chart.
package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is how a figure's series are drawn.
type Kind uint8

// The kinds.
const (
	Lines Kind = iota
	Areas      // one on the other
)

// Figure is one chart. All series have a value for every step of X, and X rises.
type Figure struct {
	Title  string
	Unit   string // of the values
	About  string // one sentence for who can't see it
	Kind   Kind
	X      []float64
	XUnit  string
	Series []Series
}

// Series is one line or area.
type Series struct {
	Name   string
	Values []float64
}

// palette is by M. Okabe and K. Ito, Color Universal Design (2008), with a grey for their black, and the yellow late: it is faint on
// white.
var palette = []string{"#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999"}

func color(i int) string { return palette[i%len(palette)] }

// top is the largest value that is drawn; 1 where all are 0.
func (f *Figure) top() (most float64) {
	for i := range f.X {
		sum := 0.0
		for _, s := range f.Series {
			if f.Kind == Areas {
				sum += s.Values[i]
			} else {
				sum = max(sum, s.Values[i])
			}
		}
		most = max(most, sum)
	}
	if most > 0 {
		return most
	}
	return 1
}

// Steps between ticks are these times a power of ten.
var (
	decimal = []float64{1, 2, 2.5, 5, 10}
	counted = []float64{1, 2, 5, 10} // of what people count, such as years
)

// ticks are round numbers from 0 to at most most, in at most so many steps.
func ticks(most float64, steps int, round []float64) []float64 {
	if !(most > 0) || math.IsInf(most, 0) {
		return []float64{0}
	}
	unit := math.Pow(10, math.Floor(math.Log10(most/float64(steps))))
	step := 0.0
	for _, m := range round {
		if step = m * unit; most <= step*float64(steps)*(1+1e-9) {
			break
		}
	}
	var all []float64
	for i := 0; float64(i)*step <= most*(1+1e-9); i++ {
		all = append(all, float64(i)*step)
	}
	return all
}

// labels are the ticks as text, all with the digits that the step needs.
func labels(ticks []float64) []string {
	digits := 0
	if len(ticks) > 1 {
		for scaled := ticks[1]; digits < 6 && math.Abs(scaled-math.Round(scaled)) > 1e-6; digits++ {
			scaled *= 10
		}
	}
	all := make([]string, len(ticks))
	for i, t := range ticks {
		all[i] = strconv.FormatFloat(t, 'f', digits, 64)
	}
	return all
}

// at is the value of a series at a point between the first step (0) and the last one (1).
func (f *Figure) at(s *Series, point float64) float64 {
	last := len(f.X) - 1
	if last < 1 {
		return s.Values[0]
	}
	x := f.X[0] + point*(f.X[last]-f.X[0])
	right, _ := slices.BinarySearch(f.X, x)
	right = min(max(right, 1), last)
	left := right - 1
	part := (x - f.X[left]) / (f.X[right] - f.X[left])
	return s.Values[left] + part*(s.Values[right]-s.Values[left])
}

// empty is a figure that has nothing to draw.
func (f *Figure) empty() bool { return len(f.X) == 0 || len(f.Series) == 0 }

func (f *Figure) heading() string { return strings.TrimSuffix(f.Title+", "+f.Unit, ", ") }

// latest is a series' last value, as legends show it.
func (s *Series) latest() string {
	v := s.Values[len(s.Values)-1]
	switch {
	case v == math.Trunc(v) || math.Abs(v) >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case math.Abs(v) >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	default:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
}
