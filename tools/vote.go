package tools

import (
	"context"
	"fmt"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newVote() Tool {
	return NewProposer(own(intents.Vote, "Vote with locked KEY, for or against a proposal."), vote)
}

// vote is one call that moves nothing but the count. What is voted on is read from the chain and said, as numbers and addresses: a
// proposal has no text.
func vote(ctx context.Context, env Env, in intents.Intent) (Result, error) {
	switch {
	case in.Proposal == nil:
		return Result{}, missing("which proposal")
	case in.Choice == nil:
		return Result{}, missing("for or against")
	case in.Choice.V == intents.VoteAbstain:
		return Result{}, refusal.New(refusal.NotYet, "the governance counts votes for and against alone").WithHint("nothing is to be done: who does not vote abstains")
	}
	p, err := env.payer(ctx)
	if err != nil {
		return Result{}, err
	}
	id := in.Proposal.V
	count, err := lookUint(ctx, env, p.governance, governances().PackMotionCount(), "number of proposals")
	if err != nil {
		return Result{}, err
	}
	if count.IsUint64() && id >= count.Uint64() {
		return Result{}, noProposal(id, count.Uint64())
	}
	m, err := look(ctx, env, p.governance, governances().PackMotion(bigOf(id)), governances().UnpackMotion, "proposal")
	if err != nil {
		return Result{}, err
	}
	if env.State.Time() >= m.VoteUntil {
		return Result{}, refusal.New(refusal.VoteOver, "proposal %d took votes until %s", id, date(m.VoteUntil))
	}
	voted, err := look(ctx, env, p.governance, governances().PackVoted(bigOf(id), p.Account), governances().UnpackVoted, "vote of the account")
	if err != nil {
		return Result{}, err
	}
	if voted {
		return Result{}, refusal.New(refusal.AlreadyVoted, "%s has voted on proposal %d", p.Account, id)
	}
	power, all, err := p.power(ctx, m.Snapshot)
	if err != nil {
		return Result{}, err
	}
	if power.IsZero() {
		return Result{}, refusal.New(refusal.NoVotingPower, "%s had nothing locked at %s, just before proposal %d was made", p.Account, date(m.Snapshot), id)
	}
	data, err := governances().TryPackVote(bigOf(id), in.Choice.V == intents.VoteFor)
	if err != nil {
		return Result{}, fmt.Errorf("write the vote: %w", err)
	}
	return Result{
		Title: fmt.Sprintf("Vote %s proposal %d on %s", in.Choice.V, id, env.Network.Name),
		Lines: []Line{
			{"Proposal", p.proposes(m)},
			{"Vote", string(in.Choice.V)},
			{"Your votes", p.votes(power, all)},
			{"For so far", share(m.Yes, all)},
			{"Against so far", share(m.No, all)},
			{"Needed", share(m.Needed, all)},
			{"Votes until", date(m.VoteUntil)},
		},
		Calls: []chain.Call{env.call(p.governance, uint256.Int{}, data)},
	}, nil
}

func noProposal(id, count uint64) error {
	if count == 0 {
		return refusal.New(refusal.NoProposal, "there is no proposal yet")
	}
	return refusal.New(refusal.NoProposal, "there is no proposal %d; the newest is %d", id, count-1)
}

// The kinds of a motion, as the governance numbers them.
const (
	motionRules = iota
	motionProposer
	motionWindows
	motionDecision
	motionPayout
)

// proposes says what a motion would do.
func (p payer) proposes(m bindings.GovernanceMotion) string {
	switch m.Kind {
	case motionRules:
		return fmt.Sprintf("rules of the hash %s from epoch %s on", common.BigToHash(m.B), m.A)
	case motionProposer:
		if m.B.Sign() == 0 {
			return fmt.Sprintf("%s may propose roots no more", common.BigToAddress(m.A))
		}
		return fmt.Sprintf("%s may propose roots", common.BigToAddress(m.A))
	case motionWindows:
		return fmt.Sprintf("a root may be challenged for %s seconds, and is accepted %s seconds later; the bond is %s", m.A, m.B, p.keys(m.C))
	case motionDecision:
		if m.B.Sign() == 0 {
			return fmt.Sprintf("the challenged root %s is dropped", m.A)
		}
		return fmt.Sprintf("the challenged root %s is upheld", m.A)
	case motionPayout:
		return fmt.Sprintf("the protection fund pays %s to %s; the reasons have the hash %s", p.keys(m.B), common.BigToAddress(m.A), common.BigToHash(m.C))
	}
	return fmt.Sprintf("something of kind %d that this version does not know", m.Kind)
}

// keys is so many wei of KEY.
func (p payer) keys(wei *big.Int) string {
	raw, over := uint256.FromBig(wei)
	if over {
		return wei.String() + " wei"
	}
	return chain.NewAmount(raw, p.key).String()
}

// share is a power as a part of all.
func share(of *big.Int, all uint256.Int) string {
	if all.IsZero() {
		return "none"
	}
	bps := new(big.Int).Div(new(big.Int).Mul(of, big.NewInt(10_000)), all.ToBig())
	if !bps.IsUint64() {
		return "all"
	}
	return percent(bps.Uint64()) + " of all"
}
