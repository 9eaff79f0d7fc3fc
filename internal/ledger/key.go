package ledger

import (
	"crypto/ecdsa"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Key is what a reporter signs its segments with. It is no account of the wallet and holds no money, and there is no way to have it
// sign anything but what Cut makes: a digest under the ledger's own EIP-712 domain, which no chain and no contract takes.
//
// So its file is not encrypted: what is used is reported while nobody is there to type a password. Whoever steals it can say false
// things in this reporter's name until the rules list another one, and can pay themselves nothing that the rules do not bound.
type Key struct {
	private *ecdsa.PrivateKey
	chain   string // file that says how far it has signed; empty: nobody asks
}

// Address is the reporter's.
func (k *Key) Address() common.Address { return crypto.PubkeyToAddress(k.private.PublicKey) }

func (k *Key) sign(digest common.Hash) ([65]byte, error) {
	s, err := crypto.Sign(digest[:], k.private)
	if err != nil {
		return [65]byte{}, err
	}
	return [65]byte(s), nil
}

// OpenKey reads a reporter's key. It refuses no_reporter where there is none, and key_file where others can read it or it is none.
func OpenKey(path string) (*Key, error) {
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refusal.New(refusal.NoReporter, "there is no reporter's key yet")
	}
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the reporter's key can't be read").Because(err)
	}
	if mode := stat.Mode().Perm(); runtime.GOOS != "windows" && mode&0o077 != 0 {
		return nil, refusal.New(refusal.KeyFile, "%s has mode %04o, so others can reach it", path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the reporter's key can't be read").Because(err)
	}
	private, err := crypto.HexToECDSA(strings.TrimSpace(string(text)))
	if err != nil { // its text may hold a part of the key
		return nil, refusal.New(refusal.KeyFile, "%s holds no key", path).WithHint("put the file aside, and make another key with: keymaker rewards reporter init")
	}
	return &Key{private, path + chainSuffix}, nil
}

// MakeKey makes a reporter's key in a new file (0600). It fails with fs.ErrExist where there is one.
func MakeKey(path string) (*Key, error) {
	private, err := crypto.GenerateKey()
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the reporter's key: %w", err)
	}
	// Linked into its place when it is whole: a file that is there is a key.
	f, err := os.CreateTemp(filepath.Dir(path), ".reporter-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("write the reporter's key: %w", err)
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(crypto.FromECDSA(private)) + "\n")
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Link(f.Name(), path)
	}
	if err != nil {
		return nil, fmt.Errorf("write the reporter's key: %w", err)
	}
	return &Key{private, path + chainSuffix}, nil
}
