package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/holiman/uint256"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

func newRewardsCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rewards",
		Short: "Who is paid for what was used, to the wei",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newEmissionCmd(a), newContributionCmd(a), newRewardsSimulateCmd(a))
	cmd.AddCommand(newLedgerCmd(a), newReporterCmd(a), newAcceptCmd(a), newSettleCmd(a), newVerifyCmd(a), newExplainCmd(a))
	cmd.AddCommand(newObserveCmd(a), newCheckCmd(a))
	cmd.AddCommand(newEarnedCmd(a), newClaimCmd(a), newLockCmd(a), newStakeCmd(a), newWithdrawCmd(a), newVoteCmd(a))
	return cmd
}

type emissionOptions struct {
	from, to string
	pool     string
	schedule string
}

func newEmissionCmd(a *app) *cobra.Command {
	var o emissionOptions
	cmd := &cobra.Command{
		Use:   "emission",
		Short: "What each pool is paid between two times",
		Long: "Emission reckons what the pools are paid from the first time on, until just before the second one, rounded as the\n" +
			"contracts round. It asks no network. A time is a date (midnight UTC), a time with an offset (RFC 3339), or unix seconds.\n" +
			"Another schedule is a TOML file: schema = 1, name, start, interval in seconds, perhaps a cap, and for each [[pool]] its\n" +
			"name, kind (decrease with initial and step, halving with initial and every, constant with initial and for) and share\n" +
			"of a [tail]. Amounts are wei, in quotes.",
		Example: "  # what the pools got in their first year\n  keymaker rewards emission --from 2024-02-08T12:00:00Z --to 2025-02-07T12:00:00Z\n" +
			"  # one pool, for a program\n  keymaker rewards emission --from 2026-01-01 --to 2026-02-01 --pool code --json\n" +
			"  # a schedule of your own\n  keymaker rewards emission --from 2030-01-01 --to 2031-01-01 --schedule halving.toml",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			v, err := runEmission(a.streams.In, o)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	cmd.Flags().StringVar(&o.from, "from", "", "first second that counts")
	cmd.Flags().StringVar(&o.to, "to", "", "first second that counts no more")
	cmd.Flags().StringVar(&o.pool, "pool", "", "only this pool")
	cmd.Flags().StringVar(&o.schedule, "schedule", "", "file with another schedule; - is standard input (default: Morpheus's)")
	return cmd
}

// emissionView is what the command prints. Amounts are strings: of wei, and of whole tokens of 18 decimals.
type emissionView struct {
	Schema   int        `json:"schema"`
	Schedule string     `json:"schedule"`
	From     momentView `json:"from"`
	To       momentView `json:"to"`
	Pools    []poolView `json:"pools"`
	Total    paidView   `json:"total"`
}

type momentView struct {
	Unix emission.Time `json:"unix"`
	UTC  string        `json:"utc"`
}

type paidView struct {
	Wei    string `json:"wei"`
	Tokens string `json:"tokens"`
}

type poolView struct {
	Pool string `json:"pool"`
	paidView
}

func runEmission(stdin io.Reader, o emissionOptions) (emissionView, error) {
	from, err := readMoment("--from", o.from)
	if err != nil {
		return emissionView{}, err
	}
	to, err := readMoment("--to", o.to)
	if err != nil {
		return emissionView{}, err
	}
	if from.Unix > to.Unix {
		return emissionView{}, refusal.New(refusal.Usage, "--from %s is after --to %s", from.UTC, to.UTC).WithHint("swap the two times")
	}
	s, err := o.read(stdin)
	if err != nil {
		return emissionView{}, err
	}
	if o.pool != "" {
		if s, err = only(s, o.pool); err != nil {
			return emissionView{}, err
		}
	}
	v := emissionView{Schema: 1, Schedule: s.Name, From: from, To: to}
	each, total := s.Between(from.Unix, to.Unix)
	for _, p := range each {
		v.Pools = append(v.Pools, poolView{p.Pool, paid(p.Wei)})
	}
	v.Total = paid(total)
	return v, nil
}

// read is the schedule that the options name.
func (o emissionOptions) read(stdin io.Reader) (emission.Schedule, error) {
	if o.schedule == "" {
		return emission.Morpheus(), nil
	}
	text, err := readFile(stdin, o.schedule)
	if err != nil {
		return emission.Schedule{}, err
	}
	s, err := emission.Read(text)
	if err != nil {
		return s, refusal.New(refusal.Usage, "%s can't be used", o.schedule).Because(err).
			WithHint("see how a schedule is written with: keymaker rewards emission --help")
	}
	return s, nil
}

// only is the schedule with one pool left.
func only(s emission.Schedule, name string) (emission.Schedule, error) {
	p, ok := s.Pool(name)
	if !ok {
		var names []string
		for _, p := range s.Pools {
			names = append(names, p.Name)
		}
		return s, refusal.New(refusal.Usage, "the schedule %s has no pool %q", s.Name, name).WithHint("its pools are: %s", strings.Join(names, ", "))
	}
	s.Pools = []emission.Pool{p}
	return s, nil
}

func paid(wei uint256.Int) paidView {
	return paidView{wei.Dec(), chain.NewAmount(&wei, chain.Token{Decimals: 18}).Decimal()}
}

// latest is the last second of the year 9999, the last one that RFC 3339 can write.
const latest = 253402300799

// readMoment reads a time as a date, as RFC 3339 or as unix seconds, from 1970 to 9999 and in whole seconds.
func readMoment(flag, text string) (momentView, error) {
	if text == "" {
		return momentView{}, refusal.New(refusal.Usage, "%s is missing", flag).WithHint(timeHint)
	}
	var seconds int64
	var at time.Time
	n, err := strconv.ParseUint(text, 10, 63)
	if err == nil {
		seconds = int64(n)
	} else if at, err = time.Parse(time.DateOnly, text); err == nil {
		seconds = at.Unix()
	} else if err = at.UnmarshalText([]byte(text)); err == nil {
		seconds = at.Unix()
	}
	if err != nil || at.Nanosecond() != 0 {
		return momentView{}, refusal.New(refusal.Usage, "%s %q is no time in whole seconds", flag, text).WithHint(timeHint)
	}
	if seconds < 0 || seconds > latest {
		return momentView{}, refusal.New(refusal.Usage, "%s %q is before 1970 or after 9999", flag, text).WithHint(timeHint)
	}
	return momentOf(emission.Time(seconds)), nil
}

// momentOf is a time until the year 9999.
func momentOf(t emission.Time) momentView {
	return momentView{t, time.Unix(int64(t), 0).UTC().Format(time.RFC3339)}
}

const timeHint = "write a date such as 2026-01-31, a time such as 2026-01-31T12:00:00Z, or unix seconds"

func (v emissionView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	fmt.Fprintf(w, "%s, %s to %s, in whole tokens\n", v.Schedule, v.From.UTC, v.To.UTC)
	names, digits := len("total"), len(whole(v.Total.Tokens))
	for _, p := range v.Pools {
		names = max(names, len(p.Pool))
	}
	for _, p := range append(v.Pools, poolView{"total", v.Total}) {
		pad := strings.Repeat(" ", digits-len(whole(p.Tokens)))
		if _, err := fmt.Fprintf(w, "%-*s  %s%s\n", names, p.Pool, pad, p.Tokens); err != nil {
			return err
		}
	}
	return nil
}

// whole is the part of a decimal number before its point.
func whole(decimal string) string {
	before, _, _ := strings.Cut(decimal, ".")
	return before
}
