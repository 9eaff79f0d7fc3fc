package llama

import "fmt"

// metadata hands out the values of a file and remembers the first that was missing or of another type.
type metadata struct {
	values map[string]any
	err    error
}

// must is a value that has to be there.
func must[T any](m *metadata, key string) T {
	v, ok := m.values[key].(T)
	if !ok && m.err == nil {
		m.err = fmt.Errorf("%w: %s is missing or not of type %T", ErrBroken, key, v)
	}
	return v
}

// may is a value that has a default.
func may[T any](m *metadata, key string, otherwise T) T {
	if _, there := m.values[key]; !there {
		return otherwise
	}
	return must[T](m, key)
}
