package fork_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/contracts"
)

const (
	defiSeed = 3
	eachKind = 20
	longest  = 4 // transactions of a sequence
	ampleGas = 6_000_000
	patience = 12 // sequences that may be wrong before the test gives up
)

// TestRandomTransactionsDoWhatTheChainDoes draws what people do with tokens, pairs, pools and positions, in sequences that share a
// block. Each sequence is run on a fork, by the node's own eth_simulateV1 in the same block, and then on the chain itself: gas, status,
// logs and returned data have to be the same, every change that the fork tells has to be what the chain then holds, and nothing else
// may have changed between the accounts, tokens and spenders that are known.
func TestRandomTransactionsDoWhatTheChainDoes(t *testing.T) {
	began := time.Now()
	m := openMarket(t)
	opened := time.Since(began)
	tally := newTally()
	var deck []*kind
	for i := range kinds {
		deck = append(deck, slices.Repeat([]*kind{&kinds[i]}, eachKind)...)
	}
	random := rand.New(rand.NewPCG(defiSeed, 0))
	random.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
	made := make(map[string]uint64)
	for n := uint64(1); len(deck) > 0; n++ {
		r := &rehearsal{market: m, tally: tally, number: n, Rand: rand.New(rand.NewPCG(defiSeed, n))}
		size := min(1+r.IntN(longest), len(deck))
		r.kinds, deck = deck[:size], deck[size:]
		r.run(t, made)
		if tally.wrong > patience {
			t.Fatalf("more than %d sequences are wrong", patience)
		}
	}
	t.Log(tally)
	t.Logf("opened in %s, all in %s: fork %s, eth_simulateV1 %s, chain %s, survey of %d facts %s", opened.Round(time.Millisecond),
		time.Since(began).Round(time.Millisecond), tally.fork.Round(time.Millisecond), tally.node.Round(time.Millisecond),
		tally.chain.Round(time.Millisecond), len(m.asked), tally.survey.Round(time.Millisecond))
	for _, k := range kinds {
		have := tally.kinds[k.name]
		switch {
		case have.drawn < eachKind:
			t.Errorf("%q was drawn %d times, want %d", k.name, have.drawn, eachKind)
		case k.fails && 2*have.well > have.drawn, !k.fails && 2*have.well < have.drawn:
			t.Errorf("%q succeeds in %d of %d cases", k.name, have.well, have.drawn)
		}
	}
	if tally.drawn < 1_000 || 10*tally.well < 6*tally.drawn {
		t.Errorf("of %d transactions %d succeed", tally.drawn, tally.well)
	}
}

// tally counts what the test saw.
type tally struct {
	kinds                                 map[string]count
	drawn, well, sequences, wrong         int
	balances, allowances, unnamed, ending int
	findings                              map[string]int
	fork, node, chain, survey             time.Duration
	reasons                               map[string]int
}

type count struct{ drawn, well int }

func newTally() *tally {
	return &tally{kinds: make(map[string]count), findings: make(map[string]int), reasons: make(map[string]int)}
}

func (y *tally) String() string {
	return fmt.Sprintf("%d transactions of %d kinds in %d sequences, %d succeed, the others fail for %d reasons; %d sequences differ; "+
		"%d balances and %d allowances change as told, %d balances of unnamed holders move with a rebase; "+
		"findings %v, where %d transactions have a deadline within half a minute",
		y.drawn, len(y.kinds), y.sequences, y.well, len(y.reasons), y.wrong, y.balances, y.allowances, y.unnamed, y.findings, y.ending)
}

// rehearsal is one sequence: as told, and as it happens.
type rehearsal struct {
	*rand.Rand
	*market
	*tally
	number uint64
	kinds  []*kind

	now  uint64
	txs  []fork.Tx
	ends []int // those that fail half a minute later, as they say themselves
	told *fork.Effects
	bad  []string
}

