// Package key_test holds the rewards' contracts against what docs/contracts.md promises: case by case, against a model in Go, and on a
// chain with its fees.
package key_test

import (
	"errors"
	"fmt"
	"math/big"
	"sync"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/contracts"
	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
	"github.com/keymaker-agent/keymaker/rewards/tree"
)

const (
	day     = 86_400
	week    = 7 * day
	genesis = uint64(1_707_393_600)
)

var (
	deployer = common.HexToAddress("0xd0")
	alice    = common.HexToAddress("0xa11ce00000000000000000000000000000000001")
	bob      = common.HexToAddress("0xb0b0000000000000000000000000000000000002")
	carol    = common.HexToAddress("0xca40100000000000000000000000000000000003")
	dave     = common.HexToAddress("0xda5e000000000000000000000000000000000004")
	reporter = common.HexToAddress("0x4e900000000000000000000000000000000000a5") // the listed proposer
	people   = []common.Address{alice, bob, carol, dave, reporter}
)

var (
	key         = bindings.NewKey()
	emission    = bindings.NewEmission()
	distributor = bindings.NewDistributor()
	subnets     = bindings.NewSubnets()
	stakes      = bindings.NewStakes()
	governance  = bindings.NewGovernance()
)

// tb is testing.TB and rapid.TB.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// world is the contracts on a state, where each message is a transaction and time is set by hand.
type world struct {
	tb
	at   deploy.Addresses
	cfg  runtime.Config
	logs []*types.Log // of the last message
}

// terms are those of most tests.
func terms() deploy.Terms {
	return deploy.Terms{
		Start: genesis, EpochLength: day, Proposers: []common.Address{reporter},
		Challenge: 2 * day, Timelock: day, Bond: *keys(100),
		SubnetPrice: *keys(10),
		Rules:       common.HexToHash("0x01"), VotingPeriod: 3 * day, VoteTimelock: 2 * day, Quorum: 1_000,
	}
}

// keys is so many KEY in wei.
func keys(n uint64) *uint256.Int {
	return new(uint256.Int).Mul(uint256.NewInt(n), uint256.NewInt(params.Ether))
}

// wei is so many KEY in wei, as the bindings take it.
func wei(n uint64) *big.Int { return keys(n).ToBig() }

func empty(t tb) *world {
	t.Helper()
	s, err := state.New(types.EmptyRootHash, state.NewDatabaseForTesting())
	if err != nil {
		t.Fatalf("%v", err)
	}
	return &world{tb: t, cfg: runtime.Config{
		ChainConfig: params.MergedTestChainConfig,
		GasLimit:    30_000_000,
		BlockNumber: big.NewInt(1000),
		Time:        genesis,
		Random:      new(common.Hash),
		State:       s,
	}}
}

func deployed(t tb, terms deploy.Terms) *world {
	t.Helper()
	w := empty(t)
	w.at = deploy.At(deployer, 0)
	for _, c := range deploy.Plan(deployer, 0, &terms) {
		if at, err := w.create(c.Code); err != nil || at != c.At {
			t.Fatalf("%s: is at %s, not %s; %v", c.Name, at, c.At, err)
		}
	}
	return w
}

// fresh is sync.OnceValue of the world that most tests begin with: nothing minted, the start has just been.
var fresh = sync.OnceValue(func() *state.StateDB { return deployed(panics{}, terms()).cfg.State })

func newWorld(t tb) *world {
	w := empty(t)
	w.at = deploy.At(deployer, 0)
	w.cfg.State = fresh().Copy()
	return w
}

// panics is a tb for what is made once for all tests.
type panics struct{}

func (panics) Helper()                           {}
func (panics) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }
func (panics) Errorf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (w *world) now() uint64 { return w.cfg.Time }

func (w *world) pass(seconds uint64) { w.cfg.Time += seconds }

// fork is a world of its own that begins as this one is.
func (w *world) fork() *world {
	other := *w
	other.cfg.State = w.cfg.State.Copy()
	return &other
}

func (w *world) create(code []byte) (common.Address, error) {
	cfg := w.cfg
	cfg.Origin = deployer
	ret, at, _, err := runtime.Create(code, &cfg)
	w.end()
	return at, refusal(ret, err)
}

// deploy creates a contract that is not among the six.
func (w *world) deploy(name contracts.Name, args ...any) common.Address {
	w.Helper()
	c := contracts.Load(name)
	packed, err := c.ABI.Pack("", args...)
	if err != nil {
		w.Fatalf("%v", err)
	}
	at, err := w.create(append(c.Creation, packed...))
	if err != nil {
		w.Fatalf("%s: %v", name, err)
	}
	return at
}

// end ends a transaction.
func (w *world) end() {
	w.cfg.State.Finalise(w.cfg.ChainConfig.Rules(w.cfg.BlockNumber, true, w.cfg.Time))
}

// try sends a message. What reverts fails with a reverted.
func (w *world) try(from, to common.Address, data []byte) error {
	cfg := w.cfg
	cfg.Origin = from
	before := len(w.cfg.State.Logs())
	ret, _, err := runtime.Call(to, data, &cfg)
	w.logs = w.cfg.State.Logs()[before:]
	w.end()
	return refusal(ret, err)
}

// send is try that must go well.
func (w *world) send(from, to common.Address, data []byte) {
	w.Helper()
	if err := w.try(from, to, data); err != nil {
		w.Fatalf("at %d: %v", w.now(), err)
	}
}

// refused is try that must fail with the error of this name.
func (w *world) refused(name string, from, to common.Address, data []byte) {
	w.Helper()
	var r reverted
	if err := w.try(from, to, data); !errors.As(err, &r) || r.name != name {
		w.Errorf("at %d: want %s, got %v", w.now(), name, err)
	}
}

