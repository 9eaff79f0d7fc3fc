package wallet

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
)

// state is the pinned state that a proposal is prepared on. *fork.Fork is one.
type state interface {
	Pin() fork.Pin
	Nonce(ctx context.Context, account common.Address) (uint64, error)
	Simulate(ctx context.Context, txs []fork.Tx) (*fork.Effects, error)
	SimulateOnce(ctx context.Context, txs []fork.Tx) (*fork.Effects, error)
	CallContract(ctx context.Context, call chain.Call) ([]byte, error)
}

func (g *Gate) prepare(ctx context.Context, f state, p Proposal) (*Prepared, error) {
	if len(p.Calls) == 0 {
		return nil, errors.New("a proposal without calls")
	}
	p = p.clone() // whoever proposes may keep what it handed over, and change it
	served := g.c.Remote.Network().ChainID
	if served != p.Network.ChainID || f.Pin().ChainID != served {
		return nil, refusal.New(refusal.WrongChain, "it is for chain %d, the gate serves %d", p.Network.ChainID, served)
	}
	genesis, err := g.genesis(ctx)
	if err != nil {
		return nil, err
	}
	first, pending, err := g.nonces(ctx, f, p)
	if err != nil {
		return nil, err
	}
	txs, err := g.fill(ctx, f, p, first)
	if err != nil {
		return nil, err
	}
	effects, err := f.Simulate(ctx, txs)
	if err != nil {
		return nil, err
	}
	prepared := &Prepared{Proposal: p, Effects: effects, Expires: g.c.Clock.Now().Add(g.c.ApprovalTTL), Genesis: genesis}
	if effects.OK() && len(effects.Txs) == len(txs) {
		for i := range txs {
			txs[i].Gas = effects.Txs[i].GasLimit
		}
		if prepared.Effects, err = f.Simulate(ctx, txs); err != nil {
			return nil, err
		}
		prepared.Txs = unsigned(txs, served)
	}
	meanwhile, err := g.meanwhile(ctx, f, prepared, txs)
	if err != nil {
		return nil, err
	}
	if err := g.judge(ctx, f, prepared, txs, meanwhile, g.applied(p.Account, pending, first)); err != nil {
		return nil, err
	}
	if prepared.Txs == nil {
		return prepared, nil
	}
	s, err := g.sequence(prepared, Approval{Expires: prepared.Expires})
	if err != nil {
		return nil, err
	}
	if prepared.Digest, err = s.digest(); err != nil {
		return nil, err
	}
	g.seal(prepared, s)
	return prepared, nil
}

// FeeCap is what a transaction offers for a unit of gas, in wei (EIP-1559): twice the base fee, which is room for six full
// blocks, and the tip. It is refusal.FeeCap where that is no number any more.
func FeeCap(base, tip *uint256.Int) (uint256.Int, error) {
	var feeCap uint256.Int
	_, over := feeCap.MulOverflow(base, uint256.NewInt(2))
	_, over2 := feeCap.AddOverflow(&feeCap, tip)
	if over || over2 {
		return uint256.Int{}, refusal.New(refusal.FeeCap, "the network asks for a fee beyond all numbers")
	}
	return feeCap, nil
}

// fill gives the calls their fees and their nonces.
func (g *Gate) fill(ctx context.Context, f state, p Proposal, first uint64) ([]fork.Tx, error) {
	tip, err := g.c.Remote.Tip(ctx)
	if err != nil {
		return nil, err
	}
	base := f.Pin().BaseFee
	feeCap, err := FeeCap(&base, &tip)
	if err != nil {
		return nil, err
	}
	txs := make([]fork.Tx, len(p.Calls))
	for i, c := range p.Calls {
		nonce := first + uint64(i)
		txs[i] = fork.Tx{Call: c, GasFeeCap: &feeCap, GasTipCap: &tip, Nonce: &nonce}
	}
	return txs, nil
}

// nonces returns the first nonce that is free, on the fork, in the endpoint's pool and in the ledger, and the endpoint's own
// next. The fork may be ahead of the endpoint, in a dry run; it must not be behind.
func (g *Gate) nonces(ctx context.Context, f state, p Proposal) (first, pending uint64, err error) {
	if first, err = f.Nonce(ctx, p.Account); err != nil {
		return 0, 0, err
	}
	if pending, err = g.c.Remote.Nonce(ctx, p.Account); err != nil {
		return 0, 0, err
	}
	reserved, err := g.c.Store.NextNonce(ctx, p.Network.ChainID, p.Account)
	if err != nil {
		return 0, 0, err
	}
	if max(pending, reserved) > first {
		open := refusal.New(refusal.NoSimulation, "an earlier transaction of %s is not settled: its effects are not in the dry run", p.Account)
		return 0, 0, open.WithHint("wait for it, or see: keymaker history")
	}
	return first, pending, nil
}