func (r *rehearsal) wrong(format string, args ...any) {
	r.bad = append(r.bad, fmt.Sprintf(format, args...))
}

func (r *rehearsal) run(t *testing.T, made map[string]uint64) {
	t.Helper()
	if r.IntN(3) == 0 {
		r.pass(t, time.Duration(2+r.IntN(7_200))*time.Second)
	}
	start := time.Now()
	f, err := fork.New(t.Context(), r.market, fork.WithClock(func() time.Time { return time.Unix(0, 0) }), fork.WithBlockTime(1))
	if err != nil {
		t.Fatal(err)
	}
	r.tally.fork += time.Since(start)
	r.now = f.Time()
	r.draw(t, f, made)
	start = time.Now()
	if r.told, err = f.Simulate(t.Context(), r.txs); err != nil {
		t.Fatalf("seed %d, sequence %d: %v\n%s", defiSeed, r.number, err, r.show())
	}
	r.tally.fork += time.Since(start)
	r.simulated(t, f)
	r.mined(t, f)
	r.tally.sequences++
	for i, k := range r.kinds {
		c, x := r.tally.kinds[k.name], &r.told.Txs[i]
		c.drawn, r.tally.drawn = c.drawn+1, r.tally.drawn+1
		if x.Success {
			c.well, r.tally.well = c.well+1, r.tally.well+1
		} else {
			r.reasons[k.name+": "+x.Revert]++
		}
		r.tally.kinds[k.name] = c
	}
	if len(r.bad) > 0 {
		r.tally.wrong++
		t.Errorf("seed %d, sequence %d:\n%s\n%s", defiSeed, r.number, strings.Join(r.bad, "\n"), r.show())
	}
}

// show is the sequence, to be read and run again.
func (r *rehearsal) show() string {
	var b strings.Builder
	for i := range r.txs {
		text, err := json.Marshal(&r.txs[i])
		if err != nil {
			return err.Error()
		}
		fmt.Fprintf(&b, "  %s: %s\n", r.kinds[i].name, text)
	}
	return b.String()
}

// draw draws the transactions and their fees. Tips fall from one to the next, so that the chain keeps their order.
func (r *rehearsal) draw(t *testing.T, f *fork.Fork, made map[string]uint64) {
	t.Helper()
	s := &scene{TB: t, market: r.market, Rand: r.Rand, now: r.now, used: make(map[fact]uint64), sold: make(map[uint64]bool), met: made}
	base := f.Pin().BaseFee
	for i, k := range r.kinds {
		tx := k.draw(s)
		if s.ends {
			r.ends, s.ends = append(r.ends, i), false
		}
		tip := uint64(longest-i) * 1_000_000_000
		tx.GasTipCap, tx.GasFeeCap = wei(tip), new(uint256.Int).Add(new(uint256.Int).Mul(&base, wei(2)), wei(tip))
		if tx.Gas == 0 && r.IntN(3) > 0 {
			tx.Gas = ampleGas // the others are estimated
		}
		r.txs = append(r.txs, tx)
	}
}

// nodeCall is a call's outcome, as eth_simulateV1 tells it.
type nodeCall struct {
	Return  hexutil.Bytes  `json:"returnData"`
	Logs    []*types.Log   `json:"logs"`
	GasUsed hexutil.Uint64 `json:"gasUsed"`
	Status  hexutil.Uint64 `json:"status"`
	Error   *struct {
		Message string        `json:"message"`
		Data    hexutil.Bytes `json:"data"`
	} `json:"error"`
}

