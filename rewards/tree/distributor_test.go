package tree

import (
	"errors"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/abi/bind"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/tree/reference"
)

// payer is Uniswap's distributor on a chain, with tokens to pay.
type payer struct {
	t       *testing.T
	backend *simulated.Backend
	opts    *bind.TransactOpts
	token   *bind.BoundContract
	claims  *bind.BoundContract
}

func newPayer(t *testing.T, root common.Hash, holds *big.Int) *payer {
	t.Helper()
	key, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	rich := new(big.Int).Exp(big.NewInt(10), big.NewInt(20), nil)
	backend := simulated.NewBackend(types.GenesisAlloc{crypto.PubkeyToAddress(key.PublicKey): {Balance: rich}})
	t.Cleanup(func() {
		if err := backend.Close(); err != nil {
			t.Error(err)
		}
	})
	chain, err := backend.Client().ChainID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	opts, err := bind.NewKeyedTransactorWithChainID(key, chain)
	if err != nil {
		t.Fatal(err)
	}
	p := &payer{t: t, backend: backend, opts: opts}
	var token, distributor common.Address
	token, p.token = p.deploy(reference.TestERC20, "Token", "TOK", holds)
	distributor, p.claims = p.deploy(reference.MerkleDistributor, token, root)
	if err := p.send(p.token, "transfer", distributor, holds); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *payer) deploy(name string, args ...any) (common.Address, *bind.BoundContract) {
	p.t.Helper()
	c, err := reference.Load(p.t.Context(), name)
	if err != nil {
		p.t.Fatal(err)
	}
	at, _, bound, err := bind.DeployContract(p.opts, c.ABI, c.Creation, p.backend.Client(), args...)
	if err != nil {
		p.t.Fatal(err)
	}
	p.backend.Commit()
	return at, bound
}

func (p *payer) send(to *bind.BoundContract, method string, args ...any) error {
	tx, err := to.Transact(p.opts, method, args...)
	if err != nil {
		return err // the estimate of its gas has reverted
	}
	p.backend.Commit()
	receipt, err := p.backend.Client().TransactionReceipt(p.t.Context(), tx.Hash())
	if err == nil && receipt.Status != types.ReceiptStatusSuccessful {
		err = errors.New("reverted")
	}
	return err
}

func (p *payer) pay(proof Proof) error {
	path := make([][32]byte, len(proof.Path))
	for i, h := range proof.Path {
		path[i] = h
	}
	return p.send(p.claims, "claim", new(big.Int).SetUint64(proof.Index), proof.Account, proof.Amount.ToBig(), path)
}

func (p *payer) wantBalance(of common.Address, want *uint256.Int) {
	p.t.Helper()
	var out []any
	if err := p.token.Call(nil, &out, "balanceOf", of); err != nil {
		p.t.Fatal(err)
	}
	if got := out[0].(*big.Int); got.Cmp(want.ToBig()) != 0 {
		p.t.Errorf("%s holds %s, want %s", of, got, want)
	}
}

func TestUniswapsDistributorPaysEveryClaimOnceAndNothingElse(t *testing.T) {
	claims := randomClaims(13)
	holds := new(uint256.Int)
	for i := range claims {
		claims[i].Amount.Rsh(&claims[i].Amount, 8) // so that a token can hold them all
		claims[i].Amount.AddUint64(&claims[i].Amount, 1)
		holds.Add(holds, &claims[i].Amount)
	}
	made := build(t, Distributor, claims, 2)
	p := newPayer(t, made.Root(), holds.ToBig())
	for i, c := range claims {
		proof, err := made.Proof(c.Account)
		if err != nil {
			t.Fatal(err)
		}
		more, other := proof, proof
		more.Amount.AddUint64(&more.Amount, 1)
		other.Claim = claims[(i+1)%len(claims)]
		if p.pay(more) == nil || p.pay(other) == nil {
			t.Fatalf("claim %d was paid to another or with more", i)
		}
		if err := p.pay(proof); err != nil {
			t.Fatalf("claim %d was not paid: %v", i, err)
		}
		if p.pay(proof) == nil {
			t.Fatalf("claim %d was paid twice", i)
		}
		p.wantBalance(c.Account, &c.Amount)
	}
}

func TestTheLayoutsHaveDifferentRoots(t *testing.T) {
	claims := randomClaims(5)
	if build(t, Standard, claims, 1).Root() == build(t, Distributor, claims, 1).Root() {
		t.Error("one root")
	}
}
