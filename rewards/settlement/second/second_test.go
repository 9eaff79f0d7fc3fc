// Package second holds a second implementation of docs/rewards.md, in Python and with nothing but its standard library, written from that
// page alone. Its test is the only user: where two readings of one page agree on random ledgers, the page says enough.
package second_test

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/go-cmp/cmp"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/settlement"
	"github.com/keymaker-agent/keymaker/rewards/tree"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// answer is what both say of a ledger.
type answer struct {
	Epoch      uint64
	LedgerRoot string            `json:"ledger_root"`
	Buckets    map[string]bucket `json:"buckets"`
	Carried    map[string]string `json:"carried"`
	ClaimsRoot string            `json:"claims_root"`
	Allotments []allotment       `json:"allotments"`
}

type bucket struct{ Emission, Released, Paid string }

type allotment struct {
	Address string `json:"address"`
	Epoch   string `json:"epoch_wei"`
	Total   string `json:"total_wei"`
}

const ledgers = 12

func TestASecondImplementationOfThePageAgrees(t *testing.T) {
	for seed := range uint64(ledgers) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			text := makeRules(seed)
			r, err := rules.Read(text)
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			ledger, last := makeLedger(t, seed, &r)
			ours, theirs := settle(t, ledger, &r, last), run(t, dir, ledger, text, last)
			if d := cmp.Diff(theirs, ours); d != "" {
				t.Errorf("the second implementation says -, this one +:\n%s", d)
			}
			if len(ours.Allotments) < 5 {
				t.Errorf("only %d accounts earned anything: the ledger shows nothing", len(ours.Allotments))
			}
		})
	}
}

