package agent

import (
	"reflect"
	"strings"
	"testing"
)

// What a session remembers can't hold a result, an effect, a name from a chain or an error: no such type is reachable from it. The
// two fields that hold what planners wrote beside a draft are emptied, which TestNothingButTheUsersWordsIsRemembered holds.
func TestMemoryHasNoPlaceForData(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(at string, x reflect.Type)
	walk = func(at string, x reflect.Type) {
		if seen[x] {
			return
		}
		seen[x] = true
		for _, room := range []string{"keymaker/tools", "keymaker/wallet", "keymaker/chain", "keymaker/router", "keymaker/refusal", "keymaker/internal"} {
			if strings.Contains(x.PkgPath(), room) {
				t.Errorf("%s is a %s of %s", at, x.Name(), x.PkgPath())
			}
		}
		switch x.Kind() {
		case reflect.Struct:
			for i := range x.NumField() {
				if x == reflect.TypeFor[Understanding]() && x.Field(i).Name == "Views" {
					continue
				}
				walk(at+"."+x.Field(i).Name, x.Field(i).Type)
			}
		case reflect.Pointer, reflect.Slice, reflect.Array:
			walk(at, x.Elem())
		case reflect.Map:
			walk(at, x.Key())
			walk(at, x.Elem())
		case reflect.Interface:
			t.Errorf("%s can be anything", at)
		}
	}
	walk("memory", reflect.TypeFor[memory]())
	if len(seen) < 10 {
		t.Fatalf("only %d types were looked at", len(seen))
	}
}
