package devnet

import (
	"fmt"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/contracts"
	keydeploy "github.com/keymaker-agent/keymaker/contracts/deploy"
)

// A root has to stand for two days before anybody is paid against it: these are part of the chain's past.
const (
	day        = 24 * time.Hour
	seconds    = uint64(time.Second)
	rewardsAge = 2*day + 10*time.Minute // genesis until the rewards run, with room for the blocks between

	votersLock = 300 // KEY
)

// terms begin the emission a day before the genesis block, so that epoch 0 is over.
func (w *author) terms() *keydeploy.Terms {
	t := &keydeploy.Terms{
		Start:        w.genesis - uint64(day)/seconds,
		EpochLength:  uint64(day) / seconds,
		Proposers:    []common.Address{w.deployer},
		Challenge:    uint64(day) / seconds,
		Timelock:     uint64(day) / seconds,
		Rules:        crypto.Keccak256Hash([]byte("keymaker devnet rules")),
		VotingPeriod: 7 * uint64(day) / seconds,
		VoteTimelock: uint64(day) / seconds,
		Quorum:       1_000,
	}
	t.Bond = *keys(100)
	t.SubnetPrice = *keys(10)
	return t
}

func keys(n uint64) *uint256.Int {
	return new(uint256.Int).Mul(uint256.NewInt(n), uint256.MustFromBig(tenTo(18)))
}

// constructRewards makes the contracts of the rewards. Their addresses follow from the deployer's nonce.
func (w *author) constructRewards() {
	names := known.Deployed()[len(known.Market()):]
	for i, c := range keydeploy.Plan(w.deployer, w.nonces[w.key], w.terms()) {
		if c.At != w.at[names[i]] || w.err != nil {
			w.err = fmt.Errorf("construct %s: it would stand at %s: %w", names[i], c.At, w.err)
			return
		}
		w.abis[names[i]] = contracts.Load(c.Name).ABI
		w.add("construct "+string(names[i]), nil, nil, c.Code)
	}
}

// startRewards mints what is due, has a root of epoch 0 accepted after its windows, pays the voter and the deployer, and has the voter
// lock and make a proposal: what is left is claimed, locked and voted by whoever uses the chain.
func (w *author) startRewards() {
	claims := known.Claims(w.chainID)
	voter := known.Accounts()[known.Voter]
	w.call(known.Emission, "mint")
	w.call(known.Distributor, "propose", uint64(0), claims.Root(), crypto.Keccak256Hash([]byte("keymaker devnet ledger")), known.Claimed(w.chainID).ToBig())
	w.after = 2 * day
	w.call(known.Distributor, "accept", common.Big0)
	for _, who := range []common.Address{w.deployer, voter.Address} {
		p, err := claims.Proof(who)
		if err != nil {
			w.err = err
			return
		}
		path := make([][32]byte, len(p.Path))
		for i, h := range p.Path {
			path[i] = h
		}
		w.call(known.Distributor, "claim", who, p.Amount.ToBig(), path)
	}
	owner := w.key
	defer func() { w.key = owner }()
	w.key = known.KeyOf(fmt.Sprintf("account %d", known.Voter))
	w.call(known.KEY, "approve", w.at[known.Stakes], keys(votersLock).ToBig())
	w.call(known.Stakes, "stake", [32]byte{}, keys(votersLock).ToBig(), w.genesis+365*uint64(day)/seconds)
	w.after = time.Second // the proposal counts what was locked before its block
	reasons := crypto.Keccak256Hash([]byte("keymaker devnet: somebody found a fault"))
	w.call(known.Governance, "movePayout", known.Accounts()[9].Address, keys(50).ToBig(), reasons)
}
