package fork

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// A limit on such a chain is found as on Ethereum: by running with it, in the next block and in one half a minute later, behind the
// transactions that come before. Many limits are tried in one trip: they are a ladder, and a search between two of its rungs only where
// those are far apart. The remote's own eth_estimateGas, which knows what the chain takes for data on its layer 1, counts where it is
// the larger one by a little.

// rungs are the limits that are tried, in 64ths of the gas that is used before refunds.
var rungs = []uint64{64, 65, 67, 72, 80, 96, 128, 192}

// limit is the gas limit of a call behind the others.
func (v *voyage) limit(call wireCall, have uint256.Int) (uint64, error) {
	room := v.blockGas()
	for i := range v.block.Calls {
		room -= min(room, uint64(v.block.Calls[i].Gas))
	}
	top := min(room, maxTxGas)
	msg := call.message()
	affordable := affordableGas(&msg, have)
	if affordable < 21_000 {
		msg.Gas = 21_000
		return 0, unfit{funded(&msg, have)}
	}
	poor := affordable < top
	top = min(top, affordable)
	msg.Gas = top

	tries, errs, err := v.try(call, []uint64{top})
	if err = errors.Join(err, errs[0]); err != nil {
		if poor && hasCode(err, codeIntrinsic) {
			return 0, unfit{tooPoor(&msg, have)}
		}
		return 0, denied(err)
	}
	first, then := tries[0], tries[1]
	if first.out.Failure != nil {
		return v.limitOfFailure(call, msg, first.out, poor, have)
	}
	peak := first.out.Peak
	both := errs[1] == nil && then.out.Failure == nil // it may have a deadline before that
	if both {
		peak = max(peak, then.out.Peak)
	}
	want := [2]*evm.Outcome{&first.out, nil}
	if both {
		want[1] = &then.out
	}
	enough, err := v.least(call, peak, top, want, alike)
	if err == nil && enough == top && top > peak { // it looks at the gas that it is given
		enough, err = v.least(call, peak, top, want, succeeds)
	}
	if err != nil || enough == 21_000 && len(call.Input) == 0 { // which is the same always
		return enough, err
	}
	return min(max(enough+enough/40, v.estimated(call, enough)), top), nil
}

// least is the lowest limit, to within a hundredth or so, with which the call ends well now and later. Top is known to do.
func (v *voyage) least(call wireCall, low, top uint64, want [2]*evm.Outcome, well func(want, have evm.Outcome) bool) (uint64, error) {
	enough := top
	for limits := ladder(low, top); len(limits) > 0; limits = between(low, enough) {
		all, refused, err := v.try(call, limits)
		if err != nil {
			return 0, err
		}
		good := func(i int) bool {
			for side, w := range want {
				if k := 2*i + side; w != nil && (refused[k] != nil || !well(*w, all[k].out)) {
					return false
				}
			}
			return true
		}
		for i, n := range limits {
			if good(i) {
				enough = n
				break
			}
			low = n + 1
		}
	}
	return enough, nil
}

// ladder are limits from low to below top: close together where the need is as a rule, and then ever farther apart.
func ladder(low, top uint64) (all []uint64) {
	for _, r := range rungs {
		if n := low * r / 64; n < top {
			all = append(all, n)
		}
	}
	for n := 4 * low; n < top; n *= 2 {
		all = append(all, n)
	}
	return all
}

// between are limits between one that may not do and one that does, or none where those are close.
func between(low, enough uint64) (all []uint64) {
	const steps = 8
	if low >= enough || enough-low <= low/64 {
		return nil
	}
	for i := range uint64(steps) {
		if n := low + (enough-low)*i/steps; len(all) == 0 || n > all[len(all)-1] {
			all = append(all, n)
		}
	}
	return all
}

// codeIntrinsic is how eth_simulateV1 refuses a limit that does not even pay for the transaction's bytes.
const codeIntrinsic = -38013

// try runs a call with each limit, now and later. Each run has an error of its own.
func (v *voyage) try(call wireCall, limits []uint64) ([]wireDone, []error, error) {
	blocks := make([]wireBlock, 0, 2*len(limits))
	for _, n := range limits {
		call.Gas = hexutil.Uint64(n)
		b := v.block
		b.Calls = append(slices.Clip(b.Calls), call)
		blocks = append(blocks, b)
		b.Env.Time += later
		blocks = append(blocks, b)
	}
	mined, errs, err := v.simulate(v.ctx, v.head, blocks...)
	if err != nil {
		return nil, make([]error, len(blocks)), err
	}
	done := make([]wireDone, len(blocks))
	for i := range mined {
		if errs[i] == nil {
			done[i] = mined[i].calls[len(v.block.Calls)]
		} else if !refusedByBlock(denied(errs[i])) {
			return nil, errs, errs[i]
		}
	}
	return done, errs, nil
}

// limitOfFailure is the limit to show a call with that fails whatever its limit.
func (v *voyage) limitOfFailure(call wireCall, msg evm.Message, out evm.Outcome, poor bool, have uint256.Int) (uint64, error) {
	if errors.Is(out.Failure, evm.ErrReverted) {
		n := min(out.Peak+out.Peak/40, msg.Gas)
		again, errs, err := v.try(call, []uint64{n})
		if err != nil {
			return 0, err
		}
		if errs[0] == nil && errors.Is(again[0].out.Failure, evm.ErrReverted) {
			return n, nil
		}
		return msg.Gas, nil
	}
	if poor {
		return 0, unfit{tooPoor(&msg, have)}
	}
	return msg.Gas, nil
}

// estimated is the remote's own estimate of the first transaction above the pinned block, where it is a little more than least.
func (v *voyage) estimated(call wireCall, least uint64) uint64 {
	if len(v.block.Calls)+len(v.head.far.kept) > 0 {
		return 0
	}
	call.Gas = 0
	args := map[string]any{
		"from": call.From, "to": call.To, "value": call.Value, "input": call.Input, "maxFeePerGas": call.FeeCap, "maxPriorityFeePerGas": call.TipCap,
	}
	if call.Access != nil {
		args["accessList"] = call.Access
	}
	elems := []rpc.BatchElem{{Method: "eth_estimateGas", Args: []any{args, v.remote.Block()}, Result: new(json.RawMessage)}}
	if v.remote.Ask(v.ctx, elems) != nil || elems[0].Error != nil {
		return 0
	}
	var n hexutil.Uint64
	if json.Unmarshal(*elems[0].Result.(*json.RawMessage), &n) != nil || uint64(n) > least+least/4 {
		return 0
	}
	return uint64(n)
}
