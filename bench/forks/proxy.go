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
	"sync/atomic"
	"time"
)

const bodyMax = 16 << 20 // bytes of one request; a batch of thousands of reads has one

// tally is what went through a proxy.
type tally struct{ trips, calls int64 }

// proxy stands between a tool and the remote. Each tool gets a new one, so its counts are that tool's alone.
type proxy struct {
	url    string
	server *http.Server
	trips  atomic.Int64
	calls  atomic.Int64
	failed atomic.Int64 // answered 502 for want of the remote's answer
}

// startProxy serves on a free loopback port. Requests wait side by side, as on a far network, and not in a row.
func startProxy(remote string, delay time.Duration) (*proxy, error) {
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
		p.trips.Add(1)
		p.calls.Add(callsIn(body))
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

func (p *proxy) tally() tally { return tally{p.trips.Load(), p.calls.Load()} }

func (p *proxy) close() error { return p.server.Close() }

// callsIn counts the JSON-RPC calls in a request: those of a batch, or one.
func callsIn(body []byte) int64 {
	if body = bytes.TrimSpace(body); len(body) == 0 {
		return 0
	}
	var batch []json.RawMessage
	if body[0] == '[' && json.Unmarshal(body, &batch) == nil {
		return int64(len(batch))
	}
	return 1
}
