package show

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/wallet"
)

// maxOthers is how many accounts besides the user's are listed; the rest is counted.
const maxOthers = 6

// Request is everything that a person has to see before a signature: what was asked for, what the chain will do, and what the
// policy says of it.
func Request(p *wallet.Prepared, n Names) []Block {
	return []Block{Asked(p), Effects(p, n), Verdict(p.Verdict), Seal(p)}
}

// Asked is the request in words.
func Asked(p *wallet.Prepared) Block {
	b := Block{Title: "asked", Source: Words}
	b.tone(Strong, "what", Sanitize(p.Title))
	b.add("by", SanitizeTo(p.Origin, 32))
	return b
}

// Effects is what the simulation of the exact transactions changes.
func Effects(p *wallet.Prepared, n Names) Block {
	n = n.knowing(p)
	b := Block{Title: "what the chain will do", Source: Chain}
	b.add("network", Sanitize(p.Network.Name)+", "+Money(p.Network))
	b.add("account", p.Account.Hex())
	if p.Bound.Recipient != nil {
		b.tone(Strong, "recipient", n.Address(*p.Bound.Recipient))
	}
	if p.Effects == nil {
		b.tone(Danger, "unknown", "there is no simulation")
		return b
	}
	c := changes{Effects: p.Effects, names: n, account: p.Account}
	c.failures(&b)
	c.flows(&b)
	c.allowances(&b)
	c.powers(&b)
	c.findings(&b)
	c.unlistedTokens(&b)
	b.add("fee", c.cost(p))
	if p.ImpactBps != nil {
		b.add("price impact", Percent(*p.ImpactBps))
	}
	c.others(&b)
	b.tone(Muted, "simulated", fmt.Sprintf("at block %d, %d %s", p.Effects.Pin.Number, len(p.Effects.Txs), plural(len(p.Effects.Txs), "transaction")))
	return b
}

// Money is the word for what a network's coins are worth.
func Money(n chain.Network) string {
	if n.Real {
		return "REAL MONEY"
	}
	return "test money"
}

// Verdict is the policy's judgement, with every finding by name.
func Verdict(v wallet.Verdict) Block {
	b := Block{Title: "policy: " + decision(v.Decision), Source: Chain, Tone: tone(v.Decision)}
	if len(v.Findings) == 0 {
		if v.Decision == wallet.Allow {
			b.tone(Good, "allow", "nothing speaks against it")
		}
		return b
	}
	for _, f := range v.Findings {
		b.tone(tone(f.Decision), decision(f.Decision), string(f.Reason)+": "+Sanitize(f.Detail))
		if f.Hint != "" {
			b.tone(Muted, "", Sanitize(f.Hint))
		}
	}
	return b
}

// Seal is what the consent is bound to.
func Seal(p *wallet.Prepared) Block {
	b := Block{Title: "to sign", Source: Chain}
	b.add("digest", p.Digest.Hex())
	if len(p.Txs) > 0 {
		b.add("nonce", nonces(p))
	}
	return b
}

// Left is how long an approval can still be given, in whole seconds.
func Left(p *wallet.Prepared, now time.Time) time.Duration {
	return max(0, p.Expires.Sub(now).Round(time.Second))
}

// Raw is the transactions as they will be signed, undecoded.
func Raw(p *wallet.Prepared) Block {
	b := Block{Title: "raw transactions", Source: Chain}
	for i, tx := range p.Txs {
		to := "creates a contract"
		if tx.To() != nil {
			to = tx.To().Hex()
		}
		b.tone(Strong, fmt.Sprintf("tx %d", i+1), fmt.Sprintf("chain %s, nonce %d, gas %d, type %d", tx.ChainId(), tx.Nonce(), tx.Gas(), tx.Type()))
		b.add("to", to)
		b.add("value", group(tx.Value().String())+" wei")
		b.add("fee cap", group(tx.GasFeeCap().String())+" wei per gas, tip "+group(tx.GasTipCap().String()))
		b.add("data", hexutil.Encode(tx.Data()))
	}
	return b
}

func nonces(p *wallet.Prepared) string {
	first, last := p.Txs[0].Nonce(), p.Txs[len(p.Txs)-1].Nonce()
	if first == last {
		return fmt.Sprint(first)
	}
	return fmt.Sprintf("%d to %d", first, last)
}

