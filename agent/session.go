package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/tools"
	"github.com/keymaker-agent/keymaker/wallet"
)

// Gate is the way to a signature. *wallet.Gate is the only one that signs.
type Gate interface {
	Prepare(ctx context.Context, f *fork.Fork, p wallet.Proposal) (*wallet.Prepared, error)
	Execute(ctx context.Context, p *wallet.Prepared, a wallet.Approval, password wallet.PasswordFunc, moved func(wallet.Update)) ([]wallet.Receipt, error)
}

// Chains opens networks for a session.
type Chains interface {
	// Fork pins the newest block of a network. In a dry run it is the same fork each time, with what earlier steps did.
	Fork(ctx context.Context, network chain.Network) (*fork.Fork, error)
	// Gate leads to signatures on a network.
	Gate(ctx context.Context, network chain.Network) (Gate, error)
	// Tip is what a transaction would offer above the base fee, in wei per gas.
	Tip(ctx context.Context, network chain.Network) (uint256.Int, error)
}

// Journal keeps what happened, append-only. An event is in the journal before any front end sees it.
type Journal interface {
	StartRun(ctx context.Context, b Beginning) error
	Append(ctx context.Context, run string, seq int, kind string, payload []byte) error
	StartStep(ctx context.Context, run string, step int, action intents.Action, tool tools.Spec) error
	MoveStep(ctx context.Context, run string, step int, on StepEvent) error
	FinishRun(ctx context.Context, run string, e Ending) error
}

// Beginning is a run as it starts: what was asked, and through which front end, which is who is paid as community.
type Beginning struct {
	Run     string
	Words   string
	Front   string // tui, plain, json, or the name of a program that embeds the agent
	Network string // the one that counts where the words name none
	Account common.Address
	DryRun  bool
	Started time.Time
}

// Ending is how a run ended and who read its words. The rewards ledger reads it from the journal.
type Ending struct {
	Planner  string
	Digest   string         // of the planner's model, where it has one
	Provider string         // who ran that model; empty: this machine
	Reason   refusal.Reason // empty: the run was done
	Ended    time.Time
}

// Config is what a session is made of.
type Config struct {
	Understander *Understander
	Tools        *tools.Registry
	World        intents.World
	Chains       Chains
	Journal      Journal
	Account      common.Address
	Limits       tools.Limits
	Front        string
	DryRun       bool
	Clock        func() time.Time
	NewRun       func() string // a fresh id of a run
}

// Session runs requests one after the other. They are one conversation: a request may change the one before it.
type Session struct {
	Config
	last     *memory // nil: there is nothing that a request could change
	followed bool
}

// New makes a session.
func New(c Config) *Session { return &Session{Config: c} }

// maxQuestions bounds how often one request asks back.
const maxQuestions = 4

// Run takes one sentence through the whole way. Its error is a refusal, and has been shown to the front end.
func (s *Session) Run(ctx context.Context, text string, front Front) error {
	text = withoutKeys(text)
	r, err := s.begin(ctx, text, front)
	if err != nil {
		return err
	}
	return r.finish(ctx, func() error {
		plan, err := r.plan(ctx, text)
		if err != nil {
			return err
		}
		return r.steps(ctx, plan)
	})
}

// RunPlan takes a plan that needs no reading, such as a command with flags, through the rest of the way.
func (s *Session) RunPlan(ctx context.Context, plan *intents.Plan, front Front) error {
	s.last, s.followed = nil, false
	r, err := s.begin(ctx, plan.Text, front)
	if err != nil {
		return err
	}
	return r.finish(ctx, func() error {
		r.reader.Planner = "command"
		if err := r.emit(ctx, Event{Type: Planned, Plan: plan, Planner: r.reader.Planner}); err != nil {
			return err
		}
		return r.steps(ctx, plan)
	})
}

// run is one request under way.
type run struct {
	*Session
	front   Front
	id      string
	seq     int
	reader  Ending         // who read the words
	earlier []chain.Amount // what each finished step brought in
}

func (s *Session) begin(ctx context.Context, text string, front Front) (*run, error) {
	r := &run{Session: s, front: front, id: s.NewRun()}
	err := s.Journal.StartRun(ctx, Beginning{
		Run: r.id, Words: text, Front: s.Front, Network: s.World.Default, Account: s.Account, DryRun: s.DryRun, Started: s.Clock(),
	})
	if err == nil {
		err = r.emit(ctx, Event{Type: Started, Text: text})
	}
	if err != nil {
		return nil, r.unkept(err)
	}
	return r, nil
}

