package rules

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// lines are the numbers of the lines on which a TOML file's keys stand, by path: the keys on the way with dots between them, and of
// what is in an array its place, from 0 (rules.0.yields.tiers.1.from).
type lines map[string]int

// find is the line of a path, or of the nearest table around it that has one; 1 where there is none.
func (l lines) find(path string) int {
	for path != "" {
		if line, ok := l[path]; ok {
			return line
		}
		path = path[:max(0, strings.LastIndexByte(path, '.'))]
	}
	return 1
}

// readLines expects a text that was decoded without an error.
func readLines(text []byte) lines {
	l := scan{found: lines{}, arrays: map[string]int{}, text: text, line: 1}
	l.parser.Reset(text)
	table := ""
	for l.parser.NextExpression() {
		switch e := l.parser.Expression(); e.Kind {
		case unstable.Table:
			table = l.keys("", e.Key())
		case unstable.ArrayTable:
			table = l.array(e.Key())
		case unstable.KeyValue:
			l.value(l.keys(table, e.Key()), e.Value())
		}
	}
	return l.found
}

type scan struct {
	parser unstable.Parser
	found  lines
	arrays map[string]int // arrays of tables: how many there were until now

	text []byte
	at   int // how far the lines are counted
	line int
}

// here counts on to the line of an offset. Offsets come in rising order.
func (l *scan) here(offset uint32) int {
	if to := int(offset); to > l.at {
		l.line += bytes.Count(l.text[l.at:to], []byte("\n"))
		l.at = to
	}
	return l.line
}

// keys is the path of a dotted key within a table. A key that is an array of tables stands for its last one.
func (l *scan) keys(path string, key unstable.Iterator) string {
	for key.Next() {
		path = join(path, string(key.Node().Data))
		l.mark(path, key.Node())
		if n := l.arrays[path]; n > 0 {
			path = join(path, strconv.Itoa(n-1))
		}
	}
	return path
}

// array is the path of a new table in the array of tables of that key.
func (l *scan) array(key unstable.Iterator) string {
	path := ""
	for key.Next() {
		path = join(path, string(key.Node().Data))
		l.mark(path, key.Node())
		if key.IsLast() {
			l.arrays[path]++
		}
		if n := l.arrays[path]; n > 0 {
			path = join(path, strconv.Itoa(n-1))
			l.mark(path, key.Node())
		}
	}
	return path
}

func (l *scan) value(path string, v *unstable.Node) {
	switch v.Kind {
	case unstable.InlineTable:
		for it := v.Children(); it.Next(); {
			l.value(l.keys(path, it.Node().Key()), it.Node().Value())
		}
	case unstable.Array:
		i := 0
		for it := v.Children(); it.Next(); i++ {
			at := join(path, strconv.Itoa(i))
			l.mark(at, it.Node())
			l.value(at, it.Node())
		}
	}
}

// mark keeps the first line of a path. What the parser gives no place stands after what came before it.
func (l *scan) mark(path string, n *unstable.Node) {
	if !l.found.has(path) {
		l.found[path] = l.here(n.Raw.Offset)
	}
}

// longestPath is above that of every key that rules have. What is longer has the line of what it is in.
const longestPath = 256

func join(path, key string) string {
	switch {
	case path == "":
		return key
	case len(path) > longestPath:
		return path
	}
	return path + "." + key
}
