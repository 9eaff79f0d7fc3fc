package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/wallet"
)

func newConfigCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "config", Short: "Where the config is, and what it says"}
	cmd.AddCommand(
		&cobra.Command{
			Use:     "path",
			Short:   "Print the folders and files in use",
			Example: "  keymaker config path\n  keymaker config path --json",
			Args:    cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				p, err := a.paths()
				if err != nil {
					return err
				}
				if a.json {
					return json.NewEncoder(a.streams.Out).Encode(p)
				}
				fmt.Fprintf(a.streams.Out, "config  %s\ndata    %s\ncache   %s\nstate   %s\n", p.ConfigFile, p.DataDir, p.CacheDir, p.StateDir)
				return nil
			},
		},
		&cobra.Command{
			Use:     "show",
			Short:   "Print the config in use, with its comments, and the networks",
			Example: "  keymaker config show\n  keymaker config show --network base",
			Args:    cobra.NoArgs,
			RunE:    func(*cobra.Command, []string) error { return showConfig(a) },
		},
		&cobra.Command{
			Use:     "set KEY VALUE",
			Short:   "Set what counts where a request names none: network, or money",
			Example: "  # requests that name no network mean this one\n  keymaker config set network base\n  # buy and sell are paid in this token\n  keymaker config set money DAI",
			Args:    cobra.ExactArgs(2),
			RunE: func(_ *cobra.Command, args []string) error {
				p, err := a.paths()
				if err != nil {
					return err
				}
				if err := config.SetDefault(p.ConfigFile, args[0], args[1]); err != nil {
					return err
				}
				fmt.Fprintf(a.streams.Out, "%s  %s\n", args[0], cli.Sanitize(args[1]))
				return nil
			},
		},
		&cobra.Command{
			Use:     "keys",
			Short:   "Print every key that can be set",
			Example: "  keymaker config keys",
			Args:    cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				_, err := fmt.Fprint(a.streams.Out, config.Table())
				return err
			},
		},
	)
	return cmd
}

func showConfig(a *app) error {
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	defer k.Close()
	w := a.streams.Out
	for _, n := range k.World().Networks {
		mark := " "
		if n.Key == k.World().Default {
			mark = "*"
		}
		fmt.Fprintf(w, "%s %-12s chain %-8d %d tokens  %s\n", mark, n.Key, n.ChainID, len(k.World().Tokens.All(n.ChainID)), n.Name)
	}
	p, err := a.paths()
	if err != nil {
		return err
	}
	text, err := os.ReadFile(p.ConfigFile)
	if os.IsNotExist(err) {
		fmt.Fprintln(w, "\nno config file: the defaults count; write one with: keymaker init")
		return nil
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "\n%s", text)
	return err
}

func newPolicyCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "policy", Short: "What may be signed"}
	cmd.AddCommand(
		&cobra.Command{
			Use:     "show",
			Short:   "Print the policy in use",
			Example: "  keymaker policy show",
			Args:    cobra.NoArgs,
			RunE: func(*cobra.Command, []string) error {
				k, err := a.open(modelOptions{})
				if err != nil {
					return err
				}
				defer k.Close()
				enc := json.NewEncoder(a.streams.Out)
				enc.SetIndent("", "  ")
				return enc.Encode(k.Policy())
			},
		},
		&cobra.Command{
			Use:     "check FILE",
			Short:   "Load a policy file and say whether it is valid",
			Example: "  keymaker policy check ./policy.json",
			Args:    cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				if _, err := wallet.LoadPolicy(args[0]); err != nil {
					return err
				}
				fmt.Fprintln(a.streams.Out, "valid")
				return nil
			},
		},
	)
	return cmd
}
