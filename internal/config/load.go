package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/v2"
	"github.com/pelletier/go-toml/v2"

	"github.com/keymaker-agent/keymaker/refusal"
)

// ProjectFile is the name of the file that a folder may hold for the work inside it.
const ProjectFile = ".keymaker.toml"

// delimiter parts keys inside koanf. It is no dot, because names of the address book have dots.
const delimiter = "\x1f"

// Sources is where the layers come from. A file that does not exist is an empty layer.
type Sources struct {
	UserFile    string
	ProjectFile string
	Env         []string       // as os.Environ gives it
	Flags       map[string]any // key path -> value, of the flags that were set
}

// layer is one source as koanf takes it.
type layer map[string]any

func (l layer) Read() (map[string]any, error) { return l, nil }
func (l layer) ReadBytes() ([]byte, error)    { return nil, errors.New("a layer is read as a map") }

// Load reads the layers and refuses (refusal.ConfigInvalid) a key that it does not know, a value that does not fit, and values
// that contradict one another.
func Load(s Sources) (*Config, error) {
	user, err := readFile(s.UserFile, 0o077)
	if err != nil {
		return nil, err
	}
	project, err := readFile(s.ProjectFile, 0o022)
	if err != nil {
		return nil, err
	}
	if err := onlyHarmless(project, s.ProjectFile); err != nil {
		return nil, err
	}
	env, err := readEnv(s.Env)
	if err != nil {
		return nil, err
	}
	flags, err := nest(s.Flags)
	if err != nil {
		return nil, err
	}
	k := koanf.New(delimiter)
	for _, l := range []layer{user, project, env, flags} {
		if err := k.Load(l, nil); err != nil {
			return nil, refusal.New(refusal.ConfigInvalid, "the config can't be put together").Because(err)
		}
	}
	c := Default()
	if err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		DecodeHook: mapstructure.ComposeDecodeHookFunc(toDuration, toAddress, toWhole),
		Result:     &c,
		TagName:    "koanf",
	}}); err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "%s", firstFault(err))
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	return &c, nil
}

// readFile reads one TOML file, which must not give others the rights of forbidden.
func readFile(path string, forbidden fs.FileMode) (layer, error) {
	if path == "" {
		return nil, nil
	}
	stat, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "%s can't be read", path).Because(err)
	}
	if mode := stat.Mode().Perm(); runtime.GOOS != "windows" && mode&forbidden != 0 {
		return nil, refusal.New(refusal.ConfigInvalid, "%s has mode %04o, so others can reach it", path, mode).
			WithHint("keep it to yourself: chmod %04o %s", mode&^forbidden, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "%s can't be read", path).Because(err)
	}
	l := layer{}
	if err := toml.Unmarshal(text, (*map[string]any)(&l)); err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "%s", tomlFault(path, err))
	}
	if err := refuseUnknown(l, path); err != nil {
		return nil, err
	}
	return l, nil
}

func tomlFault(path string, err error) string {
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		return fmt.Sprintf("%s: %v", path, err)
	}
	row, column := at.Position()
	return fmt.Sprintf("%s, line %d, column %d: %s", path, row, column, strings.TrimPrefix(at.Error(), "toml: "))
}

// refuseUnknown refuses the first key, in the order of names, that no field has.
func refuseUnknown(l map[string]any, origin string) error {
	keys := Keys()
	return walk(l, nil, func(path []string, empty bool) error {
		if slices.ContainsFunc(keys, func(k Key) bool { return k.matches(path) || (empty && k.below(path)) }) {
			return nil
		}
		e := refusal.New(refusal.ConfigInvalid, "%s: there is no key %s", origin, strings.Join(path, "."))
		if near := nearest(path); near != "" {
			return e.WithHint("did you mean %s? All keys are in docs/configuration.md", near)
		}
		return e.WithHint("all keys are in docs/configuration.md")
	})
}

// walk visits every leaf, empty tables and lists among them. The tables of a list share one path.
func walk(m map[string]any, at []string, visit func(path []string, empty bool) error) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if err := walkValue(m[name], append(at[:len(at):len(at)], name), visit); err != nil {
			return err
		}
	}
	return nil
}

func walkValue(v any, path []string, visit func([]string, bool) error) error {
	switch v := v.(type) {
	case map[string]any:
		if len(v) > 0 {
			return walk(v, path, visit)
		}
		return visit(path, true)
	case []any:
		if len(v) == 0 {
			return visit(path, true)
		}
		for _, element := range v {
			if err := walkValue(element, path, visit); err != nil {
				return err
			}
		}
		return nil
	}
	return visit(path, false)
}

func onlyHarmless(project layer, origin string) error {
	keys := Keys()
	return walk(project, nil, func(path []string, _ bool) error {
		if slices.ContainsFunc(keys, func(k Key) bool { return k.project && k.matches(path) }) {
			return nil
		}
		return refusal.New(refusal.ConfigInvalid, "%s: a project file can't set %s", origin, strings.Join(path, ".")).
			WithHint("set it in your own config file; see: keymaker config path")
	})
}

