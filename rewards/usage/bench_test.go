package usage_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// fullSegments is a ledger of n full segments of one reporter, all of epoch 0.
func fullSegments(t testing.TB, n int) *usage.Memory {
	t.Helper()
	var m usage.Memory
	l := logOf(1, &m)
	for i := range n * usage.MostEntries {
		if _, err := l.Add(tool(0, i)); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Cut(); err != nil {
		t.Fatal(err)
	}
	return &m
}

func BenchmarkReadEntry(b *testing.B) {
	for _, e := range oneOfEach {
		b.Run(e.Kind.String(), func(b *testing.B) {
			line, err := usage.AppendEntry(nil, &e)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(len(line)))
			b.ReportAllocs()
			var read usage.Entry
			for b.Loop() {
				if err := usage.ReadEntry(line, &read); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkAppendEntry(b *testing.B) {
	for _, e := range oneOfEach {
		b.Run(e.Kind.String(), func(b *testing.B) {
			var line []byte
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if line, err = usage.AppendEntry(line[:0], &e); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(line)))
		})
	}
}

// A full segment of 4,096 entries: its bytes a second, and allocations of the whole walk.
func BenchmarkWalk(b *testing.B) {
	f := openIt(b, export(b, fullSegments(b, 1)))
	segments, err := f.Segments()
	if err != nil {
		b.Fatal(err)
	}
	lines, err := f.Lines(&segments[0], nil)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(lines)))
	b.ReportAllocs()
	var r usage.Reader
	for b.Loop() {
		if err := r.Walk(b.Context(), f, &segments[0], usage.Ever, func(usage.ID, *usage.Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/usage.MostEntries, "ns/entry")
}

// A file of 64 full segments, 262,144 entries.
func BenchmarkOpen(b *testing.B) {
	file := export(b, fullSegments(b, 64))
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		openIt(b, file)
	}
}

func BenchmarkWrite(b *testing.B) {
	f := openIt(b, export(b, fullSegments(b, 16)))
	for b.Loop() {
		if err := usage.Write(b.Context(), io.Discard, f, usage.Range{To: 1, Closed: 1}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	segments, err := fullSegments(b, 1).Segments()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := segments[0].Verify(); err != nil {
			b.Fatal(err)
		}
	}
}

// Four million ids, in a table for four million: beyond all caches.
func BenchmarkSeen(b *testing.B) {
	const n = 4_000_000
	ids := make([]usage.ID, n)
	for i := range ids {
		ids[i] = sha256.Sum256(binary.BigEndian.AppendUint64(nil, uint64(i)))
	}
	b.ReportAllocs()
	for b.Loop() {
		s := usage.NewSeen(common.Hash{1}, n, n)
		for i := range ids {
			if !s.First(ids[i]) {
				b.Fatal("an id is there twice")
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/id")
}

func BenchmarkReadSegment(b *testing.B) {
	segments, err := fullSegments(b, 1).Segments()
	if err != nil {
		b.Fatal(err)
	}
	line := usage.AppendSegment(nil, &segments[0])
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	var s usage.Segment
	for b.Loop() {
		if err := usage.ReadSegment(line, &s); err != nil {
			b.Fatal(err)
		}
	}
	if !bytes.Equal(usage.AppendSegment(nil, &s), line) {
		b.Fatal("it was read wrong")
	}
}
