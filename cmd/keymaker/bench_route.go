package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/snapshot"
	"github.com/keymaker-agent/keymaker/router/solve"
)

type benchRouteOptions struct {
	pools, cases string // files
	gasPrice     string // gwei
	native       string
	maxHops      int
	threads      int
	deadline     time.Duration
	tickToTick   bool
}

func newBenchRouteCmd(a *app) *cobra.Command {
	var o benchRouteOptions
	cmd := &cobra.Command{
		Use:   "route",
		Short: "Route the trades of a file over the pools of a snapshot, and say how far from the best they are and how long it took",
		Long: "Route finds a split for each case, and an upper bound of what any split could bring without gas. A case is a line of JSON\n" +
			"with id, token_in, token_out, and amount_in or amount_out; where it has bound_out, single_path_out or grid5_out, the table\n" +
			"compares with them. docs/routing.md says how a snapshot is written. The time is that of the quote, not of its bound.",
		Example: "  # loss by size, and times\n  keymaker bench route --pools pools.ndjson.gz --cases cases.ndjson\n" +
			"  # with the gas of each trade at 30 gwei; lines for other programs\n  keymaker bench route --pools pools.ndjson.gz --cases cases.ndjson --gas-price 30 --json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runBenchRoute(cmd.Context(), a, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.pools, "pools", "", "snapshot of pools, plain or gzip; - is standard input")
	f.StringVar(&o.cases, "cases", "", "trades to route, one a line")
	f.StringVar(&o.gasPrice, "gas-price", "0", "price of a unit of gas, in gwei; 0 leaves gas out")
	f.StringVar(&o.native, "native", "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2", "token that gas is paid in, wrapped")
	f.IntVar(&o.maxHops, "max-hops", solve.DefaultHops, "pools of a path, at most")
	f.IntVar(&o.threads, "threads", 1, "quotes at a time")
	f.DurationVar(&o.deadline, "deadline", 0, "time for a quote, after which it is the best so far (default: as long as it takes)")
	f.BoolVar(&o.tickToTick, "tick-to-tick", false, "trade pools of Uniswap V3 from tick to tick, as reckoners do that know no bitmap")
	for _, needed := range []string{"pools", "cases"} {
		if err := cmd.MarkFlagRequired(needed); err != nil {
			panic(err)
		}
	}
	return cmd
}

// routeCase is a trade to route, with what others found for it.
type routeCase struct {
	ID       string         `json:"id"`
	TokenIn  common.Address `json:"token_in"`
	TokenOut common.Address `json:"token_out"`
	In       string         `json:"amount_in"`
	Out      string         `json:"amount_out"`
	USD      float64        `json:"usd"`
	Bound    string         `json:"bound_out"`
	Single   string         `json:"single_path_out"`
	Grid     string         `json:"grid5_out"`
}

// routeView is the answer to a case. Of the two amounts it has the one that the case does not.
type routeView struct {
	ID      string      `json:"id"`
	In      string      `json:"amount_in,omitempty"`
	Out     string      `json:"amount_out,omitempty"`
	Paths   []routePath `json:"paths"`
	Bound   string      `json:"bound_out,omitempty"`
	Gas     uint64      `json:"gas"`
	GasCost string      `json:"gas_cost,omitempty"`
	Micros  int64       `json:"micros"`
	Error   string      `json:"error,omitempty"`
}

type routePath struct {
	In   string     `json:"amount_in"`
	Hops []routeHop `json:"hops"`
}

type routeHop struct {
	Pool     string         `json:"pool"`
	TokenIn  common.Address `json:"token_in"`
	TokenOut common.Address `json:"token_out"`
}

func runBenchRoute(ctx context.Context, a *app, o benchRouteOptions) error {
	gwei, err := chain.ParseAmount(o.gasPrice, chain.Token{Symbol: "gwei", Decimals: 9})
	if err != nil || !gwei.Raw.IsUint64() {
		return refusal.New(refusal.Usage, "--gas-price %q is no price in gwei", o.gasPrice)
	}
	native, err := address("--native", o.native)
	if err != nil {
		return err
	}
	if o.threads < 1 || o.threads > 256 {
		return refusal.New(refusal.Usage, "--threads is %d; 1 to 256 can be", o.threads)
	}
	if o.maxHops < 1 || o.maxHops > solve.MaxHops {
		return refusal.New(refusal.Usage, "--max-hops is %d; 1 to %d can be", o.maxHops, solve.MaxHops)
	}
	graph, err := o.graph(a)
	if err != nil {
		return err
	}
	cases, err := o.read(a)
	if err != nil {
		return err
	}
	began := time.Now()
	views, err := o.route(ctx, graph, cases, native, gwei.Raw.Uint64())
	if err != nil {
		return err
	}
	if !a.json {
		printRoutes(a.streams.Out, cases, views, time.Since(began))
		return nil
	}
	out := json.NewEncoder(a.streams.Out)
	for i := range views {
		if err := out.Encode(&views[i]); err != nil {
			return err
		}
	}
	return nil
}

func (o benchRouteOptions) graph(a *app) (*solve.Graph, error) {
	in := a.streams.In
	if o.pools != "-" {
		f, err := os.Open(o.pools)
		if err != nil {
			return nil, refusal.New(refusal.Usage, "%v", err)
		}
		defer f.Close()
		in = f
	}
	state, err := snapshot.Load(in, snapshot.Choice{TickToTick: o.tickToTick})
	if err != nil {
		return nil, err
	}
	pools := make([]pool.Pool, state.Pools())
	for i := range pools {
		pools[i] = state.Pool(i)
	}
	return solve.NewGraph(pools)
}

func (o benchRouteOptions) read(a *app) ([]routeCase, error) {
	text, err := readFile(a.streams.In, o.cases)
	if err != nil {
		return nil, err
	}
	var cases []routeCase
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var c routeCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			return nil, refusal.New(refusal.Usage, "%s, line %d is no case", o.cases, number).
				WithHint("a case is a line of JSON with id, token_in, token_out, and amount_in or amount_out").Because(err)
		}
		if _, err := c.order(); err != nil {
			return nil, refusal.New(refusal.Usage, "%s, line %d: %v", o.cases, number, err)
		}
		cases = append(cases, c)
	}
	return cases, lines.Err()
}

