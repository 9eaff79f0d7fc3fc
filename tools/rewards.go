package tools

import (
	"context"
	"fmt"
	"math/big"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/tree"
)

// Claims knows what accounts may have been paid in all, with the proofs. Who wrote it down is not known: a tool believes a claim only
// where its proof leads to the root on chain.
type Claims interface {
	// Claim finds an account's claim. It is refusal.NoClaims where none are there at all, and refusal.NothingToClaim where they
	// have none of the account.
	Claim(ctx context.Context, n chain.Network, account common.Address) (tree.Proof, error)
}

// NoClaims has none: the rewards are looked up without their claims.
type NoClaims struct{}

// Claim is always refusal.NoClaims.
func (NoClaims) Claim(_ context.Context, n chain.Network, _ common.Address) (tree.Proof, error) {
	return tree.Proof{}, refusal.New(refusal.NoClaims, "the claims of %s are not here", n.Name)
}

// The contracts' own encodings.
var (
	distributors = sync.OnceValue(bindings.NewDistributor)
	stakings     = sync.OnceValue(bindings.NewStakes)
	governances  = sync.OnceValue(bindings.NewGovernance)
)

// plainStake is the subject of a stake that is nobody's bond and in no subnet.
var plainStake [32]byte

// payer is what the rewards are paid by on one network.
type payer struct {
	Env
	distributor, stakes, governance common.Address
	key                             chain.Token
}

// payer finds the contracts and the token. The token is the one that the distributor pays, as the registry lists it.
func (e Env) payer(ctx context.Context) (payer, error) {
	c := e.Network.Contracts
	p := payer{Env: e, distributor: c.Distributor, stakes: c.Stakes, governance: c.Governance}
	if c.Distributor == (common.Address{}) || c.Stakes == (common.Address{}) || c.Governance == (common.Address{}) {
		return p, refusal.New(refusal.NoRewards, "%s has no rewards in the config", e.Network.Name)
	}
	at, err := look(ctx, e, c.Distributor, distributors().PackKey(), distributors().UnpackKey, "token of the rewards")
	if err != nil {
		return p, err
	}
	listed, ok := e.Tokens.Address(e.Network.ChainID, at)
	if !ok {
		return p, refusal.New(refusal.UnknownToken, "no list of yours has %s, which the rewards of %s are paid in", at, e.Network.Name).
			WithHint("add it to the tokens of your config, with its symbol and decimals")
	}
	p.key = listed.Token
	return p, e.decimalsHold(ctx, p.key)
}

// pays refuses another token than the one of the rewards.
func (p payer) pays(in intents.Intent) error {
	if in.TokenIn == nil || in.TokenIn.V.Same(p.key) {
		return nil
	}
	return refusal.New(refusal.NotUnderstood, "the rewards are paid in %s, and not in %s", p.key.Symbol, in.TokenIn.V.Symbol).WithHint("name %s, or no token", p.key.Symbol)
}

// look asks a contract for one value.
func look[T any](ctx context.Context, e Env, at common.Address, data []byte, unpack func([]byte) (T, error), what string) (T, error) {
	var none T
	ret, err := e.State.CallContract(ctx, e.call(at, uint256.Int{}, data))
	if err != nil {
		return none, unread(err, what)
	}
	v, err := unpack(ret)
	if err != nil {
		return none, unread(err, what)
	}
	return v, nil
}

// lookUint is look for an amount or a sum.
func lookUint(ctx context.Context, e Env, at common.Address, data []byte, what string) (uint256.Int, error) {
	return look(ctx, e, at, data, chain.UnpackUint, what)
}

// earnings is what the accepted root says of an account.
type earnings struct {
	proof           tree.Proof
	settled         bool   // a root was accepted
	epoch           uint64 // that it is of
	earned, claimed chain.Amount
}

