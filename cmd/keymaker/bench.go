package main

import "github.com/spf13/cobra"

func newBenchCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure parts of the program on files, without a network or a wallet",
		Example: "  # how good and how fast routes are on a snapshot of pools\n  keymaker bench route --pools pools.ndjson.gz --cases cases.ndjson\n" +
			"  # one line a case, for other programs\n  keymaker bench route --pools pools.ndjson.gz --cases cases.ndjson --json",
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(newBenchRouteCmd(a))
	return cmd
}
