package emission

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/holiman/uint256"
	"github.com/pelletier/go-toml/v2"
)

// Largest is the most bytes that a schedule's file may have.
const Largest = 64 << 10

// ErrSchedule is a file that is no schedule; the error around it says what is wrong where.
var ErrSchedule = errors.New("not a schedule")

const (
	mostPools  = 64
	mostEpochs = 64
	longest    = 1 << 40 // seconds: 34,000 years, above any interval or epoch that means something
)

// file is the form of a schedule. Amounts are decimal strings of wei, as no number of TOML holds them.
type file struct {
	Schema   int       `toml:"schema"`   // 1
	Name     string    `toml:"name"`     // shown with what is paid
	Start    time.Time `toml:"start"`    // with an offset, in whole seconds
	Interval int64     `toml:"interval"` // seconds
	Cap      string    `toml:"cap"`      // optional: the most that the pools may pay in all, without the tail
	Pool     []pool    `toml:"pool"`
	Tail     *tail     `toml:"tail"` // optional
}

type pool struct {
	Name    string `toml:"name"`
	Kind    string `toml:"kind"`    // decrease, halving or constant
	Initial string `toml:"initial"` // of the first interval
	Step    string `toml:"step"`    // decrease: how much less each interval pays
	Every   int64  `toml:"every"`   // halving: after how many intervals
	For     int64  `toml:"for"`     // constant: how many intervals; without it there is no end
	Share   int64  `toml:"share"`   // of the tail
}

type tail struct {
	Intervals int64   `toml:"intervals"` // the length of an epoch
	Epoch     []epoch `toml:"epoch"`     // in order, the first one after the last pool's end
}

type epoch struct {
	Burned      string `toml:"burned"`      // in the epoch before it
	Circulating string `toml:"circulating"` // when it begins
}

// Read reads a schedule strictly: a key that is unknown, missing or out of place, an amount that is no plain decimal number of wei,
// or pools that would pay more than the cap are an ErrSchedule. The package's morpheus.toml shows the form; the other kinds are
//
//	kind = "halving"   with initial and every: the reward halves, rounded down, after every so many intervals
//	kind = "constant"  with initial and, if it ends, for: a number of intervals
//
// and a tail is
//
//	[tail]
//	intervals = 5833                               # the length of an epoch
//	[[tail.epoch]]                                 # the first epoch after the last pool's end; more may follow
//	burned      = "10500000000000000000000000"     # wei, in the epoch before it
//	circulating = "31499999998839372000000000"     # wei, when it begins
func Read(text []byte) (Schedule, error) {
	if len(text) > Largest {
		return Schedule{}, fmt.Errorf("%w: more than %d bytes", ErrSchedule, Largest)
	}
	var f file
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&f); err != nil {
		return Schedule{}, fmt.Errorf("%w: %s", ErrSchedule, fault(err))
	}
	s, err := f.schedule()
	if err != nil {
		return Schedule{}, fmt.Errorf("%w: %w", ErrSchedule, err)
	}
	return s, nil
}

func fault(err error) string {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		row, _ := unknown.Errors[0].Position()
		return fmt.Sprintf("line %d: unknown key %s", row, strings.Join(unknown.Errors[0].Key(), "."))
	}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, _ := at.Position()
		return fmt.Sprintf("line %d: %s", row, strings.TrimPrefix(at.Error(), "toml: "))
	}
	return err.Error()
}

