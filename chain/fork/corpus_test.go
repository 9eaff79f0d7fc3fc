package fork

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts"
)

// stage is a real chain with contracts of the corpus. What is tried there is simulated, held against the chain as it is, mined, and
// held against the chain as it is then.
type stage struct {
	testing.TB
	*geth
	source Source
}

func newStage(t testing.TB, more types.GenesisAlloc) *stage {
	t.Helper()
	g := newGethWith(t, more)
	return &stage{t, g, g}
}

const stageGas = 3_000_000

func (s *stage) mined(tx Tx) *types.Receipt {
	s.Helper()
	ctx := context.Background()
	nonce, err := s.Client().PendingNonceAt(ctx, tx.From)
	if err != nil {
		s.Fatal(err)
	}
	var inner types.TxData = &types.DynamicFeeTx{
		ChainID: toBig(testChain), Nonce: nonce, To: tx.To, Value: tx.Value.ToBig(), Data: tx.Data, Gas: stageGas,
		GasFeeCap: toBig(1e10), GasTipCap: toBig(defaultTip),
	}
	if len(tx.Delegations) > 0 {
		inner = &types.SetCodeTx{
			ChainID: uint256.NewInt(testChain), Nonce: nonce, To: *tx.To, Value: &tx.Value, Data: tx.Data, Gas: stageGas,
			GasFeeCap: uint256.NewInt(1e10), GasTipCap: uint256.NewInt(defaultTip), AuthList: tx.Delegations,
		}
	}
	signed, err := types.SignNewTx(keyOf(s, tx.From), types.LatestSignerForChainID(toBig(testChain)), inner)
	if err != nil {
		s.Fatal(err)
	}
	if err := s.Client().SendTransaction(ctx, signed); err != nil {
		s.Fatal(err)
	}
	s.Commit()
	receipt, err := s.Client().TransactionReceipt(ctx, signed.Hash())
	if err != nil {
		s.Fatal(err)
	}
	return receipt
}

func (s *stage) deploy(name contracts.Name, args ...any) common.Address {
	s.Helper()
	receipt := s.mined(s.creation(name, args...))
	if receipt.Status != 1 {
		s.Fatalf("%s was not created", name)
	}
	return receipt.ContractAddress
}

func (s *stage) creation(name contracts.Name, args ...any) Tx {
	s.Helper()
	c := contracts.Load(name)
	packed, err := c.ABI.Pack("", args...)
	if err != nil {
		s.Fatal(err)
	}
	return Tx{Call: chain.Call{ChainID: testChain, From: alice, Data: append(slices.Clone(c.Creation), packed...)}}
}

// token is a token of the corpus, of which alice has a million.
func (s *stage) token(name contracts.Name) common.Address {
	s.Helper()
	a := s.deploy(name, "Gold", "GLD", uint8(18), alice)
	s.did(s.call(alice, a, name, "mint", alice, big.NewInt(1_000_000)))
	return a
}

func (s *stage) input(name contracts.Name, method string, args ...any) []byte {
	s.Helper()
	data, err := contracts.Load(name).ABI.Pack(method, args...)
	if err != nil {
		s.Fatal(err)
	}
	return data
}

func (s *stage) call(from, to common.Address, name contracts.Name, method string, args ...any) Tx {
	s.Helper()
	return callTo(from, to, s.input(name, method, args...))
}

// did mines transactions that succeed.
func (s *stage) did(txs ...Tx) {
	s.Helper()
	for _, tx := range txs {
		if s.mined(tx).Status != 1 {
			s.Fatalf("it fails on the chain: %s", asJSON(s, tx))
		}
	}
}

// simulated is what a fork says of transactions.
func (s *stage) simulated(txs ...Tx) *Effects {
	s.Helper()
	for i := range txs {
		txs[i].Gas = stageGas
	}
	e, err := newFork(s, s.source).SimulateOnce(context.Background(), txs)
	if err != nil {
		s.Fatal(err)
	}
	return e
}

// try simulates transactions that succeed and can be told, and mines them.
func (s *stage) try(txs ...Tx) *Effects {
	s.Helper()
	e := s.simulated(txs...)
	ok(s, e)
	s.holds(e, before)
	s.did(txs...)
	s.holds(e, after)
	return e
}

