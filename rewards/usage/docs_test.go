package usage

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var documented = regexp.MustCompile("(?m)^\\| `([a-z]+)` \\| ([^|]*) \\|")

// The names that docs/rewards.md has for forms.
var formNames = map[form]string{
	formTime: "time", formRef: "ref", formAddress: "address", formNobody: "address", formCommit: "commit", formHash: "hash", formName: "name",
	formCount: "count", formAmount: "amount", formFlag: "flag",
}

func TestTheSpecificationHasTheKindsAndTheirFieldsInOrder(t *testing.T) {
	text, err := os.ReadFile("../../docs/rewards.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range documented.FindAllStringSubmatch(string(text), -1) {
		rows[row[1]] = row[2]
	}
	for _, kind := range table {
		row := strings.ReplaceAll(rows[kind.name], " (zero: none)", "")
		said := strings.Split(row, ", ")
		if len(said) != len(kind.fields) {
			t.Errorf("%s has %d fields, and the page says %q", kind.name, len(kind.fields), row)
			continue
		}
		for i, f := range kind.fields {
			want := f.key + " " + formNames[f.form]
			if said[i] != want && (i > 2 || said[i] != f.key) { // the fields that all kinds have are explained once
				t.Errorf("%s: field %d is %q, and the page says %q", kind.name, i, want, said[i])
			}
		}
	}
}

func TestTheExampleOfTheSpecificationIsALine(t *testing.T) {
	text, err := os.ReadFile("../../docs/rewards.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		if line, ok := strings.CutPrefix(line, `    {"kind":`); ok {
			n++
			var e Entry
			if err := ReadEntry([]byte(`{"kind":`+strings.TrimSuffix(line, "\n")), &e); err != nil {
				t.Error(err)
			}
		}
	}
	if n == 0 {
		t.Error("the page has no example")
	}
}
