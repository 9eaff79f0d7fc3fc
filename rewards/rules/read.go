package rules

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/pelletier/go-toml/v2"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/multiplier"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// Largest is the most bytes that a file of rules may have.
const Largest = 1 << 20

// What a file may hold, and how large its numbers may be. They are far above what means something and keep every sum of a
// settlement in its 256 bits.
const (
	mostListed   = 256         // versions, addresses, chains, classes, tiers
	longestEpoch = 366 * 86400 // seconds
	mostEpochs   = 1_000_000   // of a carry, a grace, a class
	mostAudits   = 1_000_000   // in an epoch
	latest       = 1<<40 - 1   // the last second that a ledger can write
	mostCount    = 1<<53 - 1   // the largest number that a ledger can write
	known        = 1           // version of the rules
	schema       = 1           // of the file
	builtin      = "morpheus"  // the schedule that need not be written out
)

//go:embed example.toml
var example []byte

// Example is the rules that docs/rewards.md shows.
func Example() Rules {
	r, err := Read(example)
	if err != nil {
		panic(fmt.Sprintf("example.toml: %v", err)) // a test reads it
	}
	return r
}

// Read reads a file of rules strictly. Keys that are unknown, missing or out of place, numbers out of bounds, shares that do not
// sum to the whole and versions out of order are refused as bad_rules, with the line. Rules of a later version are refused as
// unknown_rules, whatever else they hold.
func Read(text []byte) (Rules, error) {
	if len(text) > Largest {
		return Rules{}, bad("more than %d bytes", Largest)
	}
	if err := later(text); err != nil {
		return Rules{}, err
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return Rules{}, bad("%s", fault(err))
	}
	r := reader{lines: readLines(text)}
	if at, yes := r.lines.missing(reflect.ValueOf(f), ""); yes {
		r.fail(at, "is missing")
	}
	if r.err != nil {
		return Rules{}, r.err
	}
	rules := r.rules(f)
	rules.Hash = sha256.Sum256(text)
	if r.err != nil {
		return Rules{}, r.err
	}
	return rules, nil
}

func bad(format string, args ...any) *refusal.Error {
	return refusal.New(refusal.BadRules, format, args...)
}

