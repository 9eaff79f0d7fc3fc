package config

import "testing"

func TestNamingThePinnedModelAgainDoesNotLiftItsPin(t *testing.T) {
	pinned := Model{Name: "qwen3:4b", Digest: "aa"}
	for _, c := range []struct{ name, digest, wantName, wantDigest string }{
		{"", "", "qwen3:4b", "aa"},
		{"qwen3:4b", "", "qwen3:4b", "aa"},
		{"qwen3:4b", "bb", "qwen3:4b", "bb"},
		{"other", "", "other", ""},
		{"other", "bb", "other", "bb"},
		{"", "bb", "qwen3:4b", "bb"},
	} {
		if got := pinned.Or(c.name, c.digest); got.Name != c.wantName || got.Digest != c.wantDigest {
			t.Errorf("Or(%q, %q) is %s at %q", c.name, c.digest, got.Name, got.Digest)
		}
	}
}
