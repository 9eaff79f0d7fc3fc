package fork

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/forktest"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

func TestReasonsOfRevertsAreReadAndCleaned(t *testing.T) {
	text := func(s string) []byte {
		return append(pack(errorSelector, wei(32), wei(uint64(len(s)))), common.RightPadBytes([]byte(s), (len(s)+31)/32*32)...)
	}
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"text", text("too little"), "too little"},
		{"control characters", text("a\x1b[31m\nb\u202ec\u200d"), "a[31m bc"},
		{"broken UTF-8", text("a\xff\xfeb"), "a\ufffd\ufffdb"},
		{"a long text", text(strings.Repeat("x", 1000)), strings.Repeat("x", reasonLimit-1) + "…"},
		{"overflow", pack(panicSelector, wei(0x11)), "panic 0x11: arithmetic overflow or underflow"},
		{"another panic", pack(panicSelector, wei(0x99)), "panic 0x99"},
		{"a custom error", []byte{1, 2, 3, 4}, "0x01020304"},
		{"nothing", nil, "no reason given"},
		{"a cut text", text("too little")[:70], "0x" + common.Bytes2Hex(text("too little")[:70])},
		{"a far offset", pack(errorSelector, common.Hash{0xff}.Bytes(), wei(1)), "0x" + common.Bytes2Hex(pack(errorSelector, common.Hash{0xff}.Bytes(), wei(1)))},
	} {
		if got := reasonOf(evm.Outcome{Failure: evm.ErrReverted, Return: c.data}); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzReason(f *testing.F) {
	f.Add(pack(errorSelector, wei(32), wei(3), common.RightPadBytes([]byte("abc"), 32)))
	f.Add(pack(panicSelector, wei(0x12)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		s := reasonOf(evm.Outcome{Failure: evm.ErrReverted, Return: data})
		if s == "" && len(data) < 4 || len(s) > 2*reasonLimit {
			t.Fatalf("%q", s)
		}
		for _, r := range s {
			if unicode.IsControl(r) {
				t.Fatalf("%q", s)
			}
		}
	})
}

func FuzzLogsAndCalls(f *testing.F) {
	f.Add(topicTransferBatch[:], at(alice).Bytes(), at(bob).Bytes(), at(pool).Bytes(), common.FromHex("0x20"), byte(4))
	f.Add(topicTransfer[:], at(alice).Bytes(), at(bob).Bytes(), wordOf(1).Bytes(), []byte{}, byte(3))
	f.Add([]byte{}, []byte{}, []byte{}, []byte{}, pack(selector("transferFrom((address,address,uint160,address)[])"), wei(32), wei(1<<40)), byte(0))
	f.Fuzz(func(_ *testing.T, a, b, c, d, data []byte, topics byte) {
		x := newInterests()
		l := &Log{Data: data}
		for i, topic := range [][]byte{a, b, c, d} {
			if i < int(topics) {
				l.Topics = append(l.Topics, common.BytesToHash(topic))
			}
		}
		x.log(l)
		walk(&Frame{Type: "CALL", Input: data, Calls: []Frame{{Type: "DELEGATECALL", Input: data}}}, common.Address{}, common.Address{}, x.frame)
	})
}

// told answers every call of a batch with the same bytes, or with the good answer.
type told struct {
	answer []byte
	method string
}

func (s told) Call(context.Context, any, string, ...any) error { return errors.New("unused") }

func (s told) Batch(_ context.Context, elems []rpc.BatchElem) error {
	for i := range elems {
		answer := map[string]string{
			"eth_chainId": `"0x1"`, "eth_getBlockByNumber": forktest.Header,
			"eth_getBlockByHash": forktest.Parent,
			"eth_getBalance":     `"0xde0b6b3a7640000"`, "eth_getTransactionCount": `"0x0"`, "eth_getCode": `"0x"`,
			"eth_getStorageAt": `"0x0000000000000000000000000000000000000000000000000000000000000000"`,
			"eth_config":       string(forktest.Config(pinned.Osaka.Precompiles(), nil)), "eth_call": `"0x"`, "eth_createAccessList": `{"accessList":[]}`,
		}[elems[i].Method]
		if elems[i].Method == s.method || s.method == "" {
			answer = string(s.answer)
		}
		*elems[i].Result.(*json.RawMessage) = json.RawMessage(answer)
	}
	return nil
}

func FuzzSourceAnswers(f *testing.F) {
	methods := []string{
		"", "eth_chainId", "eth_getBlockByNumber", "eth_getBlockByHash", "eth_getBalance", "eth_getTransactionCount", "eth_getCode",
		"eth_getStorageAt", "eth_config", "eth_call", "eth_createAccessList",
	}
	for i, seed := range []string{
		`null`, forktest.Header, `"0x1"`, `"0x"`, `"0x6001600055"`, string(forktest.Config(pinned.Prague.Precompiles(), nil)),
		`{"accessList":[{"address":"0x0000000000000000000000000000000000000001","storageKeys":["0x0000000000000000000000000000000000000000000000000000000000000001"]}]}`,
	} {
		f.Add(byte(i), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, method byte, answer []byte) {
		fork, err := New(context.Background(), told{answer, methods[int(method)%len(methods)]}, WithClock(atDawn))
		if err != nil {
			return
		}
		tx := callTo(alice, bob, []byte{1})
		tx.ChainID, tx.Gas = fork.Pin().ChainID, 200_000
		tx.Value.SetUint64(5)
		e, err := fork.Simulate(context.Background(), []Tx{tx})
		if err != nil {
			return
		}
		if c, found := e.balance(bob, Native, common.Address{}); e.OK() && (!found && alice != bob) && c.After.IsZero() && e.Txs[0].Calls.Value.IsZero() {
			t.Fatalf("a transfer without effect: %s", asJSON(t, e))
		}
	})
}