func unsigned(txs []fork.Tx, chainID uint64) []*types.Transaction {
	all := make([]*types.Transaction, len(txs))
	for i := range txs {
		t := &txs[i]
		all[i] = types.NewTx(&types.DynamicFeeTx{
			ChainID:   new(big.Int).SetUint64(chainID),
			Nonce:     *t.Nonce,
			GasTipCap: t.GasTipCap.ToBig(),
			GasFeeCap: t.GasFeeCap.ToBig(),
			Gas:       t.Gas,
			To:        t.To,
			Value:     t.Value.ToBig(),
			Data:      slices.Clone(t.Data),
		})
	}
	return all
}

// meanwhile is what holds after each transaction but the last. Where the sequence fails it is not known.
func (g *Gate) meanwhile(ctx context.Context, f state, p *Prepared, txs []fork.Tx) (Known[[]*fork.Effects], error) {
	if p.Txs == nil {
		return Known[[]*fork.Effects]{}, nil
	}
	all := make([]*fork.Effects, 0, len(txs)-1)
	for i := 1; i < len(txs); i++ {
		e, err := f.SimulateOnce(ctx, txs[:i]) // what a part of the sequence hides, the whole of it shows
		if err != nil {
			return Known[[]*fork.Effects]{}, err
		}
		all = append(all, e)
	}
	return Know(all), nil
}

// judge gathers the facts, and fills in the verdict, the outflow and the fee.
func (g *Gate) judge(ctx context.Context, f state, p *Prepared, txs []fork.Tx, meanwhile Known[[]*fork.Effects], applied []*Sequence) error {
	fees, total, err := fees(txs, p.Effects, p.Network.Native)
	if err != nil {
		return err
	}
	spent, err := g.c.Store.Spent(ctx, p.Network.ChainID, p.Account, dayOf(g.c.Clock.Now()))
	if err != nil {
		return err
	}
	paid := recipients(p.Network, p.Account, p.Calls, p.Bound, p.Effects)
	seen, err := g.c.Store.Seen(ctx, p.Network.ChainID, p.Account, paid)
	if err != nil {
		return err
	}
	for _, s := range applied {
		s.count(spent, seen)
	}
	facts := Facts{
		Network:   Know(p.Network),
		Account:   Know(p.Account),
		Calls:     Know(p.Calls),
		Bound:     Know(p.Bound),
		Effects:   Know(p.Effects),
		Meanwhile: meanwhile,
		Fees:      Know(fees),
		Spent:     Know(spent),
		Seen:      Know(seen),
		Holdings:  Know(holdings(ctx, f, p, meanwhile.V)),
	}
	if p.ImpactBps != nil {
		facts.ImpactBps = Know(*p.ImpactBps)
	}
	p.MaxFee = total
	p.Verdict = g.c.Policy.Judge(facts)
	if net, ok := ledgerOf(p.Effects, p.Account, p.Account); ok {
		p.Outflow = outflow(&facts, net)
	}
	return nil
}

// count adds an applied step of a dry run to what was spent and who was paid, as its receipt would in a live run.
func (s *Sequence) count(spent map[common.Address]uint256.Int, seen map[common.Address]bool) {
	for i := range s.Spends {
		token := s.Spends[i].Token
		sum := spent[token]
		if _, over := sum.AddOverflow(&sum, &s.Spends[i].Amount); over {
			sum.SetAllOne() // more than any cap
		}
		spent[token] = sum
	}
	for _, who := range s.Recipients {
		if _, asked := seen[who]; asked {
			seen[who] = true
		}
	}
}

// layer1Margin is how far the fee for data on layer 1 may rise until a transaction is mined: it has no cap that could be signed.
const layer1Margin = 2

// fees are the most that each transaction may cost: its gas limit at its fee cap, and what a layer 2 takes for data.
func fees(txs []fork.Tx, e *fork.Effects, native chain.Token) (each []uint256.Int, total chain.Amount, err error) {
	each = make([]uint256.Int, len(txs))
	total = chain.Amount{Token: native}
	for i := range txs {
		_, over := each[i].MulOverflow(uint256.NewInt(txs[i].Gas), txs[i].GasFeeCap)
		if i < len(e.Txs) {
			var data uint256.Int
			_, over2 := data.MulOverflow(&e.Txs[i].L1Fee, uint256.NewInt(layer1Margin))
			_, over3 := each[i].AddOverflow(&each[i], &data)
			over = over || over2 || over3
		}
		if over {
			return nil, total, refusal.New(refusal.FeeCap, "the fee of transaction %d is beyond all numbers", i+1)
		}
		if total, err = total.Add(chain.NewAmount(&each[i], native)); err != nil {
			return nil, total, err
		}
	}
	return each, total, nil
}