// readEnv takes the variables that are keys. A variable that looks like a key of a section and is none is refused, since it was
// meant to set something.
func readEnv(environ []string) (layer, error) {
	byEnv := make(map[string]Key)
	sections := make(map[string]bool)
	for _, k := range Keys() {
		if k.Env == "" {
			continue
		}
		byEnv[k.Env] = k
		if section, _, ok := strings.Cut(k.Path, "."); ok {
			sections[EnvPrefix+strings.ToUpper(section)+"_"] = true
		}
	}
	values := make(map[string]any)
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		k, ok := byEnv[name]
		if ok {
			values[k.Path] = value
			continue
		}
		for section := range sections {
			if strings.HasPrefix(name, section) {
				return nil, refusal.New(refusal.ConfigInvalid, "the environment sets %s, which is no key", name).
					WithHint("unset it, or see the names in docs/configuration.md")
			}
		}
	}
	return nest(values)
}

// nest makes a tree of key paths, and reads the words of the environment and of flags as the types of their keys.
func nest(values map[string]any) (layer, error) {
	tree := layer{}
	keys := Keys()
	for path, v := range values {
		parts := strings.Split(path, ".")
		at := slices.IndexFunc(keys, func(k Key) bool { return k.matches(parts) })
		if at < 0 {
			return nil, refusal.New(refusal.ConfigInvalid, "there is no key %s", path)
		}
		value, err := typed(keys[at], v)
		if err != nil {
			return nil, err
		}
		node := map[string]any(tree)
		for _, p := range parts[:len(parts)-1] {
			child, ok := node[p].(map[string]any)
			if !ok {
				child = map[string]any{}
				node[p] = child
			}
			node = child
		}
		node[parts[len(parts)-1]] = value
	}
	return tree, nil
}

func typed(k Key, v any) (any, error) {
	word, ok := v.(string)
	if !ok || k.kind == durationType || k.kind.Kind() == reflect.String {
		return v, nil
	}
	var err error
	switch k.kind.Kind() {
	case reflect.Bool:
		v, err = strconv.ParseBool(word)
	case reflect.Int, reflect.Int64, reflect.Uint8, reflect.Uint64:
		v, err = strconv.ParseInt(word, 10, 64)
	}
	if err != nil {
		return nil, refusal.New(refusal.ConfigInvalid, "%s: %q is not %s", k.Path, word, k.Type)
	}
	return v, nil
}

func toDuration(from, to reflect.Type, v any) (any, error) {
	word, ok := v.(string)
	if to != durationType || from == durationType {
		return v, nil
	}
	if !ok {
		return nil, errors.New(`a duration is written as in "30s"`)
	}
	d, err := time.ParseDuration(word)
	if err != nil {
		return nil, fmt.Errorf(`%q is no duration as in "30s"`, word)
	}
	return d, nil
}

func toAddress(_, to reflect.Type, v any) (any, error) {
	if to != addressType {
		return v, nil
	}
	word, ok := v.(string)
	if !ok {
		return nil, errors.New("an address is written as a text")
	}
	return parseAddress(word)
}

// parseAddress reads an address, and holds its checksum where it is written in upper and lower case.
func parseAddress(word string) (common.Address, error) {
	if !strings.HasPrefix(word, "0x") || !common.IsHexAddress(word) {
		return common.Address{}, fmt.Errorf("%q is not an address", word)
	}
	a := common.HexToAddress(word)
	digits := word[2:]
	if digits != strings.ToLower(digits) && digits != strings.ToUpper(digits) && a.Hex() != word {
		return common.Address{}, fmt.Errorf("the checksum of %s is wrong", word)
	}
	return a, nil
}

// toWhole keeps numbers from being cut, and texts from passing as numbers.
func toWhole(from, to reflect.Type, v any) (any, error) {
	fits := func(int64) bool { return true }
	switch to.Kind() {
	case reflect.Int:
	case reflect.Uint8, reflect.Uint64:
		fits = func(n int64) bool { return n >= 0 && !reflect.Zero(to).OverflowUint(uint64(n)) }
	default:
		return v, nil
	}
	if from.Kind() == reflect.Int || from.Kind() == reflect.Uint8 { // a flag's own type; a byte of an address
		return v, nil
	}
	n, ok := v.(int64)
	if !ok {
		return nil, fmt.Errorf("%v is not a whole number", v)
	}
	if !fits(n) {
		return nil, fmt.Errorf("%d is below zero or too large", n)
	}
	return v, nil
}

// firstFault is the first line of what mapstructure has to say.
func firstFault(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for _, l := range lines {
		if l = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(l), "* ")); l != "" && !strings.Contains(l, "error(s) decoding") && !strings.Contains(l, "decoding failed") {
			return l
		}
	}
	return lines[0]
}
