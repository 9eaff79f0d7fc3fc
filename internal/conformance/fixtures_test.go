package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/ethereum/go-ethereum/rpc"
)

// ownFixture is a fixture of a call that stores and logs, without its result.
func ownFixture(t testing.TB, tracer, result string) string {
	t.Helper()
	key, err := crypto.ToECDSA(ownKey)
	if err != nil {
		t.Fatal(err)
	}
	tx := types.MustSignNewTx(key, types.LatestSigner(ownConfig), &types.LegacyTx{To: &own.contract, Gas: 100_000, GasPrice: hexutil.MustDecodeBig("0x10")})
	raw, err := tx.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	b, err := ownBlock()
	if err != nil {
		t.Fatal(err)
	}
	fixture, err := json.Marshal(map[string]any{
		"genesis": map[string]any{"config": b.Config, "alloc": b.Prestate, "gasLimit": "0x1c9c380", "difficulty": "0x0"},
		"context": map[string]any{
			"number": "5", "difficulty": "0", "timestamp": "1800000000", "gasLimit": "30000000", "miner": own.coinbase, "baseFeePerGas": "7",
		},
		"input": hexutil.Encode(raw), "tracerConfig": json.RawMessage(`{"withLog":` + map[string]string{"callTracer": "true", "prestateTracer": "false"}[tracer] + `}`),
		"result": json.RawMessage(result),
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(fixture)
}

// traceOf is the trace that the reference makes of the own fixture.
func traceOf(t *testing.T, tracer string) string {
	t.Helper()
	f, err := decodeFixture("own", tracer, []byte(ownFixture(t, tracer, `{}`)))
	if err != nil {
		t.Fatal(err)
	}
	server := f.Remote().Server()
	defer server.Stop()
	client := rpc.DialInProc(server)
	defer client.Close()
	got, err := runFixture(t.Context(), f, client)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestTheJudgeOfTracesMissesNoChange(t *testing.T) {
	for tracer, changes := range map[string][][2]string{
		"callTracer": {
			{`"gas":"0x186a0"`, `"gas":"0x186a1"`},
			{`"type":"CALL"`, `"type":"CREATE"`},
			{`"value":"0x0"`, `"value":"0x1"`},
			{`"input":"0x"`, `"input":"0x01"`},
			{`"index":"0x0"`, `"index":"0x1"`},
			{`"topics":[`, `"topics":["0x0000000000000000000000000000000000000000000000000000000000000001"`},
			{`"type":"CALL"`, `"type":"CALL","error":"execution reverted"`},
			{`"type":"CALL"`, `"type":"CALL","extra":1`},
			{`"logs":`, `"calls":`},
		},
		"prestateTracer": {{`"balance":"0x0"`, `"balance":"0x1"`}, {`"nonce":1`, `"nonce":2`}, {`000006"`, `000007"`}, {`"code":"0x60`, `"code":"0x61`}},
	} {
		trace := traceOf(t, tracer)
		f, err := decodeFixture("own", tracer, []byte(ownFixture(t, tracer, trace)))
		if err != nil {
			t.Fatal(err)
		}
		check(t, f.Judge(json.RawMessage(trace)), "", trace)
		for _, c := range changes {
			changed := strings.Replace(trace, c[0], c[1], 1)
			if changed == trace {
				t.Fatalf("%s is not in %s", c[0], trace)
			}
			if f.Judge(json.RawMessage(changed)) == nil {
				t.Errorf("%s: %s is changed to %s, and nobody says so", tracer, c[0], c[1])
			}
		}
	}
}

func TestFieldsThatATracerNoLongerHasAreLeftOut(t *testing.T) {
	trace := traceOf(t, "callTracer")
	f, err := decodeFixture("own", "callTracer", []byte(ownFixture(t, "callTracer", strings.Replace(trace, `"type":"CALL"`, `"type":"CALL","time":"1ms"`, 1))))
	if err != nil {
		t.Fatal(err)
	}
	check(t, f.Judge(json.RawMessage(trace)), "", "an old field")
}

func TestFixturesAreReadFromAFolder(t *testing.T) {
	dir := t.TempDir()
	text := ownFixture(t, "callTracer", traceOf(t, "callTracer"))
	writeFile(t, filepath.Join(dir, "call_tracer", "some.json"), text)
	writeFile(t, filepath.Join(dir, "call_tracer_legacy", "other.json"), "not read")
	t.Setenv(FixturesVariable, dir)
	if tally := OpenFixtures(t).Run(t.Context(), runFixture); tally.Passed != 1 || tally.Total() != 1 {
		t.Error(tally)
	}
	tally := OpenFixtures(t).Run(t.Context(), func(context.Context, *Fixture, *rpc.Client) (json.RawMessage, error) {
		return nil, OtherRules("the engine is younger")
	})
	if tally.Total() != 0 || tally.Left["the engine is younger"] != 1 {
		t.Error(tally)
	}
	tally = OpenFixtures(t).Run(t.Context(), func(context.Context, *Fixture, *rpc.Client) (json.RawMessage, error) {
		return nil, errors.New("the remote is gone")
	})
	if len(tally.Failed) != 1 {
		t.Error(tally)
	}
}

func TestAFixtureKnowsItsBlock(t *testing.T) {
	f, err := decodeFixture("own", "callTracer", []byte(ownFixture(t, "callTracer", `{}`)))
	if err != nil {
		t.Fatal(err)
	}
	if f.Old != "" || f.From != own.sender || f.Block.Number != 5 || f.Block.BaseFee.Uint64() != 7 || f.Block.Random == nil {
		t.Errorf("%+v", f)
	}
	old := strings.Replace(ownFixture(t, "callTracer", `{}`), `"eip158Block":0`, `"eip158Block":6`, 1)
	if f, err = decodeFixture("own", "callTracer", []byte(old)); err != nil || f.Old != beforeEIP158 {
		t.Errorf("%+v %v", f, err)
	}
	for _, c := range []struct{ old, new, says string }{
		{`"number":"5"`, `"number":"0"`, "has a parent"},
		{`"config":`, `"konfig":`, "config"},
		{`"result":{}`, `"x":{}`, "a result"},
		{`"input":"0x`, `"input":"0xff`, "input"},
	} {
		_, err := decodeFixture("own", "callTracer", []byte(strings.Replace(ownFixture(t, "callTracer", `{}`), c.old, c.new, 1)))
		check(t, err, c.says, c.new)
	}
}
