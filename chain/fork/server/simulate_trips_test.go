package server

import (
	"encoding/json"
	"testing"
)

// A cold simulation takes three trips however many blocks it has: one for what the system reads, one to ask what the calls will read,
// one to read it. A warm one takes none. For state roots, which several blocks have in any case, there is one trip more for what the
// system writes, and one for each block that touches something new.
func TestAColdSimulationTakesFewTrips(t *testing.T) {
	m := newMarket(t)
	one := []any{map[string]any{"calls": []any{m.swap, m.swap}}}
	three := append(one, map[string]any{}, map[string]any{"calls": []any{m.swap}})
	for name, c := range map[string]struct {
		options    Options
		blocks     []any
		cold, warm int
	}{
		"one block":                   {Options{}, one, 3, 0},
		"one block with a state root": {Options{StateRoots: true}, one, 5, 2},
		"three blocks":                {Options{}, three, 5, 2},
	} {
		t.Run(name, func(t *testing.T) {
			src := &counted{Source: source(t, m.url)}
			_, url := serve(t, src, c.options)
			client, dial := dialed(t, url), src.trips
			request := map[string]any{"traceTransfers": true, "blockStateCalls": c.blocks}
			simulate := func() int {
				t.Helper()
				was := src.trips
				var blocks []struct{ Calls []simulatedCall }
				if err := client.CallContext(t.Context(), &blocks, "eth_simulateV1", request, "latest"); err != nil {
					t.Fatal(err)
				}
				for _, b := range blocks {
					for _, call := range b.Calls {
						if call.Error != nil || len(call.Logs) == 0 {
							t.Fatalf("%+v", call)
						}
					}
				}
				return src.trips - was
			}
			cold, warm := simulate(), simulate()
			t.Logf("%d trips to stand there, %d cold, %d warm, %d calls", dial, cold, warm, len(src.calls))
			if cold > c.cold || warm > c.warm {
				t.Errorf("%d trips cold, %d warm, want at most %d and %d: %v", cold, warm, c.cold, c.warm, src.calls)
			}
		})
	}
}

func BenchmarkAWarmSimulationOverHTTP(b *testing.B) {
	m := newMarket(b)
	_, url := serve(b, source(b, m.url), Options{})
	c := dialed(b, url)
	request := map[string]any{"traceTransfers": true, "blockStateCalls": []any{map[string]any{"calls": []any{m.swap}}}}
	for b.Loop() {
		var out json.RawMessage
		if err := c.CallContext(b.Context(), &out, "eth_simulateV1", request, "latest"); err != nil {
			b.Fatal(err)
		}
	}
}
