package server

import (
	"context"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// proofless is a remote that proves nothing.
type proofless struct{ pinned.Source }

func (s *proofless) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	return batchWithout(ctx, s.Source, elems, func(method string) bool { return method == "eth_getProof" })
}

// Several blocks have true state roots, and one alone has none unless it is wanted. Where the remote proves nothing the roots are
// zero, and everything else is as it was.
func TestStateRootsAreTrueOrZero(t *testing.T) {
	type simulated struct {
		StateRoot common.Hash
		Calls     []simulatedCall
	}
	m := newMarket(t)
	swap := map[string]any{"calls": []any{m.swap}}
	simulate := func(src pinned.Source, o Options, blocks ...any) (all []simulated) {
		t.Helper()
		_, url := serve(t, src, o)
		if err := dialed(t, url).CallContext(t.Context(), &all, "eth_simulateV1", map[string]any{"blockStateCalls": blocks}, "latest"); err != nil {
			t.Fatal(err)
		}
		return all
	}
	var node []simulated
	if err := dialed(t, m.url).CallContext(t.Context(), &node, "eth_simulateV1", map[string]any{"blockStateCalls": []any{swap, swap}}, "latest"); err != nil {
		t.Fatal(err)
	}
	src := source(t, m.url)
	for name, c := range map[string]struct {
		got    []simulated
		rooted bool
	}{
		"one block":                      {simulate(src, Options{}, swap), false},
		"one block, with a root":         {simulate(src, Options{StateRoots: true}, swap), true},
		"two blocks":                     {simulate(src, Options{}, swap, swap), true},
		"two blocks, without any proof":  {simulate(&proofless{src}, Options{}, swap, swap), false},
		"one block, wanted but unproven": {simulate(&proofless{src}, Options{StateRoots: true}, swap), false},
	} {
		for i, b := range c.got {
			want := node[i].StateRoot
			if !c.rooted {
				want = noRoot
			}
			if b.StateRoot != want {
				t.Errorf("%s: block %d has state root %s, want %s", name, i, b.StateRoot, want)
			}
			if b.Calls[0].GasUsed != node[i].Calls[0].GasUsed || b.Calls[0].ReturnData.String() != node[i].Calls[0].ReturnData.String() {
				t.Errorf("%s: block %d: %+v, want %+v", name, i, b.Calls[0], node[i].Calls[0])
			}
		}
	}
}
