package snapshot

import (
	"bufio"
	"compress/gzip"
	"io"

	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// Write writes a State as Load reads it, plain. Tokens and pools stand in their order, so what is read again is equal. Pools that were
// left out are not in it.
func Write(to io.Writer, s *State) error {
	out := bufio.NewWriterSize(to, 1<<16)
	var w line.Writer
	w.Begin("snapshot")
	w.Number("version", version)
	w.Number("chain_id", int64(s.Chain)) //nolint:gosec // below 2^53
	if s.Block == 0 {
		w.Null("block")
	} else {
		w.Number("block", int64(s.Block)) //nolint:gosec // below 2^53
	}
	w.Text("note", s.Note)
	if _, err := out.Write(w.End()); err != nil {
		return err
	}
	for _, t := range s.tokens {
		w.Begin("token")
		w.Text("address", line.Lower(t.Address))
		w.Text("symbol", t.Symbol)
		w.Number("decimals", int64(t.Decimals))
		if _, err := out.Write(w.End()); err != nil {
			return err
		}
	}
	for number := range s.Pools() {
		if _, err := out.Write(poolLine(&w, s.Pool(number))); err != nil {
			return err
		}
	}
	return out.Flush()
}

// WritePacked is Write in gzip, which notices when a part is lost.
func WritePacked(to io.Writer, s *State) error {
	packed := gzip.NewWriter(to)
	if err := Write(packed, s); err != nil {
		return err
	}
	return packed.Close()
}

func poolLine(w *line.Writer, p pool.Pool) []byte {
	site := p.Site()
	w.Begin("pool")
	w.Text("id", site.ID)
	w.Text("kind", site.Kind)
	w.Text("venue", site.Venue)
	w.Addresses("tokens", site.Tokens)
	kind, ok := pool.KindOf(site.Kind)
	if !ok {
		panic("snapshot: a pool of no kind: " + site.Kind) // it was read by its kind
	}
	kind.Write(p, w)
	return w.End()
}
