package observe

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

var (
	alice = common.HexToAddress("0xa1")
	bob   = common.HexToAddress("0xb0")
	gpu   = common.HexToAddress("0x9f")
	plain common.Hash
	town  = common.HexToHash("0xa100000000000000000000000000000000000000000000000000000000000001")
	field = common.HexToHash("0xb000000000000000000000000000000000000000000000000000000000000002")
)

// story is three epochs in which each kind of thing happens.
func story() *history {
	h := newHistory()
	h.mine(950) // before epoch 0
	h.set(town, alice, 30)
	h.stake(alice, town, 5)
	h.mine(1010)
	h.stake(bob, town, 7)
	h.stake(bob, plain, 100)
	h.mine(1020)
	h.stake(alice, word32(gpu), 40)
	h.stake(bob, word32(gpu), 2)
	h.withdraw(bob, word32(gpu), 1)
	h.pay(3, bob, 11)
	h.mine(1090)
	h.mine(1100) // epoch 1
	h.withdraw(bob, town, 7)
	h.stake(alice, town, 1)
	h.mine(1150)
	h.set(town, bob, 20)
	h.withdraw(alice, word32(gpu), 40)
	h.pay(4, alice, 1)
	h.mine(1150) // the same second
	h.stake(alice, word32(gpu), 60)
	h.withdraw(bob, plain, 100)
	h.mine(1210) // epoch 2
	h.set(field, bob, 0)
	h.mine(1300)
	h.stake(bob, field, 9)
	return h
}

// short writes an entry without its ref, which the next test but one looks at.
func short(e *usage.Entry) string {
	switch e.Kind {
	case usage.Payout:
		return fmt.Sprintf("%d payout %d %x %s", e.At, e.Proposal, e.Earner[19:], e.Amount.Dec())
	case usage.Bond:
		return fmt.Sprintf("%d-%d bond %x %s", e.At, e.To, e.Earner[19:], e.Amount.Dec())
	case usage.Subnet:
		return fmt.Sprintf("%d-%d subnet %x %x %s", e.At, e.To, e.Subnet[0], e.Earner[19:], e.Fee.Dec())
	default:
		return fmt.Sprintf("%d-%d stake %x %x %s", e.At, e.To, e.Subnet[0], e.Earner[19:], e.Amount.Dec())
	}
}

