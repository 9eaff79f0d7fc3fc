package key_test

import (
	"context"
	"crypto/ecdsa"
	"math/big"
	"reflect"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/accounts/abi/bind/v2"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/ethclient/simulated"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/google/go-cmp/cmp"

	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
)

// chain is a node with blocks, fees and signatures.
type chain struct {
	*testing.T
	backend *simulated.Backend
	signer  types.Signer
	nonces  map[common.Address]uint64
	at      deploy.Addresses
}

func newChain(t *testing.T, of ...*ecdsa.PrivateKey) *chain {
	t.Helper()
	rich := types.GenesisAlloc{}
	for _, secret := range of {
		rich[crypto.PubkeyToAddress(secret.PublicKey)] = types.Account{Balance: big.NewInt(params.Ether)}
	}
	c := &chain{T: t, backend: simulated.NewBackend(rich), nonces: make(map[common.Address]uint64)}
	t.Cleanup(func() {
		if err := c.backend.Close(); err != nil {
			t.Error(err)
		}
	})
	id, err := c.backend.Client().ChainID(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c.signer = types.LatestSignerForChainID(id)
	return c
}

// send mines a transaction alone in its block.
func (c *chain) send(by *ecdsa.PrivateKey, to *common.Address, data []byte) *types.Receipt {
	c.Helper()
	from := crypto.PubkeyToAddress(by.PublicKey)
	tx, err := types.SignNewTx(by, c.signer, &types.DynamicFeeTx{
		ChainID: c.signer.ChainID(), Nonce: c.nonces[from], To: to, Data: data, Gas: 3_000_000,
		GasFeeCap: big.NewInt(5 * params.GWei), GasTipCap: big.NewInt(params.GWei),
	})
	if err == nil {
		err = c.backend.Client().SendTransaction(c.Context(), tx)
	}
	if err != nil {
		c.Fatal(err)
	}
	c.nonces[from]++
	block := rpc.BlockNumberOrHashWithHash(c.backend.Commit(), false)
	// By the transaction's hash there is no receipt until an index is made, in a while.
	receipts, err := c.backend.Client().(interface {
		BlockReceipts(ctx context.Context, of rpc.BlockNumberOrHash) ([]*types.Receipt, error)
	}).BlockReceipts(c.Context(), block)
	if err != nil {
		c.Fatal(err)
	}
	if len(receipts) != 1 || receipts[0].Status != types.ReceiptStatusSuccessful {
		c.Fatalf("%d receipts, or it reverted: %x", len(receipts), data[:min(4, len(data))])
	}
	return receipts[0]
}

func (c *chain) now() uint64 {
	c.Helper()
	head, err := c.backend.Client().HeaderByNumber(c.Context(), nil)
	if err != nil {
		c.Fatal(err)
	}
	return head.Time
}

func (c *chain) pass(seconds uint64) {
	c.Helper()
	if err := c.backend.AdjustTime(time.Duration(seconds) * time.Second); err != nil {
		c.Fatal(err)
	}
}

// event is the one of its kind in a receipt.
func event[T any](c *chain, receipt *types.Receipt, at common.Address, unpack func(*types.Log) (*T, error)) T {
	c.Helper()
	return eventIn(c, receipt.Logs, at, unpack)
}

// eventIn is the one event of its kind, without where it was logged.
func eventIn[T any](t tb, logs []*types.Log, at common.Address, unpack func(*types.Log) (*T, error)) T {
	t.Helper()
	var found []*T
	for _, l := range logs {
		if e, err := unpack(l); err == nil && l.Address == at {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d events of %T in %d logs", len(found), *new(T), len(logs))
	}
	reflect.ValueOf(found[0]).Elem().FieldByName("Raw").SetZero()
	return *found[0]
}

func (c *chain) same(got, want any) {
	c.Helper()
	if diff := cmp.Diff(want, got, cmp.Comparer(equal)); diff != "" {
		c.Error(diff)
	}
}

func equal(a, b *big.Int) bool { return a == b || a != nil && b != nil && a.Cmp(b) == 0 }

func secrets(t *testing.T, n int) []*ecdsa.PrivateKey {
	t.Helper()
	made := make([]*ecdsa.PrivateKey, n)
	for i := range made {
		secret, err := crypto.GenerateKey()
		if err != nil {
			t.Fatal(err)
		}
		made[i] = secret
	}
	return made
}

// From the six creations to a payout, with each event that a ledger or a person is told by.
func TestTheWholeLifeOnAChain(t *testing.T) {
	keys := secrets(t, 3)
	maker, proposer, holder := keys[0], keys[1], keys[2]
	of := func(secret *ecdsa.PrivateKey) common.Address { return crypto.PubkeyToAddress(secret.PublicKey) }
	c := newChain(t, keys...)
	terms := terms()
	terms.Start, terms.Proposers = c.now(), []common.Address{of(proposer)}

	c.send(maker, &common.Address{1}, nil) // so that the first nonce is not zero
	c.at = deploy.At(of(maker), 1)
	for _, creation := range deploy.Plan(of(maker), 1, &terms) {
		receipt := c.send(maker, nil, creation.Code)
		c.same(receipt.ContractAddress, creation.At)
		if creation.At == c.at.Distributor {
			listed := event(c, receipt, c.at.Distributor, distributor.UnpackProposerSetEvent)
			c.same(listed, bindings.DistributorProposerSet{Proposer: of(proposer), Listed: true})
			set := event(c, receipt, c.at.Distributor, distributor.UnpackWindowsSetEvent)
			c.same(set, bindings.DistributorWindowsSet{Challenge: 2 * day, Timelock: day, Bond: wei(100)})
		}
		if creation.At == c.at.Governance {
			c.same(event(c, receipt, c.at.Governance, governance.UnpackRulesSetEvent), bindings.GovernanceRulesSet{Hash: terms.Rules})
		}
	}
	c.pass(10 * day)
	c.mints(maker, terms.Start)
	c.pays(maker, proposer, holder)
	c.stakes(holder)
	c.votes(proposer, holder)
}

func (c *chain) mints(anybody *ecdsa.PrivateKey, start uint64) {
	minted := event(c, c.send(anybody, &c.at.Emission, emission.PackMint()), c.at.Emission, emission.UnpackMintedEvent)
	c.same(minted.Until, c.now())
	sum := new(big.Int)
	for _, n := range minted.PerPool {
		sum.Add(sum, n)
	}
	c.same(sum, minted.Amount)
	if c.now() < start+10*day || sum.Cmp(wei(140_000)) < 0 {
		c.Errorf("%s in %d seconds", sum, c.now()-start)
	}
}

// pays has both earn a thousand KEY.
func (c *chain) pays(anybody, proposer, holder *ecdsa.PrivateKey) {
	accounts := []common.Address{crypto.PubkeyToAddress(holder.PublicKey), crypto.PubkeyToAddress(proposer.PublicKey)}
	root, batch := deep(c, accounts, wei(1_000), 20)
	ledger := common.HexToHash("0x1ed9e4")
	proposed := event(c, c.send(proposer, &c.at.Distributor, distributor.PackPropose(9, root, ledger, wei(2_000))),
		c.at.Distributor, distributor.UnpackRootProposedEvent)
	now := c.now()
	c.same(proposed, bindings.DistributorRootProposed{
		Id: new(big.Int), Epoch: 9, Proposer: accounts[1], Root: root, LedgerRoot: ledger, Total: wei(2_000), Bond: new(big.Int),
		ChallengeUntil: now + 2*day, AcceptFrom: now + 3*day,
	})
	c.pass(3 * day)
	receipt := c.send(anybody, &c.at.Distributor, distributor.PackAccept(new(big.Int)))
	c.same(event(c, receipt, c.at.Distributor, distributor.UnpackRootAcceptedEvent),
		bindings.DistributorRootAccepted{Id: new(big.Int), Epoch: 9, Root: root, LedgerRoot: ledger, Total: wei(2_000)})
	receipt = c.send(anybody, &c.at.Distributor, distributor.PackClaim(accounts[0], wei(1_000), batch[0].Proof))
	c.same(event(c, receipt, c.at.Distributor, distributor.UnpackClaimedEvent),
		bindings.DistributorClaimed{Account: accounts[0], Amount: wei(1_000), Cumulative: wei(1_000)})
	c.send(anybody, &c.at.Distributor, distributor.PackClaimMany(batch))
}

func (c *chain) stakes(holder *ecdsa.PrivateKey) {
	me := crypto.PubkeyToAddress(holder.PublicKey)
	for _, spender := range []common.Address{c.at.Stakes, c.at.Subnets, c.at.Distributor} {
		c.send(holder, &c.at.Key, key.PackApprove(spender, wei(1_000)))
	}
	id := subnetOf(me, 1)
	receipt := c.send(holder, &c.at.Subnets, subnets.PackRegister(id, me, big.NewInt(7)))
	c.same(event(c, receipt, c.at.Subnets, subnets.UnpackSubnetSetEvent), bindings.SubnetsSubnetSet{Id: id, Treasury: me, Fee: big.NewInt(7)})
	c.same(event(c, receipt, c.at.Key, key.UnpackBurnedEvent), bindings.KeyBurned{Account: c.at.Subnets, Subject: id, Amount: wei(10)})
	receipt = c.send(holder, &c.at.Stakes, stakes.PackStake(id, wei(5), 0))
	c.same(event(c, receipt, c.at.Stakes, stakes.UnpackStakedEvent),
		bindings.StakesStaked{Account: me, Subject: id, Amount: wei(5), Position: wei(5), InSubject: wei(5)})
	until := weekAfter(c.now() + 100*week)
	receipt = c.send(holder, &c.at.Stakes, stakes.PackStake(plain, wei(500), until))
	c.same(event(c, receipt, c.at.Stakes, stakes.UnpackStakedEvent),
		bindings.StakesStaked{Account: me, Subject: plain, Amount: wei(500), Position: wei(500), Until: until, InSubject: wei(500)})
	receipt = c.send(holder, &c.at.Stakes, stakes.PackExtend(plain, until+week))
	c.same(event(c, receipt, c.at.Stakes, stakes.UnpackExtendedEvent),
		bindings.StakesExtended{Account: me, Subject: plain, Position: wei(500), Until: until + week})
	receipt = c.send(holder, &c.at.Stakes, stakes.PackWithdraw(id, wei(2)))
	c.same(event(c, receipt, c.at.Stakes, stakes.UnpackWithdrawnEvent),
		bindings.StakesWithdrawn{Account: me, Subject: id, Amount: wei(2), Position: wei(3), InSubject: wei(3)})
}

// votes has a challenged root dropped and a payout approved.
func (c *chain) votes(proposer, holder *ecdsa.PrivateKey) {
	me, id := crypto.PubkeyToAddress(holder.PublicKey), big.NewInt(1)
	c.send(proposer, &c.at.Key, key.PackApprove(c.at.Distributor, wei(100)))
	c.send(proposer, &c.at.Distributor, distributor.PackPropose(11, common.HexToHash("0xbad"), common.Hash{}, wei(100_000)))
	receipt := c.send(holder, &c.at.Distributor, distributor.PackChallenge(id))
	c.same(event(c, receipt, c.at.Distributor, distributor.UnpackRootChallengedEvent),
		bindings.DistributorRootChallenged{Id: id, Challenger: me, Bond: wei(100)})

	receipt = c.send(holder, &c.at.Governance, governance.PackMoveDecision(id, false))
	moved, now := event(c, receipt, c.at.Governance, governance.UnpackMovedEvent), c.now()
	power := new(big.Int).Mul(wei(500), number(weekAfter(now+100*week)+week-now+1))
	if slack := power.Sub(power, moved.Needed); moved.Needed.Sign() == 0 || slack.Sign() < 0 {
		c.Errorf("%s are needed", moved.Needed)
	}
	moved.Needed = nil
	c.same(moved, bindings.GovernanceMoved{
		Id: new(big.Int), Kind: 3, Mover: me, A: id, B: new(big.Int), C: new(big.Int), Snapshot: now - 1, VoteUntil: now + 3*day,
		ExecuteFrom: now + 5*day, ExecuteUntil: now + 19*day,
	})
	c.send(holder, &c.at.Governance, governance.PackMovePayout(me, wei(3), common.Hash{}))
	for motion := range uint64(2) {
		voted := event(c, c.send(holder, &c.at.Governance, vote(motion, true)), c.at.Governance, governance.UnpackVotedEvent)
		if voted.Power.Sign() <= 0 {
			c.Errorf("%s of power", voted.Power)
		}
		voted.Power = nil
		c.same(voted, bindings.GovernanceVoted{Id: number(motion), Account: me, Yes: true})
	}
	c.pass(6 * day)
	receipt = c.send(proposer, &c.at.Governance, execute(0))
	c.same(event(c, receipt, c.at.Governance, governance.UnpackExecutedEvent), bindings.GovernanceExecuted{Id: new(big.Int)})
	c.same(event(c, receipt, c.at.Distributor, distributor.UnpackRootDroppedEvent), bindings.DistributorRootDropped{Id: id})
	receipt = c.send(proposer, &c.at.Governance, execute(1))
	c.same(event(c, receipt, c.at.Governance, governance.UnpackPayoutEvent), bindings.GovernancePayout{Id: id, To: me, Amount: wei(3)})
}

// What an error is called and says is read by the generated types.
func TestARefusalIsUnpackedWithWhatItSays(t *testing.T) {
	keys := secrets(t, 1)
	c := newChain(t, keys...)
	terms := terms()
	terms.Start = c.now()
	from := crypto.PubkeyToAddress(keys[0].PublicKey)
	c.at = deploy.At(from, 0)
	for _, creation := range deploy.Plan(from, 0, &terms) {
		c.send(keys[0], nil, creation.Code)
	}
	_, err := bind.Call(distributor.Instance(c.backend.Client(), c.at.Distributor), &bind.CallOpts{From: from},
		distributor.PackPropose(0, common.Hash{1}, common.Hash{}, wei(1)), func([]byte) (any, error) { return nil, nil })
	data := err.(interface{ ErrorData() any }).ErrorData().(string)
	said, err := distributor.UnpackError(common.FromHex(data))
	if want := (&bindings.DistributorNotProposer{Caller: from}); err != nil || !reflect.DeepEqual(said, want) {
		t.Errorf("%+v, %v", said, err)
	}
}
