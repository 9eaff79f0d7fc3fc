package contribution_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/contribution"
)

var formats = []string{"sha1", "sha256"}

func TestACommitIsTheContributorsWhoseKeySignedIt(t *testing.T) {
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			w := newWorkshop(t, format)
			id := w.commit("alice", "first\n\nwith a body\n\n-----BEGIN SSH SIGNATURE-----\nthat is none")
			got := w.finds(id, w.known("alice", alice))
			want := contribution.Contribution{
				Repository: "tools", Commit: contribution.ID(id), Address: alice, Time: 1790000000,
				Fingerprint: strings.Fields(w.run(w.dir, "ssh-keygen", "-l", "-f", "alice.pub"))[1], Signed: got.Signed,
			}
			if got != want || got.Signed == [32]byte{} {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if by := w.finds("main", w.known("alice", bob)); by.Commit != got.Commit || by.Address != bob {
				t.Errorf("by the branch's name it is %+v", by)
			}
		})
	}
}

func TestAReleaseIsTheContributorsWhoseKeySignedTheTag(t *testing.T) {
	for _, format := range formats {
		t.Run(format, func(t *testing.T) {
			w := newWorkshop(t, format)
			w.keygen("bob", "ed25519")
			id := w.commit("bob", "work of somebody else")
			w.git(append(w.signs("alice"), "tag", "-s", "v1.0", "-m", "the first\n\n-----BEGIN PGP SIGNATURE-----\nnone, but git looks for the last one")...)
			got := w.finds("v1.0", w.known("alice", alice))
			if got.Commit != contribution.ID(id) || got.Tag != "v1.0" || got.Address != alice || got.Time != 1790000000 || got.Merge {
				t.Errorf("got %+v", got)
			}
			if again := w.finds(w.git("rev-parse", "v1.0"), w.known("alice", alice)); again != got {
				t.Errorf("by its id it is %+v", again)
			}
			if commit := w.finds(id, w.known("bob", bob)); commit.Address != bob || commit.Tag != "" || commit.Signed == got.Signed {
				t.Errorf("the commit itself is %+v", commit)
			}
		})
	}
}

func TestEachKindOfKeySigns(t *testing.T) {
	w := newWorkshop(t, "sha1")
	w.keygen("ecdsa", "ecdsa", "-b", "256")
	w.keygen("rsa", "rsa", "-b", "2048")
	for _, who := range []string{"alice", "ecdsa", "rsa"} {
		if got := w.finds(w.commit(who, "by "+who), w.known(who, bob)); got.Address != bob {
			t.Errorf("%s: %+v", who, got)
		}
	}
}

func TestOtherKindsOfSignaturesAreRefusedByName(t *testing.T) {
	w := newWorkshop(t, "sha1")
	by := w.known("alice", alice)
	w.keygen("p384", "ecdsa", "-b", "384")
	w.keygen("weak", "rsa", "-b", "1024")
	w.refuses(w.commit("p384", "x"), by, refusal.SignatureKind, "ecdsa-sha2-nistp384")
	w.refuses(w.commit("weak", "x"), by, refusal.SignatureKind, "1024 bits")

	plain := w.content("commit", w.git("commit-tree", "-m", "x", w.git("write-tree")))
	signed := func(value string) string {
		head, body, _ := strings.Cut(plain, "\n\n")
		return w.store("commit", head+"\ngpgsig "+value+"\n\n"+body)
	}
	w.refuses(signed("-----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----"), by, refusal.SignatureKind, "OpenPGP")
	w.refuses(signed("-----BEGIN SIGNED MESSAGE-----\n MII=\n -----END SIGNED MESSAGE-----"), by, refusal.SignatureKind, "X.509")
	w.refuses(signed("junk"), by, refusal.BadSignature, "no signature")
	w.refuses(signed(""), by, refusal.BadSignature, "no signature")
	w.refuses(signed("-----BEGIN SSH SIGNATURE-----"), by, refusal.BadSignature, "does not end")
	w.refuses(signed("-----BEGIN SSH SIGNATURE-----\n -----END SSH SIGNATURE-----"), by, refusal.BadSignature, "does not end")
	w.refuses(signed("-----BEGIN SSH SIGNATURE-----\n ????\n -----END SSH SIGNATURE-----"), by, refusal.BadSignature, "base64")
	w.refuses(signed("-----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----"), by, refusal.BadSignature, "none of SSH's")
	w.refuses(signed("-----BEGIN SSH SIGNATURE-----\n "+strings.Repeat("A", 20000)+"\n -----END SSH SIGNATURE-----"), by, refusal.BadSignature, "more than 16384")
	head, body, _ := strings.Cut(plain, "\n\n")
	w.refuses(w.store("commit", head+"\ngpgsig\n\n"+body), by, refusal.BadSignature, "nobody signs it")
}