func TestIntervalsAreCutAtEachLogThatChangesThemAndAtTheEndsOfEpochs(t *testing.T) {
	for epoch, want := range [][]string{
		{
			"1020 payout 3 b0 11",
			"1020-1100 bond 9f 41",
			"1000-1100 subnet a1 a1 30",
			"1000-1100 stake a1 a1 5", "1010-1100 stake a1 b0 7",
		},
		{ // what ends with the epoch's first second was never in it
			"1100-1150 subnet a1 a1 30", "1100-1150 bond 9f 41", "1150 payout 4 a1 1",
			"1150-1200 bond 9f 61",
			"1150-1200 subnet a1 b0 20",
			"1100-1200 stake a1 a1 6",
		},
		{
			"1200-1300 bond 9f 61",
			"1200-1300 subnet a1 b0 20", "1210-1300 subnet b0 b0 0",
			"1200-1300 stake a1 a1 6",
		},
	} {
		var got []string
		for _, e := range observe(t, serve(story()), Order{Epoch: usage.Epoch(epoch)}).all {
			got = append(got, short(&e))
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("epoch %d:\n%s\nwant\n%s", epoch, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// The line and its ref are worked out beside the package: printf '%s%016x' TRANSACTION INDEX | xxd -r -p | sha256sum.
func TestAnEntryIsTheLineOfThePageToTheByte(t *testing.T) {
	tx := common.HexToHash("0x00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	if got, want := fmt.Sprintf("%x", Ref(tx, 258)), "cfae42d05733b0fca19f989a4fed9964"; got != want {
		t.Errorf("the ref is %s, want %s", got, want)
	}
	h := story()
	got := strings.Split(string(observe(t, serve(h), Order{Epoch: 2}).text), "\n")
	ref := Ref(*h.blocks[7].logs[0].Tx, 0)
	want := fmt.Sprintf(`{"kind":"bond","from":1200,"to":1300,"ref":"0x%x","provider":"0x000000000000000000000000000000000000009f","amount":"61"}`, ref)
	if got[0] != want {
		t.Errorf("%s, want %s", got[0], want)
	}
}

func TestARefIsThatOfTheLogThatBeganTheIntervalInLaterEpochsToo(t *testing.T) {
	h := story()
	began := Ref(*h.blocks[1].logs[0].Tx, 0)
	for epoch := usage.Epoch(0); epoch < 2; epoch++ {
		found := false
		for _, e := range observe(t, serve(h), Order{Epoch: epoch}).all {
			found = found || e.Kind == usage.Subnet && e.Earner == alice && e.Ref == began
		}
		if !found {
			t.Errorf("epoch %d has no entry of the subnet's first setting", epoch)
		}
	}
}

// drawHistory is a history that the contracts allow, over a few epochs and some seconds before and after them.
func drawHistory(t *rapid.T) *history {
	h := newHistory()
	accounts := []common.Address{alice, bob, gpu, common.HexToAddress("0xca")}
	nets := []common.Hash{town, field}
	second := uint64(900)
	for range rapid.IntRange(0, 60).Draw(t, "blocks") {
		second += rapid.SampledFrom([]uint64{0, 1, 7, 30, 99, 100, 101}).Draw(t, "seconds")
		h.mine(second)
		for range rapid.IntRange(0, 4).Draw(t, "logs") {
			who := rapid.SampledFrom(accounts).Draw(t, "account")
			subject := rapid.SampledFrom([]common.Hash{plain, word32(gpu), word32(bob), town, field}).Draw(t, "subject")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				h.set(rapid.SampledFrom(nets).Draw(t, "subnet"), who, rapid.Uint64Range(0, 3).Draw(t, "fee"))
			case 1:
				h.pay(rapid.Uint64Range(0, 9).Draw(t, "proposal"), who, rapid.Uint64Range(1, 9).Draw(t, "amount"))
			case 2, 3:
				if has := h.amounts[position{subject, who}]; has > 0 {
					h.withdraw(who, subject, rapid.Uint64Range(1, has).Draw(t, "amount"))
				}
			default:
				if _, ok := h.subnets[subject]; ok || isProvider(subject) || subject == plain {
					h.stake(who, subject, rapid.Uint64Range(1, 9).Draw(t, "amount"))
				}
			}
		}
	}
	h.mine(second + 100)
	return h
}

// epochs is how many of a history are over.
func (h *history) epochs() usage.Epoch {
	if h.last().time < uint64(at.Calendar.Start) {
		return 0
	}
	e, _ := at.Calendar.Epoch(emission.Time(h.last().time))
	return e
}

// at is what stood in a second, as the last block that is not later has it.
func (h *history) at(second uint64) *block {
	for i := len(h.blocks) - 1; ; i-- {
		if h.blocks[i].time <= second {
			return &h.blocks[i]
		}
	}
}

func TestEntriesSumToTheIntegralOfWhatIsStaked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		type thing struct {
			kind usage.Kind
			at   position
		}
		sums, want := map[thing]uint64{}, map[thing]uint64{}
		for epoch := range h.epochs() {
			span, _ := at.Calendar.Span(epoch)
			for second := uint64(span.From); second < uint64(span.To); second++ {
				b := h.at(second)
				for p, amount := range b.amounts {
					switch {
					case isProvider(p.subject):
						want[thing{usage.Bond, position{account: common.BytesToAddress(p.subject[:])}}] += amount
					case p.subject != plain:
						want[thing{usage.Stake, p}] += amount
					}
				}
				for id, s := range b.subnets {
					want[thing{usage.Subnet, position{id, s.treasury}}] += s.fee.Uint64() + 1
				}
			}
			for _, e := range observe(t, serve(h), Order{Epoch: epoch}).all {
				if e.Kind == usage.Payout {
					continue
				}
				if e.At < span.From || e.To > span.To || e.At >= e.To {
					t.Fatalf("epoch %d has %s", epoch, short(&e))
				}
				n := e.Amount.Uint64()
				if e.Kind == usage.Subnet {
					n = e.Fee.Uint64() + 1
				}
				sums[thing{e.Kind, position{e.Subnet, e.Earner}}] += n * uint64(e.To-e.At)
			}
		}
		for p, n := range want {
			if n == 0 {
				delete(want, p)
			}
		}
		if fmt.Sprint(sums) != fmt.Sprint(want) {
			t.Fatalf("entries sum to %v, want %v", sums, want)
		}
	})
}

