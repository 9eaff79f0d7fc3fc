package key_test

import (
	"flag"
	"fmt"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/vm/runtime"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/contracts/bindings"
	"github.com/keymaker-agent/keymaker/contracts/deploy"
)

var update = flag.Bool("update", false, "write the gas that was measured into docs/contracts.md")

// meter is a world that notes what whole transactions cost, refunds and all.
type meter struct {
	*world
	table strings.Builder
}

func (m *meter) cost(what string, from common.Address, to *common.Address, data []byte) {
	m.Helper()
	cfg := m.cfg
	cfg.Origin, cfg.GasPrice, cfg.BaseFee, cfg.BlobBaseFee, cfg.Difficulty = from, new(big.Int), new(big.Int), new(big.Int), new(big.Int)
	message := &core.Message{
		To: to, From: from, Value: new(uint256.Int), GasLimit: 16_000_000, Data: data,
		GasPrice: new(uint256.Int), GasFeeCap: new(uint256.Int), GasTipCap: new(uint256.Int),
	}
	result, err := core.ApplyMessage(runtime.NewEnv(&cfg), message.SkipNonceCheck(), nil)
	if err == nil {
		err = result.Err
	}
	if err != nil {
		m.Fatalf("%s: %v", what, err)
	}
	m.end()
	fmt.Fprintf(&m.table, "| %s | %s |\n", what, thousands(result.UsedGas))
}

func thousands(n uint64) string {
	if n < 1_000 {
		return fmt.Sprint(n)
	}
	return thousands(n/1_000) + fmt.Sprintf(",%03d", n%1_000)
}

// deep is claims of one KEY for each of these accounts at the bottom of a tree of the given depth: whatever else is in it is but hashes.
func deep(t tb, accounts []common.Address, amount *big.Int, depth int) (common.Hash, []bindings.DistributorClaim) {
	t.Helper()
	level := make([]common.Hash, len(accounts))
	batch := make([]bindings.DistributorClaim, len(accounts))
	at := make([]int, len(accounts))
	for i, account := range accounts {
		leaf := crypto.Keccak256(common.BytesToHash(account[:]).Bytes(), common.BigToHash(amount).Bytes())
		level[i], at[i] = crypto.Keccak256Hash(leaf), i
		batch[i] = bindings.DistributorClaim{Account: account, Cumulative: amount}
	}
	for d := range depth {
		if len(level)%2 == 1 {
			level = append(level, crypto.Keccak256Hash([]byte{byte(d)}))
		}
		for i := range batch {
			batch[i].Proof = append(batch[i].Proof, level[at[i]^1])
			at[i] /= 2
		}
		up := make([]common.Hash, len(level)/2)
		for i := range up {
			a, b := level[2*i], level[2*i+1]
			if a.Cmp(b) > 0 {
				a, b = b, a
			}
			up[i] = crypto.Keccak256Hash(a[:], b[:])
		}
		level = up
	}
	if len(level) != 1 {
		t.Fatalf("%d accounts are too many for depth %d", len(accounts), depth)
	}
	return level[0], batch
}

