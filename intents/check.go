package intents

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/keymaker-agent/keymaker/refusal"
)

// maxSteps is the longest plan.
const maxSteps = 8

// slot names a field of Step, as it is exported and asked for.
const (
	slotTokenIn   = "token_in"
	slotTokenOut  = "token_out"
	slotAmount    = "amount"
	slotChain     = "chain"
	slotDestChain = "dest_chain"
	slotRecipient = "recipient"
	slotSlippage  = "slippage"
	slotMinOut    = "min_out"
	slotEvery     = "every"
	slotTrigger   = "trigger"
	slotVenue     = "venue"
	slotAgainst   = "against"
	slotTerm      = "term"
	slotProposal  = "proposal"
	slotChoice    = "choice"
	slotAction    = "action"
)

// orderSlots are the slots of an order that may also wait, or be watched for.
var orderSlots = []string{
	slotTokenIn, slotTokenOut, slotAmount, slotRecipient, slotChain, slotDestChain, slotSlippage, slotMinOut, slotEvery, slotTrigger, slotVenue, slotAgainst,
}

// slots are the fields of a step that hold a reference, in the order in which they are asked for.
var slots = append(slices.Clone(orderSlots), slotTerm, slotProposal, slotChoice)

// slot returns the place of a field.
func (s *Step) slot(name string) *Ref {
	switch name {
	case slotTokenIn:
		return &s.TokenIn
	case slotTokenOut:
		return &s.TokenOut
	case slotAmount:
		return &s.Amount
	case slotRecipient:
		return &s.Recipient
	case slotChain:
		return &s.Chain
	case slotDestChain:
		return &s.DestChain
	case slotSlippage:
		return &s.Slippage
	case slotMinOut:
		return &s.MinOut
	case slotEvery:
		return &s.Every
	case slotTrigger:
		return &s.Trigger
	case slotVenue:
		return &s.Venue
	case slotAgainst:
		return &s.Against
	case slotTerm:
		return &s.Term
	case slotProposal:
		return &s.Proposal
	case slotChoice:
		return &s.Choice
	}
	return nil
}

// kindsOf tells which spans may stand in a slot.
var kindsOf = map[string][]SpanKind{
	slotTokenIn: {TokenSpan, AddressSpan}, slotTokenOut: {TokenSpan, AddressSpan}, slotAmount: {AmountSpan}, slotRecipient: {AddressSpan, NameSpan},
	slotChain: {ChainSpan}, slotDestChain: {ChainSpan}, slotSlippage: {SlippageSpan}, slotMinOut: {MinOutSpan}, slotEvery: {TimeSpan},
	slotTrigger: {CondSpan, TimeSpan}, slotVenue: {VenueSpan}, slotAgainst: {TokenSpan},
	slotTerm: {TimeSpan}, slotProposal: {NumberSpan}, slotChoice: {ChoiceSpan},
}

// form is what an action needs and may have.
type form struct {
	needs []string
	may   []string
	makes bool // its output can be named by a later step
}