func (f file) schedule() (Schedule, error) {
	switch {
	case f.Schema != 1:
		return Schedule{}, fmt.Errorf("schema is %d, and this version reads 1", f.Schema)
	case !nameForm.MatchString(f.Name):
		return Schedule{}, fmt.Errorf("name %q: %s", f.Name, nameRule)
	case f.Start.Location() == time.Local || f.Start.IsZero(): // TOML's local times have no offset
		return Schedule{}, errors.New("start: write a time with an offset, such as 2024-02-08T12:00:00Z")
	case f.Start.Unix() < 0 || f.Start.Nanosecond() != 0:
		return Schedule{}, errors.New("start: write a whole second after 1970")
	case f.Interval < 1 || f.Interval > longest:
		return Schedule{}, fmt.Errorf("interval: write 1 to %d seconds", int64(longest))
	case len(f.Pool) == 0 || len(f.Pool) > mostPools:
		return Schedule{}, fmt.Errorf("there are %d pools; write 1 to %d", len(f.Pool), mostPools)
	}
	s := Schedule{Name: f.Name, Start: Time(f.Start.Unix())}
	for _, p := range f.Pool {
		c, err := p.curve(Time(f.Start.Unix()), Seconds(f.Interval))
		if err != nil {
			return Schedule{}, fmt.Errorf("pool %q: %w", p.Name, err)
		}
		if _, taken := s.Pool(p.Name); taken {
			return Schedule{}, fmt.Errorf("pool %q: there are two", p.Name)
		}
		s.Pools = append(s.Pools, Pool{p.Name, []Curve{c}})
	}
	if err := f.capped(s); err != nil {
		return Schedule{}, err
	}
	if f.Tail == nil {
		return s, nil
	}
	if err := f.addTail(s); err != nil {
		return Schedule{}, fmt.Errorf("tail: %w", err)
	}
	return s, nil
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,31}$`)

const nameRule = "write 1 to 32 small letters, digits, dots, hyphens or underscores"

func (p pool) curve(start Time, interval Seconds) (Curve, error) {
	if !nameForm.MatchString(p.Name) {
		return nil, errors.New(nameRule)
	}
	if p.Share < 0 || p.Share > 1_000_000 {
		return nil, errors.New("share: write 0 to 1000000")
	}
	initial, err := amount("initial", p.Initial)
	if err != nil {
		return nil, err
	}
	switch p.Kind {
	case "decrease":
		return p.decrease(initial, start, interval)
	case "halving":
		if p.Step != "" || p.For != 0 {
			return nil, errors.New("a halving has initial and every alone")
		}
		if p.Every < 1 {
			return nil, errors.New("every: write after how many intervals the reward halves")
		}
		return NewHalving(initial, uint64(p.Every), start, interval)
	case "constant":
		return p.constant(initial, start, interval)
	default:
		return nil, fmt.Errorf("kind %q: write decrease, halving or constant", p.Kind)
	}
}

func (p pool) decrease(initial *uint256.Int, start Time, interval Seconds) (Curve, error) {
	if p.Every != 0 || p.For != 0 {
		return nil, errors.New("a decrease has initial and step alone")
	}
	step, err := amount("step", p.Step)
	if err != nil {
		return nil, err
	}
	if step.IsZero() {
		return nil, errors.New("step: 0 is no decrease; write kind = \"constant\"")
	}
	return NewDecrease(initial, step, start, interval)
}

func (p pool) constant(initial *uint256.Int, start Time, interval Seconds) (Curve, error) {
	if p.Step != "" || p.Every != 0 {
		return nil, errors.New("a constant has initial and for alone")
	}
	if p.For < 0 {
		return nil, errors.New("for: write how many intervals, or leave it away")
	}
	d, err := NewDecrease(initial, new(uint256.Int), start, interval)
	if err == nil && p.For > 0 {
		d.end = after(start, uint256.NewInt(uint64(p.For)), interval)
	}
	return d, err
}

// capped holds the pools against the cap. What never ends has none.
func (f file) capped(s Schedule) error {
	if f.Cap == "" {
		return nil
	}
	most, err := amount("cap", f.Cap)
	if err != nil {
		return err
	}
	for _, p := range s.Pools {
		if p.End() == Never {
			return fmt.Errorf("pool %q never ends, so that it can't keep the cap", p.Name)
		}
	}
	if paid := s.Lifetime(); paid.Gt(most) {
		return fmt.Errorf("the pools pay %s wei in all, more than the cap of %s", paid.Dec(), most.Dec())
	}
	return nil
}

// addTail appends the epochs, each split by the pools' shares, rounded down. What is burned or circulates must have been paid
// before, so that a tail never brings back more than there was.
func (f file) addTail(s Schedule) error {
	var start Time
	for _, p := range s.Pools {
		start = max(start, p.End())
	}
	shares, err := f.shares()
	switch {
	case err != nil:
		return err
	case start == Never:
		return errors.New("a pool never ends, so that there is nothing after it")
	case f.Tail.Intervals < 1 || f.Tail.Intervals > longest/f.Interval:
		return errors.New("intervals: write how many intervals an epoch has")
	case len(f.Tail.Epoch) == 0 || len(f.Tail.Epoch) > mostEpochs:
		return fmt.Errorf("there are %d epochs; write 1 to %d", len(f.Tail.Epoch), mostEpochs)
	}
	left := s.Lifetime()
	for i, e := range f.Tail.Epoch {
		budget, burned, err := e.budget(&left)
		if err != nil {
			return fmt.Errorf("epoch %d: %w", i+1, err)
		}
		end := after(start, uint256.NewInt(uint64(f.Tail.Intervals)), Seconds(f.Interval))
		if end == Never {
			return fmt.Errorf("epoch %d ends too late", i+1)
		}
		for j, p := range f.Pool {
			share := part(&budget, uint64(p.Share), shares)
			even, err := NewEven(&share, start, end)
			if err != nil {
				return err
			}
			s.Pools[j].curves = append(s.Pools[j].curves, even)
			left.Add(&left, &share)
		}
		left.Sub(&left, burned)
		start = end
	}
	return nil
}

func (f file) shares() (uint64, error) {
	var sum uint64
	for _, p := range f.Pool {
		sum += uint64(p.Share)
	}
	if sum == 0 {
		return 0, errors.New("no pool has a share of it")
	}
	return sum, nil
}

// budget is what the epoch pays, where left was paid and not burned until now.
func (e epoch) budget(left *uint256.Int) (budget uint256.Int, burned *uint256.Int, err error) {
	if burned, err = amount("burned", e.Burned); err != nil {
		return budget, nil, err
	}
	circulating, err := amount("circulating", e.Circulating)
	if err != nil {
		return budget, nil, err
	}
	var both uint256.Int
	if both.Add(burned, circulating); both.Gt(left) {
		return budget, nil, fmt.Errorf("burned and circulating are %s wei together, and there were only %s", both.Dec(), left.Dec())
	}
	budget, err = TailBudget(burned, circulating)
	return budget, burned, err
}

var amountForm = regexp.MustCompile(`^[0-9]{1,39}$`)

func amount(key, text string) (*uint256.Int, error) {
	if !amountForm.MatchString(text) {
		return nil, fmt.Errorf("%s: %q is no amount; write a decimal number of wei, in quotes", key, text)
	}
	a := new(uint256.Int)
	if err := a.SetFromDecimal(text); err != nil {
		return nil, fmt.Errorf("%s: %q: %w", key, text, err)
	}
	if err := fits(a); err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return a, nil
}