func (c *routeCase) order() (solve.Order, error) {
	order := solve.Order{In: c.TokenIn, Out: c.TokenOut, Wanted: c.In == ""}
	amount := c.In
	if order.Wanted {
		amount = c.Out
	}
	if err := order.Amount.SetFromDecimal(amount); err != nil || order.Amount.IsZero() {
		return order, fmt.Errorf("%q is no amount in smallest units", amount)
	}
	return order, nil
}

// route answers all cases, each thread with a solver of its own.
func (o benchRouteOptions) route(ctx context.Context, g *solve.Graph, cases []routeCase, native common.Address, wei uint64) ([]routeView, error) {
	views := make([]routeView, len(cases))
	group, ctx := errgroup.WithContext(ctx)
	for thread := range o.threads {
		group.Go(func() error {
			solver := solve.New()
			for i := thread; i < len(cases); i += o.threads {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				order, err := cases[i].order()
				if err != nil {
					return err
				}
				order.MaxHops, order.GasPrice, order.Native = o.maxHops, wei, native
				views[i] = o.answer(ctx, solver, g, &cases[i], order)
			}
			return nil
		})
	}
	return views, group.Wait()
}

func (o benchRouteOptions) answer(ctx context.Context, solver *solve.Solver, g *solve.Graph, c *routeCase, order solve.Order) routeView {
	v := routeView{ID: c.ID, Paths: []routePath{}}
	timed := ctx
	if o.deadline > 0 {
		var stop context.CancelFunc
		timed, stop = context.WithTimeout(ctx, o.deadline)
		defer stop()
	}
	began := time.Now()
	q, err := solver.Solve(timed, g, order)
	v.Micros = time.Since(began).Microseconds()
	if err != nil {
		v.Error = err.Error()
		return v
	}
	v.Gas = q.Gas
	if q.Priced {
		v.GasCost = q.GasCost.Dec()
	}
	if order.Wanted {
		v.In = q.In.Dec()
	} else {
		v.Out = q.Out.Dec()
		bound, err := solver.Bound(ctx, g, order)
		switch {
		case err == nil:
			v.Bound = bound.Dec()
		case !errors.Is(err, solve.ErrBound):
			v.Error = err.Error()
			return v
		}
	}
	for _, p := range q.Paths {
		shown := routePath{In: p.In.Dec()}
		for _, h := range p.Hops {
			site := g.Pools()[h.Pool].Site()
			shown.Hops = append(shown.Hops, routeHop{site.ID, site.Tokens[h.In], site.Tokens[h.Out]})
		}
		v.Paths = append(v.Paths, shown)
	}
	return v
}

// printRoutes is the table: losses in basis points against the cases' own bounds, by size.
func printRoutes(w io.Writer, cases []routeCase, views []routeView, took time.Duration) {
	losses, micros := map[float64][]float64{}, make([]float64, 0, len(views))
	below, failed := 0, 0
	for i := range views {
		v, c := &views[i], &cases[i]
		micros = append(micros, float64(v.Micros))
		if v.Error != "" {
			failed++
			fmt.Fprintf(w, "%s: %s\n", c.ID, v.Error)
			continue
		}
		if v.Out == "" {
			continue
		}
		out := roughly(v.Out)
		if bound := roughly(c.Bound); bound > 0 {
			losses[c.USD] = append(losses[c.USD], max(0, (bound-out)/bound*1e4))
		}
		if floor := max(roughly(c.Single), roughly(c.Grid)); out < floor*(1-1e-9)-2 { // references have 12 digits
			below++
		}
	}
	sizes := make([]float64, 0, len(losses))
	for usd := range losses {
		sizes = append(sizes, usd)
	}
	slices.Sort(sizes)
	for _, usd := range sizes {
		l := losses[usd]
		slices.Sort(l)
		fmt.Fprintf(w, "%10.0f  n %4d  loss in bps: median %.4f  p90 %.4f  worst %.4f\n", usd, len(l), at(l, 0.5), at(l, 0.9), l[len(l)-1])
	}
	slices.Sort(micros)
	fmt.Fprintf(w, "%d cases, %d without a route, %d below the best single path or grid\n", len(cases), failed, below)
	if len(micros) > 0 {
		fmt.Fprintf(w, "a quote: p50 %.2f ms, p99 %.2f ms; all with bounds: %.2f s\n", at(micros, 0.5)/1000, at(micros, 0.99)/1000, took.Seconds())
	}
}

// at is a quantile of sorted values.
func at(sorted []float64, q float64) float64 {
	return sorted[min(len(sorted)-1, int(float64(len(sorted))*q))]
}

// roughly is an amount as a float, for comparisons; 0 for none.
func roughly(s string) float64 {
	z, err := uint256.FromDecimal(s)
	if err != nil {
		return 0
	}
	return z.Float64()
}
