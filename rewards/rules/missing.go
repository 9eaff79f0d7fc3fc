package rules

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// missing is the path of the first key that a decoded file does not have. Every pointer, map and array of the form stands for a key
// that must be there; of a map, whatever keys it has.
func missing(v reflect.Value, path string) (string, bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return path, true
		}
		return missing(v.Elem(), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if at, yes := missing(v.Field(i), join(path, v.Type().Field(i).Tag.Get("toml"))); yes {
				return at, true
			}
		}
	case reflect.Slice:
		if v.IsNil() {
			return path, true
		}
		for i := range v.Len() {
			if at, yes := missing(v.Index(i), join(path, strconv.Itoa(i))); yes {
				return at, true
			}
		}
	case reflect.Map:
		if v.IsNil() {
			return path, true
		}
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, k := range keys {
			if at, yes := missing(v.MapIndex(k), join(path, k.String())); yes {
				return at, true
			}
		}
	}
	return "", false
}
