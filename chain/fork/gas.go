package fork

import (
	"errors"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// later is how many seconds a gas limit must hold: the time in which a transaction is signed and mined.
const later = 30

// maxTxGas is the most gas that a transaction may have since Osaka (EIP-7825).
const maxTxGas = 1 << 24

// estimate finds a gas limit for a message. It is tried in the next block and in one 30 seconds later, because a contract that
// was last touched in an earlier second writes more (price accumulators); the larger use counts. A limit covers what is used
// before refunds and what the rule of 63/64 holds back in inner calls: so it is proven by running with it.
func (r *running) estimate(msg evm.Message, have uint256.Int) (uint64, error) {
	most := r.machine.GasLimit
	if r.fork.rules.Era >= pinned.Osaka {
		most = min(most, maxTxGas)
	}
	affordable := affordableGas(&msg, have)
	if affordable < 21_000 {
		msg.Gas = 21_000
		return msg.Gas, funded(&msg, have)
	}
	msg.Gas = min(most, affordable)
	top := msg.Gas

	now := r.machine.Time
	first, err := r.machine.Try(msg, now)
	if affordable < most && (errors.Is(err, evm.ErrIntrinsicGas) || errors.Is(err, evm.ErrFloorGas)) {
		return 0, tooPoor(&msg, have)
	}
	if err != nil {
		return 0, err
	}
	if first.Failure != nil {
		return r.limitOfFailure(msg, first, affordable < most, have)
	}
	second, err := r.machine.Try(msg, now+later)
	if err != nil {
		return 0, err
	}
	trials, peak := []trial{{now, first}}, first.Peak
	if second.Failure == nil { // it may have a deadline before that
		trials, peak = append(trials, trial{now + later, second}), max(peak, second.Peak)
	}
	if to := msg.To; to != nil && len(r.machine.Account(*to).Code) == 0 {
		return peak, r.machine.Err() // no code runs, so no state can change the use
	}
	enough, err := r.least(msg, trials, peak, top, alike)
	if err == nil && enough == top { // it looks at the gas that it is given
		enough, err = r.least(msg, trials, peak, top, succeeds)
	}
	return min(enough+enough/40, top), err // the state may differ a little when it is mined
}

// trial is a time to try a message at, and what became of it there with gas in plenty.
type trial struct {
	time uint64
	want evm.Outcome
}

// alike asks for the same run: a contract that catches the failure of an inner call succeeds with too little gas, and does
// something else.
func alike(want, have evm.Outcome) bool { return have.Failure == nil && have.Used == want.Used }

func succeeds(_, have evm.Outcome) bool { return have.Failure == nil }

// least is the lowest limit, to within a hundredth, with which all trials end well. Top is known to do.
func (r *running) least(msg evm.Message, trials []trial, low, top uint64, well func(want, have evm.Outcome) bool) (uint64, error) {
	enough, guess, step := top, low, low/32
	for guess < enough {
		msg.Gas = guess
		ok, err := r.all(msg, trials, well)
		if err != nil {
			return 0, err
		}
		if ok {
			enough, step = guess, top
		} else {
			low = guess + 1
		}
		if enough-low <= low/100 {
			break
		}
		// What is held back is a 64th of a call or two as a rule, so look near the use first.
		guess = low + min(step, (enough-low)/2)
		step = min(2*step, top)
	}
	return enough, nil
}

func (r *running) all(msg evm.Message, trials []trial, well func(want, have evm.Outcome) bool) (bool, error) {
	for _, t := range trials {
		have, err := r.machine.Try(msg, t.time)
		if err != nil || !well(t.want, have) {
			return false, err
		}
	}
	return true, nil
}

// limitOfFailure is the limit to show a message with that fails whatever its limit. Where it failed because the sender can't
// buy more gas, that is the reason.
func (r *running) limitOfFailure(msg evm.Message, out evm.Outcome, poor bool, have uint256.Int) (uint64, error) {
	if errors.Is(out.Failure, evm.ErrReverted) {
		top := msg.Gas
		msg.Gas = min(out.Peak+out.Peak/40, top)
		again, err := r.machine.Try(msg, r.machine.Time)
		if err != nil || errors.Is(again.Failure, evm.ErrReverted) {
			return msg.Gas, err
		}
		return top, nil
	}
	if !poor {
		return msg.Gas, nil
	}
	return 0, tooPoor(&msg, have)
}

func tooPoor(msg *evm.Message, have uint256.Int) error {
	return refusal.New(refusal.Balance, "%s has %s wei, which buys %d gas at the fee cap, and needs more than that", msg.From, have.Dec(), msg.Gas)
}

// affordableGas is the most gas that the sender can pay for.
func affordableGas(msg *evm.Message, have uint256.Int) uint64 {
	if have.Lt(&msg.Value) {
		return 0
	}
	if msg.FeeCap.IsZero() {
		return ^uint64(0)
	}
	left := new(uint256.Int).Sub(&have, &msg.Value)
	blobs, over := new(uint256.Int).MulOverflow(uint256.NewInt(msg.BlobGas()), &msg.BlobFeeCap)
	if over || left.Lt(blobs) {
		return 0
	}
	left.Sub(left, blobs)
	left.Div(left, &msg.FeeCap)
	if !left.IsUint64() {
		return ^uint64(0)
	}
	return left.Uint64()
}