// finish ends the run with exactly one of Done and Refused. The last event is kept even if the user interrupted the run.
func (r *run) finish(ctx context.Context, work func() error) error {
	err := work()
	if err != nil && ctx.Err() != nil {
		err = stopped(err)
	}
	ctx = context.WithoutCancel(ctx)
	end := r.reader
	end.Ended = r.Clock()
	if err == nil {
		if err := errors.Join(r.Journal.FinishRun(ctx, r.id, end), r.emit(ctx, Event{Type: Done})); err != nil {
			return r.unkept(err)
		}
		return nil
	}
	refused := asRefusal(err)
	end.Reason = refused.Reason
	if kept := r.emit(ctx, refusedEvent(refused)); kept != nil {
		_ = r.unkept(refused)
		return errors.Join(refused, r.unkept(kept))
	}
	return errors.Join(refused, r.Journal.FinishRun(ctx, r.id, end))
}

func refusedEvent(e *refusal.Error) Event {
	return Event{Type: Refused, Refusal: &Refusal{Reason: e.Reason, Detail: e.Detail, Hint: e.Hint}}
}

// unkept shows a refusal that the journal can't keep: nobody is left without a word because a disk is full.
func (r *run) unkept(err error) error {
	refused := asRefusal(err)
	r.front.Event(r.stamped(refusedEvent(refused)))
	return refused
}

// stopped names what follows from the user's interrupt: an endpoint that was not waited for is not down.
func stopped(err error) error {
	e, ok := refusal.As(err)
	if ok && e.Reason != refusal.RPCDown && e.Reason != refusal.NoSimulation {
		return err
	}
	return refusal.New(refusal.Interrupted, "stopped before anything else was done").Because(err)
}

func asRefusal(err error) *refusal.Error {
	if e, ok := refusal.As(err); ok {
		return e
	}
	if errors.Is(err, context.Canceled) {
		return refusal.New(refusal.Interrupted, "stopped before anything else was done")
	}
	return refusal.New(refusal.Failed, "%v", err).Because(err)
}

// emit writes an event to the journal, then shows it.
func (r *run) emit(ctx context.Context, e Event) error {
	e = r.stamped(e)
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write event %s: %w", e.Type, err)
	}
	if err := r.Journal.Append(ctx, r.id, e.Seq, string(e.Type), payload); err != nil {
		return err
	}
	r.front.Event(e)
	return nil
}

// progress is shown and not kept.
func (r *run) progress(step int, text string) {
	r.front.Event(r.stamped(Event{Type: Progressed, Step: step, Text: text}))
}

// stamped numbers an event. What is shown and not kept takes a number, too.
func (r *run) stamped(e Event) Event {
	r.seq++
	e.Schema, e.Seq, e.Time, e.Run, e.DryRun = 1, r.seq, r.Clock(), r.id, r.DryRun
	return e
}

// plan reads the sentence, asking back where something is missing, and resolves it.
func (r *run) plan(ctx context.Context, text string) (*intents.Plan, error) {
	u, err := r.understood(ctx, text)
	if err != nil {
		return nil, err
	}
	for range maxQuestions {
		if !u.Draft.Wants() {
			return nil, refusal.New(refusal.NotAnOrder, "nothing was asked for")
		}
		q := u.Question
		if q == nil {
			var plan *intents.Plan
			plan, q, err = intents.Resolve(u.Reading, u.Draft, r.World)
			if err != nil {
				return nil, err
			}
			if q == nil {
				r.last = remember(u)
				r.reader = Ending{Planner: u.Planner, Digest: u.Digest, Provider: u.Provider}
				return plan, r.emit(ctx, Event{Type: Planned, Draft: &u.Draft, Plan: plan, Planner: u.Planner})
			}
		}
		u.Question = q
		if u, err = r.ask(ctx, u); err != nil {
			return nil, err
		}
	}
	return nil, refusal.New(refusal.TooManyQuestions, "still unclear after %d questions", maxQuestions)
}

