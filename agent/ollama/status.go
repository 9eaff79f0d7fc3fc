package ollama

import (
	"context"
	"strings"
)

// Status is what a server says of itself.
type Status struct {
	URL     string      `json:"url"`
	Version string      `json:"version"`
	Models  []Installed `json:"models"`
	Loaded  []Loaded    `json:"loaded"`
}

// Installed is a model on the server's disk, or one that it passes on.
type Installed struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	Remote bool   `json:"remote,omitempty"`
}

// Loaded is a model in the server's memory.
type Loaded struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
	VRAM   int64  `json:"vram"` // bytes of Size that are in GPU memory
}

// GPUPercent is the share of the model that is in GPU memory.
func (l Loaded) GPUPercent() int {
	if l.Size <= 0 || l.VRAM <= 0 {
		return 0
	}
	return int(min(l.VRAM, l.Size) * 100 / l.Size)
}

// Inspect asks a server what it is and has. On a server that answers but is too old, the status holds the version beside the
// refusal. Options.Model is not looked at.
func Inspect(ctx context.Context, o Options) (Status, error) {
	o = o.withDefaults()
	o.Model = ""
	s, err := dial(o)
	if err != nil {
		return Status{}, err
	}
	return s.status(ctx)
}

// Status asks the model's server what it is and has.
func (m *Model) Status(ctx context.Context) (Status, error) { return m.server.status(ctx) }

func (s server) status(ctx context.Context) (Status, error) {
	ctx, cancel := context.WithTimeout(ctx, questionTimeout)
	defer cancel()
	found := Status{URL: s.url}
	var err error
	if found.Version, err = s.version(ctx); err != nil {
		return found, err
	}
	if found.Models, err = s.list(ctx); err != nil {
		return found, err
	}
	running, err := s.client.ListRunning(ctx)
	if err != nil {
		return found, s.fault(err, "ask which models are loaded")
	}
	for _, p := range running.Models {
		found.Loaded = append(found.Loaded, Loaded{
			Name:   plain(p.Name),
			Digest: strings.TrimPrefix(plain(p.Digest), "sha256:"),
			Size:   p.Size,
			VRAM:   p.SizeVRAM,
		})
	}
	return found, nil
}

// Find looks a model up by name; a name without a tag means :latest.
func (s Status) Find(name string) (Installed, bool) {
	for _, m := range s.Models {
		if m.Name == name || m.Name == name+":latest" {
			return m, true
		}
	}
	return Installed{}, false
}
