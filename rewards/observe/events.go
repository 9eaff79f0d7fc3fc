package observe

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"sync"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// The bindings parse their ABI when they are made.
var (
	stakes       = sync.OnceValue(bindings.NewStakes)
	subnets      = sync.OnceValue(bindings.NewSubnets)
	governances  = sync.OnceValue(bindings.NewGovernance)
	distributors = sync.OnceValue(bindings.NewDistributor)
)

// The events that entries come from. A lock that is extended changes none.
var (
	staked    = sync.OnceValue(func() common.Hash { return stakes().GetABI().Events[bindings.StakesStakedEventName].ID })
	withdrawn = sync.OnceValue(func() common.Hash { return stakes().GetABI().Events[bindings.StakesWithdrawnEventName].ID })
	subnetSet = sync.OnceValue(func() common.Hash { return subnets().GetABI().Events[bindings.SubnetsSubnetSetEventName].ID })
	paidOut   = sync.OnceValue(func() common.Hash { return governances().GetABI().Events[bindings.GovernancePayoutEventName].ID })
)

func topics() []common.Hash { return []common.Hash{staked(), withdrawn(), subnetSet(), paidOut()} }

// emitters are the contracts whose logs are read.
func (c *Contracts) emitters() []common.Address {
	return []common.Address{c.Stakes, c.Subnets, c.Governance}
}

// Ref is the first 16 bytes of the SHA-256 of a log's transaction hash and its index in the block, as 8 bytes big-endian.
func Ref(transaction common.Hash, index uint64) usage.Ref {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(transaction[:], index))
	return usage.Ref(sum[:16])
}

// event is a log, read.
type event struct {
	at   emission.Time
	ref  usage.Ref
	what any // change, setting or payout
}

// change is what a log says of a position: Staked or Withdrawn.
type change struct {
	account   common.Address
	subject   common.Hash
	amount    uint256.Int
	out       bool        // withdrawn
	position  uint256.Int // after it
	inSubject uint256.Int // the sum of all accounts' after it
}

// setting is a subnet as it is from now on.
type setting struct {
	id       common.Hash
	treasury common.Address
	fee      uint256.Int
}

type payout struct {
	proposal uint64
	to       common.Address
	amount   uint256.Int
}

// read reads a log that has its place.
func (c *Contracts) read(l *logJSON, at emission.Time) (event, error) {
	e := event{at: at, ref: Ref(*l.Tx, uint64(*l.Index))}
	raw := &types.Log{Address: *l.Address, Topics: l.Topics, Data: l.Data}
	if len(l.Data) == 0 { // which the bindings take for a log without numbers
		return e, nonsense("log %d of block %d is empty", uint64(*l.Index), uint64(*l.Block))
	}
	var err error
	switch from, topic := *l.Address, l.Topics[0]; {
	case from == c.Stakes && topic == staked():
		var s *bindings.StakesStaked
		if s, err = stakes().UnpackStakedEvent(raw); err == nil {
			e.what = change{s.Account, s.Subject, word(s.Amount), false, word(s.Position), word(s.InSubject)}
		}
	case from == c.Stakes && topic == withdrawn():
		var s *bindings.StakesWithdrawn
		if s, err = stakes().UnpackWithdrawnEvent(raw); err == nil {
			e.what = change{s.Account, s.Subject, word(s.Amount), true, word(s.Position), word(s.InSubject)}
		}
	case from == c.Subnets && topic == subnetSet():
		var s *bindings.SubnetsSubnetSet
		if s, err = subnets().UnpackSubnetSetEvent(raw); err == nil {
			e.what = setting{s.Id, s.Treasury, word(s.Fee)}
		}
	case from == c.Governance && topic == paidOut():
		var p *bindings.GovernancePayout
		if p, err = governances().UnpackPayoutEvent(raw); err == nil && !p.Id.IsUint64() {
			err = fmt.Errorf("proposal %s", p.Id)
		}
		if err == nil {
			e.what = payout{p.Id.Uint64(), p.To, word(p.Amount)}
		}
	default:
		return e, nonsense("a log of %s that was not asked for", from)
	}
	if err != nil {
		return e, nonsense("log %d of block %d can't be read: %s", uint64(*l.Index), uint64(*l.Block), err)
	}
	return e, nil
}

// word is a number that the ABI has read from 32 bytes.
func word(n *big.Int) (w uint256.Int) {
	w.SetFromBig(n)
	return w
}
