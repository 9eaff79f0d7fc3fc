package wallet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

// An allowance from here on has no limit in practice. Permit2 keeps amounts in 160 bits.
var (
	unlimited        = new(uint256.Int).Lsh(uint256.NewInt(1), 255)
	unlimitedPermit2 = new(uint256.Int).Lsh(uint256.NewInt(1), 159)
)

// Judge says what the policy thinks of the facts. Deny beats Ask, Ask beats Allow, and what was not looked at is denied: the
// order of the checks does not matter, and no absent fact makes a verdict milder.
func (p *Policy) Judge(f Facts) Verdict {
	if names := f.missing(); len(names) > 0 {
		return Verdict{Deny, []Finding{finding(Deny, refusal.EffectsUnknown, "not known: %s", strings.Join(names, ", "))}}
	}
	j := &judgement{policy: p, f: &f, network: f.Network.V, account: f.Account.V, bound: f.Bound.V, effects: f.Effects.V}
	if !j.effects.OK() {
		j.reverted()
		return Verdict{Deny, j.findings}
	}
	var ok bool
	if j.net, ok = ledgerOf(j.effects, j.account, j.account); !ok {
		j.deny(refusal.EffectsUnknown, "the balances of the account contradict the fees")
		return Verdict{Deny, j.findings}
	}
	for _, check := range []func(){
		j.whole, j.chain, j.calls, j.outflows, j.inflows, j.allowances, j.powers, j.behaviour, j.meanwhile, j.recipients, j.limits, j.terms, j.fees,
	} {
		check()
	}
	slices.SortStableFunc(j.findings, func(a, b Finding) int { return int(a.Decision) - int(b.Decision) })
	v := Verdict{Decision: Allow, Findings: j.findings}
	for _, found := range j.findings {
		v.Decision = min(v.Decision, found.Decision)
	}
	return v
}

// judgement is one Judge at work.
type judgement struct {
	policy   *Policy
	f        *Facts
	network  chain.Network
	account  common.Address
	bound    chain.Bound
	effects  *fork.Effects
	net      map[common.Address]change // of the account, by token
	findings []Finding
}

func finding(d Decision, r refusal.Reason, format string, args ...any) Finding {
	e := refusal.New(r, format, args...)
	return Finding{Decision: d, Reason: r, Detail: e.Detail, Hint: e.Hint}
}

func (j *judgement) deny(r refusal.Reason, format string, args ...any) {
	j.findings = append(j.findings, finding(Deny, r, format, args...))
}

func (j *judgement) ask(r refusal.Reason, format string, args ...any) {
	j.findings = append(j.findings, finding(Ask, r, format, args...))
}

// choose applies what the policy says of something it does not name. A choice that does not exist is a Deny.
func (j *judgement) choose(c Choice, r refusal.Reason, format string, args ...any) {
	switch c {
	case ChooseAllow:
	case ChooseAsk:
		j.ask(r, format, args...)
	default:
		j.deny(r, format, args...)
	}
}

func (j *judgement) reverted() {
	for i, t := range j.effects.Txs {
		if !t.Success {
			j.deny(refusal.Reverted, "call %d of %d fails: %q", i+1, len(j.effects.Txs), t.Revert)
			return
		}
	}
	j.deny(refusal.EffectsUnknown, "nothing was run")
}

// whole: the dry run told everything, about exactly these calls, on this chain.
func (j *judgement) whole() {
	if n := len(j.effects.Unknown); n > 0 {
		j.deny(refusal.EffectsUnknown, "%d effects can't be told, the first: %q", n, j.effects.Unknown[0])
	}
	if len(j.effects.Txs) != len(j.f.Calls.V) {
		j.deny(refusal.EffectsUnknown, "%d calls, and the dry run ran %d", len(j.f.Calls.V), len(j.effects.Txs))
	}
	if j.effects.Pin.ChainID != j.network.ChainID {
		j.deny(refusal.EffectsUnknown, "the dry run was on chain %d instead of %d", j.effects.Pin.ChainID, j.network.ChainID)
	}
	if j.silent() {
		j.deny(refusal.EffectsUnknown, "contracts are called, and nothing is seen to change: what for can't be told")
	}
}

