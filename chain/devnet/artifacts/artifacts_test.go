package artifacts

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/refusal"
)

func fetched(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := Fetch(t.Context(), dir, func(line string) { t.Log(line) }); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestAFreshFetchLoadsAndASecondOneNeedsNoNpm(t *testing.T) {
	dir := fetched(t)
	set, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		for _, c := range p.contracts {
			a := set.Artifact(c.name)
			if len(a.Creation) == 0 && len(a.Runtime) == 0 {
				t.Errorf("%s has no code", c.name)
			}
			if _, err := a.Interface(); err != nil {
				t.Error(err)
			}
		}
	}

	// The routers compute pool addresses from these hashes, so they are known independently of this package.
	for name, want := range map[Name]string{
		UniswapV2Pair: "96e8ac4277198ff8b6f785478aa9a39f403cb768dd02cbee326c3e7da348845f",
		UniswapV3Pool: "e34f199b19b2b4f47f68442619d555527d244f78a3297ea89325f843f87b8b54",
	} {
		if got := hex.EncodeToString(crypto.Keccak256(set.Artifact(name).Creation)); got != want {
			t.Errorf("init code hash of %s = %s, want %s", name, got, want)
		}
	}

	t.Setenv("PATH", t.TempDir())
	if err := Fetch(t.Context(), dir, func(string) {}); err != nil {
		t.Errorf("fetch into a complete cache: %v", err)
	}
	if err := os.Remove(kept(dir, QuoterV2)); err != nil {
		t.Fatal(err)
	}
	if err := Fetch(t.Context(), dir, func(string) {}); err == nil {
		t.Error("a fetch without npm succeeded")
	}
}

func TestATamperedFileIsRefusedAndFetchedAgain(t *testing.T) {
	dir := fetched(t)
	path := kept(dir, WETH9)
	right, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(right, []byte("0x60"), []byte("0x61"), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); !refusal.Is(err, refusal.Artifacts) {
		t.Fatalf("load of a tampered file: %v", err)
	}
	if err := Fetch(t.Context(), dir, func(string) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(dir); err != nil {
		t.Fatal(err)
	}
}

func TestAnEmptyCacheIsRefusedWithTheWayToFillIt(t *testing.T) {
	_, err := Load(t.TempDir())
	r, ok := refusal.As(err)
	if !ok || r.Reason != refusal.Artifacts || !strings.Contains(r.Hint, "make contracts") {
		t.Fatalf("got %v", err)
	}
}

func TestATarballOfAnotherHashIsNotOpened(t *testing.T) {
	dir := t.TempDir()
	err := packages[0].keep([]byte("not the tarball"), dir)
	if err == nil || !strings.Contains(err.Error(), "pinned is sha512-") {
		t.Fatalf("got %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(left) != 0 {
		t.Fatalf("kept %v, %v", left, err)
	}
}

func FuzzCodeIsHexInAnyWrappingOrAnError(f *testing.F) {
	for _, seed := range []string{`"0x6001"`, `"6001"`, `{"object":"0x6001"}`, `{}`, `"0x6"`, `null`, `"0x0x60"`, `[1]`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var c code
		if err := c.UnmarshalJSON(raw); err != nil {
			return
		}
		var again code
		if err := again.UnmarshalJSON([]byte(`"` + hex.EncodeToString(c) + `"`)); err != nil || !bytes.Equal(c, again) {
			t.Fatalf("%q became %x, which became %x, %v", raw, []byte(c), []byte(again), err)
		}
	})
}
