package tree

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/ethereum/go-ethereum/common"
)

// ErrProof marks a proof that is no list of hashes.
var ErrProof = errors.New(`not a proof; write ["0x…", …] with 64 hex digits each`)

// mostPath is how many hashes a proof has at most: the depth of the largest tree.
const mostPath = 25

// Find looks for an account's claim in what Write wrote under Standard, one line at a time, so that a file of any length takes the
// memory of one line. It fails with ErrNoClaim where no line has the account, and with the errors of Read, and ErrProof, where the
// account's own line is not as Write writes it. Other lines are passed over: whether the proof leads to a root is for Verify to say.
func Find(r io.Reader, account common.Address) (Proof, error) {
	in := bufio.NewReaderSize(r, longestLine)
	for line := 1; ; line++ {
		text, err := in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF) && len(text) == 0:
			return Proof{}, fmt.Errorf("%w: %s", ErrNoClaim, account)
		case errors.Is(err, bufio.ErrBufferFull):
			return Proof{}, fmt.Errorf("line %d: %w: more than %d bytes", line, ErrLongLine, longestLine)
		case err != nil && !errors.Is(err, io.EOF):
			return Proof{}, fmt.Errorf("read line %d: %w", line, err)
		}
		s := scanner{text: text}
		name, value, err := s.field('{')
		if err != nil || string(name) != "address" {
			return Proof{}, fmt.Errorf("line %d: %w: %s", line, ErrLine, shown(text))
		}
		of, err := parseAddress(value)
		if err != nil {
			return Proof{}, fmt.Errorf("line %d: %w", line, err)
		}
		if of != account {
			continue
		}
		p, err := s.proof(of)
		if err != nil {
			return Proof{}, fmt.Errorf("line %d: %w", line, err)
		}
		return p, nil
	}
}

// proof reads what follows the address of a line.
func (s *scanner) proof(of common.Address) (Proof, error) {
	p := Proof{Claim: Claim{Account: of}}
	name, value, err := s.field(',')
	if err != nil || string(name) != "amount" {
		return Proof{}, fmt.Errorf("%w: no amount: %s", ErrLine, shown(s.text))
	}
	if err := parseAmount(&p.Amount, value); err != nil {
		return Proof{}, err
	}
	if err := errors.Join(s.expect(','), s.named("proof"), s.expect('[')); err != nil {
		return Proof{}, fmt.Errorf("%w: %s", ErrProof, shown(s.text))
	}
	for s.space(); s.at < len(s.text) && s.text[s.at] == '"'; s.space() {
		h, err := s.hash()
		if err != nil || len(p.Path) == mostPath {
			return Proof{}, fmt.Errorf("%w: %s", ErrProof, shown(s.text))
		}
		p.Path = append(p.Path, h)
		if s.space(); s.at < len(s.text) && s.text[s.at] == ',' {
			s.at++
		}
	}
	err = errors.Join(s.expect(']'), s.expect('}'))
	if s.space(); err != nil || s.at < len(s.text) {
		return Proof{}, fmt.Errorf("%w: %s", ErrProof, shown(s.text))
	}
	return p, nil
}

// named reads a name and a colon.
func (s *scanner) named(want string) error {
	name, err := s.str()
	if err != nil {
		return err
	}
	if string(name) != want {
		return ErrLine
	}
	return s.expect(':')
}

func (s *scanner) hash() (h common.Hash, err error) {
	text, err := s.str()
	if err != nil {
		return h, err
	}
	if len(text) != 2+2*len(h) || text[0] != '0' || text[1] != 'x' {
		return h, ErrProof
	}
	_, err = hex.Decode(h[:], text[2:])
	return h, err
}
