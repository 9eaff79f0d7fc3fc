package chain

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Errors of amount arithmetic.
var (
	ErrMixedTokens = errors.New("amounts of two tokens")
	ErrUnderflow   = errors.New("amount below zero")
	ErrOverflow    = errors.New("amount above 2^256-1")
	ErrNotAmount   = errors.New("not a plain decimal number")
	ErrTooFine     = errors.New("more digits than the token has")
)

// Amount is a quantity of the smallest unit of one token (wei for ether). It is never negative and never a float.
// The zero Amount has no token and equals nothing but itself.
type Amount struct {
	Raw   uint256.Int
	Token Token
}

// NewAmount is raw smallest units of t.
func NewAmount(raw *uint256.Int, t Token) Amount { return Amount{Raw: *raw, Token: t} }

// ParseAmount reads a plain decimal number (digits, at most one dot) as an amount of t. It fails with ErrNotAmount,
// ErrTooFine or ErrOverflow; it never rounds.
func ParseAmount(s string, t Token) (Amount, error) {
	whole, frac, _ := strings.Cut(s, ".")
	digits := whole + frac
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Amount{}, fmt.Errorf("%w: %q", ErrNotAmount, s)
	}
	frac = strings.TrimRight(frac, "0")
	if len(frac) > int(t.Decimals) {
		return Amount{}, fmt.Errorf("%w: %q, and %s has %d", ErrTooFine, s, t.Symbol, t.Decimals)
	}
	digits = strings.TrimLeft(whole+frac+strings.Repeat("0", int(t.Decimals)-len(frac)), "0")
	if digits == "" {
		return Amount{Token: t}, nil
	}
	raw, err := uint256.FromDecimal(digits)
	if err != nil {
		return Amount{}, fmt.Errorf("%w: %q", ErrOverflow, s)
	}
	return NewAmount(raw, t), nil
}

// IsZero reports whether the quantity is zero.
func (a Amount) IsZero() bool { return a.Raw.IsZero() }

// Add returns a+b. It fails with ErrMixedTokens or ErrOverflow.
func (a Amount) Add(b Amount) (Amount, error) {
	if !a.Token.Same(b.Token) {
		return Amount{}, ErrMixedTokens
	}
	var sum uint256.Int
	if _, over := sum.AddOverflow(&a.Raw, &b.Raw); over {
		return Amount{}, ErrOverflow
	}
	return NewAmount(&sum, a.Token), nil
}

// Sub returns a-b. It fails with ErrMixedTokens or ErrUnderflow; it never wraps.
func (a Amount) Sub(b Amount) (Amount, error) {
	if !a.Token.Same(b.Token) {
		return Amount{}, ErrMixedTokens
	}
	var diff uint256.Int
	if _, under := diff.SubOverflow(&a.Raw, &b.Raw); under {
		return Amount{}, ErrUnderflow
	}
	return NewAmount(&diff, a.Token), nil
}

// Cmp compares two quantities of one token: -1, 0 or 1. It fails with ErrMixedTokens.
func (a Amount) Cmp(b Amount) (int, error) {
	if !a.Token.Same(b.Token) {
		return 0, ErrMixedTokens
	}
	return a.Raw.Cmp(&b.Raw), nil
}

// MulDiv returns a*num/den rounded down, with a product of 512 bits. It fails with ErrOverflow, also where den is zero.
func (a Amount) MulDiv(num, den *uint256.Int) (Amount, error) {
	if den.IsZero() {
		return Amount{}, ErrOverflow
	}
	var q uint256.Int
	if _, over := q.MulDivOverflow(&a.Raw, num, den); over {
		return Amount{}, ErrOverflow
	}
	return NewAmount(&q, a.Token), nil
}

// Decimal is the quantity as a plain decimal number in whole tokens: 1500000 of six decimals is 1.5.
func (a Amount) Decimal() string {
	digits := a.Raw.Dec()
	d := int(a.Token.Decimals)
	if d == 0 {
		return digits
	}
	if len(digits) <= d {
		digits = strings.Repeat("0", d-len(digits)+1) + digits
	}
	whole, frac := digits[:len(digits)-d], strings.TrimRight(digits[len(digits)-d:], "0")
	if frac == "" {
		return whole
	}
	return whole + "." + frac
}

// String is the decimal number and the token's symbol.
func (a Amount) String() string {
	if a.Token.Symbol == "" {
		return a.Decimal()
	}
	return a.Decimal() + " " + a.Token.Symbol
}

type amountJSON struct {
	Amount   string         `json:"amount"` // in whole tokens
	Raw      string         `json:"raw"`    // in the smallest unit
	Symbol   string         `json:"symbol"`
	Decimals uint8          `json:"decimals"`
	ChainID  uint64         `json:"chain_id"`
	Address  common.Address `json:"address"`
}

// MarshalJSON writes both numbers as strings, so that no reader rounds them.
func (a Amount) MarshalJSON() ([]byte, error) {
	t := a.Token
	return json.Marshal(amountJSON{a.Decimal(), a.Raw.Dec(), t.Symbol, t.Decimals, t.ChainID, t.Address})
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses a pair of numbers that disagree.
func (a *Amount) UnmarshalJSON(b []byte) error {
	var j amountJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	got := Amount{Token: Token{j.ChainID, j.Address, j.Symbol, j.Decimals}}
	if err := got.Raw.SetFromDecimal(j.Raw); err != nil {
		return fmt.Errorf("amount: raw %q: %w", j.Raw, err)
	}
	if got.Decimal() != j.Amount {
		return fmt.Errorf("amount: %s and raw %s disagree", j.Amount, j.Raw)
	}
	*a = got
	return nil
}
