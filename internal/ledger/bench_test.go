package ledger

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/keymaker-agent/keymaker/internal/ledger/ledgertest"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func databases(b *testing.B, run func(b *testing.B, fresh func() *Ledger)) {
	server := ledgertest.Start(b)
	for name, place := range map[string]func() string{
		"SQLite":     func() string { return filepath.Join(b.TempDir(), "usage.db") },
		"PostgreSQL": func() string { return server.Database(b) },
	} {
		b.Run(name, func(b *testing.B) { run(b, func() *Ledger { return openAt(b, place(), at(1)) }) })
	}
}

// One entry that is on the disk when it counts as reported. The PostgreSQL of the tests does not wait for its disk.
func BenchmarkReport(b *testing.B) {
	databases(b, func(b *testing.B, fresh func() *Ledger) {
		l, by, n := fresh(), testKey(1), 0
		for b.Loop() {
			n++
			add(b, l, by, tool(0, n))
		}
	})
}

// A hundred thousand entries of somebody else's, checked and stored.
func BenchmarkImport(b *testing.B) {
	const entries = 100_000
	m := new(usage.Memory)
	log := usage.Log{Reporter: testKey(1).Address(), Calendar: days, Sign: testKey(1).sign, Into: m.Add}
	for n := range entries {
		if _, err := log.Add(tool(0, n)); err != nil {
			b.Fatal(err)
		}
	}
	if err := log.Cut(); err != nil {
		b.Fatal(err)
	}
	databases(b, func(b *testing.B, fresh func() *Ledger) {
		for b.Loop() {
			if _, err := fresh().Import(context.Background(), m); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(entries*float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	})
}
