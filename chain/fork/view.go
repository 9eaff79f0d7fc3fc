package fork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// viewGas is what a view may use, as nodes allow for eth_call.
const viewGas = 50_000_000

// viewLimit is the most bytes that a view may return: what that gas pays for is less.
const viewLimit = 8 << 20

// CallContract runs a view on the state with its overlay. A view that fails is a *chain.RevertError with the decoded reason.
//
// While nothing was kept, the remote's own eth_call on the pinned block is the same answer in one trip; where the remote can't
// give it, and above an overlay, the view runs here.
func (f *Fork) CallContract(ctx context.Context, call chain.Call) ([]byte, error) {
	h := f.current()
	if f.remote.ByHash() && f.untouched(h) {
		ret, err := f.remoteView(ctx, call)
		if _, failed := errors.AsType[*chain.RevertError](err); err == nil || failed {
			return ret, err
		}
	}
	return f.engine.view(ctx, h, call)
}

// view runs a view in the EVM of this process.
func (f *Fork) view(ctx context.Context, h *head, call chain.Call) ([]byte, error) {
	v := h.state.View()
	v.Expect([]chain.Call{call})
	m := evm.New(ctx, v, h.block, nil)
	defer m.Close()
	out, err := m.Ask(call.From, call.To, &call.Value, call.Data, viewGas)
	if err != nil {
		return nil, unknown("call a contract", err)
	}
	if out.Failure != nil {
		return nil, &chain.RevertError{Reason: reasonOf(out), Data: out.Return}
	}
	return out.Return, nil
}

// remoteView asks the remote for a view on the pinned block, which it knows by its hash.
func (f *Fork) remoteView(ctx context.Context, call chain.Call) ([]byte, error) {
	args := map[string]any{"from": call.From, "to": call.To, "input": hexutil.Bytes(call.Data), "gas": hexutil.Uint64(viewGas)}
	if !call.Value.IsZero() {
		args["value"] = (*hexutil.U256)(&call.Value)
	}
	var raw json.RawMessage
	if err := f.remote.Source().Call(ctx, &raw, "eth_call", args, f.remote.Block()); err != nil {
		return nil, chain.AsRevert(err)
	}
	var ret hexutil.Bytes
	if len(raw) > 2*viewLimit+8 {
		return nil, fmt.Errorf("a view returned more than %d bytes", viewLimit)
	}
	if err := json.Unmarshal(raw, &ret); err != nil || ret == nil {
		return nil, errors.New("the answer to a view is not bytes")
	}
	return ret, nil
}