// earnings finds the account's claim and holds it against the root. Without an accepted root nobody has earned anything yet.
func (p payer) earnings(ctx context.Context, claims Claims) (e earnings, err error) {
	root, err := look(ctx, p.Env, p.distributor, distributors().PackRoot(), distributors().UnpackRoot, "accepted root")
	if err != nil {
		return e, err
	}
	raw, err := lookUint(ctx, p.Env, p.distributor, distributors().PackClaimed(p.Account), "sum of what was claimed")
	if err != nil {
		return e, err
	}
	e.claimed, e.earned = chain.NewAmount(&raw, p.key), chain.Amount{Token: p.key}
	if root == (common.Hash{}) {
		return e, refusal.New(refusal.NothingToClaim, "no epoch of %s has been settled yet", p.Network.Name)
	}
	next, err := look(ctx, p.Env, p.distributor, distributors().PackNextEpoch(), distributors().UnpackNextEpoch, "settled epoch")
	if err != nil {
		return e, err
	}
	e.settled, e.epoch = true, max(next, 1)-1
	e.proof, err = claims.Claim(ctx, p.Network, p.Account)
	if refusal.Is(err, refusal.NothingToClaim) && !e.claimed.IsZero() {
		err = refusal.New(refusal.StaleClaims, "the claims that are here have none of %s, which has been paid %s before", p.Account, e.claimed)
	}
	if err != nil {
		return e, err
	}
	if e.proof.Account != p.Account || !e.proof.Verify(tree.Standard, root) {
		return e, refusal.New(refusal.StaleClaims, "the claims that are here are not those of epoch %d of %s, which was accepted last", e.epoch, p.Network.Name)
	}
	e.earned = chain.NewAmount(&e.proof.Amount, p.key)
	return e, nil
}

// due is what is left to be claimed.
func (e earnings) due() chain.Amount {
	due, err := e.earned.Sub(e.claimed)
	if err != nil { // claimed more than the root says: nothing is left
		return chain.Amount{Token: e.earned.Token}
	}
	return due
}

// position is what an account has staked, and until when all of it is locked.
type position struct {
	amount chain.Amount
	until  uint64 // unix seconds; what is not after now is no lock
}

func (p payer) position(ctx context.Context) (position, error) {
	got, err := look(ctx, p.Env, p.stakes, stakings().PackPosition(p.Account, plainStake), stakings().UnpackPosition, "stake")
	if err != nil {
		return position{}, err
	}
	raw, over := uint256.FromBig(got.Amount)
	if over {
		return position{}, refusal.New(refusal.NoSimulation, "the stake can't be read")
	}
	return position{chain.NewAmount(raw, p.key), got.Until}, nil
}

func (p payer) locked(at position) bool { return at.until > p.State.Time() }

// power is an account's votes at a second, and those of all, in wei * seconds.
func (p payer) power(ctx context.Context, at uint64) (own, all uint256.Int, err error) {
	if own, err = lookUint(ctx, p.Env, p.stakes, stakings().PackPowerAt(p.Account, at), "voting power"); err != nil {
		return own, all, err
	}
	all, err = lookUint(ctx, p.Env, p.stakes, stakings().PackTotalPowerAt(at), "voting power of all")
	return own, all, err
}

const secondsPerYear = 365 * 86_400

// votes says a power in words: 27.3 KEY for a year, 12.5 % of all.
func (p payer) votes(own, all uint256.Int) string {
	if own.IsZero() {
		return "none"
	}
	years := new(uint256.Int).Div(&own, uint256.NewInt(secondsPerYear))
	said := atLeast(chain.NewAmount(years, p.key)) + " for a year"
	if share, over := new(uint256.Int).MulDivOverflow(&own, uint256.NewInt(10_000), &all); !over && !all.IsZero() {
		said += fmt.Sprintf(", %s of all", percent(share.Uint64()))
	}
	return said
}

// date is a time in UTC, to the minute.
func date(unix uint64) string {
	if unix > maxDate {
		return "never"
	}
	return time.Unix(int64(unix), 0).UTC().Format("2006-01-02 15:04 UTC")
}

// maxDate is the last second of the year 9999.
const maxDate = 253_402_300_799

func bigOf(n uint64) *big.Int { return new(big.Int).SetUint64(n) }
