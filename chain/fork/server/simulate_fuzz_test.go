package server

import (
	"context"
	"encoding/json"
	"testing"
	"time"
)

// Whatever a request says, it is simulated or refused, and what is simulated can be written.
func FuzzNoRequestToSimulateIsTooMuch(f *testing.F) {
	for _, args := range simulations(f, rigHead) {
		raw, err := json.Marshal(args[0])
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"blockStateCalls":[{"blockOverrides":{"withdrawals":[null]}}]}`))
	f.Add([]byte(`{"blockStateCalls":[null,{"calls":[null],"stateOverrides":{"0x0000000000000000000000000000000000000001":null}}]}`))
	r := newRig(f, Options{Limits: Limits{Time: 5 * time.Second}})
	api := &simulateAPI{r.server}
	f.Fuzz(func(t *testing.T, raw []byte) {
		var request simulateRequest
		if json.Unmarshal(raw, &request) != nil {
			return
		}
		blocks, err := api.SimulateV1(context.Background(), request, nil)
		if err != nil {
			return
		}
		if _, err := json.Marshal(blocks); err != nil {
			t.Fatal(err)
		}
	})
}
