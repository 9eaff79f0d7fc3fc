package fork

import (
	"strings"

	"github.com/keymaker-agent/keymaker/chain/signatures"
	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// Bounds of what is given a name. The first of a tree or a list are the ones that people look at.
const (
	mostNamedLogs   = 1_000
	mostNamedFrames = 1_000
	mostNamedBytes  = 64 << 10 // of one log or one input
	errorLimit      = 1_024    // of a named error in words, in bytes
)

// named puts names to effects that are about to be shown.
func (f *Fork) named(e *Effects) *Effects {
	if e != nil {
		for i := range e.Txs {
			e.Txs[i].name(f.book)
		}
	}
	return e
}

// name puts names to logs, errors and calls.
func (r *TxResult) name(book *signatures.Book) {
	for i := range r.Logs[:min(len(r.Logs), mostNamedLogs)] {
		l := &r.Logs[i]
		if len(l.Data) > mostNamedBytes {
			continue
		}
		if n, ok := book.Event(l.Topics, l.Data); ok {
			l.Event = &n
		}
	}
	if !r.Success {
		if n, ok := customError(book, r.Return); ok {
			r.Error, r.Revert = &n, wordsOf(&n)
		}
	}
	left := mostNamedFrames
	r.Calls.name(book, &left)
}

func (f *Frame) name(book *signatures.Book, left *int) {
	if *left--; *left < 0 {
		return
	}
	if creates := f.Type == "CREATE" || f.Type == "CREATE2"; !creates && len(f.Input) >= 4 && len(f.Input) <= mostNamedBytes {
		if n, ok := book.Call(f.Input); ok {
			f.Function = n.Name
		}
	}
	for i := range f.Calls {
		f.Calls[i].name(book, left)
	}
}

// customError names what a reverted call returned, unless it is one of Solidity's own, which have words of their own.
func customError(book *signatures.Book, data []byte) (signatures.Named, bool) {
	if len(data) < 4 || len(data) > mostNamedBytes {
		return signatures.Named{}, false
	}
	if s := [4]byte(data[:4]); s == errorSelector || s == panicSelector {
		return signatures.Named{}, false
	}
	return book.Error(data)
}

// wordsOf is a named error as Solidity would write it.
func wordsOf(n *signatures.Named) string {
	args := make([]string, len(n.Args))
	for i, a := range n.Args {
		args[i] = a.Value
		if a.Name != "" {
			args[i] = a.Name + "=" + a.Value
		}
	}
	return untrusted.Text(n.Name+"("+strings.Join(args, ", ")+")", errorLimit)
}
