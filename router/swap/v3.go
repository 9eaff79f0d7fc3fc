package swap

import (
	"maps"
	"math/big"
	"math/bits"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/swap/ticks"
)

const (
	v3Venue   = "uniswap-v3"
	v3Gas     = 70_000
	v3TickGas = 30_000 // for each initialized tick that is crossed; twice that the first time
	v3WordGas = 7_000  // for each edge of a bitmap word that is passed
)

var (
	selGetPool     = selectorOf("getPool(address,address,uint24)")
	selFee         = selectorOf("fee()")
	selTickSpacing = selectorOf("tickSpacing()")
	selSlot0       = selectorOf("slot0()")
	selLiquidity   = selectorOf("liquidity()")
	selTickBitmap  = selectorOf("tickBitmap(int16)")
	selTicks       = selectorOf("ticks(int24)")

	v3Fees   = [...]uint32{100, 500, 3000, 10000}
	v3Lowest = new(uint256.Int).Add(&ticks.MinRatio, one) // the price limits that the routers pass
	v3Most   = new(uint256.Int).Sub(&ticks.MaxRatio, one)
	q96      = new(uint256.Int).Lsh(one, 96)
	million  = uint256.NewInt(1_000_000)
)

// v3Kind finds and reads pools of a Uniswap V3 factory.
type v3Kind struct{ factory common.Address }

func (k v3Kind) find(token0, token1 common.Address) []query {
	queries := make([]query, len(v3Fees))
	for i, fee := range v3Fees {
		queries[i] = query{k.factory, call(selGetPool, address(token0), address(token1), small(uint64(fee)))}
	}
	return queries
}

func (k v3Kind) site(i int, token0, token1 common.Address, a answer) (site, bool) {
	pool, err := a.address(0)
	if err != nil || pool == (common.Address{}) {
		return site{}, false
	}
	return site{pool: pool, token0: token0, token1: token1, feePips: v3Fees[i]}, true
}

func (k v3Kind) identity(s site) []query {
	return []query{{s.pool, call(selToken0)}, {s.pool, call(selToken1)}, {s.pool, call(selFee)}, {s.pool, call(selTickSpacing)}}
}

func (k v3Kind) check(s site, answers []answer) (site, error) {
	if err := checkTokens(s, answers); err != nil {
		return s, err
	}
	fee, err := answers[2].number(0, 24)
	if err != nil || fee.Uint64() != uint64(s.feePips) {
		return s, errAnswer
	}
	s.spacing, err = answers[3].tick(0)
	if err != nil || s.spacing < 1 || s.spacing >= 1<<14 {
		return s, errAnswer
	}
	return s, nil
}

func (k v3Kind) state(s site) []query {
	return []query{{s.pool, call(selSlot0)}, {s.pool, call(selLiquidity)}}
}

func (k v3Kind) pool(s site, answers []answer) (Pool, error) {
	price, err := answers[0].number(0, 160)
	if err != nil {
		return nil, err
	}
	tick, err := answers[0].tick(1)
	if err != nil {
		return nil, err
	}
	liquidity, err := answers[1].number(0, 128)
	if err != nil {
		return nil, err
	}
	if price.IsZero() {
		return nil, errLiquidity // not initialized
	}
	if !v3Consistent(&price, tick) {
		return nil, errAnswer
	}
	return &v3Pool{site: s, price: price, tick: tick, liquidity: liquidity}, nil
}

// v3Consistent reports whether a price lies in its tick, or at its upper edge, where a swap downwards leaves it.
func v3Consistent(price *uint256.Int, tick int32) bool {
	low, err := ticks.Ratio(tick)
	if err != nil || tick == ticks.Max {
		return false
	}
	high, err := ticks.Ratio(tick + 1)
	return err == nil && !price.Lt(&low) && !price.Gt(&high) && price.Lt(&ticks.MaxRatio)
}