func decision(d wallet.Decision) string {
	switch d {
	case wallet.Allow:
		return "allow"
	case wallet.Ask:
		return "ask"
	}
	return "deny"
}

func tone(d wallet.Decision) Tone {
	switch d {
	case wallet.Allow:
		return Good
	case wallet.Ask:
		return Warn
	}
	return Danger
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// changes reads effects from one account's side.
type changes struct {
	*fork.Effects
	names   Names
	account common.Address
}

// cost is what the transactions may cost, where fee caps are known, and what they cost in the simulation.
func (c changes) cost(p *wallet.Prepared) string {
	expected := chain.NewAmount(c.fee(), p.Network.Native)
	if p.MaxFee.Raw.IsZero() {
		return "expected " + Amount(expected)
	}
	return "at most " + Amount(p.MaxFee) + ", expected " + number(expected)
}

func (c changes) fee() *uint256.Int {
	sum := new(uint256.Int)
	for i := range c.Txs {
		sum.Add(sum, &c.Txs[i].Fee)
	}
	return sum
}

func (c changes) failures(b *Block) {
	for i, tx := range c.Txs {
		if !tx.Success {
			b.tone(Danger, "reverts", fmt.Sprintf("transaction %d of %d: %s", i+1, len(c.Txs), Sanitize(tx.Revert)))
		}
	}
	for _, u := range c.Unknown {
		b.tone(Danger, "unknown", "could not be told: "+Sanitize(u))
	}
}

// flows lists what leaves and what arrives. Gas stands in its own line, so it is taken out of the native change.
func (c changes) flows(b *Block) {
	var labels []string
	var sums []quantity
	for i := range c.Balances {
		change := &c.Balances[i]
		if change.Account != c.account {
			continue
		}
		diff := difference(&change.Before, &change.After)
		if change.Kind == fork.Native {
			diff.Add(diff, c.fee().ToBig())
		}
		if diff.Sign() == 0 {
			continue
		}
		labels = append(labels, direction(diff))
		sums = append(sums, c.sum(change, diff))
	}
	for _, want := range []string{"out", "in"} {
		for i, text := range align(sums) {
			if labels[i] == want {
				b.tone(Strong, want, text)
			}
		}
	}
	if len(sums) == 0 {
		b.add("balances", "nothing leaves or arrives but the fee")
	}
}

func (c changes) sum(change *fork.BalanceChange, diff *big.Int) quantity {
	magnitude, _ := uint256.FromBig(new(big.Int).Abs(diff))
	switch change.Kind {
	case fork.ERC721, fork.ERC1155:
		unit := strings.ToUpper(string(change.Kind)) + " of " + change.Asset.Hex()
		if change.ID != nil {
			unit += " id " + change.ID.Dec()
		}
		return quantity{group(magnitude.Dec()), unit}
	}
	return c.names.quantity(c.Pin.ChainID, change.Asset, magnitude)
}

func direction(diff *big.Int) string {
	if diff.Sign() < 0 {
		return "out"
	}
	return "in"
}

func (c changes) allowances(b *Block) {
	for i := range c.Allowances {
		a := &c.Allowances[i]
		tone, label := Warn, "allowance"
		if a.After.Cmp(&a.Before) <= 0 && a.ExpiresAfter <= a.ExpiresBefore {
			tone = Normal
		}
		if a.Owner != c.account {
			label = "others'"
		}
		text := fmt.Sprintf("%s may take %s, before %s", c.names.Address(a.Spender),
			c.limit(a, &a.After)+until(a.ExpiresAfter), c.limit(a, &a.Before)+until(a.ExpiresBefore))
		if a.Via != (common.Address{}) {
			text += ", through " + c.names.Address(a.Via)
		}
		if endless(a, &a.After) {
			tone = Danger
		}
		b.tone(tone, label, text)
	}
	for _, o := range c.Operators {
		if o.After {
			b.tone(Danger, "operator", fmt.Sprintf("%s may move everything that %s holds of %s", c.names.Address(o.Operator), c.names.Address(o.Owner), o.Asset.Hex()))
			continue
		}
		b.add("operator", fmt.Sprintf("%s may no longer move what %s holds of %s", c.names.Address(o.Operator), c.names.Address(o.Owner), o.Asset.Hex()))
	}
}

// until is the end of an allowance that has one.
func until(unix uint64) string {
	const ages = 253_402_300_800 // the year 10,000, where dates end
	switch {
	case unix == 0:
		return ""
	case unix >= ages:
		return " for ever"
	}
	return " until " + time.Unix(int64(unix), 0).UTC().Format("2006-01-02 15:04") + " UTC"
}

// endless reports whether an allowance has no limit in practice. Permit2 keeps amounts in 160 bits.
func endless(a *fork.AllowanceChange, raw *uint256.Int) bool {
	if a.Via != (common.Address{}) {
		return raw.BitLen() >= 160
	}
	return raw.Cmp(unlimited) >= 0
}

func (c changes) limit(a *fork.AllowanceChange, raw *uint256.Int) string {
	if endless(a, raw) {
		return "UNLIMITED " + c.names.quantity(c.Pin.ChainID, a.Asset, raw).unit
	}
	return c.names.quantity(c.Pin.ChainID, a.Asset, raw).String()
}

func (c changes) powers(b *Block) {
	for _, p := range c.Controls {
		b.tone(Danger, string(p.Kind), fmt.Sprintf("of %s becomes %s, before %s", c.names.Address(p.Contract), c.names.Address(p.After), c.names.Address(p.Before)))
	}
	for _, r := range c.Roles {
		verb := "loses"
		if r.After {
			verb = "gets"
		}
		b.tone(Danger, "role", fmt.Sprintf("%s %s %s of %s", c.names.Address(r.Account), verb, roleName(r.Role), c.names.Address(r.Contract)))
	}
	for _, a := range c.Created {
		b.tone(Warn, "creates", "contract "+a.Hex())
	}
	for _, a := range c.Destroyed {
		b.tone(Danger, "destroys", "contract "+c.names.Address(a))
	}
}

// roles are the names of those that most contracts have.
var roles = func() map[common.Hash]string {
	all := map[common.Hash]string{{}: "the role that gives all others"}
	for _, name := range []string{"MINTER_ROLE", "PAUSER_ROLE", "BURNER_ROLE", "UPGRADER_ROLE", "OPERATOR_ROLE"} {
		all[crypto.Keccak256Hash([]byte(name))] = name
	}
	return all
}()

func roleName(id common.Hash) string {
	if name, ok := roles[id]; ok {
		return name
	}
	return "role " + id.Hex()
}

// findings lists what the same transactions did otherwise elsewhere.
func (c changes) findings(b *Block) {
	for _, f := range c.Findings {
		tone := Danger
		if f.Name == fork.ChangesWithTime {
			tone = Warn
		}
		b.tone(tone, "otherwise", strings.ReplaceAll(string(f.Name), "_", " ")+": "+Sanitize(f.Detail))
	}
}

// unlistedTokens gives the addresses of tokens that no list has, since anyone can call a token USDC.
func (c changes) unlistedTokens(b *Block) {
	seen := map[common.Address]bool{}
	mark := func(token common.Address) {
		if seen[token] || c.names.listed(c.Pin.ChainID, token) {
			return
		}
		seen[token] = true
		name := symbol(c.names.unlisted[asset{c.Pin.ChainID, token}].Symbol)
		if name == "" {
			name = "a token without a name"
		}
		b.tone(Warn, "unlisted", name+" is "+token.Hex()+", which no list of yours has")
	}
	for i := range c.Balances {
		if c.Balances[i].Kind == fork.ERC20 {
			mark(c.Balances[i].Asset)
		}
	}
	for i := range c.Allowances {
		mark(c.Allowances[i].Asset)
	}
}

// others lists who else's balances change: the recipient of a transfer, the pools of a swap.
func (c changes) others(b *Block) {
	listed, more := 0, 0
	for i := range c.Balances {
		change := &c.Balances[i]
		diff := difference(&change.Before, &change.After)
		if change.Account == c.account || diff.Sign() == 0 {
			continue
		}
		if listed == maxOthers {
			more++
			continue
		}
		listed++
		sign := "+"
		if diff.Sign() < 0 {
			sign = "-"
		}
		b.tone(Muted, "others", c.names.Address(change.Account)+" "+sign+c.sum(change, diff).String())
	}
	if more > 0 {
		b.tone(Muted, "others", fmt.Sprintf("and %d more %s", more, plural(more, "change")))
	}
}
