package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/holiman/uint256"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/keymaker-agent/keymaker/internal/ledger/ledgertest"
	"github.com/keymaker-agent/keymaker/rewards/emission"
	"github.com/keymaker-agent/keymaker/rewards/rules"
	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// writer writes ledgers as other programs would, by the example's rules.
type writer struct {
	rules  rules.Rules
	ledger usage.Memory
	n      uint64 // entries so far, which tells their refs apart
}

func newWriter() *writer { return &writer{rules: rules.Example()} }

func testSigner(n uint64) (common.Address, usage.Sign) {
	b := uint256.NewInt(n).Bytes32()
	k, err := crypto.ToECDSA(b[:])
	if err != nil {
		panic(err)
	}
	return crypto.PubkeyToAddress(k.PublicKey), func(digest common.Hash) ([65]byte, error) {
		s, err := crypto.Sign(digest[:], k)
		if err != nil {
			return [65]byte{}, err
		}
		return [65]byte(s), nil
	}
}

// says lets the n-th reporter say the entries, and sign them.
func (w *writer) says(n uint64, entries ...*usage.Entry) {
	who, sign := testSigner(n)
	log := usage.Log{Reporter: who, Calendar: usage.Calendar{Start: w.rules.Start, Length: w.rules.Length}, Sign: sign, Into: w.ledger.Add}
	for _, e := range entries {
		if _, err := log.Add(e); err != nil {
			panic(err)
		}
	}
	if err := log.Cut(); err != nil {
		panic(err)
	}
}

func (w *writer) entry(kind usage.Kind, epoch uint64) *usage.Entry {
	w.n++
	ref := sha256.Sum256(fmt.Append(nil, w.n))
	return &usage.Entry{Kind: kind, At: w.rules.Start + emission.Time(epoch*86400+w.n), Ref: usage.Ref(ref[:16]), Subject: ref}
}

// tool is use of an author's tool by a user on Ethereum that burned so many millionths of an ether.
func (w *writer) tool(epoch uint64, author, user common.Address, burned uint64) *usage.Entry {
	e := w.entry(usage.Tool, epoch)
	e.Name, e.Earner, e.Other, e.Chain, e.Amount = []byte("swap"), author, user, 1, *uint256.NewInt(burned * 1_000_000_000_000)
	return e
}

func (w *writer) payout(epoch uint64, to common.Address, wei uint64) *usage.Entry {
	e := w.entry(usage.Payout, epoch)
	e.Subject, e.Earner, e.Proposal, e.Amount = common.Hash{}, to, w.n, *uint256.NewInt(wei)
	return e
}

var (
	author = common.HexToAddress("0x00000000000000000000000000000000000000c1")
	other  = common.HexToAddress("0x00000000000000000000000000000000000000c2")
	user   = common.HexToAddress("0x00000000000000000000000000000000000000d1")
)

// good is a ledger of two reporters and of epochs 5 and 6. Both reporters say one of its entries.
func (w *writer) good() {
	both := w.tool(5, author, user, 1_000_000)
	w.says(1, both, w.tool(5, other, user, 3_000_000), w.tool(5, author, author, 9), w.payout(6, user, 77))
	w.says(2, w.tool(5, author, user, 500_000), both, w.tool(6, other, user, 40_000))
}

func (w *writer) many(entries int) {
	for n := range uint64(4) {
		var all []*usage.Entry
		for i := range entries / 4 {
			all = append(all, w.tool(uint64(1+16*i/entries), common.BigToAddress(uint256.NewInt(uint64(i%97)+1).ToBig()), user, uint64(i)))
		}
		w.says(n+1, all...)
	}
}

func (w *writer) text(from, closed usage.Epoch) []byte {
	var b bytes.Buffer
	if err := usage.Write(context.Background(), &b, &w.ledger, usage.Range{From: from, To: 1 << 40, Closed: closed}); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// usageCmd writes a ledger to a file: usage good FILE.
func usageCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: usage KIND FILE")
	}
	w := newWriter()
	var from, closed usage.Epoch
	switch args[0] {
	case "good":
		w.good()
	case "closed":
		w.good()
		closed = 7
	case "forked": // what the first reporter of the good one would rather have said
		w.says(1, w.tool(5, other, user, 1))
	case "late":
		w.says(3, w.tool(5, other, user, 1))
	case "later":
		w.says(3, w.tool(7, other, user, 50_000))
	case "gap": // without the beginning of the chain
		w.says(3, w.tool(7, other, user, 1), w.tool(8, other, user, 1))
		from = 8
	case "future":
		w.says(3, w.tool(999_999, other, user, 1))
	default:
		ts.Fatalf("there is no ledger %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), w.text(from, closed), 0o600))
}

// Scripts about the ledger and its settlement need neither a wallet nor a chain. They share a PostgreSQL.
func TestUsageScripts(t *testing.T) {
	server := ledgertest.Start(t)
	rules, err := os.ReadFile("testdata/usage.toml") // not the example, so that it may change without them
	if err != nil {
		t.Fatal(err)
	}
	t.Run("scripts", func(t *testing.T) { // its parallel ones end before the server does
		testscript.Run(t, testscript.Params{
			Dir:           "testdata/usage",
			UpdateScripts: *update,
			Setup: func(env *testscript.Env) error {
				env.Setenv("KEYMAKER_HOME", env.WorkDir+"/home")
				env.Setenv("HOME", env.WorkDir)
				env.Setenv("TERM", "dumb")
				env.Setenv("KEYMAKER_REWARDS_RULES", env.WorkDir+"/rules.toml")
				return os.WriteFile(env.WorkDir+"/rules.toml", rules, 0o600)
			},
			Cmds: map[string]func(*testscript.TestScript, bool, []string){
				"field": field,
				"code":  code,
				"usage": usageCmd,
				"keys":  keys,
				"postgres": func(ts *testscript.TestScript, _ bool, _ []string) {
					ts.Setenv("POSTGRES", server.Database(t))
				},
			},
		})
	})
}
