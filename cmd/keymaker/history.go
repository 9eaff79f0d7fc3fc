package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/store"
)

type historyOptions struct{ limit int }

func newHistoryCmd(a *app) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:     "history",
		Short:   "List what was asked, what came of it, and what was sent",
		Example: "  keymaker history\n  keymaker history --limit 100 --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runHistory(cmd.Context(), a, o) },
	}
	cmd.Flags().IntVar(&o.limit, "limit", 20, "how many of the newest")
	return cmd
}

func runHistory(ctx context.Context, a *app, o historyOptions) (err error) {
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Close()) }()
	entries, err := k.History(ctx, o.limit)
	if err != nil {
		return err
	}
	if a.json {
		for _, e := range entries {
			if err := json.NewEncoder(a.streams.Out).Encode(historyLine{1, e}); err != nil {
				return err
			}
		}
		return nil
	}
	if len(entries) == 0 {
		fmt.Fprintln(a.streams.Err, "nothing was asked yet")
	}
	for _, e := range entries {
		printEntry(a.streams.Out, e)
	}
	return nil
}

type historyLine struct {
	Schema int `json:"schema"`
	store.Entry
}

func printEntry(w io.Writer, e store.Entry) {
	outcome := e.Outcome
	switch {
	case outcome == "":
		outcome = "not finished"
	case e.Reason != "":
		outcome += ": " + e.Reason
	}
	kind := ""
	if e.DryRun {
		kind = "dry run, "
	}
	fmt.Fprintf(w, "%s  %s\n  %s%s\n", e.Started.Local().Format(time.DateTime), cli.Sanitize(e.Words), kind, outcome)
	for _, t := range e.Sent {
		fmt.Fprintf(w, "  %-9s %s  %s\n", t.State, t.Hash, cli.Sanitize(t.Title))
	}
}

func newResumeCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "resume",
		Short: "Bring to an end what an earlier run left open",
		Long: "Resume looks for transactions whose outcome is not known. What was signed is sent again as the same bytes; what was\n" +
			"approved and not signed is signed if the approval still holds. It is done before every run, too.",
		Example: "  keymaker resume\n  keymaker resume --password-file ~/.keymaker-password",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			k, err := a.open(modelOptions{})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, k.Close()) }()
			front, _ := k.front()
			return k.resume(cmd.Context(), front)
		},
	}
}