// side is one end of a change.
type side int

const (
	before side = iota
	after
)

func pick[T any](s side, before, after T) T { return []T{before, after}[s] }

// holds holds effects against what the chain says of them. What senders have left after gas depends on the block's fee.
func (s *stage) holds(e *Effects, at side) {
	s.Helper()
	senders := make(map[common.Address]bool)
	for i := range e.Txs {
		senders[e.Txs[i].Calls.From] = true
	}
	same := func(what string, have common.Hash, want uint256.Int) {
		s.Helper()
		if have != common.Hash(want.Bytes32()) {
			s.Fatalf("%s: the chain says %s, the fork %s", what, have, want.Hex())
		}
	}
	flag := func(b bool) uint256.Int { return map[bool]uint256.Int{true: num(1)}[b] }
	for _, c := range e.Balances {
		want := pick(at, c.Before, c.After)
		switch {
		case c.Kind == Native && senders[c.Account]:
		case c.Kind == Native:
			have, err := s.Client().BalanceAt(context.Background(), c.Account, nil)
			if err != nil {
				s.Fatal(err)
			}
			same("coins", common.BigToHash(have), want)
		case c.Kind == ERC721 && c.ID != nil:
			owner := s.word(c.Asset, pack(selOwnerOf, c.ID.Bytes()))
			same("owner", common.Hash(new(uint256.Int).SetUint64(map[bool]uint64{true: 1}[owner == addressWord(c.Account)]).Bytes32()), want)
		case c.Kind == ERC1155:
			same("balance of an id", s.word(c.Asset, pack(selBalanceOf1155, c.Account[:], c.ID.Bytes())), want)
		default:
			same("balance", s.word(c.Asset, pack(selBalanceOf, c.Account[:])), want)
		}
	}
	for _, c := range e.Allowances {
		want := pick(at, c.Before, c.After)
		if c.Via == (common.Address{}) {
			if have := s.word(c.Asset, pack(selAllowance, c.Owner[:], c.Spender[:])); have != (common.Hash{}) || !s.unanswered(c.Asset, pack(selAllowance, c.Owner[:], c.Spender[:])) {
				same("allowance", have, want)
			}
			continue
		}
		words := s.view(c.Via, pack(selAllowance2, c.Owner[:], c.Asset[:], c.Spender[:]))
		same("amount of Permit2", common.Hash(words[:32]), want)
		if !want.IsZero() {
			same("expiry of Permit2", common.Hash(words[32:64]), num(pick(at, c.ExpiresBefore, c.ExpiresAfter)))
		}
	}
	for _, c := range e.Operators {
		data := pack(selApprovedForAll, c.Owner[:], c.Operator[:])
		if s.unanswered(c.Asset, data) {
			data = pack(selOperatorFor, c.Operator[:], c.Owner[:])
		}
		same("operator", s.word(c.Asset, data), flag(pick(at, c.Before, c.After)))
	}
	for _, c := range e.Roles {
		same("role", s.word(c.Contract, pack(selHasRole, c.Role[:], c.Account[:])), flag(pick(at, c.Before, c.After)))
	}
	for _, c := range e.Controls {
		s.controlled(c, pick(at, c.Before, c.After))
	}
	for _, a := range e.Created {
		if at == after && len(s.code(a)) == 0 {
			s.Fatalf("%s is created and has no code", a)
		}
	}
	for _, a := range e.Destroyed {
		if (len(s.code(a)) == 0) != (at == after && !slices.Contains(e.Created, a)) {
			s.Fatalf("%s is destroyed, and its code is %x", a, s.code(a))
		}
	}
}

func addressWord(a common.Address) common.Hash { return common.BytesToHash(a[:]) }

