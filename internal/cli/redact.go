package cli

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/internal/cli/show"
)

const hidden = "[redacted]"

var (
	hexKey = regexp.MustCompile(`(?i)(?:0x)?[0-9a-f]{64,}`)
	secret = regexp.MustCompile(`(?i)pass|secret|mnemonic|seed|bearer|authorization|private|api_?key`)
)

// Redact takes out what may be a secret: hexadecimal numbers of 32 bytes and more, which private keys look like or
// may be a part of, and credentials and tokens in URLs. Hashes of transactions look like keys, so logs pass them as common.Hash.
func Redact(s string) string { return hexKey.ReplaceAllString(show.RedactURLs(s), hidden) }

// Redacting wraps a log handler so that no secret gets through it.
func Redacting(next slog.Handler) slog.Handler { return redacting{next} }

type redacting struct{ next slog.Handler }

func (h redacting) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

func (h redacting) Handle(ctx context.Context, r slog.Record) error {
	safe := slog.NewRecord(r.Time, r.Level, Redact(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		safe.AddAttrs(redactAttr(a))
		return true
	})
	return h.next.Handle(ctx, safe)
}

func (h redacting) WithAttrs(attrs []slog.Attr) slog.Handler {
	safe := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		safe[i] = redactAttr(a)
	}
	return redacting{h.next.WithAttrs(safe)}
}

func (h redacting) WithGroup(name string) slog.Handler { return redacting{h.next.WithGroup(name)} }

func redactAttr(a slog.Attr) slog.Attr {
	a.Value = a.Value.Resolve()
	if secret.MatchString(a.Key) {
		return slog.String(a.Key, hidden)
	}
	switch a.Value.Kind() {
	case slog.KindGroup:
		group := a.Value.Group()
		safe := make([]slog.Attr, len(group))
		for i, g := range group {
			safe[i] = redactAttr(g)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(safe...)}
	case slog.KindString:
		return slog.String(a.Key, Redact(a.Value.String()))
	case slog.KindAny:
		return slog.String(a.Key, redactAny(a.Value.Any()))
	}
	return a
}

// redactAny prints a value as text. Bytes are never printed: a key would look like any other.
func redactAny(v any) string {
	switch x := v.(type) {
	case common.Hash:
		return x.Hex()
	case common.Address:
		return x.Hex()
	case []byte:
		return fmt.Sprintf("%d bytes", len(x))
	case error:
		return Redact(x.Error())
	}
	return Redact(fmt.Sprintf("%v", v))
}
