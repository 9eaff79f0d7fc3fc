package observe

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"maps"
	"math/big"
	"slices"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/rpc"

	"github.com/keymaker-agent/keymaker/rewards/usage"
)

// tb is testing.TB and rapid.TB.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Context() context.Context
}

var at = Contracts{
	Stakes: common.HexToAddress("0x51"), Subnets: common.HexToAddress("0x52"), Governance: common.HexToAddress("0x53"),
	Distributor: common.HexToAddress("0x54"), Calendar: usage.Calendar{Start: 1000, Length: 100},
}

// history is a chain with the three contracts, of which it keeps what they would.
type history struct {
	blocks  []block
	amounts map[position]uint64
	sums    map[common.Hash]uint64
	subnets map[common.Hash]setting
	staked  uint64
	payouts uint64
	salt    byte // of the hashes, so that two histories differ from here on
	final   int  // finalised block; 0: the newest
}

type block struct {
	time    uint64
	hash    common.Hash
	logs    []logJSON
	staked  uint64
	payouts uint64
	subnets map[common.Hash]setting
	amounts map[position]uint64
}

func newHistory() *history {
	h := &history{amounts: map[position]uint64{}, sums: map[common.Hash]uint64{}, subnets: map[common.Hash]setting{}}
	h.mine(900)
	return h
}

// fork is a history of its own that has been the same so far.
func (h *history) fork(blocks int, salt byte) *history {
	last := h.blocks[blocks-1]
	return &history{
		blocks: slices.Clone(h.blocks[:blocks]), amounts: maps.Clone(last.amounts), sums: sumsOf(last.amounts),
		subnets: maps.Clone(last.subnets), staked: last.staked, payouts: last.payouts, salt: salt,
	}
}

func sumsOf(amounts map[position]uint64) map[common.Hash]uint64 {
	sums := map[common.Hash]uint64{}
	for p, n := range amounts {
		sums[p.subject] += n
	}
	return sums
}

// mine begins a block. What is logged after it is in it.
func (h *history) mine(time uint64) {
	b := block{time: time, hash: sha256.Sum256([]byte{h.salt, byte(len(h.blocks)), byte(len(h.blocks) >> 8)})}
	h.blocks = append(h.blocks, b)
	h.note()
}

func (h *history) last() *block { return &h.blocks[len(h.blocks)-1] }

func (h *history) note() {
	b := h.last()
	b.staked, b.payouts, b.subnets, b.amounts = h.staked, h.payouts, maps.Clone(h.subnets), maps.Clone(h.amounts)
}

func (h *history) log(from common.Address, event abi.Event, indexed []common.Hash, args ...any) {
	data, err := event.Inputs.NonIndexed().Pack(args...)
	if err != nil {
		panic(err)
	}
	b := h.last()
	number, index := hexutil.Uint64(len(h.blocks)-1), hexutil.Uint64(2*len(b.logs)) // others log between them
	tx := transaction(b.hash, len(b.logs))
	b.logs = append(b.logs, logJSON{
		Address: &from, Topics: append([]common.Hash{event.ID}, indexed...), Data: data, Block: &number, Hash: &b.hash, Tx: &tx, Index: &index,
	})
	h.note()
}

func transaction(block common.Hash, i int) common.Hash {
	return sha256.Sum256(binary.BigEndian.AppendUint64(block[:], uint64(i)))
}

func word32(a common.Address) common.Hash { return common.BytesToHash(a[:]) }

func big64(n uint64) *big.Int { return new(big.Int).SetUint64(n) }

func (h *history) stake(account common.Address, subject common.Hash, amount uint64) {
	p := position{subject, account}
	h.amounts[p] += amount
	h.sums[subject] += amount
	h.staked += amount
	h.log(at.Stakes, stakes().GetABI().Events["Staked"], []common.Hash{word32(account), subject},
		big64(amount), big64(h.amounts[p]), uint64(0), big64(h.sums[subject]))
}

func (h *history) withdraw(account common.Address, subject common.Hash, amount uint64) {
	p := position{subject, account}
	h.amounts[p] -= amount
	h.sums[subject] -= amount
	h.staked -= amount
	h.log(at.Stakes, stakes().GetABI().Events["Withdrawn"], []common.Hash{word32(account), subject},
		big64(amount), big64(h.amounts[p]), uint64(0), big64(h.sums[subject]))
}

func (h *history) set(id common.Hash, treasury common.Address, fee uint64) {
	h.subnets[id] = setting{id, treasury, word(big64(fee))}
	h.log(at.Subnets, subnets().GetABI().Events["SubnetSet"], []common.Hash{id, word32(treasury)}, big64(fee))
}

func (h *history) pay(proposal uint64, to common.Address, amount uint64) {
	h.payouts += amount
	h.log(at.Governance, governances().GetABI().Events["Payout"], []common.Hash{common.BigToHash(big64(proposal)), word32(to)}, big64(amount))
}

// endpoint serves a history as nodes do.
type endpoint struct {
	*history
	most     uint64                              // blocks whose logs it gives at once; 0: any number
	asked    int                                 // requests of the whole endpoint
	later    map[int]*history                    // what it serves from a request on
	change   func(method string, answer any) any // what becomes of an answer
	refuses  map[string]error                    // methods that it does not serve
	receipts map[common.Hash]any
	failing  int // calls of Batch from which on it is down; 0: never
	calls    int
}

func serve(h *history) *endpoint { return &endpoint{history: h} }

type answerError string

func (e answerError) Error() string { return string(e) }
func (answerError) ErrorCode() int  { return -32000 }

