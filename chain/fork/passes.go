package fork

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// A contract can behave while it is looked at. What a simulation can't know of the block that a transaction will be in are its
// miner, its randomness, and how much later it comes; all else is as it will be: base fee, gas price, limit, funds, hashes. So the
// same transactions, with the same limits, are run in three passes:
//
//  1. in the next block: these are the effects;
//  2. later: half a minute on, in time and number;
//  3. apart: as late, under another miner (with coins of its own) and with every bit of PREVRANDAO turned over.
//
// Pass 3 may differ from pass 2 in nothing. Pass 2 may differ from pass 1 in amounts, as prices and interest move on, but not in
// what is done to whom, nor by more than a hundredth to a sender's disadvantage.
//
// Two samples of randomness show less than all of it. A contract that looks at one bit, at a parity, or at a bound in the middle is
// always found, as each bit differs. One that draws from a hash of it is missed with the odds that two draws agree: one in two for a
// coin, and nearly always for what befalls one block in a million. The values are derived from a secret of this process, so no
// contract can tell them from a miner's.

// passes runs the transactions in all three passes, and is the first with what was found.
func (f *Fork) passes(ctx context.Context, h *head, txs []Tx) (pass, error) {
	first, err := f.engine.run(ctx, h, txs, nil)
	if err != nil {
		return first, err
	}
	same := slices.Clone(txs)
	for i := range same {
		same[i].Gas = first.effects.Txs[i].GasLimit
	}
	h.once.Do(func() { f.engine.elsewhere(h) })
	second, errLater := f.engine.run(ctx, h.later, same, &first)
	third, errApart := f.engine.run(ctx, h.apart, same, &second)
	for _, err := range []error{errLater, errApart} {
		if err != nil && !refusedByBlock(err) {
			return pass{}, err
		}
	}
	e := first.effects
	switch {
	case errLater != nil:
		e.found(ChangesWithTime, fmt.Sprintf("%d seconds later", later), []string{"no block would hold the transactions: " + errLater.Error()})
	default:
		e.found(ChangesWithTime, fmt.Sprintf("%d seconds later", later), f.drift(first, second))
	}
	const apart = "under another miner and randomness"
	switch {
	case (errLater == nil) != (errApart == nil):
		e.found(LooksForSimulator, apart, []string{"a block would hold the transactions in one case only"})
	case errLater == nil:
		e.found(LooksForSimulator, apart, sights(second, third))
	}
	return first, nil
}

func refusedByBlock(err error) bool {
	_, is := errors.AsType[unfit](err)
	return is
}

// elsewhere makes the heads of the other passes: the one later stands on blocks that hold nothing.
func (f *Fork) elsewhere(h *head) {
	b, layer, hashes := h.block, pinned.NewLayer(), []common.Hash(nil)
	for n := max(1, later/f.blockTime); n > 1; n-- {
		hashes = append(hashes, f.hashOf(b.Number))
		b.Number, b.Time = b.Number+1, b.Time+f.blockTime
		f.begin(layer, b)
	}
	b.Time = h.block.Time + later
	f.begin(layer, b)
	s := h.state.Sealed(hashes...).With(layer)
	h.later = &head{state: s, block: b}

	// Nobody has the key of this miner, so what the remote holds of it need not be asked.
	seed := f.derive("miner", b.Number)
	b.Coinbase, b.Random = common.Address(seed[:common.AddressLength]), turned(b.Random)
	miner := pinned.Account{Nonce: uint64(seed[20])}
	miner.Balance.SetBytes(seed[21:29]) // up to 18 coins
	miner.SetCode(nil)
	top := pinned.NewLayer()
	top.Accounts[b.Coinbase] = miner
	f.begin(top, b)
	if _, place := pinned.BeaconSlots(b.Time); top.Slots[place] != (common.Hash{}) {
		top.Slots[place] = turned(top.Slots[place])
	}
	h.apart = &head{state: s.With(top), block: b}
}

// turned has every bit of h turned over.
func turned(h common.Hash) common.Hash {
	for i := range h {
		h[i] = ^h[i]
	}
	return h
}

// repeats reports whether the transactions did just what they did in another pass: the same calls, logs and results, and the same left
// in the state, but for what miners earn. Then the effects are the same where views answer the same.
func (p *pass) repeats(other *pass) bool {
	if !p.whole || !other.whole || other.effects == nil {
		return false
	}
	for i := range p.results {
		x, y := &p.results[i], &other.results[i]
		if x.Success != y.Success || x.GasUsed != y.GasUsed || x.Fee != y.Fee || !slices.Equal(x.Return, y.Return) ||
			!slices.EqualFunc(x.Logs, y.Logs, sameLog) || otherCall(&x.Calls, &y.Calls, exactly) != "" {
			return false
		}
	}
	return maps.Equal(p.layer.Slots, other.layer.Slots) && maps.Equal(p.layer.Wiped, other.layer.Wiped) &&
		maps.EqualFunc(p.earned(), other.earned(), func(x, y pinned.Account) bool {
			return x.Nonce == y.Nonce && x.Balance == y.Balance && x.CodeHash == y.CodeHash
		})
}

// earned are the accounts that were written, without what the miner earned.
func (p *pass) earned() map[common.Address]pinned.Account {
	all := maps.Clone(p.layer.Accounts)
	if p.rewarded {
		delete(all, p.block.Coinbase)
	}
	return all
}
