package cli

import (
	"context"
	"slices"
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Approver is asked for the consent to what p would sign.
type Approver func(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error)

// Consent is what a person types to sign a request.
type Consent struct {
	Word string
	Of   string // what the word is taken from, for the prompt
}

// ConsentFor says what has to be typed on a screen that guards itself against keys typed before it appeared: y where nothing
// speaks against the request; else the last four characters of the recipient or, without one, of the digest. It is a refusal
// where no consent helps: a verdict of deny, no simulation or one that fails, or an expired request.
func ConsentFor(p *wallet.Prepared, now time.Time) (Consent, error) {
	if err := open(p, now); err != nil {
		return Consent{}, err
	}
	if p.Verdict.Decision == wallet.Allow {
		return Consent{Word: "y", Of: "yes"}, nil
	}
	if p.Bound.Recipient != nil {
		return Consent{Word: tail(p.Bound.Recipient.Hex()), Of: "recipient's last 4 characters"}, nil
	}
	return digestConsent(p), nil
}

// LineConsentFor is ConsentFor where a line may have been typed before the request was shown: the word is always of the
// digest, which nobody can know before.
func LineConsentFor(p *wallet.Prepared, now time.Time) (Consent, error) {
	if err := open(p, now); err != nil {
		return Consent{}, err
	}
	return digestConsent(p), nil
}

func digestConsent(p *wallet.Prepared) Consent {
	return Consent{Word: tail(p.Digest.Hex()), Of: "digest's last 4 characters"}
}

func tail(s string) string { return s[len(s)-4:] }

func open(p *wallet.Prepared, now time.Time) error {
	verdict := p.Verdict
	if slices.ContainsFunc(verdict.Findings, func(f wallet.Finding) bool { return f.Decision == wallet.Deny }) {
		verdict.Decision = wallet.Deny
	}
	if err := verdict.Refusal(); err != nil {
		return err
	}
	switch {
	case verdict.Decision != wallet.Ask && verdict.Decision != wallet.Allow:
		return refusal.New(refusal.EffectsUnknown, "the policy said neither yes, nor no, nor ask")
	case p.Effects == nil || len(p.Effects.Txs) == 0:
		return refusal.New(refusal.NoSimulation, "there is no simulation of what would be signed")
	case !p.Effects.OK():
		return refusal.New(refusal.Reverted, "the dry run shows that a call fails")
	case !now.Before(p.Expires):
		return refusal.New(refusal.ApprovalExpired, "nobody approved it in time")
	}
	return nil
}
