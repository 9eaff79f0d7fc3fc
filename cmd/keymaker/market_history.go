package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/market/history"
)

type pricesOptions struct {
	pool, of, rpc string
	from, to      uint64
	every         time.Duration
}

func newMarketHistoryCmd(a *app) *cobra.Command {
	var o pricesOptions
	cmd := &cobra.Command{
		Use:   "history",
		Short: "Read what the price in a pool was",
		Long: "History reads the price in a pool of Uniswap V2 or V3 at each midnight (UTC) between two blocks, from the chain's state at\n" +
			"that time, and prints it as the CSV that market study reads. Blocks of long ago take an archive node's endpoint. Where there\n" +
			"was no price, none is made up: the command stops and says when.",
		Example: "  # what one whole token 0 of the pool cost, each midnight\n" +
			"  keymaker market history --pool 0x… --network ethereum --from 20000000 --to 21000000 > prices.csv\n" +
			"  # straight into a study, priced the other way round\n" +
			"  keymaker market history --pool 0x… --from 20000000 --of 0x… | keymaker market study - --event 2024-10-01",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPrices(cmd.Context(), a, o) },
	}
	cmd.Flags().StringVar(&o.pool, "pool", "", "address of the pool")
	cmd.Flags().StringVar(&o.of, "of", "", "address of the token whose price it is (default: the pool's token 0)")
	cmd.Flags().StringVar(&o.rpc, "rpc", "", "endpoint to read from (default: the network in use)")
	cmd.Flags().Uint64Var(&o.from, "from", 0, "first block")
	cmd.Flags().Uint64Var(&o.to, "to", 0, "last block (default: the newest)")
	cmd.Flags().DurationVar(&o.every, "every", history.Day*time.Second, "time between two prices, in whole seconds: 24h, 1h")
	_ = cmd.MarkFlagRequired("pool")
	_ = cmd.MarkFlagRequired("from")
	return cmd
}

// pricesView is what the command prints for programs. Prices are strings of whole tokens.
type pricesView struct {
	Schema int          `json:"schema"`
	Pool   string       `json:"pool"`
	Venue  string       `json:"venue"`
	Of     string       `json:"of"`
	In     string       `json:"in"`
	Every  uint64       `json:"every_seconds"`
	Prices []pricedView `json:"prices"`
}

type pricedView struct {
	momentView
	Block uint64 `json:"block"`
	Price string `json:"price"`
}

func runPrices(ctx context.Context, a *app, o pricesOptions) error {
	order, err := o.order()
	if err != nil {
		return err
	}
	c, err := a.endpoint(ctx, o.rpc)
	if err != nil {
		return err
	}
	defer c.Close()
	if order.To == 0 {
		newest, err := c.Header(ctx)
		if err != nil {
			return err
		}
		order.To = newest.Number
	}
	h, err := a.readPool(ctx, c, order)
	if err != nil {
		return err
	}
	if !a.json {
		_, err = fmt.Fprint(a.streams.Out, h.CSV())
		return err
	}
	v := pricesView{1, order.Pool.Hex(), string(h.Venue), h.Of.Address.Hex(), h.In.Address.Hex(), order.Every, nil}
	for _, p := range h.Points {
		v.Prices = append(v.Prices, pricedView{momentOf(emission.Time(p.Time)), p.Block, history.Decimal(p.Price)})
	}
	return json.NewEncoder(a.streams.Out).Encode(v)
}

func (o pricesOptions) order() (history.Order, error) {
	pool, err := address("--pool", o.pool)
	if err != nil {
		return history.Order{}, err
	}
	var of common.Address
	if o.of != "" {
		if of, err = address("--of", o.of); err != nil {
			return history.Order{}, err
		}
	}
	if o.every < time.Second || o.every%time.Second != 0 {
		return history.Order{}, refusal.New(refusal.Usage, "--every %s is no time of whole seconds", o.every).WithHint("write 24h, 1h or 90s")
	}
	return history.Order{Pool: pool, Of: of, From: o.from, To: o.to, Every: uint64(o.every / time.Second)}, nil
}

// readPool says on a terminal how far it is.
func (a *app) readPool(ctx context.Context, r history.Reader, order history.Order) (*history.History, error) {
	if !a.streams.Interactive() {
		return history.Read(ctx, r, order, func(history.Progress) {})
	}
	defer fmt.Fprintln(a.streams.Err)
	return history.Read(ctx, r, order, func(p history.Progress) {
		fmt.Fprintf(a.streams.Err, "\r%d of %d blocks found, %d prices read", p.Found, p.Of, p.Read)
	})
}
