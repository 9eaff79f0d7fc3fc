package fork

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// A chain whose EVM is not Ethereum's (Arbitrum, Polygon, a rollup of its own kind) can't be run in this process. There the remote runs
// the transactions itself, on the pinned block, by eth_simulateV1 in its strict mode; and it is asked for the state on both sides inside
// the same simulation, so that every change is still read and never computed. What was kept goes along as earlier blocks of each request,
// as the remote hands out no state: it has to come to the same each time.
//
// eth_simulateV1 tells neither calls nor writes. Those come from debug_traceCall, where the remote serves it and it tells of the same
// run. Where they don't come, Unknown says what can't be told, so that nobody takes the rest to be whole.

// abroad is the engine of a chain that the remote runs.
type abroad struct {
	*Fork
	custom customs
}

// customs are how a remote's simulations see the block. What it does not take is as on the chain, or it is not.
type customs struct {
	miner, random bool   // takes another
	odd           string // what contracts see there that no block of the chain has, in words; empty where all is as it should be
}

// far is what the remote is told of a head.
type far struct {
	kept   []keptBlock
	story  *story                       // of what was kept; nil where it is not known
	nonces map[common.Address]uint64    // transactions that were kept, by sender
	extra  map[common.Address]wireState // in the block that comes next
	env    wireEnv
}

// keptBlock is a block that every request begins with, and what it comes to.
type keptBlock struct {
	asked wireBlock
	mined wireMined
}

// abroadOn is a Fork that the remote runs, if it can. Cause says why it is not run here.
func abroadOn(ctx context.Context, remote *pinned.Remote, s settings, cause error) (*Fork, error) {
	f := on(remote, s)
	a := &abroad{Fork: f}
	f.engine, f.rules = a, pinned.Rules{Era: pinned.Osaka}
	h := &head{state: remote.State(), block: f.head.block}
	h.block.Rules, h.block.Difficulty = evm.RulesOf(f.pin.ChainID, f.rules.Era), uint256.Int{} // for scouts, who only look around
	h.block.MaxBlobs, h.block.BlobFee = 0, uint256.Int{}
	h.far = &far{story: newStory(), nonces: make(map[common.Address]uint64), env: wireEnv{Time: hexutil.Uint64(h.block.Time)}}
	f.head = h
	if err := a.settle(ctx, h); err != nil {
		return nil, a.refused(err, cause)
	}
	a.dress(h)
	return f, nil
}

// refused says why there is no simulation of the chain, neither here nor there.
func (a *abroad) refused(err, cause error) error {
	var answer rpc.Error
	both := errors.Join(cause, err)
	lacks := func(what string) error {
		return refusal.New(refusal.NoSimulation, "this chain can't be run here, and its rpc endpoint %s", what).
			WithHint("use an rpc endpoint of this chain that serves eth_simulateV1").Because(both)
	}
	switch {
	case pinned.NotServed(err) || errors.Is(err, pinned.ErrNoMethod):
		return lacks("serves no eth_simulateV1")
	case errors.Is(err, errAnswer) || errors.Is(err, errProbe):
		return lacks("does not answer eth_simulateV1 as that is specified")
	case errors.As(err, &answer):
		return lacks("refuses eth_simulateV1")
	}
	return Unpinned(err)
}

// settle finds out what the remote's simulations can do.
func (a *abroad) settle(ctx context.Context, h *head) error {
	seed := a.derive("customs", 0)
	miner := common.Address(seed[:common.AddressLength])
	asks := []question{{about: theBlock}}
	var blocks []wireBlock
	for _, env := range []wireEnv{h.far.env, {Time: h.far.env.Time, Miner: &miner}, {Time: h.far.env.Time, Random: &seed}} {
		b, err := a.probed(wireBlock{Env: env}, asks)
		if err != nil {
			return err
		}
		blocks = append(blocks, b)
	}
	mined, errs, err := a.simulate(ctx, h, blocks...)
	if err != nil {
		return err
	}
	var seen [3][3]common.Hash
	for i := range blocks {
		if i > 0 && hasCode(errs[i], codeParams) {
			continue // such an override is not known there
		}
		if errs[i] != nil {
			return errs[i]
		}
		all, err := recordsOf(mined[i].calls, asks)
		if err != nil {
			return err
		}
		seen[i] = all[0].words
	}
	header := a.remote.Header()
	if seen[0][0] != common.BigToHash(uint256.NewInt(uint64(h.far.env.Time)).ToBig()) {
		return fmt.Errorf("%w: contracts do not see the time that the block has", errAnswer)
	}
	a.custom.miner = common.Address(seen[1][1][12:]) == miner
	// Where a header has a difficulty there is no randomness: what contracts see in its place is the chain's affair.
	a.custom.random = header.Difficulty.IsZero() && seen[2][2] == seed
	switch {
	case !a.custom.miner && common.Address(seen[0][1][12:]) != header.Miner:
		a.custom.odd = "whether contracts look at the miner: the remote shows them one that the chain does not have, and takes no other"
	case header.Difficulty.IsZero() && !a.custom.random && seen[0][2] != header.Random:
		a.custom.odd = "whether contracts look at the randomness: the remote shows them none that a block has, and takes no other"
	}
	return nil
}

