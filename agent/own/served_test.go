package own_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/own"
	"github.com/keymaker-agent/keymaker/intents"
	"github.com/keymaker-agent/keymaker/refusal"
)

// told is a server that answers one thing.
type told struct {
	llms.Model
	text string
	err  error
}

func (m told) GenerateContent(context.Context, []llms.MessageContent, ...llms.CallOption) (*llms.ContentResponse, error) {
	return &llms.ContentResponse{Choices: []*llms.ContentChoice{{Content: m.text}}}, m.err
}

func TestWhatAServerAnswersIsHeldToTheSentence(t *testing.T) {
	r := intents.Read("swap 10 usdc to eth", intents.DefaultLexicon())
	for text, reason := range map[string]refusal.Reason{
		`["swap","a1","iT1","oT2"]`: "",
		`["swap","a1","iT9","oT2"]`: refusal.Ungrounded,
		`["swap","r1"]`:             refusal.Ungrounded,
		`["a1","swap"]`:             refusal.Ungrounded,
		`["swap","swap","a1","a1"]`: refusal.Ungrounded,
		`[]`:                        refusal.ModelFailed,
		`["swap"`:                   refusal.ModelFailed,
		`{"steps":[]}`:              refusal.ModelFailed,
		`null`:                      refusal.ModelFailed,
		`[1]`:                       refusal.ModelFailed,
		"\x00\xff":                  refusal.ModelFailed,
	} {
		d, err := own.New(own.NewServed(told{text: text}), fixed{}).Plan(t.Context(), r)
		if reason == "" {
			if err != nil || !d.Unsure {
				t.Errorf("%s: without probabilities a draft is not sure: %+v, %v", text, d, err)
			}
			continue
		}
		if !refusal.Is(err, reason) {
			t.Errorf("%s: %v, want %s", text, err, reason)
		}
	}
	_, err := own.New(own.NewServed(told{err: errors.New("\x1b[2Jsecret")}), fixed{}).Plan(t.Context(), r)
	if !refusal.Is(err, refusal.ModelFailed) || bytes.Contains([]byte(err.Error()), []byte("secret")) {
		t.Errorf("a foreign error: %v", err)
	}
}
