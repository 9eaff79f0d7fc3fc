package tree

import (
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Errors of a set of claims.
var (
	ErrNoClaims    = errors.New("no claims, so there is no tree")
	ErrTooMany     = errors.New("too many claims for one tree")
	ErrZeroAddress = errors.New("claim of the zero address")
	ErrZeroAmount  = errors.New("claim of nothing")
	ErrDuplicate   = errors.New("two claims of one address; add them up first")
)

// Most is how many claims a tree may have. It needs some 150 bytes of memory for each.
const Most = 1 << 24

// Claim says that an account may have been paid Amount wei in all.
type Claim struct {
	Account common.Address
	Amount  uint256.Int
}

// check refuses what no contract pays.
func (c *Claim) check() error {
	if c.Account == (common.Address{}) {
		return ErrZeroAddress
	}
	if c.Amount.IsZero() {
		return fmt.Errorf("%w: %s", ErrZeroAmount, c.Account)
	}
	return nil
}

// Claims are claims to make a tree of, in no order. The zero Claims are none.
type Claims struct {
	pages [][]Claim // full but for the last, so that growing copies nothing
	n     int
}

const pageLen = 1 << 12

// Add adds a claim. It fails with ErrZeroAddress, ErrZeroAmount or ErrTooMany; two claims of one address are found by Build.
func (c *Claims) Add(claim Claim) error {
	if err := claim.check(); err != nil {
		return err
	}
	if c.n == Most {
		return fmt.Errorf("%w: it may have %d", ErrTooMany, Most)
	}
	if c.n%pageLen == 0 {
		c.pages = append(c.pages, make([]Claim, pageLen))
	}
	*c.at(uint32(c.n)) = claim
	c.n++
	return nil
}

// Len is how many claims there are.
func (c *Claims) Len() int { return c.n }

func (c *Claims) at(i uint32) *Claim { return &c.pages[i/pageLen][i%pageLen] }
