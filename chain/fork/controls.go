package fork

import (
	"bytes"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// mostOwners is how many written contracts are asked for their owner.
const mostOwners = 64

var selOwner = selector("owner()")

// delegationPrefix begins the code of an account that runs another one's (EIP-7702).
var delegationPrefix = []byte{0xef, 0x01, 0x00}

// erc1967 is a slot of EIP-1967: the hash of its name, less one.
func erc1967(name string) common.Hash {
	n := new(big.Int).SetBytes(crypto.Keccak256([]byte(name)))
	return common.BigToHash(n.Sub(n, big.NewInt(1)))
}

// controlSlots hold the power over a proxy. Besides EIP-1967's there are those of its forerunner, which USDC still uses.
var controlSlots = map[common.Hash]ControlKind{
	erc1967("eip1967.proxy.implementation"):      Implementation,
	erc1967("eip1967.proxy.admin"):               Admin,
	topic("org.zeppelinos.proxy.implementation"): Implementation,
	topic("org.zeppelinos.proxy.admin"):          Admin,
	topic("PROXIABLE"):                           Implementation, // ERC-1822
}

var beaconSlot = erc1967("eip1967.proxy.beacon")

// slotChange lists what a changed slot means for who governs the contract.
func (q *inquiry) slotChange(k pinned.Slot, before, after common.Hash) {
	if kind, ok := controlSlots[k.Key]; ok {
		q.control(k.Account, kind, common.BytesToAddress(before[12:]), common.BytesToAddress(after[12:]))
	}
	if k.Key == beaconSlot {
		q.unknown("contract %s takes its code from another beacon", k.Account)
	}
}

// codeChange lists what changed code means: a contract that is new or gone, or a delegation.
func (q *inquiry) codeChange(a common.Address, before, after []byte) {
	was, wasDelegate := delegate(before)
	is, isDelegate := delegate(after)
	switch {
	case wasDelegate || isDelegate:
		q.control(a, Delegate, was, is)
	case len(before) == 0:
		q.effects.Created = append(q.effects.Created, a)
	case len(after) == 0:
		q.unknown("contract %s is destroyed", a)
	default:
		q.unknown("the code of contract %s is replaced", a)
	}
}

func delegate(code []byte) (common.Address, bool) {
	if len(code) != 23 || !bytes.HasPrefix(code, delegationPrefix) {
		return common.Address{}, false
	}
	return common.BytesToAddress(code[3:]), true
}

func (q *inquiry) control(contract common.Address, kind ControlKind, before, after common.Address) {
	if before != after {
		q.effects.Controls = append(q.effects.Controls, ControlChange{contract, kind, before, after})
	}
}

// owners asks the contracts whose storage changed for their owner. One that is new has none to lose.
func (q *inquiry) owners() error {
	var asked []common.Address
	var views []chain.Call
	for _, a := range sortedAddresses(q.written) {
		if len(q.before.Account(a).Code) == 0 || len(q.after.Account(a).Code) == 0 {
			continue
		}
		asked = append(asked, a)
		views = append(views, chain.Call{From: q.asker, To: &a, Data: selOwner[:]})
	}
	if len(asked) > mostOwners {
		q.unknown("who owns %d of the contracts that were written", len(asked)-mostOwners)
		asked, views = asked[:mostOwners], views[:mostOwners]
	}
	q.prepare(views)
	for _, a := range asked {
		before, after, err := q.ask(a, selOwner[:])
		if err != nil {
			return err
		}
		was, okBefore := before.address()
		is, okAfter := after.address()
		switch {
		case okBefore && okAfter:
			q.control(a, Owner, was, is)
		case okBefore != okAfter:
			q.unknown("the owner of contract %s", a)
		}
	}
	return nil
}
