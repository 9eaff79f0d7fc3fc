package fork

import (
	"context"
	"fmt"

	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
	"github.com/keymaker-agent/keymaker/refusal"
)

// defaultTip is what a wallet offers where nobody says otherwise: one gwei.
const defaultTip = 1_000_000_000

// pass is what became of the transactions in one block.
type pass struct {
	txs     []Tx
	results []TxResult
	effects *Effects
	layer   *pinned.Layer // that they leave
	answers answers       // that the effects rest on
	whole   bool          // the results and the layer are all that they did
	block   evm.Block
	tips    uint256.Int // wei that the miner earned

	rewarded bool // and nothing else happened to its coins

	voyage *voyage // by the remote, nil where they ran here
}

// unfit says that no block could hold a transaction. All that was read is known: it is not an error of the remote.
type unfit struct{ error }

func (e unfit) Unwrap() error { return e.error }

// run runs the transactions once, in the block above h. Where they do just what they did in the pass before, and contracts answer the
// same, its effects are theirs.
func (f *Fork) run(ctx context.Context, h *head, txs []Tx, before *pass) (p pass, err error) {
	if len(txs) == 0 {
		return p, refusal.New(refusal.NoSimulation, "nothing to run")
	}
	for i := range txs {
		if txs[i].ChainID != f.pin.ChainID {
			return p, refusal.New(refusal.WrongChain, "transaction %d is for chain %d, the fork is of chain %d", i+1, txs[i].ChainID, f.pin.ChainID)
		}
	}
	calls := callsOf(txs)
	v := h.state.View()
	v.Expect(append(calls, f.layer1(calls)...), h.block.Coinbase)
	seen := newWitness(v)
	m := evm.New(ctx, seen, h.block, nil)
	defer m.Close()
	r := &running{fork: f, machine: m, seen: seen, trace: newTrace()}
	effects := &Effects{Pin: f.pin, Txs: make([]TxResult, len(txs))}
	for i := range txs {
		if err := r.tx(&txs[i], &effects.Txs[i]); err != nil {
			if m.Err() == nil && ctx.Err() == nil {
				err = unfit{err}
			}
			return p, unknown(fmt.Sprintf("run transaction %d", i+1), err)
		}
	}
	p = pass{
		txs: txs, results: effects.Txs, layer: r.trace.Layer(m), whole: !r.trace.full,
		block: h.block, tips: r.tips, rewarded: !r.trace.Balances[h.block.Coinbase],
	}
	if before != nil && p.repeats(before) {
		same, err := r.hold(ctx, v, before.answers)
		if err != nil {
			return p, unknown("read the effects", err)
		}
		if same {
			p.effects, p.answers = before.effects, before.answers
			return p, nil
		}
	}
	if err := r.effects(ctx, v, &p, effects); err != nil {
		return p, unknown("read the effects", err)
	}
	return p, nil
}

func callsOf(txs []Tx) []chain.Call {
	calls := make([]chain.Call, len(txs))
	for i := range txs {
		calls[i] = txs[i].Call
	}
	return calls
}

// running is one sequence while it runs.
type running struct {
	fork    *Fork
	machine *evm.Machine
	trace   *trace
	seen    *witness
	untold  bool        // the chain takes something besides gas, and does not tell what
	tips    uint256.Int // wei that the miner earned
}

func (r *running) tx(tx *Tx, res *TxResult) error {
	msg, err := r.message(tx)
	if err != nil {
		return err
	}
	if msg.Levy, err = r.levy(&msg); err != nil {
		return err
	}
	if err := funded(&msg, r.machine.Account(msg.From).Balance); err != nil {
		return err
	}
	out, err := r.machine.Transact(msg, nil, r.trace)
	if err != nil {
		return err
	}
	*res = TxResult{
		Success: out.Failure == nil, GasUsed: out.Used, GasLimit: msg.Gas, Return: out.Return, Logs: logsOf(out.Logs), Calls: r.trace.take(),
	}
	used, price := uint256.NewInt(out.Used), msg.Price(&r.machine.BaseFee)
	tip := new(uint256.Int).Sub(price, &r.machine.BaseFee)
	r.tips.Add(&r.tips, tip.Mul(tip, used))
	res.Fee.Mul(used, price)
	blobs := r.machine.BlobCost(&msg)
	res.Fee.Add(&res.Fee, &blobs)
	res.L1Fee = msg.Levy
	res.Fee.Add(&res.Fee, &msg.Levy)
	if !res.Success {
		res.Revert = reasonOf(out)
	}
	return nil
}

func logsOf(raw []*types.Log) []Log {
	logs := make([]Log, len(raw))
	for i, l := range raw {
		logs[i] = Log{Address: l.Address, Topics: l.Topics, Data: l.Data}
	}
	return logs
}

// message completes a transaction: nonce, fees and gas limit, as a wallet would set them.
func (r *running) message(tx *Tx) (evm.Message, error) {
	m := r.machine
	from := m.Account(tx.From)
	if m.Err() != nil {
		return evm.Message{}, m.Err()
	}
	msg := evm.Message{
		From: tx.From, To: tx.To, Nonce: from.Nonce, Value: tx.Value, Data: tx.Data, Gas: tx.Gas,
		Access: tx.AccessList, Delegations: tx.Delegations, Blobs: tx.Blobs,
	}
	if tx.BlobFeeCap != nil {
		msg.BlobFeeCap = *tx.BlobFeeCap
	} else {
		msg.BlobFeeCap.Lsh(&m.BlobFee, 1)
	}
	if tx.Nonce != nil {
		msg.Nonce = *tx.Nonce
	}
	msg.TipCap, msg.FeeCap = offered(tx, &m.BaseFee)
	if msg.Gas == 0 {
		gas, err := r.estimate(msg, from.Balance)
		if err != nil {
			return evm.Message{}, err
		}
		msg.Gas = gas
	}
	return msg, funded(&msg, from.Balance)
}

// offered are the tip and the cap of a transaction's fee: its own, else what a wallet would offer in a block of that base fee.
func offered(tx *Tx, baseFee *uint256.Int) (tip, feeCap uint256.Int) {
	tip.SetUint64(defaultTip)
	if tx.GasTipCap != nil {
		tip = *tx.GasTipCap
	}
	if tx.GasFeeCap == nil {
		feeCap.Lsh(baseFee, 1)
		feeCap.Add(&feeCap, &tip)
		return tip, feeCap
	}
	feeCap = *tx.GasFeeCap
	if tx.GasTipCap == nil && tip.Gt(&feeCap) {
		tip = feeCap
	}
	return tip, feeCap
}

// funded refuses a message whose sender can't pay for gas and value. Every chain does.
func funded(msg *evm.Message, have uint256.Int) error {
	need, over := new(uint256.Int).MulOverflow(uint256.NewInt(msg.Gas), &msg.FeeCap)
	if !over {
		_, over = need.AddOverflow(need, &msg.Value)
	}
	if !over {
		_, over = need.AddOverflow(need, &msg.Levy)
	}
	if !over && len(msg.Blobs) > 0 {
		blobs, over2 := new(uint256.Int).MulOverflow(uint256.NewInt(msg.BlobGas()), &msg.BlobFeeCap)
		_, over = need.AddOverflow(need, blobs)
		over = over || over2
	}
	if over {
		return refusal.New(refusal.Balance, "gas and value cost more than any account can hold")
	}
	if have.Lt(need) {
		return refusal.New(refusal.Balance, "%s needs %s wei for value and gas, and has %s", msg.From, need.Dec(), have.Dec())
	}
	return nil
}
