package wallet

import (
	"context"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
)

// genesis is the hash of the first block, which tells chains of one id apart: an embedded chain that was started again, a test
// chain that borrows an id.
func (g *Gate) genesis(ctx context.Context) (common.Hash, error) {
	var block *struct {
		Hash *common.Hash `json:"hash"`
	}
	if err := g.c.Remote.Call(ctx, &block, "eth_getBlockByNumber", "0x0", false); err != nil {
		return common.Hash{}, err
	}
	if block == nil || block.Hash == nil || *block.Hash == (common.Hash{}) {
		return common.Hash{}, refusal.New(refusal.RPCDown, "%s does not tell its first block", g.c.Remote.Network().Key)
	}
	return *block.Hash, nil
}

func otherChain(s *Sequence, genesis common.Hash) *refusal.Error {
	return refusal.New(refusal.WrongChain, "%s is for the chain that begins with %s, and this one with id %d begins with %s",
		s.Title, s.Genesis, s.ChainID, genesis)
}

// strand ends what an embedded chain took with it. A real chain is still there behind another endpoint: what is open on it stays.
func (g *Gate) strand(ctx context.Context, s *Sequence, genesis common.Hash, watch func(*Tx)) error {
	other := otherChain(s, genesis)
	if !g.c.Remote.Network().Embedded {
		return other
	}
	if err := g.release(ctx, s, watch); err != nil {
		return err
	}
	for _, t := range s.Txs {
		if !t.pending() {
			continue
		}
		if err := g.move(ctx, t, Drop, watch); err != nil {
			return err
		}
	}
	return other.WithHint("the embedded chain was started again, and what was open on it is gone; ask again")
}
