// Command fetch installs what package reference tries trees against, and prints its folder. make merkle runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/keymaker-agent/keymaker/rewards/tree/reference"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := reference.Fetch(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("the Merkle tree library is in", dir)
}
