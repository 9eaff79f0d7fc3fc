package config

import (
	"maps"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

func invalid(format string, args ...any) *refusal.Error {
	return refusal.New(refusal.ConfigInvalid, format, args...)
}

// validate refuses values that can't be meant, and values that contradict one another.
func (c *Config) validate() error {
	for _, check := range []func() error{c.checkModel, c.checkLimits, c.checkAccount, c.checkMoney, c.checkBook, c.checkRewards, c.checkNetworks, c.checkTokens} {
		if err := check(); err != nil {
			return err
		}
	}
	_, _, err := c.Resolve()
	return err
}

func (c *Config) checkModel() error {
	m := c.Model
	u, err := url.Parse(m.URL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return invalid("model.url is not an http or https url").WithHint("Ollama's own is http://127.0.0.1:11434")
	}
	if !m.AllowRemote && !onThisMachine(u.Hostname()) {
		return refusal.New(refusal.ModelRemote, "model.url is on %s, and model.allow_remote is not set", u.Host)
	}
	if m.NumCtx < 1024 || m.NumCtx > 1<<20 {
		return invalid("model.num_ctx is %d, and must lie between 1024 and %d", m.NumCtx, 1<<20)
	}
	if m.Timeout < time.Second || m.Timeout > time.Hour {
		return invalid("model.timeout is %s, and must lie between 1s and 1h", m.Timeout)
	}
	return nil
}

func onThisMachine(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}

func (c *Config) checkLimits() error {
	l := c.Limits
	if l.SlippageBps > 5_000 {
		return invalid("limits.slippage_bps is %d, and more than 5000 accepts nearly any price", l.SlippageBps)
	}
	if l.PriceImpactBps > 10_000 {
		return invalid("limits.price_impact_bps is %d, and 10000 is the whole price", l.PriceImpactBps)
	}
	if l.DeadlineSeconds < 30 || l.DeadlineSeconds > 86_400 {
		return invalid("limits.deadline_seconds is %d, and must lie between 30 and 86400", l.DeadlineSeconds)
	}
	return nil
}

func (c *Config) checkAccount() error {
	if c.Account == "" {
		return nil
	}
	if _, err := parseAddress(c.Account); err != nil {
		return invalid("account: %v", err)
	}
	return nil
}

func (c *Config) checkMoney() error {
	if len(c.Money) > 32 || strings.ContainsFunc(c.Money, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return invalid("money: %q is no token's symbol", c.Money)
	}
	return nil
}

func (c *Config) checkBook() error {
	seen := make(map[string]string)
	for _, label := range slices.Sorted(maps.Keys(c.Book)) {
		if !plainLabel(label) {
			return invalid("book: %q is not a plain name", label).WithHint("a name has letters, digits, dots, - and _, at most 64 of them, and does not look like an address")
		}
		folded := strings.ToLower(label)
		if other, taken := seen[folded]; taken {
			return invalid("book: %s and %s differ only in case", other, label)
		}
		seen[folded] = label
		if c.Book[label] == (common.Address{}) {
			return invalid("book: %s is the zero address", label)
		}
	}
	return nil
}

func plainLabel(s string) bool {
	if s == "" || len(s) > 64 || strings.HasPrefix(strings.ToLower(s), "0x") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".-_", r)
	})
}

// inLedger are the letters of a name that a usage ledger can write.
const inLedger = "abcdefghijklmnopqrstuvwxyz0123456789._:/-"

func (c *Config) checkRewards() error {
	r := c.Rewards
	for _, author := range slices.Sorted(maps.Keys(r.Authors)) {
		if r.Authors[author] == (common.Address{}) {
			return invalid("rewards.authors: %s is the zero address", author)
		}
	}
	if len(r.Front) > 64 || strings.Trim(r.Front, inLedger) != "" {
		return invalid("rewards.front: %q is no name of the ledger", r.Front).WithHint("write 1 to 64 small letters, digits, or ._:/-")
	}
	if (r.Front == "") != (r.Subnet == "") {
		return invalid("rewards.front and rewards.subnet go together, and one of them is empty")
	}
	if subnet, err := hexutil.Decode(r.Subnet); r.Subnet != "" && (err != nil || len(subnet) != common.HashLength) {
		return invalid("rewards.subnet: %q is no subnet", r.Subnet).WithHint("write 0x and the 64 hex digits of its id")
	}
	return nil
}

func (c *Config) checkNetworks() error {
	for _, key := range slices.Sorted(maps.Keys(c.Networks)) {
		if key == "" || strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return invalid("networks: %q is not a plain key", key).WithHint("a key has lower-case letters, digits and -")
		}
		for i, endpoint := range c.Networks[key].RPC {
			u, err := url.Parse(endpoint)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
				return invalid("networks.%s.rpc: entry %d is not an http or https url", key, i+1)
			}
		}
	}
	return nil
}

func (c *Config) checkTokens() error {
	for i, t := range c.Tokens {
		switch {
		case t.Symbol == "":
			return invalid("tokens: entry %d has no symbol", i+1)
		case t.Network == "":
			return invalid("tokens: %s has no network", t.Symbol)
		case t.Address == (common.Address{}):
			return invalid("tokens: %s has no address", t.Symbol)
		case t.Decimals == nil:
			return invalid("tokens: %s has no decimals", t.Symbol)
		case *t.Decimals > 77:
			return invalid("tokens: %s has %d decimals, and no amount has that many", t.Symbol, *t.Decimals)
		}
	}
	return nil
}

func keysList(networks []chain.Network) string {
	var keys []string
	for _, n := range networks {
		keys = append(keys, n.Key)
	}
	return strings.Join(keys, ", ")
}

func hostPort(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
