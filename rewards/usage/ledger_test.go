package usage_test

import (
	"bytes"
	"maps"
	"testing"

	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func TestWhatIsLoggedIsReadBackFromItsExport(t *testing.T) {
	var m usage.Memory
	for n := uint64(1); n <= 3; n++ {
		l := logOf(n, &m)
		for i := range 30 {
			if _, err := l.Add(tool(usage.Epoch(i/10), i+100*int(n))); err != nil {
				t.Fatal(err)
			}
		}
		if err := l.Cut(); err != nil {
			t.Fatal(err)
		}
	}
	roots, ids, err := accept(t.Context(), &m)
	if err != nil {
		t.Fatal(err)
	}
	if len(roots) != 3 || len(ids) != 90 {
		t.Fatalf("%d epochs with %d entries", len(roots), len(ids))
	}
	text := export(t, &m)
	f := openIt(t, text)
	again, same, err := accept(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	if !maps.Equal(roots, again) || !maps.Equal(ids, same) {
		t.Fatal("the export holds something else")
	}
	if !bytes.Equal(export(t, f), text) {
		t.Fatal("the export of the export is another one")
	}
}
