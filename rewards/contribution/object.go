package contribution

import (
	"bytes"
	"crypto/sha1" // git's, where a repository is not made with SHA-256
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// ID names a git object: 40 lower-case hex digits of a SHA-1, or 64 of a SHA-256.
type ID string

// The kinds of objects that can be signed, as git writes them.
const (
	kindCommit = "commit"
	kindTag    = "tag"
)

// Object is a git object as a repository stores it.
type Object struct {
	ID      ID
	Kind    string
	Content []byte
}

const (
	sha1Hex   = 2 * sha1.Size
	sha256Hex = 2 * sha256.Size
)

var (
	idForm    = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)
	identForm = regexp.MustCompile(`^[^<>\n\x00]*<[^<>\n\x00]*> ([0-9]{1,12}) [+-][0-9]{4}$`)
)

// latest is the last second of the year 9999, the last one that RFC 3339 can write.
const latest = 253402300799

// check holds the id against the content.
func (o Object) check() error {
	var h hash.Hash
	switch len(o.ID) {
	case sha1Hex:
		h = sha1.New()
	case sha256Hex:
		h = sha256.New()
	default:
		return fmt.Errorf("%q is no id", string(o.ID))
	}
	fmt.Fprintf(h, "%s %d\x00", o.Kind, len(o.Content))
	h.Write(o.Content)
	if got := hex.EncodeToString(h.Sum(nil)); got != string(o.ID) {
		return fmt.Errorf("its content has the id %s", got)
	}
	return nil
}

// refused names what is wrong with an object, unless that has a name already.
func refused(o Object, err error) error {
	var named *refusal.Error
	if errors.As(err, &named) {
		return refusal.New(named.Reason, "%.10s %.64s: %s", o.Kind, o.ID, named.Detail)
	}
	return refusal.New(refusal.BrokenObject, "%.10s %.64q", o.Kind, string(o.ID)).Because(err)
}

// commit is what is needed of one.
type commit struct {
	parents int
	time    emission.Time
	signed  signed
}

func (c commit) merge() bool { return c.parents > 1 }

// tag is an annotated tag of a commit.
type tag struct {
	commit ID
	name   string
	time   emission.Time
	signed signed
}

func readCommit(o Object) (commit, error) {
	if o.Kind != kindCommit {
		return commit{}, refusal.New(refusal.NoContribution, "%s is a %.10s", o.ID, o.Kind)
	}
	c, err := o.commit()
	if err != nil {
		return commit{}, refused(o, err)
	}
	return c, nil
}

// commit reads the headers in the order in which git writes them: tree, parents, author, committer, and then others.
func (o Object) commit() (c commit, err error) {
	if err := o.check(); err != nil {
		return c, err
	}
	h, err := readHeader(o.Content)
	if err != nil {
		return c, err
	}
	if _, err := h.id(o.ID, "tree"); err != nil {
		return c, err
	}
	for h.nextIs("parent") {
		if _, err := h.id(o.ID, "parent"); err != nil {
			return c, err
		}
		c.parents++
	}
	if _, err := h.ident("author"); err != nil {
		return c, err
	}
	if c.time, err = h.ident("committer"); err != nil {
		return c, err
	}
	for _, again := range []string{"tree", "parent", "author", "committer"} {
		if h.has(again) {
			return c, fmt.Errorf("%s stands twice, or out of its place", again)
		}
	}
	c.signed, err = cutHeader(o.Content, signatureHeader(o.ID))
	return c, err
}

func readTag(o Object) (tag, error) {
	t, err := o.tag()
	if err != nil {
		return tag{}, refused(o, err)
	}
	return t, nil
}

func (o Object) tag() (t tag, err error) {
	if err := o.check(); err != nil {
		return t, err
	}
	h, err := readHeader(o.Content)
	if err != nil {
		return t, err
	}
	if t.commit, err = h.id(o.ID, "object"); err != nil {
		return t, err
	}
	kind, err := h.take("type")
	if err != nil {
		return t, err
	}
	if kind != kindCommit {
		return t, refusal.New(refusal.NoContribution, "it is a tag of a %.10q", kind)
	}
	if t.name, err = h.take("tag"); err != nil {
		return t, err
	}
	if !showable(t.name) {
		return t, errors.New("its name can't be shown")
	}
	if t.time, err = h.ident("tagger"); err != nil {
		return t, err
	}
	// A later line of a header that is signed would be cut out of what is signed, and none that git writes today is there.
	if len(h.rest) > 0 {
		return t, fmt.Errorf("header %.20q is unknown in a tag", h.rest[0])
	}
	t.signed = cutTail(o.Content)
	return t, nil
}

// showable keeps what could be taken for something else on a terminal from being a name.
func showable(name string) bool {
	return name != "" && len(name) <= 255 && utf8.ValidString(name) &&
		!strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' })
}

// header is the lines before the first empty one, read from the first on. A line that continues another begins with a space.
type header struct{ rest []string }

func readHeader(content []byte) (header, error) {
	text, _, ok := bytes.Cut(content, []byte("\n\n"))
	if !ok {
		return header{}, errors.New("it has no empty line after its header")
	}
	return header{strings.Split(string(text), "\n")}, nil
}

func (h *header) nextIs(key string) bool {
	return len(h.rest) > 0 && strings.HasPrefix(h.rest[0], key+" ")
}

func (h *header) has(key string) bool {
	for _, line := range h.rest {
		if line == key || strings.HasPrefix(line, key+" ") {
			return true
		}
	}
	return false
}

// take is the value of the next line, which must have that key.
func (h *header) take(key string) (string, error) {
	if !h.nextIs(key) {
		return "", fmt.Errorf("%s is missing, or not in its place", key)
	}
	value := h.rest[0][len(key)+1:]
	h.rest = h.rest[1:]
	return value, nil
}

// id takes the id of another object, which has the hash of this one's.
func (h *header) id(of ID, key string) (ID, error) {
	value, err := h.take(key)
	if err == nil && (!idForm.MatchString(value) || len(value) != len(of)) {
		err = fmt.Errorf("%s %.70q is no id", key, value)
	}
	return ID(value), err
}

// ident takes a name with its address, of which nothing is used, and a time.
func (h *header) ident(key string) (emission.Time, error) {
	value, err := h.take(key)
	if err != nil {
		return 0, err
	}
	parts := identForm.FindStringSubmatch(value)
	if parts == nil {
		return 0, fmt.Errorf("%s is no name, address and time", key)
	}
	at, err := strconv.ParseUint(parts[1], 10, 64)
	if err != nil || at > latest {
		return 0, fmt.Errorf("%s has the time %s, which is after the year 9999", key, parts[1])
	}
	return emission.Time(at), nil
}
