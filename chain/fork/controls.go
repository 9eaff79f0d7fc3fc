package fork

import (
	"bytes"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// controlViews are the views by which contracts tell who governs them, and which code they hand out.
var controlViews = []struct {
	view [4]byte
	kind ControlKind
}{
	{selector("owner()"), Owner},
	{selector("getOwner()"), Owner},
	{selector("pendingOwner()"), PendingOwner},
	{selector("admin()"), Admin},
	{selector("implementation()"), Implementation}, // of a beacon
}

// delegationPrefix begins the code of an account that runs another one's (EIP-7702).
var delegationPrefix = []byte{0xef, 0x01, 0x00}

// erc1967 is a slot of EIP-1967: the hash of its name, less one.
func erc1967(name string) common.Hash {
	n := new(big.Int).SetBytes(crypto.Keccak256([]byte(name)))
	return common.BigToHash(n.Sub(n, big.NewInt(1)))
}

func viewsOfControls() (all [][4]byte) {
	for _, v := range controlViews {
		all = append(all, v.view)
	}
	return all
}

// controlSlots hold the power over a proxy. Besides EIP-1967's there are those of its forerunner, which USDC still uses.
var controlSlots = map[common.Hash]ControlKind{
	erc1967("eip1967.proxy.implementation"):      Implementation,
	erc1967("eip1967.proxy.admin"):               Admin,
	topic("org.zeppelinos.proxy.implementation"): Implementation,
	topic("org.zeppelinos.proxy.admin"):          Admin,
	topic("PROXIABLE"):                           Implementation, // ERC-1822
	erc1967("eip1967.proxy.beacon"):              Beacon,
}

// slotChange lists what a changed slot means for who governs the contract.
func (q *inquiry) slotChange(k pinned.Slot, before, after common.Hash) {
	if kind, ok := controlSlots[k.Key]; ok {
		q.control(k.Account, kind, common.BytesToAddress(before[12:]), common.BytesToAddress(after[12:]))
	}
}

// codeChange lists what changed code means: a contract that is new or gone, or a delegation. One that was destroyed and created anew
// is both. One that was created and destroyed, all within the transactions, is neither: nothing is left of it but frames.
func (q *inquiry) codeChange(a common.Address, before, after []byte) {
	was, wasDelegate := delegate(before)
	is, isDelegate := delegate(after)
	if wasDelegate || isDelegate {
		q.control(a, Delegate, was, is)
		return
	}
	anew := q.recoded[a] || q.trace.Killed[a]
	if anew && len(before) > 0 {
		q.effects.Destroyed = append(q.effects.Destroyed, a)
	}
	if anew && len(after) > 0 {
		q.effects.Created = append(q.effects.Created, a)
	}
}

func delegate(code []byte) (common.Address, bool) {
	if len(code) != 23 || !bytes.HasPrefix(code, delegationPrefix) {
		return common.Address{}, false
	}
	return common.BytesToAddress(code[3:]), true
}

func (q *inquiry) control(contract common.Address, kind ControlKind, before, after common.Address) {
	if c := (ControlChange{contract, kind, before, after}); before != after && !slices.Contains(q.effects.Controls, c) {
		q.effects.Controls = append(q.effects.Controls, c)
	}
}

// owners asks the contracts that were reached who governs them, where a scout says that it may be another one. One that is new has
// none to lose. They are asked as by nobody: an admin that asks a proxy is not handed on.
func (q *inquiry) owners() error {
	q.asker = common.Address{}
	type question struct {
		of   common.Address
		view [4]byte
		kind ControlKind
	}
	var asked []question
	old := slices.DeleteFunc(q.reached(), func(a common.Address) bool { return len(q.before.Account(a).Code) == 0 })
	err := q.stirred(old, func(a common.Address) (all []hunch) {
		for _, v := range controlViews {
			if q.may(a, v.view) {
				all = append(all, hunch{v.view[:], func() { asked = append(asked, question{a, v.view, v.kind}) }})
			}
		}
		return all
	})
	if err != nil {
		return err
	}
	for _, c := range asked {
		before, after, err := q.ask(c.of, c.view[:])
		if err != nil {
			return err
		}
		was, okBefore := before.address()
		is, okAfter := after.address()
		switch {
		case okBefore && okAfter:
			q.control(c.of, c.kind, was, is)
		case okBefore != okAfter:
			q.unknown("the %s of contract %s", c.kind, c.of)
		}
	}
	return nil
}
