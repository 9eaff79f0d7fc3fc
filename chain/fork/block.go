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
