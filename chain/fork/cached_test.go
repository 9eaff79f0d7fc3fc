package fork

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/cache"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

func openCache(t testing.TB, path string) *cache.Cache {
	t.Helper()
	c, err := cache.Open(path, 64<<20)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func newCached(t testing.TB, src Source, c pinned.Cache) *Fork {
	t.Helper()
	f, err := New(context.Background(), src, WithClock(atDawn), WithBlockTime(1), WithCache(c))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestALaterRunReadsFromTheDiskWhatAnEarlierOneReadFromTheRemote(t *testing.T) {
	g := newGeth(t)
	for range 5 {
		g.Commit()
	}
	txs := []Tx{callTo(alice, pool, wordOf(1000).Bytes()), callTo(alice, past, wordOf(2).Bytes())}
	truth := asJSON(t, simulate(t, newFork(t, g), txs...))
	for _, form := range []struct {
		name  string
		src   Source
		trips int // that pinning takes
	}{{"by hash", g, 2}, {"by number", byNumberOnly{g}, 3}} {
		t.Run(form.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "state.db")
			for run := range 3 {
				c := openCache(t, path)
				src := counting(form.src)
				f := newCached(t, src, c)
				if src.trips != form.trips {
					t.Errorf("New makes %d trips", src.trips)
				}
				if have := asJSON(t, simulate(t, f, txs...)); have != truth {
					t.Errorf("run %d: other effects", run)
				}
				if err := errors.Join(c.Err(), c.Close()); err != nil {
					t.Fatal(err)
				}
				t.Logf("run %d: %d trips, %d calls", run, src.trips, src.calls)
				if (src.trips == form.trips) != (run > 0) {
					t.Errorf("run %d makes %d trips: %v", run, src.trips, src.methods)
				}
			}
		})
	}
}

// refusing answers like a Source, but not to one read of the genesis block.
type refusing struct{ Source }

func (s refusing) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method == "eth_getBlockByNumber" && len(elems) == 3 && i == 1 {
			elems[i].Error = rpcError{-32000}
		}
	}
	return err
}

func TestACacheThatFailsIsNoFailureOfARun(t *testing.T) {
	g := newGeth(t)
	tx := callTo(alice, pool, wordOf(1000).Bytes())
	truth := asJSON(t, simulate(t, newFork(t, g), tx))
	path := filepath.Join(t.TempDir(), "state.db")
	c := openCache(t, path)
	simulate(t, newCached(t, g, c), tx)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(path string, c *cache.Cache) error{
		"closed":  func(_ string, c *cache.Cache) error { return c.Close() },
		"deleted": func(path string, _ *cache.Cache) error { return os.Remove(path) },
		"cut":     func(path string, _ *cache.Cache) error { return os.Truncate(path, 5000) },
		"zeroed":  func(path string, _ *cache.Cache) error { return os.WriteFile(path, make([]byte, len(good)), 0o600) },
	} {
		spoilt := filepath.Join(t.TempDir(), "state.db")
		if err := os.WriteFile(spoilt, good, 0o600); err != nil {
			t.Fatal(err)
		}
		c := openCache(t, spoilt)
		if err := spoil(spoilt, c); err != nil {
			t.Fatal(err)
		}
		if have := asJSON(t, simulate(t, newCached(t, g, c), tx)); have != truth {
			t.Errorf("%s: other effects", name)
		}
		_ = c.Close() // it may say that the file is gone
	}
	c = openCache(t, path)
	src := counting(refusing{g})
	if have := asJSON(t, simulate(t, newCached(t, src, c), tx)); have != truth || src.trips == 2 {
		t.Errorf("without a genesis block: %d trips", src.trips)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// reads is a Cache in memory.
type reads struct{ kept map[pinned.Key]*pinned.Known }

func (c reads) Load(k pinned.Key) pinned.Known {
	if c.kept[k] == nil {
		return pinned.Known{}
	}
	return *c.kept[k]
}

func (c reads) Store(k pinned.Key, known pinned.Known) {
	if c.kept[k] == nil {
		c.kept[k] = new(pinned.Known)
	}
	c.kept[k].Add(known)
}

func TestNothingIsKeptOfABlockThatIsNoLongerThere(t *testing.T) {
	g := newGeth(t)
	c := reads{make(map[pinned.Key]*pinned.Known)}
	f := newCached(t, byNumberOnly{g}, c)
	f.remote.Header().Hash = common.Hash{1} // another block has the number now
	if _, err := f.Balance(context.Background(), bob); !errors.Is(err, pinned.ErrReorged) {
		t.Fatal(err)
	}
	if len(c.kept) != 0 {
		t.Errorf("kept %v", c.kept)
	}
}
