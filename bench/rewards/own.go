package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"runtime"
	"syscall"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/tree/reference"
)

// figures are what was measured here.
type figures struct {
	Root               common.Hash
	Read, Tree, Proofs reference.Took
	PeakKB             int64 // as Linux counts it
}

type measured struct {
	figures
	lines set
}

// runOwn reads claims, makes their tree and all proofs, and prints the figures and then the proofs.
func runOwn(in io.Reader, out io.Writer) error {
	var f figures
	var claims *tree.Claims
	var made *tree.Tree
	for _, part := range []struct {
		took *reference.Took
		do   func() error
	}{
		{&f.Read, func() (err error) { claims, err = tree.Read(in); return err }},
		{&f.Tree, func() (err error) { made, err = tree.Build(tree.Standard, claims, runtime.GOMAXPROCS(0)); return err }},
		{&f.Proofs, func() error { return made.Write(io.Discard) }},
	} {
		started, before := time.Now(), used()
		if err := part.do(); err != nil {
			return err
		}
		after := used()
		*part.took = reference.Took{Clock: millis(time.Since(started)), Processors: millis(busy(after) - busy(before))}
		f.PeakKB = after.Maxrss
	}
	f.Root = made.Root()
	if err := json.NewEncoder(out).Encode(f); err != nil {
		return err
	}
	return made.Write(out)
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// used is what this process has used of the machine so far.
func used() (u syscall.Rusage) {
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err) // the only arguments that it refuses are others
	}
	return u
}

func busy(u syscall.Rusage) time.Duration { return time.Duration(u.Utime.Nano() + u.Stime.Nano()) }

// writeClaims writes claims in no order, always the same. An amount has up to 80 bits, as those of a token with 18 decimals.
func writeClaims(path string, n int) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	for i := range n {
		random := sha256.Sum256(binary.BigEndian.AppendUint64([]byte("claim"), uint64(i)))
		amount := new(big.Int).SetBytes(random[20:30])
		fmt.Fprintf(w, "{\"address\":\"0x%x\",\"amount\":\"%s\"}\n", random[:20], amount.Add(amount, big.NewInt(1)))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// set is a digest of lines in any order, as the library keeps the order of its input: the sum of their hashes, and how many.
type set struct {
	sum   [4]uint64
	count int
}

func digest(r io.Reader) (set, error) {
	var s set
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		h := sha256.Sum256(bytes.TrimSpace(lines.Bytes()))
		for i := range s.sum {
			s.sum[i] += binary.BigEndian.Uint64(h[8*i:])
		}
		s.count++
	}
	return s, lines.Err()
}
