package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent"
	"github.com/keymaker-agent/keymaker/agent/grammar"
	"github.com/keymaker-agent/keymaker/agent/model"
	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/internal/hostile"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/router/swap"
	"github.com/keymaker-agent/keymaker/tools"
)

// listener is a model and an engine that keeps every byte that it is asked, and answers by what it is asked alone.
type listener struct {
	heard []string
	err   error // what the model fails with
}

func (l *listener) GenerateContent(_ context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var o llms.CallOptions
	for _, option := range options {
		option(&o)
	}
	asked, err := json.Marshal(messages)
	if err != nil {
		return nil, err
	}
	l.heard = append(l.heard, string(asked), string(ollama.SchemaOf(o)))
	if l.err != nil {
		return nil, l.err
	}
	var schema struct {
		Properties struct {
			Steps struct {
				Items struct {
					Required   []string
					Properties map[string]struct{ Enum []string }
				}
			}
		}
	}
	if err := json.Unmarshal(ollama.SchemaOf(o), &schema); err != nil {
		return nil, err
	}
	step := map[string]string{}
	for _, key := range schema.Properties.Steps.Items.Required {
		step[key] = schema.Properties.Steps.Items.Properties[key].Enum[0]
	}
	step["act"] = "transfer"
	answer, err := json.Marshal(map[string]any{"steps": []any{step}})
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: string(answer)}}}, err
}

func (l *listener) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, l, prompt, options...)
}

func (l *listener) Answer(_ context.Context, prompt string, choices []string) ([]string, float64, error) {
	l.heard = append(l.heard, prompt, strings.Join(choices, " "))
	said := []string{"transfer"}
	for _, sign := range "air" {
		if i := slices.IndexFunc(choices, func(c string) bool { return rune(c[0]) == sign && strings.ContainsAny(c, "123456789") }); i >= 0 {
			said = append(said, choices[i])
		}
	}
	return said, 0.5, nil
}

// notebook is a journal that keeps what it is given.
type notebook struct{ kept []string }

func (n *notebook) note(v ...any) error {
	n.kept = append(n.kept, fmt.Sprint(v...))
	return nil
}

func (n *notebook) StartRun(_ context.Context, b agent.Beginning) error { return n.note(b) }

func (n *notebook) Append(_ context.Context, _ string, _ int, kind string, payload []byte) error {
	return n.note(kind, string(payload))
}

func (n *notebook) StartStep(_ context.Context, _ string, _ int, a intents.Action, s tools.Spec) error {
	return n.note(a, s)
}

func (n *notebook) MoveStep(_ context.Context, _ string, _ int, e agent.StepEvent) error {
	return n.note(e)
}

func (n *notebook) FinishRun(_ context.Context, _ string, e agent.Ending) error { return n.note(e) }

// lines are networks whose endpoints say what they are told to.
type lines struct{ err error }

func (l *lines) Fork(context.Context, chain.Network) (*fork.Fork, error) { return nil, l.err }

func (l *lines) Gate(context.Context, chain.Network) (agent.Gate, error) { return nil, l.err }

func (l *lines) Tip(context.Context, chain.Network) (uint256.Int, error) {
	return uint256.Int{}, l.err
}

// reader is a front end that says yes, and writes down what was understood.
type reader struct{ screen }

func (r *reader) Ask(_ context.Context, q intents.Question) (string, error) {
	if slices.Equal(q.Missing, []string{agent.Confirm}) {
		return "yes", nil
	}
	return "", refusal.New(refusal.NeedsAnswer, "nobody")
}