// silent reports whether contracts are called to no effect but gas. Nobody pays for nothing: a power may have been given that
// is not one of those that are looked for, such as an operator of ERC-777.
func (j *judgement) silent() bool {
	for _, c := range j.net {
		if !c.in.IsZero() || !c.out.IsZero() {
			return false
		}
	}
	e := j.effects
	items := func(b fork.BalanceChange) bool {
		return b.Account == j.account && b.Kind != fork.Native && b.Kind != fork.ERC20
	}
	if len(e.Allowances)+len(e.Operators)+len(e.Controls)+len(e.Roles)+len(e.Destroyed) > 0 || slices.ContainsFunc(e.Balances, items) {
		return false
	}
	return slices.ContainsFunc(j.f.Calls.V, func(c chain.Call) bool { return len(c.Data) > 0 && !j.votes(&c) })
}

// votes reports whether a call is a vote at the network's own governance, which changes nothing but its count.
func (j *judgement) votes(c *chain.Call) bool {
	at := j.network.Contracts.Governance
	_, _, vote := chain.UnpackVote(c.Data)
	return vote && c.To != nil && *c.To == at && at != common.Address{} && c.Value.IsZero()
}

func (j *judgement) chain() {
	if !slices.Contains(j.policy.Chains, j.network.Key) {
		j.deny(refusal.ChainDenied, "the policy does not name %s", j.network.Key)
	}
}

// calls: each is from the account, on the chain, and to something known.
func (j *judgement) calls() {
	rule := &j.policy.Contracts
	for i := range j.f.Calls.V {
		c := &j.f.Calls.V[i]
		if c.From != j.account || c.ChainID != j.network.ChainID {
			j.deny(refusal.EffectsMismatch, "call %d is from %s on chain %d", i+1, c.From, c.ChainID)
			continue
		}
		if c.To == nil {
			j.deny(refusal.UnknownContract, "call %d creates a contract", i+1)
			continue
		}
		if slices.Contains(rule.Deny, *c.To) {
			j.deny(refusal.UnknownContract, "the policy denies calls to %s", c.To)
			continue
		}
		if len(c.Data) > 0 && !j.knownContract(*c.To) {
			j.choose(rule.Unknown, refusal.UnknownContract, "call %d is to %s, which nothing names", i+1, c.To)
		}
	}
}

func (j *judgement) knownContract(a common.Address) bool {
	if isNetworkContract(j.network, a) || slices.Contains(j.policy.Contracts.Allow, a) {
		return true
	}
	named := func(x chain.Amount) bool { return !x.Token.Native() && x.Token.Address == a }
	if slices.ContainsFunc(j.bound.Out, named) || slices.ContainsFunc(j.bound.In, named) {
		return true
	}
	_, listed := j.rule(a)
	return listed && a != common.Address{}
}

// outflows: nothing leaves that is not declared, and no more than declared.
func (j *judgement) outflows() {
	for asset, c := range j.net {
		if most := j.sum(j.bound.Out, asset); c.out.Gt(&most) {
			j.deny(refusal.EffectsMismatch, "%s leaves, declared is %s", j.show(&c.out, asset), j.show(&most, asset))
		}
	}
	for i := range j.effects.Balances {
		b := &j.effects.Balances[i]
		if b.Account == j.account && (b.Kind == fork.ERC721 || b.Kind == fork.ERC1155) && b.After.Lt(&b.Before) {
			j.deny(refusal.EffectsMismatch, "a token of the collection %s leaves", b.Asset)
		}
	}
	for _, list := range [][]chain.Amount{j.bound.Out, j.bound.In} {
		for _, a := range list {
			if a.Token.ChainID != j.network.ChainID {
				j.deny(refusal.EffectsMismatch, "%s is declared on chain %d", a, a.Token.ChainID)
			}
		}
	}
}

// inflows: at least what is declared arrives, at the recipient that was named or else at the account.
func (j *judgement) inflows() {
	if len(j.bound.In) == 0 {
		return
	}
	gained, ok := j.gains()
	if !ok {
		j.deny(refusal.EffectsUnknown, "the balances of the recipient contradict each other")
		return
	}
	for _, a := range j.bound.In {
		least, got := j.sum(j.bound.In, a.Token.Address), gained[a.Token.Address].in
		if got.Lt(&least) {
			j.deny(refusal.EffectsMismatch, "%s arrives, declared is at least %s",
				j.show(&got, a.Token.Address), j.show(&least, a.Token.Address))
		}
	}
}

func (j *judgement) gains() (map[common.Address]change, bool) {
	if r := j.bound.Recipient; r != nil && *r != j.account {
		return ledgerOf(j.effects, *r, j.account)
	}
	return j.net, true
}