// controlled looks for an address where the chain may hold it: in a slot, behind a view, or in a delegation.
func (s *stage) controlled(c ControlChange, want common.Address) {
	s.Helper()
	var have []common.Address
	for slot, kind := range controlSlots {
		if kind == c.Kind {
			v, err := s.Client().StorageAt(context.Background(), c.Contract, slot, nil)
			if err != nil {
				s.Fatal(err)
			}
			have = append(have, common.BytesToAddress(v))
		}
	}
	for _, v := range controlViews {
		if v.kind == c.Kind && !s.unanswered(c.Contract, v.view[:]) {
			have = append(have, common.BytesToAddress(s.view(c.Contract, v.view[:])))
		}
	}
	if c.Kind == Delegate {
		d, _ := delegate(s.code(c.Contract))
		have = append(have, d)
	}
	if !slices.Contains(have, want) {
		s.Fatalf("the %s of %s: the chain has %v, the fork %s", c.Kind, c.Contract, have, want)
	}
}

func (s *stage) code(a common.Address) []byte {
	s.Helper()
	code, err := s.Client().CodeAt(context.Background(), a, nil)
	if err != nil {
		s.Fatal(err)
	}
	return code
}

func (s *stage) view(to common.Address, data []byte) []byte {
	s.Helper()
	var ret hexutil.Bytes
	if err := s.Call(context.Background(), &ret, "eth_call", map[string]any{"to": to, "input": hexutil.Bytes(data)}, "latest"); err != nil {
		return nil
	}
	return ret
}

func (s *stage) unanswered(to common.Address, data []byte) bool { return len(s.view(to, data)) == 0 }

func (s *stage) word(to common.Address, data []byte) common.Hash {
	return common.BytesToHash(s.view(to, data))
}

// want holds the part of effects that a test is about.
func want[T any](t testing.TB, have []T, want ...T) {
	t.Helper()
	if d := cmp.Diff(append([]T{}, want...), have); d != "" {
		t.Fatal(d)
	}
}

func (s *stage) sign(by common.Address, domain common.Hash, message common.Hash) (v uint8, r, sig [32]byte) {
	s.Helper()
	raw, err := crypto.Sign(crypto.Keccak256([]byte("\x19\x01"), domain[:], message[:]), keyOf(s, by))
	if err != nil {
		s.Fatal(err)
	}
	return raw[64] + 27, [32]byte(raw[:32]), [32]byte(raw[32:64])
}

var (
	most    = *new(uint256.Int).SetAllOne()
	carol   = common.HexToAddress("0xca2010000000000000000000000000000000ca01")
	distant = big.NewInt(1 << 40)
)

func TestAnAllowanceThatAThirdPartySpendsIsTold(t *testing.T) {
	s := newStage(t, nil)
	gold, spender := s.token(contracts.Token), s.deploy(contracts.ThirdPartySpender)
	s.did(s.call(alice, gold, contracts.Token, "approve", spender, big.NewInt(500)))
	e := s.try(s.call(bob, spender, contracts.ThirdPartySpender, "spend", gold, alice, carol, big.NewInt(200)))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: spender, Asset: gold, Before: num(500), After: num(300)})
	wantBalance(t, e, carol, ERC20, gold, 0, 200)
	wantBalance(t, e, alice, ERC20, gold, 1_000_000, 999_800)
	for _, l := range e.Txs[0].Logs {
		if l.Event == nil || l.Event.Name != "Transfer" {
			t.Fatalf("the token logs more than the transfer, so this test shows nothing: %s", asJSON(t, l))
		}
	}
}

func TestAllowancesOfOddTokensAreWhatTheyAnswer(t *testing.T) {
	for _, name := range []contracts.Name{contracts.Token, contracts.CountingToken, contracts.SilentToken, contracts.FeeToken, contracts.DaiToken} {
		t.Run(string(name), func(t *testing.T) {
			s := newStage(t, nil)
			gold, spender := s.token(name), s.deploy(contracts.ThirdPartySpender)
			e := s.try(s.call(alice, gold, name, "approve", spender, most.ToBig()))
			want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: spender, Asset: gold, After: most})
			if e := s.simulated(s.call(alice, gold, name, "approve", bob, big.NewInt(0))); len(e.Allowances)+len(e.Unknown) != 0 {
				t.Fatal("nothing is allowed, and something is told")
			}
			if name == contracts.SilentToken {
				e = s.simulated(s.call(alice, gold, name, "approve", spender, big.NewInt(5)))
				if e.OK() || len(e.Allowances) != 0 || e.Txs[0].Revert == "" {
					t.Fatal(asJSON(t, e))
				}
				return // what it returns is nothing, so no caller that checks can spend it
			}
			e = s.try(s.call(bob, spender, contracts.ThirdPartySpender, "spend", gold, alice, carol, big.NewInt(200)))
			if name == contracts.CountingToken {
				left := *new(uint256.Int).SubUint64(&most, 200)
				want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: spender, Asset: gold, Before: most, After: left})
				return
			}
			want(t, e.Allowances)
			if c, _ := e.balance(carol, ERC20, gold); c.After != num(map[bool]uint64{false: 200, true: 198}[name == contracts.FeeToken]) {
				t.Fatalf("%s arrive", c.After.Dec())
			}
		})
	}
}