// ask returns what a view says, as its unpacker reads it.
func ask[T any](w *world, of common.Address, data []byte, unpack func([]byte) (T, error)) T {
	w.Helper()
	cfg := w.cfg
	ret, _, err := runtime.Call(of, data, &cfg)
	if err := refusal(ret, err); err != nil {
		w.Fatalf("%v", err)
	}
	said, err := unpack(ret)
	if err != nil {
		w.Fatalf("%v", err)
	}
	return said
}

// reverted is a revert with the name of its error.
type reverted struct{ name string }

func (r reverted) Error() string { return "reverted with " + r.name }

// errorNames are the custom errors of all the contracts, by selector.
var errorNames = sync.OnceValue(func() map[[4]byte]string {
	names := map[[4]byte]string{{0x4e, 0x48, 0x7b, 0x71}: "Panic", {0x08, 0xc3, 0x79, 0xa0}: "Error"}
	for _, n := range contracts.Rewards() {
		for _, e := range contracts.Load(n).ABI.Errors {
			names[[4]byte(e.ID[:4])] = e.Name
		}
	}
	return names
})

func refusal(ret []byte, err error) error {
	if err == nil {
		return nil
	}
	if len(ret) < 4 {
		return reverted{err.Error()}
	}
	return reverted{errorNames()[[4]byte(ret[:4])]}
}

// What most tests do.

func (w *world) balance(of common.Address) *big.Int {
	w.Helper()
	return ask(w, w.at.Key, key.PackBalanceOf(of), key.UnpackBalanceOf)
}

func (w *world) minted() *big.Int {
	w.Helper()
	return ask(w, w.at.Key, key.PackMinted(), key.UnpackMinted)
}

func (w *world) power(of common.Address) *big.Int {
	w.Helper()
	return ask(w, w.at.Stakes, stakes.PackPowerAt(of, w.now()), stakes.UnpackPowerAt)
}

func (w *world) proposal(id uint64) bindings.DistributorProposal {
	w.Helper()
	return ask(w, w.at.Distributor, distributor.PackProposal(number(id)), distributor.UnpackProposal)
}

func (w *world) mint() { w.Helper(); w.send(dave, w.at.Emission, emission.PackMint()) }

func number(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

func wantWei(t tb, what string, got, want *big.Int) {
	t.Helper()
	if got.Cmp(want) != 0 {
		t.Errorf("%s is %s, want %s", what, got, want)
	}
}

// claims are a tree and the sum of its claims.
type claims struct {
	*tree.Tree
	total *big.Int
}

// claimsOf are cumulative claims of the people in their order. Nothing is no claim.
func claimsOf(t tb, amounts ...*big.Int) claims {
	t.Helper()
	all, total := new(tree.Claims), new(big.Int)
	for i, amount := range amounts {
		if amount.Sign() == 0 {
			continue
		}
		if err := all.Add(tree.Claim{Account: people[i], Amount: *uint256.MustFromBig(amount)}); err != nil {
			t.Fatalf("%v", err)
		}
		total.Add(total, amount)
	}
	built, err := tree.Build(tree.Standard, all, 1)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return claims{built, total}
}

func (c claims) proof(t tb, of common.Address) (*big.Int, [][32]byte) {
	t.Helper()
	p, err := c.Proof(of)
	if err != nil {
		t.Fatalf("%v", err)
	}
	path := make([][32]byte, len(p.Path))
	for i, h := range p.Path {
		path[i] = h
	}
	return p.Amount.ToBig(), path
}

// claim is the call that claims for an account.
func (c claims) claim(t tb, of common.Address) []byte {
	t.Helper()
	amount, path := c.proof(t, of)
	return distributor.PackClaim(of, amount, path)
}

func (c claims) propose(epoch uint64) []byte {
	return distributor.PackPropose(epoch, c.Root(), common.HexToHash("0x1ed9e4"), c.total)
}

// settled is a world in its twentieth epoch whose first root is accepted: of epoch 9, with so many KEY for each of the people, and
// all of it claimed.
func settled(t tb, amounts ...uint64) *world {
	t.Helper()
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	each := make([]*big.Int, len(amounts))
	for i, n := range amounts {
		each[i] = wei(n)
	}
	c := claimsOf(t, each...)
	w.send(reporter, w.at.Distributor, c.propose(9))
	w.pass(10 * day)
	w.send(dave, w.at.Distributor, distributor.PackAccept(number(0)))
	for i, n := range amounts {
		if n > 0 {
			w.send(dave, w.at.Distributor, c.claim(t, people[i]))
		}
	}
	w.allow()
	return w
}

// allow lets the contracts take the people's KEY.
func (w *world) allow() {
	w.Helper()
	for _, p := range people {
		for _, spender := range []common.Address{w.at.Distributor, w.at.Stakes, w.at.Subnets} {
			w.send(p, w.at.Key, key.PackApprove(spender, new(big.Int).Lsh(big.NewInt(1), 255)))
		}
	}
}

// root proposes claims for an epoch, passes the windows, accepts and returns the root's id.
func (w *world) accepted(epoch uint64, c claims) uint64 {
	w.Helper()
	id := ask(w, w.at.Distributor, distributor.PackProposalCount(), distributor.UnpackProposalCount)
	w.send(reporter, w.at.Distributor, c.propose(epoch))
	w.pass(3 * day)
	w.send(dave, w.at.Distributor, distributor.PackAccept(id))
	return id.Uint64()
}

var _ tb = (*testing.T)(nil)
