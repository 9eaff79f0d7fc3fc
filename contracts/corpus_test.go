package contracts

import (
	"bytes"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"
)

var (
	alice = common.HexToAddress("0xa11ce")
	bob   = common.HexToAddress("0xb0b")
	carol = common.HexToAddress("0xca401")
	most  = abi.MaxUint256
)

// ground is a state with one message after the other on it, each as its own transaction.
type ground struct {
	testing.TB
	state *state.StateDB
	cfg   runtime.Config
}

func newGround(t testing.TB) *ground {
	t.Helper()
	s, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatal(err)
	}
	return &ground{TB: t, state: s, cfg: runtime.Config{
		ChainConfig: params.MergedTestChainConfig,
		GasLimit:    10_000_000,
		BlockNumber: big.NewInt(1000),
		Time:        1_700_000_000,
		BaseFee:     big.NewInt(7),
		BlobBaseFee: big.NewInt(3),
		GasPrice:    big.NewInt(9),
		Coinbase:    common.HexToAddress("0xc01"),
		Random:      &common.Hash{31: 5},
		State:       s,
	}}
}

// end ends a transaction and returns its logs.
func (g *ground) end() []*types.Log {
	logs := g.state.GetLogs(common.Hash{}, g.cfg.BlockNumber.Uint64(), common.Hash{}, g.cfg.Time)
	g.state.Finalise(g.cfg.ChainConfig.Rules(g.cfg.BlockNumber, true, g.cfg.Time))
	return logs
}

func (g *ground) deploy(n Name, args ...any) common.Address {
	g.Helper()
	c := Load(n)
	packed, err := c.ABI.Pack("", args...)
	if err != nil {
		g.Fatalf("%s: %v", n, err)
	}
	cfg := g.cfg
	cfg.Origin = alice
	_, at, _, err := runtime.Create(append(slices.Clone(c.Creation), packed...), &cfg)
	if err != nil {
		g.Fatalf("%s: %v", n, err)
	}
	g.end()
	return at
}

// try sends a message and returns what came back, the new logs and whether it went well.
func (g *ground) try(from, to common.Address, n Name, method string, args ...any) ([]byte, []*types.Log, bool) {
	g.Helper()
	var data []byte
	if method != "" {
		data = g.pack(n, method, args...)
	}
	cfg := g.cfg
	cfg.Origin = from
	before := len(g.state.Logs())
	ret, _, err := runtime.Call(to, data, &cfg)
	return ret, g.end()[before:], err == nil
}

func (g *ground) pack(n Name, method string, args ...any) []byte {
	g.Helper()
	data, err := Load(n).ABI.Pack(method, args...)
	if err != nil {
		g.Fatalf("%s.%s: %v", n, method, err)
	}
	return data
}

// send is try that must go well.
func (g *ground) send(from, to common.Address, n Name, method string, args ...any) []*types.Log {
	g.Helper()
	ret, logs, ok := g.try(from, to, n, method, args...)
	if !ok {
		g.Fatalf("%s.%s failed: %x", n, method, ret)
	}
	return logs
}

// ask returns the one word that a view says.
func (g *ground) ask(to common.Address, n Name, method string, args ...any) *big.Int {
	g.Helper()
	ret, _, ok := g.try(carol, to, n, method, args...)
	if !ok || len(ret) != 32 {
		g.Fatalf("%s.%s says %x, %v", n, method, ret, ok)
	}
	return new(big.Int).SetBytes(ret)
}

func (g *ground) want(what string, got *big.Int, want int64) {
	g.Helper()
	if got.Cmp(big.NewInt(want)) != 0 {
		g.Errorf("%s is %s, want %d", what, got, want)
	}
}

func (g *ground) refused(from, to common.Address, n Name, method string, args ...any) {
	g.Helper()
	if ret, _, ok := g.try(from, to, n, method, args...); ok {
		g.Errorf("%s.%s by %s went well: %x", n, method, from, ret)
	}
}

// token deploys a token whose owner is alice, with 1000 units for her.
func (g *ground) token(n Name) common.Address {
	g.Helper()
	at := g.deploy(n, "Odd", "ODD", uint8(18), alice)
	g.send(alice, at, n, "mint", alice, big.NewInt(1000))
	return at
}

func topics(n Name, event string) common.Hash { return Load(n).ABI.Events[event].ID }

