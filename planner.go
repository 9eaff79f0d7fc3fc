package keymaker

import (
	"context"
	"sync"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
)

// pinnedModel is a model planner that says which bytes of a model it asks, and where.
type pinnedModel struct {
	agent.Planner
	digest   string
	provider string
}

func (p *pinnedModel) Digest() string { return p.digest }

func (p *pinnedModel) Provider() string { return p.provider }

// plannerOn asks a model in its own way where it is the trained planner, else as any other.
func plannerOn(llm *ollama.Model, name string) agent.Planner {
	if own.IsServed(name, llm.Weights()) {
		return served{own.New(own.NewServed(llm), own.Witness{}), llm.String()}
	}
	return model.New(llm, llm.String())
}

// served is the trained planner where Ollama runs it, under its name there.
type served struct {
	agent.Planner
	name string
}

func (s served) Name() string { return s.name }

// lateModel opens a model when it is first asked. One that can't be opened is tried again with the next sentence.
type lateModel struct {
	name string
	open func(ctx context.Context) (*pinnedModel, error)

	mu     sync.Mutex
	opened *pinnedModel
}

func (l *lateModel) Plan(ctx context.Context, r *intents.Reading) (intents.Draft, error) {
	m, err := l.model(ctx)
	if err != nil {
		return intents.Draft{}, err
	}
	return m.Plan(ctx, r)
}

func (l *lateModel) model(ctx context.Context) (*pinnedModel, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.opened != nil {
		return l.opened, nil
	}
	m, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	l.opened = m
	return m, nil
}

// Name, Digest and Provider are those of the opened model. Before, nothing but the name is known.
func (l *lateModel) Name() string {
	if m := l.known(); m != nil {
		return m.Name()
	}
	return l.name
}

func (l *lateModel) Digest() string {
	if m := l.known(); m != nil {
		return m.Digest()
	}
	return ""
}

func (l *lateModel) Provider() string {
	if m := l.known(); m != nil {
		return m.Provider()
	}
	return ""
}

func (l *lateModel) known() *pinnedModel {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.opened
}