func TestWhateverIsAskedAtOnceTheBytesAreTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		if h.epochs() == 0 {
			return
		}
		epoch := rapid.Uint64Range(0, uint64(h.epochs())-1).Draw(t, "epoch")
		first := observe(t, serve(h), Order{Epoch: usage.Epoch(epoch)})
		second := serve(h)
		second.most = rapid.Uint64Range(1, 20).Draw(t, "most blocks")
		other := observe(t, second, Order{Epoch: usage.Epoch(epoch), Piece: rapid.Uint64Range(1, 70).Draw(t, "piece"), Depth: Finalised})
		if string(first.text) != string(other.text) {
			t.Fatalf("%s\nand\n%s", first.text, other.text)
		}
	})
}

func TestWhatComesAfterTheEpochChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := drawHistory(t)
		if h.epochs() == 0 {
			return
		}
		whole := observe(t, serve(h), Order{})
		early := serve(h)
		for early.final = 1; h.blocks[early.final].time < 1100; early.final++ {
		}
		if got := observe(t, early, Order{Depth: Finalised}); string(got.text) != string(whole.text) {
			t.Fatalf("%s\nand later\n%s", got.text, whole.text)
		}
	})
}

// fresh is a history that left the story's way after some blocks, and goes on in its own.
func fresh(blocks int) *history {
	h := story().fork(blocks, 1)
	for h.last().time < 1095 {
		h.mine(h.last().time + 6)
		h.stake(gpu, word32(gpu), 3)
	}
	h.mine(max(1100, h.last().time))
	h.pay(9, gpu, 5)
	for len(h.blocks) < len(story().blocks) {
		h.mine(h.last().time + 40)
	}
	h.mine(1400)
	return h
}

func TestBlocksThatAreReplacedInTheMidstAreReadAgain(t *testing.T) {
	quiet := serve(story())
	old := string(observe(t, quiet, Order{Piece: 2}).text)
	began, kept := 0, 0
	for _, blocks := range []int{1, 2, 4, 6, 8} {
		want := string(observe(t, serve(fresh(blocks)), Order{}).text)
		for request := 1; request <= quiet.asked; request++ {
			e := serve(story())
			e.later = map[int]*history{request: fresh(blocks)}
			got := observe(t, e, Order{Piece: 2})
			if string(got.text) != want {
				t.Errorf("replaced from block %d on at request %d:\n%swant\n%sbefore it\n%s", blocks, request, got.text, want, old)
			}
			began += got.again
			if request > 2 && got.again == 0 {
				kept++
			}
		}
	}
	if began == 0 || kept == 0 {
		t.Errorf("%d times all was read again, %d times only a part; want both", began, kept)
	}
}

func TestEndpointsThatChangeTheirMindForEverAreGivenUp(t *testing.T) {
	e := serve(story())
	e.later = map[int]*history{}
	for i := range 1000 {
		e.later[5*i+4] = fresh(2)
		e.later[5*i+6] = story()
	}
	_, err := Observe(t.Context(), e, Order{Contracts: at, Piece: 1}, &lines{}, func(Progress) {})
	if !refusal.Is(err, refusal.RPCDown) || !strings.Contains(err.Error(), "replaced") {
		t.Errorf("%v", err)
	}
}

