package tui

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// mailbox carries messages from the runner to the model. Putting never waits; the model takes all that is there at once, so a
// burst of events costs one drawing.
type mailbox struct {
	mu     sync.Mutex
	queue  []tea.Msg
	wake   chan struct{}
	closed chan struct{}
}

func newMailbox() *mailbox {
	return &mailbox{wake: make(chan struct{}, 1), closed: make(chan struct{})}
}

func (b *mailbox) put(m tea.Msg) {
	b.mu.Lock()
	b.queue = append(b.queue, m)
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *mailbox) take() []tea.Msg {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.queue
	b.queue = nil
	return all
}

func (b *mailbox) close() { close(b.closed) }

// delivery is what was in the mailbox.
type delivery []tea.Msg

// next waits for mail.
func (b *mailbox) next() tea.Msg {
	select {
	case <-b.wake:
		return delivery(b.take())
	case <-b.closed:
		return nil
	}
}

// The messages of a runner.
type (
	happened  struct{ event agent.Event }
	withdrawn struct{ answer chan<- answer }
	ended     struct{ err error }
)

// request is something that only the user can give. Exactly one of prepared, question and account counts.
type request struct {
	prepared *wallet.Prepared
	question *intents.Question
	account  common.Address
	attempt  int
	answer   chan<- answer
}

type answer struct {
	approval wallet.Approval
	text     string
	secret   []byte
	err      error
}

// front is the runner's side of the screen.
type front struct {
	mail *mailbox
	now  func() time.Time
}

var _ agent.Front = front{}

// Event hands the event over and returns.
func (f front) Event(e agent.Event) { f.mail.put(happened{e}) }

// Ask waits for an answer.
func (f front) Ask(ctx context.Context, q intents.Question) (string, error) {
	a := f.wait(ctx, request{question: &q})
	return a.text, a.err
}

// Approve waits for consent. What no consent helps is refused before it is shown.
func (f front) Approve(ctx context.Context, p *wallet.Prepared) (wallet.Approval, error) {
	if _, err := cli.ConsentFor(p, f.now()); err != nil {
		return wallet.Approval{}, err
	}
	a := f.wait(ctx, request{prepared: p})
	return a.approval, a.err
}

// Password waits for the account's password.
func (f front) Password(ctx context.Context, account common.Address, attempt int) ([]byte, error) {
	a := f.wait(ctx, request{account: account, attempt: attempt})
	return a.secret, a.err
}

func (f front) wait(ctx context.Context, r request) answer {
	got := make(chan answer, 1)
	r.answer = got
	f.mail.put(r)
	select {
	case a := <-got:
		return a
	case <-ctx.Done():
		f.mail.put(withdrawn{got})
		return answer{err: refusal.New(refusal.Interrupted, "stopped while waiting for you").Because(ctx.Err())}
	}
}
