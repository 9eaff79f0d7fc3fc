package wallet

import (
	"bytes"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"

	"github.com/keymaker-agent/keymaker/refusal"
)

// ErrPassword means that a key file does not open with the password.
var ErrPassword = errors.New("wrong password")

const (
	watchFile   = "watch.json"
	maxKeyBytes = 64 << 10 // no key file is larger
)

// Account is an address that the wallet knows.
type Account struct {
	Address   common.Address `json:"address"`
	Label     string         `json:"label,omitempty"`
	WatchOnly bool           `json:"watch_only"`
	Path      string         `json:"path,omitempty"` // of the key file
}

// Keys is a folder of V3 key files, one account each, as geth writes them, and a list of addresses that are only watched.
// The folder is 0700 and the files are 0600, or nothing is read. It is safe for use by many goroutines.
type Keys struct {
	dir     string
	scryptN int
	scryptP int
	now     func() time.Time
	mu      sync.Mutex // one scrypt at a time: each takes 256 MiB
}

// KeysOption changes how keys are written.
type KeysOption func(*Keys)

// Light makes key files that open in a twentieth of the time, for throw-away wallets of demos and tests.
func Light(k *Keys) { k.scryptN, k.scryptP = keystore.LightScryptN, keystore.LightScryptP }

// OpenKeys opens the folder, and makes it where there is none. It refuses (refusal.KeyFile) a folder that others can enter.
func OpenKeys(dir string, opts ...KeysOption) (*Keys, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, refusal.New(refusal.KeyFile, "make the key folder %s", dir).Because(err)
	}
	stat, err := os.Stat(dir)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "read the key folder %s", dir).Because(err)
	}
	if stat.Mode().Perm()&0o077 != 0 {
		return nil, refusal.New(refusal.KeyFile, "the key folder %s is open to others (mode %#o)", dir, stat.Mode().Perm()).
			WithHint("close it with: chmod 700 %s", dir)
	}
	k := &Keys{dir: dir, scryptN: keystore.StandardScryptN, scryptP: keystore.StandardScryptP, now: time.Now}
	for _, o := range opts {
		o(k)
	}
	return k, nil
}

// Create makes a new key and stores it under the password.
func (k *Keys) Create(password []byte) (Account, error) {
	key, err := crypto.GenerateKey()
	if err != nil {
		return Account{}, fmt.Errorf("make a key: %w", err)
	}
	defer wipe(key)
	return k.store(key, password)
}

// ImportKey stores a raw key of 64 hex digits under the password.
func (k *Keys) ImportKey(hexKey, password []byte) (Account, error) {
	raw := bytes.TrimPrefix(bytes.TrimSpace(hexKey), []byte("0x"))
	if len(raw) != 64 {
		return Account{}, refusal.New(refusal.KeyFile, "a raw key has 64 hex digits, and this one %d", len(raw))
	}
	var secret [32]byte
	defer clear(secret[:])
	if _, err := hex.Decode(secret[:], raw); err != nil {
		return Account{}, refusal.New(refusal.KeyFile, "the raw key holds something else than hex digits")
	}
	key, err := crypto.ToECDSA(secret[:])
	if err != nil {
		return Account{}, refusal.New(refusal.KeyFile, "the number is no key of this curve")
	}
	defer wipe(key)
	return k.store(key, password)
}

// ImportFile stores the key of a file: a V3 (or V1) key file that opens with oldPassword, or a raw key in hex. The copy opens
// with newPassword.
func (k *Keys) ImportFile(path string, oldPassword, newPassword []byte) (Account, error) {
	content, err := readSecret(path)
	if err != nil {
		return Account{}, err
	}
	defer clear(content)
	if !bytes.HasPrefix(bytes.TrimSpace(content), []byte("{")) {
		return k.ImportKey(content, newPassword)
	}
	key, err := k.decrypt(content, oldPassword)
	if err != nil {
		return Account{}, err
	}
	defer wipe(key)
	return k.store(key, newPassword)
}