func TestAFinalBlockBelowWhatWasReadBeginsAgain(t *testing.T) {
	quiet := serve(story())
	want := string(observe(t, quiet, Order{Piece: 1}).text)
	again := 0
	for request := 1; request <= quiet.asked; request++ {
		e := serve(story())
		e.final = 9
		behind := story().fork(9, 1)
		behind.mine(1250)
		behind.final = 6
		e.later = map[int]*history{request: behind}
		got := observe(t, e, Order{Piece: 1, Depth: Finalised})
		if string(got.text) != want {
			t.Errorf("at request %d:\n%swant\n%s", request, got.text, want)
		}
		again += got.again
	}
	if again == 0 {
		t.Error("nothing was read again")
	}
}

func TestAnEpochIsObservedFromTheFirstFinalBlockAfterItOn(t *testing.T) {
	h := newHistory()
	h.mine(1099)
	if _, err := Observe(t.Context(), serve(h), Order{Contracts: at}, &lines{}, func(Progress) {}); !refusal.Is(err, refusal.FutureEpoch) {
		t.Errorf("at its last second: %v", err)
	}
	h.mine(1100)
	observe(t, serve(h), Order{})
}

func TestALogThatIsLeftOutIsNoticed(t *testing.T) {
	whole := story()
	for n := range whole.blocks {
		for i := range whole.blocks[n].logs {
			h := story()
			logs := h.blocks[n].logs
			h.blocks[n].logs = append(logs[:i:i], logs[i+1:]...)
			_, err := Observe(t.Context(), serve(h), Order{Contracts: at}, &lines{}, func(Progress) {})
			if !refusal.Is(err, refusal.LogsMissing) {
				t.Errorf("without log %d of block %d: %v", i, n, err)
			}
		}
	}
}

