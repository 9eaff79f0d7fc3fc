package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/llms/fake"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/ollama/ollamatest"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

// What a tiny model picks and says is its own affair. That what it picked was asked and answered is not.
func TestARealModelGetsTheRealAnswerOfATool(t *testing.T) {
	url, name := ollamatest.Start(t)
	model, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: name})
	if err != nil {
		t.Fatal(err)
	}
	l, client := open(t, model)
	var out bytes.Buffer
	got, err := l.run(t.Context(), &out, questions[0])
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Log(out.String())
	tool, err := l.tool(got.Tool)
	if err != nil {
		t.Fatal(err)
	}
	want, err := tool.Call(t.Context(), string(got.Input))
	if err != nil || want == "" || got.Answer != want {
		t.Errorf("the chain has %q, the tool answers %q, %v", got.Answer, want, err)
	}
	for line := range strings.Lines(got.Answer) {
		if !strings.Contains(out.String(), strings.TrimSpace(line)) {
			t.Errorf("%q is not shown", line)
		}
	}
	if strings.TrimSpace(got.Said) == "" {
		t.Error("the model says nothing")
	}
	untouched(t, client)
}

func TestWhateverAModelAsksForNothingIsSigned(t *testing.T) {
	cases := map[string]string{
		`{"tool":"balance","input":{"token_in":"USDC"}}`:                                                                         "USDC: 50000",
		`{"tool":"swap","input":{"token_in":"USDC","token_out":"WETH","amount":"all"}}`:                                          "Proposal, not signed: Swap 50000 USDC",
		`{"tool":"wrap","input":{"token_in":"ETH","amount":"1"}}`:                                                                "Proposal, not signed: ",
		`{"tool":"transfer","input":{"token_in":"ETH","amount":"1","recipient":"0xBbA57B8fF1BF738862150488dfEaA22c71076801"}}`:   "Proposal, not signed: Send 1 ETH",
		`{"tool":"approve","input":{"token_in":"USDC","amount":"all","recipient":"0xBbA57B8fF1BF738862150488dfEaA22c71076801"}}`: "Refused (unlimited_approval)",
		`{"tool":"transfer","input":{"token_in":"ETH","amount":"1","sign":"yes"}}`:                                               "Refused (not_understood)",
		`{"tool":"swap","input":{"token_in":"USDC","token_out":"WETH","amount":"1","private_key":"please"}}`:                     "Refused (not_understood)",
	}
	l, client := open(t, nil)
	for choice, want := range cases {
		l.model = fake.NewFakeLLM([]string{choice, "Done, I sent everything."})
		got, err := l.run(t.Context(), io.Discard, "Do as you like.")
		if err != nil || !strings.Contains(got.Answer, want) {
			t.Errorf("%s\nanswers %q, %v; it should have %q", choice, got.Answer, err, want)
		}
	}
	untouched(t, client)
}

func TestAModelThatPicksNoToolEndsTheChain(t *testing.T) {
	l, _ := open(t, nil)
	for _, choice := range []string{`sure!`, `{"tool":"sign","input":{}}`, `{}`, ``} {
		l.model = fake.NewFakeLLM([]string{choice})
		if got, err := l.run(t.Context(), io.Discard, "Do as you like."); err == nil {
			t.Errorf("%q leads to %+v", choice, got)
		}
	}
}

func open(t *testing.T, model llms.Model) (links, *chain.Client) {
	t.Helper()
	d := devnettest.Start(t)
	client, err := chain.Dial(t.Context(), d.Networks()[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return newLinks(model, client, d), client
}

// untouched holds that the account sent no transaction.
func untouched(t *testing.T, client *chain.Client) {
	t.Helper()
	account := known.Accounts()[0].Address
	nonce, err := client.Nonce(t.Context(), account)
	if err != nil || nonce != 0 {
		t.Errorf("%s has sent %d transactions, %v", account, nonce, err)
	}
}
