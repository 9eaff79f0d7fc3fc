package fork

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
)

// Answers of a remote are read strictly: what is null, cut, of another length or of another type is an error. A value that
// was guessed here would end in a simulation that is wrong without a word.

// codeLimit is far above every chain's own limit.
const codeLimit = 512 << 10

var errNull = errors.New("the answer is null")

func isNull(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

func text(raw json.RawMessage) (string, error) {
	if isNull(raw) {
		return "", errNull
	}
	var s string
	if err := json.Unmarshal(raw, &s); err != nil {
		return "", fmt.Errorf("not a string: %s", clip(raw))
	}
	return s, nil
}

// quantity reads a hexadecimal number of at most 256 bits. Leading zeros are let through, as some nodes write them.
func quantity(raw json.RawMessage) (uint256.Int, error) {
	s, err := text(raw)
	if err != nil {
		return uint256.Int{}, err
	}
	if len(s) < 3 || len(s) > 66 || s[0] != '0' || s[1] != 'x' {
		return uint256.Int{}, fmt.Errorf("not a number: %s", clip(raw))
	}
	digits := s[2:]
	for len(digits) > 1 && digits[0] == '0' {
		digits = digits[1:]
	}
	n, err := uint256.FromHex("0x" + digits)
	if err != nil {
		return uint256.Int{}, fmt.Errorf("not a number: %s", clip(raw))
	}
	return *n, nil
}

func quantity64(raw json.RawMessage) (uint64, error) {
	n, err := quantity(raw)
	if err != nil {
		return 0, err
	}
	if !n.IsUint64() {
		return 0, fmt.Errorf("more than 64 bits: %s", clip(raw))
	}
	return n.Uint64(), nil
}

// blob reads hexadecimal bytes, at most limit of them.
func blob(raw json.RawMessage, limit int) ([]byte, error) {
	if len(raw) > 2*limit+8 {
		return nil, fmt.Errorf("more than %d bytes", limit)
	}
	s, err := text(raw)
	if err != nil {
		return nil, err
	}
	b, err := hexutil.Decode(s)
	if err != nil {
		return nil, fmt.Errorf("not bytes: %s", clip(raw))
	}
	return b, nil
}

// word reads exactly 32 bytes.
func word(raw json.RawMessage) (common.Hash, error) {
	b, err := blob(raw, common.HashLength)
	if err != nil {
		return common.Hash{}, err
	}
	if len(b) != common.HashLength {
		return common.Hash{}, fmt.Errorf("%d bytes, not 32", len(b))
	}
	return common.BytesToHash(b), nil
}

// header is what is needed of a block's header. Its hash is the one that the remote states: chains with other header fields
// hash otherwise.
type header struct {
	number, time, gasLimit, gasUsed uint64
	hash, parent                    common.Hash
	miner                           common.Address
	baseFee                         uint256.Int
	blobGasUsed, excessBlobGas      uint64
	era                             era // the oldest that writes such a header
}

var errNotEthereum = errors.New("the header is not one that Ethereum has had since Shanghai")

func decodeHeader(raw json.RawMessage) (*header, error) {
	if isNull(raw) {
		return nil, errNull
	}
	fields := make(map[string]json.RawMessage)
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, fmt.Errorf("not a header: %s", clip(raw))
	}
	h := new(header)
	for name, into := range map[string]*uint64{"number": &h.number, "timestamp": &h.time, "gasLimit": &h.gasLimit, "gasUsed": &h.gasUsed} {
		n, err := quantity64(fields[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*into = n
	}
	for name, into := range map[string]*common.Hash{"hash": &h.hash, "parentHash": &h.parent} {
		w, err := word(fields[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*into = w
	}
	miner, err := blob(fields["miner"], common.AddressLength)
	if err != nil || len(miner) != common.AddressLength {
		return nil, fmt.Errorf("miner is not an address: %s", clip(fields["miner"]))
	}
	h.miner = common.BytesToAddress(miner)
	difficulty, err := quantity(fields["difficulty"])
	if err != nil {
		return nil, fmt.Errorf("difficulty: %w", err)
	}
	if isNull(fields["baseFeePerGas"]) || !difficulty.IsZero() {
		return nil, errNotEthereum
	}
	if h.baseFee, err = quantity(fields["baseFeePerGas"]); err != nil {
		return nil, fmt.Errorf("baseFeePerGas: %w", err)
	}
	if h.gasLimit < 21_000 || h.gasUsed > h.gasLimit || h.baseFee.BitLen() > 128 {
		return nil, errors.New("gas fields that no block can have")
	}
	return h, h.readEra(fields)
}

// readEra reads the fields that newer eras added.
func (h *header) readEra(fields map[string]json.RawMessage) error {
	if isNull(fields["withdrawalsRoot"]) {
		return errNotEthereum
	}
	h.era = shanghai
	if isNull(fields["excessBlobGas"]) {
		return nil
	}
	h.era = cancun
	for name, into := range map[string]*uint64{"excessBlobGas": &h.excessBlobGas, "blobGasUsed": &h.blobGasUsed} {
		n, err := quantity64(fields[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n > 1<<29 {
			return fmt.Errorf("%s: more than any block can have", name)
		}
		*into = n
	}
	if !isNull(fields["requestsHash"]) {
		h.era = prague
	}
	return nil
}

// clip is the beginning of an answer, for an error text.
func clip(raw []byte) string {
	const most = 80
	if len(raw) > most {
		raw = raw[:most]
	}
	return plain(string(raw), most)
}
