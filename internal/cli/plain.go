package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

const (
	consentTries = 3
	answerTries  = 3
)

// Plain is the front end of append-only text: for plain terminals, screen readers, logs and pipes. What happened goes to Out,
// prompts and progress go to Err.
type Plain struct {
	Streams      *Streams
	Names        show.Names
	Now          func() time.Time
	PasswordFile string   // read instead of asking
	Approver     Approver // asked instead of the terminal; nil: the terminal

	shown common.Hash // digest of the request whose effects were printed last
	begun bool        // something was printed
}

var _ agent.Front = (*Plain)(nil)

// Event prints what happened.
func (f *Plain) Event(e agent.Event) {
	if e.Type == agent.Asked {
		return // Ask prints the question
	}
	w := f.Streams.Out
	if e.Type == agent.Progressed {
		w = f.Streams.Err
	}
	f.print(w, show.Event(e, f.Names))
	if e.Type == agent.Simulated && e.Prepared != nil {
		f.shown = e.Prepared.Digest
	}
}

func (f *Plain) print(w io.Writer, blocks []show.Block) {
	for _, b := range blocks {
		if b.Title != "" && f.begun {
			fmt.Fprintln(w)
		}
		f.begun = true
		for _, l := range b.Text(f.Streams.Width(), show.KeepWords) {
			fmt.Fprintln(w, l)
		}
	}
}

// Ask prints the question and reads the answer, which may be an option's number.
func (f *Plain) Ask(ctx context.Context, q intents.Question) (string, error) {
	f.print(f.Streams.Err, []show.Block{show.Question(q)})
	if !f.Streams.Interactive() {
		return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
	}
	for range answerTries {
		text, err := f.Streams.Line(ctx, "answer: ")
		if err != nil {
			return "", stopped(err, refusal.New(refusal.NeedsAnswer, "%s", q.Text))
		}
		if answer, ok := Choose(q, text); ok {
			return answer, nil
		}
		fmt.Fprintln(f.Streams.Err, "type one of the options, or its number")
	}
	return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
}

// Choose reads an answer to q: its words, or an option by its name, number or place. It is not ok where it is empty, or where q
// has options and the answer is none of them. What takes the request back (never mind) answers every question.
func Choose(q intents.Question, text string) (answer string, ok bool) {
	text = strings.TrimSpace(text)
	if len(q.Options) == 0 || intents.TakesBack(text) {
		return text, text != ""
	}
	answer = intents.Named(q.Options, text)
	return answer, answer != ""
}

// Approve prints what would be signed and asks for the last characters of its digest. Enter alone, and anything typed before
// the digest was shown, signs nothing.
func (f *Plain) Approve(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	consent, err := LineConsentFor(p, f.Now())
	if err != nil {
		return wallet.Approval{}, err
	}
	if f.shown != p.Digest {
		f.print(f.Streams.Out, []show.Block{show.Effects(p, f.Names), show.Verdict(p.Verdict)})
	}
	seal := show.Seal(p)
	seal.Lines = append(seal.Lines, show.Line{Label: "expires", Text: "in " + show.Left(p, f.Now()).String()})
	f.print(f.Streams.Out, []show.Block{seal})
	if f.Approver != nil {
		return f.Approver(ctx, p)
	}
	if !f.Streams.Interactive() {
		return wallet.Approval{}, refusal.New(refusal.NeedsApproval, "there is nobody to approve it")
	}
	return f.consent(ctx, p, consent)
}

func (f *Plain) consent(ctx context.Context, p *wallet.Prepared, c Consent) (wallet.Approval, error) {
	declined := refusal.New(refusal.Declined, "you declined it")
	ctx, cancel := context.WithTimeout(ctx, p.Expires.Sub(f.Now()))
	defer cancel()
	for range consentTries {
		text, err := f.Streams.Line(ctx, fmt.Sprintf("sign on %s (%s)? type %s (%s), or no: ", show.Sanitize(p.Network.Name), show.Money(p.Network), c.Word, c.Of))
		if errors.Is(err, context.DeadlineExceeded) || err == nil && !f.Now().Before(p.Expires) {
			return wallet.Approval{}, refusal.New(refusal.ApprovalExpired, "nobody approved it in time")
		}
		if err != nil {
			return wallet.Approval{}, stopped(err, declined)
		}
		switch answer := strings.ToLower(strings.TrimSpace(text)); answer {
		case strings.ToLower(c.Word):
			return wallet.Approve(p, "terminal", f.Now()), nil
		case "n", "no":
			return wallet.Approval{}, declined
		}
		fmt.Fprintln(f.Streams.Err, "that signs nothing")
	}
	return wallet.Approval{}, declined
}

// Password reads the password file, or asks on the terminal.
func (f *Plain) Password(ctx context.Context, account common.Address, attempt int) ([]byte, error) {
	if f.PasswordFile != "" {
		return filePassword(f.PasswordFile, attempt)
	}
	if !f.Streams.Interactive() {
		return nil, nobodyUnlocks()
	}
	prompt := fmt.Sprintf("password of %s: ", account.Hex())
	if attempt > 1 {
		prompt = fmt.Sprintf("wrong; password of %s (try %d of 3): ", account.Hex(), attempt)
	}
	text, err := f.Streams.Secret(ctx, prompt)
	if err != nil {
		return nil, stopped(err, refusal.New(refusal.Locked, "no password was given"))
	}
	return text, nil
}

func filePassword(path string, attempt int) ([]byte, error) {
	if attempt > 1 {
		return nil, refusal.New(refusal.Locked, "the password in %s is wrong", path)
	}
	return PasswordFile(path)
}

func nobodyUnlocks() error {
	return refusal.New(refusal.Locked, "there is nobody to ask for the password").
		WithHint("run it in a terminal, or name a file with --password-file")
}

// stopped says why a prompt got no answer: the run was stopped, or the user closed the input.
func stopped(err error, closed *refusal.Error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return refusal.New(refusal.Interrupted, "stopped while waiting for you").Because(err)
	}
	if _, ok := refusal.As(err); ok {
		return err
	}
	if errors.Is(err, io.EOF) {
		return closed
	}
	return closed.Because(err)
}
