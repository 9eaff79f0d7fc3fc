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
)

// figures are what was measured here.
type figures struct {
	Root               common.Hash
	Read, Tree, Proofs time.Duration
	PeakKB             int64
}

type measured struct {
	figures
	lines set
}

// runOwn reads claims, makes their tree and all proofs, and prints the figures and then the proofs.
func runOwn(in io.Reader, out io.Writer) error {
	started := time.Now()
	claims, err := tree.Read(in)
	if err != nil {
		return err
	}
	read := time.Now()
	made, err := tree.Build(tree.Standard, claims, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	built := time.Now()
	if err := made.Write(io.Discard); err != nil {
		return err
	}
	proved := time.Now()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return err
	}
	f := figures{made.Root(), read.Sub(started), built.Sub(read), proved.Sub(built), used.Maxrss}
	if err := json.NewEncoder(out).Encode(f); err != nil {
		return err
	}
	return made.Write(out)
}

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
