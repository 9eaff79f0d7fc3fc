package snapshot

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/keymaker-agent/keymaker/internal/shared"
)

func TestMeasuringSnapshotsAreReadAndWrittenAgain(t *testing.T) {
	dir, ok := shared.Dir(t)
	if !ok {
		t.Log("no shared snapshots here: only the sample of this test is read")
		return
	}
	for file, want := range map[string]struct{ pools, tokens int }{
		"uni2020-arbfree.ndjson.gz": {1448, 1162},
		"uni2020-all.ndjson.gz":     {10839, 9142},
	} {
		f, err := os.Open(filepath.Join(dir, "routing", file))
		if err != nil {
			t.Fatal(err)
		}
		s, err := Load(f, Choice{})
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if s.Pools() != want.pools || len(s.Tokens()) != want.tokens {
			t.Errorf("%s: %d pools, %d tokens", file, s.Pools(), len(s.Tokens()))
		}
		var out, again bytes.Buffer
		if err := WritePacked(&out, s); err != nil {
			t.Fatal(err)
		}
		back, err := Load(bytes.NewReader(out.Bytes()), Choice{})
		if err != nil {
			t.Fatal(err)
		}
		out.Reset()
		if err := Write(&out, s); err != nil {
			t.Fatal(err)
		}
		if err := Write(&again, back); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), again.Bytes()) {
			t.Errorf("%s: written again it is another", file)
		}
	}
}
