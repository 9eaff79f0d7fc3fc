// Package deploy answers one question: which transactions put the rewards' contracts on a chain?
//
// The contracts know one another for good, and none has a setter for it: the token knows the emission as its minter, the emission knows
// the distributor, the distributor knows governance, and governance knows all of them. So addresses are known before there is code at
// them: those that CREATE makes of the deployer and its next nonces, in the order of contracts.Rewards:
//
//	nonce    Key(minter: Emission)
//	nonce+1  Emission(Key, Distributor, start)
//	nonce+2  Distributor(Key, Governance, start, epoch length, proposers, windows)
//	nonce+3  Subnets(Key, price)
//	nonce+4  Stakes(Key, Subnets)
//	nonce+5  Governance(Stakes, Distributor, Emission, rules, voting period, timelock, quorum)
//
// Invariant: six transactions of one deployer, with these nonces and nothing in between, make contracts that know one another. The
// deployer has no power over any of them; what it chooses is in Terms, and in the open.
package deploy

import (
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

// Terms are what the deployer chooses. Times are in seconds. The constructors refuse what is out of their bounds.
type Terms struct {
	Start       uint64 // unix time of the emission's first second, which is that of epoch 0
	EpochLength uint64
	Proposers   []common.Address // who may propose roots until governance says otherwise

	Challenge uint64      // for how long a root may be challenged: 1 to 30 days
	Timelock  uint64      // from then until it may be accepted: 1 to 30 days
	Bond      uint256.Int // wei of KEY, of a root and of a challenge: 1 to 100,000 KEY

	SubnetPrice uint256.Int // wei of KEY that registering a subnet burns

	Rules        common.Hash // SHA-256 of the rules file from epoch 0 on
	VotingPeriod uint64      // 1 to 30 days
	VoteTimelock uint64      // from the end of a vote until it is executed: 1 to 30 days
	Quorum       uint64      // basis points of all power that have to say yes: 100 to 5,000
}

// Addresses are where the contracts are.
type Addresses struct {
	Key, Emission, Distributor, Subnets, Stakes, Governance common.Address
}

// Creation is a transaction that creates a contract.
type Creation struct {
	Name contracts.Name
	At   common.Address
	Code []byte // with the constructor's arguments
}

// At is where the contracts of a deployer are whose first transaction has this nonce.
func At(deployer common.Address, nonce uint64) Addresses {
	at := func(i uint64) common.Address { return crypto.CreateAddress(deployer, nonce+i) }
	return Addresses{at(0), at(1), at(2), at(3), at(4), at(5)}
}

// Plan is the transactions in the order of their nonces, from this one on.
func Plan(deployer common.Address, nonce uint64, t *Terms) []Creation {
	at := At(deployer, nonce)
	windows := bindings.DistributorWindows{Challenge: t.Challenge, Timelock: t.Timelock, Bond: t.Bond.ToBig()}
	return []Creation{
		{contracts.Key, at.Key, code(contracts.Key, at.Emission)},
		{contracts.Emission, at.Emission, code(contracts.Emission, at.Key, at.Distributor, t.Start)},
		{contracts.Distributor, at.Distributor, code(contracts.Distributor, at.Key, at.Governance, t.Start, t.EpochLength, t.Proposers, windows)},
		{contracts.Subnets, at.Subnets, code(contracts.Subnets, at.Key, t.SubnetPrice.ToBig())},
		{contracts.Stakes, at.Stakes, code(contracts.Stakes, at.Key, at.Subnets)},
		{contracts.Governance, at.Governance, code(contracts.Governance, at.Stakes, at.Distributor, at.Emission, t.Rules,
			t.VotingPeriod, t.VoteTimelock, new(big.Int).SetUint64(t.Quorum))},
	}
}

// code panics on arguments that are not the constructor's: they are typed above, and a test deploys them.
func code(name contracts.Name, args ...any) []byte {
	c := contracts.Load(name)
	packed, err := c.ABI.Pack("", args...)
	if err != nil {
		panic(fmt.Sprintf("deploy %s: %v", name, err))
	}
	return append(c.Creation, packed...)
}
