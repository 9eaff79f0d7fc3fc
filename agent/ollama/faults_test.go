package ollama_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/tmc/langchaingo/llms"

	"github.com/keymaker-agent/keymaker/agent/ollama"
	"github.com/keymaker-agent/keymaker/refusal"
)

// fake is an Ollama that says what it is told to.
type fake struct {
	version, tags, card, running string
	answer                       http.HandlerFunc // to generate and chat
	asked                        []byte           // the last request that answer got
}

func healthy() *fake {
	return &fake{
		version: `{"version":"0.17.4"}`,
		tags:    `{"models":[{"name":"small:latest","digest":"aaaaaaaaaaaaaaaa","size":7}]}`,
		card:    `{"capabilities":["completion"]}`,
		running: `{"models":[{"name":"small:latest","digest":"aaaaaaaaaaaaaaaa","size":200,"size_vram":150}]}`,
		answer:  lines(`{"response":"{\"colour\":","done":false}`, `{"response":"\"teal\"}","done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4}`),
	}
}

func lines(all ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, l := range all {
			io.WriteString(w, l+"\n")
		}
	}
}

func (f *fake) serve(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	say := func(text *string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, *text) }
	}
	mux.HandleFunc("GET /api/version", say(&f.version))
	mux.HandleFunc("GET /api/tags", say(&f.tags))
	mux.HandleFunc("GET /api/ps", say(&f.running))
	mux.HandleFunc("POST /api/show", say(&f.card))
	answer := func(w http.ResponseWriter, r *http.Request) {
		f.asked, _ = io.ReadAll(r.Body)
		f.answer(w, r)
	}
	mux.HandleFunc("POST /api/generate", answer)
	mux.HandleFunc("POST /api/chat", answer)
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was asked; the server may only be read", r.Method, r.URL)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, f *fake) *ollama.Model {
	t.Helper()
	model, err := ollama.New(t.Context(), ollama.Options{URL: f.serve(t), Model: "small", Timeout: 500 * time.Millisecond, MaxReply: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func ask(t *testing.T, model *ollama.Model) (string, error) {
	t.Helper()
	return model.Call(t.Context(), "teal or ochre?", ollama.WithSchema(json.RawMessage(colours)))
}

func TestEveryBrokenAnswerIsANamedRefusal(t *testing.T) {
	big := strings.Repeat("x", 400)
	for name, answer := range map[string]http.HandlerFunc{
		"nothing at all":          lines(),
		"empty reply":             lines(`{"response":"","done":true}`),
		"blank reply":             lines(`{"response":" \n\t","done":true}`),
		"only thoughts":           lines(`{"response":"","thinking":"hm","done":true}`),
		"no JSON":                 lines(`<html>welcome</html>`),
		"half a line of JSON":     lines(`{"response":"{\"colour\":`),
		"another shape":           lines(`{"response":["a"],"done":"yes"}`),
		"a list":                  lines(`[1,2,3]`),
		"broken off":              lines(`{"response":"{\"colour\":","done":false}`),
		"an error in the middle":  lines(`{"response":"{","done":false}`, `{"error":"the runner died"}`),
		"cut by length":           lines(`{"response":"{\"colour\":","done":true,"done_reason":"length"}`),
		"on after its end":        lines(`{"response":"{}","done":true}`, `{"response":"{}","done":true}`),
		"more than may be said":   lines(`{"response":"`+big+`"}`, `{"response":"`+big+`"}`, `{"response":"`+big+`"}`, `{"response":"","done":true}`),
		"prompt fills context":    lines(`{"response":"{}","done":true,"prompt_eval_count":4096}`),
		"hostile bytes":           lines("\x1b[2J\x00\xff\xfe\u202e{\"response\":"),
		"server error":            status(500, `{"error":"out of memory"}`),
		"server error, not JSON":  status(503, "\x1b[31mgo away\u202e"),
		"unauthorized":            status(401, `{"error":"sign in","signin_url":"http://evil"}`),
		"an endless line":         endless("x"),
		"endless empty parts":     endless(`{"response":"","done":false}` + "\n"),
		"silence":                 func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"silence after the start": stall(`{"response":"{","done":false}`),
		"connection cut":          cut(`{"response":"{","done":false}`),
	} {
		t.Run(name, func(t *testing.T) {
			f := healthy()
			f.answer = answer
			text, err := ask(t, open(t, f))
			if !refusal.Is(err, refusal.ModelFailed) {
				t.Fatalf("got %q, %v", text, err)
			}
			if len(err.Error()) > 400 || strings.ContainsFunc(err.Error(), unicode.IsControl) || strings.ContainsRune(err.Error(), '\u202e') {
				t.Errorf("foreign bytes are shown as they came: %q", err)
			}
		})
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		io.WriteString(w, body)
	}
}

// endless repeats a text until nobody listens.
func endless(text string) http.HandlerFunc {
	block := bytes.Repeat([]byte(text), 1+1<<16/len(text))
	return func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	}
}

func stall(line string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, line+"\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

func cut(line string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, line+"\n")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
}

func TestARequestIsRawBoundAndRepeatable(t *testing.T) {
	f := healthy()
	text, err := ask(t, open(t, f))
	if err != nil || text != `{"colour":"teal"}` {
		t.Fatalf("%q, %v", text, err)
	}
	var got map[string]any
	if err := json.Unmarshal(f.asked, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]any{
		"model": "small", "prompt": "teal or ochre?", "raw": true, "think": false, "truncate": false, "shift": false, "keep_alive": "30m0s",
	} {
		if got[key] != want {
			t.Errorf("%s is %v, want %v", key, got[key], want)
		}
	}
	if set := got["options"].(map[string]any); set["temperature"] != 0.0 || set["num_ctx"] != 4096.0 || set["seed"] == nil || set["num_predict"] == nil {
		t.Errorf("options %v", set)
	}
	if schema, _ := json.Marshal(got["format"]); !bytes.Contains(schema, []byte("ochre")) {
		t.Errorf("the schema went out as %s", schema)
	}
}

func TestARawAnswerHasNoSchemaAndMayBeCut(t *testing.T) {
	f := healthy()
	f.answer = lines(`{"response":"once upon","done":true,"done_reason":"length"}`)
	text, err := open(t, f).Call(t.Context(), "tell", ollama.WithRaw(), llms.WithMaxTokens(2))
	if err != nil || text != "once upon" {
		t.Fatalf("%q, %v", text, err)
	}
	if !bytes.Contains(f.asked, []byte(`"prompt":"tell"`)) || !bytes.Contains(f.asked, []byte(`"raw":true`)) || bytes.Contains(f.asked, []byte(`"format"`)) {
		t.Errorf("asked: %s", f.asked)
	}
}

func TestASchemaKeepsTheOrderOfItsKeys(t *testing.T) {
	f := healthy()
	if _, err := ask(t, open(t, f)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(f.asked, []byte(`"format":`+colours)) {
		t.Errorf("the schema was rewritten: %s", f.asked)
	}
}

func TestWithSchemaLeavesOtherMetadataAlone(t *testing.T) {
	meta := map[string]any{"trace": "x"}
	var o llms.CallOptions
	llms.WithMetadata(meta)(&o)
	ollama.WithSchema(json.RawMessage(`{}`))(&o)
	if o.Metadata["trace"] != "x" || string(ollama.SchemaOf(o)) != `{}` || len(meta) != 1 {
		t.Errorf("metadata %v, the caller's %v", o.Metadata, meta)
	}
}

func TestOnlyThisMachineMayAnswer(t *testing.T) {
	for _, url := range []string{"http://192.0.2.1:11434", "http://[2001:db8::1]:11434", "http://0.0.0.0:1", "http://169.254.169.254"} {
		_, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: "small"})
		if !refusal.Is(err, refusal.ModelRemote) {
			t.Errorf("%s: %v", url, err)
		}
	}

	t.Run("a redirect is not followed", func(t *testing.T) {
		target := healthy().serve(t)
		server := httptest.NewServer(http.RedirectHandler(target, http.StatusTemporaryRedirect))
		defer server.Close()
		_, err := ollama.New(t.Context(), ollama.Options{URL: server.URL, Model: "small"})
		if !refusal.Is(err, refusal.ModelRemote) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a proxy of the environment is not used", func(t *testing.T) {
		t.Setenv("HTTP_PROXY", "http://192.0.2.1:3128")
		if _, err := ask(t, open(t, healthy())); err != nil {
			t.Error(err)
		}
	})

	elsewhere := `"remote_model":"big","remote_host":"https://ollama.example"`
	t.Run("a model that the list calls remote", func(t *testing.T) {
		f := healthy()
		f.tags = `{"models":[{"name":"small:latest","digest":"aaaaaaaaaaaaaaaa",` + elsewhere + `}]}`
		expectRemote(t, f)
	})
	t.Run("a model whose card says so", func(t *testing.T) {
		f := healthy()
		f.card = `{` + elsewhere + `}`
		expectRemote(t, f)
	})
	t.Run("a model that becomes remote later", func(t *testing.T) {
		f := healthy()
		model := open(t, f)
		f.tags = `{"models":[{"name":"small:latest","digest":"aaaaaaaaaaaaaaaa",` + elsewhere + `}]}`
		if _, err := ask(t, model); !refusal.Is(err, refusal.ModelRemote) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("an answer that says so", func(t *testing.T) {
		f := healthy()
		f.answer = lines(`{"response":"{}","done":true,` + elsewhere + `}`)
		if _, err := ask(t, open(t, f)); !refusal.Is(err, refusal.ModelRemote) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("unless it is allowed", func(t *testing.T) {
		f := healthy()
		f.card = `{` + elsewhere + `}`
		f.answer = lines(`{"response":"{}","done":true,` + elsewhere + `}`)
		model, err := ollama.New(t.Context(), ollama.Options{URL: f.serve(t), Model: "small", AllowRemote: true})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ask(t, model); err != nil {
			t.Error(err)
		}
	})
}

func expectRemote(t *testing.T, f *fake) {
	t.Helper()
	_, err := ollama.New(t.Context(), ollama.Options{URL: f.serve(t), Model: "small"})
	if !refusal.Is(err, refusal.ModelRemote) {
		t.Errorf("got %v", err)
	}
}

func TestAModelIsBoundToItsDigest(t *testing.T) {
	f := healthy()
	model := open(t, f)
	if model.Digest() != "aaaaaaaaaaaaaaaa" || model.String() != "ollama:small@aaaaaaaaaaaa" {
		t.Errorf("%s has digest %s", model, model.Digest())
	}
	f.tags = strings.ReplaceAll(f.tags, "aaaa", "bbbb")
	if _, err := ask(t, model); !refusal.Is(err, refusal.ModelChanged) {
		t.Errorf("another digest: %v", err)
	}
	f.tags = `{"models":[]}`
	if _, err := ask(t, model); !refusal.Is(err, refusal.ModelFailed) {
		t.Errorf("the model is gone: %v", err)
	}
	if f.asked != nil {
		t.Errorf("a model that is not the pinned one was asked: %s", f.asked)
	}

	url := healthy().serve(t)
	for pin, want := range map[string]bool{"aaaaaaaaaaaaaaaa": true, "sha256:aaaaaaaaaaaaaaaa": true, "aaaaaaaaaaaa": false, "bbbb": false} {
		_, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: "small", Digest: pin})
		if got := err == nil; got != want || !want && !refusal.Is(err, refusal.ModelChanged) {
			t.Errorf("pinned %s: %v", pin, err)
		}
	}
}

func TestTheCardNamesTheWeights(t *testing.T) {
	digest := strings.Repeat("0a", 32)
	for card, want := range map[string]string{
		`{"modelfile":"# made here\nFROM /var/models/blobs/sha256-` + digest + `\nTEMPLATE {{ .Prompt }}\n"}`: digest,
		`{"modelfile":"FROM small:latest\n"}`:                  "",
		`{"modelfile":"LICENSE sha256-` + digest + `"}`:        "",
		`{"modelfile":"FROM sha256-` + digest + `0a\nSYSTEM"}`: "",
		`{}`: "",
	} {
		f := healthy()
		f.card = card
		if got := open(t, f).Weights(); got != want {
			t.Errorf("%s: %q", card, got)
		}
	}
}

func TestAnOldServerIsRefused(t *testing.T) {
	for version, ok := range map[string]bool{
		"0.17.1": true, "0.17.4": true, "0.34.2": true, "1.0.0": true, "0.18.0-rc1": true,
		"0.17.0": false, "0.16.9": false, "0.17.1-rc0": false, "0.0.0": false, "": false, "latest": false, "0.17": false, "0.17.4.1": false,
	} {
		f := healthy()
		f.version = fmt.Sprintf(`{"version":%q}`, version)
		_, err := ollama.New(t.Context(), ollama.Options{URL: f.serve(t), Model: "small"})
		if got := err == nil; got != ok || !ok && !refusal.Is(err, refusal.ModelFailed) {
			t.Errorf("version %q: %v", version, err)
		}
	}
}

func TestOpeningNamesWhatIsWrong(t *testing.T) {
	down := httptest.NewServer(http.NotFoundHandler())
	down.Close()
	_, err := ollama.New(t.Context(), ollama.Options{URL: down.URL, Model: "small"})
	if r, ok := refusal.As(err); !ok || r.Reason != refusal.ModelFailed || !strings.Contains(r.Hint, "ollama serve") {
		t.Errorf("no server: %v", err)
	}
	for _, url := range []string{"127.0.0.1:11434", "ftp://127.0.0.1", "http://", "::"} {
		if _, err := ollama.New(t.Context(), ollama.Options{URL: url, Model: "small"}); !refusal.Is(err, refusal.ConfigInvalid) {
			t.Errorf("url %q: %v", url, err)
		}
	}
	if _, err := ollama.New(t.Context(), ollama.Options{Model: "small\x1b[2J"}); !refusal.Is(err, refusal.ConfigInvalid) {
		t.Errorf("hostile name: %v", err)
	}
	for _, foreign := range []string{"", "null", "[]", `{"models":3}`, "\x00\xff", strings.Repeat(" ", 9<<20)} {
		f := healthy()
		f.tags = foreign
		if _, err := ollama.New(t.Context(), ollama.Options{URL: f.serve(t), Model: "small"}); !refusal.Is(err, refusal.ModelFailed) {
			t.Errorf("list of %d bytes: %v", len(foreign), err)
		}
	}
}

func TestACancelledCallIsInterrupted(t *testing.T) {
	f := healthy()
	f.answer = stall(`{"response":"{","done":false}`)
	model := open(t, f)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := model.Call(ctx, "hi", ollama.WithSchema(json.RawMessage(`{}`)), llms.WithStreamingFunc(func(context.Context, []byte) error {
		cancel()
		return nil
	}))
	if !refusal.Is(err, refusal.Interrupted) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestWhatTheListenerReturnsEndsTheCall(t *testing.T) {
	enough := errors.New("enough")
	_, err := open(t, healthy()).Call(t.Context(), "hi", ollama.WithSchema(json.RawMessage(`{}`)), llms.WithStreamingFunc(func(context.Context, []byte) error {
		return enough
	}))
	if !errors.Is(err, enough) {
		t.Errorf("got %v", err)
	}
}

func TestNothingThatIsAskedForIsDropped(t *testing.T) {
	model := open(t, healthy())
	image := []llms.MessageContent{{Role: llms.ChatMessageTypeHuman, Parts: []llms.ContentPart{llms.BinaryPart("image/png", []byte{1})}}}
	words := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "hi")}
	tool := []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeTool, "42")}
	for name, c := range map[string]struct {
		messages []llms.MessageContent
		option   llms.CallOption
	}{
		"tools":         {words, llms.WithTools([]llms.Tool{{Type: "function"}})},
		"another model": {words, llms.WithModel("big")},
		"any JSON":      {words, llms.WithJSONMode()},
		"many answers":  {words, llms.WithN(3)},
		"thinking":      {words, llms.WithStreamingReasoningFunc(func(context.Context, []byte, []byte) error { return nil })},
		"an image":      {image, llms.WithSeed(1)},
		"a tool's role": {tool, llms.WithSeed(1)},
	} {
		if _, err := model.GenerateContent(t.Context(), c.messages, c.option); !errors.Is(err, ollama.ErrUnsupported) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAConversationKeepsItsRoles(t *testing.T) {
	f := healthy()
	f.answer = lines(`{"message":{"role":"assistant","content":"Par"}}`, `{"message":{"role":"assistant","content":"is"},"done":true,"done_reason":"length"}`)
	answer, err := open(t, f).GenerateContent(t.Context(), []llms.MessageContent{
		llms.TextParts(llms.ChatMessageTypeSystem, "be short"),
		llms.TextParts(llms.ChatMessageTypeHuman, "capital of ", "France?"),
	}, llms.WithMaxTokens(2), llms.WithStopWords([]string{"\n"}), llms.WithTemperature(0.5))
	if err != nil || answer.Choices[0].Content != "Paris" || answer.Choices[0].StopReason != "length" {
		t.Fatalf("%+v, %v", answer, err)
	}
	for _, want := range []string{
		`{"role":"system","content":"be short"}`, `{"role":"user","content":"capital of France?"}`, `"num_predict":2`, `"stop":["\n"]`, `"temperature":0.5`,
	} {
		if !bytes.Contains(f.asked, []byte(want)) {
			t.Errorf("%s is not in %s", want, f.asked)
		}
	}
}

func TestAbsentProbabilitiesAreToldApartFromLowOnes(t *testing.T) {
	const certain, doubted = `{"response":"{","logprobs":[{"token":"{","logprob":0}]}`, `{"response":"}","logprobs":[{"token":"}","logprob":-1.3862943611198906}],"done":true}`
	for name, c := range map[string]struct {
		lines []string
		told  bool
	}{
		"low ones":              {[]string{certain, doubted}, true},
		"none":                  {[]string{`{"response":"{}","done":true}`}, false},
		"null":                  {[]string{`{"response":"{}","logprobs":null,"done":true}`}, false},
		"more likely than sure": {[]string{`{"response":"{}","logprobs":[{"token":"{}","logprob":0.7}],"done":true}`}, false},
	} {
		t.Run(name, func(t *testing.T) {
			f := healthy()
			f.answer = lines(c.lines...)
			answer, err := open(t, f).GenerateContent(
				t.Context(), []llms.MessageContent{llms.TextParts(llms.ChatMessageTypeHuman, "hi")}, ollama.WithSchema(json.RawMessage(`{}`)), ollama.WithLogprobs(),
			)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(f.asked, []byte(`"logprobs":true`)) {
				t.Errorf("the server was not asked for them: %s", f.asked)
			}
			got, told := ollama.ProbabilitiesOf(answer.Choices[0])
			if told != c.told {
				t.Fatalf("told is %t: %+v", told, got)
			}
			if told && (math.Abs(got.Least-0.25) > 1e-9 || math.Abs(got.Mean-0.625) > 1e-9 || len(got.Tokens) != 2 || got.Tokens[1].Text != "}") {
				t.Errorf("%+v", got)
			}
		})
	}

	f := healthy()
	if _, err := ask(t, open(t, f)); err != nil || bytes.Contains(f.asked, []byte("logprobs")) {
		t.Errorf("asked without being wanted: %s, %v", f.asked, err)
	}
}

func TestTheStatusTellsTheShareInGPUMemory(t *testing.T) {
	status, err := ollama.Inspect(t.Context(), ollama.Options{URL: healthy().serve(t)})
	if err != nil {
		t.Fatal(err)
	}
	if status.Version != "0.17.4" || len(status.Loaded) != 1 || status.Loaded[0].GPUPercent() != 75 {
		t.Errorf("%+v", status)
	}
	for _, l := range []ollama.Loaded{{}, {Size: 0, VRAM: 5}, {Size: -1, VRAM: -1}} {
		if l.GPUPercent() != 0 {
			t.Errorf("%+v is %d%% in GPU memory", l, l.GPUPercent())
		}
	}
	if (ollama.Loaded{Size: 5, VRAM: 9}).GPUPercent() != 100 {
		t.Error("more than all")
	}
}

func TestTheStatusOfAnOldServerStillNamesItsVersion(t *testing.T) {
	f := healthy()
	f.version = `{"version":"0.9.0"}`
	status, err := ollama.Inspect(t.Context(), ollama.Options{URL: f.serve(t)})
	if !refusal.Is(err, refusal.ModelFailed) || status.Version != "0.9.0" {
		t.Errorf("%+v, %v", status, err)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"response":"{}","done":true}`))
	f.Add([]byte("{\"response\":\"a\"}\n{\"response\":\"b\",\"done\":true}\n"))
	f.Add([]byte("\x1b[2J\x00"))
	f.Fuzz(func(t *testing.T, body []byte) {
		server := healthy()
		server.answer = func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }
		text, err := ask(t, open(t, server))
		if _, named := refusal.As(err); err != nil && !named {
			t.Fatalf("an error without a name: %v", err)
		}
		if len(text) > 1000 || err == nil && strings.TrimSpace(text) == "" {
			t.Fatalf("%q got through", text)
		}
	})
}
