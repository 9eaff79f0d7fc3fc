package swap

import (
	"context"

	"github.com/keymaker-agent/keymaker/chain"
)

// Router finds routes on one network.
type Router struct{}

// New makes a router for n. Paths go through tokens of the registry only.
func New(n chain.Network, tokens *chain.Registry) *Router { panic("unwritten") }

// Quote finds the best single path of up to three hops on the state that r reads. It fails with refusal.NoRoute.
func (x *Router) Quote(ctx context.Context, r Reader, o Order) (*Quote, error) { panic("unwritten") }

// Calls builds what the account has to send: an exact approval where the allowance is short (reset to zero first where the
// token asks for it), then the swap through the venue's own router. Native coin in and out is wrapped by the router.
func (x *Router) Calls(ctx context.Context, r Reader, q *Quote) ([]chain.Call, error) {
	panic("unwritten")
}
