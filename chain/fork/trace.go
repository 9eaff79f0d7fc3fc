package fork

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Bounds of a call tree. A contract can make tens of thousands of calls with a megabyte of input each for little gas.
const (
	mostFrames     = 20_000
	mostInputBytes = 8 << 20
)

// trace records what transactions do. The call tree is per transaction; what was touched is kept over all of them.
type trace struct {
	root  *twig
	stack []*twig
	full  bool // a bound was reached: the call tree is not whole

	frames, bytes int

	accounts map[common.Address]bool // something of it was written
	balances map[common.Address]bool // its native balance moved, fees to the miner aside
	killed   map[common.Address]bool
	slots    map[slotKey]bool
}

// twig is a frame while it is recorded.
type twig struct {
	frame Frame
	calls []*twig
}

func newTrace() *trace {
	return &trace{
		accounts: make(map[common.Address]bool), balances: make(map[common.Address]bool),
		killed: make(map[common.Address]bool), slots: make(map[slotKey]bool),
	}
}

func (t *trace) enter(kind string, from, to common.Address, value *big.Int, input []byte) {
	n := &twig{frame: Frame{Type: kind, From: from, To: to}}
	if value != nil {
		n.frame.Value.SetFromBig(value)
	}
	t.frames++
	t.bytes += len(input)
	t.full = t.full || t.frames > mostFrames || t.bytes > mostInputBytes
	if !t.full {
		n.frame.Input = common.CopyBytes(input)
		if len(t.stack) == 0 {
			t.root = n
		} else {
			parent := t.stack[len(t.stack)-1]
			parent.calls = append(parent.calls, n)
		}
	}
	t.stack = append(t.stack, n)
}

func (t *trace) exit(failed bool) {
	last := len(t.stack) - 1
	t.stack[last].frame.Failed = failed
	t.stack = t.stack[:last]
}

func (t *trace) account(a common.Address)   { t.accounts[a] = true }
func (t *trace) balance(a common.Address)   { t.balances[a] = true }
func (t *trace) destroyed(a common.Address) { t.killed[a] = true }

func (t *trace) slot(a common.Address, key common.Hash) { t.slots[slotKey{a, key}] = true }

// take returns the call tree of the transaction that just ended, and makes ready for the next.
func (t *trace) take() Frame {
	root := t.root
	t.root, t.stack = nil, nil
	if root == nil {
		return Frame{}
	}
	return root.built()
}

func (n *twig) built() Frame {
	f := n.frame
	for _, c := range n.calls {
		f.Calls = append(f.Calls, c.built())
	}
	return f
}

// layer is what the transactions left behind, as read from the machine.
func (t *trace) layer(m *machine) *overlay {
	l := newLayer()
	for a := range t.accounts {
		l.accounts[a] = m.account(a)
		if l.accounts[a].empty() {
			l.wiped[a] = true
		}
	}
	for a := range t.killed {
		l.wiped[a] = true
	}
	for k := range t.slots {
		l.slots[k] = m.slot(k)
	}
	return l
}

// walk visits a call tree with, for each frame, the account that it acts as and the one that called that account: code run by
// DELEGATECALL and CALLCODE acts as its caller.
func walk(f *Frame, self, caller common.Address, visit func(f *Frame, self, caller common.Address)) {
	switch f.Type {
	case "DELEGATECALL":
	case "CALLCODE":
		caller = self
	default:
		self, caller = f.To, f.From
	}
	visit(f, self, caller)
	for i := range f.Calls {
		walk(&f.Calls[i], self, caller, visit)
	}
}

// addressAt reads the address in an argument of a call or in a word of a log's data.
func addressAt(b []byte, i int) (common.Address, bool) {
	w, ok := wordAt(b, i)
	return common.BytesToAddress(w[:]), ok && [12]byte(w[:12]) == [12]byte{}
}

func wordAt(b []byte, i int) (common.Hash, bool) {
	if i < 0 || i > len(b)/32 || len(b) < 32*(i+1) {
		return common.Hash{}, false
	}
	return common.Hash(b[32*i : 32*(i+1)]), true
}

func numberAt(b []byte, i int) (uint256.Int, bool) {
	w, ok := wordAt(b, i)
	return *new(uint256.Int).SetBytes(w[:]), ok
}
