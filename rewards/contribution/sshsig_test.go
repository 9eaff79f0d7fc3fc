package contribution

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/keymaker-agent/keymaker/refusal"
)

// WithKeyOf puts another key into a signature. It is here because only this package writes the armor.
func WithKeyOf(armored, public string) (string, error) {
	raw, err := dearmor([]byte(armored + "\n"))
	if err != nil {
		return "", err
	}
	var b blob
	if err := ssh.Unmarshal(raw, &b); err != nil {
		return "", err
	}
	key, err := parseLine(public)
	if err != nil {
		return "", err
	}
	b.PublicKey = key.Marshal()
	return armor(b), nil
}

func armor(b blob) string {
	return beginSSH + "\n" + base64.StdEncoding.EncodeToString(ssh.Marshal(b)) + "\n" + endSSH + "\n"
}

// made is a signature by a key of zeros, over one payload, as changed.
func made(t testing.TB, payload []byte, change func(*blob)) []byte {
	t.Helper()
	signer, err := ssh.NewSignerFromKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))
	if err != nil {
		t.Fatal(err)
	}
	s := sshSignature{key: signer.PublicKey(), hash: hashSHA512}
	sig, err := signer.Sign(nil, s.message(payload))
	if err != nil {
		t.Fatal(err)
	}
	b := blob{Version: version, PublicKey: signer.PublicKey().Marshal(), Namespace: namespace, Hash: hashSHA512, Signature: ssh.Marshal(sig)}
	copy(b.Magic[:], magic)
	change(&b)
	return []byte(armor(b))
}

func TestEachPartOfASignatureIsHeldToTheFormat(t *testing.T) {
	payload := []byte("tree")
	resign := func(change func(*ssh.Signature)) func(*blob) {
		return func(b *blob) {
			var s ssh.Signature
			if err := ssh.Unmarshal(b.Signature, &s); err != nil {
				t.Fatal(err)
			}
			change(&s)
			b.Signature = ssh.Marshal(s)
		}
	}
	for name, c := range map[string]struct {
		change func(*blob)
		why    refusal.Reason
	}{
		"untouched":          {func(*blob) {}, ""},
		"magic":              {func(b *blob) { b.Magic[0] = 's' }, refusal.BadSignature},
		"version":            {func(b *blob) { b.Version = 2 }, refusal.SignatureKind},
		"namespace":          {func(b *blob) { b.Namespace = "git " }, refusal.BadSignature},
		"no namespace":       {func(b *blob) { b.Namespace = "" }, refusal.BadSignature},
		"reserved":           {func(b *blob) { b.Reserved = "x" }, refusal.BadSignature}, // it is signed
		"hash":               {func(b *blob) { b.Hash = "sha256" }, refusal.BadSignature},
		"an unknown hash":    {func(b *blob) { b.Hash = "sha1" }, refusal.SignatureKind},
		"no key":             {func(b *blob) { b.PublicKey = nil }, refusal.BadSignature},
		"a key cut short":    {func(b *blob) { b.PublicKey = b.PublicKey[:40] }, refusal.BadSignature},
		"a key and more":     {func(b *blob) { b.PublicKey = append(b.PublicKey, 0) }, refusal.BadSignature},
		"no signature":       {func(b *blob) { b.Signature = nil }, refusal.BadSignature},
		"a signature's rest": {resign(func(s *ssh.Signature) { s.Rest = []byte{1} }), refusal.BadSignature},
		"a signature's end":  {resign(func(s *ssh.Signature) { s.Blob = s.Blob[:63] }), refusal.BadSignature},
		"another format":     {resign(func(s *ssh.Signature) { s.Format = ssh.KeyAlgoRSASHA256 }), refusal.SignatureKind},
		"a format of SHA-1":  {resign(func(s *ssh.Signature) { s.Format = ssh.KeyAlgoRSA }), refusal.SignatureKind},
		"a bit":              {resign(func(s *ssh.Signature) { s.Blob[7] ^= 1 }), refusal.BadSignature},
	} {
		_, err := signed{payload, made(t, payload, c.change)}.key()
		if c.why == "" && err != nil || c.why != "" && !refusal.Is(err, c.why) {
			t.Errorf("%s: %v, want %s", name, err, c.why)
		}
	}
	if _, err := (signed{[]byte("tree."), made(t, payload, func(*blob) {})}).key(); !refusal.Is(err, refusal.BadSignature) {
		t.Errorf("a byte more is signed: %v", err)
	}
}

// The signatures of an RSA key that are of SHA-1 are sound, and refused all the same.
func TestAnRSAKeyMayNotSignWithSHA1(t *testing.T) {
	private, err := rsa.GenerateKey(rand.Reader, leastRSA)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	payload := []byte("tree")
	for format, why := range map[string]refusal.Reason{ssh.KeyAlgoRSASHA256: "", ssh.KeyAlgoRSASHA512: "", ssh.KeyAlgoRSA: refusal.SignatureKind} {
		s := sshSignature{key: signer.PublicKey(), hash: hashSHA256}
		sig, err := signer.(ssh.AlgorithmSigner).SignWithAlgorithm(rand.Reader, s.message(payload), format)
		if err != nil {
			t.Fatal(err)
		}
		if err := signer.PublicKey().Verify(s.message(payload), sig); err != nil {
			t.Fatalf("%s is no sound signature: %v", format, err)
		}
		b := blob{Version: version, PublicKey: signer.PublicKey().Marshal(), Namespace: namespace, Hash: hashSHA256, Signature: ssh.Marshal(sig)}
		copy(b.Magic[:], magic)
		if _, err := (signed{payload, []byte(armor(b))}).key(); why == "" && err != nil || why != "" && !refusal.Is(err, why) {
			t.Errorf("%s: %v, want %s", format, err, why)
		}
	}
}