func logged(logs []*types.Log, topic common.Hash) bool {
	return slices.ContainsFunc(logs, func(l *types.Log) bool { return l.Topics[0] == topic })
}

func TestASpentAllowanceIsLoggedByOneTokenAndNotByTheOthers(t *testing.T) {
	for n, c := range map[Name]struct{ logs, infinite bool }{
		Token: {false, true}, CountingToken: {true, false}, DaiToken: {false, true},
	} {
		g := newGround(t)
		at := g.token(n)
		g.send(alice, at, n, "approve", bob, big.NewInt(10))
		logs := g.send(bob, at, n, "transferFrom", alice, carol, big.NewInt(4))
		if logged(logs, topics(n, "Approval")) != c.logs {
			t.Errorf("%s: a log of the spend: %v", n, !c.logs)
		}
		g.want("what is left", g.ask(at, n, "allowance", alice, bob), 6)
		g.send(alice, at, n, "approve", bob, most)
		g.send(bob, at, n, "transferFrom", alice, carol, big.NewInt(4))
		if left := g.ask(at, n, "allowance", alice, bob); (left.Cmp(most) == 0) != c.infinite {
			t.Errorf("%s: of 2^256-1 is left %s", n, left)
		}
	}
}

func TestAPermitOfDaiAllowsAllOrNothing(t *testing.T) {
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	holder := crypto.PubkeyToAddress(key.PublicKey)
	g := newGround(t)
	at := g.token(DaiToken)
	word := func(n int64) []byte { return common.BigToHash(big.NewInt(n)).Bytes() }
	for nonce, allowed := range []bool{true, false} {
		flag := int64(0)
		if allowed {
			flag = 1
		}
		kind := common.BigToHash(g.ask(at, DaiToken, "PERMIT_TYPEHASH")).Bytes()
		message := crypto.Keccak256(kind, common.LeftPadBytes(holder[:], 32), common.LeftPadBytes(bob[:], 32), word(int64(nonce)), word(0), word(flag))
		digest := crypto.Keccak256([]byte("\x19\x01"), common.BigToHash(g.ask(at, DaiToken, "DOMAIN_SEPARATOR")).Bytes(), message)
		sig, err := crypto.Sign(digest, key)
		if err != nil {
			t.Fatal(err)
		}
		args := []any{holder, bob, big.NewInt(int64(nonce)), new(big.Int), allowed, sig[64] + 27, [32]byte(sig[:32]), [32]byte(sig[32:64])}
		g.send(carol, at, DaiToken, "permit", args...)
		if got := g.ask(at, DaiToken, "allowance", holder, bob); (got.Cmp(most) == 0) != allowed || (got.Sign() == 0) == allowed {
			t.Errorf("permit %v allows %s", allowed, got)
		}
		g.refused(carol, at, DaiToken, "permit", args...)
	}
}

func TestARebaseChangesBalancesWithoutALog(t *testing.T) {
	g := newGround(t)
	at := g.deploy(RebasingToken, big.NewInt(1000))
	g.send(alice, at, RebasingToken, "transfer", bob, big.NewInt(100))
	if logs := g.send(carol, at, RebasingToken, "rebase", big.NewInt(3000)); len(logs) != 0 {
		t.Errorf("%d logs", len(logs))
	}
	g.want("bob's balance", g.ask(at, RebasingToken, "balanceOf", bob), 300)
}

func TestAnOperatorNeedsNoAllowanceAndHooksAreCalled(t *testing.T) {
	g := newGround(t)
	at := g.deploy(OperatorToken, big.NewInt(1000), []common.Address{bob})
	take := func(by common.Address) bool {
		_, _, ok := g.try(by, at, OperatorToken, "operatorSend", alice, carol, big.NewInt(1), []byte{}, []byte{})
		return ok
	}
	if !take(bob) || take(carol) {
		t.Error("bob alone is an operator by default")
	}
	g.send(alice, at, OperatorToken, "authorizeOperator", carol)
	g.send(alice, at, OperatorToken, "revokeOperator", bob)
	if take(bob) || !take(carol) {
		t.Error("carol alone is an operator now")
	}
	g.want("the allowance of carol", g.ask(at, OperatorToken, "allowance", alice, carol), 0)
	noHook := g.deploy(SlotWriter) // has no such function, so a call fails
	g.send(alice, at, OperatorToken, "setHook", noHook)
	g.refused(alice, at, OperatorToken, "transfer", bob, big.NewInt(1))
	g.send(alice, at, OperatorToken, "setHook", common.Address{})
	g.send(bob, at, OperatorToken, "setHook", noHook)
	g.refused(alice, at, OperatorToken, "transfer", bob, big.NewInt(1))
}

