package devnet

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
)

const (
	age           = time.Hour + rewardsAge // of the genesis block: the past that pools and price averages have
	blockGasLimit = 60_000_000

	accountEther  = 1_000
	deployerEther = 1_000_000
)

// makeGenesis is the first block: the rules of Osaka, funded accounts, and the two contracts whose addresses are the same
// on every chain.
func makeGenesis(set *artifacts.Set, chainID uint64, now time.Time) (*core.Genesis, error) {
	rules := osaka(chainID)
	multicall, _, _, err := runtime.Create(set.Artifact(artifacts.Multicall3).Creation, &runtime.Config{ChainConfig: rules})
	if err != nil {
		return nil, fmt.Errorf("construct multicall3: %w", err)
	}
	permit2, err := constructPermit2(set.Artifact(artifacts.Permit2).Runtime, chainID)
	if err != nil {
		return nil, err
	}
	alloc := maps.Clone(core.SystemContractAllocs())
	alloc[known.Multicall3] = types.Account{Code: multicall, Nonce: 1, Balance: new(big.Int)}
	alloc[known.Permit2] = types.Account{Code: permit2, Nonce: 1, Balance: new(big.Int)}
	alloc[known.Deployer(chainID)] = types.Account{Balance: ether(deployerEther)}
	for _, a := range known.Accounts() {
		alloc[a.Address] = types.Account{Balance: ether(accountEther)}
	}
	return &core.Genesis{
		Config:     rules,
		Timestamp:  uint64(now.Add(-age).Unix()),
		GasLimit:   blockGasLimit,
		BaseFee:    big.NewInt(params.InitialBaseFee),
		Difficulty: new(big.Int),
		Alloc:      alloc,
	}, nil
}

// The immutables in the published runtime code of Permit2, where its constructor ran on a development chain.
var (
	publishedChainID = uint256.NewInt(31337).Bytes32()
	publishedDomain  = common.HexToHash("0xd5a17abc3865df5c1400c0299bd4ce2eefc8114aec5f9d3dded1745783e57b98")
)

// constructPermit2 sets the immutables as the constructor would have at the canonical address on this chain. Left alone, they
// would make every signature invalid on the one chain whose id they name.
func constructPermit2(runtime []byte, chainID uint64) ([]byte, error) {
	id := uint256.NewInt(chainID).Bytes32()
	domain := crypto.Keccak256(
		crypto.Keccak256([]byte("EIP712Domain(string name,uint256 chainId,address verifyingContract)")),
		crypto.Keccak256([]byte("Permit2")),
		id[:],
		common.LeftPadBytes(known.Permit2.Bytes(), 32),
	)
	if bytes.Count(runtime, publishedChainID[:]) != 1 || bytes.Count(runtime, publishedDomain[:]) != 1 {
		return nil, errors.New("construct permit2: the runtime code does not hold its two immutables once each")
	}
	runtime = bytes.Replace(runtime, publishedDomain[:], domain, 1)
	return bytes.Replace(runtime, publishedChainID[:], id[:], 1), nil
}

// osaka is geth's development configuration without the forks that no network has yet: they change what gas costs.
func osaka(chainID uint64) *params.ChainConfig {
	c := *params.AllDevChainProtocolChanges
	c.ChainID = new(big.Int).SetUint64(chainID)
	c.AmsterdamTime, c.BogotaTime = nil, nil
	return &c
}

func ether(n int64) *big.Int { return new(big.Int).Mul(big.NewInt(n), tenTo(18)) }

func tenTo(n int64) *big.Int { return new(big.Int).Exp(big.NewInt(10), big.NewInt(n), nil) }