func TestPermitsAreAllowancesOfWhoSigned(t *testing.T) {
	s := newStage(t, nil)
	gold, dai := s.token(contracts.Token), s.token(contracts.DaiToken)
	domain := func(token common.Address) common.Hash { return s.word(token, pack(selector("DOMAIN_SEPARATOR()"))) }

	message := keccakOf(crypto.Keccak256([]byte("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)")),
		alice[:], carol[:], wei(77), nil, distant.Bytes())
	v, r, sig := s.sign(alice, domain(gold), message)
	e := s.try(s.call(bob, gold, contracts.Token, "permit", alice, carol, big.NewInt(77), distant, v, r, sig))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: carol, Asset: gold, After: num(77)})

	message = keccakOf(crypto.Keccak256([]byte("Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)")),
		alice[:], carol[:], nil, nil, wei(1))
	v, r, sig = s.sign(alice, domain(dai), message)
	e = s.try(s.call(bob, dai, contracts.DaiToken, "permit", alice, carol, new(big.Int), new(big.Int), true, v, r, sig))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: carol, Asset: dai, After: most})
}

func TestWhoeverARebaseTouchesAndAnythingNamesIsTold(t *testing.T) {
	s := newStage(t, nil)
	rebasing := s.deploy(contracts.RebasingToken, big.NewInt(1_000_000))
	s.did(s.call(alice, rebasing, contracts.RebasingToken, "transfer", bob, big.NewInt(400_000)))
	s.did(s.call(alice, rebasing, contracts.RebasingToken, "transfer", carol, big.NewInt(100_000)))
	// carol stands in an argument that nobody reads, bob sends, and no log is written.
	inner := append(s.input(contracts.RebasingToken, "rebase", big.NewInt(2_000_000)), at(carol).Bytes()...)
	e := s.try(callTo(bob, fool, append(at(rebasing).Bytes(), inner...)))
	if len(e.Txs[0].Logs) != 0 {
		t.Fatal("there is a log, so this test shows nothing")
	}
	wantBalance(t, e, bob, ERC20, rebasing, 400_000, 800_000)
	wantBalance(t, e, carol, ERC20, rebasing, 100_000, 200_000)
	if _, found := e.balance(alice, ERC20, rebasing); found {
		t.Fatal("alice is told of, and nothing names her")
	}
	e = s.try(s.call(alice, rebasing, contracts.RebasingToken, "transfer", bob, big.NewInt(100)))
	wantBalance(t, e, bob, ERC20, rebasing, 800_000, 800_100)
}

func TestOperatorsOfERC777AreTold(t *testing.T) {
	s := newStage(t, nil)
	token := s.deploy(contracts.OperatorToken, big.NewInt(1000), []common.Address{carol})
	const name = contracts.OperatorToken
	e := s.try(s.call(alice, token, name, "authorizeOperator", bob))
	want(t, e.Operators, OperatorChange{Owner: alice, Operator: bob, Asset: token, After: true})
	e = s.try(s.call(alice, token, name, "revokeOperator", carol))
	want(t, e.Operators, OperatorChange{Owner: alice, Operator: carol, Asset: token, Before: true})

	e = s.try(s.call(bob, token, name, "operatorSend", alice, carol, big.NewInt(30), []byte{}, []byte{}))
	want(t, e.Operators)
	wantBalance(t, e, alice, ERC20, token, 1000, 970)
	wantBalance(t, e, carol, ERC20, token, 0, 30)

	s.did(s.call(alice, token, name, "setHook", catcher))
	e = s.try(s.call(alice, token, name, "send", carol, big.NewInt(10), []byte{}))
	wantBalance(t, e, alice, ERC20, token, 970, 960)
	if len(e.Txs[0].Calls.Calls) != 1 || e.Txs[0].Calls.Calls[0].Function != "tokensToSend" {
		t.Fatalf("no hook in the tree: %s", asJSON(t, e.Txs[0].Calls))
	}
	e = s.try(s.call(alice, token, name, "revokeOperator", bob))
	want(t, e.Operators, OperatorChange{Owner: alice, Operator: bob, Asset: token, Before: true})
}

