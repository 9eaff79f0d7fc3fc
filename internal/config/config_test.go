package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

const vitalik = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"

func writeFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t testing.TB, text string) (*Config, error) {
	t.Helper()
	return Load(Sources{UserFile: writeFile(t, text)})
}

func TestDefaultsLoadFromNothing(t *testing.T) {
	c, err := Load(Sources{UserFile: filepath.Join(t.TempDir(), "none.toml")})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), *c); diff != "" {
		t.Error(diff)
	}
}

func TestStrongerLayersWin(t *testing.T) {
	user := writeFile(t, "network = \"base\"\n[model]\nname = \"user\"\nnum_ctx = 2048\n[limits]\nslippage_bps = 10\n")
	project := writeFile(t, "network = \"optimism\"\n[model]\nname = \"project\"\n")
	c, err := Load(Sources{
		UserFile: user, ProjectFile: project,
		Env:   []string{"KEYMAKER_MODEL_NAME=env", "KEYMAKER_LIMITS_SLIPPAGE_BPS=20", "KEYMAKER_MODEL_TIMEOUT=5s", "PATH=/bin"},
		Flags: map[string]any{"limits.slippage_bps": "30", "ui.plain": true, "ui.no_color": "true"},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Network = "optimism"
	want.Model.Name, want.Model.NumCtx, want.Model.Timeout = "env", 2048, 5*time.Second
	want.Limits.SlippageBps = 30
	want.UI = UI{Plain: true, NoColor: true}
	if diff := cmp.Diff(want, *c); diff != "" {
		t.Error(diff)
	}
}

func TestEverySectionOfTheFileIsRead(t *testing.T) {
	c, err := load(t, `
network = "mine"
account = "`+vitalik+`"

[book]
alice = "`+vitalik+`"
"bob.eth" = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"

[networks.mine]
chain_id = 777
rpc = ["https://one.example", "https://two.example/key"]
native_symbol = "MNE"
native_decimals = 9
test = true
[networks.mine.contracts]
wrapped_native = "0x4200000000000000000000000000000000000006"

[networks.ethereum]
rpc = ["http://127.0.0.1:8545"]

[[tokens]]
network = "mine"
symbol = "ABC"
address = "`+vitalik+`"
decimals = 0
`)
	if err != nil {
		t.Fatal(err)
	}
	networks, tokens, err := c.Resolve()
	if err != nil {
		t.Fatal(err)
	}
	mine := networks[slices.IndexFunc(networks, func(n chain.Network) bool { return n.Key == "mine" })]
	want := chain.Network{
		Key: "mine", Name: "mine", ChainID: 777, RPC: []string{"https://one.example", "https://two.example/key"},
		Native: chain.Token{ChainID: 777, Symbol: "MNE", Decimals: 9}, BlockTime: 12,
		Contracts: chain.Contracts{WrappedNative: common.HexToAddress("0x4200000000000000000000000000000000000006")},
	}
	if diff := cmp.Diff(want, mine); diff != "" {
		t.Error(diff)
	}
	eth := networks[slices.IndexFunc(networks, func(n chain.Network) bool { return n.Key == "ethereum" })]
	if eth.RPC[0] != "http://127.0.0.1:8545" || !eth.Real || eth.ChainID != 1 {
		t.Errorf("ethereum is %+v", eth)
	}
	for chainID, symbols := range map[uint64][]string{777: {"MNE", "ABC"}, 1: {"ETH", "USDC"}, 31337: {"ETH", "USDC", "WETH"}} {
		for _, s := range symbols {
			if len(tokens.Symbol(chainID, s)) != 1 {
				t.Errorf("chain %d has %d tokens %s", chainID, len(tokens.Symbol(chainID, s)), s)
			}
		}
	}
	if l := tokens.Symbol(777, "abc"); l[0].Source != Source || l[0].Decimals != 0 {
		t.Errorf("own token is listed as %+v", l)
	}
	if c.Book["bob.eth"] != common.HexToAddress(vitalik) {
		t.Errorf("book is %v", c.Book)
	}
}

func TestBadConfigsAreRefusedByName(t *testing.T) {
	cases := []struct{ name, text, says, hint string }{
		{"unknown key", "netwrok = \"base\"", "there is no key netwrok", "did you mean network?"},
		{"unknown key in a section", "[model]\nnum_ctxx = 4096", "there is no key model.num_ctxx", "did you mean model.num_ctx?"},
		{"key in the wrong section", "[model]\nslippage_bps = 5", "there is no key model.slippage_bps", "did you mean limits.slippage_bps?"},
		{"unknown key of a network", "[networks.base]\nrpcs = []", "there is no key networks.base.rpcs", "did you mean networks.base.rpc?"},
		{"unknown key of a token", "[[tokens]]\nsymbl = \"A\"", "there is no key tokens.symbl", "did you mean tokens.symbol?"},
		{"broken TOML", "network = ", "line 1", ""},
		{"text for a number", "[limits]\nslippage_bps = \"50\"", "slippage_bps", ""},
		{"float for a number", "[limits]\nslippage_bps = 0.5", "slippage_bps", ""},
		{"negative number", "[limits]\nslippage_bps = -5", "slippage_bps", ""},
		{"too large for its type", "[[tokens]]\nnetwork=\"base\"\nsymbol=\"A\"\naddress=\"" + vitalik + "\"\ndecimals = 300", "decimals", ""},
		{"slippage of everything", "[limits]\nslippage_bps = 9999", "slippage_bps is 9999", ""},
		{"no deadline", "[limits]\ndeadline_seconds = 0", "deadline_seconds is 0", ""},
		{"bare number as duration", "[model]\ntimeout = 30", "timeout", ""},
		{"wrong checksum", "[book]\na = \"0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96046\"", "checksum", ""},
		{"short address", "account = \"0x12\"", "account", ""},
		{"zero address in the book", "[book]\na = \"0x0000000000000000000000000000000000000000\"", "zero address", ""},
		{"names that differ in case", "[book]\nBob = \"" + vitalik + "\"\nbob = \"" + vitalik + "\"", "differ only in case", ""},
		{"name that looks like an address", "[book]\n0xbob = \"" + vitalik + "\"", "not a plain name", ""},
		{"bidi name", "[book]\n\"bo\u202eb\" = \"" + vitalik + "\"", "not a plain name", ""},
		{"another chain id for a built-in network", "[networks.base]\nchain_id = 1", "which is ethereum", ""},
		{"second network of one chain id", "[networks.other]\nchain_id = 8453\nrpc = [\"http://x\"]", "which is base", "change the network base"},
		{"real money called a test", "[networks.ethereum]\ntest = true", "coins have value", ""},
		{"network without rpc", "[networks.other]\nchain_id = 99", "no rpc", ""},
		{"network without chain id", "[networks.other]\nrpc = [\"http://x\"]", "no chain_id", ""},
		{"rpc of another scheme", "[networks.base]\nrpc = [\"wss://secret.example\"]", "entry 1 is not an http", ""},
		{"upper-case network key", "[networks.Base]\nrpc = [\"http://x\"]", "not a plain key", ""},
		{"token on no network", "[[tokens]]\nnetwork=\"mars\"\nsymbol=\"A\"\naddress=\"" + vitalik + "\"\ndecimals=18", "no such network", "devnet"},
		{"token without decimals", "[[tokens]]\nnetwork=\"base\"\nsymbol=\"A\"\naddress=\"" + vitalik + "\"", "no decimals", ""},
		{"token that contradicts the built-in list", "[[tokens]]\nnetwork=\"ethereum\"\nsymbol=\"USDC\"\naddress=\"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48\"\ndecimals=18", "contradict", ""},
		{"author without an address", "[rewards.authors]\nkeymaker = \"0x0000000000000000000000000000000000000000\"", "zero address", ""},
		{"front end of an impossible name", "[rewards]\nfront = \"My front\"\nsubnet = \"0x" + strings.Repeat("ab", 32) + "\"", "no name of the ledger", "small letters"},
		{"front end without a subnet", "[rewards]\nfront = \"plain\"", "go together", ""},
		{"subnet that is none", "[rewards]\nfront = \"plain\"\nsubnet = \"0xab\"", "no subnet", "64 hex digits"},
		{"model url without scheme", "[model]\nurl = \"localhost:11434\"", "model.url", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.text)
			e, ok := refusal.As(err)
			if !ok || e.Reason != refusal.ConfigInvalid {
				t.Fatalf("error is %v", err)
			}
			if !strings.Contains(e.Error(), c.says) || !strings.Contains(e.Hint, c.hint) || e.Hint == "" {
				t.Errorf("says %q, hint %q", e.Error(), e.Hint)
			}
			if strings.Contains(e.Error(), "\n") || strings.Contains(e.Error(), "secret") {
				t.Errorf("says %q", e.Error())
			}
		})
	}
}

