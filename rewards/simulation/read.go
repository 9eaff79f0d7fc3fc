package simulation

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/holiman/uint256"
	"github.com/pelletier/go-toml/v2"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// Largest is the most bytes that a scenario's file may have.
const Largest = 1 << 20

const (
	mostYears  = 100
	mostGroups = 64
	mostAgents = 10_000 // in all
	mostDays   = 365 * mostYears
	mostEpochs = 40_000
	mostAudits = 64
	decimals   = 18
)

// file is the form of a scenario. Amounts are decimal strings of whole tokens.
type file struct {
	Schema int     `toml:"schema"` // 1
	Name   string  `toml:"name"`
	About  string  `toml:"about"`
	Rules  string  `toml:"rules"` // weekly, monthly, or the text of a file of rules
	Years  int64   `toml:"years"`
	Seed   int64   `toml:"seed"`
	Tail   bool    `toml:"tail"`
	Market market  `toml:"market"`
	Group  []group `toml:"group"`
}

type market struct {
	Coin   string `toml:"coin"`
	Asset  string `toml:"asset"`
	Subnet string `toml:"subnet"`
}

type group struct {
	Name     string  `toml:"name"`
	Does     string  `toml:"does"`
	Agents   int64   `toml:"agents"`
	Join     int64   `toml:"join"`
	Over     int64   `toml:"over"`
	Stay     int64   `toml:"stay"`
	Use      *string `toml:"use"`
	Vary     int64   `toml:"vary"`
	Every    *int64  `toml:"every"`
	Class    *string `toml:"class"`
	APR      *int64  `toml:"apr"`
	Claim    *int64  `toml:"claim"`
	Buy      *string `toml:"buy"`
	Itself   bool    `toml:"itself"`
	Gift     *string `toml:"gift"`
	Twin     string  `toml:"twin"`
	Sell     int64   `toml:"sell"`
	Bind     *int64  `toml:"bind"`
	Lock     int64   `toml:"lock"`
	LockDays int64   `toml:"lock_days"`
	Burn     int64   `toml:"burn"`
}

// doing says which keys of a group go with what it does.
type doing struct {
	use, every, class, yields, buy, bind bool
}

var doings = map[rules.Part]doing{
	rules.Works:    {use: true, every: true, class: true},
	rules.Tools:    {use: true},
	rules.Fronts:   {use: true},
	rules.Stakes:   {buy: true, bind: true},
	rules.Receipts: {use: true, buy: true, bind: true},
	rules.Yields:   {use: true, yields: true},
	rules.Payouts:  {use: true, every: true},
	Hold:           {buy: true},
}

// Read reads a scenario strictly. Keys that are unknown, missing or out of place and numbers out of bounds are refused as
// bad_scenario, with the group or the line; rules that can't be used, as bad_rules or unknown_rules.
func Read(text []byte) (*Scenario, error) {
	if len(text) > Largest {
		return nil, bad("more than %d bytes", Largest)
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return nil, bad("%s", fault(err))
	}
	r := reader{}
	s := r.scenario(f)
	if r.err != nil {
		return nil, r.err
	}
	return s, nil
}

func bad(format string, args ...any) *refusal.Error {
	return refusal.New(refusal.BadScenario, format, args...)
}

func fault(err error) string {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		row, _ := unknown.Errors[0].Position()
		return fmt.Sprintf("line %d: unknown key %.120s", row, strings.Join(unknown.Errors[0].Key(), "."))
	}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, _ := at.Position()
		return fmt.Sprintf("line %d: %s", row, strings.TrimPrefix(at.Error(), "toml: "))
	}
	return err.Error()
}

// reader keeps the first thing that is wrong. What it returns after that means nothing.
type reader struct {
	at  string // the group
	err error
}

func (r *reader) fail(key, format string, args ...any) {
	if r.err == nil {
		r.err = bad("%s%s: %s", r.at, key, fmt.Sprintf(format, args...))
	}
}

