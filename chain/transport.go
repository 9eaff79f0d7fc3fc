package chain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/ethereum/go-ethereum/rpc"
)

// ErrBodyTooLarge says that an answer had more bytes than the client reads.
var ErrBodyTooLarge = errors.New("the answer is too large")

// busyCodes are the JSON-RPC codes by which providers say 'too many requests', often inside HTTP 200.
var busyCodes = []int{-32005, -32007, -32016}

// busyStatus are the HTTP statuses that speak for the endpoint's load, whatever the body says.
var busyStatus = []int{
	http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout,
}

// statusError is an answer with an HTTP status outside 2xx. It keeps no body: error pages are other people's text.
type statusError struct{ code int }

func (e statusError) Error() string { return "http status " + strconv.Itoa(e.code) }

// fault is a JSON-RPC error that came in a place where the rpc package does not look for one: under an HTTP status outside 2xx,
// or as the only answer to a batch.
type fault struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data"`
}

func (e *fault) Error() string  { return e.Message }
func (e *fault) ErrorCode() int { return e.Code }
func (e *fault) ErrorData() any { return e.Data }

// transport reads answers whole and bounded, follows no redirect, and turns what is not an answer into an error.
type transport struct {
	next  http.RoundTripper
	limit int64
}

func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, t.limit+1))
	_ = resp.Body.Close()
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > t.limit {
		return nil, ErrBodyTooLarge
	}
	if resp.StatusCode == http.StatusOK {
		if isBatch(req) {
			if f := readFault(body); f != nil {
				return nil, f
			}
			if err := answersOnce(body); err != nil {
				return nil, err
			}
		} else if err := answersCall(req, body); err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		return resp, nil
	}
	if f := readFault(body); f != nil && !slices.Contains(busyStatus, resp.StatusCode) {
		return nil, f
	}
	if s, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && s >= 0 {
		return nil, fmt.Errorf("%w, %w", statusError{resp.StatusCode}, backoff.RetryAfter(s))
	}
	return nil, statusError{resp.StatusCode}
}

func isBatch(req *http.Request) bool {
	body, err := req.GetBody()
	if err != nil {
		return false
	}
	defer body.Close()
	first := make([]byte, 1)
	_, err = io.ReadFull(body, first)
	return err == nil && first[0] == '['
}

// readFault returns the error of a lone JSON-RPC error object, or nil.
func readFault(body []byte) *fault {
	var msg struct {
		Error *fault `json:"error"`
	}
	if json.Unmarshal(body, &msg) != nil || msg.Error == nil || msg.Error.Code == 0 {
		return nil
	}
	return msg.Error
}

// retry runs a read of so many calls until it succeeds, fails for good, or the client's patience ends. That begins when the read may
// begin: a client that keeps itself below a rate does not blame the endpoint for it.
func (c *Client) retry(ctx context.Context, method string, calls int, read func(context.Context) error) error {
	if err := c.wait(ctx, calls); err != nil {
		return c.ended(ctx, method, err)
	}
	end := time.Now().Add(c.patience)
	again := false
	wait := backoff.NewExponentialBackOff()
	wait.InitialInterval = c.firstWait
	wait.MaxInterval = c.patience / 4
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		if again {
			if err := c.wait(ctx, calls); err != nil {
				return struct{}{}, backoff.Permanent(err)
			}
		}
		again = true
		attempt, cancel := context.WithTimeout(ctx, min(c.timeout, max(time.Until(end), time.Millisecond)))
		defer cancel()
		err := bare(read(attempt))
		if err != nil && !transient(err) {
			return struct{}{}, backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(wait), backoff.WithMaxElapsedTime(c.patience))
	if err == nil {
		return nil
	}
	return c.ended(ctx, method, err)
}

// ended says why a read got no answer.
func (c *Client) ended(ctx context.Context, method string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", method, context.Cause(ctx))
	}
	if answered(err) {
		return fmt.Errorf("%s: %w", method, err)
	}
	return c.down(method, err)
}

// wait takes so many tokens from the bucket, in bites that fit into it.
func (c *Client) wait(ctx context.Context, calls int) error {
	if c.pace == nil {
		return nil
	}
	for calls > 0 {
		bite := min(calls, c.pace.Burst())
		if err := c.pace.WaitN(ctx, bite); err != nil {
			return err
		}
		calls -= bite
	}
	return nil
}

// bare takes the url out of an error: it may carry an access token.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// transient says that the same read may succeed a little later.
func transient(err error) bool {
	if err == nil || errors.Is(err, ErrBodyTooLarge) {
		return false
	}
	if _, ok := errors.AsType[tooLarge](err); ok {
		return false
	}
	if errors.Is(err, rpc.ErrMissingBatchResponse) {
		return true
	}
	var status statusError
	if errors.As(err, &status) {
		return status.code == http.StatusTooManyRequests || status.code >= 500
	}
	var answer rpc.Error
	if errors.As(err, &answer) {
		return slices.Contains(busyCodes, answer.ErrorCode())
	}
	return !nonsense(err)
}

// answered says that the endpoint understood the request and said no to it.
func answered(err error) bool {
	var answer rpc.Error
	return errors.As(err, &answer) && !transient(err)
}

// nonsense says that there was an answer which is not JSON, or not of the shape that the method has.
func nonsense(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, rpc.ErrNoResult) || errors.Is(err, errTwoAnswers)
}
