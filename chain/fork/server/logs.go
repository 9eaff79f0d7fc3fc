package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

// criteria say which logs are wanted. Within a list any will do; an empty list takes all.
type criteria struct {
	Hash      *common.Hash
	From, To  *rpc.BlockNumber
	Addresses []common.Address
	Topics    [][]common.Hash
}

// Bounds of what one request may ask for.
const (
	mostTopics       = 4
	mostAlternatives = 1000
)

var (
	errTopic        = invalid("invalid topic(s)")
	errRange        = invalid("invalid block range params")
	errFuture       = invalid("block range extends beyond current head block")
	errUnknownBlock = errors.New("unknown block")
	errManyTopics   = errors.New("exceed max topics")
)

// UnmarshalJSON reads criteria as go-ethereum does.
func (c *criteria) UnmarshalJSON(raw []byte) error {
	var in struct {
		BlockHash *common.Hash      `json:"blockHash"`
		FromBlock *rpc.BlockNumber  `json:"fromBlock"`
		ToBlock   *rpc.BlockNumber  `json:"toBlock"`
		Address   json.RawMessage   `json:"address"`
		Topics    []json.RawMessage `json:"topics"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	if in.BlockHash != nil && (in.FromBlock != nil || in.ToBlock != nil) {
		return errors.New("cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other")
	}
	c.Hash, c.From, c.To = in.BlockHash, in.FromBlock, in.ToBlock
	addresses, err := oneOrMany[common.Address](in.Address)
	if err != nil {
		return fmt.Errorf("invalid address: %w", err)
	}
	for _, a := range addresses {
		if a == nil {
			return errors.New("invalid addresses in query")
		}
		c.Addresses = append(c.Addresses, *a)
	}
	if len(in.Topics) > mostTopics || len(c.Addresses) > mostAlternatives {
		return errManyTopics
	}
	for _, raw := range in.Topics {
		topics, err := oneOrMany[common.Hash](raw)
		if err != nil {
			return errTopic
		}
		if len(topics) > mostAlternatives {
			return errManyTopics
		}
		var any []common.Hash
		for _, t := range topics {
			if t == nil { // among others it takes all
				any = nil
				break
			}
			any = append(any, *t)
		}
		c.Topics = append(c.Topics, any)
	}
	return nil
}

// oneOrMany reads a value, a list of values, or nothing.
func oneOrMany[T any](raw json.RawMessage) ([]*T, error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	if raw[0] == '[' {
		var many []*T
		err := json.Unmarshal(raw, &many)
		return many, err
	}
	one := new(T)
	err := json.Unmarshal(raw, one)
	return []*T{one}, err
}

// over are the criteria as the remote is asked with them, for a range of its blocks.
func (c *criteria) over(from, to uint64) object {
	o := object{"fromBlock": hexutil.Uint64(from), "toBlock": hexutil.Uint64(to)}
	if c.Hash != nil {
		o = object{"blockHash": *c.Hash}
	}
	if len(c.Addresses) > 0 {
		o["address"] = c.Addresses
	}
	topics := make([]any, len(c.Topics))
	for i, any := range c.Topics {
		if len(any) > 0 {
			topics[i] = any
		}
	}
	if len(topics) > 0 {
		o["topics"] = topics
	}
	return o
}

func (c *criteria) match(l *types.Log) bool {
	if len(c.Addresses) > 0 && !slices.Contains(c.Addresses, l.Address) || len(c.Topics) > len(l.Topics) {
		return false
	}
	for i, any := range c.Topics {
		if len(any) > 0 && !slices.Contains(any, l.Topics[i]) {
			return false
		}
	}
	return true
}

// logs are those of the block that are wanted.
func (b *block) logs(c *criteria) []any {
	var logs []any
	for _, r := range b.receipts {
		for _, l := range r.Logs {
			if c.match(l) {
				logs = append(logs, l)
			}
		}
	}
	return logs
}

// GetLogs are the logs of a block or of a range, which may begin below the pin and end above it.
func (a *ethAPI) GetLogs(ctx context.Context, c criteria) (any, error) { return a.s.logs(ctx, &c) }

func (s *Server) logs(ctx context.Context, c *criteria) (any, error) {
	b := s.current()
	if c.Hash != nil {
		return s.logsOf(ctx, b, c)
	}
	from, to, err := s.rangeOf(ctx, b, c)
	if err != nil {
		return nil, err
	}
	var remote []json.RawMessage
	if pin := b.pin.Number; from <= pin {
		raw, err := s.forward(ctx, "eth_getLogs", c.over(from, min(to, pin)))
		if err != nil || to <= pin {
			return raw, err
		}
		if err := json.Unmarshal(raw, &remote); err != nil {
			return nil, fmt.Errorf("the remote's logs are no list: %w", err)
		}
	}
	logs := make([]any, 0, len(remote))
	for _, l := range remote {
		logs = append(logs, l)
	}
	for n := max(from, b.pin.Number+1); n <= to; n++ {
		logs = append(logs, b.local(n).logs(c)...)
		if len(logs) > s.limits.Logs {
			return nil, &fault{text: fmt.Sprintf("more than %d logs: ask for fewer blocks", s.limits.Logs), code: codeLimit}
		}
	}
	return logs, nil
}

// logsOf are the logs of a block that is named by its hash.
func (s *Server) logsOf(ctx context.Context, b *branch, c *criteria) (any, error) {
	if l := s.blockOf(b, *c.Hash); l != nil {
		return append([]any{}, l.logs(c)...), nil
	}
	if _, err := s.placeOf(ctx, b, *c.Hash); err != nil {
		return nil, errUnknownBlock
	}
	return s.forward(ctx, "eth_getLogs", c.over(0, 0))
}

// rangeOf are the numbers that criteria name. Without a name both ends are the newest block.
func (s *Server) rangeOf(ctx context.Context, b *branch, c *criteria) (from, to uint64, err error) {
	from, to = b.head(), b.head()
	if c.From != nil {
		if from, err = s.resolve(ctx, b, *c.From); err != nil {
			return 0, 0, err
		}
	}
	if c.To != nil {
		if to, err = s.resolve(ctx, b, *c.To); err != nil {
			return 0, 0, err
		}
	}
	switch {
	case from > to:
		return 0, 0, errRange
	case to > b.head():
		return 0, 0, errFuture
	}
	return from, to, nil
}
