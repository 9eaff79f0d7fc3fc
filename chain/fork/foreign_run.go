package fork

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// voyage is one sequence that the remote runs.
type voyage struct {
	*abroad
	ctx  context.Context
	head *head
	txs  []Tx

	block  wireBlock // of the transactions alone
	mined  wireMined
	told   []toldTx
	story  *story // of all of them, nil where it is not known
	trace  *trace
	seen   *witness
	untold []string

	reached, stored []common.Address // contracts that may be called, and those whose storage may be written, where no writes are told

	answers map[question][2]record // before and after
	open    []question             // that were put, and are not answered yet
	err     error
}

// run runs the transactions once, in the block above h.
func (a *abroad) run(ctx context.Context, h *head, txs []Tx, _ *pass) (p pass, err error) {
	if err := a.admitted(txs); err != nil {
		return p, err
	}
	senders, err := a.senders(ctx, h, txs)
	if err != nil {
		return p, unknown("read who sends", err)
	}
	v := &voyage{abroad: a, ctx: ctx, head: h, txs: txs, block: wireBlock{Env: h.far.env, State: h.far.extra}, answers: make(map[question][2]record)}
	for i := range txs {
		if err := v.add(&txs[i], senders); err != nil {
			return p, unknown(fmt.Sprintf("run transaction %d", i+1), err)
		}
	}
	effects := &Effects{Pin: a.pin, Txs: make([]TxResult, len(txs))}
	if err := v.sail(effects, senders); err != nil {
		return p, unknown("run the transactions on the remote", err)
	}
	if err := v.look(senders); err != nil {
		return p, unknown("trace the transactions", err)
	}
	for i := range txs {
		effects.Txs[i].Calls = v.frame(i, senders)
	}
	if err := v.measure(effects); err != nil {
		return p, unknown("read the effects", err)
	}
	p = pass{txs: txs, results: effects.Txs, effects: effects, block: h.block, voyage: v}
	for i := range txs {
		msg := v.block.Calls[i].message()
		tip := msg.Price(&v.mined.baseFee)
		tip.Sub(tip, &v.mined.baseFee)
		p.tips.Add(&p.tips, tip.Mul(tip, uint256.NewInt(effects.Txs[i].GasUsed)))
	}
	return p, nil
}

// add puts a transaction behind those before it, with a limit.
func (v *voyage) add(tx *Tx, senders map[common.Address]pinned.Account) error {
	call := callOf(tx, &v.head.block.BaseFee)
	have := senders[tx.From].Balance
	if len(v.block.Calls) > 0 && tx.Gas == 0 {
		all, err := v.ask(v.ctx, v.head, v.block, []question{{to: tx.From, about: aAccount}})
		if err != nil {
			return err
		}
		have = all[0].balance
	}
	if tx.Gas == 0 {
		gas, err := v.limit(call, have)
		if err != nil {
			return err
		}
		call.Gas = hexutil.Uint64(gas)
	}
	first := !slices.ContainsFunc(v.block.Calls, func(c wireCall) bool { return c.From == tx.From })
	if msg := call.message(); first || tx.Gas == 0 {
		if err := funded(&msg, have); err != nil {
			return unfit{err}
		}
	}
	v.block.Calls = append(v.block.Calls, call)
	return nil
}

