package fork

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/internal/untrusted"
)

// What goes to eth_simulateV1 and to debug_traceCall, and what comes back. Answers are read strictly: a field that is missing, cut or of
// another type, a call too few or too many, and a block with another number or time than was asked for are errors.

// wireBlock is a block of calls.
type wireBlock struct {
	Env   wireEnv                      `json:"blockOverrides"`
	State map[common.Address]wireState `json:"stateOverrides,omitempty"`
	Calls []wireCall                   `json:"calls"`
}

// wireEnv is what a block is told to be, where the chain's own rules don't say it.
type wireEnv struct {
	Number  *hexutil.Uint64 `json:"number,omitempty"`
	Time    hexutil.Uint64  `json:"time"`
	Miner   *common.Address `json:"feeRecipient,omitempty"`
	Random  *common.Hash    `json:"prevRandao,omitempty"`
	BaseFee *hexutil.U256   `json:"baseFeePerGas,omitempty"`
}

// wireState is what an account is told to hold. A nil State leaves slots as they are, an empty one clears them.
type wireState struct {
	Balance *hexutil.U256               `json:"balance,omitempty"`
	Nonce   *hexutil.Uint64             `json:"nonce,omitempty"`
	Code    *hexutil.Bytes              `json:"code,omitempty"`
	State   map[common.Hash]common.Hash `json:"state,omitzero"`
	Diff    map[common.Hash]common.Hash `json:"stateDiff,omitempty"`
}

// wireCall is a transaction without a signature.
type wireCall struct {
	From        common.Address               `json:"from"`
	To          *common.Address              `json:"to,omitempty"`
	Nonce       *hexutil.Uint64              `json:"nonce,omitempty"` // nil: the account's next
	Gas         hexutil.Uint64               `json:"gas"`
	FeeCap      *hexutil.U256                `json:"maxFeePerGas"`
	TipCap      *hexutil.U256                `json:"maxPriorityFeePerGas"`
	Value       *hexutil.U256                `json:"value"`
	Input       hexutil.Bytes                `json:"input"`
	Access      types.AccessList             `json:"accessList,omitempty"`
	Delegations []types.SetCodeAuthorization `json:"authorizationList,omitempty"`
}

// Bounds of an answer.
const (
	mostAnswerBytes = 32 << 20
	mostLogs        = 10_000 // of one transaction
)

// wireMined is a block as it was simulated.
type wireMined struct {
	baseFee uint256.Int
	calls   []wireDone
}

// wireDone is what became of one call.
type wireDone struct {
	out   evm.Outcome // without logs
	logs  []Log
	moves []wireMove
}

// wireMove is a move of the chain's coin, as it is told in the place of a log.
type wireMove struct {
	from, to common.Address
	value    uint256.Int
}

// coinMoves is the address under which eth_simulateV1 logs moves of the chain's coin (ERC-7528). Nothing can have code there.
var coinMoves = common.HexToAddress("0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE")

var errAnswer = errors.New("the remote's answer to eth_simulateV1 can't be read")

func badAnswer(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errAnswer, fmt.Sprintf(format, args...))
}

// decodeMined reads the answer to a request of these blocks, on top of a block of that number.
func decodeMined(raw json.RawMessage, asked []wireBlock, on uint64) ([]wireMined, error) {
	if len(raw) > mostAnswerBytes {
		return nil, badAnswer("more than %d bytes", mostAnswerBytes)
	}
	var blocks []*struct {
		Number  *hexutil.Uint64   `json:"number"`
		Time    *hexutil.Uint64   `json:"timestamp"`
		BaseFee *hexutil.U256     `json:"baseFeePerGas"`
		Calls   []json.RawMessage `json:"calls"`
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return nil, badAnswer("%s", untrusted.Text(err.Error(), reasonLimit))
	}
	if len(blocks) != len(asked) {
		return nil, badAnswer("%d blocks, not %d", len(blocks), len(asked))
	}
	mined := make([]wireMined, len(asked))
	for i, b := range blocks {
		switch {
		case b == nil || b.Number == nil || b.Time == nil || b.BaseFee == nil:
			return nil, badAnswer("block %d is not whole", i+1)
		case uint64(*b.Number) != on+uint64(i)+1 || *b.Time != asked[i].Env.Time:
			return nil, badAnswer("block %d at time %d, not block %d at time %d", *b.Number, *b.Time, on+uint64(i)+1, asked[i].Env.Time)
		case len(b.Calls) != len(asked[i].Calls):
			return nil, badAnswer("%d calls of block %d, not %d", len(b.Calls), i+1, len(asked[i].Calls))
		}
		mined[i] = wireMined{baseFee: uint256.Int(*b.BaseFee), calls: make([]wireDone, len(b.Calls))}
		for j, raw := range b.Calls {
			done, err := decodeDone(raw, uint64(asked[i].Calls[j].Gas))
			if err != nil {
				return nil, fmt.Errorf("call %d of block %d: %w", j+1, i+1, err)
			}
			mined[i].calls[j] = done
		}
	}
	return mined, nil
}

