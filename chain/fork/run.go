package fork

import (
	"context"
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
)

// defaultTip is what a wallet offers where nobody says otherwise: one gwei.
const defaultTip = 1_000_000_000

// run runs the transactions in the block above h, and returns their effects and the layer that they leave.
func (f *Fork) run(ctx context.Context, h *head, txs []Tx) (*Effects, *overlay, error) {
	if len(txs) == 0 {
		return nil, nil, refusal.New(refusal.NoSimulation, "nothing to run")
	}
	calls := make([]chain.Call, len(txs))
	for i := range txs {
		if txs[i].ChainID != f.pin.ChainID {
			return nil, nil, refusal.New(refusal.WrongChain, "transaction %d is for chain %d, the fork is of chain %d", i+1, txs[i].ChainID, f.pin.ChainID)
		}
		calls[i] = txs[i].Call
	}
	s, e := f.stage(h)
	s.expect(append(calls, f.layer1(calls)...), e.coinbase)
	m := newMachine(ctx, s, e)
	defer m.close()
	r := &running{fork: f, machine: m, trace: newTrace()}
	effects := &Effects{Pin: f.pin, Txs: make([]TxResult, len(txs))}
	for i := range txs {
		if err := r.tx(&txs[i], &effects.Txs[i]); err != nil {
			return nil, nil, unknown(fmt.Sprintf("run transaction %d", i+1), err)
		}
	}
	layer := r.trace.layer(m)
	if err := r.effects(s, e, txs, effects); err != nil {
		return nil, nil, unknown("read the effects", err)
	}
	return effects, layer, nil
}

// running is one sequence while it runs.
type running struct {
	fork    *Fork
	machine *machine
	trace   *trace
	untold  bool // the chain takes something besides gas, and does not tell what
}

func (r *running) tx(tx *Tx, res *TxResult) error {
	msg, err := r.message(tx)
	if err != nil {
		return err
	}
	if msg.levy, err = r.levy(&msg); err != nil {
		return err
	}
	if err := funded(&msg, r.machine.account(msg.from).balance); err != nil {
		return err
	}
	out, err := r.machine.transact(msg, r.trace)
	if err != nil {
		return err
	}
	*res = TxResult{
		Success: out.failure == nil, GasUsed: out.used, GasLimit: msg.gas, Return: out.ret, Logs: out.logs, Calls: r.trace.take(),
	}
	res.Fee.Mul(uint256.NewInt(out.used), msg.price(&r.machine.env.baseFee))
	res.L1Fee = msg.levy
	res.Fee.Add(&res.Fee, &msg.levy)
	if !res.Success {
		res.Revert = reasonOf(out)
	}
	if res.Logs == nil {
		res.Logs = []Log{}
	}
	return nil
}

// message completes a transaction: nonce, fees and gas limit, as a wallet would set them.
func (r *running) message(tx *Tx) (message, error) {
	m := r.machine
	from := m.account(tx.From)
	if m.err != nil {
		return message{}, m.err
	}
	msg := message{from: tx.From, to: tx.To, nonce: from.nonce, value: tx.Value, data: tx.Data, gas: tx.Gas}
	if tx.Nonce != nil {
		msg.nonce = *tx.Nonce
	}
	msg.tipCap.SetUint64(defaultTip)
	if tx.GasTipCap != nil {
		msg.tipCap = *tx.GasTipCap
	}
	if tx.GasFeeCap != nil {
		msg.feeCap = *tx.GasFeeCap
		if tx.GasTipCap == nil && msg.tipCap.Gt(&msg.feeCap) {
			msg.tipCap = msg.feeCap
		}
	} else {
		msg.feeCap.Lsh(&m.env.baseFee, 1)
		msg.feeCap.Add(&msg.feeCap, &msg.tipCap)
	}
	if msg.gas == 0 {
		gas, err := r.estimate(msg, from.balance)
		if err != nil {
			return message{}, err
		}
		msg.gas = gas
	}
	return msg, funded(&msg, from.balance)
}

// funded refuses a message whose sender can't pay for gas and value. Every chain does.
func funded(msg *message, have uint256.Int) error {
	need, over := new(uint256.Int).MulOverflow(uint256.NewInt(msg.gas), &msg.feeCap)
	if !over {
		_, over = need.AddOverflow(need, &msg.value)
	}
	if !over {
		_, over = need.AddOverflow(need, &msg.levy)
	}
	if over {
		return refusal.New(refusal.Balance, "gas and value cost more than any account can hold")
	}
	if have.Lt(need) {
		return refusal.New(refusal.Balance, "%s needs %s wei for value and gas, and has %s", msg.from, need.Dec(), have.Dec())
	}
	return nil
}
