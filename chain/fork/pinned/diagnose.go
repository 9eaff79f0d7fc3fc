package pinned

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/rpc"
)

// What is wrong with a remote, where that can be told.
var (
	ErrPruned     = errors.New("the remote keeps no state of that block")
	ErrNoMethod   = errors.New("the remote does not serve a method that is needed")
	ErrOtherChain = errors.New("the remote serves another chain than before")
)

// forgotten are the words of nodes for a state that they no longer have, or never had. There is no code for it.
var forgotten = []string{
	"missing trie node", "pruned", "pruning", "historical state", "state not available", "state is not available", "no state available",
	"state unavailable", "missing state", "archive",
}

// diagnosed says of a failed read what is wrong, where the remote's own words show it.
func diagnosed(err error) error {
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return err
	}
	if notServed(answer) {
		return fmt.Errorf("%w: %w", ErrNoMethod, err)
	}
	words := strings.ToLower(answer.Error())
	for _, w := range forgotten {
		if strings.Contains(words, w) {
			return fmt.Errorf("%w: %w", ErrPruned, err)
		}
	}
	return err
}

// explain says of a failed or contradictory read what is wrong with the remote. It asks once more which chain that serves, and
// whether it still has the block.
func (r *Remote) explain(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	if known := diagnosed(err); errors.Is(known, ErrNoMethod) || errors.Is(known, ErrPruned) {
		return known
	}
	var id, block json.RawMessage
	elems := []rpc.BatchElem{
		{Method: "eth_chainId", Result: &id}, {Method: "eth_getBlockByHash", Args: []any{r.header.Hash, false}, Result: &block},
	}
	short, cancel := context.WithTimeout(ctx, hintPatience)
	defer cancel()
	if r.src.Batch(short, elems) != nil {
		return err
	}
	if now, bad := quantity64(id); elems[0].Error == nil && bad == nil && now != r.chainID {
		return fmt.Errorf("%w: %d, not %d: %w", ErrOtherChain, now, r.chainID, err)
	}
	if elems[1].Error == nil && isNull(block) {
		return errors.Join(ErrReorged, err)
	}
	return err
}
