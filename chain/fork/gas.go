package fork

import (
	"errors"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
)

// later is how many seconds a gas limit must hold: the time in which a transaction is signed and mined.
const later = 30

// estimate finds a gas limit for a message. It is tried in the next block and in one 30 seconds later, because a contract that
// was last touched in an earlier second writes more (price accumulators); the larger use counts. A limit covers what is used
// before refunds and what the rule of 63/64 holds back in inner calls: so it is proven by running with it.
func (r *running) estimate(msg message, have uint256.Int) (uint64, error) {
	most := r.machine.env.gasLimit
	if r.fork.era >= osaka {
		most = min(most, maxTxGas)
	}
	affordable := affordableGas(&msg, have)
	if affordable < 21_000 {
		msg.gas = 21_000
		return msg.gas, funded(&msg, have)
	}
	msg.gas = min(most, affordable)
	top := msg.gas

	now := r.machine.env.time
	first, err := r.machine.try(msg, now)
	if affordable < most && (errors.Is(err, errIntrinsicGas) || errors.Is(err, errFloorGas)) {
		return 0, tooPoor(&msg, have)
	}
	if err != nil {
		return 0, err
	}
	if first.failure != nil {
		return r.limitOfFailure(msg, first, affordable < most, have)
	}
	second, err := r.machine.try(msg, now+later)
	if err != nil {
		return 0, err
	}
	trials, peak := []trial{{now, first}}, first.peak
	if second.failure == nil { // it may have a deadline before that
		trials, peak = append(trials, trial{now + later, second}), max(peak, second.peak)
	}
	if to := msg.to; to != nil && len(r.machine.account(*to).code) == 0 {
		return peak, r.machine.err // no code runs, so no state can change the use
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
	want outcome
}

// alike asks for the same run: a contract that catches the failure of an inner call succeeds with too little gas, and does
// something else.
func alike(want, have outcome) bool { return have.failure == nil && have.used == want.used }

func succeeds(_, have outcome) bool { return have.failure == nil }

// least is the lowest limit, to within a hundredth, with which all trials end well. Top is known to do.
func (r *running) least(msg message, trials []trial, low, top uint64, well func(want, have outcome) bool) (uint64, error) {
	enough, guess, step := top, low, low/32
	for guess < enough {
		msg.gas = guess
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

func (r *running) all(msg message, trials []trial, well func(want, have outcome) bool) (bool, error) {
	for _, t := range trials {
		have, err := r.machine.try(msg, t.time)
		if err != nil || !well(t.want, have) {
			return false, err
		}
	}
	return true, nil
}

// limitOfFailure is the limit to show a message with that fails whatever its limit. Where it failed because the sender can't
// buy more gas, that is the reason.
func (r *running) limitOfFailure(msg message, out outcome, poor bool, have uint256.Int) (uint64, error) {
	if errors.Is(out.failure, errReverted) {
		top := msg.gas
		msg.gas = min(out.peak+out.peak/40, top)
		again, err := r.machine.try(msg, r.machine.env.time)
		if err != nil || errors.Is(again.failure, errReverted) {
			return msg.gas, err
		}
		return top, nil
	}
	if !poor {
		return msg.gas, nil
	}
	return 0, tooPoor(&msg, have)
}

func tooPoor(msg *message, have uint256.Int) error {
	return refusal.New(refusal.Balance, "%s has %s wei, which buys %d gas at the fee cap, and needs more than that", msg.from, have.Dec(), msg.gas)
}

// affordableGas is the most gas that the sender can pay for.
func affordableGas(msg *message, have uint256.Int) uint64 {
	if have.Lt(&msg.value) {
		return 0
	}
	if msg.feeCap.IsZero() {
		return ^uint64(0)
	}
	left := new(uint256.Int).Sub(&have, &msg.value)
	left.Div(left, &msg.feeCap)
	if !left.IsUint64() {
		return ^uint64(0)
	}
	return left.Uint64()
}
