// Package artifacts holds the compiled contracts of third parties that the embedded chains run: which ones, where they come
// from, and how to know that they are the right ones.
//
// Nothing of them is in this repository. Fetch takes whole packages from npm at exact versions, keeps the few files that are
// needed in a cache of the user's, and Load reads them from there.
//
// Invariant: a byte that does not hash to what this package pins is never kept and never returned: tarballs are checked by
// sha512 before they are opened, kept files by sha256 whenever they are read.
package artifacts

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Name is a contract's name, as its authors spell it.
type Name string

// The contracts that are kept.
const (
	WETH9            Name = "WETH9"
	UniswapV2Factory Name = "UniswapV2Factory"
	UniswapV2Pair    Name = "UniswapV2Pair"
	UniswapV2Router  Name = "UniswapV2Router02"
	UniswapV3Factory Name = "UniswapV3Factory"
	UniswapV3Pool    Name = "UniswapV3Pool"
	PositionManager  Name = "NonfungiblePositionManager"
	SwapRouter02     Name = "SwapRouter02"
	QuoterV2         Name = "QuoterV2"
	Permit2          Name = "Permit2"
	Multicall3       Name = "Multicall3"

	PoolManager             Name = "PoolManager" // Uniswap V4's; only tests use what is of it
	V4Quoter                Name = "V4Quoter"
	StateView               Name = "StateView"
	PoolModifyLiquidityTest Name = "PoolModifyLiquidityTest"
	PoolSwapTest            Name = "PoolSwapTest"
	MockERC20               Name = "MockERC20"
)

// Artifact is one compiled contract. Creation is empty where only the runtime code is published, and Runtime is empty where
// the constructor makes it.
type Artifact struct {
	Contract Name            `json:"contract"`
	Package  string          `json:"package"` // name@version it was taken from
	ABI      json.RawMessage `json:"abi"`
	Creation hexutil.Bytes   `json:"creation,omitempty"`
	Runtime  hexutil.Bytes   `json:"runtime,omitempty"`
}

// Interface parses the artifact's ABI.
func (a Artifact) Interface() (abi.ABI, error) {
	parsed, err := abi.JSON(bytes.NewReader(a.ABI))
	if err != nil {
		return abi.ABI{}, fmt.Errorf("abi of %s: %w", a.Contract, err)
	}
	return parsed, nil
}

// Set is every contract of this package, complete and checked.
type Set struct{ byName map[Name]Artifact }

// Artifact returns the contract of that name, which must be one of the constants.
func (s *Set) Artifact(n Name) Artifact {
	a, ok := s.byName[n]
	if !ok {
		panic("artifacts: unknown contract " + string(n))
	}
	return a
}

// DefaultDir is where artifacts are kept unless the user says otherwise.
func DefaultDir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the user's cache folder: %w", err)
	}
	return filepath.Join(cache, "keymaker", "artifacts"), nil
}

// Load reads the artifacts that Fetch kept in dir; an empty dir means DefaultDir. It refuses with refusal.Artifacts where
// one is missing or not the pinned one.
func Load(dir string) (*Set, error) {
	dir, err := orDefault(dir)
	if err != nil {
		return nil, err
	}
	set := &Set{byName: make(map[Name]Artifact)}
	for _, p := range packages {
		for _, c := range p.contracts {
			a, err := read(dir, c)
			if err != nil {
				return nil, refusal.New(refusal.Artifacts, "%s of %s is not in %s", c.name, p, dir).Because(err)
			}
			set.byName[c.name] = a
		}
	}
	return set, nil
}

func orDefault(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	return DefaultDir()
}

func read(dir string, c contract) (Artifact, error) {
	raw, err := os.ReadFile(kept(dir, c.name))
	if err != nil {
		return Artifact{}, err
	}
	if err := c.check(raw); err != nil {
		return Artifact{}, err
	}
	var a Artifact
	if err := json.Unmarshal(raw, &a); err != nil {
		return Artifact{}, fmt.Errorf("decode %s: %w", c.name, err)
	}
	return a, nil
}

func kept(dir string, n Name) string { return filepath.Join(dir, string(n)+".json") }

func (c contract) check(raw []byte) error {
	sum := sha256.Sum256(raw)
	if got := hex.EncodeToString(sum[:]); got != c.sha256 {
		return fmt.Errorf("%s hashes to %s, pinned is %s", c.name, got, c.sha256)
	}
	return nil
}
