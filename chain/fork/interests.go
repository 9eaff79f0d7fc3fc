package fork

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// interests are what to ask the state about, as gathered from logs and call frames. They say nothing of what changed.
type interests struct {
	kinds     map[common.Address]AssetKind // contracts that behave like a token; the empty kind: not settled yet
	holdings  map[holding]bool
	items     map[item]bool // of ERC-721
	grants    map[grant]bool
	logged    map[grant]uint256.Int // what a token's last log says of an allowance
	spent     map[grant]bool        // allowances that may have been used up since such a log
	perhaps   map[grant]bool        // allowances, if the contract is a token
	operators map[operator]bool
	roles     map[role]bool

	people map[common.Address]bool                    // accounts that anything names
	called map[common.Address]bool                    // contracts that were called
	codes  map[common.Address]map[common.Address]bool // code of others that a contract ran as its own
	crowd  bool                                       // there are more of both than are looked at
}

// Bounds of who and what is looked at without being named as a party of a token.
const (
	mostPeople = 192
	mostCalled = 128
)

// holding is an account's place in an asset. The id counts for ERC-1155 only.
type holding struct {
	account, asset common.Address
	multi          bool // ERC-1155
	id             uint256.Int
}

// item is one token of ERC-721.
type item struct {
	asset common.Address
	id    uint256.Int
}

// grant is an allowance: the token's own, or one that is kept by a Permit2 contract.
type grant struct{ owner, spender, asset, via common.Address }

// operator is one who may move all that an owner has in an asset.
type operator struct {
	owner, operator, asset common.Address
	fungible               bool // of ERC-777
}

// role is one that an account may have in a contract.
type role struct {
	contract common.Address
	id       common.Hash
	account  common.Address
}

func newInterests() *interests {
	return &interests{
		kinds: make(map[common.Address]AssetKind), holdings: make(map[holding]bool), items: make(map[item]bool),
		grants: make(map[grant]bool), logged: make(map[grant]uint256.Int), spent: make(map[grant]bool), perhaps: make(map[grant]bool),
		operators: make(map[operator]bool), roles: make(map[role]bool),
		people: make(map[common.Address]bool), called: make(map[common.Address]bool),
		codes: make(map[common.Address]map[common.Address]bool),
	}
}

// person notes that an account is named.
func (x *interests) person(a common.Address) {
	switch {
	case a == common.Address{} || x.people[a]:
	case len(x.people) >= mostPeople:
		x.crowd = true
	default:
		x.people[a] = true
	}
}

// contract notes that a contract is called.
func (x *interests) contract(a common.Address) {
	switch {
	case x.called[a]:
	case len(x.called) >= mostCalled:
		x.crowd = true
	default:
		x.called[a] = true
	}
}

// words takes from a list of words those that look like addresses: too large for an amount of anything.
func (x *interests) words(b []byte) {
	for ; len(b) >= 32; b = b[32:] {
		if [12]byte(b[:12]) == [12]byte{} && [6]byte(b[12:18]) != [6]byte{} {
			x.person(common.Address(b[12:32]))
		}
	}
}

// token notes that a contract behaves like a token. What a log shows of its kind counts more than what a call shows.
func (x *interests) token(a common.Address, kind AssetKind) {
	if have, seen := x.kinds[a]; !seen || have == "" {
		x.kinds[a] = kind
	}
}

func (x *interests) holder(asset common.Address, accounts ...common.Address) {
	for _, a := range accounts {
		if a != (common.Address{}) {
			x.holdings[holding{account: a, asset: asset}] = true
		}
	}
}

func (x *interests) holder1155(asset common.Address, id uint256.Int, accounts ...common.Address) {
	for _, a := range accounts {
		if a != (common.Address{}) {
			x.holdings[holding{account: a, asset: asset, multi: true, id: id}] = true
		}
	}
}

var (
	topicTransfer       = topic("Transfer(address,address,uint256)")
	topicApproval       = topic("Approval(address,address,uint256)")
	topicDeposit        = topic("Deposit(address,uint256)")
	topicWithdrawal     = topic("Withdrawal(address,uint256)")
	topicApprovalForAll = topic("ApprovalForAll(address,address,bool)")
	topicTransferSingle = topic("TransferSingle(address,address,address,uint256,uint256)")
	topicTransferBatch  = topic("TransferBatch(address,address,address,uint256[],uint256[])")
	topicPermit2Approve = topic("Approval(address,address,address,uint160,uint48)")
	topicPermit2Permit  = topic("Permit(address,address,address,uint160,uint48,uint48)")
	topicPermit2Lock    = topic("Lockdown(address,address,address)")
	topicAuthorized     = topic("AuthorizedOperator(address,address)") // ERC-777
	topicRevoked        = topic("RevokedOperator(address,address)")
	topicRoleGranted    = topic("RoleGranted(bytes32,address,address)")
	topicRoleRevoked    = topic("RoleRevoked(bytes32,address,address)")
)

// log takes from an event whom to ask about. Parameters may be indexed or not: topics and data are read as one list of words.
func (x *interests) log(l *Log) {
	if len(l.Topics) == 0 {
		return
	}
	words := make([]byte, 0, 32*len(l.Topics)+len(l.Data))
	for _, t := range l.Topics[1:] {
		words = append(words, t[:]...)
	}
	words = append(words, l.Data...)
	x.words(words)
	a, okA := addressAt(words, 0)
	b, okB := addressAt(words, 1)
	c, okC := addressAt(words, 2)
	asset := l.Address
	switch l.Topics[0] {
	case topicTransfer, topicApproval:
		id, okID := numberAt(words, 2)
		if !okA || !okB || !okID {
			return
		}
		if l.Topics[0] == topicTransfer {
			x.holder(asset, a, b)
		}
		if len(l.Topics) == 4 {
			x.token(asset, ERC721)
			x.items[item{asset, id}] = true
			return
		}
		x.token(asset, ERC20)
		if l.Topics[0] == topicApproval {
			g := grant{owner: a, spender: b, asset: asset}
			x.grants[g], x.logged[g] = true, id
		}
	case topicDeposit, topicWithdrawal:
		if okA && len(words) == 64 { // of a wrapped coin, or of a vault that is no token
			x.holder(asset, a)
		}
	case topicApprovalForAll:
		if okA && okB {
			x.operators[operator{owner: a, operator: b, asset: asset}] = true
		}
	case topicAuthorized, topicRevoked:
		if okA && okB {
			x.operators[operator{owner: b, operator: a, asset: asset, fungible: true}] = true
		}
	case topicRoleGranted, topicRoleRevoked:
		if id, ok := wordAt(words, 0); ok && okB {
			x.roles[role{asset, id, b}] = true
		}
	case topicTransferSingle:
		if id, ok := numberAt(words, 3); okB && okC && ok {
			x.token(asset, ERC1155)
			x.holder1155(asset, id, b, c)
		}
	case topicTransferBatch:
		if okB && okC && len(l.Topics) == 4 {
			x.token(asset, ERC1155)
			for _, id := range listAt(l.Data, 0) {
				x.holder1155(asset, id, b, c)
			}
		}
	case topicPermit2Approve, topicPermit2Permit, topicPermit2Lock:
		if okA && okB && okC { // owner, token, spender
			x.grants[grant{owner: a, spender: c, asset: b, via: asset}] = true
		}
	}
}
