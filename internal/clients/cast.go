package clients

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/contracts"
)

const castPatience = 20 * time.Second // for one command

// cast runs the program of this name against a target. The checks follow one another: those after the first write use the
// contract that was deployed before.
type cast struct {
	t       *testing.T
	program string
	home    string // a folder without any configuration
	target  Target
	account common.Address
	counter string // the address of the deployed contract
}

type castCheck struct {
	name  string
	needs func(Target) bool
	run   func(*cast)
}

var castChecks = []castCheck{
	{"connect", always, (*cast).connects},
	{"read a block, a balance and a nonce", always, (*cast).reads},
	{"read the fees", always, (*cast).readsFees},
	{"deploy a contract", always, (*cast).deploys},
	{"read code and storage", always, (*cast).readsCode},
	{"write to a contract and find its receipt and log", always, (*cast).writes},
	{"run a transaction again", always, (*cast).replays},
	{"estimate the gas of a call", always, (*cast).estimates},
	{"send a legacy transaction", always, (*cast).sendsLegacy},
	{"send ether with EIP-1559 fees", always, (*cast).sendsWithFees},
	{"make an access list and send it", always, (*cast).sendsAccessList},
	{"send what was signed before", always, (*cast).publishes},
	{"number quick transactions", always, (*cast).sendsQuickly},
	{"simulate a write", always, (*cast).simulates},
	{"a call with changed state", always, (*cast).overrides},
	{"a revert with a reason", always, (*cast).tellsReason},
	{"a revert with a custom error", always, (*cast).tellsCustomError},
	{"a transaction that reverts on chain", always, (*cast).revertsOnChain},
	{"a refusal", always, (*cast).isRefused},
	{"delegate an account with EIP-7702", always, (*cast).delegates},
	{"connect by websocket", websocket, (*cast).connectsBySocket},
	{"send as anybody", development, (*cast).impersonates},
}

func checkCast(t *testing.T, installed string, target Target) {
	t.Helper()
	program, err := castIn(installed)
	if err != nil {
		t.Fatal(err)
	}
	key, err := crypto.HexToECDSA(target.Key)
	if err != nil {
		t.Fatalf("the target's key: %v", err)
	}
	c := cast{program: program, home: t.TempDir(), target: target, account: crypto.PubkeyToAddress(key.PublicKey)}
	for _, check := range castChecks {
		if check.needs(target) {
			t.Run(check.name, func(t *testing.T) {
				c.t = t
				check.run(&c)
			})
		}
	}
}

// do runs cast and returns what it printed. It fails the test where cast does.
func (c *cast) do(args ...string) string {
	c.t.Helper()
	out, said, err := c.try(args...)
	if err != nil {
		c.t.Fatalf("cast %s: %v\n%s", args[0], err, said)
	}
	return out
}

// fails runs a cast that must fail, and returns its words.
func (c *cast) fails(args ...string) string {
	c.t.Helper()
	out, said, err := c.try(args...)
	if err == nil {
		c.t.Fatalf("cast %s did not fail and printed %s", args[0], out)
	}
	return said
}

func (c *cast) try(args ...string) (out, said string, err error) {
	return c.at(c.target.HTTP, args...)
}

func (c *cast) at(url string, args ...string) (out, said string, err error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), castPatience)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.program, args...)
	cmd.Dir, cmd.Env = c.home, []string{"HOME=" + c.home, "ETH_RPC_URL=" + url}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = &stdout, &stderr, time.Second
	err = cmd.Run()
	return strings.TrimSpace(stdout.String()), strings.TrimSpace(stderr.String()), err
}

// send sends a transaction that the target's key signs, waits for its receipt and checks its status.
func (c *cast) send(want uint64, args ...string) *types.Receipt {
	c.t.Helper()
	receipt := decode[types.Receipt](c, c.do(append([]string{"send", "--json", "--private-key", c.target.Key}, args...)...))
	if receipt.Status != want {
		c.t.Fatalf("status of %s is %d, want %d", receipt.TxHash, receipt.Status, want)
	}
	return receipt
}

