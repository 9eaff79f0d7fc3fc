package fork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

func TestATransferMovesTokensAndPaysForGas(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(250))))
	ok(t, e)
	wantBalance(t, e, alice, ERC20, tokenA, 1_000_000, 999_750)
	wantBalance(t, e, bob, ERC20, tokenA, 1_000_000, 1_000_250)
	c, _ := e.balance(alice, Native, common.Address{})
	paid := new(uint256.Int).Sub(&c.Before, &c.After)
	if !paid.Eq(&e.Txs[0].Fee) || len(e.Balances) != 3 {
		t.Fatalf("paid %s, fee %s\n%s", paid.Dec(), e.Txs[0].Fee.Dec(), asJSON(t, e.Balances))
	}
	if e.Txs[0].GasLimit < e.Txs[0].GasUsed || e.Txs[0].GasLimit*10 > e.Txs[0].GasUsed*11 {
		t.Fatalf("limit %d for a use of %d", e.Txs[0].GasLimit, e.Txs[0].GasUsed)
	}
}

func TestANativeTransferNeedsExactlyItsGas(t *testing.T) {
	f := newFork(t, newGeth(t))
	tx := callTo(alice, bob, nil)
	tx.Value.SetUint64(1e18)
	e := simulate(t, f, tx)
	ok(t, e)
	if e.Txs[0].GasLimit != 21_000 || e.Txs[0].GasUsed != 21_000 {
		t.Fatalf("limit %d, use %d", e.Txs[0].GasLimit, e.Txs[0].GasUsed)
	}
	a, _ := e.balance(alice, Native, common.Address{})
	b, _ := e.balance(bob, Native, common.Address{})
	left := new(uint256.Int).Sub(&a.Before, &a.After)
	if left.Sub(left, &e.Txs[0].Fee); left.Uint64() != 1e18 || new(uint256.Int).Sub(&b.After, &b.Before).Uint64() != 1e18 {
		t.Fatal(asJSON(t, e.Balances))
	}
}

func TestAnApprovalIsAnAllowanceBeforeAndAfter(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, tokenB, pack(selApprove, puller[:], wei(40))))
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenB, After: num(40)})
}

func TestAnAllowanceSpentWithoutALogIsReported(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(bob, puller, pack([4]byte{}, tokenA[:], alice[:], wei(77))))
	ok(t, e)
	for _, l := range e.Txs[0].Logs {
		if l.Topics[0] == topicApproval {
			t.Fatal("the token writes a log, so this test shows nothing")
		}
	}
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenA, Before: num(777), After: num(700)})
	wantBalance(t, e, alice, ERC20, tokenA, 1_000_000, 999_923)
	wantBalance(t, e, puller, ERC20, tokenA, 0, 77)
}

func TestAnApprovalInsideAMulticallIsTheCallersOwn(t *testing.T) {
	f := newFork(t, newGeth(t))
	inner := pack(selApprove, puller[:], wei(40))
	e := simulate(t, f, callTo(alice, tokenB, append([]byte{0xac, 0x96, 0x50, 0xd8}, inner...)))
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenB, After: num(40)})
	if e.Txs[0].Calls.Calls[0].Type != "DELEGATECALL" {
		t.Fatal("the token does not delegate, so this test shows nothing")
	}
}

func TestAnApprovalInsideAConstructorIsTheNewContracts(t *testing.T) {
	f := newFork(t, newGeth(t))
	code := asm(t, fmt.Sprintf(`
		0x095ea7b3 0xe0 SHL 0 MSTORE %s 4 MSTORE 5 0x24 MSTORE
		0 0 0x44 0 0 %s GAS CALL POP STOP`, hex(bob[:]), hex(tokenA[:])))
	e := simulate(t, f, Tx{Call: chain.Call{ChainID: testChain, From: alice, Data: code}})
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: crypto.CreateAddress(alice, 0), Spender: bob, Asset: tokenA, After: num(5)})
}

func TestADepositIsABalanceWithoutATransfer(t *testing.T) {
	f := newFork(t, newGeth(t))
	tx := callTo(alice, weth, nil)
	tx.Value.SetUint64(12345)
	e := simulate(t, f, tx)
	ok(t, e)
	wantBalance(t, e, alice, ERC20, weth, 0, 12345)
	wantBalance(t, e, weth, Native, common.Address{}, 0, 12345)
}

