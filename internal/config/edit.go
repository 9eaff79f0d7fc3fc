package config

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/pelletier/go-toml/v2"

	"github.com/keymaker-agent/keymaker/refusal"
)

// A config file is edited by its lines, so that comments and order stay as the user wrote them. What comes out is read back before
// it counts: it has to say what the file said before and the one change, or nothing is written.

// AddContact puts a name into the address book of a config file. It refuses one that could be taken for another that is there: a
// name that looks the same, or another address with the same beginning and end.
func AddContact(path, name, address string) (common.Address, error) {
	a, err := parseAddress(address)
	if err != nil {
		return a, refusal.New(refusal.BadAddress, "%v", err)
	}
	return a, edit(path, func(c *Config, lines []string) ([]string, error) {
		if err := c.admits(name, a); err != nil {
			return nil, err
		}
		if c.Book == nil {
			c.Book = map[string]common.Address{}
		}
		c.Book[name] = a
		line := `"` + name + `" = "` + a.Hex() + `"`
		if at := header(lines, "book"); at >= 0 {
			return slices.Insert(lines, at+1, line), nil
		}
		return append(lines, "", "[book]", line), nil
	})
}

// RemoveContact takes a name out of the address book of a config file, whatever its case.
func RemoveContact(path, name string) (common.Address, error) {
	var was common.Address
	err := edit(path, func(c *Config, lines []string) ([]string, error) {
		label, ok := c.labelled(name)
		if !ok {
			return nil, refusal.New(refusal.UnknownRecipient, "%q is not in your book", name).WithHint("see who is with: keymaker contacts list")
		}
		was = c.Book[label]
		delete(c.Book, label)
		at := header(lines, "book")
		if at < 0 {
			return nil, byHand(path)
		}
		for i := at + 1; i < len(lines) && !strings.HasPrefix(strings.TrimSpace(lines[i]), "["); i++ {
			if key, ok := keyOf(lines[i]); ok && key == label {
				return slices.Delete(lines, i, i+1), nil
			}
		}
		return nil, byHand(path)
	})
	return was, err
}

// SetDefault sets what counts where the words of a request name nothing: the network, or the money of buy and sell.
func SetDefault(path, key, value string) error {
	return edit(path, func(c *Config, lines []string) ([]string, error) {
		switch key {
		case "network":
			c.Network = value
		case "money":
			c.Money = value
		default:
			return nil, refusal.New(refusal.Usage, "%q is not set by a command", key).WithHint("network and money are; for all others edit the file that keymaker config path names")
		}
		if err := c.validate(); err != nil {
			return nil, err
		}
		text, err := toml.Marshal(map[string]string{key: value})
		if err != nil {
			return nil, err
		}
		line, example := strings.TrimSpace(string(text)), -1
		for i, l := range lines {
			if strings.HasPrefix(strings.TrimSpace(l), "[") {
				break
			}
			if found, ok := keyOf(l); ok && found == key {
				lines[i] = line
				return lines, nil
			}
			if found, ok := keyOf(strings.TrimLeft(l, "# ")); ok && found == key {
				example = i
			}
		}
		return slices.Insert(lines, example+1, line), nil
	})
}

// admits refuses a contact that is none, or that could be taken for another.
func (c *Config) admits(name string, a common.Address) error {
	if label, taken := c.labelled(name); taken {
		return refusal.New(refusal.Usage, "%s is in your book already, as %s", label, c.Book[label].Hex()).WithHint("take it out first with: keymaker contacts remove %s", label)
	}
	for _, label := range slices.Sorted(maps.Keys(c.Book)) {
		if looks(label) == looks(name) {
			return refusal.New(refusal.LookAlike, "%s looks like %s, who is in your book as %s", name, label, c.Book[label].Hex())
		}
		if alike(c.Book[label], a) {
			return refusal.New(refusal.LookAlike, "%s begins and ends like %s, the address of %s", a.Hex(), c.Book[label].Hex(), label)
		}
	}
	with := *c
	with.Book = map[string]common.Address{name: a}
	return with.checkBook()
}

// labelled finds a name of the book, whatever its case.
func (c *Config) labelled(name string) (string, bool) {
	for label := range c.Book {
		if strings.EqualFold(label, name) {
			return label, true
		}
	}
	return "", false
}

// edit changes the lines of a config file. Change tells what the config is to say then, and with which lines.
func edit(path string, change func(*Config, []string) ([]string, error)) error {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return refusal.New(refusal.ConfigInvalid, "there is no config file yet: %s", path).WithHint("write one with: keymaker init")
	}
	if err != nil {
		return refusal.New(refusal.ConfigInvalid, "%s can't be read", path).Because(err)
	}
	c, err := Load(Sources{UserFile: path})
	if err != nil {
		return err
	}
	lines, err := change(c, strings.Split(strings.TrimRight(string(text), "\n"), "\n"))
	if err != nil {
		return err
	}
	return writeChecked(path, *c, []byte(strings.Join(lines, "\n")+"\n"))
}

// writeChecked replaces a config file by a text that says what is wanted.
func writeChecked(path string, want Config, text []byte) error {
	trial, err := os.CreateTemp("", "keymaker-config-*") // made with mode 0600
	if err != nil {
		return refusal.New(refusal.ConfigInvalid, "%s can't be written", path).Because(err)
	}
	defer os.Remove(trial.Name())
	_, err = trial.Write(text)
	if err := errors.Join(err, trial.Close()); err != nil {
		return refusal.New(refusal.ConfigInvalid, "%s can't be written", path).Because(err)
	}
	got, err := Load(Sources{UserFile: trial.Name()})
	if err != nil || !says(*got, want) {
		return byHand(path)
	}
	if err := replaceFile(path, text); err != nil {
		return refusal.New(refusal.ConfigInvalid, "%s can't be written", path).Because(err)
	}
	return nil
}

// says reports whether two configs say the same. A table without anything in it says nothing.
func says(a, b Config) bool {
	for _, c := range []*Config{&a, &b} {
		if len(c.Book) == 0 {
			c.Book = nil
		}
	}
	return reflect.DeepEqual(a, b)
}

func byHand(path string) error {
	return refusal.New(refusal.ConfigInvalid, "%s is not written in a way that a command can change", path).WithHint("change it by hand")
}

// header is the line that opens a table, or -1.
func header(lines []string, table string) int {
	return slices.IndexFunc(lines, func(l string) bool {
		l, _, _ = strings.Cut(l, "#")
		inside, opened := strings.CutPrefix(strings.TrimSpace(l), "[")
		inside, closed := strings.CutSuffix(inside, "]")
		return opened && closed && strings.TrimSpace(inside) == table
	})
}

// keyOf is the key that a line sets, if it sets one.
func keyOf(line string) (string, bool) {
	var set map[string]any
	if err := toml.Unmarshal([]byte(line), &set); err != nil || len(set) != 1 {
		return "", false
	}
	for key, v := range set {
		_, table := v.(map[string]any)
		return key, !table
	}
	return "", false
}
