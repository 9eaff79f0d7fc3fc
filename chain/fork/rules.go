package fork

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// era is a set of rules of the EVM, named after the hard fork that brought it.
type era uint8

// The eras that are known here. Older ones have another kind of header, newer ones are refused.
const (
	shanghai era = iota
	cancun
	prague
	osaka
)

func (e era) String() string { return [...]string{"shanghai", "cancun", "prague", "osaka"}[e] }

// maxTxGas is the most gas that a transaction may have since Osaka (EIP-7825).
const maxTxGas = 1 << 24

// blobSchedule is how a chain prices blobs. The zero schedule stands for the era's own.
type blobSchedule struct {
	Target   int    `json:"target"`
	Max      int    `json:"max"`
	Fraction uint64 `json:"baseFeeUpdateFraction"`
}

func (b blobSchedule) plausible() bool {
	return b == blobSchedule{} || b.Target > 0 && b.Max >= b.Target && b.Max <= 1024 && b.Fraction >= 1_000_000
}

// rules are the chain's rules for the block that comes next.
type rules struct {
	era   era
	blobs blobSchedule
}

var errUnknownRules = errors.New("the chain's rules are not ones that this version knows")

// systemContracts are the names of EIP-7910 by the era that brought them.
var systemContracts = map[string]era{
	"BEACON_ROOTS_ADDRESS":                    cancun,
	"CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS": prague,
	"DEPOSIT_CONTRACT_ADDRESS":                prague,
	"HISTORY_STORAGE_ADDRESS":                 prague,
	"WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS":    prague,
}

// decodeConfig reads the answer to eth_config (EIP-7910) for a block at a time. Rules are known by their precompiled
// contracts: a set that no era has is refused, as is a system contract that no era has.
func decodeConfig(raw json.RawMessage, chainID, time uint64) (rules, error) {
	type section struct {
		Activation uint64                    `json:"activationTime"`
		Blobs      *blobSchedule             `json:"blobSchedule"`
		ChainID    *hexutil.Big              `json:"chainId"`
		Precompile map[string]common.Address `json:"precompiles"`
		System     map[string]common.Address `json:"systemContracts"`
	}
	var answer struct{ Current, Next *section }
	if err := json.Unmarshal(raw, &answer); err != nil {
		return rules{}, fmt.Errorf("not a configuration: %s", clip(raw))
	}
	s := answer.Current
	if n := answer.Next; n != nil && n.Activation <= time {
		s = n
	}
	if s == nil || s.ChainID == nil || s.Precompile == nil {
		return rules{}, fmt.Errorf("not a configuration: %s", clip(raw))
	}
	if id := s.ChainID.ToInt(); !id.IsUint64() || id.Uint64() != chainID {
		return rules{}, fmt.Errorf("the configuration is of chain %s, the remote serves %d", id, chainID)
	}
	var r rules
	if s.Blobs != nil {
		r.blobs = *s.Blobs
	}
	if !r.blobs.plausible() {
		return rules{}, fmt.Errorf("a blob schedule that no chain can have: %+v", r.blobs)
	}
	have := make(map[common.Address]bool, len(s.Precompile))
	for _, a := range s.Precompile {
		have[a] = true
	}
	for name := range s.System {
		if _, known := systemContracts[name]; !known {
			return rules{}, fmt.Errorf("%w: system contract %s", errUnknownRules, plain(name, 60))
		}
	}
	for r.era = osaka; ; r.era-- {
		if sameSet(have, precompilesOf(r.era)) {
			return r, nil
		}
		if r.era == cancun {
			return rules{}, fmt.Errorf("%w: a set of %d precompiled contracts", errUnknownRules, len(have))
		}
	}
}

func sameSet(have map[common.Address]bool, want []common.Address) bool {
	for _, a := range want {
		if !have[a] {
			return false
		}
	}
	return len(have) == len(want)
}

// clzProbe tells Osaka from Prague, whose headers look alike. It creates a contract whose constructor counts leading zeros
// (EIP-7939), and returns 1 if that worked and 2 if not: so a failed call is never taken for an answer.
//
//	PUSH5 60011e5000  PUSH0 MSTORE  PUSH1 5 PUSH1 27 PUSH0 CREATE  ISZERO PUSH1 1 ADD  PUSH0 MSTORE  PUSH1 32 PUSH0 RETURN
var clzProbe = hexutil.Bytes(common.FromHex("0x6460011e50005f526005601b5ff0156001015f5260205ff3"))

func decodeProbe(raw json.RawMessage) (era, error) {
	w, err := word(raw)
	if err != nil {
		return 0, err
	}
	switch w {
	case common.Hash{31: 1}:
		return osaka, nil
	case common.Hash{31: 2}:
		return prague, nil
	}
	return 0, fmt.Errorf("%w: the probe says %s", errUnknownRules, w)
}
