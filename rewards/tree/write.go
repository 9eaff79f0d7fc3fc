package tree

import (
	"encoding/hex"
	"io"
	"strconv"
	"sync"
)

const blockLines = 512 // that one goroutine writes at a time; a line of a million claims has 1.5 kB

// Write writes each claim with its proof by address, one JSON object a line; under Distributor also its index.
func (t *Tree) Write(w io.Writer) error {
	blocks := make([][]byte, t.workers)
	for from := 0; from < t.claims.n; {
		var all sync.WaitGroup
		for b := range blocks {
			begin, end := min(from, t.claims.n), min(from+blockLines, t.claims.n)
			all.Go(func() { blocks[b] = t.appendLines(blocks[b][:0], begin, end) })
			from = end
		}
		all.Wait()
		for _, block := range blocks {
			if _, err := w.Write(block); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tree) appendLines(out []byte, from, to int) []byte {
	for i := from; i < to; i++ {
		claim := t.claim(i)
		out = append(out, '{')
		if t.layout == Distributor {
			out = append(out, `"index":`...)
			out = strconv.AppendInt(out, int64(i), 10)
			out = append(out, ',')
		}
		out = append(out, `"address":"0x`...)
		out = hex.AppendEncode(out, claim.Account[:])
		out = append(out, `","amount":"`...)
		out = append(out, claim.Amount.Dec()...)
		out = append(out, `","proof":[`...)
		for at := t.place[i]; at > 1; at /= 2 {
			out = append(out, `"0x`...)
			out = hex.AppendEncode(out, t.nodes[at^1][:])
			out = append(out, '"', ',')
		}
		if t.claims.n > 1 {
			out = out[:len(out)-1] // the last comma
		}
		out = append(out, ']', '}', '\n')
	}
	return out
}
