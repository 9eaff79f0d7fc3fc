package usage

import (
	"math/bits"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// Calendar says which seconds an epoch is: epoch n begins at Start + n*Length and ends just before epoch n+1.
type Calendar struct {
	Start  emission.Time
	Length emission.Seconds // above zero
}

// Span is the seconds from From until just before To.
type Span struct{ From, To emission.Time }

// Ever is all the seconds that an entry can name.
var Ever = Span{0, mostTime}

// Epoch is the one that a second belongs to. It refuses (wrong_epoch) seconds before the first one.
func (c Calendar) Epoch(at emission.Time) (Epoch, error) {
	if c.Length == 0 || at < c.Start {
		return 0, refusal.New(refusal.WrongEpoch, "second %d is before epoch 0, which begins at %d", at, c.Start)
	}
	return Epoch(uint64(at-c.Start) / uint64(c.Length)), nil
}

// Span is the seconds of an epoch. It refuses (no_epoch) one that ends after 2^64-1.
func (c Calendar) Span(n Epoch) (Span, error) {
	high, from := bits.Mul64(uint64(n), uint64(c.Length))
	from, over := bits.Add64(from, uint64(c.Start), high)
	to, past := bits.Add64(from, uint64(c.Length), 0)
	if high != 0 || over != 0 || past != 0 {
		return Span{}, refusal.New(refusal.NoEpoch, "epoch %d ends after the last second that can be reckoned", n)
	}
	return Span{emission.Time(from), emission.Time(to)}, nil
}

// holds reports whether an entry lies in the span with its whole length.
func (s Span) holds(e *Entry) bool {
	return s.From <= e.At && e.At < s.To && (!e.Kind.lasts() || e.To <= s.To)
}
