package fork

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// Bounds of a call tree. A contract can make tens of thousands of calls with a megabyte of input each for little gas.
const (
	mostFrames     = 20_000
	mostInputBytes = 8 << 20
)

// trace records what transactions do. The call tree is per transaction; what was written is kept over all of them.
type trace struct {
	*evm.Writes
	root  *twig
	stack []*twig
	full  bool // a bound was reached: the call tree is not whole

	frames, bytes int
}

// twig is a frame while it is recorded.
type twig struct {
	frame Frame
	calls []*twig
}

func newTrace() *trace { return &trace{Writes: evm.NewWrites()} }

func (t *trace) Enter(kind string, from, to common.Address, value *big.Int, input []byte, gas uint64) {
	n := &twig{frame: Frame{Type: kind, From: from, To: to, Gas: gas}}
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

func (t *trace) Exit(_ []byte, used uint64, err error) {
	last := len(t.stack) - 1
	t.stack[last].frame.Failed, t.stack[last].frame.GasUsed = err != nil, used
	t.stack = t.stack[:last]
}

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