// Whatever stands where a signature should, it is refused by a name or it is one.
func FuzzASignatureIsRefusedByNameOrVerified(f *testing.F) {
	payload := []byte("what is signed")
	f.Add(made(f, payload, func(*blob) {}))
	f.Add(made(f, payload, func(b *blob) { b.Version = 9 }))
	f.Add([]byte(beginPGP + "\n"))
	f.Add([]byte(beginSSH + "\n\n" + endSSH))
	f.Fuzz(func(t *testing.T, armored []byte) {
		key, err := signed{payload, armored}.key()
		switch {
		case err == nil && key == nil:
			t.Fatal("verified by no key")
		case err != nil && !refusal.Is(err, refusal.Unsigned) && !refusal.Is(err, refusal.BadSignature) && !refusal.Is(err, refusal.SignatureKind):
			t.Fatalf("refused without a name: %v", err)
		}
	})
}

// The bytes of a blob, without the armor that hides them from the fuzzer.
func FuzzABlobIsRefusedByNameOrVerified(f *testing.F) {
	payload := []byte("what is signed")
	raw, err := dearmor(made(f, payload, func(*blob) {}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Fuzz(func(t *testing.T, blob []byte) {
		armored := []byte(beginSSH + "\n" + base64.StdEncoding.EncodeToString(blob) + "\n" + endSSH + "\n")
		_, err := signed{payload, armored}.key()
		if err == nil != bytes.Equal(blob, raw) {
			t.Fatalf("%x: %v", blob, err)
		}
	})
}

// Whatever an object holds, reading it ends in a value or a named refusal, and what is signed and the signature are parts of it.
func FuzzAnObjectIsReadOrRefused(f *testing.F) {
	head := "tree " + strings.Repeat("a", 40) + "\nparent " + strings.Repeat("b", 40) + "\nauthor A <a> 1 +0000\ncommitter C <c> 2 -0700\n"
	f.Add(true, []byte(head+"gpgsig "+beginSSH+"\n AAAA\n "+endSSH+"\n\nmessage\n"))
	f.Add(true, []byte(head+"encoding x\ngpgsig-sha256 x\n\n"))
	f.Add(false, []byte("object "+strings.Repeat("a", 40)+"\ntype commit\ntag v1\ntagger A <a> 1 +0000\n\nmessage\n"+beginSSH+"\n"))
	f.Fuzz(func(t *testing.T, isCommit bool, content []byte) {
		o := Object{Kind: kindTag, Content: content}
		if isCommit {
			o.Kind = kindCommit
		}
		sum := sha1.Sum(append([]byte(fmt.Sprintf("%s %d\x00", o.Kind, len(content))), content...))
		o.ID = ID(hex.EncodeToString(sum[:]))
		var s signed
		var err error
		if isCommit {
			var c commit
			c, err = readCommit(o)
			s = c.signed
		} else {
			var g tag
			g, err = readTag(o)
			s = g.signed
		}
		var named *refusal.Error
		if err != nil && !errors.As(err, &named) {
			t.Fatalf("refused without a name: %v", err)
		}
		if len(s.payload)+len(s.signature) > len(content) {
			t.Fatalf("%d and %d bytes of %d", len(s.payload), len(s.signature), len(content))
		}
		if err == nil && len(s.signature) == 0 && !bytes.Equal(s.payload, content) && !bytes.Contains(content, []byte("\ngpgsig \n")) {
			t.Fatal("nothing is signed, and something was cut out")
		}
	})
}

func FuzzWhatGitAnswersIsReadOrRefused(f *testing.F) {
	f.Add([]byte(strings.Repeat("a", 40) + " commit 4\ntree\n"))
	f.Add([]byte("x missing\n"))
	f.Add([]byte(strings.Repeat("a", 40) + " commit 99999999999999999999\n"))
	f.Add([]byte(strings.Repeat("a", 64) + " tag 1048577\n"))
	f.Fuzz(func(t *testing.T, answer []byte) {
		o, err := readObject(bufio.NewReader(bytes.NewReader(answer)), "x")
		var named *refusal.Error
		if err != nil && !errors.As(err, &named) && !errors.Is(err, errNothing) {
			t.Fatalf("refused without a name: %v", err)
		}
		if err == nil && !bytes.Contains(answer, o.Content) {
			t.Fatalf("%q is not in the answer", o.Content)
		}
	})
}

func FuzzAListOfContributorsIsReadOrRefused(f *testing.F) {
	f.Add([]byte("[[contributor]]\nkey = \"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop\"\n" +
		"address = \"0x00000000000000000000000000000000000a11ce\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ReadContributors(text)
		if err != nil && !refusal.Is(err, refusal.BadContributors) || err == nil && len(c.byKey) == 0 {
			t.Fatalf("%d keys, %v", len(c.byKey), err)
		}
	})
}
