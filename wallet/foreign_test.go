package wallet_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/chain"
	"github.com/keymaker-agent/keymaker/chain/fork"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

// otherEVM makes a chain look like one whose EVM is not Ethereum's, so that its node runs the dry run.
type otherEVM struct {
	*chain.Client
	mute bool // the node traces nothing
}

func (o otherEVM) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	err := o.Client.Batch(ctx, elems)
	for i := range elems {
		e := &elems[i]
		raw := e.Result.(*json.RawMessage)
		if o.mute && e.Method == "debug_traceCall" {
			*raw = json.RawMessage(`{"an":"error"}`)
			e.Error = refusesTraces{}
		}
		var header map[string]any
		if strings.HasPrefix(e.Method, "eth_getBlockBy") && e.Error == nil && json.Unmarshal(*raw, &header) == nil && header != nil {
			header["difficulty"] = "0x1"
			*raw, _ = json.Marshal(header)
		}
	}
	return err
}

type refusesTraces struct{}

func (refusesTraces) Error() string  { return "no such method" }
func (refusesTraces) ErrorCode() int { return -32601 }

func TestAPaymentIsMeasuredByTheNodeWhereTheEVMIsNotEthereums(t *testing.T) {
	r := newReal(t)
	ctx := t.Context()
	g := wallet.NewGate(r.config)
	prepare := func(mute bool) *wallet.Prepared {
		f, err := fork.New(ctx, otherEVM{r.client, mute})
		if err != nil {
			t.Fatal(err)
		}
		p, err := g.Prepare(ctx, f, r.payment(5_000_000))
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := prepare(true); p.Verdict.Decision != wallet.Deny || !slices.Contains(reasons(p.Verdict), refusal.EffectsUnknown) {
		t.Errorf("where the node tells no calls: %+v", p.Verdict)
	}
	p := prepare(false)
	if got := reasons(p.Verdict); p.Verdict.Decision != wallet.Ask || !slices.Equal(got, []refusal.Reason{refusal.NewRecipient, refusal.NoLimit}) {
		t.Fatalf("verdict = %+v", p.Verdict)
	}
	if len(p.Outflow) != 1 || p.Outflow[0].String() != "5 USDC" {
		t.Errorf("outflow = %v", p.Outflow)
	}
	receipts, err := g.Execute(ctx, p, wallet.Approve(p, "test", time.Now()), right, nil)
	if err != nil || len(receipts) != 1 || receipts[0].State != wallet.Mined || receipts[0].GasUsed != p.Effects.Txs[0].GasUsed {
		t.Fatalf("Execute = %+v, %v", receipts, err)
	}
}