func (e *endpoint) Batch(ctx context.Context, elems []rpc.BatchElem) error {
	e.calls++
	if e.failing > 0 && e.calls >= e.failing {
		return nonsense("it is down")
	}
	for i := range elems {
		e.asked++
		if h, ok := e.later[e.asked]; ok {
			e.history = h
		}
		answer, err := e.answer(elems[i].Method, elems[i].Args)
		if e.change != nil && err == nil {
			answer = e.change(elems[i].Method, answer)
		}
		if err != nil {
			elems[i].Error = err
			continue
		}
		text, err := json.Marshal(answer)
		if err != nil {
			return err
		}
		elems[i].Error = json.Unmarshal(text, elems[i].Result)
	}
	return ctx.Err()
}

func (e *endpoint) answer(method string, args []any) (any, error) {
	if err := e.refuses[method]; err != nil {
		return nil, err
	}
	switch method {
	case "eth_getBlockByNumber":
		return e.header(args[0]), nil
	case "eth_getLogs":
		return e.logsOf(args[0].(map[string]any))
	case "eth_getTransactionReceipt":
		return e.receipts[args[0].(common.Hash)], nil
	default:
		msg := args[0].(map[string]any)
		return e.view(msg["to"].(common.Address), msg["input"].(hexutil.Bytes), args[1])
	}
}

func (e *endpoint) header(asked any) any {
	n := len(e.blocks) - 1
	switch asked := asked.(type) {
	case hexutil.Uint64:
		n = int(asked)
	case string:
		if asked == "finalized" && e.final > 0 {
			n = e.final
		}
	}
	if n >= len(e.blocks) {
		return nil
	}
	return map[string]any{
		"number": hexutil.Uint64(n), "hash": e.blocks[n].hash, "timestamp": hexutil.Uint64(e.blocks[n].time), "baseFeePerGas": hexutil.Uint64(7),
	}
}

func (e *endpoint) logsOf(filter map[string]any) (any, error) {
	from, to := uint64(filter["fromBlock"].(hexutil.Uint64)), uint64(filter["toBlock"].(hexutil.Uint64))
	if e.most > 0 && to-from >= e.most {
		return nil, answerError("query returned too much")
	}
	all := []map[string]any{}
	for n := from; n <= to && n < uint64(len(e.blocks)); n++ {
		for _, l := range e.blocks[n].logs {
			if !slices.Contains(filter["address"].([]common.Address), *l.Address) || !slices.Contains(filter["topics"].([]any)[0].([]common.Hash), l.Topics[0]) {
				continue
			}
			all = append(all, map[string]any{
				"address": l.Address, "topics": l.Topics, "data": l.Data, "blockNumber": l.Block, "blockHash": l.Hash,
				"transactionHash": l.Tx, "logIndex": l.Index, "removed": false,
			})
		}
	}
	return all, nil
}

func (e *endpoint) view(to common.Address, data []byte, block any) (any, error) {
	n := len(e.blocks) - 1
	if asked, ok := block.(hexutil.Uint64); ok {
		n = int(asked)
	}
	if n >= len(e.blocks) {
		return nil, answerError("header not found")
	}
	b := e.blocks[n]
	answer := func(words ...[]byte) (any, error) { return hexutil.Bytes(slices.Concat(words...)), nil }
	number := func(n uint64) []byte { return common.BigToHash(big64(n)).Bytes() }
	switch selector := string(data[:4]); {
	case to == at.Stakes && selector == string(stakes().PackStaked()):
		return answer(number(b.staked))
	case to == at.Stakes && selector == string(stakes().PackSubnets()):
		return answer(word32(at.Subnets).Bytes())
	case to == at.Governance && selector == string(governances().PackPayouts()):
		return answer(number(b.payouts))
	case to == at.Governance && selector == string(governances().PackStakes()):
		return answer(word32(at.Stakes).Bytes())
	case to == at.Governance && selector == string(governances().PackDistributor()):
		return answer(word32(at.Distributor).Bytes())
	case to == at.Distributor && selector == string(distributors().PackStart()):
		return answer(number(uint64(at.Calendar.Start)))
	case to == at.Distributor && selector == string(distributors().PackEpochLength()):
		return answer(number(uint64(at.Calendar.Length)))
	case to == at.Subnets && selector == string(subnets().PackSubnet([32]byte{})[:4]):
		if s, ok := b.subnets[common.Hash(data[4:])]; ok {
			fee := s.fee.Bytes32()
			return answer(word32(s.treasury).Bytes(), fee[:])
		}
	}
	return nil, answerError("execution reverted")
}

// lines keeps what is observed as the lines of a ledger.
type lines struct {
	text   []byte
	all    []usage.Entry
	again  int
	failAt int // entries after which it takes no more; 0: never
}

func (l *lines) Add(e *usage.Entry) (err error) {
	if l.text, err = usage.AppendEntry(l.text, e); err != nil {
		return err
	}
	l.text = append(l.text, '\n')
	l.all = append(l.all, *e)
	if len(l.all) == l.failAt {
		return errFull
	}
	return nil
}

func (l *lines) Again() error {
	l.text, l.all, l.again = nil, nil, l.again+1
	return nil
}

type full struct{}

func (full) Error() string { return "the disk is full" }

var errFull = full{}

// observed is what an endpoint's chain says of an epoch.
func observe(t tb, e *endpoint, o Order) *lines {
	t.Helper()
	o.Contracts = at
	var l lines
	if _, err := Observe(t.Context(), e, o, &l, func(Progress) {}); err != nil {
		t.Fatalf("epoch %d: %v", o.Epoch, err)
	}
	return &l
}
