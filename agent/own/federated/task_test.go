package federated_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/agent/own/federated"
	"github.com/keymaker-agent/keymaker/intents"
)

// A small model of the planner's own task: which action a prompt asks for first, told from the bag of its words. What it gets
// wrong is what matters most: a moving action where nothing was ordered.

type lesson struct {
	words  []int
	action int
}

type task struct {
	words   int
	clients [][]lesson
	held    []lesson
}

const clients = 10

// lessons are from the plain files of the corpus: every fifth line is held out, the others go round the clients.
func lessons(t testing.TB) task {
	t.Helper()
	lex := intents.DefaultLexicon()
	var all []lesson
	ids := map[string]int{}
	for _, name := range []string{"trade", "send", "bridge", "none", "question", "protocol"} {
		f, err := os.Open(filepath.Join("..", "corpus", name+".jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		lines, err := corpus.Read(f, name)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for i := range lines {
			ex, err := lines[i].Example(lex)
			if err != nil || len(ex.Draft.Steps) == 0 {
				continue
			}
			prompt, err := own.Prompt(ex.Reading)
			if err != nil {
				continue
			}
			l := lesson{action: slices.Index(own.Actions, string(ex.Draft.Steps[0].Action))}
			for w := range strings.FieldsSeq(prompt) {
				if _, ok := ids[w]; !ok {
					ids[w] = len(ids)
				}
				l.words = append(l.words, ids[w])
			}
			all = append(all, l)
		}
	}
	split := task{words: len(ids), clients: make([][]lesson, clients)}
	for i, l := range all {
		if i%5 == 0 {
			split.held = append(split.held, l)
			continue
		}
		at := i / 5 % clients
		split.clients[at] = append(split.clients[at], l)
	}
	return split
}

func (k task) size() int { return k.words * len(own.Actions) }

// chances are those of each action; the weights of a word stand together.
func chances(w []float32, l lesson) []float64 {
	p := make([]float64, len(own.Actions))
	for _, word := range l.words {
		for a := range p {
			p[a] += float64(w[word*len(p)+a])
		}
	}
	top, sum := slices.Max(p), 0.0
	for a := range p {
		p[a] = math.Exp(p[a] - top)
		sum += p[a]
	}
	for a := range p {
		p[a] /= sum
	}
	return p
}

// taught is the change that one pass over the lessons makes.
func taught(shared []float32, from []lesson) []float32 {
	w := slices.Clone(shared)
	for _, l := range from {
		p := chances(w, l)
		p[l.action]--
		for _, word := range l.words {
			for a := range p {
				w[word*len(p)+a] -= float32(0.1 * p[a])
			}
		}
	}
	for i := range w {
		w[i] -= shared[i]
	}
	return w
}

// figures are the share of actions that are right, and of the held-out lessons that order nothing, the share with a moving action.
func (k task) figures(w []float32) (right, wrongDraft float64) {
	none := slices.Index(own.Actions, string(intents.None))
	nones := 0
	for _, l := range k.held {
		p := chances(w, l)
		said := slices.Index(p, slices.Max(p))
		if said == l.action {
			right++
		}
		if l.action == none {
			nones++
			if intents.Action(own.Actions[said]).Moves() {
				wrongDraft++
			}
		}
	}
	return right / float64(len(k.held)), wrongDraft / float64(nones)
}

const rounds = 20

// learn goes some rounds in which the changes are put together by the given rule, and the first client's are made by poison.
func (k task) learn(t testing.TB, poison func(change []float32), lessons []lesson, average func([][]float32) []float32) []float32 {
	t.Helper()
	shared := make([]float32, k.size())
	for range rounds {
		var changes [][]float32
		for i, from := range k.clients {
			if i == 0 && lessons != nil {
				from = lessons
			}
			change := taught(shared, from)
			if i == 0 && poison != nil {
				poison(change)
			}
			changes = append(changes, change)
		}
		for i, x := range average(changes) {
			shared[i] += x
		}
	}
	return shared
}

// plain averages without any bound, as a collector would that trusts everybody.
func plain(changes [][]float32) []float32 {
	sum := make([]float32, len(changes[0]))
	for _, c := range changes {
		for i, x := range c {
			sum[i] += x / float32(len(changes))
		}
	}
	return sum
}

// robust averages by rules. Client i's seed is its number: a test wants the same noise each time.
func robust(t testing.TB, r federated.Rules) func([][]float32) []float32 {
	return func(changes [][]float32) []float32 {
		t.Helper()
		var updates []federated.Update
		for i, c := range changes {
			u, err := r.Update(c, [32]byte{byte(i)})
			if i == 0 { // the poisoned one keeps to no rule
				u, err = slices.Clone(c), nil
			}
			if err != nil {
				t.Fatal(err)
			}
			updates = append(updates, u)
		}
		sum, err := r.Aggregate(updates)
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
}

// flipped are lessons that teach to send where nothing was ordered, and nothing else.
func flipped(from []lesson) []lesson {
	none, transfer := slices.Index(own.Actions, string(intents.None)), slices.Index(own.Actions, string(intents.Transfer))
	var all []lesson
	for _, l := range from {
		if l.action == none {
			all = append(all, lesson{l.words, transfer})
		}
	}
	return all
}

func scaled(by float32) func([]float32) {
	return func(change []float32) {
		for i := range change {
			change[i] *= by
		}
	}
}

// margin is how much the share of wrong drafts may rise over the honest run where one client in ten is poisoned.
const margin = 0.03

func TestAPoisonedClientMakesNoWrongDraftsWhereItWouldWithPlainAveraging(t *testing.T) {
	k := lessons(t)
	rules := federated.Rules{Size: k.size(), Clip: 3, Trim: 1}
	right, honest := k.figures(k.learn(t, nil, nil, robust(t, rules)))
	plainRight, plainHonest := k.figures(k.learn(t, nil, nil, plain))
	t.Logf("%d words, %d held out; honest: trimmed %.3f right, %.3f wrong drafts; plain %.3f right, %.3f wrong drafts",
		k.words, len(k.held), right, honest, plainRight, plainHonest)
	if right < 0.75 {
		t.Errorf("the honest run gets %.3f right: it has not learned the task", right)
	}
	for name, c := range map[string]struct {
		poison func([]float32)
		breaks bool
	}{
		"teaches to send":                     {nil, false},
		"teaches to send, ten times as loud":  {scaled(10), true},
		"teaches to send, a million times so": {scaled(1e6), true},
		"teaches the contrary, hundred times": {scaled(-100), false},
	} {
		bad := flipped(k.clients[0])
		right, wrong := k.figures(k.learn(t, c.poison, bad, robust(t, rules)))
		plainRight, plainWrong := k.figures(k.learn(t, c.poison, bad, plain))
		t.Logf("%s: trimmed %.3f right, %.3f wrong drafts; plain %.3f, %.3f", name, right, wrong, plainRight, plainWrong)
		if wrong > honest+margin {
			t.Errorf("%s: %.3f wrong drafts, %.3f in the honest run", name, wrong, honest)
		}
		if c.breaks && plainWrong <= plainHonest+margin {
			t.Errorf("%s: plain averaging has %.3f wrong drafts, too: the test shows nothing", name, plainWrong)
		}
	}
}
