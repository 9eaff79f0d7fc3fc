package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Exact compares the whole answer; only the order of an object's keys does not count. Of a conversation that is marked
// speconly it compares the structure: the same keys and the same kinds of values.
func Exact(c *Conversation, want, got json.RawMessage) error {
	w, err := tree(want)
	if err != nil {
		return fmt.Errorf("recorded answer: %w", err)
	}
	g, err := tree(got)
	if err != nil {
		return err
	}
	return differ("", w, g, c.SpecOnly)
}

// tree decodes JSON with its numbers as they are written.
func tree(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("not JSON: %w", err)
	}
	return v, nil
}

// differ says the first difference. With loose set, strings, numbers, truth values and the lengths of arrays may be other ones.
func differ(at string, want, got any, loose bool) error {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return unlike(at, want, got)
		}
		return differObjects(at, w, g, loose)
	case []any:
		g, ok := got.([]any)
		if !ok {
			return unlike(at, want, got)
		}
		return differArrays(at, w, g, loose)
	}
	same := want == got
	if loose {
		same = kind(want) == kind(got)
	}
	if !same {
		return unlike(at, want, got)
	}
	return nil
}

func differObjects(at string, want, got map[string]any, loose bool) error {
	for _, k := range slices.Sorted(maps.Keys(want)) {
		v, ok := got[k]
		if !ok {
			return fmt.Errorf("%s.%s is missing", at, k)
		}
		if err := differ(at+"."+k, want[k], v, loose); err != nil {
			return err
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[k]; !ok {
			return fmt.Errorf("%s.%s is too much", at, k)
		}
	}
	return nil
}

func differArrays(at string, want, got []any, loose bool) error {
	if !loose && len(want) != len(got) {
		return fmt.Errorf("%s has %d elements, want %d", at, len(got), len(want))
	}
	for i := range min(len(want), len(got)) {
		if err := differ(at+"["+strconv.Itoa(i)+"]", want[i], got[i], loose); err != nil {
			return err
		}
	}
	return nil
}

func kind(v any) string { return fmt.Sprintf("%T", v) }

func unlike(at string, want, got any) error {
	w, werr := json.Marshal(want)
	g, gerr := json.Marshal(got)
	if err := errors.Join(werr, gerr); err != nil {
		return err
	}
	return fmt.Errorf("%s is %s, want %s", at, clip(string(g)), clip(string(w)))
}
