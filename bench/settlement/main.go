// Command settlement measures what it takes to settle a usage ledger: signatures and chains checked, every entry counted once, each
// epoch allotted, the root of all claims made, and every claim printed with its proof. make bench-settlement runs it.
//
// The ledger is made first, in a file, always the same from one seed: entries of every kind by several reporters who sign them, some of
// them copies of what another has. Making it is not measured. Settling is measured in a process of its own, so that nothing else is in
// its memory: the clock, the time of all processors together, and the most memory that it ever had, as Linux counts it (VmHWM).
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/settlement"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func main() {
	var o options
	flag.Uint64Var(&o.entries, "n", 10_000_000, "entries of the ledger")
	flag.Uint64Var(&o.claimants, "claimants", 1_000_000, "accounts that earn")
	flag.Uint64Var(&o.epochs, "epochs", 3, "epochs that the entries are spread over")
	flag.IntVar(&o.reporters, "reporters", 4, "reporters that sign them")
	flag.IntVar(&o.workers, "workers", runtime.GOMAXPROCS(0), "goroutines that settle")
	flag.Uint64Var(&o.seed, "seed", 1, "of the ledger")
	flag.IntVar(&o.times, "times", 1, "how often it is settled")
	flag.StringVar(&o.ledger, "ledger", "", "file of the ledger, which is kept; made where it is not there (default: a temporary one)")
	flag.StringVar(&o.profile, "profile", "", "file for a profile of the processors' time")
	measured := flag.Bool("measured", false, "settle here, and print JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := o.run
	if *measured {
		run = o.settle
	}
	if err := run(ctx, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct {
	entries, claimants, epochs, seed uint64
	reporters, workers, times        int
	ledger, profile                  string
}

// figures are seconds and kB.
type figures struct {
	Open, Settle, Tree, Proofs float64
	Wall, Processors           float64
	PeakKB                     int64
	Claims                     int
	ProofBytes                 int64
	Root                       common.Hash
	State                      string
}

func (o options) run(ctx context.Context, out io.Writer) error {
	if o.entries < 1000 || o.claimants < 100 || o.epochs < 1 || o.reporters < 2 || o.times < 1 {
		return errors.New("give at least 1,000 entries, 100 claimants, 1 epoch, 2 reporters and 1 time")
	}
	dir, err := os.MkdirTemp("", "keymaker-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.ledger == "" {
		o.ledger = filepath.Join(dir, "ledger.ndjson")
	}
	if _, err := os.Stat(o.ledger); errors.Is(err, os.ErrNotExist) {
		if err := o.make(ctx); err != nil {
			return errors.Join(err, os.Remove(o.ledger))
		}
	}
	info, err := os.Stat(o.ledger)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d entries, %d epochs, %d reporters, %d MB; %d goroutines\n", o.entries, o.epochs, o.reporters, info.Size()/1e6, o.workers)
	for range o.times {
		f, err := o.measure(ctx)
		if err != nil {
			return err
		}
		f.print(out)
	}
	return nil
}

func (f figures) print(out io.Writer) {
	fmt.Fprintf(out, "%.1f s (%.1f s of processors), at most %d MiB of memory; %d claims, root %s, state %s\n"+
		"    index %.1f s, checks and sums %.1f s, tree %.1f s, proofs %.1f s (%d MB)\n",
		f.Wall, f.Processors, f.PeakKB>>10, f.Claims, f.Root, f.State, f.Open, f.Settle, f.Tree, f.Proofs, f.ProofBytes/1e6)
}

// measure settles in another process.
func (o options) measure(ctx context.Context) (f figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	cmd := exec.CommandContext(ctx, self, "-measured", "-ledger", o.ledger, "-workers", strconv.Itoa(o.workers), "-profile", o.profile,
		"-n", fmt.Sprint(o.entries), "-claimants", fmt.Sprint(o.claimants), "-epochs", fmt.Sprint(o.epochs), "-reporters", strconv.Itoa(o.reporters))
	cmd.Stderr = os.Stderr
	said, err := cmd.Output()
	if err != nil {
		return f, fmt.Errorf("settle in a process of its own: %w", err)
	}
	return f, json.Unmarshal(said, &f)
}

// settle is what is measured: what keymaker rewards settle does, with its percentage of the garbage collector.
func (o options) settle(ctx context.Context, out io.Writer) error {
	debug.SetGCPercent(25)
	if o.profile != "" {
		file, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		defer file.Close()
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	var f figures
	began := time.Now()
	last := began
	lap := func() float64 {
		now := time.Now()
		defer func() { last = now }()
		return now.Sub(last).Seconds()
	}
	in, err := os.Open(o.ledger)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	ledger, err := usage.Open(ctx, in, info.Size())
	if err != nil {
		return err
	}
	f.Open = lap()
	r := o.rules()
	result, err := settlement.Settle(ctx, ledger, r, r.First+usage.Epoch(o.epochs)-1, settlement.Options{Workers: o.workers})
	if err != nil {
		return err
	}
	f.Settle, f.Claims = lap(), result.Claims.Len()
	made, err := tree.Build(tree.Standard, result.Claims, o.workers)
	if err != nil {
		return err
	}
	f.Tree, f.Root = lap(), made.Root()
	if f.ProofBytes, err = o.writeProofs(made); err != nil {
		return err
	}
	f.Proofs, f.Wall = lap(), time.Since(began).Seconds()
	f.Processors, f.State = processors(), fmt.Sprintf("%x", result.State.Hash())
	if f.PeakKB, err = peak(); err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(f)
}

func (o options) writeProofs(made *tree.Tree) (size int64, err error) {
	file, err := os.CreateTemp(filepath.Dir(o.ledger), "proofs-*.ndjson")
	if err != nil {
		return 0, err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if err := made.Write(file); err != nil {
		return 0, err
	}
	return file.Seek(0, io.SeekCurrent)
}

// processors is what this process has used of all of them so far, in seconds.
func processors() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the only arguments that it refuses are others
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
}

// peak is the most memory that this process ever had, in kB.
func peak() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(bytes.NewReader(status))
	for lines.Scan() {
		if text, found := strings.CutPrefix(lines.Text(), "VmHWM:"); found {
			return strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(text, "kB")), 10, 64)
		}
	}
	return 0, errors.New("/proc/self/status has no VmHWM")
}
