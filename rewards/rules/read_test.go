package rules_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func example(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheExampleIsTheOneThatTheSpecificationShows(t *testing.T) {
	page, err := os.ReadFile("../../docs/rewards.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(page), "```toml\n")
	shown, _, found := strings.Cut(rest, "```\n")
	if !found || shown != example(t) {
		t.Error("docs/rewards.md shows other rules than example.toml")
	}
}

func TestTheExampleIsRead(t *testing.T) {
	r := rules.Example()
	if r.Hash != sha256.Sum256([]byte(example(t))) {
		t.Error("the hash is not that of the bytes")
	}
	if r.Name != "example" || r.Start != 1707393600 || r.Length != 86400 || r.First != 0 || len(r.Versions) != 1 {
		t.Errorf("got %+v", r)
	}
	v := r.Versions[0]
	a1, a2, e1 := common.HexToAddress("0xa1"), common.HexToAddress("0xa2"), common.HexToAddress("0xe1")
	wei := func(text string) uint256.Int { return *uint256.MustFromDecimal(text) }
	for name, ok := range map[string]bool{
		"version":     v.Number == 1 && v.From == 0 && v.Carry == 365,
		"shares":      v.Shares == [rules.Parts]rules.Bps{10000, 8000, 2000, 7000, 3000, 10000, 10000},
		"reporters":   len(v.Reporters) == 10 && len(v.Reporters[usage.Bond]) == 1 && v.Reporters[usage.Bond][0] == a1,
		"burned":      len(v.Burned) == 1 && v.Burned[1] == wei("1000000000000000000"),
		"maintainers": len(v.Works.Maintainers) == 2 && v.Works.Maintainers[1] == a2,
		"works":       v.Works.Quorum == 2 && v.Works.Grace == 30 && v.Works.Most == 2500 && len(v.Works.Classes) == 2,
		"a class":     v.Works.Classes["feature"] == rules.Class{Most: wei("1000"), Epochs: 365},
		"tools":       v.Tools == rules.UseRules{Return: 6000, Most: 2500},
		"fronts":      v.Fronts == rules.UseRules{Return: 3000, Most: 2500},
		"stakes":      v.Stakes.Fee.IsZero(),
		"receipts": v.Receipts == rules.ReceiptRules{
			Return: 9000, Bond: 100, LeastAudits: 3, LeastPassed: 9000, MostFee: 500, MostIn: wei("1000000000000000000"), MostOut: wei("3000000000000000000"),
		},
		"yields": len(v.Yields.Assets) == 1 && v.Yields.Assets[e1] && v.Yields.Most == wei("900000000000000000"),
		"tiers":  len(v.Yields.Tiers) == 1 && v.Yields.Tiers[0].Bonus == wei("300000000000000000000000"),
	} {
		if !ok {
			t.Errorf("%s: got %+v", name, v)
		}
	}
}

// Two versions, a schedule of its own in another order of pools, and the other spellings of TOML.
func TestRulesMayBringTheirSchedule(t *testing.T) {
	own := "schema = 1\nname = \"own\"\nstart = 2030-01-01T00:00:00Z\ninterval = 10\n"
	for _, b := range []string{"protection", "compute", "community", "code", "capital"} {
		own += fmt.Sprintf("[[pool]]\nname = %q\nkind = \"constant\"\ninitial = \"%d\"\nfor = 5\n", b, len(b))
	}
	text := strings.Replace(example(t), `"morpheus"`, "'''\n"+own+"'''", 1)
	text = strings.Replace(text, "epoch    = 86400", "epoch    = 20", 1)
	second := strings.Replace(text[strings.Index(text, "[[rules]]"):], "from    = 0 ", "from    = 3 ", 1)
	second = strings.Replace(second, "quorum = 2", "quorum = 1", 1)
	second = strings.Replace(second, `bond    = [`, "work = [\"0x00000000000000000000000000000000000000a2\"]\nbond = [", 1)
	second = strings.Replace(second, `["0x00000000000000000000000000000000000000e1"]`, "[]", 1)
	second = strings.Replace(second, second[strings.Index(second, "[[rules.yields.tiers]]"):], "tiers = []\n", 1)
	r, err := rules.Read([]byte(text + second))
	if err != nil {
		t.Fatal(err)
	}
	if r.Start != 1893456000 || r.At(2).Works.Quorum != 2 || r.At(3).Works.Quorum != 1 || len(r.At(3).Reporters) != 11 {
		t.Errorf("got %+v", r)
	}
	for b := rules.Capital; b < rules.Buckets; b++ {
		if r.Schedule.Pools[b].Name != b.String() {
			t.Errorf("pool %d is %s", b, r.Schedule.Pools[b].Name)
		}
		wei, err := r.Emission(b, 2) // the fifth interval is its first half
		if err != nil || wei != *uint256.NewInt(uint64(len(b.String()))) {
			t.Errorf("%s is paid %s, %v", b, wei.Dec(), err)
		}
	}
}

// Each line of the example that sets a key, left away.
func TestEveryKeyMustBeThere(t *testing.T) {
	all := strings.SplitAfter(example(t), "\n")
	key := regexp.MustCompile(`^("?[a-z0-9_]+"?) *=`)
	free := regexp.MustCompile(`^([a-z]+ += \["0x0+a1"\]\n|"1"|fix|feature)`) // names, not keys
	n := 0
	for i, line := range all {
		name := key.FindStringSubmatch(line)
		if name == nil || free.MatchString(line) {
			continue
		}
		n++
		text := strings.Join(all[:i], "") + strings.Join(all[i+1:], "")
		_, err := rules.Read([]byte(text))
		want := name[1] + ": is missing"
		if !refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), want) {
			t.Errorf("without line %d, %q: got %v", i+1, strings.TrimSpace(line), err)
		}
	}
	if n != 33 {
		t.Errorf("%d keys", n)
	}
	for _, table := range []string{"shares", "reporters", "burned", "works", "works.classes", "tools", "fronts", "stakes", "receipts", "yields"} {
		text := regexp.MustCompile(`(?m)^\[rules\.`+regexp.QuoteMeta(table)+`\][^\[]*\n((\w|").*\n)*`).ReplaceAllString(example(t), "")
		_, err := rules.Read([]byte(text))
		if !refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), table) {
			t.Errorf("without [rules.%s]: %v", table, err)
		}
	}
}

