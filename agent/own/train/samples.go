package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/intents"
)

// sample is one sentence as the model sees it, and the answer that it has to give.
type sample struct {
	Prompt string   `json:"prompt"`
	Answer []string `json:"answer"`
	Place  string   `json:"place"`
}

// One line in validEvery is kept for measuring, with nothing made of it. Which one hangs on its words alone.
const validEvery = 20

type sampling struct {
	seed       uint64
	variations int // of each line
	joins      int // of each line that orders
}

// samples writes train.jsonl and valid.jsonl into a folder.
func samples(files []string, folder string, how sampling, out io.Writer) error {
	lex := intents.DefaultLexicon()
	var train, valid, orders []corpus.Line
	dropped := 0
	for _, file := range files {
		lines, err := open(file)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if _, err := made(l, lex); err != nil {
				dropped++
				continue
			}
			if held(l) {
				valid = append(valid, l)
				continue
			}
			train = append(train, l)
			if joinable(l) {
				orders = append(orders, l)
			}
		}
	}
	random := rand.New(rand.NewPCG(how.seed, 1))
	all := newSet()
	for _, l := range train {
		all.add(l, lex)
		for range how.variations {
			all.add(varied(l, random), lex)
		}
	}
	for _, l := range orders {
		for range how.joins {
			all.add(varied(joined(l, orders[random.IntN(len(orders))], random), random), lex)
		}
	}
	kept := newSet()
	for _, l := range valid {
		kept.add(l, lex)
	}
	if err := errors.Join(all.write(filepath.Join(folder, "train.jsonl")), kept.write(filepath.Join(folder, "valid.jsonl"))); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d lines (%d more that the reader can't follow), %d samples, %d kept for measuring, %d prompts with more than one answer\n",
		len(train)+len(valid), dropped, len(all.order), len(kept.order), all.torn())
	return err
}

// held reports whether a line is kept for measuring.
func held(l corpus.Line) bool {
	h := fnv.New32a()
	_, _ = io.WriteString(h, l.Say)
	return h.Sum32()%validEvery == 0
}

// joinable reports whether a line can be one of two orders in a sentence.
func joinable(l corpus.Line) bool {
	first, _, _ := strings.Cut(l.Do, " ")
	return !strings.Contains(l.Do, ",") && !slices.Contains([]string{"none", "other", "ask", "alert", "schedule"}, first) && !strings.ContainsAny(l.Say, "\n\"") && len(l.Say) < 160
}

func made(l corpus.Line, lex *intents.Lexicon) (sample, error) {
	ex, err := l.Example(lex)
	if err != nil {
		return sample{}, err
	}
	prompt, err := own.Prompt(ex.Reading)
	if err != nil {
		return sample{}, err
	}
	answer := own.Answer(ex.Draft)
	if _, err := own.Draft(ex.Reading, answer); err != nil {
		return sample{}, err
	}
	return sample{prompt, answer, l.Place}, nil
}

// set holds each prompt once, with the answer that most lines give it.
type set struct {
	order []string
	votes map[string]map[string]int
	first map[string]map[string]sample
}

func newSet() *set {
	return &set{votes: map[string]map[string]int{}, first: map[string]map[string]sample{}}
}

func (s *set) add(l corpus.Line, lex *intents.Lexicon) {
	one, err := made(l, lex)
	if err != nil {
		return // a variation that the reader can't follow teaches nothing
	}
	if s.votes[one.Prompt] == nil {
		s.order = append(s.order, one.Prompt)
		s.votes[one.Prompt], s.first[one.Prompt] = map[string]int{}, map[string]sample{}
	}
	key := strings.Join(one.Answer, " ")
	if s.votes[one.Prompt][key]++; s.votes[one.Prompt][key] == 1 {
		s.first[one.Prompt][key] = one
	}
}

func (s *set) torn() int {
	n := 0
	for _, v := range s.votes {
		if len(v) > 1 {
			n++
		}
	}
	return n
}

// best is the answer with the most votes; of equals the one that comes first in the alphabet.
func (s *set) best(prompt string) sample {
	best := ""
	for key, n := range s.votes[prompt] {
		if best == "" || n > s.votes[prompt][best] || n == s.votes[prompt][best] && key < best {
			best = key
		}
	}
	return s.first[prompt][best]
}

func (s *set) write(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, prompt := range s.order {
		if err := enc.Encode(s.best(prompt)); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return errors.Join(w.Flush(), f.Close())
}