// understood is every draft, plan, question and end that a front end saw, as bytes.
func (r *reader) understood(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	for _, e := range r.events {
		var end refusal.Reason
		if e.Refusal != nil {
			end = e.Refusal.Reason
		}
		line, err := json.Marshal([]any{e.Type, e.Planner, e.Draft, e.Plan, e.Question, end})
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

// stage is a session, and all that is around it that is no word of the user's.
type stage struct {
	world    intents.World
	listings []chain.Listing
	lines    lines
	listener listener
	notebook notebook
	spec     tools.Spec
	result   tools.Result
	failure  error
	before   string // what the user said before
}

// newStage is one where everything is well.
func newStage(t *testing.T) *stage {
	t.Helper()
	world, err := hostile.World()
	if err != nil {
		t.Fatal(err)
	}
	return &stage{
		world: world, listings: chain.Tokens(), before: "what's the best yield for USDC?",
		spec: tools.Spec{Name: "example.pool-fees", Author: "you", Version: "1", Description: "Show fees.", Actions: []intents.Action{intents.YieldSearch}},
	}
}

// session puts the stage together as the agent does: the symbols of the registry are words of the lexicon.
func (s *stage) session(t *testing.T) *agent.Session {
	t.Helper()
	tokens, err := chain.NewRegistry(s.listings...)
	if err != nil {
		t.Fatal(err)
	}
	s.world.Tokens = tokens
	registry := tools.New(func(n chain.Network, r *chain.Registry) tools.Router { return tools.SwapRouters(n, r) }, tools.NoClaims{})
	if err := registry.Add(tools.NewReader(s.spec, func(context.Context, tools.Env, intents.Intent) (tools.Result, error) { return s.result, s.failure })); err != nil {
		t.Fatal(err)
	}
	return agent.New(agent.Config{
		Understander: &agent.Understander{
			Lexicon: hostile.Lexicon(s.world), Exact: grammar.New(), Own: own.New(&s.listener, &s.listener), Models: []agent.Planner{model.New(&s.listener, "listener")},
		},
		Tools: registry, World: s.world, Chains: &s.lines, Journal: &s.notebook, Account: common.HexToAddress(hostile.Friend),
		Front: "test", DryRun: true, Clock: func() time.Time { return time.Unix(1_800_000_000, 0) }, NewRun: func() string { return "run" },
	})
}

// channels put a payload where the user's words are not. Each says what carries it in the first run.
var channels = map[string]func(s *stage, payload string){
	"tool result": func(s *stage, p string) {
		s.result = tools.Result{Title: p, Lines: []tools.Line{{Label: p, Value: p}}, Data: map[string]string{"text": p}}
	},
	"tool error":   func(s *stage, p string) { s.failure = errors.New("tool: " + p) },
	"tool refusal": func(s *stage, p string) { s.failure = refusal.New(refusal.NoRoute, "%s", p).WithHint("%s", p) },
	"plugin text":  func(s *stage, p string) { s.spec.Description, s.spec.Author, s.spec.Version = p, p, p },
	"chain error":  func(s *stage, p string) { s.lines.err = errors.New("revert: " + p) },
	"token symbol": func(s *stage, p string) {
		symbol := strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' {
				return -1
			}
			return r
		}, p)
		s.listings = append(s.listings, chain.Listing{
			Token:  chain.Token{ChainID: 1, Address: common.HexToAddress(hostile.Thief), Symbol: "x" + symbol[:min(len(symbol), 30)], Decimals: 18},
			Source: "config",
		})
	},
	"error of an order": func(s *stage, p string) { // the order is remembered, and what went wrong with it is not
		s.before, s.lines.err = "send 5 DAI to mum", errors.New("revert: "+p)
	},
	"model error": func(s *stage, p string) {
		s.before, s.listener.err = "it would be lovely if half an ether turned into some dai", errors.New("model: "+p)
	},
	"pasted before": func(s *stage, p string) {
		s.before = `what is this: "` + strings.NewReplacer(`"`, "", "`", "", "“", "", "”", "").Replace(p) + `"`
	},
	"price": func(s *stage, p string) {
		impact := uint64(len(p))
		s.result = tools.Result{Title: fmt.Sprintf("1 ETH = %d USDC", impact), Quote: &swap.Quote{ImpactBps: impact}, Data: impact}
	},
}

