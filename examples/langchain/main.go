// Langchain lends the agent's tools to a langchaingo chain that talks to a real Ollama.
//
// The chain has three links: the model picks a tool and fills in its input, the tool answers, the model says it in a sentence.
// What a model asks for is not what a user said, so this chain has no planner's rights: a tool that proposes answers with the
// text of its proposal, this program holds no key, and the tool's own words are always shown beside the model's.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/tmc/langchaingo/llms"
	lc "github.com/tmc/langchaingo/tools"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/tools"
)

var questions = []string{"How much USDC do I have?", "What is the price of WBTC?", "Swap 100 USDC for WETH."}

func main() {
	log.SetFlags(0)
	var o ollama.Options
	flag.StringVar(&o.URL, "url", ollama.DefaultURL, "where Ollama answers")
	flag.StringVar(&o.Model, "model", "qwen3:4b", "model to ask")
	flag.Parse()
	if err := start(context.Background(), os.Stdout, o); err != nil {
		log.Fatal(err)
	}
}

// start runs the example on embedded chains.
func start(ctx context.Context, w io.Writer, o ollama.Options) (err error) {
	model, err := ollama.New(ctx, o)
	if err != nil {
		return err
	}
	d, err := devnet.Start(ctx, devnet.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	client, err := chain.Dial(ctx, d.Networks()[0])
	if err != nil {
		return err
	}
	defer client.Close()
	l := newLinks(model, client, d)
	for _, question := range questions {
		if _, err := l.run(ctx, w, question); err != nil {
			return err
		}
	}
	return nil
}

// links are what a chain is made of.
type links struct {
	model   llms.Model
	tools   []lc.Tool
	symbols []string
}

// newLinks offers every tool of the agent, on the newest block of a network, for the first account of the devnet.
func newLinks(model llms.Model, client *chain.Client, d *devnet.Devnet) links {
	network := client.Network()
	l := links{model: model, symbols: []string{network.Native.Symbol}}
	for _, t := range d.Tokens() {
		if t.ChainID == network.ChainID {
			l.symbols = append(l.symbols, t.Symbol)
		}
	}
	l.tools = tools.New(tools.SwapRouters, tools.NoClaims{}).LangChain(func(ctx context.Context) (tools.Env, error) {
		state, err := fork.New(ctx, client, fork.WithBlockTime(network.BlockTime))
		if err != nil {
			return tools.Env{}, err
		}
		tokens, err := chain.NewRegistry(d.Tokens()...)
		if err != nil {
			return tools.Env{}, err
		}
		return tools.Env{
			Network: network, Tokens: tokens, State: state, Account: d.Accounts()[0].Address,
			Limits: tools.Limits{SlippageBps: 50, MaxImpactBps: 300, DeadlineSecond: 600},
		}, nil
	})
	return l
}

// turn is one question on its way through the chain.
type turn struct {
	choice
	Answer string // of the tool
	Said   string // by the model
}

// choice is what the model may write.
type choice struct {
	Tool  string          `json:"tool"`
	Input json.RawMessage `json:"input"`
}

func (l links) run(ctx context.Context, w io.Writer, question string) (t turn, err error) {
	fmt.Fprintf(w, "\n> %s\n", question)
	if t.choice, err = l.choose(ctx, question); err != nil {
		return t, err
	}
	tool, err := l.tool(t.Tool)
	if err != nil {
		return t, err
	}
	fmt.Fprintf(w, "  the model picks  %s %s\n", t.Tool, t.Input)
	if t.Answer, err = tool.Call(ctx, string(t.Input)); err != nil {
		return t, err
	}
	fmt.Fprintf(w, "  the tool answers %s\n", strings.ReplaceAll(t.Answer, "\n", "\n                   "))
	prompt := fmt.Sprintf("Question: %s\nFacts: %s\nSay the facts in one short sentence.", question, t.Answer)
	if t.Said, err = llms.GenerateFromSinglePrompt(ctx, l.model, prompt, llms.WithMaxTokens(40)); err != nil {
		return t, err
	}
	fmt.Fprintf(w, "  the model says   %q\n", t.Said)
	return t, nil
}

// A schema goes with a raw prompt, which a model goes on writing: so the prompt shows how such a page reads.
const examples = `
Request: Trade 5 WETH for DAI.
Tool: {"tool":"swap","input":{"token_in":"WETH","token_out":"DAI","amount":"5"}}
Request: What does WETH cost?
Tool: {"tool":"price","input":{"token_in":"WETH"}}
Request: How much DAI is left?
Tool: {"tool":"balance","input":{"token_in":"DAI"}}
Request: %s
Tool:`

// choose describes the tools in the prompt. The schema leaves no room for another tool, another token, or an address.
func (l links) choose(ctx context.Context, question string) (c choice, err error) {
	var prompt strings.Builder
	prompt.WriteString("Tools that serve requests:\n")
	for _, t := range l.tools {
		about, _, _ := strings.Cut(t.Description(), " Input:")
		fmt.Fprintf(&prompt, "- %s: %s\n", t.Name(), about)
	}
	fmt.Fprintf(&prompt, examples, question)
	text, err := llms.GenerateFromSinglePrompt(ctx, l.model, prompt.String(), ollama.WithSchema(l.schema()))
	if err != nil {
		return c, err
	}
	var line bytes.Buffer
	if err := json.Compact(&line, []byte(text)); err != nil {
		return c, fmt.Errorf("read the model's choice: %w", err)
	}
	if err := json.Unmarshal(line.Bytes(), &c); err != nil {
		return c, fmt.Errorf("read the model's choice: %w", err)
	}
	return c, nil
}

// schema is spelled out because a model writes properties in its order: what to do comes before what to do it with.
const schema = `{"type":"object","required":["tool","input"],"additionalProperties":false,"properties":{
	"tool":{"enum":%s},
	"input":{"type":"object","required":["token_in"],"additionalProperties":false,"properties":{
		"token_in":{"enum":%[2]s},"token_out":{"enum":%[2]s},"amount":{"type":"string","maxLength":12}}}}}`

func (l links) schema() json.RawMessage {
	names := make([]string, len(l.tools))
	for i, t := range l.tools {
		names[i] = t.Name()
	}
	return fmt.Appendf(nil, schema, enum(names), enum(l.symbols))
}

func enum(words []string) string { return `["` + strings.Join(words, `","`) + `"]` }

func (l links) tool(name string) (lc.Tool, error) {
	for _, t := range l.tools {
		if t.Name() == name {
			return t, nil
		}
	}
	return nil, fmt.Errorf("the model picked %q, which is no tool", name)
}