// The table of docs/contracts.md is what is measured here: write it with go test ./contracts/key -run Gas -update.
func TestTheDocumentedGasIsWhatIsMeasured(t *testing.T) {
	m := &meter{world: empty(t)}
	m.at = deploy.At(deployer, 0)
	terms := terms()
	for _, c := range deploy.Plan(deployer, 0, &terms) {
		m.cost("create "+string(c.Name), deployer, nil, c.Code)
	}
	m.tokens()
	m.roots()
	m.positions()
	m.ballots()

	const path = "../../docs/contracts.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(`(?s)<!-- gas -->\n.*?<!-- end -->`)
	want := "<!-- gas -->\n| transaction | gas |\n| --- | ---: |\n" + m.table.String() + "<!-- end -->"
	got := between.Find(text)
	switch {
	case got == nil:
		t.Fatalf("%s has no place for the gas", path)
	case string(got) == want:
	case *update:
		if err := os.WriteFile(path, between.ReplaceAll(text, []byte(want)), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("%s says other gas than is measured; run: go test ./contracts/key -run Gas -update\n%s", path, m.table.String())
	}
}

// tokens ends in epoch 10 with KEY for everybody.
func (m *meter) tokens() {
	m.pass(10 * day)
	m.cost("mint, the first time", dave, &m.at.Emission, emission.PackMint())
	m.pass(day)
	m.cost("mint, later", dave, &m.at.Emission, emission.PackMint())

	root, batch := deep(m, people, wei(2_000), 20)
	first := distributor.PackPropose(9, root, common.HexToHash("0x1ed9e4"), wei(10_000))
	m.cost("propose the first root", reporter, &m.at.Distributor, first)
	m.pass(3 * day)
	m.cost("accept the first root", dave, &m.at.Distributor, distributor.PackAccept(number(0)))
	m.cost("claim, proof of 20, the account's first", alice, &m.at.Distributor,
		distributor.PackClaim(alice, batch[0].Cumulative, batch[0].Proof))
	m.send(dave, m.at.Distributor, distributor.PackClaimMany(batch))
	m.allow()

	m.cost("transfer KEY to a new account", alice, &m.at.Key, key.PackTransfer(common.HexToAddress("0x4e3"), wei(1)))
	m.cost("transfer KEY", alice, &m.at.Key, key.PackTransfer(bob, wei(1)))
	m.cost("approve", common.HexToAddress("0x4e3"), &m.at.Key, key.PackApprove(m.at.Stakes, wei(1)))
	m.cost("burn", alice, &m.at.Key, key.PackBurn(wei(1)))
	m.cost("burn for a subject", alice, &m.at.Key, key.PackBurnFor(wei(1), common.HexToHash("0x5ec")))
}

// roots proposes, challenges and accepts.
func (m *meter) roots() {
	strangers := make([]common.Address, 16)
	for i := range strangers {
		strangers[i] = common.BytesToAddress(crypto.Keccak256([]byte{byte(i)}))
	}
	root, batch := deep(m, strangers, wei(10), 20)
	proposal := func(epoch uint64, root common.Hash, total uint64) []byte {
		return distributor.PackPropose(epoch, root, common.HexToHash("0x1ed9e4"), wei(total))
	}
	m.cost("propose", reporter, &m.at.Distributor, proposal(10, root, 20_000))
	m.send(reporter, m.at.Distributor, proposal(10, root, 20_000))
	m.send(reporter, m.at.Distributor, proposal(10, root, 20_000))
	m.cost("challenge", alice, &m.at.Distributor, distributor.PackChallenge(number(3)))
	m.pass(3 * day)
	m.cost("accept", dave, &m.at.Distributor, distributor.PackAccept(number(1)))
	m.cost("retire", dave, &m.at.Distributor, distributor.PackRetire(number(2)))
	m.cost("16 claims at once, proofs of 20, the accounts' first", dave, &m.at.Distributor, distributor.PackClaimMany(batch))

	root, batch = deep(m, strangers, wei(20), 20)
	m.send(reporter, m.at.Distributor, proposal(11, root, 20_000))
	m.pass(3 * day)
	m.send(dave, m.at.Distributor, distributor.PackAccept(number(4)))
	m.cost("claim, proof of 20", dave, &m.at.Distributor, distributor.PackClaim(strangers[0], wei(20), batch[0].Proof))
	m.cost("16 claims at once, proofs of 20", dave, &m.at.Distributor, distributor.PackClaimMany(append(batch[1:], batch[0])))
}

func (m *meter) positions() {
	until := m.now() + 3*365*day
	m.cost("stake and lock, the first of all", alice, &m.at.Stakes, stakes.PackStake(plain, wei(500), until))
	m.pass(day)
	m.cost("stake and lock, the account's first", bob, &m.at.Stakes, stakes.PackStake(plain, wei(300), until))
	m.pass(day)
	m.cost("stake more", alice, &m.at.Stakes, stakes.PackStake(plain, wei(1), 0))
	m.cost("stake without a lock", carol, &m.at.Stakes, stakes.PackStake(plain, wei(1), 0))
	m.cost("withdraw what has no lock", carol, &m.at.Stakes, stakes.PackWithdraw(plain, wei(1)))
	m.pass(day)
	m.cost("extend a lock", alice, &m.at.Stakes, stakes.PackExtend(plain, until+90*day))
	id := subnetOf(dave, 1)
	m.cost("register a subnet", dave, &m.at.Subnets, subnets.PackRegister(id, dave, big.NewInt(1e15)))
	m.cost("lower a subnet's fee", dave, &m.at.Subnets, subnets.PackLowerFee(id, big.NewInt(1e14)))
	m.cost("stake in a subnet for a week", alice, &m.at.Stakes, stakes.PackStake(id, wei(5), m.now()+week))
	m.pass(2 * week)
	m.cost("withdraw after the lock", alice, &m.at.Stakes, stakes.PackWithdraw(id, wei(5)))
	quiet := m.fork()
	quiet.pass(150 * week)
	far := &meter{world: quiet}
	far.cost("stake and lock after 150 weeks without anybody", carol, &m.at.Stakes, stakes.PackStake(plain, wei(1), quiet.now()+week))
	m.table.WriteString(far.table.String())
}

func (m *meter) ballots() {
	current := ask(m.world, m.at.Distributor, distributor.PackCurrentEpoch(), distributor.UnpackCurrentEpoch)
	m.cost("move rules", alice, &m.at.Governance, governance.PackMoveRules(current+100, common.HexToHash("0xf11e")))
	m.send(alice, m.at.Governance, governance.PackMoveProposer(dave, true))
	m.send(alice, m.at.Governance, governance.PackMoveWindows(day, day, wei(50)))
	m.send(alice, m.at.Governance, governance.PackMoveDecision(number(3), false))
	m.cost("move a payout", alice, &m.at.Governance, governance.PackMovePayout(dave, wei(5), common.HexToHash("0x7ea50")))
	m.cost("vote, the first", alice, &m.at.Governance, vote(0, true))
	m.cost("vote", bob, &m.at.Governance, vote(0, true))
	for id := uint64(1); id < 5; id++ {
		m.send(alice, m.at.Governance, vote(id, true))
	}
	m.pass(5 * day)
	for id, what := range []string{"rules", "a proposer", "windows", "a decision", "a payout"} {
		m.cost("execute "+what, dave, &m.at.Governance, execute(uint64(id)))
	}
}
