package chain

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/refusal"
)

// alreadyThere are the words of nodes (geth, besu, nethermind, parity) for a transaction that is in their pool.
var alreadyThere = []string{"already known", "alreadyknown", "known transaction", "already imported", "same hash"}

// definiteNo are the words of nodes for a transaction that they did not take. They match the sentinel errors of geth's core and
// txpool packages, and their other spellings in erigon, besu and nethermind.
var definiteNo = []string{
	"nonce too low", "oldnonce", "nonce too high", "nonce has max value", "gapped-nonce",
	"insufficient funds", "insufficientfunds", "upfront cost exceeds",
	"intrinsic gas", "floor data gas", "exceeds block gas limit", "gas limit reached", "gaslimitexceeded", "gas limit too high",
	"invalid sender", "invalid signature", "invalid chain id", "replay-protected", "wrong chain",
	"underpriced", "feetoolow", "less than block base fee", "max priority fee per gas higher", "higher than max fee per gas",
	"exceeds the configured cap", "fee cap less than",
	"transaction type not supported", "typed transaction too short", "rlp:", "oversized data", "initcode size exceeded",
	"sender not an eoa", "in-flight transaction limit", "txpool is full", "transaction pool is full",
}

// Send hands over one signed transaction, once. An error does not mean that it was not sent: unless it is
// refusal.TxRejected, the transaction may be in the pool. A rejection speaks of this attempt alone: 'nonce too low' is also
// what a node says of a transaction that an earlier attempt brought into a block.
func (c *Client) Send(ctx context.Context, raw []byte) error {
	if c.readOnly {
		return refusal.New(refusal.ReadOnly, "not sent: this run only reads")
	}
	if err := c.wait(ctx, 1); err != nil {
		return refusal.New(refusal.TxRejected, "not sent").Because(err)
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	var got common.Hash
	err := bare(c.rpc.CallContext(ctx, &got, "eth_sendRawTransaction", hexutil.Bytes(raw)))
	want := crypto.Keccak256Hash(raw)
	if err == nil && got != want {
		return c.nonsense(fmt.Sprintf("it took transaction %s and named it %s", want, got))
	}
	if err == nil {
		return nil
	}
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return fmt.Errorf("send %s: %w", want, err)
	}
	words := strings.ToLower(answer.Error())
	in := func(part string) bool { return strings.Contains(words, part) }
	if slices.ContainsFunc(alreadyThere, in) {
		return nil
	}
	if slices.ContainsFunc(definiteNo, in) {
		return refusal.New(refusal.TxRejected, "%s refused transaction %s", c.network.Key, want).Because(err)
	}
	return fmt.Errorf("send %s: %w", want, err)
}