func TestASequenceSeesWhatItsEarlierPartsDid(t *testing.T) {
	f := newFork(t, newGeth(t))
	approve := callTo(alice, tokenB, pack(selApprove, puller[:], wei(100)))
	pull := callTo(bob, puller, pack([4]byte{}, tokenB[:], alice[:], wei(60)))
	e := simulate(t, f, approve, pull)
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenB, After: num(40)})
	wantBalance(t, e, alice, ERC20, tokenB, 1_000_000, 999_940)
	if alone := simulate(t, f, pull); alone.OK() {
		t.Fatal("the pull succeeds without the approval: something was kept")
	}
	both := simulate(t, f, approve, callTo(alice, tokenB, pack(selTransfer, bob[:], wei(1))))
	ok(t, both)
}

func TestARevertIsAResultWithItsReason(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000))))
	res := e.Txs[0]
	if res.Success || res.Revert != "too little" || res.Fee.IsZero() {
		t.Fatalf("%+v", res)
	}
	if len(e.Balances) != 1 || e.Balances[0].Account != alice || e.Balances[0].Kind != Native {
		t.Fatalf("a failed transaction changes more than the sender's coins: %s", asJSON(t, e.Balances))
	}
	if res.GasLimit > 2*res.GasUsed {
		t.Fatalf("limit %d for a use of %d", res.GasLimit, res.GasUsed)
	}
}

func TestSinglesAndMultiplesOfNFTsAreTold(t *testing.T) {
	f := newFork(t, newGeth(t))
	one := *uint256.NewInt(1)
	t.Run("a transfer names the token", func(t *testing.T) {
		e := simulate(t, f, callTo(alice, nft, pack(selTransferFrom, alice[:], bob[:], wei(7))))
		ok(t, e)
		seven := uint256.NewInt(7)
		want := []BalanceChange{
			{Account: alice, Kind: ERC721, Asset: nft, ID: seven, Before: one},
			{Account: bob, Kind: ERC721, Asset: nft, ID: seven, After: one},
		}
		got := slices.DeleteFunc(e.Balances, func(c BalanceChange) bool { return c.Kind == Native })
		slices.SortFunc(want, func(a, b BalanceChange) int { return a.Account.Cmp(b.Account) })
		if d := cmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
	})
	t.Run("an approval is one token that may be moved", func(t *testing.T) {
		e := simulate(t, f, callTo(alice, nft, pack(selApprove, bob[:], wei(8))))
		ok(t, e)
		wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: bob, Asset: nft, After: one})
	})
	t.Run("an operator may move all", func(t *testing.T) {
		e := simulate(t, f, callTo(alice, nft, pack(selector("setApprovalForAll(address,bool)"), bob[:], wei(1))))
		ok(t, e)
		if d := cmp.Diff([]OperatorChange{{Owner: alice, Operator: bob, Asset: nft, After: true}}, e.Operators); d != "" {
			t.Fatal(d)
		}
	})
	t.Run("ERC-1155 is told by id", func(t *testing.T) {
		data := pack(selector("safeTransferFrom(address,address,uint256,uint256,bytes)"), alice[:], bob[:], wei(9), wei(20), wei(160), wei(0))
		e := simulate(t, f, callTo(alice, multi, data))
		ok(t, e)
		wantBalance(t, e, alice, ERC1155, multi, 50, 30)
		wantBalance(t, e, bob, ERC1155, multi, 0, 20)
	})
}

func TestPermit2AllowancesAreToldWithWhereTheyStand(t *testing.T) {
	f := newFork(t, newGeth(t))
	approve := func(expires uint64) Tx {
		return callTo(alice, permit2, pack(selector("approve(address,address,uint160,uint48)"), tokenA[:], puller[:], wei(90), wei(expires)))
	}
	until := f.Time() + 60
	e := simulate(t, f, approve(until))
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: puller, Asset: tokenA, Via: permit2, After: num(90), ExpiresAfter: until})

	if e := simulate(t, f, approve(f.Time()-1)); len(e.Allowances) != 0 {
		t.Fatalf("an expired allowance counts: %s", asJSON(t, e.Allowances))
	}

	toBob := callTo(alice, permit2, pack(selector("approve(address,address,uint160,uint48)"), tokenA[:], bob[:], wei(90), wei(until)))
	setup := []Tx{toBob, callTo(alice, tokenA, pack(selApprove, permit2[:], wei(1000)))}
	if _, err := f.Apply(context.Background(), setup); err != nil {
		t.Fatal(err)
	}
	e = simulate(t, f, callTo(bob, permit2, pack(selector("transferFrom(address,address,uint160,address)"), alice[:], bob[:], wei(50), tokenA[:])))
	ok(t, e)
	wantAllowance(t, e, AllowanceChange{
		Owner: alice, Spender: bob, Asset: tokenA, Via: permit2, Before: num(90), After: num(40), ExpiresBefore: until, ExpiresAfter: until,
	})
	wantAllowance(t, e, AllowanceChange{Owner: alice, Spender: permit2, Asset: tokenA, Before: num(1000), After: num(950)})
}

