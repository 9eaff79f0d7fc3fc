package contribution_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/contribution"
)

var (
	alice = common.HexToAddress("0x00000000000000000000000000000000000A11CE")
	bob   = common.HexToAddress("0x0000000000000000000000000000000000000B0B")
)

const written = "1790000000" // the time that every commit and tag here claims

// workshop is a repository that real git keeps, and keys that real ssh-keygen made.
type workshop struct {
	testing.TB
	dir, repo string
}

func newWorkshop(tb testing.TB, format string) *workshop {
	tb.Helper()
	for tool, from := range map[string]string{"git": "git", "ssh-keygen": "openssh-client"} {
		if _, err := exec.LookPath(tool); err != nil {
			tb.Fatalf("these tests need %s; get it with: apt-get install %s", tool, from)
		}
	}
	w := &workshop{tb, tb.TempDir(), ""}
	w.repo = filepath.Join(w.dir, "tools")
	w.run(w.dir, "git", "init", "-q", "-b", "main", "--object-format="+format, w.repo)
	w.keygen("alice", "ed25519")
	return w
}

// run runs a program with a home of its own, and returns what it prints.
func (w *workshop) run(dir string, args ...string) string {
	w.Helper()
	out, err := w.try(dir, "", args...)
	if err != nil {
		w.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func (w *workshop) try(dir, input string, args ...string) (string, error) {
	w.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader(input)
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + w.dir, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.org", "GIT_AUTHOR_DATE=1700000000 +0200",
		"GIT_COMMITTER_NAME=C", "GIT_COMMITTER_EMAIL=c@example.org", "GIT_COMMITTER_DATE=" + written + " -0700",
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	out, err := cmd.Output()
	return strings.TrimSuffix(string(out), "\n") + problems.String(), err
}

func (w *workshop) git(args ...string) string {
	w.Helper()
	return w.run(w.repo, append([]string{"git"}, args...)...)
}

// signs is what makes git sign with a key.
func (w *workshop) signs(who string) []string {
	return []string{"-c", "gpg.format=ssh", "-c", "user.signingkey=" + filepath.Join(w.dir, who)}
}

// commit makes a commit that somebody signed, and returns its id.
func (w *workshop) commit(who, message string, more ...string) string {
	w.Helper()
	w.git(append(append(w.signs(who), "commit", "-q", "-S", "--allow-empty", "-m", message), more...)...)
	return w.git("rev-parse", "HEAD")
}

// store writes an object as it is given, whether git likes it or not, and returns its id.
func (w *workshop) store(kind, content string) string {
	w.Helper()
	out, err := w.try(w.repo, content, "git", "hash-object", "-t", kind, "-w", "--literally", "--stdin")
	if err != nil {
		w.Fatal(err, out)
	}
	return out
}

// content is an object's bytes. What run trims is there again.
func (w *workshop) content(kind, id string) string {
	w.Helper()
	return w.git("cat-file", kind, id) + "\n"
}

func (w *workshop) keygen(who, kind string, more ...string) {
	w.Helper()
	w.run(w.dir, append([]string{"ssh-keygen", "-q", "-t", kind, "-N", "", "-C", who, "-f", filepath.Join(w.dir, who)}, more...)...)
}

func (w *workshop) public(who string) string {
	w.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, who+".pub"))
	if err != nil {
		w.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// known is the list of contributors: whoever is named, with an address.
func (w *workshop) known(who string, address common.Address) contribution.Contributors {
	w.Helper()
	c, err := contribution.NewContributors(contribution.Contributor{Key: w.public(who), Address: address})
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// find asks for a contribution of the repository.
func (w *workshop) find(name string, by contribution.Contributors) (contribution.Contribution, error) {
	w.Helper()
	r, err := contribution.Open(w.repo, "")
	if err != nil {
		w.Fatal(err)
	}
	return contribution.Find(w.Context(), r, name, by)
}

func (w *workshop) finds(name string, by contribution.Contributors) contribution.Contribution {
	w.Helper()
	c, err := w.find(name, by)
	if err != nil {
		w.Fatalf("%s: %v", name, err)
	}
	return c
}

func (w *workshop) refuses(name string, by contribution.Contributors, why refusal.Reason, says string) {
	w.Helper()
	c, err := w.find(name, by)
	if c != (contribution.Contribution{}) || !refusal.Is(err, why) || !strings.Contains(err.Error(), says) {
		w.Errorf("%s gives %+v and %v, want %s: …%s…", name, c, err, why, says)
	}
}
