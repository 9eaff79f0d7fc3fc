package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

const walletSchema = 1

func newWalletCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "wallet", Short: "Make, import, list, export and watch accounts"}
	var light bool
	cmd.PersistentFlags().BoolVar(&light, "throwaway", false, "write key files that open fast and guard little: for embedded chains only")
	cmd.AddCommand(newWalletNewCmd(a, &light), newWalletImportCmd(a, &light), newWalletListCmd(a), newWalletExportCmd(a), newWalletWatchCmd(a))
	return cmd
}

func newWalletNewCmd(a *app, light *bool) *cobra.Command {
	return &cobra.Command{
		Use:     "new",
		Short:   "Make a new key, stored under a password",
		Example: "  keymaker wallet new\n  keymaker wallet new --password-file ~/.keymaker-password",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.createKey(cmd.Context(), *light)
		},
	}
}

func newWalletImportCmd(a *app, light *bool) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:     "import",
		Short:   "Import a key from a file, or typed at a prompt; never from a flag",
		Example: "  # a V3 key file of another wallet, or a file with one raw key\n  keymaker wallet import --file ./UTC--2026-…\n  # type or paste the raw key at a hidden prompt\n  keymaker wallet import",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if file == "" {
				return a.importTyped(ctx, *light)
			}
			return a.importFile(ctx, *light, file)
		},
	}
	cmd.Flags().StringVar(&file, "file", "", "key file to import")
	return cmd
}

func newWalletListCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the accounts",
		Example: "  keymaker wallet list\n  keymaker wallet list --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			keys, err := a.keys(false)
			if err != nil {
				return err
			}
			all, err := keys.List()
			if err != nil {
				return err
			}
			return a.printAccounts(all)
		},
	}
}

func newWalletExportCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "export ADDRESS",
		Short:   "Print an account's key as an encrypted V3 key file",
		Example: "  keymaker wallet export 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 > backup.json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !common.IsHexAddress(args[0]) {
				return refusal.New(refusal.BadAddress, "%q is no address", args[0])
			}
			keys, err := a.keys(false)
			if err != nil {
				return err
			}
			password, err := a.password(cmd.Context(), "password: ")
			if err != nil {
				return err
			}
			defer clear(password)
			file, err := keys.Export(common.HexToAddress(args[0]), password)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.streams.Out, "%s\n", file)
			return err
		},
	}
}

func newWalletWatchCmd(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "watch ADDRESS [LABEL]",
		Short:   "List an address without a key: read and dry-run only",
		Example: "  keymaker wallet watch 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 treasury",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(_ *cobra.Command, args []string) error {
			if !common.IsHexAddress(args[0]) {
				return refusal.New(refusal.BadAddress, "%q is no address", args[0])
			}
			label := ""
			if len(args) == 2 {
				label = args[1]
			}
			keys, err := a.keys(false)
			if err != nil {
				return err
			}
			return keys.Watch(common.HexToAddress(args[0]), label)
		},
	}
}

// keys opens the key folder.
func (a *app) keys(light bool) (*wallet.Keys, error) {
	if light {
		return keymaker.OpenKeys(a.home, wallet.Light)
	}
	return keymaker.OpenKeys(a.home)
}

func (a *app) importTyped(ctx context.Context, light bool) error {
	if !a.streams.Interactive() {
		return refusal.New(refusal.Usage, "there is nobody to type the key").WithHint("name a file with --file, or run it in a terminal")
	}
	key, err := a.streams.Secret(ctx, "raw key (64 hex digits): ")
	if err != nil {
		return err
	}
	defer clear(key)
	return a.addKey(ctx, light, func(k *wallet.Keys, password []byte) (wallet.Account, error) { return k.ImportKey(key, password) })
}

// importFile imports a raw key, or a key file, for which it asks the old password unless the file needs none.
func (a *app) importFile(ctx context.Context, light bool, path string) error {
	return a.addKey(ctx, light, func(k *wallet.Keys, password []byte) (wallet.Account, error) {
		account, err := k.ImportFile(path, nil, password)
		if !errors.Is(err, wallet.ErrPassword) {
			return account, err
		}
		old, err := a.streams.Secret(ctx, "old password of "+path+": ")
		if err != nil {
			return wallet.Account{}, err
		}
		defer clear(old)
		return k.ImportFile(path, old, password)
	})
}

// addKey stores a key under a new password and prints the account.
func (a *app) addKey(ctx context.Context, light bool, add func(*wallet.Keys, []byte) (wallet.Account, error)) error {
	keys, err := a.keys(light)
	if err != nil {
		return err
	}
	password, err := a.newPassword(ctx)
	if err != nil {
		return err
	}
	defer clear(password)
	account, err := add(keys, password)
	if err != nil {
		return err
	}
	return a.printAccounts([]wallet.Account{account})
}

const shortestPassword = 8

// newPassword asks twice, or reads the password file.
func (a *app) newPassword(ctx context.Context) ([]byte, error) {
	first, err := a.password(ctx, "new password: ")
	if err != nil {
		return nil, err
	}
	if len(first) < shortestPassword {
		return nil, refusal.New(refusal.Usage, "the password has %d characters, and needs %d", len(first), shortestPassword)
	}
	if a.passwordFile != "" {
		return first, nil
	}
	second, err := a.password(ctx, "once more: ")
	if err != nil {
		return nil, err
	}
	defer clear(second)
	if string(first) != string(second) {
		clear(first)
		return nil, refusal.New(refusal.Usage, "the two passwords differ; nothing was stored")
	}
	return first, nil
}

func (a *app) password(ctx context.Context, prompt string) ([]byte, error) {
	if a.passwordFile != "" {
		return cli.PasswordFile(a.passwordFile)
	}
	if !a.streams.Interactive() {
		return nil, refusal.New(refusal.Locked, "there is nobody to ask for the password").
			WithHint("run it in a terminal, or name a file with --password-file")
	}
	return a.streams.Secret(ctx, prompt)
}

func (a *app) printAccounts(all []wallet.Account) error {
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(struct {
			Schema   int              `json:"schema"`
			Accounts []wallet.Account `json:"accounts"`
		}{walletSchema, all})
	}
	if len(all) == 0 {
		fmt.Fprintln(a.streams.Err, "no accounts; make one with: keymaker wallet new")
	}
	for _, acc := range all {
		kind := "key"
		if acc.WatchOnly {
			kind = "watched"
		}
		fmt.Fprintf(a.streams.Out, "%s  %-7s  %s\n", acc.Address, kind, cli.Sanitize(acc.Label))
	}
	return nil
}
