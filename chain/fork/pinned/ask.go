package pinned

import (
	"context"
	"encoding/json"

	"github.com/ethereum/go-ethereum/rpc"
)

// Ask puts calls about the pinned block in one batch. Each element, whose result is a *json.RawMessage, keeps an error of its own; an
// error means that nothing was answered, or that the block is gone.
func (r *Remote) Ask(ctx context.Context, elems []rpc.BatchElem) error {
	var b batch
	for i := range elems {
		e := &elems[i]
		b.try(e.Method, func(raw json.RawMessage, err error) { *e.Result.(*json.RawMessage), e.Error = raw, diagnosed(err) }, e.Args...)
		if (i+1)%5 == 0 {
			r.prove(&b)
		}
	}
	r.prove(&b)
	return r.explain(ctx, b.run(ctx, r.src))
}

// NotServed reports whether a remote's answer says that it has no such method.
func NotServed(err error) bool { return notServed(err) }
