package swap

import (
	"bytes"
	"math/big"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
)

const routersABI = `[
	{"type":"function","name":"swapExactTokensForTokensSupportingFeeOnTransferTokens","inputs":[{"type":"uint256","name":"amountIn"},{"type":"uint256","name":"least"},{"type":"address[]","name":"path"},{"type":"address","name":"to"},{"type":"uint256","name":"deadline"}]},
	{"type":"function","name":"swapExactETHForTokensSupportingFeeOnTransferTokens","inputs":[{"type":"uint256","name":"least"},{"type":"address[]","name":"path"},{"type":"address","name":"to"},{"type":"uint256","name":"deadline"}]},
	{"type":"function","name":"exactInputSingle","inputs":[{"type":"tuple","name":"p","components":[{"type":"address","name":"tokenIn"},{"type":"address","name":"tokenOut"},{"type":"uint24","name":"fee"},{"type":"address","name":"recipient"},{"type":"uint256","name":"amountIn"},{"type":"uint256","name":"least"},{"type":"uint160","name":"limit"}]}]},
	{"type":"function","name":"exactInput","inputs":[{"type":"tuple","name":"p","components":[{"type":"bytes","name":"path"},{"type":"address","name":"recipient"},{"type":"uint256","name":"amountIn"},{"type":"uint256","name":"least"}]}]},
	{"type":"function","name":"multicall","inputs":[{"type":"uint256","name":"deadline"},{"type":"bytes[]","name":"data"}]},
	{"type":"function","name":"unwrapWETH9","inputs":[{"type":"uint256","name":"least"},{"type":"address","name":"recipient"}]},
	{"type":"function","name":"tickBitmap","inputs":[{"type":"int16","name":"word"}]}
]`

var routers = func() abi.ABI {
	parsed, err := abi.JSON(strings.NewReader(routersABI))
	if err != nil {
		panic(err)
	}
	return parsed
}()

func TestCalldataIsWhatGethPacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := drawAmount(t, "x", 256), drawAmount(t, "y", 256)
		path := []common.Address{tokenA, tokenB, {0xff}}[:rapid.IntRange(0, 3).Draw(t, "tokens")]
		packed := rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "bytes")
		word := rapid.Int16().Draw(t, "word")
		to := common.Address{7: 7}
		type exactInput struct {
			Path            []byte
			Recipient       common.Address
			AmountIn, Least *big.Int
		}
		for method, got := range map[string][]byte{
			"swapExactTokensForTokensSupportingFeeOnTransferTokens": call(selTokensForTokens, number(&x), number(&y), list(addresses(path)...), address(to), small(9)),
			"exactInput": call(selInput, tuple(blob(packed), address(to), number(&x), number(&y))),
			"multicall":  call(selMulticall, small(9), list(blob(packed), blob(nil), blob(packed[:len(packed)/2]))),
			"tickBitmap": call(selTickBitmap, signed(int32(word))),
		} {
			want, err := routers.Pack(method, map[string][]any{
				"swapExactTokensForTokensSupportingFeeOnTransferTokens": {x.ToBig(), y.ToBig(), path, to, big.NewInt(9)},
				"exactInput": {exactInput{packed, to, x.ToBig(), y.ToBig()}},
				"multicall":  {big.NewInt(9), [][]byte{packed, {}, packed[:len(packed)/2]}},
				"tickBitmap": {word},
			}[method]...)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%s: %x\nwant %x, %v", method, got, want, err)
			}
		}
	})
}

func TestSignedAnswersKeepTheirSign(t *testing.T) {
	for _, tick := range []int32{0, 1, -1, 887272, -887272, 1<<23 - 1, -1 << 23} {
		got, err := answer(encode(signed(tick))).tick(0)
		if err != nil || got != tick {
			t.Errorf("%d came back as %d, %v", tick, got, err)
		}
	}
	for _, word := range []*uint256.Int{uint256.NewInt(1 << 23), new(uint256.Int).Rsh(most, 1)} {
		if _, err := answer(encode(number(word))).tick(0); err == nil {
			t.Errorf("%s passed for an int24", word.Hex())
		}
	}
}

