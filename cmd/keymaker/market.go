package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/rewards/market"
)

func newMarketCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "market", Short: "What the price of a token did"}
	cmd.AddCommand(newMarketStudyCmd(a), newMarketHistoryCmd(a))
	return cmd
}

type studyOptions struct {
	file, event, market         string
	estimation, window, returns string
}

func newMarketStudyCmd(a *app) *cobra.Command {
	var o studyOptions
	cmd := &cobra.Command{
		Use:   "study FILE",
		Short: "Measure what an event did to the price of a token",
		Long: "Study fits a model of normal returns before an event, and shows by how much the returns around it differ (AR), and their\n" +
			"sum (CAR), with standard errors, t and p. With --market the model is a line on the market's returns; without, the mean.\n\n" +
			"FILE is a CSV of two columns, date and price, oldest first, without gaps; the first line may be a header. Dates are\n" +
			"2026-01-31 or unix seconds. FILE or --market may be -, which is standard input. Windows count steps of FILE from the event.\n" +
			"Market history writes such a file from a pool on the chain.",
		Example: "  # the 21 days around an event, against the 110 before them\n  keymaker market study token.csv --event 2026-01-09 --market index.csv\n" +
			"  # the day itself and the next, for a program\n  keymaker market study token.csv --event 2026-01-09 --window 0:1 --json",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			o.file = args[0]
			return runStudy(a, o)
		},
	}
	cmd.Flags().StringVar(&o.event, "event", "", "day 0: a date or unix seconds, as FILE has them")
	cmd.Flags().StringVar(&o.market, "market", "", "CSV of the market's index, at the same times")
	cmd.Flags().StringVar(&o.estimation, "estimation", "-120:-11", "first and last day that the model is fitted on")
	cmd.Flags().StringVar(&o.window, "window", "-10:10", "first and last day that is measured")
	cmd.Flags().StringVar(&o.returns, "returns", "log", "log, which add up over days, or simple")
	_ = cmd.MarkFlagRequired("event")
	return cmd
}

type studyView struct {
	Schema int           `json:"schema"`
	Study  *market.Study `json:"study"`
}

func runStudy(a *app, o studyOptions) error {
	design, err := o.design()
	if err != nil {
		return err
	}
	token, err := readSeries(a, o.file)
	if err != nil {
		return err
	}
	var index *market.Series
	if o.market != "" {
		read, err := readSeries(a, o.market)
		if err != nil {
			return err
		}
		index = &read
	}
	study, err := market.Measure(token, index, design)
	if err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(studyView{1, study})
	}
	width := a.streams.Width()
	printStudy(a.streams.Out, study, !a.plain && !a.streams.Accessible() && (width == 0 || width >= tableWidth+barWidth))
	return nil
}

func (o studyOptions) design() (d market.Design, err error) {
	if d.Event, err = market.ParseTime(o.event); err != nil {
		return d, err
	}
	if d.Estimation, err = market.ParseWindow(o.estimation); err != nil {
		return d, err
	}
	if d.Window, err = market.ParseWindow(o.window); err != nil {
		return d, err
	}
	d.Returns, err = market.ParseReturns(o.returns)
	return d, err
}

func readSeries(a *app, name string) (market.Series, error) {
	text, err := readFile(a.streams.In, name)
	if err != nil {
		return market.Series{}, err
	}
	return market.Parse(name, text)
}

// printStudy writes the table, with a chart of the CAR beside it where that can be seen.
func printStudy(out io.Writer, s *market.Study, chart bool) {
	f := s.Fit
	fmt.Fprintf(out, "%s model, %s returns, fitted on %d of them (day %d to %d, %s to %s)\n",
		s.Model, s.Returns, f.N, f.From, f.To, moment(f.Start), moment(f.End))
	printEstimate(out, "alpha", f.Alpha)
	if f.Beta != nil {
		printEstimate(out, "beta", *f.Beta)
	}
	if f.R2 != nil {
		fmt.Fprintf(out, "  R²     %9.6f\n", *f.R2)
	}
	fmt.Fprintf(out, "  sigma  %9.6f  %d degrees of freedom\n\n", f.Sigma, f.DF)

	wide := len(moment(s.Event))
	fmt.Fprintf(out, "%5s %-*s %8s %7s %8s %7s %7s %7s\n", "day", wide, "date", "AR %", "t", "CAR %", "se %", "t", "p")
	bars := drawBars(s.Days)
	for i, d := range s.Days {
		line := fmt.Sprintf("%5d %-*s %8.2f %7s %8.2f %7.2f %7s %7s", d.Day, wide, moment(d.Date),
			100*d.Abnormal.Value, maybe("%.2f", d.Abnormal.T), 100*d.CAR.Value, 100*d.CAR.SE, maybe("%.2f", d.CAR.T), probability(d.CAR.P))
		if chart {
			line += "  " + bars[i]
		}
		fmt.Fprintln(out, strings.TrimRight(line, " "))
	}
	car := s.CAR()
	fmt.Fprintf(out, "\nCAR of day %d to %d: %+.2f %%, standard error %.2f %%, t %s, p %s\n",
		s.Window.From, s.Window.To, 100*car.Value, 100*car.SE, maybe("%.2f", car.T), probability(car.P))
	fmt.Fprintln(out, "t and p take the noise for normal, independent and of one size; prices of tokens have fatter tails, so doubt a small p")
}

func printEstimate(out io.Writer, name string, e market.Estimate) {
	fmt.Fprintf(out, "  %-5s  %9.6f  se %.6f  t %s  p %s\n", name, e.Value, e.SE, maybe("%.2f", e.T), probability(e.P))
}

// maybe is a number, or a dash where there is none.
func maybe(format string, v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf(format, *v)
}

// probability is never written as none.
func probability(p *float64) string {
	if p != nil && *p < 0.0001 {
		return "<0.0001"
	}
	return maybe("%.4f", p)
}

// moment is a date, with its time unless that is midnight.
func moment(t time.Time) string {
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format(time.DateTime)
}

// A table of days leaves a terminal of 80 columns that much for the chart.
const (
	tableWidth = 68
	barWidth   = 12
)

// drawBars draws the CAR of each day from a common zero.
func drawBars(days []market.Day) []string {
	low, high := 0.0, 0.0
	for _, d := range days {
		low, high = min(low, d.CAR.Value), max(high, d.CAR.Value)
	}
	column := func(v float64) int {
		if high == low {
			return 0
		}
		return int(math.Round((v - low) / (high - low) * (barWidth - 1)))
	}
	zero := column(0)
	bars := make([]string, 0, len(days))
	for _, d := range days {
		cells := []rune(strings.Repeat(" ", barWidth))
		end := column(d.CAR.Value)
		for c := min(zero, end); c <= max(zero, end); c++ {
			cells[c] = '█'
		}
		cells[zero] = '│'
		bars = append(bars, strings.TrimRight(string(cells), " "))
	}
	return bars
}