// sail runs the transactions, and reads what they cost: the coins of the senders are asked for between them.
func (v *voyage) sail(effects *Effects, senders map[common.Address]pinned.Account) error {
	purses := make([]question, 0, len(senders))
	for from := range senders {
		purses = append(purses, question{to: from, about: aAccount})
	}
	slices.SortFunc(purses, func(x, y question) int { return x.to.Cmp(y.to) })
	purse := wireBlock{Env: v.block.Env, State: v.block.State}
	purse, err := v.probed(purse, purses)
	if err != nil {
		return err
	}
	b := wireBlock{Env: v.block.Env, State: purse.State}
	room := v.blockGas()
	for _, c := range v.block.Calls {
		room -= min(room, uint64(c.Gas))
	}
	for i := range purse.Calls {
		purse.Calls[i].Gas = hexutil.Uint64(min(room/uint64(len(purse.Calls)*(len(v.txs)+1)), uint64(purse.Calls[i].Gas)))
	}
	b.Calls = slices.Clone(purse.Calls)
	for _, c := range v.block.Calls {
		b.Calls = append(append(b.Calls, c), purse.Calls...)
	}
	mined, errs, err := v.simulate(v.ctx, v.head, b)
	if err = errors.Join(err, errors.Join(errs...)); err != nil {
		return denied(err)
	}
	v.mined.baseFee = mined[0].baseFee
	held := func(calls []wireDone) (map[common.Address]uint256.Int, error) {
		all, err := recordsOf(calls[:len(purse.Calls)], purses)
		coins := make(map[common.Address]uint256.Int)
		for i := range all {
			coins[purses[i].to] = all[i].balance
		}
		return coins, err
	}
	calls := mined[0].calls
	had, err := held(calls)
	if err != nil {
		return err
	}
	calls = calls[len(purse.Calls):]
	for i := range v.txs {
		done := calls[0]
		has, err := held(calls[1:])
		if err != nil {
			return err
		}
		calls = calls[1+len(purse.Calls):]
		v.mined.calls = append(v.mined.calls, done)
		effects.Txs[i] = v.result(i, &done, had[v.txs[i].From], has[v.txs[i].From])
		had = has
	}
	return nil
}

// result is what became of a transaction whose sender had and has so much.
func (v *voyage) result(i int, done *wireDone, had, has uint256.Int) TxResult {
	call := &v.block.Calls[i]
	res := TxResult{
		Success: done.out.Failure == nil, GasUsed: done.out.Used, GasLimit: uint64(call.Gas), Return: done.out.Return, Logs: slices.Clone(done.logs),
	}
	if !res.Success {
		res.Revert = reasonOf(done.out)
	}
	msg := call.message()
	value := msg.Value
	if res.Success && !value.IsZero() && !slices.ContainsFunc(done.moves, func(m wireMove) bool { return m.from == call.From && m.value == value }) {
		v.cannotTell("whom the chain's coin went to: the remote does not log its moves")
		res.Fee.Mul(msg.Price(&v.mined.baseFee), uint256.NewInt(res.GasUsed))
		return res
	}
	for _, m := range done.moves {
		if m.from == call.From {
			has.Add(&has, &m.value)
		}
		if m.to == call.From {
			has.Sub(&has, &m.value)
		}
	}
	most := new(uint256.Int).Mul(&msg.FeeCap, uint256.NewInt(msg.Gas))
	if has.Gt(&had) || new(uint256.Int).Sub(&had, &has).Gt(most) {
		v.cannotTell("what the chain takes for transaction %d: its sender pays neither gas nor value alone", i+1)
		res.Fee.Mul(msg.Price(&v.mined.baseFee), uint256.NewInt(res.GasUsed))
		return res
	}
	res.Fee.Sub(&had, &has)
	return res
}

func (v *voyage) cannotTell(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(v.untold, text) {
		v.untold = append(v.untold, text)
	}
}

