package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
)

func newContractsCmd(a *app) *cobra.Command {
	var dir string
	cmd := &cobra.Command{Use: "contracts", Short: "The third-party contracts of the embedded chains"}
	fetch := &cobra.Command{
		Use:   "fetch",
		Short: "Fetch the contract artifacts from npm by exact version and checksum",
		Long: "Fetch downloads each package with npm, checks its sha512, and keeps only the JSON that the embedded chains need,\n" +
			"in the user's cache folder. It does nothing where they are there already.",
		Example: "  # fetch what is missing\n  keymaker contracts fetch\n  # into another folder\n  keymaker contracts fetch --dir /tmp/artifacts",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return artifacts.Fetch(cmd.Context(), dir, func(line string) { fmt.Fprintln(a.streams.Err, line) })
		},
	}
	fetch.Flags().StringVar(&dir, "dir", "", "folder to keep them in (default: the user's cache)")
	cmd.AddCommand(fetch)
	return cmd
}
