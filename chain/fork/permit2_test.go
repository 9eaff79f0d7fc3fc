package fork

import (
	"math/big"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/contracts"
)

var realPermit2 = common.HexToAddress("0x000000000022D473030F116dDEE9F6B43aC78BA3")

// permits is a stage with the Permit2 that is in use, and a token that alice lets it move without limit.
type permits struct {
	*stage
	abi  abi.ABI
	gold common.Address
}

func newPermits(t *testing.T) *permits {
	t.Helper()
	set, err := artifacts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	artifact := set.Artifact(artifacts.Permit2)
	parsed, err := artifact.Interface()
	if err != nil {
		t.Fatal(err)
	}
	p := &permits{newStage(t, types.GenesisAlloc{realPermit2: {Code: artifact.Runtime, Balance: new(big.Int), Nonce: 1}}), parsed, common.Address{}}
	p.gold = p.token(contracts.Token)
	p.did(p.stage.call(alice, p.gold, contracts.Token, "approve", realPermit2, most.ToBig()))
	return p
}

// to is a call of one of Permit2's functions, some of which have the same name.
func (p *permits) to(from common.Address, signature string, args ...any) Tx {
	p.Helper()
	for _, m := range p.abi.Methods {
		if m.Sig == signature {
			packed, err := m.Inputs.Pack(args...)
			if err != nil {
				p.Fatal(err)
			}
			return callTo(from, realPermit2, append(slices.Clone(m.ID), packed...))
		}
	}
	p.Fatalf("Permit2 has no %s", signature)
	return Tx{}
}

func (p *permits) signed(by common.Address, message common.Hash) []byte {
	p.Helper()
	v, r, sig := p.sign(by, p.word(realPermit2, pack(selector("DOMAIN_SEPARATOR()"))), message)
	return append(append(r[:], sig[:]...), v)
}

func (p *permits) approve(amount, expires int64) Tx {
	return p.to(alice, "approve(address,address,uint160,uint48)", p.gold, bob, big.NewInt(amount), big.NewInt(expires))
}

func TestPermit2AllowancesHaveAnEnd(t *testing.T) {
	p := newPermits(t)
	const soon, late = 1 << 33, 1 << 34
	allowed := func(before, after, endBefore, endAfter uint64) AllowanceChange {
		return AllowanceChange{
			Owner: alice, Spender: bob, Asset: p.gold, Via: realPermit2, Before: num(before), After: num(after),
			ExpiresBefore: endBefore, ExpiresAfter: endAfter,
		}
	}
	e := p.try(p.approve(90, soon))
	want(t, e.Allowances, allowed(0, 90, 0, soon))
	e = p.try(p.approve(90, late))
	want(t, e.Allowances, allowed(90, 90, soon, late))
	if e := p.simulated(p.approve(90, late)); len(e.Allowances) != 0 {
		t.Fatal("nothing changes, and something is told")
	}
	e = p.try(p.to(bob, "transferFrom(address,address,uint160,address)", alice, carol, big.NewInt(40), p.gold))
	want(t, e.Allowances, allowed(90, 50, late, late)) // Permit2's own allowance has no limit, so it is not used up
	wantBalance(t, e, carol, ERC20, p.gold, 0, 40)

	type transfer struct {
		From, To common.Address
		Amount   *big.Int
		Token    common.Address
	}
	e = p.try(p.to(bob, "transferFrom((address,address,uint160,address)[])", []transfer{{alice, carol, big.NewInt(1), p.gold}, {alice, bob, big.NewInt(2), p.gold}}))
	want(t, e.Allowances, allowed(50, 47, late, late))

	type pair struct{ Token, Spender common.Address }
	e = p.try(p.to(alice, "lockdown((address,address)[])", []pair{{p.gold, bob}}))
	want(t, e.Allowances, allowed(47, 0, late, 0))
	if e := p.simulated(p.approve(90, 1)); len(e.Allowances) != 0 {
		t.Fatalf("what has expired is an allowance: %s", asJSON(t, e.Allowances))
	}
}

