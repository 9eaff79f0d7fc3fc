package fork_test

import (
	"context"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

// otherEVM makes a chain look like one whose EVM is not Ethereum's.
type otherEVM struct{ *chain.Client }

func (o otherEVM) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := o.Client.Batch(ctx, elems)
	for i := range elems {
		raw := elems[i].Result.(*json.RawMessage)
		var header map[string]any
		if strings.HasPrefix(elems[i].Method, "eth_getBlockBy") && elems[i].Error == nil && json.Unmarshal(*raw, &header) == nil && header != nil {
			header["difficulty"] = "0x1"
			*raw, _ = json.Marshal(header)
		}
	}
	return err
}

func TestRealContractsDoTheSameHereAndAbroad(t *testing.T) {
	ctx := t.Context()
	client, err := chain.Dial(ctx, devnettest.Start(t).Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	now := time.Now()
	open := func(src fork.Source) *fork.Fork {
		f, err := fork.New(ctx, src, fork.WithClock(func() time.Time { return now }))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	here, there := open(client), open(otherEVM{client})
	at, me, coin := known.Addresses(known.L1), known.Accounts()[2].Address, new(big.Int).Exp(big.NewInt(10), big.NewInt(18), nil)
	to := func(c known.Contract, gas uint64, value *big.Int, data []byte) fork.Tx {
		a := at[c]
		tx := fork.Tx{Call: chain.Call{ChainID: known.L1, From: me, To: &a, Data: data}, Gas: gas}
		tx.Value.SetFromBig(value)
		tx.GasTipCap, tx.GasFeeCap = uint256.NewInt(1e9), uint256.NewInt(100e9)
		return tx
	}
	approve := func(token, spender known.Contract) fork.Tx {
		return to(token, 100_000, new(big.Int), input("approve(address,uint256)", at[spender], endless))
	}
	path := func(tokens ...known.Contract) (all list) {
		for _, c := range tokens {
			all = append(all, at[c])
		}
		return all
	}
	never := new(big.Int).SetUint64(here.Time() + 3600)
	for name, txs := range map[string][]fork.Tx{
		"coins for tokens on V2": {to(known.V2Router, 400_000, coin, input("swapExactETHForTokens(uint256,address[],address,uint256)", 1, path(known.WETH, known.USDC), me, never))},
		"there and back on V2": {
			to(known.V2Router, 400_000, coin, input("swapExactETHForTokens(uint256,address[],address,uint256)", 1, path(known.WETH, known.USDC), me, never)),
			approve(known.USDC, known.V2Router),
			to(known.V2Router, 400_000, new(big.Int), input("swapExactTokensForETH(uint256,uint256,address[],address,uint256)", 1_000_000, 1, path(known.USDC, known.WETH), me, never)),
		},
		"two hops on V2": {to(known.V2Router, 600_000, coin, input("swapExactETHForTokens(uint256,address[],address,uint256)", 1, path(known.WETH, known.USDC, known.DAI), me, never))},
		"V3": {
			to(known.WETH, 100_000, coin, input("deposit()")), approve(known.WETH, known.V3Router),
			to(known.V3Router, 500_000, new(big.Int), new(scene).exactIn(at[known.WETH], at[known.USDC], 3000, me, coin, big.NewInt(1))),
		},
		"a swap that must fail": {to(known.V2Router, 400_000, coin, input("swapExactETHForTokens(uint256,address[],address,uint256)", endless, path(known.WETH, known.USDC), me, never))},
		"permit2":               {approve(known.USDC, known.V2Router), {Call: chain.Call{ChainID: known.L1, From: me, To: &known.Permit2, Data: input("approve(address,address,uint160,uint48)", at[known.USDC], at[known.V3Router], 77, never)}, Gas: 100_000}},
	} {
		t.Run(name, func(t *testing.T) {
			want, err := here.Simulate(ctx, txs)
			if err != nil {
				t.Fatal(err)
			}
			have, err := there.Simulate(ctx, txs)
			if err != nil {
				t.Fatal(err)
			}
			if ok := name != "a swap that must fail"; want.OK() != ok {
				t.Fatalf("it goes otherwise than it was meant to: %+v", want.Txs)
			}
			for _, e := range []*fork.Effects{want, have} {
				for i := range e.Txs {
					e.Txs[i].Calls.Gas, e.Txs[i].Calls.GasUsed = 0, 0 // a tracer counts what the transaction costs by itself
				}
			}
			x, errX := json.MarshalIndent(want, "", " ")
			y, errY := json.MarshalIndent(have, "", " ")
			if d := cmp.Diff(string(x), string(y)); d != "" || errX != nil || errY != nil {
				t.Fatal(errX, errY, d)
			}
		})
	}
}
