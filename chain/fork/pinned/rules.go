package pinned

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"

	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// Era is a set of rules of the EVM, named after the hard fork that brought it.
type Era uint8

// The eras that are known here. Newer ones are refused. Those before Shanghai are told apart on Ethereum only: other chains kept
// such headers under other rules.
const (
	London Era = iota
	Paris
	Shanghai
	Cancun
	Prague
	Osaka
)

func (e Era) String() string {
	return [...]string{"london", "paris", "shanghai", "cancun", "prague", "osaka"}[e]
}

// precompiles are the addresses of the precompiled contracts that an era has, as the last byte or two.
var precompiles = map[Era][2]int{London: {1, 9}, Paris: {1, 9}, Shanghai: {1, 9}, Cancun: {1, 10}, Prague: {1, 17}, Osaka: {1, 17}}

// p256Verify is the precompiled contract of EIP-7951, since Osaka.
const p256Verify = 0x100

// Precompiles are the addresses of an era's precompiled contracts.
func (e Era) Precompiles() []common.Address {
	var all []common.Address
	for n := precompiles[e][0]; n <= precompiles[e][1]; n++ {
		all = append(all, common.Address{19: byte(n)})
	}
	if e >= Osaka {
		all = append(all, common.Address{18: p256Verify >> 8})
	}
	return all
}

// BlobSchedule is how a chain prices blobs. The zero schedule stands for the era's own.
type BlobSchedule struct {
	Target   int    `json:"target"`
	Max      int    `json:"max"`
	Fraction uint64 `json:"baseFeeUpdateFraction"`
}

func (b BlobSchedule) plausible() bool {
	return b == BlobSchedule{} || b.Target > 0 && b.Max >= b.Target && b.Max <= 1024 && b.Fraction >= 1_000_000
}

// Rules are the chain's rules for the block that comes next.
type Rules struct {
	Era   Era
	Blobs BlobSchedule
}

// ErrUnknownRules says that a chain runs rules that this version does not know; ErrUntoldRules, that
// those of this block can't be told; ErrNotEthereum, that the chain is not run by Ethereum's EVM.
var (
	ErrUnknownRules = errors.New("the chain's rules are not ones that this version knows")
	ErrUntoldRules  = fmt.Errorf("%w, as the remote does not tell them", ErrUnknownRules)
	ErrNotEthereum  = errors.New("the chain is not run by the EVM of Ethereum since Shanghai")
)

// systemContracts are the names of EIP-7910 by the era that brought them.
var systemContracts = map[string]Era{
	"BEACON_ROOTS_ADDRESS":                    Cancun,
	"CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS": Prague,
	"DEPOSIT_CONTRACT_ADDRESS":                Prague,
	"HISTORY_STORAGE_ADDRESS":                 Prague,
	"WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS":    Prague,
}

// configSection is one configuration of eth_config (EIP-7910).
type configSection struct {
	Activation uint64                    `json:"activationTime"`
	Blobs      *BlobSchedule             `json:"blobSchedule"`
	ChainID    *hexutil.Big              `json:"chainId"`
	Precompile map[string]common.Address `json:"precompiles"`
	System     map[string]common.Address `json:"systemContracts"`
}

// decodeConfig reads the answer to eth_config for a block at a time. False means that the remote only speaks of later blocks, or of
// none, as go-ethereum does of rules that are older than Shanghai. Rules are known by their precompiled contracts: a set that no era has is refused, as is a system contract that no era has.
func decodeConfig(raw json.RawMessage, chainID, time uint64) (r Rules, tells bool, err error) {
	var answer struct {
		Current json.RawMessage // null differs from none
		Next    *configSection
	}
	var s *configSection
	if json.Unmarshal(raw, &answer) != nil || len(answer.Current) == 0 || json.Unmarshal(answer.Current, &s) != nil {
		return Rules{}, false, fmt.Errorf("eth_config: not a configuration: %s", clip(raw))
	}
	if n := answer.Next; n != nil && n.Activation <= time {
		s = n
	}
	if s == nil {
		return Rules{}, false, nil
	}
	if s.ChainID == nil || s.Precompile == nil {
		return Rules{}, false, fmt.Errorf("eth_config: not a configuration: %s", clip(raw))
	}
	if id := s.ChainID.ToInt(); !id.IsUint64() || id.Uint64() != chainID {
		return Rules{}, false, fmt.Errorf("eth_config: the configuration is of chain %s, the remote serves %d", id, chainID)
	}
	if s.Activation > time {
		return Rules{}, false, nil
	}
	if s.Blobs != nil {
		r.Blobs = *s.Blobs
	}
	if !r.Blobs.plausible() {
		return Rules{}, false, fmt.Errorf("eth_config: a blob schedule that no chain can have: %+v", r.Blobs)
	}
	for name := range s.System {
		if _, known := systemContracts[name]; !known {
			return Rules{}, false, fmt.Errorf("eth_config: %w: system contract %s", ErrUnknownRules, untrusted.Text(name, 60))
		}
	}
	have := make(map[common.Address]bool, len(s.Precompile))
	for _, a := range s.Precompile {
		have[a] = true
	}
	for r.Era = Osaka; ; r.Era-- {
		if sameSet(have, r.Era.Precompiles()) {
			return r, true, nil
		}
		if r.Era == Shanghai { // older ones have the same set
			return Rules{}, false, fmt.Errorf("eth_config: %w: a set of %d precompiled contracts", ErrUnknownRules, len(have))
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

func decodeProbe(raw json.RawMessage) (Era, error) {
	w, err := word(raw)
	if err != nil {
		return 0, fmt.Errorf("eth_call: the probe for rules: %w", err)
	}
	switch w {
	case common.Hash{31: 1}:
		return Osaka, nil
	case common.Hash{31: 2}:
		return Prague, nil
	}
	return 0, fmt.Errorf("eth_call: %w: the probe says %s", ErrUnknownRules, w)
}
