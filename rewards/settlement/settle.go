package settlement

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Options are how a ledger is settled. They do not change the result.
type Options struct {
	Workers  int            // goroutines that count: at least 1, at most 64
	Progress func(Progress) // is called now and then, never twice at once; or nil
	From     *State         // to go on from, where the epochs before are settled; or nil
	// IDs is how many ids are held at once, at 20 bytes each; zero is 16 million. An epoch of more entries is read more than once.
	IDs uint64
}

const (
	mostWorkers = 64
	defaultIDs  = 16_000_000
	reportEvery = 1 << 16 // entries
	never       = ^usage.Epoch(0)
)

// Progress is how far a settlement has come.
type Progress struct {
	Epoch       usage.Epoch // that is being settled
	Last        usage.Epoch // that will be
	Done, Total uint64      // entries of all epochs that are settled
}

// Settled is what an epoch came to.
type Settled struct {
	Epoch    usage.Epoch
	Segments int
	Entries  uint64
	Copies   uint64      // entries that another one repeats, of those that are listed
	Root     common.Hash // of the ledger's segments of the epoch
	Buckets  [rules.Buckets]Bucket
	Parts    [rules.Parts]Part
}

// Result is a ledger settled.
type Result struct {
	Epochs []Settled    // in order
	Last   *Allotment   // of the last epoch
	State  *State       // after it
	Claims *tree.Claims // what each account has earned so far, in wei; none where nobody has
}

