package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// ground is what a simulation stands on: a block, and the state after it.
type ground struct {
	chainID uint64
	header  *pinned.Header
	state   *pinned.State
	world   func(*pinned.State) evm.World // a state above that block, with the hashes of the blocks up to it
	rules   pinned.Rules
	machine *evm.Rules
	roots   bool // also a block that stands alone gets its state root
}

// settle is a block that a request names, with its state: one above the pin, the pin, or an older one of the remote, which must then
// be an archive; the rules are those that it had. Pending is the newest, without what waits.
func (s *Server) settle(ctx context.Context, which rpc.BlockNumberOrHash) (*place, error) {
	if n, ok := which.Number(); ok && n == rpc.PendingBlockNumber {
		which = latest
	}
	p, err := s.place(ctx, which)
	if err != nil {
		return nil, err
	}
	return s.settled(ctx, p)
}

// settled is a place with its state, also below the pin.
func (s *Server) settled(ctx context.Context, p *place) (*place, error) {
	if !p.below {
		return p, nil
	}
	raw, err := s.kept(ctx, "eth_getBlockByNumber", hexutil.Uint64(p.number), false)
	if err != nil {
		return nil, err
	}
	h, err := pinned.DecodeHeader(raw)
	if err != nil {
		return nil, fmt.Errorf("read block %d: %w", p.number, err)
	}
	past, err := s.stand(ctx, pinned.At{Hash: &h.Hash})
	if err != nil {
		return nil, err
	}
	return past.at(p.number)
}

// ground is a place as a simulation stands on it.
func (p *place) ground() ground {
	b := p.branch
	g := ground{chainID: b.chainID, header: b.pin, state: p.state, rules: b.remote.Rules(), machine: b.rules}
	g.world = func(state *pinned.State) evm.World { return b.over(state) }
	if l := b.local(p.number); l != nil {
		g.header = parentOf(l.header, l.hash)
	}
	return g
}

// The contracts that collect what a block asks of the beacon chain. Their first four slots are read and written at its end.
var (
	withdrawalQueue    = common.HexToAddress("0x00000961Ef480Eb55e80D19ad83579A64c007002") // EIP-7002
	consolidationQueue = common.HexToAddress("0x0000BBdDc7CE488642fb579F8B00f3a590007251") // EIP-7251
)

// foresee reads in one trip what the system reads at the beginning and at the end of each block, and the accounts that are overridden.
func (s *simulation) foresee(ctx context.Context, blocks []simulatedCalls) error {
	reads := make(map[common.Address][]common.Hash)
	for i := range blocks {
		for a := range blocks[i].State {
			reads[a] = nil
		}
	}
	if len(reads) > mostOverridden {
		return &fault{code: codeLimit, text: "too many overridden accounts"}
	}
	for i := range blocks {
		number, time := blocks[i].Block.Number.ToInt().Uint64(), uint64(*blocks[i].Block.Time)
		if s.rules.Era >= pinned.Cancun {
			stamp, root := pinned.BeaconSlots(time)
			reads[beaconRoots] = append(reads[beaconRoots], stamp.Key, root.Key)
		}
		if s.rules.Era >= pinned.Prague {
			reads[history] = append(reads[history], pinned.HistorySlot(number-1).Key)
		}
	}
	if s.rules.Era >= pinned.Prague {
		for n := range uint64(4) {
			reads[withdrawalQueue] = append(reads[withdrawalQueue], wordOf(n))
			reads[consolidationQueue] = append(reads[consolidationQueue], wordOf(n))
		}
	}
	var slots []pinned.Slot
	for a, keys := range reads {
		for _, k := range keys {
			slots = append(slots, pinned.Slot{Account: a, Key: k})
		}
	}
	if err := s.state.Remote().Fetch(ctx, slices.Collect(maps.Keys(reads)), slots); err != nil {
		return err
	}
	return s.rooted(func(t *stateTrie) error { return t.begin(ctx, s.state, reads) })
}

// rooted does something to the trie that state roots come from, if there is one. Where the remote refuses a proof, or where its proofs
// don't show enough, no root is known any more, and the headers say so by a zero one.
func (s *simulation) rooted(do func(*stateTrie) error) error {
	if s.trie == nil {
		return nil
	}
	err := do(s.trie)
	if _, refused := errors.AsType[rpc.Error](err); refused || errors.Is(err, errUnproven) {
		s.trie, err = nil, nil
	}
	return err
}

// simulateAPI serves eth_simulateV1.
type simulateAPI struct{ s *Server }

// SimulateV1 simulates blocks of calls above a block.
func (a *simulateAPI) SimulateV1(ctx context.Context, r simulateRequest, at *rpc.BlockNumberOrHash) ([]*simulatedBlock, error) {
	ctx, done, err := a.s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := r.check(); err != nil {
		return nil, err
	}
	p, err := a.s.settle(ctx, orLatest(at))
	if err != nil {
		return nil, err
	}
	g := p.ground()
	g.roots = a.s.options.StateRoots
	return simulate(ctx, g, r)
}
