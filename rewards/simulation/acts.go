package simulation

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// oracle reports the chain; it is the reporter that the embedded rules list.
var oracle = common.HexToAddress("0xa0")

// mostTokens is how many a receipt can hold.
const mostTokens = 1<<53 - 1

// boast is how many times more tokens than it served a provider says that pays itself: both sides sign whatever they like.
const boast = 10

// act has a group do what it does in the epoch, agent by agent.
func (w *world) act(group int) error {
	g := &w.Groups[group]
	draw := luck(w.Seed, g.Name, uint64(w.book.Epoch()))
	acts := map[rules.Part]func(*rand.Rand, *Group, *agent) error{
		rules.Works: w.contribute, rules.Tools: w.serveTool, rules.Fronts: w.serveFront, rules.Stakes: w.stake,
		rules.Receipts: w.provide, rules.Yields: w.deposit, rules.Payouts: w.ask, Hold: w.hold,
	}
	before := w.said
	for i := w.groups[group][0]; i < w.groups[group][1]; i++ {
		if a := &w.agents[i]; w.present(a) {
			if err := acts[g.Part](draw, g, a); err != nil {
				return err
			}
		}
	}
	if g.Part == rules.Stakes && !g.Itself && w.said > before {
		return w.say(oracle, w.subnet(digest(g.Name, "subnet", 0), account(g.Name, "treasury", 0)))
	}
	return nil
}

func (w *world) at() usage.Entry    { return usage.Entry{At: w.from} }
func (w *world) while() usage.Entry { return usage.Entry{At: w.from, To: w.to} }

// number tells things of a group apart over all epochs.
func (w *world) number() uint64 { return uint64(w.book.Epoch())<<32 | w.said }

func (w *world) subnet(id common.Hash, treasury common.Address) usage.Entry {
	e := w.while()
	e.Kind, e.Subnet, e.Earner = usage.Subnet, id, treasury
	return e
}

// other is the address with which an agent pays itself, or somebody else's.
func (g *Group) other(a *agent) common.Address {
	if g.Itself {
		return common.BytesToAddress(append(a.address.Bytes()[1:], 1))
	}
	return account(g.Name, "user", 0)
}

