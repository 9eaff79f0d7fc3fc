package swap

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
)

var (
	selFactory = selectorOf("factory()")
	selWETH    = selectorOf("WETH()")

	selTokensForTokens      = selectorOf("swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)")
	selETHForTokens         = selectorOf("swapExactETHForTokensSupportingFeeOnTransferTokens(uint256,address[],address,uint256)")
	selTokensForETH         = selectorOf("swapExactTokensForETHSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)")
	selTokensForExactTokens = selectorOf("swapTokensForExactTokens(uint256,uint256,address[],address,uint256)")
	selETHForExactTokens    = selectorOf("swapETHForExactTokens(uint256,address[],address,uint256)")
	selTokensForExactETH    = selectorOf("swapTokensForExactETH(uint256,uint256,address[],address,uint256)")
)

// router02 is Uniswap's V2 Router02: paths of V2 pairs, with the deadline among the arguments. What an exact-out swap leaves of
// the native coin it sends back.
//
// Exact-in swaps always take the functions for tokens with a fee on transfer: they hold the minimum against what the recipient's
// balance gained, where the others believe their own arithmetic. For an honest token both give the same.
type router02 struct{ contracts chain.Contracts }

func (e router02) address() common.Address { return e.contracts.V2Router }

func (e router02) identity() []query {
	return []query{{e.address(), call(selFactory)}, {e.address(), call(selWETH)}}
}

func (e router02) lanes(answers []answer) map[Side][][]string {
	if !answersAre(answers, e.contracts.V2Factory, e.contracts.WrappedNative) {
		return nil
	}
	only := [][]string{{v2Venue}}
	return map[Side][][]string{ExactIn: only, ExactOut: only}
}

func (e router02) call(q *Quote) (uint256.Int, []byte) {
	o := &q.Order
	path, to, deadline := list(addresses(pathOf(q.Hops))...), address(o.Recipient), small(o.Deadline)
	in, out := number(&q.MaxIn.Raw), number(&q.MinOut.Raw)
	var free uint256.Int
	if o.Side == ExactIn {
		switch {
		case o.In.Native():
			return q.In.Raw, call(selETHForTokens, out, path, to, deadline)
		case o.Out.Native():
			return free, call(selTokensForETH, in, out, path, to, deadline)
		}
		return free, call(selTokensForTokens, in, out, path, to, deadline)
	}
	switch {
	case o.In.Native():
		return q.MaxIn.Raw, call(selETHForExactTokens, out, path, to, deadline)
	case o.Out.Native():
		return free, call(selTokensForExactETH, out, in, path, to, deadline)
	}
	return free, call(selTokensForExactTokens, out, in, path, to, deadline)
}

func addresses(all []common.Address) []value {
	values := make([]value, len(all))
	for i, a := range all {
		values[i] = address(a)
	}
	return values
}
