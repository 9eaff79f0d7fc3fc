package tools

import (
	"context"

	"github.com/keymaker-agent/keymaker/intents"
)

// Func is what a tool does.
type Func func(ctx context.Context, env Env, in intents.Intent) (Result, error)

type function struct {
	spec Spec
	run  Func
}

func (f function) Spec() Spec { return f.spec }

func (f function) Run(ctx context.Context, env Env, in intents.Intent) (Result, error) {
	return f.run(ctx, env, in)
}

// NewReader makes a tool that answers from state. The class of spec is set to Read.
func NewReader(spec Spec, run Func) Tool {
	spec.Effect = Read
	return function{spec, run}
}

// NewProposer makes a tool that may return calls. The class of spec is set to Propose.
func NewProposer(spec Spec, run Func) Tool {
	spec.Effect = Propose
	return function{spec, run}
}
