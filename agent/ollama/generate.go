package ollama

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/ollama/ollama/api"
	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/refusal"
)

// ErrUnsupported is returned for what langchaingo can ask and this model does not do. Nothing asked for is dropped in silence.
var ErrUnsupported = errors.New("not supported by this model")

// schemaKey is where WithSchema puts the schema in the metadata of a call.
const schemaKey = "keymaker.schema"

// seed makes a request repeatable as far as the server allows; llms.WithSeed replaces it.
const seed = 7

// WithSchema makes the reply follow a JSON Schema. The prompt is then sent raw, exactly as the messages spell it.
func WithSchema(schema json.RawMessage) llms.CallOption {
	return func(o *llms.CallOptions) { o.Metadata = noted(o.Metadata, schemaKey, schema) }
}

// noted returns metadata with one more entry; the caller's own stays as it is.
func noted(metadata map[string]any, key string, value any) map[string]any {
	with := maps.Clone(metadata)
	if with == nil {
		with = map[string]any{}
	}
	with[key] = value
	return with
}

// SchemaOf is the schema that WithSchema put into the options, nil where it did not. A model in a test reads it.
func SchemaOf(o llms.CallOptions) json.RawMessage {
	schema, _ := o.Metadata[schemaKey].(json.RawMessage)
	return schema
}

// rawKey is where WithRaw leaves its mark in the metadata of a call.
const rawKey = "keymaker.raw"

// WithRaw sends the prompt raw without any schema: the model goes on with the text as it likes. An answer that is cut is one, too.
func WithRaw() llms.CallOption {
	return func(o *llms.CallOptions) { o.Metadata = noted(o.Metadata, rawKey, true) }
}

// logprobsKey is where WithLogprobs leaves its mark in the metadata of a call.
const logprobsKey = "keymaker.logprobs"

// WithLogprobs asks how probable each token of the reply was to the model; ProbabilitiesOf reads it. It is what the model itself gave,
// before the schema took away what may not be said: a low one tells that the schema had to push.
func WithLogprobs() llms.CallOption {
	return func(o *llms.CallOptions) { o.Metadata = noted(o.Metadata, logprobsKey, true) }
}

func noticed(o llms.CallOptions, key string) bool {
	set, _ := o.Metadata[key].(bool)
	return set
}

// Call asks with a single prompt.
func (m *Model) Call(ctx context.Context, prompt string, options ...llms.CallOption) (string, error) {
	return llms.GenerateFromSinglePrompt(ctx, m, prompt, options...)
}

// GenerateContent asks the model. The answer has one choice, or there is an error: a refusal, ErrUnsupported, or what the
// streaming function returned.
func (m *Model) GenerateContent(ctx context.Context, messages []llms.MessageContent, options ...llms.CallOption) (*llms.ContentResponse, error) {
	var opts llms.CallOptions
	for _, option := range options {
		option(&opts)
	}
	if err := m.does(opts); err != nil {
		return nil, err
	}
	lines, err := conversation(messages)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, m.opts.Timeout)
	defer cancel()
	if err := m.stillPinned(ctx); err != nil {
		return nil, err
	}
	r := &reply{model: m, stream: opts.StreamingFunc}
	if schema := SchemaOf(opts); schema != nil || noticed(opts, rawKey) {
		r.whole = schema != nil
		err = m.generate(ctx, lines, schema, opts, r)
	} else {
		err = m.chat(ctx, lines, opts, r)
	}
	if r.stopped != nil {
		return nil, r.stopped
	}
	if err != nil {
		return nil, m.server.fault(err, "ask "+m.opts.Model)
	}
	return r.finish()
}

// does refuses what would otherwise have to be dropped.
func (m *Model) does(o llms.CallOptions) error {
	switch {
	case o.Model != "" && o.Model != m.opts.Model:
		return fmt.Errorf("%w: another model than %s", ErrUnsupported, m.opts.Model)
	case len(o.Tools) > 0 || len(o.Functions) > 0:
		return fmt.Errorf("%w: tools in the call; describe them in the prompt", ErrUnsupported)
	case o.JSONMode:
		return fmt.Errorf("%w: JSON without a schema; use WithSchema", ErrUnsupported)
	case o.N > 1 || o.CandidateCount > 1:
		return fmt.Errorf("%w: more than one answer", ErrUnsupported)
	case o.StreamingReasoningFunc != nil:
		return fmt.Errorf("%w: thinking", ErrUnsupported)
	}
	return nil
}

func (m *Model) generate(ctx context.Context, lines []api.Message, schema json.RawMessage, opts llms.CallOptions, r *reply) error {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Content
	}
	return m.server.client.Generate(ctx, &api.GenerateRequest{
		Model:     m.opts.Model,
		Prompt:    strings.Join(texts, "\n"),
		Raw:       true,
		Format:    schema,
		Think:     &api.ThinkValue{Value: false},
		Truncate:  new(bool),
		Shift:     new(bool),
		KeepAlive: &api.Duration{Duration: m.opts.KeepAlive},
		Logprobs:  noticed(opts, logprobsKey),
		Options:   m.settings(opts),
	}, func(p api.GenerateResponse) error {
		return r.take(ctx, part{p.Response, p.RemoteModel, p.RemoteHost, p.Done, p.DoneReason, p.Metrics, p.Logprobs})
	})
}

