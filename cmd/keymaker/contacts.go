package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/spf13/cobra"

	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/config"
	"github.com/keymaker-agent/keymaker/refusal"
)

const contactsSchema = 1

// contact is one name of the address book.
type contact struct {
	Name    string         `json:"name"`
	Address common.Address `json:"address"`
}

// The address book is the table book of the user's own config. These commands are the only way into it besides an editor: no
// sentence, no tool and no model can add a name.
func newContactsCmd(a *app) *cobra.Command {
	cmd := &cobra.Command{Use: "contacts", Short: "The address book: who a name in a sentence is"}
	cmd.AddCommand(
		&cobra.Command{
			Use:   "add NAME ADDRESS",
			Short: "Put a name into the address book",
			Long: "Add writes a name and its address into your config. The address is checked by its checksum where it has one. A name that\n" +
				"looks like one that is there, and an address that begins and ends like one that is there, are refused: that is how\n" +
				"people are made to send to somebody else.",
			Example: "  keymaker contacts add mum 0x70997970C51812dc3A010C7d01b50e0d17dc79C8\n  keymaker send 5 USDC mum --dry-run",
			Args:    cobra.ExactArgs(2),
			RunE:    func(_ *cobra.Command, args []string) error { return runContactsAdd(a, args[0], args[1]) },
		},
		&cobra.Command{
			Use:     "list",
			Short:   "List the address book",
			Example: "  keymaker contacts list\n  keymaker contacts list --json",
			Args:    cobra.NoArgs,
			RunE:    func(*cobra.Command, []string) error { return runContactsList(a) },
		},
		&cobra.Command{
			Use:     "remove NAME",
			Short:   "Take a name out of the address book",
			Example: "  keymaker contacts remove mum",
			Args:    cobra.ExactArgs(1),
			RunE: func(_ *cobra.Command, args []string) error {
				p, err := a.paths()
				if err != nil {
					return err
				}
				was, err := config.RemoveContact(p.ConfigFile, args[0])
				if err != nil {
					return err
				}
				return a.printContacts([]contact{{args[0], was}})
			},
		},
	)
	return cmd
}

func runContactsAdd(a *app, name, address string) error {
	p, err := a.paths()
	if err != nil {
		return err
	}
	k, err := a.open(modelOptions{})
	if err != nil {
		return err
	}
	defer k.Close()
	if !intents.CanBeName(name, k.Grammar().Lexicon) {
		return refusal.New(refusal.Usage, "%q can't be told from other words of a sentence", cli.Sanitize(name)).
			WithHint("take a name of letters and digits that is no token, chain, number or common word, such as mum or alice2")
	}
	added, err := config.AddContact(p.ConfigFile, name, address)
	if err != nil {
		return err
	}
	return a.printContacts([]contact{{name, added}})
}

func runContactsList(a *app) error {
	p, err := a.paths()
	if err != nil {
		return err
	}
	c, err := config.Load(config.Sources{UserFile: p.ConfigFile})
	if err != nil {
		return err
	}
	all := []contact{}
	for _, name := range slices.Sorted(maps.Keys(c.Book)) {
		all = append(all, contact{name, c.Book[name]})
	}
	if len(all) == 0 && !a.json {
		fmt.Fprintln(a.streams.Err, "the address book is empty; add somebody with: keymaker contacts add NAME ADDRESS")
	}
	return a.printContacts(all)
}

func (a *app) printContacts(all []contact) error {
	if a.json {
		return json.NewEncoder(a.streams.Out).Encode(struct {
			Schema   int       `json:"schema"`
			Contacts []contact `json:"contacts"`
		}{contactsSchema, all})
	}
	for _, c := range all {
		fmt.Fprintf(a.streams.Out, "%s  %s\n", c.Address.Hex(), cli.Sanitize(c.Name))
	}
	return nil
}
