package fork_test

import (
	"context"
	"math/big"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
)

// trader holds every token of the devnet.
var trader = known.Deployer(known.L1)

// exchange is a fork of the devnet's first chain on which the trader has approved both routers, so many seconds on.
func exchange(t testing.TB, client *chain.Client, on uint64) *fork.Fork {
	t.Helper()
	head, err := client.Header(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Unix(int64(head.Time+60+on), 0)
	f, err := fork.New(t.Context(), client, fork.WithClock(func() time.Time { return begin }))
	if err != nil {
		t.Fatal(err)
	}
	at := known.Addresses(known.L1)
	for _, router := range []known.Contract{known.V2Router, known.V3Router} {
		var txs []fork.Tx
		for _, token := range traded {
			txs = append(txs, calling(at[token], 0, "approve(address,uint256)", at[router], new(big.Int).Lsh(big.NewInt(1), 200)))
		}
		if e, err := f.Apply(t.Context(), txs); err != nil || !e.OK() {
			t.Fatal("approvals", err)
		}
	}
	return f
}

func devnetClient(t testing.TB) *chain.Client {
	t.Helper()
	d := devnettest.Start(t)
	client, err := chain.Dial(t.Context(), d.Networks()[0], chain.WithRate(1_000_000, 1_000_000))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

var traded = []known.Contract{known.WETH, known.USDC, known.DAI, known.WBTC, known.FEE}

// calling is a call of the trader's, of words.
func calling(to common.Address, value uint64, signature string, words ...any) fork.Tx {
	data := crypto.Keccak256([]byte(signature))[:4]
	for _, w := range words {
		switch w := w.(type) {
		case common.Address:
			data = append(data, common.LeftPadBytes(w[:], 32)...)
		case *big.Int:
			data = append(data, common.LeftPadBytes(w.Bytes(), 32)...)
		case int:
			data = append(data, common.LeftPadBytes(big.NewInt(int64(w)).Bytes(), 32)...)
		}
	}
	tx := fork.Tx{Call: chain.Call{ChainID: known.L1, From: trader, To: &to, Data: data}}
	tx.Value.SetUint64(value)
	return tx
}

const farOff = 1 << 40 // a deadline

func v2Swap(in, out common.Address, amount *big.Int) fork.Tx {
	return calling(known.Addresses(known.L1)[known.V2Router], 0,
		"swapExactTokensForTokensSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)",
		amount, 0, 5*32, trader, farOff, 2, in, out)
}

// drawCall draws a call of a token, of a pair of V2 or of a pool of V3.
func drawCall(t *rapid.T) fork.Tx {
	at := known.Addresses(known.L1)
	token := func(name string) common.Address { return at[rapid.SampledFrom(traded).Draw(t, name)] }
	amount := big.NewInt(rapid.Int64Range(0, 1<<40).Draw(t, "amount"))
	someone := common.BigToAddress(new(big.Int).SetBytes(rapid.SliceOfN(rapid.Byte(), 1, 20).Draw(t, "someone")))
	in, out := token("in"), token("out")
	switch rapid.IntRange(0, 7).Draw(t, "kind") {
	case 0:
		return calling(in, 0, "transfer(address,uint256)", someone, amount)
	case 1:
		return calling(in, 0, "approve(address,uint256)", someone, amount)
	case 2:
		return calling(at[known.WETH], amount.Uint64(), "deposit()")
	case 3:
		return calling(at[known.WETH], 0, "withdraw(uint256)", amount)
	case 4:
		return calling(at[known.V2Router], amount.Uint64(), "swapExactETHForTokens(uint256,address[],address,uint256)",
			0, 4*32, trader, farOff, 2, at[known.WETH], out)
	case 5:
		return v2Swap(in, out, amount)
	}
	fee := rapid.SampledFrom([]int{100, 500, 3000, 10000}).Draw(t, "fee")
	return calling(at[known.V3Router], 0, "exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))", in, out, fee, trader, amount, 0, 0)
}

// A gas limit is never short in the half minute after, whenever the block comes; and it is within a tenth of what is used, or of the
// least that does.
func TestGasLimitsOfTokensPairsAndPoolsHoldAndAreClose(t *testing.T) {
	client := devnetClient(t)
	now := exchange(t, client, 0)
	var then []*fork.Fork
	for _, seconds := range []uint64{1, 12, 29, 30} {
		then = append(then, exchange(t, client, seconds))
	}
	succeeded := 0
	rapid.Check(t, func(t *rapid.T) {
		ctx := context.Background()
		tx := drawCall(t)
		e, err := now.SimulateOnce(ctx, []fork.Tx{tx})
		if err != nil {
			t.Fatal(err)
		}
		if !e.OK() {
			return
		}
		succeeded++
		limit, used := e.Txs[0].GasLimit, e.Txs[0].GasUsed
		runs := func(gas uint64) bool {
			tx.Gas = gas
			for _, f := range then {
				e, err := f.SimulateOnce(ctx, []fork.Tx{tx})
				if err != nil {
					return false // less than the call costs before it runs
				}
				if !e.OK() {
					return false
				}
				used = max(used, e.Txs[0].GasUsed)
			}
			return true
		}
		if !runs(limit) {
			t.Fatalf("the limit of %d is short", limit)
		}
		if 10*limit > 11*used && runs(10*limit/11) {
			t.Fatalf("the limit is %d, and %d are enough", limit, 10*limit/11)
		}
	})
	if succeeded < 20 {
		t.Errorf("only %d of the calls succeed", succeeded)
	}
}

// A real pair of V2, with effects: the very transaction to be signed, and all state known.
func BenchmarkV2Swap(b *testing.B) {
	f := exchange(b, devnetClient(b), 0)
	at := known.Addresses(known.L1)
	tx := v2Swap(at[known.DAI], at[known.WETH], big.NewInt(1e18))
	e, err := f.Simulate(b.Context(), []fork.Tx{tx})
	if err != nil || !e.OK() || len(e.Unknown) > 0 || len(e.Findings) > 0 {
		b.Fatal(err, e)
	}
	estimated := tx
	tx.Gas = e.Txs[0].GasLimit
	tx.GasFeeCap, tx.GasTipCap = uint256.NewInt(1e11), uint256.NewInt(1e9)
	for _, c := range []struct {
		name string
		run  func(ctx context.Context, txs []fork.Tx) (*fork.Effects, error)
		tx   fork.Tx
	}{
		{"one pass", f.SimulateOnce, tx},
		{"all passes", f.Simulate, tx},
		{"one pass, estimated", f.SimulateOnce, estimated},
		{"all passes, estimated", f.Simulate, estimated},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.run(b.Context(), []fork.Tx{c.tx}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(c.name+", many at once", func(b *testing.B) {
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := c.run(context.Background(), []fork.Tx{c.tx}); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
