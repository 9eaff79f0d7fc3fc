package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheBindingsAreWhatTheGeneratorMakes(t *testing.T) {
	want, err := source()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../" + file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("stale: run go generate ./contracts/bindings\n%s", diff)
	}
}
