package store

import "github.com/keymaker-agent/keymaker/agent"

// The life of a step is the agent's; the store keeps where each one is.
type (
	StepState = agent.StepState
	StepEvent = agent.StepEvent
)
