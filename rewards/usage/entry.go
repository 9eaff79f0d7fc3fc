package usage

import (
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// LongestEntry is more than any canonical line has bytes, with its line break.
const LongestEntry = 1024

const commitLen = 20 // bytes of a git object id

// shape is a field with the text that stands before and after its value.
type shape struct {
	field
	opens, closes string
}

// shapes are the fields of each kind, in order.
var shapes = func() (all [kinds][]shape) {
	for k, kind := range table {
		for _, f := range kind.fields {
			s := shape{field: f, opens: `,"` + f.key + `":`}
			if f.form.quoted() {
				s.opens, s.closes = s.opens+`"`, `"`
			}
			if f.form.hex() {
				s.opens += "0x"
			}
			all[k] = append(all[k], s)
		}
	}
	return all
}()

// ReadEntry reads a line without its line break. It refuses (bad_entry) what is not canonical, so whatever it reads AppendEntry
// writes back to the byte. The entry's Name and Place lie in the line.
func ReadEntry(line []byte, e *Entry) error {
	if err := e.read(line); err != nil {
		return refusal.New(refusal.BadEntry, "%s", err)
	}
	return nil
}

// AppendEntry appends an entry's line, without a line break. It refuses (bad_entry) a field of the entry's kind that can't be
// written; fields of other kinds are not looked at.
func AppendEntry(dst []byte, e *Entry) ([]byte, error) {
	if e.Kind >= kinds {
		return dst, refusal.New(refusal.BadEntry, "kind %d is unknown", e.Kind)
	}
	whole := len(dst)
	dst = append(append(append(dst, `{"kind":"`...), table[e.Kind].name...), '"')
	for i := range shapes[e.Kind] {
		s := &shapes[e.Kind][i]
		dst = append(dst, s.opens...)
		var ok bool
		if dst, ok = e.appendField(dst, s.form, s.in); !ok {
			return dst[:whole], refusal.New(refusal.BadEntry, "%s of a %s is not %s", s.key, e.Kind, says[s.form])
		}
		dst = append(dst, s.closes...)
	}
	if err := e.order(); err != nil {
		return dst[:whole], refusal.New(refusal.BadEntry, "%s", err)
	}
	return append(dst, '}'), nil
}

// read is ReadEntry, with an error that says no more than what is wrong with the line.
func (e *Entry) read(line []byte) error {
	*e = Entry{}
	r := rest(line)
	if !r.word(`{"kind":"`) {
		return fmt.Errorf(`want {"kind":" before %s`, shown(r))
	}
	if e.Kind = r.kind(); e.Kind == kinds {
		return fmt.Errorf("no kind is written like %s", shown(r))
	}
	for i := range shapes[e.Kind] {
		s := &shapes[e.Kind][i]
		if !r.word(s.opens) {
			return fmt.Errorf("%s: want %s before %s", e.Kind, s.opens, shown(r))
		}
		value := r
		if !e.readField(&r, s.form, s.in) || !r.word(s.closes) {
			return fmt.Errorf("%s: %s is not %s: %s", e.Kind, s.key, says[s.form], shown(value))
		}
	}
	if len(r) != 1 || r[0] != '}' {
		return fmt.Errorf("%s: want } and the end before %s", e.Kind, shown(r))
	}
	return e.order()
}

// order holds the two ends of a length of time against each other.
func (e *Entry) order() error {
	if e.Kind.lasts() && e.At >= e.To {
		return fmt.Errorf("%s: from %d to %d is no time", e.Kind, e.At, e.To)
	}
	return nil
}

// kind reads the name of one and the quote after it.
func (r *rest) kind() Kind {
	for k := range table {
		name := table[k].name
		if t := *r; len(t) > len(name) && t[len(name)] == '"' && string(t[:len(name)]) == name {
			*r = t[len(name)+1:]
			return Kind(k)
		}
	}
	return kinds
}

func (e *Entry) readField(r *rest, f form, in slot) bool {
	switch f {
	case formTime:
		n, ok := r.number(mostTime)
		*e.time(in) = emission.Time(n)
		return ok
	case formCount:
		n, ok := r.number(mostCount)
		*e.count(in) = n
		return ok
	case formFlag:
		n, ok := r.number(2)
		e.Flag = n == 1
		return ok
	case formRef:
		return r.hex(e.Ref[:])
	case formAddress:
		a := e.address(in)
		return r.hex(a[:]) && *a != common.Address{}
	case formNobody:
		return r.hex(e.address(in)[:])
	case formCommit:
		return r.hex(e.hash(in)[:commitLen])
	case formHash:
		return r.hex(e.hash(in)[:])
	case formName:
		return r.name(e.name(in))
	default:
		return r.amount(e.amount(in))
	}
}

func (e *Entry) appendField(dst []byte, f form, in slot) ([]byte, bool) {
	switch f {
	case formTime:
		t := *e.time(in)
		return appendNumber(dst, uint64(t)), t < mostTime
	case formCount:
		n := *e.count(in)
		return appendNumber(dst, n), n < mostCount
	case formFlag:
		if e.Flag {
			return append(dst, '1'), true
		}
		return append(dst, '0'), true
	case formRef:
		return appendHex(dst, e.Ref[:]), true
	case formAddress:
		a := e.address(in)
		return appendHex(dst, a[:]), *a != common.Address{}
	case formNobody:
		return appendHex(dst, e.address(in)[:]), true
	case formCommit:
		h := e.hash(in)
		return appendHex(dst, h[:commitLen]), [common.HashLength - commitLen]byte(h[commitLen:]) == [common.HashLength - commitLen]byte{}
	case formHash:
		return appendHex(dst, e.hash(in)[:]), true
	case formName:
		name := *e.name(in)
		return append(dst, name...), isName(name)
	default:
		a := e.amount(in)
		if a.BitLen() > amountBits {
			return dst, false
		}
		return appendAmount(dst, a), true
	}
}

// The parts of an entry by their slots. A slot that is not of the form is a fault of the table, which a test walks.

func (e *Entry) time(in slot) *emission.Time {
	switch in {
	case inAt:
		return &e.At
	case inTo:
		return &e.To
	case inLockFrom:
		return &e.LockFrom
	default:
		return &e.LockTo
	}
}

func (e *Entry) count(in slot) *uint64 {
	switch in {
	case inChain:
		return &e.Chain
	case inInput:
		return &e.Input
	case inOutput:
		return &e.Output
	case inDecimals:
		return &e.Decimals
	default:
		return &e.Proposal
	}
}

func (e *Entry) address(in slot) *common.Address {
	switch in {
	case inEarner:
		return &e.Earner
	case inOther:
		return &e.Other
	default:
		return &e.Asset
	}
}

func (e *Entry) hash(in slot) *common.Hash {
	if in == inSubject {
		return &e.Subject
	}
	return &e.Subnet
}

func (e *Entry) name(in slot) *[]byte {
	if in == inName {
		return &e.Name
	}
	return &e.Place
}

func (e *Entry) amount(in slot) *uint256.Int {
	switch in {
	case inAmount:
		return &e.Amount
	case inFee:
		return &e.Fee
	case inPriceIn:
		return &e.PriceIn
	default:
		return &e.PriceOut
	}
}
