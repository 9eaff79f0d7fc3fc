package chain

import (
	"context"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
)

// Client speaks to one network. Reads are retried, rate limited and obey Retry-After; a send is tried once, because only the
// transaction lifecycle may decide to send again.
type Client struct{ network Network }

// Dial connects to the first endpoint of n that answers, and refuses (refusal.WrongChain) one that serves another chain id.
func Dial(ctx context.Context, n Network, opts ...Option) (*Client, error) { panic("unwritten") }

// Option changes how a Client reads.
type Option func(*Client)

// Network is the network that was dialled.
func (c *Client) Network() Network { return c.network }

// Call makes one read.
func (c *Client) Call(ctx context.Context, result any, method string, args ...any) error {
	panic("unwritten")
}

// Batch makes many reads in as few trips as the endpoint allows. Errors of single elements are in the elements.
func (c *Client) Batch(ctx context.Context, elems []rpc.BatchElem) error { panic("unwritten") }

// Header returns the newest header, with the hash that the endpoint states.
func (c *Client) Header(ctx context.Context) (Head, error) { panic("unwritten") }

// Head is what is needed of a block's header.
type Head struct {
	Number  uint64
	Hash    common.Hash
	Time    uint64 // seconds
	BaseFee uint256.Int
}

// Nonce returns the account's next nonce, counting what is in the endpoint's pool.
func (c *Client) Nonce(ctx context.Context, account common.Address) (uint64, error) {
	panic("unwritten")
}

// Receipt returns the receipt of a transaction, or nil where there is none yet.
func (c *Client) Receipt(ctx context.Context, tx common.Hash) (*types.Receipt, error) {
	panic("unwritten")
}

// Tip suggests a priority fee, in wei per gas, from eth_feeHistory.
func (c *Client) Tip(ctx context.Context) (uint256.Int, error) { panic("unwritten") }

// Send hands over one signed transaction, once. An error does not mean that it was not sent: unless it is
// refusal.TxRejected, the transaction may be in the pool.
func (c *Client) Send(ctx context.Context, raw []byte) error { panic("unwritten") }

// Close ends the connection.
func (c *Client) Close() {}