// look finds out what the transactions called, read and wrote, as far as the remote tells.
func (v *voyage) look(senders map[common.Address]pinned.Account) error {
	v.seen, v.trace = newWitness(v.head.state.View()), newTrace()
	base := v.head.far.story
	s := base.behind()
	env := v.block.Env
	env.BaseFee = (*hexutil.U256)(&v.mined.baseFee)
	v.told = make([]toldTx, len(v.txs))
	for i := range v.txs {
		if s == nil {
			break
		}
		t, err := v.traced(v.ctx, v.head, base, s, &v.block.Calls[i], env, &v.mined.calls[i], v.head.block.Coinbase)
		if err != nil {
			return err
		}
		v.told[i], s = t, t.story
		v.trace.full = v.trace.full || t.full
	}
	if slices.ContainsFunc(v.told, func(t toldTx) bool { return t.frame == nil }) {
		v.cannotTell("which contracts were called inside, and so which allowances were used up without a log: the remote traces no calls of this run")
	}
	if v.custom.odd != "" {
		v.cannotTell("%s", v.custom.odd)
	}
	if v.story = s; s != nil {
		v.trace.Writes = s.wrote.Writes
		for a, acc := range s.before {
			v.seen.accounts[a] = acc
		}
		for k, value := range s.was {
			v.seen.slots[k] = value
		}
		return nil
	}
	v.cannotTell("which storage was written, which accounts run other code, and what contracts came and went: the remote tells no writes of this run")
	v.guess(senders)
	return nil
}

// guess notes whom to ask for coins and code where the remote tells no writes.
func (v *voyage) guess(senders map[common.Address]pinned.Account) {
	moved := func(a common.Address) { v.trace.Accounts[a], v.trace.Balances[a] = true, true }
	for i := range v.txs {
		for _, l := range v.mined.calls[i].logs[:min(len(v.mined.calls[i].logs), mostCalled)] {
			v.stored = append(v.stored, l.Address)
		}
		moved(v.txs[i].From)
		for _, m := range v.mined.calls[i].moves {
			moved(m.from)
			moved(m.to)
		}
		f := v.frame(i, senders)
		walk(&f, common.Address{}, common.Address{}, func(f *Frame, self, _ common.Address) {
			if len(v.trace.Accounts) < mostCalled {
				v.trace.Accounts[self] = true
			}
		})
		for j := range v.txs[i].Delegations {
			if who, err := v.txs[i].Delegations[j].Authority(); err == nil {
				v.trace.Accounts[who] = true
			}
		}
	}
	if len(v.head.far.kept) == 0 {
		reached, stored := v.named(v.ctx, &v.block.Calls[0])
		v.reached, v.stored = reached, append(v.stored, stored...)
	}
	for _, a := range v.reached {
		v.trace.Accounts[a] = true
	}
	delete(v.trace.Accounts, common.Address{})
}

// frame is the call tree of a transaction, or its root where there is no more.
func (v *voyage) frame(i int, senders map[common.Address]pinned.Account) Frame {
	if v.told[i].frame != nil {
		return *v.told[i].frame
	}
	tx, done := &v.txs[i], &v.mined.calls[i]
	f := Frame{
		Type: "CALL", From: tx.From, Value: tx.Value, Input: tx.Data, Gas: uint64(v.block.Calls[i].Gas), GasUsed: done.out.Used, Failed: done.out.Failure != nil,
	}
	if tx.To != nil {
		f.To = *tx.To
		return f
	}
	nonce := senders[tx.From].Nonce
	for j := range i {
		if v.txs[j].From == tx.From {
			nonce++
		}
	}
	f.Type = "CREATE"
	if tx.Nonce != nil {
		nonce = *tx.Nonce
	}
	f.To = crypto.CreateAddress(tx.From, nonce)
	return f
}

// mostRounds is how often questions may follow from answers.
const mostRounds = 12

// measure lists what changed. It is done again and again: what was asked for and is not known yet is fetched in one trip, until
// nothing is missing.
func (v *voyage) measure(effects *Effects) error {
	for range mostRounds {
		v.open = nil
		q := newInquiry(v.ctx, &shore{v, 0}, &shore{v, 1}, v.head.block, v.txs)
		q.view, q.seen, q.trace, q.untold = v.head.state.View(), v.seen, v.trace, v.untold
		for _, a := range v.reached {
			q.interests.contract(a)
		}
		for _, a := range v.stored {
			q.written[a] = true // it may have been
		}
		if err := q.measure(v.txs, effects); err != nil {
			return err
		}
		if len(v.open) == 0 {
			return nil
		}
		if err := v.fetch(); err != nil {
			return err
		}
	}
	return errors.New("the questions about what changed don't come to an end")
}

