package contribution

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	largestObject = 1 << 20 // bytes of a commit or a tag: git's own largest are some 50 kB
	largestError  = 4 << 10
)

var (
	// nameForm is what a ledger can hold of a repository.
	nameForm = regexp.MustCompile(`^[a-z0-9._:/-]{1,64}$`)
	// revisionForm is a name on one line that git can take for nothing but one.
	revisionForm = regexp.MustCompile(`^[!-~]{1,250}$`)
)

// Repository is a git repository on this machine. It is only read: git gives an object's bytes, and is asked for no verdict on them.
type Repository struct {
	Name string
	path string
}

// Open takes the top folder of a repository, bare or not. Without a name it is called as its folder is, in small letters.
func Open(path, name string) (*Repository, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, refusal.New(refusal.NoRepository, "%q", path).Because(err)
	}
	if resolved, err := filepath.EvalSymlinks(full); err == nil {
		full = resolved
	}
	if strings.ContainsRune(full, os.PathListSeparator) { // git would look for a repository in the folders around it
		return nil, refusal.New(refusal.NoRepository, "the path %q has a %c in it", full, os.PathListSeparator).WithHint("move the repository")
	}
	if name == "" {
		name = strings.TrimSuffix(strings.ToLower(filepath.Base(full)), ".git")
	}
	if !nameForm.MatchString(name) {
		return nil, refusal.New(refusal.Usage, "a ledger can't hold the repository's name %.70q", name).
			WithHint("choose one with --name: 1 to 64 small letters, digits, and . _ : / -")
	}
	return &Repository{name, full}, nil
}

// Object asks git cat-file for an object. Its arguments are always the same, the name goes to its input, and no more than an object's
// largest size is read. It is refused with NoRepository or NoContribution; the id is not checked yet.
func (r *Repository) Object(ctx context.Context, name string) (Object, error) {
	if !revisionForm.MatchString(name) {
		return Object{}, refusal.New(refusal.NoContribution, "%.80q is no name of a commit or a tag", name)
	}
	running, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(running, "git", "--no-replace-objects", "cat-file", "--batch")
	cmd.Dir, cmd.Env = r.path, r.environment()
	cmd.Stdin = strings.NewReader(name + "\n")
	said := &firstBytes{left: largestError}
	cmd.Stderr = said
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return Object{}, refusal.New(refusal.NoRepository, "%s can't be read", r.path).Because(err)
	}
	o, err := readObject(bufio.NewReader(out), name)
	if err != nil {
		stop() // it may have more to say than is read
	}
	ended := cmd.Wait()
	if err != nil && ctx.Err() != nil {
		return Object{}, ctx.Err()
	}
	if errors.Is(err, errNothing) {
		return Object{}, refusal.New(refusal.NoRepository, "git reads nothing in %s: %s", r.path, said.line()).Because(ended)
	}
	return o, err
}

// environment leaves out what would point git elsewhere, and keeps it from fetching what a partial clone lacks: the folder's own
// configuration could name any program for that.
func (r *Repository) environment() []string {
	env := []string{
		"GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C",
		"GIT_CEILING_DIRECTORIES=" + filepath.Dir(r.path), // the folder itself, not one that it lies in
	}
	for _, name := range []string{"PATH", "HOME", "XDG_CONFIG_HOME"} { // safe.directory is in the user's configuration
		if value, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+value)
		}
	}
	return env
}

var errNothing = errors.New("git says nothing")

// readObject reads "<id> <kind> <size>\n<content>\n", or "<name> missing\n".
func readObject(r *bufio.Reader, name string) (Object, error) {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return Object{}, errNothing
	}
	words := strings.Fields(string(line))
	if len(words) == 2 {
		return Object{}, refusal.New(refusal.NoContribution, "the repository has no single object %q: %.20s", name, words[1])
	}
	if len(words) != 3 || !idForm.MatchString(words[0]) {
		return Object{}, refusal.New(refusal.NoRepository, "git answers %.120q, which is no object", line)
	}
	o := Object{ID: ID(words[0]), Kind: words[1]}
	if o.Kind != kindCommit && o.Kind != kindTag {
		return o, refusal.New(refusal.NoContribution, "%q is a %.10s, neither a commit nor an annotated tag", name, o.Kind)
	}
	size, err := strconv.ParseUint(words[2], 10, 63)
	if err != nil || size > largestObject {
		return o, refusal.New(refusal.BrokenObject, "%s %s has %.20s bytes; %d are read at most", o.Kind, o.ID, words[2], largestObject)
	}
	o.Content = make([]byte, size)
	if _, err := io.ReadFull(r, o.Content); err != nil {
		return o, refusal.New(refusal.BrokenObject, "%s %s ends before its %d bytes", o.Kind, o.ID, size)
	}
	return o, nil
}

// firstBytes keeps the beginning of what is written to it.
type firstBytes struct {
	bytes.Buffer
	left int
}

func (f *firstBytes) Write(p []byte) (int, error) {
	keep := p[:min(len(p), f.left)]
	f.left -= len(keep)
	f.Buffer.Write(keep)
	return len(p), nil
}

// line is the first line, as it may be shown.
func (f *firstBytes) line() string {
	first, _, _ := strings.Cut(strings.TrimSpace(f.String()), "\n")
	return fmt.Sprintf("%.200q", first)
}
