package pool

import (
	"fmt"
	"slices"
	"testing"
)

// spread is how an estimate compares with what was used.
type spread struct{ shares []float64 }

func newSpread() *spread { return &spread{} }

func (s *spread) add(said, used uint64) { s.shares = append(s.shares, float64(said)/float64(used)) }

// within holds the middle of them between two shares.
func (s *spread) within(t *testing.T, low, high float64) {
	t.Helper()
	slices.Sort(s.shares)
	if middle := s.shares[len(s.shares)/2]; middle < low || middle > high {
		t.Errorf("%s, want the median between %g and %g", s, low, high)
	}
}

func (s *spread) String() string {
	slices.Sort(s.shares)
	n := len(s.shares)
	return fmt.Sprintf("%.2f median, %.2f to %.2f in nine of ten (n %d)", s.shares[n/2], s.shares[n/20], s.shares[n-1-n/20], n)
}
