package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// keys writes a list of one contributor: keys PUBLIC-KEY ADDRESS FILE.
func keys(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 || neg {
		ts.Fatalf("usage: keys PUBLIC-KEY ADDRESS FILE")
	}
	text := fmt.Sprintf("[[contributor]]\nkey = %q\naddress = %q\n", strings.TrimSpace(ts.ReadFile(args[0])), args[1])
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(text), 0o600))
}