var forms = map[Action]form{
	Swap: {
		makes: true, needs: []string{slotTokenIn, slotTokenOut, slotAmount},
		may: []string{slotChain, slotRecipient, slotSlippage, slotMinOut, slotVenue},
	},
	Bridge: {
		makes: true, needs: []string{slotTokenIn, slotAmount, slotDestChain},
		may: []string{slotChain, slotRecipient, slotSlippage, slotMinOut, slotVenue, slotTokenOut},
	},
	Transfer:    {needs: []string{slotTokenIn, slotAmount, slotRecipient}, may: []string{slotChain}},
	Approve:     {needs: []string{slotTokenIn, slotAmount, slotRecipient}, may: []string{slotChain, slotVenue}},
	Revoke:      {needs: []string{slotTokenIn}, may: []string{slotRecipient, slotChain, slotVenue, slotAmount}},
	Wrap:        {makes: true, needs: []string{slotAmount}, may: []string{slotTokenIn, slotTokenOut, slotChain}},
	Unwrap:      {makes: true, needs: []string{slotAmount}, may: []string{slotTokenIn, slotTokenOut, slotChain}},
	Stake:       {makes: true, needs: []string{slotTokenIn, slotAmount}, may: []string{slotChain, slotVenue, slotTokenOut}},
	Lend:        {needs: []string{slotTokenIn, slotAmount}, may: []string{slotChain, slotVenue}},
	Withdraw:    {makes: true, needs: []string{slotTokenIn, slotAmount}, may: []string{slotChain, slotVenue, slotRecipient, slotTokenOut}},
	Borrow:      {makes: true, needs: []string{slotTokenIn, slotAmount}, may: []string{slotChain, slotVenue, slotTokenOut, slotAgainst}},
	Repay:       {needs: []string{slotTokenIn, slotAmount}, may: []string{slotChain, slotVenue}},
	Schedule:    {needs: []string{slotTokenIn, slotTokenOut, slotAmount}, may: orderSlots},
	Alert:       {may: orderSlots},
	Balance:     {may: []string{slotTokenIn, slotChain, slotRecipient, slotVenue}},
	Price:       {needs: []string{slotTokenIn}, may: []string{slotTokenOut, slotAmount, slotChain, slotVenue}},
	QuoteOnly:   {may: []string{slotTokenIn, slotTokenOut, slotAmount, slotChain, slotDestChain, slotSlippage, slotMinOut, slotVenue}},
	RiskCheck:   {may: []string{slotTokenIn, slotRecipient, slotChain, slotVenue}},
	YieldSearch: {may: []string{slotTokenIn, slotAmount, slotChain, slotVenue}},
	TxStatus:    {may: []string{slotTokenIn, slotTokenOut, slotAmount, slotChain, slotDestChain, slotRecipient, slotVenue}},
	None:        {},
	Other:       {may: orderSlots},
	Claim:       {may: []string{slotTokenIn, slotAmount, slotChain}},
	Earned:      {may: []string{slotTokenIn, slotChain}},
	Lock:        {needs: []string{slotTokenIn, slotAmount, slotTerm}, may: []string{slotChain}},
	Vote:        {needs: []string{slotProposal, slotChoice}, may: []string{slotChain}},
}

// Check holds a draft against the reading that it was made from. A question comes back where something is missing or was left
// over; an error is a refusal (ungrounded, bad_address, hostile_text, not_an_order). Neither means: accepted.
func Check(r *Reading, d Draft) (*Question, error) {
	if err := Hostile(r); err != nil {
		return nil, err
	}
	if len(d.Steps) == 0 && len(d.Missing) == 0 {
		return nil, refusal.New(refusal.NotUnderstood, "no planner covers the sentence")
	}
	if len(d.Steps) > maxSteps {
		return nil, refusal.New(refusal.Ungrounded, "%d steps, at most %d are planned at once", len(d.Steps), maxSteps)
	}
	for _, gap := range d.Missing {
		if gap != slotAction && !slices.Contains(slots, gap) || len(d.Missing) > len(slots) {
			return nil, refusal.New(refusal.Ungrounded, "the draft asks for what no step has")
		}
	}
	for i := range d.Steps {
		if err := grounded(r, d, i); err != nil {
			return nil, err
		}
	}
	for _, s := range d.Steps {
		switch s.Action {
		case None:
			return nil, refusal.New(refusal.NotAnOrder, "no order is in these words")
		case Other:
			return nil, refusal.New(refusal.NotYet, "a wish that this version has no tool for")
		}
	}
	if err := denied(r, d); err != nil {
		return nil, err
	}
	if len(d.Missing) > 0 {
		return askFor(d, d.Missing), nil
	}
	if q := spoilt(r, d); q != nil {
		return q, nil
	}
	for i := range d.Steps {
		if err := unwrappable(r, d, i); err != nil {
			return nil, err
		}
	}
	for i := range d.Steps {
		if q := incomplete(r, d, i); q != nil {
			return q, nil
		}
	}
	return uncovered(r, d), nil
}

