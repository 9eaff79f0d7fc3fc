package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
)

// mostKept bounds the answers that are kept, in bytes; one alone may have an eighth of it.
const mostKept = 8 << 20

// answers are what the remote said of blocks up to the pin, which no longer change.
type answers struct {
	mu    sync.Mutex
	all   map[string]json.RawMessage
	bytes int
}

func (k *answers) get(key string) (json.RawMessage, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	raw, ok := k.all[key]
	return raw, ok
}

// put keeps an answer. When there are too many, all are let go: what is asked again is read again.
func (k *answers) put(key string, raw json.RawMessage) {
	size := len(key) + len(raw)
	if size > mostKept/8 {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.all == nil || k.bytes+size > mostKept {
		k.all, k.bytes = make(map[string]json.RawMessage), 0
	}
	k.all[key], k.bytes = raw, k.bytes+size
}

// forget lets all go.
func (k *answers) forget() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all, k.bytes = nil, 0
}

// kept is forward of a read whose answer never changes. That there is nothing is not kept: there may be something later.
func (s *Server) kept(ctx context.Context, method string, args ...any) (json.RawMessage, error) {
	key := method + fmt.Sprint(args...)
	if raw, ok := s.answers.get(key); ok {
		return raw, nil
	}
	raw, err := s.forward(ctx, method, args...)
	if err == nil && !bytes.Equal(raw, []byte("null")) {
		s.answers.put(key, raw)
	}
	return raw, err
}
