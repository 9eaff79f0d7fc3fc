package swap

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// query is one contract read.
type query struct {
	to   common.Address
	data []byte
}

// batchSize bounds the calls of one multicall: 300 reads of a few cold slots stay far below the gas that nodes give eth_call.
const batchSize = 300

var selAggregate3 = selectorOf("aggregate3((address,bool,bytes)[])")

// ask makes reads, in as few calls as the network's Multicall3 allows. The answer of a read that reverted is nil. An error
// means that the reader or the multicall contract failed, so nothing is known.
func ask(ctx context.Context, r Reader, n chain.Network, queries []query) ([]answer, error) {
	if n.Contracts.Multicall3 == (common.Address{}) {
		return askSingly(ctx, r, n, queries)
	}
	answers := make([]answer, 0, len(queries))
	for len(queries) > 0 {
		batch := queries[:min(batchSize, len(queries))]
		queries = queries[len(batch):]
		got, err := aggregate(ctx, r, n, batch)
		if err != nil {
			return nil, err
		}
		answers = append(answers, got...)
	}
	return answers, nil
}

func aggregate(ctx context.Context, r Reader, n chain.Network, batch []query) ([]answer, error) {
	calls := make([]value, len(batch))
	for i, q := range batch {
		calls[i] = tuple(address(q.to), small(1), blob(q.data))
	}
	to := n.Contracts.Multicall3
	raw, err := r.CallContract(ctx, chain.Call{ChainID: n.ChainID, To: &to, Data: call(selAggregate3, list(calls...))})
	if err != nil {
		return nil, fmt.Errorf("multicall of %d reads: %w", len(batch), err)
	}
	got, err := decodeAggregate3(raw)
	if err != nil || len(got) != len(batch) {
		return nil, refusal.New(refusal.RPCDown, "multicall3 at %s does not answer as multicall3", to)
	}
	return got, nil
}

// askSingly makes each read by itself. A read that fails can't be told from one that reverts, unless the reader says that it
// is down; the answer is nil and what it would have told is left out.
func askSingly(ctx context.Context, r Reader, n chain.Network, queries []query) ([]answer, error) {
	answers := make([]answer, len(queries))
	for i, q := range queries {
		raw, err := r.CallContract(ctx, chain.Call{ChainID: n.ChainID, To: &q.to, Data: q.data})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if refusal.Is(err, refusal.RPCDown) || refusal.Is(err, refusal.NoSimulation) {
			return nil, err
		}
		if err == nil {
			answers[i] = raw
		}
	}
	return answers, nil
}

// decodeAggregate3 reads (bool success, bytes returnData)[]. The answer of a call that did not succeed is nil.
func decodeAggregate3(raw answer) ([]answer, error) {
	start, err := raw.length(0)
	if err != nil {
		return nil, err
	}
	body, err := raw.at(start)
	if err != nil {
		return nil, err
	}
	count, err := body.length(0)
	if err != nil {
		return nil, err
	}
	elements := body[wordSize:]
	if count > len(elements)/wordSize {
		return nil, errAnswer
	}
	answers := make([]answer, count)
	for i := range answers {
		if answers[i], err = decodeResult(elements, i); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

func decodeResult(elements answer, i int) (answer, error) {
	offset, err := elements.length(i)
	if err != nil {
		return nil, err
	}
	result, err := elements.at(offset)
	if err != nil {
		return nil, err
	}
	success, err := result.number(0, 1)
	if err != nil {
		return nil, err
	}
	at, err := result.length(1)
	if err != nil {
		return nil, err
	}
	data, err := result.at(at)
	if err != nil {
		return nil, err
	}
	size, err := data.length(0)
	if err != nil || size > len(data)-wordSize {
		return nil, errAnswer
	}
	if success.IsZero() {
		return nil, nil
	}
	return data[wordSize : wordSize+size : wordSize+size], nil
}

// batch collects reads with what is to be done with their answers, so that many parts share one trip.
type batch struct {
	queries []query
	parts   []part
}

type part struct {
	size int
	read func([]answer)
}

func (b *batch) add(queries []query, read func([]answer)) {
	b.queries = append(b.queries, queries...)
	b.parts = append(b.parts, part{len(queries), read})
}

// run asks, and hands each part its answers, in the order in which they were added.
func (b *batch) run(ctx context.Context, r Reader, n chain.Network) error {
	answers, err := ask(ctx, r, n, b.queries)
	if err != nil {
		return err
	}
	for _, p := range b.parts {
		p.read(answers[:p.size])
		answers = answers[p.size:]
	}
	return nil
}
