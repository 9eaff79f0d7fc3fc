package fork_test

import (
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/contracts"
)

func to(a common.Address, signature string, args ...any) fork.Tx {
	return fork.Tx{Call: chain.Call{ChainID: known.L1, To: &a, Data: input(signature, args...)}}
}

func create(code []byte) fork.Tx { return fork.Tx{Call: chain.Call{ChainID: known.L1, Data: code}} }

func paying(tx fork.Tx, value *big.Int) fork.Tx {
	tx.Value = *uint256.MustFromBig(value)
	return tx
}

func by(p person, tx fork.Tx) fork.Tx {
	tx.From = p.Address
	return tx
}

func wei(n uint64) *uint256.Int { return uint256.NewInt(n) }

func coins(n int64, decimals int) *big.Int {
	return new(big.Int).Mul(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil))
}

// scene is what the transactions of one sequence are drawn from.
type scene struct {
	testing.TB
	*market
	*rand.Rand
	now  uint64            // the time of their block
	used map[fact]uint64   // signatures' nonces that the sequence takes
	sold map[uint64]bool   // items that the sequence gives away
	met  map[string]uint64 // things that are made, so that none is made twice
	ends bool              // what is drawn fails half a minute later
}

func pick[T any](s *scene, from []T) T { return from[s.IntN(len(from))] }

// pair is two different people.
func (s *scene) pair() (a, b person) {
	i := s.IntN(crowd)
	return s.people[i], s.people[(i+1+s.IntN(crowd-1))%crowd]
}

// part is a small part of what somebody has.
func (s *scene) part(token common.Address, of person) *big.Int {
	have := new(big.Int).SetBytes([]byte(s.facts[fact{kind: balance, asset: token, owner: of.Address}]))
	return have.Div(have, big.NewInt(int64(20+s.IntN(2_000))))
}

// sum is what somebody signs an allowance for: much as a rule for the usual contracts.
func (s *scene) sum(token common.Address, of person, spender common.Address) *big.Int {
	if slices.Contains(s.usual(), spender) && s.IntN(4) > 0 {
		return pick(s, []*big.Int{endless, much})
	}
	switch s.IntN(4) {
	case 0:
		return endless
	case 1:
		return new(big.Int)
	case 2:
		return much
	}
	return s.part(token, of)
}

func (s *scene) spender() common.Address {
	return pick(s, slices.Concat(s.usual(), accounts(s.people)))
}

// deadline is that of a wallet: in twenty minutes.
func (s *scene) deadline() uint64 { return s.now + 1200 }

func (s *scene) nonce(key fact, ask func() *big.Int) uint64 {
	n := ask().Uint64() + s.used[key]
	s.used[key]++
	return n
}

// honest is a token that any router can sell.
func (s *scene) honest() common.Address {
	return s.at[pick(s, []known.Contract{known.USDC, known.USDT, known.DAI, known.WBTC})]
}

// path is from one token to another over pairs of V2.
func (s *scene) path(from, to common.Address) list {
	weth := s.at[known.WETH]
	if from == weth || to == weth {
		return list{from, to}
	}
	return list{from, weth, to}
}

// least is what a wallet lets a swap bring at least: all but one percent of what the router says, or anything.
func (s *scene) least(in *big.Int, path list) *big.Int {
	if s.IntN(3) == 0 {
		return new(big.Int)
	}
	ret := s.view(s, s.at[known.V2Router], "getAmountsOut(uint256,address[])", in, path)
	out := new(big.Int).SetBytes(ret[len(ret)-32:])
	return out.Div(out.Mul(out, big.NewInt(99)), big.NewInt(100))
}

// two are two different honest tokens or the wrapped coin.
func (s *scene) two() (a, b common.Address) {
	from := []known.Contract{known.USDC, known.USDT, known.DAI, known.WBTC, known.WETH}
	i := s.IntN(len(from))
	return s.at[from[i]], s.at[from[(i+1+s.IntN(len(from)-1))%len(from)]]
}

func (s *scene) pool() (in, out common.Address, fee int) {
	p := pick(s, v3Pools)
	if s.IntN(2) == 0 {
		return s.at[p.a], s.at[p.b], p.fee
	}
	return s.at[p.b], s.at[p.a], p.fee
}

// hop is a step of a path of V3.
func hop(a common.Address, fee int) []byte { return append(a.Bytes(), 0, byte(fee>>8), byte(fee)) }