func TestRefusalsOfOtherNames(t *testing.T) {
	_, err := load(t, "[model]\nurl = \"http://models.example:11434\"")
	if !refusal.Is(err, refusal.ModelRemote) {
		t.Errorf("a remote model gives %v", err)
	}
	if _, err := load(t, "[model]\nurl = \"http://models.example:11434\"\nallow_remote = true"); err != nil {
		t.Errorf("an allowed remote model gives %v", err)
	}
	_, err = load(t, "network = \"mars\"")
	if e, ok := refusal.As(err); !ok || e.Reason != refusal.UnknownChain || !strings.Contains(e.Hint, "arbitrum") {
		t.Errorf("an unknown network gives %v", err)
	}
}

func TestProjectFileSetsOnlyWhatIsHarmless(t *testing.T) {
	for _, text := range []string{
		"policy = \"mine.json\"",
		"account = \"" + vitalik + "\"",
		"[model]\nurl = \"http://127.0.0.1:1\"",
		"[model]\nallow_remote = true",
		"[limits]\nslippage_bps = 4000",
		"[networks.base]\nrpc = [\"http://evil.example\"]",
		"[book]\nalice = \"" + vitalik + "\"",
		"[[tokens]]\nsymbol = \"USDC\"",
	} {
		_, err := Load(Sources{ProjectFile: writeFile(t, text)})
		if !refusal.Is(err, refusal.ConfigInvalid) || !strings.Contains(err.Error(), "a project file can't set") {
			t.Errorf("%q gives %v", text, err)
		}
	}
}