func (r *run) ask(ctx context.Context, u *Understanding) (*Understanding, error) {
	if err := r.emit(ctx, Event{Type: Asked, Question: u.Question, Planner: u.Planner}); err != nil {
		return nil, err
	}
	answer, err := r.front.Ask(ctx, *u.Question)
	if refusal.Is(err, refusal.NeedsAnswer) {
		r.last = remember(u) // the next request may answer it
	}
	if err != nil {
		return nil, err
	}
	answer = withoutKeys(answer)
	if err := r.emit(ctx, Event{Type: Answered, Text: answer}); err != nil {
		return nil, err
	}
	if intents.TakesBack(answer) {
		return nil, tookBack()
	}
	return r.Understander.Answer(ctx, u, answer)
}

func (r *run) steps(ctx context.Context, plan *intents.Plan) error {
	for i, in := range plan.Intents {
		if err := ctx.Err(); err != nil {
			return err
		}
		got, err := r.step(ctx, i+1, in)
		if err != nil {
			return err
		}
		r.earlier = append(r.earlier, got)
	}
	return nil
}

// step runs the tool of one intent and, where it proposes calls, takes them to a signature or applies them to the fork. It
// returns what the step brought in, for later steps that take a share of it.
func (r *run) step(ctx context.Context, n int, in intents.Intent) (chain.Amount, error) {
	network, err := r.network(in.Network.V)
	if err != nil {
		return chain.Amount{}, err
	}
	tool, err := r.Tools.For(in.Action)
	if err != nil {
		return chain.Amount{}, err
	}
	if err := r.Journal.StartStep(ctx, r.id, n, in.Action, tool.Spec()); err != nil {
		return chain.Amount{}, err
	}
	got, err := r.carryOut(ctx, n, in, network, tool.Spec().Name)
	if err != nil {
		return chain.Amount{}, errors.Join(err, r.Journal.MoveStep(context.WithoutCancel(ctx), r.id, n, endOf(err)))
	}
	return got, r.Journal.MoveStep(ctx, r.id, n, StepConfirm)
}

func (r *run) carryOut(ctx context.Context, n int, in intents.Intent, network chain.Network, tool string) (chain.Amount, error) {
	if !network.Embedded {
		r.progress(n, "asking "+network.Name)
	}
	f, err := r.Chains.Fork(ctx, network)
	if err != nil {
		return chain.Amount{}, err
	}
	env := tools.Env{Network: network, Tokens: r.World.Tokens, State: f, Account: r.Account, Limits: r.Limits, Earlier: r.earlier}
	if in.Action.Moves() {
		if env.FeeCap, err = r.feeCap(ctx, network, f.Pin()); err != nil {
			return chain.Amount{}, err
		}
	}
	result, err := r.Tools.Run(ctx, tool, env, in)
	if err != nil {
		return chain.Amount{}, err
	}
	if len(result.Calls) == 0 {
		return chain.Amount{}, r.emit(ctx, Event{Type: Resulted, Step: n, Text: result.Title, Result: &result})
	}
	if result.Quote != nil {
		if err := r.Journal.MoveStep(ctx, r.id, n, StepQuote); err != nil {
			return chain.Amount{}, err
		}
	}
	if err := r.emit(ctx, Event{Type: Quoted, Step: n, Text: result.Title, Result: &result}); err != nil {
		return chain.Amount{}, err
	}
	return r.propose(ctx, n, network, f, &result)
}

// endOf tells how a refusal ends a step.
func endOf(err error) StepEvent {
	switch {
	case refusal.Is(err, refusal.Declined):
		return StepDecline
	case refusal.Is(err, refusal.ApprovalExpired):
		return StepExpire
	}
	return StepFail
}

// feeCap is what a transaction would offer on the pinned block.
func (r *run) feeCap(ctx context.Context, network chain.Network, pin fork.Pin) (uint256.Int, error) {
	tip, err := r.Chains.Tip(ctx, network)
	if err != nil {
		return uint256.Int{}, err
	}
	return wallet.FeeCap(&pin.BaseFee, &tip)
}

func (r *run) network(key string) (chain.Network, error) {
	for _, n := range r.World.Networks {
		if n.Key == key {
			return n, nil
		}
	}
	return chain.Network{}, refusal.New(refusal.UnknownChain, "no network %q in the config", key)
}