// revertCode is how nodes say that a contract reverted.
const revertCode = 3

func decodeDone(raw json.RawMessage, limit uint64) (d wireDone, err error) {
	var c *struct {
		Status *hexutil.Uint64 `json:"status"`
		Used   *hexutil.Uint64 `json:"gasUsed"`
		Peak   *hexutil.Uint64 `json:"maxUsedGas"`
		Return *hexutil.Bytes  `json:"returnData"`
		Logs   *[]*wireLog     `json:"logs"`
		Error  *struct {
			Code    *int           `json:"code"`
			Message *string        `json:"message"`
			Data    *hexutil.Bytes `json:"data"`
		} `json:"error"`
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return d, badAnswer("%s", untrusted.Text(err.Error(), reasonLimit))
	}
	if c == nil || c.Status == nil || c.Used == nil || c.Return == nil || c.Logs == nil {
		return d, badAnswer("a result is not whole")
	}
	if *c.Status > 1 || (*c.Status == 1) != (c.Error == nil) {
		return d, badAnswer("status %d with an error, or without one", *c.Status)
	}
	d.out = evm.Outcome{Used: uint64(*c.Used), Peak: uint64(*c.Used), Return: *c.Return}
	if c.Peak != nil {
		d.out.Peak = uint64(*c.Peak)
	}
	if d.out.Used > limit || d.out.Peak < d.out.Used || d.out.Peak > limit {
		return d, badAnswer("%d gas was used of %d", max(d.out.Used, d.out.Peak), limit)
	}
	if c.Error != nil {
		if c.Error.Code == nil || c.Error.Message == nil {
			return d, badAnswer("an error without a code or a message")
		}
		d.out.Failure = errors.New(*c.Error.Message)
		if *c.Error.Code == revertCode {
			d.out.Failure = evm.ErrReverted
		}
		if c.Error.Data != nil {
			d.out.Return = *c.Error.Data
		}
	}
	return d, d.readLogs(*c.Logs)
}

type wireLog struct {
	Address *common.Address `json:"address"`
	Topics  *[]common.Hash  `json:"topics"`
	Data    *hexutil.Bytes  `json:"data"`
}

func (d *wireDone) readLogs(all []*wireLog) error {
	if len(all) > mostLogs {
		return badAnswer("more than %d logs", mostLogs)
	}
	if d.out.Failure != nil && len(all) > 0 {
		return badAnswer("a call that failed has logs")
	}
	d.logs = make([]Log, 0, len(all))
	for _, l := range all {
		if l == nil || l.Address == nil || l.Topics == nil || l.Data == nil || len(*l.Topics) > 4 {
			return badAnswer("a log is not whole")
		}
		if *l.Address != coinMoves {
			d.logs = append(d.logs, Log{Address: *l.Address, Topics: *l.Topics, Data: *l.Data})
			continue
		}
		if t := *l.Topics; len(t) != 3 || t[0] != topicTransfer || len(*l.Data) != wordLength {
			return badAnswer("a move of the chain's coin is no move")
		}
		move := wireMove{from: common.BytesToAddress((*l.Topics)[1][:]), to: common.BytesToAddress((*l.Topics)[2][:])}
		move.value.SetBytes(*l.Data)
		d.moves = append(d.moves, move)
	}
	return nil
}

// same reports whether two runs of one call came to the same.
func (d *wireDone) same(other *wireDone) bool {
	return d.out.Used == other.out.Used && (d.out.Failure == nil) == (other.out.Failure == nil) &&
		bytes.Equal(d.out.Return, other.out.Return) && slices.EqualFunc(d.logs, other.logs, sameLog) && slices.Equal(d.moves, other.moves)
}
