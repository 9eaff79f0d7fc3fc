package wallet

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/refusal"
)

// keyFile is all that is read of a key file. What is checked is written anew before go-ethereum sees it, so that no other
// spelling of a field gets past the checks.
type keyFile struct {
	Address string          `json:"address"`
	Version json.RawMessage `json:"version"`
	ID      string          `json:"id"`
	Crypto  keyFileCrypto   `json:"crypto"`
	Presale string          `json:"encseed,omitempty"`
}

type keyFileCrypto struct {
	Cipher       string `json:"cipher"`
	CipherText   string `json:"ciphertext"`
	CipherParams struct {
		IV string `json:"iv"`
	} `json:"cipherparams"`
	KDF       string `json:"kdf"`
	KDFParams struct {
		Salt  string `json:"salt"`
		DKLen int    `json:"dklen"`
		N     int    `json:"n"`
		R     int    `json:"r"`
		P     int    `json:"p"`
		C     int    `json:"c"`
		PRF   string `json:"prf"`
	} `json:"kdfparams"`
	MAC string `json:"mac"`
}

// Bounds of what a foreign file may make this machine do: four times geth's standard memory, forty times the usual rounds.
const (
	maxScryptMemory = 1 << 30 // 128*N*r bytes
	maxScryptWork   = 1 << 25 // N*r*p
	maxRounds       = 10_000_000
)

// plainKeyFile returns the key file in the one spelling that was checked. It refuses what is no key file of an account, by
// name, and everything that go-ethereum would panic on or work for minutes at.
func plainKeyFile(content []byte) ([]byte, error) {
	var f keyFile
	if err := json.Unmarshal(content, &f); err != nil {
		var version struct {
			Version int `json:"version"`
		}
		if json.Unmarshal(content, &version) == nil && version.Version == 4 {
			return nil, refuseValidatorKey()
		}
		return nil, refusal.New(refusal.KeyFile, "the key file is broken").Because(err)
	}
	switch string(f.Version) {
	case "3", `"1"`:
	case "4":
		return nil, refuseValidatorKey()
	default:
		if f.Presale != "" {
			return nil, refusal.New(refusal.KeyFile, "this is a presale wallet of 2014, not an account's key").
				WithHint("convert it with geth first")
		}
		return nil, refusal.New(refusal.KeyFile, "a key file of version %.20q is not known", f.Version)
	}
	if err := f.Crypto.check(); err != nil {
		return nil, refusal.New(refusal.KeyFile, "the key file is broken").Because(err)
	}
	return json.Marshal(f)
}

func refuseValidatorKey() error {
	return refusal.New(refusal.KeyFile, "this is an EIP-2335 keystore, the BLS key of a validator; it can't sign for an account").
		WithHint("use the key file of an account (version 3)")
}

func (c *keyFileCrypto) check() error {
	p := c.KDFParams
	if iv, err := hex.DecodeString(c.CipherParams.IV); err != nil || len(iv) != 16 {
		return errors.New("the iv is not of 16 bytes")
	}
	if text, err := hex.DecodeString(c.CipherText); err != nil || len(text) == 0 || len(text) > 64 {
		return errors.New("the ciphertext is not of 32 bytes")
	}
	if p.DKLen < 32 || p.DKLen > 64 {
		return errors.New("dklen is not 32")
	}
	switch c.KDF {
	case "scrypt":
		if p.N < 2 || p.R < 1 || p.P < 1 || p.N > maxScryptMemory/128/p.R || p.P > maxScryptWork/(p.N*p.R) {
			return fmt.Errorf("scrypt with n %d, r %d, p %d is out of bounds", p.N, p.R, p.P)
		}
		return nil
	case "pbkdf2":
		if p.C < 1 || p.C > maxRounds {
			return fmt.Errorf("pbkdf2 with %d rounds is out of bounds", p.C)
		}
		return nil
	}
	return fmt.Errorf("the key derivation %.20q is not known", c.KDF)
}

// keyFileAddress is the address that a key file states; opening the file proves it.
func keyFileAddress(content []byte) (common.Address, error) {
	var f keyFile
	if err := json.Unmarshal(content, &f); err != nil {
		return common.Address{}, err
	}
	if !common.IsHexAddress(f.Address) {
		return common.Address{}, errors.New("it states no address")
	}
	return common.HexToAddress(f.Address), nil
}

// readSecret reads a regular file that nobody else can read.
func readSecret(path string) ([]byte, error) {
	stat, err := os.Lstat(path)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "read %s", path).Because(err).WithHint("check the path")
	}
	if !stat.Mode().IsRegular() {
		return nil, refusal.New(refusal.KeyFile, "%s is not a plain file", path).WithHint("give the path of the file itself")
	}
	if stat.Mode().Perm()&0o077 != 0 {
		return nil, refusal.New(refusal.KeyFile, "%s can be read by others (mode %#o)", path, stat.Mode().Perm()).
			WithHint("close it with: chmod 600 %s", path)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "read %s", path).Because(err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxKeyBytes+1))
	if err != nil {
		return nil, refusal.New(refusal.KeyFile, "read %s", path).Because(err)
	}
	if len(content) > maxKeyBytes {
		return nil, refusal.New(refusal.KeyFile, "%s is too large for a key file", path).WithHint("check the path")
	}
	return content, nil
}

// writeSecret replaces the file in one step: after a crash there is the old one or the new one, never half of one.
func writeSecret(path string, content []byte) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return refusal.New(refusal.KeyFile, "write %s", path).Because(err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(content)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return refusal.New(refusal.KeyFile, "write %s", path).Because(err)
	}
	return nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
