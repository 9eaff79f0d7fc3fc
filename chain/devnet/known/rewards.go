package known

import (
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
	"github.com/keymaker-agent/keymaker/rewards/tree"
)

// The contracts of the rewards, which follow those of the market.
const (
	KEY         Contract = "KEY"
	Emission    Contract = "Emission"
	Distributor Contract = "Distributor"
	Subnets     Contract = "Subnets"
	Stakes      Contract = "Stakes"
	Governance  Contract = "Governance"
)

// rewarding lists them in the order of their making.
func rewarding() []Contract {
	return []Contract{KEY, Emission, Distributor, Subnets, Stakes, Governance}
}

// Rewards tells where they stand on a chain.
func Rewards(chainID uint64) deploy.Addresses {
	return deploy.At(Deployer(chainID), uint64(len(Market())))
}

// Voter is the prefunded account that has claimed, has locked and has made a proposal, so that there is one to vote on.
const Voter = 2

// The first epoch of the embedded chains pays what one day of the emission has for one bucket of 24 %, 3,456 KEY, in 64 parts of 54.
const (
	partOfEpoch   = 54 // KEY
	deployerParts = 9
)

// claimed lists who stands in Claims, with how many parts: the n-th prefunded account has 10-n. The deployer, who proposes roots and
// needs a bond for it, has 9.
func claimed(chainID uint64) []tree.Claim {
	claims := []tree.Claim{{Account: Deployer(chainID), Amount: *parts(deployerParts)}}
	for i, a := range Accounts() {
		claims = append(claims, tree.Claim{Account: a.Address, Amount: *parts(AccountCount - i)})
	}
	return claims
}

// parts is so many parts, in wei of KEY.
func parts(n int) *uint256.Int {
	wei := uint256.MustFromDecimal("1000000000000000000")
	return wei.Mul(wei, uint256.NewInt(uint64(n*partOfEpoch)))
}

// Claims are the claims of the root that each chain starts with, which is of epoch 0.
func Claims(chainID uint64) *tree.Tree {
	all := new(tree.Claims)
	for _, c := range claimed(chainID) {
		if err := all.Add(c); err != nil {
			panic(fmt.Sprintf("known: claim of %s: %v", c.Account, err))
		}
	}
	made, err := tree.Build(tree.Standard, all, 1)
	if err != nil {
		panic(fmt.Sprintf("known: claims of chain %d: %v", chainID, err))
	}
	return made
}

// Claimed is the sum of Claims, in wei of KEY.
func Claimed(chainID uint64) *uint256.Int {
	sum := new(uint256.Int)
	for _, c := range claimed(chainID) {
		sum.Add(sum, &c.Amount)
	}
	return sum
}

// keyOf is the token of the rewards.
func keyOf(chainID uint64) chain.Token {
	return chain.Token{ChainID: chainID, Address: Rewards(chainID).Key, Symbol: "KEY", Decimals: 18}
}
