package fork

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
)

// The contracts of the tests, and who plays with them.
var (
	alice   = crypto.PubkeyToAddress(testKey("alice").PublicKey)
	bob     = crypto.PubkeyToAddress(testKey("bob").PublicKey)
	pauper  = common.HexToAddress("0xbAd0000000000000000000000000000000000003")
	tokenA  = common.HexToAddress("0x70A0000000000000000000000000000000000010")
	tokenB  = common.HexToAddress("0x70b0000000000000000000000000000000000011")
	puller  = common.HexToAddress("0x9011000000000000000000000000000000000012")
	clock   = common.HexToAddress("0xC10C000000000000000000000000000000000013")
	hoarder = common.HexToAddress("0x4000000000000000000000000000000000000014")
	throne  = common.HexToAddress("0x7400000000000000000000000000000000000015")
	nft     = common.HexToAddress("0x721000000000000000000000000000000000A016")
	multi   = common.HexToAddress("0x1155000000000000000000000000000000000017")
	permit2 = common.HexToAddress("0x9e00000000000000000000000000000000000018")
	fool    = common.HexToAddress("0xF001000000000000000000000000000000000019")
	liar    = common.HexToAddress("0x11a0000000000000000000000000000000000020")
	thief   = common.HexToAddress("0x7e1ef00000000000000000000000000000000021")
	looper  = common.HexToAddress("0x1000900000000000000000000000000000000022")
	pool    = common.HexToAddress("0x9001000000000000000000000000000000000023")
	weth    = common.HexToAddress("0x3e70000000000000000000000000000000000025")
	catcher = common.HexToAddress("0xCA7c000000000000000000000000000000000026")
	past    = common.HexToAddress("0xA5c0000000000000000000000000000000000024")
)

// erc20 keeps balances under the account's own number and allowances under keccak(owner, spender). Like many tokens it
// writes no log when an allowance is spent.
const erc20 = `
	0 CALLDATALOAD 0xe0 SHR
	DUP1 0x70a08231 EQ @balanceOf JUMPI
	DUP1 0xa9059cbb EQ @transfer JUMPI
	DUP1 0x095ea7b3 EQ @approve JUMPI
	DUP1 0xdd62ed3e EQ @allowance JUMPI
	DUP1 0x23b872dd EQ @transferFrom JUMPI
	DUP1 0xac9650d8 EQ @multicall JUMPI
	0 0 REVERT
multicall:                                     # of one call, plainly appended
	4 CALLDATASIZE SUB 4 0 CALLDATACOPY
	0 0 4 CALLDATASIZE SUB 0 ADDRESS GAS DELEGATECALL
	@ret JUMP
balanceOf:
	4 CALLDATALOAD SLOAD @ret JUMP
allowance:
	4 CALLDATALOAD 0 MSTORE 0x24 CALLDATALOAD 0x20 MSTORE 0x40 0 KECCAK256 SLOAD @ret JUMP
approve:
	CALLER 0 MSTORE 4 CALLDATALOAD 0x20 MSTORE
	0x24 CALLDATALOAD 0x40 0 KECCAK256 SSTORE
	0x24 CALLDATALOAD 0 MSTORE
	4 CALLDATALOAD CALLER %[2]s 0x20 0 LOG3
	1 @ret JUMP
transfer:
	0x24 CALLDATALOAD 4 CALLDATALOAD CALLER @move JUMP
transferFrom:
	4 CALLDATALOAD 0 MSTORE CALLER 0x20 MSTORE 0x40 0 KECCAK256
	DUP1 SLOAD                             # allowance, its slot
	0x44 CALLDATALOAD DUP2 LT @short JUMPI
	0x44 CALLDATALOAD SWAP1 SUB SWAP1 SSTORE
	0x44 CALLDATALOAD 0x24 CALLDATALOAD 4 CALLDATALOAD @move JUMP
move:                                          # from, to, amount
	DUP1 SLOAD
	DUP4 DUP2 LT @short JUMPI
	DUP4 SWAP1 SUB DUP2 SSTORE
	DUP2 SLOAD DUP4 ADD DUP3 SSTORE
	DUP3 0 MSTORE %[1]s 0x20 0 LOG3
	POP 1 @ret JUMP
ret:
	0 MSTORE 0x20 0 RETURN
short:
	0x08c379a000000000000000000000000000000000000000000000000000000000 0 MSTORE
	0x20 4 MSTORE 0x0a 0x24 MSTORE
	0x746f6f206c6974746c6500000000000000000000000000000000000000000000 0x44 MSTORE # too little
	0x64 0 REVERT`

