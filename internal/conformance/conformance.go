// Package conformance holds the engine against suites that others wrote: ethereum/tests, execution-apis, real mainnet blocks
// and go-ethereum's own tracer fixtures.
//
// Each suite is a loader, a judge and a func type that the tested package fills in. A suite knows nothing of the engine: it
// hands over a remote (a JSON-RPC client or URL) and takes back plain maps or JSON, so that any engine can be measured, and
// go-ethereum itself is, as the check of the harness.
//
//	func TestTheEngineIsRight(t *testing.T) {
//		tally := conformance.OpenStateTests(t).Run(t.Context(), runCase) // runCase is a conformance.StateRunner
//		t.Log(tally)                                                     // state tests: 9771 passed, 0 failed, 10 excepted (...)
//		tally.Require(t)                                                 // fails for each failure, and each exception that passed
//	}
//
// Invariant: a case counts once, as passed, failed, excepted or left out; what is excepted or left out has a reason, and an
// exception that passes is as loud as a failure, because the reason is then no longer true.
//
// The data lies beside the repository (see internal/shared) or where an environment variable says; it is never copied into it.
// Without it a suite runs on small cases of its own, and its tally says so.
package conformance
