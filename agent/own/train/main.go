// Command train prepares what the own planner is trained with: it checks the sentences of the corpus, and makes samples of them. It also
// turns marked sentences into labels that planners are measured with.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/agent/own/corpus"
	"github.com/keymaker-agent/keymaker/intents"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) >= 2 && args[0] == "check" {
		return check(args[1:], out)
	}
	if len(args) >= 3 && args[0] == "samples" {
		return samples(args[2:], args[1], sampling{seed: 1, variations: 24, joins: 6}, out)
	}
	if len(args) >= 2 && args[0] == "labels" {
		return labels(args[1:], out, os.Stderr)
	}
	return errors.New("say one of: train check FILE…, train samples FOLDER FILE…, train labels FILE…")
}

// check prints the lines that teach nothing, and why.
func check(files []string, out io.Writer) error {
	lex := intents.DefaultLexicon()
	good, unread, wrong := 0, 0, 0
	for _, file := range files {
		lines, err := open(file)
		if err != nil {
			return err
		}
		for _, l := range lines {
			ex, err := l.Example(lex)
			if err == nil {
				_, err = own.Prompt(ex.Reading)
			}
			switch {
			case err == nil:
				good++
				continue
			case errors.Is(err, corpus.ErrUnread):
				unread++
			default:
				wrong++
			}
			fmt.Fprintf(out, "%v\n    %s\n", err, l.Say)
		}
	}
	_, err := fmt.Fprintf(out, "%d good, %d with spans that the reader does not find, %d wrong\n", good, unread, wrong)
	return err
}

func open(file string) ([]corpus.Line, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return corpus.Read(f, file)
}
