package simulation

import (
	"fmt"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// Dealing is what a group made of paying itself. Amounts are in wei of the token; what was spent in other coins is worth what they
// cost at the scenario's market.
type Dealing struct {
	Group   string
	Part    rules.Part
	Spent   uint256.Int
	Earned  uint256.Int
	Without uint256.Int // what it would have earned without: nothing, but for stakes and yields, where it is what the twin earned
	Twin    string      // the honest group, if there is one
	Honest  uint256.Int // what the twin earned and spent nothing for, for as many epochs of agents
	Bound   string      // that it is held by
}

// Gain is what paying itself brought: earned less spent, and less what it would have earned without. negative says its sign.
func (d *Dealing) Gain() (wei uint256.Int, negative bool) {
	var cost uint256.Int
	cost.Add(&d.Spent, &d.Without)
	if d.Earned.Lt(&cost) {
		return *wei.Sub(&cost, &d.Earned), true
	}
	return *wei.Sub(&d.Earned, &cost), false
}

// dealings are those of the groups that pay themselves, in their order.
func (w *world) dealings() (all []Dealing) {
	for i, g := range w.Groups {
		if !g.Itself {
			continue
		}
		d := Dealing{Group: g.Name, Part: g.Part, Bound: w.bound(g.Part)}
		var active uint64
		d.Earned, d.Spent, active = w.tally(i)
		if g.Twin >= 0 {
			earned, _, epochs := w.tally(g.Twin)
			d.Twin = w.Groups[g.Twin].Name
			d.Honest.Mul(&earned, uint256.NewInt(active))
			d.Honest.Div(&d.Honest, uint256.NewInt(max(1, epochs)))
		}
		if g.Part == rules.Stakes || g.Part == rules.Yields {
			d.Without = d.Honest
		}
		all = append(all, d)
	}
	return all
}

// tally is what a group earned and spent, and how many epochs its agents took part.
func (w *world) tally(group int) (earned, spent uint256.Int, active uint64) {
	for i := w.groups[group][0]; i < w.groups[group][1]; i++ {
		a := &w.agents[i]
		earned.Add(&earned, &a.earned)
		spent.Add(&spent, &a.spent)
		active += a.active
	}
	return earned, spent, active
}

// bound says what keeps paying oneself at a loss. docs/rewards.md has the same table.
func (w *world) bound(p rules.Part) string {
	percent := func(b rules.Bps) string { return fmt.Sprintf("%d.%02d %%", b/hundreds, b%hundreds) }
	v := &w.rules.Versions[0]
	switch p {
	case rules.Works:
		return fmt.Sprintf("a quorum of %d maintainers other than the author", v.Works.Quorum)
	case rules.Tools:
		return fmt.Sprintf("return: %s of what was burned, at a rate below the market's", percent(v.Tools.Return))
	case rules.Fronts:
		return fmt.Sprintf("return: %s of what was burned, at a rate below the market's", percent(v.Fronts.Return))
	case rules.Stakes:
		return "what any staker of the same amount gets, less the subnet's registration"
	case rules.Receipts:
		return fmt.Sprintf("return: %s of the fees burned; bond: %s of the mean bond each epoch", percent(v.Receipts.Return), percent(v.Receipts.Bond))
	case rules.Yields:
		return fmt.Sprintf("most: %s of what yield is worth, shared with all depositors", percent(rules.Bps(new(uint256.Int).Div(&v.Yields.Most, uint256.NewInt(1e14)).Uint64())))
	default:
		return "a payout that nobody voted for is no entry of the ledger"
	}
}
