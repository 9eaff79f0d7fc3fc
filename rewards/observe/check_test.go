package observe

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
	"github.com/keymaker-agent/keymaker/chain/devnet/known"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// report has a reporter of some number say entries of one epoch, or of several that rise.
func report(t testing.TB, into *usage.Memory, days usage.Calendar, reporter int, entries ...usage.Entry) common.Address {
	t.Helper()
	key, err := crypto.ToECDSA(crypto.Keccak256(fmt.Appendf(nil, "reporter %d", reporter)))
	if err != nil {
		t.Fatal(err)
	}
	log := usage.Log{Reporter: crypto.PubkeyToAddress(key.PublicKey), Calendar: days, Into: into.Add, Sign: func(digest common.Hash) ([65]byte, error) {
		s, err := crypto.Sign(digest[:], key)
		return [65]byte(s), err
	}}
	for i := range entries {
		if _, err := log.Add(&entries[i]); err != nil {
			t.Fatal(err)
		}
	}
	if err := log.Cut(); err != nil {
		t.Fatal(err)
	}
	return log.Reporter
}

func idOf(t testing.TB, e usage.Entry) usage.ID {
	t.Helper()
	line, err := usage.AppendEntry(nil, &e)
	if err != nil {
		t.Fatal(err)
	}
	return sha256.Sum256(line)
}

var errNobody = refusal.New(refusal.UnknownChain, "the config has no network of it")

// audit holds a ledger's epoch 0 against the story and one chain, of id 5.
func audit(t testing.TB, l usage.Ledger, uses *endpoint) (Report, []Finding) {
	t.Helper()
	var said Said
	if _, err := Observe(t.Context(), serve(story()), Order{Contracts: at}, &said, func(Progress) {}); err != nil {
		t.Fatal(err)
	}
	var found []Finding
	a := &Audit{
		Calendar: at.Calendar, Said: &said,
		Open: func(_ context.Context, id uint64) (Chain, error) {
			if id != 5 {
				return Chain{}, errNobody
			}
			return Chain{uses, uint64(len(uses.blocks)) - 3}, nil
		},
		Tell:     func(f Finding) error { found = append(found, f); return nil },
		Progress: func(done, of uint64) {},
	}
	r, err := a.Run(t.Context(), l)
	if err != nil {
		t.Fatal(err)
	}
	if got := uint64(len(found)); got != r.Differ+r.Unreported {
		t.Errorf("%d findings, and %d that differ, %d that nobody reported", got, r.Differ, r.Unreported)
	}
	return r, found
}

// mined is a transaction in a block of a history, as a receipt has it.
func (e *endpoint) mined(tx common.Hash, block int, from common.Address, gas uint64, status int) {
	if e.receipts == nil {
		e.receipts = map[common.Hash]any{}
	}
	e.receipts[tx] = map[string]any{
		"transactionHash": tx, "status": hexutil.Uint64(status), "from": from, "gasUsed": hexutil.Uint64(gas),
		"blockNumber": hexutil.Uint64(block), "blockHash": e.blocks[block].hash,
	}
}

func tool(ref byte, tx common.Hash, user common.Address, burned uint64) usage.Entry {
	return usage.Entry{
		Kind: usage.Tool, At: 1030, Ref: usage.Ref{ref}, Name: []byte("swap"), Earner: gpu, Other: user, Chain: 5, Subject: tx,
		Amount: *uint256.NewInt(burned),
	}
}