func TestFilesThatOthersReachAreRefused(t *testing.T) {
	path := writeFile(t, "network = \"base\"")
	cases := []struct {
		mode    os.FileMode
		sources Sources
		refused bool
	}{
		{0o600, Sources{UserFile: path}, false},
		{0o644, Sources{UserFile: path}, true},
		{0o660, Sources{UserFile: path}, true},
		{0o644, Sources{ProjectFile: path}, false},
		{0o664, Sources{ProjectFile: path}, true},
	}
	for _, c := range cases {
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		_, err := Load(c.sources)
		if refusal.Is(err, refusal.ConfigInvalid) != c.refused {
			t.Errorf("mode %04o, %+v: %v", c.mode, c.sources, err)
		}
	}
}

func TestMisspelledEnvironmentIsRefused(t *testing.T) {
	_, err := Load(Sources{Env: []string{"KEYMAKER_MODEL_ALOW_REMOTE=1"}})
	if !refusal.Is(err, refusal.ConfigInvalid) || !strings.Contains(err.Error(), "KEYMAKER_MODEL_ALOW_REMOTE") {
		t.Errorf("error is %v", err)
	}
	if _, err := Load(Sources{Env: []string{"KEYMAKER_HOME=/x", "KEYMAKER_SHARED=/y"}}); err != nil {
		t.Errorf("variables of other use give %v", err)
	}
	_, err = Load(Sources{Env: []string{"KEYMAKER_MODEL_NUM_CTX=many"}})
	if !refusal.Is(err, refusal.ConfigInvalid) || !strings.Contains(err.Error(), "model.num_ctx") {
		t.Errorf("a word for a number gives %v", err)
	}
	_, err = Load(Sources{Flags: map[string]any{"modle.name": "x"}})
	if !refusal.Is(err, refusal.ConfigInvalid) {
		t.Errorf("an unknown flag key gives %v", err)
	}
}