func run(t *testing.T, dir string, ledger []byte, text []byte, last usage.Epoch) (a answer) {
	t.Helper()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	if _, err := os.Stat("second.py"); err != nil { // and so go test does not remember what another one said
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "second.py", write("ledger.ndjson", ledger), write("rules.toml", text), "../../emission/morpheus.toml", fmt.Sprint(last))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3 (3.11 or later: apt-get install python3): %v\n%s", err, stderr.Bytes())
	}
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func settle(t *testing.T, ledger []byte, r *rules.Rules, last usage.Epoch) answer {
	t.Helper()
	file, err := usage.Open(t.Context(), bytes.NewReader(ledger), int64(len(ledger)))
	if err != nil {
		t.Fatal(err)
	}
	got, err := settlement.Settle(t.Context(), file, r, last, settlement.Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	end := got.Epochs[len(got.Epochs)-1]
	a := answer{Epoch: uint64(last), LedgerRoot: end.Root.Hex(), Buckets: map[string]bucket{}, Carried: map[string]string{}}
	for b := range rules.Buckets {
		one := end.Buckets[b]
		paid := one.Paid // the page's sum has the fees that go to the fund
		if b != rules.Protection {
			paid.Add(&paid, &one.Fees)
		}
		a.Buckets[b.String()] = bucket{one.Emission.Dec(), one.Released.Dec(), paid.Dec()}
		a.Carried[b.String()] = one.Carry.Dec()
	}
	claims, err := tree.Build(tree.Standard, got.Claims, 2)
	if err != nil {
		t.Fatal(err)
	}
	a.ClaimsRoot = claims.Root().Hex()
	for account, total := range got.State.Accounts() {
		now := got.Last.Wei(account)
		a.Allotments = append(a.Allotments, allotment{lower(account), now.Dec(), total.Dec()})
	}
	return a
}

func lower(a common.Address) string { return fmt.Sprintf("0x%x", a[:]) }

// The people of a ledger; the first of them report.
const (
	people    = 12
	reporters = 3
)

func keyOf(i int) *ecdsa.PrivateKey {
	return crypto.ToECDSAUnsafe(common.LeftPadBytes([]byte{byte(i) + 1}, 32))
}

var persons = func() (all [people]common.Address) {
	for i := range all {
		all[i] = crypto.PubkeyToAddress(keyOf(i).PublicKey)
	}
	return all
}()

func person(i int) common.Address { return persons[i] }

func makeRules(seed uint64) []byte {
	rnd := rand.New(rand.NewPCG(seed, 1))
	list := func(n int) string {
		text := "["
		for i := range n {
			text += fmt.Sprintf("%q,", lower(person(i)))
		}
		return text + "]"
	}
	half, returned := rnd.IntN(10001), rnd.IntN(10000)
	return fmt.Appendf(nil, `schema = 1
name = "random"
schedule = "morpheus"
epoch = %d
first = %d
[[rules]]
version = 1
from = 0
carry = %d
[rules.shares]
capital = { yields = 10000 }
code = { works = %d, tools = %d }
community = { stakes = %d, fronts = %d }
compute = { receipts = 10000 }
protection = { payouts = 10000 }
[rules.reporters]
yield = %[8]s
audit = %[8]s
bond = %[9]s
subnet = %[9]s
stake = %[9]s
deposit = %[9]s
payout = %[9]s
receipt = %[9]s
tool = %[8]s
front = %[9]s
[rules.burned]
"1" = "1500000000000000000"
"31337" = "7"
"6" = "340282366920938463463374607431768211455"
[rules.works]
maintainers = %[10]s
quorum = %d
grace = %d
most = %d
[rules.works.classes]
fix = { most = "100", epochs = %d }
feature = { most = "1000", epochs = %d }
[rules.tools]
return = %d
most = %d
[rules.fronts]
return = %d
most = %d
[rules.stakes]
fee = "%d"
[rules.receipts]
return = %d
bond = %d
least_audits = %d
least_passed = 6000
most_fee = %d
most_in = "1000000000000000000"
most_out = "3000000000000000000"
[rules.yields]
assets = ["0xe000000000000000000000000000000000000000", "0xe100000000000000000000000000000000000000"]
most = "%d"
[[rules.yields.tiers]]
from = "1000000000000000000"
bonus = "300000000000000000000000"
[[rules.yields.tiers]]
from = "250000000000000000000"
bonus = "1500000000000000000000000"
`, 1000+rnd.IntN(200_000), rnd.IntN(3), 1+rnd.IntN(30), half, 10000-half, half, 10000-half, list(2), list(reporters), list(4), 1+rnd.IntN(2), rnd.IntN(3),
		1000+rnd.IntN(9000), 1+rnd.IntN(3), 1+rnd.IntN(3), returned, 1000+rnd.IntN(9001), 9999-returned, 10000, rnd.Uint64N(3)*1e18, 9000, 1+rnd.IntN(9999), 1+rnd.IntN(2), 1+rnd.IntN(10000),
		1+rnd.Uint64N(2e18))
}

func makeLedger(t *testing.T, seed uint64, r *rules.Rules) ([]byte, usage.Epoch) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 2))
	var memory usage.Memory
	last := r.First + usage.Epoch(rnd.IntN(4))
	calendar := usage.Calendar{Start: r.Start, Length: r.Length}
	logs := make([]*usage.Log, reporters)
	for i := range logs {
		logs[i] = &usage.Log{Reporter: person(i), Calendar: calendar, Into: memory.Add, Sign: func(digest common.Hash) (out [65]byte, err error) {
			signed, err := crypto.Sign(digest[:], keyOf(i))
			copy(out[:], signed)
			return out, err
		}}
	}
	for epoch := r.First; epoch <= last; epoch++ {
		span, err := calendar.Span(epoch)
		if err != nil {
			t.Fatal(err)
		}
		for range 150 + rnd.IntN(100) {
			e := makeEntry(rnd, span)
			by := [][]int{{0}, {0}, {1}, {2}, {0, 1}, {0, 2}}[rnd.IntN(6)]
			if maintainer := slices.Index(persons[:reporters], e.Other); maintainer >= 0 && (e.Kind == usage.Work || e.Kind == usage.Risk) && rnd.IntN(5) > 0 {
				by = []int{maintainer} // else somebody speaks for it
			}
			for _, to := range by {
				if _, err := logs[to].Add(&e); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, l := range logs {
		if err := l.Cut(); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := usage.Write(t.Context(), &out, &memory, usage.Range{To: last + 1, Closed: last + 1}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), last
}

func makeEntry(rnd *rand.Rand, span usage.Span) usage.Entry {
	whole := func(n uint64) uint256.Int {
		var a uint256.Int
		return *a.Mul(uint256.NewInt(rnd.Uint64N(n)), uint256.NewInt(1+rnd.Uint64N(2e18)))
	}
	second := func() emission.Time { return span.From + emission.Time(rnd.Uint64N(uint64(span.To-span.From))) }
	e := usage.Entry{
		Kind: usage.Kind(rnd.IntN(int(usage.Payout) + 1)), At: second(), Earner: person(rnd.IntN(people)), Other: person(rnd.IntN(people)),
		Name: []byte("one"), Place: []byte("keymaker"), Chain: []uint64{1, 31337, 5}[rnd.IntN(3)], Flag: rnd.IntN(4) > 0,
	}
	for i := range e.Ref {
		e.Ref[i] = byte(rnd.Uint32())
	}
	subnet, asset := common.Hash{0x5b, byte(rnd.IntN(3))}, common.Address{0xe0 + byte(rnd.IntN(3))}
	switch e.Kind {
	case usage.Tool, usage.Front:
		e.Amount, e.Subnet, e.Subject = whole(50), subnet, common.Hash{1}
	case usage.Work:
		e.Name, e.Amount = []byte([]string{"fix", "feature", "other"}[rnd.IntN(3)]), *uint256.NewInt(rnd.Uint64N(1200))
		e.Subject[0], e.Other, e.Earner = byte(rnd.IntN(8)), person(rnd.IntN(5)), person(3+rnd.IntN(3))
	case usage.Risk:
		e.Subject[0], e.Other, e.Flag = byte(rnd.IntN(8)), person(rnd.IntN(5)), rnd.IntN(2) > 0
	case usage.Receipt:
		e.Input, e.Output, e.PriceIn, e.PriceOut, e.Fee = rnd.Uint64N(1e7), rnd.Uint64N(1e6), whole(3), whole(5), whole(9)
	case usage.Subnet:
		e.Fee = *uint256.NewInt(rnd.Uint64N(1e18))
		e.Fee.Mul(&e.Fee, uint256.NewInt(rnd.Uint64N(8e6)))
		e.Subnet = subnet
	case usage.Stake, usage.Bond:
		e.Subnet, e.Amount = subnet, whole(500)
	case usage.Yield:
		e.Asset, e.Amount, e.Decimals, e.PriceIn = asset, whole(100), []uint64{6, 18, 24}[rnd.IntN(3)], whole(4000)
	case usage.Deposit:
		e.Asset, e.Amount = asset, whole(300)
		if rnd.IntN(2) > 0 {
			e.LockFrom = emission.Time(1700000000 + rnd.Uint64N(300_000_000))
			e.LockTo = e.LockFrom + emission.Time(rnd.Uint64N(200_000_000))
		}
		if rnd.IntN(3) > 0 {
			e.Other = common.Address{}
		}
	case usage.Payout:
		e.Proposal, e.Amount = rnd.Uint64N(9), whole(60)
	}
	if most := *uint256.MustFromDecimal("340282366920938463463374607431768211455"); rnd.IntN(15) == 0 {
		switch e.Kind { // whose worth is too much
		case usage.Tool, usage.Front:
			e.Chain, e.Amount = 6, most
		case usage.Yield:
			e.Amount, e.PriceIn = most, most
		}
	}
	if e.Kind == usage.Bond || e.Kind == usage.Subnet || e.Kind == usage.Stake || e.Kind == usage.Deposit {
		e.To = e.At + 1 + emission.Time(rnd.Uint64N(uint64(span.To-e.At)))
	}
	return e
}
