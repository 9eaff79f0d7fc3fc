// Command rewards measures the tree of claims and all its proofs, here and with the library that it is compatible with, on the
// same claims, and stops if one byte of root or proofs differs. make bench-rewards runs it.
//
// Each is measured alone, in a process of its own, and without what only one of them does: the library's figures leave out reading
// and printing; ours say reading apart, and our proofs are the lines of text as they are printed. Time is that of the clock, and in
// brackets that of all processors together, which says more on a machine that has other things to do.
package main

import (
	"bufio"
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

	"github.com/keymaker-agent/keymaker/rewards/tree/reference"
)

func main() {
	var o options
	flag.IntVar(&o.claims, "n", 1_000_000, "claims that are measured here")
	flag.IntVar(&o.library, "library", 100_000, "claims that the library is measured with, too; a million take it many minutes")
	own := flag.Bool("own", false, "measure here, with the claims of standard input, and print JSON")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var err error
	if *own {
		err = runOwn(os.Stdin, os.Stdout)
	} else {
		err = o.run(ctx, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type options struct{ claims, library int }

func (o options) run(ctx context.Context, out io.Writer) error {
	if o.claims < 1 || o.library < 1 {
		return errors.New("give -n and -library at least one claim")
	}
	dir, err := os.MkdirTemp("", "keymaker-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	fmt.Fprintf(out, "%d claims are hashed on %d cores\n", o.claims, runtime.GOMAXPROCS(0))
	ours, err := measureOwn(ctx, filepath.Join(dir, "claims"), o.claims)
	if err != nil {
		return err
	}
	ours.print(out, o.claims)
	if o.library != o.claims {
		if ours, err = measureOwn(ctx, filepath.Join(dir, "fewer"), o.library); err != nil {
			return err
		}
		ours.print(out, o.library)
	} else if err := os.Rename(filepath.Join(dir, "claims"), filepath.Join(dir, "fewer")); err != nil {
		return err
	}
	theirs, err := measureLibrary(ctx, filepath.Join(dir, "fewer"))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "library  %9d claims: tree %s, all proofs %s\n", o.library, took(theirs.Tree), took(theirs.Proofs))
	if theirs.Root != ours.Root || theirs.lines != ours.lines {
		return fmt.Errorf("the results differ: root %s here, %s from the library", ours.Root, theirs.Root)
	}
	fmt.Fprintf(out, "root and every proof are equal; with these %d claims the library takes %s as long for the tree, %s for all proofs, %s for both\n",
		o.library, ratio(theirs.Tree, ours.Tree), ratio(theirs.Proofs, ours.Proofs), ratio(theirs.Tree.And(theirs.Proofs), ours.Tree.And(ours.Proofs)))
	return nil
}

func ratio(theirs, ours reference.Took) string {
	return fmt.Sprintf("%.0f (%.0f) times", theirs.Clock/ours.Clock, theirs.Processors/ours.Processors)
}

func took(t reference.Took) string {
	return fmt.Sprintf("%.2f (%.2f) s", t.Clock/1000, t.Processors/1000)
}

func (f figures) print(out io.Writer, claims int) {
	fmt.Fprintf(out, "here     %9d claims: tree %s, all proofs %s; reading the claims %s; at most %d MB of memory\n",
		claims, took(f.Tree), took(f.Proofs), took(f.Read), f.PeakKB/1000)
}

// measureOwn writes claims to a file and measures this program on them in another process, so that nothing else is in its memory.
func measureOwn(ctx context.Context, path string, claims int) (measured, error) {
	if err := writeClaims(path, claims); err != nil {
		return measured{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return measured{}, err
	}
	in, err := os.Open(path)
	if err != nil {
		return measured{}, err
	}
	defer in.Close()
	cmd := exec.CommandContext(ctx, self, "-own")
	cmd.Stdin, cmd.Stderr = in, os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return measured{}, err
	}
	if err := cmd.Start(); err != nil {
		return measured{}, err
	}
	var m measured
	from := bufio.NewReaderSize(pipe, 1<<16)
	said, err := from.ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(said, &m.figures)
	}
	if err == nil {
		m.lines, err = digest(from)
	}
	return m, errors.Join(err, cmd.Wait())
}

type library struct {
	reference.Ran
	lines set
}

func measureLibrary(ctx context.Context, path string) (library, error) {
	in, err := os.Open(path)
	if err != nil {
		return library{}, err
	}
	defer in.Close()
	out, printed := io.Pipe()
	type result struct {
		lines set
		err   error
	}
	digested := make(chan result, 1)
	go func() {
		lines, err := digest(out)
		out.CloseWithError(err)
		digested <- result{lines, err}
	}()
	ran, err := reference.Standard(ctx, in, printed)
	printed.Close()
	d := <-digested
	return library{ran, d.lines}, errors.Join(err, d.err)
}
