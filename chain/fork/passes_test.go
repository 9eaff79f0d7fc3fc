package fork

import (
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts"
)

// play is a real chain with a contract of the corpus that looks for simulations, and tokens of alice's that it may take.
type play struct {
	*geth
	token, pill common.Address
	abi         abi.ABI
}

const (
	prize = 7
	loot  = 1000
)

func newPlay(t testing.TB) *play {
	t.Helper()
	p := &play{geth: newGeth(t), abi: contracts.Load(contracts.RedPill).ABI}
	token := contracts.Load(contracts.Token)
	p.token = p.deploy(t, contracts.Token, "Gold", "GLD", uint8(18), alice)
	p.pill = p.deploy(t, contracts.RedPill, p.token, bob, big.NewInt(prize), big.NewInt(loot))
	for _, call := range []struct {
		method string
		args   []any
	}{
		{"mint", []any{alice, big.NewInt(1e12)}}, {"mint", []any{p.pill, big.NewInt(1e12)}}, {"approve", []any{p.pill, big.NewInt(1e11)}},
	} {
		data, err := token.ABI.Pack(call.method, call.args...)
		if err != nil {
			t.Fatal(err)
		}
		p.mine(t, callTo(alice, p.token, data))
	}
	return p
}

// mine sends a transaction of alice's with the limit that a simulation gives, and returns the receipt.
func (p *play) mine(t testing.TB, tx Tx) *types.Receipt {
	t.Helper()
	f := newFork(t, p)
	tx = exact(f, tx, 0)
	e := simulate(t, f, tx)
	tx.Gas = e.Txs[0].GasLimit
	return p.sent(t, f, tx)
}

