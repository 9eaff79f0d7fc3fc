package cli

import (
	"context"
	"encoding/json"
	"io"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// schema is the version of everything that --json prints.
const schema = 1

// JSON is the front end for programs: one event a line. It asks nobody; consent comes from Grant or not at all.
type JSON struct {
	Out          io.Writer
	Grant        Approver
	PasswordFile string

	err error
}

var _ agent.Front = (*JSON)(nil)

// Event writes one line. What an error quotes of an endpoint is taken out, because it may be a token.
func (f *JSON) Event(e agent.Event) {
	if f.err != nil {
		return
	}
	if e.Refusal != nil {
		r := *e.Refusal
		r.Detail, r.Hint = show.RedactURLs(r.Detail), show.RedactURLs(r.Hint)
		e.Refusal = &r
	}
	f.err = json.NewEncoder(f.Out).Encode(e)
}

// Err is the first error of writing; after it nothing is written any more, and nothing is approved.
func (f *JSON) Err() error { return f.err }

// Ask refuses: there is nobody to ask.
func (f *JSON) Ask(_ context.Context, q intents.Question) (string, error) {
	return "", refusal.New(refusal.NeedsAnswer, "%s", q.Text)
}

// Approve asks Grant.
func (f *JSON) Approve(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	if f.err != nil {
		return wallet.Approval{}, refusal.New(refusal.NeedsApproval, "nobody reads the events").Because(f.err)
	}
	if f.Grant == nil {
		return wallet.Approval{}, refusal.New(refusal.NeedsApproval, "there is nobody to approve it")
	}
	return f.Grant(ctx, p)
}

// Password reads the password file.
func (f *JSON) Password(_ context.Context, _ common.Address, attempt int) ([]byte, error) {
	if f.PasswordFile == "" {
		return nil, nobodyUnlocks()
	}
	return filePassword(f.PasswordFile, attempt)
}
