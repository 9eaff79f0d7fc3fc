package pool

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi/bind"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

// never is a deadline that no test reaches.
var never = big.NewInt(1 << 40)

// stage is a chain with the real contracts on it, and an account that owns them all and two tokens.
type stage struct {
	*testing.T
	backend *simulated.Backend
	opts    *bind.TransactOpts
	set     *artifacts.Set
	tokens  [2]common.Address // in order
	bound   [2]*bind.BoundContract
	random  *rand.Rand
}

func newStage(t *testing.T) *stage {
	t.Helper()
	must(t, artifacts.Fetch(t.Context(), "", func(string) {}))
	set, err := artifacts.Load("")
	must(t, err)
	key, err := crypto.GenerateKey()
	must(t, err)
	rich := new(big.Int).Lsh(big.NewInt(1), 200)
	backend := simulated.NewBackend(types.GenesisAlloc{crypto.PubkeyToAddress(key.PublicKey): {Balance: rich}})
	t.Cleanup(func() { must(t, backend.Close()) })
	id, err := backend.Client().ChainID(t.Context())
	must(t, err)
	opts, err := bind.NewKeyedTransactorWithChainID(key, id)
	must(t, err)
	opts.GasLimit = 12_000_000 // an estimate is short where the block after it writes more
	s := &stage{T: t, backend: backend, opts: opts, set: set, random: rand.New(rand.NewPCG(7, 11))}
	for i := range s.tokens {
		s.tokens[i], s.bound[i] = s.deploy(artifacts.MockERC20, "Token", "TOK", uint8(18))
		s.send(s.bound[i], "mint", opts.From, new(big.Int).Lsh(big.NewInt(1), 250))
	}
	if bytes.Compare(s.tokens[0][:], s.tokens[1][:]) > 0 {
		s.tokens[0], s.tokens[1] = s.tokens[1], s.tokens[0]
		s.bound[0], s.bound[1] = s.bound[1], s.bound[0]
	}
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *stage) deploy(name artifacts.Name, args ...any) (common.Address, *bind.BoundContract) {
	s.Helper()
	a := s.set.Artifact(name)
	parsed, err := a.Interface()
	must(s, err)
	at, _, bound, err := bind.DeployContract(s.opts, parsed, a.Creation, s.backend.Client(), args...)
	must(s, err)
	s.backend.Commit()
	return at, bound
}

func (s *stage) at(name artifacts.Name, address common.Address) *bind.BoundContract {
	s.Helper()
	parsed, err := s.set.Artifact(name).Interface()
	must(s, err)
	return bind.NewBoundContract(address, parsed, s.backend.Client(), s.backend.Client(), s.backend.Client())
}

// approve lets a contract take everything.
func (s *stage) approve(spender common.Address) {
	s.Helper()
	for _, token := range s.bound {
		s.send(token, "approve", spender, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1)))
	}
}

func (s *stage) send(to *bind.BoundContract, method string, args ...any) {
	s.Helper()
	if err := s.try(to, method, args...); err != nil {
		s.Fatalf("%s: %v", method, err)
	}
}

func (s *stage) try(to *bind.BoundContract, method string, args ...any) error {
	tx, err := to.Transact(s.opts, method, args...)
	if err != nil {
		return err
	}
	s.backend.Commit()
	receipt, err := s.backend.Client().TransactionReceipt(context.Background(), tx.Hash())
	if err == nil && receipt.Status != types.ReceiptStatusSuccessful {
		err = errors.New("reverted")
	}
	return err
}

// call returns nil where the contract reverts.
func (s *stage) call(to *bind.BoundContract, method string, args ...any) []any {
	var out []any
	if to.Call(&bind.CallOpts{From: s.opts.From}, &out, method, args...) != nil {
		return nil
	}
	return out
}

func (s *stage) number(to *bind.BoundContract, method string, at int, args ...any) *uint256.Int {
	s.Helper()
	out := s.call(to, method, args...)
	if out == nil {
		s.Fatalf("%s reverted", method)
	}
	n, over := uint256.FromBig(out[at].(*big.Int))
	if over {
		s.Fatalf("%s: %v", method, out[at])
	}
	return n
}

// size draws an amount of at most that many bits, small ones as often as large ones.
func (s *stage) size(bits int) *uint256.Int {
	n := new(uint256.Int).SetUint64(s.random.Uint64() | 1<<63)
	if bits = 1 + s.random.IntN(bits); bits < 64 {
		return n.Rsh(n, uint(64-bits))
	}
	return n.Lsh(n, uint(bits-64))
}

