// Package main compares keymaker fork with the two forks that the field runs: anvil (Foundry) and Hardhat 3 (EDR).
//
// The work is one Uniswap V2 swap of a token for a token, real contracts on an archive node in this process. Every tool forks
// the same block, starts as a process of its own and is asked by one client over HTTP. Between it and the remote stands one
// proxy, which counts requests and the JSON-RPC calls in them, and holds each request back by a given time.
//
// How it is kept fair:
//   - The block lies below the head by more than a reorganisation: at the head EDR does not keep what it reads.
//   - Nothing is on disk: anvil's cache is off, Hardhat's and our folders are new at each start. Rate limits and logs are off,
//     the rules are Osaka's for all.
//   - anvil and Hardhat fund ten and twenty accounts of their own at start, and read them from the remote. So the table has
//     anvil with one account, too, and every count is told both at the start's end and after the first call. Nobody can hide work
//     in the start: first is the time from the start of the process to the first answer.
//   - Ours asks the remote what the swap will read (eth_createAccessList). Where a remote has no such method, that help is gone;
//     the row keymaker-no-hints is this case. Nobody may have the remote do the work itself: such calls are counted as handed on.
//   - Rounds are interleaved, each begins with another tool, one before them is thrown away, and figures are medians.
//   - Every tool must give the remote's own answer, and a receipt that says success. A wrong answer ends the run.
//
// What it does not say: anvil and Hardhat are whole development nodes, ours answers fewer methods. A warm call is mostly HTTP.
// Estimates differ in how exactly they search, so the gas each one names is in the JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

type options struct {
	rounds int
	delay  time.Duration
	binary string
	only   string
	json   bool
}

func main() {
	var o options
	flag.IntVar(&o.rounds, "rounds", 7, "measured `rounds`; one more before them is thrown away")
	flag.DurationVar(&o.delay, "delay", 25*time.Millisecond, "`time` that a far remote adds to a request")
	flag.StringVar(&o.binary, "keymaker", "bin/keymaker", "our `binary`")
	flag.StringVar(&o.only, "only", "", "comma-separated `names` of the tools to run (default: all)")
	flag.BoolVar(&o.json, "json", false, "print JSON in place of the table")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	missed, err := run(ctx, o)
	switch {
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "bench-fork: interrupted; nothing runs any more")
		stop()
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "bench-fork:", err)
		stop()
		os.Exit(1)
	case missed > 0:
		fmt.Fprintf(os.Stderr, "bench-fork: %d targets missed\n", missed)
		stop()
		os.Exit(1)
	}
}

// run measures and prints. It returns how many targets were missed.
func run(ctx context.Context, o options) (int, error) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		return 0, errors.New("the pinned packages of anvil and node are for linux on amd64 only")
	}
	if o.rounds < 1 || o.delay < 0 {
		return 0, errors.New("give at least one round, and a delay that is not negative")
	}
	say := func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	at, err := install(ctx, say)
	if err != nil {
		return 0, err
	}
	all, err := tools(at, o.binary)
	if err != nil {
		return 0, err
	}
	chosen, err := choose(all, o.only)
	if err != nil {
		return 0, err
	}
	for i, t := range chosen {
		if chosen[i].version, err = t.ask(ctx); err != nil {
			return 0, fmt.Errorf("version of %s: %w", t.name, err)
		}
	}
	w, err := startWork(ctx)
	if err != nil {
		return 0, err
	}
	runs, err := measure(ctx, w, chosen, o, say)
	if err = errors.Join(err, w.close()); err != nil {
		return 0, err
	}
	r := summarize(w, chosen, o, runs)
	if o.json {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return r.missed(), out.Encode(r)
	}
	return r.missed(), r.print(os.Stdout)
}

// choose keeps the tools that a comma-separated list names, all where it is empty.
func choose(all []tool, only string) ([]tool, error) {
	if only == "" {
		return all, nil
	}
	byName := make(map[string]tool)
	var names []string
	for _, t := range all {
		byName[t.name] = t
		names = append(names, t.name)
	}
	var chosen []tool
	for name := range strings.SplitSeq(only, ",") {
		t, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("no tool %q; there are %s", name, strings.Join(names, ", "))
		}
		chosen = append(chosen, t)
	}
	return chosen, nil
}