func TestAMergeIsOne(t *testing.T) {
	w := newWorkshop(t, "sha1")
	w.commit("alice", "first")
	w.git("checkout", "-q", "-b", "side")
	w.commit("alice", "side")
	w.git(append(w.signs("alice"), "tag", "-s", "signed-side", "-m", "merging this leaves its text in the merge")...)
	w.git("checkout", "-q", "main")
	w.commit("alice", "second")
	w.git(append(w.signs("alice"), "merge", "-q", "--no-ff", "-S", "-m", "merge", "signed-side")...)
	merge := w.git("rev-parse", "HEAD")
	if text := w.content("commit", merge); !strings.Contains(text, "\nmergetag object ") || !strings.Contains(text, "\n -----BEGIN SSH SIGNATURE-----") {
		t.Fatalf("the merge does not hold the tag:\n%s", text)
	}
	by := w.known("alice", alice)
	if !w.finds(merge, by).Merge || w.finds(merge+"^", by).Merge {
		t.Error("a merge is told from other commits by its parents")
	}
	w.git(append(w.signs("alice"), "tag", "-s", "v2", "-m", "of a merge")...)
	if !w.finds("v2", by).Merge {
		t.Error("a release of a merge is one")
	}
}

// Each row is a change to a signed commit, stored under its own id: all but the signature is as git would have it.
func TestAChangedCommitIsNobodys(t *testing.T) {
	for _, format := range formats {
		w := newWorkshop(t, format)
		w.keygen("bob", "ed25519")
		w.git("commit", "-q", "--allow-empty", "-m", "root")
		other := w.content("commit", w.commit("alice", "another"))
		if err := os.WriteFile(filepath.Join(w.repo, "file"), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		w.git("add", "file")
		content := w.content("commit", w.commit("alice", "to be changed"))
		tree := strings.Fields(content)[1]
		empty := w.run(w.repo, "git", "hash-object", "-t", "tree", "-w", "/dev/null")
		swap := func(old, new string) string {
			if !strings.Contains(content, old) {
				t.Fatalf("the commit has no %q", old)
			}
			return strings.Replace(content, old, new, 1)
		}
		signature := func(c string) string {
			from := strings.Index(c, "\ngpgsig")
			return c[from : strings.Index(c, "\n -----END SSH SIGNATURE-----")+len("\n -----END SSH SIGNATURE-----")]
		}
		by := w.known("alice", alice)
		for _, c := range []struct {
			name, content string
			why           refusal.Reason
			says          string
		}{
			{"message", swap("to be changed", "is changed"), refusal.BadSignature, "of something else"},
			{"a line feed more", content + "\n", refusal.BadSignature, "of something else"},
			{"tree", swap(tree, empty), refusal.BadSignature, "of something else"},
			{"parent", swap("\nparent ", "\nparent "+tree+"\nparent "), refusal.BadSignature, "of something else"},
			{"author", swap("author A", "author B"), refusal.BadSignature, "of something else"},
			{"time", swap(written, "1790000001"), refusal.BadSignature, "of something else"},
			{"signature of another commit", swap(signature(content), signature(other)), refusal.BadSignature, "of something else"},
			{"cut short", swap(signature(content)[150:], "\n -----END SSH SIGNATURE-----"), refusal.BadSignature, "signature"},
			{"without its end", swap("\n -----END SSH SIGNATURE-----", ""), refusal.BadSignature, "does not end"},
			{"something after its end", swap("-----END SSH SIGNATURE-----", "-----END SSH SIGNATURE-----\n more"), refusal.BadSignature, "something follows"},
			{"two signatures", swap(signature(content), signature(other)+signature(content)), refusal.BadSignature, "nobody signs it"},
			{"a header that git would not verify", swap("\ngpgsig", "\ngpgsig-x unsigned\ngpgsig"), refusal.BadSignature, "nobody signs it"},
			{"carriage returns", swap("\n -----END", "\r\n -----END"), refusal.BadSignature, "line ends"},
			{"no signature", swap(signature(content), ""), refusal.Unsigned, "no signature"},
			{"no author", swap("author A", "writer A"), refusal.BrokenObject, "author is missing"},
			{"two trees", swap("\nauthor", "\ntree "+tree+"\nauthor"), refusal.BrokenObject, "author is missing"},
			{"two committers", swap("\ngpgsig", "\ncommitter A <a> 1 +0000\ngpgsig"), refusal.BrokenObject, "committer stands twice"},
			{"a line between", swap("\nauthor", "\n more\nauthor"), refusal.BrokenObject, "author is missing"},
			{"a short tree", swap(tree, tree[1:]), refusal.BrokenObject, "no id"},
			{"no time", swap(written, "someday"), refusal.BrokenObject, "no name, address and time"},
			{"a time after all times", swap(written, "999999999999"), refusal.BrokenObject, "year 9999"},
			{"no message and no line for it", strings.SplitN(content, "\n\n", 2)[0], refusal.BrokenObject, "no empty line"},
			{"nothing", "", refusal.BrokenObject, "no empty line"},
			{"too large", content + strings.Repeat("x", 1<<20), refusal.BrokenObject, "1048576 are read at most"},
		} {
			t.Run(format+" "+c.name, func(t *testing.T) {
				w := *w
				w.TB = t
				w.refuses(w.store("commit", c.content), by, c.why, c.says)
			})
		}
		w.finds(w.store("commit", content), by) // unchanged, the same way
		w.refuses(w.commit("bob", "not listed"), by, refusal.UnlistedKey, "no contributor has")
		w.refuses(w.store("commit", content), contribution.Contributors{}, refusal.UnlistedKey, "no contributor has")
		w.refuses("HEAD~3", by, refusal.Unsigned, "no signature")
	}
}

func TestAChangedReleaseIsNobodys(t *testing.T) {
	w := newWorkshop(t, "sha1")
	first, second := w.commit("alice", "first"), w.commit("alice", "second")
	w.git(append(w.signs("alice"), "tag", "-s", "v1", "-m", "release")...)
	w.git("tag", "-a", "bare", "-m", "nobody signed this")
	w.git("tag", "light")
	w.git(append(w.signs("alice"), "tag", "-s", "of-tree", "HEAD^{tree}", "-m", "no commit")...)
	w.git(append(w.signs("alice"), "tag", "-s", "of-tag", "v1", "-m", "no commit")...)
	content := w.content("tag", "v1")
	by := w.known("alice", alice)
	swap := func(old, new string) string {
		if !strings.Contains(content, old) {
			t.Fatalf("the tag has no %q", old)
		}
		return w.store("tag", strings.Replace(content, old, new, 1))
	}
	w.finds(w.store("tag", content), by)
	w.refuses(swap(second, first), by, refusal.BadSignature, "of something else")
	w.refuses(swap("tag v1", "tag v2"), by, refusal.BadSignature, "of something else")
	w.refuses(swap("release", "rel ease"), by, refusal.BadSignature, "of something else")
	w.refuses(w.store("tag", content+"more\n"), by, refusal.BadSignature, "something follows")
	w.refuses(swap("tag v1", "tag v\u202e1"), by, refusal.BrokenObject, "can't be shown")
	w.refuses(swap("\n\n", "\ngpgsig-sha256 x\n\n"), by, refusal.BrokenObject, "unknown in a tag")
	w.refuses(swap("object "+second, "object "+strings.Repeat("0", 40)), by, refusal.NoContribution, "missing")
	w.refuses(swap("tagger", "author"), by, refusal.BrokenObject, "tagger is missing")
	w.refuses(swap("object "+second, "object "+w.git("rev-parse", "HEAD^{tree}")), by, refusal.NoContribution, "is a tree")
	w.refuses("bare", by, refusal.Unsigned, "no signature")
	w.refuses("of-tree", by, refusal.NoContribution, "tag of a \"tree\"")
	w.refuses("of-tag", by, refusal.NoContribution, "tag of a \"tag\"")
	if got := w.finds("light", by); got.Tag != "" || got.Commit != contribution.ID(second) {
		t.Errorf("a tag that is only a name is its commit: %+v", got)
	}
}

// A signature that a key made for something else than git, and one whose key was exchanged for a listed one.
func TestASignatureForAnotherPurposeOrOfAForeignKeyIsNone(t *testing.T) {
	w := newWorkshop(t, "sha1")
	w.keygen("bob", "ed25519")
	by := w.known("alice", alice)
	plain := w.content("commit", w.git("commit-tree", "-m", "x", w.git("write-tree")))
	sign := func(who, namespace string, more ...string) string {
		args := append([]string{"ssh-keygen", "-Y", "sign", "-q", "-n", namespace, "-f", filepath.Join(w.dir, who)}, more...)
		out, err := w.try(w.dir, plain, args...)
		if err != nil {
			t.Fatal(err, out)
		}
		return out
	}
	put := func(signature string) string {
		head, body, _ := strings.Cut(plain, "\n\n")
		return w.store("commit", head+"\ngpgsig "+strings.ReplaceAll(strings.TrimSpace(signature), "\n", "\n ")+"\n\n"+body)
	}
	w.finds(put(sign("alice", "git")), by)
	w.finds(put(sign("alice", "git", "-O", "hashalg=sha256")), by)
	w.refuses(put(sign("alice", "file")), by, refusal.BadSignature, `for "file", not for git`)
	w.refuses(put(sign("bob", "git")), by, refusal.UnlistedKey, "no contributor has")
	swapped, err := contribution.WithKeyOf(sign("bob", "git"), w.public("alice"))
	if err != nil {
		t.Fatal(err)
	}
	w.refuses(put(swapped), by, refusal.BadSignature, "of something else")
}

// Whatever git's own verifier says no to, this package says no to: it may only be stricter.
func TestNothingIsTakenThatGitDoesNotVerify(t *testing.T) {
	w := newWorkshop(t, "sha1")
	signers := filepath.Join(w.dir, "signers")
	if err := os.WriteFile(signers, []byte("alice "+w.public("alice")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	content := w.content("commit", w.commit("alice", "to be changed\n\nby one byte at a time"))
	by := w.known("alice", alice)
	agreed := 0
	for at := 0; at < len(content); at += 13 {
		changed := []byte(content)
		changed[at] ^= 1 << (at % 3)
		id := w.store("commit", string(changed))
		_, ours := w.find(id, by)
		said, theirs := w.try(w.repo, "", "git", "-c", "gpg.format=ssh", "-c", "gpg.ssh.allowedSignersFile="+signers, "verify-commit", id)
		if ours == nil && theirs != nil {
			t.Errorf("byte %d: git says %s", at, said)
		}
		if ours != nil && theirs != nil {
			agreed++
		}
	}
	if agreed < 20 {
		t.Errorf("%d changes are refused by both: too few to say anything", agreed)
	}
}

// Bytes around a signature are signed by nobody: the object has another id, and is the same contribution.
func TestOneContributionHasManyIDsAndOneDigest(t *testing.T) {
	w := newWorkshop(t, "sha1")
	id := w.commit("alice", "once")
	content := w.content("commit", id)
	at := strings.Index(content, "gpgsig -----BEGIN SSH SIGNATURE-----\n ") + len("gpgsig -----BEGIN SSH SIGNATURE-----\n ") + 10
	twin := w.store("commit", content[:at]+"\n "+content[at:])
	by := w.known("alice", alice)
	a, b := w.finds(id, by), w.finds(twin, by)
	if a.Commit == b.Commit || a.Signed != b.Signed {
		t.Errorf("%s and %s, signed %x and %x", a.Commit, b.Commit, a.Signed, b.Signed)
	}
}

func TestAnObjectThatIsNotWhatItsNameSaysIsBroken(t *testing.T) {
	w := newWorkshop(t, "sha1")
	by := w.known("alice", alice)
	good, other := w.commit("alice", "good"), w.commit("alice", "other")
	file := func(id string) string { return filepath.Join(w.repo, ".git", "objects", id[:2], id[2:]) }
	text, err := os.ReadFile(file(other))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file(good)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file(good), text, 0o600); err != nil {
		t.Fatal(err)
	}
	w.refuses(good, by, refusal.BrokenObject, "its content has the id "+other)
	if err := os.WriteFile(file(good), text[:len(text)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := w.find(good, by); err == nil {
		t.Error("a file that is cut off is taken")
	}

	// git would show another commit in the place of one that is replaced.
	w.git("replace", other, w.commit("alice", "instead"))
	if got := w.finds(other, by); got.Commit != contribution.ID(other) {
		t.Errorf("the replacement is taken: %+v", got)
	}
}

func TestWhatIsNoCommitOrNoRepositoryIsRefused(t *testing.T) {
	w := newWorkshop(t, "sha1")
	by := w.known("alice", alice)
	w.commit("alice", "one")
	w.commit("alice", "two")
	w.refuses("HEAD^{tree}", by, refusal.NoContribution, "is a tree")
	w.refuses("nowhere", by, refusal.NoContribution, "missing")
	w.refuses(strings.Repeat("a", 40), by, refusal.NoContribution, "missing")
	for _, name := range []string{"", "two words", "HEAD\nHEAD", "\x00", "ä", strings.Repeat("a", 251)} {
		w.refuses(name, by, refusal.NoContribution, "no name of a commit")
	}
	for _, name := range []string{"--help", "-x"} {
		w.refuses(name, by, refusal.NoContribution, "missing")
	}

	sub := filepath.Join(w.repo, "sub")
	if err := os.Mkdir(sub, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{sub, w.dir, filepath.Join(w.dir, "absent"), filepath.Join(w.dir, "alice")} {
		r, err := contribution.Open(path, "x")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := contribution.Find(t.Context(), r, "HEAD", by); !refusal.Is(err, refusal.NoRepository) {
			t.Errorf("%s: %v", path, err)
		}
	}

	bare := filepath.Join(w.dir, "Bare.git")
	w.run(w.dir, "git", "clone", "-q", "--bare", w.repo, bare)
	r, err := contribution.Open(bare, "")
	if err != nil || r.Name != "bare" {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := contribution.Find(t.Context(), r, "HEAD", by); err != nil {
		t.Errorf("a bare repository, packed: %v", err)
	}
	if _, err := contribution.Open(bare, "Some Name"); !refusal.Is(err, refusal.Usage) {
		t.Errorf("a name that no ledger holds: %v", err)
	}
	if _, err := contribution.Open(filepath.Join(w.dir, "a:b"), "x"); !refusal.Is(err, refusal.NoRepository) {
		t.Errorf("a path that git takes for two: %v", err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := contribution.Find(stopped, r, "HEAD", by); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
}

// A partial clone fetches what it lacks with whatever program its configuration names.
func TestReadingARepositoryRunsNothingThatItNames(t *testing.T) {
	w := newWorkshop(t, "sha1")
	ran := filepath.Join(w.dir, "ran")
	w.git("config", "core.repositoryFormatVersion", "1")
	w.git("config", "extensions.partialClone", "origin")
	w.git("config", "remote.origin.promisor", "true")
	w.git("config", "remote.origin.url", w.dir)
	w.git("config", "remote.origin.uploadpack", "touch "+ran+"; false")
	w.git("config", "core.fsmonitor", "touch "+ran)
	w.git("config", "protocol.file.allow", "always")
	if _, err := w.find(strings.Repeat("a", 40), w.known("alice", alice)); err == nil {
		t.Error("a missing object is found")
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("the repository's own program ran")
	}
	if out, err := w.try(w.repo, strings.Repeat("a", 40), "git", "cat-file", "--batch"); err == nil {
		t.Logf("git alone says %s", out)
	}
	if _, err := os.Stat(ran); err != nil {
		t.Error("git alone does not run it either, so this test can't fail")
	}
}

func TestAListOfContributorsIsReadWhollyOrRefused(t *testing.T) {
	w := newWorkshop(t, "sha1")
	w.keygen("bob", "ecdsa", "-b", "256")
	w.keygen("p384", "ecdsa", "-b", "384")
	entry := func(key, address string) string {
		return "[[contributor]]\nkey = \"" + key + "\"\naddress = \"" + address + "\"\n"
	}
	good := entry(w.public("alice"), alice.Hex()) + entry(w.public("bob"), strings.ToLower(alice.Hex()))
	by, err := contribution.ReadContributors([]byte(good))
	if err != nil {
		t.Fatal(err)
	}
	w.finds(w.commit("alice", "x"), by)
	w.finds(w.commit("bob", "x"), by)

	words := strings.Fields(w.public("alice"))
	for name, c := range map[string]struct{ text, says string }{
		"nothing":              {"", "no contributor"},
		"no TOML":              {"{}", "line 1"},
		"too large":            {good + "#" + strings.Repeat("x", contribution.Largest), "more than"},
		"an unknown key":       {good + "weight = 1\n", `the key "contributor.weight" is unknown`},
		"no key":               {entry("", alice.Hex()), "contributor 1: the key is not as KEY.pub"},
		"half a key":           {entry(words[0], alice.Hex()), "the key is not as KEY.pub"},
		"no base64":            {entry(words[0]+" ????", alice.Hex()), "base64"},
		"a key cut short":      {entry(words[0]+" "+words[1][:40], alice.Hex()), "can't be read"},
		"another kind":         {entry("ssh-rsa "+words[1], alice.Hex()), "says that it is \"ssh-rsa\", and is ssh-ed25519"},
		"a kind not checked":   {entry(w.public("p384"), alice.Hex()), "ecdsa-sha2-nistp384"},
		"a key twice":          {good + entry(words[0]+" "+words[1], bob.Hex()), "contributor 3: the key SHA256:"},
		"options before":       {entry("restrict "+w.public("alice"), alice.Hex()), "the key is not in base64"},
		"two lines":            {"[[contributor]]\nkey = \"\"\"" + w.public("alice") + "\n" + w.public("bob") + "\"\"\"\naddress = \"" + alice.Hex() + "\"\n", "not as KEY.pub"},
		"no address":           {entry(w.public("alice"), ""), "is none"},
		"a short address":      {entry(w.public("alice"), "0xa11ce"), "is none"},
		"an address without x": {entry(w.public("alice"), alice.Hex()[2:]), "is none"},
		"a wrong checksum":     {entry(w.public("alice"), "0x00000000000000000000000000000000000a11CE"), "checksum"},
		"the zero address":     {entry(w.public("alice"), common.Address{}.Hex()), "zero"},
	} {
		if _, err := contribution.ReadContributors([]byte(c.text)); !refusal.Is(err, refusal.BadContributors) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want …%s…", name, err, c.says)
		}
	}
}
