package pinned

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
)

// Header is what is needed of a block's header. Its hash is the one that the remote states: chains with other header fields hash
// otherwise.
type Header struct {
	Number, Time, GasLimit, GasUsed uint64
	Hash, Parent                    common.Hash
	Miner                           common.Address
	Random                          common.Hash // PREVRANDAO: the field mixHash since the merge
	Difficulty                      uint256.Int // zero since the merge
	BaseFee                         uint256.Int // wei per gas
	BlobGasUsed, ExcessBlobGas      uint64
	BeaconRoot                      *common.Hash // EIP-4788, since Cancun
	era                             Era          // the oldest that writes such a header
	foreign                         bool         // such a header is Ethereum's on Ethereum only
}

// Constant reports whether a header's field is no hash: the chain then has no randomness to put there, and the next block's is the same.
func Constant(field common.Hash) bool { return new(uint256.Int).SetBytes(field[:]).IsUint64() }

// DecodeHeader reads a block as eth_getBlockByNumber gives it.
func DecodeHeader(raw json.RawMessage) (*Header, error) {
	if isNull(raw) {
		return nil, errNull
	}
	fields := make(map[string]json.RawMessage)
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, fmt.Errorf("not a header: %s", clip(raw))
	}
	h := new(Header)
	for name, into := range map[string]*uint64{"number": &h.Number, "timestamp": &h.Time, "gasLimit": &h.GasLimit, "gasUsed": &h.GasUsed} {
		n, err := quantity64(fields[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*into = n
	}
	for name, into := range map[string]*common.Hash{"hash": &h.Hash, "parentHash": &h.Parent} {
		w, err := word(fields[name])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		*into = w
	}
	if !isNull(fields["mixHash"]) { // some chains have none
		w, err := word(fields["mixHash"])
		if err != nil {
			return nil, fmt.Errorf("mixHash: %w", err)
		}
		h.Random = w
	}
	miner, err := blob(fields["miner"], common.AddressLength)
	if err != nil || len(miner) != common.AddressLength {
		return nil, fmt.Errorf("miner is not an address: %s", clip(fields["miner"]))
	}
	h.Miner = common.BytesToAddress(miner)
	if h.Difficulty, err = quantity(fields["difficulty"]); err != nil {
		return nil, fmt.Errorf("difficulty: %w", err)
	}
	if isNull(fields["baseFeePerGas"]) {
		return nil, ErrNotEthereum
	}
	if h.BaseFee, err = quantity(fields["baseFeePerGas"]); err != nil {
		return nil, fmt.Errorf("baseFeePerGas: %w", err)
	}
	if h.GasLimit < 21_000 || h.GasUsed > h.GasLimit || h.BaseFee.BitLen() > 128 {
		return nil, errors.New("gas fields that no block can have")
	}
	return h, h.readEra(fields)
}

// decodeName reads the number and the hash of a block. An old one may have a header that no fork can stand on.
func decodeName(raw json.RawMessage) (number uint64, hash common.Hash, err error) {
	if isNull(raw) {
		return 0, hash, errNull
	}
	var name struct{ Number, Hash json.RawMessage }
	if err := json.Unmarshal(raw, &name); err != nil {
		return 0, hash, fmt.Errorf("not a header: %s", clip(raw))
	}
	if number, err = quantity64(name.Number); err != nil {
		return 0, hash, fmt.Errorf("number: %w", err)
	}
	if hash, err = word(name.Hash); err != nil {
		return 0, hash, fmt.Errorf("hash: %w", err)
	}
	return number, hash, nil
}

// readEra reads the fields that newer eras added.
func (h *Header) readEra(fields map[string]json.RawMessage) error {
	switch {
	case !h.Difficulty.IsZero():
		h.era, h.foreign = London, true
		return nil
	case isNull(fields["withdrawalsRoot"]):
		h.era, h.foreign = Paris, true
		return nil
	}
	h.era = Shanghai
	if isNull(fields["excessBlobGas"]) {
		return nil
	}
	h.era = Cancun
	for name, into := range map[string]*uint64{"excessBlobGas": &h.ExcessBlobGas, "blobGasUsed": &h.BlobGasUsed} {
		n, err := quantity64(fields[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if n > 1<<29 {
			return fmt.Errorf("%s: more than any block can have", name)
		}
		*into = n
	}
	if !isNull(fields["parentBeaconBlockRoot"]) {
		root, err := word(fields["parentBeaconBlockRoot"])
		if err != nil {
			return fmt.Errorf("parentBeaconBlockRoot: %w", err)
		}
		h.BeaconRoot = &root
	}
	if !isNull(fields["requestsHash"]) {
		h.era = Prague
	}
	return nil
}
