package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/agent/own/learn"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
)

func newLearnCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "What was kept of your corrections: look, take along, forget",
		Long: "Where learn.keep is set in the config, what you say of a reading in doubt is kept on this machine, as ids and common words.\n" +
			"Two agreements to the same words, and no word against them, settle that doubt the next time.",
	}
	var all bool
	forget := &cobra.Command{
		Use:     "forget [ID]",
		Short:   "Delete an example, or all of them",
		Example: "  keymaker learn forget 3\n  keymaker learn forget --all",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if all == (len(args) == 1) {
				return refusal.New(refusal.Usage, "give the number of an example, or --all").WithHint("see them with: keymaker learn list")
			}
			return a.learned(func(k *opened) error { return runForget(cmd.Context(), k, args) })
		},
	}
	forget.Flags().BoolVar(&all, "all", false, "delete all of them")
	cmd.AddCommand(
		&cobra.Command{
			Use:     "list",
			Short:   "List the examples that were kept",
			Example: "  keymaker learn list\n  keymaker learn list --json",
			Args:    cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return a.learned(func(k *opened) error { return runExamples(cmd.Context(), k) })
			},
		},
		&cobra.Command{
			Use:   "export",
			Short: "Print what you agreed to as lines of JSON, in the form that the planner is trained with",
			Long: "Export prints a line of JSON for each prompt that you agreed to one answer of, and never to another or against it. Nothing\n" +
				"is sent anywhere.",
			Example: "  keymaker learn export > corrections.jsonl",
			Args:    cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				return a.learned(func(k *opened) error { return runExport(cmd.Context(), k) })
			},
		},
		forget,
	)
	return cmd
}

// learned does something with the examples of an opened agent.
func (a *app) learned(do func(*opened) error) error {
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	return errors.Join(do(k), k.Close())
}

type exampleLine struct {
	Schema int `json:"schema"`
	keymaker.Example
}

func runExamples(ctx context.Context, k *opened) error {
	examples, err := k.Examples(ctx)
	if err != nil {
		return err
	}
	out := k.app.streams.Out
	if k.app.json {
		for _, e := range examples {
			if err := json.NewEncoder(out).Encode(exampleLine{1, e}); err != nil {
				return err
			}
		}
		return nil
	}
	if !k.Learns() {
		fmt.Fprintln(k.app.streams.Err, "nothing is kept or used: learn.keep is not set in the config")
	}
	for _, e := range examples {
		said := "meant"
		if !e.Meant {
			said = "not meant"
		}
		at := e.At.Local().Format(time.DateTime)
		fmt.Fprintf(out, "%-4d %s  %-9s %s\n     %s\n", e.ID, at, said, cli.Sanitize(e.Prompt), cli.Sanitize(strings.Join(e.Answer, " ")))
	}
	return nil
}

type trainingLine struct {
	Schema int      `json:"schema"`
	Prompt string   `json:"prompt"`
	Answer []string `json:"answer"`
	Agreed int      `json:"agreed"`
}

func runExport(ctx context.Context, k *opened) error {
	examples, err := k.Examples(ctx)
	if err != nil {
		return err
	}
	for _, l := range learn.Agreements(examples) {
		if err := json.NewEncoder(k.app.streams.Out).Encode(trainingLine{1, l.Prompt, l.Answer, l.Times}); err != nil {
			return err
		}
	}
	return nil
}

type forgottenView struct {
	Schema    int   `json:"schema"`
	Forgotten int64 `json:"forgotten"`
}

func runForget(ctx context.Context, k *opened, args []string) error {
	n, err := forgetSome(ctx, k, args)
	if err != nil {
		return err
	}
	if k.app.json {
		return json.NewEncoder(k.app.streams.Out).Encode(forgottenView{1, n})
	}
	_, err = fmt.Fprintf(k.app.streams.Out, "forgotten: %d\n", n)
	return err
}

func forgetSome(ctx context.Context, k *opened, args []string) (int64, error) {
	if len(args) == 0 {
		return k.ForgetExamples(ctx)
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return 0, refusal.New(refusal.Usage, "%q is no number of an example", args[0]).WithHint("see them with: keymaker learn list")
	}
	there, err := k.ForgetExample(ctx, id)
	if err == nil && !there {
		return 0, refusal.New(refusal.Usage, "there is no example %d", id).WithHint("see them with: keymaker learn list")
	}
	return 1, err
}
