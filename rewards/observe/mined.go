package observe

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// mined is what a chain says of a transaction.
type mined struct {
	there     bool
	young     bool // its block is not final
	succeeded bool
	from      common.Address
	block     chain.Head
	burned    uint256.Int // gas used * base fee, in wei of the chain's coin
}

// lookUp asks for the receipts of transactions and the headers of their blocks, in two reads.
func lookUp(ctx context.Context, c Chain, uses []use) ([]mined, error) {
	receipts, err := receipts(ctx, c.Reader, uses)
	if err != nil {
		return nil, err
	}
	blocks := map[hexutil.Uint64]chain.Head{}
	for _, r := range receipts {
		if r != nil && uint64(*r.Block) <= c.Final {
			blocks[*r.Block] = chain.Head{}
		}
	}
	var ask []any
	for _, n := range slices.Sorted(maps.Keys(blocks)) {
		ask = append(ask, n)
	}
	heads, err := headers(ctx, c.Reader, ask...)
	if err != nil {
		return nil, err
	}
	for _, h := range heads {
		blocks[hexutil.Uint64(h.Number)] = h
	}
	all := make([]mined, len(uses))
	for i, r := range receipts {
		if r == nil {
			continue
		}
		m := &all[i]
		m.there, m.young, m.succeeded, m.from = true, uint64(*r.Block) > c.Final, uint64(*r.Status) == types.ReceiptStatusSuccessful, *r.From
		if m.young {
			continue
		}
		if m.block = blocks[*r.Block]; m.block.Hash != *r.BlockHash {
			return nil, nonsense("the receipt of %s is of a block that is not there", uses[i].transaction)
		}
		if _, over := m.burned.MulOverflow(&m.block.BaseFee, uint256.NewInt(uint64(*r.GasUsed))); over {
			return nil, nonsense("block %d has a base fee beyond all numbers", m.block.Number)
		}
	}
	return all, nil
}

// receipt is what is looked at of one.
type receipt struct {
	Tx        *common.Hash    `json:"transactionHash"`
	Status    *hexutil.Uint64 `json:"status"`
	From      *common.Address `json:"from"`
	GasUsed   *hexutil.Uint64 `json:"gasUsed"`
	Block     *hexutil.Uint64 `json:"blockNumber"`
	BlockHash *common.Hash    `json:"blockHash"`
}

// receipts are those of transactions, nil where there is none.
func receipts(ctx context.Context, r Reader, uses []use) ([]*receipt, error) {
	answers := make([]*receipt, len(uses))
	elems := make([]rpc.BatchElem, len(uses))
	for i := range uses {
		elems[i] = rpc.BatchElem{Method: "eth_getTransactionReceipt", Args: []any{uses[i].transaction}, Result: &answers[i]}
	}
	if err := r.Batch(ctx, elems); err != nil {
		return nil, err
	}
	for i, a := range answers {
		switch {
		case elems[i].Error != nil:
			return nil, refusal.New(refusal.RPCDown, "the endpoint does not give the receipt of %s", uses[i].transaction).Because(elems[i].Error)
		case a == nil:
		case a.Tx == nil || *a.Tx != uses[i].transaction || a.Status == nil || a.From == nil || a.GasUsed == nil || a.Block == nil || a.BlockHash == nil:
			return nil, nonsense("a receipt without its transaction, sender, status, gas or block")
		}
	}
	return answers, nil
}

// end holds what still waits, and tells what nobody reported.
func (r *run) end(ctx context.Context) (Report, error) {
	for _, id := range slices.Sorted(maps.Keys(r.chains)) {
		c := r.chains[id]
		if err := r.hold(ctx, c); err != nil {
			return Report{}, err
		}
		if c.lost > 0 {
			r.unchecked(Unchecked{c.id, c.why, c.lost})
		}
	}
	for _, id := range slices.SortedFunc(maps.Keys(r.Said.ids), func(a, b usage.ID) int { return bytes.Compare(a[:], b[:]) }) {
		if o := r.Said.ids[id]; !o.told {
			r.report.Unreported++
			if err := r.Tell(Finding{Fault: Unreported, Kind: o.kind, ID: id}); err != nil {
				return Report{}, err
			}
		}
	}
	r.Progress(r.of, r.of)
	return r.report, nil
}

func decimal(n uint64) string { return strconv.FormatUint(n, 10) }
