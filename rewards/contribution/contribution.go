// Package contribution answers one question: which contributor signed this commit, or this release?
//
// A git object is named by the hash of "<kind> <size>\0<content>": SHA-1, or SHA-256 in repositories that are made so. Its signature
// stands in the content, so that what is signed is the object without it, cut out as git does (commit.c, gpg-interface.c):
//
//	commit  without the header gpgsig, in a SHA-256 repository gpgsig-sha256, and the lines that continue it
//	tag     up to the last line that begins a signature
//
// An SSH signature (OpenSSH's PROTOCOL.sshsig) is one of the bytes
//
//	"SSHSIG" || namespace || reserved || name of the hash || hash of what is signed
//
// each but the first with its length before it, and git's namespace is "git". The keys are ssh-ed25519, ecdsa-sha2-nistp256 and
// ssh-rsa of 2048 bits or more, the last one never with SHA-1. OpenPGP and X.509 are refused by name.
//
// Invariant: a Contribution is only made where the id is that of the bytes, the signature is of exactly those bytes, in git's
// namespace, and its key is one contributor's. What the object claims of its author, and what git says of the signature, is not asked.
//
// Two things are left to whoever accepts a contribution. The time is the signer's claim. And bytes around a signature can be
// changed without breaking it, which gives the object another id: what was signed is one contribution, however many ids it has, and
// Signed tells it. Nothing is said of what the tree holds: its hash is signed, and that the store agrees is git fsck's to say.
package contribution

import (
	"context"
	"crypto/sha256"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/rewards/emission"
)

// Contribution is a commit, or a tag of one, that a contributor signed.
type Contribution struct {
	Repository  string         // its name, as whoever opened it calls it
	Commit      ID             // the commit; of a tag, the one that is tagged
	Tag         string         // the tag's name; empty where the commit itself is signed
	Address     common.Address // of the contributor
	Fingerprint string         // of the key: "SHA256:" and 43 letters, as ssh-keygen -l writes it
	Time        emission.Time  // as the committer or the tagger claims
	Merge       bool           // the commit has two parents or more
	Signed      [sha256.Size]byte
}

// Find reads a commit or an annotated tag by its name, and tells whose it is. It is refused with BrokenObject, NoContribution,
// Unsigned, SignatureKind, BadSignature or UnlistedKey, or as the repository refuses.
func Find(ctx context.Context, r *Repository, name string, by Contributors) (Contribution, error) {
	o, err := r.fetch(ctx, name)
	if err != nil {
		return Contribution{}, err
	}
	if o.Kind == kindTag {
		return r.tagged(ctx, o, by)
	}
	c, err := readCommit(o)
	if err != nil {
		return Contribution{}, err
	}
	found := Contribution{Repository: r.Name, Commit: o.ID, Time: c.time, Merge: c.merge()}
	return found.signedBy(o, c.signed, by)
}

// fetch refuses another object than the one whose id was named.
func (r *Repository) fetch(ctx context.Context, name string) (Object, error) {
	o, err := r.Object(ctx, name)
	if err == nil && idForm.MatchString(name) && string(o.ID) != name {
		err = refusal.New(refusal.BrokenObject, "%s was asked for, and %.64s came", name, o.ID)
	}
	return o, err
}

// tagged finds whose a tag is, and checks the commit that it names.
func (r *Repository) tagged(ctx context.Context, o Object, by Contributors) (Contribution, error) {
	t, err := readTag(o)
	if err != nil {
		return Contribution{}, err
	}
	target, err := r.fetch(ctx, string(t.commit))
	if err != nil {
		return Contribution{}, err
	}
	c, err := readCommit(target)
	if err != nil {
		return Contribution{}, err
	}
	found := Contribution{Repository: r.Name, Commit: t.commit, Tag: t.name, Time: t.time, Merge: c.merge()}
	return found.signedBy(o, t.signed, by)
}

// signedBy adds who signed, or refuses.
func (c Contribution) signedBy(o Object, s signed, by Contributors) (Contribution, error) {
	key, err := s.key()
	if err != nil {
		return Contribution{}, refused(o, err)
	}
	address, ok := by.address(key)
	if !ok {
		return Contribution{}, refusal.New(refusal.UnlistedKey, "%s %s is signed by %s, a key that no contributor has", o.Kind, o.ID, fingerprint(key))
	}
	c.Address, c.Fingerprint, c.Signed = address, fingerprint(key), sha256.Sum256(s.payload)
	return c, nil
}