var balanceOf = crypto.Keccak256([]byte("balanceOf(address)"))[:4]

// holdings reads what the account has of each token that it would raise an allowance of. What can't be read is left out, and
// the policy denies.
func holdings(ctx context.Context, f state, p *Prepared, meanwhile []*fork.Effects) map[common.Address]uint256.Int {
	all := map[common.Address]uint256.Int{}
	var given []fork.AllowanceChange
	for _, e := range append(slices.Clone(meanwhile), p.Effects) {
		given = append(given, raised(e, p.Account)...)
	}
	for _, a := range given {
		asset := a.Asset
		if _, known := all[asset]; known {
			continue
		}
		answer, err := f.CallContract(ctx, chain.Call{
			ChainID: p.Network.ChainID,
			From:    p.Account,
			To:      &asset,
			Data:    append(slices.Clone(balanceOf), common.LeftPadBytes(p.Account[:], 32)...),
		})
		if err != nil || len(answer) != 32 {
			continue
		}
		all[asset] = *new(uint256.Int).SetBytes(answer)
	}
	return all
}

// sequence is what is stored of p, under the approval.
func (g *Gate) sequence(p *Prepared, a Approval) (*Sequence, error) {
	now := g.c.Clock.Now()
	s := &Sequence{
		Approval:   a,
		Run:        p.Run,
		Origin:     p.Origin,
		Title:      p.Title,
		ChainID:    p.Network.ChainID,
		Genesis:    p.Genesis,
		Account:    p.Account,
		At:         now,
		Day:        dayOf(now),
		Recipients: recipients(p.Network, p.Account, p.Calls, p.Bound, p.Effects),
	}
	spends, err := g.spends(p)
	if err != nil {
		return nil, err
	}
	s.Spends = spends
	for i, tx := range p.Txs {
		bytes, err := tx.MarshalBinary()
		if err != nil {
			return nil, fmt.Errorf("encode transaction %d: %w", i+1, err)
		}
		s.Txs = append(s.Txs, &Tx{Index: i, Nonce: tx.Nonce(), State: Reserved, Unsigned: bytes})
	}
	if len(s.Txs) == 0 {
		return nil, refusal.New(refusal.NoSimulation, "%s has no transactions", p.Title)
	}
	return s, nil
}

func (g *Gate) spends(p *Prepared) ([]Spend, error) {
	var all []Spend
	for _, a := range p.Bound.Out {
		i := slices.IndexFunc(all, func(s Spend) bool { return s.Token == a.Token.Address })
		if i < 0 {
			all = append(all, Spend{Token: a.Token.Address})
			i = len(all) - 1
			if _, perDay, choice := g.c.Policy.caps(p.Network.Key, a.Token); choice == ChooseLimit {
				all[i].Cap = perDay
			}
		}
		if _, over := all[i].Amount.AddOverflow(&all[i].Amount, &a.Raw); over {
			return nil, refusal.New(refusal.EffectsMismatch, "the declared amounts of %s do not fit any number", a.Token.Symbol)
		}
	}
	slices.SortFunc(all, func(a, b Spend) int { return a.Token.Cmp(b.Token) })
	return all, nil
}

// consent is what a digest is taken of: everything that an approval covers, in one canonical encoding.
type consent struct {
	Domain  string
	Run     string // the same wish, asked for again, is another consent
	ChainID uint64
	Genesis common.Hash
	Account common.Address
	Txs     [][]byte // unsigned: nonce, fees, gas, to, value, data
	Spends  []consentSpend
	Expires uint64 // unix seconds
}

type consentSpend struct {
	Token  common.Address
	Amount *big.Int
}

const consentDomain = "keymaker approval v1"

func (s *Sequence) digest() (common.Hash, error) {
	c := consent{
		Domain:  consentDomain,
		Run:     s.Run,
		ChainID: s.ChainID,
		Genesis: s.Genesis,
		Account: s.Account,
		Expires: uint64(s.Approval.Expires.Unix()),
	}
	for _, t := range s.Txs {
		c.Txs = append(c.Txs, t.Unsigned)
	}
	for i := range s.Spends {
		c.Spends = append(c.Spends, consentSpend{s.Spends[i].Token, s.Spends[i].Amount.ToBig()})
	}
	text, err := rlp.EncodeToBytes(&c)
	if err != nil {
		return common.Hash{}, fmt.Errorf("encode what is approved: %w", err)
	}
	return crypto.Keccak256Hash(text), nil
}
