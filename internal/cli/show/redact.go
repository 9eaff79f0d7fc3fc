package show

import (
	"net/url"
	"regexp"
	"strings"
)

const hidden = "[redacted]"

var endpoint = regexp.MustCompile(`(?i)\b(?:https?|wss?|postgres(?:ql)?)://[^\s"'<>\x60]+`)

// RedactURLs takes out credentials, queries, fragments and path segments that may be tokens.
func RedactURLs(s string) string {
	return endpoint.ReplaceAllStringFunc(s, func(raw string) string {
		trimmed := strings.TrimRight(raw, ".,;:!?)]}")
		tail := raw[len(trimmed):]
		u, err := url.Parse(trimmed)
		if err != nil {
			return hidden + tail
		}
		return bare(u) + tail
	})
}

func bare(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, s := range segments {
		if len(s) >= 16 {
			segments[i] = hidden
		}
	}
	shown := u.Scheme + "://"
	if u.User != nil {
		shown += hidden + "@"
	}
	shown += u.Host + strings.Join(segments, "/")
	if u.RawQuery != "" || u.ForceQuery {
		shown += "?" + hidden
	}
	if u.Fragment != "" {
		shown += "#" + hidden
	}
	return shown
}
