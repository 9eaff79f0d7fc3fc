package fork

import (
	"encoding/binary"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// baseFeeAfter is the base fee after a block that had base and used gas of limit (EIP-1559: it moves by at most an eighth
// towards what would halve the use).
func baseFeeAfter(base uint256.Int, used, limit uint64) uint256.Int {
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

// historySlot is where the EIP-2935 contract keeps the hash of a block. The chain writes it before the first transaction of the
// next block.
func historySlot(number uint64) slotKey {
	const window = 8191
	var key common.Hash
	binary.BigEndian.PutUint64(key[24:], number%window)
	return slotKey{common.HexToAddress("0x0000F90827F1C53a10cb7A02335B175320002935"), key}
}

// price is what a unit of gas costs the sender at a base fee.
func (m *message) price(baseFee *uint256.Int) *uint256.Int {
	p, over := new(uint256.Int).AddOverflow(baseFee, &m.tipCap)
	if over || p.Gt(&m.feeCap) {
		return m.feeCap.Clone()
	}
	return p
}

// blobSchedules are those of the eras, without the changes that chains make between eras.
var blobSchedules = map[era]blobSchedule{
	cancun: {Target: 3, Max: 6, Fraction: 3_338_477},
	prague: {Target: 6, Max: 9, Fraction: 5_007_716},
	osaka:  {Target: 6, Max: 9, Fraction: 5_007_716},
}

// blobFeeAfter is the blob base fee of the block after h (EIP-4844, and EIP-7918 since Osaka).
func blobFeeAfter(r rules, h *header) uint256.Int {
	const perBlob, baseCost = 1 << 17, 1 << 13
	s := r.blobs
	if s == (blobSchedule{}) {
		s = blobSchedules[r.era]
	}
	excess, target := h.excessBlobGas+h.blobGasUsed, uint64(s.Target)*perBlob
	if excess < target {
		excess = 0
	} else {
		excess -= target
		blob := exponential(h.excessBlobGas, s.Fraction)
		reserve := new(uint256.Int).Mul(&h.baseFee, uint256.NewInt(baseCost))
		if blob.Mul(&blob, uint256.NewInt(perBlob)); r.era >= osaka && reserve.Gt(&blob) {
			excess = h.excessBlobGas + h.blobGasUsed*uint64(s.Max-s.Target)/uint64(s.Max)
		}
	}
	return exponential(excess, s.Fraction)
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
