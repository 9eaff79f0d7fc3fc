package wallet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// PolicyVersion is the version of policy files that this program reads.
const PolicyVersion = 1

// Choice is what a policy does with something that it does not name: ask, deny, allow or limit, as far as the rule admits.
type Choice string

// The choices.
const (
	ChooseAsk   Choice = "ask"
	ChooseDeny  Choice = "deny"
	ChooseAllow Choice = "allow"
	ChooseLimit Choice = "limit"
)

// Policy says what may be signed. What it leaves out is not allowed: the zero Policy denies everything.
type Policy struct {
	Version    int            `json:"version"`
	Chains     []string       `json:"chains"` // keys of networks
	Limits     PolicyLimits   `json:"limits"`
	Tokens     []TokenLimit   `json:"tokens"`
	Unlisted   UnlistedTokens `json:"unlisted_tokens"`
	Recipients AddressRule    `json:"recipients"`
	Spenders   AddressRule    `json:"spenders"`
	Contracts  AddressRule    `json:"contracts"`
	Unlimited  Choice         `json:"unlimited_approvals"` // deny or ask
}

// PolicyLimits hold for every request.
type PolicyLimits struct {
	SlippageBps     uint64 `json:"slippage_bps"`
	PriceImpactBps  uint64 `json:"price_impact_bps"`
	FeePerTx        string `json:"fee_per_tx"` // the chain's own coin, in whole coins
	ApprovalSeconds uint64 `json:"approval_seconds"`
}

// TokenLimit bounds how much of one token leaves the account. Amounts are in whole tokens.
type TokenLimit struct {
	Chain    string         `json:"chain"`
	Address  common.Address `json:"address"` // zero: the chain's own coin
	Symbol   string         `json:"symbol"`  // for readers
	Decimals uint8          `json:"decimals"`
	PerTx    string         `json:"per_tx"`
	PerDay   string         `json:"per_day"` // days are UTC
}

// UnlistedTokens is for tokens that have no TokenLimit.
type UnlistedTokens struct {
	Decision Choice `json:"decision"`          // ask, deny or limit
	PerTx    string `json:"per_tx,omitempty"`  // with limit, in whole tokens
	PerDay   string `json:"per_day,omitempty"` // with limit
}

// AddressRule names addresses, and says what to do with others. A denied address is denied even where it is allowed too.
type AddressRule struct {
	Allow   []common.Address `json:"allow"`
	Deny    []common.Address `json:"deny"`
	Unknown Choice           `json:"unknown"` // ask, deny or allow
}

// ApprovalTTL is how long an approval may hold.
func (p *Policy) ApprovalTTL() time.Duration {
	return time.Duration(p.Limits.ApprovalSeconds) * time.Second
}

// LoadPolicy reads a policy file: JSON in which lines that start with // are comments. An unknown or repeated key, a missing
// or senseless value is refusal.PolicyInvalid, with the line where that is known.
func LoadPolicy(path string) (*Policy, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, refusal.New(refusal.PolicyInvalid, "read the policy %s", path).Because(err).
			WithHint("write a new one with: keymaker init")
	}
	p, err := parsePolicy(content)
	if err != nil {
		return nil, refusal.New(refusal.PolicyInvalid, "the policy %s does not load", path).Because(err)
	}
	return p, nil
}

// WriteDefaultPolicy writes the default policy with its comments. It never overwrites a file.
func WriteDefaultPolicy(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	_, err = f.WriteString(defaultPolicy)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	return nil
}

// DefaultPolicy is the policy of a new wallet. It is what WriteDefaultPolicy writes.
func DefaultPolicy() *Policy {
	p, err := parsePolicy([]byte(defaultPolicy))
	if err != nil {
		panic("wallet: the default policy: " + err.Error())
	}
	return p
}