// simulated holds what the fork tells against the node's own simulation of the same block.
func (r *rehearsal) simulated(t *testing.T, f *fork.Fork) {
	t.Helper()
	// What the fork makes up for its block, a contract can see.
	probe, err := f.SimulateOnce(t.Context(), []fork.Tx{by(r.people[0], create(common.FromHex("445f524160205260405ff3")))})
	if err != nil {
		t.Fatal(err)
	}
	place := probe.Txs[0].Return
	calls, nonces := make([]map[string]any, len(r.txs)), make(map[common.Address]uint64)
	for i := range r.txs {
		tx := &r.txs[i]
		calls[i] = map[string]any{
			"from": tx.From, "to": tx.To, "value": (*hexutil.U256)(&tx.Value), "input": hexutil.Bytes(tx.Data),
			"gas": hexutil.Uint64(r.told.Txs[i].GasLimit), "nonce": hexutil.Uint64(r.nonces[tx.From] + nonces[tx.From]),
			"maxFeePerGas": (*hexutil.U256)(tx.GasFeeCap), "maxPriorityFeePerGas": (*hexutil.U256)(tx.GasTipCap),
		}
		nonces[tx.From]++
	}
	var blocks []struct {
		Calls []nodeCall `json:"calls"`
	}
	start := time.Now()
	if err := r.rpc.CallContext(t.Context(), &blocks, "eth_simulateV1", map[string]any{
		"validation": true,
		"blockStateCalls": []any{map[string]any{
			"blockOverrides": map[string]any{
				"time": hexutil.Uint64(r.now), "prevRandao": common.Hash(place[:32]), "feeRecipient": common.BytesToAddress(place[32:64]),
			},
			"calls": calls,
		}},
	}, f.Pin().Hash); err != nil {
		t.Fatalf("seed %d, sequence %d: eth_simulateV1: %v\n%s", defiSeed, r.number, err, r.show())
	}
	r.node += time.Since(start)
	if len(blocks) != 1 || len(blocks[0].Calls) != len(r.txs) {
		t.Fatal("eth_simulateV1 did not run every call")
	}
	for i := range r.txs {
		have, want := &r.told.Txs[i], &blocks[0].Calls[i]
		ret := want.Return
		if want.Error != nil {
			ret = want.Error.Data
		}
		switch {
		case have.Success != (want.Status == 1) || have.Success != (have.Revert == ""):
			r.wrong("transaction %d: success %v (%s), eth_simulateV1 says %d", i+1, have.Success, have.Revert, want.Status)
		case have.GasUsed != uint64(want.GasUsed):
			r.wrong("transaction %d: %d gas, eth_simulateV1 says %d", i+1, have.GasUsed, uint64(want.GasUsed))
		case !bytes.Equal(have.Return, ret):
			r.wrong("transaction %d: returns %s, eth_simulateV1 says %s", i+1, have.Return, ret)
		case !slices.EqualFunc(have.Logs, want.Logs, sameEvent):
			r.wrong("transaction %d: other logs than of eth_simulateV1", i+1)
		}
	}
}

func sameEvent(a fork.Log, b *types.Log) bool {
	return a.Address == b.Address && slices.Equal(a.Topics, b.Topics) && bytes.Equal(a.Data, b.Data)
}

