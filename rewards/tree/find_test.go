package tree

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ethereum/go-ethereum/common"
	"pgregory.net/rapid"
)

func TestEveryClaimThatWasWrittenIsFoundWithItsProof(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		claims := drawClaims(t)
		made := build(t, Standard, claims, 2)
		text := written(t, made)
		c := claims[rapid.IntRange(0, len(claims)-1).Draw(t, "claim")]
		p, err := Find(iotest.HalfReader(bytes.NewReader(text)), c.Account)
		if err != nil {
			t.Fatal(err)
		}
		want, err := made.Proof(c.Account)
		if err != nil {
			t.Fatal(err)
		}
		if p.Claim != c || !slices.Equal(p.Path, want.Path) || !p.Verify(Standard, made.Root()) {
			t.Fatalf("found %+v, want %+v", p, want)
		}
	})
}

func TestAClaimThatIsNotThereOrNotWellWrittenIsNotFound(t *testing.T) {
	account := common.HexToAddress(mixed)
	hash := `"0x` + strings.Repeat("ab", 32) + `"`
	good := `{"address":"` + mixed + `","amount":"12","proof":[` + hash + `]}`
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":              {"", ErrNoClaim},
		"others":               {line("0x"+strings.Repeat("1", 40), "7"), ErrNoClaim},
		"no JSON":              {"address,amount\n", ErrLine},
		"no proof":             {line(mixed, "12"), ErrProof},
		"no amount":            {`{"address":"` + mixed + `","proof":[]}`, ErrLine},
		"an amount of letters": {strings.Replace(good, `"12"`, `"twelve"`, 1), ErrAmount},
		"a short hash":         {strings.Replace(good, "abab", "ab", 1), ErrProof},
		"a hash of letters":    {strings.Replace(good, "abab", "abxy", 1), ErrProof},
		"hashes without end":   {strings.Replace(good, hash, strings.Repeat(hash+",", mostPath)+hash, 1), ErrProof},
		"cut within the proof": {good[:len(good)-10], ErrProof},
		"more behind it":       {good + "{}", ErrProof},
		"far too long":         {strings.Repeat(" ", longestLine) + good, ErrLongLine},
		"a wrong checksum":     {strings.Replace(good, mixed, strings.Replace(mixed, "C51812dc", "c51812dc", 1), 1), ErrChecksum},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Find(strings.NewReader(c.text), account)
			if !errors.Is(err, c.want) || p.Account != (common.Address{}) {
				t.Errorf("found %+v, error %v, want %v", p, err, c.want)
			}
		})
	}
	if p, err := Find(strings.NewReader(good), account); err != nil || len(p.Path) != 1 {
		t.Errorf("the one that is well written: %+v, %v", p, err)
	}
	broken := io.MultiReader(strings.NewReader(line("0x"+strings.Repeat("1", 40), "7")), iotest.ErrReader(io.ErrClosedPipe))
	if _, err := Find(broken, account); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a broken input: %v", err)
	}
}

func FuzzFindNeverPanicsAndFindsOnlyTheAccount(f *testing.F) {
	f.Add(`{"address":"` + mixed + `","amount":"12","proof":[]}`)
	f.Add(`{"address":"` + mixed + `","amount":"12","proof":["0x` + strings.Repeat("00", 32) + `"]}`)
	account := common.HexToAddress(mixed)
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := Find(strings.NewReader(text), account); err == nil && (p.Account != account || len(p.Path) > mostPath) {
			t.Errorf("found %+v", p)
		}
	})
}
