package fork

import (
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
)

// configOf are the rules of an era, in force since ever.
func configOf(chainID uint64, e era, blobs blobSchedule) *params.ChainConfig {
	c := *params.MergedTestChainConfig
	c.ChainID = new(big.Int).SetUint64(chainID)
	c.AmsterdamTime, c.BogotaTime, c.UBTTime = nil, nil, nil
	for start, time := range map[era]**uint64{shanghai: &c.ShanghaiTime, cancun: &c.CancunTime, prague: &c.PragueTime, osaka: &c.OsakaTime} {
		if e < start {
			*time = nil
		}
	}
	if blobs != (blobSchedule{}) {
		own := &params.BlobConfig{Target: blobs.Target, Max: blobs.Max, UpdateFraction: blobs.Fraction}
		c.BlobScheduleConfig = &params.BlobScheduleConfig{Cancun: own, Prague: own}
	}
	return &c
}

// precompilesOf are the addresses of an era's precompiled contracts.
func precompilesOf(e era) []common.Address {
	return vm.ActivePrecompiles(configOf(1, e, blobSchedule{}).Rules(new(big.Int), true, 0))
}

// blobFeeAfter is the blob base fee of the block after h.
func blobFeeAfter(c *params.ChainConfig, h *header) uint256.Int {
	excess := eip4844.CalcExcessBlobGas(c, &types.Header{
		BaseFee: h.baseFee.ToBig(), ExcessBlobGas: &h.excessBlobGas, BlobGasUsed: &h.blobGasUsed,
	}, h.time)
	fee, _ := uint256.FromBig(eip4844.CalcBlobFee(c, &types.Header{Time: h.time, ExcessBlobGas: &excess}))
	return *fee
}

// jumpDests keeps the analysis of code for all machines of a fork.
type jumpDests struct{ byHash sync.Map }

func (j *jumpDests) Load(h common.Hash) (vm.BitVec, bool) {
	v, ok := j.byHash.Load(h)
	if !ok {
		return nil, false
	}
	return v.(vm.BitVec), true
}

func (j *jumpDests) Store(h common.Hash, v vm.BitVec) { j.byHash.Store(h, v) }
