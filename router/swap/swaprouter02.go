package swap

import (
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

var (
	selFactoryV2 = selectorOf("factoryV2()")
	selWETH9     = selectorOf("WETH9()")

	selMulticall   = selectorOf("multicall(uint256,bytes[])")
	selUnwrapWETH9 = selectorOf("unwrapWETH9(uint256,address)")
	selRefundETH   = selectorOf("refundETH()")

	selInputSingle  = selectorOf("exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))")
	selInput        = selectorOf("exactInput((bytes,address,uint256,uint256))")
	selOutputSingle = selectorOf("exactOutputSingle((address,address,uint24,address,uint256,uint256,uint160))")
	selOutput       = selectorOf("exactOutput((bytes,address,uint256,uint256))")
	selV2Input      = selectorOf("swapExactTokensForTokens(uint256,uint256,address[],address)")
	selV2Output     = selectorOf("swapTokensForExactTokens(uint256,uint256,address[],address)")
)

// swapRouter02 is Uniswap's SwapRouter02: paths of V3 pools, and exact-in paths that mix V3 with V2. Every call is wrapped in its
// multicall with a deadline. A mixed path is a chain of legs of one venue: each leg but the last pays the router itself, and
// each leg but the first spends what the router holds. An exact-out path can't be cut that way, so it stays on one venue.
type swapRouter02 struct{ contracts chain.Contracts }

func (e swapRouter02) address() common.Address { return e.contracts.V3Router }

func (e swapRouter02) identity() []query {
	return []query{{e.address(), call(selFactory)}, {e.address(), call(selWETH9)}, {e.address(), call(selFactoryV2)}}
}

// lanes leaves out V2 where the contract stands on another V2 factory, as it does on chains where V2 came later.
func (e swapRouter02) lanes(answers []answer) map[Side][][]string {
	if !answersAre(answers, e.contracts.V3Factory, e.contracts.WrappedNative) {
		return nil
	}
	if !answersAre(answers[2:], e.contracts.V2Factory) {
		return map[Side][][]string{ExactIn: {{v3Venue}}, ExactOut: {{v3Venue}}}
	}
	return map[Side][][]string{ExactIn: {{v2Venue, v3Venue}}, ExactOut: {{v3Venue}, {v2Venue}}}
}

func (e swapRouter02) call(q *Quote) (uint256.Int, []byte) {
	o := &q.Order
	to := o.Recipient
	if o.Out.Native() {
		to = routerItself
	}
	var steps []value
	if o.Side == ExactIn {
		steps = e.legs(q, to)
	} else {
		steps = []value{blob(e.exactOut(q, to))}
	}
	var pay uint256.Int
	if o.In.Native() {
		pay = q.MaxIn.Raw
	}
	if o.Out.Native() {
		steps = append(steps, blob(call(selUnwrapWETH9, number(&q.MinOut.Raw), address(o.Recipient))))
	}
	if o.In.Native() && o.Side == ExactOut {
		steps = append(steps, blob(call(selRefundETH)))
	}
	return pay, call(selMulticall, small(o.Deadline), list(steps...))
}

// legs cuts an exact-in path where the venue changes.
func (e swapRouter02) legs(q *Quote, to common.Address) []value {
	var steps []value
	rest, spend := q.Hops, q.In.Raw
	for len(rest) > 0 {
		end := slices.IndexFunc(rest, func(h Hop) bool { return h.Venue != rest[0].Venue })
		leg, recipient, least := rest, to, q.MinOut.Raw
		if end > 0 {
			leg, recipient, least = rest[:end], routerItself, *one // the last leg carries the minimum of the whole path
		}
		steps = append(steps, blob(e.exactIn(leg, recipient, spend, least)))
		rest, spend = rest[len(leg):], uint256.Int{} // zero stands for all that the router holds
	}
	return steps
}

func (e swapRouter02) exactIn(leg []Hop, to common.Address, spend, least uint256.Int) []byte {
	path := pathOf(leg)
	if leg[0].Venue == v2Venue {
		return call(selV2Input, number(&spend), number(&least), list(addresses(path)...), address(to))
	}
	if len(leg) == 1 {
		return call(selInputSingle, address(path[0]), address(path[1]), small(uint64(leg[0].FeePips)), address(to),
			number(&spend), number(&least), small(0))
	}
	return call(selInput, tuple(blob(v3Path(path, leg)), address(to), number(&spend), number(&least)))
}

func (e swapRouter02) exactOut(q *Quote, to common.Address) []byte {
	path, hops := pathOf(q.Hops), slices.Clone(q.Hops)
	out, limit := number(&q.Out.Raw), number(&q.MaxIn.Raw)
	if hops[0].Venue == v2Venue {
		return call(selV2Output, out, limit, list(addresses(path)...), address(to))
	}
	if len(hops) == 1 {
		return call(selOutputSingle, address(path[0]), address(path[1]), small(uint64(hops[0].FeePips)), address(to),
			out, limit, small(0))
	}
	slices.Reverse(path)
	slices.Reverse(hops)
	return call(selOutput, tuple(blob(v3Path(path, hops)), address(to), out, limit))
}

// v3Path is token, fee, token, fee, token, tightly packed.
func v3Path(path []common.Address, hops []Hop) []byte {
	packed := slices.Clone(path[0][:])
	for i, h := range hops {
		packed = append(packed, byte(h.FeePips>>16), byte(h.FeePips>>8), byte(h.FeePips))
		packed = append(packed, path[i+1][:]...)
	}
	return packed
}
