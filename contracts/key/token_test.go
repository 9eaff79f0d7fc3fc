package key_test

import (
	"crypto/ecdsa"
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/contracts"
)

func TestOnlyTheEmissionMints(t *testing.T) {
	w := settled(t, 100)
	for _, p := range append(people, deployer, w.at.Governance, w.at.Distributor) {
		w.refused("NotMinter", p, w.at.Key, key.PackMint(p, wei(1)))
	}
	if _, err := w.create(append(contracts.Load(contracts.Key).Creation, key.PackConstructor(common.Address{})...)); err == nil {
		t.Error("a token without a minter")
	}
}

func TestTheCapHoldsForTheMinterTooAndBurningDoesNotReopenIt(t *testing.T) {
	w := newWorld(t)
	data := append(contracts.Load(contracts.Key).Creation, key.PackConstructor(alice)...)
	at, err := w.create(data)
	if err != nil {
		t.Fatal(err)
	}
	whole := ask(w, at, key.PackCAP(), key.UnpackCAP)
	wantWei(t, "the cap", whole, wei(42_000_000))
	more := new(big.Int).Add(whole, big.NewInt(1))
	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	w.refused("CapExceeded", alice, at, key.PackMint(bob, more))
	w.refused("CapExceeded", alice, at, key.PackMint(bob, most))
	w.send(alice, at, key.PackMint(bob, whole))
	w.refused("CapExceeded", alice, at, key.PackMint(bob, big.NewInt(1)))
	w.refused("CapExceeded", alice, at, key.PackMint(bob, most))

	w.send(bob, at, key.PackBurn(wei(1_000)))
	w.send(bob, at, key.PackBurnFor(wei(5), common.HexToHash("0x5ec")))
	w.refused("CapExceeded", alice, at, key.PackMint(bob, big.NewInt(1)))
	wantWei(t, "burned", ask(w, at, key.PackBurned(), key.UnpackBurned), wei(1_005))
	wantWei(t, "minted", ask(w, at, key.PackMinted(), key.UnpackMinted), whole)
	wantWei(t, "the supply", ask(w, at, key.PackTotalSupply(), key.UnpackTotalSupply), wei(42_000_000-1_005))
}

func TestNobodyBurnsMoreThanTheirOwn(t *testing.T) {
	w := settled(t, 100)
	w.refused("ERC20InsufficientBalance", alice, w.at.Key, key.PackBurn(wei(101)))
	w.refused("ERC20InsufficientBalance", bob, w.at.Key, key.PackBurn(big.NewInt(1)))
	w.send(bob, w.at.Key, key.PackBurn(new(big.Int)))
	w.send(alice, w.at.Key, key.PackBurn(wei(100)))
	wantWei(t, "what is left", w.balance(alice), new(big.Int))
}

func TestAPermitCountsOnceForItsSignerAndInTime(t *testing.T) {
	w := settled(t, 100)
	secret, err := crypto.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	owner, deadline := crypto.PubkeyToAddress(secret.PublicKey), number(w.now()+day)
	w.send(alice, w.at.Key, key.PackTransfer(owner, wei(50)))
	v, r, s := w.signPermit(secret, bob, wei(30), deadline)
	w.refused("ERC2612InvalidSigner", carol, w.at.Key, key.PackPermit(owner, carol, wei(30), deadline, v, r, s))
	w.refused("ERC2612InvalidSigner", carol, w.at.Key, key.PackPermit(owner, bob, wei(31), deadline, v, r, s))
	late := w.fork()
	late.pass(day + 1)
	late.refused("ERC2612ExpiredSignature", carol, w.at.Key, key.PackPermit(owner, bob, wei(30), deadline, v, r, s))
	w.send(carol, w.at.Key, key.PackPermit(owner, bob, wei(30), deadline, v, r, s))
	w.refused("ERC2612InvalidSigner", carol, w.at.Key, key.PackPermit(owner, bob, wei(30), deadline, v, r, s)) // a replay
	w.send(bob, w.at.Key, key.PackTransferFrom(owner, bob, wei(30)))
	wantWei(t, "what bob has", w.balance(bob), wei(30))
}

// signPermit signs the first permit of an account.
func (w *world) signPermit(secret *ecdsa.PrivateKey, spender common.Address, amount, deadline *big.Int) (uint8, [32]byte, [32]byte) {
	w.Helper()
	domain := ask(w, w.at.Key, key.PackDOMAINSEPARATOR(), key.UnpackDOMAINSEPARATOR)
	kind := crypto.Keccak256([]byte("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"))
	word := func(n *big.Int) []byte { return common.BigToHash(n).Bytes() }
	owner := crypto.PubkeyToAddress(secret.PublicKey)
	message := crypto.Keccak256(kind, common.BytesToHash(owner[:]).Bytes(), common.BytesToHash(spender[:]).Bytes(),
		word(amount), word(new(big.Int)), word(deadline))
	signed, err := crypto.Sign(crypto.Keccak256([]byte{0x19, 0x01}, domain[:], message), secret)
	if err != nil {
		w.Fatalf("%v", err)
	}
	return signed[64] + 27, [32]byte(signed[:32]), [32]byte(signed[32:64])
}