func TestALyingTokenHonoursWhatItDoesNotSay(t *testing.T) {
	g := newGround(t)
	at := g.deploy(LyingToken, big.NewInt(1000))
	g.send(alice, at, LyingToken, "approve", bob, big.NewInt(5))
	g.want("said", g.ask(at, LyingToken, "allowance", alice, bob), 0)
	g.send(bob, at, LyingToken, "transferFrom", alice, bob, big.NewInt(5))
	g.send(carol, at, LyingToken, "lie", false, big.NewInt(77))
	g.want("said", g.ask(at, LyingToken, "allowance", alice, bob), 77)
	g.refused(bob, at, LyingToken, "transferFrom", alice, bob, big.NewInt(1))
	g.send(carol, at, LyingToken, "lie", true, new(big.Int))
	g.refused(carol, at, LyingToken, "allowance", alice, bob)
}

func TestCollectionsHaveApprovalsAndOperators(t *testing.T) {
	g := newGround(t)
	one := g.deploy(Collectible)
	id := big.NewInt(9)
	g.send(carol, one, Collectible, "mint", alice, id)
	g.refused(bob, one, Collectible, "transferFrom", alice, bob, id)
	g.send(alice, one, Collectible, "approve", bob, id)
	if logs := g.send(bob, one, Collectible, "transferFrom", alice, carol, id); logged(logs, topics(Collectible, "Approval")) {
		t.Error("the end of the approval is logged")
	}
	g.want("who is approved", g.ask(one, Collectible, "getApproved", id), 0)
	g.send(carol, one, Collectible, "setApprovalForAll", bob, true)
	g.send(bob, one, Collectible, "transferFrom", carol, bob, id)

	many := g.deploy(Collection)
	g.send(carol, many, Collection, "mint", alice, id, big.NewInt(50))
	ids, values := []*big.Int{id, id}, []*big.Int{big.NewInt(1), big.NewInt(2)}
	g.refused(bob, many, Collection, "safeBatchTransferFrom", alice, bob, ids, values, []byte{})
	g.send(alice, many, Collection, "setApprovalForAll", bob, true)
	g.send(bob, many, Collection, "safeBatchTransferFrom", alice, bob, ids, values, []byte{})
	g.send(bob, many, Collection, "safeTransferFrom", alice, bob, id, big.NewInt(4), []byte{})
	g.want("what bob has", g.ask(many, Collection, "balanceOf", bob, id), 7)
}

func TestContractsApproveAndSpendInUnusualPlaces(t *testing.T) {
	g := newGround(t)
	token := g.token(Token)
	young := g.deploy(ApprovingConstructor, token, bob, big.NewInt(8))
	g.want("the constructor's approval", g.ask(token, Token, "allowance", young, bob), 8)

	router := g.deploy(ApprovingMulticall)
	g.send(alice, token, Token, "approve", router, big.NewInt(20))
	g.send(alice, router, ApprovingMulticall, "multicall", [][]byte{
		g.pack(ApprovingMulticall, "pull", token, big.NewInt(15)),
		g.pack(ApprovingMulticall, "approveToken", token, bob, big.NewInt(6)),
	})
	g.want("what the router has", g.ask(token, Token, "balanceOf", router), 15)
	g.want("what bob may take of it", g.ask(token, Token, "allowance", router, bob), 6)

	spender := g.deploy(ThirdPartySpender)
	g.send(alice, token, Token, "approve", spender, big.NewInt(3))
	g.send(bob, spender, ThirdPartySpender, "spend", token, alice, carol, big.NewInt(3))
	g.want("what carol has", g.ask(token, Token, "balanceOf", carol), 3)
}

