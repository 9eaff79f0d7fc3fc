package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	answerPatience = 30 * time.Second
	answerMax      = 64 << 20 // bytes
)

// client asks one JSON-RPC server over one kept connection, one call at a time.
type client struct {
	url  string
	http *http.Client
}

func dial(url string) *client {
	return &client{url, &http.Client{Timeout: answerPatience, Transport: &http.Transport{MaxIdleConnsPerHost: 1, DisableCompression: true}}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// refused is an error that the server answered.
type refused struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

func (r *refused) Error() string { return fmt.Sprintf("%s (%d)", r.Message, r.Code) }

// call asks, and decodes the result into out.
func (c *client) call(ctx context.Context, out any, method string, params ...any) error {
	if params == nil {
		params = []any{}
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	raw, err := c.post(ctx, body)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  *refused        `json:"error"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	if answer.Error != nil {
		return fmt.Errorf("%s: %w", method, answer.Error)
	}
	if err := json.Unmarshal(answer.Result, out); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	return nil
}

func (c *client) post(ctx context.Context, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK && !json.Valid(raw) {
		return nil, fmt.Errorf("%s: %.200s", res.Status, raw)
	}
	return raw, nil
}
