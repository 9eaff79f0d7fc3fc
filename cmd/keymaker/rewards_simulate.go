package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/charmbracelet/colorprofile"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/cli/chart"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

type rewardsSimulateOptions struct {
	scenario string
	years    *int64  // nil: the scenario's
	seed     *uint64 // nil: the scenario's
	svg, csv string  // files
}

func newRewardsSimulateCmd(a *app) *cobra.Command {
	var o rewardsSimulateOptions
	var years int64
	var seed uint64
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Play years of rewards, and see who earns and who holds what",
		Long: "Simulate has groups of made-up agents contribute, serve, stake, deposit and try to pay themselves, and pays them by the\n" +
			"real rules and the real emission, epoch by epoch. It asks no network and uses no wallet. The same scenario and seed give\n" +
			"the same result everywhere.\n\n" +
			"A scenario is one that comes with the program (" + strings.Join(simulation.Names(), ", ") + ") or a TOML file;\n" +
			"docs/simulation.md says how one is written. - is standard input.",
		Example: "  # sixteen years in which everybody does what the rewards are for\n  keymaker rewards simulate --years 16 --scenario baseline\n" +
			"  # what it brings to pay oneself\n  keymaker rewards simulate --scenario self-dealing --plain\n" +
			"  # another seed; pictures and numbers for other programs\n  keymaker rewards simulate --scenario whales --seed 7 --svg whales.svg --csv whales.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if cmd.Flags().Changed("years") {
				o.years = &years
			}
			if cmd.Flags().Changed("seed") {
				o.seed = &seed
			}
			return runRewardsSimulate(cmd.Context(), a, o)
		},
	}
	cmd.Flags().StringVar(&o.scenario, "scenario", "baseline", "name of a scenario, or its file")
	cmd.Flags().Int64Var(&years, "years", 0, "years of 365 days (default: the scenario's)")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "number that chance begins with (default: the scenario's)")
	cmd.Flags().StringVar(&o.svg, "svg", "", "write the charts to this file")
	cmd.Flags().StringVar(&o.csv, "csv", "", "write a line for each quarter of a year to this file, amounts in wei")
	return cmd
}

func runRewardsSimulate(ctx context.Context, a *app, o rewardsSimulateOptions) error {
	s, err := o.read(a)
	if err != nil {
		return err
	}
	r, err := a.play(ctx, s)
	if err != nil {
		return err
	}
	if err := o.write(r); err != nil {
		return err
	}
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(r)
	}
	return a.printSimulation(r)
}

// read is the scenario with what the flags change.
func (o rewardsSimulateOptions) read(a *app) (*simulation.Scenario, error) {
	var text []byte
	var err error
	if slices.Contains(simulation.Names(), o.scenario) {
		text, err = simulation.Named(o.scenario)
	} else if text, err = readFile(a.streams.In, o.scenario); err != nil {
		if r, ok := refusal.As(err); ok {
			err = r.WithHint("name a file, or one of %s", strings.Join(simulation.Names(), ", "))
		}
	}
	if err != nil {
		return nil, err
	}
	s, err := simulation.Read(text)
	if err != nil {
		return nil, err
	}
	if o.seed != nil {
		s.Seed = *o.seed
	}
	if o.years != nil {
		err = s.Lasts(*o.years)
	}
	return s, err
}

// play says on a terminal how far it is.
func (a *app) play(ctx context.Context, s *simulation.Scenario) (*simulation.Result, error) {
	if !a.streams.Interactive() {
		return simulation.Run(ctx, s, nil)
	}
	defer fmt.Fprint(a.streams.Err, "\r\033[K")
	shown := uint64(0)
	return simulation.Run(ctx, s, func(done, all uint64) {
		if percent := done * 100 / all; percent != shown {
			shown = percent
			fmt.Fprintf(a.streams.Err, "\r%d of %d epochs", done, all)
		}
	})
}

// write leaves the files that were asked for.
func (o rewardsSimulateOptions) write(r *simulation.Result) error {
	if o.svg != "" {
		var picture bytes.Buffer
		s := r.Scenario
		about := fmt.Sprintf("%s; %d years, rules %s, seed %d", s.About, s.Years, s.Rules.Name, s.Seed)
		if err := chart.SVG(&picture, "Simulated rewards: "+s.Name, about, figures(r)); err != nil {
			return err
		}
		if err := keep("--svg", o.svg, picture.Bytes()); err != nil {
			return err
		}
	}
	if o.csv == "" {
		return nil
	}
	var table bytes.Buffer
	if err := r.WriteCSV(&table); err != nil {
		return err
	}
	return keep("--csv", o.csv, table.Bytes())
}

func keep(flag, path string, text []byte) error {
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return refusal.New(refusal.Usage, "%s can't be written", flag).Because(err).WithHint("name a file in a folder that is there")
	}
	return nil
}

// A chart needs some room; a terminal that is narrower gets the tables alone, and a wide one no wider a chart than can be read.
const (
	narrowest   = 60
	widest      = 120
	pipeWidth   = 80
	chartHeight = 12
)

func (a *app) printSimulation(r *simulation.Result) error {
	width := a.streams.Width()
	if width == 0 {
		width = pipeWidth
	}
	var out bytes.Buffer
	printScenario(&out, r)
	if !a.plain && !a.streams.Accessible() && width >= narrowest {
		color := a.streams.Colors() > colorprofile.ASCII
		for _, f := range figures(r) {
			for _, line := range f.Terminal(chart.Paper{Width: min(width, widest), Height: chartHeight, Color: color}) {
				fmt.Fprintln(&out, line)
			}
			fmt.Fprintln(&out)
		}
	}
	printYears(&out, r)
	printBuckets(&out, r)
	printGroups(&out, r)
	printTails(&out, r)
	printDealings(&out, r)
	w := colorprofile.Writer{Forward: a.streams.Out, Profile: a.streams.Colors()}
	_, err := w.Write(out.Bytes())
	return err
}
