package fork

import (
	"bytes"
	"context"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// A token can move without a log, for people whom it does not name: a rebase moves all holders at once. So everybody whom the
// transactions name is asked about every contract that they reach. That would be many reads of the remote for nothing: the answer of
// a view changes only where the view reads something that changed. A scout finds out without a read: it runs the view on what the
// transactions themselves read and wrote, and on made-up values for the rest. Where it meets a change, the view is asked in earnest.
//
// The made-up value is zero, and then a large one, as contracts ask first whether there is anything at all. A contract that hides a
// change behind any other value of a slot that the transactions don't read hides it from the scout; so whoever signs, and whoever a
// log or a call of a token names, is asked in earnest in any case.

// fills are the made-up values of slots. The large one is of a size that rates and shares can be multiplied with.
var fills = [2]common.Hash{{}, common.Hash(uint256.NewInt(1_000_000_007).Bytes32())}

// mostScouted bounds the views that are scouted.
const mostScouted = 1024

// witness is a World that remembers what was read of it.
type witness struct {
	evm.World
	accounts map[common.Address]pinned.Account
	slots    map[pinned.Slot]common.Hash
}

func newWitness(w evm.World) *witness {
	return &witness{w, make(map[common.Address]pinned.Account), make(map[pinned.Slot]common.Hash)}
}

func (w *witness) Account(ctx context.Context, a common.Address) (pinned.Account, error) {
	acc, err := w.World.Account(ctx, a)
	if err == nil {
		w.accounts[a] = acc
	}
	return acc, err
}

func (w *witness) Slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	v, err := w.World.Slot(ctx, a, key)
	if err == nil {
		w.slots[pinned.Slot{Account: a, Key: key}] = v
	}
	return v, err
}

// sketch is the world as a scout sees it, after the transactions or before. It reads no remote.
type sketch struct {
	q       *inquiry
	side    vantage
	fill    common.Hash
	machine *evm.Machine
	asked   common.Address          // what changed of it besides its code and its slots does not count
	child   common.Address          // that asks many views at once
	met     bool                    // something that changed was read
	made    map[common.Address]bool // whose state was made up, by now
}

func (s *sketch) Account(_ context.Context, a common.Address) (pinned.Account, error) {
	if s.q.trace.Accounts[a] {
		s.met = s.met || s.q.recoded[a] || s.q.moved[a] && a != s.asked && a != s.q.asker
		return s.side.Account(a), s.side.Err()
	}
	if acc, ok := s.q.seen.accounts[a]; ok {
		return acc, nil
	}
	if a != s.child {
		s.made[a] = true
	}
	return pinned.Account{CodeHash: types.EmptyCodeHash}, nil
}

func (s *sketch) Slot(_ context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	k := pinned.Slot{Account: a, Key: key}
	if s.q.trace.Slots[k] {
		s.met = s.met || s.q.changed[k]
		return s.side.Slot(k), s.side.Err()
	}
	if v, ok := s.q.seen.slots[k]; ok {
		return v, nil
	}
	s.made[a] = true
	return s.fill, nil
}

func (s *sketch) BlockHash(context.Context, uint64) (common.Hash, error) {
	s.made[common.Address{}] = true
	return common.Hash{}, nil
}

// run runs a view, or creation code that asks many. A machine keeps what it read, so after one that met a change another is taken:
// the next view may read the same.
func (s *sketch) run(to *common.Address, data []byte, value *uint256.Int, gas uint64) (reply, error) {
	if s.machine == nil {
		s.machine = evm.New(s.q.ctx, s, s.q.block, nil)
		clear(s.made)
	}
	s.asked, s.child, s.met = common.Address{}, common.Address{}, false
	if to != nil {
		s.asked = *to
	} else {
		s.child = crypto.CreateAddress(s.q.asker, s.side.Account(s.q.asker).Nonce)
	}
	out, err := s.machine.Ask(s.q.asker, to, value, data, gas)
	if s.met {
		s.close()
	}
	return reply{words: out.Return, failure: out.Failure}, err
}

func (s *sketch) close() {
	if s.machine != nil {
		s.machine.Close()
		s.machine = nil
	}
}

// scouts are the sketches of both sides, for each fill.
type scouts struct{ after, before [len(fills)]sketch }

func (q *inquiry) sendScouts() {
	for i, fill := range fills {
		q.scouts.after[i] = sketch{q: q, side: q.after, fill: fill, made: make(map[common.Address]bool)}
		q.scouts.before[i] = sketch{q: q, side: q.before, fill: fill, made: make(map[common.Address]bool)}
	}
}

func (q *inquiry) recallScouts() {
	for i := range fills {
		q.scouts.after[i].close()
		q.scouts.before[i].close()
	}
}

// hunch is a view of a contract that may answer something else than before, and what to do about it.
type hunch struct {
	view  []byte
	found func()
}