func (s *scene) overV3(a, b common.Address) []byte {
	if weth := s.at[known.WETH]; a != weth && b != weth {
		return slices.Concat(hop(a, s.feeOf(a)), hop(weth, s.feeOf(b)), b.Bytes())
	}
	return slices.Concat(hop(a, max(s.feeOf(a), s.feeOf(b))), b.Bytes())
}

// feeOf is the fee of a token's pool with the wrapped coin.
func (s *scene) feeOf(token common.Address) int {
	return map[common.Address]int{
		s.at[known.USDC]: 500, s.at[known.DAI]: 3_000, s.at[known.USDT]: 500, s.at[known.WBTC]: 3_000,
	}[token]
}

// permitOf is somebody's signature under EIP-2612, for a token that has it.
func (s *scene) permitOf(token common.Address, p person, spender common.Address, value *big.Int, deadline uint64) (r, sig common.Hash, v int) {
	n := s.nonce(fact{kind: "eip2612", asset: token, owner: p.Address}, func() *big.Int {
		return s.number(s, token, "nonces(address)", p.Address)
	})
	content := hashOf(typeHash("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"), p.Address, spender, value, n, deadline)
	return sign(p.key, s.view(s, token, "DOMAIN_SEPARATOR()"), content)
}

// Struct types of Permit2.
const (
	detailsType = "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)"
	singleType  = "PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)" + detailsType
	batchType   = "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)" + detailsType
)

// details are one entry of a permit for Permit2, and its hash.
func (s *scene) details(p person, token, spender common.Address) (tuple, common.Hash) {
	n := s.permitted(p, token, spender)
	amount := s.part(token, p)
	expiry := s.now + pick(s, []uint64{0, 600, 86_400, 30 * 86_400})
	d := tuple{token, amount, expiry, n}
	return d, hashOf(append(tuple{typeHash(detailsType)}, d...)...)
}

// permitted is the nonce that comes next in Permit2.
func (s *scene) permitted(p person, token, spender common.Address) uint64 {
	return s.nonce(fact{kind: viaPermit, asset: token, owner: p.Address, other: spender}, func() *big.Int {
		return new(big.Int).SetBytes(s.view(s, known.Permit2, "allowance(address,address,address)", p.Address, token, spender)[64:])
	})
}

func packed(r, s common.Hash, v int) []byte { return slices.Concat(r[:], s[:], []byte{byte(v)}) }

// owned picks an item that a person has.
func (s *scene) owned(asset common.Address) (uint64, person, bool) {
	type item struct {
		id uint64
		p  person
	}
	var all []item
	for _, f := range s.asked {
		if f.kind == itemOwner && f.asset == asset && !s.sold[f.id] {
			for _, p := range s.people {
				if s.facts[f] == string(word(p.Address)) {
					all = append(all, item{f.id, p})
				}
			}
		}
	}
	if len(all) == 0 {
		return 0, person{}, false
	}
	it := pick(s, all)
	return it.id, it.p, true
}

// stake is a position of V3 that a person has.
func (s *scene) stake() (id uint64, p person, t0, t1 common.Address, liquidity *big.Int) {
	id, p, ok := s.owned(s.at[known.PositionManager])
	if !ok {
		s.Fatal("nobody has a position")
	}
	ret := s.view(s, s.at[known.PositionManager], "positions(uint256)", id)
	word := func(i int) []byte { return ret[32*i : 32*i+32] }
	return id, p, common.BytesToAddress(word(2)), common.BytesToAddress(word(3)), new(big.Int).SetBytes(word(7))
}

func (s *scene) fresh(what string) uint64 {
	s.met[what]++
	return s.met[what]
}

// kind is one kind of transaction.
type kind struct {
	name  string
	fails bool // for sure, or as a rule
	draw  func(s *scene) fork.Tx
}

func (s *scene) transfer(token common.Address) fork.Tx {
	a, b := s.pair()
	return by(a, to(token, "transfer(address,uint256)", b.Address, s.part(token, a)))
}

func (s *scene) exactIn(tokenIn, tokenOut common.Address, fee int, to common.Address, in, least any) []byte {
	return input("exactInputSingle((address,address,uint24,address,uint256,uint256,uint160))", tuple{tokenIn, tokenOut, fee, to, in, least, 0})
}

const (
	swapTokens = "swapExactTokensForTokens(uint256,uint256,address[],address,uint256)"
	multicall  = "multicall(uint256,bytes[])"
)

