package settlement

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/refusal"
)

// someState has accounts and contributions, of which one is at risk.
func someState(t testing.TB) *State {
	t.Helper()
	for seed := range uint64(100) {
		w := worldOf(t, seed, 2, 60)
		state := begin(t, w.rules)
		for _, facts := range w.facts {
			_, state = bookOf(t, w.rules, state, facts)
		}
		if len(state.standing) > 1 && state.Len() > 1 {
			state.standing[0].AtRisk, state.standing[0].Risk = true, 1
			return state
		}
	}
	t.Fatal("the worlds are too poor")
	return nil
}

func TestAStateIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt, t)
		state := begin(t, w.rules)
		for _, facts := range w.facts {
			_, state = bookOf(t, w.rules, state, facts)
			back, err := ReadState(bytes.NewReader(bytesOf(t, state)))
			if err != nil {
				rt.Fatal(err)
			}
			if back.Hash() != state.Hash() || len(back.earned) > 0 && !reflect.DeepEqual(back.earned, state.earned) || back.Carry != state.Carry {
				rt.Fatal("another state")
			}
		}
	})
}

func TestAStateThatIsCutOffOrHasMoreIsRefused(t *testing.T) {
	whole := bytesOf(t, someState(t))
	for n := range whole {
		if _, err := ReadState(bytes.NewReader(whole[:n])); !refusal.Is(err, refusal.BadState) {
			t.Fatalf("of %d bytes: %v", n, err)
		}
	}
	if _, err := ReadState(bytes.NewReader(append(whole, 0))); !refusal.Is(err, refusal.BadState) {
		t.Errorf("with one more: %v", err)
	}
}

func TestAStateHasOneForm(t *testing.T) {
	for name, change := range map[string]func(*State){
		"accounts out of order":      func(s *State) { s.earned[0], s.earned[1] = s.earned[1], s.earned[0] },
		"an account twice":           func(s *State) { s.earned[1] = s.earned[0] },
		"an account without wei":     func(s *State) { s.earned[0].Wei.Clear() },
		"contributions out of order": func(s *State) { s.standing[0], s.standing[1] = s.standing[1], s.standing[0] },
		"a risk that is none":        func(s *State) { s.standing[0].AtRisk = false },
		"a class without a name":     func(s *State) { s.standing[0].Class = "" },
		"a weight without bounds":    func(s *State) { s.standing[0].Weight.SetAllOne() },
		"carries without bounds":     func(s *State) { s.Carry[1].SetAllOne() },
	} {
		state := someState(t)
		change(state)
		if _, err := ReadState(bytes.NewReader(bytesOf(t, state))); !refusal.Is(err, refusal.BadState) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadState(bytes.NewReader([]byte("keymaker state 2\nand more"))); !refusal.Is(err, refusal.BadState) {
		t.Errorf("of another version: %v", err)
	}
}

func FuzzAStateIsReadOrRefused(f *testing.F) {
	f.Add(bytesOf(f, someState(f)))
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := ReadState(bytes.NewReader(text))
		if err != nil {
			if !refusal.Is(err, refusal.BadState) {
				t.Fatal(err)
			}
			return
		}
		if !bytes.Equal(bytesOf(t, s), text) {
			t.Fatal("it is written in another form")
		}
	})
}