// mined sends the sequence to the chain and holds what was told against what came of it.
func (r *rehearsal) mined(t *testing.T, f *fork.Fork) {
	t.Helper()
	start := time.Now()
	sent := make([]*types.Transaction, len(r.txs))
	for i, tx := range r.txs {
		tx.Gas = r.told.Txs[i].GasLimit
		at := slices.IndexFunc(r.people, func(p person) bool { return p.Address == tx.From })
		sent[i] = r.send(t, r.people[at], tx)
	}
	block := r.commit(t)
	for i, tx := range sent {
		receipt, err := r.Client().TransactionReceipt(t.Context(), tx.Hash())
		if err != nil || receipt.BlockHash != block || receipt.BlockNumber.Uint64() != f.Pin().Number+1 || receipt.TransactionIndex != uint(i) {
			t.Fatalf("sequence %d is not in one block in its order: transaction %d: %v\n%s", r.number, i+1, err, r.show())
		}
		have := &r.told.Txs[i]
		fee := new(big.Int).Mul(receipt.EffectiveGasPrice, new(big.Int).SetUint64(receipt.GasUsed))
		switch {
		case have.Success != (receipt.Status == 1) || have.GasUsed != receipt.GasUsed || fee.Cmp(have.Fee.ToBig()) != 0:
			r.wrong("transaction %d: success %v, %d gas, fee %s; on chain %d, %d, %s",
				i+1, have.Success, have.GasUsed, have.Fee.Dec(), receipt.Status, receipt.GasUsed, fee)
		case !slices.EqualFunc(have.Logs, receipt.Logs, sameEvent):
			r.wrong("transaction %d: other logs than on chain", i+1)
		case have.Success && r.txs[i].To == nil && !slices.Contains(r.told.Created, receipt.ContractAddress):
			r.wrong("transaction %d: %s is not told to be created", i+1, receipt.ContractAddress)
		}
	}
	header, err := r.Client().HeaderByHash(t.Context(), block)
	if err != nil || header.Time != r.now {
		t.Fatalf("the block is of %d, not of %d: %v", header.Time, r.now, err)
	}
	r.chain += time.Since(start)
	r.compare(t, f.Pin().Hash, block)
	r.rest(t, f.Pin().Hash, block)
}

// change is what a fact was and is.
type change struct{ before, after string }

// compare holds the changes that are told against all that the chain holds.
func (r *rehearsal) compare(t *testing.T, parent, block common.Hash) {
	t.Helper()
	start := time.Now()
	before := r.facts
	r.facts = r.look(t, block)
	r.tally.survey += time.Since(start)
	told, hands := r.changes()
	var more []fact
	for f := range told {
		if _, asked := before[f]; !asked {
			more = append(more, f)
		}
	}
	was, is := before, r.facts
	if len(more) > 0 {
		was, is = maps.Clone(before), maps.Clone(r.facts)
		for _, side := range []struct {
			of   map[fact]string
			hash common.Hash
		}{{was, parent}, {is, block}} {
			for f, v := range answers(t, more, r.ask(t, surveyor, survey(more), side.hash)) {
				side.of[f] = v
			}
		}
	}
	for f := range was {
		real := change{r.read(f, was[f]), r.read(f, is[f])}
		have, reported := told[f]
		switch {
		case f.kind == itemHand:
			r.count(hands, f, was, -1)
			r.count(hands, f, is, +1)
		case reported && have != real:
			r.wrong("%s: told %x -> %x, is %x -> %x", f, have.before, have.after, real.before, real.after)
		case reported && have.before == have.after:
			r.wrong("%s: told to change, and does not", f)
		case !reported && real.before != real.after && f.asset == r.odd[contracts.RebasingToken] && !r.named(f.owner):
			r.unnamed++
		case !reported && real.before != real.after:
			r.wrong("%s: %x -> %x is not told", f, real.before, real.after)
		}
	}
	for f, n := range hands {
		if n != 0 {
			r.wrong("%s: items that may be moved: %+d more on chain than told", f, n)
		}
	}
	r.balances += len(r.told.Balances)
	r.allowances += len(r.told.Allowances)
}

// count adds to how many items of an owner somebody may move.
func (r *rehearsal) count(hands map[fact]int, f fact, at map[fact]string, by int) {
	if hand := at[f]; hand != "" {
		owner := at[fact{kind: itemOwner, asset: f.asset, id: f.id}]
		hands[fact{kind: itemHand, asset: f.asset, owner: common.BytesToAddress([]byte(owner)), other: common.BytesToAddress([]byte(hand))}] += by
	}
}

// read is a fact as the fork tells it: an allowance of Permit2 without its nonce, and none where it has expired.
func (r *rehearsal) read(f fact, raw string) string {
	if f.kind != viaPermit || raw == "" {
		return raw
	}
	amount, until := raw[:32], new(big.Int).SetBytes([]byte(raw[32:]))
	if amount == string(make([]byte, 32)) || until.Uint64() < r.now {
		return ""
	}
	return raw
}

