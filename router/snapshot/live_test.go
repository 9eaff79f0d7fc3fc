package snapshot

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/router/pool"
)

func TestEventsOfABlockMakeTheNextState(t *testing.T) {
	live := NewLive(load(t, sample()...), 4)
	before := live.State()
	after, err := live.Apply(Block{Number: 101, Hash: hash(1)}, []Event{synced("p", 7, 8), synced("p", 9, 10)})
	if err != nil {
		t.Fatal(err)
	}
	if reserves(after, "p") != "9/10" || reserves(after, "q") != "3000000/4000000" || live.State() != after || after.Block != 101 {
		t.Errorf("p is %s, q is %s", reserves(after, "p"), reserves(after, "q"))
	}
	if reserves(before, "p") != "1000000/2000000" || before.Block != 100 {
		t.Error("the state before changed")
	}
}

func TestEventsOfPoolsWithTicks(t *testing.T) {
	s := load(t, sample()...)
	n, _ := s.PoolOf("t")
	liquidity := uint256.MustFromDecimal("500000000000000000")
	next, err := s.Next(Block{Number: 101}, []Event{
		{Pool: "t", What: pool.Range{Lower: -10, Upper: 10, Liquidity: *liquidity}},
		{Pool: "t", What: pool.Range{Lower: -100, Upper: 100, Liquidity: *liquidity, Burn: true}},
		{Pool: "t", What: pool.Swap{
			SqrtPriceX96: *uint256.MustFromDecimal("79228162514264337593543950337"), Tick: 0, Liquidity: *uint256.MustFromDecimal("1000000000000000000"),
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(next.Pool(n).(*pool.V3).Ticks()); got != 4 {
		t.Errorf("%d ticks, want 4", got)
	}
	for what, event := range map[string]pool.Event{
		"a swap whose liquidity is another": pool.Swap{SqrtPriceX96: *uint256.MustFromDecimal("79228162514264337593543950336"), Liquidity: *uint256.NewInt(1)},
		"a range the wrong way round":       pool.Range{Lower: 10, Upper: -10, Liquidity: *liquidity},
		"more taken out than there is":      pool.Range{Lower: -100, Upper: 100, Liquidity: *uint256.MustFromDecimal("5000000000000000000"), Burn: true},
		"liquidity of 128 bits":             pool.Range{Lower: -10, Upper: 10, Liquidity: *new(uint256.Int).Lsh(uint256.NewInt(1), 127)},
		"a sync":                            pool.Sync{Reserve0: *uint256.NewInt(1), Reserve1: *uint256.NewInt(1)},
		"nothing":                           nil,
	} {
		if _, err := s.Next(Block{Number: 101}, []Event{{Pool: "t", What: event}}); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
}

func TestABlockThatCanNotBeAppliedChangesNothing(t *testing.T) {
	live := NewLive(load(t, sample()...), 4)
	first, err := live.Apply(Block{Number: 101, Hash: hash(1)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		block  Block
		events []Event
		want   error
	}{
		"of another parent":   {Block{102, hash(2), hash(9)}, nil, ErrParent},
		"a block too far":     {Block{103, hash(2), hash(1)}, nil, errNumber},
		"no hash":             {Block{102, hash(0), hash(1)}, nil, errNoHash},
		"an unknown pool":     {Block{102, hash(2), hash(1)}, []Event{synced("p", 1, 1), synced("none", 1, 1)}, ErrNoPool},
		"an event of no kind": {Block{102, hash(2), hash(1)}, []Event{synced("p", 1, 1), {Pool: "p", What: pool.Swap{}}}, pool.ErrEvent},
		"no event":            {Block{102, hash(2), hash(1)}, []Event{{Pool: "p"}}, errNoEvent},
	} {
		if _, err := live.Apply(c.block, c.events); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
		if live.State() != first || reserves(first, "p") != "1000000/2000000" {
			t.Errorf("%s changed the state", what)
		}
	}
}

func TestAfterAReorganisationTheStateOfTheParentIsThere(t *testing.T) {
	live := NewLive(load(t, sample()...), 3)
	for n := 1; n <= 5; n++ {
		block := Block{Number: 100 + uint64(n), Hash: hash(n), Parent: hash(n - 1)}              //nolint:gosec // small
		if _, err := live.Apply(block, []Event{synced("p", uint64(n), uint64(n))}); err != nil { //nolint:gosec // small
			t.Fatal(err)
		}
	}
	if _, err := live.Return(hash(2)); !errors.Is(err, ErrBlock) {
		t.Errorf("block 2 of 5 is kept among 3: %v", err)
	}
	back, err := live.Return(hash(3))
	if err != nil || reserves(back, "p") != "3/3" || live.State() != back {
		t.Fatalf("%v", err)
	}
	if _, err := live.Return(hash(5)); !errors.Is(err, ErrBlock) {
		t.Errorf("a block that is gone was returned to: %v", err)
	}
	other, err := live.Apply(Block{Number: 104, Hash: hash(14), Parent: hash(3)}, []Event{synced("q", 1, 2)})
	if err != nil || reserves(other, "p") != "3/3" || reserves(other, "q") != "1/2" {
		t.Fatalf("%v", err)
	}
}

func TestStatesShareWhatNoEventTouched(t *testing.T) {
	lines := []string{header, tokenLine(0), tokenLine(1)}
	for n := range 3 * pageSize {
		lines = append(lines, pairLine(fmt.Sprint(n), 0, 1, "1", "1"))
	}
	s := load(t, lines...)
	next, err := s.Next(Block{Number: 101}, []Event{synced(fmt.Sprint(pageSize), 2, 2)})
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range []bool{true, false, true} {
		if shared := s.pages[n] == next.pages[n]; shared != want {
			t.Errorf("page %d is shared: %v", n, shared)
		}
	}
	if s.Market != next.Market {
		t.Error("the market was copied")
	}
}

// model is what the pairs' reserves must be, the plain way.
type model map[string]string

func TestStatesAreWhatTheirEventsSayInAnyOrderOfBlocksAndReturns(t *testing.T) {
	const pairs = 100
	lines := []string{header, tokenLine(0), tokenLine(1)}
	start := model{}
	for n := range pairs {
		lines = append(lines, pairLine(fmt.Sprint(n), 0, 1, "1", "1"))
		start[fmt.Sprint(n)] = "1/1"
	}
	first := load(t, lines...)
	rapid.Check(t, func(t *rapid.T) {
		live, want := NewLive(first, 5), []model{start}
		hashes, next, kept := []int{0}, 1, 1
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			if len(want) > 1 && rapid.IntRange(0, 3).Draw(t, "return") == 0 {
				k := rapid.IntRange(max(1, len(want)-kept), len(want)-1).Draw(t, "to")
				if _, err := live.Return(hash(hashes[k])); err != nil {
					t.Fatal(err)
				}
				kept -= len(want) - 1 - k
				want, hashes = want[:k+1], hashes[:k+1]
			} else {
				now, events := model{}, []Event(nil)
				for id, r := range want[len(want)-1] {
					now[id] = r
				}
				for range rapid.IntRange(0, 30).Draw(t, "events") {
					id, a := fmt.Sprint(rapid.IntRange(0, pairs-1).Draw(t, "pool")), rapid.Uint64Range(1, 1000).Draw(t, "reserve")
					events = append(events, synced(id, a, a+1))
					now[id] = fmt.Sprintf("%d/%d", a, a+1)
				}
				block := Block{Number: 100 + uint64(len(want)), Hash: hash(next), Parent: hash(hashes[len(hashes)-1])} //nolint:gosec // small
				if _, err := live.Apply(block, events); err != nil {
					t.Fatal(err)
				}
				want, hashes, next, kept = append(want, now), append(hashes, next), next+1, min(5, kept+1)
			}
			for id, r := range want[len(want)-1] {
				if got := reserves(live.State(), id); got != r {
					t.Fatalf("pair %s is %s, want %s", id, got, r)
				}
			}
		}
		for id := range start {
			if reserves(first, id) != "1/1" {
				t.Fatal("the first state changed")
			}
		}
	})
}

func TestReadersNeverSeeHalfABlock(t *testing.T) {
	const pairs, blocks = 64, 300
	lines := []string{header, tokenLine(0), tokenLine(1)}
	for n := range pairs {
		lines = append(lines, pairLine(fmt.Sprint(n), 0, 1, "100", "1"))
	}
	live := NewLive(load(t, lines...), 8)
	var readers sync.WaitGroup
	done := make(chan struct{})
	for range 3 {
		readers.Add(1)
		go func() {
			defer readers.Done()
			for last := uint64(0); ; {
				select {
				case <-done:
					return
				default:
				}
				s := live.State()
				for n := range s.Pools() {
					if a, _ := s.Pool(n).(*pool.V2).Reserves(); a.Uint64() != s.Block {
						t.Errorf("pair %d of block %d is of block %d", n, s.Block, a.Uint64())
						return
					}
				}
				if s.Block < last {
					t.Errorf("block %d after %d", s.Block, last)
					return
				}
				last = s.Block
			}
		}()
	}
	for n := 1; n <= blocks; n++ {
		block, events := Block{Number: 100 + uint64(n), Hash: hash(n), Parent: hash(n - 1)}, []Event(nil) //nolint:gosec // small
		for p := range pairs {
			events = append(events, synced(fmt.Sprint(p), block.Number, 1))
		}
		if _, err := live.Apply(block, events); err != nil {
			t.Fatal(err)
		}
	}
	close(done)
	readers.Wait()
}
