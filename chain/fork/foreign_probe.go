package fork

import (
	"encoding/binary"
	"errors"
	"math/big"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
)

// The state inside a simulation can be asked by calls only, and a call to a contract may write: so questions are put by a probe. It is
// code, made for the questions and laid at an address that nobody knows, that puts each view by STATICCALL with its own gas, and returns
// one record for each.

// question is one to a contract, or, without a contract to ask, one about an account.
type question struct {
	to    common.Address // of the contract, or the account
	data  string         // of the view
	about about
}

// about is what kind of question it is.
type about uint8

const (
	aView    about = iota // what a view returns
	aAccount              // its balance, and its code as far as mostKnownCode
	theCode               // its balance, and its code
	theBlock              // the time, the miner, and the randomness, as contracts see them
)

// mostKnownCode is how much of an account's code is read: enough to tell whether there is any, and whether it is a delegation.
const mostKnownCode = 32

// mostReply is how much of what a view returns is read. More is cut, and so is no number.
const mostReply = 4 << 10

// record is an answer.
type record struct {
	view    evm.Outcome // what a view returned
	balance uint256.Int
	hash    common.Hash // of the code; zero where nothing is
	code    []byte      // its beginning, or all of it
	words   [3]common.Hash
}

// questionRoom is the gas that each view needs to be there when it is asked, so that it gets all of questionGas (EIP-150).
const questionRoom = questionGas + questionGas/32 + 20_000

// Instructions of the EVM.
const (
	opAdd, opMul, opSub, opLt, opGt, opXor = 0x01, 0x02, 0x03, 0x10, 0x11, 0x18
	opBalance, opExtSize, opExtCopy        = 0x31, 0x3b, 0x3c
	opReturnSize, opReturnCopy, opExtHash  = 0x3d, 0x3e, 0x3f
	opCoinbase, opTimestamp, opRandom      = 0x41, 0x42, 0x44
	opStore, opJumpIf, opGas, opJumpDest   = 0x52, 0x57, 0x5a, 0x5b
	opPush1, opDup1, opSwap1               = 0x60, 0x80, 0x90
	opReturn, opStaticCall, opRevert       = 0xf3, 0xfa, 0xfd
)

// assembly is code while it is written.
type assembly []byte

func (a *assembly) do(ops ...byte) { *a = append(*a, ops...) }

// push puts a number on the stack, in no fewer bytes than are given.
func (a *assembly) push(b []byte) {
	*a = append(*a, opPush1+byte(len(b))-1)
	*a = append(*a, b...)
}

func (a *assembly) number(n uint32) { a.push(binary.BigEndian.AppendUint32(nil, n)) }

// storeAt writes the top of the stack so many bytes into the record, whose place is then the n-th of the stack.
func (a *assembly) storeAt(offset uint32, n byte) {
	a.do(opDup1 + n - 1)
	a.number(offset)
	a.do(opAdd, opStore)
}

// probeCode puts the questions one after the other. The stack holds the place of the next record.
func probeCode(questions []question) []byte {
	var a assembly
	base := uint32(0)
	for i := range questions {
		base = max(base, uint32(len(questions[i].data)+wordLength-1)/wordLength*wordLength)
	}
	const fail, start = 5, 11 // after the jump over it, and after it
	a.push([]byte{1})
	a.push([]byte{start})
	a.do(opJumpIf, opJumpDest)
	a.push([]byte{0})
	a.push([]byte{0})
	a.do(opRevert, opJumpDest)
	a.number(base)
	for i := range questions {
		q := &questions[i]
		switch q.about {
		case aView:
			a.view(q, fail)
		case aAccount, theCode:
			a.account(q)
		case theBlock:
			for i, op := range []byte{opTimestamp, opCoinbase, opRandom} {
				a.do(op)
				a.storeAt(uint32(i)*wordLength, 2)
			}
			a.number(3 * wordLength)
			a.do(opAdd)
		}
	}
	a.number(base)
	a.do(opSwap1)
	a.number(base)
	a.do(opSwap1, opSub, opSwap1, opReturn)
	return a
}

