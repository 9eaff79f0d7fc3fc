package simulation_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

const small = `schema = 1
name = "small"
about = "two groups"
rules = "monthly"
years = 2
seed = 3
tail = false
[market]
coin = "200.5"
asset = "0.000000000000000001"
subnet = "0"
[[group]]
name = "authors"
does = "tools"
agents = 2
use = "0.1"
sell = 5000
lock = 1000
lock_days = 90
[[group]]
name = "dealers"
does = "yields"
agents = 1
use = "30"
apr = 300
claim = 10
itself = true
gift = "1"
twin = "members"
[[group]]
name = "members"
does = "yields"
agents = 1
use = "30"
apr = 300
claim = 10
`

func TestAScenarioIsRead(t *testing.T) {
	s, err := simulation.Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	a, d := s.Groups[0], s.Groups[1]
	for name, ok := range map[string]bool{
		"the head":   s.Name == "small" && s.About == "two groups" && s.Years == 2 && s.Seed == 3 && !s.Tail && s.Rules.Name == "monthly",
		"the market": s.Coin.Dec() == "200500000000000000000" && s.Asset.Dec() == "1" && s.Subnet.IsZero(),
		"authors":    a.Name == "authors" && a.Part == rules.Tools && a.Agents == 2 && a.Use.Dec() == "100000000000000000" && a.Sell == 5000,
		"a lock":     a.Lock == 1000 && a.LockDays == 90 && a.Twin == -1 && !a.Itself,
		"dealers":    d.Itself && d.Twin == 2 && d.Gift.Dec() == "1000000000000000000" && d.APR == 300 && d.Claim == 10,
	} {
		if !ok {
			t.Errorf("%s: got %+v", name, s)
		}
	}
}

func TestTheScenariosThatComeAlongAreRead(t *testing.T) {
	if want := []string{"baseline", "exodus", "self-dealing", "tail", "whales"}; !slices.Equal(simulation.Names(), want) {
		t.Fatalf("there are %v", simulation.Names())
	}
	for _, name := range simulation.Names() {
		if s := named(t, name); s.Name != name || s.Rules.Name != "weekly" || s.Tail != (name == "tail") {
			t.Errorf("%s is %q by %s", name, s.Name, s.Rules.Name)
		}
	}
	if _, err := simulation.Named("bull-market"); !refusal.Is(err, refusal.BadScenario) || !strings.Contains(err.Error(), "bull-market") {
		t.Errorf("got %v", err)
	}
}

// A month is not four weeks and not twelve to a year: the two files of rules agree in all that is not counted in epochs.
func TestTheRulesThatComeAlongDifferInEpochsAlone(t *testing.T) {
	w, m := named(t, "baseline").Rules, monthly(t, "baseline").Rules
	a, b := w.Versions[0], m.Versions[0]
	if w.Length != 7*86400 || m.Length != 30*86400 || a.Carry != 52 || b.Carry != 12 || a.Receipts.Bond != 700 || b.Receipts.Bond != 3000 {
		t.Errorf("%+v\n%+v", a, b)
	}
	b.Carry, b.Receipts.Bond, b.Works.Grace, b.Works.Classes = a.Carry, a.Receipts.Bond, a.Works.Grace, a.Works.Classes
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Errorf("%v\n%v", a, b)
	}
}

