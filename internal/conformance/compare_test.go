package conformance

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestAnswersAreEqualUpToTheOrderOfKeys(t *testing.T) {
	const recorded = `{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[1,null,true],"big":12345678901234567890123}}`
	for _, c := range []struct{ got, says string }{
		{recorded, ""},
		{`{"result":{"big":12345678901234567890123,"b":[1,null,true],"a":"0x1"},"id":1,"jsonrpc":"2.0"}`, ""},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x2","b":[1,null,true],"big":12345678901234567890123}}`, `.result.a is "0x2", want "0x1"`},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":1,"b":[1,null,true],"big":12345678901234567890123}}`, ".result.a is 1"},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[1,null,true],"big":12345678901234567890124}}`, ".result.big"},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[null,1,true],"big":12345678901234567890123}}`, ".result.b[0]"},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[1,null],"big":12345678901234567890123}}`, "2 elements, want 3"},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[1,null,{}],"big":12345678901234567890123}}`, ".result.b[2]"},
		{`{"jsonrpc":"2.0","id":1,"result":{"b":[1,null,true],"big":12345678901234567890123}}`, ".result.a is missing"},
		{`{"jsonrpc":"2.0","id":1,"result":{"a":"0x1","b":[1,null,true],"big":12345678901234567890123,"c":0}}`, ".result.c is too much"},
		{`{"jsonrpc":"2.0","id":1,"result":null}`, ".result is null"},
		{`{"jsonrpc":"2.0","id":1,"result":[]}`, ".result is []"},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1}}`, ".result is missing"},
		{`[]`, "want"},
		{``, "not JSON"},
	} {
		check(t, Exact(&Conversation{}, json.RawMessage(recorded), json.RawMessage(c.got)), c.says, c.got)
	}
}

func TestOnlyTheStructureOfASpeculativeAnswerCounts(t *testing.T) {
	const recorded = `{"id":1,"result":{"a":"0x1","b":[{"n":"0x1"}],"c":null}}`
	for _, c := range []struct{ got, says string }{
		{`{"id":1,"result":{"a":"0x2","b":[{"n":"0x7"},{"n":"0x8"}],"c":null}}`, ""},
		{`{"id":1,"result":{"a":"0x2","b":[],"c":null}}`, ""},
		{`{"id":1,"result":{"a":2,"b":[{"n":"0x7"}],"c":null}}`, ".result.a"},
		{`{"id":1,"result":{"a":"0x2","b":[{"m":"0x7"}],"c":null}}`, ".result.b[0].n is missing"},
		{`{"id":1,"result":{"a":"0x2","b":[{"n":"0x7"}],"c":{}}}`, ".result.c"},
		{`{"id":1,"result":{"a":"0x2","b":[{"n":"0x7"}],"c":null,"d":1}}`, ".result.d is too much"},
		{`{"id":1,"result":"0x1"}`, ".result"},
		{`{"id":1,"error":{"code":1,"message":"no"}}`, ".result is missing"},
	} {
		check(t, Exact(&Conversation{SpecOnly: true}, json.RawMessage(recorded), json.RawMessage(c.got)), c.says, c.got)
	}
}

const simulatedAnswer = `{"id":1,"result":[{"number":"0x1","hash":"0x01","stateRoot":"0x02","calls":[
{"status":"0x1","gasUsed":"0x5208","returnData":"0x0102","logs":[{"address":"0x00000000000000000000000000000000000000aa",
"topics":["0x0000000000000000000000000000000000000000000000000000000000000001"],"data":"0x03","logIndex":"0x0","blockHash":"0x01"}]},
{"status":"0x0","gasUsed":"0x5209","returnData":"0x","logs":[],"error":{"code":3,"message":"execution reverted","data":"0x"}}]}]}`