func TestPermit2SignaturesAreAllowancesOrLeaveNone(t *testing.T) {
	p := newPermits(t)
	const end = 1 << 33
	type details struct {
		Token                     common.Address
		Amount, Expiration, Nonce *big.Int
	}
	type single struct {
		Details     details
		Spender     common.Address
		SigDeadline *big.Int
	}
	const detailsType = "PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)"
	inner := keccakOf(crypto.Keccak256([]byte(detailsType)), p.gold[:], wei(90), wei(end), nil)
	message := keccakOf(crypto.Keccak256([]byte("PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)"+detailsType)), inner[:], bob[:], distant.Bytes())
	permit := single{details{p.gold, big.NewInt(90), big.NewInt(end), new(big.Int)}, bob, distant}
	e := p.try(p.to(bob, "permit(address,((address,uint160,uint48,uint48),address,uint256),bytes)", alice, permit, p.signed(alice, message)))
	want(t, e.Allowances, AllowanceChange{Owner: alice, Spender: bob, Asset: p.gold, Via: realPermit2, After: num(90), ExpiresAfter: end})

	const permissionsType = "TokenPermissions(address token,uint256 amount)"
	inner = keccakOf(crypto.Keccak256([]byte(permissionsType)), p.gold[:], wei(500))
	message = keccakOf(crypto.Keccak256([]byte("PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)"+permissionsType)),
		inner[:], bob[:], nil, distant.Bytes())
	// Its ABI is of the allowances alone, so this is put together by hand.
	signature := p.signed(alice, message)
	data := pack(selector("permitTransferFrom(((address,uint256),uint256,uint256),(address,uint256),address,bytes)"),
		p.gold[:], wei(500), nil, distant.Bytes(), carol[:], wei(300), alice[:], wei(8*wordLength), wei(uint64(len(signature))))
	e = p.try(callTo(bob, realPermit2, append(data, common.RightPadBytes(signature, 3*wordLength)...)))
	want(t, e.Allowances)
	wantBalance(t, e, carol, ERC20, p.gold, 0, 300)
	wantBalance(t, e, alice, ERC20, p.gold, 1_000_000, 999_700)
}

// An allowance that ends soon has its end told. That it has ended half a minute later is no finding, whatever else differs by then.
func TestThatAnAllowanceEndsAsToldIsNoFinding(t *testing.T) {
	p := newPermits(t)
	f := newFork(t, p)
	now := int64(f.Time())
	swap := callTo(alice, pool, wordOf(1000).Bytes()) // of which each pass makes another amount of gas and another slot
	for name, c := range map[string]struct{ before, of Tx }{
		"given for a block":       {of: p.approve(90, 0)},
		"given for a while":       {of: p.approve(90, now+20)},
		"given again":             {p.approve(90, now+20), p.approve(30, now+1000)},
		"given again, for longer": {p.approve(90, now+20), p.approve(90, now+1000)},
		"made to end":             {p.approve(90, now+1000), p.approve(90, now+20)},
		"taken back":              {p.approve(90, now+20), p.approve(0, now+20)},
	} {
		for _, txs := range [][]Tx{{c.of}, {c.of, swap}} {
			f := newFork(t, p)
			if c.before.To != nil {
				if _, err := f.Apply(t.Context(), []Tx{c.before}); err != nil {
					t.Fatal(err)
				}
			}
			e := simulate(t, f, txs...)
			ok(t, e)
			if len(e.Findings) > 0 || len(e.Allowances) == 0 {
				t.Errorf("%s: %s", name, asJSON(t, e))
			}
		}
	}
	f = newFork(t, p)
	if _, err := f.Apply(t.Context(), []Tx{p.approve(90, now+20)}); err != nil {
		t.Fatal(err)
	}
	e := simulate(t, f, p.to(bob, "transferFrom(address,address,uint160,address)", alice, carol, big.NewInt(40), p.gold))
	if len(names(e)) != 1 || names(e)[0] != ChangesWithTime {
		t.Errorf("that what needs the allowance fails half a minute later is not found: %s", asJSON(t, e))
	}
}
