package key_test

import (
	"math/big"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/contracts/bindings"
)

func (w *world) claimed(of common.Address) *big.Int {
	w.Helper()
	return ask(w, w.at.Distributor, distributor.PackClaimed(of), distributor.UnpackClaimed)
}

func (w *world) paid() *big.Int {
	w.Helper()
	return ask(w, w.at.Distributor, distributor.PackPaid(), distributor.UnpackPaid)
}

func TestAClaimIsPaidOnceToItsAccountWhoeverCalls(t *testing.T) {
	w := settled(t, 100, 200, 300, 0, 400)
	for i, n := range []uint64{100, 200, 300, 0, 400} {
		wantWei(t, "what is held", w.balance(people[i]), wei(n))
		wantWei(t, "what was claimed", w.claimed(people[i]), wei(n))
	}
	wantWei(t, "what dave has, who called", w.balance(dave), new(big.Int))
	wantWei(t, "paid", w.paid(), wei(1_000))

	same := claimsOf(t, wei(100), wei(200), wei(300), new(big.Int), wei(400))
	w.refused("NothingToClaim", alice, w.at.Distributor, same.claim(t, alice))
	w.refused("NothingToClaim", dave, w.at.Distributor, same.claim(t, bob))
}

func TestALaterRootPaysTheDifferenceAndEndsTheOlder(t *testing.T) {
	w := settled(t, 100, 200)
	older := claimsOf(t, wei(100), wei(200))
	newer := claimsOf(t, wei(150), wei(200), wei(50))
	w.send(reporter, w.at.Key, key.PackApprove(w.at.Distributor, wei(1_000)))
	w.send(alice, w.at.Key, key.PackTransfer(reporter, wei(100))) // for the bond
	w.accepted(15, newer)

	w.refused("InvalidProof", alice, w.at.Distributor, older.claim(t, alice))
	w.send(bob, w.at.Distributor, newer.claim(t, alice))
	w.send(bob, w.at.Distributor, newer.claim(t, carol))
	w.refused("NothingToClaim", bob, w.at.Distributor, newer.claim(t, bob))
	wantWei(t, "what alice has", w.balance(alice), wei(50))
	wantWei(t, "what carol has", w.balance(carol), wei(50))
	wantWei(t, "paid", w.paid(), wei(400))
}

func TestAClaimNeedsItsOwnProof(t *testing.T) {
	w := newWorld(t)
	c := claimsOf(t, wei(10), wei(20), wei(30))
	w.refused("InvalidProof", alice, w.at.Distributor, c.claim(t, alice)) // before there is a root
	w.refused("InvalidProof", alice, w.at.Distributor, distributor.PackClaim(alice, wei(10), nil))
	w.pass(10 * day)
	w.mint()
	w.accepted(9, c)

	amount, path := c.proof(t, alice)
	_, others := c.proof(t, bob)
	root := c.Root()
	for what, data := range map[string][]byte{
		"more":               distributor.PackClaim(alice, new(big.Int).Add(amount, big.NewInt(1)), path),
		"less":               distributor.PackClaim(alice, new(big.Int).Sub(amount, big.NewInt(1)), path),
		"another account":    distributor.PackClaim(dave, amount, path),
		"a foreign proof":    distributor.PackClaim(alice, amount, others),
		"no proof":           distributor.PackClaim(alice, amount, nil),
		"a proof with more":  distributor.PackClaim(alice, amount, append(path[:len(path):len(path)], root)),
		"a proof with less":  distributor.PackClaim(alice, amount, path[:len(path)-1]),
		"nothing of nothing": distributor.PackClaim(common.Address{}, new(big.Int), nil),
	} {
		t.Run(what, func(t *testing.T) {
			fork := w.fork()
			fork.tb = t
			fork.refused("InvalidProof", alice, w.at.Distributor, data)
		})
	}
	w.send(alice, w.at.Distributor, c.claim(t, alice))
}