func TestEntriesOfToolsAndFrontsAreHeldAgainstWhatWasMined(t *testing.T) {
	tx := func(n byte) common.Hash { return common.Hash{31: n} }
	e := serve(story())
	e.mined(tx(1), 2, alice, 1000, 1)
	e.mined(tx(2), 2, alice, 1000, 0)
	e.mined(tx(3), 6, alice, 1000, 1)
	e.mined(tx(4), 1, alice, 1000, 1)
	e.mined(tx(5), 8, alice, 1000, 1)
	e.mined(tx(6), 7, alice, 1000, 1)
	for name, c := range map[string]struct {
		entry  usage.Entry
		fault  Fault
		detail string
	}{
		"as it was":               {tool(1, tx(1), alice, 7000), "", ""},
		"a block that is young":   {tool(1, tx(5), alice, 7000), "", ""},
		"no such transaction":     {tool(1, tx(9), alice, 7000), NoTransaction, ""},
		"one that failed":         {tool(1, tx(2), alice, 7000), Reverted, ""},
		"somebody else's":         {tool(1, tx(1), bob, 7000), OtherUser, alice.Hex()},
		"of the epoch after it":   {tool(1, tx(3), alice, 7000), OtherEpoch, "1"},
		"in the last final block": {tool(1, tx(6), alice, 7000), OtherEpoch, "1"},
		"before all epochs":       {tool(1, tx(4), alice, 7000), OtherEpoch, "second 950 is before epoch 0, which begins at 1000"},
		"a wei more than burned":  {tool(1, tx(1), alice, 7001), OtherBurned, "7000"},
		"a wei less":              {tool(1, tx(1), alice, 6999), OtherBurned, "7000"},
	} {
		for _, kind := range []usage.Kind{usage.Tool, usage.Front} {
			c.entry.Kind = kind
			var l usage.Memory
			who := report(t, &l, at.Calendar, 1, c.entry)
			r, found := audit(t, &l, e)
			found = slices.DeleteFunc(found, func(f Finding) bool { return f.Fault == Unreported })
			young := c.entry.Subject == tx(5)
			if c.fault == "" {
				if len(found) > 0 || !young && r.Agree[kind] != 1 || young && (r.Agree[kind] != 0 || len(r.Unchecked) != 1 || r.Unchecked[0].Entries != 1) {
					t.Errorf("%s: %+v, %v", name, r, found)
				}
				continue
			}
			if want := (Finding{c.fault, kind, who, idOf(t, c.entry), c.detail}); len(found) != 1 || found[0] != want || r.Agree[kind] != 0 {
				t.Errorf("%s: %+v, %v, want %v", name, r, found, want)
			}
		}
	}
}

func TestATransactionCountsOnceForToolsAndOnceForFronts(t *testing.T) {
	tx := common.Hash{31: 1}
	e := serve(story())
	e.mined(tx, 2, alice, 1000, 1)
	front := tool(3, tx, alice, 7000)
	front.Kind = usage.Front
	wrong := tool(4, tx, alice, 1)
	var l usage.Memory
	report(t, &l, at.Calendar, 1, wrong, tool(1, tx, alice, 7000), front)
	other := report(t, &l, at.Calendar, 2, tool(1, tx, alice, 7000), front) // the same lines count once
	last := report(t, &l, at.Calendar, 3, tool(2, tx, alice, 7000))
	r, found := audit(t, &l, e)
	if r.Agree[usage.Tool] != 1 || r.Agree[usage.Front] != 1 || r.Copies != 2 || r.Differ != 2 {
		t.Errorf("%+v (%s, %s)", r, other, last)
	}
	faults := map[Fault]int{}
	for _, f := range found {
		faults[f.Fault]++
	}
	if faults[OtherBurned] != 1 || faults[Repeated] != 1 {
		t.Errorf("%v", found)
	}
}

func TestWhatTheContractsSayIsHeldToTheByte(t *testing.T) {
	said := observe(t, serve(story()), Order{}).all
	var whole usage.Memory
	report(t, &whole, at.Calendar, 1, said...)
	report(t, &whole, at.Calendar, 2, said...)
	if r, found := audit(t, &whole, serve(story())); len(found) != 0 || r.Copies != uint64(len(said)) {
		t.Errorf("%+v, %v", r, found)
	}
	for i := range said {
		without := append(slices.Clone(said[:i]), said[i+1:]...)
		var l usage.Memory
		report(t, &l, at.Calendar, 1, without...)
		r, found := audit(t, &l, serve(story()))
		want := Finding{Fault: Unreported, Kind: said[i].Kind, ID: idOf(t, said[i])}
		if len(found) != 1 || found[0] != want || r.Unreported != 1 || r.Differ != 0 {
			t.Errorf("without entry %d: %+v, %v", i, r, found)
		}
		twisted := slices.Clone(said)
		if twisted[i].Kind == usage.Subnet {
			twisted[i].Fee.AddUint64(&twisted[i].Fee, 1)
		} else {
			twisted[i].Amount.AddUint64(&twisted[i].Amount, 1)
		}
		l = usage.Memory{}
		who := report(t, &l, at.Calendar, 1, twisted...)
		r, found = audit(t, &l, serve(story()))
		if want := (Finding{NotObserved, said[i].Kind, who, idOf(t, twisted[i]), ""}); len(found) != 2 || found[0] != want || r.Unreported != 1 {
			t.Errorf("with a wei more in entry %d: %+v, %v", i, r, found)
		}
	}
}

