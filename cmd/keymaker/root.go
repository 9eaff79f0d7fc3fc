package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"charm.land/fang/v2"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// app is what all commands share: the streams, the global flags, and a hook for tests that kill the program.
type app struct {
	streams *cli.Streams
	hook    func(wallet.Point)

	home         string
	network      string
	account      string
	passwordFile string
	json         bool
	plain        bool
	verbose      bool
}

// run is the whole program: it returns the exit code. An interrupt ends the context; what was sent is kept. A second one ends
// the program at once, which loses nothing either.
func run(args []string, streams *cli.Streams, hook func(wallet.Point)) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a := &app{streams: streams, hook: hook}
	root := newRootCmd(a)
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := a.execute(ctx, root)
	if err == nil {
		return 0
	}
	var reported *reportedError
	if !errors.As(err, &reported) {
		a.report(err)
	}
	return cli.ExitCode(err)
}

// execute lets fang style the help, and keeps the errors of commands from it: to style one, fang asks the terminal for its
// colours, and the answer would stand in the user's next prompt.
func (a *app) execute(ctx context.Context, root *cobra.Command) error {
	var failed error
	keepErrors(root, &failed)
	err := fang.Execute(ctx, root, fang.WithVersion(buildVersion()), fang.WithErrorHandler(func(io.Writer, fang.Styles, error) {}))
	if err != nil {
		return refusal.New(refusal.Usage, "%v", err)
	}
	return failed
}

func keepErrors(cmd *cobra.Command, failed *error) {
	for _, sub := range cmd.Commands() {
		keepErrors(sub, failed)
	}
	work := cmd.RunE
	if work == nil {
		return
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		*failed = work(cmd, args)
		return nil
	}
}

// reportedError has been shown by a front end already.
type reportedError struct{ error }

func (e *reportedError) Unwrap() error { return e.error }

func (a *app) report(err error) {
	if a.json {
		cli.PrintErrorJSON(a.streams.Err, err)
		return
	}
	cli.PrintError(a.streams.Err, err)
}

func newRootCmd(a *app) *cobra.Command {
	var dry dryOptions
	root := &cobra.Command{
		Use:   "keymaker",
		Short: "A DeFi agent that runs on your machine and signs only what you saw",
		Long: "Keymaker reads what you want, finds the way, runs the exact transactions on a fork, shows what would change,\n" +
			"and signs with a local key what you approved. Without arguments it opens the terminal UI.",
		Example: "  # talk to it\n  keymaker\n  # one request on a plain terminal\n  keymaker run \"swap 100 USDC to ETH\"\n  # try it on embedded chains, with throw-away money\n  keymaker demo\n" +
			"  # talk to it without signing anything: each request sees what the ones before it did\n  keymaker --dry-run",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return runTUI(cmd.Context(), a, dry) },
	}
	dry.flags(root.Flags())
	f := root.PersistentFlags()
	f.StringVar(&a.home, "home", "", "folder for config and data (default: the XDG folders)")
	f.StringVarP(&a.network, "network", "n", "", "network to use where the sentence names none")
	f.StringVar(&a.account, "account", "", "address of the account to use")
	f.StringVar(&a.passwordFile, "password-file", "", "read the wallet's password from a file that only you can read")
	f.BoolVar(&a.json, "json", false, "print events or results as JSON, one a line")
	f.BoolVar(&a.plain, "plain", false, "append-only text: for screen readers and logs")
	f.BoolVarP(&a.verbose, "verbose", "v", false, "tell on standard error what is done; keys and tokens of endpoints are left out")
	f.BoolVar(&a.streams.NoInput, "no-input", false, "never ask; refuse instead")
	root.AddCommand(
		newRunCmd(a), newPlanCmd(a), newEvalCmd(a),
		newBalanceCmd(a), newQuoteCmd(a), newSimulateCmd(a), newSendCmd(a), newApproveCmd(a), newHistoryCmd(a), newResumeCmd(a),
		newInitCmd(a), newDoctorCmd(a), newWalletCmd(a), newPolicyCmd(a), newConfigCmd(a), newModelCmd(a), newContactsCmd(a), newLearnCmd(a),
		newForkCmd(a), newDevnetCmd(a), newDemoCmd(a), newContractsCmd(a), newMarketCmd(a), newRewardsCmd(a), newBenchCmd(a), newVersionCmd(a),
	)
	return root
}
