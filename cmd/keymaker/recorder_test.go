package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync"
)

// startRecorder stands before an endpoint and writes the method of each call that passes to a file, one a line.
func startRecorder(endpoint, file string) (*httptest.Server, error) {
	to, err := url.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	out, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) }}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mu.Lock()
		for _, method := range methodsOf(body) {
			fmt.Fprintln(out, method)
		}
		mu.Unlock()
		r.Body = io.NopCloser(bytes.NewReader(body))
		proxy.ServeHTTP(w, r)
	})), nil
}

// methodsOf are the methods of a request or a batch of them. What is neither is recorded as such.
func methodsOf(body []byte) []string {
	var calls []struct {
		Method string `json:"method"`
	}
	if body = bytes.TrimSpace(body); len(body) > 0 && body[0] != '[' {
		body = fmt.Appendf(nil, "[%s]", body)
	}
	if json.Unmarshal(body, &calls) != nil {
		return []string{"unreadable"}
	}
	all := make([]string, len(calls))
	for i := range calls {
		all[i] = calls[i].Method
	}
	return all
}