// Hostile refuses a text whose characters are not what they look like.
func Hostile(r *Reading) error {
	found := slices.DeleteFunc(slices.Clone(r.Marks), func(m string) bool { return m == MarkFollowUp })
	if len(found) == 0 {
		return nil
	}
	return refusal.New(refusal.HostileText, "the text is marked %s", strings.Join(found, ", "))
}

// grounded refuses a step that points at what is not there, or not the user's, or not of the slot's kind.
func grounded(r *Reading, d Draft, i int) error {
	s := d.Steps[i]
	f, known := forms[s.Action]
	if !known {
		return refusal.New(refusal.Ungrounded, "step %d: no such action", i+1)
	}
	if s.Side != "" && s.Side != In && s.Side != Out {
		return refusal.New(refusal.Ungrounded, "step %d: no such side", i+1)
	}
	if s.Kind != "" && !scheduleKinds[s.Kind] {
		return refusal.New(refusal.Ungrounded, "step %d: no such kind of schedule", i+1)
	}
	for _, name := range slots {
		ref := *s.slot(name)
		if ref == "" {
			continue
		}
		if !slices.Contains(f.needs, name) && !slices.Contains(f.may, name) {
			return refusal.New(refusal.Ungrounded, "step %d: %s has no %s", i+1, s.Action, name)
		}
		if n, ok := ref.Output(); ok {
			if (name != slotTokenIn && name != slotAmount) || n > i || n < 1 || !forms[d.Steps[n-1].Action].makes {
				return refusal.New(refusal.Ungrounded, "step %d: %s can't be the output of step %d", i+1, name, n)
			}
			continue
		}
		span, ok := r.Span(ref)
		if !ok || !slices.Contains(kindsOf[name], span.Kind) {
			return refusal.New(refusal.Ungrounded, "step %d: %s points at nothing in the sentence that could be one", i+1, name)
		}
		if !span.Eligible {
			return refusal.New(refusal.NotAnOrder, "%s stands in quoted or pasted text", name)
		}
	}
	if n, ok := s.Amount.Output(); ok && s.TokenIn != "" {
		if m, ok := s.TokenIn.Output(); !ok || m != n {
			return refusal.New(refusal.Ungrounded, "step %d: the amount is of another step than the token", i+1)
		}
	}
	return conditioned(r, s, i)
}

var scheduleKinds = words(`dca limit stop twap recurring once`)

// conditioned refuses a condition that the words do not say.
func conditioned(r *Reading, s Step, i int) error {
	span, ok := r.Span(s.Trigger)
	if !ok || span.Kind != CondSpan {
		if s.Condition != "" {
			return refusal.New(refusal.Ungrounded, "step %d: a condition without a level", i+1)
		}
		return nil
	}
	way, _, _ := strings.Cut(span.Value, ":")
	if s.Condition != "below" && s.Condition != "above" || (way != "at" && way != s.Condition) {
		return refusal.New(refusal.Ungrounded, "step %d: the condition is not the one of the sentence", i+1)
	}
	return nil
}

// Output returns the number of the step whose output the ref is, if it is one.
func (ref Ref) Output() (int, bool) {
	digits, ok := strings.CutPrefix(string(ref), "out:")
	if !ok || len(digits) != 1 {
		return 0, false
	}
	n, err := strconv.Atoi(digits)
	return n, err == nil
}

// OutputOf is the ref of a step's output.
func OutputOf(step int) Ref { return Ref(fmt.Sprintf("out:%d", step)) }

