package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
)

// These commands need no model and no grammar: their arguments are the typed intent.

func newBalanceCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "balance [TOKEN]",
		Short:   "Show what the account holds",
		Example: "  keymaker balance\n  keymaker balance USDC --network devnet-l2",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.do(cmd.Context(), dryOptions{run: true}, "balance "+strings.Join(args, " "), func(k *opened, n chain.Network) (intents.Intent, error) {
				in := intents.Intent{Action: intents.Balance}
				if len(args) == 0 {
					return in, nil
				}
				t, err := k.token(n, args[0])
				in.TokenIn = said(t)
				return in, err
			})
		},
	}
}

func newSendCmd(a *app) *cobra.Command {
	var dry dryOptions
	cmd := &cobra.Command{
		Use:     "send AMOUNT TOKEN RECIPIENT",
		Short:   "Send a token or the native coin",
		Example: "  keymaker send 0.1 ETH 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\n  keymaker send 25 USDC alice --dry-run",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.do(cmd.Context(), dry, "send "+strings.Join(args, " "), func(k *opened, n chain.Network) (intents.Intent, error) {
				return k.withParty(n, intents.Transfer, args[0], args[1], args[2])
			})
		},
	}
	dry.flags(cmd.Flags())
	return cmd
}

func newApproveCmd(a *app) *cobra.Command {
	var dry dryOptions
	cmd := &cobra.Command{
		Use:     "approve AMOUNT TOKEN SPENDER",
		Short:   "Let a spender move an exact amount of a token; 0 takes it back",
		Example: "  keymaker approve 100 USDC 0x000000000022D473030F116dDEE9F6B43aC78BA3\n  keymaker approve 0 USDC 0x000000000022D473030F116dDEE9F6B43aC78BA3",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.do(cmd.Context(), dry, "approve "+strings.Join(args, " "), func(k *opened, n chain.Network) (intents.Intent, error) {
				if strings.Trim(args[0], "0.") == "" {
					return k.revoke(n, args[1], args[2])
				}
				return k.withParty(n, intents.Approve, args[0], args[1], args[2])
			})
		},
	}
	dry.flags(cmd.Flags())
	return cmd
}

type quoteOptions struct {
	amount, in, out string
	exactOut        bool
}

func newQuoteCmd(a *app) *cobra.Command {
	var o quoteOptions
	cmd := &cobra.Command{
		Use:     "quote AMOUNT TOKEN_IN TOKEN_OUT",
		Short:   "Show the best route for a swap, and sign nothing",
		Example: "  keymaker quote 100 USDC ETH\n  # what it costs to receive exactly 0.5 ETH\n  keymaker quote 0.5 USDC ETH --exact-out",
		Args:    cobra.ExactArgs(3),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.amount, o.in, o.out = args[0], args[1], args[2]
			return a.do(cmd.Context(), dryOptions{run: true}, "quote "+strings.Join(args, " "), func(k *opened, n chain.Network) (intents.Intent, error) {
				return k.quoteIntent(n, o)
			})
		},
	}
	cmd.Flags().BoolVar(&o.exactOut, "exact-out", false, "AMOUNT is what shall be received")
	return cmd
}

// do runs one typed intent on the network of the flags.
func (a *app) do(ctx context.Context, dry dryOptions, text string, build func(*opened, chain.Network) (intents.Intent, error)) error {
	return a.serve(ctx, dry, modelOptions{}, func(k *opened, s *agent.Session, front agent.Front) error {
		n, err := k.Network()
		if err != nil {
			return err
		}
		in, err := build(k, n)
		if err != nil {
			return err
		}
		return shown(s.RunPlan(ctx, k.one(strings.TrimSpace(text), n, in), front))
	})
}

func (k *opened) withParty(n chain.Network, action intents.Action, amount, token, party string) (intents.Intent, error) {
	q, err := quantity(amount)
	if err != nil {
		return intents.Intent{}, err
	}
	t, err := k.token(n, token)
	if err != nil {
		return intents.Intent{}, err
	}
	to, err := k.party(party)
	if err != nil {
		return intents.Intent{}, err
	}
	return intents.Intent{Action: action, TokenIn: said(t), Amount: q, Side: intents.In, Recipient: &to}, nil
}

func (k *opened) revoke(n chain.Network, token, spender string) (intents.Intent, error) {
	t, err := k.token(n, token)
	if err != nil {
		return intents.Intent{}, err
	}
	from, err := k.party(spender)
	return intents.Intent{Action: intents.Revoke, TokenIn: said(t), Recipient: &from}, err
}

func (k *opened) quoteIntent(n chain.Network, o quoteOptions) (intents.Intent, error) {
	q, err := quantity(o.amount)
	if err != nil {
		return intents.Intent{}, err
	}
	from, err := k.token(n, o.in)
	if err != nil {
		return intents.Intent{}, err
	}
	to, err := k.token(n, o.out)
	if err != nil {
		return intents.Intent{}, err
	}
	in := intents.Intent{Action: intents.QuoteOnly, TokenIn: said(from), TokenOut: said(to), Amount: q, Side: intents.In}
	if o.exactOut {
		in.Side = intents.Out
	}
	return in, nil
}
