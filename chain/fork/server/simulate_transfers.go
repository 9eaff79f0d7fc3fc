package server

import (
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// etherLogs is the address that transfers of ether are logged under (ERC-7528).
var etherLogs = common.HexToAddress("0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE")

// transferTopic is the hash of Transfer(address,address,uint256).
var transferTopic = common.HexToHash("0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")

// logbook is a watcher that keeps the logs of a call in their order, and transfers of ether among them if it is asked to. What a
// frame that is reverted logged is dropped.
type logbook struct {
	*evm.Writes
	transfers bool
	logs      []*types.Log
	frames    []int // where the logs of each open frame begin
}

// take gives out the logs since the last call, and begins anew.
func (b *logbook) take() []*types.Log {
	logs := b.logs
	b.logs, b.frames = nil, nil
	return logs
}

func (b *logbook) Enter(kind string, from, to common.Address, value *big.Int, _ []byte, _ uint64) {
	b.frames = append(b.frames, len(b.logs))
	lends := kind == "DELEGATECALL" || kind == "CALLCODE" // the value stays where it is
	if !b.transfers || lends || value == nil || value.Sign() == 0 {
		return
	}
	b.logs = append(b.logs, &types.Log{
		Address: etherLogs, Topics: []common.Hash{transferTopic, common.BytesToHash(from[:]), common.BytesToHash(to[:])},
		Data: common.BigToHash(value).Bytes(),
	})
}

func (b *logbook) Exit(_ []byte, _ uint64, err error) {
	begin := b.frames[len(b.frames)-1]
	b.frames = b.frames[:len(b.frames)-1]
	if err != nil {
		b.logs = b.logs[:begin]
	}
}

func (b *logbook) Log(l *types.Log) {
	b.logs = append(b.logs, &types.Log{Address: l.Address, Topics: l.Topics, Data: l.Data})
}