// dress tells the remote of the miner and the randomness of a head's block.
func (a *abroad) dress(h *head) {
	h.far.env = wireEnv{Time: hexutil.Uint64(h.block.Time)}
	if a.custom.miner {
		h.far.env.Miner = &h.block.Coinbase
	}
	if a.custom.random {
		h.far.env.Random = &h.block.Random
	}
}

// elsewhere makes the heads of the other passes. The remote numbers its blocks itself.
func (a *abroad) elsewhere(h *head) {
	same := *h.far
	h.later = &head{state: h.state, block: h.block, far: &same}
	h.later.block.Time += later
	a.dress(h.later)

	other := same
	h.apart = &head{state: h.state, block: h.later.block, far: &other}
	if seed := a.derive("miner", h.block.Number); a.custom.miner {
		h.apart.block.Coinbase = common.Address(seed[:common.AddressLength])
		coins := new(uint256.Int).SetBytes(seed[21:29])
		other.extra = map[common.Address]wireState{h.apart.block.Coinbase: {Balance: (*hexutil.U256)(coins)}}
	}
	h.apart.block.Random = turned(h.block.Random)
	a.dress(h.apart)
}

// after is the head above a block of what a pass ran.
func (a *abroad) after(h *head, p pass) *head {
	n := &far{
		kept:  append(slices.Clip(h.far.kept), keptBlock{p.voyage.block, p.voyage.mined}),
		story: p.voyage.story.upon(h.far.story), nonces: maps.Clone(h.far.nonces),
	}
	for i := range p.txs {
		n.nonces[p.txs[i].From]++
		for j := range p.txs[i].Delegations {
			if d := &p.txs[i].Delegations[j]; d.Nonce != 0 || d.Address != (common.Address{}) {
				if who, err := d.Authority(); err == nil {
					n.nonces[who]++
				}
			}
		}
	}
	next := &head{state: h.state.Sealed(a.hashOf(h.block.Number)), block: a.nextBlock(h, p), far: n}
	a.dress(next)
	return next
}

// simulate runs each block on the head, in one trip. Each has an error of its own.
func (a *abroad) simulate(ctx context.Context, h *head, blocks ...wireBlock) ([]wireMined, []error, error) {
	elems, asked := make([]rpc.BatchElem, len(blocks)), make([][]wireBlock, len(blocks))
	for i, b := range blocks {
		for _, k := range h.far.kept {
			asked[i] = append(asked[i], k.asked)
		}
		asked[i] = append(asked[i], b)
		args := map[string]any{"blockStateCalls": asked[i], "validation": true, "traceTransfers": true}
		elems[i] = rpc.BatchElem{Method: "eth_simulateV1", Args: []any{args, a.remote.Block()}, Result: new(json.RawMessage)}
	}
	if err := a.remote.Ask(ctx, elems); err != nil {
		return nil, nil, err
	}
	mined, errs := make([]wireMined, len(blocks)), make([]error, len(blocks))
	for i := range elems {
		if err := elems[i].Error; err != nil {
			errs[i] = fmt.Errorf("eth_simulateV1: %w", err)
			continue
		}
		all, err := decodeMined(*elems[i].Result.(*json.RawMessage), asked[i], a.pin.Number)
		if err != nil {
			errs[i] = err
			continue
		}
		for j := range h.far.kept {
			if !all[j].same(&h.far.kept[j].mined) {
				errs[i] = errAlters
			}
		}
		mined[i] = all[len(all)-1]
	}
	return mined, errs, nil
}

var errAlters = errors.New("the remote runs the same transactions on the same block, and they come to something else than before")

// same reports whether two runs of one block came to the same.
func (m *wireMined) same(other *wireMined) bool {
	return m.baseFee == other.baseFee && slices.EqualFunc(m.calls, other.calls, func(x, y wireDone) bool { return x.same(&y) })
}