// denied refuses to move money for a sentence that says not to.
func denied(r *Reading, d Draft) error {
	if !d.Moves() {
		return nil
	}
	if r.reports() {
		return refusal.New(refusal.NotAnOrder, "the words report what was done")
	}
	pieces := r.Pieces()
	for i := 0; i < len(pieces); i++ {
		p := pieces[i]
		if n := asideAt(pieces, i); n > 0 {
			i += n - 1
			continue
		}
		if p.Span == nil && !p.Foreign && (r.denies(pieces, i) || endings[p.Word] && !revokes(d)) {
			return refusal.New(refusal.NotAnOrder, "%q says not to", p.Word)
		}
	}
	return nil
}

// asideAt returns how many words at piece i are a manner of speaking that denies nothing of an order.
func asideAt(pieces []Piece, i int) int {
	for _, aside := range asides {
		n := 0
		for n < len(aside) && i+n < len(pieces) && pieces[i+n].Span == nil && pieces[i+n].Word == aside[n] {
			n++
		}
		if n == len(aside) {
			return n
		}
	}
	return 0
}

// asides are tried in order.
var asides = fieldsOf(`no rush, no hurry, no problem, no problems, no worries, no pressure, no stress, no joke, no biggie, no drama, no dramas, no sweat, no big deal,
	no need to rush, no need to hurry, no matter what, no doubt, not urgent, not in a hurry, not in a rush, don't ask why, dont ask why, not financial advice`)

// fieldsOf cuts phrases, with commas between them, into words.
func fieldsOf(list string) [][]string {
	var phrases [][]string
	for said := range strings.SplitSeq(list, ",") {
		phrases = append(phrases, strings.Fields(said))
	}
	return phrases
}

var negations = words(`not don't dont never cannot can't cant won't wont wouldn't shouldn't doesn't didn't isn't no nope neither nor without refuse
	didnt doesnt isnt wasnt wasn't shouldnt wouldnt couldnt couldn't havent haven't hasnt hasn't aint ain't nah`)

// endings say not to, unless it is an allowance that ends.
var endings = words(`stop cancel abort undo`)

func revokes(d Draft) bool {
	return !slices.ContainsFunc(d.Steps, func(s Step) bool { return s.Action.Moves() && s.Action != Revoke && s.Kind != "stop" })
}

// spoilt asks again for an address or an amount that can't be read for sure.
func spoilt(r *Reading, d Draft) *Question {
	for _, span := range r.Spans {
		if !span.Eligible || r.settled(span) {
			continue
		}
		step, name := userOf(d, span.ID)
		switch {
		case span.Address != nil && span.Address.Check == AddressBadSum:
			return about(step, orDefault(name, slotRecipient), "The address %s has a wrong checksum. Please give the whole address again.", span.Text)
		case span.Address != nil && span.Address.Check == AddressBadLength:
			return about(step, orDefault(name, slotRecipient), "%s is not a whole address. Please give all 42 characters.", span.Text)
		case span.Kind == AmountSpan && span.Quantity == nil:
			return about(step, slotAmount, "I can't read %q for sure. Which amount, as a plain number?", span.Text)
		case span.Kind == AmountSpan && name == slotAmount && isZero(span.Quantity.Number) && span.Quantity.Form != All:
			return about(step, slotAmount, "The amount is zero. How much do you want?")
		case span.Kind == AmountSpan && name == slotAmount && span.Quantity.Form == Exact && r.saidNext(span, "worth"): // 50 worth of ETH
			return about(step, slotAmount, "Is %s meant in dollars, or of which token? Please give the amount with its unit.", span.Text)
		case span.Kind == AmountSpan && span.Quantity.Form == Share && overHundred(span.Quantity.Number):
			return about(step, slotAmount, "%s is more than everything. How much do you want?", span.Text)
		case span.Kind == TokenSpan && name != "" && len(span.Near) > 0 && !r.answered(span):
			q := about(step, name, "No list of yours has %s. Which token do you mean?", span.Symbol)
			q.Options = append(slices.Clone(span.Near), span.Symbol)
			return q
		case span.Kind == SlippageSpan && span.Bps == 0:
			return about(step, slotSlippage, "I can't read %q for sure. Which slippage, such as 0.5%%?", span.Text)
		}
	}
	return nil
}

