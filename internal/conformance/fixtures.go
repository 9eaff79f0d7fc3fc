package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/big"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rpc"
)

// Fixtures is go-ethereum's own tracer fixtures: transactions of real chains with the state that they met, and the trace that
// must come out. They come with go-ethereum's module.
//
//	run := func(ctx context.Context, f *conformance.Fixture, remote *rpc.Client) (json.RawMessage, error) {
//		if !f.Config.IsShanghai(...) {
//			return nil, conformance.OtherRules("the engine begins with Shanghai")
//		}
//		...                   // f.Tx from f.From in f.Block under f.Config, on remote's state
//		return trace, nil     // what f.Tracer with f.TracerConfig gives
//	}
//	tally := conformance.OpenFixtures(t).Run(t.Context(), run)
//	t.Log(tally)
//	tally.Require(t)
type Fixtures struct{ dir string }

// FixturesVariable names the folder testdata, where it is elsewhere than in go-ethereum's module.
const FixturesVariable = "KEYMAKER_TRACER_FIXTURES"

// OpenFixtures finds the suite.
func OpenFixtures(t testing.TB) *Fixtures {
	t.Helper()
	if dir := named(t, FixturesVariable); dir != "" {
		return &Fixtures{dir: dir}
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/ethereum/go-ethereum").Output()
	module := strings.TrimSpace(string(out))
	if err != nil || module == "" {
		t.Fatalf("find go-ethereum's module: %v; get it with: go mod download github.com/ethereum/go-ethereum", err)
	}
	dir := filepath.Join(module, "eth", "tracers", "internal", "tracetest", "testdata")
	if !isDir(dir) {
		t.Fatalf("go-ethereum's module has no %s; name the folder of its tracer fixtures in %s", dir, FixturesVariable)
	}
	return &Fixtures{dir: dir}
}

// fixtureFolders are the folders that are read, with the tracer that each is about.
var fixtureFolders = []struct{ folder, tracer string }{
	{"call_tracer", "callTracer"},
	{"call_tracer_withLog", "callTracer"},
	{"prestate_tracer", "prestateTracer"},
	{"prestate_tracer_with_diff_mode", "prestateTracer"},
	{"erc7562_tracer", "erc7562Tracer"},
}

// Fixture is one transaction and its trace.
type Fixture struct {
	Name         string // folder/test
	Tracer       string
	TracerConfig json.RawMessage // may be empty
	Config       *params.ChainConfig
	Block        FixtureBlock
	Alloc        types.GenesisAlloc
	Tx           *types.Transaction
	From         common.Address
	Want         json.RawMessage
	Old          string // of a block before EIP-158: why its state may not be told by plain reads; else empty
}

// FixtureBlock is the block that the transaction runs in.
type FixtureBlock struct {
	Number, Time, GasLimit uint64
	Coinbase               common.Address
	Difficulty             *big.Int
	BaseFee                *big.Int     // nil before London
	Random                 *common.Hash // nil before the merge
	BlobBaseFee            *big.Int     // nil before Cancun
}

const beforeEIP158 = "the block is from before EIP-158, when an empty account was another thing than none, which no plain read shows"

// FixtureExceptions are the fixtures that can't pass through plain reads, by name: gas or a refund hangs on that an account is
// empty and yet there.
var FixtureExceptions = map[string]string{
	"call_tracer_withLog/frontier_create_outofstorage":                     beforeEIP158,
	"call_tracer_withLog/multi_contracts":                                  beforeEIP158,
	"call_tracer_withLog/notopic":                                          beforeEIP158,
	"prestate_tracer_with_diff_mode/inner_create":                          beforeEIP158,
	"prestate_tracer_with_diff_mode/inner_create_disable_code_and_storage": beforeEIP158,
}

// FixtureRunner runs a fixture on a state that it reaches through remote alone, and returns its trace.
type FixtureRunner func(ctx context.Context, f *Fixture, remote *rpc.Client) (json.RawMessage, error)

type otherRules string

func (r otherRules) Error() string { return string(r) }

// OtherRules is what a runner returns for a fixture whose rules the engine does not have. The tally shows the reason.
func OtherRules(reason string) error { return otherRules(reason) }

// Run runs all fixtures.
func (s *Fixtures) Run(ctx context.Context, run FixtureRunner) *Tally {
	tally := NewTally("tracer fixtures", FixtureExceptions)
	for f := range loaded(ctx, tally, s.All()) {
		err := f.run(ctx, run)
		var other otherRules
		if errors.As(err, &other) {
			tally.LeaveOut(string(other))
			continue
		}
		tally.Count(f.Name, err)
	}
	return tally
}

func (f *Fixture) run(ctx context.Context, run FixtureRunner) error {
	return judged(f.Remote(), func(remote *rpc.Client) (json.RawMessage, error) { return run(ctx, f, remote) }, f.Judge)
}

// Remote is the state before the transaction, pinned at the block's parent. Its header has a base fee and no difficulty whatever
// the block's age, so that an engine that knows only today's headers can pin it too; the rules to run under are in Config.
func (f *Fixture) Remote() Remote {
	b := f.Block
	head := &types.Header{
		Number: new(big.Int).SetUint64(b.Number - 1), Time: b.Time - min(b.Time, 12), GasLimit: b.GasLimit, GasUsed: b.GasLimit / 2,
		BaseFee: new(big.Int), Difficulty: new(big.Int), Coinbase: b.Coinbase,
	}
	if b.BaseFee != nil {
		head.BaseFee = b.BaseFee
	}
	if b.BlobBaseFee != nil {
		head.ExcessBlobGas, head.BlobGasUsed = new(uint64), new(uint64)
	}
	return Remote{Config: f.Config, Head: head, Hash: stateBlockHash(b.Number - 1), Hashes: stateBlockHash, Alloc: f.Alloc}
}

// Judge compares a trace with the one that must come out, as go-ethereum's tests do: what the fixture says is read as the
// tracer's own type, and then the two must be equal.
func (f *Fixture) Judge(got json.RawMessage) error {
	want := f.Want
	if f.Tracer == "callTracer" {
		var frame callFrame
		if err := json.Unmarshal(want, &frame); err != nil {
			return fmt.Errorf("the fixture's result: %w", err)
		}
		var err error
		if want, err = json.Marshal(frame); err != nil {
			return err
		}
	}
	return Exact(&Conversation{}, want, got)
}

// callFrame is a frame of callTracer. Fixtures hold fields that the tracer once had, and these are left out.
type callFrame struct {
	From         common.Address  `json:"from"`
	Gas          *hexutil.Uint64 `json:"gas"`
	GasUsed      *hexutil.Uint64 `json:"gasUsed"`
	To           *common.Address `json:"to,omitempty"`
	Input        string          `json:"input"` // with or without 0x
	Output       hexutil.Bytes   `json:"output,omitempty"`
	Error        string          `json:"error,omitempty"`
	RevertReason string          `json:"revertReason,omitempty"`
	Calls        []callFrame     `json:"calls,omitempty"`
	Logs         []callFrameLog  `json:"logs,omitempty"`
	Value        *hexutil.Big    `json:"value,omitempty"`
	Type         string          `json:"type"`
}

type callFrameLog struct {
	Address  common.Address `json:"address"`
	Topics   []common.Hash  `json:"topics"`
	Data     hexutil.Bytes  `json:"data"`
	Index    hexutil.Uint   `json:"index"`
	Position hexutil.Uint   `json:"position"`
}

// All yields the fixtures in the order of their names. One is in memory at a time.
func (s *Fixtures) All() iter.Seq2[*Fixture, error] {
	return func(yield func(*Fixture, error) bool) {
		for file, err := range files(s.dir, ".json") {
			if err != nil {
				yield(nil, err)
				return
			}
			folder, _, _ := strings.Cut(file, "/")
			at := slices.IndexFunc(fixtureFolders, func(x struct{ folder, tracer string }) bool { return x.folder == folder })
			if at < 0 {
				continue
			}
			f, err := s.read(file, fixtureFolders[at].tracer)
			if err != nil {
				err = fmt.Errorf("%s: %w", file, err)
			}
			if !yield(f, err) || err != nil {
				return
			}
		}
	}
}

// fixtureFile is a fixture as it is written.
type fixtureFile struct {
	Genesis *core.Genesis `json:"genesis"`
	Context struct {
		Number     math.HexOrDecimal64   `json:"number"`
		Difficulty *math.HexOrDecimal256 `json:"difficulty"`
		Time       math.HexOrDecimal64   `json:"timestamp"`
		GasLimit   math.HexOrDecimal64   `json:"gasLimit"`
		Miner      common.Address        `json:"miner"`
		BaseFee    *math.HexOrDecimal256 `json:"baseFeePerGas"`
	} `json:"context"`
	Input        string          `json:"input"` // with or without 0x
	TracerConfig json.RawMessage `json:"tracerConfig"`
	Result       json.RawMessage `json:"result"`
}

func (s *Fixtures) read(file, tracer string) (*Fixture, error) {
	raw, err := readFile(s.dir, file)
	if err != nil {
		return nil, err
	}
	return decodeFixture(strings.TrimSuffix(file, ".json"), tracer, raw)
}

func decodeFixture(name, tracer string, raw []byte) (*Fixture, error) {
	var x fixtureFile
	if err := json.Unmarshal(raw, &x); err != nil {
		return nil, err
	}
	if x.Genesis == nil || x.Genesis.Config == nil || len(x.Result) == 0 || x.Context.Number == 0 {
		return nil, errors.New("a fixture needs genesis with its config, a result, and a block that has a parent")
	}
	if excess := x.Genesis.ExcessBlobGas; excess != nil && *excess > mostExcess {
		return nil, errMuchExcess
	}
	f := &Fixture{
		Name: name, Tracer: tracer, TracerConfig: x.TracerConfig, Config: x.Genesis.Config, Alloc: x.Genesis.Alloc, Want: x.Result,
		Tx: new(types.Transaction), Block: x.block(),
	}
	if err := f.Tx.UnmarshalBinary(common.FromHex(x.Input)); err != nil {
		return nil, fmt.Errorf("input: %w", err)
	}
	number := new(big.Int).SetUint64(f.Block.Number)
	if !f.Config.IsEIP158(number) {
		f.Old = beforeEIP158
	}
	var err error
	f.From, err = types.Sender(types.MakeSigner(f.Config, number, f.Block.Time), f.Tx)
	return f, err
}

func (x *fixtureFile) block() FixtureBlock {
	c, config := &x.Context, x.Genesis.Config
	b := FixtureBlock{
		Number: uint64(c.Number), Time: uint64(c.Time), GasLimit: uint64(c.GasLimit), Coinbase: c.Miner, Difficulty: (*big.Int)(c.Difficulty),
	}
	if config.IsLondon(new(big.Int).SetUint64(b.Number)) {
		b.BaseFee = (*big.Int)(c.BaseFee)
	}
	if ttd := config.TerminalTotalDifficulty; ttd != nil && ttd.Sign() == 0 {
		b.Random = &x.Genesis.Mixhash
	}
	if x.Genesis.ExcessBlobGas == nil || config.CancunTime == nil || eip4844.MaxBlobsPerBlock(config, *config.CancunTime) == 0 {
		return b
	}
	// The fixtures were made with the blob fee of the fork's first block.
	first := &types.Header{Number: config.LondonBlock, Time: *config.CancunTime}
	excess := eip4844.CalcExcessBlobGas(config, first, x.Genesis.Timestamp)
	first.ExcessBlobGas = &excess
	b.BlobBaseFee = eip4844.CalcBlobFee(config, first)
	return b
}