func TestPowerThatChangesHandsIsTold(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, throne, nil))
	ok(t, e)
	if d := cmp.Diff([]ControlChange{{throne, Owner, bob, alice}}, e.Controls); d != "" {
		t.Fatal(d)
	}
	target := common.HexToAddress("0x1234")
	e = simulate(t, f, callTo(alice, throne, at(target).Bytes()))
	ok(t, e)
	if d := cmp.Diff([]ControlChange{{throne, Implementation, common.Address{}, target}}, e.Controls); d != "" {
		t.Fatal(d)
	}
}

func TestACreatedContractIsListed(t *testing.T) {
	f := newFork(t, newGeth(t))
	tx := Tx{Call: chain.Call{ChainID: testChain, From: alice, Data: deployer(t, asm(t, throneSource[:0]+"STOP"))}}
	e := simulate(t, f, tx)
	ok(t, e)
	if len(e.Created) != 1 || e.Txs[0].Calls.To != e.Created[0] || e.Txs[0].Calls.Type != "CREATE" {
		t.Fatal(asJSON(t, e))
	}
}

func TestATokenThatMovesInSilenceIsStillSeen(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, thief, []byte{1, 2, 3, 4}))
	ok(t, e)
	wantBalance(t, e, alice, ERC20, thief, 64, 32)
}

func TestATokenThatAnswersNothingIsUnknown(t *testing.T) {
	f := newFork(t, newGeth(t))
	e := simulate(t, f, callTo(alice, liar, []byte{1, 2, 3, 4}))
	if len(e.Unknown) == 0 || !strings.Contains(e.Unknown[0], liar.Hex()) {
		t.Fatalf("unknown: %q", e.Unknown)
	}
}

func TestCallsInsideCallsAreInTheTree(t *testing.T) {
	f := newFork(t, newGeth(t))
	inner := pack(selTransfer, bob[:], wei(1_000_000))
	e := simulate(t, f, callTo(alice, fool, append(at(tokenA).Bytes(), inner...)))
	root := e.Txs[0].Calls
	if e.Txs[0].Success || e.Txs[0].Revert != "too little" || len(root.Calls) != 1 || root.Calls[0].To != tokenA || !root.Calls[0].Failed || !root.Failed {
		t.Fatal(asJSON(t, e.Txs[0]))
	}
}

func TestWhoCannotPayIsRefusedWithTheSums(t *testing.T) {
	f := newFork(t, newGeth(t))
	for name, tx := range map[string]Tx{
		"no money for gas": callTo(pauper, tokenA, pack(selTransfer, bob[:], wei(0))),
		"no money for value": func() Tx {
			tx := callTo(alice, bob, nil)
			tx.Value.SetFromBig(ether(200))
			return tx
		}(),
		"no money for the limit": func() Tx {
			tx := callTo(alice, bob, nil)
			tx.Gas, tx.GasFeeCap = 1_000_000, uint256.MustFromBig(ether(1))
			return tx
		}(),
		"no money for what it needs": func() Tx {
			tx := callTo(alice, clock, nil)
			tx.GasFeeCap = uint256.NewInt(100e18 / 25_000)
			return tx
		}(),
	} {
		_, err := f.Simulate(context.Background(), []Tx{tx})
		if !refusal.Is(err, refusal.Balance) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if e, _ := refusal.As(err); !strings.Contains(e.Detail, "wei") {
			t.Errorf("%s: the sums are missing: %s", name, e.Detail)
		}
	}
}

