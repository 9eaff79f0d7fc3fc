package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/keymaker-agent/keymaker/internal/cli/show"
	"github.com/keymaker-agent/keymaker/refusal"
)

const interruptedCode = 130

var codes = map[refusal.Class]int{
	refusal.ClassError:       1,
	refusal.ClassUsage:       2,
	refusal.ClassDeclined:    3,
	refusal.ClassLocked:      4,
	refusal.ClassPolicy:      5,
	refusal.ClassSimulation:  6,
	refusal.ClassPending:     7,
	refusal.ClassInterrupted: interruptedCode,
}

// ExitCode is what the program ends with: 0 ok, 1 error, 2 usage, 3 declined, 4 locked, 5 refused by policy or needs approval,
// 6 simulation failed, 7 sent but not confirmed, 130 interrupted.
func ExitCode(err error) int {
	if err == nil {
		return 0
	}
	if r, ok := refusal.As(err); ok {
		return codes[r.Class()]
	}
	if errors.Is(err, context.Canceled) {
		return interruptedCode
	}
	return 1
}

// Fault is an error as people and programs see it. Reason is failed where nothing in the program knew better.
type Fault struct {
	Reason   string `json:"reason"`
	Detail   string `json:"detail"`
	Cause    string `json:"cause,omitempty"`
	Hint     string `json:"hint,omitempty"`
	ExitCode int    `json:"exit_code"`
}

// Explain reads an error. Secrets in addresses of endpoints are taken out, and text from outside is made safe to print.
func Explain(err error) Fault {
	f := Fault{Reason: string(refusal.Failed), Detail: clean(err.Error()), ExitCode: ExitCode(err)}
	if r, ok := refusal.As(err); ok {
		f.Reason, f.Detail, f.Hint = string(r.Reason), clean(r.Detail), clean(r.Hint)
		if r.Err != nil {
			f.Cause = clean(r.Err.Error())
		}
		return f
	}
	if errors.Is(err, context.Canceled) {
		f.Reason, f.Detail = string(refusal.Interrupted), "interrupted"
		f.Hint = refusal.New(refusal.Interrupted, "").Hint
	}
	return f
}

// Sanitize makes text from outside safe to print; see show.Sanitize.
func Sanitize(s string) string { return show.Sanitize(s) }

func clean(s string) string { return show.Sanitize(show.RedactURLs(s)) }

// PrintError tells a person what went wrong and what to do.
func PrintError(w io.Writer, err error) {
	f := Explain(err)
	fmt.Fprintf(w, "keymaker: %s\n", f.Detail)
	if f.Cause != "" {
		fmt.Fprintf(w, "cause: %s\n", f.Cause)
	}
	if f.Hint != "" {
		fmt.Fprintf(w, "hint: %s\n", f.Hint)
	}
}

// PrintErrorJSON tells a program, in one line.
func PrintErrorJSON(w io.Writer, err error) {
	line := struct {
		Schema int   `json:"schema"`
		Error  Fault `json:"error"`
	}{schema, Explain(err)}
	_ = json.NewEncoder(w).Encode(line) // a program that closed its end hears nothing
}