// later looks for versions that this program does not know, before anything else is found wrong with the file.
func later(text []byte) error {
	var f struct {
		Schema int64 `toml:"schema"`
		Rules  []struct {
			Version int64 `toml:"version"`
		} `toml:"rules"`
	}
	if err := toml.Unmarshal(text, &f); err != nil {
		return nil // the strict reader says what is wrong
	}
	if f.Schema > schema {
		return refusal.New(refusal.UnknownRules, "the file has schema %d, and this program knows %d", f.Schema, schema)
	}
	for i, v := range f.Rules {
		if v.Version > known {
			return refusal.New(refusal.UnknownRules, "line %d: rules of version %d, and this program knows %d",
				readLines(text).find(fmt.Sprintf("rules.%d.version", i)), v.Version, known)
		}
	}
	return nil
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

// reader turns the form into rules and keeps the first thing that is wrong. What it returns after that means nothing.
type reader struct {
	lines lines
	err   error
}

func (r *reader) fail(at, format string, args ...any) {
	if r.err == nil {
		r.err = bad("line %d: %.120s: %s", r.lines.find(at), at, fmt.Sprintf(format, args...))
	}
}

func (r *reader) rules(f file) Rules {
	if *f.Schema != schema {
		r.fail("schema", "is %d; write %d", *f.Schema, schema)
	}
	if !nameForm.MatchString(*f.Name) {
		r.fail("name", "write 1 to 64 small letters, digits, or ._:/-")
	}
	rules := Rules{
		Name:     *f.Name,
		Schedule: r.schedule(*f.Schedule),
		Length:   emission.Seconds(r.number("epoch", f.Epoch, 1, longestEpoch)),
		First:    usage.Epoch(r.number("first", f.First, 0, mostCount)),
	}
	rules.Start = rules.Schedule.Start
	r.bounded("rules", len(f.Rules), 1)
	if r.err != nil {
		return rules
	}
	if !rules.holds(rules.First) {
		r.fail("first", "it ends after second %d, the last one that a ledger can write", uint64(latest))
	}
	for i, v := range f.Rules {
		at := fmt.Sprintf("rules.%d", i)
		next := r.version(at, v)
		switch {
		case i == 0 && next.From > rules.First:
			r.fail(at+".from", "is %d, after first, %d; an epoch has no rules", next.From, rules.First)
		case i > 0 && next.From <= rules.Versions[i-1].From:
			r.fail(at+".from", "is %d, and the version before it begins at %d; write them in order", next.From, rules.Versions[i-1].From)
		case !rules.holds(next.From):
			r.fail(at+".from", "it ends after second %d, the last one that a ledger can write", uint64(latest))
		}
		if r.err != nil {
			return rules
		}
		rules.Versions = append(rules.Versions, next)
	}
	return rules
}

// holds reports whether a ledger can write the times of an epoch.
func (r *Rules) holds(e usage.Epoch) bool {
	_, to, err := r.Bounds(e)
	return err == nil && to <= latest
}

// schedule has its pools in the order of the buckets.
func (r *reader) schedule(text string) emission.Schedule {
	s := emission.Morpheus()
	if text != builtin {
		var err error
		if s, err = emission.Read([]byte(text)); err != nil {
			r.fail("schedule", "write %q, or the text of a schedule's file: %v", builtin, err)
			return s
		}
	}
	var ordered []emission.Pool
	for _, name := range buckets {
		pool, ok := s.Pool(name)
		if !ok {
			r.fail("schedule", "it has no pool %s", name)
		}
		ordered = append(ordered, pool)
	}
	if len(s.Pools) != len(ordered) {
		r.fail("schedule", "it has %d pools; the buckets are %s", len(s.Pools), strings.Join(buckets[:], ", "))
	}
	s.Pools = ordered
	return s
}

func (r *reader) version(at string, v version) Version {
	if *v.Version != known {
		r.fail(at+".version", "is %d; write %d", *v.Version, known)
	}
	next := Version{
		Number:    known,
		From:      usage.Epoch(r.number(at+".from", v.From, 0, mostCount)),
		Shares:    r.shares(at+".shares", v.Shares),
		Carry:     r.number(at+".carry", v.Carry, 1, mostEpochs),
		Reporters: r.reporters(at+".reporters", v.Reporters),
		Burned:    r.burned(at+".burned", v.Burned),
		Works:     r.works(at+".works", v.Works),
		Tools:     r.use(at+".tools", v.Tools),
		Fronts:    r.use(at+".fronts", v.Fronts),
		Stakes:    StakeRules{Fee: r.fraction(at+".stakes.fee", v.Stakes.Fee)},
		Receipts:  r.receipts(at+".receipts", v.Receipts),
		Yields:    r.yields(at+".yields", v.Yields),
	}
	// A transaction may be a step of a tool and served by a front end, and both earn by what it burned.
	if both := next.Tools.Return + next.Fronts.Return; both >= Whole {
		r.fail(at+".fronts.return", "with tools.return it is %d; write less than %d for both", both, Whole)
	}
	return next
}

func (r *reader) shares(at string, s *shares) (all [Parts]Bps) {
	for part, written := range [Parts]*int64{
		Yields: s.Capital.Yields, Works: s.Code.Works, Tools: s.Code.Tools, Stakes: s.Community.Stakes, Fronts: s.Community.Fronts,
		Receipts: s.Compute.Receipts, Payouts: s.Protection.Payouts,
	} {
		p := Part(part)
		all[p] = r.bps(join(join(at, p.Bucket().String()), p.String()), written, Whole)
	}
	var sums [Buckets]Bps
	for part, share := range all {
		sums[Part(part).Bucket()] += share
	}
	for b, sum := range sums {
		if sum != Whole {
			r.fail(join(at, Bucket(b).String()), "its parts sum to %d basis points; write %d", sum, Whole)
		}
	}
	return all
}

func (r *reader) reporters(at string, written map[string][]string) map[usage.Kind][]common.Address {
	kinds := map[string]usage.Kind{}
	for k := usage.Tool; k <= usage.Payout; k++ {
		kinds[k.String()] = k
	}
	all := map[usage.Kind][]common.Address{}
	for _, name := range slices.Sorted(maps.Keys(written)) {
		kind, ok := kinds[name]
		if !ok {
			r.fail(join(at, name), "is no kind of entry; the kinds are %s", strings.Join(slices.Sorted(maps.Keys(kinds)), ", "))
			return nil
		}
		all[kind] = r.addresses(join(at, name), written[name], 1)
	}
	for _, kind := range believed {
		if len(all[kind]) == 0 {
			r.fail(join(at, kind.String()), "is missing; name those whose word counts, as it would be everybody's")
		}
	}
	return all
}

// believed are the kinds whose entries are the word of their reporter: of two that contradict each other, or say one thing twice, both
// count. So they are never everybody's. A maintainer speaks for itself.
var believed = []usage.Kind{
	usage.Tool, usage.Front,
	usage.Receipt, usage.Audit, usage.Bond, usage.Subnet, usage.Stake, usage.Yield, usage.Deposit, usage.Payout,
}

var chainForm = regexp.MustCompile(`^[1-9][0-9]{0,15}$`)

func (r *reader) burned(at string, written map[string]string) map[uint64]uint256.Int {
	r.bounded(at, len(written), 0)
	all := map[uint64]uint256.Int{}
	for _, id := range slices.Sorted(maps.Keys(written)) {
		chain, err := strconv.ParseUint(id, 10, 64)
		if err != nil || !chainForm.MatchString(id) || chain > mostCount {
			r.fail(join(at, id), "is no chain id; write it in decimal digits, in quotes")
			return nil
		}
		text := written[id]
		all[chain] = r.amount(join(at, id), &text)
	}
	return all
}

func (r *reader) works(at string, w *works) WorkRules {
	rules := WorkRules{
		Maintainers: r.addresses(at+".maintainers", w.Maintainers, 1),
		Grace:       r.number(at+".grace", w.Grace, 0, mostEpochs),
		Most:        r.bps(at+".most", w.Most, Whole),
		Classes:     map[string]Class{},
	}
	rules.Quorum = r.number(at+".quorum", w.Quorum, 1, uint64(len(w.Maintainers)))
	r.bounded(at+".classes", len(w.Classes), 1)
	for _, name := range slices.Sorted(maps.Keys(w.Classes)) {
		path, c := join(at+".classes", name), w.Classes[name]
		if !nameForm.MatchString(name) {
			r.fail(path, "write 1 to 64 small letters, digits, or ._:/-")
		}
		rules.Classes[name] = Class{Most: r.weight(path+".most", c.Most), Epochs: r.number(path+".epochs", c.Epochs, 1, mostEpochs)}
	}
	return rules
}

func (r *reader) use(at string, u *use) UseRules {
	return UseRules{Return: r.bps(at+".return", u.Return, Whole-1), Most: r.bps(at+".most", u.Most, Whole)}
}

func (r *reader) receipts(at string, p *receipts) ReceiptRules {
	return ReceiptRules{
		Return:      r.bps(at+".return", p.Return, Whole-1),
		Bond:        r.bps(at+".bond", p.Bond, Whole),
		LeastAudits: r.number(at+".least_audits", p.LeastAudits, 1, mostAudits),
		LeastPassed: r.bps(at+".least_passed", p.LeastPassed, Whole),
		MostFee:     r.bps(at+".most_fee", p.MostFee, Whole),
		MostIn:      r.amount(at+".most_in", p.MostIn),
		MostOut:     r.amount(at+".most_out", p.MostOut),
	}
}

func (r *reader) yields(at string, y *yields) YieldRules {
	rules := YieldRules{Assets: map[common.Address]bool{}, Most: r.amount(at+".most", y.Most)}
	for _, a := range r.addresses(at+".assets", y.Assets, 0) {
		rules.Assets[a] = true
	}
	r.bounded(at+".tiers", len(y.Tiers), 0)
	for i, t := range y.Tiers {
		path := fmt.Sprintf("%s.tiers.%d", at, i)
		next := multiplier.Tier{From: r.amount(path+".from", t.From), Bonus: r.fraction(path+".bonus", t.Bonus)}
		if i > 0 && !next.From.Gt(&rules.Tiers[i-1].From) {
			r.fail(path+".from", "is not above that of the tier before it; write them in order")
		}
		rules.Tiers = append(rules.Tiers, next)
	}
	return rules
}

// bounded holds how many there are of something.
func (r *reader) bounded(at string, n, least int) {
	if n < least || n > mostListed {
		r.fail(at, "there are %d; write %d to %d", n, least, mostListed)
	}
}

func (r *reader) number(at string, n *int64, least, most uint64) uint64 {
	if *n < 0 || uint64(*n) < least || uint64(*n) > most {
		r.fail(at, "is %d; write %d to %d", *n, least, most)
		return 0
	}
	return uint64(*n)
}

func (r *reader) bps(at string, n *int64, most Bps) Bps { return Bps(r.number(at, n, 0, uint64(most))) }

var (
	nameForm    = regexp.MustCompile(`^[a-z0-9._:/-]{1,64}$`)
	amountForm  = regexp.MustCompile(`^(0|[1-9][0-9]{0,38})$`)
	addressForm = regexp.MustCompile(`^0x[0-9a-fA-F]{40}$`)
)

// amount is a decimal number below 2^128.
func (r *reader) amount(at string, text *string) (a uint256.Int) {
	if !amountForm.MatchString(*text) || a.SetFromDecimal(*text) != nil || a.BitLen() > 128 {
		r.fail(at, "write a decimal number below 2^128, in quotes and without leading zeros")
	}
	return a
}

// fraction is an amount in units of 1e-25, at most the whole.
func (r *reader) fraction(at string, text *string) uint256.Int {
	a := r.amount(at, text)
	if one := multiplier.One(); a.Gt(one) {
		r.fail(at, "is in units of 1e-25; write at most %s", one.Dec())
	}
	return a
}

func (r *reader) weight(at string, text *string) uint256.Int {
	a := r.amount(at, text)
	if a.IsZero() {
		r.fail(at, "what weighs nothing earns nothing; write 1 or more")
	}
	return a
}

// addresses are all different and in their order.
func (r *reader) addresses(at string, written []string, least int) []common.Address {
	r.bounded(at, len(written), least)
	var all []common.Address
	for i, text := range written {
		path := fmt.Sprintf("%s.%d", at, i)
		a := common.HexToAddress(text)
		switch {
		case !addressForm.MatchString(text):
			r.fail(path, "write an address: 0x and 40 hex digits")
		case text != strings.ToLower(text) && text != a.Hex():
			r.fail(path, "the checksum is wrong; copy the address again")
		case a == common.Address{}:
			r.fail(path, "is the zero address")
		case slices.Contains(all, a):
			r.fail(path, "is there twice")
		}
		all = append(all, a)
	}
	return all
}