func TestApprovalsInsideOtherCallsBelongToWhoMakesThem(t *testing.T) {
	s := newStage(t, nil)
	gold, router := s.token(contracts.Token), s.deploy(contracts.ApprovingMulticall)
	s.did(s.call(alice, gold, contracts.Token, "approve", router, big.NewInt(50)))
	calls := [][]byte{
		s.input(contracts.ApprovingMulticall, "pull", gold, big.NewInt(20)),
		s.input(contracts.ApprovingMulticall, "approveToken", gold, carol, big.NewInt(9)),
	}
	e := s.try(s.call(alice, router, contracts.ApprovingMulticall, "multicall", calls))
	wantAllowance(t, e, AllowanceChange{Owner: router, Spender: carol, Asset: gold, After: num(9)})
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: router, Asset: gold, Before: num(50), After: num(30)})

	e = s.try(s.creation(contracts.ApprovingConstructor, gold, carol, big.NewInt(8)))
	want(t, e.Allowances, AllowanceChange{Owner: e.Created[0], Spender: carol, Asset: gold, After: num(8)})
}

func TestATokenThatLiesOfAllowancesIsUnknown(t *testing.T) {
	s := newStage(t, nil)
	token := s.deploy(contracts.LyingToken, big.NewInt(1000))
	approve := s.call(alice, token, contracts.LyingToken, "approve", bob, big.NewInt(500))
	lies := func() {
		t.Helper()
		e := s.simulated(approve)
		if len(e.Unknown) != 1 || !strings.Contains(e.Unknown[0], token.Hex()) || !strings.Contains(e.Unknown[0], bob.Hex()) {
			t.Fatalf("%q", e.Unknown)
		}
	}
	lies() // it answers zero, whatever is allowed
	s.did(s.call(alice, token, contracts.LyingToken, "lie", true, new(big.Int)))
	lies() // it answers nothing
	s.did(s.call(alice, token, contracts.LyingToken, "lie", false, big.NewInt(500)))
	if e := s.simulated(approve); len(e.Unknown) != 0 {
		t.Fatalf("what it logs is what it answers: %q", e.Unknown)
	}
}

func TestCollectionsAreToldWithWhoMayMoveThem(t *testing.T) {
	s := newStage(t, nil)
	one := num(1)
	cats, things := s.deploy(contracts.Collectible), s.deploy(contracts.Collection)
	e := s.try(s.call(alice, cats, contracts.Collectible, "mint", alice, big.NewInt(7)))
	wantBalance(t, e, alice, ERC721, cats, 0, 1)
	e = s.try(s.call(alice, cats, contracts.Collectible, "approve", bob, big.NewInt(7)))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: bob, Asset: cats, After: one})
	e = s.try(s.call(bob, cats, contracts.Collectible, "transferFrom", alice, carol, big.NewInt(7)))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: bob, Asset: cats, Before: one})
	wantBalance(t, e, alice, ERC721, cats, 1, 0)
	wantBalance(t, e, carol, ERC721, cats, 0, 1)

	for asset, name := range map[common.Address]contracts.Name{cats: contracts.Collectible, things: contracts.Collection} {
		e = s.try(s.call(alice, asset, name, "setApprovalForAll", bob, true))
		want(t, e.Operators, OperatorChange{Owner: alice, Operator: bob, Asset: asset, After: true})
		e = s.try(s.call(alice, asset, name, "setApprovalForAll", bob, false))
		want(t, e.Operators, OperatorChange{Owner: alice, Operator: bob, Asset: asset, Before: true})
	}
	s.did(s.call(alice, things, contracts.Collection, "mint", alice, big.NewInt(3), big.NewInt(10)))
	s.did(s.call(alice, things, contracts.Collection, "mint", alice, big.NewInt(4), big.NewInt(10)))
	ids, values := []*big.Int{big.NewInt(3), big.NewInt(4)}, []*big.Int{big.NewInt(1), big.NewInt(2)}
	e = s.try(s.call(alice, things, contracts.Collection, "safeBatchTransferFrom", alice, bob, ids, values, []byte{}))
	have := slices.DeleteFunc(e.Balances, func(c BalanceChange) bool { return c.Kind == Native })
	if len(have) != 4 {
		t.Fatal(asJSON(t, have))
	}
}