func TestWhatNoBlockCanHoldIsNotSimulated(t *testing.T) {
	f := newFork(t, newGeth(t))
	nonce := uint64(17)
	for name, tx := range map[string]Tx{
		"another chain":     {Call: chain.Call{ChainID: 1, From: alice, To: &bob}},
		"wrong nonce":       {Call: callTo(alice, bob, nil).Call, Nonce: &nonce},
		"fee under base":    {Call: callTo(alice, bob, nil).Call, GasFeeCap: uint256.NewInt(1)},
		"sender is code":    callTo(pool, bob, nil),
		"too little gas":    {Call: callTo(alice, bob, nil).Call, Gas: 20_000},
		"tip above fee cap": {Call: callTo(alice, bob, nil).Call, GasFeeCap: uint256.NewInt(5e9), GasTipCap: uint256.NewInt(6e9)},
	} {
		if _, err := f.Simulate(context.Background(), []Tx{tx}); err == nil {
			t.Errorf("%s: simulated", name)
		}
	}
	if _, err := f.Simulate(context.Background(), nil); !refusal.Is(err, refusal.NoSimulation) {
		t.Errorf("nothing: %v", err)
	}
}

func TestAppliedTransactionsAreSeenAndCanBeTakenBack(t *testing.T) {
	ctx := context.Background()
	f := newFork(t, newGeth(t))
	move := callTo(alice, tokenA, pack(selTransfer, bob[:], wei(100)))
	first := f.Snapshot()
	before := f.Time()
	for i := range uint64(3) {
		e, err := f.Apply(ctx, []Tx{move})
		if err != nil {
			t.Fatal(err)
		}
		wantBalance(t, e, alice, ERC20, tokenA, 1_000_000-100*i, 999_900-100*i)
	}
	if f.Time() != before+3 {
		t.Fatalf("three blocks took %d s", f.Time()-before)
	}
	if n, err := f.Nonce(ctx, alice); err != nil || n != 3 {
		t.Fatalf("nonce %d, %v", n, err)
	}
	if failed, err := f.Apply(ctx, []Tx{move, callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000)))}); err != nil || failed.OK() {
		t.Fatal(err)
	}
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 999_700)
	if err := f.Revert(first); err != nil {
		t.Fatal(err)
	}
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 1_000_000)
	if n, err := f.Nonce(ctx, alice); err != nil || n != 0 {
		t.Fatalf("nonce %d, %v", n, err)
	}
	if f.Revert(first+1) == nil {
		t.Fatal("a snapshot that never was is taken back to")
	}
}

func wantView(t testing.TB, f *Fork, to common.Address, data []byte, want uint64) {
	t.Helper()
	ret, err := f.CallContract(context.Background(), chain.Call{ChainID: testChain, From: alice, To: &to, Data: data})
	if err != nil {
		t.Fatal(err)
	}
	if got := new(big.Int).SetBytes(ret); got.Cmp(toBig(want)) != 0 {
		t.Fatalf("want %d, have %s", want, got)
	}
}

func TestAViewThatRevertsSaysWhy(t *testing.T) {
	f := newFork(t, newGeth(t))
	_, err := f.CallContract(context.Background(), chain.Call{From: alice, To: &tokenA, Data: pack(selTransfer, bob[:], wei(9_000_000))})
	var reverted *chain.RevertError
	if !errors.As(err, &reverted) || reverted.Reason != "too little" || len(reverted.Data) != 100 {
		t.Fatalf("%v", err)
	}
}

func TestARunEndsWithItsContext(t *testing.T) {
	f := newFork(t, newGeth(t))
	ctx, cancel := context.WithCancel(context.Background())
	wantView(t, f, tokenA, pack(selBalanceOf, alice[:]), 1_000_000)
	cancel()
	if _, err := f.Simulate(ctx, []Tx{callTo(alice, looper, nil)}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	e := simulate(t, f, Tx{Call: callTo(alice, looper, nil).Call, Gas: 100_000})
	if e.Txs[0].Revert != "out of gas" || e.Txs[0].GasUsed != 100_000 {
		t.Fatalf("%+v", e.Txs[0])
	}
	for range 20 {
		short, stop := context.WithTimeout(context.Background(), 5*time.Millisecond)
		if _, err := f.CallContract(short, callTo(alice, looper, nil).Call); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a view that was stopped: %v", err)
		}
		if _, err := f.Simulate(short, []Tx{callTo(alice, looper, nil)}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a run that was stopped: %v", err)
		}
		stop()
	}
}