func (r *reader) scenario(f file) *Scenario {
	if f.Schema != 1 {
		r.fail("schema", "is %d; write 1", f.Schema)
	}
	s := &Scenario{
		Name: r.name(f.Name), About: f.About, Rules: r.rules(f.Rules), Tail: f.Tail,
		Years: r.number("years", f.Years, 1, mostYears), Seed: r.number("seed", f.Seed, 0, 1<<62),
		Coin: r.above("market.coin", f.Market.Coin), Asset: r.above("market.asset", f.Market.Asset),
		Subnet: r.tokens("market.subnet", f.Market.Subnet),
	}
	if len(f.About) > 200 || strings.ContainsFunc(f.About, func(c rune) bool { return c < ' ' }) {
		r.fail("about", "write one line of at most 200 bytes")
	}
	if len(f.Group) == 0 || len(f.Group) > mostGroups {
		r.fail("group", "there are %d; write 1 to %d", len(f.Group), mostGroups)
	}
	if r.err != nil {
		return nil
	}
	if err := s.Lasts(f.Years); err != nil {
		r.fail("years", "%v", err)
	}
	var agents uint64
	for _, g := range f.Group {
		r.at = fmt.Sprintf("group %q: ", g.Name)
		s.Groups = append(s.Groups, r.group(g, s))
		agents += s.Groups[len(s.Groups)-1].Agents
	}
	r.at = ""
	if agents > mostAgents {
		r.fail("group", "there are %d agents in all; write at most %d", agents, mostAgents)
	}
	for i, g := range f.Group {
		r.at = fmt.Sprintf("group %q: ", g.Name)
		r.twin(s, i, g.Twin)
	}
	return s
}

// Lasts sets for how many years it runs. It is refused as bad_scenario where that is too long to be reckoned.
func (s *Scenario) Lasts(years int64) error {
	if years < 1 || years > mostYears {
		return bad("years: is %d; write 1 to %d", years, mostYears)
	}
	if n := uint64(years) * 365 * day / uint64(s.Rules.Length); n > mostEpochs {
		return bad("%d years have %d epochs; take rules with longer ones, or at most %d of them", years, n, mostEpochs)
	}
	s.Years = uint64(years)
	return nil
}

func (r *reader) rules(text string) rules.Rules {
	if slices.Contains([]string{"weekly", "monthly"}, text) {
		named, err := embedded.ReadFile("rules/" + text + ".toml")
		if err != nil {
			panic(err) // it is embedded
		}
		text = string(named)
	}
	read, err := rules.Read([]byte(text))
	switch {
	case err == nil && (read.First != 0 || len(read.Versions) != 1):
		r.fail("rules", "a simulation begins with epoch 0 and has one version of the rules")
	case err == nil && len(read.Versions[0].Burned) == 0:
		r.fail("rules", "they count what is burned on no chain")
	case err == nil && len(read.Versions[0].Yields.Assets) == 0:
		r.fail("rules", "the capital pool has no asset")
	case err == nil && read.Versions[0].Receipts.LeastAudits > mostAudits:
		r.fail("rules", "a simulation plays at most %d audits of each provider an epoch", mostAudits)
	case err != nil && !strings.Contains(text, "\n"):
		r.fail("rules", "%.40q: write weekly, monthly, or the text of a file of rules", text)
	case r.err == nil && err != nil:
		r.err = err
		if refused, ok := refusal.As(err); ok {
			refused.Detail = "the rules of the scenario: " + refused.Detail
		}
	}
	return read
}

