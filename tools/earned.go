package tools

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Earnings is what the rewards owe an account, and what it has staked.
type Earnings struct {
	Known       bool          `json:"known"`              // the claims of the accepted root are here, so that Earned is known
	Settled     bool          `json:"settled"`            // a root was accepted
	Epoch       uint64        `json:"epoch"`              // the last one that it pays for
	Earned      chain.Amount  `json:"earned"`             // in all
	Claimed     chain.Amount  `json:"claimed"`            // of it
	Claimable   chain.Amount  `json:"claimable"`          // now
	Staked      chain.Amount  `json:"staked"`             // locked or not
	LockedUntil uint64        `json:"locked_until"`       // unix seconds; 0: no lock
	Power       uint256.Int   `json:"power"`              // wei * seconds, now
	AllPower    uint256.Int   `json:"all_power"`          // of all accounts
	Proposed    *ProposedRoot `json:"proposed,omitempty"` // the newest root that is not accepted yet
}

// ProposedRoot is a root that may be accepted. Times are unix seconds.
type ProposedRoot struct {
	Epoch          uint64 `json:"epoch"`
	Challenged     bool   `json:"challenged"`
	ChallengeUntil uint64 `json:"challenge_until"`
	AcceptFrom     uint64 `json:"accept_from"`
}

func newEarned(claims Claims) Tool {
	return NewReader(own(intents.Earned, "Show what the rewards owe the account, its lock and its votes."),
		func(ctx context.Context, env Env, in intents.Intent) (Result, error) {
			return earned(ctx, env, in, claims)
		})
}

func earned(ctx context.Context, env Env, in intents.Intent, claims Claims) (Result, error) {
	if env.Account == (common.Address{}) {
		return Result{}, noAccount()
	}
	p, err := env.payer(ctx)
	if err != nil {
		return Result{}, err
	}
	if err := p.pays(in); err != nil {
		return Result{}, err
	}
	e, err := p.earnings(ctx, claims)
	unknown := refusal.Is(err, refusal.NoClaims)
	if err != nil && !unknown && !refusal.Is(err, refusal.NothingToClaim) {
		return Result{}, err
	}
	got := Earnings{Known: !unknown, Settled: e.settled, Epoch: e.epoch, Earned: e.earned, Claimed: e.claimed, Claimable: e.due()}
	at, err := p.position(ctx)
	if err != nil {
		return Result{}, err
	}
	got.Staked = at.amount
	if p.locked(at) {
		got.LockedUntil = at.until
	}
	if got.Power, got.AllPower, err = p.power(ctx, p.State.Time()); err != nil {
		return Result{}, err
	}
	if got.Proposed, err = p.proposed(ctx); err != nil {
		return Result{}, err
	}
	return Result{Title: fmt.Sprintf("Rewards of %s on %s", env.Account, env.Network.Name), Lines: p.lines(got), Data: got}, nil
}

func (p payer) lines(got Earnings) []Line {
	lines := []Line{{"Earned in all", got.Earned.String()}, {"Claimed", got.Claimed.String()}, {"Claimable now", got.Claimable.String()}}
	if !got.Known {
		const unknown = "not known: the claims of the epoch are not here"
		lines[0].Value, lines[2].Value = unknown, unknown
	}
	if got.Settled {
		lines = append(lines, Line{"Settled until", fmt.Sprintf("epoch %d", got.Epoch)})
	}
	lines = append(lines, Line{"Staked", got.Staked.String()})
	if got.LockedUntil > 0 {
		lines = append(lines, Line{"Locked until", date(got.LockedUntil)})
	}
	lines = append(lines, Line{"Votes", p.votes(got.Power, got.AllPower)})
	if r := got.Proposed; r != nil {
		until := "may be challenged until " + date(r.ChallengeUntil)
		switch now := p.State.Time(); {
		case r.Challenged:
			until = "is challenged, and votes decide"
		case now >= r.AcceptFrom:
			until = "may be accepted by anyone now"
		case now >= r.ChallengeUntil:
			until = "may be accepted from " + date(r.AcceptFrom)
		}
		lines = append(lines, Line{"Proposed", fmt.Sprintf("epoch %d, which %s", r.Epoch, until)})
	}
	return lines
}

// The states of a proposed root that may still be accepted, as the distributor numbers them.
const (
	rootPending    = 1
	rootChallenged = 2
	rootUpheld     = 3
)

// mostRoots is how many of the newest roots are looked at for one that is still open.
const mostRoots = 16

// proposed finds the newest root that may still be accepted.
func (p payer) proposed(ctx context.Context) (*ProposedRoot, error) {
	count, err := lookUint(ctx, p.Env, p.distributor, distributors().PackProposalCount(), "number of roots")
	if err != nil || !count.IsUint64() {
		return nil, err
	}
	next, err := look(ctx, p.Env, p.distributor, distributors().PackNextEpoch(), distributors().UnpackNextEpoch, "settled epoch")
	if err != nil {
		return nil, err
	}
	for n := count.Uint64(); n > 0 && count.Uint64()-n < mostRoots; n-- {
		r, err := look(ctx, p.Env, p.distributor, distributors().PackProposal(bigOf(n-1)), distributors().UnpackProposal, "proposed root")
		if err != nil {
			return nil, err
		}
		if open(r) && r.Epoch >= next {
			return &ProposedRoot{r.Epoch, r.State == rootChallenged, r.ChallengeUntil, r.AcceptFrom}, nil
		}
	}
	return nil, nil
}

func open(r bindings.DistributorProposal) bool {
	return r.State == rootPending || r.State == rootChallenged || r.State == rootUpheld
}
