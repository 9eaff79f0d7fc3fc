// Package server serves a fork over JSON-RPC, by HTTP and websocket, to any client of a chain: wallets, ethers, viem, cast.
//
// A fork is a pinned block of a remote and the blocks that were made above it here. What a request reads at or above the pin is
// answered by this process; what is older is asked of the remote, by number. Transactions run in go-ethereum's EVM and become blocks
// at once, unless a client asks for another pace.
//
// What is served: eth_ but for signing and mining, net_, web3_, txpool_, the traces of debug_ by go-ethereum's own tracers (without
// JavaScript), and under anvil_, hardhat_ and evm_ what those two let a test set. What is below the pin is run again on the state of its
// parent, which only an archive keeps for long. Limits bound all that clients can make the server do or hold.
//
// What differs from a node: a block above the pin has a zero state root, because the remote's trie is not here (so eth_getProof has no
// answer there); its requests are empty; its randomness and its beacon root are derived from a secret. No chain has such blocks. Blocks
// of eth_simulateV1 are whole: where a request has several, whose hashes can be read, their state roots are true ones, made from the
// remote's proofs; of one alone it is zero unless Options.StateRoots asks for it, or where the remote proves nothing. On a chain of the
// OP stack the fee for data on its layer 1 is not taken.
//
// Invariant: the remote is only read. What may be asked of it is a list (chain.IsRead), and no method of a client is passed on by its
// name: so no transaction, signature or setting can reach it. A request that meets a read that failed is an error, never a guess.
package server