// Whoever reports the chain, a receipt or an audit is believed: with everybody among them, everybody writes itself a stake, or an
// interval of it twice. A tool's or a front's transaction anybody can look up, and a maintainer's word is its own.
func TestAKindOfWhichReportersAreBelievedListsThem(t *testing.T) {
	list := regexp.MustCompile(`(?m)^(bond|subnet|stake|deposit|payout|yield|receipt|audit) += \[.*\n`)
	lines := list.FindAllString(example(t), -1)
	if len(lines) != 8 {
		t.Fatalf("the example lists %q", lines)
	}
	for _, line := range lines {
		kind, _, _ := strings.Cut(line, " ")
		_, err := rules.Read([]byte(strings.Replace(example(t), line, "", 1)))
		if !refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), "line 19: rules.0.reporters."+kind+": is missing") {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// A transaction may be a step of a tool and served by a front: who is both gets both returns of what it burned.
func TestToolsAndFrontsTogetherReturnLessThanWasBurned(t *testing.T) {
	for returned, ok := range map[int]bool{3999: true, 4000: false, 9999: false} {
		text := strings.Replace(example(t), "[rules.fronts]\nreturn = 3000", fmt.Sprintf("[rules.fronts]\nreturn = %d", returned), 1)
		_, err := rules.Read([]byte(text))
		if ok != (err == nil) || !ok && (!refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), "rules.0.fronts.return: with tools.return")) {
			t.Errorf("6000 and %d: %v", returned, err)
		}
	}
}