func TestWhatIsNotCheckedIsNamedAndNeverRight(t *testing.T) {
	tx := common.Hash{31: 1}
	e := serve(story())
	e.mined(tx, 2, alice, 1000, 1)
	var entries []usage.Entry
	for n := range 2 * usesAtOnce {
		entries = append(entries, tool(7, common.Hash{30: byte(n >> 8), 31: byte(n)}, alice, 7000))
	}
	for n := range 3 * mostChains {
		x := tool(byte(n), common.Hash{0: byte(n)}, alice, 7000)
		x.Chain = uint64(100 + n)
		entries = append(entries, x)
	}
	work := usage.Entry{Kind: usage.Risk, At: 1001, Earner: alice, Other: alice}
	var l usage.Memory
	report(t, &l, at.Calendar, 1, append(entries, work)...)
	e.failing = 3 // after the first receipts and their headers
	r, _ := audit(t, &l, e)
	entriesOf := map[uint64]uint64{}
	for _, u := range r.Unchecked {
		entriesOf[u.Chain] += u.Entries
		if u.Chain == 5 && u.Why != "the endpoint answers nonsense: it is down" || u.Chain > 5 && u.Why != errNobody.Detail {
			t.Errorf("%+v", u)
		}
	}
	if entriesOf[5] != usesAtOnce || entriesOf[100] != 1 || entriesOf[0] != 2*mostChains+1 || len(entriesOf) != mostChains+1 {
		t.Errorf("unchecked: %v", entriesOf)
	}
	if r.Agree[usage.Tool] != 1 || r.Differ != usesAtOnce-1 || r.Other[usage.Risk] != 1 {
		t.Errorf("%+v", r)
	}
}

func TestReceiptsThatCanNotBeReliedOnLeaveTheirChainUnchecked(t *testing.T) {
	tx := common.Hash{31: 1}
	var l usage.Memory
	report(t, &l, at.Calendar, 1, tool(1, tx, alice, 7000))
	for name, change := range map[string]func(map[string]any) any{
		"another's":     func(r map[string]any) any { r["transactionHash"] = common.Hash{1}; return r },
		"no status":     func(r map[string]any) any { delete(r, "status"); return r },
		"no sender":     func(r map[string]any) any { delete(r, "from"); return r },
		"no gas":        func(r map[string]any) any { delete(r, "gasUsed"); return r },
		"no block":      func(r map[string]any) any { delete(r, "blockHash"); return r },
		"another block": func(r map[string]any) any { r["blockHash"] = common.Hash{1}; return r },
		"no object":     func(map[string]any) any { return "no" },
		"a fee beyond all numbers": func(r map[string]any) any {
			r["baseFeePerGas"] = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
			return r
		},
	} {
		e := serve(story())
		e.mined(tx, 2, alice, 1000, 1)
		e.change = func(method string, answer any) any {
			if header, ok := answer.(map[string]any); ok && (method == "eth_getTransactionReceipt") != strings.HasPrefix(name, "a fee") {
				return change(header)
			}
			return answer
		}
		if r, found := audit(t, &l, e); len(r.Unchecked) != 1 || r.Unchecked[0].Entries != 1 || r.Differ != 0 || r.Agree[usage.Tool] != 0 {
			t.Errorf("%s: %+v, %v", name, r, found)
		}
	}
}