// changes are those that were told, by fact. What is told of the approval of items is how many they are; it is taken off hands.
func (r *rehearsal) changes() (told map[fact]change, hands map[fact]int) {
	told, hands = make(map[fact]change), make(map[fact]int)
	amount := func(n *uint256.Int) string {
		if n.IsZero() {
			return ""
		}
		b := n.Bytes32()
		return string(b[:])
	}
	for i := range r.told.Balances {
		c := &r.told.Balances[i]
		f, x := fact{kind: balance, asset: c.Asset, owner: c.Account}, change{amount(&c.Before), amount(&c.After)}
		switch {
		case c.Kind == fork.Native:
			f.kind = coin
		case c.Kind == fork.ERC1155:
			f.kind, f.id = multiple, c.ID.Uint64()
		case c.Kind == fork.ERC721 && c.ID != nil:
			f = fact{kind: itemOwner, asset: c.Asset, id: c.ID.Uint64()}
			x = told[f]
			if !c.Before.IsZero() {
				x.before = string(word(c.Account))
			}
			if !c.After.IsZero() {
				x.after = string(word(c.Account))
			}
			told[f] = x
			continue
		}
		if _, twice := told[f]; twice {
			r.wrong("%s is told twice", f)
		}
		told[f] = x
	}
	items := []common.Address{r.at[known.PositionManager], r.odd[contracts.Collectible]}
	for _, c := range r.told.Allowances {
		f, x := fact{kind: allowance, asset: c.Asset, owner: c.Owner, other: c.Spender}, change{amount(&c.Before), amount(&c.After)}
		switch {
		case slices.Contains(items, c.Asset):
			f.kind = itemHand
			hands[f] -= int(c.After.Uint64()) - int(c.Before.Uint64())
			continue
		case c.Via != common.Address{}:
			f.kind = viaPermit
			x = change{until(x.before, c.ExpiresBefore), until(x.after, c.ExpiresAfter)}
		}
		told[f] = x
	}
	for _, c := range r.told.Operators {
		f := fact{kind: operates, asset: c.Asset, owner: c.Owner, other: c.Operator}
		if c.Asset == r.odd[contracts.OperatorToken] {
			f.kind = operates7
		}
		told[f] = change{yes(c.Before), yes(c.After)}
	}
	return told, hands
}

func until(amount string, expires uint64) string {
	if amount == "" {
		return ""
	}
	return amount + string(word(expires))
}

func yes(b bool) string {
	if b {
		return string(word(1))
	}
	return ""
}

// named reports whether anything in the sequence says an account's address.
func (r *rehearsal) named(a common.Address) bool {
	text, err := json.Marshal(r.told.Txs)
	return err != nil || bytes.Contains(bytes.ToLower(text), []byte(hex.EncodeToString(a[:])))
}

// rest looks at what else is told.
func (r *rehearsal) rest(t *testing.T, parent, block common.Hash) {
	t.Helper()
	for _, u := range r.told.Unknown {
		r.wrong("unknown: %s", u)
	}
	if len(r.told.Controls)+len(r.told.Roles)+len(r.told.Destroyed) > 0 {
		r.wrong("controls %v, roles %v, destroyed %v", r.told.Controls, r.told.Roles, r.told.Destroyed)
	}
	for _, a := range r.told.Created {
		before, after := r.code(t, a, parent), r.code(t, a, block)
		if len(before) > 0 || len(after) == 0 {
			r.wrong("%s is not created", a)
		}
	}
	for _, f := range r.told.Findings {
		r.findings[string(f.Name)]++
		if f.Name != fork.ChangesWithTime || len(r.ends) == 0 {
			r.wrong("found %s: %s", f.Name, f.Detail)
		}
	}
	for _, i := range r.ends {
		if r.ending++; r.told.Txs[i].Success && len(r.told.Findings) == 0 {
			r.wrong("transaction %d has an end that is not found", i+1)
		}
	}
}
