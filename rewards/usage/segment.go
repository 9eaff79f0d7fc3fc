package usage

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/refusal"
)

const longestHead = 512 // bytes of a head line or of a closing line, at most

// AppendSegment appends a segment's head line, without a line break.
func AppendSegment(dst []byte, s *Segment) []byte {
	dst = appendHex(append(dst, `{"segment":1,"reporter":"0x`...), s.Reporter[:])
	dst = appendNumber(append(dst, `","epoch":`...), uint64(s.Epoch))
	dst = appendNumber(append(dst, `,"first":`...), s.First)
	dst = appendNumber(append(dst, `,"count":`...), uint64(s.Count))
	dst = appendHex(append(dst, `,"previous":"0x`...), s.Previous[:])
	dst = appendHex(append(dst, `","head":"0x`...), s.Head[:])
	dst = appendHex(append(dst, `","signature":"0x`...), s.Signature[:])
	return append(dst, `"}`...)
}

// ReadSegment reads a head line without its line break. It refuses (bad_segment) what is not canonical; whose signature it is,
// Verify says.
func ReadSegment(line []byte, s *Segment) error {
	*s = Segment{}
	r := rest(line)
	var epoch, count uint64
	ok := r.word(`{"segment":1,"reporter":"0x`) && r.hex(s.Reporter[:]) &&
		r.word(`","epoch":`) && r.count(&epoch) && r.word(`,"first":`) && r.count(&s.First) && r.word(`,"count":`) && r.count(&count) &&
		r.word(`,"previous":"0x`) && r.hex(s.Previous[:]) && r.word(`","head":"0x`) && r.hex(s.Head[:]) &&
		r.word(`","signature":"0x`) && r.hex(s.Signature[:]) && r.word(`"}`) && len(r) == 0
	if !ok {
		return refusal.New(refusal.BadSegment, "head line is not canonical from byte %d on: %s", len(line)-len(r)+1, shown(r))
	}
	s.Epoch, s.Count = Epoch(epoch), uint32(min(count, MostEntries+1))
	return s.check()
}

func (r *rest) count(to *uint64) (ok bool) {
	*to, ok = r.number(mostCount)
	return ok
}

// check refuses (bad_segment) numbers that no segment has.
func (s *Segment) check() error {
	switch {
	case s.Reporter == common.Address{}:
		return refusal.New(refusal.BadSegment, "segment of the zero address")
	case s.Count == 0 || s.Count > MostEntries:
		return refusal.New(refusal.BadSegment, "segment from entry %d on of %s must have 1 to %d entries", s.First, s.Reporter, MostEntries)
	case s.Epoch >= mostCount || s.First >= mostCount || s.end() > mostCount:
		return refusal.New(refusal.BadSegment, "segment from entry %d on of %s, epoch %d: a number of 2^53 or more", s.First, s.Reporter, s.Epoch)
	}
	return nil
}

// end is the place after its last entry in the reporter's chain.
func (s *Segment) end() uint64 { return s.First + uint64(s.Count) }

// String names a segment by what a reader can find in its head line.
func (s *Segment) String() string {
	return fmt.Sprintf("entries %d to %d of %s, epoch %d", s.First, s.end()-1, s.Reporter, s.Epoch)
}

// The types that are signed, as EIP-712 encodes them.
var (
	segmentType = crypto.Keccak256Hash(
		[]byte("Segment(address reporter,uint64 epoch,uint64 first,uint32 count,bytes32 previous,bytes32 head)"))
	domain = crypto.Keccak256Hash(
		crypto.Keccak256([]byte("EIP712Domain(string name,string version)")),
		crypto.Keccak256([]byte("Keymaker usage ledger")), crypto.Keccak256([]byte("1")))
)

// Digest is what the reporter signs: keccak256(0x19 0x01 || domain || keccak256(type || reporter || epoch || first || count ||
// previous || head)), each in 32 bytes, numbers big-endian (EIP-712).
func (s *Segment) Digest() common.Hash {
	var words [7][32]byte
	words[0] = segmentType
	copy(words[1][12:], s.Reporter[:])
	binary.BigEndian.PutUint64(words[2][24:], uint64(s.Epoch))
	binary.BigEndian.PutUint64(words[3][24:], s.First)
	binary.BigEndian.PutUint32(words[4][28:], s.Count)
	words[5], words[6] = s.Previous, s.Head
	state := crypto.NewKeccakState()
	for i := range words {
		state.Write(words[i][:])
	}
	var hash common.Hash
	state.Read(hash[:])
	state.Reset()
	state.Write([]byte{0x19, 0x01})
	state.Write(domain[:])
	state.Write(hash[:])
	state.Read(hash[:])
	return hash
}

const (
	evenY = 27 // v of a signature whose point has an even y
	oddY  = 28
)

// halfOrder is (n-1)/2 of secp256k1. Of the two signatures s and n-s only the lower one is taken, so that nobody but the reporter
// can write a second one.
var halfOrder = common.FromHex("7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0")

// Verify refuses (bad_signature) a segment that its reporter did not sign.
func (s *Segment) Verify() error {
	v := s.Signature[64]
	if v != evenY && v != oddY {
		return refusal.New(refusal.BadSignature, "%s: v is %d, and must be %d or %d", s, v, evenY, oddY)
	}
	if bytes.Compare(s.Signature[32:64], halfOrder) > 0 {
		return refusal.New(refusal.BadSignature, "%s: s is in the upper half of the order", s)
	}
	signature, digest := s.Signature, s.Digest()
	signature[64] = v - evenY
	key, err := crypto.Ecrecover(digest[:], signature[:])
	if err != nil {
		return refusal.New(refusal.BadSignature, "%s: no key signs like this", s).Because(err)
	}
	if signer := common.BytesToAddress(crypto.Keccak256(key[1:])[12:]); signer != s.Reporter {
		return refusal.New(refusal.BadSignature, "%s: the signature is of %s", s, signer)
	}
	return nil
}

// Sign signs a digest, as 65 bytes r, s, v with v 0, 1, 27 or 28. Where the key is, is its business.
type Sign func(digest common.Hash) ([65]byte, error)

// sign puts the reporter's signature under the segment, and holds it against the reporter.
func (s *Segment) sign(sign Sign) (err error) {
	if s.Signature, err = sign(s.Digest()); err != nil {
		return fmt.Errorf("sign %s: %w", s, err)
	}
	if v := &s.Signature[64]; *v < evenY {
		*v += evenY
	}
	return s.Verify()
}
