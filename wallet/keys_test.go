package wallet

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/accounts/keystore"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"
	"github.com/google/uuid"

	"github.com/keymaker-agent/keymaker/refusal"
)

var (
	password  = []byte("correct horse")
	anvilKey  = []byte("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80")
	anvilAddr = common.HexToAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
)

func lightKeys(t testing.TB) *Keys {
	t.Helper()
	k, err := OpenKeys(filepath.Join(t.TempDir(), "keys"), Light)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func write(t testing.TB, name string, content []byte, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAKeyGoesOutAndComesBack(t *testing.T) {
	k := lightKeys(t)
	made, err := k.Create(password)
	if err != nil {
		t.Fatal(err)
	}
	if stat, err := os.Stat(made.Path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Fatalf("the key file: %v, %v", stat.Mode(), err)
	}
	exported, err := k.Export(made.Address, password)
	if err != nil {
		t.Fatal(err)
	}
	if stored, _ := os.ReadFile(made.Path); bytes.Equal(stored, exported) {
		t.Error("the export is not encrypted anew")
	}
	other := lightKeys(t)
	back, err := other.ImportFile(write(t, "export", exported, 0o600), password, []byte("new"))
	if err != nil || back.Address != made.Address {
		t.Fatalf("ImportFile = %v, %v", back, err)
	}
	key, err := other.Unlock(made.Address, []byte("new"))
	if err != nil || key.Address != made.Address {
		t.Fatalf("Unlock = %v, %v", key, err)
	}
	words := key.private.D.Bits()
	key.Close()
	key.Close()
	for _, w := range words {
		if w != 0 {
			t.Fatal("the key is still in memory")
		}
	}
}

func TestGethReadsOurFilesAndWeReadGeths(t *testing.T) {
	k := lightKeys(t)
	account, err := k.ImportKey(anvilKey, password)
	if err != nil || account.Address != anvilAddr {
		t.Fatalf("ImportKey = %v, %v", account, err)
	}
	ks := keystore.NewKeyStore(k.dir, keystore.LightScryptN, keystore.LightScryptP)
	accounts := ks.Accounts()
	if len(accounts) != 1 || accounts[0].Address != anvilAddr || ks.Unlock(accounts[0], string(password)) != nil {
		t.Errorf("geth sees %v", accounts)
	}

	foreign := keystore.NewKeyStore(t.TempDir(), keystore.LightScryptN, keystore.LightScryptP)
	theirs, err := foreign.NewAccount("theirs")
	if err != nil {
		t.Fatal(err)
	}
	back, err := k.ImportFile(theirs.URL.Path, []byte("theirs"), password)
	if err != nil || back.Address != theirs.Address {
		t.Errorf("ImportFile of geth's = %v, %v", back, err)
	}
}

// The test vector of the Web3 secret storage definition.
func TestTheStandardsOwnKeyFileOpens(t *testing.T) {
	const text = `{"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},` +
		`"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",` +
		`"kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256","salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},` +
		`"mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}`
	got, err := lightKeys(t).ImportFile(write(t, "vector", []byte(text), 0o600), []byte("testpassword"), password)
	if err != nil || got.Address != common.HexToAddress("0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b") {
		t.Errorf("ImportFile = %v, %v", got, err)
	}
}

func TestRawKeysAreReadStrictly(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"with prefix":     {string(anvilKey), true},
		"with blanks":     {" " + string(anvilKey[2:]) + "\r\n", true},
		"short":           {"0x1234", false},
		"31 bytes":        {strings.Repeat("11", 31), false},
		"zero":            {strings.Repeat("0", 64), false},
		"order of curve":  {"fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", false},
		"not hex":         {strings.Repeat("x", 64), false},
		"empty":           {"", false},
		"seed words":      {"test test test test test test test test test test test junk", false},
		"two keys":        {string(anvilKey) + string(anvilKey), false},
		"prefix in twice": {"0x" + string(anvilKey), false},
	} {
		k := lightKeys(t)
		_, err := k.ImportKey([]byte(c.text), password)
		if c.ok != (err == nil) || (err != nil && !refusal.Is(err, refusal.KeyFile)) {
			t.Errorf("%s: ImportKey = %v", name, err)
		}
		if err != nil && len(c.text) > 20 && strings.Contains(err.Error(), c.text[5:20]) {
			t.Errorf("%s: the error tells the key: %v", name, err)
		}
		_, err = k.ImportFile(write(t, "raw", []byte(c.text), 0o600), nil, []byte("x"))
		if !c.ok && !refusal.Is(err, refusal.KeyFile) {
			t.Errorf("%s: ImportFile = %v", name, err)
		}
	}
}

func TestFilesOfOtherKindsAreRefusedByName(t *testing.T) {
	v3 := `{"version":3,"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},"ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","mac":"00",%s}}`
	for name, c := range map[string]struct{ text, want string }{
		"validator":       {`{"crypto":{"kdf":{"function":"scrypt"}},"pubkey":"aa","path":"m/12381/3600/0/0/0","uuid":"1d85ae20","version":4}`, "EIP-2335"},
		"presale":         {`{"encseed":"aa","ethaddr":"bb"}`, "presale"},
		"unknown":         {`{"version":9}`, "version"},
		"half":            {`{"version":3,`, "broken"},
		"no crypto":       {`{"version":3}`, "iv"},
		"hungry":          {fmt.Sprintf(v3, `"kdf":"scrypt","kdfparams":{"n":1073741824,"r":8,"p":1,"dklen":32,"salt":"aa"}`), "out of bounds"},
		"hungry in p":     {fmt.Sprintf(v3, `"kdf":"scrypt","kdfparams":{"n":262144,"r":8,"p":100000,"dklen":32,"salt":"aa"}`), "out of bounds"},
		"patient":         {fmt.Sprintf(v3, `"kdf":"pbkdf2","kdfparams":{"c":2000000000,"prf":"hmac-sha256","dklen":32,"salt":"aa"}`), "out of bounds"},
		"short key":       {fmt.Sprintf(v3, `"kdf":"pbkdf2","kdfparams":{"c":1,"prf":"hmac-sha256","dklen":8,"salt":"aa"}`), "dklen"},
		"other spelling":  {fmt.Sprintf(v3, `"kdf":"pbkdf2","kdfparams":{"C":1,"prf":"hmac-sha256","dklen":32,"salt":"aa"}`), "password"},
		"no salt is text": {fmt.Sprintf(v3, `"kdf":"pbkdf2","kdfparams":{"c":1,"prf":"hmac-sha256","dklen":32,"salt":7}`), "broken"},
		"other kdf":       {fmt.Sprintf(v3, `"kdf":"argon2","kdfparams":{"dklen":32}`), "argon2"},
	} {
		_, err := lightKeys(t).ImportFile(write(t, "file", []byte(c.text), 0o600), password, password)
		if _, ok := refusal.As(err); !ok || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingThatOthersCanReadIsTouched(t *testing.T) {
	k := lightKeys(t)
	account, err := k.Create(password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.ImportFile(write(t, "raw", anvilKey, 0o644), nil, password); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("ImportFile of an open file = %v", err)
	}
	if err := os.Chmod(account.Path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := k.List(); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("List beside an open file = %v", err)
	}
	if _, err := k.Unlock(account.Address, password); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("Unlock of an open file = %v", err)
	}
	if err := os.Chmod(k.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKeys(k.dir); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("OpenKeys of an open folder = %v", err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(account.Path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := k.ImportFile(link, password, password); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("ImportFile of a link = %v", err)
	}
}

func TestTheListNamesWatchedAccountsAndRefusesStrangers(t *testing.T) {
	k := lightKeys(t)
	watched := common.HexToAddress("0x00000000000000000000000000000000000000bb")
	account, err := k.ImportKey(anvilKey, password)
	if err != nil {
		t.Fatal(err)
	}
	for _, label := range []string{"old", "cold wallet"} {
		if err := k.Watch(watched, label); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Watch(account.Address, "mine"); err != nil {
		t.Fatal(err)
	}
	all, err := k.List()
	if err != nil || len(all) != 2 || all[0].WatchOnly || all[0].Label != "mine" || !all[1].WatchOnly || all[1].Label != "cold wallet" {
		t.Fatalf("List = %+v, %v", all, err)
	}
	if _, err := k.Unlock(watched, password); !refusal.Is(err, refusal.WatchOnly) {
		t.Errorf("Unlock of a watched account = %v", err)
	}
	if _, err := k.Export(common.HexToAddress("0x01"), password); !refusal.Is(err, refusal.NoWallet) {
		t.Errorf("Export of an unknown account = %v", err)
	}
	if _, err := k.ImportKey(anvilKey, password); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("a second import of one key = %v", err)
	}
	if err := os.WriteFile(filepath.Join(k.dir, "README"), []byte("hello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.List(); !refusal.Is(err, refusal.KeyFile) || !strings.Contains(err.Error(), "README") {
		t.Errorf("List beside a stranger = %v", err)
	}
}

func TestAWrongPasswordAndASwappedFileDoNotOpen(t *testing.T) {
	k := lightKeys(t)
	account, err := k.ImportKey(anvilKey, password)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Unlock(account.Address, []byte("wrong")); !errors.Is(err, ErrPassword) || !refusal.Is(err, refusal.Locked) {
		t.Errorf("Unlock = %v", err)
	}
	content, err := os.ReadFile(account.Path)
	if err != nil {
		t.Fatal(err)
	}
	other := common.HexToAddress("0x00000000000000000000000000000000000000bb")
	swapped := bytes.Replace(content, []byte(hex.EncodeToString(anvilAddr[:])), []byte(hex.EncodeToString(other[:])), 1)
	if err := os.WriteFile(account.Path, swapped, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Unlock(other, password); !refusal.Is(err, refusal.KeyFile) {
		t.Errorf("Unlock of a file that lies = %v", err)
	}
}

func TestAnOpenKeyNeverPrintsItsSecret(t *testing.T) {
	k := lightKeys(t)
	if _, err := k.ImportKey(anvilKey, password); err != nil {
		t.Fatal(err)
	}
	key, err := k.Unlock(anvilAddr, password)
	if err != nil {
		t.Fatal(err)
	}
	defer key.Close()
	text, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	d := key.private.D
	for _, shown := range []string{fmt.Sprint(key), fmt.Sprintf("%v %+v %#v %s %q %x", key, key, key, key, key, key), string(text)} {
		if strings.Contains(shown, d.String()) || strings.Contains(strings.ToLower(shown), d.Text(16)) {
			t.Errorf("the secret shows in %s", shown)
		}
	}
}

func FuzzAKeyFileIsReadOrRefused(f *testing.F) {
	key, err := crypto.HexToECDSA(string(anvilKey[2:]))
	if err != nil {
		f.Fatal(err)
	}
	good, err := keystore.EncryptKey(&keystore.Key{Id: uuid.Nil, Address: anvilAddr, PrivateKey: key}, "p", 2, 1)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"version":4,"crypto":{"kdf":{}}}`))
	f.Add([]byte(`{"version":"1","crypto":{"cipher":"aes-128-cbc","cipherparams":{"iv":"00000000000000000000000000000000"},"ciphertext":"00","kdf":"pbkdf2","kdfparams":{"c":1,"dklen":32,"salt":"","prf":"hmac-sha256"},"mac":""},"id":"3198bc9c-6672-5ab3-d995-4942343ae5b6"}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		plain, err := plainKeyFile(content)
		if err != nil {
			if !refusal.Is(err, refusal.KeyFile) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		var file keyFile
		if err := json.Unmarshal(plain, &file); err != nil {
			t.Fatal(err)
		}
		if p := file.Crypto.KDFParams; p.N*max(p.R, 1)*max(p.P, 1) > 1<<12 || p.C > 1<<12 {
			return // right, and too slow for a fuzzer
		}
		_, _ = keystore.DecryptKey(plain, "p") // must not panic
	})
}