// view writes whether the view succeeded, the gas that it used, how much it returned, and that.
func (a *assembly) view(q *question, fail byte) {
	a.number(questionRoom)
	a.do(opGas, opLt)
	a.push([]byte{fail})
	a.do(opJumpIf)
	for at := 0; at < len(q.data); at += wordLength {
		a.push(common.RightPadBytes([]byte(q.data[at:min(at+wordLength, len(q.data))]), wordLength))
		a.number(uint32(at))
		a.do(opStore)
	}
	a.do(opGas)
	for _, n := range []uint32{0, 0, uint32(len(q.data)), 0} {
		a.number(n)
	}
	a.push(q.to[:])
	a.number(questionGas)
	a.do(opStaticCall, opSwap1, opGas, opSwap1, opSub) // place, success, used
	a.storeAt(wordLength, 3)
	a.storeAt(0, 2)
	a.do(opReturnSize, opDup1)
	a.storeAt(2*wordLength, 3)
	a.number(mostReply)
	// The less of both: b ^ ((a ^ b) * (a < b)).
	a.do(opDup1+1, opDup1+1, opGt, opDup1+2, opDup1+2, opXor, opMul, opXor, opSwap1, 0x50) // place, length
	a.do(opDup1)
	a.number(0)
	a.do(opDup1 + 3)
	a.number(3 * wordLength)
	a.do(opAdd, opReturnCopy, opAdd)
	a.number(3 * wordLength)
	a.do(opAdd)
}

// account writes the balance, the hash of the code, its length, and so much of it.
func (a *assembly) account(q *question) {
	for i, op := range []byte{opBalance, opExtHash, opExtSize} {
		a.push(q.to[:])
		a.do(op)
		a.storeAt(uint32(i)*wordLength, 2)
	}
	if q.about == aAccount {
		a.number(mostKnownCode)
	} else {
		a.push(q.to[:])
		a.do(opExtSize)
	}
	a.do(opDup1)
	a.number(0)
	a.do(opDup1 + 3)
	a.number(3 * wordLength)
	a.do(opAdd)
	a.push(q.to[:])
	a.do(opExtCopy, opAdd)
	a.number(3 * wordLength)
	a.do(opAdd)
}

var errProbe = errors.New("the probe inside the simulation returns what no probe returns: the remote does not lay code as it is told")

// errOutOfGas is how a view failed that used all that it was given.
var errOutOfGas = evm.ErrOutOfGas

// decodeRecords reads what a probe returned to the questions.
func decodeRecords(b []byte, questions []question) ([]record, error) {
	all := make([]record, len(questions))
	for i := range questions {
		words, ok := [3]common.Hash{}, len(b) >= 3*wordLength
		for j := 0; ok && j < len(words); j++ {
			words[j] = common.Hash(b[j*wordLength : (j+1)*wordLength])
		}
		if !ok {
			return nil, errProbe
		}
		b = b[3*wordLength:]
		r := &all[i]
		length := new(big.Int).SetBytes(words[2][:])
		switch q := &questions[i]; q.about {
		case theBlock:
			r.words = words
			continue
		case aView:
			n, used := mostReply, new(uint256.Int).SetBytes(words[1][:])
			if length.IsInt64() {
				n = int(min(length.Int64(), mostReply))
			}
			if len(b) < n || words[0] != (common.Hash{}) && words[0] != (common.Hash{31: 1}) || !used.IsUint64() {
				return nil, errProbe
			}
			r.view = evm.Outcome{Return: b[:n], Used: used.Uint64()}
			switch {
			case words[0] == (common.Hash{31: 1}):
			case n == 0 && used.Uint64() >= questionGas:
				r.view.Failure = errOutOfGas
			default:
				r.view.Failure = evm.ErrReverted
			}
			b = b[n:]
		case aAccount, theCode:
			n := mostKnownCode
			if q.about == theCode {
				n = int(min(length.Uint64(), uint64(len(b))+1))
			}
			if !length.IsUint64() || len(b) < n {
				return nil, errProbe
			}
			r.balance.SetBytes(words[0][:])
			r.hash, r.code = words[1], b[:min(uint64(n), length.Uint64())]
			b = b[n:]
		}
	}
	if len(b) > 0 {
		return nil, errProbe
	}
	return all, nil
}
