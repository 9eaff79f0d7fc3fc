package fork

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
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

func topic(signature string) common.Hash { return crypto.Keccak256Hash([]byte(signature)) }

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

// mostListed is how many entries of a list in a log are looked at.
const mostListed = 256

// listAt reads the list of numbers whose offset stands in word i.
func listAt(b []byte, i int) []uint256.Int {
	w, ok := wordAt(b, i)
	offset := new(uint256.Int).SetBytes(w[:])
	if !ok || !offset.IsUint64() || offset.Uint64() > uint64(len(b)) {
		return nil
	}
	b = b[offset.Uint64():]
	n, ok := numberAt(b, 0)
	if !ok || !n.IsUint64() {
		return nil
	}
	var list []uint256.Int
	for j := range int(min(n.Uint64(), mostListed)) {
		v, ok := numberAt(b, j+1)
		if !ok {
			break
		}
		list = append(list, v)
	}
	return list
}

func selector(signature string) [4]byte { return [4]byte(crypto.Keccak256([]byte(signature))) }

// reading is what a call to a token says of whom to ask about. It is given the arguments, the contract, and who called it.
type reading func(x *interests, args []byte, self, caller common.Address)

// readings are the calls that are known by their selector.
var readings = map[[4]byte]reading{
	selector("transfer(address,uint256)"): func(x *interests, args []byte, self, caller common.Address) {
		if to, ok := addressAt(args, 0); ok {
			x.token(self, "")
			x.holder(self, caller, to)
		}
	},
	selector("transferFrom(address,address,uint256)"): func(x *interests, args []byte, self, caller common.Address) {
		x.movedFrom(args, self, caller)
	},
	selector("safeTransferFrom(address,address,uint256)"): func(x *interests, args []byte, self, caller common.Address) {
		x.movedFrom(args, self, caller)
	},
	selector("safeTransferFrom(address,address,uint256,bytes)"): func(x *interests, args []byte, self, caller common.Address) {
		x.movedFrom(args, self, caller)
	},
	selector("move(address,address,uint256)"): func(x *interests, args []byte, self, caller common.Address) { // Dai
		x.movedFrom(args, self, caller)
	},
	selector("transferFromAndCall(address,address,uint256)"): func(x *interests, args []byte, self, caller common.Address) { // ERC-1363
		x.movedFrom(args, self, caller)
	},
	selector("transferFromAndCall(address,address,uint256,bytes)"): func(x *interests, args []byte, self, caller common.Address) {
		x.movedFrom(args, self, caller)
	},
	selector("pull(address,uint256)"):                  burnt, // Dai
	selector("burnFrom(address,uint256)"):              burnt,
	selector("withdraw(uint256,address,address)"):      redeemed, // ERC-4626
	selector("redeem(uint256,address,address)"):        redeemed,
	selector("send(address,uint256,bytes)"):            sent, // ERC-777
	selector("transferAndCall(address,uint256)"):       sent, // ERC-1363
	selector("transferAndCall(address,uint256,bytes)"): sent,
	selector("operatorSend(address,address,uint256,bytes,bytes)"): func(x *interests, args []byte, self, caller common.Address) {
		from, okFrom := addressAt(args, 0)
		if to, ok := addressAt(args, 1); ok && okFrom {
			x.token(self, ERC20)
			x.holder(self, from, to)
			x.operators[operator{owner: from, operator: caller, asset: self, fungible: true}] = true
		}
	},
	selector("authorizeOperator(address)"): operated,
	selector("revokeOperator(address)"):    operated,
	selector("safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)"): func(x *interests, args []byte, self, _ common.Address) {
		from, okFrom := addressAt(args, 0)
		if to, ok := addressAt(args, 1); ok && okFrom {
			for _, id := range listAt(args, 2) {
				x.holder1155(self, id, from, to)
			}
		}
	},
	selector("grantRole(bytes32,address)"):    roled,
	selector("revokeRole(bytes32,address)"):   roled,
	selector("renounceRole(bytes32,address)"): roled,
	selector("safeTransferFrom(address,address,uint256,uint256,bytes)"): func(x *interests, args []byte, self, _ common.Address) {
		from, okFrom := addressAt(args, 0)
		to, okTo := addressAt(args, 1)
		if id, ok := numberAt(args, 2); ok && okFrom && okTo {
			x.holder1155(self, id, from, to)
		}
	},
	selector("approve(address,uint256)"):                                           granted,
	selector("increaseAllowance(address,uint256)"):                                 granted,
	selector("decreaseAllowance(address,uint256)"):                                 granted,
	selector("increaseApproval(address,uint256)"):                                  granted,
	selector("decreaseApproval(address,uint256)"):                                  granted,
	selector("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"):      permitted,
	selector("permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)"): permitted,
	selector("permit(address,address,uint256,uint256,bytes)"):                      permitted,
	selector("setApprovalForAll(address,bool)"): func(x *interests, args []byte, self, caller common.Address) {
		if who, ok := addressAt(args, 0); ok {
			x.operators[operator{owner: caller, operator: who, asset: self}] = true
		}
	},
	selector("approveAndCall(address,uint256)"):       granted, // ERC-1363
	selector("approveAndCall(address,uint256,bytes)"): granted,
	selector("permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)"): func(x *interests, args []byte, self, _ common.Address) { // Permit2
		owner, okOwner := addressAt(args, 0)
		token, okToken := addressAt(args, 1)
		if spender, ok := addressAt(args, 5); ok && okOwner && okToken {
			x.grants[grant{owner, spender, token, self}] = true
		}
	},
	selector("lockdown((address,address)[])"): func(x *interests, args []byte, self, caller common.Address) { // Permit2
		for i := 0; i < mostListed && len(args) >= 64+64*(i+1); i++ {
			token, okToken := addressAt(args[64:], 2*i)
			if spender, ok := addressAt(args[64:], 2*i+1); ok && okToken {
				x.grants[grant{caller, spender, token, self}] = true
			}
		}
	},
	selector("approve(address,address,uint160,uint48)"): func(x *interests, args []byte, self, caller common.Address) { // Permit2
		token, okToken := addressAt(args, 0)
		if spender, ok := addressAt(args, 1); ok && okToken {
			x.grants[grant{caller, spender, token, self}] = true
		}
	},
	selector("transferFrom(address,address,uint160,address)"): func(x *interests, args []byte, self, caller common.Address) { // Permit2
		x.movedByPermit2(args, self, caller)
	},
	selector("transferFrom((address,address,uint160,address)[])"): func(x *interests, args []byte, self, caller common.Address) { // Permit2
		if len(args) < 64 {
			return
		}
		for i := 0; i < mostListed && len(args) >= 64+128*(i+1); i++ {
			x.movedByPermit2(args[64+128*i:], self, caller)
		}
	},
}

