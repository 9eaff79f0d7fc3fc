package snapshot

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/router/pool"
	"github.com/keymaker-agent/keymaker/router/pool/line"
)

// addressOf is the n-th address of these tests.
func addressOf(n int) common.Address {
	return common.BigToAddress(uint256.NewInt(uint64(n) + 1).ToBig())
} //nolint:gosec // small

const header = `{"type":"snapshot","version":1,"chain_id":1,"block":100,"note":"drawn"}`

func tokenLine(n int) string {
	return fmt.Sprintf(`{"type":"token","address":%q,"symbol":"T%d","decimals":18}`, line.Lower(addressOf(n)), n%7)
}

func pairLine(id string, a, b int, reserve0, reserve1 string) string {
	return fmt.Sprintf(`{"type":"pool","id":%q,"kind":"uniswap-v2","venue":"v","tokens":[%q,%q],"reserves":[%q,%q],"fee_ppm":3000}`,
		id, line.Lower(addressOf(a)), line.Lower(addressOf(b)), reserve0, reserve1)
}

const ticksLine = `{"type":"pool","id":"t","kind":"uniswap-v3","venue":"v","tokens":["%s","%s"],"fee_ppm":500,"tick_spacing":10,` +
	`"sqrt_price_x96":"79228162514264337593543950336","tick":0,"liquidity":"1000000000000000000","ticks":[[-100,"1000000000000000000"],[100,"-1000000000000000000"]]}`

func tickPoolLine(a, b int) string {
	return fmt.Sprintf(ticksLine, line.Lower(addressOf(a)), line.Lower(addressOf(b)))
}

// sample is three tokens, two pairs and a pool with ticks.
func sample() []string {
	return []string{
		header, tokenLine(0), tokenLine(1), tokenLine(2),
		pairLine("p", 0, 1, "1000000", "2000000"), pairLine("q", 1, 2, "3000000", "4000000"), tickPoolLine(0, 2),
	}
}