func decode[T any](c *cast, printed string) *T {
	c.t.Helper()
	v := new(T)
	if err := json.Unmarshal([]byte(printed), v); err != nil {
		c.t.Fatalf("cast printed %q: %v", printed, err)
	}
	return v
}

func (c *cast) number(args ...string) *big.Int {
	c.t.Helper()
	printed := c.do(args...)
	n, ok := new(big.Int).SetString(strings.Fields(printed + " ?")[0], 0)
	if !ok {
		c.t.Fatalf("cast %s printed %q, want a number", args[0], printed)
	}
	return n
}

func (c *cast) want(got, want string) {
	c.t.Helper()
	if got != want {
		c.t.Fatalf("cast printed %q, want %q", got, want)
	}
}

func (c *cast) wantWord(text, word string) {
	c.t.Helper()
	if !strings.Contains(text, word) {
		c.t.Fatalf("cast printed %q, which does not hold %q", text, word)
	}
}

// counts reads the number that the deployed contract holds.
func (c *cast) counts(want int64) {
	c.t.Helper()
	if got := c.number("call", c.counter, "number()(uint256)"); got.Cmp(big.NewInt(want)) != 0 {
		c.t.Fatalf("the counter holds %s, want %d", got, want)
	}
}

func (c *cast) connects() {
	c.want(c.do("chain-id"), strconv.FormatUint(c.target.ChainID, 10))
	if c.do("client") == "" {
		c.t.Fatal("the server has no client version")
	}
	c.want(c.do("rpc", "eth_chainId"), strconv.Quote(hexutil.EncodeUint64(c.target.ChainID)))
}

func (c *cast) reads() {
	number := c.number("block-number").String()
	c.want(c.do("block", number, "--field", "number"), number)
	block := decode[struct{ Hash, StateRoot string }](c, c.do("block", number, "--json"))
	c.want(c.do("block", block.Hash, "--field", "stateRoot"), block.StateRoot)
	if c.number("balance", c.account.Hex()).Sign() <= 0 {
		c.t.Fatal("the account has no ether")
	}
	c.number("nonce", c.account.Hex())
}

func (c *cast) readsFees() {
	if c.number("gas-price").Sign() <= 0 || c.number("base-fee").Sign() < 0 {
		c.t.Fatal("the server has no gas price")
	}
}

func (c *cast) deploys() {
	nonce := c.number("nonce", c.account.Hex()).Uint64()
	creation := hexutil.Encode(contracts.Load(contracts.Counter).Creation)
	receipt := c.send(1, "--create", creation, "constructor(uint256)", "7")
	if want := crypto.CreateAddress(c.account, nonce); receipt.ContractAddress != want {
		c.t.Fatalf("deployed at %s, want %s", receipt.ContractAddress, want)
	}
	c.counter = receipt.ContractAddress.Hex()
	c.counts(7)
}

func (c *cast) readsCode() {
	creation := hexutil.Encode(contracts.Load(contracts.Counter).Creation)
	code := c.do("code", c.counter)
	if len(code) < 4 || !strings.HasSuffix(creation, code[2:]) {
		c.t.Fatalf("the code is %s, which is not the end of %s", code, creation)
	}
	c.want(c.do("codesize", c.counter), strconv.Itoa(len(code)/2-1))
	c.want(c.do("storage", c.counter, "0"), common.BigToHash(big.NewInt(7)).Hex())
}

func (c *cast) writes() {
	receipt := c.send(1, c.counter, "set(uint256)", "8")
	hash := receipt.TxHash.Hex()
	c.want(c.do("receipt", hash, "blockHash"), receipt.BlockHash.Hex())
	c.want(c.do("tx", hash, "from"), c.account.Hex())
	at := receipt.BlockNumber.String()
	printed := c.do("logs", "--json", "--from-block", at, "--to-block", at, "--address", c.counter, "Changed(address indexed,uint256)", c.account.Hex())
	logs := *decode[[]types.Log](c, printed)
	if len(logs) != 1 || logs[0].TxHash != receipt.TxHash || new(big.Int).SetBytes(logs[0].Data).Int64() != 8 {
		c.t.Fatalf("the log of %s is not found: %s", hash, printed)
	}
}