// share draws an amount up to a tenth more than this one.
func (s *stage) share(of float64) *uint256.Int {
	n := floored(1 + of*1.1*s.random.Float64())
	return &n
}

// amounts draws what goes in and what comes out: of any size, or of that of the pool.
func (s *stage) amounts(p Pool, in int) (into, outOf *uint256.Int) {
	if s.random.IntN(2) == 0 {
		return s.size(100), s.size(100)
	}
	most, paid := p.Curve(in, 1-in).Until(0)
	return s.share(most), s.share(paid)
}

func TestRealPairsPayWhatIsReckoned(t *testing.T) {
	s := newStage(t)
	weth, _ := s.deploy(artifacts.WETH9)
	factoryAt, factory := s.deploy(artifacts.UniswapV2Factory, s.opts.From)
	routerAt, router := s.deploy(artifacts.UniswapV2Router, factoryAt, weth)
	s.approve(routerAt)
	s.send(factory, "createPair", s.tokens[0], s.tokens[1])
	pairAt := s.call(factory, "getPair", s.tokens[0], s.tokens[1])[0].(common.Address)
	pair := s.at(artifacts.UniswapV2Pair, pairAt)
	traded := 0
	for range 12 {
		// Anyone may add to a pair, so that its next reserves are as large as is wanted.
		for i := range s.bound {
			grown := s.size(100)
			s.send(s.bound[i], "transfer", pairAt, grown.AddUint64(grown, 1000).ToBig())
		}
		s.send(pair, "sync")
		site := Site{ID: "pair", Kind: "uniswap-v2", Tokens: s.tokens[:], FeePPM: 3000}
		p, err := NewV2(site, s.number(pair, "getReserves", 0), s.number(pair, "getReserves", 1))
		must(t, err)
		var now Pool = p
		for range 12 {
			in, amount := s.random.IntN(2), s.size(110)
			path := []common.Address{s.tokens[in], s.tokens[1-in]}
			paid, after, err := now.Out(in, 1-in, amount)
			if quoted := s.call(router, "getAmountsOut", amount.ToBig(), path); err == nil && quoted == nil ||
				quoted != nil && quoted[0].([]*big.Int)[1].Cmp(paid.ToBig()) != 0 {
				t.Fatalf("%s for %s, %v; the router says %v", paid.Dec(), amount.Dec(), err, quoted)
			}
			asked, afterIn, errIn := now.In(in, 1-in, amount)
			if quoted := s.call(router, "getAmountsIn", amount.ToBig(), path); errIn == nil && quoted == nil ||
				quoted != nil && quoted[0].([]*big.Int)[0].Cmp(asked.ToBig()) != 0 {
				t.Fatalf("%s for %s, %v; the router says %v", asked.Dec(), amount.Dec(), errIn, quoted)
			}
			method, first, second := "swapExactTokensForTokens", amount.ToBig(), big.NewInt(1)
			if s.random.IntN(2) == 0 {
				method, second, after, err = "swapTokensForExactTokens", new(big.Int).Lsh(big.NewInt(1), 200), afterIn, errIn
			}
			if got := s.try(router, method, first, second, path, s.opts.From, never); (got == nil) != (err == nil) {
				t.Fatalf("%s of %s: %v, and on the chain %v", method, amount.Dec(), err, got)
			}
			if err != nil {
				continue
			}
			now = after
			traded++
			r0, r1 := now.(*V2).Reserves()
			if !r0.Eq(s.number(pair, "getReserves", 0)) || !r1.Eq(s.number(pair, "getReserves", 1)) {
				t.Fatalf("reserves %s and %s after %s of %s", r0.Dec(), r1.Dec(), method, amount.Dec())
			}
		}
	}
	if traded < 30 {
		t.Errorf("only %d trades went through", traded)
	}
	t.Logf("%d trades on the chain", traded)
}

type v3Quote struct {
	TokenIn, TokenOut common.Address
	Amount            *big.Int `abi:"amountIn"`
	Fee               *big.Int
	SqrtPriceLimitX96 *big.Int
}

type v3QuoteOut struct {
	TokenIn, TokenOut common.Address
	Amount            *big.Int
	Fee               *big.Int
	SqrtPriceLimitX96 *big.Int
}

type v3Mint struct {
	Token0, Token1                 common.Address
	Fee, TickLower, TickUpper      *big.Int
	Amount0Desired, Amount1Desired *big.Int
	Amount0Min, Amount1Min         *big.Int
	Recipient                      common.Address
	Deadline                       *big.Int
}