func TestGasLimitsHoldWhenTheChainMovesOn(t *testing.T) {
	g := newGeth(t)
	f := newFork(t, g)
	for name, tx := range map[string]Tx{
		"another second costs more": callTo(alice, clock, nil),
		"gas that is only held":     callTo(alice, hoarder, nil),
		"much held back in a call":  callTo(alice, fool, at(hoarder).Bytes()),
		"a failure that is caught":  callTo(alice, catcher, at(hoarder).Bytes()),
	} {
		t.Run(name, func(t *testing.T) {
			e := simulate(t, f, tx)
			ok(t, e)
			for _, later := range []uint64{0, 1, 29, 30} {
				h := f.current()
				block := h.block
				block.Time += later
				m := evm.New(context.Background(), h.state.View(), block, nil)
				msg := evm.Message{From: alice, To: tx.To, Data: tx.Data, Gas: e.Txs[0].GasLimit}
				msg.FeeCap.SetUint64(1e12)
				watch := newTrace()
				out, err := m.Transact(msg, nil, watch)
				if err != nil || out.Failure != nil {
					t.Fatalf("%d s later: %v %v", later, err, out.Failure)
				}
				if root := watch.take(); len(root.Calls) > 0 && root.Calls[0].Failed {
					t.Errorf("%d s later: the limit of %d is too little for the inner call", later, msg.Gas)
				}
			}
		})
	}
	first := callTo(alice, clock, nil)
	if e := simulate(t, f, first, first); e.Txs[1].GasLimit < e.Txs[0].GasLimit/2 || e.Txs[1].GasUsed > e.Txs[0].GasUsed {
		t.Fatalf("the second call is estimated for the same second: %d then %d", e.Txs[0].GasLimit, e.Txs[1].GasLimit)
	}
}

// silentOracle is a layer 2 whose oracle has code that says nothing.
type silentOracle struct{ told }

func (s silentOracle) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := s.told.Batch(ctx, elems)
	for _, e := range elems {
		switch e.Method {
		case "eth_chainId":
			*e.Result.(*json.RawMessage) = json.RawMessage(`"0x539"`)
		case "eth_config":
			*e.Result.(*json.RawMessage) = forktest.Config(pinned.Osaka.Precompiles(), func(m map[string]any) { m["chainId"] = "0x539" })
		}
		if e.Method == "eth_getCode" && e.Args[0] == pinned.GasPriceOracle {
			*e.Result.(*json.RawMessage) = json.RawMessage(`"0x00"`)
		}
	}
	return err
}

func TestWhatALayer2TakesBesidesGasIsUnknown(t *testing.T) {
	f, err := New(context.Background(), silentOracle{told{method: "none"}}, WithClock(atDawn))
	if err != nil {
		t.Fatal(err)
	}
	tx := callTo(alice, tokenA, nil)
	tx.Gas = 100_000
	e := simulate(t, f, tx)
	if len(e.Unknown) != 1 || !strings.Contains(e.Unknown[0], "layer 1") {
		t.Fatalf("%q", e.Unknown)
	}
}

func TestEffectsAreTheSameBytesEachTime(t *testing.T) {
	g := newGeth(t)
	swap := callTo(alice, pool, wordOf(1000).Bytes())
	first := ""
	for i := range 5 {
		f := newFork(t, g)
		e := simulate(t, f, swap, callTo(bob, tokenA, pack(selTransfer, alice[:], wei(5))), callTo(alice, throne, nil))
		ok(t, e)
		if s := asJSON(t, e); i == 0 {
			first = s
		} else if s != first {
			t.Fatal(cmp.Diff(first, s))
		}
	}
}

func TestNothingTouchesANode(t *testing.T) {
	out := golist(t)
	for _, pkg := range strings.Fields(out) {
		rest, ours := strings.CutPrefix(pkg, "github.com/ethereum/go-ethereum/")
		room, _, _ := strings.Cut(rest, "/")
		// p2p/netutil is a few functions on IP addresses that package rpc uses.
		if ours && (room == "eth" || room == "node" || room == "p2p" && rest != "p2p/netutil") {
			t.Errorf("links %s", pkg)
		}
	}
	if !strings.Contains(out, "go-ethereum/core/vm") {
		t.Fatalf("the list is not of this package: %.200s", out)
	}
}