func parsePolicy(text []byte) (*Policy, error) {
	text = blankComments(text)
	if err := refuseRepeatedKeys(text); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	p := new(Policy)
	if err := d.Decode(p); err != nil {
		return nil, fmt.Errorf("line %d: %w", line(text, d.InputOffset()), err)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	return p, nil
}

// blankComments turns the lines that start with // into blanks, and keeps all line numbers.
func blankComments(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	for i, l := range lines {
		if bytes.HasPrefix(bytes.TrimSpace(l), []byte("//")) {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// refuseRepeatedKeys looks for two keys of one name in one object: of those, encoding/json would silently take the last. A
// key in other case counts as the same, as it does there.
func refuseRepeatedKeys(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	var seen []map[string]bool // one for each open object, nil for an array
	wantKey := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", line(text, d.InputOffset()), err)
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{':
				seen = append(seen, map[string]bool{})
			case '[':
				seen = append(seen, nil)
			default:
				seen = seen[:len(seen)-1]
			}
		case string:
			if !wantKey {
				break
			}
			key := foldKey(t)
			if seen[len(seen)-1][key] {
				return fmt.Errorf("line %d: the key %q comes twice", line(text, d.InputOffset()), t)
			}
			seen[len(seen)-1][key] = true
			wantKey = false
			continue
		}
		if len(seen) == 0 {
			if rest := text[d.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
				return fmt.Errorf("line %d: something follows the policy", line(text, d.InputOffset()))
			}
			return nil
		}
		wantKey = seen[len(seen)-1] != nil
	}
}

func foldKey(s string) string { return string(bytes.ToLower(bytes.ToUpper([]byte(s)))) }

func line(text []byte, offset int64) int {
	return 1 + bytes.Count(text[:min(int(offset), len(text))], []byte("\n"))
}

const maxBps = 10_000

func (p *Policy) check() error {
	if p.Version != PolicyVersion {
		return fmt.Errorf("version %d is not %d", p.Version, PolicyVersion)
	}
	if p.Limits.SlippageBps >= maxBps || p.Limits.PriceImpactBps >= maxBps {
		return fmt.Errorf("limits: slippage_bps and price_impact_bps must be below %d", maxBps)
	}
	if s := p.Limits.ApprovalSeconds; s == 0 || s > 3600 {
		return fmt.Errorf("limits.approval_seconds: %d is not between 1 and 3600", s)
	}
	if _, err := chain.ParseAmount(p.Limits.FeePerTx, chain.Token{Decimals: 18}); err != nil {
		return fmt.Errorf("limits.fee_per_tx: %w", err)
	}
	if err := p.checkTokens(); err != nil {
		return err
	}
	return errors.Join(
		oneOf("recipients.unknown", p.Recipients.Unknown, ChooseAsk, ChooseDeny, ChooseAllow),
		oneOf("spenders.unknown", p.Spenders.Unknown, ChooseAsk, ChooseDeny),
		oneOf("contracts.unknown", p.Contracts.Unknown, ChooseAsk, ChooseDeny, ChooseAllow),
		oneOf("unlimited_approvals", p.Unlimited, ChooseAsk, ChooseDeny),
		oneOf("unlisted_tokens.decision", p.Unlisted.Decision, ChooseAsk, ChooseDeny, ChooseLimit),
	)
}

func (p *Policy) checkTokens() error {
	type key struct {
		chain string
		token common.Address
	}
	seen := map[key]bool{}
	for i, t := range p.Tokens {
		where := fmt.Sprintf("tokens[%d] (%s)", i, t.Symbol)
		if t.Chain == "" {
			return fmt.Errorf("%s: no chain", where)
		}
		if seen[key{t.Chain, t.Address}] {
			return fmt.Errorf("%s: the token comes twice", where)
		}
		seen[key{t.Chain, t.Address}] = true
		if err := checkPair(t.PerTx, t.PerDay, t.Decimals); err != nil {
			return fmt.Errorf("%s: %w", where, err)
		}
	}
	if p.Unlisted.Decision != ChooseLimit {
		if p.Unlisted.PerTx != "" || p.Unlisted.PerDay != "" {
			return errors.New("unlisted_tokens: per_tx and per_day need the decision limit")
		}
		return nil
	}
	if err := checkPair(p.Unlisted.PerTx, p.Unlisted.PerDay, 0); err != nil {
		return fmt.Errorf("unlisted_tokens (whole numbers, they hold for any token): %w", err)
	}
	return nil
}

func checkPair(perTx, perDay string, decimals uint8) error {
	t := chain.Token{Decimals: decimals}
	tx, err := chain.ParseAmount(perTx, t)
	if err != nil {
		return fmt.Errorf("per_tx: %w", err)
	}
	day, err := chain.ParseAmount(perDay, t)
	if err != nil {
		return fmt.Errorf("per_day: %w", err)
	}
	if tx.Raw.Gt(&day.Raw) {
		return errors.New("per_tx is more than per_day")
	}
	return nil
}

func oneOf(key string, c Choice, admitted ...Choice) error {
	for _, a := range admitted {
		if c == a {
			return nil
		}
	}
	return fmt.Errorf("%s: %q is not one of %s", key, c, admitted)
}

const defaultPolicy = `// What this wallet may sign. Lines that start with // are comments; everything else is plain JSON.
// What is not allowed here is not signed. After a change: keymaker doctor
{
  "version": 1,

  // Networks whose transactions may be signed, by their key in the config.
  "chains": ["devnet", "devnet-l2", "ethereum", "base", "arbitrum", "optimism"],

  "limits": {
    // Hundredths of a percent between what a swap should bring and what it must bring at least.
    "slippage_bps": 100,
    // How far a swap may move the price of its pools.
    "price_impact_bps": 300,
    // The most that one transaction may cost for gas, in the network's own coin.
    "fee_per_tx": "0.05",
    // How long an approval holds.
    "approval_seconds": 120
  },

  // How much of a token may leave, in whole tokens: in one request, and in one day (UTC).
  // The address 0x0000000000000000000000000000000000000000 is the network's own coin.
  "tokens": [
    {"chain": "devnet", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "10", "per_day": "100"},
    {"chain": "devnet-l2", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "10", "per_day": "100"},
    {"chain": "ethereum", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "0.5", "per_day": "1"},
    {"chain": "base", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "0.5", "per_day": "1"},
    {"chain": "arbitrum", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "0.5", "per_day": "1"},
    {"chain": "optimism", "address": "0x0000000000000000000000000000000000000000", "symbol": "ETH", "decimals": 18, "per_tx": "0.5", "per_day": "1"}
  ],

  // Tokens that are not in the list above: "ask", "deny", or "limit" with per_tx and per_day in whole tokens.
  "unlisted_tokens": {"decision": "ask"},

  // Who may be paid. "unknown" is for addresses that are in neither list and were never paid before: "ask", "deny" or "allow".
  "recipients": {"allow": [], "deny": [], "unknown": "ask"},

  // Who may get an allowance besides the routers of the network: "unknown" is "deny" or "ask".
  "spenders": {"allow": [], "deny": [], "unknown": "deny"},

  // Contracts that may be called besides those of the network and the tokens of the request.
  "contracts": {"allow": [], "deny": [], "unknown": "ask"},

  // Allowances without a limit, or above what the account needs: "deny" or "ask".
  "unlimited_approvals": "deny"
}
`
