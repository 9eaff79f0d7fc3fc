package usage

import (
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
)

func TestALedgerOfTooManySegmentsIsRefused(t *testing.T) {
	f := &File{places: make([]place, MostSegments), closings: make([]Closing, MostSegments)}
	s := Segment{Reporter: common.Address{1}, Count: 1}
	if err := f.add(nil, AppendSegment(nil, &s)); !refusal.Is(err, refusal.LedgerTooLarge) {
		t.Error(err)
	}
	if err := f.add(nil, AppendClosing(nil, &Closing{})); !refusal.Is(err, refusal.LedgerTooLarge) {
		t.Error(err)
	}
}
