package history

import (
	"context"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	pricesATrip  = 64
	word         = 32
	mostDecimals = 77 // 10^78 has more than 256 bits, so no token can hold one whole
)

// A pool's own functions. The last one is of pools that look like V2's and price along another curve (Solidly and its kin).
var (
	token0      = selector("token0()")
	token1      = selector("token1()")
	getReserves = selector("getReserves()")
	slot0       = selector("slot0()")
	stable      = selector("stable()")
)

func selector(signature string) []byte { return crypto.Keccak256([]byte(signature))[:4] }

// pool is how a pool is asked.
type pool struct {
	address common.Address
	venue   Venue
	tokens  [2]Token
	inverse bool // the price is that of token 1
}

// view is a call without arguments, and its answer: nil where the contract has no such function, or is not there.
type view struct {
	to   common.Address
	data []byte
	out  []byte
}

// ask makes the calls after a block. What a contract turns down has no answer; what the endpoint turns down is a refusal.
func ask(ctx context.Context, r Reader, views []view, blocks ...uint64) error {
	answers := make([]hexutil.Bytes, len(views))
	elems := make([]rpc.BatchElem, len(views))
	for i, v := range views {
		msg := map[string]any{"to": v.to, "input": hexutil.Bytes(v.data)}
		elems[i] = rpc.BatchElem{Method: "eth_call", Args: []any{msg, hexutil.Uint64(blocks[min(i, len(blocks)-1)])}, Result: &answers[i]}
	}
	if err := r.Batch(ctx, elems); err != nil {
		return err
	}
	for i := range views {
		block := blocks[min(i, len(blocks)-1)]
		var reverted *chain.RevertError
		var said rpc.Error
		switch err := chain.AsRevert(elems[i].Error); {
		case err == nil:
			views[i].out = answers[i]
		case errors.As(err, &reverted):
		case errors.As(err, &said):
			return refusal.New(refusal.StatePruned, "the endpoint does not give the state of block %d", block).Because(err)
		default:
			return refusal.New(refusal.RPCDown, "the endpoint answers nonsense to eth_call at block %d", block).Because(err)
		}
	}
	return nil
}

// identify finds out what kind of pool it is at the last block, and what its tokens are.
func identify(ctx context.Context, r Reader, o Order) (*pool, error) {
	views := []view{{o.Pool, token0, nil}, {o.Pool, token1, nil}, {o.Pool, getReserves, nil}, {o.Pool, slot0, nil}, {o.Pool, stable, nil}}
	if err := ask(ctx, r, views, o.To); err != nil {
		return nil, err
	}
	p := &pool{address: o.Pool}
	for i := range p.tokens {
		a := number(views[i].out, 0)
		if a == nil || a.Sign() == 0 || a.BitLen() > 8*common.AddressLength {
			return nil, refusal.New(refusal.NoPool, "%s has no two tokens, so it is no pool", o.Pool)
		}
		p.tokens[i].Address = common.BigToAddress(a)
	}
	reserves, slot := len(views[2].out) == 3*word, len(views[3].out) == 7*word
	switch curve := number(views[4].out, 0); {
	case curve != nil && curve.Sign() != 0:
		return nil, refusal.New(refusal.NoPool, "%s prices along a stable curve, so its reserves are no price", o.Pool)
	case reserves == slot:
		return nil, refusal.New(refusal.NoPool, "%s answers neither as a pool of Uniswap V2 nor as one of V3", o.Pool)
	case reserves:
		p.venue = V2
	default:
		p.venue = V3
	}
	switch o.Of {
	case common.Address{}, p.tokens[0].Address:
	case p.tokens[1].Address:
		p.inverse = true
	default:
		return nil, refusal.New(refusal.NoPool, "%s is a pool of %s and %s, not of %s", o.Pool, p.tokens[0].Address, p.tokens[1].Address, o.Of)
	}
	return p, p.readDecimals(ctx, r, o.To)
}

func (p *pool) readDecimals(ctx context.Context, r Reader, block uint64) error {
	views := []view{{p.tokens[0].Address, chain.PackDecimals(), nil}, {p.tokens[1].Address, chain.PackDecimals(), nil}}
	if err := ask(ctx, r, views, block); err != nil {
		return err
	}
	for i, v := range views {
		d := number(v.out, 0)
		if d == nil || !d.IsUint64() || d.Uint64() > mostDecimals {
			return refusal.New(refusal.NoPool, "the pool's token %s does not tell its decimals", p.tokens[i].Address)
		}
		p.tokens[i].Decimals = uint8(d.Uint64())
	}
	return nil
}

// prices reads the price after each block.
func (p *pool) prices(ctx context.Context, r Reader, times, blocks []uint64) ([]Point, error) {
	function := getReserves
	if p.venue == V3 {
		function = slot0
	}
	views := make([]view, len(blocks))
	for i := range views {
		views[i] = view{p.address, function, nil}
	}
	if err := ask(ctx, r, views, blocks...); err != nil {
		return nil, err
	}
	points := make([]Point, len(blocks))
	for i, v := range views {
		price, why := p.price(v.out)
		if price == nil {
			return nil, refusal.New(refusal.SeriesGap, "there is no price on %s: after block %d the pool %s", clock(times[i]), blocks[i], why).
				WithHint("begin at a later block with --from; no price is filled in")
		}
		points[i] = Point{times[i], blocks[i], price}
	}
	return points, nil
}

// price reads the contract's answer, or says what is the matter with the pool.
func (p *pool) price(out []byte) (price *big.Rat, why string) {
	if len(out) == 0 {
		return nil, "is not there yet"
	}
	if p.venue == V2 {
		price, why = ratioV2(out)
	} else {
		price, why = ratioV3(out)
	}
	if price == nil {
		return nil, why
	}
	price.Mul(price, power10(int(p.tokens[0].Decimals)-int(p.tokens[1].Decimals)))
	if p.inverse {
		price.Inv(price)
	}
	return price, ""
}

// ratioV2 is the second reserve for the first, of 112 bits each.
func ratioV2(out []byte) (*big.Rat, string) {
	r0, r1 := number(out, 0), number(out, 1)
	switch {
	case r0 == nil || r1 == nil || r0.BitLen() > 112 || r1.BitLen() > 112:
		return nil, "answers what no pool of Uniswap V2 does"
	case r0.Sign() == 0 || r1.Sign() == 0:
		return nil, "is empty"
	}
	return new(big.Rat).SetFrac(r1, r0), ""
}

// ratioV3 is the square of a root of 160 bits, 96 of them after the point.
func ratioV3(out []byte) (*big.Rat, string) {
	root := number(out, 0)
	switch {
	case root == nil || root.BitLen() > 160:
		return nil, "answers what no pool of Uniswap V3 does"
	case root.Sign() == 0:
		return nil, "has no price yet"
	}
	return new(big.Rat).SetFrac(new(big.Int).Mul(root, root), new(big.Int).Lsh(big.NewInt(1), 192)), ""
}

// power10 is 10^n, for any sign of n.
func power10(n int) *big.Rat {
	size := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(n, -n))), nil)
	p := new(big.Rat).SetInt(size)
	if n < 0 {
		return p.Inv(p)
	}
	return p
}

// number is a word of an answer, or nil where the answer has no such word.
func number(out []byte, i int) *big.Int {
	if len(out) < (i+1)*word {
		return nil
	}
	return new(big.Int).SetBytes(out[i*word : (i+1)*word])
}
