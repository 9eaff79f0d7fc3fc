package chain

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"
)

func listing(chainID uint64, at byte, symbol string) Listing {
	return Listing{Token: Token{ChainID: chainID, Address: common.Address{at}, Symbol: symbol, Decimals: 18}, Source: "test"}
}

func TestRegistryFindsBySymbolInAnyCase(t *testing.T) {
	r, err := NewRegistry(listing(1, 1, "stETH"), listing(1, 2, "USDC"), listing(2, 3, "USDC"), listing(1, 4, "usdc"))
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		chainID uint64
		symbol  string
		found   int
	}{{1, "steth", 1}, {1, "STETH", 1}, {1, "usdc", 2}, {2, "Usdc", 1}, {3, "USDC", 0}, {1, "", 0}}
	for _, c := range cases {
		if got := r.Symbol(c.chainID, c.symbol); len(got) != c.found {
			t.Errorf("chain %d has %d tokens %q: %v", c.chainID, len(got), c.symbol, got)
		}
	}
}

func TestRegistryAnswersCannotChangeIt(t *testing.T) {
	r, err := NewRegistry(listing(1, 1, "A"))
	if err != nil {
		t.Fatal(err)
	}
	r.Symbol(1, "A")[0].Address = common.Address{9}
	if got := r.Symbol(1, "A")[0].Address; got != (common.Address{1}) {
		t.Errorf("address is now %s", got)
	}
}

func TestRegistryListsInOneOrder(t *testing.T) {
	listings := []Listing{listing(1, 1, "b"), listing(1, 2, "A"), listing(1, 3, "C"), listing(1, 4, "a")}
	rapid.Check(t, func(t *rapid.T) {
		r, err := NewRegistry(rapid.Permutation(listings).Draw(t, "order")...)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range r.All(1) {
			got = append(got, l.Symbol)
		}
		if !slices.Equal(got, []string{"A", "a", "b", "C"}) {
			t.Fatalf("order is %v", got)
		}
	})
}

func TestRegistryRefusesWhatMisleads(t *testing.T) {
	for name, symbol := range map[string]string{
		"empty": "", "space": "US DC", "newline": "USDC\n", "bidi": "CDSU\u202e", "zero width": "US\u200bDC", "Cyrillic": "USD\u0421",
		"full width": "ＵＳＤＣ", "control": "USDC\x07", "delete": "USDC\x7f", "too long": strings.Repeat("A", 33),
	} {
		if _, err := NewRegistry(listing(1, 1, symbol)); !errors.Is(err, ErrBadSymbol) {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := listing(1, 1, "A")
	other.Decimals = 6
	if _, err := NewRegistry(listing(1, 1, "A"), other); !errors.Is(err, ErrTwoTokens) {
		t.Errorf("two decimals of one address: %v", err)
	}
	if _, err := NewRegistry(listing(1, 1, "A"), listing(1, 1, "B")); !errors.Is(err, ErrTwoTokens) {
		t.Errorf("two symbols of one address: %v", err)
	}
	again := listing(1, 1, "A")
	again.Source = "config"
	r, err := NewRegistry(listing(1, 1, "A"), again)
	if err != nil || len(r.Symbol(1, "A")) != 1 {
		t.Errorf("the same token of two lists: %v", err)
	}
}

func TestBuiltInAddressesHaveTheirChecksum(t *testing.T) {
	address := regexp.MustCompile(`0x[0-9a-fA-F]{40}\b`)
	for name, file := range map[string][]byte{"networks.json": networksJSON, "tokens.json": tokensJSON} {
		found := address.FindAllString(string(file), -1)
		if len(found) == 0 || len(found) != strings.Count(string(file), `"0x`) {
			t.Errorf("%s: %d addresses of %d", name, len(found), strings.Count(string(file), `"0x`))
		}
		for _, a := range found {
			if common.HexToAddress(a).Hex() != a {
				t.Errorf("%s: %s should be written %s", name, a, common.HexToAddress(a).Hex())
			}
		}
	}
}

func TestBuiltInFilesHaveNoUnknownField(t *testing.T) {
	for name, file := range map[string]struct {
		text []byte
		into any
	}{"networks.json": {networksJSON, new([]builtin)}, "tokens.json": {tokensJSON, new([]Token)}} {
		d := json.NewDecoder(bytes.NewReader(file.text))
		d.DisallowUnknownFields()
		if err := d.Decode(file.into); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBuiltInNetworksAreWhole(t *testing.T) {
	r, err := NewRegistry(Tokens()...)
	if err != nil {
		t.Fatal(err)
	}
	ids, keys := make(map[uint64]bool), make(map[string]bool)
	for _, n := range Networks() {
		if ids[n.ChainID] || keys[n.Key] || !n.Real || n.Embedded || n.Name == "" || n.BlockTime == 0 {
			t.Errorf("network %+v", n)
		}
		ids[n.ChainID], keys[n.Key] = true, true
		if !n.Native.Native() || n.Native.Symbol != "ETH" || n.Native.Decimals != 18 {
			t.Errorf("%s has the coin %+v", n.Key, n.Native)
		}
		if len(n.RPC) == 0 {
			t.Errorf("%s has no endpoint", n.Key)
		}
		for _, endpoint := range n.RPC {
			if u, err := url.Parse(endpoint); err != nil || u.Scheme != "https" || u.User != nil || u.RawQuery != "" {
				t.Errorf("%s has the endpoint %q", n.Key, endpoint)
			}
		}
		weth, ok := r.Address(n.ChainID, n.Contracts.WrappedNative)
		if !ok || weth.Symbol != "WETH" {
			t.Errorf("%s wraps into %+v", n.Key, weth)
		}
		for _, symbol := range []string{"ETH", "WETH", "USDC", "DAI"} {
			if len(r.Symbol(n.ChainID, symbol)) != 1 {
				t.Errorf("%s has %d tokens %s", n.Key, len(r.Symbol(n.ChainID, symbol)), symbol)
			}
		}
	}
	if len(ids) != 4 {
		t.Errorf("%d networks", len(ids))
	}
	for _, l := range Tokens() {
		if !ids[l.ChainID] || l.Source != SourceBuiltin {
			t.Errorf("token %+v", l)
		}
	}
}