func TestEachWayInWhichPowerChangesHandsIsTold(t *testing.T) {
	s := newStage(t, nil)
	none := common.Address{}
	owned, steps := s.deploy(contracts.Owned), s.deploy(contracts.OwnedInTwoSteps)
	e := s.try(s.call(alice, owned, contracts.Owned, "transferOwnership", bob))
	want(t, e.Controls, ControlChange{owned, Owner, alice, bob})
	e = s.try(s.call(bob, owned, contracts.Owned, "renounceOwnership"))
	want(t, e.Controls, ControlChange{owned, Owner, bob, none})
	e = s.try(s.call(alice, steps, contracts.OwnedInTwoSteps, "transferOwnership", bob))
	want(t, e.Controls, ControlChange{steps, PendingOwner, none, bob})
	e = s.try(s.call(bob, steps, contracts.OwnedInTwoSteps, "acceptOwnership"))
	want(t, e.Controls, ControlChange{steps, Owner, alice, bob}, ControlChange{steps, PendingOwner, bob, none})

	one, two := s.deploy(contracts.SelfUpgrading), s.deploy(contracts.SelfUpgrading)
	admined := s.deploy(contracts.AdminProxy, one, alice)
	e = s.try(callTo(alice, admined, pack(selector("upgradeTo(address)"), two[:])))
	want(t, e.Controls, ControlChange{admined, Implementation, one, two})
	e = s.try(callTo(alice, admined, pack(selector("changeAdmin(address)"), bob[:])))
	want(t, e.Controls, ControlChange{admined, Admin, alice, bob})

	proxy := s.deploy(contracts.SlotProxy, one)
	e = s.try(s.call(alice, proxy, contracts.SelfUpgrading, "initialize", alice))
	want(t, e.Controls, ControlChange{proxy, Owner, none, alice})
	e = s.try(s.call(alice, proxy, contracts.SelfUpgrading, "upgradeToAndCall", two, []byte{}))
	want(t, e.Controls, ControlChange{proxy, Implementation, one, two})

	beacon := s.deploy(contracts.Beacon, one)
	e = s.try(s.call(alice, beacon, contracts.Beacon, "upgradeTo", two))
	want(t, e.Controls, ControlChange{beacon, Implementation, one, two})

	wallet, writer := s.deploy(contracts.DelegatingWallet), s.deploy(contracts.SlotWriter)
	write := func(slot common.Hash) Tx {
		inner := s.input(contracts.SlotWriter, "write", slot, [32]byte(at(bob)))
		return s.call(alice, wallet, contracts.DelegatingWallet, "delegate", writer, inner)
	}
	for slot, kind := range controlSlots {
		e = s.try(write(slot))
		want(t, e.Controls, ControlChange{wallet, kind, none, bob})
	}
	e = s.try(write(common.Hash{}))
	want(t, e.Controls, ControlChange{wallet, Owner, alice, bob})
}

// silentRoles keeps role zero under the account's number; any other call gives it to the caller.
const silentRoles = `
	0 CALLDATALOAD 0xe0 SHR 0x91d14854 EQ @hasRole JUMPI
	1 CALLER SSTORE STOP
hasRole: 4 CALLDATALOAD @no JUMPI 0x24 CALLDATALOAD SLOAD 0 MSTORE 0x20 0 RETURN
no: 0 0 MSTORE 0x20 0 RETURN`