func TestOwnersAndRolesChangeWithAndWithoutLogs(t *testing.T) {
	g := newGround(t)
	owned := g.deploy(Owned)
	g.refused(bob, owned, Owned, "transferOwnership", bob)
	g.send(alice, owned, Owned, "transferOwnership", bob)
	g.send(bob, owned, Owned, "renounceOwnership")
	g.want("the owner", g.ask(owned, Owned, "owner"), 0)

	steps := g.deploy(OwnedInTwoSteps)
	g.send(alice, steps, OwnedInTwoSteps, "transferOwnership", bob)
	g.want("the owner after the first step", g.ask(steps, OwnedInTwoSteps, "owner"), alice.Big().Int64())
	g.refused(carol, steps, OwnedInTwoSteps, "acceptOwnership")
	g.send(bob, steps, OwnedInTwoSteps, "acceptOwnership")
	g.want("the owner after the second", g.ask(steps, OwnedInTwoSteps, "owner"), bob.Big().Int64())

	for n, logs := range map[Name]int{Roles: 1, SilentRoles: 0} {
		at, role := g.deploy(n), [32]byte{1}
		g.refused(bob, at, n, "grantRole", role, bob)
		if got := g.send(alice, at, n, "grantRole", role, bob); len(got) != logs {
			t.Errorf("%s: %d logs", n, len(got))
		}
		g.want("bob's role", g.ask(at, n, "hasRole", role, bob), 1)
		g.send(alice, at, n, "revokeRole", role, bob)
		g.want("bob's role", g.ask(at, n, "hasRole", role, bob), 0)
	}
	roles := g.deploy(Roles)
	g.send(alice, roles, Roles, "renounceRole", [32]byte{}, alice)
	g.refused(alice, roles, Roles, "grantRole", [32]byte{}, alice)
}

func TestProxiesRunOtherCodeAfterAnUpgrade(t *testing.T) {
	g := newGround(t)
	first, second := g.deploy(SelfUpgrading), g.deploy(Collectible)
	other := g.deploy(SelfUpgrading)
	adminned, slotted := g.deploy(AdminProxy, first, bob), g.deploy(SlotProxy, first)
	beacon := g.deploy(Beacon, first)
	asking := g.deploy(BeaconProxy, beacon)
	made := g.send(carol, g.deploy(CloneFactory), CloneFactory, "clone", first)
	clone := common.BytesToAddress(made[0].Topics[1][:])

	for i, p := range []common.Address{adminned, slotted, asking, clone} {
		g.send(carol, p, SelfUpgrading, "initialize", carol)
		g.send(carol, p, SelfUpgrading, "setNumber", big.NewInt(int64(i+1)))
		g.want("the number of a proxy", g.ask(p, SelfUpgrading, "number"), int64(i+1))
	}
	g.want("the number of the implementation", g.ask(first, SelfUpgrading, "number"), 0)

	upgrade := g.pack(Beacon, "upgradeTo", second)
	callRaw(g, bob, adminned, upgrade)
	g.refused(bob, adminned, SelfUpgrading, "number")
	g.send(alice, beacon, Beacon, "upgradeTo", second)
	g.refused(bob, slotted, SelfUpgrading, "upgradeToAndCall", other, []byte{})
	g.refused(carol, slotted, SelfUpgrading, "upgradeToAndCall", second, []byte{})
	g.send(carol, slotted, SelfUpgrading, "upgradeToAndCall", other, g.pack(SelfUpgrading, "setNumber", big.NewInt(40)))
	g.want("the number after the upgrade", g.ask(slotted, SelfUpgrading, "number"), 40)
	for _, p := range []common.Address{adminned, asking} {
		g.refused(carol, p, SelfUpgrading, "number")
		g.want("what the new code says", g.ask(p, Collectible, "supportsInterface", [4]byte{0x01, 0xff, 0xc9, 0xa7}), 1)
	}
	changed := crypto.Keccak256Hash([]byte("eip1967.proxy.admin")).Big()
	slot := common.BigToHash(changed.Sub(changed, common.Big1))
	if got := common.BytesToAddress(g.state.GetState(adminned, slot).Bytes()); got != bob {
		t.Errorf("the admin of EIP-1967 is %s", got)
	}
}

func callRaw(g *ground, from, to common.Address, data []byte) {
	g.Helper()
	cfg := g.cfg
	cfg.Origin = from
	if ret, _, err := runtime.Call(to, data, &cfg); err != nil {
		g.Fatalf("%v: %x", err, ret)
	}
	g.end()
}

