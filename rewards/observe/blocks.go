package observe

import (
	"context"
	"errors"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// latestTime is the last second that an entry can name.
const latestTime = 1<<40 - 1

// Final is the last block that counts.
func Final(ctx context.Context, r Reader, depth Depth) (chain.Head, error) {
	tag := "latest"
	if depth == Finalised {
		tag = "finalized"
	}
	newest, err := headers(ctx, r, tag)
	if err != nil {
		return chain.Head{}, err
	}
	if depth == Finalised || depth == 0 {
		return newest[0], nil
	}
	if newest[0].Number < uint64(depth) {
		return chain.Head{}, refusal.New(refusal.StatePruned, "the chain has %d blocks, and none with %d others on top", newest[0].Number+1, depth).
			WithHint("wait for more blocks, or name a smaller --depth")
	}
	old, err := headers(ctx, r, hexutil.Uint64(newest[0].Number-uint64(depth)))
	if err != nil {
		return chain.Head{}, err
	}
	return old[0], nil
}

// errNoBlock says that an endpoint knows no block of a number, or none that is final.
var errNoBlock = errors.New("there is none")

// headers are those of blocks by their numbers (hexutil.Uint64) or tags. The last of them is read last.
func headers(ctx context.Context, r Reader, blocks ...any) ([]chain.Head, error) {
	type answer struct {
		Number  *hexutil.Uint64 `json:"number"`
		Hash    *common.Hash    `json:"hash"`
		Time    *hexutil.Uint64 `json:"timestamp"`
		BaseFee *hexutil.U256   `json:"baseFeePerGas"`
	}
	answers := make([]*answer, len(blocks))
	elems := make([]rpc.BatchElem, len(blocks))
	for i, b := range blocks {
		elems[i] = rpc.BatchElem{Method: "eth_getBlockByNumber", Args: []any{b, false}, Result: &answers[i]}
	}
	if err := r.Batch(ctx, elems); err != nil {
		return nil, err
	}
	all := make([]chain.Head, len(blocks))
	for i, a := range answers {
		number, numbered := blocks[i].(hexutil.Uint64)
		switch {
		case a == nil && elems[i].Error == nil:
			elems[i].Error = errNoBlock
			fallthrough
		case elems[i].Error != nil:
			return nil, refusal.New(refusal.StatePruned, "the endpoint does not give block %v", blocks[i]).Because(elems[i].Error).
				WithHint("use the endpoint of an archive node; where the chain says of no block that it is final, name a --depth")
		case a.Number == nil || a.Hash == nil || a.Time == nil || numbered && *a.Number != number || *a.Time > latestTime:
			return nil, nonsense("block %v without its number, hash or time", blocks[i])
		}
		all[i] = chain.Head{Number: uint64(*a.Number), Hash: *a.Hash, Time: uint64(*a.Time)}
		if a.BaseFee != nil {
			all[i].BaseFee = uint256.Int(*a.BaseFee)
		}
	}
	return all, nil
}

// view is a call that reads.
type view struct {
	to   common.Address
	data []byte
}

// views are what contracts answer at a block.
func views(ctx context.Context, r Reader, block any, asked ...view) ([][]byte, error) {
	answers := make([]hexutil.Bytes, len(asked))
	elems := make([]rpc.BatchElem, len(asked))
	for i, v := range asked {
		msg := map[string]any{"to": v.to, "input": hexutil.Bytes(v.data)}
		elems[i] = rpc.BatchElem{Method: "eth_call", Args: []any{msg, block}, Result: &answers[i]}
	}
	if err := r.Batch(ctx, elems); err != nil {
		return nil, err
	}
	out := make([][]byte, len(asked))
	for i := range answers {
		if elems[i].Error != nil || len(answers[i]) < common.HashLength {
			return nil, refusal.New(refusal.StatePruned, "%s does not answer at block %v", asked[i].to, block).Because(elems[i].Error)
		}
		out[i] = answers[i]
	}
	return out, nil
}

func nonsense(format string, args ...any) error {
	return refusal.New(refusal.RPCDown, "the endpoint answers nonsense: "+format, args...)
}

// logJSON is a log as endpoints write it. What is left out is nil.
type logJSON struct {
	Address *common.Address `json:"address"`
	Topics  []common.Hash   `json:"topics"`
	Data    hexutil.Bytes   `json:"data"`
	Block   *hexutil.Uint64 `json:"blockNumber"`
	Hash    *common.Hash    `json:"blockHash"`
	Tx      *common.Hash    `json:"transactionHash"`
	Index   *hexutil.Uint64 `json:"logIndex"`
	Removed bool            `json:"removed"`
}

// errTooMany says that an endpoint does not give the logs of so many blocks at once.
var errTooMany = errors.New("too many blocks at once")

// logs are those of some contracts and events in blocks, unchecked.
func logs(ctx context.Context, r Reader, from, to uint64, addresses []common.Address, events []common.Hash) ([]logJSON, error) {
	var all []logJSON
	elems := []rpc.BatchElem{{Method: "eth_getLogs", Result: &all, Args: []any{map[string]any{
		"fromBlock": hexutil.Uint64(from), "toBlock": hexutil.Uint64(to), "address": addresses, "topics": []any{events},
	}}}}
	err := r.Batch(ctx, elems)
	if ctx.Err() != nil {
		return nil, err
	}
	if err == nil {
		err = elems[0].Error
	}
	var answer rpc.Error
	if err != nil && (errors.As(err, &answer) || errors.Is(err, chain.ErrBodyTooLarge)) {
		return nil, errors.Join(errTooMany, err)
	}
	return all, err
}
