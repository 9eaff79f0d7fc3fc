package simulation

import (
	"embed"
	"path"
	"slices"
	"strings"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// Scenario is who takes part, and by which rules.
type Scenario struct {
	Name  string
	About string // one line
	Rules rules.Rules
	Years uint64 // of 365 days
	Seed  uint64
	Tail  bool // the tail of the emission follows the last pool's end

	Coin   uint256.Int // what one coin of a chain costs, in wei of the token
	Asset  uint256.Int // what one of the capital pool's asset is worth, in wei of the token
	Subnet uint256.Int // what it costs to register a subnet, in wei of the token; burned

	Groups []Group
}

// Hold is the Part of those who buy the token and keep it.
const Hold = rules.Parts

// Group is agents who do the same. Which numbers count depends on the part: see docs/simulation.md.
type Group struct {
	Name   string
	Part   rules.Part // that they earn by; Hold: none
	Agents uint64

	Join, Over uint64 // the first one joins on day Join, the last one Over days later
	Stay       uint64 // days for which each takes part; 0: to the end

	Use   uint256.Int // a day: wei of coin or of the token; works: the weight of each; yields: wei of the asset, in all
	Vary  rules.Bps   // by which Use goes up and down from epoch to epoch
	Every uint64      // works, payouts: days between two, on average
	Class string      // works
	APR   rules.Bps   // yields: what the asset earns a year
	Claim uint64      // yields: days for which claims are locked
	Buy   uint256.Int // wei of the token that each buys a day, if somebody sells them

	Itself bool        // they pay themselves
	Gift   uint256.Int // yields: wei of the asset that each gives to the pool a day
	Twin   int         // the group that does the same and does not pay itself; -1: none

	Sell, Bind, Lock, Burn rules.Bps // what becomes of what they earn: sold, staked or bonded, locked, burned; the rest is kept
	LockDays               uint64
}

// Does is the part that the agents earn by, or hold.
func (g *Group) Does() string {
	if g.Part == Hold {
		return "hold"
	}
	return g.Part.String()
}

//go:embed scenarios/*.toml rules/*.toml
var embedded embed.FS

// Names are the scenarios that come with the program, sorted.
func Names() []string {
	files, err := embedded.ReadDir("scenarios")
	if err != nil {
		panic(err) // it is embedded
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".toml"))
	}
	slices.Sort(names)
	return names
}

// Named is a scenario that comes with the program, as a file. It is refused as bad_scenario where there is none of that name.
func Named(name string) ([]byte, error) {
	if !slices.Contains(Names(), name) {
		return nil, refusal.New(refusal.BadScenario, "there is no scenario %q", name).WithHint("name a file, or one of %s", strings.Join(Names(), ", "))
	}
	return embedded.ReadFile(path.Join("scenarios", name+".toml"))
}
