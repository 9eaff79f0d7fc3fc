package conformance

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// ExecutionAPIs is execution-apis' recorded JSON-RPC conversations, and the chain that they are about. Package
// conformance/recorded runs go-ethereum on that chain; it links a whole node, so it is another package.
//
//	suite := conformance.OpenExecutionAPIs(t)
//	node := recorded.Start(t, suite)                     // archive node at the recording's head: node.URL, node.Client
//	url := startForkServer(t, node.URL)                  // forked at the head
//	exact := suite.Replay(t.Context(), url, conformance.Exact, conformance.NotOnAFork)
//	calls := suite.Replay(t.Context(), url, conformance.ByCalls, conformance.OnlySimulate)
//	t.Log(exact, calls)
//	exact.Require(t)
type ExecutionAPIs struct {
	dir        string            // empty until there is a recording
	own        bool              // the recording is our own
	Exceptions map[string]string // from a conversation's name to why it fails; set by who replays
}

// ExecutionAPIsVariable names the folder that holds tests/, where it is elsewhere than in the shared data.
const ExecutionAPIsVariable = "KEYMAKER_EXECUTION_APIS"

// OpenExecutionAPIs finds the suite. Where there is none it is empty, and recorded.Start makes a small recording of its own.
func OpenExecutionAPIs(t testing.TB) *ExecutionAPIs {
	t.Helper()
	return &ExecutionAPIs{dir: locate(t, ExecutionAPIsVariable, "execution-apis.tar.xz")}
}

// Recorded says whether there is a recording.
func (s *ExecutionAPIs) Recorded() bool { return s.dir != "" }

// Use takes an own recording, in a folder that holds tests/.
func (s *ExecutionAPIs) Use(dir string) { s.dir, s.own = dir, true }

// Chain is the folder of chain.rlp, genesis.json and headfcu.json.
func (s *ExecutionAPIs) Chain() string { return filepath.Join(s.dir, "tests") }

// Conversation is one recorded test: requests with their answers, in order.
type Conversation struct {
	Name      string // method/test
	Method    string // what it is about: its folder
	SpecOnly  bool   // answers differ between right nodes, so only their structure is compared
	Exchanges []Exchange
}

// Exchange is a request and its recorded answer.
type Exchange struct{ Request, Answer json.RawMessage }

// A Comparer says how an answer differs from the recorded one.
type Comparer func(c *Conversation, want, got json.RawMessage) error

// A Selection says why a conversation is not replayed; empty: it is.
type Selection func(c *Conversation) string

// All leaves nothing out.
func All(*Conversation) string { return "" }

// OnlySimulate leaves out all but eth_simulateV1.
func OnlySimulate(c *Conversation) string {
	if c.Method != "eth_simulateV1" {
		return "not eth_simulateV1"
	}
	return ""
}

// group is a set of methods that a fork is not asked about.
type group struct {
	reason  string
	methods []string
}

// notOnAFork are the conversations that make no sense on a fork, which is one block of a remote and what is laid on it.
var notOnAFork = []group{
	{"builds blocks for a consensus client, which a fork has none of", []string{"testing_buildBlockV1"}},
	{"changes the chain: a fork seals what it is sent, so all later answers would be about another head", []string{"eth_sendRawTransaction"}},
	{"shows a pool with what was sent before, which a fork doesn't keep waiting", []string{"txpool_content", "txpool_contentFrom", "txpool_status"}},
	{
		"wants the encoded blocks of the remote's past, which plain reads don't give",
		[]string{"debug_getRawBlock", "debug_getRawHeader", "debug_getRawReceipts", "debug_getRawTransaction"},
	},
	{
		"re-runs blocks of the remote's past under the rules of their time",
		[]string{"debug_traceBlockByHash", "debug_traceBlockByNumber", "debug_traceTransaction"},
	},
	{"tells what a node keeps of its own history", []string{"eth_capabilities"}},
	{"tells the schedule of the chain's forks; a fork has the rules of its block for ever", []string{"eth_config"}},
}