func (p *play) sent(t testing.TB, f *Fork, tx Tx) *types.Receipt {
	t.Helper()
	nonce, err := f.Nonce(context.Background(), tx.From)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := types.SignNewTx(keyOf(t, tx.From), types.LatestSignerForChainID(toBig(testChain)), &types.DynamicFeeTx{
		ChainID: toBig(testChain), Nonce: nonce, To: tx.To, Value: tx.Value.ToBig(), Data: tx.Data, Gas: tx.Gas,
		GasFeeCap: tx.GasFeeCap.ToBig(), GasTipCap: tx.GasTipCap.ToBig(),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Client().SendTransaction(context.Background(), signed); err != nil {
		t.Fatal(err)
	}
	p.Commit()
	receipt, err := p.Client().TransactionReceipt(context.Background(), signed.Hash())
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

func (p *play) deploy(t testing.TB, name contracts.Name, args ...any) common.Address {
	t.Helper()
	c := contracts.Load(name)
	packed, err := c.ABI.Pack("", args...)
	if err != nil {
		t.Fatal(err)
	}
	receipt := p.mine(t, Tx{Call: chain.Call{ChainID: testChain, From: alice, Data: append(slices.Clone(c.Creation), packed...)}})
	if receipt.Status != 1 {
		t.Fatalf("%s was not created", name)
	}
	return receipt.ContractAddress
}

func (p *play) look(t testing.TB, method string, args ...any) Tx {
	t.Helper()
	data, err := p.abi.Pack(method, args...)
	if err != nil {
		t.Fatal(err)
	}
	return callTo(alice, p.pill, data)
}

var everything = new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))

// Each sign of a simulation is looked for with ranges that hold what simulations are known to show, and with the very value that this
// one shows. Either the chain then does what was simulated, or a finding says that it may not.
func TestEachSignOfASimulationIsNotSeenOrIsReported(t *testing.T) {
	p := newPlay(t)
	type span struct{ low, high *big.Int }
	from := func(n uint64) span { return span{new(big.Int).SetUint64(n), everything} }
	only := func(n *big.Int) span { return span{n, n} }
	zero := only(new(big.Int))
	one := only(big.NewInt(1))
	f := newFork(t, p)
	for method, spans := range map[string]func(f *Fork) []span{
		"byBaseFee":  func(f *Fork) []span { return []span{zero, only(f.current().block.BaseFee.ToBig()), from(1e12)} },
		"byGasPrice": func(*Fork) []span { return []span{zero, one, from(1e15)} },
		"byTip":      func(*Fork) []span { return []span{zero, only(big.NewInt(defaultTip))} },
		"byBlobBaseFee": func(*Fork) []span {
			return []span{zero, one}
		},
		"byCoinbase": func(f *Fork) []span {
			return []span{zero, only(f.current().block.Coinbase.Big()), only(crypto.PubkeyToAddress(testKey("alice").PublicKey).Big())}
		},
		"byCoinbaseBalance": func(f *Fork) []span {
			has, err := f.Balance(context.Background(), f.current().block.Coinbase)
			if err != nil {
				t.Fatal(err)
			}
			return []span{zero, only(has.ToBig()), {has.ToBig(), new(big.Int).Add(has.ToBig(), big.NewInt(1e15))}}
		},
		"byRandomness": func(f *Fork) []span {
			random := f.current().block.Random.Big()
			half := new(big.Int).Rsh(everything, 1)
			return []span{zero, only(random), {new(big.Int), half}, {half, everything}}
		},
		"byTime": func(f *Fork) []span {
			return []span{zero, only(toBig(f.Time())), from(f.Time() + 1), {new(big.Int), toBig(f.Time())}}
		},
		"byNumber": func(f *Fork) []span {
			n := f.current().block.Number
			return []span{zero, only(toBig(n)), only(toBig(n - 1)), from(n + 1)}
		},
		"byGasLimit": func(f *Fork) []span { return []span{zero, from(1 << 40), from(50_000_001)} },
		"byGasLeft": func(*Fork) []span {
			return []span{from(30_000_000), from(1 << 24), from(1_000_000), from(100_000), from(50_000), from(30_000)}
		},
		"byChain":  func(*Fork) []span { return []span{zero, one, only(big.NewInt(31337)), only(toBig(testChain))} },
		"byOrigin": func(*Fork) []span { return []span{zero, only(alice.Big())} },
		"byOriginBalance": func(*Fork) []span {
			return []span{zero, from(1 << 63), {ether(1000), everything}, {ether(99), everything}, {ether(100), everything}}
		},
		"byBeaconRoot": func(*Fork) []span { return []span{zero, {big.NewInt(1), everything}} },
	} {
		t.Run(method, func(t *testing.T) {
			for i := range spans(f) {
				for _, reversed := range []bool{false, true} {
					f := newFork(t, p)
					s := spans(f)[i] // as they are on this block
					p.judge(t, f, fmt.Sprintf("%s..%s, reversed %v", s.low, s.high, reversed), p.look(t, method, s.low, s.high, reversed))
				}
			}
		})
	}
	t.Run("byBlockHash", func(t *testing.T) {
		for _, back := range []int64{1, 2, 3} {
			for _, reversed := range []bool{false, true} {
				p.judge(t, newFork(t, p), fmt.Sprintf("zero, %d back", back), p.look(t, "byBlockHash", big.NewInt(back), zero.low, zero.high, reversed))
				f := newFork(t, p)
				hash := f.remote.Header().Hash.Big()
				p.judge(t, f, fmt.Sprintf("the pin's, %d back", back), p.look(t, "byBlockHash", big.NewInt(back), hash, hash, reversed))
			}
		}
	})
	t.Run("byCodeSize", func(t *testing.T) {
		for _, a := range []common.Address{alice, p.token, {}, newFork(t, p).current().block.Coinbase} {
			for _, reversed := range []bool{false, true} {
				p.judge(t, newFork(t, p), a.Hex(), p.look(t, "byCodeSize", a, zero.low, zero.high, reversed))
			}
		}
	})
}

// judge simulates and mines.
func (p *play) judge(t *testing.T, f *Fork, name string, tx Tx) {
	t.Helper()
	tx = exact(f, tx, 0)
	e := simulate(t, f, tx)
	ok(t, e)
	tx.Gas = e.Txs[0].GasLimit
	receipt := p.sent(t, f, tx)
	same := receipt.Status == 1 && receipt.GasUsed == e.Txs[0].GasUsed && len(receipt.Logs) == len(e.Txs[0].Logs)
	for i, l := range receipt.Logs {
		same = same && slices.Equal(l.Topics, e.Txs[0].Logs[i].Topics)
	}
	if !same && len(e.Findings) == 0 {
		t.Errorf("%s: the chain does something else than was simulated, and nothing was found: status %d, gas %d, simulated %d",
			name, receipt.Status, receipt.GasUsed, e.Txs[0].GasUsed)
	}
}

func names(e *Effects) (all []FindingName) {
	for _, f := range e.Findings {
		if !slices.Contains(all, f.Name) {
			all = append(all, f.Name)
		}
	}
	return all
}

func TestFindingsNameWhatWasLookedAt(t *testing.T) {
	p := newPlay(t)
	f := newFork(t, p)
	b := f.current().block
	random, coinbase, one := b.Random.Big(), b.Coinbase.Big(), big.NewInt(1)
	has, err := f.Balance(context.Background(), b.Coinbase)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		method    string
		low, high *big.Int
		want      []FindingName
		words     string
	}{
		{"byCoinbase", coinbase, coinbase, []FindingName{LooksForSimulator}, "under another miner and randomness, "},
		{"byRandomness", random, random, []FindingName{LooksForSimulator}, " of token " + p.token.Hex()},
		{"byCoinbaseBalance", has.ToBig(), has.ToBig(), []FindingName{LooksForSimulator}, alice.Hex()},
		{"byTime", toBig(b.Time), toBig(b.Time), []FindingName{ChangesWithTime}, "30 seconds later, "},
		{"byNumber", toBig(b.Number), toBig(b.Number), []FindingName{ChangesWithTime}, "gets -1000 of token"},
		{"byBaseFee", new(big.Int), new(big.Int), nil, ""},
		{"byTime", one, everything, nil, ""},
	} {
		for _, reversed := range []bool{false, true} {
			tx := p.look(t, c.method, c.low, c.high, reversed)
			tx.Gas = 200_000 // enough for either way
			e := simulate(t, f, tx)
			ok(t, e)
			if have := names(e); !slices.Equal(have, c.want) {
				t.Errorf("%s: found %v, want %v: %s", c.method, have, c.want, asJSON(t, e.Findings))
			}
			if c.words != "" && !reversed && !strings.Contains(asJSON(t, e.Findings), c.words) {
				t.Errorf("%s: %q is not said: %s", c.method, c.words, asJSON(t, e.Findings))
			}
			if once, err := f.SimulateOnce(context.Background(), []Tx{tx}); err != nil || len(once.Findings) > 0 {
				t.Errorf("%s: one pass: %v %v", c.method, once, err)
			}
		}
	}
}