func TestAnInnerNodeIsNoClaim(t *testing.T) {
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	c := claimsOf(t, wei(10), wei(20), wei(30), wei(40))
	w.accepted(9, c)
	_, path := c.proof(t, alice)
	left := path[len(path)-1]
	// An account and an amount of the attacker's choice can't be a node, because leaves are hashed twice.
	w.refused("InvalidProof", alice, w.at.Distributor,
		distributor.PackClaim(common.BytesToAddress(left[12:]), new(big.Int).SetBytes(left[:]), path[:1]))
}

func TestABatchPassesOverWhatIsPaidAndRefusesWhatIsFalse(t *testing.T) {
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	c := claimsOf(t, wei(10), wei(20), wei(30), wei(40))
	w.accepted(9, c)
	var batch []bindings.DistributorClaim
	for _, p := range people[:4] {
		amount, path := c.proof(t, p)
		batch = append(batch, bindings.DistributorClaim{Account: p, Cumulative: amount, Proof: path})
	}
	w.send(bob, w.at.Distributor, c.claim(t, bob)) // in front of the batch
	falsified := append(batch[:3:3], bindings.DistributorClaim{Account: dave, Cumulative: wei(41), Proof: batch[3].Proof})
	w.refused("InvalidProof", dave, w.at.Distributor, distributor.PackClaimMany(falsified))
	wantWei(t, "paid", w.paid(), wei(20))
	w.send(dave, w.at.Distributor, distributor.PackClaimMany(append(batch, batch...)))
	w.send(dave, w.at.Distributor, distributor.PackClaimMany(nil))
	wantWei(t, "paid", w.paid(), wei(100))
	for i, p := range people[:4] {
		wantWei(t, "what is held", w.balance(p), wei(uint64(10*(i+1))))
	}
}

func TestARootThatClaimsMoreThanItSaysPaysNoMoreThanItSays(t *testing.T) {
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	c := claimsOf(t, wei(60), wei(60), wei(41))
	lie := claims{c.Tree, wei(100)}
	w.accepted(9, lie)
	w.send(alice, w.at.Distributor, c.claim(t, alice))
	w.refused("MoreThanTotal", bob, w.at.Distributor, c.claim(t, bob))
	w.refused("MoreThanTotal", carol, w.at.Distributor, c.claim(t, carol))
	amount, path := c.proof(t, bob)
	batch := []bindings.DistributorClaim{{Account: bob, Cumulative: amount, Proof: path}}
	w.refused("MoreThanTotal", bob, w.at.Distributor, distributor.PackClaimMany(batch))
	wantWei(t, "paid", w.paid(), wei(60))
}

func TestAClaimOfEverythingThatAWordCanHoldIsRefused(t *testing.T) {
	w := newWorld(t)
	w.pass(10 * day)
	w.mint()
	most := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	c := claimsOf(t, most, wei(1))
	w.accepted(9, claims{c.Tree, wei(100)})
	w.refused("ERC20InsufficientBalance", alice, w.at.Distributor, c.claim(t, alice))
	w.send(bob, w.at.Distributor, c.claim(t, bob))
	w.refused("Panic", alice, w.at.Distributor, c.claim(t, alice)) // the sum of what was paid overflows
}

func TestAClaimThatFellPaysNothingAndLosesNothing(t *testing.T) {
	w := settled(t, 100, 300)
	w.send(bob, w.at.Key, key.PackTransfer(reporter, wei(100)))
	fell := claimsOf(t, wei(40), wei(360))
	w.accepted(15, claims{fell.Tree, wei(460)})
	w.refused("NothingToClaim", alice, w.at.Distributor, fell.claim(t, alice))
	wantWei(t, "what alice claimed", w.claimed(alice), wei(100))
	w.send(bob, w.at.Distributor, fell.claim(t, bob))
	wantWei(t, "what bob claimed", w.claimed(bob), wei(360))
}
