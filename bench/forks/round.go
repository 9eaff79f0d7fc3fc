package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// metric names one figure of one run.
type metric string

const (
	start      metric = "start_ms"       // of the process, until it tells its chain and its block
	cold       metric = "cold_ms"        // the first eth_call of the swap
	first      metric = "first_ms"       // both
	startTrips metric = "start_trips"    // HTTP requests to the remote before the first call
	startCalls metric = "start_calls"    // JSON-RPC calls in them
	trips      metric = "trips"          // HTTP requests to the remote until the first call is answered
	calls      metric = "calls"          // JSON-RPC calls in them
	warm       metric = "warm_ms"        // eth_call of the swap
	estimate   metric = "estimate_ms"    // eth_estimateGas of it
	estimated  metric = "estimated_gas"  // what it said
	simulate   metric = "simulate_ms"    // eth_simulateV1 of it
	send       metric = "send_ms"        // the swap as a raw transaction, until its receipt
	lateTrips  metric = "late_trips"     // HTTP requests to the remote after the first call
	handedOn   metric = "handed_on"      // calls after the start with which it let the remote do the work
	memory     metric = "memory_mib"     // resident at the end, pages of the binary included
	private    metric = "private_mib"    // of these, what no file backs
	peak       metric = "memory_max_mib" // resident at most
	cpu        metric = "cpu_s"          // of the whole run
)

// figures is what one run measured. What a tool can't do is missing.
type figures map[metric]float64

const (
	startPatience = time.Minute
	runPatience   = 3 * time.Minute
	poll          = time.Millisecond

	warmups, warmCalls = 20, 60 // of every kind of call
	firstSends, sends  = 3, 20
)

// setting is one distance of the remote.
type setting struct {
	name  string
	delay time.Duration
}

const (
	near = "loopback"
	far  = "delayed"
)

func settings(delay time.Duration) []setting {
	return []setting{{near, 0}, {far, delay}}
}

// runs holds the figures of all rounds, by setting and tool.
type runs map[string]map[string][]figures

// measure takes the tools in turns. Each round begins with another one.
func measure(ctx context.Context, w *work, tools []tool, o options, say func(string, ...any)) (runs, error) {
	all := make(runs)
	for _, s := range settings(o.delay) {
		all[s.name] = make(map[string][]figures)
	}
	for round := range o.rounds + 1 {
		began := time.Now()
		for _, s := range settings(o.delay) {
			for i := range tools {
				t := tools[(i+round)%len(tools)]
				f, err := w.run(ctx, t, s)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", t.name, s.name, err)
				}
				if round > 0 {
					all[s.name][t.name] = append(all[s.name][t.name], f)
				}
			}
		}
		say("round %d of %d: %.1f s", round, o.rounds, time.Since(began).Seconds())
	}
	return all, nil
}

// startTries is how often a tool is started that ends, or finds somebody else on its port, before it answers.
const startTries = 4

var errNotStarted = errors.New("the tool did not start")

// run takes the figures of one tool. Between the choice of a port and its use another process may take it: so a start is tried again,
// on another port, and all that is measured begins anew.
func (w *work) run(ctx context.Context, t tool, s setting) (figures, error) {
	var failed error
	for range startTries {
		f, err := w.try(ctx, t, s)
		if !errors.Is(err, errNotStarted) || ctx.Err() != nil {
			return f, err
		}
		failed = errors.Join(failed, err)
	}
	return nil, failed
}

// try starts one tool, lets it do the work and stops it.
func (w *work) try(ctx context.Context, t tool, s setting) (f figures, err error) {
	bounded, cancel := context.WithTimeout(ctx, runPatience)
	defer cancel()
	dir, err := os.MkdirTemp(t.home, ".bench-fork-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if t.prepare != nil {
		if err := t.prepare(dir); err != nil {
			return nil, err
		}
	}
	remote, err := startProxy(w.remote, s.delay, t.without)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remote.close()) }()
	port, err := freePort()
	if err != nil {
		return nil, err
	}

	began := time.Now()
	p, err := startProcess(bounded, dir, environment(dir), t.argv(remote.url, w.block, port)...)
	if err != nil {
		return nil, err
	}
	r := &running{work: w, tool: t, process: p, remote: remote, client: dial(fmt.Sprintf("http://127.0.0.1:%d", port)), figures: make(figures)}
	defer r.client.close()
	err = r.do(bounded, began)
	if n := remote.failed.Load(); n > 0 {
		err = errors.Join(err, fmt.Errorf("the remote did not answer %d requests", n))
	}
	spent, stopErr := p.stop()
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%w; its last words: %q", err, p.words)
	}
	r.figures[cpu] = spent.Seconds()
	return r.figures, errors.Join(err, stopErr)
}

// environment gives a tool nothing of the user's but where programs are.
func environment(dir string) []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "TMPDIR=" + dir, "NO_COLOR=1",
		"KEYMAKER_HOME=" + filepath.Join(dir, "keymaker"),
	}
}