// saidNext reports whether a word follows a span.
func (r *Reading) saidNext(s Span, word string) bool {
	next := strings.Fields(strings.ToLower(r.Text[s.End:]))
	return len(next) > 0 && next[0] == word
}

// answered reports whether a span stands in the answer to a question about a slot.
func (r *Reading) answered(s Span) bool {
	for _, a := range slices.Backward(r.Answers) {
		if s.Start >= a.Start {
			return len(a.Slots) > 0
		}
	}
	return false
}

func overHundred(number string) bool {
	whole, frac, _ := strings.Cut(number, ".")
	return len(whole) > 3 || (len(whole) == 3 && (whole > "100" || frac != ""))
}

func orDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}

// userOf returns the first step, from 1, and the slot that use a span.
func userOf(d Draft, id Ref) (int, string) {
	for i := range d.Steps {
		for _, name := range slots {
			if *d.Steps[i].slot(name) == id {
				return i + 1, name
			}
		}
	}
	return 0, ""
}

// incomplete asks for what a step needs and does not have, and for a side that the words do not bear out.
func incomplete(r *Reading, d Draft, i int) *Question {
	s := d.Steps[i]
	var missing []string
	for _, name := range forms[s.Action].needs {
		if *s.slot(name) == "" && !excused(r, s, name) {
			missing = append(missing, name)
		}
	}
	if s.Action == Schedule && s.Every == "" && s.Trigger == "" {
		missing = append(missing, slotTrigger)
	}
	if wraps := s.Action == Wrap || s.Action == Unwrap; wraps && s.TokenIn == "" && s.TokenOut == "" && !r.says(WrapVerb) && !r.says(UnwrapVerb) {
		missing = append(missing, slotTokenIn) // else the coin would be one that nobody named
	}
	if len(missing) > 0 {
		q := askFor(d, missing)
		q.Step = i + 1
		return q
	}
	if q := endless(r, s, i); q != nil {
		return q
	}
	if q := senseless(r, d, i); q != nil {
		return q
	}
	return misplaced(r, s, i)
}

// excused reports whether a needed slot may stay empty: the money side of buy and sell, which a named default fills, and the
// amount of a step that takes what an earlier one made.
func excused(r *Reading, s Step, name string) bool {
	switch {
	case s.Action == Swap && name == slotTokenIn:
		return s.TokenOut != "" && s.Amount != "" && (s.Side == Out || isDollars(r, s.Amount)) && r.says(BuyVerb)
	case s.Action == Swap && name == slotTokenOut:
		return s.TokenIn != "" && s.Amount != "" && s.Side != Out && r.says(SellVerb)
	case s.Action == Schedule && name == slotTokenOut:
		return s.Recipient != "" || s.TokenIn != "" && s.Side != Out && r.says(SellVerb)
	case s.Action == Schedule && name == slotTokenIn:
		return s.TokenOut != "" && (s.Side == Out || isDollars(r, s.Amount)) && r.says(BuyVerb)
	case name == slotRecipient && s.Action == Approve:
		return s.Venue != ""
	}
	return false
}

func isDollars(r *Reading, amount Ref) bool {
	span, ok := r.Span(amount)
	return ok && span.Quantity != nil && span.Quantity.Form == Dollars
}

// says reports whether one of the user's own words is a verb of the family.
func (r *Reading) says(f Family) bool {
	p := reader{text: r.Text, ws: r.inSense()}
	for i, w := range p.ws {
		if got, ok := p.family(i); ok && got == f && w.own {
			return true
		}
	}
	return false
}

// same reports whether two refs say the same thing.
func same(r *Reading, a, b Ref) bool {
	if a == "" || b == "" {
		return false
	}
	x, okX := r.Span(a)
	y, okY := r.Span(b)
	return okX && okY && x.means(y)
}