// propose simulates and judges the calls, then applies them (dry run) or asks for approval and signs.
func (r *run) propose(ctx context.Context, n int, network chain.Network, f *fork.Fork, result *tools.Result) (chain.Amount, error) {
	gate, err := r.Chains.Gate(ctx, network)
	if err != nil {
		return chain.Amount{}, err
	}
	prepared, err := gate.Prepare(ctx, f, wallet.Proposal{
		Run: r.id, Origin: r.Front, Title: result.Title,
		Network: network, Account: r.Account, Calls: result.Calls, Bound: result.Bound, ImpactBps: impact(result.Quote),
	})
	if err != nil {
		return chain.Amount{}, err
	}
	if err := r.Journal.MoveStep(ctx, r.id, n, StepSimulate); err != nil {
		return chain.Amount{}, err
	}
	if err := r.emit(ctx, Event{Type: Simulated, Step: n, Prepared: prepared, Text: result.Title}); err != nil {
		return chain.Amount{}, err
	}
	if err := prepared.Verdict.Refusal(); err != nil {
		return chain.Amount{}, err
	}
	if r.DryRun {
		return r.apply(ctx, n, f, prepared)
	}
	return r.sign(ctx, n, network, gate, prepared)
}

func impact(q *swap.Quote) *uint64 {
	if q == nil {
		return nil
	}
	return &q.ImpactBps
}

func (r *run) apply(ctx context.Context, n int, f *fork.Fork, p *wallet.Prepared) (chain.Amount, error) {
	effects, err := f.Apply(ctx, p.ForkTxs())
	if err != nil {
		return chain.Amount{}, err
	}
	if !effects.OK() {
		return chain.Amount{}, refusal.New(refusal.Reverted, "the dry run reverts on the fork")
	}
	var fee uint256.Int
	for i := range effects.Txs {
		fee.Add(&fee, &effects.Txs[i].Fee)
	}
	after, err := measure(ctx, f, p, &fee)
	if err != nil {
		return chain.Amount{}, err
	}
	r.carriedOut()
	return after.received, r.emit(ctx, Event{Type: Applied, Step: n, Effects: effects, Balances: after.balances, Text: p.Title})
}

func (r *run) sign(ctx context.Context, n int, network chain.Network, gate Gate, p *wallet.Prepared) (chain.Amount, error) {
	approval, err := r.front.Approve(ctx, p)
	if err != nil {
		return chain.Amount{}, err
	}
	r.carriedOut()
	if err := r.Journal.MoveStep(ctx, r.id, n, StepApprove); err != nil {
		return chain.Amount{}, err
	}
	if err := r.emit(ctx, Event{Type: Approved, Step: n, Text: p.Digest.Hex()}); err != nil {
		return chain.Amount{}, err
	}
	var kept error
	receipts, err := gate.Execute(ctx, p, approval, r.front.Password, func(u wallet.Update) {
		kept = errors.Join(kept, r.moved(ctx, n, u))
	})
	if err := errors.Join(err, kept); err != nil {
		return chain.Amount{}, err
	}
	r.progress(n, "reading the balances after")
	after, err := r.after(ctx, network, p, receipts)
	if err != nil { // what is mined is done, whether or not it can be measured
		r.progress(n, "the balances after can't be read")
	}
	done := Event{Type: Confirmed, Step: n, Receipts: receipts, Balances: after.balances, Text: p.Title}
	return after.received, r.emit(context.WithoutCancel(ctx), done)
}

// after measures what a signed step left behind, on the newest block.
func (r *run) after(ctx context.Context, network chain.Network, p *wallet.Prepared, receipts []wallet.Receipt) (outcome, error) {
	f, err := r.Chains.Fork(ctx, network)
	if err != nil {
		return outcome{}, err
	}
	var fee uint256.Int
	for _, receipt := range receipts {
		fee.Add(&fee, &receipt.Fee.Raw)
	}
	return measure(ctx, f, p, &fee)
}

// moved journals the step's state as its first transaction gets there, and shows every transaction's.
func (r *run) moved(ctx context.Context, n int, u wallet.Update) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	switch {
	case u.Index == 0 && u.State == wallet.Signed:
		err = r.Journal.MoveStep(ctx, r.id, n, StepSign)
	case u.Index == 0 && u.State == wallet.Broadcast:
		err = r.Journal.MoveStep(ctx, r.id, n, StepSend)
	}
	return errors.Join(err, r.emit(ctx, Event{Type: TxMoved, Step: n, Tx: &u}))
}
