package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/eth/tracers"
	"github.com/ethereum/go-ethereum/eth/tracers/logger"
	_ "github.com/ethereum/go-ethereum/eth/tracers/native" // the tracers that are offered

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// traceConfig says how a trace is made. Without a tracer it is the log of every step, whose own settings stand beside it.
type traceConfig struct {
	*logger.Config
	Tracer       *string
	Timeout      *string
	TracerConfig json.RawMessage
}

// offeredTracers are go-ethereum's own, without those that run JavaScript.
var offeredTracers = []string{
	"callTracer", "prestateTracer", "4byteTracer", "flatCallTracer", "muxTracer", "noopTracer", "erc7562Tracer", "keccak256PreimageTracer",
}

// Bounds of one trace.
const (
	tracePatience = 5 * time.Second
	mostTrace     = 64 << 20 // bytes
)

var errTraceSize = fmt.Errorf("the trace has more than %d bytes: trace less, or with another tracer", mostTrace)

// check refuses a tracer that is not offered, also as a part of another one.
func (c *traceConfig) check() error {
	if c == nil {
		return nil
	}
	if c.Config != nil && c.Overrides != nil {
		return invalid("other rules than the chain's (overrides) are not offered")
	}
	if c.Tracer == nil {
		return nil
	}
	return checkTracer(*c.Tracer, c.TracerConfig, 0)
}

// deepestTracer is how deep tracers may be within each other.
const deepestTracer = 4

func checkTracer(name string, config json.RawMessage, depth int) error {
	if depth > deepestTracer {
		return invalid("tracers are more than %d deep within each other", deepestTracer)
	}
	if !slices.Contains(offeredTracers, name) {
		return invalid("the tracer is none of those offered, which are %v; JavaScript is not run here", offeredTracers)
	}
	if name != "muxTracer" || len(config) == 0 {
		return nil
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(config, &parts); err != nil {
		return invalid("the configuration of muxTracer is not one tracer's name to its configuration: %v", err)
	}
	for part, config := range parts {
		if err := checkTracer(part, config, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// patience is how long one trace may take.
func (c *traceConfig) patience(most time.Duration) (time.Duration, error) {
	if c == nil || c.Timeout == nil {
		return min(tracePatience, most), nil
	}
	d, err := time.ParseDuration(*c.Timeout)
	if err != nil || d <= 0 {
		return 0, invalid("timeout is not a time such as 10s")
	}
	return min(d, most), nil
}

// tracer makes the tracer of one transaction.
func (c *traceConfig) tracer(at *tracers.Context, rules *evm.Rules) (*tracers.Tracer, error) {
	if c != nil && c.Tracer != nil {
		return tracers.DefaultDirectory.New(*c.Tracer, at, c.TracerConfig, rules.Config())
	}
	var settings logger.Config
	if c != nil && c.Config != nil {
		settings = *c.Config
	}
	if settings.Limit <= 0 || settings.Limit > mostTrace {
		settings.Limit = mostTrace + 1
	}
	l := logger.NewStructLogger(&settings)
	return &tracers.Tracer{Hooks: l.Hooks(), GetResult: l.GetResult, Stop: l.Stop}, nil
}

// probe is the tracer that a machine has all the time. It hands on to the tracer of the transaction that runs, if there is one, and
// ends the run where what that tracer keeps grows too large.
type probe struct {
	hooks evm.Tracer
	inner evm.Tracer
	kept  int
	stop  context.CancelCauseFunc
}

func newProbe(stop context.CancelCauseFunc) *probe {
	p := &probe{stop: stop}
	p.attach(nil)
	return p
}

// attach makes a tracer the one that is told; nil: nobody is.
func (p *probe) attach(t *tracers.Tracer) {
	p.kept, p.inner = 0, evm.Tracer{}
	if t != nil {
		p.inner = *t.Hooks
	}
	p.hooks = p.inner
	p.hooks.OnLog = p.log // a machine asks for this one only once
	if p.inner.OnEnter != nil {
		p.hooks.OnEnter = func(depth int, kind byte, from, to common.Address, input []byte, gas uint64, value *big.Int) {
			p.keep(len(input))
			p.inner.OnEnter(depth, kind, from, to, input, gas, value)
		}
	}
	if p.inner.OnExit != nil {
		p.hooks.OnExit = func(depth int, output []byte, used uint64, err error, reverted bool) {
			p.keep(len(output))
			p.inner.OnExit(depth, output, used, err, reverted)
		}
	}
}

func (p *probe) log(l *types.Log) {
	if p.inner.OnLog != nil {
		p.keep(len(l.Data))
		p.inner.OnLog(l)
	}
}

// keep counts bytes, which are written as two digits each.
func (p *probe) keep(n int) {
	const beside = 256 // of a frame or a log, without its data
	if p.kept += 2*n + beside; p.kept > mostTrace {
		p.stop(errTraceSize)
	}
}

var errTraceTime = errors.New("execution timeout")

// trace runs a message of a machine whose tracer is the probe, and returns what the tracer says.
func (p *probe) trace(m *evm.Machine, msg evm.Message, tx *types.Transaction, t *tracers.Tracer) (json.RawMessage, error) {
	p.attach(t)
	defer p.attach(nil)
	if _, err := m.Transact(msg, tx, evm.NewWrites()); m.Err() != nil {
		return nil, m.Err()
	} else if err != nil {
		return nil, fmt.Errorf("tracing failed: %w", err)
	}
	raw, err := t.GetResult()
	if err == nil && len(raw) > mostTrace {
		err = errTraceSize
	}
	return raw, err
}
