package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/rpc"
	"github.com/holiman/uint256"
)

// defaultTip is what is offered where nobody says otherwise: one gwei. Blocks here take every transaction, so less would do too.
const defaultTip = 1_000_000_000

// MaxPriorityFeePerGas is the tip to offer, in wei.
func (a *ethAPI) MaxPriorityFeePerGas() hexutil.Uint64 { return defaultTip }

// GasPrice is what a transaction without a tip of its own should offer, in wei.
func (a *ethAPI) GasPrice() *hexutil.U256 {
	price := a.s.current().grow(a.s.now()).BaseFee
	return (*hexutil.U256)(price.AddUint64(&price, defaultTip))
}

// BaseFee is the next block's, in wei.
func (a *ethAPI) BaseFee() *hexutil.U256 {
	fee := a.s.current().grow(a.s.now()).BaseFee
	return (*hexutil.U256)(&fee)
}

// BlobBaseFee is the next block's, in wei.
func (a *ethAPI) BlobBaseFee() *hexutil.U256 {
	fee := a.s.current().grow(a.s.now()).BlobFee
	return (*hexutil.U256)(&fee)
}

// mostHistory is how many blocks one request may ask the fees of; with rewards, of half as many.
const (
	mostHistory     = 1024
	mostPercentiles = 100
)

// feeHistory is an answer to eth_feeHistory. Of the fees there is one more than blocks: the next block's.
type feeHistory struct {
	Oldest       *hexutil.Big     `json:"oldestBlock"`
	Reward       [][]*hexutil.Big `json:"reward,omitempty"`
	BaseFee      []*hexutil.Big   `json:"baseFeePerGas,omitempty"`
	GasUsedRatio []float64        `json:"gasUsedRatio"` // ratios are for display: no amount is computed from them
	BlobBaseFee  []*hexutil.Big   `json:"baseFeePerBlobGas,omitempty"`
	BlobRatio    []float64        `json:"blobGasUsedRatio,omitempty"`
}

// FeeHistory is what blocks cost. What is below the pin or at it is the remote's answer, what is above is added to it.
func (a *ethAPI) FeeHistory(ctx context.Context, count math.HexOrDecimal64, newest rpc.BlockNumber, percentiles []float64) (any, error) {
	b := a.s.current()
	last, err := a.s.resolve(ctx, b, newest)
	if err != nil {
		return nil, err
	}
	if last > b.head() {
		return nil, fmt.Errorf("request beyond head block: requested %d, head %d", last, b.head())
	}
	if err := checkPercentiles(percentiles); err != nil {
		return nil, err
	}
	n := min(uint64(count), mostHistory, last+1)
	if n == 0 {
		return feeHistory{Oldest: new(hexutil.Big), GasUsedRatio: nil}, nil
	}
	oldest := last + 1 - n
	if percentiles == nil {
		percentiles = []float64{}
	}
	if last <= b.pin.Number {
		return a.s.forward(ctx, "eth_feeHistory", hexutil.Uint64(n), hexutil.Uint64(last), percentiles)
	}
	h := feeHistory{Oldest: (*hexutil.Big)(new(big.Int).SetUint64(oldest))}
	if oldest <= b.pin.Number {
		raw, err := a.s.forward(ctx, "eth_feeHistory", hexutil.Uint64(b.pin.Number+1-oldest), hexutil.Uint64(b.pin.Number), percentiles)
		if err != nil {
			return nil, err
		}
		if err := h.begin(raw, b.pin.Number+1-oldest); err != nil {
			return nil, err
		}
	}
	for n := max(oldest, b.pin.Number+1); n <= last; n++ {
		h.add(b, b.local(n), percentiles)
	}
	next := b.grow(a.s.now())
	if l := b.local(last + 1); l != nil {
		next = l.env
	}
	h.BaseFee = append(h.BaseFee, (*hexutil.Big)(next.BaseFee.ToBig()))
	h.BlobBaseFee = append(h.BlobBaseFee, (*hexutil.Big)(next.BlobFee.ToBig()))
	return h, nil
}

func checkPercentiles(percentiles []float64) error {
	if len(percentiles) > mostPercentiles {
		return fmt.Errorf("invalid reward percentile: over the query limit %d", mostPercentiles)
	}
	for i, p := range percentiles {
		if !(p >= 0 && p <= 100) {
			return fmt.Errorf("invalid reward percentile: %f", p)
		}
		if i > 0 && p <= percentiles[i-1] {
			return fmt.Errorf("invalid reward percentile: #%d:%f >= #%d:%f", i-1, percentiles[i-1], i, p)
		}
	}
	return nil
}