// codeParams is how JSON-RPC refuses parameters.
const codeParams = -32602

func hasCode(err error, codes ...int) bool {
	var answer rpc.Error
	return errors.As(err, &answer) && slices.Contains(codes, answer.ErrorCode())
}

// Codes of eth_simulateV1 for what no block could hold.
const (
	codeFunds    = -38014
	codeFirstBad = -38015 // room in the block, and up to the nonces
	codeLastBad  = -38010
	codeNotEOA   = -38024
	codeInitCode = -38025
)

// denied says what a remote means that does not run transactions.
func denied(err error) error {
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return err
	}
	switch code := answer.ErrorCode(); {
	case code == codeFunds:
		return unfit{refusal.New(refusal.Balance, "the sender can't pay for value and gas").Because(err)}
	case code >= codeFirstBad && code <= codeLastBad, code == codeNotEOA, code == codeInitCode:
		return unfit{err}
	}
	return err
}

// plentyFee and plentyCoins are what questions are paid with, by an account that has nothing to do with anybody.
var (
	plentyFee   = new(uint256.Int).Lsh(uint256.NewInt(1), 96)
	plentyCoins = new(uint256.Int).Lsh(uint256.NewInt(1), 128)
)

// questionsAtOnce is how many questions one call puts.
const questionsAtOnce = 32

// probed is the block with the questions behind its calls.
func (a *abroad) probed(b wireBlock, asks []question) (wireBlock, error) {
	b.State, b.Calls = maps.Clone(b.State), slices.Clip(b.Calls)
	if b.State == nil {
		b.State = make(map[common.Address]wireState)
	}
	room := a.blockGas()
	for i := range b.Calls {
		room -= min(room, uint64(b.Calls[i].Gas))
	}
	room = min(room/2, maxTxGas)
	if room < 2*questionRoom {
		return b, unfit{errors.New("the transactions leave no room in the block for questions about it: give them less gas")}
	}
	seed := a.derive("asker", 0)
	asker := common.Address(seed[:common.AddressLength])
	b.State[asker] = wireState{Balance: (*hexutil.U256)(plentyCoins)}
	for n, part := 0, asks; len(part) > 0; n++ {
		size := min(len(part), questionsAtOnce)
		seed := a.derive("probe", uint64(n+len(b.Calls)))
		probe, code := common.Address(seed[:common.AddressLength]), hexutil.Bytes(probeCode(part[:size]))
		b.State[probe] = wireState{Code: &code}
		b.Calls = append(b.Calls, wireCall{
			From: asker, To: &probe, Gas: hexutil.Uint64(room), FeeCap: (*hexutil.U256)(plentyFee), TipCap: new(hexutil.U256), Value: new(hexutil.U256),
		})
		part = part[size:]
	}
	return b, nil
}

// blockGas is the gas of a block.
func (a *abroad) blockGas() uint64 { return a.remote.Header().GasLimit }

// recordsOf reads the answers from the calls that put the questions.
func recordsOf(calls []wireDone, asks []question) ([]record, error) {
	all := make([]record, 0, len(asks))
	for i := range calls {
		size := min(len(asks), questionsAtOnce)
		if calls[i].out.Failure != nil {
			return nil, fmt.Errorf("%w: it fails: %w", errProbe, calls[i].out.Failure)
		}
		part, err := decodeRecords(calls[i].out.Return, asks[:size])
		if err != nil {
			return nil, err
		}
		all, asks = append(all, part...), asks[size:]
	}
	return all, nil
}

// ask puts questions behind the calls of a block.
func (a *abroad) ask(ctx context.Context, h *head, b wireBlock, asks []question) ([]record, error) {
	asked, err := a.probed(b, asks)
	if err != nil {
		return nil, err
	}
	mined, errs, err := a.simulate(ctx, h, asked)
	if err = errors.Join(err, errors.Join(errs...)); err != nil {
		return nil, denied(err)
	}
	return recordsOf(mined[0].calls[len(b.Calls):], asks)
}

// account is what the head holds of an address.
func (a *abroad) account(ctx context.Context, h *head, who common.Address) (acc pinned.Account, err error) {
	acc, err = h.state.Remote().State().View().Account(ctx, who)
	if err == nil && len(h.far.kept) > 0 {
		var all []record
		if all, err = a.ask(ctx, h, wireBlock{Env: h.far.env}, []question{{to: who, about: theCode}}); err == nil {
			acc, err = h.far.overlaid(who, acc, all[0])
		}
	}
	if err != nil {
		return pinned.Account{}, unknown("read account "+who.Hex(), err)
	}
	return acc, nil
}