import (
	"context"
	"crypto/rand"
	"errors"
	"math/big"
	"net"
	"net/http"
	"runtime"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// Options say what is served, and to whom.
type Options struct {
	At      pinned.At        // the block to stand on; zero: the newest
	ChainID uint64           // that clients are told and sign for; zero: the remote's
	Clock   func() time.Time // nil: the host's
	Origins []string         // pages that may ask from a browser; empty: none
	Hosts   []string         // names besides localhost and addresses that a request may be for
	Limits  Limits
	Reading []pinned.Option // how the remote is read: with a cache, at a known pace

	// StateRoots gives a block its state root also where it is the only one of an eth_simulateV1. It comes from the remote's proofs, in a
	// trip or two more; nothing that runs can see it.
	StateRoots bool

	secret common.Hash // in all that is derived; zero: a random one
}

// Limits bound what clients may make the server do. A zero field stands for its default.
type Limits struct {
	Body      int64         // bytes of a request; 5 MiB
	Batch     int           // requests in one; 1000
	Answer    int           // bytes of a batch's answers; 25 MB
	Time      time.Duration // for one request; 30 s
	Gas       uint64        // for one call; 50 million
	Running   int           // calls at a time; four for each processor
	Pool      int           // transactions that wait; 4096
	Blocks    int           // above the pin; 100,000
	Filters   int           // installed or subscribed to; 1024
	Logs      int           // in one answer; 20,000
	Snapshots int           // remembered; 1024
}

func (l Limits) filled() Limits {
	set := func(into *int, value int) {
		if *into == 0 {
			*into = value
		}
	}
	if l.Body == 0 {
		l.Body = 5 << 20
	}
	if l.Time == 0 {
		l.Time = 30 * time.Second
	}
	if l.Gas == 0 {
		l.Gas = 50_000_000
	}
	set(&l.Batch, 1000)
	set(&l.Answer, 25_000_000)
	set(&l.Running, 4*runtime.GOMAXPROCS(0))
	set(&l.Pool, 4096)
	set(&l.Blocks, 100_000)
	set(&l.Filters, 1024)
	set(&l.Logs, 20_000)
	set(&l.Snapshots, 1024)
	return l
}

// Server serves one fork. It is safe for use by many goroutines.
type Server struct {
	options Options
	limits  Limits
	src     pinned.Source
	rpc     *rpc.Server
	pasts   pasts
	running chan struct{} // one element for each call that runs
	ended   chan struct{} // closed with the server
	close   sync.Once

	making    sync.Mutex // held while a new branch is made
	mu        sync.RWMutex
	branch    *branch
	index     index
	watch     watchers
	filters   filters
	answers   answers
	saved     []snapshot // oldest first; held by making
	snapshots uint64     // that were ever taken
	beat      beat
	instance  common.Hash // tells this server from others
}

// New pins a block of src and stands a fork on it, in two trips.
func New(ctx context.Context, src pinned.Source, o Options) (*Server, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	s := &Server{options: o, limits: o.Limits.filled(), src: src, ended: make(chan struct{})}
	s.running = make(chan struct{}, s.limits.Running)
	_, _ = rand.Read(s.instance[:]) // never fails
	if s.options.secret == (common.Hash{}) {
		_, _ = rand.Read(s.options.secret[:])
	}
	first, err := s.stand(ctx, o.At)
	if err != nil {
		return nil, err
	}
	s.branch = first
	s.rpc = rpc.NewServer()
	s.rpc.SetBatchLimits(s.limits.Batch, s.limits.Answer)
	s.rpc.SetHTTPBodyLimit(int(s.limits.Body))
	s.rpc.SetWebsocketReadLimit(s.limits.Body)
	for _, service := range s.services() {
		if err := s.rpc.RegisterName(service.name, service.methods); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// service is a set of methods below one name. Several may share a name.
type service struct {
	name    string
	methods any
}

// services are all that is served.
func (s *Server) services() []service {
	return []service{
		{"eth", &ethAPI{s}},
		{"net", &netAPI{s}},
		{"web3", web3API{}},
		{"txpool", &poolAPI{s}},
		{"anvil", &devAPI{&evmAPI{s}}},
		{"anvil", &anvilAPI{&evmAPI{s}}},
		{"hardhat", &devAPI{&evmAPI{s}}},
		{"evm", &evmAPI{s}},
		{"evm", &evmMineAPI{&evmAPI{s}}},
		{"eth", &simulateAPI{s}},
		{"debug", &debugAPI{s}},
	}
}

// stand pins a block and is the fork with nothing on it. Above the newest block time is the clock's; above an older one it goes on
// from that block's.
func (s *Server) stand(ctx context.Context, at pinned.At) (*branch, error) {
	remote, err := pinned.Dial(ctx, s.src, at, s.options.Reading...)
	if err != nil {
		return nil, err
	}
	id := s.options.ChainID
	if id == 0 {
		id = remote.ChainID()
	}
	rules := evm.RulesOf(id, remote.Rules().Era)
	b := &branch{
		trunk: &trunk{
			remote: remote, pin: remote.Header(), rules: rules, chainID: id, root: pinBlock(remote, rules), secret: s.options.secret,
			signer: types.LatestSignerForChainID(new(big.Int).SetUint64(id)),
		},
		state: remote.State(),
	}
	if at != (pinned.At{}) {
		b.born = int64(b.pin.Time) - s.now()
	}
	b.next.shift = b.born
	return b, nil
}

// current is the fork as it is now.
func (s *Server) current() *branch {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.branch
}

// Remote is the block that the fork stands on.
func (s *Server) Remote() *pinned.Remote { return s.current().remote }

// ChainID is what clients are told and sign for.
func (s *Server) ChainID() uint64 { return s.current().chainID }

// now is the host's clock, in seconds.
func (s *Server) now() int64 { return s.options.Clock().Unix() }

var errBusy = errors.New("too many calls at a time: try again")

// begin waits for a place among the calls that run, and bounds the request's time. Done gives the place back.
func (s *Server) begin(ctx context.Context) (bounded context.Context, done func(), err error) {
	bounded, cancel := context.WithTimeoutCause(ctx, s.limits.Time, errTime)
	select {
	case s.running <- struct{}{}:
		return bounded, func() { <-s.running; cancel() }, nil
	case <-bounded.Done():
		cancel()
		return nil, nil, errBusy
	}
}

var errTime = errors.New("execution aborted: the request took too long")

// Serve answers what comes to a listener, until the context ends or the server is closed.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	h := &http.Server{
		Handler: s.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: s.limits.Time, WriteTimeout: s.limits.Time + 5*time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
	}
	stopped := make(chan struct{})
	defer close(stopped)
	go func() {
		select {
		case <-ctx.Done():
		case <-s.ended:
		case <-stopped:
		}
		_ = h.Close()
	}()
	if err := h.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return context.Cause(ctx)
}

// Close ends all subscriptions and connections.
func (s *Server) Close() {
	s.close.Do(func() {
		close(s.ended)
		s.rpc.Stop()
	})
}
