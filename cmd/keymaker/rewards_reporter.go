package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/ledger"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/contribution"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

func newReporterCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reporter",
		Short: "The key that signs what was used here",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "init",
			Short: "Make the reporter's key, or show whose it is",
			Long: "Init makes a key that signs segments of the usage ledger and nothing else. It is no account of the wallet: it holds no money,\n" +
				"no chain takes its signatures, and its file, which only you can read, is not encrypted, so that usage is reported while\n" +
				"nobody is there. A key that is there stays.",
			Example: "  keymaker rewards reporter init",
			Args:    cobra.NoArgs,
			RunE:    func(*cobra.Command, []string) error { return runReporter(a, true) },
		},
		&cobra.Command{
			Use:     "show",
			Short:   "Show the reporter's address",
			Example: "  keymaker rewards reporter show --json",
			Args:    cobra.NoArgs,
			RunE:    func(*cobra.Command, []string) error { return runReporter(a, false) },
		},
	)
	return cmd
}

type reporterView struct {
	Schema   int            `json:"schema"`
	Reporter common.Address `json:"reporter"`
	File     string         `json:"file"`
}

func runReporter(a *app, makes bool) error {
	b, err := a.book(bookOptions{})
	if err != nil {
		return err
	}
	open := ledger.OpenKey
	if makes {
		open = func(string) (*ledger.Key, error) { return b.Reporter() }
	}
	key, err := open(b.Key)
	if err != nil {
		return err
	}
	v := reporterView{1, key.Address(), b.Key}
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(v)
	}
	_, err = fmt.Fprintf(a.streams.Out, "reporter %s\nkey in %s\n", v.Reporter, v.File)
	return err
}

type acceptOptions struct {
	book          bookOptions
	contribution  contributionOptions
	class, weight string
}

func newAcceptCmd(a *app) *cobra.Command {
	var o acceptOptions
	cmd := &cobra.Command{
		Use:   "accept COMMIT",
		Short: "Say, as a maintainer, that a contribution counts, and what it weighs",
		Long: "Accept checks whose signature is on a commit or a release, and tells the ledger that the maintainer whose reporter's key is here\n" +
			"accepts it. It counts when the rules list that maintainer and enough of the others say the same in the same epoch.",
		Example: "  keymaker rewards accept HEAD --repo ~/tools --keys contributors.toml --class fix --weight 10",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.contribution.name = args[0]
			v, err := runAccept(cmd.Context(), a, o)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	o.book.flags(cmd, savedLedger)
	cmd.Flags().StringVar(&o.contribution.repo, "repo", ".", "top folder of the git repository")
	cmd.Flags().StringVar(&o.contribution.keys, "keys", "", "list of contributors; - is standard input")
	cmd.Flags().StringVar(&o.contribution.repository, "name", "", "what the ledger calls the repository (default: its folder's name)")
	cmd.Flags().StringVar(&o.class, "class", "", "class of the contribution, as the rules have it")
	cmd.Flags().StringVar(&o.weight, "weight", "", "what it weighs, a whole number")
	for _, needed := range []string{"keys", "class", "weight"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}

type acceptView struct {
	Schema     int            `json:"schema"`
	Repository string         `json:"repository"`
	Commit     string         `json:"commit"`
	Author     common.Address `json:"author"`
	Maintainer common.Address `json:"maintainer"`
	Class      string         `json:"class"`
	Weight     string         `json:"weight"`
	New        bool           `json:"new"`
}

func runAccept(ctx context.Context, a *app, o acceptOptions) (v acceptView, err error) {
	weight, err := uint256.FromDecimal(o.weight)
	if err != nil || weight.BitLen() > 128 {
		return v, refusal.New(refusal.Usage, "--weight %q is no whole number below 2^128", o.weight)
	}
	b, err := a.book(o.book)
	if err != nil {
		return v, err
	}
	now, begun := b.rules.EpochAt(emission.Time(max(time.Now().Unix(), 0)))
	rules := b.rules.At(now)
	if !begun || rules == nil {
		return v, refusal.New(refusal.NoEpoch, "the rules %s do not hold yet", b.rules.Name)
	}
	if _, ok := rules.Works.Classes[o.class]; !ok {
		return v, refusal.New(refusal.Usage, "the rules %s have no class %q of contributions", b.rules.Name, o.class)
	}
	found, err := findContribution(ctx, a.streams.In, o.contribution)
	if err != nil {
		return v, err
	}
	commit, err := hex.DecodeString(string(found.Commit))
	if err != nil || len(commit) != common.AddressLength { // as long as a SHA-1
		return v, refusal.New(refusal.NoContribution, "%s is no id that the ledger can write: it takes those of SHA-1 repositories", found.Commit)
	}
	key, err := b.Reporter()
	if err != nil {
		return v, err
	}
	l, err := b.open(ctx)
	if err != nil {
		return v, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	e := usage.Entry{
		Kind: usage.Work, At: emission.Time(time.Now().Unix()), Ref: usage.Ref(found.Signed[:16]), Place: []byte(found.Repository),
		Earner: found.Address, Other: key.Address(), Name: []byte(o.class), Amount: *weight,
	}
	copy(e.Subject[:], commit)
	v = acceptView{1, found.Repository, string(found.Commit), found.Address, key.Address(), o.class, weight.Dec(), false}
	if told, err := l.Has(ctx, key.Address(), e.Kind, e.Ref); err != nil || told {
		return v, err
	}
	n, err := l.Add(ctx, key.Address(), &e)
	if v.New = n > 0; v.New && !slices.Contains(rules.Works.Maintainers, key.Address()) {
		fmt.Fprintf(a.streams.Err, "the rules %s do not list the maintainer %s, so this counts nothing yet\n", b.rules.Name, key.Address())
	}
	return v, err
}

func findContribution(ctx context.Context, stdin io.Reader, o contributionOptions) (contribution.Contribution, error) {
	text, err := readFile(stdin, o.keys)
	if err != nil {
		return contribution.Contribution{}, err
	}
	by, err := contribution.ReadContributors(text)
	if err != nil {
		return contribution.Contribution{}, err
	}
	r, err := contribution.Open(o.repo, o.repository)
	if err != nil {
		return contribution.Contribution{}, err
	}
	return contribution.Find(ctx, r, o.name, by)
}

func (v acceptView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	if !v.New {
		_, err := fmt.Fprintf(w, "%s of %s was accepted by %s already\n", v.Commit, v.Repository, v.Maintainer)
		return err
	}
	_, err := fmt.Fprintf(w, "accepted %s of %s\n  author      %s\n  maintainer  %s\n  class       %s, weight %s\nsign it with: keymaker rewards ledger report\n",
		v.Commit, v.Repository, v.Author, v.Maintainer, v.Class, v.Weight)
	return err
}