// stirred follows the hunches about contracts, and acts on those where the view reads something that changed. All are first put at
// once, which takes less time where there is nothing to find.
func (q *inquiry) stirred(contracts []common.Address, of func(a common.Address) []hunch) error {
	var all []chain.Call
	hunches := make([][]hunch, len(contracts))
	for i, a := range contracts {
		hunches[i] = of(a)
		all = slices.Grow(all, len(hunches[i]))
		if q.moved[a] || q.recoded[a] {
			continue // not to be told from others at once
		}
		for _, h := range hunches[i] {
			all = append(all, chain.Call{To: &a, Data: h.view})
		}
	}
	quiet, err := q.quiet(all)
	for i, a := range contracts {
		if err != nil {
			return err
		}
		if !quiet || q.moved[a] || q.recoded[a] {
			err = q.follow(a, hunches[i])
		}
	}
	return err
}

// Bounds of the views that are put at once.
const (
	mostAtOnce = 256
	gasAtOnce  = 100_000_000
)

// quiet reports whether none of the views reads anything that changed. False means: look closer.
func (q *inquiry) quiet(views []chain.Call) (bool, error) {
	defer q.recallScouts() // what was made up for these views says nothing of the next
	for part := range slices.Chunk(views, mostAtOnce) {
		for i := range fills {
			s := &q.scouts.after[i]
			out, err := s.run(nil, asker(part), new(uint256.Int), gasAtOnce)
			if err != nil || s.met || out.failure != nil {
				return false, err
			}
			if part = s.unsettled(part); len(part) == 0 {
				break
			}
		}
	}
	return true, nil
}

// unsettled are the views that may answer otherwise where other values are made up: those of contracts whose own state was, or all
// where it was that of others.
func (s *sketch) unsettled(views []chain.Call) (rest []chain.Call) {
	own := 0
	for at, c := range views {
		if !s.made[*c.To] {
			continue
		}
		if rest = append(rest, c); at == 0 || *views[at-1].To != *c.To {
			own++
		}
	}
	if own < len(s.made) {
		return views
	}
	return rest
}

// askerLength is how much code a view of two words takes, or a little less.
const askerLength = 160

// asker is creation code that puts views to contracts, one after the other, and leaves nothing.
func asker(views []chain.Call) []byte {
	var padding [wordLength]byte
	code := make([]byte, 0, len(views)*askerLength)
	for i := range views {
		data := views[i].Data
		for at := 0; at < len(data); at += wordLength {
			part := data[at:min(at+wordLength, len(data))]
			code = append(code, 0x7f) // PUSH32
			code = append(code, part...)
			code = append(code, padding[len(part):]...)
			code = append(code, 0x61, byte(at>>8), byte(at), 0x52) // PUSH2 MSTORE
		}
		code = append(code, 0x60, 0, 0x60, 0, 0x61, byte(len(data)>>8), byte(len(data)), 0x60, 0, 0x73) // PUSH1 PUSH1 PUSH2 PUSH1 PUSH20
		code = append(code, views[i].To[:]...)
		code = append(code, 0x62, byte(questionGas>>16), byte(questionGas>>8&0xff), byte(questionGas&0xff), 0xfa, 0x50) // PUSH3 STATICCALL POP
	}
	return append(code, 0) // STOP
}

// mostRefusals is how often a contract that never answered a question is asked it.
const mostRefusals = 3

// follow follows the hunches about one contract.
func (q *inquiry) follow(to common.Address, hunches []hunch) error {
	refused, answered := make(map[[4]byte]int), make(map[[4]byte]bool)
	for _, h := range hunches {
		selector := [4]byte(h.view[:4])
		if refused[selector] >= mostRefusals && !answered[selector] {
			continue
		}
		if q.scouting >= mostScouted {
			q.unscouted++
			return nil
		}
		q.scouting++
		stirred, answers, err := q.scout(to, h.view)
		if err != nil {
			return err
		}
		if stirred {
			h.found()
		}
		if answered[selector] = answered[selector] || answers; !answers {
			refused[selector]++
		}
	}
	return nil
}

// scout runs a view, and finds out whether it reads anything that changed, and whether it answers in a word, made-up as it may be.
func (q *inquiry) scout(to common.Address, view []byte) (stirred, answers bool, err error) {
	for i := range fills {
		s := &q.scouts.after[i]
		out, err := s.run(&to, view, nil, questionGas)
		if err != nil {
			return false, false, err
		}
		met := s.met
		answered := out.failure == nil && len(out.words) == wordLength
		if q.moved[to] && !met { // it may look at its own coins
			was, err := q.scouts.before[i].run(&to, view, nil, questionGas)
			if err != nil {
				return false, false, err
			}
			met = !bytes.Equal(was.words, out.words)
			answered = answered || was.failure == nil && len(was.words) == wordLength
		}
		stirred, answers = stirred || met, answers || answered
		if len(s.made) == 0 {
			break
		}
	}
	return stirred && answers, answers, nil
}