// contribute signs commits. Who would pay itself has two addresses of its own say that they accept them.
func (w *world) contribute(draw *rand.Rand, g *Group, a *agent) error {
	maintainers := w.version.Works.Maintainers[:w.version.Works.Quorum]
	if g.Itself {
		maintainers = []common.Address{g.other(a), account(g.Name, "maintainer", 0)}
	}
	for range times(draw, w.days, g.Every) {
		e := w.at()
		e.Kind, e.Earner, e.Name, e.Place = usage.Work, a.address, []byte(g.Class), []byte("keymaker")
		commit := digest(g.Name, "commit", w.number())
		copy(e.Subject[:common.AddressLength], commit[:])
		e.Amount = varied(draw, g.Use, 1, g.Vary)
		e.Amount.Div(&e.Amount, uint256.NewInt(1e18)) // a weight is no amount of tokens
		for _, m := range maintainers {
			e.Other = m
			if err := w.say(m, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// burns is what users burn of a chain's coin in an epoch. Who pays itself burns its own.
func (w *world) burns(draw *rand.Rand, g *Group, a *agent) usage.Entry {
	e := w.at()
	e.Chain = slices.Min(slices.Collect(maps.Keys(w.version.Burned)))
	e.Amount, e.Other, e.Name = varied(draw, g.Use, w.days, g.Vary), g.other(a), []byte("swap")
	if g.Itself {
		cost := worth(&e.Amount, &w.Coin)
		a.spent.Add(&a.spent, &cost)
	}
	return e
}

func (w *world) serveTool(draw *rand.Rand, g *Group, a *agent) error {
	e := w.burns(draw, g, a)
	e.Kind, e.Earner, e.Subject = usage.Tool, a.address, digest(g.Name, "transaction", w.number())
	return w.say(oracle, e)
}

func (w *world) serveFront(draw *rand.Rand, g *Group, a *agent) error {
	e := w.burns(draw, g, a)
	e.Kind, e.Subnet, e.Subject = usage.Front, common.BytesToHash(a.address[:]), digest(g.Name, "transaction", w.number())
	if err := w.say(oracle, w.subnet(e.Subnet, a.address)); err != nil {
		return err
	}
	return w.say(oracle, e)
}

// stake buys more and stakes all of it. Who pays itself registers a subnet of its own for that, as soon as it can pay for it.
func (w *world) stake(draw *rand.Rand, g *Group, a *agent) error {
	bought := w.buy(varied(draw, g.Buy, w.days, g.Vary))
	a.bound.Add(&a.bound, &bought)
	id := digest(g.Name, "subnet", 0)
	if g.Itself {
		id = common.BytesToHash(a.address[:])
		if !a.registered && !w.register(a) {
			return nil
		}
		s := w.subnet(id, a.address)
		s.Fee.SetUint64(5e17).Mul(&s.Fee, uint256.NewInt(1e7)) // a half, to itself: it makes no difference
		if err := w.say(oracle, s); err != nil {
			return err
		}
	}
	if a.bound.IsZero() {
		return nil
	}
	e := w.while()
	e.Kind, e.Subnet, e.Earner, e.Amount = usage.Stake, id, a.address, a.bound
	return w.say(oracle, e)
}

func (w *world) register(a *agent) bool {
	if w.market.Lt(&w.Subnet) {
		return false
	}
	w.burn(w.buy(w.Subnet))
	a.spent.Add(&a.spent, &w.Subnet)
	a.registered = true
	return true
}

// provide serves a model. Consumers buy the fee on the market and burn it; who pays itself burns its own tokens first, and boasts.
func (w *world) provide(draw *rand.Rand, g *Group, a *agent) error {
	r := &w.version.Receipts
	bought := w.buy(varied(draw, g.Buy, w.days, g.Vary))
	a.bound.Add(&a.bound, &bought)
	if !a.bound.IsZero() {
		b := w.while()
		b.Kind, b.Earner, b.Amount = usage.Bond, a.address, a.bound
		if err := w.say(oracle, b); err != nil {
			return err
		}
	}
	for range r.LeastAudits {
		e := w.at()
		e.Kind, e.Name, e.Earner, e.Other, e.Flag = usage.Audit, []byte("model"), a.address, account(g.Name, "auditor", 0), true
		if err := w.say(oracle, e); err != nil {
			return err
		}
	}
	want := varied(draw, g.Use, w.days, g.Vary)
	var fee, served uint256.Int
	if g.Itself {
		fee = least(want, a.free)
		a.free.Sub(&a.free, &fee)
		want.Sub(&want, &fee)
	}
	more := w.buy(want)
	fee.Add(&fee, &more)
	w.burn(fee)
	served.Mul(&fee, uint256.NewInt(million))
	if served.Div(&served, &r.MostOut).IsZero() {
		return nil
	}
	if g.Itself {
		a.spent.Add(&a.spent, &fee)
		served.Mul(&served, uint256.NewInt(boast))
	}
	served = least(served, *uint256.NewInt(mostTokens))
	e := w.at()
	e.Kind, e.Name, e.Earner, e.Other = usage.Receipt, []byte("model"), a.address, g.other(a)
	e.Output, e.PriceOut, e.Fee = served.Uint64(), r.MostOut, fee
	return w.say(oracle, e)
}

// deposit keeps an asset in the capital pool, which earns for the pool. Who pays itself gives some of the asset on top.
func (w *world) deposit(draw *rand.Rand, g *Group, a *agent) error {
	d := w.while()
	d.Kind, d.Asset, d.Earner, d.Amount = usage.Deposit, w.asset(), a.address, g.Use
	if g.Claim > 0 {
		d.LockFrom, d.LockTo = a.joins, a.joins+emission.Time(g.Claim*day)
	}
	if err := w.say(oracle, d); err != nil {
		return err
	}
	y := w.at()
	y.Kind, y.Asset, y.Decimals, y.PriceIn = usage.Yield, w.asset(), decimals, w.Asset
	y.Amount = partOf(&g.Use, g.APR)
	y.Amount = varied(draw, y.Amount, w.days, g.Vary)
	y.Amount.Div(&y.Amount, uint256.NewInt(year))
	if g.Itself {
		gift := varied(draw, g.Gift, w.days, g.Vary)
		cost := worth(&gift, &w.Asset)
		a.spent.Add(&a.spent, &cost)
		y.Amount.Add(&y.Amount, &gift)
	}
	return w.say(oracle, y)
}

// asset is the first one that the rules list.
func (w *world) asset() common.Address {
	return slices.MinFunc(slices.Collect(maps.Keys(w.version.Yields.Assets)), common.Address.Cmp)
}

// ask gets a payout of the fund voted for. Who pays itself says so without a vote.
func (w *world) ask(draw *rand.Rand, g *Group, a *agent) error {
	reporter := oracle
	if g.Itself {
		reporter = a.address
	}
	for range times(draw, w.days, g.Every) {
		e := w.at()
		e.Kind, e.Proposal, e.Earner, e.Amount = usage.Payout, w.number(), a.address, varied(draw, g.Use, 1, g.Vary)
		if err := w.say(reporter, e); err != nil {
			return err
		}
	}
	return nil
}

func (w *world) hold(draw *rand.Rand, g *Group, a *agent) error {
	bought := w.buy(varied(draw, g.Buy, w.days, g.Vary))
	a.free.Add(&a.free, &bought)
	return nil
}
