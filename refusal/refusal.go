// Package refusal names every reason why Keymaker does not act.
//
// A refusal is a value, not a text: rooms return *Error, front ends show Detail and Hint, programs read Reason, and the exit
// code follows from the reason's Class. There is one enum for the whole program, so that a dry run and a live run, a person
// and a plugin are refused in the same words.
//
// Invariant: a Reason that is not in the table below does not exist; New panics on it, and a test walks the table.
package refusal

import (
	"errors"
	"fmt"
)

// Reason says why nothing was done. The text is for logs and --json; people see Detail and Hint.
type Reason string

// Class groups reasons by what the caller can do about them. The exit code of the program follows from it.
type Class uint8

// The classes, with the exit code each one leads to.
const (
	ClassError       Class = iota // 1: something failed
	ClassUsage                    // 2: the request itself is wrong
	ClassDeclined                 // 3: the user said no
	ClassLocked                   // 4: the wallet is locked
	ClassPolicy                   // 5: refused by policy, or an approval is missing
	ClassSimulation               // 6: the dry run failed or reverted
	ClassPending                  // 7: sent, but not confirmed
	ClassInterrupted              // 130: stopped by the user
)

// Error is a refusal: a reason from the enum, what exactly was refused, and what to do about it.
type Error struct {
	Reason Reason
	Detail string
	Hint   string
	Err    error // the cause, if another error led here
}

// New makes a refusal with the reason's own hint. It panics on a reason that the table does not know, which is a bug.
func New(r Reason, format string, args ...any) *Error {
	e, ok := table[r]
	if !ok {
		panic("refusal: unknown reason " + string(r))
	}
	return &Error{Reason: r, Detail: fmt.Sprintf(format, args...), Hint: e.hint}
}

// WithHint replaces the reason's own hint by a better one for this case.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = fmt.Sprintf(format, args...)
	return e
}

// Because records the error that led to the refusal; errors.Is and errors.As see it.
func (e *Error) Because(err error) *Error {
	e.Err = err
	return e
}

func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Reason, e.Detail, e.Err)
	}
	return fmt.Sprintf("%s: %s", e.Reason, e.Detail)
}

func (e *Error) Unwrap() error { return e.Err }

// Class says what kind of refusal this is.
func (e *Error) Class() Class { return table[e.Reason].class }

// As finds the refusal inside err.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// Is reports whether err is, or wraps, a refusal for reason r.
func Is(err error, r Reason) bool {
	e, ok := As(err)
	return ok && e.Reason == r
}
