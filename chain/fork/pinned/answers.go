package pinned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
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

// clip is the beginning of an answer, for an error text.
func clip(raw []byte) string {
	const most = 80
	if len(raw) > 4*most {
		raw = raw[:4*most]
	}
	return untrusted.Text(string(raw), most)
}