// begin takes the remote's part. It may be shorter than what was asked for: then the history begins later.
func (h *feeHistory) begin(raw json.RawMessage, asked uint64) error {
	var r feeHistory
	if err := json.Unmarshal(raw, &r); err != nil || r.Oldest == nil || uint64(len(r.GasUsedRatio)) > asked {
		return errors.New("the remote's fee history can't be read")
	}
	n := len(r.GasUsedRatio)
	h.Oldest = (*hexutil.Big)(new(big.Int).Add(h.Oldest.ToInt(), new(big.Int).SetUint64(asked-uint64(n))))
	h.GasUsedRatio, h.BaseFee, h.BlobRatio = r.GasUsedRatio, r.BaseFee[:min(n, len(r.BaseFee))], r.BlobRatio
	h.BlobBaseFee, h.Reward = r.BlobBaseFee[:min(n, len(r.BlobBaseFee))], r.Reward
	for len(h.BlobBaseFee) < n {
		h.BlobBaseFee, h.BlobRatio = append(h.BlobBaseFee, new(hexutil.Big)), append(h.BlobRatio, 0)
	}
	return nil
}

func (h *feeHistory) add(b *branch, l *block, percentiles []float64) {
	h.BaseFee = append(h.BaseFee, (*hexutil.Big)(l.header.BaseFee))
	h.BlobBaseFee = append(h.BlobBaseFee, (*hexutil.Big)(l.env.BlobFee.ToBig()))
	h.GasUsedRatio = append(h.GasUsedRatio, float64(l.header.GasUsed)/float64(max(l.header.GasLimit, 1)))
	blobs := 0.0
	if most := b.remote.Rules().MaxBlobs(); most > 0 && l.header.BlobGasUsed != nil {
		blobs = float64(*l.header.BlobGasUsed) / float64(most*blobGas)
	}
	h.BlobRatio = append(h.BlobRatio, blobs)
	if len(percentiles) > 0 {
		h.Reward = append(h.Reward, l.rewards(percentiles))
	}
}

// rewards are the tips of a block's transactions at these shares of its gas.
func (b *block) rewards(percentiles []float64) []*hexutil.Big {
	type paid struct {
		gas uint64
		tip *big.Int
	}
	all := make([]paid, len(b.txs))
	for i, r := range b.receipts {
		all[i] = paid{r.GasUsed, new(big.Int).Sub(r.EffectiveGasPrice, b.header.BaseFee)}
	}
	slices.SortStableFunc(all, func(a, b paid) int { return a.tip.Cmp(b.tip) })
	rewards := make([]*hexutil.Big, len(percentiles))
	at, sum := 0, uint64(0)
	if len(all) > 0 {
		sum = all[0].gas
	}
	for i, p := range percentiles {
		rewards[i] = new(hexutil.Big)
		if len(all) == 0 {
			continue
		}
		for threshold := uint64(float64(b.header.GasUsed) * p / 100); sum < threshold && at < len(all)-1; {
			at++
			sum += all[at].gas
		}
		rewards[i] = (*hexutil.Big)(all[at].tip)
	}
	return rewards
}

// feesFor fills in the fees that a transaction leaves out, as nodes do: twice the base fee above the tip.
func (b *branch) feesFor(args *callArgs, next *uint256.Int, blob *uint256.Int) error {
	switch {
	case args.GasPrice != nil && (args.MaxFeePerGas != nil || args.MaxPriorityFeePerGas != nil):
		return errors.New("both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified")
	case args.GasPrice != nil && args.AuthorizationList != nil:
		return errors.New("both gasPrice and authorizationList specified")
	case args.MaxFeePerBlobGas != nil && args.MaxFeePerBlobGas.ToInt().Sign() == 0:
		return errors.New("maxFeePerBlobGas, if specified, must be non-zero")
	}
	if args.BlobVersionedHashes != nil && args.MaxFeePerBlobGas == nil {
		args.MaxFeePerBlobGas = (*hexutil.Big)(new(big.Int).Lsh(blob.ToBig(), 1))
	}
	if args.GasPrice != nil {
		return nil
	}
	if args.MaxPriorityFeePerGas == nil {
		tip := big.NewInt(defaultTip)
		if args.MaxFeePerGas != nil && args.MaxFeePerGas.ToInt().Cmp(tip) < 0 {
			tip = args.MaxFeePerGas.ToInt()
		}
		args.MaxPriorityFeePerGas = (*hexutil.Big)(tip)
	}
	if args.MaxFeePerGas == nil {
		fee := new(big.Int).Lsh(next.ToBig(), 1)
		args.MaxFeePerGas = (*hexutil.Big)(fee.Add(fee, args.MaxPriorityFeePerGas.ToInt()))
	}
	if args.MaxFeePerGas.ToInt().Cmp(args.MaxPriorityFeePerGas.ToInt()) < 0 {
		return fmt.Errorf("maxFeePerGas (%v) < maxPriorityFeePerGas (%v)", args.MaxFeePerGas, args.MaxPriorityFeePerGas)
	}
	return nil
}