// allowances: raised only for declared and known spenders, and never beyond what the account needs.
func (j *judgement) allowances() {
	for _, a := range raised(j.effects, j.account) {
		if !slices.Contains(j.bound.Spenders, a.Spender) {
			j.deny(refusal.EffectsMismatch, "%s ends with an allowance that is not declared", a.Spender)
		}
		switch rule := &j.policy.Spenders; {
		case slices.Contains(rule.Deny, a.Spender):
			j.deny(refusal.UnknownSpender, "the policy denies %s any allowance", a.Spender)
		case slices.Contains(rule.Allow, a.Spender) || isRouter(j.network, a.Spender):
		default:
			j.choose(j.policy.unknownSpender(), refusal.UnknownSpender, "nothing names the spender %s", a.Spender)
		}
		j.allowanceSize(&a)
	}
}

// meanwhile: each transaction is mined by itself, so what holds between two of them may be used by anybody: an allowance that
// the next one takes back is one all the same.
func (j *judgement) meanwhile() {
	if !j.f.Meanwhile.OK || len(j.f.Meanwhile.V)+1 != len(j.f.Calls.V) {
		j.deny(refusal.EffectsUnknown, "not known: what holds between the transactions")
		return
	}
	for i, e := range j.f.Meanwhile.V {
		then := &judgement{policy: j.policy, f: j.f, network: j.network, account: j.account, bound: j.bound, effects: e}
		ok := e != nil && e.OK() && len(e.Txs) == i+1 && len(e.Unknown) == 0
		if ok {
			then.net, ok = ledgerOf(e, j.account, j.account)
		}
		if !ok {
			j.deny(refusal.EffectsUnknown, "not known: what holds after transaction %d", i+1)
			return
		}
		then.outflows()
		then.allowances()
		then.powers()
		for _, found := range then.findings {
			if found.Reason != refusal.NoLimit && !slices.Contains(j.findings, found) { // what leaves in the end is held to its limit there
				j.findings = append(j.findings, found)
			}
		}
	}
}

// unknownSpender never is allow: an allowance to anybody is no policy.
func (p *Policy) unknownSpender() Choice {
	if p.Spenders.Unknown == ChooseAsk {
		return ChooseAsk
	}
	return ChooseDeny
}

func (j *judgement) allowanceSize(a *fork.AllowanceChange) {
	choice := ChooseDeny
	if j.policy.Unlimited == ChooseAsk {
		choice = ChooseAsk
	}
	limit := unlimited
	if a.Via != (common.Address{}) {
		limit = unlimitedPermit2
	}
	if !a.After.Lt(limit) {
		j.choose(choice, refusal.UnlimitedApproval, "%s may take all of %s, for ever", a.Spender, j.name(a.Asset))
		return
	}
	held, known := j.f.Holdings.V[a.Asset]
	if !known {
		j.deny(refusal.EffectsUnknown, "not known: how much %s the account holds", j.name(a.Asset))
		return
	}
	need := j.sum(j.bound.Out, a.Asset)
	if a.After.Gt(&need) && a.After.Gt(&held) {
		j.choose(choice, refusal.UnlimitedApproval, "%s may take %s, and the account holds %s",
			a.Spender, j.show(&a.After, a.Asset), j.show(&held, a.Asset))
	}
	j.limit(a.Asset, &a.After, "may be taken later", false)
}

// powers: no operator of a collection, no new owner, admin, code, role or delegate of anything, and no end of a contract.
func (j *judgement) powers() {
	for _, o := range j.effects.Operators {
		if o.Owner == j.account && o.After && !o.Before {
			j.deny(refusal.OperatorApproval, "%s may move every token of the collection %s", o.Operator, o.Asset)
		}
	}
	for _, c := range j.effects.Controls {
		if c.Kind == fork.Delegate {
			j.deny(refusal.Delegation, "%s would run the code of %s", c.Contract, c.After)
			continue
		}
		j.deny(refusal.OwnershipChange, "the %s of %s changes from %s to %s", c.Kind, c.Contract, c.Before, c.After)
	}
	for _, r := range j.effects.Roles {
		verb := "loses"
		if r.After {
			verb = "gets"
		}
		j.deny(refusal.OwnershipChange, "%s %s the role %s of %s", r.Account, verb, r.Role, r.Contract)
	}
	for _, a := range j.effects.Destroyed {
		j.deny(refusal.EffectsMismatch, "the contract %s is destroyed", a)
	}
}

// behaviour: the transactions do the same whoever mines them, and at best also later.
func (j *judgement) behaviour() {
	for _, found := range j.effects.Findings {
		switch found.Name {
		case fork.LooksForSimulator:
			j.deny(refusal.LooksForSimulator, "%s", found.Detail)
		case fork.ChangesWithTime:
			j.ask(refusal.ChangesWithTime, "%s", found.Detail)
		default:
			j.deny(refusal.EffectsUnknown, "%q: %s", found.Name, found.Detail)
		}
	}
}