// The clock writes other slots in another second, the pool stores the time, and the token knows no time at all: none changes what is
// done to anybody.
func TestHonestContractsAreNotSuspected(t *testing.T) {
	f := newFork(t, newGeth(t))
	for _, tx := range []Tx{
		callTo(alice, clock, nil), callTo(alice, pool, wordOf(1000).Bytes()), callTo(alice, tokenA, pack(selTransfer, bob[:], wei(5))),
		callTo(alice, tokenA, pack(selApprove, bob[:], wei(5))), callTo(alice, throne, nil), callTo(alice, nft, pack(selTransferFrom, alice[:], bob[:], wei(7))),
		callTo(alice, tokenA, pack(selTransfer, bob[:], wei(9_000_000))),
	} {
		e, err := f.Apply(context.Background(), []Tx{tx})
		if err != nil || len(e.Findings) > 0 {
			t.Errorf("%s: %v %s", tx.To, err, asJSON(t, e))
		}
	}
}

// drifter pays the caller a base amount of its token, and a little more for each second.
const drifter = `
	0xa9059cbb 0xe0 SHL 0 MSTORE CALLER 4 MSTORE
	%s
	0x24 MSTORE
	0x20 0x80 0x44 0 0 %s GAS CALL @done JUMPI 0 0 REVERT
done: STOP`