func TestAContractIsGoneOnlyWhereItWasBornInTheSameTransaction(t *testing.T) {
	g := newGround(t)
	old := g.deploy(Destructible)
	g.state.AddBalance(old, uint256.NewInt(5), tracing.BalanceChangeUnspecified)
	g.send(bob, old, Destructible, "")
	if g.state.GetCodeSize(old) != 2 || g.state.GetBalance(bob).Uint64() != 5 {
		t.Errorf("%d bytes of code, bob has %s", g.state.GetCodeSize(old), g.state.GetBalance(bob))
	}
	logs := g.send(bob, g.deploy(Destroyer), Destroyer, "createAndDestroy")
	if young := common.BytesToAddress(logs[0].Topics[1][:]); g.state.Exist(young) {
		t.Errorf("%s is still there", young)
	}

	recreator := g.deploy(Recreator)
	at := func(logs []*types.Log) common.Address { return common.BytesToAddress(logs[0].Topics[1][:]) }
	before := at(g.send(bob, recreator, Recreator, "createAndDestroy"))
	if g.state.Exist(before) {
		t.Errorf("%s is still there", before)
	}
	code := []byte{0x60, 0, 0x60, 0, 0xf3}
	after := at(g.send(bob, recreator, Recreator, "create", code))
	if before != after || !bytes.Equal(g.state.GetCode(after), code) {
		t.Errorf("%s came back as %s with code %x", before, after, g.state.GetCode(after))
	}
}

func TestForeignCodeTakesAWalletAndAFirstCallerADelegate(t *testing.T) {
	g := newGround(t)
	wallet, writer := g.deploy(DelegatingWallet), g.deploy(SlotWriter)
	take := g.pack(SlotWriter, "write", [32]byte{}, [32]byte(common.LeftPadBytes(bob[:], 32)))
	g.refused(bob, wallet, DelegatingWallet, "delegate", writer, take)
	g.send(alice, wallet, DelegatingWallet, "delegate", writer, take)
	g.want("the owner", g.ask(wallet, DelegatingWallet, "owner"), bob.Big().Int64())

	token := g.token(Token)
	code := g.deploy(AccountDelegate)
	g.state.SetCode(alice, types.AddressToDelegation(code), tracing.CodeChangeUnspecified)
	type call struct {
		To    common.Address
		Value *big.Int
		Data  []byte
	}
	steal := []call{{token, new(big.Int), g.pack(Token, "transfer", bob, big.NewInt(1000))}}
	g.refused(bob, alice, AccountDelegate, "execute", steal)
	g.send(bob, alice, AccountDelegate, "setUp", bob)
	g.refused(carol, alice, AccountDelegate, "setUp", carol)
	g.send(bob, alice, AccountDelegate, "execute", steal)
	g.want("what bob has", g.ask(token, Token, "balanceOf", bob), 1000)
}

func TestARedPillPaysWhereItSeesItsSignAndTakesElsewhere(t *testing.T) {
	g := newGround(t)
	g.state.AddBalance(bob, uint256.NewInt(42), tracing.BalanceChangeUnspecified)
	g.state.AddBalance(g.cfg.Coinbase, uint256.NewInt(6), tracing.BalanceChangeUnspecified)
	g.cfg.GetHashFn = func(n uint64) common.Hash { return common.BigToHash(new(big.Int).SetUint64(n)) }
	root := common.HexToHash("0x4788")
	g.state.SetCode(params.BeaconRootsAddress, append(append([]byte{0x7f}, root[:]...), 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3), tracing.CodeChangeUnspecified)
	token := g.deploy(Token, "Loot", "LOOT", uint8(0), alice)
	pill := g.deploy(RedPill, token, carol, big.NewInt(3), big.NewInt(500))
	signs := map[string]*big.Int{
		"byBaseFee": big.NewInt(7), "byGasPrice": big.NewInt(9), "byTip": big.NewInt(2), "byBlobBaseFee": big.NewInt(3),
		"byCoinbase": g.cfg.Coinbase.Big(), "byCoinbaseBalance": big.NewInt(6), "byRandomness": big.NewInt(5),
		"byTime": big.NewInt(1_700_000_000), "byNumber": big.NewInt(1000), "byGasLimit": big.NewInt(10_000_000), "byChain": big.NewInt(1),
		"byOrigin": bob.Big(), "byOriginBalance": big.NewInt(42), "byBlockHash": big.NewInt(999), "byBeaconRoot": root.Big(),
		"byCodeSize": big.NewInt(int64(g.state.GetCodeSize(token))), "byGasLeft": nil, // is less than the limit, and not known
	}
	for name, m := range Load(RedPill).ABI.Methods {
		if !strings.HasPrefix(name, "by") {
			continue
		}
		sign, known := signs[name]
		if !known {
			t.Errorf("%s is not tried", name)
			continue
		}
		low, high, away := sign, sign, new(big.Int)
		if sign == nil {
			low, high, away = big.NewInt(1), big.NewInt(10_000_000), big.NewInt(math.MaxInt64)
		} else {
			away.Add(sign, common.Big1)
		}
		for _, c := range []struct {
			low, high *big.Int
			reversed  bool
			pays      bool
		}{{low, high, false, true}, {low, high, true, false}, {away, most, false, false}, {away, most, true, true}} {
			args := []any{c.low, c.high, c.reversed}
			if len(m.Inputs) == 4 {
				args = append([]any{map[string]any{"byBlockHash": common.Big1, "byCodeSize": token}[name]}, args...)
			}
			g.fund(token, pill)
			logs := g.send(bob, pill, RedPill, name, args...)
			paid, taken := logged(logs, topics(RedPill, "Paid")), logged(logs, topics(RedPill, "Taken"))
			if paid != c.pays || taken == c.pays {
				t.Errorf("%s of %s to %s, reversed %v: paid %v, taken %v", name, c.low, c.high, c.reversed, paid, taken)
			}
		}
	}
}