// recipients: nobody denied gains anything; who is paid is allowed, was paid before, or is asked about; and what leaves for
// a named recipient gets there.
func (j *judgement) recipients() {
	rule := &j.policy.Recipients
	for _, who := range j.touched() {
		if slices.Contains(rule.Deny, who) {
			j.deny(refusal.RecipientDenied, "the policy denies %s", who)
		}
	}
	for _, who := range recipients(j.network, j.account, j.f.Calls.V, j.bound, j.effects) {
		seen, known := j.f.Seen.V[who]
		switch {
		case !known:
			j.deny(refusal.EffectsUnknown, "not known: whether %s was paid before", who)
		case slices.Contains(rule.Deny, who), slices.Contains(rule.Allow, who), seen:
		default:
			j.choose(rule.Unknown, refusal.NewRecipient, "nothing was ever sent to %s", who)
		}
	}
	j.delivered()
}

// touched lists everyone who is called, named, or gains something.
func (j *judgement) touched() []common.Address {
	all := recipients(j.network, j.account, j.f.Calls.V, j.bound, j.effects)
	for i := range j.f.Calls.V {
		if to := j.f.Calls.V[i].To; to != nil {
			all = append(all, *to)
		}
	}
	for i := range j.effects.Balances {
		if b := &j.effects.Balances[i]; b.After.Gt(&b.Before) {
			all = append(all, b.Account)
		}
	}
	slices.SortFunc(all, common.Address.Cmp)
	return slices.Compact(all)
}

func (j *judgement) delivered() {
	r := j.bound.Recipient
	if r == nil || *r == j.account || len(j.bound.In) > 0 {
		return
	}
	gained, ok := j.gains()
	if !ok {
		j.deny(refusal.EffectsUnknown, "the balances of the recipient contradict each other")
		return
	}
	for asset, c := range j.net {
		got := gained[asset].in
		switch {
		case c.out.IsZero():
		case got.IsZero():
			j.deny(refusal.EffectsMismatch, "%s leaves and %s gets none of it", j.show(&c.out, asset), r)
		case got.Lt(&c.out):
			j.ask(refusal.EffectsMismatch, "%s leaves and %s gets only %s", j.show(&c.out, asset), r, j.show(&got, asset))
		}
	}
}

// limits: what may leave at most fits under the token's limits. The declared bound counts, not the milder simulation.
func (j *judgement) limits() {
	var done []common.Address
	for _, a := range j.bound.Out {
		asset := a.Token.Address
		if slices.Contains(done, asset) {
			continue
		}
		done = append(done, asset)
		if most := j.sum(j.bound.Out, asset); !most.IsZero() {
			j.limit(asset, &most, "leaves", true)
		}
	}
}

func (j *judgement) limit(asset common.Address, most *uint256.Int, how string, counts bool) {
	token := tokenOf(j.f, asset)
	if rule, listed := j.rule(asset); listed && token.Symbol != "" && rule.Decimals != token.Decimals {
		j.deny(refusal.NoLimit, "the policy gives %s %d decimals, and it has %d", token.Symbol, rule.Decimals, token.Decimals)
	}
	perTx, perDay, choice := j.policy.caps(j.network.Key, token)
	if choice != ChooseLimit {
		j.choose(choice, refusal.NoLimit, "%s %s, and the policy has no limit for it", j.show(most, asset), how)
		return
	}
	if most.Gt(perTx) {
		j.deny(refusal.TxLimit, "%s %s, the limit is %s", j.show(most, asset), how, j.show(perTx, asset))
	}
	spent := j.f.Spent.V[asset]
	var sum uint256.Int
	if _, over := sum.AddOverflow(&spent, most); counts && (over || sum.Gt(perDay)) {
		j.deny(refusal.DayLimit, "%s today and %s now, the limit is %s",
			j.show(&spent, asset), j.show(most, asset), j.show(perDay, asset))
	}
}

// caps are the limits of a token. They hold where the choice is ChooseLimit.
func (p *Policy) caps(network string, t chain.Token) (perTx, perDay *uint256.Int, c Choice) {
	tx, day := p.Unlisted.PerTx, p.Unlisted.PerDay
	if i := p.listed(network, t.Address); i >= 0 {
		tx, day = p.Tokens[i].PerTx, p.Tokens[i].PerDay
		t.Decimals = p.Tokens[i].Decimals
	} else if p.Unlisted.Decision == ChooseAsk || p.Unlisted.Decision == ChooseDeny {
		return nil, nil, p.Unlisted.Decision
	}
	most, err := chain.ParseAmount(tx, t)
	if err != nil {
		return nil, nil, ChooseDeny
	}
	daily, err := chain.ParseAmount(day, t)
	if err != nil {
		return nil, nil, ChooseDeny
	}
	return &most.Raw, &daily.Raw, ChooseLimit
}