func (r *reader) group(g group, s *Scenario) Group {
	out := Group{
		Name: r.name(g.Name), Part: r.part(g.Does), Agents: r.number("agents", g.Agents, 1, mostAgents), Twin: -1,
		Join: r.days("join", g.Join), Over: r.days("over", g.Over), Stay: r.days("stay", g.Stay),
		Vary: r.bps("vary", g.Vary), Itself: g.Itself,
		Sell: r.bps("sell", g.Sell), Lock: r.bps("lock", g.Lock), Burn: r.bps("burn", g.Burn), LockDays: r.days("lock_days", g.LockDays),
	}
	for _, other := range s.Groups {
		if other.Name == out.Name {
			r.fail("name", "there are two")
		}
	}
	does := doings[out.Part]
	if r.due("use", g.Use != nil, does.use) {
		out.Use = r.above("use", *g.Use)
	}
	if r.due("every", g.Every != nil, does.every) {
		out.Every = r.number("every", *g.Every, 1, mostDays)
	}
	if r.due("class", g.Class != nil, does.class) {
		out.Class = *g.Class
		if _, ok := s.Rules.Versions[0].Works.Classes[out.Class]; !ok {
			r.fail("class", "the rules have no class %q", out.Class)
		}
	}
	if r.due("apr", g.APR != nil, does.yields) && r.due("claim", g.Claim != nil, true) {
		out.APR, out.Claim = r.bps("apr", *g.APR), r.days("claim", *g.Claim)
	}
	if r.due("gift", g.Gift != nil, does.yields && g.Itself) {
		out.Gift = r.above("gift", *g.Gift)
	}
	if r.due("buy", g.Buy != nil, does.buy) {
		out.Buy = r.tokens("buy", *g.Buy)
	}
	if r.due("bind", g.Bind != nil, does.bind) {
		out.Bind = r.bps("bind", *g.Bind)
	}
	if sum := out.Sell + out.Bind + out.Lock + out.Burn; sum > rules.Whole {
		r.fail("sell", "with bind, lock and burn that is %d basis points of what is earned; write at most %d", sum, rules.Whole)
	}
	if (out.Lock > 0) != (out.LockDays > 0) {
		r.fail("lock", "lock and lock_days go together")
	}
	if out.Itself && out.Part == Hold {
		r.fail("itself", "who holds pays nobody")
	}
	return out
}

// due reports whether a key is there and should be.
func (r *reader) due(key string, there, should bool) bool {
	switch {
	case there && !should:
		r.fail(key, "does not go with what the group does")
	case !there && should:
		r.fail(key, "is missing")
	}
	return there && should
}

func (r *reader) twin(s *Scenario, i int, name string) {
	if name == "" {
		if g := s.Groups[i]; g.Itself && (g.Part == rules.Stakes || g.Part == rules.Yields) {
			r.fail("twin", "is missing: what it brings to pay oneself can only be told beside who does not")
		}
		return
	}
	j := slices.IndexFunc(s.Groups, func(g Group) bool { return g.Name == name })
	if j < 0 || s.Groups[j].Part != s.Groups[i].Part || s.Groups[j].Itself || !s.Groups[i].Itself {
		r.fail("twin", "%q is no group that does the same and does not pay itself, where this one does", name)
	}
	s.Groups[i].Twin = j
}

func (r *reader) part(does string) rules.Part {
	for p := rules.Yields; p < rules.Parts; p++ {
		if p.String() == does {
			return p
		}
	}
	if does != "hold" {
		r.fail("does", "%q: write works, tools, stakes, fronts, receipts, yields, payouts or hold", does)
	}
	return Hold
}

var (
	nameForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9 ._-]{0,31}$`)
	tokensForm = regexp.MustCompile(`^(0|[1-9][0-9]{0,11})(\.[0-9]{1,18})?$`)
)

func (r *reader) name(text string) string {
	if !nameForm.MatchString(text) {
		r.fail("name", "%q: write 1 to 32 small letters, digits, spaces, dots, hyphens or underscores", text)
	}
	return text
}

func (r *reader) number(key string, n int64, least, most uint64) uint64 {
	if n < 0 || uint64(n) < least || uint64(n) > most {
		r.fail(key, "is %d; write %d to %d", n, least, most)
		return least
	}
	return uint64(n)
}

func (r *reader) days(key string, n int64) uint64   { return r.number(key, n, 0, mostDays) }
func (r *reader) bps(key string, n int64) rules.Bps { return rules.Bps(r.number(key, n, 0, 10_000)) }

// tokens is an amount of whole tokens with up to 18 decimals, in wei.
func (r *reader) tokens(key, text string) (wei uint256.Int) {
	if !tokensForm.MatchString(text) {
		r.fail(key, "%.40q is no amount; write whole tokens, below 10^12 and with up to %d decimals, in quotes", text, decimals)
		return wei
	}
	whole, rest, _ := strings.Cut(text, ".")
	wei.SetFromDecimal(strings.TrimLeft(whole+rest+strings.Repeat("0", decimals-len(rest)), "0"))
	return wei
}

func (r *reader) above(key, text string) uint256.Int {
	wei := r.tokens(key, text)
	if wei.IsZero() {
		r.fail(key, "write more than 0")
	}
	return wei
}
