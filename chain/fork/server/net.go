package server

import (
	"context"
	"fmt"
	"runtime"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
)

// netAPI is served under net_.
type netAPI struct{ s *Server }

// Version is the chain's id, in decimals.
func (a *netAPI) Version() string { return fmt.Sprint(a.s.current().chainID) }

// Listening is always true: who asks has reached us.
func (a *netAPI) Listening() bool { return true }

// PeerCount is always zero.
func (a *netAPI) PeerCount() hexutil.Uint { return 0 }

// web3API is served under web3_.
type web3API struct{}

// ClientVersion names this program.
func (web3API) ClientVersion() string { return clientVersion() }

func clientVersion() string { return "keymaker-fork/" + runtime.Version() }

// Sha3 is the Keccak-256 hash.
func (web3API) Sha3(input hexutil.Bytes) common.Hash { return crypto.Keccak256Hash(input) }

// poolAPI is served under txpool_. What waits is pending where the next block may hold it, and queued behind a gap.
type poolAPI struct{ s *Server }

type poolContent map[string]map[string]map[string]object

// split tells what waits apart, by sender and nonce.
func (a *poolAPI) split(ctx context.Context, only *common.Address) (poolContent, error) {
	b := a.s.current()
	all := poolContent{"pending": {}, "queued": {}}
	next := make(map[common.Address]uint64)
	for _, tx := range b.order() {
		if only != nil && tx.from != *only {
			continue
		}
		if _, known := next[tx.from]; !known {
			acc, err := b.state.View().Account(ctx, tx.from)
			if err != nil {
				return nil, err
			}
			next[tx.from] = acc.Nonce
		}
		kind := "queued"
		if tx.Nonce() == next[tx.from] {
			kind = "pending"
			next[tx.from]++
		}
		of := all[kind][tx.from.Hex()]
		if of == nil {
			of = make(map[string]object)
			all[kind][tx.from.Hex()] = of
		}
		of[fmt.Sprint(tx.Nonce())] = tx.object()
	}
	return all, nil
}

// Content is all that waits.
func (a *poolAPI) Content(ctx context.Context) (poolContent, error) { return a.split(ctx, nil) }

// ContentFrom is what waits of one sender.
func (a *poolAPI) ContentFrom(ctx context.Context, from common.Address) (map[string]map[string]object, error) {
	all, err := a.split(ctx, &from)
	if err != nil {
		return nil, err
	}
	mine := map[string]map[string]object{"pending": {}, "queued": {}}
	for kind, senders := range all {
		if txs := senders[from.Hex()]; txs != nil {
			mine[kind] = txs
		}
	}
	return mine, nil
}

// Status is how many wait.
func (a *poolAPI) Status(ctx context.Context) (map[string]hexutil.Uint, error) {
	all, err := a.split(ctx, nil)
	if err != nil {
		return nil, err
	}
	status := map[string]hexutil.Uint{"pending": 0, "queued": 0}
	for kind, senders := range all {
		for _, txs := range senders {
			status[kind] += hexutil.Uint(len(txs))
		}
	}
	return status, nil
}
