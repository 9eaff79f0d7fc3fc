package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// These commands are the verbs of the rewards on chain. As those of verbs.go they need no reading, and go through the same session as
// keymaker run.

func newEarnedCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "earned",
		Short:   "Show what the rewards owe the account, its lock and its votes",
		Example: "  keymaker rewards earned\n  keymaker rewards earned --account 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.do(cmd.Context(), dryOptions{run: true}, "what did I earn", func(*opened, chain.Network) (intents.Intent, error) {
				return intents.Intent{Action: intents.Earned}, nil
			})
		},
	}
}

// rewardVerb is what the commands that change something have in common.
func rewardVerb(a *app, cmd *cobra.Command, text string, build func(k *opened, n chain.Network, args []string) (intents.Intent, error)) *cobra.Command {
	var dry dryOptions
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.do(cmd.Context(), dry, text+" "+strings.Join(args, " "), func(k *opened, n chain.Network) (intents.Intent, error) {
			return build(k, n, args)
		})
	}
	dry.flags(cmd.Flags())
	return cmd
}

func newClaimCmd(a *app) *cobra.Command {
	return rewardVerb(a, &cobra.Command{
		Use:     "claim",
		Short:   "Claim what the rewards pay to the account",
		Example: "  keymaker rewards claim\n  # see what would come in, and sign nothing\n  keymaker rewards claim --dry-run",
		Args:    cobra.NoArgs,
	}, "claim my rewards", func(*opened, chain.Network, []string) (intents.Intent, error) {
		return intents.Intent{Action: intents.Claim}, nil
	})
}

func newLockCmd(a *app) *cobra.Command {
	return rewardVerb(a, &cobra.Command{
		Use:   "lock AMOUNT TIME",
		Short: "Stake KEY and lock the whole stake for a time, for votes",
		Long: "Lock stakes an amount of KEY and locks the whole stake for a time: a number of days, weeks, months (30 days) or years (365\n" +
			"days). A lock ends at a whole week, at most four years ahead, and may only grow longer.",
		Example: "  keymaker rewards lock 100 2 years\n  keymaker rewards lock all \"90 days\" --dry-run",
		Args:    cobra.RangeArgs(2, 3),
	}, "lock", func(k *opened, n chain.Network, args []string) (intents.Intent, error) {
		in, err := k.keys(n, intents.Lock, args[0])
		if err != nil {
			return in, err
		}
		said := strings.Join(args[1:], " ")
		seconds, ok := intents.ReadTerm(said)
		if !ok {
			return in, refusal.New(refusal.Usage, "%q is no time", said).WithHint("write a number and days, weeks, months or years, such as 2 years")
		}
		in.Term = &intents.Sourced[uint64]{V: seconds, From: intents.FromUser}
		return in, nil
	})
}

func newStakeCmd(a *app) *cobra.Command {
	return rewardVerb(a, &cobra.Command{
		Use:     "stake AMOUNT",
		Short:   "Stake KEY without a new lock",
		Example: "  keymaker rewards stake 100\n  keymaker rewards stake 50% --dry-run",
		Args:    cobra.ExactArgs(1),
	}, "stake", func(k *opened, n chain.Network, args []string) (intents.Intent, error) {
		return k.keys(n, intents.Stake, args[0])
	})
}

func newWithdrawCmd(a *app) *cobra.Command {
	return rewardVerb(a, &cobra.Command{
		Use:     "withdraw AMOUNT",
		Short:   "Take staked KEY back once its lock is over",
		Example: "  keymaker rewards withdraw 100\n  keymaker rewards withdraw all --dry-run",
		Args:    cobra.ExactArgs(1),
	}, "withdraw", func(k *opened, n chain.Network, args []string) (intents.Intent, error) {
		return k.keys(n, intents.Withdraw, args[0])
	})
}

func newVoteCmd(a *app) *cobra.Command {
	return rewardVerb(a, &cobra.Command{
		Use:     "vote PROPOSAL for|against",
		Short:   "Vote with locked KEY, for or against a proposal",
		Example: "  keymaker rewards vote 0 for\n  keymaker rewards vote 0 against --dry-run",
		Args:    cobra.ExactArgs(2),
	}, "vote", func(_ *opened, _ chain.Network, args []string) (intents.Intent, error) {
		id, err := strconv.ParseUint(args[0], 10, 64)
		if err != nil {
			return intents.Intent{}, refusal.New(refusal.Usage, "%q is no number of a proposal", args[0]).WithHint("proposals are numbered from 0")
		}
		choice, ok := choices[strings.ToLower(args[1])]
		if !ok {
			return intents.Intent{}, refusal.New(refusal.Usage, "%q is no vote", args[1]).WithHint("write for or against")
		}
		return intents.Intent{Action: intents.Vote, Proposal: said(id), Choice: said(choice)}, nil
	})
}

var choices = map[string]intents.Choice{
	"for": intents.VoteFor, "yes": intents.VoteFor, "against": intents.VoteAgainst, "no": intents.VoteAgainst,
}

// keys is an intent about an amount of KEY.
func (k *opened) keys(n chain.Network, action intents.Action, amount string) (intents.Intent, error) {
	q, err := quantity(amount)
	if err != nil {
		return intents.Intent{}, err
	}
	t, err := k.token(n, intents.RewardToken)
	if err != nil {
		return intents.Intent{}, err
	}
	return intents.Intent{Action: action, TokenIn: said(t), Amount: q, Side: intents.In}, nil
}