// argsOf decodes calldata of a known function by geth's own decoder.
func argsOf(t *testing.T, data []byte) (string, map[string]any) {
	t.Helper()
	method, err := routers.MethodById(data)
	if err != nil {
		t.Fatal(err)
	}
	args := map[string]any{}
	if err := method.Inputs.UnpackIntoMap(args, data[4:]); err != nil {
		t.Fatal(err)
	}
	return method.Name, args
}

func TestLimitsRecipientAndDeadlineAreInTheCalldata(t *testing.T) {
	p := newPaper()
	p.addV2(weth, cent, 1_000_000, 1_000_000)
	x := New(testNet, testRegistry(t))
	o := order(testNet.Native, cent, ExactIn, 1000)
	q, err := x.Quote(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	calls, err := x.Calls(t.Context(), p, q)
	if err != nil || len(calls) != 1 || calls[0].Value != o.Amount.Raw || calls[0].From != o.Account {
		t.Fatalf("%+v, %v", calls, err)
	}
	name, args := argsOf(t, calls[0].Data)
	if name != "swapExactETHForTokensSupportingFeeOnTransferTokens" || args["least"].(*big.Int).Cmp(q.MinOut.Raw.ToBig()) != 0 ||
		args["to"] != o.Recipient || args["deadline"].(*big.Int).Uint64() != o.Deadline {
		t.Fatalf("%s %v", name, args)
	}
}

func TestAMixedPathIsCutWhereTheVenueChanges(t *testing.T) {
	hop := func(venue string, in, out chain.Token) Hop {
		return Hop{Venue: venue, FeePips: 500, TokenIn: in, TokenOut: out}
	}
	o := order(beta, testNet.Native, ExactIn, 1000)
	q := &Quote{
		Order: o, Side: ExactIn, In: o.Amount, MaxIn: o.Amount, MinOut: chain.NewAmount(uint256.NewInt(77), testNet.Native),
		Hops: []Hop{hop(v3Venue, beta, dust), hop(v3Venue, dust, cent), hop(v2Venue, cent, weth)},
	}
	value, data := swapRouter02{testNet.Contracts}.call(q)
	name, args := argsOf(t, data)
	steps := args["data"].([][]byte)
	if name != "multicall" || args["deadline"].(*big.Int).Uint64() != o.Deadline || len(steps) != 3 || !value.IsZero() {
		t.Fatalf("%s of %d steps", name, len(steps))
	}
	first, _ := argsOf(t, steps[0])
	if first != "exactInput" {
		t.Errorf("the first leg is %s", first)
	}
	want := call(selV2Input, small(0), small(77), list(address(cent.Address), address(weth.Address)), address(routerItself))
	if !bytes.Equal(steps[1], want) {
		t.Errorf("the second leg is %x", steps[1])
	}
	last, unwrap := argsOf(t, steps[2])
	if last != "unwrapWETH9" || unwrap["recipient"] != o.Recipient || unwrap["least"].(*big.Int).Uint64() != 77 {
		t.Errorf("the end is %s %v", last, unwrap)
	}
}

func TestAQuoteWithoutLimitsIsNotExecuted(t *testing.T) {
	p := newPaper()
	p.addV2(beta, cent, 1_000_000, 1_000_000)
	x := New(testNet, testRegistry(t))
	q, err := x.Quote(t.Context(), p, order(beta, cent, ExactIn, 1000))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Quote){
		"no minimum":  func(q *Quote) { q.MinOut.Raw.Clear() },
		"no maximum":  func(q *Quote) { q.MaxIn.Raw.Clear() },
		"nobody":      func(q *Quote) { q.Order.Recipient = common.Address{} },
		"no deadline": func(q *Quote) { q.Order.Deadline = 0 },
		"no hops":     func(q *Quote) { q.Hops = nil },
	} {
		bad := *q
		spoil(&bad)
		if calls, err := x.Calls(t.Context(), p, &bad); err == nil {
			t.Errorf("%s: %+v", name, calls)
		}
	}
}
