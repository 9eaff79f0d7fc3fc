package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/creack/pty"

	"github.com/keymaker-agent/keymaker/chain/devnet/devnettest"
)

// From the start of the process to the first frame of the terminal UI, with a wallet and a network behind it.
func BenchmarkStartToFirstFrame(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "keymaker")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	d := devnettest.Start(b)
	home := b.TempDir()
	key := filepath.Join(home, "key")
	password := filepath.Join(home, "password")
	for path, text := range map[string]string{key: d.Accounts()[0].Key, password: demoPassword} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	made := exec.Command(binary, "--home", home, "init", "--no-input", "--network", "devnet", "--import", key, "--throwaway",
		"--password-file", password, "--rpc", "devnet="+d.Networks()[0].RPC[0])
	if out, err := made.CombinedOutput(); err != nil {
		b.Fatalf("init: %v\n%s", err, out)
	}
	for b.Loop() {
		firstFrame(b, exec.Command(binary, "--home", home))
	}
}

func firstFrame(b *testing.B, cmd *exec.Cmd) {
	cmd.Env = append(os.Environ(), "TERM=xterm-256color")
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		b.Fatal(err)
	}
	defer tty.Close()
	var seen bytes.Buffer
	buf := make([]byte, 4096)
	for !bytes.Contains(seen.Bytes(), []byte("Say what you want")) {
		n, err := tty.Read(buf)
		if err != nil {
			b.Fatalf("the screen ended: %v\n%s", err, seen.Bytes())
		}
		seen.Write(buf[:n])
	}
	b.StopTimer()
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	b.StartTimer()
}