func TestWrittenConfigLoadsAsItWas(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		want := Default()
		want.Network = rapid.SampledFrom([]string{"devnet", "base", "ethereum"}).Draw(t, "network")
		want.Model.Name = rapid.StringMatching(`[a-z0-9:.\-"'\\#]{0,12}`).Draw(t, "model")
		want.Model.AllowRemote = rapid.Bool().Draw(t, "remote")
		want.Model.Timeout = time.Duration(rapid.IntRange(1, 3600).Draw(t, "timeout")) * time.Second
		want.Limits.SlippageBps = rapid.Uint64Range(0, 5000).Draw(t, "slippage")
		want.UI.Plain = rapid.Bool().Draw(t, "plain")
		if rapid.Bool().Draw(t, "book") {
			want.Rewards.Authors = map[string]common.Address{"some one": common.HexToAddress(vitalik), "a\"b": common.HexToAddress(vitalik)}
			want.Rewards.Front, want.Rewards.Subnet = "plain", "0x"+strings.Repeat("ab", 32)
			want.Book = map[string]common.Address{"bob.eth": common.HexToAddress(vitalik), "ann": common.HexToAddress(vitalik)}
		}
		if rapid.Bool().Draw(t, "networks") {
			want.Networks = map[string]Network{
				"base": {RPC: []string{"http://127.0.0.1:1"}},
				"mine": {ChainID: 777, RPC: []string{"http://127.0.0.1:2"}, Test: true, Contracts: chain.Contracts{Permit2: common.HexToAddress(vitalik)}},
			}
		}
		if rapid.Bool().Draw(t, "tokens") {
			decimals := rapid.Uint8Range(0, 77).Draw(t, "decimals")
			want.Tokens = []Token{{Network: "base", Symbol: "ABC", Address: common.HexToAddress(vitalik), Decimals: &decimals}}
		}
		path := filepath.Join(dir, "config.toml")
		if err := WriteCommented(path, want); err != nil {
			t.Fatal(err)
		}
		got, err := Load(Sources{UserFile: path})
		if err != nil {
			text, _ := os.ReadFile(path)
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestNewConfigIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "config.toml")
	if err := WriteCommented(path, Default()); err != nil {
		t.Fatal(err)
	}
	for p, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		stat, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		if stat.Mode().Perm() != want {
			t.Errorf("%s has mode %04o", p, stat.Mode().Perm())
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "[") {
			t.Errorf("a config of defaults sets %q", line)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".config-*")); len(left) > 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestPathsFollowXDGUnlessOneHomeIsNamed(t *testing.T) {
	cases := []struct {
		name, home string
		env        map[string]string
		want       Paths
	}{
		{"plain home", "", map[string]string{"HOME": "/h"}, Paths{"/h/.config/keymaker/config.toml", "/h/.local/share/keymaker", "/h/.cache/keymaker", "/h/.local/state/keymaker"}},
		{
			"xdg", "",
			map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/k", "XDG_STATE_HOME": "relative"},
			Paths{"/c/keymaker/config.toml", "/d/keymaker", "/k/keymaker", "/h/.local/state/keymaker"},
		},
		{"environment", "", map[string]string{"HOME": "/h", "KEYMAKER_HOME": "/one"}, Paths{"/one/config.toml", "/one/data", "/one/cache", "/one/state"}},
		{"flag", "/two", map[string]string{"HOME": "/h", "KEYMAKER_HOME": "/one"}, Paths{"/two/config.toml", "/two/data", "/two/cache", "/two/state"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := Locate(c.home, func(k string) string { return c.env[k] })
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := Locate("", func(string) string { return "" }); !refusal.Is(err, refusal.ConfigInvalid) {
		t.Errorf("no home gives %v", err)
	}
}

func TestDocumentationHoldsTheTableOfKeys(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), Table()) {
		t.Errorf("docs/configuration.md does not hold this table:\n%s", Table())
	}
}

func TestExampleOfTheDocumentationLoads(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```toml\n")
	example, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("there is no example")
	}
	if _, err := load(t, example); err != nil {
		t.Error(err)
	}
}

func TestEveryKeySaysWhatItIs(t *testing.T) {
	seen := make(map[string]bool)
	for _, k := range Keys() {
		if k.Doc == "" || k.Type == "" || seen[k.Path] {
			t.Errorf("key %+v", k)
		}
		seen[k.Path] = true
	}
	if !seen["networks.NAME.contracts.v3_quoter"] || !seen["book.NAME"] || !seen["tokens.decimals"] {
		t.Errorf("keys are %v", seen)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("network = \"base\"\n[model]\nname = \"a\"\n")
	f.Add("[book]\n\"a.b\" = \"" + vitalik + "\"\n[[tokens]]\nsymbol = \"X\"\n")
	f.Add("tokens = [1, {symbol = 2}]\nbook = 3\n[networks]\nbase = 1\n")
	f.Add("model = []\nnetworks.base.contracts = \"x\"\nui.plain = 1")
	path := filepath.Join(f.TempDir(), "config.toml")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := Load(Sources{UserFile: path})
		if _, named := refusal.As(err); err != nil && !named {
			t.Fatalf("%q gives an error without a name: %v", text, err)
		}
		if err != nil {
			return
		}
		if _, _, err := c.Resolve(); err != nil {
			t.Fatalf("%q loads and does not resolve: %v", text, err)
		}
	})
}
