package main

import (
	"bytes"
	"context"
	database "database/sql"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/keymaker-agent/keymaker/chain/devnet"
	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/wallet"
)

var update = flag.Bool("update", false, "write the golden files of scripts anew")

// killAt names the environment variable that makes the program of this test binary kill itself. The real program has none.
const killAt = "KILL_AT"

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"keymaker": func() { os.Exit(run(os.Args[1:], cli.System(), suicide)) },
	})
}

func suicide(p wallet.Point) {
	if os.Getenv(killAt) == string(p) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // the signal is on its way
	}
}

// Every script has chains of its own, and a home with the first prefunded account in it.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			home := filepath.Join(env.WorkDir, "home")
			env.Setenv("KEYMAKER_HOME", home)
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CACHE_HOME", cacheOf(t))
			env.Setenv("TERM", "dumb")
			d, err := devnet.Start(context.Background(), devnet.Options{})
			if err != nil {
				return err
			}
			env.Defer(func() { _ = d.Close() })
			return furnish(env, d)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"person": person,
			"field":  field,
			"code":   code,
			"sql":    sql,
			"lock":   lock,
			"serve":  serve,
			"newest": newest,
			"expand": expand,
			"keys":   keys,
		},
	})
}

// cacheOf is the user's cache, where the artifacts are.
func cacheOf(t *testing.T) string {
	dir, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// furnish writes what scripts start from: the chains' addresses in the environment, a key, a password file.
func furnish(env *testscript.Env, d *devnet.Devnet) error {
	for i, n := range d.Networks() {
		env.Setenv(fmt.Sprintf("RPC%d", i+1), n.RPC[0])
	}
	recorder, err := startRecorder(d.Networks()[0].RPC[0], filepath.Join(env.WorkDir, "recorded"))
	if err != nil {
		return err
	}
	env.Defer(recorder.Close)
	env.Setenv("RECORDER", recorder.URL)
	for _, l := range d.Tokens() {
		if l.ChainID == d.Networks()[0].ChainID {
			env.Setenv(l.Symbol, l.Address.Hex())
		}
	}
	for i, acc := range d.Accounts() {
		env.Setenv(fmt.Sprintf("ACCOUNT%d", i), acc.Address.Hex())
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "key"), []byte(d.Accounts()[0].Key), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "password"), []byte(demoPassword+"\n"), 0o600)
}

// person runs keymaker in a terminal of its own, and answers its prompts as a person would: it types the word that signs, and
// the password. person -no answers no instead, person -wrong types wrong passwords, person -keys=TEXT types TEXT and a return
// before anything is asked, person -narrow has a terminal of 20 columns.
func person(ts *testscript.TestScript, neg bool, args []string) {
	var out bytes.Buffer
	p := &typist{out: &out, password: demoPassword, pause: 20 * time.Millisecond}
	for len(args) > 0 && strings.HasPrefix(args[0], "-") {
		switch flag := args[0]; {
		case flag == "-no":
			p.declines = true
		case flag == "-narrow":
			p.columns = 20
		case flag == "-wrong":
			p.password = "not the password"
		case strings.HasPrefix(flag, "-keys="):
			p.eager = strings.TrimPrefix(flag, "-keys=") + "\n"
		default:
			ts.Fatalf("person: unknown flag %s", flag)
		}
		args = args[1:]
	}
	path, err := lookPath(ts, args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.Getenv("WORK")
	for _, name := range []string{"PATH", "HOME", "KEYMAKER_HOME", "XDG_CACHE_HOME", "TERM", killAt} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	err = p.run(cmd)
	ts.Logf("%s", out.String())
	ts.Check(os.WriteFile(ts.MkAbs("screen"), out.Bytes(), 0o600))
	if (err != nil) != neg {
		ts.Fatalf("person %s: %v", strings.Join(args, " "), err)
	}
	if err != nil {
		ts.Setenv("CODE", fmt.Sprint(cmd.ProcessState.ExitCode()))
	}
}

func lookPath(ts *testscript.TestScript, name string) (string, error) {
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", exec.ErrNotFound
}

// field checks that some line of the last standard output is a JSON object with this value at this path: field tx.state mined.
func field(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: field PATH VALUE")
	}
	found := false
	for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n") {
		var object any
		if err := json.Unmarshal([]byte(line), &object); err != nil {
			ts.Fatalf("not a line of JSON: %q", line)
		}
		for _, key := range strings.Split(args[0], ".") {
			m, _ := object.(map[string]any)
			object = m[key]
		}
		found = found || fmt.Sprint(object) == args[1]
	}
	if found == neg {
		ts.Fatalf("field %s: no line with %q", args[0], args[1])
	}
}

// code runs keymaker without a terminal and checks its exit code: code 5 keymaker run "…".
func code(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: code N keymaker ARGS")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	}
	if fmt.Sprint(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

func openDatabase(ts *testscript.TestScript) *database.DB {
	db, err := database.Open("sqlite3", ts.MkAbs("home/data/keymaker.db"))
	ts.Check(err)
	return db
}

// sql runs a statement on the database: sql 'delete from …'.
func sql(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sql STATEMENT")
	}
	db := openDatabase(ts)
	defer db.Close()
	_, err := db.Exec(args[0])
	ts.Check(err)
}

// lock writes to the database, and goes on writing until the command after it has ended: lock code 1 keymaker …
func lock(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || args[0] != "code" {
		ts.Fatalf("usage: lock code N keymaker ARGS")
	}
	db := openDatabase(ts)
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, err := db.Exec("begin immediate")
	ts.Check(err)
	code(ts, false, args[1:])
	_, err = db.Exec("rollback")
	ts.Check(err)
}