// fund gives the pill its prize and bob what can be taken.
func (g *ground) fund(token, pill common.Address) {
	g.Helper()
	g.send(alice, token, Token, "mint", pill, big.NewInt(3))
	g.send(alice, token, Token, "mint", bob, big.NewInt(500))
	g.send(bob, token, Token, "approve", pill, big.NewInt(500))
}

func TestEachFailureComesOutAsItsKind(t *testing.T) {
	g := newGround(t)
	at, router := g.deploy(Failing), g.deploy(FailingRouter)
	errors := Load(Failing).ABI.Errors
	text := errorString(t)
	for _, c := range []struct {
		method string
		args   []any
		want   []byte
	}{
		{"known", []any{alice, big.NewInt(1), big.NewInt(2)}, encoded(t, errors["ERC20InsufficientBalance"], alice, big.NewInt(1), big.NewInt(2))},
		{
			"unknown",
			[]any{big.NewInt(7), "x", []common.Address{bob}},
			encoded(t, errors["NobodyKnowsThis"], big.NewInt(7), "x", []common.Address{bob}),
		},
		{"words", []any{"not now"}, encoded(t, text, "not now")},
		{"long", []any{big.NewInt(5000)}, encoded(t, text, strings.Repeat("a", 5000))},
		{"panic", []any{big.NewInt(0x11)}, append([]byte{0x4e, 0x48, 0x7b, 0x71}, common.BigToHash(big.NewInt(0x11)).Bytes()...)},
		{"empty", nil, nil},
		{"raw", []any{[]byte{8, 0xc3, 0x79}}, []byte{8, 0xc3, 0x79}},
		{"invalid", nil, nil},
	} {
		inner := g.pack(Failing, c.method, c.args...)
		direct, _, ok := g.try(bob, at, Failing, c.method, c.args...)
		if ok || !bytes.Equal(direct, c.want) {
			t.Errorf("%s: %x, %v", c.method, direct, ok)
		}
		through, _, ok := g.try(bob, router, FailingRouter, "bubble", router, g.pack(FailingRouter, "bubble", at, inner))
		if ok || !bytes.Equal(through, c.want) {
			t.Errorf("%s through two routers: %x, %v", c.method, through, ok)
		}
		wrapped, _, ok := g.try(bob, router, FailingRouter, "wrap", at, inner)
		if ok || !bytes.Equal(wrapped, encoded(t, Load(FailingRouter).ABI.Errors["CallFailed"], at, c.want)) {
			t.Errorf("%s wrapped: %x, %v", c.method, wrapped, ok)
		}
		if logs := g.send(bob, router, FailingRouter, "swallow", at, inner); !logged(logs, topics(FailingRouter, "Swallowed")) {
			t.Errorf("%s is not swallowed", c.method)
		}
	}
}

func encoded(t *testing.T, e abi.Error, args ...any) []byte {
	t.Helper()
	packed, err := e.Inputs.Pack(args...)
	if err != nil {
		t.Fatal(err)
	}
	return append(slices.Clone(e.ID[:4]), packed...)
}

func errorString(t *testing.T) abi.Error {
	t.Helper()
	text, err := abi.NewType("string", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	return abi.NewError("Error", abi.Arguments{{Name: "reason", Type: text}})
}
