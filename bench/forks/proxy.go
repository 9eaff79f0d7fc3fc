package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const bodyMax = 16 << 20 // bytes of one request; a batch of thousands of reads has one

// tally is what went through a proxy.
type tally struct {
	trips int64
	calls int64 // JSON-RPC calls in them
	runs  int64 // of these, calls that let the remote run a transaction and tell what comes of it
}

// runsIt lists the methods with which a tool could have the remote do its work.
var runsIt = map[string]bool{
	"eth_call": true, "eth_estimateGas": true, "eth_simulateV1": true, "debug_traceCall": true, "trace_call": true,
}

// proxy stands between a tool and the remote. Each tool gets a new one, so its counts are that tool's alone.
type proxy struct {
	url    string
	server *http.Server
	trips  atomic.Int64
	calls  atomic.Int64
	runs   atomic.Int64
	failed atomic.Int64 // answered 502 for want of the remote's answer
}

// startProxy serves on a free loopback port. Requests wait side by side, as on a far network, and not in a row. The remote
// behind it does not know the method without, unless that is empty.
func startProxy(remote string, delay time.Duration, without string) (*proxy, error) {
	target, err := url.Parse(remote)
	if err != nil {
		return nil, fmt.Errorf("url of the remote: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open the proxy: %w", err)
	}
	pass := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, DisableCompression: true},
	}
	p := &proxy{url: "http://" + listener.Addr().String()}
	pass.ErrorHandler = func(w http.ResponseWriter, r *http.Request, _ error) {
		if r.Context().Err() == nil { // a tool that is killed leaves requests behind
			p.failed.Add(1)
		}
		w.WriteHeader(http.StatusBadGateway)
	}
	p.server = &http.Server{ReadHeaderTimeout: answerPatience, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyMax))
		if err != nil {
			http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
			return
		}
		p.count(body)
		if without != "" {
			body = bytes.ReplaceAll(body, []byte(`"`+without+`"`), []byte(`"`+strings.ToUpper(without)+`"`))
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		select {
		case <-r.Context().Done():
			return
		case <-time.After(delay):
		}
		pass.ServeHTTP(w, r)
	})}
	go p.server.Serve(listener) //nolint:errcheck // it says only that it was closed
	return p, nil
}

func (p *proxy) tally() tally { return tally{p.trips.Load(), p.calls.Load(), p.runs.Load()} }

func (p *proxy) count(body []byte) {
	p.trips.Add(1)
	for _, method := range methodsIn(body) {
		p.calls.Add(1)
		if runsIt[method] {
			p.runs.Add(1)
		}
	}
}

func (p *proxy) close() error { return p.server.Close() }

// methodsIn lists the JSON-RPC calls of a request: those of a batch, or one. What can't be read is one call, too.
func methodsIn(body []byte) []string {
	type call struct{ Method string }
	if body = bytes.TrimSpace(body); len(body) == 0 {
		return nil
	}
	batch := []call{{}}
	into := any(&batch[0])
	if body[0] == '[' {
		into = &batch
	}
	if err := json.Unmarshal(body, into); err != nil {
		return []string{""}
	}
	methods := make([]string, len(batch))
	for i, c := range batch {
		methods[i] = c.Method
	}
	return methods
}