// kinds is the distribution: each is drawn equally often.
var kinds = []kind{
	{"transfer", false, func(s *scene) fork.Tx { return s.transfer(s.honest()) }},
	{"transfer with a fee", false, func(s *scene) fork.Tx { return s.transfer(s.at[known.FEE]) }},
	{"transfer of a token that returns nothing", false, func(s *scene) fork.Tx { return s.transfer(s.at[known.USDT]) }},
	{"transfer of an odd token", false, func(s *scene) fork.Tx { return s.transfer(pick(s, s.tokens[5:])) }},
	{"transfer of coins", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		return by(a, paying(fork.Tx{Call: chain.Call{ChainID: known.L1, To: &b.Address}}, big.NewInt(s.Int64N(1e18))))
	}},
	{"transfer of a rebasing token", false, func(s *scene) fork.Tx { return s.transfer(s.odd[contracts.RebasingToken]) }},
	{"rebase", false, func(s *scene) fork.Tx {
		token := s.odd[contracts.RebasingToken]
		supply := s.number(s, token, "totalSupply()")
		return by(pick(s, s.people), to(token, "rebase(uint256)", supply.Div(supply.Mul(supply, big.NewInt(990+s.Int64N(30))), big.NewInt(1_000))))
	}},
	{"erc777", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		token := s.odd[contracts.OperatorToken]
		switch s.IntN(4) {
		case 0:
			return by(a, to(token, "authorizeOperator(address)", b.Address))
		case 1:
			return by(a, to(token, "revokeOperator(address)", b.Address))
		case 2: // the fifth is a default operator
			return by(s.people[5], to(token, "operatorSend(address,address,uint256,bytes,bytes)", a.Address, b.Address, s.part(token, a), []byte("x"), []byte{}))
		}
		return by(a, to(token, "send(address,uint256,bytes)", b.Address, s.part(token, a), []byte("hello")))
	}},
	{"approve", false, func(s *scene) fork.Tx {
		p, token := pick(s, s.people), pick(s, s.tokens)
		for token == s.odd[contracts.LyingToken] || token == s.at[known.USDT] {
			token = pick(s, s.tokens)
		}
		spender := s.spender()
		return by(p, to(token, "approve(address,uint256)", spender, s.sum(token, p, spender)))
	}},
	{"approve of a token that must be reset first", false, func(s *scene) fork.Tx {
		p, token := pick(s, s.people), s.at[known.USDT]
		spender, value := s.spender(), new(big.Int)
		if s.facts[fact{kind: allowance, asset: token, owner: p.Address, other: spender}] == "" || s.IntN(5) == 0 {
			value = s.sum(token, p, spender)
		}
		return by(p, to(token, "approve(address,uint256)", spender, value))
	}},
	{"transferFrom by a third party", false, func(s *scene) fork.Tx {
		var all []fact
		names := accounts(s.people)
		for _, f := range s.asked {
			if f.kind == allowance && s.facts[f] != "" && slices.Contains(names, f.owner) && slices.Contains(names, f.other) && f.owner != f.other {
				all = append(all, f)
			}
		}
		f := pick(s, all)
		value := s.part(f.asset, s.people[slices.Index(names, f.owner)])
		if allowed := new(big.Int).SetBytes([]byte(s.facts[f])); value.Cmp(allowed) > 0 {
			value = allowed.Div(allowed, big.NewInt(2))
		}
		return by(s.people[slices.Index(names, f.other)], to(f.asset, "transferFrom(address,address,uint256)", f.owner, pick(s, names), value))
	}},
	{"spend through a contract", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		token := pick(s, s.tokens[:8])
		return by(b, to(s.odd[contracts.ThirdPartySpender], "spend(address,address,address,uint256)", token, a.Address, b.Address, 1+s.IntN(50_000)))
	}},
	{"permit", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		token := pick(s, []common.Address{s.at[known.USDC], s.at[known.DAI], s.at[known.WBTC], s.at[known.THIN], s.pairs[0], s.pairs[2]})
		spender := s.spender()
		value := s.sum(token, a, spender)
		r, sig, v := s.permitOf(token, a, spender, value, s.deadline())
		return by(b, to(token, "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", a.Address, spender, value, s.deadline(), v, r, sig))
	}},
	{"permit of dai's kind", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		token, spender, allowed := s.odd[contracts.DaiToken], s.spender(), s.IntN(3) > 0
		n := s.nonce(fact{kind: "dai", owner: a.Address}, func() *big.Int { return s.number(s, token, "nonces(address)", a.Address) })
		content := hashOf(typeHash("Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)"), a.Address, spender, n, s.deadline(), allowed)
		r, sig, v := sign(a.key, s.view(s, token, "DOMAIN_SEPARATOR()"), content)
		return by(b, to(token, "permit(address,address,uint256,uint256,bool,uint8,bytes32,bytes32)", a.Address, spender, n, s.deadline(), allowed, v, r, sig))
	}},
	{"permit2 approve", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		token := pick(s, s.tokens[:6])
		expiry := s.now + pick(s, []uint64{600, 86_400, 30 * 86_400})
		return by(a, to(known.Permit2, "approve(address,address,uint160,uint48)", token, b.Address, s.part(token, a), expiry))
	}},
	{"permit2 permit", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		d, hash := s.details(a, pick(s, s.tokens[:6]), b.Address)
		content := hashOf(typeHash(singleType), hash, b.Address, s.deadline())
		signature := packed(sign(a.key, s.view(s, known.Permit2, "DOMAIN_SEPARATOR()"), content))
		return by(b, to(known.Permit2, "permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)",
			a.Address, tuple{d, b.Address, s.deadline()}, signature))
	}},
	{"permit2 permit of many", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		d0, h0 := s.details(a, s.tokens[s.IntN(3)], b.Address)
		d1, h1 := s.details(a, s.tokens[3+s.IntN(3)], b.Address)
		content := hashOf(typeHash(batchType), crypto.Keccak256Hash(h0[:], h1[:]), b.Address, s.deadline())
		signature := packed(sign(a.key, s.view(s, known.Permit2, "DOMAIN_SEPARATOR()"), content))
		return by(pick(s, s.people), to(known.Permit2, "permit(address,((address,uint160,uint48,uint48)[],address,uint256),bytes)",
			a.Address, tuple{list{d0, d1}, b.Address, s.deadline()}, signature))
	}},
	{"permit2 transferFrom", false, func(s *scene) fork.Tx {
		i, token := s.IntN(crowd), pick(s, s.tokens[:4])
		return by(s.people[(i+1)%crowd], to(known.Permit2, "transferFrom(address,address,uint160,address)",
			s.people[i].Address, pick(s, s.people).Address, s.IntN(1_000_000), token))
	}},
	{"permit2 transferFrom of many", false, func(s *scene) fork.Tx {
		i := s.IntN(crowd)
		from, b := s.people[i].Address, s.people[(i+1)%crowd]
		return by(b, to(known.Permit2, "transferFrom((address,address,uint160,address)[])", list{
			tuple{from, b.Address, s.IntN(1_000_000), s.tokens[s.IntN(2)]}, tuple{from, pick(s, s.people).Address, s.IntN(1_000_000), s.tokens[2+s.IntN(2)]},
		}))
	}},
	{"permit2 lockdown", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		i := slices.IndexFunc(s.people, func(p person) bool { return p.Address == a.Address })
		other := s.people[(i+2)%crowd].Address // the next one keeps what it has
		if token := pick(s, s.tokens[:6]); s.IntN(2) == 0 {
			next := s.permitted(a, token, other) + 1 + s.Uint64N(9)
			return by(a, to(known.Permit2, "invalidateNonces(address,address,uint48)", token, other, next))
		}
		return by(a, to(known.Permit2, "lockdown((address,address)[])", list{
			tuple{pick(s, s.tokens[4:6]), b.Address}, tuple{pick(s, s.tokens[:4]), other},
		}))
	}},
	{"wrap", false, func(s *scene) fork.Tx {
		tx := to(s.at[known.WETH], "deposit()")
		if s.IntN(2) == 0 {
			tx.Data = nil
		}
		return by(pick(s, s.people), paying(tx, big.NewInt(s.Int64N(1e18))))
	}},
	{"unwrap", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		return by(p, to(s.at[known.WETH], "withdraw(uint256)", s.part(s.at[known.WETH], p)))
	}},
	{"v2 swap", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		a, b := s.two()
		in, path := s.part(a, p), s.path(a, b)
		return by(p, to(s.at[known.V2Router], swapTokens, in, s.least(in, path), path, p.Address, s.deadline()))
	}},
	{"v2 swap from coins", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		in, path := big.NewInt(s.Int64N(1e17)+1e9), s.path(s.at[known.WETH], pick(s, []common.Address{s.honest(), s.at[known.MOON], s.at[known.THIN]}))
		return by(a, paying(to(s.at[known.V2Router], "swapExactETHForTokens(uint256,address[],address,uint256)",
			s.least(in, path), path, b.Address, s.deadline()), in))
	}},
	{"v2 swap to coins", false, func(s *scene) fork.Tx {
		p, token := pick(s, s.people), s.honest()
		in, path := s.part(token, p), s.path(token, s.at[known.WETH])
		return by(p, to(s.at[known.V2Router], "swapExactTokensForETH(uint256,uint256,address[],address,uint256)",
			in, s.least(in, path), path, p.Address, s.deadline()))
	}},
	{"v2 swap for an exact amount", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		if s.IntN(2) == 0 { // the change comes back
			return by(p, paying(to(s.at[known.V2Router], "swapETHForExactTokens(uint256,address[],address,uint256)",
				1+s.IntN(1_000_000), s.path(s.at[known.WETH], s.honest()), p.Address, s.deadline()), coins(2, 18)))
		}
		a, b := s.two()
		return by(p, to(s.at[known.V2Router], "swapTokensForExactTokens(uint256,uint256,address[],address,uint256)",
			1+s.IntN(100_000), s.part(a, p), s.path(a, b), p.Address, s.deadline()))
	}},
	{"v2 swap of a token with a fee", false, func(s *scene) fork.Tx {
		p, fee := pick(s, s.people), s.at[known.FEE]
		if s.IntN(2) == 0 {
			return by(p, paying(to(s.at[known.V2Router], "swapExactETHForTokensSupportingFeeOnTransferTokens(uint256,address[],address,uint256)",
				0, s.path(s.at[known.WETH], fee), p.Address, s.deadline()), big.NewInt(s.Int64N(1e17)+1e9)))
		}
		return by(p, to(s.at[known.V2Router], "swapExactTokensForETHSupportingFeeOnTransferTokens(uint256,uint256,address[],address,uint256)",
			s.part(fee, p), 0, s.path(fee, s.at[known.WETH]), p.Address, s.deadline()))
	}},
	{"v2 liquidity in", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		if s.IntN(2) == 0 {
			token := s.honest()
			return by(p, paying(to(s.at[known.V2Router], "addLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
				token, s.part(token, p), 0, 0, p.Address, s.deadline()), coins(1, 18)))
		}
		a, b := s.at[known.USDC], s.at[known.DAI]
		return by(p, to(s.at[known.V2Router], "addLiquidity(address,address,uint256,uint256,uint256,uint256,address,uint256)",
			a, b, s.part(a, p), s.part(b, p), 0, 0, p.Address, s.deadline()))
	}},
	{"v2 liquidity out", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		switch s.IntN(3) {
		case 0:
			return by(p, to(s.at[known.V2Router], "removeLiquidityETH(address,uint256,uint256,uint256,address,uint256)",
				s.at[known.USDC], s.part(s.pairs[0], p), 0, 0, p.Address, s.deadline()))
		case 1:
			value := s.part(s.pairs[1], p)
			r, sig, v := s.permitOf(s.pairs[1], p, s.at[known.V2Router], value, s.deadline())
			return by(p, to(s.at[known.V2Router], "removeLiquidityETHWithPermit(address,uint256,uint256,uint256,address,uint256,bool,uint8,bytes32,bytes32)",
				s.at[known.DAI], value, 0, 0, p.Address, s.deadline(), false, v, r, sig))
		}
		return by(p, to(s.at[known.V2Router], "removeLiquidity(address,address,uint256,uint256,uint256,address,uint256)",
			s.at[known.USDC], s.at[known.DAI], s.part(s.pairs[2], p), 0, 0, p.Address, s.deadline()))
	}},
	{"price averages", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		switch s.IntN(3) {
		case 0:
			return by(p, to(pick(s, s.pairs), "sync()"))
		case 1:
			return by(p, to(pick(s, s.pairs), "skim(address)", p.Address))
		}
		return by(p, to(pick(s, s.pools), "increaseObservationCardinalityNext(uint16)", 2+s.fresh("observations")))
	}},
	{"v3 swap", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		in, out, fee := s.pool()
		return by(a, fork.Tx{Call: chain.Call{ChainID: known.L1, To: s.router(), Data: s.exactIn(in, out, fee, b.Address, s.part(in, a), 0)}})
	}},
	{"v3 swap over two pools", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		a, b := s.two()
		return by(p, to(*s.router(), "exactInput((bytes,address,uint256,uint256))", tuple{s.overV3(a, b), p.Address, s.part(a, p), 0}))
	}},
	{"v3 swap for an exact amount", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		in, out, fee := s.pool()
		return by(p, to(*s.router(), "exactOutputSingle((address,address,uint24,address,uint256,uint256,uint160))",
			tuple{in, out, fee, p.Address, 1 + s.IntN(1_000), s.part(in, p), 0}))
	}},
	{"v3 swap to coins in a multicall", false, func(s *scene) fork.Tx {
		p, token := pick(s, s.people), s.honest()
		self := common.BigToAddress(common.Big2) // the router's word for itself
		return by(p, to(*s.router(), multicall, s.deadline(), list{
			s.exactIn(token, s.at[known.WETH], s.feeOf(token), self, s.part(token, p), 0),
			input("unwrapWETH9(uint256,address)", 0, p.Address),
		}))
	}},
	{"v3 swap from coins in a multicall", false, func(s *scene) fork.Tx {
		p, token := pick(s, s.people), s.honest()
		in := big.NewInt(s.Int64N(1e17) + 1e9)
		return by(p, paying(to(*s.router(), multicall, s.deadline(), list{
			s.exactIn(s.at[known.WETH], token, s.feeOf(token), p.Address, in, 0), input("refundETH()"),
		}), new(big.Int).Add(in, big.NewInt(s.Int64N(1e15)))))
	}},
	{"v3 swap with its own permit", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		token := s.at[pick(s, []known.Contract{known.USDC, known.DAI, known.WBTC})]
		in, value := s.part(token, p), much
		if s.IntN(3) == 0 {
			value = in // and nothing is left of it
		}
		r, sig, v := s.permitOf(token, p, *s.router(), value, s.deadline())
		return by(p, to(*s.router(), multicall, s.deadline(), list{
			input("selfPermit(address,uint256,uint256,uint8,bytes32,bytes32)", token, value, s.deadline(), v, r, sig),
			s.exactIn(token, s.at[known.WETH], s.feeOf(token), p.Address, in, 0),
		}))
	}},
	{"swap over v2 and v3 in a multicall", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		a, b := s.two()
		in, out, fee := s.pool()
		return by(p, to(*s.router(), multicall, s.deadline(), list{
			input("swapExactTokensForTokens(uint256,uint256,address[],address)", s.part(a, p), 0, s.path(a, b), p.Address),
			s.exactIn(in, out, fee, p.Address, s.part(in, p), 0),
		}))
	}},
	{"new position", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		return by(p, s.position(p, pick(s, v3Pools), 1+s.Int64N(1_000)))
	}},
	{"more liquidity", false, func(s *scene) fork.Tx {
		id, p, t0, t1, _ := s.stake()
		return by(p, to(s.at[known.PositionManager], "increaseLiquidity((uint256,uint256,uint256,uint256,uint256,uint256))",
			tuple{id, s.part(t0, p), s.part(t1, p), 0, 0, s.deadline()}))
	}},
	{"less liquidity", false, func(s *scene) fork.Tx {
		id, p, _, _, liquidity := s.stake()
		calls := list{
			input("decreaseLiquidity((uint256,uint128,uint256,uint256,uint256))", tuple{id, new(big.Int).Div(liquidity, big.NewInt(2)), 0, 0, s.deadline()}),
			input("collect((uint256,address,uint128,uint128))", tuple{id, pick(s, s.people).Address, much, much}),
		}
		if s.IntN(4) == 0 && !s.sold[id] {
			s.sold[id] = true
			calls[0] = input("decreaseLiquidity((uint256,uint128,uint256,uint256,uint256))", tuple{id, liquidity, 0, 0, s.deadline()})
			calls = append(calls, input("burn(uint256)", id))
		}
		return by(p, to(s.at[known.PositionManager], "multicall(bytes[])", calls))
	}},
	{"hand on a position", false, func(s *scene) fork.Tx {
		id, p, _, _, _ := s.stake()
		manager, other := s.at[known.PositionManager], pick(s, s.people).Address
		switch s.IntN(5) {
		case 0:
			return by(p, to(manager, "approve(address,uint256)", other, id))
		case 1:
			return by(p, to(manager, "setApprovalForAll(address,bool)", other, s.IntN(2) == 0))
		case 2:
			s.sold[id] = true
			return by(p, to(manager, "safeTransferFrom(address,address,uint256)", p.Address, other, id))
		case 3:
			n := new(big.Int).SetBytes(s.view(s, manager, "positions(uint256)", id)[:32])
			content := hashOf(typeHash("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)"), other, id, n, s.deadline())
			r, sig, v := sign(p.key, s.view(s, manager, "DOMAIN_SEPARATOR()"), content)
			s.sold[id] = true // its nonce is used
			return by(pick(s, s.people), to(manager, "permit(address,uint256,uint256,uint8,bytes32,bytes32)", other, id, s.deadline(), v, r, sig))
		}
		s.sold[id] = true
		return by(p, to(manager, "transferFrom(address,address,uint256)", p.Address, other, id))
	}},
	{"erc721", false, func(s *scene) fork.Tx {
		asset, other := s.odd[contracts.Collectible], pick(s, s.people).Address
		id, p, _ := s.owned(asset)
		switch s.IntN(4) {
		case 0:
			return by(p, to(asset, "mint(address,uint256)", other, 4*crowd+s.fresh("item")))
		case 1:
			return by(p, to(asset, "approve(address,uint256)", other, id))
		case 2:
			return by(p, to(asset, "setApprovalForAll(address,bool)", other, s.IntN(2) == 0))
		}
		s.sold[id] = true
		return by(p, to(asset, "transferFrom(address,address,uint256)", p.Address, other, id))
	}},
	{"erc1155", false, func(s *scene) fork.Tx {
		asset := s.odd[contracts.Collection]
		a, b := s.pair()
		switch s.IntN(4) {
		case 0:
			return by(a, to(asset, "mint(address,uint256,uint256)", b.Address, 1+s.IntN(4), s.IntN(1_000)))
		case 1:
			return by(a, to(asset, "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
				a.Address, b.Address, list{1, 2}, list{s.IntN(9), s.IntN(9)}, []byte{}))
		case 2:
			return by(a, to(asset, "setApprovalForAll(address,bool)", b.Address, s.IntN(2) == 0))
		}
		return by(a, to(asset, "safeTransferFrom(address,address,uint256,uint256,bytes)", a.Address, b.Address, 1+s.IntN(2), s.IntN(100), []byte{}))
	}},
	{"multicall3", false, func(s *scene) fork.Tx {
		a, b := s.pair()
		weth, token := s.at[known.WETH], pick(s, s.tokens[:8])
		if s.IntN(2) == 0 {
			value := big.NewInt(1 + s.Int64N(1e15))
			return by(a, paying(to(known.Multicall3, "aggregate3Value((address,bool,uint256,bytes)[])", list{
				tuple{weth, false, value, input("deposit()")}, tuple{weth, false, 0, input("transfer(address,uint256)", b.Address, value)},
			}), value))
		}
		return by(a, to(known.Multicall3, "aggregate3((address,bool,bytes)[])", list{
			tuple{token, false, input("balanceOf(address)", b.Address)},
			tuple{token, true, input("transferFrom(address,address,uint256)", a.Address, b.Address, s.IntN(50_000))},
		}))
	}},
	{"approve and pull in a multicall", false, func(s *scene) fork.Tx {
		p, spender := pick(s, s.people), pick(s, s.people).Address
		token := pick(s, []common.Address{s.at[known.WETH], s.at[known.USDC], s.at[known.DAI], s.odd[contracts.CountingToken]})
		return by(p, to(s.odd[contracts.ApprovingMulticall], "multicall(bytes[])", list{
			input("pull(address,uint256)", token, s.part(token, p)), input("approveToken(address,address,uint256)", token, spender, s.IntN(1_000_000)),
		}))
	}},
	{"creation", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		switch s.IntN(3) {
		case 0:
			return by(p, create(slices.Concat(contracts.Load(contracts.Token).Creation, encode([]any{"New", "NEW", 18, p.Address}))))
		case 1:
			return by(p, create(slices.Concat(contracts.Load(contracts.ApprovingConstructor).Creation, encode([]any{s.at[known.USDC], p.Address, 1_000}))))
		}
		return by(p, create(common.FromHex("0x425f52436020524860405246606052"+"3a60805260a05ff3"))) // time, number, base fee, chain, gas price
	}},
	{"creation by a factory", false, func(s *scene) fork.Tx {
		n := s.fresh("pair")
		a, b := common.BigToAddress(new(big.Int).SetUint64(1<<40+2*n)), common.BigToAddress(new(big.Int).SetUint64(1<<40+2*n+1))
		if s.IntN(2) == 0 {
			return by(pick(s, s.people), to(s.at[known.V2Factory], "createPair(address,address)", a, b))
		}
		return by(pick(s, s.people), to(s.at[known.V3Factory], "createPool(address,address,uint24)", a, b, 500))
	}},
	{"failure that is caught", false, func(s *scene) fork.Tx {
		inner := input("transferFrom(address,address,uint256)", s.people[0].Address, s.people[1].Address, much)
		return by(pick(s, s.people), to(s.odd[contracts.FailingRouter], "swallow(address,bytes)", pick(s, s.tokens), inner))
	}},
	{"slippage", true, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		if s.IntN(2) == 0 {
			in, out, fee := s.pool()
			return by(p, fork.Tx{Call: chain.Call{ChainID: known.L1, To: s.router(), Data: s.exactIn(in, out, fee, p.Address, s.part(in, p), much)}})
		}
		a, b := s.two()
		return by(p, to(s.at[known.V2Router], swapTokens, s.part(a, p), much, s.path(a, b), p.Address, s.deadline()))
	}},
	{"deadline that has passed", true, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		a, b := s.two()
		switch s.IntN(3) {
		case 0:
			return by(p, to(s.at[known.V2Router], swapTokens, s.part(a, p), 0, s.path(a, b), p.Address, s.now-1))
		case 1:
			return by(p, to(*s.router(), multicall, s.now-1, list{input("refundETH()")}))
		}
		return by(p, to(a, "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)", p.Address, p.Address, 1, s.now-1, 27, common.Hash{}, common.Hash{}))
	}},
	{"deadline that is near", false, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		a, b := s.two()
		left := s.Uint64N(60)
		s.ends = left < 30
		return by(p, to(s.at[known.V2Router], swapTokens, s.part(a, p), 0, s.path(a, b), p.Address, s.now+left))
	}},
	{"too little allowance", true, func(s *scene) fork.Tx {
		a, b := s.pair()
		token := pick(s, s.tokens)
		return by(b, to(token, "transferFrom(address,address,uint256)", a.Address, b.Address, new(big.Int).Sub(endless, common.Big1)))
	}},
	{"too little balance", true, func(s *scene) fork.Tx {
		a, b := s.pair()
		return by(a, to(pick(s, s.tokens), "transfer(address,uint256)", b.Address, much))
	}},
	{"an error of a contract's own", true, func(s *scene) fork.Tx {
		failing := s.odd[contracts.Failing]
		inner := pick(s, [][]byte{
			input("known(address,uint256,uint256)", s.people[0].Address, 1, 2), input("panic(uint256)", 0x11), input("empty()"),
			input("words(string)", "no"), input("unknown(uint256,string,address[])", 7, "a", list{s.people[1].Address}),
			input("raw(bytes)", []byte{1, 2, 3}),
		})
		if s.IntN(2) == 0 {
			return by(pick(s, s.people), to(s.odd[contracts.FailingRouter], pick(s, []string{"bubble(address,bytes)", "wrap(address,bytes)"}), failing, inner))
		}
		return by(pick(s, s.people), fork.Tx{Call: chain.Call{ChainID: known.L1, To: &failing, Data: inner}})
	}},
	{"too little gas", true, func(s *scene) fork.Tx {
		p := pick(s, s.people)
		if s.IntN(2) == 0 {
			tx := by(p, to(s.odd[contracts.Failing], "invalid()"))
			tx.Gas = 100_000
			return tx
		}
		a, b := s.two()
		tx := by(p, to(s.at[known.V2Router], swapTokens, s.part(a, p), 0, s.path(a, b), p.Address, s.deadline()))
		tx.Gas = 45_000 + s.Uint64N(40_000)
		return tx
	}},
	{"a token that can't be sold", true, func(s *scene) fork.Tx {
		p, moon := pick(s, s.people), s.at[known.MOON]
		return by(p, to(s.at[known.V2Router], swapTokens, s.part(moon, p), 0, s.path(moon, s.at[known.WETH]), p.Address, s.deadline()))
	}},
}

func (s *scene) router() *common.Address {
	a := s.at[known.V3Router]
	return &a
}
