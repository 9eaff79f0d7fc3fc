package simulation_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"github.com/keymaker-agent/keymaker/rewards/simulation"
)

func TestAResultIsWrittenAsCSV(t *testing.T) {
	s, err := simulation.Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run(t, s).WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll() // all of one width, or it fails
	if err != nil || len(rows) != 9 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
	golden.RequireEqual(t, out.Bytes())
}

func TestAResultIsWrittenAsJSON(t *testing.T) {
	s, err := simulation.Read([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(run(t, s))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, append(line, '\n'), "", "  "); err != nil {
		t.Fatal(err)
	}
	golden.RequireEqual(t, out.Bytes())
}
