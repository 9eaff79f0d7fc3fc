package simulation

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
)

// WriteCSV writes a line for each period, with a header. Amounts are in wei; Gini is in millionths.
func (r *Result) WriteCSV(w io.Writer) error {
	c := csv.NewWriter(w)
	head := []string{"day", "until", "epoch"}
	for _, of := range []string{"emitted", "paid", "carried"} {
		for b := range rules.Buckets {
			head = append(head, of+"_"+b.String())
		}
	}
	head = append(head, "minted", "burned", "supply", "circulating", "locked", "bound", "market", "agents", "gini_millionths", "nakamoto")
	for _, of := range []string{"earned", "held"} {
		for _, g := range r.Scenario.Groups {
			head = append(head, of+"_"+strings.ReplaceAll(g.Name, " ", "_"))
		}
	}
	_ = c.Write(head) // Error tells
	for i := range r.Periods {
		_ = c.Write(r.Periods[i].row())
	}
	c.Flush()
	return c.Error()
}

func (p *Period) row() []string {
	row := []string{fmt.Sprint(p.Day), moment(p.Until), fmt.Sprint(p.Epoch)}
	wei := func(amounts ...uint256.Int) {
		for i := range amounts {
			row = append(row, amounts[i].Dec())
		}
	}
	wei(p.Emitted[:]...)
	wei(p.Paid[:]...)
	wei(p.Carried[:]...)
	wei(p.Minted, p.Burned, p.Supply, p.Circulating(), p.Locked, p.Bound, p.Market)
	row = append(row, fmt.Sprint(p.Agents), fmt.Sprint(p.Concentration.Gini), fmt.Sprint(p.Concentration.Nakamoto))
	wei(p.Earned...)
	wei(p.Held...)
	return row
}

func moment(t emission.Time) string { return time.Unix(int64(t), 0).UTC().Format(time.RFC3339) }

// The form of the JSON. Amounts are strings of wei.
type (
	resultView struct {
		Schema   int           `json:"schema"`
		Scenario scenarioView  `json:"scenario"`
		Epochs   uint64        `json:"epochs"`
		Entries  uint64        `json:"entries"`
		Groups   []groupView   `json:"groups"`
		Periods  []periodView  `json:"periods"`
		Tails    []tailView    `json:"tails"`
		Dealings []dealingView `json:"dealings"`
	}
	scenarioView struct {
		Name   string           `json:"name"`
		About  string           `json:"about"`
		Rules  string           `json:"rules"`
		Length emission.Seconds `json:"epoch_seconds"`
		Years  uint64           `json:"years"`
		Seed   uint64           `json:"seed"`
		Tail   bool             `json:"tail"`
	}
	groupView struct {
		Name   string `json:"name"`
		Does   string `json:"does"`
		Agents uint64 `json:"agents"`
		Itself bool   `json:"itself"`
		Earned string `json:"earned"`
		Held   string `json:"held"`
	}
	bucketsView struct {
		Capital    string `json:"capital"`
		Code       string `json:"code"`
		Community  string `json:"community"`
		Compute    string `json:"compute"`
		Protection string `json:"protection"`
	}
	periodView struct {
		Day         uint64      `json:"day"`
		Until       string      `json:"until"`
		Epoch       uint64      `json:"epoch"`
		Emitted     bucketsView `json:"emitted"`
		Paid        bucketsView `json:"paid"`
		Carried     bucketsView `json:"carried"`
		Minted      string      `json:"minted"`
		Burned      string      `json:"burned"`
		Supply      string      `json:"supply"`
		Circulating string      `json:"circulating"`
		Locked      string      `json:"locked"`
		Bound       string      `json:"bound"`
		Market      string      `json:"market"`
		Agents      uint64      `json:"agents"`
		Gini        uint64      `json:"gini_millionths"`
		Nakamoto    uint64      `json:"nakamoto"`
		Earned      []string    `json:"earned"` // by group
		Held        []string    `json:"held"`
	}
	tailView struct {
		From        string `json:"from"`
		Burned      string `json:"burned"`
		Circulating string `json:"circulating"`
		Budget      string `json:"budget"`
	}
	dealingView struct {
		Group   string `json:"group"`
		Part    string `json:"part"`
		Spent   string `json:"spent"`
		Earned  string `json:"earned"`
		Without string `json:"without"`
		Gain    string `json:"gain"` // with a minus where it is a loss
		Twin    string `json:"twin"`
		Honest  string `json:"honest"`
		Bound   string `json:"bound"`
	}
)

// MarshalJSON writes all of the result, with amounts as strings of wei.
func (r *Result) MarshalJSON() ([]byte, error) {
	s := r.Scenario
	v := resultView{
		Schema: 1, Scenario: scenarioView{s.Name, s.About, s.Rules.Name, s.Rules.Length, s.Years, s.Seed, s.Tail},
		Epochs: r.Epochs, Entries: r.Entries, Tails: []tailView{}, Dealings: []dealingView{},
	}
	last := r.Periods[len(r.Periods)-1]
	for i, g := range s.Groups {
		v.Groups = append(v.Groups, groupView{g.Name, g.Does(), g.Agents, g.Itself, last.Earned[i].Dec(), last.Held[i].Dec()})
	}
	for i := range r.Periods {
		p := &r.Periods[i]
		circulating := p.Circulating()
		v.Periods = append(v.Periods, periodView{
			Day: p.Day, Until: moment(p.Until), Epoch: uint64(p.Epoch), Emitted: byBucket(&p.Emitted), Paid: byBucket(&p.Paid), Carried: byBucket(&p.Carried),
			Minted: p.Minted.Dec(), Burned: p.Burned.Dec(), Supply: p.Supply.Dec(), Circulating: circulating.Dec(), Locked: p.Locked.Dec(),
			Bound: p.Bound.Dec(), Market: p.Market.Dec(), Agents: p.Agents, Gini: p.Concentration.Gini, Nakamoto: p.Concentration.Nakamoto,
			Earned: texts(p.Earned), Held: texts(p.Held),
		})
	}
	for _, t := range r.Tails {
		v.Tails = append(v.Tails, tailView{moment(t.From), t.Burned.Dec(), t.Circulating.Dec(), t.Budget.Dec()})
	}
	for _, d := range r.Dealings {
		gain, negative := d.Gain()
		text := gain.Dec()
		if negative {
			text = "-" + text
		}
		v.Dealings = append(v.Dealings, dealingView{
			d.Group, d.Part.String(), d.Spent.Dec(), d.Earned.Dec(), d.Without.Dec(), text, d.Twin, d.Honest.Dec(), d.Bound,
		})
	}
	return json.Marshal(v)
}

func byBucket(a *[rules.Buckets]uint256.Int) bucketsView {
	return bucketsView{
		a[rules.Capital].Dec(), a[rules.Code].Dec(), a[rules.Community].Dec(), a[rules.Compute].Dec(), a[rules.Protection].Dec(),
	}
}

func texts(amounts []uint256.Int) (all []string) {
	for i := range amounts {
		all = append(all, amounts[i].Dec())
	}
	return all
}
