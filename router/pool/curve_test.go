package pool

import (
	"math"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// curveState is a recorded state of a pool of Curve.
type curveState struct {
	Tokens []struct {
		Address  common.Address
		Symbol   string
		Decimals uint8
	}
	Underlying   []struct{ Symbol string } `json:"tokens_underlying"`
	Balances     []wide
	A            uint64 `json:"a_coefficient"`
	Fee          uint64
	Admin        uint64 `json:"admin_fee"`
	VirtualPrice wide   `json:"virtual_price"`
	Redemption   wide   `json:"redemption_price"`
	Supply       wide   `json:"lp_token_total_supply"`
	D, Gamma     wide
	PriceScale   []wide      `json:"price_scale"`
	FeeGamma     uint64      `json:"fee_gamma"`
	MidFee       uint64      `json:"mid_fee"`
	OutFee       uint64      `json:"out_fee"`
	Base         *curveState `json:"base_pool"`
	BaseBalances []wide      `json:"base_balances"`
	BaseA        uint64      `json:"base_a"`
	BaseSupply   wide        `json:"base_lp_token_total_supply"`
}

func (s *curveState) site(kind string) Site {
	site := Site{ID: "curve", Kind: kind, Venue: "curve"}
	for _, t := range s.Tokens {
		site.Tokens = append(site.Tokens, t.Address)
	}
	return site
}

func (s *curveState) decimals() (all []uint8) {
	for _, t := range s.Tokens {
		all = append(all, t.Decimals)
	}
	return all
}

// plain is a pool whose coins count by their decimals alone.
func (s *curveState) plain(t *testing.T) *StableSwap {
	t.Helper()
	rates := make([]uint256.Int, len(s.Tokens))
	for i, d := range s.decimals() {
		rates[i].Exp(uint256.NewInt(10), uint256.NewInt(uint64(36-d)))
	}
	site, supply := s.site("curve-stable"), new(uint256.Int)
	if !s.Supply.IsZero() {
		site.Tokens, supply = append(site.Tokens, common.Address{1}), &s.Supply.Int
	}
	p, err := NewStableSwap(site, narrow(s.Balances), rates, s.A, 1, s.Fee, s.Admin, supply)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// meta is a pool of a coin with a price and the shares of another pool.
func (s *curveState) meta(t *testing.T) *StableSwap {
	t.Helper()
	rates := []uint256.Int{s.Redemption.Int, s.VirtualPrice.Int}
	p, err := NewStableSwap(s.site("curve-stable"), narrow(s.Balances), rates, 100*s.A, 100, s.Fee, s.Admin, new(uint256.Int))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (s *curveState) place(t *testing.T, symbol string) int {
	t.Helper()
	for i, token := range s.Tokens {
		if token.Symbol == symbol || token.Symbol == "Curve.fi "+symbol {
			return i
		}
	}
	t.Fatalf("no token %s", symbol)
	return 0
}

// getDy is the older contracts' get_dy, which takes the fee last.
func getDy(p *StableSwap, in, out int, amount *uint256.Int) uint256.Int {
	var c checked
	paid := c.divDown(p.gross(&c, in, out, amount), p.shape.rates[out])
	return c.sub(paid, c.mulDiv(paid, word(p.shape.fee), word(curveUnit)))
}

// underOne says whether x is y, or one less.
func underOne(x, y *uint256.Int) bool { return near(x, y) && !x.Gt(y) }

func TestThreeCoinsOfCurveAnswerAsTheContractDid(t *testing.T) {
	for _, name := range parityFiles(t, "chain__*__curve_tripool_*.json") {
		var s curveState
		readJSON(t, name, &s)
		p := s.plain(t)
		for question, want := range answers(t, "golden__curve__*__test_curve_tripool_get_dy.json") {
			parts := strings.Split(question, "|")
			from, to, _ := strings.Cut(parts[2], "->")
			in, out, amount := s.place(t, from), s.place(t, to), dec(parts[3])
			if got := getDy(p, in, out, &amount); !got.Eq(&want) {
				t.Errorf("%s: get_dy %s, want %s", question, got.Dec(), want.Dec())
			}
			paid, _, err := p.Out(in, out, &amount)
			if err != nil || !underOne(&paid, &want) {
				t.Errorf("%s: exchange %s, get_dy %s (%v)", question, paid.Dec(), want.Dec(), err)
			}
		}
	}
}

func TestTwoCoinsOfAMetapoolAnswerAsTheContractDid(t *testing.T) {
	check := func(s *curveState, question, pair, amountText string, want *uint256.Int) {
		from, to, _ := strings.Cut(pair, "->")
		amount := dec(amountText)
		paid, _, err := s.meta(t).Out(s.place(t, from), s.place(t, to), &amount)
		if err != nil || !paid.Eq(want) {
			t.Errorf("%s: %s, want %s (%v)", question, paid.Dec(), want.Dec(), err)
		}
	}
	for _, name := range parityFiles(t, "chain__*__curve_metapool_*_block_*.json") {
		var s curveState
		readJSON(t, name, &s)
		for question, want := range answers(t, "golden__curve__*__test_curve_metapool_get_dy.json") {
			if parts := strings.Split(question, "|"); parts[1] == "get_dy" {
				check(&s, question, parts[2], parts[3], &want)
			}
		}
	}
	for _, name := range parityFiles(t, "chain__*__curve_metapool_*_multiblock_*.json") {
		var file struct {
			Immutable curveState
			States    map[string]curveState
		}
		readJSON(t, name, &file)
		for question, want := range answers(t, "golden__curve__*__test_curve_metapool_multiblock_get_dy.json") {
			if parts := strings.Split(question, "|"); parts[1] == "get_dy" {
				s := file.States[strings.TrimPrefix(parts[3], "blk")]
				s.Tokens, s.Fee, s.Admin = file.Immutable.Tokens, file.Immutable.Fee, file.Immutable.Admin
				check(&s, question, parts[2], parts[4], &want)
			}
		}
	}
}

func TestSolidlyPairsAnswerAsTheContractsDid(t *testing.T) {
	for kind, recorded := range map[string]string{"stable": "dola_usdbc_stable", "volatile": "tbtc_weth_volatile"} {
		for _, name := range parityFiles(t, "chain__*__aerodrome_v2_"+recorded+"_*.json") {
			var s struct {
				Token0, Token1 struct {
					Address  common.Address
					Symbol   string
					Decimals uint8
				}
				Fee      uint32 `json:"fee_raw"`
				Reserve0 wide   `json:"reserves_token0"`
				Reserve1 wide   `json:"reserves_token1"`
			}
			readJSON(t, name, &s)
			site := Site{ID: recorded, Kind: "solidly-" + kind, Tokens: []common.Address{s.Token0.Address, s.Token1.Address}, FeePPM: 100 * s.Fee}
			p, err := NewVolatile(site, &s.Reserve0.Int, &s.Reserve1.Int)
			if kind == "stable" {
				p, err = NewStablePair(site, &s.Reserve0.Int, &s.Reserve1.Int, [2]uint8{s.Token0.Decimals, s.Token1.Decimals})
			}
			if err != nil {
				t.Fatal(err)
			}
			for question, want := range answers(t, "golden__aerodrome__*__test_aerodrome_v2_"+kind+"_*.json") {
				parts := strings.Split(question, "|")
				in, amount := 0, dec(parts[3])
				if from, _, _ := strings.Cut(parts[2], "->"); strings.HasPrefix(s.Token1.Symbol, from) {
					in = 1
				}
				if got, _, err := p.Out(in, 1-in, &amount); err != nil || !got.Eq(&want) {
					t.Errorf("%s: %s, want %s (%v)", question, got.Dec(), want.Dec(), err)
				}
			}
		}
	}
}

// crypto is a pool of coins of different worth.
func (s *curveState) crypto(t *testing.T) *Tricrypto {
	t.Helper()
	p, err := NewTricrypto(s.site("curve-tricrypto"), narrow(s.Balances), narrow(s.PriceScale), &s.D.Int, s.decimals(), CryptoTerms{
		Amp: s.A, AmpUnit: 1, Gamma: s.Gamma.Uint64(), MidFee: s.MidFee, OutFee: s.OutFee, FeeGamma: s.FeeGamma,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestTricryptoAnswersAsTheContractDid(t *testing.T) {
	for _, name := range parityFiles(t, "chain__*__curve_tricrypto_*.json") {
		var s curveState
		readJSON(t, name, &s)
		p := s.crypto(t)
		for question, want := range answers(t, "golden__curve__*__test_curve_tricrypto_get_dy.json") {
			parts := strings.Split(question, "|")
			from, to, _ := strings.Cut(parts[2], "->")
			amount := dec(parts[3])
			if got, _, err := p.Out(s.place(t, from), s.place(t, to), &amount); err != nil || !got.Eq(&want) {
				t.Errorf("%s: %s, want %s (%v)", question, got.Dec(), want.Dec(), err)
			}
		}
		var c checked
		if d := p.shape.invariant(&c, p.shape.worth(&c, p.balances)); c.reverted || !d.Eq(&s.D.Int) {
			t.Errorf("D by the balances %s, and the contract keeps %s", d.Dec(), s.D.Dec())
		}
	}
}

// add is calc_token_amount: the shares for a coin, as if nothing were charged.
func add(p *StableSwap, in int, amount *uint256.Int) uint256.Int {
	var c checked
	grown := append([]uint256.Int(nil), p.balances...)
	grown[in].Add(&grown[in], amount)
	d0, d1 := p.shape.invariant(&c, p.shape.worth(&c, p.balances)), p.shape.invariant(&c, p.shape.worth(&c, grown))
	return c.mulDiv(c.sub(d1, d0), p.supply, d0)
}

func TestSharesOfCurveAnswerAsTheContractDid(t *testing.T) {
	for _, name := range parityFiles(t, "chain__*__curve_tripool_*.json") {
		var s curveState
		readJSON(t, name, &s)
		p := s.plain(t)
		shares := len(s.Tokens)
		for question, want := range answers(t, "golden__curve__*__test_curve_tripool_calc_withdraw_and_token_amount.json") {
			parts := strings.Split(question, "|")
			amount := dec(parts[len(parts)-1])
			coin := int(parts[len(parts)-2][2] - '0')
			if parts[1] == "calc_withdraw_one_coin" {
				got, _, err := p.Out(shares, coin, &amount)
				if !got.Eq(&want) || err != nil && !want.IsZero() {
					t.Errorf("%s: %s, want %s (%v)", question, got.Dec(), want.Dec(), err)
				}
				continue
			}
			if got := add(p, coin, &amount); !got.Eq(&want) {
				t.Errorf("%s: %s, want %s", question, got.Dec(), want.Dec())
			}
			// What is charged is at most the whole charge of all that comes in.
			got, _, err := p.Out(coin, shares, &amount)
			if low := want.Float64() * (1 - float64(s.Fee)/curveUnit); err != nil || got.Gt(&want) || got.Float64() < low {
				t.Errorf("%s: %s shares, want a little less than %s (%v)", question, got.Dec(), want.Dec(), err)
			}
		}
	}
}

// under is get_dy_underlying of a metapool: through the pool below it, with half a fee for what that would charge.
func under(meta, base *StableSwap, in, out int, amount *uint256.Int) uint256.Int {
	if in > 0 && out > 0 {
		return getDy(base, in-1, out-1, amount)
	}
	var c checked
	s := meta.shape
	all := s.worth(&c, meta.balances)
	d := s.invariant(&c, all)
	k := 1 - min(in, 1)
	if in == 0 {
		all[0] = c.add(all[0], c.mulDown(*amount, s.rates[0]))
	} else {
		worth := c.mulDown(add(base, in-1, amount), s.rates[1])
		worth = c.sub(worth, c.mulDiv(worth, word(base.shape.fee), word(2*curveUnit)))
		all[1] = c.add(all[1], worth)
	}
	had := s.worth(&c, meta.balances)
	gross := c.sub(c.sub(had[k], s.balance(&c, all, d, k)), *one)
	gross = c.divDown(c.sub(gross, c.mulDiv(gross, word(s.fee), word(curveUnit))), s.rates[k])
	if out == 0 {
		return gross
	}
	paid, _, _ := base.Out(len(base.balances), out-1, &gross)
	return paid
}

func TestCoinsBelowAMetapoolAnswerAsTheContractDid(t *testing.T) {
	asked := 0
	check := func(s *curveState, question, pair, amountText string, want *uint256.Int) {
		from, to, _ := strings.Cut(pair, "->")
		places := map[string]int{}
		for i, token := range s.Underlying {
			places[token.Symbol] = i
		}
		amount := dec(amountText)
		if got := under(s.meta(t), s.Base.plain(t), places[from], places[to], &amount); !got.Eq(want) {
			t.Errorf("%s: %s, want %s", question, got.Dec(), want.Dec())
		}
		asked++
	}
	for _, name := range parityFiles(t, "chain__*__curve_metapool_*_block_*.json") {
		var s curveState
		readJSON(t, name, &s)
		for question, want := range answers(t, "golden__curve__*__test_curve_metapool_get_dy.json") {
			if parts := strings.Split(question, "|"); parts[1] == "get_dy_underlying" {
				check(&s, question, parts[2], parts[3], &want)
			}
		}
	}
	for _, name := range parityFiles(t, "chain__*__curve_metapool_*_multiblock_*.json") {
		var file struct {
			Immutable curveState
			States    map[string]curveState
		}
		readJSON(t, name, &file)
		for question, want := range answers(t, "golden__curve__*__test_curve_metapool_multiblock_get_dy.json") {
			parts := strings.Split(question, "|")
			if parts[1] != "get_dy_underlying" {
				continue
			}
			s, base := file.States[strings.TrimPrefix(parts[3], "blk")], *file.Immutable.Base
			s.Tokens, s.Fee, s.Admin, s.Underlying = file.Immutable.Tokens, file.Immutable.Fee, file.Immutable.Admin, file.Immutable.Underlying
			base.Balances, base.A, base.Supply = s.BaseBalances, s.BaseA, s.BaseSupply
			s.Base = &base
			check(&s, question, parts[2], parts[4], &want)
		}
	}
	t.Logf("%d answers, to the wei", asked)
}

func TestTheAdminsPartOfTheFeeLeavesTheBalances(t *testing.T) {
	million, amount := dec("1000000000000000000000000"), dec("1000000000000000000000")
	site := pairSite("curve-stable", 0)
	for admin, gone := range map[uint64]string{0: "999700000000000000000", curveUnit / 2: "999850000000000000000", curveUnit: "1000000000000000000000"} {
		p, err := NewStableSwap(site, []uint256.Int{million, million}, []uint256.Int{e18, e18}, 1_000_000, 1, 3_000_000, admin, new(uint256.Int))
		if err != nil {
			t.Fatal(err)
		}
		paid, next, err := p.Out(0, 1, &amount)
		if err != nil {
			t.Fatal(err)
		}
		var in, out uint256.Int
		after := next.(*StableSwap).balances
		in.Sub(&after[0], &million)
		out.Sub(&million, &after[1])
		want := dec(gone)
		if !in.Eq(&amount) || math.Abs(out.Float64()-want.Float64()) > 1e-6*want.Float64() || paid.Gt(&out) {
			t.Errorf("admin %d: %s came in, %s left, of it %s were paid", admin, in.Dec(), out.Dec(), paid.Dec())
		}
	}
}

func TestTheFeeOfASolidlyPairLeavesIt(t *testing.T) {
	million, amount := dec("1000000000000000000000000"), word(1_000_000)
	volatile, err := NewVolatile(pairSite("solidly-volatile", 3000), &million, &million)
	if err != nil {
		t.Fatal(err)
	}
	stable, err := NewStablePair(pairSite("solidly-stable", 3000), &million, &million, [2]uint8{18, 18})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*Solidly{volatile, stable} {
		paid, next, err := p.Out(1, 0, &amount)
		if err != nil {
			t.Fatal(err)
		}
		var in, out uint256.Int
		after := next.(*Solidly).reserves
		in.Sub(&after[1], &million)
		out.Sub(&million, &after[0])
		if in.Uint64() != 997_000 || !out.Eq(&paid) {
			t.Errorf("%s came in and %s left, for 1000000 and %s", in.Dec(), out.Dec(), paid.Dec())
		}
	}
}
