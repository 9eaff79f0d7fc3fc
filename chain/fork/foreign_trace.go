package fork

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// story is what transactions read and wrote, as a remote's tracers tell it. Values were read before and after; none is made up here.
type story struct {
	before, now map[common.Address]pinned.Account // all accounts that were read or written
	was, is     map[pinned.Slot]common.Hash       // all slots that were
	wrote       *trace
}

func newStory() *story {
	return &story{
		before: make(map[common.Address]pinned.Account), now: make(map[common.Address]pinned.Account),
		was: make(map[pinned.Slot]common.Hash), is: make(map[pinned.Slot]common.Hash), wrote: newTrace(),
	}
}

// copy is the same story, to be told on.
func (s *story) copy() *story {
	c := &story{before: maps.Clone(s.before), now: maps.Clone(s.now), was: maps.Clone(s.was), is: maps.Clone(s.is), wrote: newTrace()}
	maps.Copy(c.wrote.Accounts, s.wrote.Accounts)
	maps.Copy(c.wrote.Balances, s.wrote.Balances)
	maps.Copy(c.wrote.Killed, s.wrote.Killed)
	maps.Copy(c.wrote.Slots, s.wrote.Slots)
	return c
}

// upon is the story of all that base and then s wrote.
func (s *story) upon(base *story) *story {
	if s == nil || base == nil {
		return nil
	}
	all := s.copy()
	maps.Copy(all.before, base.before)
	maps.Copy(all.was, base.was)
	maps.Copy(all.wrote.Accounts, base.wrote.Accounts)
	maps.Copy(all.wrote.Balances, base.wrote.Balances)
	maps.Copy(all.wrote.Killed, base.wrote.Killed)
	maps.Copy(all.wrote.Slots, base.wrote.Slots)
	return all
}

// behind is the story of what comes after s: all that s wrote is as it was before.
func (s *story) behind() *story {
	if s == nil {
		return nil
	}
	n := newStory()
	maps.Copy(n.before, s.now)
	maps.Copy(n.now, s.now)
	maps.Copy(n.was, s.is)
	maps.Copy(n.is, s.is)
	return n
}

// overrides are what the remote is told of the state that the story leaves, where it is different from the pinned one.
func overrides(told ...*story) map[common.Address]wireState {
	all := make(map[common.Address]wireState)
	for _, s := range told {
		for a := range s.wrote.Accounts {
			acc := s.now[a]
			nonce, code := hexutil.Uint64(acc.Nonce), hexutil.Bytes(acc.Code)
			o := all[a]
			o.Balance, o.Nonce, o.Code = (*hexutil.U256)(acc.Balance.Clone()), &nonce, &code
			if s.wrote.Killed[a] {
				o.State, o.Diff = make(map[common.Hash]common.Hash), nil
			}
			all[a] = o
		}
		for k := range s.wrote.Slots {
			o := all[k.Account]
			into := &o.Diff
			if o.State != nil {
				into = &o.State
			}
			if *into == nil {
				*into = make(map[common.Hash]common.Hash)
			}
			(*into)[k.Key] = s.is[k]
			all[k.Account] = o
		}
	}
	return all
}

// busyCodes are how providers say 'too many requests'.
var busyCodes = []int{-32005, -32007, -32016}

// toldTx is one transaction as tracers tell it.
type toldTx struct {
	frame *Frame // nil: the remote tells no calls
	full  bool   // the call tree is not whole
	story *story // with all that was before; nil: the remote tells no writes
}

var errTrace = errors.New("the remote's answer to debug_traceCall can't be read")

func badTrace(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errTrace, fmt.Sprintf(format, args...))
}

// traced asks for what a transaction does behind a story, and holds it against what the simulation came to.
func (a *abroad) traced(ctx context.Context, h *head, base, s *story, call *wireCall, env wireEnv, done *wireDone, miner common.Address) (t toldTx, err error) {
	over := overrides(base, s)
	for who, o := range h.far.extra {
		if _, written := over[who]; !written {
			over[who] = o
		}
	}
	number := hexutil.Uint64(a.pin.Number + uint64(len(h.far.kept)) + 1)
	env.Number = &number
	var elems []rpc.BatchElem
	for _, tracer := range []map[string]any{
		{"tracer": "callTracer", "tracerConfig": map[string]bool{"withLog": true}},
		{"tracer": "prestateTracer", "tracerConfig": map[string]bool{"diffMode": true}},
		{"tracer": "prestateTracer"},
	} {
		tracer["stateOverrides"], tracer["blockOverrides"] = over, env
		elems = append(elems, rpc.BatchElem{Method: "debug_traceCall", Args: []any{call, a.remote.Block(), tracer}, Result: new(json.RawMessage)})
	}
	if err := a.remote.Ask(ctx, elems); err != nil {
		return t, err
	}
	answer := func(i int) (json.RawMessage, bool, error) {
		raw, err := *elems[i].Result.(*json.RawMessage), elems[i].Error
		switch answer := rpc.Error(nil); {
		case errors.As(err, &answer) && !hasCode(err, busyCodes...):
			return nil, false, nil // it says that it does not do that
		case err != nil:
			return nil, false, fmt.Errorf("debug_traceCall: %w", err)
		case len(raw) > mostAnswerBytes:
			return nil, false, badTrace("more than %d bytes", mostAnswerBytes)
		}
		return raw, true, nil
	}
	raw, served, err := answer(0)
	if err != nil || !served {
		return t, err
	}
	frame, logs, full, err := decodeFrames(raw)
	if err != nil {
		return t, err
	}
	if !agrees(frame, logs, call, done) {
		return t, nil // of another run: nothing to go by
	}
	t.frame, t.full = &frame.Frame, full
	diff, servedDiff, err := answer(1)
	if err != nil {
		return t, err
	}
	all, servedAll, err := answer(2)
	if err != nil || !servedDiff || !servedAll {
		return t, err
	}
	t.story = s.copy()
	if err := t.story.tell(all, diff); err != nil {
		return t, err
	}
	touches := false // the miner's coins, besides fees
	walk(t.frame, common.Address{}, common.Address{}, func(f *Frame, _, _ common.Address) {
		touches = touches || !f.Value.IsZero() && (f.From == miner || f.To == miner)
	})
	if !touches && call.From != miner {
		delete(t.story.wrote.Balances, miner)
	}
	return t, nil
}

