package pool

import (
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/shared"
)

// answers reads files of recorded answers of real contracts: what was asked, as "contract|function|…", and what came back.
func answers(t *testing.T, pattern string) map[string]uint256.Int {
	t.Helper()
	all := map[string]uint256.Int{}
	for _, name := range parityFiles(t, pattern) {
		var file struct {
			Entries map[string]struct{ Value json.Number }
		}
		readJSON(t, name, &file)
		for question, answer := range file.Entries {
			all[question] = dec(answer.Value.String())
		}
	}
	return all
}

// parityFiles finds recorded states and answers, or none where there are none here.
func parityFiles(t *testing.T, pattern string) []string {
	t.Helper()
	dir, ok := shared.Dir(t)
	if !ok {
		t.Log("no recorded answers here; the cases in this file stand for them")
		return nil
	}
	files, err := filepath.Glob(filepath.Join(dir, "routing", "parity", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no %s among the recorded answers: %v", pattern, err)
	}
	return files
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// wide is a number of a recorded state.
type wide struct{ uint256.Int }

func (w *wide) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		return nil
	}
	return w.SetFromDecimal(strings.Trim(string(text), `"`))
}

func narrow(all []wide) []uint256.Int {
	out := make([]uint256.Int, len(all))
	for i := range all {
		out[i] = all[i].Int
	}
	return out
}

// vaultState is a recorded state of a pool of Balancer.
type vaultState struct {
	Address string
	Tokens  []struct {
		Address  common.Address
		Symbol   string
		Decimals uint8
	}
	Balances, Weights []wide
	Fee               string // a fraction
	Pow               string `json:"pow_version"`
	Amp               uint64
	Scaling           []wide `json:"resolved_scaling_factors"`
	Shares            *int   `json:"bpt_idx"`
	Rounding          int    `json:"invariant_version"`
}

func (s *vaultState) site(kind string) Site {
	site := Site{ID: s.Address, Kind: kind, Venue: "balancer"}
	for _, t := range s.Tokens {
		site.Tokens = append(site.Tokens, t.Address)
	}
	return site
}

// fraction is a fraction of 1e18.
func fraction(t *testing.T, s string) uint64 {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("no fraction: %s", s)
	}
	r.Mul(r, big.NewRat(unit18, 1))
	if !r.IsInt() {
		t.Fatalf("%s is no whole part of 1e18", s)
	}
	return r.Num().Uint64()
}

func (s *vaultState) place(t *testing.T, name string) int {
	t.Helper()
	for i, token := range s.Tokens {
		if token.Symbol == name || name == fmt.Sprintf("i=%d", i) || name == fmt.Sprintf("j=%d", i) {
			return i
		}
	}
	t.Fatalf("%s has no token %s", s.Address, name)
	return 0
}

// vaultQuestion takes "pool|querySwap|GIVEN_IN|i=0|j=1|amount" or "pool|querySwap|GIVEN_IN|A->B|amount" apart.
func vaultQuestion(question string) (pool string, givenOut bool, in, out string, amount uint256.Int) {
	parts := strings.Split(question, "|")
	in, out, ok := strings.Cut(parts[3], "->")
	if !ok {
		in, out = parts[3], parts[4]
	}
	return strings.ToLower(parts[0]), parts[2] == "GIVEN_OUT", in, out, dec(parts[len(parts)-1])
}

func trade(p Pool, givenOut bool, in, out int, amount *uint256.Int) (uint256.Int, error) {
	if givenOut {
		x, _, err := p.In(in, out, amount)
		return x, err
	}
	x, _, err := p.Out(in, out, amount)
	return x, err
}

func TestWeightedPoolsAnswerAsTheContractsDid(t *testing.T) {
	pools := map[string]Pool{}
	states := map[string]*vaultState{}
	for _, name := range parityFiles(t, "chain__*__balancer_weighted_*.json") {
		var s vaultState
		readJSON(t, name, &s)
		var decimals []uint8
		for _, token := range s.Tokens {
			decimals = append(decimals, token.Decimals)
		}
		p, err := NewWeighted(s.site("balancer-weighted"), narrow(s.Balances), narrow(s.Weights), fraction(t, s.Fee), decimals, s.Pow == "v2")
		if err != nil {
			t.Fatal(err)
		}
		pools[strings.ToLower(s.Address)], states[strings.ToLower(s.Address)] = p, &s
	}
	asked := 0
	for question, want := range answers(t, "golden__balancer__test_balancer_v2_*.json") {
		pool, givenOut, in, out, amount := vaultQuestion(question)
		s := states[pool]
		got, err := trade(pools[pool], givenOut, s.place(t, in), s.place(t, out), &amount)
		if err != nil && !want.IsZero() || !got.Eq(&want) {
			t.Errorf("%s: %s, want %s (%v)", question, got.Dec(), want.Dec(), err)
		}
		asked++
	}
	t.Logf("%d answers, to the wei", asked)
}

func TestStablePoolsOfBalancerAnswerAsTheContractsDid(t *testing.T) {
	pools := map[string]Pool{}
	states := map[string]*vaultState{}
	for _, name := range parityFiles(t, "chain__*__balancer_stable_*.json") {
		var s vaultState
		readJSON(t, name, &s)
		site, balances, scaling := s.site("balancer-stable"), narrow(s.Balances), narrow(s.Scaling)
		if s.Shares != nil { // the pool's own shares are no balance of it
			k := *s.Shares
			site.Tokens = append(site.Tokens[:k:k], site.Tokens[k+1:]...)
			balances, scaling = append(balances[:k:k], balances[k+1:]...), append(scaling[:k:k], scaling[k+1:]...)
		}
		p, err := NewAmplified(site, balances, scaling, s.Amp, fraction(t, s.Fee), s.Rounding == 2)
		if err != nil {
			t.Fatal(err)
		}
		pools[strings.ToLower(s.Address)], states[strings.ToLower(s.Address)] = p, &s
	}
	asked := 0
	for question, want := range answers(t, "golden__balancer__test_balancer_stable_*.json") {
		pool, givenOut, in, out, amount := vaultQuestion(question)
		s := states[pool]
		i, j := s.place(t, in), s.place(t, out)
		if s.Shares != nil && i > *s.Shares {
			i--
		}
		if s.Shares != nil && j > *s.Shares {
			j--
		}
		got, err := trade(pools[pool], givenOut, i, j, &amount)
		if err != nil && !want.IsZero() || !got.Eq(&want) {
			t.Errorf("%s: %s, want %s (%v)", question, got.Dec(), want.Dec(), err)
		}
		asked++
	}
	t.Logf("%d answers, to the wei", asked)
}
