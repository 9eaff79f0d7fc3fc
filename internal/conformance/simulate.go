package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
)

// ByCalls compares two answers to eth_simulateV1 by what their calls did: status, gas, return data, logs and error code of each,
// the number of blocks and of calls, and the code of an error in place of a result. Fields of blocks are left out, because a
// fork without a state trie can't know those that hang on the state root. A log is its address, topics and data.
//
//	err := conformance.ByCalls(conversation, recorded, answer)
func ByCalls(_ *Conversation, want, got json.RawMessage) error { return byCalls(want, got, false) }

// ByCallsIndexed compares as ByCalls does, and the logs' logIndex too. go-ethereum itself differs from its recording there.
func ByCallsIndexed(_ *Conversation, want, got json.RawMessage) error {
	return byCalls(want, got, true)
}

func byCalls(want, got json.RawMessage, indexed bool) error {
	w, err := decodeSimulated(want)
	if err != nil {
		return fmt.Errorf("recorded answer: %w", err)
	}
	g, err := decodeSimulated(got)
	if err != nil {
		return err
	}
	if w.Error != nil || g.Error != nil {
		return sameCode("answer", w.Error, g.Error)
	}
	if len(w.Result) != len(g.Result) {
		return fmt.Errorf("%d blocks, want %d", len(g.Result), len(w.Result))
	}
	for i := range w.Result {
		if len(w.Result[i].Calls) != len(g.Result[i].Calls) {
			return fmt.Errorf("block %d has %d calls, want %d", i, len(g.Result[i].Calls), len(w.Result[i].Calls))
		}
		for j := range w.Result[i].Calls {
			if err := w.Result[i].Calls[j].differ(&g.Result[i].Calls[j], indexed); err != nil {
				return fmt.Errorf("block %d, call %d: %w", i, j, err)
			}
		}
	}
	return nil
}

type simulated struct {
	Result []struct {
		Calls []simulatedCall `json:"calls"`
	} `json:"result"`
	Error *simulatedError `json:"error"`
}

type simulatedError struct {
	Code *int `json:"code"`
}

type simulatedCall struct {
	Status     *hexutil.Uint64 `json:"status"`
	GasUsed    *hexutil.Uint64 `json:"gasUsed"`
	ReturnData *hexutil.Bytes  `json:"returnData"`
	Logs       []simulatedLog  `json:"logs"`
	Error      *simulatedError `json:"error"`
}

type simulatedLog struct {
	Address  *common.Address `json:"address"`
	Topics   []common.Hash   `json:"topics"`
	Data     hexutil.Bytes   `json:"data"`
	LogIndex *hexutil.Uint64 `json:"logIndex"`
}

// decodeSimulated refuses an answer that leaves out what is compared, so that nothing is equal for being absent.
func decodeSimulated(raw json.RawMessage) (*simulated, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, fmt.Errorf("not an answer: %w", err)
	}
	s := new(simulated)
	if err := json.Unmarshal(raw, s); err != nil {
		return nil, fmt.Errorf("not an answer to eth_simulateV1: %w", err)
	}
	if s.Error == nil && s.Result == nil {
		return nil, errors.New("neither a result nor an error")
	}
	for i, b := range s.Result {
		for j, c := range b.Calls {
			if c.Status == nil || c.GasUsed == nil || c.ReturnData == nil {
				return nil, fmt.Errorf("block %d, call %d has no status, gasUsed or returnData", i, j)
			}
			for _, l := range c.Logs {
				if l.Address == nil || l.LogIndex == nil {
					return nil, fmt.Errorf("block %d, call %d has a log without address or logIndex", i, j)
				}
			}
		}
	}
	return s, nil
}

func (c *simulatedCall) differ(got *simulatedCall, indexed bool) error {
	switch {
	case *c.Status != *got.Status:
		return fmt.Errorf("status %d, want %d", *got.Status, *c.Status)
	case *c.GasUsed != *got.GasUsed:
		return fmt.Errorf("gas used %d, want %d", *got.GasUsed, *c.GasUsed)
	case !slices.Equal(*c.ReturnData, *got.ReturnData):
		return fmt.Errorf("return data %s, want %s", clip(got.ReturnData.String()), clip(c.ReturnData.String()))
	case len(c.Logs) != len(got.Logs):
		return fmt.Errorf("%d logs, want %d", len(got.Logs), len(c.Logs))
	}
	for i := range c.Logs {
		if err := c.Logs[i].differ(&got.Logs[i], indexed); err != nil {
			return fmt.Errorf("log %d: %w", i, err)
		}
	}
	return sameCode("call", c.Error, got.Error)
}

func (l *simulatedLog) differ(got *simulatedLog, indexed bool) error {
	switch {
	case *l.Address != *got.Address:
		return fmt.Errorf("of %s, want %s", got.Address, l.Address)
	case !slices.Equal(l.Topics, got.Topics):
		return fmt.Errorf("topics %s, want %s", got.Topics, l.Topics)
	case !slices.Equal(l.Data, got.Data):
		return fmt.Errorf("data %s, want %s", clip(got.Data.String()), clip(l.Data.String()))
	case indexed && *l.LogIndex != *got.LogIndex:
		return fmt.Errorf("index %d, want %d", *got.LogIndex, *l.LogIndex)
	}
	return nil
}

func sameCode(of string, want, got *simulatedError) error {
	name := func(e *simulatedError) string {
		switch {
		case e == nil:
			return "no error"
		case e.Code == nil:
			return "an error without a code"
		}
		return fmt.Sprintf("error %d", *e.Code)
	}
	if w, g := name(want), name(got); w != g {
		return fmt.Errorf("%s: %s, want %s", of, g, w)
	}
	return nil
}
