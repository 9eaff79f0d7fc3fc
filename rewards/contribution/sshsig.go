package contribution

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"

	"golang.org/x/crypto/ssh"

	"github.com/keymaker-agent/keymaker/refusal"
)

const (
	magic       = "SSHSIG"
	version     = 1
	namespace   = "git"
	largestSig  = 16 << 10 // bytes, armored: a signature of a 16384-bit RSA key has 6 kB
	leastRSA    = 2048     // bits
	mostRSA     = 16384    // bits, the most that ssh-keygen makes
	hashSHA256  = "sha256"
	hashSHA512  = "sha512"
	keyED25519  = ssh.KeyAlgoED25519
	keyECDSA256 = ssh.KeyAlgoECDSA256
	keyRSA      = ssh.KeyAlgoRSA
)

// formats are the signatures that a kind of key may make. ssh-rsa, as a signature, is of SHA-1 and is not among them.
var formats = map[string][]string{
	keyED25519:  {keyED25519},
	keyECDSA256: {keyECDSA256},
	keyRSA:      {ssh.KeyAlgoRSASHA256, ssh.KeyAlgoRSASHA512},
}

// blob is what the armor holds.
type blob struct {
	Magic     [len(magic)]byte
	Version   uint32
	PublicKey []byte
	Namespace string
	Reserved  string // signed, and of no meaning yet
	Hash      string
	Signature []byte
}

// toSign is what a key signs.
type toSign struct {
	Magic     [len(magic)]byte
	Namespace string
	Reserved  string
	Hash      string
	Digest    []byte
}

// sshSignature is a signature that was read and not verified yet.
type sshSignature struct {
	key       ssh.PublicKey
	reserved  string
	hash      string
	signature *ssh.Signature
}

// readSSH reads an armored signature for git, or refuses it.
func readSSH(armored []byte) (sshSignature, error) {
	raw, err := dearmor(armored)
	if err != nil {
		return sshSignature{}, err
	}
	var b blob
	if err := ssh.Unmarshal(raw, &b); err != nil || string(b.Magic[:]) != magic {
		return sshSignature{}, bad("its signature is cut short, or none of SSH's")
	}
	switch {
	case b.Version != version:
		return sshSignature{}, refusal.New(refusal.SignatureKind, "its signature is of version %d, and 1 is the known one", b.Version)
	case b.Namespace != namespace:
		return sshSignature{}, bad("its signature is for %.40q, not for git", b.Namespace)
	case b.Hash != hashSHA256 && b.Hash != hashSHA512:
		return sshSignature{}, refusal.New(refusal.SignatureKind, "its signature hashes with %.40q; sha256 and sha512 are the known ones", b.Hash)
	}
	key, err := parseKey(b.PublicKey)
	if err != nil {
		return sshSignature{}, err
	}
	s := sshSignature{key, b.Reserved, b.Hash, new(ssh.Signature)}
	if err := ssh.Unmarshal(b.Signature, s.signature); err != nil || len(s.signature.Rest) > 0 {
		return sshSignature{}, bad("its signature is cut short, or too long")
	}
	for _, format := range formats[key.Type()] {
		if format == s.signature.Format {
			return s, nil
		}
	}
	return sshSignature{}, refusal.New(refusal.SignatureKind, "its signature is of the kind %.40q, by a key of the kind %s", s.signature.Format, key.Type())
}

// dearmor takes the lines between the marks. Nothing may stand after the second one.
func dearmor(armored []byte) ([]byte, error) {
	if len(armored) > largestSig {
		return nil, bad("its signature has more than %d bytes", largestSig)
	}
	text, ok := bytes.CutPrefix(armored, []byte(beginSSH+"\n"))
	text, ended := bytes.CutSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"+endSSH))
	if !ok || !ended {
		return nil, bad("its signature does not end, or something follows it")
	}
	if bytes.ContainsRune(text, '\r') { // base64 would pass over it
		return nil, bad("its signature has other line ends than git writes")
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(string(text))
	if err != nil {
		return nil, bad("its signature is not in base64")
	}
	return raw, nil
}

// message is the bytes that the key signs for a payload.
func (s sshSignature) message(payload []byte) []byte {
	m := toSign{Namespace: namespace, Reserved: s.reserved, Hash: s.hash}
	copy(m.Magic[:], magic)
	if s.hash == hashSHA512 {
		d := sha512.Sum512(payload)
		m.Digest = d[:]
	} else {
		d := sha256.Sum256(payload)
		m.Digest = d[:]
	}
	return ssh.Marshal(m)
}

// verify holds the signature against what it is to be of.
func (s sshSignature) verify(payload []byte) error {
	if s.key.Verify(s.message(payload), s.signature) != nil {
		return bad("its signature by %s is of something else", fingerprint(s.key))
	}
	return nil
}

// parseKey takes the kinds of keys that are checked here.
func parseKey(wire []byte) (ssh.PublicKey, error) {
	var kind struct {
		Name string
		Rest []byte `ssh:"rest"`
	}
	if err := ssh.Unmarshal(wire, &kind); err != nil {
		return nil, bad("its key can't be read")
	}
	if formats[kind.Name] == nil {
		return nil, refusal.New(refusal.SignatureKind, "a key of the kind %.60q is not checked here", kind.Name)
	}
	key, err := ssh.ParsePublicKey(wire)
	if err != nil || !bytes.Equal(key.Marshal(), wire) {
		return nil, bad("its key can't be read")
	}
	if of, ok := key.(ssh.CryptoPublicKey); ok {
		if k, ok := of.CryptoPublicKey().(*rsa.PublicKey); ok && (k.N.BitLen() < leastRSA || k.N.BitLen() > mostRSA) {
			return nil, refusal.New(refusal.SignatureKind, "an RSA key has %d bits; %d to %d are taken", k.N.BitLen(), leastRSA, mostRSA)
		}
	}
	return key, nil
}

func fingerprint(key ssh.PublicKey) string { return ssh.FingerprintSHA256(key) }
