package main

import (
	"strings"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// token finds a token by its symbol or address.
func (k *opened) token(n chain.Network, word string) (chain.Token, error) {
	if strings.EqualFold(word, n.Native.Symbol) {
		return n.Native, nil
	}
	if common.IsHexAddress(word) {
		found, ok := k.World().Tokens.Address(n.ChainID, common.HexToAddress(word))
		if !ok {
			return chain.Token{}, refusal.New(refusal.UnknownToken, "no list names the token %s on %s", word, n.Name)
		}
		return found.Token, nil
	}
	switch found := k.World().Tokens.Symbol(n.ChainID, word); len(found) {
	case 0:
		return chain.Token{}, refusal.New(refusal.UnknownToken, "no list names a token %q on %s", word, n.Name)
	case 1:
		return found[0].Token, nil
	default:
		return chain.Token{}, refusal.New(refusal.AmbiguousToken, "%d tokens on %s are called %s", len(found), n.Name, word)
	}
}

// party reads an address, or a name of the address book.
func (k *opened) party(word string) (intents.Sourced[common.Address], error) {
	if a, ok := k.World().Book[strings.ToLower(word)]; ok {
		return intents.Sourced[common.Address]{V: a, From: intents.FromBook}, nil
	}
	mixed, err := common.NewMixedcaseAddressFromString(word)
	if err != nil {
		return intents.Sourced[common.Address]{}, refusal.New(refusal.UnknownRecipient, "%q is no address and no name of the book", word)
	}
	body := strings.TrimPrefix(strings.TrimPrefix(word, "0x"), "0X")
	if body != strings.ToLower(body) && body != strings.ToUpper(body) && !mixed.ValidChecksum() {
		return intents.Sourced[common.Address]{}, refusal.New(refusal.BadAddress, "the checksum of %s is wrong", word)
	}
	return intents.Sourced[common.Address]{V: mixed.Address(), From: intents.FromUser}, nil
}

// quantity reads the amount of a command: a plain number, all, or a share such as 25%.
func quantity(word string) (*intents.Sourced[intents.Quantity], error) {
	said := intents.Quantity{Form: intents.Exact, Number: strings.ReplaceAll(word, ",", "")}
	switch percent, share := strings.CutSuffix(word, "%"); {
	case strings.EqualFold(word, "all"):
		said = intents.Quantity{Form: intents.All}
	case share:
		said = intents.Quantity{Form: intents.Share, Number: percent}
	}
	if said.Form != intents.All {
		if _, err := chain.ParseAmount(said.Number, chain.Token{Decimals: 36}); err != nil {
			return nil, refusal.New(refusal.Usage, "%q is no amount", word).WithHint("write a number such as 1.5, a share such as 25%%, or all")
		}
	}
	return &intents.Sourced[intents.Quantity]{V: said, From: intents.FromUser}, nil
}

func said[T any](v T) *intents.Sourced[T] { return &intents.Sourced[T]{V: v, From: intents.FromUser} }

// one is the plan of a single command.
func (k *opened) one(text string, n chain.Network, in intents.Intent) *intents.Plan {
	in.Network = intents.Sourced[string]{V: n.Key, From: intents.FromUser}
	if k.app.network == "" {
		in.Network.From = intents.FromDefault
	}
	return &intents.Plan{Text: text, Intents: []intents.Intent{in}}
}