// replays holds what the client's own EVM makes of the server's blocks and states against what the server said.
func (c *cast) replays() {
	receipt := c.send(1, c.counter, "set(uint256)", "9")
	c.wantWord(c.do("run", receipt.TxHash.Hex()), fmt.Sprintf("Gas used: %d", receipt.GasUsed))
}

func (c *cast) estimates() {
	estimate := c.number("estimate", "--from", c.account.Hex(), c.counter, "set(uint256)", "10").Uint64()
	if used := c.send(1, c.counter, "set(uint256)", "10").GasUsed; estimate < used || estimate > used*12/10 {
		c.t.Fatalf("%d gas estimated, %d used", estimate, used)
	}
}

func (c *cast) sendsLegacy() {
	if receipt := c.send(1, "--legacy", c.counter, "set(uint256)", "11"); receipt.Type != types.LegacyTxType {
		c.t.Fatalf("the transaction has type %d", receipt.Type)
	}
}

func (c *cast) sendsWithFees() {
	const tip = 1_000_000_000
	most := new(big.Int).Mul(c.number("gas-price"), big.NewInt(3))
	receipt := c.send(1, "--priority-gas-price", strconv.Itoa(tip), "--gas-price", most.Add(most, big.NewInt(tip)).String(), "--value", "1", stranger)
	base := c.number("block", receipt.BlockNumber.String(), "--field", "baseFeePerGas")
	if want := base.Add(base, big.NewInt(tip)); receipt.EffectiveGasPrice.Cmp(want) != 0 || receipt.GasUsed != 21_000 {
		c.t.Fatalf("paid %s for each of %d gas, want %s for 21000", receipt.EffectiveGasPrice, receipt.GasUsed, want)
	}
}

func (c *cast) sendsAccessList() {
	made := decode[struct{ AccessList types.AccessList }](c, c.do("access-list", "--json", "--from", c.account.Hex(), c.counter, "set(uint256)", "12"))
	if len(made.AccessList) != 1 || made.AccessList[0].Address.Hex() != c.counter || len(made.AccessList[0].StorageKeys) != 1 {
		c.t.Fatalf("the access list is %v", made.AccessList)
	}
	raw, err := json.Marshal(made.AccessList)
	if err != nil {
		c.t.Fatal(err)
	}
	receipt := c.send(1, "--access-list", string(raw), c.counter, "set(uint256)", "12")
	sent := decode[struct{ AccessList types.AccessList }](c, c.do("tx", "--json", receipt.TxHash.Hex()))
	if len(sent.AccessList) != 1 {
		c.t.Fatalf("sent with the access list %v", sent.AccessList)
	}
}

func (c *cast) publishes() {
	signed := c.do("mktx", "--private-key", c.target.Key, c.counter, "set(uint256)", "13")
	receipt := decode[types.Receipt](c, c.do("publish", signed))
	if want := crypto.Keccak256Hash(hexutil.MustDecode(signed)); receipt.TxHash != want || receipt.Status != 1 {
		c.t.Fatalf("published %s with status %d, want %s", receipt.TxHash, receipt.Status, want)
	}
}

func (c *cast) sendsQuickly() {
	first := c.number("nonce", c.account.Hex()).Uint64()
	hashes := make([]string, 4)
	for i := range hashes {
		nonce := strconv.FormatUint(first+uint64(i), 10)
		set := []string{c.counter, "set(uint256)", strconv.Itoa(20 + i)}
		hashes[i] = c.do(append([]string{"send", "--async", "--private-key", c.target.Key, "--gas-limit", "100000", "--nonce", nonce}, set...)...)
	}
	for _, hash := range hashes {
		if receipt := decode[types.Receipt](c, c.do("receipt", "--json", hash)); receipt.Status != 1 {
			c.t.Fatalf("status of %s is %d, want 1", hash, receipt.Status)
		}
	}
	c.counts(23)
}