// v3Pool is a pool of concentrated liquidity. Of its ticks it knows those that were read: words of the bitmap of initialized
// ticks, and what crossing a tick upwards adds to the liquidity.
type v3Pool struct {
	site
	price     uint256.Int // square root of token1 per token0, Q64.96
	tick      int32
	liquidity uint256.Int // at most 128 bits
	words     map[int32]uint256.Int
	nets      map[int32]uint256.Int // int128, with its sign extended to the word
}

func (p *v3Pool) Address() common.Address { return p.site.pool }
func (p *v3Pool) Venue() string           { return v3Venue }
func (p *v3Pool) FeePips() uint32         { return p.feePips }

func (p *v3Pool) Spot(in, _ common.Address) *big.Rat {
	root := new(big.Rat).SetFrac(p.price.ToBig(), q96.ToBig())
	spot := root.Mul(root, root)
	if in == p.token0 {
		return spot
	}
	return spot.Inv(spot)
}

// Out walks the price until amount is spent.
func (p *v3Pool) Out(in, _ common.Address, amount *uint256.Int) (Fill, error) {
	w := p.walk(in, amount)
	for !w.left.IsZero() {
		target, known, err := w.ahead()
		if err != nil {
			return Fill{}, err
		}
		if !known {
			return w.atMost(), nil
		}
		step, err := ticks.StepIn(&w.price, &target, &w.liquidity, &w.left, p.feePips)
		if err != nil {
			return Fill{}, errLiquidity
		}
		step.In.Add(&step.In, &step.Fee)
		if err := w.move(&step.Next, &step.In, &step.Out); err != nil {
			return Fill{}, err
		}
	}
	if w.total.IsZero() {
		return Fill{}, errDust
	}
	return w.fill(), nil
}

// In walks the price until amount came out.
func (p *v3Pool) In(in, _ common.Address, amount *uint256.Int) (Fill, error) {
	if amount.IsZero() {
		return Fill{}, errDust
	}
	w := p.walk(in, amount)
	for !w.left.IsZero() {
		target, known, err := w.ahead()
		if err != nil {
			return Fill{}, err
		}
		if !known {
			return w.atLeast(), nil
		}
		step, err := ticks.StepOut(&w.price, &target, &w.liquidity, &w.left, p.feePips)
		if err != nil {
			return Fill{}, errLiquidity
		}
		step.In.Add(&step.In, &step.Fee)
		if err := w.move(&step.Next, &step.Out, &step.In); err != nil {
			return Fill{}, err
		}
	}
	return w.fill(), nil
}

// walk is a price on its way through a pool.
type walk struct {
	pool      *v3Pool
	down      bool // token0 comes in, so the price falls
	price     uint256.Int
	tick      int32
	liquidity uint256.Int
	left      uint256.Int // of the exact amount
	total     uint256.Int // of the other side
	gas       uint64

	next    int32       // the tick ahead
	edge    uint256.Int // its price
	crosses bool        // whether it is initialized
	stuck   bool        // the tick that was reached must be crossed, and what it adds was not read
}

func (p *v3Pool) walk(in common.Address, amount *uint256.Int) *walk {
	return &walk{
		pool: p, down: in == p.token0, price: p.price, tick: p.tick, liquidity: p.liquidity, left: *amount, gas: v3Gas,
	}
}

// ahead finds the price up to which the liquidity stays as it is, or the edge of a bitmap word, because the contract stops
// and rounds there too. It reports false where that was not read, and fails at the end of all liquidity.
func (w *walk) ahead() (target uint256.Int, known bool, err error) {
	if w.left.BitLen() == 256 {
		return target, false, errLiquidity // the contract takes an int256
	}
	limit := v3Most
	if w.down {
		limit = v3Lowest
	}
	if w.price.Eq(limit) {
		return target, false, errLiquidity
	}
	if w.stuck {
		return target, false, nil
	}
	w.next, w.crosses, known = w.pool.nextTick(w.tick, w.down)
	if !known {
		return target, false, nil
	}
	w.next = max(ticks.Min, min(ticks.Max, w.next))
	if w.edge, err = ticks.Ratio(w.next); err != nil {
		return target, false, err
	}
	if (w.down && w.edge.Lt(limit)) || (!w.down && w.edge.Gt(limit)) {
		return *limit, true, nil
	}
	return w.edge, true, nil
}