type v3Swap struct {
	TokenIn, TokenOut          common.Address
	Fee                        *big.Int
	Recipient                  common.Address
	AmountIn, AmountOutMinimum *big.Int
	SqrtPriceLimitX96          *big.Int
}

type v3SwapOut struct {
	TokenIn, TokenOut          common.Address
	Fee                        *big.Int
	Recipient                  common.Address
	AmountOut, AmountInMaximum *big.Int
	SqrtPriceLimitX96          *big.Int
}

// tier is a fee with its spacing, and how far from the price the positions reach, in spacings.
type tier struct{ fee, spacing, reach int64 }

// The last two have gaps wider than a word of the bitmap, and fees that no standard factory has.
var tiers = []tier{{100, 1, 200}, {500, 10, 300}, {3000, 60, 200}, {10000, 200, 100}, {0, 1, 3000}, {123_457, 7, 2000}}

// positions draws places for liquidity around a tick.
func (s *stage) positions(t tier, tick int64) [][2]int64 {
	all := make([][2]int64, 10)
	for i := range all {
		lower := tick/t.spacing - t.reach + s.random.Int64N(2*t.reach)
		all[i] = [2]int64{lower * t.spacing, (lower + 1 + s.random.Int64N(t.reach)) * t.spacing}
	}
	return all
}

func TestRealPoolsWithTicksPayWhatIsReckoned(t *testing.T) {
	s := newStage(t)
	weth, _ := s.deploy(artifacts.WETH9)
	factoryAt, factory := s.deploy(artifacts.UniswapV3Factory)
	_, quoter := s.deploy(artifacts.QuoterV2, factoryAt, weth)
	managerAt, manager := s.deploy(artifacts.PositionManager, factoryAt, weth, common.Address{})
	routerAt, router := s.deploy(artifacts.SwapRouter02, common.Address{}, factoryAt, managerAt, weth)
	s.approve(managerAt)
	s.approve(routerAt)
	quoted, dry, traded, gas := 0, 0, 0, newSpread()
	for _, tier := range tiers {
		fee := big.NewInt(tier.fee)
		if s.call(factory, "feeAmountTickSpacing", fee)[0].(*big.Int).Sign() == 0 {
			s.send(factory, "enableFeeAmount", fee, big.NewInt(tier.spacing))
		}
		tick := s.random.Int64N(100_000) - 50_000
		price, err := ticks.Ratio(int32(tick))
		must(t, err)
		s.send(manager, "createAndInitializePoolIfNecessary", s.tokens[0], s.tokens[1], fee, price.ToBig())
		contract := s.at(artifacts.UniswapV3Pool, s.call(factory, "getPool", s.tokens[0], s.tokens[1], fee)[0].(common.Address))
		var all []Tick
		for _, at := range s.positions(tier, tick) {
			amount := s.size(90)
			amount.AddUint64(amount, 1<<40)
			must(t, s.try(manager, "mint", v3Mint{
				s.tokens[0], s.tokens[1], fee, big.NewInt(at[0]), big.NewInt(at[1]), amount.ToBig(), amount.ToBig(),
				new(big.Int), new(big.Int), s.opts.From, never,
			}))
			all = provide(all, int32(at[0]), int32(at[1]), one)
		}
		for i := range all {
			all[i].Net = *extended(s.call(contract, "ticks", big.NewInt(int64(all[i].Index)))[1].(*big.Int))
		}
		site := Site{ID: "pool", Kind: "uniswap-v3", Tokens: s.tokens[:], FeePPM: uint32(tier.fee)}
		p, err := NewV3(site, s.number(contract, "slot0", 0), int32(tick), s.number(contract, "liquidity", 0), int32(tier.spacing), all)
		must(t, err)
		var now Pool = p
		for range 40 {
			in := s.random.IntN(2)
			amount, wanted := s.amounts(now, in)
			from, to := s.tokens[in], s.tokens[1-in]
			paid, after, err := now.Out(in, 1-in, amount)
			quote := s.call(quoter, "quoteExactInputSingle", v3Quote{from, to, amount.ToBig(), fee, new(big.Int)})
			switch {
			case errors.Is(err, ErrLiquidity):
				// The pool runs dry: the price goes to its limit, and not all of the amount is taken.
				dry++
				if end := uint256.MustFromBig(quote[1].(*big.Int)); !end.Eq([]*uint256.Int{&lowest, &highest}[in]) {
					t.Fatalf("%s of %d is more than the pool can take, but it ends at %s", amount.Dec(), in, end.Dec())
				}
			case quote == nil || quote[0].(*big.Int).Cmp(paid.ToBig()) != 0 || (err != nil) != paid.IsZero():
				t.Fatalf("%+v: %s for %s of %d, %v; the quoter says %v", tier, paid.Dec(), amount.Dec(), in, err, quote)
			case err == nil:
				quoted++
				if end := after.(*V3).spot.price; end.ToBig().Cmp(quote[1].(*big.Int)) != 0 {
					t.Fatalf("%+v: the price ends at %s, says the quoter, not at %s", tier, quote[1], end.Dec())
				}
				gas.add(now.Gas(in, 1-in, amount), quote[3].(*big.Int).Uint64())
			}
			asked, afterIn, errIn := now.In(in, 1-in, wanted)
			quote = s.call(quoter, "quoteExactOutputSingle", v3QuoteOut{from, to, wanted.ToBig(), fee, new(big.Int)})
			if (quote == nil) != (errIn != nil) || quote != nil && quote[0].(*big.Int).Cmp(asked.ToBig()) != 0 {
				t.Fatalf("%+v: %s asked for %s of %d, %v; the quoter says %v", tier, asked.Dec(), wanted.Dec(), in, errIn, quote)
			}
			switch s.random.IntN(4) {
			case 0:
				if err == nil {
					s.send(router, "exactInputSingle", v3Swap{from, to, fee, s.opts.From, amount.ToBig(), paid.ToBig(), new(big.Int)})
					now = after
					traded++
				}
			case 1:
				if errIn == nil {
					s.send(router, "exactOutputSingle", v3SwapOut{from, to, fee, s.opts.From, wanted.ToBig(), asked.ToBig(), new(big.Int)})
					now = afterIn
					traded++
				}
			}
			end, tick, liquidity := now.(*V3).State()
			slot := s.call(contract, "slot0")
			at, depth := slot[1].(*big.Int).Int64(), s.number(contract, "liquidity", 0)
			if slot[0].(*big.Int).Cmp(end.ToBig()) != 0 || at != int64(tick) || !liquidity.Eq(depth) {
				t.Fatalf("%+v: the pool is at %v, not at %s, %d, %s", tier, slot[:2], end.Dec(), tick, liquidity.Dec())
			}
		}
	}
	if quoted < 100 || dry < 10 || traded < 40 {
		t.Errorf("only %d quotes, %d of a dry pool, %d trades", quoted, dry, traded)
	}
	gas.within(t, 0.6, 1)
	t.Logf("%d quotes, %d of a dry pool, %d trades on the chain; gas said of used: %s", quoted, dry, traded, gas)
}