// pull(token, from, amount) takes an allowance.
const pullerSource = `
	0x23b872dd 0xe0 SHL 0 MSTORE
	0x24 CALLDATALOAD 4 MSTORE ADDRESS 0x24 MSTORE 0x44 CALLDATALOAD 0x44 MSTORE
	0 0 0x64 0 0 4 CALLDATALOAD GAS CALL
	@done JUMPI 0 0 REVERT
done: STOP`

// oracleSource tells a fee of 1000 wei for each byte of the question and 36 for the operator, where those are asked for.
const oracleSource = `
	0 CALLDATALOAD 0xe0 SHR
	DUP1 0x49948e0e EQ @l1 JUMPI
	%s
	0 0 REVERT
l1: 1000 CALLDATASIZE MUL 0 MSTORE 0x20 0 RETURN
operator: 36 0 MSTORE 0x20 0 RETURN`

// clockSource writes a fresh slot in a second in which it was not touched before, as price accumulators do.
const clockSource = `
	0 SLOAD TIMESTAMP EQ @same JUMPI
	TIMESTAMP 0 SSTORE
	1 1 SLOAD ADD 1 SSTORE
	1 2 SLOAD ADD 2 SSTORE
same: STOP`

// hoarderSource needs far more gas than it uses: it reverts unless 300,000 are left.
const hoarderSource = `
	0x493e0 GAS GT @fine JUMPI
	0 0 REVERT
fine: 1 0 SLOAD ADD 0 SSTORE STOP`

// throneSource has owner() in slot 0 and gives it to whoever asks; with 32 bytes of input it becomes another proxy.
const throneSource = `
	CALLDATASIZE 0x20 EQ @upgrade JUMPI
	0 CALLDATALOAD 0xe0 SHR 0x8da5cb5b EQ @owner JUMPI
	CALLER 0 SSTORE STOP
owner: 0 SLOAD 0 MSTORE 0x20 0 RETURN
upgrade: 0 CALLDATALOAD 0x360894a13ba1a3210667c828492db98dca3e2076cc3735a33f2a0f2ee5b4a1b2 POP %s SSTORE STOP`

// nftSource keeps owners under the token's number, approvals under the number plus 2^128, operators under keccak(owner, operator).
const nftSource = `
	0 CALLDATALOAD 0xe0 SHR
	DUP1 0x6352211e EQ @ownerOf JUMPI
	DUP1 0x70a08231 EQ @balanceOf JUMPI
	DUP1 0x23b872dd EQ @transferFrom JUMPI
	DUP1 0x095ea7b3 EQ @approve JUMPI
	DUP1 0x081812fc EQ @getApproved JUMPI
	DUP1 0xa22cb465 EQ @setAll JUMPI
	DUP1 0xe985e9c5 EQ @isAll JUMPI
	0 0 REVERT
ownerOf: 4 CALLDATALOAD SLOAD DUP1 @ret JUMPI 0 0 REVERT
balanceOf: 4 CALLDATALOAD 4 CALLDATALOAD SLOAD @ret JUMP
getApproved: 4 CALLDATALOAD 0x0100000000000000000000000000000000 ADD SLOAD @ret JUMP
approve:
	4 CALLDATALOAD 0x24 CALLDATALOAD 0x0100000000000000000000000000000000 ADD SSTORE
	0x24 CALLDATALOAD 4 CALLDATALOAD CALLER %[2]s 0 0 LOG4 STOP
transferFrom:
	0x24 CALLDATALOAD 0x44 CALLDATALOAD SSTORE
	0 0x44 CALLDATALOAD 0x0100000000000000000000000000000000 ADD SSTORE
	4 CALLDATALOAD SLOAD 1 SWAP1 SUB 4 CALLDATALOAD SSTORE
	0x24 CALLDATALOAD SLOAD 1 ADD 0x24 CALLDATALOAD SSTORE
	0x44 CALLDATALOAD 0x24 CALLDATALOAD 4 CALLDATALOAD %[1]s 0 0 LOG4 STOP
setAll:
	CALLER 0 MSTORE 4 CALLDATALOAD 0x20 MSTORE 0x24 CALLDATALOAD 0x40 0 KECCAK256 SSTORE
	0x24 CALLDATALOAD 0 MSTORE
	4 CALLDATALOAD CALLER %[3]s 0x20 0 LOG3 STOP
isAll: 4 CALLDATALOAD 0 MSTORE 0x24 CALLDATALOAD 0x20 MSTORE 0x40 0 KECCAK256 SLOAD @ret JUMP
ret: 0 MSTORE 0x20 0 RETURN`