// move books one step, and crosses the tick ahead when the price has reached it.
func (w *walk) move(price, exact, other *uint256.Int) error {
	if _, under := w.left.SubOverflow(&w.left, exact); under {
		return errLiquidity
	}
	if _, over := w.total.AddOverflow(&w.total, other); over || w.total.BitLen() == 256 {
		return errLiquidity
	}
	w.price = *price
	if !w.price.Eq(&w.edge) {
		return nil
	}
	w.tick = w.next
	if w.down {
		w.tick--
	}
	if !w.crosses {
		w.gas += v3WordGas
		return nil
	}
	w.gas += v3TickGas
	net, known := w.pool.nets[w.next]
	if !known {
		w.stuck = true
		return nil
	}
	if w.down {
		net.Neg(&net)
	}
	w.liquidity.Add(&w.liquidity, &net)
	if w.liquidity.BitLen() > 128 {
		return errLiquidity // the contract reverts; only a lie about the ticks leads here
	}
	return nil
}

func (w *walk) fill() Fill { return Fill{Amount: w.total, Gas: w.gas} }

// atMost is what can come out when all that is left finds endless liquidity at the present price.
func (w *walk) atMost() Fill {
	keep := uint256.NewInt(uint64(1_000_000 - w.pool.feePips))
	rest := mulDivUp(&w.left, keep, million)
	num, den := &w.price, q96
	if !w.down {
		num, den = den, num
	}
	rest = mulDivUp(&rest, num, den)
	rest = mulDivUp(&rest, num, den)
	if _, over := w.total.AddOverflow(&w.total, &rest); over {
		w.total = *most
	}
	return Fill{Amount: w.total, Gas: w.gas, Partial: true}
}

// atLeast is what must go in when all that is left finds endless liquidity at the present price.
func (w *walk) atLeast() Fill {
	num, den := q96, &w.price
	if !w.down {
		num, den = den, num
	}
	var rest uint256.Int
	_, over := rest.MulDivOverflow(&w.left, num, den)
	if !over {
		_, over = rest.MulDivOverflow(&rest, num, den)
	}
	if !over {
		keep := uint256.NewInt(uint64(1_000_000 - w.pool.feePips))
		_, over = rest.MulDivOverflow(&rest, million, keep)
	}
	if !over {
		_, over = rest.AddOverflow(&rest, &w.total)
	}
	if over {
		rest = *most
	}
	if rest.IsZero() {
		rest = *one
	}
	return Fill{Amount: rest, Gas: w.gas, Partial: true}
}

// most is larger than any amount that a contract takes.
var most = new(uint256.Int).Not(new(uint256.Int))

// mulDivUp is a*b/d rounded up, or most where that does not fit.
func mulDivUp(a, b, d *uint256.Int) uint256.Int {
	var q, back, product uint256.Int
	if _, over := q.MulDivOverflow(a, b, d); over || q.Eq(most) {
		return *most
	}
	if !back.Mul(&q, d).Eq(product.Mul(a, b)) {
		q.Add(&q, one)
	}
	return q
}

// position returns the bitmap word and the bit of a compressed tick.
func position(compressed int32) (word int32, bit uint) {
	return compressed >> 8, uint(compressed & 0xff)
}

// compress divides by the spacing, rounding down.
func (p *v3Pool) compress(tick int32) int32 {
	q := tick / p.spacing
	if tick%p.spacing < 0 {
		q--
	}
	return q
}

// start is the compressed tick from which the search for the next one goes on: the tick itself downwards, the one above it
// upwards.
func (p *v3Pool) start(tick int32, down bool) int32 {
	if down {
		return p.compress(tick)
	}
	return p.compress(tick) + 1
}

