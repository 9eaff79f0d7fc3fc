// Command keymaker is the agent: a terminal UI, one-shot commands, and the embedded chains to try them on.
package main

import (
	"os"

	"github.com/keymaker-agent/keymaker/internal/cli"
)

// version is set by the release build; a plain build reads it from the module.
var version string

func main() { os.Exit(run(os.Args[1:], cli.System(), nil)) }