func (x *interests) movedFrom(args []byte, self, caller common.Address) {
	from, okFrom := addressAt(args, 0)
	to, okTo := addressAt(args, 1)
	if !okFrom || !okTo {
		return
	}
	x.token(self, "")
	x.holder(self, from, to)
	if caller != from {
		g := grant{owner: from, spender: caller, asset: self}
		x.grants[g], x.spent[g] = true, true
	}
	if id, ok := numberAt(args, 2); ok {
		x.items[item{self, id}] = true // asked only where the contract turns out to be ERC-721
	}
}

// The names of these calls are not those of tokens alone, so they make no contract a token.

// burnt is a call that takes tokens of an account, for good or for the caller.
func burnt(x *interests, args []byte, self, caller common.Address) {
	if from, ok := addressAt(args, 0); ok {
		x.takenFrom(from, self, caller)
	}
}

// redeemed is a call that takes shares of an account.
func redeemed(x *interests, args []byte, self, caller common.Address) {
	if from, ok := addressAt(args, 2); ok {
		x.takenFrom(from, self, caller)
	}
}

func (x *interests) takenFrom(from, self, caller common.Address) {
	x.holder(self, from, caller)
	if caller != from {
		g := grant{owner: from, spender: caller, asset: self}
		x.perhaps[g], x.spent[g] = true, true
	}
}

// sent is a call that moves what the caller has.
func sent(x *interests, args []byte, self, caller common.Address) {
	if to, ok := addressAt(args, 0); ok {
		x.holder(self, caller, to)
	}
}

func operated(x *interests, args []byte, self, caller common.Address) {
	if who, ok := addressAt(args, 0); ok {
		x.operators[operator{owner: caller, operator: who, asset: self, fungible: true}] = true
	}
}

func roled(x *interests, args []byte, self, _ common.Address) {
	id, _ := wordAt(args, 0)
	if account, ok := addressAt(args, 1); ok {
		x.roles[role{self, id, account}] = true
	}
}

func (x *interests) movedByPermit2(args []byte, self, caller common.Address) {
	from, okFrom := addressAt(args, 0)
	if token, ok := addressAt(args, 3); ok && okFrom {
		x.grants[grant{from, caller, token, self}] = true
	}
}

func granted(x *interests, args []byte, self, caller common.Address) {
	spender, ok := addressAt(args, 0)
	if !ok {
		return
	}
	x.token(self, "")
	x.grants[grant{owner: caller, spender: spender, asset: self}] = true
	if id, ok := numberAt(args, 1); ok {
		x.items[item{self, id}] = true
	}
}

func permitted(x *interests, args []byte, self, _ common.Address) {
	owner, okOwner := addressAt(args, 0)
	if spender, ok := addressAt(args, 1); ok && okOwner {
		x.token(self, "")
		x.grants[grant{owner: owner, spender: spender, asset: self}] = true
	}
}

// mostCreationWords is how much of the end of creation code is taken for arguments.
const mostCreationWords = 16

// frame takes from a call whom to ask about.
func (x *interests) frame(f *Frame, self, caller common.Address) {
	if f.Type == "CREATE" || f.Type == "CREATE2" {
		x.person(self)
		x.words(f.Input[max(0, len(f.Input)-32*mostCreationWords):])
		return
	}
	x.person(caller)
	x.person(self)
	x.contract(self)
	if self != f.To && x.called[self] {
		if x.codes[self] == nil {
			x.codes[self] = make(map[common.Address]bool)
		}
		x.codes[self][f.To] = true
	}
	if len(f.Input) < 4 {
		return
	}
	x.words(f.Input[4:])
	if f.Type == "STATICCALL" {
		return
	}
	if read, ok := readings[[4]byte(f.Input[:4])]; ok {
		read(x, f.Input[4:], self, caller)
	}
}