// wishes are what is said after. Some are read exactly, some by models alone, some go on with what was said before, some are no
// order, some lack something.
var wishes = append([]string{
	"swap 10 USDC to WETH", "send 0.25 ETH to mum", "send 3 DAI to " + hostile.Friend + " on base", "make it 20 instead", "and on base?", "yes", "the second one",
	"send that to treasury", "send 5 USDC", "do it", "what's my balance", "swap all of it to DAI",
}, hostile.Sentences...)

// told is what comes of a wish after a first run in which a channel carried a payload.
func told(t *testing.T, channel, payload, wish string) (understood string, heard []string, kept string) {
	t.Helper()
	s := newStage(t)
	channels[channel](s, payload)
	session := s.session(t)
	_ = session.Run(t.Context(), s.before, &reader{})
	kept = strings.Join(s.notebook.kept, "\n")
	s.listener.err, s.listener.heard = nil, nil
	s.lines.err = refusal.New(refusal.RPCDown, "the endpoint is down")
	front := &reader{}
	_ = session.Run(t.Context(), wish, front)
	return front.understood(t), s.listener.heard, kept
}

// The same words with any other data around them give the same draft, the same plan, the same questions, and not a byte of
// difference in what a model is asked.
func TestDataChangesNeitherAPlanNorAPrompt(t *testing.T) {
	const triples = 10_000
	attacks, err := hostile.Attacks()
	if err != nil {
		t.Fatal(err)
	}
	type pair struct{ channel, wish string }
	type base struct {
		understood string
		heard      []string
	}
	bases := map[pair]base{}
	names := slices.Sorted(maps.Keys(channels))
	carried, planned, prompts := map[string]int{}, 0, 0
	for i := range triples {
		at := pair{names[i%len(names)], wishes[(i/len(names))%len(wishes)]}
		payload := attacks[(i*7)%len(attacks)].Text
		want, ok := bases[at]
		if !ok {
			want.understood, want.heard, _ = told(t, at.channel, "all is well", at.wish)
			bases[at] = want
		}
		understood, heard, kept := told(t, at.channel, payload, at.wish)
		if understood != want.understood {
			t.Fatalf("%s carries %q, and %q is understood as\n%s\nnot as\n%s", at.channel, payload, at.wish, understood, want.understood)
		}
		if !slices.Equal(heard, want.heard) {
			t.Fatalf("%s carries %q, and for %q a model is asked\n%q\nnot\n%q", at.channel, payload, at.wish, heard, want.heard)
		}
		if strings.Contains(understood, `"planned"`) {
			planned++
		}
		prompts += len(heard) / 2 // each is a prompt and the answers that it allows
		if arrived(kept, payload) {
			carried[at.channel]++
		}
	}
	t.Logf("%d triples: %d end in a plan, models were asked %d times; the first run shows the payload: %v", triples, planned, prompts, carried)
	if planned < triples/10 || prompts < triples/10 {
		t.Errorf("%d plans and %d prompts: too few to have tested anything", planned, prompts)
	}
	for _, c := range []string{"tool result", "tool error", "tool refusal", "plugin text", "chain error", "error of an order", "pasted before"} {
		if carried[c] < triples/len(names)/4 {
			t.Errorf("%s carried %d payloads", c, carried[c])
		}
	}
}

// arrived reports whether the plainest stretch of a payload is in what the first run left behind.
func arrived(kept, payload string) bool {
	words := strings.FieldsFunc(payload, func(r rune) bool { return r > '~' || r < '0' || r == '\\' || r == '<' || r == '>' })
	if len(words) == 0 {
		return false
	}
	longest := slices.MaxFunc(words, func(a, b string) int { return len(a) - len(b) })
	return strings.Contains(kept, longest[:min(len(longest), 40)])
}

var _ agent.Front = (*reader)(nil)
