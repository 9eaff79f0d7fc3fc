package conformance

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/consensus/misc/eip1559"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/rpc"
)

func TestTheJudgeOfBlocksMissesNoChange(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(b *Block, r []Receipt) []Receipt
		says   string
	}{
		{"nothing", func(_ *Block, r []Receipt) []Receipt { return r }, ""},
		{"gas", func(_ *Block, r []Receipt) []Receipt { r[0].GasUsed++; return r }, "transaction 0"},
		{"gas moved", func(_ *Block, r []Receipt) []Receipt { r[0].GasUsed++; r[1].GasUsed--; return r }, "transaction 0"},
		{"gas moved, where only the sum is known", func(b *Block, r []Receipt) []Receipt {
			b.GasUsed = nil
			r[0].GasUsed++
			r[1].GasUsed--
			return r
		}, "receipts root"},
		{"sum", func(b *Block, r []Receipt) []Receipt { b.GasUsed = nil; r[0].GasUsed++; return r }, ": +1"},
		{"status", func(_ *Block, r []Receipt) []Receipt { r[0].Failed = true; return r }, "receipts root"},
		{"a success that was none", func(_ *Block, r []Receipt) []Receipt { r[2].Failed = false; return r }, "receipts root"},
		{"a log lost", func(_ *Block, r []Receipt) []Receipt { r[1].Logs = nil; return r }, "receipts root"},
		{"a log of another", func(_ *Block, r []Receipt) []Receipt {
			r[1].Logs = []*types.Log{{Address: own.other, Topics: r[1].Logs[0].Topics, Data: r[1].Logs[0].Data}, r[1].Logs[1]}
			return r
		}, "receipts root"},
		{"one less", func(_ *Block, r []Receipt) []Receipt { return r[1:] }, "3 receipts, want 4"},
	} {
		b, err := ownBlock()
		if err != nil {
			t.Fatal(err)
		}
		server := b.Remote().Server()
		client := rpc.DialInProc(server)
		receipts, err := runBlock(t.Context(), b, client)
		client.Close()
		server.Stop()
		if err != nil {
			t.Fatal(err)
		}
		if len(b.GasUsed) != 4 || len(receipts[1].Logs) != 2 || !receipts[2].Failed {
			t.Fatalf("the own block is another: %+v", receipts)
		}
		check(t, b.Judge(c.change(b, receipts)), c.says, c.name)
	}
}

func TestABlockThatDoesNotHashToItsHeaderIsRefused(t *testing.T) {
	text := ownBlockText(t)
	for _, c := range []struct{ old, new, says string }{
		{"", "", ""},
		{`"gasLimit":"0x1c9c380"`, `"gasLimit":"0x1c9c381"`, "the header hashes to"},
		{`"gas":"0x186a0"`, `"gas":"0x186a1"`, "root"},
		{`"chainId":1337`, `"chainId":7`, "not known"},
		{`"gasUsed":"0x5208"`, `"x":0`, "and some don't"},
		{`"balance":"0x`, `"balance":"0y`, "invalid"},
		{`"balance"`, `"wealth"`, "no balance"},
		{`"storage":{"0x`, `"storage":{"0y`, "no slot"},
		{`{`, `[`, "invalid"},
	} {
		_, err := decodeBlock("some", []byte(strings.Replace(text, c.old, c.new, 1)))
		check(t, err, c.says, c.new)
	}
}

func ownBlockText(t *testing.T) string {
	t.Helper()
	raw, err := ownBlockFile()
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestBlocksAreReadFromAFolder(t *testing.T) {
	dir := t.TempDir()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write([]byte(ownBlockText(t))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "1.json.gz"), packed.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(BlocksVariable, dir)
	tally := OpenBlocks(t).Run(t.Context(), runBlock)
	if tally.Passed != 1 || tally.Total() != 1 {
		t.Error(tally)
	}
	if err := os.WriteFile(filepath.Join(dir, "2.json.gz"), packed.Bytes()[:packed.Len()/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if tally := OpenBlocks(t).Run(t.Context(), runBlock); tally.Failed["loading"] == nil {
		t.Errorf("half a file: %s", tally)
	}
}

// The parent is made up, so what follows from it must be the block.
func TestTheBlockFollowsFromTheParentThatIsServed(t *testing.T) {
	b, err := ownBlock()
	if err != nil {
		t.Fatal(err)
	}
	for _, excess := range []uint64{0, 5 << 17} {
		b.Header.ExcessBlobGas = &excess
		parent := b.Remote().Head
		if got := eip4844.CalcExcessBlobGas(b.Config, parent, b.Header.Time); got != excess {
			t.Errorf("excess blob gas %d, want %d", got, excess)
		}
		if got := eip1559.CalcBaseFee(b.Config, parent); got.Cmp(b.Header.BaseFee) != 0 {
			t.Errorf("base fee %s, want %s", got, b.Header.BaseFee)
		}
		if b.Remote().Hash != b.Header.ParentHash || parent.Number.Uint64()+1 != b.Header.Number.Uint64() || parent.Time >= b.Header.Time {
			t.Errorf("%+v is not the parent", parent)
		}
	}
}

func TestASlotMayComeWithoutItsLeadingZeros(t *testing.T) {
	for _, c := range []struct {
		in   string
		want common.Hash
		ok   bool
	}{
		{"0x0", common.Hash{}, true},
		{"0x1", common.Hash{31: 1}, true},
		{"0x123", common.Hash{30: 1, 31: 0x23}, true},
		{"0x" + strings.Repeat("f", 64), common.HexToHash("0x" + strings.Repeat("f", 64)), true},
		{"0x" + strings.Repeat("f", 65), common.Hash{}, false},
		{"0x", common.Hash{}, false},
		{"1", common.Hash{}, false},
		{"0xg", common.Hash{}, false},
		{"", common.Hash{}, false},
	} {
		if got, err := slotWord(c.in); (err == nil) != c.ok || got != c.want {
			t.Errorf("%q: %s %v", c.in, got, err)
		}
	}
}
