package main

import (
	"encoding/json"
	"net/url"
	"os"
	"os/exec"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/rogpeppe/go-internal/testscript"
)

// serve runs keymaker until the script ends, and puts the URL that it prints in the environment: serve fork --rpc $RPC1 --port 0.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: serve ARGS")
	}
	path, err := lookPath(ts, "keymaker")
	ts.Check(err)
	cmd := exec.Command(path, append(args, "--json")...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"PATH", "HOME", "KEYMAKER_HOME", "XDG_CACHE_HOME"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	out, err := cmd.StdoutPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	ts.Defer(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	})
	var said forkView
	ts.Check(json.NewDecoder(out).Decode(&said))
	u, err := url.Parse(said.URL)
	ts.Check(err)
	ts.Setenv("SERVED", said.URL)
	ts.Setenv("PORT", u.Port())
}

// newest puts the hash of the first chain's newest transaction in the environment: newest LAST.
func newest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: newest NAME")
	}
	c, err := rpc.Dial(ts.Getenv("RPC1"))
	ts.Check(err)
	defer c.Close()
	var block struct{ Transactions []common.Hash }
	ts.Check(c.Call(&block, "eth_getBlockByNumber", "latest", false))
	if len(block.Transactions) == 0 {
		ts.Fatalf("the newest block has no transaction")
	}
	ts.Setenv(args[0], block.Transactions[0].Hex())
}

// expand puts the environment into a file: expand bundle.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: expand FILE")
	}
	text := os.Expand(ts.ReadFile(args[0]), ts.Getenv)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