// Watch lists an address without a key, or gives it a new label.
func (k *Keys) Watch(addr common.Address, label string) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	watched, err := k.watched()
	if err != nil {
		return err
	}
	watched = slices.DeleteFunc(watched, func(a Account) bool { return a.Address == addr })
	watched = append(watched, Account{Address: addr, Label: label, WatchOnly: true})
	text, err := json.MarshalIndent(watched, "", "  ")
	if err != nil {
		return err
	}
	return writeSecret(filepath.Join(k.dir, watchFile), text)
}

// List returns all accounts, those with a key first, then by address. It refuses (refusal.KeyFile) where a file of the
// folder is no key file, or can be read by others.
func (k *Keys) List() ([]Account, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	all, err := k.owned()
	if err != nil {
		return nil, err
	}
	watched, err := k.watched()
	if err != nil {
		return nil, err
	}
	for _, w := range watched {
		i := slices.IndexFunc(all, func(a Account) bool { return a.Address == w.Address })
		if i < 0 {
			all = append(all, w)
			continue
		}
		all[i].Label = w.Label
	}
	return all, nil
}

// Export returns the account's key as a V3 key file, encrypted anew under the password that opens it.
func (k *Keys) Export(addr common.Address, password []byte) ([]byte, error) {
	key, err := k.open(addr, password)
	if err != nil {
		return nil, err
	}
	defer wipe(key)
	return k.encrypt(key, password)
}

// Unlock opens the account's key. A wrong password is refusal.Locked around ErrPassword. Close wipes the key; only the gate
// can sign with it.
func (k *Keys) Unlock(addr common.Address, password []byte) (*Key, error) {
	private, err := k.open(addr, password)
	if err != nil {
		return nil, err
	}
	return &Key{Address: addr, private: private}, nil
}

// Key is an open key. It prints as its address.
type Key struct {
	Address common.Address
	private *ecdsa.PrivateKey
}

// Close wipes the key from memory.
func (k *Key) Close() {
	if k.private == nil {
		return
	}
	wipe(k.private)
	k.private = nil
}

// String is the address.
func (k *Key) String() string { return k.Address.Hex() }

// GoString is the address, so that no verb prints the secret.
func (k *Key) GoString() string { return k.Address.Hex() }

// sign signs one transaction. The signature is deterministic (RFC 6979), so signing the same bytes again gives the same hash.
func (k *Key) sign(tx *types.Transaction, chainID uint64) (*types.Transaction, error) {
	if k.private == nil {
		return nil, errors.New("the key is closed")
	}
	return types.SignTx(tx, types.LatestSignerForChainID(new(big.Int).SetUint64(chainID)), k.private)
}

// CanSign refuses an account without a key here: refusal.NoWallet, or refusal.WatchOnly.
func (k *Keys) CanSign(addr common.Address) error {
	_, err := k.find(addr)
	return err
}

// find returns the account, if there is a key of it.
func (k *Keys) find(addr common.Address) (Account, error) {
	accounts, err := k.List()
	if err != nil {
		return Account{}, err
	}
	i := slices.IndexFunc(accounts, func(a Account) bool { return a.Address == addr })
	if i < 0 {
		return Account{}, refusal.New(refusal.NoWallet, "there is no key of %s", addr)
	}
	if accounts[i].WatchOnly {
		return Account{}, refusal.New(refusal.WatchOnly, "%s is only watched", addr)
	}
	return accounts[i], nil
}

func (k *Keys) open(addr common.Address, password []byte) (*ecdsa.PrivateKey, error) {
	account, err := k.find(addr)
	if err != nil {
		return nil, err
	}
	content, err := readSecret(account.Path)
	if err != nil {
		return nil, err
	}
	key, err := k.decrypt(content, password)
	if err != nil {
		return nil, err
	}
	if got := crypto.PubkeyToAddress(key.PublicKey); got != addr {
		wipe(key)
		return nil, refusal.New(refusal.KeyFile, "%s says %s and holds the key of %s", account.Path, addr, got)
	}
	return key, nil
}

