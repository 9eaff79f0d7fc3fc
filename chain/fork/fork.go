// Package fork runs transactions on the state of a remote chain, and tells what they change.
//
// The state is read over JSON-RPC, pinned by block hash, and shadowed by an overlay of what kept transactions wrote. The EVM is
// go-ethereum's, in this process. The first read that fails cancels the run: a simulation is right or it is an error, never a guess.
//
// Transactions are run in three passes: in the next block, whose effects are told; half a minute later; and there under another miner
// and randomness. What they do otherwise is in Findings: a contract that looks for simulators, or one that is another soon.
//
// A chain whose EVM is not Ethereum's can't be run in this process. Its remote runs the transactions, by eth_simulateV1, and the same
// passes and the same questions lead to the same Effects. What such a remote does not tell is Unknown.
//
// Invariant: every change lists before and after as read from state on both sides of the transactions, never as computed from arguments
// or logs. Logs and call frames only say whom to ask about. Unknown lists, in words, the questions that got no answer, and that
// there were too many to ask; then the rest is not whole. Accounts that nothing in the transactions names are not asked about: where a
// token moves for all its holders at once, those whom nobody names are in neither.
package fork

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/chain/signatures"
)

// Source is the remote: reads only. *chain.Client is one.
type Source = pinned.Source

// Pin is the block that a fork stands on.
type Pin struct {
	ChainID uint64      `json:"chain_id"`
	Number  uint64      `json:"number"`
	Hash    common.Hash `json:"hash"`
	Time    uint64      `json:"time"`     // seconds
	BaseFee uint256.Int `json:"base_fee"` // wei per gas, of the pinned block
}

// Tx is one transaction to run: a call with the very gas and fee fields that are to be signed. Zero Gas means: estimate, and
// report a limit. Nil fees mean: a tip of one gwei, and a cap of twice the next block's base fee above it.
type Tx struct {
	chain.Call
	Gas       uint64       `json:"gas,omitempty"`
	GasFeeCap *uint256.Int `json:"gas_fee_cap,omitempty"` // wei per gas
	GasTipCap *uint256.Int `json:"gas_tip_cap,omitempty"` // wei per gas
	Nonce     *uint64      `json:"nonce,omitempty"`       // nil: the account's next

	AccessList  types.AccessList             `json:"access_list,omitempty"`  // EIP-2930
	Delegations []types.SetCodeAuthorization `json:"delegations,omitempty"`  // EIP-7702
	Blobs       []common.Hash                `json:"blobs,omitempty"`        // EIP-4844
	BlobFeeCap  *uint256.Int                 `json:"blob_fee_cap,omitempty"` // wei per blob gas; nil: twice the next block's blob base fee
}

// AssetKind tells the token standard of a balance or an allowance.
type AssetKind string

// The kinds of assets.
const (
	Native  AssetKind = "native"
	ERC20   AssetKind = "erc20"
	ERC721  AssetKind = "erc721"
	ERC1155 AssetKind = "erc1155"
)

// Effects is what a sequence of transactions changes, as read from state before the first and after the last of them.
// Slices are sorted, so equal effects marshal to equal bytes.
type Effects struct {
	Pin        Pin               `json:"pin"`
	Txs        []TxResult        `json:"txs"`
	Balances   []BalanceChange   `json:"balances"`
	Allowances []AllowanceChange `json:"allowances"`
	Operators  []OperatorChange  `json:"operators"`
	Controls   []ControlChange   `json:"controls"`
	Roles      []RoleChange      `json:"roles"`
	Created    []common.Address  `json:"created"`
	Destroyed  []common.Address  `json:"destroyed"` // one that was created anew in its place is in both lists; one that came and went, in none
	Findings   []Finding         `json:"findings"`  // in what the same transactions did otherwise, under another miner or at another time
	Unknown    []string          `json:"unknown"`   // what could not be told, in words; non-empty means: do not trust the rest to be whole
}

// OK reports whether every transaction succeeded.
func (e *Effects) OK() bool {
	for i := range e.Txs {
		if !e.Txs[i].Success {
			return false
		}
	}
	return len(e.Txs) > 0
}

// TxResult is the outcome of one transaction.
type TxResult struct {
	Success  bool          `json:"success"`
	GasUsed  uint64        `json:"gas_used"`        // after refunds, as a receipt says
	GasLimit uint64        `json:"gas_limit"`       // to sign with: not short in the next 30 seconds, within 10 % of the use where that allows
	Fee      uint256.Int   `json:"fee"`             // wei that the sender pays for gas, and for data on layer 1
	L1Fee    uint256.Int   `json:"l1_fee,omitzero"` // of Fee, what an OP-stack chain takes for data on its layer 1; it differs from block to block
	Return   hexutil.Bytes `json:"return"`
	Revert   string        `json:"revert,omitempty"` // decoded where it is Error(string), Panic(uint256) or an error of a known name, else hex; untrusted text

	Error *signatures.Named `json:"error,omitempty"` // the contract's own error, where its name is known
	Logs  []Log             `json:"logs"`
	Calls Frame             `json:"calls"`
}

