package fsm_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/keymaker-agent/keymaker/internal/fsm"
)

type (
	light string
	press string
)

var lamp = fsm.Table[light, press]{
	{From: "off", On: "push"}:  "on",
	{From: "on", On: "push"}:   "off",
	{From: "on", On: "surge"}:  "broken",
	{From: "lost", On: "find"}: "off",
}

func TestNextGoesWhereTheTableSaysAndNowhereElse(t *testing.T) {
	if got, err := lamp.Next("off", "push"); got != "on" || err != nil {
		t.Fatalf("Next = %s, %v", got, err)
	}
	got, err := lamp.Next("broken", "push")
	if illegal := new(fsm.IllegalError); !errors.As(err, &illegal) || got != "broken" {
		t.Fatalf("Next out of a final state = %s, %v", got, err)
	}
}

func TestATableKnowsItsEndsAndItsDeadParts(t *testing.T) {
	if got := lamp.States(); !slices.Equal(got, []light{"broken", "lost", "off", "on"}) {
		t.Errorf("States = %v", got)
	}
	if got := lamp.Final(); !slices.Equal(got, []light{"broken"}) {
		t.Errorf("Final = %v", got)
	}
	if got := lamp.Unreachable("off"); !slices.Equal(got, []light{"lost"}) {
		t.Errorf("Unreachable = %v", got)
	}
	if got := lamp.Stuck(); len(got) != 0 {
		t.Errorf("Stuck = %v", got)
	}
	ring := fsm.Table[light, press]{{From: "a", On: "go"}: "b", {From: "b", On: "go"}: "a"}
	if got := ring.Stuck(); len(got) != 2 {
		t.Errorf("Stuck of a ring = %v", got)
	}
}

func TestTheDrawingIsTheTable(t *testing.T) {
	want := `stateDiagram-v2
    [*] --> off
    lost --> off: find
    off --> on: push
    on --> off: push
    on --> broken: surge
    broken --> [*]
`
	if got := lamp.Mermaid("off"); got != want {
		t.Errorf("Mermaid:\n%s", got)
	}
	if got := lamp.String(); got != "lost --find--> off\noff --push--> on\non --push--> off\non --surge--> broken\n" {
		t.Errorf("String:\n%s", got)
	}
}
