package keymaker

import (
	"context"
	"net"
	"net/url"
	"slices"
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

// access is a network, and what may be done there.
type access struct {
	network string
	mode    Mode
}

// client dials a network once. In a dry run it can't send, and to an endpoint that stands in for a network nothing is ever sent.
func (a *Agent) client(ctx context.Context, n chain.Network, m Mode) (*chain.Client, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c, ok := a.clients[access{n.Key, m}]; ok {
		return c, nil
	}
	var opts []chain.Option
	if m == DryRun || a.standIn {
		opts = append(opts, chain.ReadOnly())
	}
	c, err := Dial(ctx, n, opts...)
	if err != nil {
		return nil, err
	}
	a.options.Log.Debug("dialled", "network", n.Key, "chain", n.ChainID)
	a.clients[access{n.Key, m}] = c
	return c, nil
}

// Dial connects to a network as the agent does: with its patience, at a rate that public endpoints bear, and with a word on embedded
// chains that do not run.
func Dial(ctx context.Context, n chain.Network, opts ...chain.Option) (*chain.Client, error) {
	if n.Embedded && !listening(ctx, n) {
		return nil, refusal.New(refusal.RPCDown, "the embedded chains are not running").
			WithHint("start them in another terminal with: keymaker devnet")
	}
	opts = append(opts, chain.WithPatience(10*time.Second, 250*time.Millisecond))
	if !loopback(n) {
		opts = append(opts, chain.WithRate(callsPerSecond, burst))
	}
	return chain.Dial(ctx, n, opts...)
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

// loopback reports whether every endpoint of a network is on this machine: such a one is asked as fast as it answers.
func loopback(n chain.Network) bool {
	for _, endpoint := range n.RPC {
		if u, err := url.Parse(endpoint); err != nil || !net.ParseIP(u.Hostname()).IsLoopback() && u.Hostname() != "localhost" {
			return false
		}
	}
	return true
}

func (a *Agent) gate(ctx context.Context, n chain.Network, m Mode) (*wallet.Gate, error) {
	c, err := a.client(ctx, n, m)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if g, ok := a.gates[access{n.Key, m}]; ok {
		return g, nil
	}
	g := wallet.NewGate(wallet.GateConfig{
		Keys: a.keys, Policy: a.policy, Store: a.store, Remote: c,
		Confirmations: confirmations(n), PollEvery: pollEvery(n), Hook: a.options.Reached,
	})
	a.gates[access{n.Key, m}] = g
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
type live struct {
	*Agent
	mode Mode
}

func (l live) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	c, err := l.client(ctx, n, l.mode)
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
	return l.gate(ctx, n, l.mode)
}

func (l live) Tip(ctx context.Context, n chain.Network) (uint256.Int, error) {
	c, err := l.client(ctx, n, l.mode)
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
func (d *dry) Gate(ctx context.Context, n chain.Network) (agent.Gate, error) {
	return d.gate(ctx, n, DryRun)
}

func newDry(a *Agent) *dry { return &dry{live: live{a, DryRun}, forks: map[string]*fork.Fork{}} }

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
	g, err := a.gate(ctx, n, Live)
	if err != nil {
		return nil, err
	}
	receipts, err := g.Resume(ctx, password, moved)
	if len(receipts) > 0 {
		a.tell(ctx)
	}
	return receipts, err
}

// Fork pins the newest block of a network.
func (a *Agent) Fork(ctx context.Context, n chain.Network) (*fork.Fork, error) {
	return live{a, DryRun}.Fork(ctx, n)
}

// StandOn puts an endpoint in the place of the network whose chain it serves, and makes that the network in use: dry runs then stand
// on it. It is called before the first session; no live one is made after it, and nothing is sent to the endpoint. It fails with refusal.UnknownChain where the config has no network of that chain, and with
// refusal.WrongChain where Options.Config names another network.
func (a *Agent) StandOn(ctx context.Context, endpoint string) error {
	c, err := Dial(ctx, Endpoint(endpoint), chain.ReadOnly())
	if err != nil {
		return err
	}
	id, err := c.ChainID(ctx)
	c.Close()
	if err != nil {
		return err
	}
	networks := slices.Clone(a.world.Networks)
	at := slices.IndexFunc(networks, func(n chain.Network) bool { return n.ChainID == id })
	if at < 0 {
		return refusal.New(refusal.UnknownChain, "the endpoint serves chain %d, and no network of the config has that id", id).
			WithHint("add it to your config, under [networks.NAME] with chain_id = %d", id)
	}
	n := &networks[at]
	if named, ok := a.options.Config["network"]; ok && named != n.Key {
		return refusal.New(refusal.WrongChain, "the endpoint serves %s, and %v was asked for", n.Key, named).WithHint("leave --network away")
	}
	n.RPC = []string{endpoint}
	a.world.Networks, a.world.Default, a.standIn = networks, n.Key, true
	return nil
}

// Endpoint is a network of which only the endpoint is known: it serves whatever chain it serves.
func Endpoint(url string) chain.Network {
	return chain.Network{Key: "the endpoint", RPC: []string{url}}
}

// Waiting reports whether an earlier run left a transaction on a network whose outcome is not known.
func (a *Agent) Waiting(ctx context.Context, n chain.Network) (bool, error) {
	open, err := a.store.Open(ctx, n.ChainID)
	return len(open) > 0, err
}
