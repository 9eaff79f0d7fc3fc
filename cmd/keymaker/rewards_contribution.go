package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/rewards/contribution"
)

type contributionOptions struct {
	name       string
	repo, keys string
	repository string
}

func newContributionCmd(a *app) *cobra.Command {
	var o contributionOptions
	cmd := &cobra.Command{
		Use:   "contribution COMMIT",
		Short: "Whose signature is on a commit or a release",
		Long: "Contribution reads a commit, or an annotated tag of one, checks its SSH signature itself, and tells which contributor's key\n" +
			"made it. COMMIT is an id, or a name that git knows. What it weighs is not said here: maintainers say that.\n\n" +
			"The list of contributors is a TOML file: for each [[contributor]] a key, as the file KEY.pub has it, and an address.",
		Example: "  # the newest commit of the repository here\n  keymaker rewards contribution HEAD --keys contributors.toml\n" +
			"  # a release, for a program\n  keymaker rewards contribution v1.0 --repo ~/tools --keys contributors.toml --json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			v, err := runContribution(cmd.Context(), a.streams.In, o)
			if err != nil {
				return err
			}
			return v.print(a.streams.Out, a.json)
		},
	}
	cmd.Flags().StringVar(&o.repo, "repo", ".", "top folder of the git repository")
	cmd.Flags().StringVar(&o.keys, "keys", "", "list of contributors; - is standard input")
	cmd.Flags().StringVar(&o.repository, "name", "", "what a ledger calls the repository (default: its folder's name)")
	_ = cmd.MarkFlagRequired("keys")
	return cmd
}

// contributionView is what the command prints. Signed is the SHA-256 of what was signed: one contribution, whatever its object's id.
type contributionView struct {
	Schema     int        `json:"schema"`
	Repository string     `json:"repository"`
	Commit     string     `json:"commit"`
	Tag        string     `json:"tag,omitempty"`
	Address    string     `json:"address"`
	Key        string     `json:"key"`
	Time       momentView `json:"time"`
	Merge      bool       `json:"merge"`
	Signed     string     `json:"signed"`
}

func runContribution(ctx context.Context, stdin io.Reader, o contributionOptions) (contributionView, error) {
	text, err := readFile(stdin, o.keys)
	if err != nil {
		return contributionView{}, err
	}
	by, err := contribution.ReadContributors(text)
	if err != nil {
		return contributionView{}, err
	}
	r, err := contribution.Open(o.repo, o.repository)
	if err != nil {
		return contributionView{}, err
	}
	c, err := contribution.Find(ctx, r, o.name, by)
	if err != nil {
		return contributionView{}, err
	}
	return contributionView{
		1, c.Repository, string(c.Commit), c.Tag, c.Address.Hex(), c.Fingerprint, momentOf(c.Time), c.Merge, hex.EncodeToString(c.Signed[:]),
	}, nil
}

func (v contributionView) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(v)
	}
	what := "commit"
	if v.Merge {
		what = "merge"
	}
	if v.Tag != "" {
		what = "release " + v.Tag + ", " + what
	}
	_, err := fmt.Fprintf(w, "%s %s of %s\n  signed by  %s\n  with key   %s\n  time       %s, as it says itself\n",
		what, v.Commit, v.Repository, v.Address, v.Key, v.Time.UTC)
	return err
}
