package pinned

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// BaseFeeAfter is the base fee in wei per gas after a block that had base and used gas of limit (EIP-1559: it moves by at most an
// eighth towards what would halve the use).
func BaseFeeAfter(base uint256.Int, used, limit uint64) uint256.Int {
	target := limit / 2
	if used == target || target == 0 {
		return base
	}
	off := used - target
	if used < target {
		off = target - used
	}
	var step uint256.Int
	step.Mul(&base, uint256.NewInt(off))
	step.Div(&step, uint256.NewInt(target))
	step.Div(&step, uint256.NewInt(8))
	if used < target {
		return *base.Sub(&base, &step)
	}
	if step.IsZero() {
		step.SetOne()
	}
	return *base.Add(&base, &step)
}

// HistorySlot is where the EIP-2935 contract keeps the hash of a block. The chain writes it before the first transaction of the
// next block.
func HistorySlot(number uint64) Slot {
	const window = 8191
	var key common.Hash
	binary.BigEndian.PutUint64(key[24:], number%window)
	return Slot{common.HexToAddress("0x0000F90827F1C53a10cb7A02335B175320002935"), key}
}

// BeaconSlots are where the EIP-4788 contract keeps a block's time, and the beacon chain's root of that time. The chain writes both
// before the first transaction of the block.
func BeaconSlots(time uint64) (stamp, root Slot) {
	const window = 8191
	contract := common.HexToAddress("0x000F3df6D732807Ef1319fB7B8bB8522d0Beac02")
	var a, b common.Hash
	binary.BigEndian.PutUint64(a[24:], time%window)
	binary.BigEndian.PutUint64(b[24:], time%window+window)
	return Slot{contract, a}, Slot{contract, b}
}

// blobSchedules are those of the eras, without the changes that chains make between eras.
var blobSchedules = map[Era]BlobSchedule{
	Cancun: {Target: 3, Max: 6, Fraction: 3_338_477},
	Prague: {Target: 6, Max: 9, Fraction: 5_007_716},
	Osaka:  {Target: 6, Max: 9, Fraction: 5_007_716},
}

func (r Rules) schedule() BlobSchedule {
	if r.Blobs == (BlobSchedule{}) {
		return blobSchedules[r.Era]
	}
	return r.Blobs
}

// MaxBlobs is the most blobs that a block may hold, zero before Cancun.
func (r Rules) MaxBlobs() int { return r.schedule().Max }

// blobGas is what one blob takes of the blob gas (EIP-4844).
const blobGas = 1 << 17

// ExcessAfter is the excess blob gas of the block after h (EIP-4844, and EIP-7918 since Osaka). It is zero before Cancun.
func (r Rules) ExcessAfter(h *Header) uint64 {
	const baseCost = 1 << 13
	s := r.schedule()
	excess, target := h.ExcessBlobGas+h.BlobGasUsed, uint64(s.Target)*blobGas
	if excess < target || s.Max == 0 {
		return 0
	}
	blob := r.BlobFee(h.ExcessBlobGas)
	reserve := new(uint256.Int).Mul(&h.BaseFee, uint256.NewInt(baseCost))
	if blob.Mul(&blob, uint256.NewInt(blobGas)); r.Era >= Osaka && reserve.Gt(&blob) {
		return h.ExcessBlobGas + h.BlobGasUsed*uint64(s.Max-s.Target)/uint64(s.Max)
	}
	return excess - target
}

// BlobFee is the blob base fee in wei per blob gas of a block with this excess (EIP-4844). It is zero before Cancun.
func (r Rules) BlobFee(excess uint64) uint256.Int {
	if r.Era < Cancun {
		return uint256.Int{}
	}
	return exponential(excess, r.schedule().Fraction)
}

// exponential is e to the power of n/d, by EIP-4844's series. It stops at 2^192, which no chain comes near.
func exponential(n, d uint64) uint256.Int {
	var sum uint256.Int
	div := uint256.NewInt(d)
	term := div.Clone()
	for i := uint64(1); !term.IsZero() && sum.BitLen() < 192; i++ {
		sum.Add(&sum, term)
		term.Mul(term, uint256.NewInt(n))
		term.Div(term, new(uint256.Int).Mul(div, uint256.NewInt(i)))
	}
	return *sum.Div(&sum, div)
}