// NotOnAFork leaves out what makes no sense on a fork.
func NotOnAFork(c *Conversation) string {
	for _, g := range notOnAFork {
		if slices.Contains(g.methods, c.Method) {
			return g.reason
		}
	}
	return ""
}

// Conversations yields the conversations in the order of their names.
func (s *ExecutionAPIs) Conversations() iter.Seq2[*Conversation, error] {
	return func(yield func(*Conversation, error) bool) {
		if !s.Recorded() {
			yield(nil, errors.New("there is no recording: start the node with recorded.Start, which makes one"))
			return
		}
		for file, err := range files(s.Chain(), ".io") {
			if err != nil {
				yield(nil, err)
				return
			}
			raw, err := readFile(s.Chain(), file)
			if err != nil {
				yield(nil, err)
				return
			}
			c, err := parseConversation(strings.TrimSuffix(file, ".io"), raw)
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// parseConversation reads lines: "// " comments, ">> " requests and "<< " answers. A comment before the first request that
// begins with speconly: says that only the structure counts.
func parseConversation(name string, raw []byte) (*Conversation, error) {
	c := &Conversation{Name: name}
	c.Method, _, _ = strings.Cut(name, "/")
	lines := bufio.NewScanner(bytes.NewReader(raw))
	lines.Buffer(nil, mostFile)
	var asked json.RawMessage
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		mark, rest := line[:min(2, len(line))], strings.TrimSpace(line[min(2, len(line)):])
		switch mark {
		case "":
			continue
		case "//":
			c.SpecOnly = c.SpecOnly || len(c.Exchanges) == 0 && asked == nil && strings.HasPrefix(rest, "speconly:")
			continue
		case ">>", "<<":
		default:
			return nil, fmt.Errorf("%s: line %d is neither comment, request nor answer", name, n)
		}
		if !json.Valid([]byte(rest)) || (mark == ">>") != (asked == nil) {
			return nil, fmt.Errorf("%s: line %d is no JSON, or out of turn", name, n)
		}
		if mark == ">>" {
			asked = json.RawMessage(rest)
			continue
		}
		c.Exchanges = append(c.Exchanges, Exchange{Request: asked, Answer: json.RawMessage(rest)})
		asked = nil
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if asked != nil || len(c.Exchanges) == 0 {
		return nil, fmt.Errorf("%s: a request without its answer", name)
	}
	return c, nil
}

// Replay has the conversations with a server, one after the other, and compares.
func (s *ExecutionAPIs) Replay(ctx context.Context, url string, compare Comparer, leave Selection) *Tally {
	tally := NewTally(suiteName("execution-apis", s.own), s.Exceptions)
	for c := range loaded(ctx, tally, s.Conversations()) {
		if reason := leave(c); reason != "" {
			tally.LeaveOut(reason)
			continue
		}
		tally.Count(c.Name, c.Replay(ctx, url, compare))
	}
	return tally
}

// Replay has one conversation with a server. It goes on to the end, and says the first difference.
func (c *Conversation) Replay(ctx context.Context, url string, compare Comparer) error {
	var first error
	for i, x := range c.Exchanges {
		got, err := post(ctx, url, x.Request)
		if err == nil {
			err = compare(c, x.Answer, got)
		}
		if err != nil && first == nil {
			first = fmt.Errorf("answer %d: %w", i+1, err)
		}
	}
	return first
}

// post sends one request as it is written.
func post(ctx context.Context, url string, request []byte) (json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(request))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, mostFile))
	if err != nil {
		return nil, err
	}
	if !json.Valid(body) {
		return nil, errors.New("the answer is no JSON: " + clip(string(body)))
	}
	return body, nil
}

func clip(s string) string {
	const most = 160
	if len(s) > most {
		return s[:most] + "..."
	}
	return s
}
