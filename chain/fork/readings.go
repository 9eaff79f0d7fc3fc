package fork

import (
	"github.com/ethereum/go-ethereum/common"
)

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