// tracedFrame is a frame with what is only compared.
type tracedFrame struct {
	Frame
	output []byte
}

// agrees reports whether a trace is of the run that the simulation made.
func agrees(f *tracedFrame, logs []Log, call *wireCall, done *wireDone) bool {
	if f.From != call.From || f.Failed != (done.out.Failure != nil) || !bytes.Equal(f.Input, call.Input) {
		return false
	}
	if call.To != nil && f.To != *call.To || !bytes.Equal(f.output, done.out.Return) && !f.Failed {
		return false
	}
	if f.Failed {
		return true
	}
	if len(logs) != len(done.logs) {
		return false
	}
	left := slices.Clone(logs) // in the order of the frames, not of time
	for _, l := range done.logs {
		i := slices.IndexFunc(left, func(x Log) bool { return sameLog(x, l) })
		if i < 0 {
			return false
		}
		left = slices.Delete(left, i, i+1)
	}
	return true
}

// wireFrame is a frame of callTracer.
type wireFrame struct {
	Type   *string         `json:"type"`
	From   *common.Address `json:"from"`
	To     *common.Address `json:"to"`
	Value  *hexutil.U256   `json:"value"`
	Gas    *hexutil.Uint64 `json:"gas"`
	Used   *hexutil.Uint64 `json:"gasUsed"`
	Input  *hexutil.Bytes  `json:"input"`
	Output hexutil.Bytes   `json:"output"`
	Error  string          `json:"error"`
	Logs   []*wireLog      `json:"logs"`
	Calls  []*wireFrame    `json:"calls"`
}

var frameTypes = []string{"CALL", "STATICCALL", "DELEGATECALL", "CALLCODE", "CREATE", "CREATE2", "SELFDESTRUCT"}

// mostDepth is how deep calls can be: the EVM's own limit, and the root.
const mostDepth = 1026

func decodeFrames(raw json.RawMessage) (*tracedFrame, []Log, bool, error) {
	var root *wireFrame
	if err := json.Unmarshal(raw, &root); err != nil {
		return nil, nil, false, badTrace("%s", untrusted.Text(err.Error(), reasonLimit))
	}
	d := frameDecoder{}
	f, err := d.frame(root, 0, false)
	if err != nil {
		return nil, nil, false, err
	}
	if root.Error == "" || len(root.Output) > 0 {
		return &tracedFrame{f, root.Output}, d.logs, d.full, nil
	}
	return &tracedFrame{f, nil}, d.logs, d.full, nil
}

type frameDecoder struct {
	frames, bytes int
	full          bool
	logs          []Log
}

func (d *frameDecoder) frame(w *wireFrame, depth int, undone bool) (f Frame, err error) {
	if w == nil || w.Type == nil || w.From == nil || w.Gas == nil || w.Used == nil || w.Input == nil || depth > mostDepth {
		return f, badTrace("a frame is not whole")
	}
	if !slices.Contains(frameTypes, *w.Type) {
		return f, badTrace("a frame of type %s", untrusted.Text(*w.Type, 40))
	}
	f = Frame{Type: *w.Type, From: *w.From, Input: *w.Input, Gas: uint64(*w.Gas), GasUsed: uint64(*w.Used), Failed: w.Error != ""}
	if creates := strings.HasPrefix(f.Type, "CREATE"); w.To == nil && !(creates && f.Failed) {
		return f, badTrace("a frame calls nobody")
	}
	if w.To != nil {
		f.To = *w.To
	}
	if w.Value != nil {
		f.Value = uint256.Int(*w.Value)
	}
	undone = undone || f.Failed
	for _, l := range w.Logs {
		if l == nil || l.Address == nil || l.Topics == nil || l.Data == nil {
			return f, badTrace("a log is not whole")
		}
		if !undone {
			d.logs = append(d.logs, Log{Address: *l.Address, Topics: *l.Topics, Data: *l.Data})
		}
	}
	for _, c := range w.Calls {
		d.frames++
		if c != nil && c.Input != nil {
			d.bytes += len(*c.Input)
		}
		if d.full = d.full || d.frames > mostFrames || d.bytes > mostInputBytes; d.full {
			break
		}
		child, err := d.frame(c, depth+1, undone)
		if err != nil {
			return f, err
		}
		f.Calls = append(f.Calls, child)
	}
	return f, nil
}

