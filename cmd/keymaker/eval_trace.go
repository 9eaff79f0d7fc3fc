package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/intents/score"
	"github.com/keymaker-agent/keymaker/refusal"
)

// trace names the taught sentences that are nearest to one that was missed: what a planner learnt there it may have said here.
type trace struct {
	ID      string    `json:"id"`
	Nearest []nearest `json:"nearest"`
}

type nearest struct {
	Place   string `json:"place"`   // file:line
	Say     string `json:"say"`     // the sentence with its marks
	Do      string `json:"do"`      // what it is taught to mean
	Percent int    `json:"percent"` // of the trigrams of both prompts that they share
}

// perMiss is how many sentences a trace names.
const perMiss = 3

// taughtLines finds lines by the trigrams of their prompts. The zero one has none and traces nothing.
type taughtLines struct {
	lines  []corpus.Line
	sizes  []int            // how many trigrams a line has
	having map[string][]int // the lines that have a trigram
}

// teaching reads the marked sentences of a folder. An empty name is no folder.
func teaching(dir string) (*taughtLines, error) {
	t := &taughtLines{having: map[string][]int{}}
	if dir == "" {
		return t, nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if err != nil || len(files) == 0 {
		return nil, refusal.New(refusal.Usage, "%s holds no marked sentences", dir).WithHint("name a folder with files that end in .jsonl")
	}
	lexicon := intents.DefaultLexicon()
	for _, file := range files {
		lines, err := linesOf(file)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%s is no file of marked sentences", file).Because(err)
		}
		for _, l := range lines {
			t.add(l, lexicon)
		}
	}
	return t, nil
}

func linesOf(file string) ([]corpus.Line, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return corpus.Read(f, file)
}

// add leaves out a line that teaches nothing.
func (t *taughtLines) add(l corpus.Line, lexicon *intents.Lexicon) {
	ex, err := l.Example(lexicon)
	if err != nil {
		return
	}
	prompt, err := own.Prompt(ex.Reading)
	if err != nil {
		return
	}
	grams := trigrams(prompt)
	for _, g := range grams {
		t.having[g] = append(t.having[g], len(t.lines))
	}
	t.lines, t.sizes = append(t.lines, l), append(t.sizes, len(grams))
}

// traces traces the misses. A sentence that no planner is shown has no trace.
func (t *taughtLines) traces(labels []score.Label, misses []score.Mark) []trace {
	if len(t.lines) == 0 {
		return nil
	}
	texts := map[string]string{}
	for _, l := range labels {
		texts[l.ID] = l.Text
	}
	lexicon := intents.DefaultLexicon()
	var all []trace
	for _, m := range misses {
		if prompt, err := own.Prompt(intents.Read(texts[m.ID], lexicon)); err == nil {
			all = append(all, trace{ID: m.ID, Nearest: t.nearest(prompt)})
		}
	}
	return all
}

func (t *taughtLines) nearest(prompt string) []nearest {
	grams := trigrams(prompt)
	shared := map[int]int{}
	for _, g := range grams {
		for _, i := range t.having[g] {
			shared[i]++
		}
	}
	var best []nearest
	for i, n := range shared {
		l := t.lines[i]
		best = append(best, nearest{Place: l.Place, Say: l.Say, Do: l.Do, Percent: 100 * n / (len(grams) + t.sizes[i] - n)})
	}
	slices.SortFunc(best, func(a, b nearest) int {
		if a.Percent != b.Percent {
			return b.Percent - a.Percent
		}
		return strings.Compare(a.Place, b.Place)
	})
	return best[:min(perMiss, len(best))]
}

// trigrams lists every three signs that stand together in a text, each once.
func trigrams(text string) []string {
	signs := []rune("  " + text + " ")
	var all []string
	for i := range len(signs) - 2 {
		all = append(all, string(signs[i:i+3]))
	}
	slices.Sort(all)
	return slices.Compact(all)
}