// The names that the contracts give to the fields of a pool's key and a swap.
type v4Key struct {
	Currency0, Currency1 common.Address
	Fee, TickSpacing     *big.Int
	Hooks                common.Address
}

type v4Quote struct {
	PoolKey     v4Key
	ZeroForOne  bool
	ExactAmount *big.Int
	HookData    []byte
}

type v4Range struct {
	TickLower, TickUpper, LiquidityDelta *big.Int
	Salt                                 [32]byte
}

type v4Swap struct {
	ZeroForOne                         bool
	AmountSpecified, SqrtPriceLimitX96 *big.Int
}

type v4Settings struct{ TakeClaims, SettleUsingBurn bool }

func (k v4Key) id() [32]byte {
	word := func(n *big.Int) []byte { return common.LeftPadBytes(n.Bytes(), 32) }
	left := func(a common.Address) []byte { return common.LeftPadBytes(a[:], 32) }
	return crypto.Keccak256Hash(left(k.Currency0), left(k.Currency1), word(k.Fee), word(k.TickSpacing), left(k.Hooks))
}

// Protocol fees in either direction, up to the highest, on top of fees up to the highest.
func TestTheRealPoolManagerPaysWhatIsReckoned(t *testing.T) {
	s := newStage(t)
	managerAt, manager := s.deploy(artifacts.PoolManager, s.opts.From)
	_, quoter := s.deploy(artifacts.V4Quoter, managerAt)
	_, view := s.deploy(artifacts.StateView, managerAt)
	providerAt, provider := s.deploy(artifacts.PoolModifyLiquidityTest, managerAt)
	swapperAt, swapper := s.deploy(artifacts.PoolSwapTest, managerAt)
	s.approve(providerAt)
	s.approve(swapperAt)
	s.send(manager, "setProtocolFeeController", s.opts.From)
	quoted, dry, traded, gas := 0, 0, 0, newSpread()
	for i, tier := range append(tiers, tier{999_999, 60, 200}) {
		key := v4Key{s.tokens[0], s.tokens[1], big.NewInt(tier.fee), big.NewInt(tier.spacing), common.Address{}}
		tick := s.random.Int64N(100_000) - 50_000
		price, err := ticks.Ratio(int32(tick))
		must(t, err)
		s.send(manager, "initialize", key, price.ToBig())
		var protocol ProtocolFee
		if i > 0 {
			protocol = ProtocolFee{s.random.Uint32N(maxProtocolFee + 1), s.random.Uint32N(maxProtocolFee + 1)}
			s.send(manager, "setProtocolFee", key, big.NewInt(int64(protocol[0])|int64(protocol[1])<<12))
		}
		var all []Tick
		for _, at := range s.positions(tier, tick) {
			depth := s.size(90)
			depth.AddUint64(depth, 1<<40)
			place := v4Range{big.NewInt(at[0]), big.NewInt(at[1]), depth.ToBig(), [32]byte{}}
			s.send(provider, "modifyLiquidity", key, place, []byte{}, false, false)
			all = provide(all, int32(at[0]), int32(at[1]), depth)
		}
		site := Site{ID: "pool", Kind: "uniswap-v4", Tokens: s.tokens[:], FeePPM: uint32(tier.fee)}
		p, err := NewV4(site, key.Hooks, protocol, &price, int32(tick), s.number(view, "getLiquidity", 0, key.id()), int32(tier.spacing), all)
		must(t, err)
		var now Pool = p
		for range 40 {
			in := s.random.IntN(2)
			amount, wanted := s.amounts(now, in)
			paid, after, err := now.Out(in, 1-in, amount)
			quote := s.call(quoter, "quoteExactInputSingle", v4Quote{key, in == 0, amount.ToBig(), nil})
			switch {
			case errors.Is(err, ErrLiquidity) && quote == nil:
				dry++
			case quote == nil || quote[0].(*big.Int).Cmp(paid.ToBig()) != 0 || (err != nil) != paid.IsZero():
				t.Fatalf("%+v, %v: %s for %s of %d, %v; the quoter says %v", tier, protocol, paid.Dec(), amount.Dec(), in, err, quote)
			case err == nil:
				quoted++
				gas.add(now.Gas(in, 1-in, amount), quote[1].(*big.Int).Uint64())
			}
			asked, afterIn, errIn := now.In(in, 1-in, wanted)
			quote = s.call(quoter, "quoteExactOutputSingle", v4Quote{key, in == 0, wanted.ToBig(), nil})
			if (quote == nil) != (errIn != nil) || quote != nil && quote[0].(*big.Int).Cmp(asked.ToBig()) != 0 {
				t.Fatalf("%+v, %v: %s asked for %s of %d, %v; the quoter says %v", tier, protocol, asked.Dec(), wanted.Dec(), in, errIn, quote)
			}
			exact := new(big.Int).Neg(amount.ToBig())
			if s.random.IntN(2) == 0 {
				exact, after, err = wanted.ToBig(), afterIn, errIn
			}
			if err != nil || s.random.IntN(2) == 0 {
				continue
			}
			limit := []*uint256.Int{&lowest, &highest}[in]
			s.send(swapper, "swap", key, v4Swap{in == 0, exact, limit.ToBig()}, v4Settings{}, []byte{})
			now = after
			traded++
			end, tick, liquidity := now.(*V4).State()
			slot := s.call(view, "getSlot0", key.id())
			at, depth := slot[1].(*big.Int).Int64(), s.number(view, "getLiquidity", 0, key.id())
			if slot[0].(*big.Int).Cmp(end.ToBig()) != 0 || at != int64(tick) || !liquidity.Eq(depth) {
				t.Fatalf("%+v, %v: the pool is at %v, not at %s, %d, %s", tier, protocol, slot[:2], end.Dec(), tick, liquidity.Dec())
			}
		}
	}
	if quoted < 100 || dry < 10 || traded < 40 {
		t.Errorf("only %d quotes, %d of a dry pool, %d trades", quoted, dry, traded)
	}
	gas.within(t, 0.8, 1.1)
	t.Logf("%d quotes, %d of a dry pool, %d trades on the chain; gas said of used: %s", quoted, dry, traded, gas)
}

// extended is a number with its sign extended to the word.
func extended(n *big.Int) *uint256.Int {
	if n.Sign() < 0 {
		abs := uint256.MustFromBig(new(big.Int).Neg(n))
		return abs.Neg(abs)
	}
	return uint256.MustFromBig(n)
}
