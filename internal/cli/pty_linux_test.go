package cli_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"unsafe"

	"github.com/keymaker-agent/keymaker/internal/cli"
	"github.com/keymaker-agent/keymaker/internal/cli/clitest"
	"github.com/keymaker-agent/keymaker/refusal"
)

// openTerminal returns both ends of a new terminal: what a person holds, and what the program reads.
func openTerminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	var number, unlock int32
	ioctl(t, person, syscall.TIOCSPTLCK, &unlock)
	ioctl(t, person, syscall.TIOCGPTN, &number)
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

func ioctl(t *testing.T, f *os.File, request uintptr, v *int32) {
	t.Helper()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(v))); errno != 0 {
		t.Fatalf("ioctl: %v", errno)
	}
}

func echoes(t *testing.T, terminal *os.File) bool {
	t.Helper()
	var state syscall.Termios
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, terminal.Fd(), syscall.TCGETS, uintptr(unsafe.Pointer(&state))); errno != 0 {
		t.Errorf("ioctl: %v", errno)
	}
	return state.Lflag&syscall.ECHO != 0
}

// onTerminal is a plain front whose input is the terminal.
func onTerminal(program *os.File) *cli.Plain {
	s, _, _ := cli.Buffers(program)
	return &cli.Plain{Streams: s.Terminal(80), Names: clitest.Names(), Now: atStart}
}

func TestAPasswordIsReadWithoutAnEcho(t *testing.T) {
	person, program := openTerminal(t)
	typed := make(chan string, 1)
	go func() {
		r := bufio.NewReader(person)
		prompt, _ := r.ReadString(':')
		if echoes(t, program) {
			t.Error("the prompt appears while the terminal still shows what is typed")
		}
		fmt.Fprint(person, "hunter2\n")
		after, _ := r.ReadString('\n')
		typed <- prompt + after
	}()
	secret, err := onTerminal(program).Password(t.Context(), clitest.Account, 1)
	if err != nil || string(secret) != "hunter2" {
		t.Fatalf("%q, %v", secret, err)
	}
	if seen := <-typed; strings.Contains(seen, "hunter2") || !strings.Contains(seen, clitest.Account.Hex()) {
		t.Errorf("the terminal showed %q", seen)
	}
}

func TestAStoppedPasswordPromptGivesTheTerminalBack(t *testing.T) {
	person, program := openTerminal(t)
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		r := bufio.NewReader(person)
		_, _ = r.ReadString(':')
		stop()
	}()
	if _, err := onTerminal(program).Password(ctx, clitest.Account, 1); !refusal.Is(err, refusal.Interrupted) {
		t.Fatalf("got %v", err)
	}
	if !echoes(t, program) {
		t.Error("the terminal still swallows what is typed")
	}
}

func TestKeysTypedBeforeTheDigestWasShownSignNothing(t *testing.T) {
	person, program := openTerminal(t)
	fmt.Fprint(person, "y\nyes\n\n")
	if a, err := onTerminal(program).Approve(t.Context(), clitest.Swap()); !refusal.Is(err, refusal.Declined) {
		t.Errorf("%+v, %v", a, err)
	}
}
