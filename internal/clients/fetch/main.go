// Command fetch installs the clients that package clients tries servers with, and prints their folder. make clients runs it.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/keymaker-agent/keymaker/internal/clients"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := clients.Fetch(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("clients are in", dir)
}
