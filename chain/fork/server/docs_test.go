package server

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// methods are the names of all that is served, subscriptions aside.
func (s *Server) methods() []string {
	var all []string
	for _, service := range s.services() {
		v := reflect.TypeOf(service.methods)
		for i := range v.NumMethod() {
			name := []rune(v.Method(i).Name)
			name[0] = unicode.ToLower(name[0])
			all = append(all, service.name+"_"+string(name))
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestTheDocsNameEveryMethod(t *testing.T) {
	text, err := os.ReadFile("../../../docs/dry-run.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range new(Server).methods() {
		space, method, _ := strings.Cut(name, "_")
		if !strings.Contains(string(text), "`"+method+"`") && !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/dry-run.md does not name %s_%s", space, method)
		}
	}
}