func TestAmountsMayDriftALittle(t *testing.T) {
	drifting, dated := common.HexToAddress("0xd1f7"), common.HexToAddress("0xd1f8")
	due := common.HexToAddress("0xd1f9")
	code := func(amount string) types.Account {
		return types.Account{Code: asm(t, fmt.Sprintf(drifter, amount, hex(tokenA[:]))), Nonce: 1, Balance: new(big.Int)}
	}
	const rate = "0 CALLDATALOAD TIMESTAMP SUB 0x20 CALLDATALOAD MUL 100000 %s"
	g := newGethWith(t, types.GenesisAlloc{
		drifting: code(fmt.Sprintf(rate, "ADD")), dated: code(fmt.Sprintf(rate, "SUB")),
		due: {Code: asm(t, "TIMESTAMP 0 CALLDATALOAD LT @late JUMPI STOP late: 0 0 REVERT"), Nonce: 1, Balance: new(big.Int)},
	})
	f := newFork(t, g)
	ctx := context.Background()
	fund := []Tx{callTo(alice, tokenA, pack(selTransfer, drifting[:], wei(300_000))), callTo(alice, tokenA, pack(selTransfer, dated[:], wei(300_000)))}
	if _, err := f.Apply(ctx, fund); err != nil {
		t.Fatal(err)
	}
	now := f.Time()
	for _, c := range []struct {
		name  string
		tx    Tx
		found bool
	}{
		{"a little more", callTo(alice, drifting, append(wordOf(now).Bytes(), wordOf(30).Bytes()...)), false},
		{"much more", callTo(alice, drifting, append(wordOf(now).Bytes(), wordOf(3000).Bytes()...)), false},
		{"a hundredth less", callTo(alice, dated, append(wordOf(now).Bytes(), wordOf(33).Bytes()...)), false},
		{"more than a hundredth less", callTo(alice, dated, append(wordOf(now).Bytes(), wordOf(34).Bytes()...)), true},
		{"another's loss", callTo(bob, drifting, append(wordOf(now).Bytes(), wordOf(3000).Bytes()...)), false},
		{"in time", callTo(alice, due, wordOf(now+later).Bytes()), false},
		{"soon too late", callTo(alice, due, wordOf(now+later-1).Bytes()), true},
	} {
		e := simulate(t, f, c.tx)
		ok(t, e)
		want := []FindingName(nil)
		if c.found {
			want = []FindingName{ChangesWithTime}
		}
		if !slices.Equal(names(e), want) {
			t.Errorf("%s: %s", c.name, asJSON(t, e.Findings))
		}
	}
}

func TestTheOtherPassesAskNothingThatOnlyTheyDoNotRead(t *testing.T) {
	c := counting(newGeth(t))
	swap := callTo(alice, pool, wordOf(1000).Bytes())
	cost := func(run func(f *Fork) (*Effects, error)) (trips, calls int) {
		f := newFork(t, c)
		before := c.calls
		c.trips = 0
		e, err := run(f)
		if err != nil {
			t.Fatal(err)
		}
		ok(t, e)
		return c.trips, c.calls - before
	}
	trips, calls := cost(func(f *Fork) (*Effects, error) { return f.Simulate(context.Background(), []Tx{swap}) })
	once, onceCalls := cost(func(f *Fork) (*Effects, error) { return f.SimulateOnce(context.Background(), []Tx{swap}) })
	if trips != once || calls != onceCalls {
		t.Errorf("all passes take %d trips with %d calls, one takes %d with %d", trips, calls, once, onceCalls)
	}
	c.reset()
	ok(t, simulate(t, newFork(t, c), swap))
	if c.trips > 4 || c.calls > 35 {
		t.Errorf("a cold swap with its fork takes %d trips with %d calls: %v", c.trips, c.calls, c.methods)
	}
}

func TestWhoIsMinerAndSenderAtOnceIsNotSuspected(t *testing.T) {
	f := newFork(t, newGeth(t))
	f.head.block.Coinbase = alice
	tx := callTo(alice, bob, nil)
	tx.Value.SetUint64(5)
	for _, txs := range [][]Tx{{tx}, {tx, callTo(bob, alice, nil)}, {callTo(alice, tokenA, pack(selTransfer, bob[:], wei(5)))}} {
		if e := simulate(t, f, txs...); len(e.Findings) > 0 {
			t.Error(asJSON(t, e.Findings))
		}
	}
}

