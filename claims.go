package keymaker

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/tree"
)

// ClaimsFile is where a data folder has the claims of the root that a network's rewards are paid against, as rewards/tree writes
// them: one line of JSON a claim, with its proof.
func ClaimsFile(dataDir, network string) string {
	return filepath.Join(dataDir, "rewards", "claims-"+network+".ndjson")
}

// claims finds claims in the files of a data folder. Where an embedded network has none, they are those that it starts with. Whether
// they are true is for the tools to say, by the root on chain.
type claims struct{ dataDir string }

func (c claims) Claim(_ context.Context, n chain.Network, account common.Address) (tree.Proof, error) {
	p, err := c.find(n, account)
	switch {
	case err == nil:
		return p, nil
	case errors.Is(err, tree.ErrNoClaim):
		return p, refusal.New(refusal.NothingToClaim, "%s has earned nothing on %s so far", account, n.Name)
	case errors.Is(err, fs.ErrNotExist):
		return p, refusal.New(refusal.NoClaims, "the claims of %s are not here", n.Name).
			WithHint("put the file of claims that was settled at %s", ClaimsFile(c.dataDir, n.Key))
	case errors.As(err, new(*fs.PathError)):
		return p, refusal.New(refusal.NoClaims, "the claims of %s can't be read", n.Name).Because(err)
	}
	return p, refusal.New(refusal.StaleClaims, "%s can't be used", ClaimsFile(c.dataDir, n.Key)).Because(err)
}

func (c claims) find(n chain.Network, account common.Address) (tree.Proof, error) {
	f, err := os.Open(ClaimsFile(c.dataDir, n.Key))
	if errors.Is(err, fs.ErrNotExist) && n.Embedded {
		return known.Claims(n.ChainID).Proof(account)
	}
	if err != nil {
		return tree.Proof{}, err
	}
	defer f.Close()
	return tree.Find(f, account)
}
