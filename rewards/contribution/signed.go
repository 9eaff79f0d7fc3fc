package contribution

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/crypto/ssh"

	"github.com/keymaker-agent/keymaker/refusal"
)

// signed is an object cut in two: what is signed, and the signature, which is empty where there is none.
type signed struct{ payload, signature []byte }

// Each kind of signature begins with a line of its own (git's gpg-interface.c).
const (
	beginSSH     = "-----BEGIN SSH SIGNATURE-----"
	endSSH       = "-----END SSH SIGNATURE-----"
	beginPGP     = "-----BEGIN PGP SIGNATURE-----"
	beginMessage = "-----BEGIN PGP MESSAGE-----"
	beginX509    = "-----BEGIN SIGNED MESSAGE-----"
)

var begins = []string{beginSSH, beginPGP, beginMessage, beginX509}

// signatureHeader is where a commit of that hash has its signature. The other name is for a signature of the same commit with the
// other hash, once repositories have both.
func signatureHeader(id ID) string {
	if len(id) == sha256Hex {
		return "gpgsig-sha256"
	}
	return "gpgsig"
}

// cutHeader cuts a commit's signature out. git takes away every header that begins with gpgsig before it verifies: a second one would
// so be signed by nobody, and is refused.
func cutHeader(content []byte, key string) (s signed, err error) {
	inside := false
	rest := content
	for len(rest) > 0 && rest[0] != '\n' {
		line := rest
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			line = rest[:end+1]
		}
		rest = rest[len(line):]
		switch value, is := bytes.CutPrefix(line, []byte(key+" ")); {
		case is && s.signature == nil:
			inside, s.signature = true, append([]byte{}, value...)
		case bytes.HasPrefix(line, []byte("gpgsig")):
			return s, refusal.New(refusal.BadSignature, "header %.20q stands beside its signature, and nobody signs it", bytes.TrimSpace(line))
		case inside && line[0] == ' ':
			s.signature = append(s.signature, line[1:]...)
		default:
			inside = false
			s.payload = append(s.payload, line...)
		}
	}
	s.payload = append(s.payload, rest...)
	return s, nil
}

// cutTail cuts a tag's signature off: it begins at the last line that begins one.
func cutTail(content []byte) signed {
	at := len(content)
	for from := 0; from < len(content); {
		for _, begin := range begins {
			if bytes.HasPrefix(content[from:], []byte(begin)) {
				at = from
			}
		}
		next := bytes.IndexByte(content[from:], '\n')
		if next < 0 {
			break
		}
		from += next + 1
	}
	return signed{content[:at], content[at:]}
}

// key verifies the signature and returns the key that made it.
func (s signed) key() (ssh.PublicKey, error) {
	first, _, _ := strings.Cut(string(s.signature), "\n")
	switch first {
	case "":
		if len(s.signature) == 0 {
			return nil, refusal.New(refusal.Unsigned, "it has no signature")
		}
	case beginSSH:
		sig, err := readSSH(s.signature)
		if err != nil {
			return nil, err
		}
		return sig.key, sig.verify(s.payload)
	case beginPGP, beginMessage:
		return nil, refusal.New(refusal.SignatureKind, "it is signed with OpenPGP, which is not checked here")
	case beginX509:
		return nil, refusal.New(refusal.SignatureKind, "it is signed with an X.509 certificate, which is not checked here")
	}
	return nil, bad("what stands in its place is no signature")
}

func bad(format string, args ...any) error {
	return refusal.New(refusal.BadSignature, "%s", fmt.Sprintf(format, args...))
}