// means reports whether two spans say the same thing. Amounts never do: each is meant once.
func (s Span) means(o Span) bool {
	if s.ID == o.ID {
		return true
	}
	if s.Kind != o.Kind {
		return false
	}
	switch s.Kind {
	case TokenSpan:
		return s.Symbol == o.Symbol
	case ChainSpan:
		return s.Chain == o.Chain
	case AddressSpan:
		return s.Address.Value == o.Address.Value && s.Address.Check == o.Address.Check
	case NameSpan, TimeSpan, CondSpan:
		return s.Value == o.Value
	case VenueSpan:
		return s.Venue == o.Venue
	case SlippageSpan:
		return s.Bps == o.Bps
	case NumberSpan, ChoiceSpan:
		return s.Value == o.Value
	}
	return false
}

// misplaced asks where an amount stands before one token in the words, and on the side of another in the draft.
func misplaced(r *Reading, s Step, i int) *Question {
	amount, ok := r.Span(s.Amount)
	if !ok {
		return nil
	}
	token, ok := r.tokenOf(amount)
	if !ok {
		return nil
	}
	side := s.TokenIn
	if s.Side == Out {
		side = s.TokenOut
	}
	got, ok := r.Span(side)
	if !ok || got.means(token) || r.settled(token) || s.Action == Wrap || s.Action == Unwrap {
		return nil
	}
	return about(i+1, slotAmount, "Is %s an amount of %s? Please say how much of which token.", amount.Text, got.Text)
}

// tokenOf returns the token that stands right after an amount: 5 USDC, half of my ETH.
func (r *Reading) tokenOf(amount Span) (Span, bool) {
	if amount.Quantity != nil && amount.Quantity.Form == Dollars {
		return Span{}, false
	}
	for _, s := range r.Spans {
		if s.Start < amount.End {
			continue
		}
		between := strings.Fields(strings.ToLower(r.Text[amount.End:s.Start]))
		if s.Kind != TokenSpan || slices.ContainsFunc(between, func(w string) bool { return !belongs[w] }) {
			return Span{}, false
		}
		return s, true
	}
	return Span{}, false
}

// uncovered asks about a span that says something about money and that no step uses, and about one amount moved twice.
func uncovered(r *Reading, d Draft) *Question {
	uses, moved := map[Ref]int{}, map[Ref]int{}
	for i := range d.Steps {
		for _, name := range slots {
			ref := *d.Steps[i].slot(name)
			uses[ref]++
			if d.Steps[i].Action.Moves() {
				moved[ref]++
			}
		}
	}
	for _, span := range r.Spans {
		if span.Kind == AmountSpan && moved[span.ID] > 1 { // also where an answer has settled one of the two
			return about(0, slotAction, "Is %s meant once or more than once? Please say each step with its own amount.", span.Text)
		}
		if !span.Eligible || r.settled(span) || span.Kind == HashSpan && !d.Moves() || span.Kind == AmountSpan && looks(d) {
			continue
		}
		if uses[span.ID] == 0 && !covered(r, uses, span) {
			return about(0, slotAction, "You also said %q, and I don't know what it is for. Please say it all in one plain sentence.", span.Text)
		}
	}
	return nil
}

// looks reports whether a draft only looks something up of which amounts are no part: my whole portfolio, anything above 5 %.
func looks(d Draft) bool {
	return !slices.ContainsFunc(d.Steps, func(s Step) bool {
		switch s.Action {
		case Balance, YieldSearch, RiskCheck, TxStatus:
			return false
		}
		return true
	})
}

// covered reports whether a span repeats one that is used.
func covered(r *Reading, uses map[Ref]int, span Span) bool {
	for _, other := range r.Spans {
		if uses[other.ID] > 0 && span.means(other) {
			return true
		}
	}
	return false
}