// multiSource is ERC-1155: balances under keccak(account, id); safeTransferFrom(from, to, id, amount, …).
const multiSource = `
	0 CALLDATALOAD 0xe0 SHR
	DUP1 0x00fdd58e EQ @balanceOf JUMPI
	DUP1 0xf242432a EQ @transfer JUMPI
	0 0 REVERT
balanceOf: 4 CALLDATALOAD 0x24 CALLDATALOAD @key JUMP
key: 0x20 MSTORE 0 MSTORE 0x40 0 KECCAK256 SLOAD 0 MSTORE 0x20 0 RETURN
transfer:
	4 CALLDATALOAD 0 MSTORE 0x44 CALLDATALOAD 0x20 MSTORE 0x40 0 KECCAK256
	0x64 CALLDATALOAD DUP2 SLOAD SUB SWAP1 SSTORE
	0x24 CALLDATALOAD 0 MSTORE 0x40 0 KECCAK256
	0x64 CALLDATALOAD DUP2 SLOAD ADD SWAP1 SSTORE
	0x44 CALLDATALOAD 0 MSTORE 0x64 CALLDATALOAD 0x20 MSTORE
	0x24 CALLDATALOAD 4 CALLDATALOAD CALLER %[1]s 0x40 0 LOG4 STOP`

// permit2Source is Permit2's allowance transfer: (amount, expiration) under keccak(owner, token, spender) and the slot after.
const permit2Source = `
	0 CALLDATALOAD 0xe0 SHR
	DUP1 0x927da105 EQ @allowance JUMPI
	DUP1 0x87517c45 EQ @approve JUMPI
	DUP1 0x36c78516 EQ @transferFrom JUMPI
	0 0 REVERT
allowance:
	4 CALLDATALOAD 0 MSTORE 0x24 CALLDATALOAD 0x20 MSTORE 0x44 CALLDATALOAD 0x40 MSTORE 0x60 0 KECCAK256
	DUP1 SLOAD 0 MSTORE 1 ADD SLOAD 0x20 MSTORE 0 0x40 MSTORE 0x60 0 RETURN
approve:                                       # token, spender, amount, expiration
	CALLER 0 MSTORE 4 CALLDATALOAD 0x20 MSTORE 0x24 CALLDATALOAD 0x40 MSTORE 0x60 0 KECCAK256
	0x44 CALLDATALOAD DUP2 SSTORE 0x64 CALLDATALOAD SWAP1 1 ADD SSTORE STOP
transferFrom:                                  # from, to, amount, token
	4 CALLDATALOAD 0 MSTORE 0x64 CALLDATALOAD 0x20 MSTORE CALLER 0x40 MSTORE 0x60 0 KECCAK256
	0x44 CALLDATALOAD DUP2 SLOAD SUB SWAP1 SSTORE
	0x23b872dd 0xe0 SHL 0 MSTORE
	4 CALLDATALOAD 4 MSTORE 0x24 CALLDATALOAD 0x24 MSTORE 0x44 CALLDATALOAD 0x44 MSTORE
	0 0 0x64 0 0 0x64 CALLDATALOAD GAS CALL @done JUMPI 0 0 REVERT
done: STOP`

// foolSource forwards its input after the first word to the address in it.
const foolSource = `
	0x20 CALLDATASIZE SUB 0x20 0 CALLDATACOPY
	0 0 0x20 CALLDATASIZE SUB 0 CALLVALUE 0 CALLDATALOAD GAS CALL
	@done JUMPI RETURNDATASIZE 0 0 RETURNDATACOPY RETURNDATASIZE 0 REVERT
done: STOP`

// catcherSource is foolSource that does not mind a failure.
const catcherSource = `
	0x20 CALLDATASIZE SUB 0x20 0 CALLDATACOPY
	0 0 0x20 CALLDATASIZE SUB 0 CALLVALUE 0 CALLDATALOAD GAS CALL POP STOP`

// liarSource says it moved tokens, and answers no question about them.
const liarSource = `
	CALLDATASIZE 4 EQ @go JUMPI 0 0 REVERT
go: 1 0 SLOAD ADD 0 SSTORE 5 0 MSTORE CALLER ADDRESS %[1]s 0x20 0 LOG3 STOP`

// thiefSource is a token whose owner moves what others hold without a log: it takes half of the caller's.
const thiefSource = `
	0 CALLDATALOAD 0xe0 SHR 0x70a08231 EQ @balanceOf JUMPI
	2 CALLER SLOAD DIV CALLER SSTORE STOP
balanceOf: 4 CALLDATALOAD SLOAD 0 MSTORE 0x20 0 RETURN`

// looperSource never ends.
const looperSource = `again: @again JUMP`