// Log is one event, with its name where that is known.
type Log struct {
	Address common.Address    `json:"address"`
	Topics  []common.Hash     `json:"topics"`
	Data    hexutil.Bytes     `json:"data"`
	Event   *signatures.Named `json:"event,omitempty"`
}

// Frame is one call of the call tree.
type Frame struct {
	Type    string         `json:"type"` // CALL, STATICCALL, DELEGATECALL, CREATE, …
	From    common.Address `json:"from"`
	To      common.Address `json:"to"`
	Value   uint256.Int    `json:"value"` // wei
	Input   hexutil.Bytes  `json:"input"`
	Gas     uint64         `json:"gas"` // that it was given
	GasUsed uint64         `json:"gas_used"`
	Failed  bool           `json:"failed,omitempty"`

	Function string  `json:"function,omitempty"` // its name, where the input is that of a known one
	Calls    []Frame `json:"calls,omitempty"`
}

// BalanceChange is an account's holding of one asset, before and after. For ERC-721 the quantity is the count of tokens
// unless ID is set, then it is 0 or 1. Native balances of the sender include the gas that was paid; what the miner earns by it is
// left out.
type BalanceChange struct {
	Account common.Address `json:"account"`
	Kind    AssetKind      `json:"kind"`
	Asset   common.Address `json:"asset"` // zero for native
	ID      *uint256.Int   `json:"id,omitempty"`
	Before  uint256.Int    `json:"before"`
	After   uint256.Int    `json:"after"`
}

// AllowanceChange is what a spender may move of an owner's tokens, before and after. Of ERC-721 it counts single tokens. What a
// Permit2 allowance permits is zero once it has expired. Such an allowance has a time, in unix seconds, at which it ends.
type AllowanceChange struct {
	Owner   common.Address `json:"owner"`
	Spender common.Address `json:"spender"`
	Asset   common.Address `json:"asset"`
	Via     common.Address `json:"via"` // zero: the token's own allowance; else the Permit2 contract
	Before  uint256.Int    `json:"before"`
	After   uint256.Int    `json:"after"`

	ExpiresBefore uint64 `json:"expires_before,omitempty"` // zero: never, or there is none
	ExpiresAfter  uint64 `json:"expires_after,omitempty"`
}

// OperatorChange is a setApprovalForAll.
type OperatorChange struct {
	Owner    common.Address `json:"owner"`
	Operator common.Address `json:"operator"`
	Asset    common.Address `json:"asset"`
	Before   bool           `json:"before"`
	After    bool           `json:"after"`
}

// ControlKind tells what kind of power changed hands.
type ControlKind string

// The kinds of control.
const (
	Owner          ControlKind = "owner"          // owner() of a contract
	PendingOwner   ControlKind = "pending owner"  // who may make itself the owner
	Admin          ControlKind = "admin"          // of a proxy: EIP-1967's slot, its forerunner's, or admin()
	Implementation ControlKind = "implementation" // the code of a proxy: EIP-1967's slot, its forerunners', ERC-1822's; or of all that ask a beacon
	Beacon         ControlKind = "beacon"         // whom a proxy asks for its code: EIP-1967's slot
	Delegate       ControlKind = "delegate"       // EIP-7702 delegation of an account
)

// ControlChange is a change of who governs a contract or an account, or of the code that it runs.
type ControlChange struct {
	Contract common.Address `json:"contract"`
	Kind     ControlKind    `json:"kind"`
	Before   common.Address `json:"before"`
	After    common.Address `json:"after"`
}

// RoleChange is a role of OpenZeppelin's AccessControl that an account got or lost.
type RoleChange struct {
	Contract common.Address `json:"contract"`
	Role     common.Hash    `json:"role"`
	Account  common.Address `json:"account"`
	Before   bool           `json:"before"`
	After    bool           `json:"after"`
}

// FindingName tells what kind of thing was found.
type FindingName string

// The kinds of findings.
const (
	// LooksForSimulator: under another coinbase, PREVRANDAO or both the transactions do something else.
	LooksForSimulator FindingName = "looks_for_simulator"
	// ChangesWithTime: a while later the transactions do something else, not only the same with other amounts.
	ChangesWithTime FindingName = "changes_with_time"
)

// Finding is a difference between runs of the same transactions.
type Finding struct {
	Name   FindingName `json:"name"`
	Detail string      `json:"detail"` // what differs, in words
}