// running is one tool at work.
type running struct {
	*work
	tool    tool
	process *process
	remote  *proxy
	client  *client
	figures figures
}

func (r *running) do(ctx context.Context, began time.Time) error {
	if err := r.awaitReady(ctx); err != nil {
		return err
	}
	f := r.figures
	f[start] = since(began)
	if r.tool.settle != nil {
		if err := r.tool.settle(ctx, r.client); err != nil {
			return err
		}
	}
	before := r.remote.tally()
	began = time.Now()
	if err := r.callSwap(ctx); err != nil {
		return err
	}
	f[cold] = since(began)
	after := r.remote.tally()
	f[first] = f[start] + f[cold]
	f[startTrips], f[startCalls] = float64(before.trips), float64(before.calls)
	f[trips], f[calls] = float64(after.trips), float64(after.calls)
	if err := r.goOn(ctx); err != nil {
		return err
	}
	end := r.remote.tally()
	f[lateTrips], f[handedOn] = float64(end.trips-after.trips), float64(end.runs-before.runs)
	return r.process.remember(f)
}

// goOn measures what comes after the first call.
func (r *running) goOn(ctx context.Context) (err error) {
	f := r.figures
	if f[warm], err = repeat(ctx, warmups, warmCalls, r.callSwap); err != nil {
		return err
	}
	if f[estimate], err = repeat(ctx, warmups, warmCalls, r.estimateSwap); err != nil {
		return err
	}
	if r.tool.simulate {
		if f[simulate], err = repeat(ctx, warmups, warmCalls, r.simulateSwap); err != nil {
			return err
		}
	}
	f[send], err = r.sendSwaps(ctx)
	return err
}

// awaitReady asks until the tool tells the chain and the block that it forks.
func (r *running) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	var id, block hexutil.Uint64
	for {
		err := r.client.call(ctx, &id, "eth_chainId")
		if err == nil {
			err = r.client.call(ctx, &block, "eth_blockNumber")
		}
		if err == nil {
			break
		}
		select {
		case <-r.process.ended:
			return fmt.Errorf("%w: it ended before it answered", errNotStarted)
		case <-ctx.Done():
			return fmt.Errorf("not ready in time: %w", err)
		case <-time.After(poll):
		}
	}
	if uint64(id) != known.L1 || uint64(block) != r.block {
		return fmt.Errorf("%w: its port serves block %d of chain %d, not block %d of chain %d", errNotStarted, block, id, r.block, known.L1)
	}
	return nil
}

func (r *running) callSwap(ctx context.Context) error {
	var answer string
	if err := r.client.call(ctx, &answer, "eth_call", r.call, "latest"); err != nil {
		return err
	}
	return r.agree(answer)
}

func (r *running) estimateSwap(ctx context.Context) error {
	var gas hexutil.Uint64
	if err := r.client.call(ctx, &gas, "eth_estimateGas", r.call, "latest"); err != nil {
		return err
	}
	r.figures[estimated] = float64(gas)
	return nil
}

func (r *running) simulateSwap(ctx context.Context) error {
	var blocks []struct {
		Calls []struct {
			Status     hexutil.Uint64
			ReturnData string
		}
	}
	ask := map[string]any{"blockStateCalls": []any{map[string]any{"calls": []any{r.call}}}, "traceTransfers": true}
	if err := r.client.call(ctx, &blocks, "eth_simulateV1", ask, "latest"); err != nil {
		return err
	}
	if len(blocks) != 1 || len(blocks[0].Calls) != 1 || blocks[0].Calls[0].Status != 1 {
		return fmt.Errorf("eth_simulateV1 answered %v", blocks)
	}
	return r.agree(blocks[0].Calls[0].ReturnData)
}

func (r *running) agree(answer string) error {
	if answer != r.answer {
		return fmt.Errorf("the swap returned %s, the remote says %s", answer, r.answer)
	}
	return nil
}

// sendSwaps signs first, so that no signing is in the time.
func (r *running) sendSwaps(ctx context.Context) (float64, error) {
	signed := make([]hexutil.Bytes, firstSends+sends)
	for i := range signed {
		var err error
		if signed[i], err = r.sign(r.nonce+uint64(i), r.router, r.data); err != nil {
			return 0, err
		}
	}
	return repeat(ctx, firstSends, sends, func(ctx context.Context) error {
		next := signed[0]
		signed = signed[1:]
		return r.client.deliver(ctx, next)
	})
}

// repeat does something some times unmeasured and then n times. It returns the median of these in milliseconds.
func repeat(ctx context.Context, before, n int, do func(context.Context) error) (float64, error) {
	times := make([]float64, 0, n)
	for i := range before + n {
		began := time.Now()
		if err := do(ctx); err != nil {
			return 0, err
		}
		if i >= before {
			times = append(times, since(began))
		}
	}
	return median(times), nil
}

func since(began time.Time) float64 { return float64(time.Since(began)) / float64(time.Millisecond) }
