package chain

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
	"golang.org/x/time/rate"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Client speaks to one network. Reads are retried, rate limited and obey Retry-After; a send is tried once, because only the
// transaction lifecycle may decide to send again.
type Client struct {
	network Network
	rpc     *rpc.Client
	host    string // of the endpoint in use; the rest of its url may be secret
	next    http.RoundTripper
	pace    *rate.Limiter

	readOnly  bool
	batchSize atomic.Int64 // falls where the endpoint takes fewer calls in one trip
	bodyLimit int64
	timeout   time.Duration // of one attempt
	patience  time.Duration // of a read with all its attempts
	firstWait time.Duration
}

// Option changes how a Client reads.
type Option func(*Client)

// WithTransport sends requests through t instead of the usual HTTP transport.
func WithTransport(t http.RoundTripper) Option { return func(c *Client) { c.next = t } }

// WithRate keeps the client below so many calls a second, each element of a batch counted, with bursts of that many. There is one of
// each at least.
func WithRate(perSecond, burst int) Option {
	return func(c *Client) { c.pace = rate.NewLimiter(rate.Limit(max(perSecond, 1)), max(burst, 1)) }
}

// WithBatchSize sets how many calls one trip may carry.
func WithBatchSize(n int) Option { return func(c *Client) { c.batchSize.Store(int64(max(n, 1))) } }

// WithBodyLimit sets how many bytes an answer may have.
func WithBodyLimit(n int64) Option { return func(c *Client) { c.bodyLimit = n } }

// WithTimeout sets how long one attempt may take.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// WithPatience sets how long a read may take with all its attempts, and the first wait between two of them.
func WithPatience(total, firstWait time.Duration) Option {
	return func(c *Client) { c.patience, c.firstWait = total, firstWait }
}

// Dial connects to the first endpoint of n that answers, and refuses (refusal.WrongChain) one that serves another chain id. Of a network
// without a chain id nothing is asked yet: it is whatever the endpoint serves.
func Dial(ctx context.Context, n Network, opts ...Option) (*Client, error) {
	if len(n.RPC) == 0 {
		return nil, refusal.New(refusal.RPCDown, "%s has no rpc endpoint", n.Key)
	}
	var down error
	for _, endpoint := range n.RPC {
		c, err := dialOne(ctx, n, endpoint, opts)
		if err == nil {
			return c, nil
		}
		if refusal.Is(err, refusal.WrongChain) || ctx.Err() != nil {
			return nil, err
		}
		down = errors.Join(down, err)
	}
	if len(n.RPC) == 1 {
		return nil, down
	}
	return nil, refusal.New(refusal.RPCDown, "none of the %d rpc endpoints of %s answers", len(n.RPC), n.Key).Because(down)
}

func dialOne(ctx context.Context, n Network, endpoint string, opts []Option) (*Client, error) {
	u, err := url.Parse(endpoint)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" {
		return nil, refusal.New(refusal.RPCDown, "an rpc endpoint of %s is not an http or https url", n.Key)
	}
	c := &Client{
		network:   n,
		host:      u.Host,
		next:      pooled(),
		bodyLimit: 64 << 20,
		timeout:   15 * time.Second,
		patience:  30 * time.Second,
		firstWait: 200 * time.Millisecond,
	}
	c.batchSize.Store(100)
	for _, opt := range opts {
		opt(c)
	}
	c.rpc, err = rpc.DialOptions(ctx, endpoint, rpc.WithHTTPClient(&http.Client{Transport: &transport{next: c.next, limit: c.bodyLimit}}))
	if err != nil {
		return nil, refusal.New(refusal.RPCDown, "%s: %s", n.Key, c.host).Because(bare(err))
	}
	if n.ChainID == 0 {
		return c, nil
	}
	id, err := c.ChainID(ctx)
	if err == nil && id != n.ChainID {
		err = refusal.New(refusal.WrongChain, "the rpc endpoint %s serves chain %d, and %s is chain %d", c.host, id, n.Key, n.ChainID)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// pooled keeps as many connections to the one host as parallel reads need.
func pooled() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = 32
	return t
}

// Network is the network that was dialled.
func (c *Client) Network() Network { return c.network }

// ChainID asks the endpoint which chain it serves.
func (c *Client) ChainID(ctx context.Context) (uint64, error) {
	var id hexutil.Uint64
	err := c.Call(ctx, &id, "eth_chainId")
	if answered(err) {
		err = refusal.New(refusal.RPCDown, "%s (%s) does not tell its chain", c.network.Key, c.host).Because(err)
	}
	return uint64(id), err
}

// Call makes one read.
func (c *Client) Call(ctx context.Context, result any, method string, args ...any) error {
	if err := c.onlyReads(rpc.BatchElem{Method: method}); err != nil {
		return err
	}
	return c.retry(ctx, method, 1, func(ctx context.Context) error {
		return c.rpc.CallContext(ctx, result, method, args...)
	})
}

// Batch makes many reads in as few trips as the endpoint allows: where one is too large, half of it is sent, and what was learned is
// remembered. Errors of single elements are in the elements. No element is answered later than the last one, which may so be the
// proof that the others rest on.
func (c *Client) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	if err := c.onlyReads(elems...); err != nil {
		return err
	}
	for len(elems) > 0 {
		size := min(len(elems), int(c.batchSize.Load()))
		err := c.batch(ctx, elems[:size])
		if _, ok := errors.AsType[tooLarge](err); ok && size > 1 {
			c.shrink(size / 2)
			continue
		}
		if err != nil {
			return err
		}
		elems = elems[size:]
	}
	return nil
}

