package usage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// Spooled is a ledger that came as a stream. It lies in a file that Close removes.
type Spooled struct {
	*File
	temporary *os.File
}

// Spool copies a stream into a temporary file of dir (the system's where it is empty) and opens that (see Open).
func Spool(ctx context.Context, stream io.Reader, dir string) (*Spooled, error) {
	to, err := os.CreateTemp(dir, "ledger-*.ndjson")
	if err != nil {
		return nil, fmt.Errorf("make a file for the ledger: %w", err)
	}
	s := &Spooled{temporary: to}
	size, err := io.Copy(to, stopping{ctx, stream})
	if err == nil {
		s.File, err = Open(ctx, to, size)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close removes the file.
func (s *Spooled) Close() error {
	return errors.Join(s.temporary.Close(), os.Remove(s.temporary.Name()))
}

// stopping is a stream that ends with its context.
type stopping struct {
	ctx context.Context
	in  io.Reader
}

func (s stopping) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.in.Read(p)
}