// What no block would hold later is found, and not an error: the first transaction takes the coins that the second needs.
func TestWhatNoBlockHoldsLaterIsFound(t *testing.T) {
	burner := common.HexToAddress("0xb0")
	// It sends on all it gets, or gives it back before a time.
	code := asm(t, "TIMESTAMP 0 CALLDATALOAD LT @late JUMPI 0 0 0 0 CALLVALUE CALLER GAS CALL STOP late: STOP")
	f := newFork(t, newGethWith(t, types.GenesisAlloc{burner: {Code: code, Nonce: 1, Balance: new(big.Int)}}))
	first := callTo(alice, burner, wordOf(f.Time()+5).Bytes())
	first.Value.SetFromBig(new(big.Int).Mul(big.NewInt(99), ether(1)))
	second := callTo(alice, bob, nil)
	second.Value.SetFromBig(ether(50))
	e := simulate(t, f, first, second)
	ok(t, e)
	if len(e.Findings) != 1 || e.Findings[0].Name != ChangesWithTime || !strings.Contains(e.Findings[0].Detail, "no block would hold") {
		t.Fatal(asJSON(t, e.Findings))
	}
}

func TestEveryBitOfRandomnessDiffersInTheLastPass(t *testing.T) {
	f := newFork(t, newGeth(t))
	h := f.current()
	f.elsewhere(h)
	a, b := h.later.block.Random, h.apart.block.Random
	for i := range a {
		if a[i]^b[i] != 0xff {
			t.Fatalf("%s %s", a, b)
		}
	}
	if a != h.block.Random || h.later.block.Coinbase != h.block.Coinbase || h.apart.block.Coinbase == h.block.Coinbase {
		t.Fatal("the later pass differs in more than time")
	}
	if h.later.block.Time != h.block.Time+later || h.apart.block.Time != h.later.block.Time || h.later.block.Number != h.block.Number+later-1 {
		t.Fatalf("%+v %+v", h.later.block, h.block)
	}
	if new(uint256.Int).SetBytes(h.block.Random[:]).IsUint64() {
		t.Fatalf("randomness looks like none: %s", h.block.Random)
	}
}

// fickle is a token whose transfers are the same in every block, and whose balances hang on one thing of the block.
const fickle = `
	0 CALLDATALOAD 0xe0 SHR 0x70a08231 EQ @balanceOf JUMPI
	1 0 SLOAD ADD 0 SSTORE
	0x24 CALLDATALOAD 0 MSTORE 4 CALLDATALOAD CALLER %s 0x20 0 LOG3 STOP
balanceOf:
	0 SLOAD %s MUL 0 MSTORE 0x20 0 RETURN`

// The transactions do the same in each pass, and what contracts answer does not.
func TestAnswersThatHangOnTheBlockAreFound(t *testing.T) {
	token := common.HexToAddress("0xf1c417")
	for _, c := range []struct {
		of   string
		want []FindingName
	}{
		{"7", nil},
		{"TIMESTAMP 2 MOD 7 ADD", nil}, // half a minute later is an even number of seconds later
		{"%d TIMESTAMP LT", []FindingName{ChangesWithTime}},
		{"%d TIMESTAMP GT", []FindingName{ChangesWithTime}},
		{"1 DIFFICULTY AND", []FindingName{LooksForSimulator}},
		{"COINBASE", []FindingName{LooksForSimulator}},
	} {
		for range 2 { // whatever the randomness is
			f := newFork(t, newGeth(t))
			of := c.of
			if strings.Contains(of, "%d") {
				of = fmt.Sprintf(of, f.Time()+5)
			}
			f = newFork(t, newGethWith(t, types.GenesisAlloc{token: {Code: asm(t, fmt.Sprintf(fickle, hex(topicTransfer[:]), of)), Nonce: 1, Balance: new(big.Int)}}))
			e := simulate(t, f, callTo(alice, token, pack(selTransfer, bob[:], wei(5))))
			ok(t, e)
			if !slices.Equal(names(e), c.want) {
				t.Errorf("%s: found %v: %s", c.of, names(e), asJSON(t, e))
			}
		}
	}
}
