package fork

import (
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/params"
)

// configOf are the rules of an era, in force since ever.
func configOf(chainID uint64, e era) *params.ChainConfig {
	c := *params.MergedTestChainConfig
	c.ChainID = new(big.Int).SetUint64(chainID)
	c.AmsterdamTime, c.BogotaTime, c.UBTTime = nil, nil, nil
	for start, time := range map[era]**uint64{cancun: &c.CancunTime, prague: &c.PragueTime, osaka: &c.OsakaTime} {
		if e < start {
			*time = nil
		}
	}
	return &c
}

// precompilesOf are the addresses of an era's precompiled contracts.
func precompilesOf(e era) []common.Address {
	return vm.ActivePrecompiles(configOf(1, e).Rules(new(big.Int), true, 0))
}

// jumpDests keeps the analysis of code for all machines of a fork.
type jumpDests struct{ byHash sync.Map }

func (j *jumpDests) Load(h common.Hash) (vm.BitVec, bool) {
	v, ok := j.byHash.Load(h)
	vec, _ := v.(vm.BitVec)
	return vec, ok
}

func (j *jumpDests) Store(h common.Hash, v vm.BitVec) { j.byHash.Store(h, v) }
