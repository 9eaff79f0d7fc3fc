package own

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
)

// ServedName is what the model is called in an Ollama; longer names may follow it.
const ServedName = "keymaker-planner"

// Digest is the sha256 of Weights.
var Digest = sync.OnceValue(func() string { return fmt.Sprintf("%x", sha256.Sum256(Weights)) })

// IsServed reports whether a model of an Ollama is this planner: by its name, or by the sha256 of its weights whatever its name.
func IsServed(name, weights string) bool {
	return strings.HasPrefix(name, ServedName) || weights == Digest()
}