func load(t testing.TB, lines ...string) *State {
	t.Helper()
	s, err := Load(strings.NewReader(strings.Join(lines, "\n")+"\n"), Choice{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func reserves(s *State, id string) string {
	n, ok := s.PoolOf(id)
	if !ok {
		return "no pool"
	}
	a, b := s.Pool(n).(*pool.V2).Reserves()
	return a.Dec() + "/" + b.Dec()
}

func synced(id string, a, b uint64) Event {
	return Event{Pool: id, What: pool.Sync{Reserve0: *uint256.NewInt(a), Reserve1: *uint256.NewInt(b)}}
}

func hash(n int) common.Hash { return common.BigToHash(uint256.NewInt(uint64(n)).ToBig()) } //nolint:gosec // small

func TestEveryPlaceOfATokenIsFound(t *testing.T) {
	s := load(t, sample()...)
	if s.Pools() != 3 || len(s.Tokens()) != 3 || s.Block != 100 || s.Chain != 1 || s.Note != "drawn" {
		t.Fatalf("%d pools and %d tokens of block %d", s.Pools(), len(s.Tokens()), s.Block)
	}
	found := 0
	for n, token := range s.Tokens() {
		if got, ok := s.Token(token.Address); !ok || got != n {
			t.Errorf("token %d is found as %d", n, got)
		}
		last := int32(-1)
		for _, place := range s.Places(n) {
			site := s.Pool(int(place.Pool)).Site()
			if site.Tokens[place.Index] != token.Address || s.Held(int(place.Pool))[place.Index] != int32(n) || place.Pool <= last {
				t.Errorf("token %d is not at %v", n, place)
			}
			last, found = place.Pool, found+1
		}
	}
	if found != 6 {
		t.Errorf("%d places, want 6", found)
	}
	if _, ok := s.Token(addressOf(9)); ok {
		t.Error("a token that is not there was found")
	}
	if _, ok := s.PoolOf("none"); ok {
		t.Error("a pool that is not there was found")
	}
}

func TestOnlyPoolsOfAllowedTokensAreTaken(t *testing.T) {
	allowed := map[common.Address]bool{addressOf(0): true, addressOf(1): true}
	s, err := Load(strings.NewReader(strings.Join(sample(), "\n")), Choice{Tokens: allowed})
	if err != nil {
		t.Fatal(err)
	}
	if s.Pools() != 1 || s.NotAllowed != 2 || len(s.Tokens()) != 2 {
		t.Fatalf("%d pools, %d left out, %d tokens", s.Pools(), s.NotAllowed, len(s.Tokens()))
	}
	if _, ok := s.PoolOf("q"); ok {
		t.Error("a pool with a token that is not allowed was taken")
	}
}

func TestPoolsOfUnknownKindsAreCountedAndLeftOut(t *testing.T) {
	odd := strings.Replace(pairLine("odd", 0, 1, "1", "1"), "uniswap-v2", "dodo", 1)
	s := load(t, append(sample(), odd, strings.Replace(odd, "odd", "odder", 1))...)
	if s.Pools() != 3 || s.Unknown["dodo"] != 2 {
		t.Fatalf("%d pools, left out %v", s.Pools(), s.Unknown)
	}
	if _, ok := s.PoolOf("odd"); ok {
		t.Error("a pool of no kind was found")
	}
}

func TestAStateIsReadAsItWasWritten(t *testing.T) {
	s := load(t, sample()...)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"plain":  func(b *bytes.Buffer) error { return Write(b, s) },
		"packed": func(b *bytes.Buffer) error { return WritePacked(b, s) },
	} {
		var text, again bytes.Buffer
		if err := write(&text); err != nil {
			t.Fatal(err)
		}
		back, err := Load(&text, Choice{})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := Write(&again, back); err != nil {
			t.Fatal(err)
		}
		for _, want := range sample()[:6] {
			if !strings.Contains(again.String(), want[:len(want)-20]) && !strings.Contains(want, "pool") {
				t.Errorf("%s: %s is gone from\n%s", name, want, again.String())
			}
		}
		if back.Block != s.Block || reserves(back, "q") != "3000000/4000000" || back.Pools() != 3 {
			t.Errorf("%s: became another", name)
		}
	}
}

func TestTickToTickPaysNoLess(t *testing.T) {
	text := strings.Join(sample(), "\n")
	s, err := Load(strings.NewReader(text), Choice{TickToTick: true})
	if err != nil {
		t.Fatal(err)
	}
	stops := load(t, sample()...)
	n, _ := s.PoolOf("t")
	for _, amount := range []uint64{1_000_000, 1_000_000_000_000_000} {
		free, _, err := s.Pool(n).Out(0, 1, uint256.NewInt(amount))
		if err != nil {
			t.Fatal(err)
		}
		held, _, err := stops.Pool(n).Out(0, 1, uint256.NewInt(amount))
		if err != nil || held.Gt(&free) {
			t.Errorf("%s from tick to tick, and %s by the contract (%v)", free.Dec(), held.Dec(), err)
		}
	}
}

func TestAReadersOwnErrorIsNoBadSnapshot(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := Load(failing{strings.NewReader(header + "\n"), broken}, Choice{})
	if !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
}

// failing gives what its reader has, and then its error.
type failing struct {
	*strings.Reader
	err error
}

func (f failing) Read(p []byte) (int, error) {
	if n, _ := f.Reader.Read(p); n > 0 {
		return n, nil
	}
	return 0, f.err
}

func TestAWritersErrorIsTold(t *testing.T) {
	full := errors.New("the disk is full")
	s := load(t, sample()...)
	for name, err := range map[string]error{"plain": Write(refusing{full}, s), "packed": WritePacked(refusing{full}, s)} {
		if !errors.Is(err, full) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type refusing struct{ err error }

func (r refusing) Write([]byte) (int, error) { return 0, r.err }
