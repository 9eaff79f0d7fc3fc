package main

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

// label is a line of the shape that `keymaker eval` reads.
type label struct {
	ID     string      `json:"id"`
	Text   string      `json:"text"`
	Tier   string      `json:"tier"`
	Expect expectation `json:"expect"`
}

type expectation struct {
	intents.Exported
	Clarify     bool `json:"clarify,omitempty"`
	Adversarial bool `json:"adversarial,omitempty"`
}

// labels writes marked files, one a tier, as lines for `keymaker eval`. A line whose marks the reader does not find can't be written; how
// many there are of each tier goes to notes, because they count as not read.
func labels(files []string, out, notes io.Writer) error {
	lex := intents.DefaultLexicon()
	enc := json.NewEncoder(out)
	for _, file := range files {
		tier := strings.TrimSuffix(filepath.Base(file), ".jsonl")
		lines, err := open(file)
		if err != nil {
			return err
		}
		unread := 0
		for n, l := range lines {
			ex, err := l.Example(lex)
			if err != nil {
				unread++
				continue
			}
			e := expectation{Exported: intents.Export(ex.Reading, ex.Draft), Adversarial: tier == "adversarial"}
			if q, err := intents.Accept(ex.Reading, ex.Draft); l.Do == own.Ask || err == nil && q != nil && !slices.Contains(q.Missing, "action") {
				e.Clarify = true
			}
			if err := enc.Encode(label{fmt.Sprintf("%s-%d", tier, n+1), ex.Reading.Text, tier, e}); err != nil {
				return err
			}
		}
		fmt.Fprintf(notes, "%s: %d of %d lines that the reader can't follow are left out\n", tier, unread, len(lines))
	}
	return nil
}