// questionsInOneTrip bounds a request.
const questionsInOneTrip = 384

// fetch puts the open questions on both sides, in as few trips as may be.
func (v *voyage) fetch() error {
	for part := range slices.Chunk(v.open, questionsInOneTrip) {
		before, err := v.probed(wireBlock{Env: v.block.Env, State: v.block.State}, part)
		if err != nil {
			return err
		}
		after, err := v.probed(v.block, part)
		if err != nil {
			return err
		}
		mined, errs, err := v.simulate(v.ctx, v.head, before, after)
		if err = errors.Join(err, errors.Join(errs...)); err != nil {
			return err
		}
		n := len(v.block.Calls)
		for i := range n {
			if !mined[1].calls[i].same(&v.mined.calls[i]) {
				return fmt.Errorf("%w: transaction %d", errAlters, i+1)
			}
		}
		was, err := recordsOf(mined[0].calls, part)
		if err != nil {
			return err
		}
		is, err := recordsOf(mined[1].calls[n:], part)
		if err != nil {
			return err
		}
		for i, q := range part {
			v.answers[q] = [2]record{was[i], is[i]}
		}
	}
	return nil
}

// shore is the state on one side of a voyage.
type shore struct {
	*voyage
	side int // 0 is before, 1 after
}

// answer is what the remote says, or nothing yet.
func (s *shore) answer(q question) (record, bool) {
	if all, ok := s.answers[q]; ok {
		return all[s.side], true
	}
	if !slices.Contains(s.open, q) {
		s.open = append(s.open, q)
	}
	return record{}, false
}

// Account is what an address holds. Where the remote tells no writes, there is no nonce, and of code only the beginning. Until it is
// known it is taken for a contract, so that it is asked.
func (s *shore) Account(a common.Address) pinned.Account {
	known, told := pinned.Account{}, false
	if s.story != nil {
		known, told = s.story.before[a]
		if s.side == 1 {
			known, told = s.story.now[a]
		}
		if told && !s.trace.Balances[a] {
			return known
		}
	}
	r, ok := s.answer(question{to: a, about: aAccount})
	switch {
	case !ok && told:
		return known
	case !ok:
		return pinned.Account{Code: []byte{0}}
	case told && len(known.Code) > 0 && r.hash != known.CodeHash, told && len(known.Code) == 0 && len(r.code) > 0:
		s.fail(fmt.Errorf("the remote traces other code of %s than it runs", a))
	case told:
		known.Balance = r.balance
		return known
	}
	acc := pinned.Account{Balance: r.balance, Code: r.code, CodeHash: r.hash}
	if len(r.code) == 0 {
		acc.CodeHash = types.EmptyCodeHash
	}
	return acc
}

// Slot is what a slot holds that the transactions read or wrote.
func (s *shore) Slot(k pinned.Slot) common.Hash {
	if s.story == nil {
		s.fail(errors.New("a slot is asked for that nothing is known of"))
		return common.Hash{}
	}
	if s.side == 1 {
		return s.story.is[k]
	}
	return s.story.was[k]
}

// errOpen says that a view is still to be asked.
var errOpen = errors.New("not asked yet")

// Ask puts a view. Whoever asks, the contract is called by the probe.
func (s *shore) Ask(_ common.Address, to *common.Address, value *uint256.Int, data []byte, _ uint64) (evm.Outcome, error) {
	if to == nil || value != nil {
		return evm.Outcome{}, refusal.New(refusal.NoSimulation, "the remote is asked for views only")
	}
	r, ok := s.answer(question{to: *to, data: string(data), about: aView})
	if !ok {
		return evm.Outcome{Failure: errOpen}, nil
	}
	return r.view, nil
}

func (s *shore) Err() error { return s.err }

func (v *voyage) fail(err error) {
	if v.err == nil {
		v.err = err
	}
}
