//go:build !unix

package cli

import "errors"

// hush fails: a password that shows is none.
func hush(int) error { return errors.New("this system's terminal can't hide what is typed") }