// overlaid is an account of the pinned block as it is now. No contract can be asked for a nonce, so that is counted where it is not known.
func (n *far) overlaid(who common.Address, was pinned.Account, now record) (pinned.Account, error) {
	acc := pinned.Account{Nonce: was.Nonce, Balance: now.balance}
	acc.SetCode(now.code)
	if _, delegated := delegate(now.code); n.story == nil && len(now.code) > 0 && !delegated {
		return acc, errors.New("the nonce of a contract can't be told once something was kept: the remote tells no writes")
	}
	acc.Nonce += n.nonces[who]
	if n.story != nil {
		if known, ok := n.story.now[who]; ok {
			acc.Nonce = known.Nonce
		}
	}
	return acc, nil
}

// view runs a view on the remote, in the block that comes next. It pays no fees.
func (a *abroad) view(ctx context.Context, h *head, call chain.Call) ([]byte, error) {
	b := wireBlock{Env: h.far.env, Calls: []wireCall{{
		From: call.From, To: call.To, Gas: hexutil.Uint64(min(viewGas, maxTxGas, a.blockGas())),
		FeeCap: new(hexutil.U256), TipCap: new(hexutil.U256), Value: (*hexutil.U256)(call.Value.Clone()), Input: call.Data,
	}}}
	b.Env.BaseFee = new(hexutil.U256)
	mined, errs, err := a.simulate(ctx, h, b)
	if err = errors.Join(err, errors.Join(errs...)); err != nil {
		return nil, unknown("call a contract", denied(err))
	}
	out := mined[0].calls[0].out
	if out.Failure != nil {
		return nil, &chain.RevertError{Reason: reasonOf(out), Data: out.Return}
	}
	return out.Return, nil
}

// callOf is a transaction as the remote is told of it, with the fees that it offers.
func callOf(tx *Tx, baseFee *uint256.Int) wireCall {
	tip, feeCap := offered(tx, baseFee)
	c := wireCall{
		From: tx.From, To: tx.To, Gas: hexutil.Uint64(tx.Gas), FeeCap: (*hexutil.U256)(&feeCap), TipCap: (*hexutil.U256)(&tip),
		Value: (*hexutil.U256)(tx.Value.Clone()), Input: tx.Data, Access: tx.AccessList, Delegations: tx.Delegations,
	}
	if tx.Nonce != nil {
		c.Nonce = (*hexutil.Uint64)(tx.Nonce)
	}
	return c
}

// message is the part of a call that funds are counted by.
func (c *wireCall) message() evm.Message {
	return evm.Message{From: c.From, To: c.To, Value: uint256.Int(*c.Value), Gas: uint64(c.Gas), FeeCap: uint256.Int(*c.FeeCap), TipCap: uint256.Int(*c.TipCap)}
}

// admitted refuses what no block of the chain could hold, as far as that shows before it runs.
func (a *abroad) admitted(txs []Tx) error {
	if len(txs) == 0 {
		return refusal.New(refusal.NoSimulation, "nothing to run")
	}
	for i := range txs {
		if txs[i].ChainID != a.pin.ChainID {
			return refusal.New(refusal.WrongChain, "transaction %d is for chain %d, the fork is of chain %d", i+1, txs[i].ChainID, a.pin.ChainID)
		}
		if len(txs[i].Blobs) > 0 {
			return refusal.New(refusal.NoSimulation, "transaction %d has blobs, and this chain is run by the remote, which takes none", i+1)
		}
	}
	return nil
}

// senders reads who sends, in one trip where nothing was kept.
func (a *abroad) senders(ctx context.Context, h *head, txs []Tx) (map[common.Address]pinned.Account, error) {
	all := make(map[common.Address]pinned.Account)
	var who []common.Address
	for i := range txs {
		if from := txs[i].From; !slices.Contains(who, from) {
			who = append(who, from)
		}
	}
	if err := a.remote.Fetch(ctx, who, nil); err != nil {
		return nil, err
	}
	for _, from := range who {
		acc, err := a.account(ctx, h, from)
		if err != nil {
			return nil, err
		}
		if _, delegated := delegate(acc.Code); len(acc.Code) > 0 && !delegated {
			return nil, unfit{fmt.Errorf("%w: address %s has code", evm.ErrNotEOA, from)}
		}
		all[from] = acc
	}
	return all, nil
}