// shrink remembers that trips are to carry no more calls than that.
func (c *Client) shrink(size int) {
	for now := c.batchSize.Load(); now > int64(size); now = c.batchSize.Load() {
		c.batchSize.CompareAndSwap(now, int64(size))
	}
}

// batch asks again only for the elements that the endpoint was too busy for, or left out, and for the last.
func (c *Client) batch(ctx context.Context, elems []rpc.BatchElem) error {
	open := make([]int, len(elems))
	for i := range open {
		open[i] = i
	}
	return c.retry(ctx, "batch", len(elems), func(ctx context.Context) error {
		trip := make([]rpc.BatchElem, len(open))
		for i, at := range open {
			trip[i] = elems[at]
			trip[i].Error = nil
		}
		if err := c.trip(ctx, trip); err != nil {
			return err
		}
		var again []int
		var busy error
		last := open[len(open)-1]
		for i, at := range open {
			elems[at].Error = trip[i].Error
			if transient(trip[i].Error) {
				again, busy = append(again, at), trip[i].Error
			}
		}
		if busy != nil && again[len(again)-1] != last {
			again = append(again, last)
		}
		open = again
		return busy
	})
}

// trip sends the elements together. A single one goes as a plain call, which endpoints without batches take, too.
func (c *Client) trip(ctx context.Context, elems []rpc.BatchElem) error {
	if len(elems) == 1 {
		e := &elems[0]
		err := c.rpc.CallContext(ctx, e.Result, e.Method, e.Args...)
		if answered(err) || nonsense(err) {
			e.Error, err = err, nil
		}
		return err
	}
	if err := c.rpc.BatchCallContext(ctx, elems); err != nil {
		if refusesBatch(err) {
			return tooLarge{bare(err)}
		}
		return err
	}
	return refusedTogether(elems)
}

// Head is what is needed of a block's header.
type Head struct {
	Number  uint64
	Hash    common.Hash
	Time    uint64 // seconds
	BaseFee uint256.Int
}

// Header returns the newest header, with the hash that the endpoint states.
func (c *Client) Header(ctx context.Context) (Head, error) { return c.header(ctx, "latest") }

// HeaderAt returns the header of a block by its number, as Header does.
func (c *Client) HeaderAt(ctx context.Context, number uint64) (Head, error) {
	head, err := c.header(ctx, hexutil.EncodeUint64(number))
	if err == nil && head.Number != number {
		err = c.nonsense("another block than was asked for")
	}
	return head, err
}

func (c *Client) header(ctx context.Context, block string) (Head, error) {
	var h *struct {
		Number  *hexutil.Uint64 `json:"number"`
		Hash    *common.Hash    `json:"hash"`
		Time    *hexutil.Uint64 `json:"timestamp"`
		BaseFee *hexutil.U256   `json:"baseFeePerGas"`
	}
	if err := c.Call(ctx, &h, "eth_getBlockByNumber", block, false); err != nil {
		return Head{}, err
	}
	if h == nil || h.Number == nil || h.Hash == nil || h.Time == nil {
		return Head{}, c.nonsense("a block without number, hash or time")
	}
	head := Head{Number: uint64(*h.Number), Hash: *h.Hash, Time: uint64(*h.Time)}
	if h.BaseFee != nil {
		head.BaseFee = uint256.Int(*h.BaseFee)
	}
	return head, nil
}

// Nonce returns the account's next nonce, counting what is in the endpoint's pool.
func (c *Client) Nonce(ctx context.Context, account common.Address) (uint64, error) {
	var n hexutil.Uint64
	err := c.Call(ctx, &n, "eth_getTransactionCount", account, "pending")
	return uint64(n), err
}

// Balance is the account's native balance in wei, at the newest block.
func (c *Client) Balance(ctx context.Context, account common.Address) (uint256.Int, error) {
	var wei hexutil.U256
	err := c.Call(ctx, &wei, "eth_getBalance", account, "latest")
	return uint256.Int(wei), err
}

// CallContract runs a view at the newest block. A revert is a *RevertError.
func (c *Client) CallContract(ctx context.Context, call Call) ([]byte, error) {
	msg := map[string]any{"from": call.From, "to": call.To, "input": hexutil.Bytes(call.Data)}
	if !call.Value.IsZero() {
		msg["value"] = (*hexutil.U256)(&call.Value)
	}
	var out hexutil.Bytes
	if err := c.Call(ctx, &out, "eth_call", msg, "latest"); err != nil {
		return nil, AsRevert(err)
	}
	return out, nil
}

// Close ends the connection.
func (c *Client) Close() { c.rpc.Close() }

func (c *Client) nonsense(what string) *refusal.Error {
	return refusal.New(refusal.RPCDown, "%s (%s) answers nonsense: %s", c.network.Key, c.host, what)
}

// down is the refusal for a read that got no answer, or none that can be read.
func (c *Client) down(method string, err error) error {
	if nonsense(err) {
		return c.nonsense(method).Because(err)
	}
	return refusal.New(refusal.RPCDown, "%s (%s) does not answer %s", c.network.Key, c.host, method).Because(err)
}