func (k *Keys) decrypt(content, password []byte) (*ecdsa.PrivateKey, error) {
	plain, err := plainKeyFile(content)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	key, err := keystore.DecryptKey(plain, string(password))
	if errors.Is(err, keystore.ErrDecrypt) {
		return nil, refusal.New(refusal.Locked, "the password does not open the key").Because(ErrPassword)
	}
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "the key file does not hold a key").Because(err)
	}
	return key.PrivateKey, nil
}

func (k *Keys) encrypt(key *ecdsa.PrivateKey, password []byte) ([]byte, error) {
	id, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("name a key: %w", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	sealed := &keystore.Key{Id: id, Address: crypto.PubkeyToAddress(key.PublicKey), PrivateKey: key}
	text, err := keystore.EncryptKey(sealed, string(password), k.scryptN, k.scryptP)
	if err != nil {
		return nil, fmt.Errorf("encrypt a key: %w", err)
	}
	return text, nil
}

func (k *Keys) store(key *ecdsa.PrivateKey, password []byte) (Account, error) {
	addr := crypto.PubkeyToAddress(key.PublicKey)
	k.mu.Lock()
	owned, err := k.owned()
	k.mu.Unlock()
	if err != nil {
		return Account{}, err
	}
	if slices.ContainsFunc(owned, func(a Account) bool { return a.Address == addr }) {
		return Account{}, refusal.New(refusal.KeyFile, "the key of %s is here already", addr).
			WithHint("nothing was changed; see: keymaker wallet list")
	}
	text, err := k.encrypt(key, password)
	if err != nil {
		return Account{}, err
	}
	path := filepath.Join(k.dir, keyFileName(addr, k.now()))
	if err := writeSecret(path, text); err != nil {
		return Account{}, err
	}
	return Account{Address: addr, Path: path}, nil
}

// keyFileName is geth's: UTC--2026-11-22T17-30-00.000000000Z--address.
func keyFileName(addr common.Address, now time.Time) string {
	return "UTC--" + now.UTC().Format("2006-01-02T15-04-05.000000000Z") + "--" + hex.EncodeToString(addr[:])
}

func (k *Keys) owned() ([]Account, error) {
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "read the key folder %s", k.dir).Because(err)
	}
	var all []Account
	for _, e := range entries {
		if e.Name() == watchFile || strings.HasPrefix(e.Name(), ".") || strings.HasSuffix(e.Name(), "~") {
			continue
		}
		path := filepath.Join(k.dir, e.Name())
		content, err := readSecret(path)
		if err != nil {
			return nil, err
		}
		addr, err := keyFileAddress(content)
		if err != nil {
			return nil, refusal.New(refusal.KeyFile, "%s is no key file", path).Because(err).
				WithHint("move it out of the key folder")
		}
		all = append(all, Account{Address: addr, Path: path})
	}
	slices.SortFunc(all, func(a, b Account) int { return a.Address.Cmp(b.Address) })
	return all, nil
}

func (k *Keys) watched() ([]Account, error) {
	path := filepath.Join(k.dir, watchFile)
	if _, err := os.Lstat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	content, err := readSecret(path)
	if err != nil {
		return nil, err
	}
	var all []Account
	if err := json.Unmarshal(content, &all); err != nil {
		return nil, refusal.New(refusal.KeyFile, "%s is broken", path).Because(err).WithHint("correct it, or remove it")
	}
	for i := range all {
		all[i].WatchOnly, all[i].Path = true, ""
	}
	slices.SortFunc(all, func(a, b Account) int { return a.Address.Cmp(b.Address) })
	return all, nil
}

// wipe overwrites the secret's words. Copies that the runtime or a library made are out of reach.
func wipe(key *ecdsa.PrivateKey) { clear(key.D.Bits()) }
