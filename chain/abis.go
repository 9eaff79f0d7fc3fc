package chain

import (
	"bytes"
	"fmt"
	"math/big"
	"strings"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// The functions of the contracts that every room calls. There is no symbol() among them: symbols come from the registry.
var (
	erc20 = mustABI(`[
		{"type":"function","name":"balanceOf","stateMutability":"view","inputs":[{"name":"account","type":"address"}],"outputs":[{"type":"uint256"}]},
		{"type":"function","name":"allowance","stateMutability":"view","inputs":[{"name":"owner","type":"address"},{"name":"spender","type":"address"}],"outputs":[{"type":"uint256"}]},
		{"type":"function","name":"decimals","stateMutability":"view","inputs":[],"outputs":[{"type":"uint8"}]},
		{"type":"function","name":"transfer","stateMutability":"nonpayable","inputs":[{"name":"to","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[{"type":"bool"}]},
		{"type":"function","name":"approve","stateMutability":"nonpayable","inputs":[{"name":"spender","type":"address"},{"name":"amount","type":"uint256"}],"outputs":[{"type":"bool"}]}
	]`)
	weth9 = mustABI(`[
		{"type":"function","name":"deposit","stateMutability":"payable","inputs":[],"outputs":[]},
		{"type":"function","name":"withdraw","stateMutability":"nonpayable","inputs":[{"name":"wad","type":"uint256"}],"outputs":[]}
	]`)
	permit2 = mustABI(`[
		{"type":"function","name":"allowance","stateMutability":"view","inputs":[{"name":"owner","type":"address"},{"name":"token","type":"address"},{"name":"spender","type":"address"}],
			"outputs":[{"name":"amount","type":"uint160"},{"name":"expiration","type":"uint48"},{"name":"nonce","type":"uint48"}]},
		{"type":"function","name":"approve","stateMutability":"nonpayable","inputs":[{"name":"token","type":"address"},{"name":"spender","type":"address"},{"name":"amount","type":"uint160"},{"name":"expiration","type":"uint48"}],"outputs":[]}
	]`)
	multicall3 = mustABI(`[
		{"type":"function","name":"aggregate3","stateMutability":"payable",
			"inputs":[{"name":"calls","type":"tuple[]","components":[{"name":"target","type":"address"},{"name":"allowFailure","type":"bool"},{"name":"callData","type":"bytes"}]}],
			"outputs":[{"name":"returnData","type":"tuple[]","components":[{"name":"success","type":"bool"},{"name":"returnData","type":"bytes"}]}]}
	]`)
	governance = mustABI(`[
		{"type":"function","name":"vote","stateMutability":"nonpayable","inputs":[{"name":"id","type":"uint256"},{"name":"yes","type":"bool"}],"outputs":[]}
	]`)
)

func mustABI(src string) abi.ABI {
	a, err := abi.JSON(strings.NewReader(src))
	if err != nil {
		panic(err)
	}
	return a
}

// mustPack packs arguments whose Go types are fixed by the callers below, so it can't fail.
func mustPack(a abi.ABI, method string, args ...any) []byte {
	data, err := a.Pack(method, args...)
	if err != nil {
		panic(err)
	}
	return data
}

// PackBalanceOf is the calldata of ERC-20 balanceOf.
func PackBalanceOf(account common.Address) []byte { return mustPack(erc20, "balanceOf", account) }

// PackAllowance is the calldata of ERC-20 allowance.
func PackAllowance(owner, spender common.Address) []byte {
	return mustPack(erc20, "allowance", owner, spender)
}

// PackDecimals is the calldata of ERC-20 decimals.
func PackDecimals() []byte { return mustPack(erc20, "decimals") }

// PackTransfer is the calldata of ERC-20 transfer.
func PackTransfer(to common.Address, amount *uint256.Int) []byte {
	return mustPack(erc20, "transfer", to, amount.ToBig())
}

// PackApprove is the calldata of ERC-20 approve.
func PackApprove(spender common.Address, amount *uint256.Int) []byte {
	return mustPack(erc20, "approve", spender, amount.ToBig())
}

// PackDeposit is the calldata of WETH9 deposit; the value of the call is what is wrapped.
func PackDeposit() []byte { return mustPack(weth9, "deposit") }

// PackWithdraw is the calldata of WETH9 withdraw.
func PackWithdraw(amount *uint256.Int) []byte { return mustPack(weth9, "withdraw", amount.ToBig()) }

// UnpackUint reads an answer of one uint256. It refuses one that is shorter than a word, as an account without code gives.
func UnpackUint(ret []byte) (uint256.Int, error) {
	if len(ret) < 32 {
		return uint256.Int{}, fmt.Errorf("an answer of %d bytes is not a number", len(ret))
	}
	var n uint256.Int
	n.SetBytes32(ret)
	return n, nil
}

// Permit2Allowance is what a spender may move through Permit2, and until when.
type Permit2Allowance struct {
	Amount     uint256.Int // at most 2^160-1
	Expiration uint64      // unix seconds
	Nonce      uint64
}

// PackPermit2Allowance is the calldata of Permit2 allowance.
func PackPermit2Allowance(owner, token, spender common.Address) []byte {
	return mustPack(permit2, "allowance", owner, token, spender)
}

// UnpackPermit2Allowance reads the answer of Permit2 allowance.
func UnpackPermit2Allowance(ret []byte) (Permit2Allowance, error) {
	out, err := permit2.Unpack("allowance", ret)
	if err != nil {
		return Permit2Allowance{}, fmt.Errorf("permit2 allowance: %w", err)
	}
	a := Permit2Allowance{Expiration: out[1].(*big.Int).Uint64(), Nonce: out[2].(*big.Int).Uint64()}
	a.Amount.SetFromBig(out[0].(*big.Int))
	return a, nil
}

// PackPermit2Approve is the calldata of Permit2 approve. It fails where the amount does not fit into 160 bits, or the expiration
// into 48.
func PackPermit2Approve(token, spender common.Address, amount *uint256.Int, expiration uint64) ([]byte, error) {
	if amount.BitLen() > 160 || expiration >= 1<<48 {
		return nil, fmt.Errorf("permit2 approve of %s until %d: %w", amount.Dec(), expiration, ErrOverflow)
	}
	return mustPack(permit2, "approve", token, spender, amount.ToBig(), new(big.Int).SetUint64(expiration)), nil
}

// View is one call of a multicall.
type View struct {
	Target       common.Address
	AllowFailure bool
	CallData     []byte
}

// ViewResult is the outcome of one call of a multicall.
type ViewResult struct {
	Success    bool
	ReturnData []byte
}

// PackAggregate3 is the calldata of Multicall3 aggregate3.
func PackAggregate3(views []View) []byte { return mustPack(multicall3, "aggregate3", views) }

// UnpackAggregate3 reads the answer of Multicall3 aggregate3 to so many calls.
func UnpackAggregate3(ret []byte, calls int) ([]ViewResult, error) {
	var out struct{ ReturnData []ViewResult }
	if err := multicall3.UnpackIntoInterface(&out, "aggregate3", ret); err != nil {
		return nil, fmt.Errorf("multicall: %w", err)
	}
	if len(out.ReturnData) != calls {
		return nil, fmt.Errorf("multicall: %d answers to %d calls", len(out.ReturnData), calls)
	}
	return out.ReturnData, nil
}

// UnpackApprove reads the calldata of ERC-20 approve. It is false for any other calldata.
func UnpackApprove(data []byte) (spender common.Address, amount uint256.Int, ok bool) {
	method := erc20.Methods["approve"]
	if len(data) != 4+64 || !bytes.Equal(data[:4], method.ID) {
		return common.Address{}, uint256.Int{}, false
	}
	amount.SetBytes32(data[36:68])
	return common.BytesToAddress(data[4:36]), amount, true
}

// UnpackVote reads the calldata of a vote of the rewards' governance. It is false for any other calldata.
func UnpackVote(data []byte) (id uint256.Int, yes, ok bool) {
	method := governance.Methods["vote"]
	if len(data) != 4+64 || !bytes.Equal(data[:4], method.ID) {
		return uint256.Int{}, false, false
	}
	args, err := method.Inputs.Unpack(data[4:])
	if err != nil {
		return uint256.Int{}, false, false
	}
	id.SetBytes32(data[4:36])
	return id, args[1].(bool), true
}
