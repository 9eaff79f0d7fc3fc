package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/pelletier/go-toml/v2"

	"github.com/keymaker-agent/keymaker/refusal"
)

// WriteCommented writes c as a config file for the user alone. Every key stands in it with what it means; one that has its
// default is commented out, so that a later version may choose a better default. What would not load is not written.
func WriteCommented(path string, c Config) error {
	if err := c.validate(); err != nil {
		return err
	}
	text, err := commented(c)
	if err != nil {
		return refusal.New(refusal.ConfigInvalid, "the config can't be written").Because(err)
	}
	if err := replaceFile(path, text); err != nil {
		return refusal.New(refusal.ConfigInvalid, "%s can't be written", path).Because(err)
	}
	return nil
}

// replaceFile leaves either the old file or the new one, never a part.
func replaceFile(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*") // made with mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func commented(c Config) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# Keymaker's config. All keys, with their names in the environment: docs/configuration.md\n")
	b.WriteString("# A line that starts with # shows the default.\n")
	v, d := reflect.ValueOf(c), reflect.ValueOf(Default())
	var sections, tables []int
	for i := range v.NumField() {
		switch v.Field(i).Kind() {
		case reflect.Struct:
			sections = append(sections, i)
		case reflect.Map, reflect.Slice:
			tables = append(tables, i)
		default:
			if err := writeKey(&b, v.Type().Field(i), v.Field(i), d.Field(i)); err != nil {
				return nil, err
			}
		}
	}
	for _, i := range sections {
		fmt.Fprintf(&b, "\n[%s]\n", v.Type().Field(i).Tag.Get("koanf"))
		for j := range v.Field(i).NumField() {
			if err := writeKey(&b, v.Field(i).Type().Field(j), v.Field(i).Field(j), d.Field(i).Field(j)); err != nil {
				return nil, err
			}
		}
	}
	for _, i := range tables {
		field := v.Type().Field(i)
		fmt.Fprintf(&b, "\n# %s\n", field.Tag.Get("doc"))
		if v.Field(i).Len() == 0 {
			b.WriteString(examples[field.Tag.Get("koanf")])
			continue
		}
		text, err := toml.Marshal(map[string]any{field.Tag.Get("koanf"): plainValue(v.Field(i))})
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

var examples = map[string]string{
	"book":     "# [book]\n# alice = \"0x…\"\n",
	"networks": "# [networks.ethereum]\n# rpc = [\"https://…\"]\n",
	"tokens":   "# [[tokens]]\n# network = \"base\"\n# symbol = \"…\"\n# address = \"0x…\"\n# decimals = 18\n",
}

func writeKey(b *bytes.Buffer, field reflect.StructField, v, d reflect.Value) error {
	name := field.Tag.Get("koanf")
	var line []byte
	var err error
	var usual bool
	if v.Kind() == reflect.Map {
		usual = v.Len() == 0
		line, err = inline(name, v)
	} else {
		usual = v.Equal(d)
		line, err = toml.Marshal(map[string]any{name: plainValue(v)})
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(b, "\n# %s\n", field.Tag.Get("doc"))
	if usual {
		b.WriteString("# ")
	}
	b.WriteString(strings.TrimSpace(string(line)) + "\n")
	return nil
}

// inline writes a map on one line, as it stands among the single values of its section.
func inline(name string, m reflect.Value) ([]byte, error) {
	var pairs []string
	for _, key := range m.MapKeys() {
		pair, err := toml.Marshal(map[string]any{key.String(): plainValue(m.MapIndex(key))})
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, strings.TrimSpace(string(pair)))
	}
	slices.Sort(pairs)
	return []byte(name + " = { " + strings.Join(pairs, ", ") + " }"), nil
}

// plainValue is a value as TOML has it: addresses and durations as texts, structs as tables without their empty fields.
func plainValue(v reflect.Value) any {
	switch x := v.Interface().(type) {
	case common.Address:
		return x.Hex()
	case time.Duration:
		return x.String()
	}
	switch v.Kind() {
	case reflect.Pointer:
		return plainValue(v.Elem())
	case reflect.Struct:
		table := make(map[string]any)
		for i := range v.NumField() {
			if !v.Field(i).IsZero() {
				table[v.Type().Field(i).Tag.Get("koanf")] = plainValue(v.Field(i))
			}
		}
		return table
	case reflect.Map:
		table := make(map[string]any)
		for _, key := range v.MapKeys() {
			table[key.String()] = plainValue(v.MapIndex(key))
		}
		return table
	case reflect.Slice:
		list := make([]any, v.Len())
		for i := range list {
			list[i] = plainValue(v.Index(i))
		}
		return list
	}
	return v.Interface()
}
