package settlement

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// A state is written as
//
//	"keymaker state 1\n", hash of the rules (32 bytes), next epoch, ledger (32), what each bucket carries,
//	how many contributions stand, and each by commit: commit (20), author (20), length of the class's name (1) and the name, weight,
//	    accepted, until, at risk (1), since, id (32), ref (16), time
//	how many accounts have earned, and each by address: account (20), wei
//
// with amounts in 32 bytes, other numbers in 8, all big-endian. A state has one such form, on every machine.
const magic = "keymaker state 1\n"

const (
	longestClass = 64  // bytes of a name of the ledger
	amountBits   = 128 // of an amount of the ledger
)

// Write writes the state in its one form.
func (s *State) Write(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	e := encoder{out: out}
	e.bytes([]byte(magic))
	e.bytes(s.Rules[:])
	e.number(uint64(s.Next))
	e.bytes(s.Ledger[:])
	for k := range s.Carry {
		e.amount(&s.Carry[k])
	}
	e.number(uint64(len(s.standing)))
	for i := range s.standing {
		e.contribution(&s.standing[i])
	}
	e.number(uint64(len(s.earned)))
	for i := range s.earned {
		e.bytes(s.earned[i].Account[:])
		e.amount(&s.earned[i].Wei)
	}
	return out.Flush() // it keeps the first error
}

// Hash is the SHA-256 of what Write writes.
func (s *State) Hash() [sha256.Size]byte {
	h := sha256.New()
	if err := s.Write(h); err != nil {
		panic(err) // a hash takes everything
	}
	return [sha256.Size]byte(h.Sum(nil))
}

type encoder struct {
	out     *bufio.Writer
	scratch [32]byte
}

func (e *encoder) bytes(b []byte) { _, _ = e.out.Write(b) } // Flush returns the error

func (e *encoder) number(n uint64) {
	binary.BigEndian.PutUint64(e.scratch[:8], n)
	e.bytes(e.scratch[:8])
}

func (e *encoder) amount(wei *uint256.Int) {
	wei.WriteToArray32(&e.scratch)
	e.bytes(e.scratch[:])
}

func (e *encoder) contribution(c *Contribution) {
	e.bytes(c.Commit[:])
	e.bytes(c.Author[:])
	e.bytes([]byte{byte(len(c.Class))})
	e.bytes([]byte(c.Class))
	e.amount(&c.Weight)
	e.number(uint64(c.Accepted))
	e.number(uint64(c.Until))
	atRisk := byte(0)
	if c.AtRisk {
		atRisk = 1
	}
	e.bytes([]byte{atRisk})
	e.number(uint64(c.Risk))
	e.bytes(c.ID[:])
	e.bytes(c.Ref[:])
	e.number(uint64(c.At))
}

// ReadState reads what Write wrote, until the end. It refuses (bad_state) everything else.
func ReadState(r io.Reader) (*State, error) {
	d := decoder{in: bufio.NewReaderSize(r, 1<<16)}
	s := d.state()
	if d.err == nil {
		if _, err := d.in.ReadByte(); !errors.Is(err, io.EOF) {
			d.fail("there is more after its end")
		}
	}
	if d.err != nil {
		return nil, d.err
	}
	return s, nil
}

// decoder keeps the first thing that is wrong; what it returns after that is zero.
type decoder struct {
	in      *bufio.Reader
	scratch [32]byte
	err     error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = refusal.New(refusal.BadState, "not a state of a settlement: %s", fmt.Sprintf(format, args...))
	}
}

// read fills a field, with zeros where something is wrong.
func (d *decoder) read(field []byte) {
	clear(field)
	if d.err != nil {
		return
	}
	if _, err := io.ReadFull(d.in, field); err != nil {
		clear(field)
		d.err = refusal.New(refusal.BadState, "not a whole state of a settlement").Because(err)
	}
}

func (d *decoder) byte() byte {
	d.read(d.scratch[:1])
	return d.scratch[0]
}

func (d *decoder) number() uint64 {
	d.read(d.scratch[:8])
	return binary.BigEndian.Uint64(d.scratch[:8])
}

func (d *decoder) amount(wei *uint256.Int) {
	d.read(d.scratch[:])
	wei.SetBytes32(d.scratch[:])
}

func (d *decoder) state() *State {
	begins := make([]byte, len(magic))
	if d.read(begins); string(begins) != magic {
		d.fail("it does not begin with %q", magic)
	}
	s := new(State)
	d.read(s.Rules[:])
	s.Next = usage.Epoch(d.number())
	d.read(s.Ledger[:])
	for k := range rules.Buckets {
		d.amount(&s.Carry[k])
		if fits(&s.Carry[k]) != nil {
			d.fail("%s carries more than can be reckoned", k)
		}
	}
	for n := d.number(); n > 0 && d.err == nil; n-- {
		c := d.contribution()
		if last := len(s.standing) - 1; last >= 0 && byCommit(s.standing[last], c) >= 0 {
			d.fail("its contributions are not in order")
		}
		s.standing = append(s.standing, c)
	}
	for n := d.number(); n > 0 && d.err == nil; n-- {
		e := d.account()
		if last := len(s.earned) - 1; last >= 0 && s.earned[last].Account.Cmp(e.Account) >= 0 {
			d.fail("its accounts are not in order")
		}
		s.earned = append(s.earned, e)
	}
	return s
}

func (d *decoder) account() (e Earned) {
	d.read(e.Account[:])
	if d.amount(&e.Wei); e.Wei.IsZero() {
		d.fail("an account has earned nothing")
	}
	return e
}

func (d *decoder) contribution() (c Contribution) {
	d.read(c.Commit[:])
	d.read(c.Author[:])
	n := d.byte()
	if n == 0 || n > longestClass {
		d.fail("a class with a name of %d bytes", n)
		return c
	}
	class := make([]byte, n)
	d.read(class)
	c.Class = string(class)
	if d.amount(&c.Weight); c.Weight.BitLen() > amountBits {
		d.fail("a contribution of more weight than a ledger can say")
	}
	c.Accepted = usage.Epoch(d.number())
	c.Until = usage.Epoch(d.number())
	atRisk := d.byte()
	c.AtRisk, c.Risk = atRisk == 1, usage.Epoch(d.number())
	if atRisk > 1 || !c.AtRisk && c.Risk != 0 {
		d.fail("a contribution that is neither at risk nor not")
	}
	d.read(c.ID[:])
	d.read(c.Ref[:])
	c.At = emission.Time(d.number())
	return c
}
