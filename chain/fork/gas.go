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
	times, peak := []uint64{now}, first.peak
	if second.failure == nil { // it may have a deadline before that
		times, peak = append(times, now+later), max(peak, second.peak)
	}
	if to := msg.to; to != nil && len(r.machine.account(*to).code) == 0 {
		return peak, r.machine.err // no code runs, so no state can change the use
	}
	enough, err := r.least(msg, times, peak, top)
	if err != nil {
		return 0, err
	}
	return min(enough+enough/40, top), nil // the state may differ a little when it is mined
}

// least is the lowest limit, to within a hundredth, with which the message succeeds at all times. It does with top.
func (r *running) least(msg message, times []uint64, low, top uint64) (uint64, error) {
	enough, guess, step := top, low, low/32
	for guess < enough {
		msg.gas = guess
		ok, err := r.succeeds(msg, times)
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

func (r *running) succeeds(msg message, times []uint64) (bool, error) {
	for _, t := range times {
		out, err := r.machine.try(msg, t)
		if err != nil || out.failure != nil {
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
