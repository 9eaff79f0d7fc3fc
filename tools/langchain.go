package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	lc "github.com/tmc/langchaingo/tools"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// LangChain offers the tools to a langchaingo agent. What such an agent asks for comes from a model and not from a user, so it
// has no provenance: a tool that proposes answers with the text of its proposal, and there is no way from here to a signature.
// A refusal is text too, because langchaingo ends the whole chain on an error.
func (r *Registry) LangChain(env func(context.Context) (Env, error)) []lc.Tool {
	var all []lc.Tool
	for _, s := range r.Specs() {
		for _, action := range s.Actions {
			all = append(all, langTool{registry: r, spec: s, action: action, env: env})
		}
	}
	return all
}

type langTool struct {
	registry *Registry
	spec     Spec
	action   intents.Action
	env      func(context.Context) (Env, error)
}

// langInput is what a model may ask for. Everything else is refused.
type langInput struct {
	TokenIn     string `json:"token_in"`
	TokenOut    string `json:"token_out"`
	Amount      string `json:"amount"`
	AmountSide  string `json:"amount_side"`
	Recipient   string `json:"recipient"`
	SlippageBps string `json:"slippage_bps"`
	Arg         string `json:"__arg1"` // langchaingo's own wrapping of a single argument
}

const langUsage = ` Input: a JSON object of strings with some of token_in, token_out (symbol or address), amount ("100", "25%", "$50", "all"), ` +
	`amount_side ("in" or "out"), recipient (address), slippage_bps. Example: {"token_in":"USDC","token_out":"WETH","amount":"100"}`

// Name holds to the characters that function-calling interfaces allow.
func (t langTool) Name() string { return strings.ReplaceAll(t.spec.Name, ".", "_") }

func (t langTool) Description() string {
	if t.spec.Effect == Read {
		return t.spec.Description + langUsage
	}
	return t.spec.Description + " It only proposes: nothing is signed or sent." + langUsage
}

// Call runs the tool. It errs only where ctx has ended.
func (t langTool) Call(ctx context.Context, input string) (string, error) {
	text, err := t.call(ctx, input)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if e, ok := refusal.As(err); ok {
		return plain(fmt.Sprintf("Refused (%s): %s. %s", e.Reason, e.Detail, e.Hint), maxValue), nil
	}
	if err != nil {
		return plain("Not done: "+err.Error(), maxValue), nil
	}
	return text, nil
}

func (t langTool) call(ctx context.Context, input string) (string, error) {
	asked, err := parseLang(input)
	if err != nil {
		return "", err
	}
	env, err := t.env(ctx)
	if err != nil {
		return "", err
	}
	in, err := asked.intent(t.action, env)
	if err != nil {
		return "", err
	}
	result, err := t.registry.Run(ctx, t.spec.Name, env, in)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if t.spec.Effect == Propose {
		b.WriteString("Proposal, not signed: ")
	}
	b.WriteString(result.Title)
	lines := result.Lines
	if result.Quote != nil {
		lines = append(slices.Clone(lines), tradeLines(result.Quote)...)
	}
	for _, l := range lines {
		fmt.Fprintf(&b, "\n%s: %s", l.Label, l.Value)
	}
	return b.String(), nil
}

func parseLang(input string) (langInput, error) {
	if strings.TrimSpace(input) == "" {
		return langInput{}, nil
	}
	in, err := strict(input)
	if err == nil && in.Arg != "" {
		in, err = strict(in.Arg)
	}
	if err != nil || in.Arg != "" {
		return langInput{}, refusal.New(refusal.NotUnderstood, "the input is not one JSON object of the known fields")
	}
	return in, nil
}

// strict reads one JSON object without unknown fields, and nothing behind it.
func strict(text string) (langInput, error) {
	var in langInput
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return langInput{}, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return langInput{}, errors.New("more than one object")
	}
	return in, nil
}

func (in langInput) intent(action intents.Action, env Env) (intents.Intent, error) {
	wish := intents.Intent{Action: action, Network: intents.Sourced[string]{V: env.Network.Key}, Side: intents.Side(in.AmountSide)}
	if wish.Side != "" && wish.Side != intents.In && wish.Side != intents.Out {
		return wish, refusal.New(refusal.NotUnderstood, "amount_side is %q, not in or out", in.AmountSide)
	}
	var err error
	if wish.TokenIn, err = env.lookUp(in.TokenIn); err != nil {
		return wish, err
	}
	if wish.TokenOut, err = env.lookUp(in.TokenOut); err != nil {
		return wish, err
	}
	if in.Amount != "" {
		wish.Amount = &intents.Sourced[intents.Quantity]{V: quantity(in.Amount)}
	}
	if in.Recipient != "" {
		if !common.IsHexAddress(in.Recipient) {
			return wish, refusal.New(refusal.BadAddress, "%q is not an address", in.Recipient)
		}
		wish.Recipient = &intents.Sourced[common.Address]{V: common.HexToAddress(in.Recipient)}
	}
	if in.SlippageBps != "" {
		bps, err := strconv.ParseUint(in.SlippageBps, 10, 16)
		if err != nil {
			return wish, refusal.New(refusal.NotUnderstood, "slippage_bps is %q, not a whole number", in.SlippageBps)
		}
		wish.SlippageBps = &intents.Sourced[uint64]{V: bps}
	}
	return wish, nil
}

func quantity(s string) intents.Quantity {
	switch {
	case s == "all":
		return intents.Quantity{Form: intents.All}
	case strings.HasSuffix(s, "%"):
		return intents.Quantity{Form: intents.Share, Number: strings.TrimSpace(strings.TrimSuffix(s, "%"))}
	case strings.HasPrefix(s, "$"):
		return intents.Quantity{Form: intents.Dollars, Number: strings.TrimSpace(strings.TrimPrefix(s, "$"))}
	}
	return intents.Quantity{Form: intents.Exact, Number: s}
}

// lookUp finds a token by symbol or address, in the registry only.
func (e Env) lookUp(word string) (*intents.Sourced[chain.Token], error) {
	if word == "" {
		return nil, nil
	}
	if strings.EqualFold(word, e.Network.Native.Symbol) {
		return &intents.Sourced[chain.Token]{V: e.Network.Native}, nil
	}
	found := e.Tokens.Symbol(e.Network.ChainID, word)
	if common.IsHexAddress(word) {
		if l, ok := e.Tokens.Address(e.Network.ChainID, common.HexToAddress(word)); ok {
			found = []chain.Listing{l}
		}
	}
	switch len(found) {
	case 0:
		return nil, refusal.New(refusal.UnknownToken, "no token %q on %s", word, e.Network.Name)
	case 1:
		return &intents.Sourced[chain.Token]{V: found[0].Token}, nil
	}
	return nil, refusal.New(refusal.AmbiguousToken, "%d tokens are %q on %s", len(found), word, e.Network.Name)
}
