package known

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
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

// paid is what the first epoch of the embedded chains pays to those who stand in Claims: what one day of the emission has for one
// bucket of 24 %, in wei of KEY.
var paid = uint256.MustFromDecimal("3456000000000000000000")

// Claims are the claims of the root that each chain starts with, of epoch 0: the n-th prefunded account has 10-n parts of 66, and the
// deployer, who proposes roots and needs a bond for it, has 11.
func Claims(chainID uint64) *tree.Tree {
	claims := new(tree.Claims)
	for i, who := range claimants(chainID) {
		amount := new(uint256.Int).Mul(paid, uint256.NewInt(uint64(AccountCount+1-i)))
		amount.Div(amount, uint256.NewInt(66))
		if err := claims.Add(tree.Claim{Account: who, Amount: *amount}); err != nil {
			panic(fmt.Sprintf("known: claim of %s: %v", who, err))
		}
	}
	made, err := tree.Build(tree.Standard, claims, 1)
	if err != nil {
		panic(fmt.Sprintf("known: claims of chain %d: %v", chainID, err))
	}
	return made
}

// Claimed is the sum of Claims, in wei of KEY. Their parts are rounded down.
func Claimed(chainID uint64) *uint256.Int {
	sum, claims := new(uint256.Int), Claims(chainID)
	for _, who := range claimants(chainID) {
		p, err := claims.Proof(who)
		if err != nil {
			panic(fmt.Sprintf("known: claims of chain %d: %v", chainID, err))
		}
		sum.Add(sum, &p.Amount)
	}
	return sum
}

func claimants(chainID uint64) []common.Address {
	all := []common.Address{Deployer(chainID)}
	for _, a := range Accounts() {
		all = append(all, a.Address)
	}
	return all
}

// keyOf is the token of the rewards.
func keyOf(chainID uint64) chain.Token {
	return chain.Token{ChainID: chainID, Address: Rewards(chainID).Key, Symbol: "KEY", Decimals: 18}
}
