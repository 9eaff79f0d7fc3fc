package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
)

const mum = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8"

// written is a config file with a text.
func written(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func textOf(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAContactIsOneMoreLine(t *testing.T) {
	const commented = "# mine\nnetwork = \"base\" # always\n"
	for name, c := range map[string]struct{ before, after string }{
		"an empty file":     {"", "\n\n[book]\n\"mum\" = \"" + mum + "\"\n"},
		"a file without":    {commented, commented + "\n[book]\n\"mum\" = \"" + mum + "\"\n"},
		"a table with one":  {commented + "[book] # people\nbob = \"" + vitalik + "\"\n\n[limits]\nslippage_bps = 30\n", commented + "[book] # people\n\"mum\" = \"" + mum + "\"\nbob = \"" + vitalik + "\"\n\n[limits]\nslippage_bps = 30\n"},
		"an example of one": {"# [book]\n# alice = \"0x…\"\n", "# [book]\n# alice = \"0x…\"\n\n[book]\n\"mum\" = \"" + mum + "\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			path := written(t, c.before)
			if got, err := AddContact(path, "mum", strings.ToLower(mum)); err != nil || got.Hex() != mum {
				t.Fatal(got, err)
			}
			if got := textOf(t, path); got != c.after {
				t.Errorf("got\n%s\nwant\n%s", got, c.after)
			}
			if was, err := RemoveContact(path, "Mum"); err != nil || was.Hex() != mum {
				t.Fatal(was, err)
			}
			c, err := Load(Sources{UserFile: path})
			if err != nil {
				t.Fatal(err)
			}
			if _, left := c.labelled("mum"); left {
				t.Error("mum is still there")
			}
		})
	}
}

func TestAContactThatCouldBeTakenForAnotherIsRefused(t *testing.T) {
	const book = "[book]\nbob = \"" + mum + "\"\nmum = \"" + vitalik + "\"\n"
	for _, c := range []struct {
		name, address string
		want          refusal.Reason
	}{
		{"bob", vitalik, refusal.Usage},
		{"BOB", vitalik, refusal.Usage},
		{"b0b", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.LookAlike},
		{"b.ob", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.LookAlike},
		{"böb", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.LookAlike},
		{"bоb", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.LookAlike}, // a Cyrillic о
		{"rnum", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.LookAlike},
		{"carl", "0x7099797000000000000000000000000000000000", refusal.LookAlike},
		{"carl", "0x7099000000000000000000000000000000dc79c8", refusal.LookAlike},
		{"carl", "0x00000000000000000000000000000000d17dc79c", ""},
		{"carl", mum, ""}, // another name of the same address
		{"carl", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", ""},
		{"carl", strings.Replace(mum, "dc79C8", "dc79c8", 1), refusal.BadAddress},
		{"carl", mum[:41], refusal.BadAddress},
		{"carl", "mum", refusal.BadAddress},
		{"carl", "0x0000000000000000000000000000000000000000", refusal.ConfigInvalid},
		{"0xcarl", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.ConfigInvalid},
		{"carl\"\nnetwork = \"x", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.ConfigInvalid},
		{"", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", refusal.ConfigInvalid},
	} {
		path := written(t, book)
		_, err := AddContact(path, c.name, c.address)
		if c.want == "" {
			if err != nil {
				t.Errorf("%q at %s: %v", c.name, c.address, err)
			}
			continue
		}
		if !refusal.Is(err, c.want) {
			t.Errorf("%q at %s: %v, want %s", c.name, c.address, err, c.want)
		}
		if textOf(t, path) != book {
			t.Errorf("%q at %s: refused, and written", c.name, c.address)
		}
	}
}

func TestWhatACommandCantChangeIsLeftAsItIs(t *testing.T) {
	for name, text := range map[string]string{
		"an inline table":      "book = { bob = \"" + vitalik + "\" }\n",
		"a key with dots":      "book.bob = \"" + vitalik + "\"\n",
		"a header in a string": "policy = '''\n[book]\n'''\n",
	} {
		path := written(t, text)
		if _, err := AddContact(path, "mum", mum); !refusal.Is(err, refusal.ConfigInvalid) {
			t.Errorf("%s: %v", name, err)
		}
		if name != "a header in a string" {
			if _, err := RemoveContact(path, "bob"); !refusal.Is(err, refusal.ConfigInvalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if textOf(t, path) != text {
			t.Errorf("%s was written:\n%s", name, textOf(t, path))
		}
	}
	if _, err := AddContact(filepath.Join(t.TempDir(), "none.toml"), "mum", mum); !refusal.Is(err, refusal.ConfigInvalid) {
		t.Errorf("no file: %v", err)
	}
	if _, err := RemoveContact(written(t, ""), "mum"); !refusal.Is(err, refusal.UnknownRecipient) {
		t.Errorf("nobody: %v", err)
	}
}

func TestADefaultIsSetWhereItStands(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"a new file's example": {"# Network.\n# network = \"devnet\"\n\n[limits]\nslippage_bps = 30\n", "# Network.\n# network = \"devnet\"\nnetwork = 'base'\n\n[limits]\nslippage_bps = 30\n"},
		"a line":               {"money = \"DAI\"\nnetwork = \"devnet\"\n", "money = \"DAI\"\nnetwork = 'base'\n"},
		"nothing":              {"[limits]\nslippage_bps = 30\n", "network = 'base'\n[limits]\nslippage_bps = 30\n"},
	} {
		path := written(t, c.before)
		if err := SetDefault(path, "network", "base"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := textOf(t, path); got != c.after {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	path := written(t, "network = \"base\"\n")
	for _, c := range [][2]string{{"network", "nowhere"}, {"money", "DAI and more"}} {
		if err := SetDefault(path, c[0], c[1]); !refusal.Is(err, refusal.ConfigInvalid) && !refusal.Is(err, refusal.UnknownChain) {
			t.Errorf("%s = %s: %v", c[0], c[1], err)
		}
	}
	for _, key := range []string{"account", "book.mum", "limits.slippage_bps", "policy"} {
		if err := SetDefault(path, key, "1"); !refusal.Is(err, refusal.Usage) {
			t.Errorf("%s: %v", key, err)
		}
	}
	if textOf(t, path) != "network = \"base\"\n" {
		t.Error("a refused value was written")
	}
}

// Whatever is added and taken out again, a new file says what it said, and its comments stay.
func TestTheBookIsWhatWasPutIntoIt(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		path := filepath.Join(dir, "config.toml")
		if err := WriteCommented(path, Default()); err != nil {
			t.Fatal(err)
		}
		want := map[string]common.Address{}
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			name := rapid.SampledFrom([]string{"mum", "bob", "carl.x", "Dora", "eve-2", "zoë"}).Draw(t, "name")
			if _, there := want[name]; there {
				if _, err := RemoveContact(path, name); err != nil {
					t.Fatal(err)
				}
				delete(want, name)
				continue
			}
			a := common.BytesToAddress(rapid.SliceOfN(rapid.Byte(), 20, 20).Draw(t, "address"))
			if _, err := AddContact(path, name, a.Hex()); refusal.Is(err, refusal.LookAlike) || a == (common.Address{}) {
				continue
			} else if err != nil {
				t.Fatal(err)
			}
			want[name] = a
		}
		c, err := Load(Sources{UserFile: path})
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Book) != len(want) {
			t.Fatalf("the book is %v, want %v", c.Book, want)
		}
		for name, a := range want {
			if c.Book[name] != a {
				t.Fatalf("%s is %s, want %s", name, c.Book[name], a)
			}
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "# Network that counts") {
			t.Fatal("a comment is gone")
		}
	})
}