func (m *Model) chat(ctx context.Context, lines []api.Message, opts llms.CallOptions, r *reply) error {
	return m.server.client.Chat(ctx, &api.ChatRequest{
		Model:     m.opts.Model,
		Messages:  lines,
		Think:     &api.ThinkValue{Value: false},
		Truncate:  new(bool),
		Shift:     new(bool),
		KeepAlive: &api.Duration{Duration: m.opts.KeepAlive},
		Logprobs:  noticed(opts, logprobsKey),
		Options:   m.settings(opts),
	}, func(p api.ChatResponse) error {
		return r.take(ctx, part{p.Message.Content, p.RemoteModel, p.RemoteHost, p.Done, p.DoneReason, p.Metrics, p.Logprobs})
	})
}

func (m *Model) settings(o llms.CallOptions) map[string]any {
	set := map[string]any{
		"num_ctx":     m.opts.NumCtx,
		"num_predict": m.opts.MaxTokens,
		"temperature": o.Temperature,
		"seed":        seed,
	}
	if o.MaxTokens > 0 {
		set["num_predict"] = min(o.MaxTokens, m.opts.MaxTokens)
	}
	if o.Seed != 0 {
		set["seed"] = o.Seed
	}
	if o.TopK > 0 {
		set["top_k"] = o.TopK
	}
	if o.TopP > 0 {
		set["top_p"] = o.TopP
	}
	if o.RepetitionPenalty > 0 {
		set["repeat_penalty"] = o.RepetitionPenalty
	}
	if len(o.StopWords) > 0 {
		set["stop"] = o.StopWords
	}
	return set
}

// conversation spells langchaingo's messages for Ollama. Only text can be told.
func conversation(messages []llms.MessageContent) ([]api.Message, error) {
	lines := make([]api.Message, len(messages))
	for i, msg := range messages {
		role, ok := roles[msg.Role]
		if !ok {
			return nil, fmt.Errorf("%w: messages of role %q", ErrUnsupported, msg.Role)
		}
		var text strings.Builder
		for _, part := range msg.Parts {
			t, ok := part.(llms.TextContent)
			if !ok {
				return nil, fmt.Errorf("%w: %T in a message", ErrUnsupported, part)
			}
			text.WriteString(t.Text)
		}
		lines[i] = api.Message{Role: role, Content: text.String()}
	}
	return lines, nil
}

var roles = map[llms.ChatMessageType]string{
	llms.ChatMessageTypeSystem:  "system",
	llms.ChatMessageTypeHuman:   "user",
	llms.ChatMessageTypeGeneric: "user",
	llms.ChatMessageTypeAI:      "assistant",
}

// reply gathers the parts of an answer as they come, and stops reading at the first that is wrong.
type reply struct {
	model   *Model
	stream  func(ctx context.Context, chunk []byte) error
	whole   bool // an answer that was cut is of no use
	text    strings.Builder
	done    bool
	reason  string
	metrics api.Metrics
	tokens  []api.Logprob
	stopped error // why reading was stopped from here
}

// part is a piece of an answer, from either endpoint.
type part struct {
	text                    string
	remoteModel, remoteHost string
	done                    bool
	reason                  string
	metrics                 api.Metrics
	tokens                  []api.Logprob
}

func (r *reply) take(ctx context.Context, p part) error {
	if r.stopped = r.accept(ctx, p.text, p.remoteModel, p.remoteHost); r.stopped != nil {
		return r.stopped
	}
	r.tokens = append(r.tokens, p.tokens...)
	if p.done {
		r.done, r.reason, r.metrics = true, p.reason, p.metrics
	}
	return nil
}

func (r *reply) accept(ctx context.Context, text, remoteModel, remoteHost string) error {
	if err := r.model.local(remoteModel, remoteHost); err != nil {
		return err
	}
	if r.done {
		return refusal.New(refusal.ModelFailed, "%s went on after its end", r.model.opts.Model)
	}
	if r.text.Len()+len(text) > r.model.opts.MaxReply {
		return refusal.New(refusal.ModelFailed, "%s answered more than %d bytes", r.model.opts.Model, r.model.opts.MaxReply)
	}
	r.text.WriteString(text)
	if r.stream == nil || text == "" {
		return nil
	}
	return r.stream(ctx, []byte(text))
}

func (r *reply) finish() (*llms.ContentResponse, error) {
	name := r.model.opts.Model
	switch {
	case !r.done:
		return nil, refusal.New(refusal.ModelFailed, "the answer of %s broke off", name)
	case strings.TrimSpace(r.text.String()) == "":
		return nil, refusal.New(refusal.ModelFailed, "%s answered nothing", name)
	case r.metrics.PromptEvalCount >= r.model.opts.NumCtx:
		return nil, refusal.New(refusal.ModelFailed, "the prompt fills the whole context of %d tokens", r.model.opts.NumCtx)
	case r.whole && r.reason == "length":
		return nil, refusal.New(refusal.ModelFailed, "the answer of %s was cut after %d tokens", name, r.metrics.EvalCount)
	}
	info := map[string]any{
		"PromptTokens":     r.metrics.PromptEvalCount,
		"CompletionTokens": r.metrics.EvalCount,
		"TotalTokens":      r.metrics.PromptEvalCount + r.metrics.EvalCount,
	}
	if p, ok := probabilities(r.tokens); ok {
		info[probabilitiesKey] = p
	}
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: r.text.String(), StopReason: r.reason, GenerationInfo: info}}}, nil
}