// poolSource trades tokenA for tokenB one to one, minus nothing: it pulls, stores both balances and the time, and pays.
const poolSource = `
	0x23b872dd 0xe0 SHL 0 MSTORE CALLER 4 MSTORE ADDRESS 0x24 MSTORE 0 CALLDATALOAD 0x44 MSTORE
	0x20 0x80 0x64 0 0 %[1]s GAS CALL @paid JUMPI 0 0 REVERT
paid:
	0xa9059cbb 0xe0 SHL 0 MSTORE CALLER 4 MSTORE 0 CALLDATALOAD 0x24 MSTORE
	0x20 0x80 0x44 0 0 %[2]s GAS CALL @sent JUMPI 0 0 REVERT
sent:
	0x70a08231 0xe0 SHL 0 MSTORE ADDRESS 4 MSTORE
	0x20 0x80 0x24 0 %[1]s GAS STATICCALL POP 0x80 MLOAD 1 SSTORE
	0x20 0x80 0x24 0 %[2]s GAS STATICCALL POP 0x80 MLOAD 2 SSTORE
	TIMESTAMP 3 SSTORE STOP`

// wethSource gives one token for each wei that is sent with no data, and logs a deposit, not a transfer.
const wethSource = `
	CALLDATASIZE @balanceOf JUMPI
	CALLER SLOAD CALLVALUE ADD CALLER SSTORE
	CALLVALUE 0 MSTORE CALLER %[1]s 0x20 0 LOG2 STOP
balanceOf: 4 CALLDATALOAD SLOAD 0 MSTORE 0x20 0 RETURN`

// pastSource stores the hash of the block whose number it is given.
const pastSource = `0 CALLDATALOAD BLOCKHASH 0 SSTORE STOP`

func hex(b []byte) string { return "0x" + common.Bytes2Hex(b) }

func keccakOf(words ...[]byte) common.Hash {
	var b []byte
	for _, w := range words {
		b = append(b, common.LeftPadBytes(w, 32)...)
	}
	return crypto.Keccak256Hash(b)
}

func ether(n uint64) *big.Int { return new(big.Int).Mul(new(big.Int).SetUint64(n), big.NewInt(1e18)) }

func wordOf(n uint64) common.Hash { return common.BigToHash(new(big.Int).SetUint64(n)) }

func at(a common.Address) common.Hash { return common.BytesToHash(a[:]) }

// world is the genesis that the tests stand on.
func genesisAlloc(t testing.TB) types.GenesisAlloc {
	transfer, approval, all := hex(topicTransfer[:]), hex(topicApproval[:]), hex(topicApprovalForAll[:])
	implementation := erc1967("eip1967.proxy.implementation")
	held := func(n uint64) map[common.Hash]common.Hash {
		return map[common.Hash]common.Hash{at(alice): wordOf(n), at(bob): wordOf(n), at(pool): wordOf(n)}
	}
	contract := func(source string, storage map[common.Hash]common.Hash) types.Account {
		return types.Account{Code: asm(t, source), Storage: storage, Balance: new(big.Int), Nonce: 1}
	}
	token := fmt.Sprintf(erc20, transfer, approval)
	withPool := held(1_000_000)
	withPool[keccakOf(alice[:], pool[:])] = wordOf(500_000)
	withPool[keccakOf(alice[:], puller[:])] = wordOf(777)
	return types.GenesisAlloc{
		alice: {Balance: ether(100)}, bob: {Balance: ether(100)}, pauper: {Balance: big.NewInt(1000)},
		tokenA: contract(token, withPool), tokenB: contract(token, held(1_000_000)),
		puller: contract(pullerSource, nil), clock: contract(clockSource, map[common.Hash]common.Hash{{}: wordOf(1), wordOf(1): wordOf(1)}),
		hoarder: contract(hoarderSource, nil), throne: contract(fmt.Sprintf(throneSource, hex(implementation[:])), map[common.Hash]common.Hash{{}: at(bob)}),
		nft: contract(fmt.Sprintf(nftSource, transfer, approval, all), map[common.Hash]common.Hash{
			wordOf(7): at(alice), wordOf(8): at(alice), at(alice): wordOf(2),
		}),
		multi:   contract(fmt.Sprintf(multiSource, hex(topicTransferSingle[:])), map[common.Hash]common.Hash{keccakOf(alice[:], []byte{9}): wordOf(50)}),
		permit2: contract(permit2Source, nil), fool: contract(foolSource, nil), liar: contract(fmt.Sprintf(liarSource, transfer), nil),
		thief: contract(thiefSource, held(64)), looper: contract(looperSource, nil),
		pool:    contract(fmt.Sprintf(poolSource, hex(tokenA[:]), hex(tokenB[:])), nil),
		catcher: contract(catcherSource, nil), past: contract(pastSource, nil), weth: contract(fmt.Sprintf(wethSource, hex(topicDeposit[:])), nil),
	}
}

func num(n uint64) uint256.Int { return *uint256.NewInt(n) }

func wei(n uint64) []byte { return uint256.NewInt(n).Bytes() }

var (
	selTransfer     = selector("transfer(address,uint256)")
	selApprove      = selector("approve(address,uint256)")
	selTransferFrom = selector("transferFrom(address,address,uint256)")
)