// wireAccount is an account of prestateTracer. What it leaves out is zero in a state, and unchanged in a difference.
type wireAccount struct {
	Balance *hexutil.U256               `json:"balance"`
	Nonce   *uint64                     `json:"nonce"`
	Code    *hexutil.Bytes              `json:"code"`
	Storage map[common.Hash]common.Hash `json:"storage"`
}

type wireAccounts map[common.Address]*wireAccount

func (w *wireAccount) account() (acc pinned.Account) {
	acc.CodeHash = types.EmptyCodeHash
	if w == nil {
		return acc
	}
	w.onto(&acc)
	return acc
}

func (w *wireAccount) onto(acc *pinned.Account) {
	if w.Balance != nil {
		acc.Balance = uint256.Int(*w.Balance)
	}
	if w.Nonce != nil {
		acc.Nonce = *w.Nonce
	}
	if w.Code != nil {
		acc.SetCode(*w.Code)
	}
}

// tell adds to the story what one transaction read (all) and wrote (diff).
func (s *story) tell(all, diff json.RawMessage) error {
	var read wireAccounts
	var changed struct{ Pre, Post *wireAccounts }
	for _, err := range []error{json.Unmarshal(all, &read), json.Unmarshal(diff, &changed)} {
		if err != nil {
			return badTrace("%s", untrusted.Text(err.Error(), reasonLimit))
		}
	}
	if read == nil || changed.Pre == nil || changed.Post == nil {
		return badTrace("a state is missing")
	}
	for a, w := range read {
		if w == nil {
			return badTrace("an account is null")
		}
		s.meet(a, w.account())
		for key, v := range w.Storage {
			s.find(pinned.Slot{Account: a, Key: key}, v)
		}
	}
	for a, was := range *changed.Pre {
		is := (*changed.Post)[a]
		if was == nil {
			return badTrace("an account is null")
		}
		s.meet(a, was.account())
		for key, v := range was.Storage {
			k := pinned.Slot{Account: a, Key: key}
			s.find(k, v)
			if is == nil || is.Storage[key] == (common.Hash{}) {
				s.write(k, common.Hash{})
			}
		}
		if is == nil { // it is gone
			s.change(a, pinned.Account{CodeHash: types.EmptyCodeHash})
			s.wrote.Killed[a] = true
			for k := range s.is {
				if k.Account == a {
					s.write(k, common.Hash{})
				}
			}
		}
	}
	for a, is := range *changed.Post {
		if is == nil {
			return badTrace("an account is null")
		}
		s.meet(a, pinned.Account{CodeHash: types.EmptyCodeHash})
		acc := s.now[a]
		is.onto(&acc)
		s.change(a, acc)
		for key, v := range is.Storage {
			k := pinned.Slot{Account: a, Key: key}
			s.find(k, common.Hash{})
			s.write(k, v)
		}
	}
	return nil
}

// meet notes what an account was when it was first read.
func (s *story) meet(a common.Address, acc pinned.Account) {
	if _, known := s.before[a]; !known {
		s.before[a], s.now[a] = acc, acc
	}
}

func (s *story) find(k pinned.Slot, v common.Hash) {
	if _, known := s.was[k]; !known {
		s.was[k], s.is[k] = v, v
	}
}

func (s *story) change(a common.Address, acc pinned.Account) {
	if s.now[a].Balance != acc.Balance {
		s.wrote.Balances[a] = true
	}
	s.now[a], s.wrote.Accounts[a] = acc, true
}

func (s *story) write(k pinned.Slot, v common.Hash) {
	s.is[k], s.wrote.Slots[k] = v, true
	s.wrote.Accounts[k.Account] = true
}

// named are the accounts that the remote expects a call to touch, and those of them whose storage it does. It is a hint only.
func (a *abroad) named(ctx context.Context, call *wireCall) (accounts, stored []common.Address) {
	elems := []rpc.BatchElem{{Method: "eth_createAccessList", Args: []any{call, a.remote.Block()}, Result: new(json.RawMessage)}}
	if a.remote.Ask(ctx, elems) != nil || elems[0].Error != nil {
		return nil, nil
	}
	var answer struct {
		AccessList []struct {
			Address common.Address    `json:"address"`
			Keys    []json.RawMessage `json:"storageKeys"`
		} `json:"accessList"`
	}
	if raw := *elems[0].Result.(*json.RawMessage); len(raw) > mostAnswerBytes || json.Unmarshal(raw, &answer) != nil {
		return nil, nil
	}
	for _, e := range answer.AccessList[:min(len(answer.AccessList), mostCalled)] {
		accounts = append(accounts, e.Address)
		if len(e.Keys) > 0 {
			stored = append(stored, e.Address)
		}
	}
	return accounts, stored
}
