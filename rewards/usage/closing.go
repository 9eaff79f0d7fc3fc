package usage

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Closing says that a ledger holds all of an epoch: so many segments, of this root.
type Closing struct {
	Epoch    Epoch
	Segments uint64
	Root     common.Hash
}

// AppendClosing appends a closing line, without a line break.
func AppendClosing(dst []byte, c *Closing) []byte {
	dst = appendNumber(append(dst, `{"close":1,"epoch":`...), uint64(c.Epoch))
	dst = appendNumber(append(dst, `,"segments":`...), c.Segments)
	dst = appendHex(append(dst, `,"root":"0x`...), c.Root[:])
	return append(dst, `"}`...)
}

// ReadClosing reads a closing line without its line break, and refuses (bad_segment) what is not canonical.
func ReadClosing(line []byte, c *Closing) error {
	*c = Closing{}
	r := rest(line)
	var epoch uint64
	ok := r.word(`{"close":1,"epoch":`) && r.count(&epoch) && r.word(`,"segments":`) && r.count(&c.Segments) &&
		r.word(`,"root":"0x`) && r.hex(c.Root[:]) && r.word(`"}`) && len(r) == 0
	if !ok {
		return refusal.New(refusal.BadSegment, "closing line is not canonical from byte %d on: %s", len(line)-len(r)+1, shown(r))
	}
	c.Epoch = Epoch(epoch)
	return nil
}

// Root names all that a ledger holds of an epoch: SHA-256(epoch as 8 bytes big-endian || digests of its segments, ascending).
// Segments of other epochs are passed over, and one that is there twice counts once.
func Root(epoch Epoch, segments []Segment) common.Hash { return CloseEpoch(epoch, segments).Root }

// CloseEpoch is the closing of what is there of an epoch.
func CloseEpoch(epoch Epoch, segments []Segment) Closing {
	var digests []common.Hash
	for i := range segments {
		if segments[i].Epoch == epoch {
			digests = append(digests, segments[i].Digest())
		}
	}
	slices.SortFunc(digests, common.Hash.Cmp)
	digests = slices.Compact(digests)
	all := sha256.New()
	all.Write(binary.BigEndian.AppendUint64(nil, uint64(epoch)))
	for i := range digests {
		all.Write(digests[i][:])
	}
	return Closing{epoch, uint64(len(digests)), common.Hash(all.Sum(nil))}
}

// fit refuses (ledger_incomplete) closings of something else than what is there. The segments are in canonical order.
func fit(closings []Closing, segments []Segment) error {
	slices.SortFunc(closings, compareClosings)
	var is Closing
	for i, c := range closings {
		if i == 0 || c.Epoch != is.Epoch {
			is = CloseEpoch(c.Epoch, ofEpoch(segments, c.Epoch))
		}
		switch {
		case c.Segments != is.Segments:
			return refusal.New(refusal.LedgerIncomplete, "epoch %d was closed with %d segments, and has %d", c.Epoch, c.Segments, is.Segments)
		case c.Root != is.Root:
			return refusal.New(refusal.LedgerIncomplete, "epoch %d was closed with the root %s, and has %s", c.Epoch, c.Root, is.Root)
		}
	}
	return nil
}

func compareClosings(a, b Closing) int {
	switch {
	case a.Epoch != b.Epoch:
		return cmp.Compare(a.Epoch, b.Epoch)
	case a.Segments != b.Segments:
		return cmp.Compare(a.Segments, b.Segments)
	default:
		return bytes.Compare(a.Root[:], b.Root[:])
	}
}