func TestRolesAreToldWithAndWithoutEvents(t *testing.T) {
	quiet := common.HexToAddress("0x9000000000000000000000000000000000000a01")
	s := newStage(t, types.GenesisAlloc{quiet: {Code: asm(t, silentRoles), Balance: new(big.Int), Nonce: 1}})
	minter := topic("MINTER_ROLE")
	for _, name := range []contracts.Name{contracts.Roles, contracts.SilentRoles} {
		c := s.deploy(name)
		e := s.try(s.call(alice, c, name, "grantRole", minter, bob))
		want(t, e.Roles, RoleChange{Contract: c, Role: minter, Account: bob, After: true})
		if logs := len(e.Txs[0].Logs); (logs == 0) != (name == contracts.SilentRoles) {
			t.Fatalf("%s writes %d logs", name, logs)
		}
		e = s.try(s.call(alice, c, name, "revokeRole", minter, bob))
		want(t, e.Roles, RoleChange{Contract: c, Role: minter, Account: bob, Before: true})
		if e := s.simulated(s.call(alice, c, name, "revokeRole", minter, bob)); len(e.Roles) != 0 {
			t.Fatal("a role is lost that nobody had")
		}
	}
	roles := s.deploy(contracts.Roles)
	e := s.try(s.call(alice, roles, contracts.Roles, "renounceRole", [32]byte{}, alice))
	want(t, e.Roles, RoleChange{Contract: roles, Account: alice, Before: true})
	e = s.try(callTo(bob, quiet, []byte{1, 2, 3, 4}))
	want(t, e.Roles, RoleChange{Contract: quiet, Account: bob, After: true})
}

func TestContractsThatComeAndGoAreTold(t *testing.T) {
	s := newStage(t, nil)
	owned, factory := s.deploy(contracts.Owned), s.deploy(contracts.CloneFactory)
	e := s.try(s.call(alice, factory, contracts.CloneFactory, "clone", owned))
	if len(e.Created) != 1 || e.Created[0] != crypto.CreateAddress(factory, 1) {
		t.Fatal(e.Created)
	}
	destroyer := s.deploy(contracts.Destroyer)
	tx := s.call(alice, destroyer, contracts.Destroyer, "createAndDestroy")
	tx.Value.SetUint64(5)
	e = s.try(tx)
	want(t, e.Created)
	want(t, e.Destroyed)
	if made := crypto.CreateAddress(destroyer, 1); !strings.Contains(asJSON(t, e.Txs[0].Calls), strings.ToLower(made.Hex())) {
		t.Fatal("what came and went is not in the tree")
	}

	recreator := s.deploy(contracts.Recreator)
	create := func(code ...byte) Tx { return s.call(alice, recreator, contracts.Recreator, "create", code) }
	e = s.try(s.call(alice, recreator, contracts.Recreator, "createAndDestroy"), create(0x60, 0x01))
	if len(e.Created) != 1 || len(e.Destroyed) != 0 {
		t.Fatalf("created %v, destroyed %v", e.Created, e.Destroyed)
	}
	// Since Cancun what was there before stays, whoever destroys it.
	e = s.try(callTo(alice, s.deploy(contracts.Destructible), nil))
	want(t, e.Destroyed)
}

// old is a remote from before eth_config.
type old struct{ Source }

func (o old) Call(ctx context.Context, result any, method string, args ...any) error {
	if method == "eth_config" {
		return rpcError{-32601}
	}
	return o.Source.Call(ctx, result, method, args...)
}

func (o old) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := o.Source.Batch(ctx, elems)
	for i := range elems {
		if elems[i].Method == "eth_config" {
			elems[i].Error = rpcError{-32601}
		}
	}
	return err
}

