package swap

import (
	"context"
	"errors"
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
	views := make([]chain.View, len(batch))
	for i, q := range batch {
		views[i] = chain.View{Target: q.to, AllowFailure: true, CallData: q.data}
	}
	to := n.Contracts.Multicall3
	raw, err := r.CallContract(ctx, chain.Call{ChainID: n.ChainID, To: &to, Data: chain.PackAggregate3(views)})
	if err != nil {
		return nil, readFailed(ctx, fmt.Sprintf("a multicall of %d reads", len(batch)), err)
	}
	results, err := chain.UnpackAggregate3(raw, len(batch))
	if err != nil {
		return nil, refusal.New(refusal.RPCDown, "%s does not answer as Multicall3", to).Because(err)
	}
	answers := make([]answer, len(batch))
	for i, result := range results {
		if result.Success {
			answers[i] = result.ReturnData
		}
	}
	return answers, nil
}

// readFailed names why a read that must succeed did not, unless the reader did so itself.
func readFailed(ctx context.Context, what string, err error) error {
	if _, named := refusal.As(err); named || ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return refusal.New(refusal.RPCDown, "%s failed", what).Because(err)
}

// askSingly makes each read by itself. The answer of one that reverts is nil; any other failure ends it, as nothing is known.
func askSingly(ctx context.Context, r Reader, n chain.Network, queries []query) ([]answer, error) {
	answers := make([]answer, len(queries))
	for i, q := range queries {
		raw, err := r.CallContract(ctx, chain.Call{ChainID: n.ChainID, To: &q.to, Data: q.data})
		if reverted := new(chain.RevertError); errors.As(err, &reverted) {
			continue
		}
		if err != nil {
			return nil, readFailed(ctx, fmt.Sprintf("a read of %s", q.to), err)
		}
		answers[i] = raw
	}
	return answers, nil
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