func (c *cast) simulates() {
	before := c.number("call", "--from", c.account.Hex(), c.counter, "set(uint256)(uint256)", "30")
	if before.Int64() != 23 {
		c.t.Fatalf("set returns %s, want 23", before)
	}
	c.counts(23)
}

func (c *cast) overrides() {
	override := c.counter + ":0x0:0x4d"
	if got := c.number("call", "--override-state-diff", override, c.counter, "number()(uint256)"); got.Int64() != 77 {
		c.t.Fatalf("the counter with changed state holds %s, want 77", got)
	}
	c.counts(23)
}

func (c *cast) tellsReason() {
	for _, command := range []string{"call", "estimate"} {
		c.wantWord(c.fails(command, c.counter, "set(uint256)", "0"), "zero counts nothing")
	}
	c.wantWord(c.fails("send", "--private-key", c.target.Key, c.counter, "set(uint256)", "0"), "zero counts nothing")
	c.wantWord(c.fails("call", c.counter, "add(uint256)", c.do("max-uint")), "arithmetic underflow or overflow")
}

// tellsCustomError wants the data of the error, as cast decodes no error of which it was not given the signature.
func (c *cast) tellsCustomError() {
	revert := contracts.Load(contracts.Counter).ABI.Errors["TooLarge"]
	args, err := revert.Inputs.Pack(big.NewInt(1001), big.NewInt(1000))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, command := range []string{"call", "estimate"} {
		c.wantWord(c.fails(command, c.counter, "set(uint256)", "1001"), hexutil.Encode(append(revert.ID[:4], args...)))
	}
}

func (c *cast) revertsOnChain() {
	receipt := c.send(0, "--gas-limit", "100000", c.counter, "set(uint256)", "0")
	if len(receipt.Logs) != 0 {
		c.t.Fatalf("a transaction that reverted has logs: %v", receipt.Logs)
	}
}

func (c *cast) isRefused() {
	said := c.fails("send", "--private-key", c.target.Key, "--nonce", "0", "--gas-limit", "21000", stranger)
	c.wantWord(said, "nonce too low")
}

func (c *cast) delegates() {
	receipt := c.send(1, "--auth", c.counter, c.account.Hex(), "set(uint256)", "60")
	if receipt.Type != types.SetCodeTxType {
		c.t.Fatalf("the transaction has type %d", receipt.Type)
	}
	c.want(c.do("code", c.account.Hex()), "0xef0100"+strings.ToLower(c.counter[2:]))
	if got := c.number("call", c.account.Hex(), "number()(uint256)"); got.Int64() != 60 {
		c.t.Fatalf("the delegated account holds %s, want 60", got)
	}
	c.send(1, "--auth", common.Address{}.Hex(), stranger)
	c.want(c.do("code", c.account.Hex()), "0x")
}

func (c *cast) connectsBySocket() {
	out, said, err := c.at(c.target.WS, "chain-id")
	if err != nil {
		c.t.Fatalf("%v\n%s", err, said)
	}
	c.want(out, strconv.FormatUint(c.target.ChainID, 10))
}

// impersonates sends ether from an account of which nobody has the key.
func (c *cast) impersonates() {
	c.do("rpc", "anvil_setBalance", stranger, "0x8ac7230489e80000")
	c.do("rpc", "anvil_impersonateAccount", stranger)
	receipt := decode[types.Receipt](c, c.do("send", "--json", "--unlocked", "--from", stranger, "--value", "1", c.account.Hex()))
	if receipt.Status != 1 {
		c.t.Fatalf("status of %s is %d, want 1", receipt.TxHash, receipt.Status)
	}
	c.do("rpc", "anvil_stopImpersonatingAccount", stranger)
}

// stranger is an address without code that nobody has the key of.
const stranger = "0x57a9e600000000000000000000000000c0ffee00"