// Settle reckons what the accounts have earned until the end of an epoch. It checks every segment of the ledger until then, with its
// signature, and refuses what usage.Check, Segment.Verify and Reader.Walk refuse; no_epoch where nothing is settled yet; and bad_state
// where From is of other rules, of a later epoch, or of a ledger whose settled epochs were others. What the ledger holds of an epoch
// is taken for all of it, unless a closing line says otherwise.
func Settle(ctx context.Context, ledger usage.Ledger, r *rules.Rules, epoch usage.Epoch, o Options) (*Result, error) {
	s, err := newSettling(ledger, r, epoch, o)
	if err != nil {
		return nil, err
	}
	result := &Result{}
	err = s.each(ctx, func(book *Book, segments []usage.Segment, root common.Hash) error {
		if err := s.count(ctx, book, segments, root); err != nil {
			return err
		}
		var err error
		if result.Last, s.state, err = book.Close(); err != nil {
			return err
		}
		a := result.Last
		result.Epochs = append(result.Epochs, Settled{
			Epoch: a.Epoch, Segments: len(segments), Entries: s.entries, Copies: s.copies(), Root: root, Buckets: a.Buckets, Parts: a.Parts,
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	result.State = s.state
	result.Claims, err = s.state.Claims()
	return result, err
}

// Claims are what the accounts have earned so far, for the tree that the contract pays against.
func (s *State) Claims() (*tree.Claims, error) {
	claims := new(tree.Claims)
	for i := range s.earned {
		if err := claims.Add(tree.Claim{Account: s.earned[i].Account, Amount: s.earned[i].Wei}); err != nil {
			return nil, err
		}
	}
	return claims, nil
}

// settling is a settlement under way.
type settling struct {
	Options
	ledger   usage.Ledger
	rules    *rules.Rules
	segments []usage.Segment // that are left, by epoch
	state    *State
	last     usage.Epoch

	entries uint64        // of the epoch
	firsts  atomic.Uint64 // of them, that no other came before
	passed  atomic.Uint64 // that are not listed

	report      sync.Mutex
	done, total uint64
	reported    uint64
}

func newSettling(ledger usage.Ledger, r *rules.Rules, epoch usage.Epoch, o Options) (*settling, error) {
	o.Workers = min(max(o.Workers, 1), mostWorkers)
	if o.IDs == 0 {
		o.IDs = defaultIDs
	}
	s := &settling{Options: o, ledger: ledger, rules: r, last: epoch}
	if epoch < r.First || epoch == never {
		return nil, refusal.New(refusal.NoEpoch, "epoch %d is not settled; the first one is %d", epoch, r.First)
	}
	var err error
	if s.segments, err = usage.Check(ledger); err != nil {
		return nil, err
	}
	if s.state, err = Begin(r); err != nil {
		return nil, err
	}
	s.take(r.First) // nothing that was before is settled
	if o.From != nil {
		if err := s.resume(o.From); err != nil {
			return nil, err
		}
	}
	for i := range s.segments {
		if s.segments[i].Epoch <= epoch {
			s.total += uint64(s.segments[i].Count)
		}
	}
	return s, nil
}

// take removes and returns the segments before an epoch.
func (s *settling) take(before usage.Epoch) []usage.Segment {
	n, _ := slices.BinarySearchFunc(s.segments, before, func(g usage.Segment, e usage.Epoch) int {
		if g.Epoch < e {
			return -1
		}
		return 1
	})
	taken := s.segments[:n]
	s.segments = s.segments[n:]
	return taken
}

// resume goes on from a state, if it is of this ledger and these rules.
func (s *settling) resume(from *State) error {
	switch {
	case from.Rules != s.rules.Hash:
		return refusal.New(refusal.BadState, "the state is of rules with the hash %x, and these have %x", from.Rules, s.rules.Hash)
	case from.Next < s.rules.First || from.Next > s.last:
		return refusal.New(refusal.BadState, "the state is that before epoch %d, and epochs %d to %d are to be settled",
			from.Next, s.rules.First, s.last)
	}
	ledger := s.state.Ledger
	for e := s.rules.First; e < from.Next; e++ {
		ledger = follow(ledger, usage.Root(e, s.take(e+1)))
	}
	if ledger != from.Ledger {
		return refusal.New(refusal.BadState, "the ledger's epochs before %d are not those of the state", from.Next)
	}
	s.state = from
	return nil
}

func follow(ledger [sha256.Size]byte, root common.Hash) [sha256.Size]byte {
	return sha256.Sum256(append(ledger[:], root[:]...))
}

// each calls do with a book for each epoch in turn. do sets the state to the one after it.
func (s *settling) each(ctx context.Context, do func(book *Book, segments []usage.Segment, root common.Hash) error) error {
	for e := s.state.Next; e <= s.last; e++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		segments := s.take(e + 1)
		root := usage.Root(e, segments)
		book, err := New(s.rules, s.state)
		if err != nil {
			return err
		}
		if err := do(book, segments, root); err != nil {
			return err
		}
		s.state.Ledger = follow(s.state.Ledger, root)
		s.tell(e, 0)
	}
	return nil
}

// count counts an epoch's entries, each id once.
func (s *settling) count(ctx context.Context, book *Book, segments []usage.Segment, root common.Hash) error {
	s.entries = 0
	s.firsts.Store(0)
	s.passed.Store(0)
	for i := range segments {
		s.entries += uint64(segments[i].Count)
	}
	seen := usage.NewSeen(root, s.entries, s.IDs)
	books := []*Book{book}
	for range min(s.Workers, len(segments)) - 1 {
		books = append(books, book.Branch())
	}
	for pass := range seen.Passes() {
		seen.Begin(pass)
		if err := s.pass(ctx, books, segments, seen, pass == 0); err != nil {
			return err
		}
	}
	for _, branch := range books[1:] {
		book.Merge(branch)
	}
	return nil
}

// pass reads an epoch's segments once. Signatures are checked the first time.
func (s *settling) pass(ctx context.Context, books []*Book, segments []usage.Segment, seen *usage.Seen, first bool) error {
	span := books[0].span()
	return spread(len(books), segments, func(worker int, reader *usage.Reader, segment *usage.Segment) error {
		if first {
			if err := segment.Verify(); err != nil {
				return err
			}
		}
		book := books[worker]
		var firsts, passed uint64
		err := reader.Walk(ctx, s.ledger, segment, span, func(id usage.ID, e *usage.Entry) error {
			// Another reporter's copy may count where this one does not.
			switch {
			case !book.Listed(segment.Reporter, e):
				passed++
			case seen.First(id):
				firsts++
				book.Count(segment.Reporter, id, e)
			}
			return nil
		})
		s.firsts.Add(firsts)
		if err == nil && first {
			s.passed.Add(passed)
			s.tell(segment.Epoch, uint64(segment.Count))
		}
		return err
	})
}

// copies are the entries of the epoch that another one repeats.
func (s *settling) copies() uint64 { return s.entries - s.firsts.Load() - s.passed.Load() }

// spread does something with each segment, in this many goroutines. Of several errors the one of the first segment is returned, so
// that it does not hang on who was faster.
func spread(workers int, segments []usage.Segment, do func(worker int, reader *usage.Reader, segment *usage.Segment) error) error {
	var taken, stop atomic.Int64
	stop.Store(int64(len(segments)))
	failed := make([]failure, workers)
	var all sync.WaitGroup
	for w := range workers {
		all.Go(func() {
			var reader usage.Reader
			for i := taken.Add(1) - 1; i < stop.Load(); i = taken.Add(1) - 1 {
				if err := do(w, &reader, &segments[i]); err != nil {
					failed[w] = failure{i, err}
					stop.Store(0) // those before it were taken, and are read to their end
					return
				}
			}
		})
	}
	all.Wait()
	return earliest(failed)
}

// failure is an error of the segment at a place.
type failure struct {
	at  int64
	err error
}

func earliest(failed []failure) error {
	var least failure
	for _, f := range failed {
		if f.err != nil && (least.err == nil || f.at < least.at) {
			least = f
		}
	}
	return least.err
}

// tell reports that some more entries are done.
func (s *settling) tell(epoch usage.Epoch, entries uint64) {
	if s.Progress == nil {
		return
	}
	s.report.Lock()
	defer s.report.Unlock()
	s.done += entries
	if s.done-s.reported >= reportEvery || entries == 0 {
		s.reported = s.done
		s.Progress(Progress{Epoch: epoch, Last: s.last, Done: s.done, Total: s.total})
	}
}
