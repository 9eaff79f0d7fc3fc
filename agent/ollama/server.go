package ollama

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/ollama/ollama/api"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
	"github.com/keymaker-agent/keymaker/refusal"
)

// Least is the oldest version of Ollama that is used: before it, a model file could read the server's memory (CVE-2026-7482).
const Least = "0.17.1"

const (
	questionTimeout = 10 * time.Second // for a question that needs no model: version, list, card
	wireLimit       = 8 << 20          // bytes of any one answer, with its JSON around
	wordsLimit      = 160              // runes of the server's own words that are shown
)

var (
	errElsewhere = errors.New("the address is not on this machine")
	errRedirect  = errors.New("the server redirects")
	errOversized = errors.New("the answer is too long")
)

// server is an Ollama that is reachable; it knows no model.
type server struct {
	url    string
	client *api.Client
}

// guarded is a client that reaches this machine only, unless told otherwise. It keeps no idle connections.
func guarded(allowRemote bool) *http.Client {
	dialer := &net.Dialer{Timeout: questionTimeout}
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	if allowRemote {
		transport.Proxy = http.ProxyFromEnvironment
	} else {
		dialer.Control = loopback
	}
	return &http.Client{
		Transport:     capped{transport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
}

// loopback sees the address after the name was resolved and before the connection is made.
func loopback(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return errElsewhere
	}
	return nil
}

// capped ends every answer after wireLimit bytes.
type capped struct{ http.RoundTripper }

func (c capped) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.RoundTripper.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &cappedBody{body: resp.Body, left: wireLimit}
	return resp, nil
}

type cappedBody struct {
	body io.ReadCloser
	left int
}

func (b *cappedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errOversized
	}
	n, err := b.body.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *cappedBody) Close() error { return b.body.Close() }

// version asks the server for its version and refuses an old one.
func (s server) version(ctx context.Context) (string, error) {
	v, err := s.client.Version(ctx)
	if err != nil {
		return "", s.fault(err, "ask for the version")
	}
	if !recent(v) {
		return plain(v), refusal.New(refusal.ModelFailed, "ollama is version %s, at least %s is needed", plain(v), Least).
			WithHint("update ollama, then: keymaker doctor")
	}
	return plain(v), nil
}

// recent compares with Least. A version that can't be read is not recent, and a pre-release of Least is not Least.
func recent(v string) bool {
	core, pre, _ := strings.Cut(v, "-")
	var have, need [3]int
	if !scanVersion(core, &have) || !scanVersion(Least, &need) {
		return false
	}
	for i := range have {
		if have[i] != need[i] {
			return have[i] > need[i]
		}
	}
	return pre == ""
}

func scanVersion(s string, v *[3]int) bool {
	n, err := fmt.Sscanf(s+"\n", "%d.%d.%d\n", &v[0], &v[1], &v[2])
	return n == 3 && err == nil
}

// list asks what is installed.
func (s server) list(ctx context.Context) ([]Installed, error) {
	tags, err := s.client.List(ctx)
	if err != nil {
		return nil, s.fault(err, "list the models")
	}
	all := make([]Installed, len(tags.Models))
	for i, t := range tags.Models {
		all[i] = Installed{
			Name:   plain(t.Name),
			Digest: strings.TrimPrefix(plain(t.Digest), "sha256:"),
			Size:   t.Size,
			Remote: t.RemoteHost != "" || t.RemoteModel != "",
		}
	}
	return all, nil
}

// find looks a model up by name; a name without a tag means :latest.
func (s server) find(ctx context.Context, name string) (Installed, error) {
	all, err := s.list(ctx)
	if err != nil {
		return Installed{}, err
	}
	found, ok := Status{Models: all}.Find(name)
	if !ok {
		return Installed{}, s.missing(name)
	}
	return found, nil
}

func (s server) missing(name string) error {
	return refusal.New(refusal.ModelFailed, "%s has no model %s", s.url, name).
		WithHint("get it with: ollama pull %s (the small test model: make ollama)", name)
}

// fault names what went wrong while doing something. The server's words are foreign text: they are cut and cleaned, and the
// error that carries them is dropped.
func (s server) fault(err error, doing string) error {
	var status api.StatusError
	var dialled *net.OpError
	switch {
	case errors.Is(err, errElsewhere):
		return refusal.New(refusal.ModelRemote, "%s is not on this machine", s.url)
	case errors.Is(err, errRedirect):
		return refusal.New(refusal.ModelRemote, "%s sends its callers elsewhere", s.url)
	case errors.Is(err, context.Canceled):
		return refusal.New(refusal.Interrupted, "%s: stopped", doing).Because(context.Canceled).WithHint("nothing was drafted")
	case errors.Is(err, context.DeadlineExceeded):
		return refusal.New(refusal.ModelFailed, "%s: no answer in time", doing).Because(context.DeadlineExceeded)
	case errors.Is(err, errOversized):
		return refusal.New(refusal.ModelFailed, "%s: the answer is too long", doing)
	case errors.As(err, &dialled) && dialled.Op == "dial":
		return refusal.New(refusal.ModelFailed, "no ollama answers at %s", s.url).WithHint("start it with: ollama serve")
	case errors.As(err, &status):
		return refusal.New(refusal.ModelFailed, "%s: ollama answers %d %s", doing, status.StatusCode, plain(status.ErrorMessage))
	default:
		return refusal.New(refusal.ModelFailed, "%s: %s", doing, plain(err.Error()))
	}
}

// plain is foreign text as it may be shown.
func plain(s string) string { return untrusted.Text(s, wordsLimit) }
