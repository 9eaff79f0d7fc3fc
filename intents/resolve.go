package intents

import (
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// World is what words are looked up in.
type World struct {
	Networks []chain.Network
	Default  string // key of the network that counts where none is named
	Money    string // symbol that buy and sell pay in where no token is named; empty: ask
	Tokens   *chain.Registry
	Book     map[string]common.Address // label -> address
}

// Resolve turns a checked draft into a plan. It asks where a word has two meanings, and refuses (unknown_token,
// unknown_recipient, unknown_chain) where it has none. It checks the draft first, so that no plan comes of an unchecked one.
func Resolve(r *Reading, d Draft, w World) (*Plan, *Question, error) {
	if q, err := Check(r, d); q != nil || err != nil {
		return nil, q, err
	}
	plan := &Plan{Text: r.Text}
	for i := range d.Steps {
		x := resolver{r: r, w: w, step: d.Steps[i], number: i + 1, before: plan.Intents}
		in, q, err := x.intent()
		if q != nil || err != nil {
			return nil, q, err
		}
		plan.Intents = append(plan.Intents, in)
	}
	return plan, nil, nil
}

// resolver looks up the words of one step.
type resolver struct {
	r       *Reading
	w       World
	step    Step
	number  int
	before  []Intent
	network chain.Network
}

func (x *resolver) intent() (Intent, *Question, error) {
	in := Intent{Action: x.step.Action, Side: x.step.Side}
	var q *Question
	var err error
	if in.Network, q, err = x.chainOf(); q != nil || err != nil {
		return Intent{}, q, err
	}
	if in.Dest, err = x.destination(); err != nil {
		return Intent{}, nil, err
	}
	if in.TokenIn, q, err = x.token(x.step.TokenIn, slotTokenIn); q != nil || err != nil {
		return Intent{}, q, err
	}
	if in.TokenOut, q, err = x.token(x.step.TokenOut, slotTokenOut); q != nil || err != nil {
		return Intent{}, q, err
	}
	if in.Against, q, err = x.token(x.step.Against, slotAgainst); q != nil || err != nil {
		return Intent{}, q, err
	}
	if q, err = x.implied(&in); q != nil || err != nil {
		return Intent{}, q, err
	}
	in.Amount, in.AmountOf = x.amount()
	if in.Recipient, q, err = x.recipient(); q != nil || err != nil {
		return Intent{}, q, err
	}
	if s, ok := x.r.Span(x.step.Slippage); ok {
		in.SlippageBps = &Sourced[uint64]{s.Bps, FromUser, s.ID}
	}
	if s, ok := x.r.Span(x.step.MinOut); ok {
		in.MinOut = &Sourced[Quantity]{*s.Quantity, FromUser, s.ID}
	}
	if s, ok := x.r.Span(x.step.Venue); ok {
		in.Venue = &Sourced[string]{s.Venue, FromUser, s.ID}
	}
	in.Timing = x.timing()
	x.reward(&in)
	return in, nil, nil
}

// chainOf finds the step's network: the one named, else where the earlier step's output is, else that of the step before, else the
// default. It asks where the step before is a bridge, which has two, and where an output is taken on another network than it is on.
func (x *resolver) chainOf() (Sourced[string], *Question, error) {
	k, taken := x.step.TokenIn.Output()
	if s, ok := x.r.Span(x.step.Chain); ok {
		n, known := x.networkOf(s.Chain)
		if !known {
			return Sourced[string]{}, nil, x.unknownChain(s)
		}
		if taken && x.before[k-1].ends() != n.Key {
			return Sourced[string]{}, about(0, slotAction, "What step %d makes is on %s, and step %d is on %s. Please say which step is where.", k, x.before[k-1].ends(), x.number, n.Key), nil
		}
		x.network = n
		return Sourced[string]{n.Key, FromUser, s.ID}, nil, nil
	}
	if taken {
		where := Sourced[string]{x.before[k-1].ends(), FromChain, OutputOf(k)}
		x.network, _ = x.networkOf(where.V)
		return where, nil, nil
	}
	if len(x.before) > 0 {
		last := x.before[len(x.before)-1]
		if last.Dest != nil {
			return Sourced[string]{}, about(x.number, slotChain, "Step %d goes from %s to %s. On which of them is step %d?", x.number-1, last.Network.V, last.Dest.V, x.number), nil
		}
		x.network, _ = x.networkOf(last.Network.V)
		return last.Network, nil, nil
	}
	n, known := x.networkOf(x.w.Default)
	if !known {
		return Sourced[string]{}, nil, refusal.New(refusal.UnknownChain, "no default network %q is configured", x.w.Default)
	}
	x.network = n
	return Sourced[string]{n.Key, FromDefault, ""}, nil, nil
}

// ends is the network that what a step makes is on.
func (in Intent) ends() string {
	if in.Dest != nil {
		return in.Dest.V
	}
	return in.Network.V
}

func (x *resolver) destination() (*Sourced[string], error) {
	s, ok := x.r.Span(x.step.DestChain)
	if !ok {
		return nil, nil
	}
	n, known := x.networkOf(s.Chain)
	if !known {
		return nil, x.unknownChain(s)
	}
	return &Sourced[string]{n.Key, FromUser, s.ID}, nil
}

func (x *resolver) unknownChain(s Span) error {
	return refusal.New(refusal.UnknownChain, "%s is not among your networks", s.Chain)
}

func (x *resolver) networkOf(key string) (chain.Network, bool) {
	for _, n := range x.w.Networks {
		if n.Key == key {
			return n, true
		}
	}
	return chain.Network{}, false
}

// token looks a token up on the step's network.
func (x *resolver) token(ref Ref, slot string) (*Sourced[chain.Token], *Question, error) {
	if ref == "" {
		return nil, nil, nil
	}
	if k, ok := ref.Output(); ok {
		return x.output(k)
	}
	s, _ := x.r.Span(ref)
	if s.Kind == AddressSpan {
		l, ok := x.w.Tokens.Address(x.network.ChainID, s.Address.Value)
		if !ok {
			return nil, nil, refusal.New(refusal.UnknownToken, "no list of yours has a token at %s on %s", s.Address.Value, x.network.Name).
				WithHint("add it to the tokens of your config, with its symbol and decimals")
		}
		return &Sourced[chain.Token]{l.Token, FromUser, s.ID}, nil, nil
	}
	return x.symbol(s.Symbol, FromRegistry, s.ID, slot)
}

// symbol looks a symbol up: the network's own coin, or the one token of that symbol.
func (x *resolver) symbol(symbol string, from Provenance, ref Ref, slot string) (*Sourced[chain.Token], *Question, error) {
	found := x.w.Tokens.Symbol(x.network.ChainID, symbol)
	if strings.EqualFold(symbol, x.network.Native.Symbol) {
		return &Sourced[chain.Token]{x.network.Native, from, ref}, nil, nil
	}
	switch len(found) {
	case 0:
		return nil, nil, refusal.New(refusal.UnknownToken, "no token %s is known on %s", symbol, x.network.Name)
	case 1:
		return &Sourced[chain.Token]{found[0].Token, from, ref}, nil, nil
	}
	q := about(x.number, slot, "%d tokens are called %s on %s. Which one?", len(found), symbol, x.network.Name)
	for _, l := range found {
		q.Options = append(q.Options, l.Address.Hex())
	}
	return nil, q, nil
}

// output is the token that an earlier step ends with.
func (x *resolver) output(k int) (*Sourced[chain.Token], *Question, error) {
	made := x.before[k-1]
	token := made.TokenOut
	if token == nil {
		token = made.TokenIn
	}
	if token == nil {
		return nil, nil, refusal.New(refusal.NotUnderstood, "it is not clear what step %d ends with", k)
	}
	if token.V.ChainID == x.network.ChainID {
		return &Sourced[chain.Token]{token.V, FromChain, OutputOf(k)}, nil, nil
	}
	return x.symbol(token.V.Symbol, FromChain, OutputOf(k), slotTokenIn)
}

// implied fills in the tokens that an action names by itself, and the money of buy and sell.
func (x *resolver) implied(in *Intent) (*Question, error) {
	native := func() *Sourced[chain.Token] { return &Sourced[chain.Token]{x.network.Native, FromRegistry, ""} }
	var q *Question
	var err error
	switch in.Action {
	case Wrap, Unwrap:
		wrapped, ok := x.w.Tokens.Address(x.network.ChainID, x.network.Contracts.WrappedNative)
		if !ok {
			return nil, refusal.New(refusal.UnknownToken, "%s has no wrapped coin configured", x.network.Name)
		}
		in.TokenIn, in.TokenOut = native(), &Sourced[chain.Token]{wrapped.Token, FromRegistry, ""}
		if in.Action == Unwrap {
			in.TokenIn, in.TokenOut = in.TokenOut, in.TokenIn
		}
		return nil, x.wrapMatches(in)
	case Swap:
		if in.TokenIn == nil {
			in.TokenIn, q, err = x.money(slotTokenIn)
		}
		if in.TokenOut == nil && q == nil && err == nil {
			in.TokenOut, q, err = x.money(slotTokenOut)
		}
		if q == nil && err == nil && in.TokenIn.V.Same(in.TokenOut.V) {
			return about(x.number, slotTokenIn, "Both sides are %s. What do you want to pay with?", in.TokenIn.V.Symbol), nil
		}
	}
	return q, err
}

// wrapMatches refuses to wrap or unwrap a token that the network's wrapper does not take.
func (x *resolver) wrapMatches(in *Intent) error {
	for _, ref := range []Ref{x.step.TokenIn, x.step.TokenOut} {
		if ref == "" {
			continue
		}
		t, q, err := x.token(ref, slotTokenIn)
		if err != nil {
			return err
		}
		if q != nil || (!t.V.Same(in.TokenIn.V) && !t.V.Same(in.TokenOut.V)) {
			return refusal.New(refusal.UnknownToken, "%s is wrapped as %s on %s, nothing else is", x.network.Native.Symbol, in.TokenOut.V.Symbol, x.network.Name)
		}
	}
	return nil
}

func (x *resolver) money(slot string) (*Sourced[chain.Token], *Question, error) {
	if x.w.Money == "" {
		return nil, &Question{Text: questionFor(Swap, slot), Step: x.number, Missing: []string{slot}}, nil
	}
	return x.symbol(x.w.Money, FromDefault, "", slot)
}

// amount returns the quantity as said, and the step whose output it is a share of.
func (x *resolver) amount() (*Sourced[Quantity], int) {
	of, isShare := x.step.TokenIn.Output()
	if k, ok := x.step.Amount.Output(); ok {
		return &Sourced[Quantity]{Quantity{Form: All}, FromChain, OutputOf(k)}, k
	}
	s, ok := x.r.Span(x.step.Amount)
	if !ok {
		return nil, 0
	}
	if !isShare || !s.Quantity.partial() {
		of = 0
	}
	return &Sourced[Quantity]{*s.Quantity, FromUser, s.ID}, of
}

// recipient looks up who receives, or for an approval who may spend. Who is in no book is asked about.
func (x *resolver) recipient() (*Sourced[common.Address], *Question, error) {
	s, ok := x.r.Span(x.step.Recipient)
	if !ok {
		return nil, nil, nil
	}
	if s.Kind == AddressSpan {
		return &Sourced[common.Address]{s.Address.Value, FromUser, s.ID}, nil, nil
	}
	for label, a := range x.w.Book {
		if plain(label) == s.Value {
			return &Sourced[common.Address]{a, FromBook, s.ID}, nil, nil
		}
	}
	if strings.Contains(s.Value, ".") {
		return nil, nil, refusal.New(refusal.UnknownRecipient, "%s is a name service's, and this version does not look those up", s.Value).
			WithHint("give the full address, or add it to the book of your config under a name")
	}
	return nil, about(x.number, slotRecipient, "Your book has nobody called %s. Which address do you mean?", s.Text), nil
}

func (x *resolver) timing() *Timing {
	t := Timing{Kind: x.step.Kind, Condition: x.step.Condition}
	if s, ok := x.r.Span(x.step.Every); ok {
		t.Every = &Sourced[string]{everyWord(s), FromUser, s.ID}
	}
	if s, ok := x.r.Span(x.step.Trigger); ok {
		t.Trigger = &Sourced[string]{triggerWord(s), FromUser, s.ID}
	}
	if t == (Timing{}) {
		return nil
	}
	return &t
}

// everyWord is how often, without the mark of its kind.
func everyWord(s Span) string { return strings.TrimPrefix(s.Value, "every:") }

// triggerWord is a trigger as it is exported: the level alone for a price, else with what it is of.
func triggerWord(s Span) string {
	if s.Kind == TimeSpan {
		return s.Value
	}
	_, level, _ := strings.Cut(s.Value, ":")
	return level
}
