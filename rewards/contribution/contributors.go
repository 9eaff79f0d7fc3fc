package contribution

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/crypto/ssh"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Largest is the most bytes that a list of contributors may have.
const Largest = 4 << 20

// Contributor is a key, and the address that earns what the key signs. One address may have many keys.
type Contributor struct {
	Key     string // as the file KEY.pub has it: its kind, base64, perhaps a comment
	Address common.Address
}

// Contributors finds the address of a key. The zero Contributors has none.
type Contributors struct{ byKey map[string]common.Address }

// NewContributors is refused with BadContributors where a key can't be read or stands twice, or an address is zero.
func NewContributors(all ...Contributor) (Contributors, error) {
	c := Contributors{make(map[string]common.Address, len(all))}
	for i, one := range all {
		key, err := parseLine(one.Key)
		if err != nil {
			return Contributors{}, refusal.New(refusal.BadContributors, "contributor %d: %v", i+1, err)
		}
		if one.Address == (common.Address{}) {
			return Contributors{}, refusal.New(refusal.BadContributors, "contributor %d: the address is zero", i+1)
		}
		if _, twice := c.byKey[string(key.Marshal())]; twice {
			return Contributors{}, refusal.New(refusal.BadContributors, "contributor %d: the key %s stands twice", i+1, fingerprint(key))
		}
		c.byKey[string(key.Marshal())] = one.Address
	}
	return c, nil
}

func (c Contributors) address(key ssh.PublicKey) (common.Address, bool) {
	a, ok := c.byKey[string(key.Marshal())]
	return a, ok
}

// parseLine reads a key as the file KEY.pub has it.
func parseLine(line string) (ssh.PublicKey, error) {
	fields := strings.Fields(line)
	if len(fields) < 2 || strings.ContainsAny(line, "\r\n") {
		return nil, errors.New("the key is not as KEY.pub has it: its kind, then base64")
	}
	wire, err := base64.StdEncoding.Strict().DecodeString(fields[1])
	if err != nil {
		return nil, errors.New("the key is not in base64")
	}
	key, err := parseKey(wire)
	var named *refusal.Error
	switch {
	case errors.As(err, &named):
		return nil, errors.New(strings.TrimPrefix(named.Detail, "its "))
	case key.Type() != fields[0]:
		return nil, fmt.Errorf("the key says that it is %.40q, and is %s", fields[0], key.Type())
	}
	return key, nil
}

// list is the form of a file of contributors.
type list struct {
	Contributor []struct {
		Key     string `toml:"key"`
		Address string `toml:"address"` // 0x and 40 hex digits, with its checksum or all in lower case
	} `toml:"contributor"`
}

// ReadContributors reads a TOML file of [[contributor]], each with key and address. It is refused with BadContributors.
func ReadContributors(text []byte) (Contributors, error) {
	if len(text) > Largest {
		return Contributors{}, refusal.New(refusal.BadContributors, "the list has more than %d bytes", Largest)
	}
	var l list
	if err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(&l); err != nil {
		return Contributors{}, refusal.New(refusal.BadContributors, "the list can't be read: %s", fault(err))
	}
	if len(l.Contributor) == 0 {
		return Contributors{}, refusal.New(refusal.BadContributors, "the list has no contributor")
	}
	all := make([]Contributor, 0, len(l.Contributor))
	for i, one := range l.Contributor {
		address, err := parseAddress(one.Address)
		if err != nil {
			return Contributors{}, refusal.New(refusal.BadContributors, "contributor %d: %v", i+1, err)
		}
		all = append(all, Contributor{one.Key, address})
	}
	return NewContributors(all...)
}

func fault(err error) string {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		row, _ := unknown.Errors[0].Position()
		return fmt.Sprintf("line %d: the key %q is unknown", row, strings.Join(unknown.Errors[0].Key(), "."))
	}
	var at *toml.DecodeError
	if errors.As(err, &at) {
		row, _ := at.Position()
		return fmt.Sprintf("line %d: %s", row, strings.TrimPrefix(at.Error(), "toml: "))
	}
	return err.Error()
}

func parseAddress(word string) (common.Address, error) {
	a := common.HexToAddress(word)
	switch {
	case !common.IsHexAddress(word) || len(word) != 2+2*common.AddressLength:
		return a, fmt.Errorf("the address %.60q is none", word)
	case word != strings.ToLower(word) && word != a.Hex():
		return a, fmt.Errorf("the checksum of the address %s is wrong", word)
	}
	return a, nil
}
