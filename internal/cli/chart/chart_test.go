package chart

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"
)

var years = []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}

func areas() Figure {
	return Figure{
		Title: "Who earns", Unit: "million KEY", About: "three groups", Kind: Areas, X: years, XUnit: "years",
		Series: []Series{
			{"stakers", []float64{0, 1, 2, 3, 4, 5, 6, 7, 8}},
			{"authors", []float64{0, 4, 6, 7, 7.5, 7.8, 8, 8, 8}},
			{"others", []float64{0, 0, 0, 0, 0, 2, 4, 6, 8}},
		},
	}
}

func lines() Figure {
	return Figure{
		Title: "Supply", Unit: "million KEY", About: "two lines", Kind: Lines, X: years, XUnit: "years",
		Series: []Series{
			{"minted", []float64{0, 8, 14, 20, 25, 29, 32, 34, 35}},
			{"burned", []float64{0, 1, 1, 1, 9, 9, 9, 9, 9}},
		},
	}
}

func alone() Figure {
	return Figure{Title: "Gini <coefficient>", Kind: Lines, X: years, XUnit: "years", Series: []Series{{"Gini", []float64{0.9, 0.7, 0.6, 0.5, 0.5, 0.1, 0.5, 0.5, 0.5}}}}
}

func TestATerminalWithoutColorsShowsShadesAndLetters(t *testing.T) {
	var out []string
	for _, f := range []Figure{areas(), lines(), alone()} {
		out = append(append(out, f.Terminal(Paper{Width: 80, Height: 12})...), "")
	}
	golden.RequireEqual(t, []byte(strings.Join(out, "\n")))
}

func TestATerminalWithColorsShowsHalvesAndDots(t *testing.T) {
	var out []string
	for _, f := range []Figure{areas(), lines()} {
		out = append(append(out, f.Terminal(Paper{Width: 60, Height: 8, Color: true})...), "")
	}
	golden.RequireEqual(t, []byte(strings.Join(out, "\n")))
}

func TestFiguresAreWrittenAsSVG(t *testing.T) {
	var out bytes.Buffer
	if err := SVG(&out, "A & B", "what it is", []Figure{areas(), lines(), alone()}); err != nil {
		t.Fatal(err)
	}
	golden.RequireEqual(t, out.Bytes())
}

// What a reader of screens finds: a title and a description, text for every figure and series, and no text that is markup.
func TestAnSVGIsWellFormedAndSaysWhatItShows(t *testing.T) {
	var out bytes.Buffer
	if err := SVG(&out, "A & B", "<what> it is", []Figure{areas(), alone()}); err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	var labels []string
	for d := xml.NewDecoder(&out); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.CharData:
			texts[strings.TrimSpace(string(x))] = true
		case xml.StartElement:
			for _, a := range x.Attr {
				if a.Name.Local == "aria-label" || a.Name.Local == "aria-labelledby" {
					labels = append(labels, a.Value)
				}
			}
		}
	}
	for _, want := range []string{"A & B", "<what> it is", "Who earns, million KEY", "Gini <coefficient>", "stakers", "stakers 8", "years"} {
		if !texts[want] {
			t.Errorf("it does not say %q", want)
		}
	}
	if want := []string{"title about", "Who earns, million KEY: three groups", "Gini <coefficient>: "}; !slices.Equal(labels, want) {
		t.Errorf("labels %q", labels)
	}
}

func TestTicksAreRound(t *testing.T) {
	for _, c := range []struct {
		most  float64
		steps int
		round []float64
		want  []float64
	}{
		{42, 4, decimal, []float64{0, 20, 40}},
		{100, 4, decimal, []float64{0, 25, 50, 75, 100}},
		{16.01, 8, counted, []float64{0, 5, 10, 15}},
		{16, 8, counted, []float64{0, 2, 4, 6, 8, 10, 12, 14, 16}},
		{0.3, 3, decimal, []float64{0, 0.1, 0.2, 0.3}},
		{7, 1, decimal, []float64{0}},
		{0, 4, decimal, []float64{0}},
		{math.NaN(), 4, decimal, []float64{0}},
		{math.Inf(1), 4, decimal, []float64{0}},
	} {
		got := ticks(c.most, c.steps, c.round)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }) {
			t.Errorf("%g in %d: %v", c.most, c.steps, got)
		}
	}
	if got := labels([]float64{0, 2.5, 5}); !slices.Equal(got, []string{"0.0", "2.5", "5.0"}) {
		t.Errorf("labels %q", got)
	}
}

// Whatever the numbers, no line is wider than the paper, and every series is in the legend.
func TestAChartKeepsToItsPaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Figure{Title: "t", Unit: "u", XUnit: "years", Kind: Kind(rapid.IntRange(0, 1).Draw(t, "kind"))}
		n := rapid.IntRange(1, 30).Draw(t, "steps")
		x := 0.0
		for range n {
			f.X = append(f.X, x)
			x += rapid.Float64Range(0.01, 10).Draw(t, "step")
		}
		for i := range rapid.IntRange(1, 12).Draw(t, "series") {
			values := rapid.SliceOfN(rapid.Float64Range(0, 1e9), n, n).Draw(t, "values")
			f.Series = append(f.Series, Series{"series " + string(rune('a'+i)), values})
		}
		p := Paper{Width: rapid.IntRange(40, 140).Draw(t, "width"), Height: rapid.IntRange(4, 30).Draw(t, "height"), Color: rapid.Bool().Draw(t, "color")}
		drawn := f.Terminal(p)
		for _, line := range drawn {
			if lipgloss.Width(line) > p.Width {
				t.Fatalf("%d columns of %d: %q", lipgloss.Width(line), p.Width, line)
			}
		}
		plain := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(strings.Join(drawn, "\n"), "")
		for _, s := range f.Series {
			if !strings.Contains(plain, " "+s.Name+" ") {
				t.Fatalf("no %s in\n%s", s.Name, plain)
			}
		}
		if err := SVG(io.Discard, "t", "a", []Figure{f}); err != nil {
			t.Fatal(err)
		}
	})
}

func TestNothingIsDrawnOfNothing(t *testing.T) {
	none := Figure{Title: "empty", Unit: "KEY"}
	if got := none.Terminal(Paper{Width: 80, Height: 12}); !slices.Equal(got, []string{"empty, KEY", "nothing to draw"}) {
		t.Errorf("got %q", got)
	}
	var out bytes.Buffer
	if err := SVG(&out, "t", "a", []Figure{none}); err != nil || !strings.Contains(out.String(), "nothing to draw") {
		t.Errorf("%v: %s", err, out.String())
	}
	zeros := Figure{Title: "zeros", X: []float64{0}, Series: []Series{{"z", []float64{0}}}}
	if got := zeros.Terminal(Paper{Width: 80, Height: 4}); len(got) != 8 || strings.Contains(strings.Join(got, ""), "NaN") {
		t.Errorf("got %q", got)
	}
	out.Reset()
	if err := SVG(&out, "t", "a", []Figure{zeros}); err != nil || strings.Contains(out.String(), "NaN") {
		t.Errorf("%v: %s", err, out.String())
	}
}

func TestAnUnwritableSVGIsAnError(t *testing.T) {
	if err := SVG(full{}, "t", "a", nil); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("got %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
