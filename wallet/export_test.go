package wallet

import "context"

// PrepareOn is Prepare on a state of the test's own.
func (g *Gate) PrepareOn(ctx context.Context, s state, p Proposal) (*Prepared, error) {
	return g.prepare(ctx, s, p)
}

// Weak makes key files that open at once, for tests that unlock hundreds of times.
func Weak(k *Keys) { k.scryptN, k.scryptP = 2, 1 }
