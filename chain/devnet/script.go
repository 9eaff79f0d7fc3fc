package devnet

import (
	"crypto/ecdsa"
	"fmt"
	"math"
	"math/big"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/params"

	"github.com/keymaker-agent/keymaker/chain/devnet/artifacts"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts"
)

const stepGas = 8_000_000 // limit of each transaction; the largest takes 6 million

var (
	maxUint256 = new(big.Int).Sub(new(big.Int).Lsh(common.Big1, 256), common.Big1)
	never      = big.NewInt(math.MaxInt64) // a deadline
)

// step is one transaction, and what it is for.
type step struct {
	what  string
	tx    *types.Transaction
	after time.Duration // it waits for a new block, by so much later than blocks follow each other; zero: it does not wait
}

// author writes the transactions one after the other: the deployer's, and those of other accounts by their own keys. The first error
// stays; later ones do nothing.
type author struct {
	set      *artifacts.Set
	key      *ecdsa.PrivateKey
	deployer common.Address
	chainID  uint64
	genesis  uint64 // unix time
	nonces   map[*ecdsa.PrivateKey]uint64
	after    time.Duration // of the next step
	signer   types.Signer
	at       map[known.Contract]common.Address
	abis     map[known.Contract]abi.ABI
	steps    []step
	err      error
}

// script is everything that happens on a chain before anybody may use it.
func script(set *artifacts.Set, chainID, genesis uint64) ([]step, error) {
	w := &author{
		set:      set,
		key:      known.DeployerKey(chainID),
		deployer: known.Deployer(chainID),
		chainID:  chainID,
		genesis:  genesis,
		nonces:   make(map[*ecdsa.PrivateKey]uint64),
		signer:   types.LatestSignerForChainID(new(big.Int).SetUint64(chainID)),
		at:       known.Addresses(chainID),
		abis:     make(map[known.Contract]abi.ABI),
	}
	for _, c := range known.Market() {
		w.construct(c)
	}
	w.constructRewards()
	w.mintAndApprove()
	w.fillPools()
	w.closeHoneypot()
	w.fundAccounts()
	w.startRewards()
	return w.steps, w.err
}

// third says which artifact a contract is made from, and what its constructor takes.
func (w *author) third(c known.Contract) (artifacts.Name, []any) {
	switch c {
	case known.WETH:
		return artifacts.WETH9, nil
	case known.V2Factory:
		return artifacts.UniswapV2Factory, []any{w.deployer}
	case known.V2Router:
		return artifacts.UniswapV2Router, []any{w.at[known.V2Factory], w.at[known.WETH]}
	case known.V3Factory:
		return artifacts.UniswapV3Factory, nil
	case known.PositionManager:
		noDescriptor := common.Address{} // it only draws pictures of positions
		return artifacts.PositionManager, []any{w.at[known.V3Factory], w.at[known.WETH], noDescriptor}
	case known.V3Router:
		return artifacts.SwapRouter02, []any{w.at[known.V2Factory], w.at[known.V3Factory], w.at[known.PositionManager], w.at[known.WETH]}
	case known.V3Quoter:
		return artifacts.QuoterV2, []any{w.at[known.V3Factory], w.at[known.WETH]}
	}
	return "", nil
}

// own says which of our contracts a token is made from.
func own(c known.Contract) contracts.Name {
	switch c {
	case known.USDT:
		return contracts.SilentToken
	case known.FEE:
		return contracts.FeeToken
	case known.MOON:
		return contracts.VestedToken
	}
	return contracts.Token
}

func (w *author) construct(c known.Contract) {
	name, args := w.third(c)
	if name != "" {
		a := w.set.Artifact(name)
		parsed, err := a.Interface()
		if err != nil {
			w.err = err
			return
		}
		w.create(c, parsed, a.Creation, args...)
		return
	}
	compiled, spec := contracts.Load(own(c)), specOf(c)
	w.create(c, compiled.ABI, compiled.Creation, spec.Name, spec.Symbol, spec.Decimals, w.deployer)
}

func (w *author) create(c known.Contract, parsed abi.ABI, creation []byte, args ...any) {
	packed, err := parsed.Pack("", args...)
	if err != nil {
		w.err = fmt.Errorf("construct %s: %w", c, err)
		return
	}
	w.abis[c] = parsed
	w.add("construct "+string(c), nil, nil, append(creation[:len(creation):len(creation)], packed...))
}

func (w *author) call(c known.Contract, method string, args ...any) { w.pay(c, nil, method, args...) }

func (w *author) pay(c known.Contract, value *big.Int, method string, args ...any) {
	packed, err := w.abis[c].Pack(method, args...)
	if err != nil {
		w.err = fmt.Errorf("call %s of %s: %w", method, c, err)
		return
	}
	to := w.at[c]
	w.add(fmt.Sprintf("%s of %s %v", method, c, args), &to, value, packed)
}

func (w *author) add(what string, to *common.Address, value *big.Int, data []byte) {
	if w.err != nil {
		return
	}
	tx, err := types.SignNewTx(w.key, w.signer, &types.DynamicFeeTx{
		ChainID:   w.signer.ChainID(),
		Nonce:     w.nonces[w.key],
		GasTipCap: big.NewInt(params.GWei),
		GasFeeCap: big.NewInt(100 * params.GWei),
		Gas:       stepGas,
		To:        to,
		Value:     value,
		Data:      data,
	})
	if err != nil {
		w.err = fmt.Errorf("%s: %w", what, err)
		return
	}
	w.nonces[w.key]++
	w.steps = append(w.steps, step{what, tx, w.after})
	w.after = 0
}

// mintAndApprove gives the deployer what it puts into pools, and lets the routers take it.
func (w *author) mintAndApprove() {
	w.pay(known.WETH, ether(deployerEther/10), "deposit")
	for _, spec := range known.Specs() {
		if spec.Contract != known.WETH {
			w.call(spec.Contract, "mint", w.deployer, worth(spec.Contract, mintedDollars))
		}
		w.call(spec.Contract, "approve", w.at[known.V2Router], maxUint256)
		w.call(spec.Contract, "approve", w.at[known.PositionManager], maxUint256)
	}
}

// closeHoneypot lets the honeypot know its market, once the pool is filled.
func (w *author) closeHoneypot() {
	w.call(known.MOON, "setMarket", w.pair(known.MOON, known.WETH), true)
}

// pair is where the V2 factory makes the pair of two tokens.
func (w *author) pair(a, b known.Contract) common.Address {
	a, b = w.sorted(a, b)
	salt := crypto.Keccak256Hash(w.at[a].Bytes(), w.at[b].Bytes())
	return crypto.CreateAddress2(w.at[known.V2Factory], salt, crypto.Keccak256(w.set.Artifact(artifacts.UniswapV2Pair).Creation))
}

// fundAccounts gives the first two accounts some of every token but the thin one.
func (w *author) fundAccounts() {
	for _, holder := range known.Accounts()[:2] {
		for _, f := range funds {
			if f.token == known.WETH {
				w.call(f.token, "transfer", holder.Address, worth(f.token, f.dollars))
				continue
			}
			w.call(f.token, "mint", holder.Address, worth(f.token, f.dollars))
		}
	}
}

func (w *author) sorted(a, b known.Contract) (known.Contract, known.Contract) {
	if w.at[a].Cmp(w.at[b]) > 0 {
		return b, a
	}
	return a, b
}

func specOf(c known.Contract) known.Spec {
	for _, s := range known.Specs() {
		if s.Contract == c {
			return s
		}
	}
	panic("devnet: no token " + string(c))
}