// nextTick is TickBitmap.nextInitializedTickWithinOneWord. It reports false where the word was not read.
func (p *v3Pool) nextTick(tick int32, down bool) (next int32, initialized, known bool) {
	from := p.start(tick, down)
	at, bit := position(from)
	word, known := p.words[at]
	if !known {
		return 0, false, false
	}
	if down {
		set := highest(&word, bit)
		if set < 0 {
			return (from - int32(bit)) * p.spacing, false, true
		}
		return (at<<8 + set) * p.spacing, true, true
	}
	set := lowest(&word, bit)
	if set < 0 {
		return (at<<8 + 255) * p.spacing, false, true
	}
	return (at<<8 + set) * p.spacing, true, true
}

// highest returns the highest set bit at or below bit, or -1.
func highest(word *uint256.Int, bit uint) int32 {
	var masked uint256.Int
	masked.Lsh(word, 255-bit)
	if masked.IsZero() {
		return -1
	}
	return int32(masked.BitLen()-1) - int32(255-bit)
}

// lowest returns the lowest set bit at or above bit, or -1.
func lowest(word *uint256.Int, bit uint) int32 {
	var masked uint256.Int
	masked.Rsh(word, bit)
	for i, limb := range masked {
		if limb != 0 {
			return int32(i*64+bits.TrailingZeros64(limb)) + int32(bit)
		}
	}
	return -1
}

const (
	growTicks = 32 // ticks that are read at first, at most; then as many as are known already
	growWords = 2  // bitmap words that are read at first; then as many as are known already
)

// grow lists the next ticks in the direction of the trade whose liquidity is not known and, where there are few of them, the
// next words.
func (p *v3Pool) grow(in, _ common.Address) ([]query, func([]answer) (Pool, error)) {
	down := in == p.token0
	var newTicks, newWords []int32
	at, bit := position(p.start(p.tick, down))
	step, last := int32(1), int32(255)
	end, _ := position(p.compress(ticks.Max) + 1)
	if down {
		step, last = -1, 0
		end, _ = position(p.compress(ticks.Min))
	}
	seen, room := 0, max(growTicks, len(p.nets))
	for ; (at-end)*step <= 0 && len(newTicks) < room; at += step {
		word, known := p.words[at]
		if !known {
			break
		}
		seen++
		for b := int32(bit); (b-last)*step <= 0 && len(newTicks) < room; b += step {
			if word[b>>6]>>(b&63)&1 == 0 {
				continue
			}
			tick := (at<<8 + b) * p.spacing
			if _, known := p.nets[tick]; !known {
				newTicks = append(newTicks, tick)
			}
		}
		bit = uint(255 - last)
	}
	if len(newTicks) < room {
		for n := max(growWords, seen); n > 0 && (at-end)*step <= 0; n-- {
			newWords = append(newWords, at)
			at += step
		}
	}
	queries := make([]query, 0, len(newWords)+len(newTicks))
	for _, w := range newWords {
		queries = append(queries, query{p.site.pool, call(selTickBitmap, signed(w))})
	}
	for _, t := range newTicks {
		queries = append(queries, query{p.site.pool, call(selTicks, signed(t))})
	}
	return queries, func(answers []answer) (Pool, error) { return p.with(newWords, newTicks, answers) }
}

// with is the pool that knows the words and ticks too.
func (p *v3Pool) with(newWords, newTicks []int32, answers []answer) (Pool, error) {
	grown := *p
	grown.words, grown.nets = maps.Clone(p.words), maps.Clone(p.nets)
	if grown.words == nil {
		grown.words, grown.nets = map[int32]uint256.Int{}, map[int32]uint256.Int{}
	}
	for i, at := range newWords {
		word, err := answers[i].number(0, 256)
		if err != nil {
			return nil, err
		}
		grown.words[at] = word
	}
	for i, tick := range newTicks {
		net, err := answers[len(newWords)+i].signed(1, 128)
		if err != nil {
			return nil, err
		}
		grown.nets[tick] = net
	}
	return &grown, nil
}
