// Package devnet runs two small Ethereum chains in this process, with the contracts that the field really uses: the place
// where newcomers try Keymaker and where its tests are made.
//
// Each chain is a whole go-ethereum node, reached over HTTP JSON-RPC on loopback like any remote one. At start every contract
// is made by its own constructor in a real transaction, pools are filled through the routers' own functions, and among the
// tokens are the ones that hurt: one that returns nothing, one that takes a fee, one that can't be sold, one without depth.
//
// Invariant: addresses are the same at every start, and package known tells them without linking a node. State is kept in
// memory and never on disk; nothing here has value, and every key is public.
//
// Blocks are sealed when a transaction arrives. Each one is at least a second later than its parent, so a chain that is
// given many transactions in a second runs ahead of the clock.
package devnet

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"golang.org/x/sync/errgroup"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// Account is a prefunded account with its public key to everything.
type Account = known.Account

// Options says where the chains are served and where the artifacts lie. The zero Options is a devnet on free ports.
type Options struct {
	PortL1, PortL2 int    // on loopback; zero: a free one
	Artifacts      string // folder that artifacts.Fetch filled; empty: its default
}

// Devnet is two running chains. It is safe for concurrent use.
type Devnet struct{ l1, l2 *node }

// Start makes both chains and serves them. It refuses with refusal.Artifacts where the contracts were not fetched. ctx bounds
// the start alone: the chains run until Close.
func Start(ctx context.Context, opts Options) (*Devnet, error) {
	set, err := artifacts.Load(opts.Artifacts)
	if err != nil {
		return nil, err
	}
	d := new(Devnet)
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		d.l1, err = startNode(ctx, set, known.L1, opts.PortL1)
		return err
	})
	group.Go(func() (err error) {
		d.l2, err = startNode(ctx, set, known.L2, opts.PortL2)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// Close stops both chains and frees their ports. Nothing else may be called after it.
func (d *Devnet) Close() error { return errors.Join(d.l1.close(), d.l2.close()) }

// Networks describes the chains as a config would.
func (d *Devnet) Networks() []chain.Network { return known.Networks(d.l1.endpoint(), d.l2.endpoint()) }

// Tokens lists the tokens of both chains.
func (d *Devnet) Tokens() []chain.Listing { return known.Tokens() }

// Accounts lists the prefunded accounts, the same on both chains. The first two hold tokens, too.
func (d *Devnet) Accounts() []Account { return known.Accounts() }

// Addresses tells where each contract stands on a chain.
func (d *Devnet) Addresses(chainID uint64) map[known.Contract]common.Address {
	return known.Addresses(chainID)
}

// Mine seals n blocks, with what is in the pool.
func (d *Devnet) Mine(chainID uint64, n int) error {
	on, err := d.node(chainID)
	if err != nil {
		return err
	}
	for range n {
		if _, err := on.seal(); err != nil {
			return err
		}
	}
	return nil
}

// AdjustTime seals an empty block that is by whole seconds of the duration later than the newest one. The chain stays ahead
// of the clock from then on. It fails while transactions are in the pool.
func (d *Devnet) AdjustTime(chainID uint64, by time.Duration) error {
	on, err := d.node(chainID)
	if err != nil {
		return err
	}
	return on.adjustTime(by)
}

func (d *Devnet) node(chainID uint64) (*node, error) {
	switch chainID {
	case known.L1:
		return d.l1, nil
	case known.L2:
		return d.l2, nil
	}
	return nil, fmt.Errorf("devnet has no chain %d", chainID)
}
