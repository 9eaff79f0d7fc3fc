package settlement

import (
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

const kinds = int(usage.Payout) + 1

// lists are the rules of an epoch as they are looked up for every entry. They do not change, so all branches of a book share them.
type lists struct {
	reporters   [kinds]map[common.Address]struct{} // nil: open to all
	maintainers map[common.Address]int             // by place
	assets      map[common.Address]uint32          // by place in order of address
	names       []string                           // of classes, sorted
	classes     map[string]uint32                  // by place in names
	rates       map[uint64]uint256.Int
}

func newLists(v *rules.Version) (*lists, error) {
	l := &lists{
		maintainers: map[common.Address]int{}, assets: map[common.Address]uint32{}, classes: map[string]uint32{},
		names: slices.Sorted(maps.Keys(v.Works.Classes)), rates: v.Burned,
	}
	for k := range kinds {
		if some := v.Reporters[usage.Kind(k)]; len(some) > 0 {
			l.reporters[k] = make(map[common.Address]struct{}, len(some))
			for _, r := range some {
				l.reporters[k][r] = struct{}{}
			}
		}
	}
	for _, m := range v.Works.Maintainers {
		if _, again := l.maintainers[m]; !again {
			l.maintainers[m] = len(l.maintainers)
		}
	}
	if len(l.maintainers) > mostVoters {
		return nil, refusal.New(refusal.BadRules, "more than %d maintainers", mostVoters)
	}
	for i, name := range l.names {
		l.classes[name] = uint32(i)
	}
	assets := slices.SortedFunc(maps.Keys(v.Yields.Assets), common.Address.Cmp)
	for _, a := range assets {
		if v.Yields.Assets[a] {
			l.assets[a] = uint32(len(l.assets))
		}
	}
	for _, t := range v.Yields.Tiers {
		if t.Bonus.Gt(multiplier.One()) {
			return nil, refusal.New(refusal.BadRules, "a referrer would earn more than whom it referred")
		}
	}
	return l, nil
}
