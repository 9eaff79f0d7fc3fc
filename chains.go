package keymaker

import (
	"context"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// What a public endpoint is asked at most: a quote and a dry run fit into one burst.
const (
	callsPerSecond = 100
	burst          = 500
)

// client dials a network once.
func (a *Agent) client(ctx context.Context, n chain.Network) (*chain.Client, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.clients[n.Key]; ok {
		return c, nil
	}
	if n.Embedded && !listening(ctx, n) {
		return nil, refusal.New(refusal.RPCDown, "the embedded chains are not running").
			WithHint("start them in another terminal with: keymaker devnet")
	}
	opts := []chain.Option{chain.WithPatience(10*time.Second, 250*time.Millisecond)}
	if !n.Embedded {
		opts = append(opts, chain.WithRate(callsPerSecond, burst))
	}
	c, err := chain.Dial(ctx, n, opts...)
	if err != nil {
		return nil, err
	}
	a.options.Log.Debug("dialled", "network", n.Key, "chain", n.ChainID)
	a.clients[n.Key] = c
	return c, nil
}

// listening tells at once whether anything answers at an embedded network's port, where a client would try for a while.
func listening(ctx context.Context, n chain.Network) bool {
	for _, endpoint := range n.RPC {
		u, err := url.Parse(endpoint)
		if err != nil {
			continue
		}
		if conn, err := new(net.Dialer).DialContext(ctx, "tcp", u.Host); err == nil {
			_ = conn.Close()
			return true
		}
	}
	return false
}

func (a *Agent) gate(ctx context.Context, n chain.Network) (*wallet.Gate, error) {
	c, err := a.client(ctx, n)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if g, ok := a.gates[n.Key]; ok {
		return g, nil
	}
	g := wallet.NewGate(wallet.GateConfig{
		Keys: a.keys, Policy: a.policy, Store: a.store, Remote: c,
		Confirmations: confirmations(n), PollEvery: pollEvery(n), Hook: a.options.Reached,
	})
	a.gates[n.Key] = g
	return g, nil
}

// confirmations is how deep a receipt must be. An embedded chain never goes back; others do, by a block now and then.
func confirmations(n chain.Network) uint64 {
	if n.Embedded {
		return 1
	}
	return 2
}

// pollEvery is how often a receipt is asked for: a few times a block.
func pollEvery(n chain.Network) time.Duration {
	if n.Embedded {
		return 50 * time.Millisecond
	}
	return min(max(time.Duration(n.BlockTime)*time.Second/4, 500*time.Millisecond), 3*time.Second)
}

// live is the networks as they are: a fork of the newest block for each step.
type live struct{ *Agent }

func (l live) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	c, err := l.client(ctx, n)
	if err != nil {
		return nil, err
	}
	f, err := fork.New(ctx, c, fork.WithBlockTime(n.BlockTime))
	if err != nil {
		return nil, err
	}
	l.options.Log.Debug("pinned", "network", n.Key, "block", f.Pin().Number, "hash", f.Pin().Hash)
	return f, nil
}

// Gate refuses an account that has no key here before anyone is asked to approve what can't be signed.
func (l live) Gate(ctx context.Context, n chain.Network) (agent.Gate, error) {
	if err := l.keys.CanSign(l.account); err != nil {
		return nil, err
	}
	return l.gate(ctx, n)
}

func (l live) Tip(ctx context.Context, n chain.Network) (uint256.Int, error) {
	c, err := l.client(ctx, n)
	if err != nil {
		return uint256.Int{}, err
	}
	return c.Tip(ctx)
}

// dry is the networks in a dry run: one fork each, on which every step leaves its effects.
type dry struct {
	live
	mu    sync.Mutex
	forks map[string]*fork.Fork
}

// Gate needs no key: what it prepares is never signed.
func (d *dry) Gate(ctx context.Context, n chain.Network) (agent.Gate, error) { return d.gate(ctx, n) }

func newDry(a *Agent) *dry { return &dry{live: live{a}, forks: map[string]*fork.Fork{}} }

func (d *dry) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if f, ok := d.forks[n.Key]; ok {
		return f, nil
	}
	f, err := d.live.Fork(ctx, n)
	if err != nil {
		return nil, err
	}
	d.forks[n.Key] = f
	return f, nil
}

// Resume brings to an end what an earlier run left open on a network.
func (a *Agent) Resume(ctx context.Context, n chain.Network, password wallet.PasswordFunc, moved func(wallet.Update)) ([]wallet.Receipt, error) {
	g, err := a.gate(ctx, n)
	if err != nil {
		return nil, err
	}
	return g.Resume(ctx, password, moved)
}

// Fork pins the newest block of a network.
func (a *Agent) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	return live{a}.Fork(ctx, n)
}

// Waiting reports whether an earlier run left a transaction on a network whose outcome is not known.
func (a *Agent) Waiting(ctx context.Context, n chain.Network) (bool, error) {
	open, err := a.store.Open(ctx, n.ChainID)
	return len(open) > 0, err
}
