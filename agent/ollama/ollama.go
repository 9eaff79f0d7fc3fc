// Package ollama is a langchaingo llms.Model over Ollama's own API, for a model that is not trusted.
//
// A prompt with a schema goes through raw generate: our text as it is, the schema as the grammar, no thinking, temperature 0, an
// explicit context and no silent truncation. That is the one way on which every version of Ollama holds the schema; the chat
// endpoint with a schema, and the tools endpoint, are not. A conversation without a schema goes through chat.
//
// Nothing is fetched or made: a missing model is a refusal with the command that gets it. The name of a model says little, since
// whoever reaches the port can put another one behind it, so a Model is bound to the digest that it was opened with, and every
// request compares it again.
//
// Invariant: without Options.AllowRemote no byte leaves this machine. Connections are checked when they are dialled, not by the
// name in the URL; redirects and proxies are not followed; a model that the server would pass on to another host is refused.
package ollama

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/ollama/ollama/api"
	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Options say which model to open and how far it may go. Zero fields other than Model take the defaults.
type Options struct {
	URL         string        // http://127.0.0.1:11434
	Model       string        // name, with or without a tag
	Digest      string        // pinned digest; empty pins what is found
	AllowRemote bool          // other machines and cloud models may answer
	NumCtx      int           // context in tokens, 4096
	MaxTokens   int           // longest answer in tokens, 1024; a call may ask for less
	MaxReply    int           // longest answer in bytes, 32 KiB
	Timeout     time.Duration // of one request with loading the model, 2 minutes
	KeepAlive   time.Duration // how long the server keeps the model in memory, 30 minutes
}

// The defaults of Options.
const (
	DefaultURL       = "http://127.0.0.1:11434"
	defaultNumCtx    = 4096
	defaultMaxTokens = 1024
	defaultMaxReply  = 32 << 10
	defaultTimeout   = 2 * time.Minute
	defaultKeepAlive = 30 * time.Minute
)

// Model is one model of one server, bound to a digest. It is safe for concurrent use.
type Model struct {
	server  server
	opts    Options
	weights string
}

var _ llms.Model = (*Model)(nil)

// New opens a model: the server is recent, the model is there, answers from this machine, and has the pinned digest. It loads
// nothing into memory. The error is a refusal.
func New(ctx context.Context, o Options) (*Model, error) {
	o = o.withDefaults()
	s, err := dial(o)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, min(o.Timeout, questionTimeout))
	defer cancel()
	if _, err := s.version(ctx); err != nil {
		return nil, err
	}
	found, err := s.find(ctx, o.Model)
	if err != nil {
		return nil, err
	}
	if o.Digest == "" {
		o.Digest = found.Digest
	}
	m := &Model{server: s, opts: o}
	if err := m.isPinned(found); err != nil {
		return nil, err
	}
	return m, m.runsHere(ctx)
}

// Digest is the digest that the model is bound to.
func (m *Model) Digest() string { return m.opts.Digest }

// Weights is the sha256 of the model's file of weights, as its card names it; empty where it names none. It says what a model is
// made of, whatever it is called; only the digest binds it.
func (m *Model) Weights() string { return m.weights }

// String names the model for the journal: ollama:NAME@DIGEST, with the digest's first twelve digits.
func (m *Model) String() string {
	return "ollama:" + m.opts.Model + "@" + short(m.opts.Digest)
}

func (o Options) withDefaults() Options {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if o.NumCtx == 0 {
		o.NumCtx = defaultNumCtx
	}
	if o.MaxTokens == 0 {
		o.MaxTokens = defaultMaxTokens
	}
	if o.MaxReply == 0 {
		o.MaxReply = defaultMaxReply
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.KeepAlive == 0 {
		o.KeepAlive = defaultKeepAlive
	}
	o.Digest = strings.TrimPrefix(o.Digest, "sha256:")
	return o
}

// stillPinned asks the server again what stands behind the name.
func (m *Model) stillPinned(ctx context.Context) error {
	found, err := m.server.find(ctx, m.opts.Model)
	if err != nil {
		return err
	}
	return m.isPinned(found)
}

func (m *Model) isPinned(found Installed) error {
	if found.Remote && !m.opts.AllowRemote {
		return refusal.New(refusal.ModelRemote, "%s is served by another host", m.opts.Model)
	}
	if found.Digest != m.opts.Digest {
		return refusal.New(refusal.ModelChanged, "%s is now %s, pinned was %s", m.opts.Model, short(found.Digest), short(m.opts.Digest))
	}
	return nil
}

// runsHere asks for the model's card, the one place where every version names the host that it is passed on to, and the weights.
func (m *Model) runsHere(ctx context.Context) error {
	card, err := m.server.client.Show(ctx, &api.ShowRequest{Model: m.opts.Model})
	if err != nil {
		return m.server.fault(err, "read the card of the model")
	}
	if from := weightsFile.FindStringSubmatch(card.Modelfile); from != nil {
		m.weights = from[1]
	}
	return m.local(card.RemoteModel, card.RemoteHost)
}

// weightsFile is the line of a card that names the file of weights in the server's folder.
var weightsFile = regexp.MustCompile(`(?m)^FROM .*sha256[-:]([0-9a-f]{64})\s*$`)

func (m *Model) local(remoteModel, remoteHost string) error {
	if m.opts.AllowRemote || remoteModel == "" && remoteHost == "" {
		return nil
	}
	return refusal.New(refusal.ModelRemote, "%s is passed on to %s", m.opts.Model, plain(remoteHost))
}

// dial prepares the client; nothing is connected before the first request.
func dial(o Options) (server, error) {
	if o.Model != plain(o.Model) {
		return server{}, refusal.New(refusal.ConfigInvalid, "the model's name holds characters that names don't have")
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return server{}, refusal.New(refusal.ConfigInvalid, "the model's url must look like %s", DefaultURL)
	}
	return server{url: u.Redacted(), client: api.NewClient(u, guarded(o.AllowRemote))}, nil
}

func short(digest string) string {
	return fmt.Sprintf("%.12s", plain(digest))
}
