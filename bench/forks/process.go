package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	wordsKept   = 1 << 10         // bytes of a tool's last words, for an error
	endPatience = 5 * time.Second // after which its pipes are closed
)

// process is one running tool. It ends with its context at the latest.
type process struct {
	cmd   *exec.Cmd
	words *lastWords
	ended chan struct{}
}

func startProcess(ctx context.Context, dir string, env []string, argv ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), words: new(lastWords), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env, p.cmd.WaitDelay = dir, env, endPatience
	p.cmd.Stdout, p.cmd.Stderr = p.words, p.words
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		p.cmd.Wait() //nolint:errcheck // it is killed: how it ended says nothing
	}()
	return p, nil
}

// stop kills the process, and returns the processor time that it took.
func (p *process) stop() (time.Duration, error) {
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return 0, err
	}
	<-p.ended
	return p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime(), nil
}

// remember adds the memory of the process to the figures.
func (p *process) remember(f figures) error {
	status, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return err
	}
	defer status.Close()
	return memoryIn(status, f)
}

// memoryIn reads the text that the kernel tells of a process.
func memoryIn(status io.Reader, f figures) error {
	wanted := map[string]metric{"VmRSS": memory, "VmHWM": peak, "RssAnon": private}
	lines := bufio.NewScanner(status)
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), ":")
		m, ok := wanted[name]
		if !ok {
			continue
		}
		kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 64)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		f[m] = kib / 1024
		delete(wanted, name)
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if len(wanted) > 0 {
		return errors.New("the kernel does not tell the memory of the process")
	}
	return nil
}

// freePort is a loopback port that was free a moment ago. It lies below those that the kernel gives to connections and to who asks for
// any port, so that few others want it meanwhile.
func freePort() (port int, err error) {
	const least, most, tries = 20_000, 32_000, 100
	for range tries {
		port = least + rand.IntN(most-least)
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return port, l.Close()
		}
	}
	return 0, fmt.Errorf("find a free port: %w", err)
}

// lastWords keeps the end of what is written to it.
type lastWords struct {
	mu   sync.Mutex
	kept []byte
}

func (w *lastWords) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.kept = append(w.kept, p...)
	if over := len(w.kept) - wordsKept; over > 0 {
		w.kept = append(w.kept[:0], w.kept[over:]...)
	}
	return len(p), nil
}

func (w *lastWords) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.TrimSpace(string(w.kept))
}