func TestAScenarioMayBringItsRules(t *testing.T) {
	daily, err := simulation.Read([]byte(strings.Replace(small, `"monthly"`, "'''\n"+ruleText(t)+"'''", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if daily.Rules.Length != 86400 {
		t.Errorf("epochs of %d seconds", daily.Rules.Length)
	}
	if r, err := simulation.Run(context.Background(), daily, nil); err != nil || r.Epochs != 730 {
		t.Errorf("%v, %v", r, err)
	}
	if err := daily.Lasts(100); err != nil {
		t.Errorf("a hundred years of days: %v", err)
	}
}

// ruleText is rules of days, made from what the weekly ones say.
func ruleText(t *testing.T) string {
	t.Helper()
	list := func(n string) string { return `["0x00000000000000000000000000000000000000` + n + `"]` }
	return fmt.Sprintf(`schema = 1
name = "daily"
schedule = "morpheus"
epoch = 86400
first = 0
[[rules]]
version = 1
from = 0
carry = 365
shares = { capital = { yields = 10000 }, code = { works = 8000, tools = 2000 }, community = { stakes = 7000, fronts = 3000 }, compute = { receipts = 10000 }, protection = { payouts = 10000 } }
reporters = { tool = %[1]s, front = %[1]s, receipt = %[1]s, audit = %[1]s, bond = %[1]s, subnet = %[1]s, stake = %[1]s, yield = %[1]s, deposit = %[1]s, payout = %[1]s }
burned = { "10" = "1" }
tools = { return = 1, most = 1 }
fronts = { return = 1, most = 1 }
stakes = { fee = "0" }
receipts = { return = 1, bond = 1, least_audits = 1, least_passed = 1, most_fee = 1, most_in = "1", most_out = "1" }
yields = { assets = %[2]s, most = "1", tiers = [] }
works = { maintainers = %[3]s, quorum = 1, grace = 1, most = 1, classes = { fix = { most = "1", epochs = 1 } } }
`, list("a0"), list("e1"), list("a1"))
}

func TestWhatIsNoScenarioIsRefusedWithAReason(t *testing.T) {
	swap := func(old, new string) string {
		if !strings.Contains(small, old) {
			t.Fatalf("the text has no %q", old)
		}
		return strings.Replace(small, old, new, 1)
	}
	group := func(text string) string { return small + "[[group]]\nname = \"x\"\nagents = 1\n" + text }
	daily := ruleText(t)
	own := func(old, new string) string {
		return swap(`"monthly"`, "'''\n"+strings.Replace(daily, old, new, 1)+"'''")
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":                    {"", "schema: is 0"},
		"no TOML":                  {"{}", "line 1"},
		"too large":                {small + "#" + strings.Repeat("x", simulation.Largest), "more than 1048576 bytes"},
		"an unknown key":           {swap("tail = false", "tail = false\nhead = true"), "line 8: unknown key head"},
		"an unknown key of groups": {swap("agents = 2", "agents = 2\nsells = 1"), "unknown key group.sells"},
		"a key of another type":    {swap("agents = 2", "agents = \"2\""), "line 15"},
		"a name on a terminal":     {swap(`"small"`, `"sm\u001b[2Jall"`), "small letters"},
		"two lines of about":       {swap(`"two groups"`, `"two\ngroups"`), "one line"},
		"a long about":             {swap(`"two groups"`, `"`+strings.Repeat("x", 201)+`"`), "200 bytes"},
		"unknown rules":            {swap(`"monthly"`, `"yearly"`), "write weekly, monthly"},
		"no rules":                 {swap(`rules = "monthly"`, ""), "write weekly, monthly"},
		"no years":                 {swap("years = 2", "years = 0"), "years: is 0"},
		"too many years":           {swap("years = 2", "years = 101"), "years: is 101"},
		"too many epochs":          {strings.Replace(own("epoch = 86400", "epoch = 60"), "years = 2", "years = 1", 1), "525600 epochs"},
		"a negative seed":          {swap("seed = 3", "seed = -3"), "seed: is -3"},
		"rules that begin late":    {own("first = 0", "first = 1"), "begins with epoch 0"},
		"rules for no chain":       {own(`burned = { "10" = "1" }`, "burned = {}"), "on no chain"},
		"rules for no asset":       {own(`assets = ["0x00000000000000000000000000000000000000e1"]`, "assets = []"), "no asset"},
		"rules of many audits":     {own("least_audits = 1", "least_audits = 65"), "at most 64 audits"},
		"a coin for nothing":       {swap(`"200.5"`, `"0.0"`), "market.coin: write more than 0"},
		"a coin in words":          {swap(`"200.5"`, `"many"`), "market.coin: \"many\" is no amount"},
		"an amount of a number":    {swap(`"200.5"`, `200.5`), "line 9"},
		"an amount below a wei":    {swap(`"0.000000000000000001"`, `"0.0000000000000000001"`), "is no amount"},
		"an amount with zeros":     {swap(`"200.5"`, `"0200"`), "is no amount"},
		"a huge amount":            {swap(`"200.5"`, `"1000000000000"`), "is no amount"},
		"a negative amount":        {swap(`"200.5"`, `"-1"`), "is no amount"},
		"no group":                 {small[:strings.Index(small, "[[group]]")], "there are 0"},
		"too many groups":          {small + strings.Repeat("[[group]]\n", 62), "there are 65"},
		"too many agents":          {swap("agents = 2", "agents = 10000"), "10002 agents in all"},
		"a group of nobody":        {swap("agents = 2", "agents = 0"), `group "authors": agents: is 0`},
		"two groups of a name":     {swap(`"dealers"`, `"authors"`), "there are two"},
		"an unknown part":          {swap(`does = "tools"`, `does = "mine"`), `does: "mine": write works`},
		"a group without use":      {swap("use = \"0.1\"\n", ""), `group "authors": use: is missing`},
		"use for holders":          {group("does = \"hold\"\nbuy = \"1\"\nuse = \"1\"\n"), "use: does not go with"},
		"holders who buy nothing":  {group("does = \"hold\"\n"), "buy: is missing"},
		"holders who pay":          {group("does = \"hold\"\nbuy = \"1\"\nitself = true\n"), "who holds pays nobody"},
		"works without every":      {group("does = \"works\"\nuse = \"1\"\nclass = \"fix\"\n"), "every: is missing"},
		"works every no day":       {group("does = \"works\"\nuse = \"1\"\nclass = \"fix\"\nevery = 0\n"), "every: is 0"},
		"works without a class":    {group("does = \"works\"\nuse = \"1\"\nevery = 1\n"), "class: is missing"},
		"works of no class":        {group("does = \"works\"\nuse = \"1\"\nevery = 1\nclass = \"epic\"\n"), `no class "epic"`},
		"a class for tools":        {swap("sell = 5000", "sell = 5000\nclass = \"fix\""), "class: does not go with"},
		"stakes without a bind":    {group("does = \"stakes\"\nbuy = \"1\"\n"), "bind: is missing"},
		"yields without a claim":   {swap("claim = 10\nitself", "itself"), "claim: is missing"},
		"a gift of others":         {swap("itself = true\n", ""), "gift: does not go with"},
		"dealers without a gift":   {swap("gift = \"1\"\n", ""), "gift: is missing"},
		"dealers without a twin":   {swap("twin = \"members\"\n", ""), "twin: is missing"},
		"a twin of another part":   {swap(`twin = "members"`, `twin = "authors"`), `twin: "authors" is no group`},
		"a twin that nobody is":    {swap(`twin = "members"`, `twin = "nobody"`), `twin: "nobody" is no group`},
		"its own twin":             {swap(`twin = "members"`, `twin = "dealers"`), `twin: "dealers" is no group`},
		"a twin of the honest":     {swap("sell = 5000", "sell = 5000\ntwin = \"members\""), "twin:"},
		"to sell more than all":    {swap("sell = 5000", "sell = 10001"), "sell: is 10001"},
		"to sell and lock more":    {swap("sell = 5000", "sell = 9001"), "10001 basis points"},
		"a lock for no time":       {swap("lock_days = 90\n", ""), "lock and lock_days go together"},
		"to join before":           {swap("agents = 2", "agents = 2\njoin = -1"), "join: is -1"},
		"to join too late":         {swap("agents = 2", "agents = 2\njoin = 36501"), "join: is 36501"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := simulation.Read([]byte(c.text))
			if !refusal.Is(err, refusal.BadScenario) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
	if _, err := simulation.Read([]byte(own("carry = 365", "carry = 0"))); !refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), "line 9") {
		t.Errorf("rules without a carry: %v", err)
	}
	if _, err := simulation.Read([]byte(own("version = 1", "version = 2"))); !refusal.Is(err, refusal.UnknownRules) {
		t.Errorf("rules of a later version: %v", err)
	}
}

func FuzzAScenarioIsReadOrRefused(f *testing.F) {
	f.Add([]byte(small))
	for _, name := range simulation.Names() {
		text, err := simulation.Named(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := simulation.Read(text)
		if err != nil {
			if r, ok := refusal.As(err); !ok || r.Reason != refusal.BadScenario && r.Reason != refusal.BadRules && r.Reason != refusal.UnknownRules {
				t.Fatal(err)
			}
			return
		}
		ctx, stop := context.WithCancel(context.Background())
		defer stop()
		_, err = simulation.Run(ctx, s, func(done, _ uint64) {
			if done == 2 { // what a scenario does wrong it does at once
				stop()
			}
		})
		if err != nil && !refusal.Is(err, refusal.Interrupted) {
			t.Fatal(err)
		}
	})
}

// The page's own scenario, which names every key that is not of a single part.
func TestTheScenarioOfTheDocumentationRuns(t *testing.T) {
	page, err := os.ReadFile("../../docs/simulation.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```toml\n")
	text, _, _ := strings.Cut(rest, "```\n")
	s, err := simulation.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r := run(t, s)
	if _, loses := r.Dealings[0].Gain(); !loses {
		t.Errorf("whoever uses its own tool gains: %+v", r.Dealings[0])
	}
	if staked := last(r).Bound; staked.IsZero() {
		t.Error("nothing is staked")
	}
	for _, name := range simulation.Names() {
		if !strings.Contains(string(page), "`"+name+"`") {
			t.Errorf("the page does not have %s", name)
		}
	}
}
