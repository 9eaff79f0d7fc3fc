package usage

import (
	"crypto/sha256"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Log is a reporter's end of its chain: entries are added to it, and it cuts them into signed segments. A Log that goes on where an
// earlier one stopped is given that one's last segment (After).
type Log struct {
	Reporter common.Address
	Calendar Calendar
	Sign     Sign
	// Into takes each segment and its lines when it is cut, and has stored them when it returns: what is signed twice in two ways
	// is a fork. The lines are valid until it returns.
	Into func(s *Segment, lines []byte) error

	next  Segment // what is added and not yet cut
	lines []byte
	line  []byte // of the entry that is being added
}

// After lets a Log without entries go on after the last segment of its reporter's chain.
func (l *Log) After(s *Segment) {
	l.next = Segment{Epoch: s.Epoch, First: s.end(), Previous: s.Head, Head: s.Head}
	l.lines = l.lines[:0]
}

// Add adds an entry to the segment of its epoch. It cuts the one before where the epoch is another or MostEntries are reached, so
// entries come in the order of their epochs: one of an earlier epoch is refused (epoch_closed), as is one that does not lie in an
// epoch with its whole length (wrong_epoch). What is refused is not added.
func (l *Log) Add(e *Entry) (ID, error) {
	epoch, err := l.epoch(e)
	if err != nil {
		return ID{}, err
	}
	if epoch < l.next.Epoch {
		return ID{}, refusal.New(refusal.EpochClosed, "the chain of %s is in epoch %d, and the entry of epoch %d", l.Reporter, l.next.Epoch, epoch)
	}
	if l.line, err = AppendEntry(l.line[:0], e); err != nil {
		return ID{}, err
	}
	if epoch != l.next.Epoch || l.next.Count == MostEntries {
		if err := l.Cut(); err != nil {
			return ID{}, err
		}
		l.next.Epoch = epoch
	}
	id := ID(sha256.Sum256(l.line))
	l.lines = append(append(l.lines, l.line...), '\n')
	l.next.Head = l.next.Head.After(id)
	l.next.Count++
	return id, nil
}

func (l *Log) epoch(e *Entry) (Epoch, error) {
	epoch, err := l.Calendar.Epoch(e.At)
	if err != nil {
		return 0, err
	}
	span, err := l.Calendar.Span(epoch)
	if err != nil {
		return 0, err
	}
	if !span.holds(e) {
		return 0, refusal.New(refusal.WrongEpoch, "%s", outside(span, e))
	}
	return epoch, nil
}

// Cut signs what was added since the last cut and hands it on. Where nothing was, it does nothing. After an error what was added is
// still there, and Cut can be called again.
func (l *Log) Cut() error {
	if l.next.Count == 0 {
		return nil
	}
	l.next.Reporter = l.Reporter
	if err := l.next.sign(l.Sign); err != nil {
		return err
	}
	if err := l.Into(&l.next, l.lines); err != nil {
		return err
	}
	l.After(&l.next)
	return nil
}
