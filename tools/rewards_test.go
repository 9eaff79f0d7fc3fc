package tools

import (
	"context"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// The whole way, on real contracts, is tested beside package keymaker. Here is what these never say.

// rewarded is a State in which some contracts answer the same to every call.
type rewarded struct {
	*ledger
	answers map[[4]byte][]byte
}

func (r rewarded) CallContract(ctx context.Context, c chain.Call) ([]byte, error) {
	if *c.To == payingAt && len(c.Data) >= 4 {
		if ret, ok := r.answers[[4]byte(c.Data[:4])]; ok {
			return ret, r.broken
		}
	}
	return r.ledger.CallContract(ctx, c)
}

var (
	payingAt = common.Address{0xaa}
	key      = token(9, "KEY", 18)
)

// newPaying is a bench whose network has contracts of the rewards, all at one address, with a first root and nothing claimed.
func newPaying(t testing.TB) (*bench, rewarded) {
	t.Helper()
	b := newBench(t)
	listings := append(b.env.Tokens.All(testChain), chain.Listing{Token: key, Source: "test"})
	var err error
	if b.env.Tokens, err = chain.NewRegistry(listings...); err != nil {
		t.Fatal(err)
	}
	c := &b.env.Network.Contracts
	c.Distributor, c.Stakes, c.Governance = payingAt, payingAt, payingAt
	b.ledger.held[key.Address] = map[common.Address]uint256.Int{me: *units("100", key)}
	b.ledger.decimals[key.Address] = 18
	distributor, stakes, governance := bindings.NewDistributor(), bindings.NewStakes(), bindings.NewGovernance()
	word := func(n uint64) []byte { return common.LeftPadBytes(new(big.Int).SetUint64(n).Bytes(), 32) }
	at := map[[4]byte][]byte{}
	for _, a := range []struct{ call, ret []byte }{
		{distributor.PackKey(), common.LeftPadBytes(key.Address[:], 32)},
		{distributor.PackRoot(), common.LeftPadBytes([]byte{1}, 32)},
		{distributor.PackClaimed(me), word(0)},
		{distributor.PackNextEpoch(), word(1)},
		{distributor.PackProposalCount(), word(0)},
		{stakes.PackPosition(me, plainStake), append(word(0), word(0)...)},
		{stakes.PackPowerAt(me, 0), word(0)},
		{stakes.PackTotalPowerAt(0), word(0)},
		{stakes.PackWEEK(), word(604_800)},
		{stakes.PackMOSTLOCK(), word(1461 * 86_400)},
		{governance.PackMotionCount(), word(0)},
	} {
		at[[4]byte(a.call[:4])] = a.ret
	}
	state := rewarded{b.ledger, at}
	b.env.State = state
	return b, state
}

func TestTheRewardsRefuseByName(t *testing.T) {
	term, yes, abstain := said[uint64](86_400), said(intents.VoteFor), said(intents.VoteAbstain)
	claim, one := intents.Intent{Action: intents.Claim}, said[uint64](1)
	lock := intents.Intent{Action: intents.Lock, TokenIn: said(key), Amount: number("1"), Term: term}
	vote := intents.Intent{Action: intents.Vote, Proposal: one, Choice: yes}
	for _, c := range []struct {
		name   string
		in     intents.Intent
		change func(*bench, rewarded)
		want   refusal.Reason
	}{
		{"no contracts", claim, func(b *bench, _ rewarded) { b.env.Network.Contracts = chain.Contracts{} }, refusal.NoRewards},
		{"contracts in part", vote, func(b *bench, _ rewarded) { b.env.Network.Contracts.Governance = common.Address{} }, refusal.NoRewards},
		{"a token that no list has", claim, func(b *bench, _ rewarded) {
			b.env.Tokens, _ = chain.NewRegistry(chain.Listing{Token: ether, Source: "test"})
		}, refusal.UnknownToken},
		{"a token listed with other decimals", claim, func(b *bench, _ rewarded) { b.ledger.decimals[key.Address] = 6 }, refusal.ConfigInvalid},
		{"no claims", claim, func(*bench, rewarded) {}, refusal.NoClaims},
		{"no root yet", claim, func(_ *bench, r rewarded) {
			r.answers[[4]byte(bindings.NewDistributor().PackRoot()[:4])] = make([]byte, 32)
		}, refusal.NothingToClaim},
		{"an answer that is none", claim, func(_ *bench, r rewarded) {
			r.answers[[4]byte(bindings.NewDistributor().PackClaimed(me)[:4])] = []byte{1}
		}, refusal.NoSimulation},
		{"a state that breaks", claim, func(b *bench, _ rewarded) { b.ledger.broken = refusal.New(refusal.RPCDown, "gone") }, refusal.RPCDown},
		{"a part of a claim", with(claim, func(in *intents.Intent) { in.Amount = number("5") }), nil, refusal.NotUnderstood},
		{"another token's rewards", with(claim, func(in *intents.Intent) { in.TokenIn = said(usdc) }), nil, refusal.NotUnderstood},
		{"a lock without a time", with(lock, func(in *intents.Intent) { in.Term = nil }), nil, refusal.NeedsAnswer},
		{"a lock without a token", with(lock, func(in *intents.Intent) { in.TokenIn = nil }), nil, refusal.NeedsAnswer},
		{"a lock of another token", with(lock, func(in *intents.Intent) { in.TokenIn = said(usdc) }), nil, refusal.NotYet},
		{"a token that only says that it is KEY", with(lock, func(in *intents.Intent) { in.TokenIn = said(token(8, "KEY", 18)) }), nil, refusal.NotUnderstood},
		{"a lock of more than there is", with(lock, func(in *intents.Intent) { in.Amount = number("101") }), nil, refusal.Balance},
		{"a lock that is too long", with(lock, func(in *intents.Intent) { in.Term = said[uint64](1462 * 86_400) }), nil, refusal.LockTooLong},
		{"a stake at a protocol", with(lock, func(in *intents.Intent) { in.Action, in.Venue = intents.Stake, said("lido") }), nil, refusal.NotYet},
		{"a stake without an amount", with(lock, func(in *intents.Intent) { in.Action, in.Amount = intents.Stake, nil }), nil, refusal.NeedsAnswer},
		{"a withdrawal of nothing", with(lock, func(in *intents.Intent) { in.Action, in.Amount = intents.Withdraw, quantityOf(intents.All, "") }), nil, refusal.Balance},
		{"a withdrawal in dollars", with(lock, func(in *intents.Intent) { in.Action, in.Amount = intents.Withdraw, quantityOf(intents.Dollars, "5") }), nil, refusal.NotUnderstood},
		{"a withdrawal that leaves more than there is", with(lock, func(in *intents.Intent) { in.Action, in.Amount = intents.Withdraw, quantityOf(intents.AllBut, "5") }), nil, refusal.Balance},
		{"a vote on nothing", with(vote, func(in *intents.Intent) { in.Proposal = nil }), nil, refusal.NeedsAnswer},
		{"a vote without a choice", with(vote, func(in *intents.Intent) { in.Choice = nil }), nil, refusal.NeedsAnswer},
		{"a vote for nobody", with(vote, func(in *intents.Intent) { in.Choice = abstain }), nil, refusal.NotYet},
		{"a vote before there are any", vote, nil, refusal.NoProposal},
	} {
		b, state := newPaying(t)
		if c.change != nil {
			c.change(b, state)
		}
		if r, err := b.run(t, c.in); !refusal.Is(err, c.want) || len(r.Calls) > 0 {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func with(in intents.Intent, change func(*intents.Intent)) intents.Intent {
	change(&in)
	return in
}

func TestWhatIsNotKnownOfTheRewardsIsSaid(t *testing.T) {
	b, _ := newPaying(t)
	r, err := b.run(t, intents.Intent{Action: intents.Earned})
	if err != nil {
		t.Fatal(err)
	}
	const unknown = "not known: the claims of the epoch are not here"
	want := []Line{
		{"Earned in all", unknown},
		{"Claimed", "0 KEY"},
		{"Claimable now", unknown},
		{"Settled until", "epoch 0"},
		{"Staked", "0 KEY"},
		{"Votes", "none"},
	}
	if diff := cmp.Diff(want, r.Lines); diff != "" {
		t.Error(diff)
	}
}

func TestAProposalIsToldByWhatItWouldDo(t *testing.T) {
	p := payer{key: key}
	n := func(v int64) *big.Int { return big.NewInt(v) }
	whom := new(big.Int).SetBytes(friend[:])
	for want, m := range map[string]bindings.GovernanceMotion{
		"rules of the hash " + common.Hash{31: 9}.Hex() + " from epoch 12 on":                                           {Kind: motionRules, A: n(12), B: n(9)},
		friend.Hex() + " may propose roots":                                                                             {Kind: motionProposer, A: whom, B: n(1)},
		friend.Hex() + " may propose roots no more":                                                                     {Kind: motionProposer, A: whom, B: n(0)},
		"a root may be challenged for 60 seconds, and is accepted 70 seconds later; the bond is 2 KEY":                  {Kind: motionWindows, A: n(60), B: n(70), C: n(2e18)},
		"the challenged root 3 is upheld":                                                                               {Kind: motionDecision, A: n(3), B: n(1)},
		"the challenged root 3 is dropped":                                                                              {Kind: motionDecision, A: n(3), B: n(0)},
		"the protection fund pays 5 KEY to " + friend.Hex() + "; the reasons have the hash " + common.Hash{31: 1}.Hex(): {Kind: motionPayout, A: whom, B: n(5e18), C: n(1)},
		"something of kind 77 that this version does not know":                                                          {Kind: 77},
	} {
		if got := p.proposes(m); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
