package show

import (
	"cmp"
	"math/big"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Names knows what addresses are called. Only the registry and the network's own coin give a token a bare symbol; a token
// that merely came with a request is called unlisted, and its address is shown. The zero Names knows nothing.
type Names struct {
	tokens   *chain.Registry
	native   map[uint64]chain.Token
	unlisted map[asset]chain.Token
	labels   map[common.Address]string
	self     string // what a request's account is called; empty: you
}

type asset struct {
	chainID uint64
	address common.Address
}

// NewNames gathers the tokens of the registry, the networks' coins, and the labels of the address book.
func NewNames(tokens *chain.Registry, book map[string]common.Address, networks ...chain.Network) Names {
	n := Names{tokens: tokens, native: map[uint64]chain.Token{}, labels: map[common.Address]string{}}
	for _, net := range networks {
		n.native[net.ChainID] = net.Native
	}
	for label, a := range book {
		n.labels[a] = Sanitize(label)
	}
	return n
}

// knowing adds what a request says of itself: its network, its account, and tokens that no list has.
func (n Names) knowing(p *wallet.Prepared) Names {
	k := Names{
		tokens:   n.tokens,
		native:   map[uint64]chain.Token{p.Network.ChainID: p.Network.Native},
		unlisted: map[asset]chain.Token{},
		labels:   map[common.Address]string{},
	}
	c := p.Network.Contracts
	for a, label := range map[common.Address]string{
		c.WrappedNative: "wrapped " + p.Network.Native.Symbol, c.V2Factory: "Uniswap V2 factory", c.V2Router: "Uniswap V2 router",
		c.V3Factory: "Uniswap V3 factory", c.V3Router: "Uniswap V3 router", c.V3Quoter: "Uniswap V3 quoter", c.Permit2: "Permit2", c.Multicall3: "Multicall3",
		c.Distributor: "rewards distributor", c.Stakes: "KEY stakes", c.Governance: "KEY governance",
	} {
		k.labels[a] = label
	}
	delete(k.labels, common.Address{})
	for a, label := range n.labels {
		k.labels[a] = label
	}
	k.labels[p.Account] = cmp.Or(n.self, "you")
	for _, as := range [][]chain.Amount{p.Bound.Out, p.Bound.In, p.Outflow} {
		for _, a := range as {
			k.unlisted[asset{a.Token.ChainID, a.Token.Address}] = a.Token
		}
	}
	return k
}

// Address is the whole address in EIP-55 letters, after its name where it has one.
func (n Names) Address(a common.Address) string {
	if label := n.labels[a]; label != "" {
		return label + " " + a.Hex()
	}
	return a.Hex()
}

// contract is Address, and for a token that the registry has its symbol before it.
func (n Names) contract(chainID uint64, a common.Address) string {
	if n.labels[a] == "" && n.tokens != nil {
		if l, ok := n.tokens.Address(chainID, a); ok {
			return Sanitize(l.Symbol) + " " + a.Hex()
		}
	}
	return n.Address(a)
}

// quantity is a number and its unit, apart, so that numbers can be aligned.
type quantity struct{ number, unit string }

func (q quantity) String() string { return q.number + " " + q.unit }

func (n Names) quantity(chainID uint64, token common.Address, raw *uint256.Int) quantity {
	if t, ok := n.native[chainID]; ok && token == (common.Address{}) {
		return quantity{number(chain.NewAmount(raw, t)), Sanitize(t.Symbol)}
	}
	if n.tokens != nil {
		if l, ok := n.tokens.Address(chainID, token); ok {
			return quantity{number(chain.NewAmount(raw, l.Token)), Sanitize(l.Symbol)}
		}
	}
	if t, ok := n.unlisted[asset{chainID, token}]; ok && t.Symbol != "" {
		return quantity{number(chain.NewAmount(raw, t)), symbol(t.Symbol) + " (unlisted)"}
	}
	return quantity{group(raw.Dec()), "smallest units of " + token.Hex()}
}

// listed reports whether the token is a network's own coin or in the registry.
func (n Names) listed(chainID uint64, token common.Address) bool {
	if token == (common.Address{}) {
		return true
	}
	if n.tokens == nil {
		return false
	}
	_, ok := n.tokens.Address(chainID, token)
	return ok
}

// Amount is the exact number, its thousands grouped, and the symbol.
func Amount(a chain.Amount) string {
	if a.Token.Symbol == "" {
		return number(a)
	}
	return number(a) + " " + symbol(a.Token.Symbol)
}

// unlimited is from where on an allowance has no limit in practice: more than any token's supply.
var unlimited = new(uint256.Int).Lsh(uint256.NewInt(1), 128)

func number(a chain.Amount) string { return group(a.Decimal()) }

func group(decimal string) string {
	whole, frac, dotted := strings.Cut(decimal, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if !dotted {
		return whole
	}
	return whole + "." + frac
}

// Percent writes basis points as percent: 30 is 0.30 %.
func Percent(bps uint64) string { return fraction(bps, 100) + " %" }

// pips writes hundredths of a basis point as percent: 3000 is 0.30 %.
func pips(p uint32) string { return fraction(uint64(p), 10_000) + " %" }

// fraction writes n/den, den a power of ten, with at least two digits after the point.
func fraction(n, den uint64) string {
	digits := len(strconv.FormatUint(den, 10)) - 1
	frac := strconv.FormatUint(n%den, 10)
	frac = strings.Repeat("0", digits-len(frac)) + frac
	for len(frac) > 2 && strings.HasSuffix(frac, "0") {
		frac = frac[:len(frac)-1]
	}
	return strconv.FormatUint(n/den, 10) + "." + frac
}

// align pads numbers so that their decimal points stand below each other, and units begin in one column.
func align(qs []quantity) []string {
	left, right := 0, 0
	for _, q := range qs {
		whole, frac := split(q.number)
		left, right = max(left, len(whole)), max(right, len(frac))
	}
	out := make([]string, len(qs))
	for i, q := range qs {
		whole, frac := split(q.number)
		out[i] = strings.TrimRight(strings.Repeat(" ", left-len(whole))+whole+frac+strings.Repeat(" ", right-len(frac))+" "+q.unit, " ")
	}
	return out
}

func split(number string) (whole, frac string) {
	if i := strings.IndexByte(number, '.'); i >= 0 {
		return number[:i], number[i:]
	}
	return number, ""
}

// difference is after-before as a sign and a magnitude.
func difference(before, after *uint256.Int) *big.Int {
	return new(big.Int).Sub(after.ToBig(), before.ToBig())
}