func TestAChangeOfASubnetThatIsLeftOutIsNoticed(t *testing.T) {
	for name, last := range map[string]setting{"its fee": {treasury: alice, fee: *uint256.NewInt(29)}, "its treasury": {treasury: bob, fee: *uint256.NewInt(30)}} {
		h := newHistory()
		h.set(town, alice, 30)
		h.mine(1100)
		h.set(town, last.treasury, last.fee.Uint64())
		observe(t, serve(h), Order{})
		h.last().logs = nil
		if _, err := Observe(t.Context(), serve(h), Order{Contracts: at}, &lines{}, func(Progress) {}); !refusal.Is(err, refusal.LogsMissing) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPiecesGrowAgainWhereAnEndpointGivesMore(t *testing.T) {
	h := newHistory()
	for n := range uint64(2000) {
		h.mine(1000 + n)
	}
	e := serve(h)
	e.most = 2
	if _, err := Observe(t.Context(), e, Order{Contracts: at}, &lines{}, func(p Progress) {
		if p.Next > 100 {
			e.most = 0
		}
	}); err != nil {
		t.Fatal(err)
	}
	if e.asked > 700 { // three for each piece, of which there would be a thousand
		t.Errorf("%d requests", e.asked)
	}
}

func TestAFirstBlockAfterTheDeploymentIsNoticed(t *testing.T) {
	for from := range uint64(len(story().blocks)) {
		var l lines
		_, err := Observe(t.Context(), serve(story()), Order{Contracts: at, From: from}, &l, func(Progress) {})
		if sound := from <= 1; sound != (err == nil) || !sound && !refusal.Is(err, refusal.LogsMissing) {
			t.Errorf("from block %d: %v", from, err)
		}
	}
}

func TestEndpointsThatCanNotBeReliedOnAreRefusedByName(t *testing.T) {
	// each changes the one answer with logs
	twist := func(do func(l map[string]any)) func(string, any) any {
		return func(method string, answer any) any {
			if all, ok := answer.([]map[string]any); ok && method == "eth_getLogs" && len(all) > 0 {
				do(all[0])
			}
			return answer
		}
	}
	word := func(n int) func(string, any) any { // of the last log of a bond
		return func(_ string, answer any) any {
			if all, ok := answer.([]map[string]any); ok {
				for _, l := range slices.Backward(all) {
					if l["topics"].([]common.Hash)[len(l["topics"].([]common.Hash))-1] == word32(gpu) {
						data := slices.Clone(l["data"].(hexutil.Bytes))
						data[32*n+31]++
						l["data"] = data
						break
					}
				}
			}
			return answer
		}
	}
	without := func(key string) func(string, any) any { return twist(func(l map[string]any) { delete(l, key) }) }
	for name, c := range map[string]struct {
		order   Order
		final   int
		change  func(string, any) any
		refuses map[string]error
		why     refusal.Reason
		says    string
	}{
		"sound":                     {},
		"an epoch to come":          {order: Order{Epoch: 9}, why: refusal.FutureEpoch, says: "epoch 9 ends at 2000"},
		"an epoch that ends now":    {order: Order{Epoch: 2, Depth: 1}, why: refusal.FutureEpoch, says: "block 8 of 1210"},
		"one that is not final":     {order: Order{Epoch: 1, Depth: Finalised}, final: 5, why: refusal.FutureEpoch},
		"an epoch without an end":   {order: Order{Epoch: 1 << 62}, why: refusal.NoEpoch},
		"deeper than the chain":     {order: Order{Depth: 900}, why: refusal.StatePruned, says: "900 others on top"},
		"nothing final":             {order: Order{Depth: Finalised}, refuses: map[string]error{"eth_getBlockByNumber": answerError("finalized block not found")}, why: refusal.StatePruned},
		"no logs":                   {refuses: map[string]error{"eth_getLogs": answerError("no")}, why: refusal.RPCDown, says: "logs of block 0"},
		"no state":                  {refuses: map[string]error{"eth_call": answerError("missing trie node")}, why: refusal.StatePruned},
		"a log without a block":     {change: without("blockNumber"), why: refusal.RPCDown, says: "nonsense"},
		"a log without a hash":      {change: without("blockHash"), why: refusal.RPCDown, says: "nonsense"},
		"without a transaction":     {change: without("transactionHash"), why: refusal.RPCDown, says: "nonsense"},
		"without an index":          {change: without("logIndex"), why: refusal.RPCDown, says: "nonsense"},
		"without an address":        {change: without("address"), why: refusal.RPCDown, says: "nonsense"},
		"without topics":            {change: without("topics"), why: refusal.RPCDown, says: "nonsense"},
		"a log that was removed":    {change: twist(func(l map[string]any) { l["removed"] = true }), why: refusal.RPCDown, says: "nonsense"},
		"a log of somewhere else":   {change: twist(func(l map[string]any) { l["blockNumber"] = "0xffff" }), why: refusal.RPCDown, says: "65535"},
		"a log of somebody else":    {change: twist(func(l map[string]any) { l["address"] = alice }), why: refusal.RPCDown, says: "not asked for"},
		"a log of something else":   {change: twist(func(l map[string]any) { l["topics"] = []common.Hash{town} }), why: refusal.RPCDown, says: "not asked for"},
		"too few topics":            {change: twist(func(l map[string]any) { l["topics"] = l["topics"].([]common.Hash)[:2] }), why: refusal.RPCDown, says: "can't be read"},
		"no bytes":                  {change: twist(func(l map[string]any) { l["data"] = "0x" }), why: refusal.RPCDown, says: "is empty"},
		"no data":                   {change: without("data"), why: refusal.RPCDown, says: "is empty"},
		"too few bytes":             {change: twist(func(l map[string]any) { l["data"] = "0x01" }), why: refusal.RPCDown, says: "can't be read"},
		"a log of another block":    {change: twist(func(l map[string]any) { l["blockHash"] = town }), why: refusal.RPCDown, says: "replaced"},
		"an amount out of the air":  {change: word(0), why: refusal.LogsMissing},
		"a position out of the air": {change: word(1), why: refusal.LogsMissing},
		"a sum out of the air":      {change: word(3), why: refusal.LogsMissing},
		"a log that is there twice": {change: func(_ string, answer any) any {
			if all, ok := answer.([]map[string]any); ok {
				return append(all, all[0])
			}
			return answer
		}, why: refusal.RPCDown, says: "twice"},
		"time that runs back": {change: func(_ string, answer any) any {
			if h, ok := answer.(map[string]any); ok && fmt.Sprint(h["number"]) == "0x5" {
				h["timestamp"] = "0x1"
			}
			return answer
		}, order: Order{Piece: 3}, why: refusal.RPCDown, says: "is earlier"},
		"no end of time": {change: func(_ string, answer any) any {
			if h, ok := answer.(map[string]any); ok {
				h["timestamp"] = "0xffffffffffffffff"
			}
			return answer
		}, why: refusal.RPCDown, says: "nonsense"},
	} {
		e := serve(story())
		e.final, e.change, e.refuses = c.final, c.change, c.refuses
		c.order.Contracts = at
		_, err := Observe(t.Context(), e, c.order, &lines{}, func(Progress) {})
		if c.why == "" && err == nil {
			continue
		}
		if !refusal.Is(err, c.why) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", name, err, c.why, c.says)
		}
	}
}

func FuzzALogIsReadOrRefused(f *testing.F) {
	for _, b := range story().blocks {
		for _, l := range b.logs {
			f.Add(l.Address[:], l.Topics[0][:], slices.Concat(l.Topics[1][:], l.Topics[2][:]), []byte(l.Data))
		}
	}
	f.Add(at.Stakes[:], staked().Bytes(), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, address, topic, more, data []byte) {
		l := logJSON{
			Address: new(common.BytesToAddress(address)), Topics: []common.Hash{common.BytesToHash(topic)}, Data: data,
			Block: new(hexutil.Uint64(1)), Index: new(hexutil.Uint64(2)), Hash: new(common.Hash), Tx: new(common.Hash),
		}
		for word := range slices.Chunk(more, common.HashLength) {
			l.Topics = append(l.Topics, common.BytesToHash(word))
		}
		var into lines
		e, err := at.read(&l, 1000)
		if err == nil {
			err = newBook(usage.Span{From: 1000, To: 1100}, &into).apply(&e)
		}
		if err != nil && !refusal.Is(err, refusal.RPCDown) && !refusal.Is(err, refusal.LogsMissing) && !refusal.Is(err, refusal.BadEntry) {
			t.Errorf("%v", err)
		}
	})
}

