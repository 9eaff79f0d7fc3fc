package conformance

import "testing"

// A file from elsewhere is read or refused, whatever is in it.
func FuzzNoFileMakesALoaderPanic(f *testing.F) {
	block, err := ownBlockFile()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(block)
	f.Add([]byte(stateText(f)))
	f.Add([]byte(ownFixture(f, "callTracer", `{"type":"CALL"}`)))
	f.Add([]byte(simulatedAnswer))
	f.Add([]byte(">> {}\n<< {}\n"))
	f.Add([]byte(`{"some":null}`))
	f.Fuzz(func(_ *testing.T, raw []byte) {
		for c, err := range casesOf("stSome/some.json", raw) {
			if err == nil {
				_ = c.Judge(StateOutcome{})
			}
		}
		if b, err := decodeBlock("some", raw); err == nil {
			_ = b.Judge(make([]Receipt, len(b.Transactions)))
		}
		if x, err := decodeFixture("some", "callTracer", raw); err == nil {
			_ = x.Judge(raw)
		}
		_, _ = parseConversation("eth_x/some", raw)
		_ = ByCalls(nil, raw, raw)
		_ = Exact(&Conversation{}, raw, raw)
	})
}
