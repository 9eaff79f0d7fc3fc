package fork

import "context"

func (r *running) effects(_ *scene, _ env, _ []Tx, e *Effects) error {
	_ = context.Background
	e.Balances, e.Allowances, e.Operators, e.Controls = []BalanceChange{}, []AllowanceChange{}, []OperatorChange{}, []ControlChange{}
	return nil
}