func TestSimulationsAreComparedByWhatTheirCallsDid(t *testing.T) {
	for _, c := range []struct{ old, new, says string }{
		{"", "", ""},
		{`"hash":"0x01"`, `"hash":"0x99"`, ""},
		{`"stateRoot":"0x02",`, ``, ""},
		{`"blockHash":"0x01"`, `"blockHash":"0x05"`, ""},
		{`execution reverted`, `it reverts`, ""},
		{`"logIndex":"0x0"`, `"logIndex":"0x1"`, ""},
		{`"status":"0x1"`, `"status":"0x0"`, "call 0: status 0, want 1"},
		{`"gasUsed":"0x5208"`, `"gasUsed":"0x5207"`, "gas used 20999"},
		{`"returnData":"0x0102"`, `"returnData":"0x0103"`, "return data 0x0103"},
		{`00aa"`, `00ab"`, "log 0: of 0x"},
		{`0001"]`, `0002"]`, "topics"},
		{`["0x0000000000000000000000000000000000000000000000000000000000000001"]`, `[]`, "topics"},
		{`"data":"0x03"`, `"data":"0x04"`, "data 0x04"},
		{`"logs":[]`, `"logs":[{"address":"0x00000000000000000000000000000000000000aa","topics":[],"data":"0x","logIndex":"0x1"}]`, "1 logs, want 0"},
		{`"code":3`, `"code":-32015`, "error -32015, want error 3"},
		{`,"error":{"code":3,"message":"execution reverted","data":"0x"}`, ``, "no error, want error 3"},
		{`{"code":3,`, `{`, "an error without a code"},
		{`"status":"0x1",`, ``, "no status"},
		{`"gasUsed":"0x5208",`, ``, "no status, gasUsed"},
		{`"logIndex":"0x0",`, ``, "without address or logIndex"},
		{`"result":[{`, `"result":[{"calls":[]},{`, "2 blocks, want 1"},
		{`"result":[`, `"other":[`, "neither a result nor an error"},
		{`"result":[`, `"error":{"code":-38010},"other":[`, "error -38010, want no error"},
		{`"result":[`, `"result":7,"x":[`, "not an answer"},
		{simulatedAnswer, `[]`, "not an answer"},
	} {
		changed := strings.Replace(simulatedAnswer, c.old, c.new, 1)
		if c.old != c.new && changed == simulatedAnswer {
			t.Fatalf("%s is not in the answer", c.old)
		}
		check(t, ByCalls(nil, json.RawMessage(simulatedAnswer), json.RawMessage(changed)), c.says, c.new)
	}
	moved := strings.Replace(simulatedAnswer, `"logIndex":"0x0"`, `"logIndex":"0x1"`, 1)
	check(t, ByCallsIndexed(nil, json.RawMessage(simulatedAnswer), json.RawMessage(moved)), "index 1, want 0", "log index")
	check(t, ByCallsIndexed(nil, json.RawMessage(simulatedAnswer), json.RawMessage(simulatedAnswer)), "", "the same")
}

func TestARefusedSimulationIsComparedByItsCode(t *testing.T) {
	const refused = `{"id":1,"error":{"code":-38014,"message":"no funds"}}`
	check(t, ByCalls(nil, json.RawMessage(refused), json.RawMessage(`{"id":1,"error":{"code":-38014,"message":"poor"}}`)), "", "other words")
	check(t, ByCalls(nil, json.RawMessage(refused), json.RawMessage(`{"id":1,"error":{"code":-32000,"message":"no funds"}}`)), "want error -38014", "other code")
	check(t, ByCalls(nil, json.RawMessage(refused), json.RawMessage(simulatedAnswer)), "no error, want error -38014", "a result")
}

// check says whether an error is there as it should be. An empty says wants none.
func check(t *testing.T, err error, says, of string) {
	t.Helper()
	switch {
	case says == "" && err != nil:
		t.Errorf("%s: %v", clip(of), err)
	case says != "" && (err == nil || !strings.Contains(err.Error(), says)):
		t.Errorf("%s: says %v, want %q", clip(of), err, says)
	}
}
