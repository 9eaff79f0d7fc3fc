package rules

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// missing is the path of the first key that a decoded file does not have. Every pointer, map and array of the form stands for a key
// that must be there; of a map, whatever keys it has. An empty table leaves a nil map, and a table where an array of tables is due
// is read as its one element: the lines know better.
func (l lines) missing(v reflect.Value, path string) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return path, true
		}
		return l.missing(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if at, yes := l.missing(v.Field(i), join(path, v.Type().Field(i).Tag.Get("toml"))); yes {
				return at, true
			}
		}
	case reflect.Slice:
		if !l.has(path) {
			return path, true
		}
		for i := range v.Len() {
			at := join(path, strconv.Itoa(i))
			if !l.has(at) {
				return at, true
			}
			if at, yes := l.missing(v.Index(i), at); yes {
				return at, true
			}
		}
	case reflect.Map:
		if !l.has(path) {
			return path, true
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			if at, yes := l.missing(v.MapIndex(k), join(path, k.String())); yes {
				return at, true
			}
		}
	}
	return "", false
}

func (l lines) has(path string) bool {
	_, ok := l[path]
	return ok
}