func TestAPartOfALedgerIsCheckedByItself(t *testing.T) {
	tx := common.Hash{31: 1}
	e := serve(story())
	e.mined(tx, 2, alice, 1000, 1)
	later := tool(1, tx, alice, 7000)
	later.At = 1130
	var whole, part usage.Memory
	report(t, &whole, at.Calendar, 1, tool(1, tx, alice, 7000), later)
	segments, _ := whole.Segments()
	for i, s := range segments {
		part = usage.Memory{}
		lines, _ := whole.Lines(&segments[i], nil)
		if err := part.Add(&segments[i], lines); err != nil {
			t.Fatal(err)
		}
		part.Close(usage.CloseEpoch(s.Epoch, segments[i:i+1]))
		if r, _ := audit(t, &part, e); r.Agree[usage.Tool] != uint64(1-s.Epoch) || r.Differ != 0 {
			t.Errorf("epoch %d alone: %+v", s.Epoch, r)
		}
	}
}

func TestASpoiltLedgerIsRefusedAndACheckIsStopped(t *testing.T) {
	var l usage.Memory
	report(t, &l, at.Calendar, 1, tool(1, common.Hash{1}, alice, 1))
	segments, _ := l.Segments()
	segments[0].Signature[3]++
	lines, _ := l.Lines(&segments[0], nil)
	var spoilt usage.Memory
	if err := spoilt.Add(&segments[0], lines); err != nil {
		t.Fatal(err)
	}
	a := &Audit{Calendar: at.Calendar, Said: &Said{}, Tell: func(Finding) error { return nil }, Progress: func(uint64, uint64) {}}
	if _, err := a.Run(t.Context(), &spoilt); !refusal.Is(err, refusal.BadSignature) {
		t.Errorf("%v", err)
	}
	closed := l
	closed.Close(usage.Closing{Epoch: 0, Segments: 2})
	if _, err := a.Run(t.Context(), &closed); !refusal.Is(err, refusal.LedgerIncomplete) {
		t.Errorf("%v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	a.Open = func(context.Context, uint64) (Chain, error) { stop(); return Chain{}, errNobody }
	if _, err := a.Run(ctx, &l); err == nil || ctx.Err() == nil {
		t.Errorf("%v", err)
	}
}

func TestARealTransactionIsRightAndItsTwistsAreNot(t *testing.T) {
	c := &city{TB: t, net: devnettest.Start(t)}
	c.node, c.client, c.who = devnettest.Dial(t, c.net, known.L1), dial(t, c.net.Networks()[0]), c.net.Accounts()
	c.send(c.who[0], c.who[1].Address, nil)
	receipt := c.last
	head, err := c.client.HeaderAt(t.Context(), receipt.BlockNumber.Uint64())
	if err != nil {
		t.Fatal(err)
	}
	right := tool(1, receipt.TxHash, c.who[0].Address, 0)
	right.At, right.Chain = emission.Time(head.Time), known.L1
	right.Amount.Mul(&head.BaseFee, uint256.NewInt(receipt.GasUsed))
	if right.Amount.IsZero() {
		t.Fatal("nothing was burned")
	}
	more, others := right, right
	more.Amount.AddUint64(&more.Amount, 1)
	others.Other = c.who[1].Address
	days := usage.Calendar{Start: right.At - 5, Length: 10}
	var l usage.Memory
	report(t, &l, days, 1, right, more, others)
	faults := map[Fault]int{}
	a := &Audit{
		Calendar: days, Said: &Said{}, Progress: func(uint64, uint64) {},
		Open: func(ctx context.Context, id uint64) (Chain, error) {
			final, err := Final(ctx, c.client, 0)
			return Chain{c.client, final.Number}, err
		},
		Tell: func(f Finding) error { faults[f.Fault]++; return nil },
	}
	r, err := a.Run(t.Context(), &l)
	if err != nil || r.Agree[usage.Tool] != 1 || r.Differ != 2 || faults[OtherBurned] != 1 || faults[OtherUser] != 1 {
		text, _ := json.Marshal(faults)
		t.Errorf("%+v, %s, %v", r, text, err)
	}
	var _ Reader = (*chain.Client)(nil)
}