func TestBeforeCancunContractsAreDestroyedAndComeBack(t *testing.T) {
	// The factory creates at one address, and what is created has the last two bytes of the coins that it is given for code.
	factory := common.HexToAddress("0xfac7000000000000000000000000000000000a04")
	code := asm(t, "CALLDATASIZE 0 0 CALLDATACOPY 0 CALLDATASIZE 0 CALLVALUE CREATE2 0 MSTORE 0x20 0 RETURN")
	more := types.GenesisAlloc{factory: {Code: code, Balance: new(big.Int), Nonce: 1}}
	g := newGethOf(t, more, shanghai)
	s := &stage{t, g, old{g}}
	init := asm(t, "CALLVALUE 0 MSTORE 2 0x1e RETURN")
	create := func(code uint64) Tx {
		tx := callTo(alice, factory, init)
		tx.Value.SetUint64(code)
		return tx
	}
	const destroys, does = 0x33ff, 0x6001 // CALLER SELFDESTRUCT, and PUSH1 1
	made := crypto.CreateAddress2(factory, [32]byte{}, crypto.Keccak256(init))
	want(t, s.try(create(destroys)).Created, made)
	e := s.simulated(callTo(alice, made, nil))
	ok(t, e)
	want(t, e.Destroyed, made)
	want(t, e.Created)
	for what, code := range map[string]uint64{"other code": does, "the same code": destroys} {
		e = s.simulated(callTo(alice, made, nil), create(code))
		ok(t, e)
		if !slices.Equal(e.Destroyed, []common.Address{made}) || !slices.Equal(e.Created, []common.Address{made}) {
			t.Fatalf("%s: destroyed %v, created %v", what, e.Destroyed, e.Created)
		}
	}
	want(t, s.try(callTo(alice, made, nil)).Destroyed, made)
	e = s.simulated(create(destroys), callTo(alice, made, nil))
	ok(t, e)
	if len(e.Created)+len(e.Destroyed) != 0 {
		t.Fatalf("created %v, destroyed %v", e.Created, e.Destroyed)
	}
}

func TestDelegationsAreToldOfEachAuthority(t *testing.T) {
	s := newStage(t, nil)
	one, two := s.deploy(contracts.AccountDelegate), s.deploy(contracts.AccountDelegate)
	delegating := func(to common.Address) Tx {
		nonce, err := s.Client().PendingNonceAt(context.Background(), bob)
		if err != nil {
			t.Fatal(err)
		}
		auth, err := types.SignSetCode(keyOf(t, bob), types.SetCodeAuthorization{ChainID: *uint256.NewInt(testChain), Address: to, Nonce: nonce})
		if err != nil {
			t.Fatal(err)
		}
		tx := callTo(alice, carol, nil)
		tx.Delegations = []types.SetCodeAuthorization{auth}
		return tx
	}
	none := common.Address{}
	want(t, s.try(delegating(one)).Controls, ControlChange{bob, Delegate, none, one})
	want(t, s.try(delegating(two)).Controls, ControlChange{bob, Delegate, one, two})
	e := s.simulated(s.call(alice, bob, contracts.AccountDelegate, "setUp", carol))
	if len(e.Unknown) != 1 || !strings.Contains(e.Unknown[0], bob.Hex()) {
		t.Fatalf("whoever may act for bob now is not told, nor that it can't be: %q", e.Unknown)
	}
	want(t, s.try(delegating(none)).Controls, ControlChange{bob, Delegate, two, none})
}

func TestATokenWhoseBooksAreElsewhereIsStillSeen(t *testing.T) {
	// The token asks a ledger, which any call with one word makes the caller richer by it, in silence.
	ledger := common.HexToAddress("0x1ed9e20000000000000000000000000000000a02")
	front := common.HexToAddress("0xf207000000000000000000000000000000000a03")
	book := asm(t, "CALLDATASIZE 0x24 EQ @read JUMPI 5 0 CALLDATALOAD SLOAD ADD 0 CALLDATALOAD SSTORE STOP read: 4 CALLDATALOAD SLOAD 0 MSTORE 0x20 0 RETURN")
	face := asm(t, "CALLDATASIZE 0 0 CALLDATACOPY 0x20 0 CALLDATASIZE 0 "+hex(ledger[:])+" GAS STATICCALL POP 0x20 0 RETURN")
	more := types.GenesisAlloc{}
	for a, code := range map[common.Address][]byte{ledger: book, front: face} {
		more[a] = types.Account{Code: code, Balance: new(big.Int), Nonce: 1}
	}
	s := newStage(t, more)
	e := s.simulated(callTo(alice, ledger, at(bob).Bytes()), callTo(alice, front, pack(selBalanceOf, bob[:])))
	ok(t, e)
	wantBalance(t, e, bob, ERC20, front, 0, 5)
}