func TestWhatIsNoRulesIsRefusedWithTheLine(t *testing.T) {
	text := example(t)
	swap := func(pairs ...string) string {
		swapped := text
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(swapped, pairs[i]) {
				t.Fatalf("the text has no %q", pairs[i])
			}
			swapped = strings.Replace(swapped, pairs[i], pairs[i+1], 1)
		}
		return swapped
	}
	again := text[strings.Index(text, "[[rules]]"):]
	many := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf(`"0x%040x"`, i+1))
		}
		return "[" + strings.Join(list, ", ") + "]"
	}
	a1, a2 := `"0x00000000000000000000000000000000000000a1"`, `"0x00000000000000000000000000000000000000a2"`
	for name, c := range map[string]struct{ text, want string }{
		"empty":                   {"", "line 1: schema: is missing"},
		"no TOML":                 {"{}", "line 1"},
		"no text":                 {"\xff\xfe", "line 1"},
		"too large":               {text + "#" + strings.Repeat("x", rules.Largest), "more than 1048576 bytes"},
		"schema 0":                {swap("schema   = 1", "schema   = 0"), "line 1: schema: is 0"},
		"an unknown key":          {swap("first    = 0", "first    = 0\nlast = 0"), "line 6: unknown key last"},
		"an unknown rule":         {swap("carry   = 365", "carry   = 365\nburn = 1"), "line 11: unknown key rules.burn"},
		"an unknown part":         {swap("{ yields = 10000 }", "{ yields = 10000, works = 0 }"), "line 13: unknown key"},
		"a part out of place":     {swap("works = 8000, tools = 2000", "works = 8000, fronts = 2000"), "line 14: unknown key"},
		"a part left away":        {swap("works = 8000, tools = 2000", "works = 10000"), "line 14: rules.0.shares.code.tools: is missing"},
		"a key out of place":      {swap("carry   = 365", "", "quorum = 2", "quorum = 2\ncarry = 365"), "unknown key rules.works.carry"},
		"a key twice":             {swap("quorum = 2", "quorum = 2\nquorum = 2"), "quorum"},
		"a table twice":           {text + "[rules.tools]\nreturn = 1\nmost = 1\n", "tools"},
		"a number in quotes":      {swap("carry   = 365", `carry = "365"`), "line 10"},
		"a number with a point":   {swap("carry   = 365", `carry = 365.0`), "line 10"},
		"a flag":                  {swap("carry   = 365", `carry = true`), "line 10"},
		"beyond 64 bits":          {swap("carry   = 365", `carry = 18446744073709551616`), "line 10"},
		"a name on a terminal":    {swap(`"example"`, `"exa\u001b[2Jmple"`), "line 2: name: write"},
		"no name":                 {swap(`"example"`, `""`), "line 2: name: write"},
		"an unknown schedule":     {swap(`"morpheus"`, `"satoshi"`), "line 3: schedule: write"},
		"a schedule of others":    {swap(`"morpheus"`, `'''`+flat("capital", "treasury")+`'''`), "line 3: schedule: it has no pool code"},
		"a pool too many":         {swap(`"morpheus"`, `'''`+flat("capital", "code", "community", "compute", "protection", "treasury")+`'''`), "line 3: schedule: it has 6 pools"},
		"no epoch":                {swap("epoch    = 86400", "epoch = 0"), "line 4: epoch: is 0; write 1 to 31622400"},
		"an epoch of two years":   {swap("epoch    = 86400", "epoch = 63158400"), "line 4: epoch: is 63158400"},
		"a negative epoch":        {swap("epoch    = 86400", "epoch = -86400"), "line 4: epoch: is -86400"},
		"a negative first":        {swap("first    = 0", "first    = -1"), "line 5: first: is -1"},
		"a first too late":        {swap("first    = 0", "first    = 12725827"), "line 5: first: it ends after second 1099511627775"},
		"a first beyond all":      {swap("first    = 0", "first    = 9007199254740991"), "line 5: first: it ends after"},
		"a first beyond a count":  {swap("first    = 0", "first    = 9007199254740992"), "line 5: first: is 9007199254740992"},
		"no rules":                {swap(again, "rules = []"), "line 7: rules: there are 0"},
		"rules as a table":        {swap("[[rules]]", "[rules]"), "line 7: rules.0: is missing"},
		"version 0":               {swap("version = 1", "version = 0"), "line 8: rules.0.version: is 0"},
		"epochs without rules":    {swap("from    = 0", "from    = 1"), "line 9: rules.0.from: is 1, after first, 0"},
		"a version twice":         {text + again, "line 71: rules.1.from: is 0, and the version before it begins at 0"},
		"versions out of order":   {text + strings.Replace(again, "from    = 0", "from    = 2", 1) + strings.Replace(again, "from    = 0", "from    = 1", 1), "line 133: rules.2.from: is 1, and the version before it begins at 2"},
		"a version too late":      {text + strings.Replace(again, "from    = 0", "from    = 12725827", 1), "line 71: rules.1.from: it ends after"},
		"too many versions":       {text + strings.Repeat("[[rules]]\n", 256), "missing"},
		"no carry":                {swap("carry   = 365", "carry   = 0"), "line 10: rules.0.carry: is 0; write 1 to 1000000"},
		"too long a carry":        {swap("carry   = 365", "carry   = 1000001"), "line 10: rules.0.carry"},
		"shares of too little":    {swap("tools = 2000", "tools = 1999"), "line 14: rules.0.shares.code: its parts sum to 9999 basis points"},
		"shares of too much":      {swap("fronts = 3000", "fronts = 3001"), "line 15: rules.0.shares.community: its parts sum to 10001"},
		"a share above all":       {swap("payouts = 10000", "payouts = 10001"), "line 17: rules.0.shares.protection.payouts: is 10001"},
		"a negative share":        {swap("works = 8000, tools = 2000", "works = 10001, tools = -1"), "line 14: rules.0.shares.code"},
		"an unknown kind":         {swap("bond    = [", "bonds = ["), "line 22: rules.0.reporters.bonds: is no kind of entry"},
		"no reporters":            {swap("bond    = ["+a1+"]", "bond = []"), "line 22: rules.0.reporters.bond: there are 0"},
		"too many reporters":      {swap("bond    = ["+a1+"]", "bond = "+many(257)), "line 22: rules.0.reporters.bond: there are 257"},
		"a short address":         {swap("["+a1+"]", `["0xa1"]`), "line 20: rules.0.reporters.tool.0: write an address"},
		"a bare address":          {swap("["+a1+"]", `["`+strings.Repeat("a", 40)+`"]`), "line 20: rules.0.reporters.tool.0: write an address"},
		"a long address":          {swap("["+a1+"]", `["0x`+strings.Repeat("a", 41)+`"]`), "line 20: rules.0.reporters.tool.0: write an address"},
		"a wrong checksum":        {swap("["+a1+"]", `["0x5aaeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]`), "line 20: rules.0.reporters.tool.0: the checksum is wrong"},
		"all in large letters":    {swap("["+a1+"]", `["0x5AAEB6053F3E94C9B9A09F33669435E7EF1BEAED"]`), "line 20: rules.0.reporters.tool.0: the checksum is wrong"},
		"nobody's address":        {swap("["+a1+"]", `["0x`+strings.Repeat("0", 40)+`"]`), "line 20: rules.0.reporters.tool.0: is the zero address"},
		"an address twice":        {swap(a2, a1), "line 35: rules.0.works.maintainers.1: is there twice"},
		"a line further down":     {swap(", "+a2, ",\n\""+strings.Repeat("x", 42)+"\""), "line 36: rules.0.works.maintainers.1: write an address"},
		"a chain in words":        {swap(`"1" = `, `main = `), "line 32: rules.0.burned.main: is no chain id"},
		"a chain 0":               {swap(`"1" = `, `"0" = `), "line 32: rules.0.burned.0: is no chain id"},
		"a chain 01":              {swap(`"1" = `, `"01" = `), "line 32: rules.0.burned.01: is no chain id"},
		"a chain too large":       {swap(`"1" = `, `"9007199254740992" = `), "is no chain id"},
		"an amount as a number":   {swap(`"1" = "1000000000000000000"`, `"1" = 1000000000000000000`), "line 32"},
		"a fraction of a wei":     {swap(`"1" = "1000000000000000000"`, `"1" = "1.5"`), "line 32: rules.0.burned.1: write a decimal number"},
		"an amount with zeros":    {swap(`"1" = "1000000000000000000"`, `"1" = "01"`), "line 32: rules.0.burned.1: write a decimal number"},
		"a negative amount":       {swap(`"1" = "1000000000000000000"`, `"1" = "-1"`), "line 32: rules.0.burned.1: write a decimal number"},
		"an amount with a plus":   {swap(`"1" = "1000000000000000000"`, `"1" = "+1"`), "line 32: rules.0.burned.1: write a decimal number"},
		"an empty amount":         {swap(`"1" = "1000000000000000000"`, `"1" = ""`), "line 32: rules.0.burned.1: write a decimal number"},
		"2^128 wei":               {swap(`"1" = "1000000000000000000"`, `"1" = "340282366920938463463374607431768211456"`), "line 32: rules.0.burned.1: write a decimal number below 2^128"},
		"no maintainers":          {swap(a1+", "+a2, ""), "line 35: rules.0.works.maintainers: there are 0"},
		"no quorum":               {swap("quorum = 2", "quorum = 0"), "line 36: rules.0.works.quorum: is 0; write 1 to 2"},
		"a quorum of more":        {swap("quorum = 2", "quorum = 3"), "line 36: rules.0.works.quorum: is 3; write 1 to 2"},
		"a negative grace":        {swap("grace  = 30", "grace  = -1"), "line 37: rules.0.works.grace"},
		"a grace of ages":         {swap("grace  = 30", "grace  = 1000001"), "line 37: rules.0.works.grace"},
		"most of works":           {swap("most   = 2500", "most   = 10001"), "line 38: rules.0.works.most: is 10001; write 0 to 10000"},
		"no classes":              {swap(`fix     = { most = "100", epochs = 90 }`, "", `feature = { most = "1000", epochs = 365 }`, ""), "rules.0.works.classes: there are 0"},
		"a class in large":        {swap("fix     =", "Fix     ="), "line 40: rules.0.works.classes.Fix: write"},
		"a class of nothing":      {swap(`most = "100"`, `most = "0"`), "line 40: rules.0.works.classes.fix.most: what weighs nothing"},
		"a class for no time":     {swap("epochs = 90", "epochs = 0"), "line 40: rules.0.works.classes.fix.epochs: is 0"},
		"a class for ages":        {swap("epochs = 90", "epochs = 1000001"), "line 40: rules.0.works.classes.fix.epochs: is 1000001"},
		"a class without a most":  {swap(`most = "100", `, ""), "line 40: rules.0.works.classes.fix.most: is missing"},
		"tools that return all":   {swap("[rules.tools]\nreturn = 6000", "[rules.tools]\nreturn = 10000"), "line 44: rules.0.tools.return: is 10000; write 0 to 9999"},
		"fronts that return more": {swap("[rules.fronts]\nreturn = 3000", "[rules.fronts]\nreturn = 10001"), "line 48: rules.0.fronts.return: is 10001"},
		"receipts that return":    {swap("return       = 9000", "return       = 10000"), "line 55: rules.0.receipts.return: is 10000"},
		"a fee above all":         {swap(`fee = "0"`, `fee = "10000000000000000000000001"`), "line 52: rules.0.stakes.fee: is in units of 1e-25"},
		"a bond above all":        {swap("bond         = 100", "bond         = 10001"), "line 56: rules.0.receipts.bond"},
		"no audits":               {swap("least_audits = 3", "least_audits = 0"), "line 57: rules.0.receipts.least_audits: is 0"},
		"too many audits":         {swap("least_audits = 3", "least_audits = 1000001"), "line 57: rules.0.receipts.least_audits"},
		"to pass more than all":   {swap("least_passed = 9000", "least_passed = 10001"), "line 58: rules.0.receipts.least_passed"},
		"a price in words":        {swap(`most_out     = "3000000000000000000"`, `most_out = "3e18"`), "line 61: rules.0.receipts.most_out"},
		"an asset twice": {
			swap(`["0x00000000000000000000000000000000000000e1"]`, `["0x00000000000000000000000000000000000000e1", "0x00000000000000000000000000000000000000E1"]`),
			"line 64: rules.0.yields.assets.1",
		},
		"a bonus above all":      {swap(`bonus = "300000000000000000000000"`, `bonus = "10000000000000000000000001"`), "line 68: rules.0.yields.tiers.0.bonus: is in units of 1e-25"},
		"tiers out of order":     {text + "[[rules.yields.tiers]]\nfrom = \"1000000000000000000\"\nbonus = \"1\"\n", "line 70: rules.0.yields.tiers.1.from: is not above"},
		"a tier without a bonus": {text + "[[rules.yields.tiers]]\nfrom = \"2\"\n", "line 69: rules.0.yields.tiers.1.bonus: is missing"},
		"too many tiers":         {text + strings.Repeat("[[rules.yields.tiers]]\nfrom = \"1\"\nbonus = \"1\"\n", 256), "rules.0.yields.tiers: there are 257"},
		"too many maintainers":   {swap(a1+", "+a2, many(257)[1:len(many(257))-1]), "line 35: rules.0.works.maintainers: there are 257"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := rules.Read([]byte(c.text))
			if !refusal.Is(err, refusal.BadRules) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func flat(pools ...string) string {
	text := "schema = 1\nname = \"flat\"\nstart = 2030-01-01T00:00:00Z\ninterval = 1\n"
	for _, p := range pools {
		text += fmt.Sprintf("[[pool]]\nname = %q\nkind = \"constant\"\ninitial = \"1\"\n", p)
	}
	return text
}

// Whatever else a later version may have, it is told as one.
func TestRulesOfALaterVersionAreUnknown(t *testing.T) {
	text := example(t)
	for name, c := range map[string]struct{ text, want string }{
		"version":                {strings.Replace(text, "version = 1", "version = 2", 1), "line 8: rules of version 2"},
		"version with a new key": {strings.Replace(text, "version = 1", "version = 3\nburn = 1", 1), "line 8: rules of version 3"},
		"schema":                 {strings.Replace(text, "schema   = 1", "schema   = 2\nnew = 1", 1), "schema 2"},
		"a second version":       {text + "[[rules]]\nversion = 2\n", "line 70: rules of version 2"},
	} {
		if _, err := rules.Read([]byte(c.text)); !refusal.Is(err, refusal.UnknownRules) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A path of a megabyte is not built key by key.
func TestAKeyOfManyPartsIsRefusedAtOnce(t *testing.T) {
	deep := "rules = [{version = 2}]\n" + strings.Repeat("a.", 9_000) + "a = 1\n"
	if _, err := rules.Read([]byte(deep)); !refusal.Is(err, refusal.UnknownRules) {
		t.Errorf("got %.200v", err)
	}
	if _, err := rules.Read([]byte(strings.Replace(deep, "2", "1", 1))); !refusal.Is(err, refusal.BadRules) || len(err.Error()) > 1000 {
		t.Errorf("got %.200v", err)
	}
}

func TestAnAddressMayHaveAChecksum(t *testing.T) {
	for _, address := range []string{"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"} {
		r, err := rules.Read([]byte(strings.Replace(example(t), "0x00000000000000000000000000000000000000e1", address, 1)))
		if err != nil || !r.Versions[0].Yields.Assets[common.HexToAddress(address)] {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func FuzzRulesAreReadOrRefused(f *testing.F) {
	text := example(f)
	f.Add([]byte(text))
	f.Add([]byte(strings.Replace(text, `"morpheus"`, `'''`+flat("capital", "code", "community", "compute", "protection")+`'''`, 1)))
	f.Add([]byte(text + strings.Replace(text[strings.Index(text, "[[rules]]"):], "from    = 0", "from    = 7", 1)))
	f.Add([]byte("rules = [{version = 1, burned = {\"1\" = \"2\"}}]\n[a.b]\nc.d = [[1], {e = 2}]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := rules.Read(text)
		if err != nil {
			if !refusal.Is(err, refusal.BadRules) && !refusal.Is(err, refusal.UnknownRules) {
				t.Fatal(err)
			}
			return
		}
		sound(t, r)
		if again, err := rules.Read(bytes.Clone(text)); err != nil || again.Hash != r.Hash {
			t.Fatalf("a second time: %v", err)
		}
	})
}

// sound holds the package's invariant.
func sound(t *testing.T, r rules.Rules) {
	t.Helper()
	if r.At(r.First) == nil {
		t.Fatal("the first epoch has no rules")
	}
	for _, v := range r.Versions {
		var sums [rules.Buckets]rules.Bps
		for p := rules.Yields; p < rules.Parts; p++ {
			sums[p.Bucket()] += v.Shares[p]
		}
		for b, sum := range sums {
			if sum != rules.Whole {
				t.Fatalf("%s: %d", rules.Bucket(b), sum)
			}
		}
		if v.Number != 1 || v.Tools.Return >= rules.Whole || v.Fronts.Return >= rules.Whole || v.Receipts.Return >= rules.Whole ||
			v.Carry == 0 || v.Works.Quorum == 0 {
			t.Fatalf("a bound is missing: %+v", v)
		}
		if _, to, err := r.Bounds(v.From); err != nil || to >= 1<<40 {
			t.Fatalf("version of epoch %d: %d, %v", v.From, to, err)
		}
	}
	for b := rules.Capital; b < rules.Buckets; b++ {
		if _, err := r.Emission(b, r.First); err != nil {
			t.Fatal(err)
		}
	}
}

func TestRulesAreSharedByNobody(t *testing.T) {
	a, b := rules.Example(), rules.Example()
	a.Versions[0].Carry++
	delete(a.Versions[0].Works.Classes, "fix")
	if v := b.Versions[0]; v.Carry != 365 || len(v.Works.Classes) != 2 {
		t.Error("a change of one example changed another")
	}
}
