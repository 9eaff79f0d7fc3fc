package intents

import "github.com/keymaker-agent/keymaker/refusal"

// Outcome is what came of a sentence.
type Outcome string

// The outcomes.
const (
	Drafted  Outcome = "draft"
	Asked    Outcome = "question"
	Declined Outcome = "refusal"
	Nothing  Outcome = "none"
)

// Report is what came of one sentence, in the form that programs read: one line of keymaker plan --batch.
type Report struct {
	ID      string    `json:"id,omitempty"`
	Outcome Outcome   `json:"outcome"`
	Draft   *Exported `json:"draft,omitempty"`
	Missing []string  `json:"missing,omitempty"` // of a question
	Reason  string    `json:"reason,omitempty"`  // of a refusal
	Micros  int64     `json:"micros"`
}

// Exported is a draft with its words in place of its refs. All values are strings, so that no reader rounds them.
type Exported struct {
	Action         string     `json:"action"`
	TokenIn        string     `json:"token_in,omitempty"`
	TokenOut       string     `json:"token_out,omitempty"`
	Amount         string     `json:"amount,omitempty"`
	AmountSide     string     `json:"amount_side,omitempty"`
	AmountUnit     string     `json:"amount_unit,omitempty"`
	AmountOf       string     `json:"amount_of,omitempty"`
	Chain          string     `json:"chain,omitempty"`
	DestChain      string     `json:"dest_chain,omitempty"`
	Recipient      string     `json:"recipient,omitempty"`
	RecipientCheck string     `json:"recipient_check,omitempty"`
	Slippage       string     `json:"slippage,omitempty"`
	MinOut         string     `json:"min_out,omitempty"`
	Kind           string     `json:"kind,omitempty"`
	Every          string     `json:"every,omitempty"`
	Condition      string     `json:"condition,omitempty"`
	Trigger        string     `json:"trigger,omitempty"`
	Venue          string     `json:"venue,omitempty"`
	Against        string     `json:"against,omitempty"`
	Term           string     `json:"term,omitempty"`
	Proposal       string     `json:"proposal,omitempty"`
	Choice         string     `json:"choice,omitempty"`
	Steps          []Exported `json:"steps,omitempty"`
}

// Wants reports whether a draft asks for anything at all.
func (d Draft) Wants() bool {
	for _, s := range d.Steps {
		if s.Action != None {
			return true
		}
	}
	return len(d.Missing) > 0
}

// ReportOf says what came of a draft that Check accepted, or asked q about.
func ReportOf(r *Reading, d Draft, q *Question) Report {
	switch {
	case !d.Wants():
		return Report{Outcome: Nothing}
	case q != nil:
		return Report{Outcome: Asked, Missing: q.Missing}
	}
	e := Export(r, d)
	return Report{Outcome: Drafted, Draft: &e}
}

// Accept is Check for a draft that may say that nothing is asked for: such a draft is accepted as what it is, unless the text
// hides something.
func Accept(r *Reading, d Draft) (*Question, error) {
	if len(d.Steps) > 0 && !d.Wants() {
		return nil, Hostile(r)
	}
	return Check(r, d)
}

// Judge says what comes of a draft.
func Judge(r *Reading, d Draft) Report {
	q, err := Accept(r, d)
	if err != nil {
		return Refused(err)
	}
	return ReportOf(r, d, q)
}

// Refused is the report of a refusal.
func Refused(err error) Report {
	if e, ok := refusal.As(err); ok {
		return Report{Outcome: Declined, Reason: string(e.Reason)}
	}
	return Report{Outcome: Declined, Reason: err.Error()}
}