func TestWhatIsObservedIsStoppedAndTheReasonIsKept(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	_, err := Observe(ctx, serve(story()), Order{Contracts: at, Piece: 1}, &lines{}, func(p Progress) {
		if p.Next == 4 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	for n := 1; n <= 5; n++ {
		if _, err := Observe(t.Context(), serve(story()), Order{Contracts: at}, &lines{failAt: n}, func(Progress) {}); !errors.Is(err, errFull) {
			t.Errorf("a full disk at entry %d: %v", n, err)
		}
	}
}

func TestMemoryIsBoundedByWhatStands(t *testing.T) {
	b := newBook(usage.Span{From: 1000, To: 1100}, &lines{})
	one := *uint256.NewInt(1)
	for i := range 10_000 {
		c := change{account: common.BigToAddress(big64(uint64(i) + 1)), subject: word32(gpu), amount: one, position: one, inSubject: one}
		if err := b.change(&c, since{at: 500}); err != nil {
			t.Fatal(err)
		}
		c.out, c.position, c.inSubject = true, uint256.Int{}, uint256.Int{}
		if err := b.change(&c, since{at: 500}); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.positions)+len(b.subjects) != 0 {
		t.Errorf("%d positions and %d subjects stand after all was withdrawn", len(b.positions), len(b.subjects))
	}
}

func TestTheContractsAreFoundFromGovernance(t *testing.T) {
	got, err := Find(t.Context(), serve(story()), at.Governance)
	if err != nil || got != at {
		t.Errorf("%+v, %v", got, err)
	}
	for _, where := range []common.Address{at.Stakes, alice, {}} {
		if _, err := Find(t.Context(), serve(story()), where); !refusal.Is(err, refusal.NoRewards) {
			t.Errorf("at %s: %v", where, err)
		}
	}
	down := serve(story())
	down.failing = 2
	if _, err := Find(t.Context(), down, at.Governance); !refusal.Is(err, refusal.RPCDown) {
		t.Errorf("of an endpoint that is down: %v", err)
	}
}
