package evm

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip1559"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

func TestBaseFeesFollowEIP1559(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.Uint64Range(21_000, 1<<40).Draw(t, "limit")
		used := rapid.Uint64Range(0, limit).Draw(t, "used")
		base := rapid.Uint64().Draw(t, "base")
		want := eip1559.CalcBaseFee(RulesOf(1, pinned.Osaka).config, &types.Header{Number: new(big.Int), GasLimit: limit, GasUsed: used, BaseFee: new(big.Int).SetUint64(base)})
		have := pinned.BaseFeeAfter(num(base), used, limit)
		if have.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s, not %s", have.Dec(), want)
		}
	})
}

func TestBlobFeesFollowTheirEIPs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom([]pinned.Era{pinned.Cancun, pinned.Prague, pinned.Osaka}).Draw(t, "era")
		h := &pinned.Header{
			ExcessBlobGas: rapid.Uint64Range(0, 1<<29).Draw(t, "excess"), BlobGasUsed: rapid.Uint64Range(0, 1<<24).Draw(t, "used"),
			BaseFee: num(rapid.Uint64().Draw(t, "base")),
		}
		c := *RulesOf(1, e).config
		c.BlobScheduleConfig = params.MainnetChainConfig.BlobScheduleConfig
		excess := eip4844.CalcExcessBlobGas(&c, &types.Header{BaseFee: h.BaseFee.ToBig(), ExcessBlobGas: &h.ExcessBlobGas, BlobGasUsed: &h.BlobGasUsed}, 0)
		want := eip4844.CalcBlobFee(&c, &types.Header{ExcessBlobGas: &excess})
		if want.BitLen() > 150 {
			return
		}
		r := pinned.Rules{Era: e}
		if have := r.BlobFee(r.ExcessAfter(h)); have.ToBig().Cmp(want) != 0 {
			t.Fatalf("%s, not %s", have.Dec(), want)
		}
	})
}

func TestTheErasHaveGoEthereumsPrecompiledContracts(t *testing.T) {
	for e := pinned.London; e <= pinned.Osaka; e++ {
		want := vm.ActivePrecompiles(RulesOf(1, e).config.Rules(new(big.Int), e > pinned.London, 0))
		have := e.Precompiles()
		for _, all := range [][]common.Address{want, have} {
			slices.SortFunc(all, common.Address.Cmp)
		}
		if d := cmp.Diff(want, have); d != "" {
			t.Errorf("%s: %s", e, d)
		}
	}
}
