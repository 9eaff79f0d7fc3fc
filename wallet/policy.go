package wallet

// Policy is a placeholder.
type Policy struct{}

func LoadPolicy(path string) (*Policy, error) { panic("unwritten") }
func DefaultPolicy() *Policy                  { panic("unwritten") }
func WriteDefaultPolicy(path string) error    { panic("unwritten") }
func (p *Policy) Judge(f Facts) Verdict       { panic("unwritten") }

type Facts struct{}
type Ledger interface{}