func (p *Policy) listed(network string, token common.Address) int {
	return slices.IndexFunc(p.Tokens, func(t TokenLimit) bool { return t.Chain == network && t.Address == token })
}

func (j *judgement) rule(token common.Address) (TokenLimit, bool) {
	i := j.policy.listed(j.network.Key, token)
	if i < 0 {
		return TokenLimit{}, false
	}
	return j.policy.Tokens[i], true
}

// terms: a trade stays within the limits of slippage and price impact. Wrapping is no trade.
func (j *judgement) terms() {
	if len(j.bound.In) == 0 || len(j.bound.Out) == 0 || j.wraps() {
		return
	}
	switch limit := j.policy.Limits.PriceImpactBps; {
	case !j.f.ImpactBps.OK:
		j.deny(refusal.PriceImpact, "not known: the price impact")
	case j.f.ImpactBps.V > limit:
		j.deny(refusal.PriceImpact, "the price moves by %d bps, the limit is %d", j.f.ImpactBps.V, limit)
	}
	gained, _ := j.gains()
	for _, a := range j.bound.In {
		asset := a.Token.Address
		got, least := gained[asset].in, j.sum(j.bound.In, asset)
		j.slips(&got, &least, &got)
	}
	for _, a := range j.bound.Out {
		asset := a.Token.Address
		lost, most := j.net[asset].out, j.sum(j.bound.Out, asset)
		j.slips(&most, &lost, &lost)
	}
}

// slips holds the distance between high and low against the limit, as a share of base. One unit is left to rounding.
func (j *judgement) slips(high, low, base *uint256.Int) {
	if !high.Gt(low) {
		return
	}
	var gap, share, most uint256.Int
	gap.Sub(high, low)
	gap.SubUint64(&gap, 1)
	limit := j.policy.Limits.SlippageBps
	_, over := share.MulOverflow(&gap, uint256.NewInt(maxBps))
	_, over2 := most.MulOverflow(base, uint256.NewInt(limit))
	if over || over2 || share.Gt(&most) {
		j.deny(refusal.Slippage, "the trade may end at %s instead of %s units, more than %d bps apart", low.Dec(), high.Dec(), limit)
	}
}

func (j *judgement) wraps() bool {
	if len(j.bound.In) != 1 || len(j.bound.Out) != 1 {
		return false
	}
	in, out := j.bound.In[0], j.bound.Out[0]
	wrapped := j.network.Contracts.WrappedNative
	pair := in.Token.Native() && out.Token.Address == wrapped || out.Token.Native() && in.Token.Address == wrapped
	return pair && wrapped != common.Address{} && in.Raw.Eq(&out.Raw)
}

func (j *judgement) fees() {
	most, err := chain.ParseAmount(j.policy.Limits.FeePerTx, j.network.Native)
	if err != nil {
		j.deny(refusal.FeeCap, "the policy has no fee cap for %s", j.network.Native.Symbol)
		return
	}
	for i := range j.f.Fees.V {
		if fee := &j.f.Fees.V[i]; fee.Gt(&most.Raw) {
			j.deny(refusal.FeeCap, "transaction %d may cost %s for gas, the cap is %s",
				i+1, chain.NewAmount(fee, j.network.Native), most)
		}
	}
}

// sum adds up what a list declares of one token; a sum beyond all numbers counts as nothing, which declares nothing.
func (j *judgement) sum(list []chain.Amount, asset common.Address) uint256.Int {
	var total uint256.Int
	for i := range list {
		if list[i].Token.Address != asset {
			continue
		}
		if _, over := total.AddOverflow(&total, &list[i].Raw); over {
			j.deny(refusal.EffectsMismatch, "the declared amounts of %s do not fit any number", j.name(asset))
			return uint256.Int{}
		}
	}
	return total
}

func (j *judgement) show(raw *uint256.Int, asset common.Address) string {
	t := tokenOf(j.f, asset)
	if t.Symbol == "" {
		return fmt.Sprintf("%s units of %s", raw.Dec(), asset)
	}
	return chain.NewAmount(raw, t).String()
}

func (j *judgement) name(asset common.Address) string {
	if s := tokenOf(j.f, asset).Symbol; s != "" {
		return s
	}
	return asset.Hex()
}
