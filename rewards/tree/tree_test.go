package tree

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"
	"pgregory.net/rapid"

	"github.com/keymaker-agent/keymaker/rewards/tree/reference"
)

// randomClaims are n claims of amounts of all lengths, always the same for the same n.
func randomClaims(n int) []Claim {
	var seed [32]byte
	binary.BigEndian.PutUint64(seed[:], uint64(n))
	random := rand.NewChaCha8(seed)
	claims := make([]Claim, n)
	for i := range claims {
		var amount [32]byte
		_, _ = random.Read(claims[i].Account[:])
		_, _ = random.Read(amount[random.Uint64()%32:])
		claims[i].Amount.SetBytes32(amount[:])
		if claims[i].Amount.IsZero() {
			claims[i].Amount.SetOne()
		}
	}
	return claims
}

func collect(t rapid.TB, claims []Claim) *Claims {
	t.Helper()
	all := new(Claims)
	for _, c := range claims {
		if err := all.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func build(t rapid.TB, layout Layout, claims []Claim, workers int) *Tree {
	t.Helper()
	made, err := Build(layout, collect(t, claims), workers)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func written(t rapid.TB, made *Tree) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := made.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func lines(claims []Claim) string {
	var out strings.Builder
	for _, c := range claims {
		fmt.Fprintf(&out, "{\"address\":\"0x%x\",\"amount\":\"%s\"}\n", c.Account, c.Amount.Dec())
	}
	return out.String()
}

func byAddress(a, b Claim) int { return a.Account.Cmp(b.Account) }

func TestRootAndEveryProofAreThoseOfTheLibrary(t *testing.T) {
	greatest := Claim{Account: common.Address{19: 1}}
	greatest.Amount.SetAllOne()
	sets := [][]Claim{{greatest}}
	for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 1000, 10_007} {
		sets = append(sets, randomClaims(n))
	}
	for _, claims := range sets {
		t.Run(fmt.Sprint(len(claims)), func(t *testing.T) {
			t.Parallel()
			mine := build(t, Standard, claims, 2)
			slices.SortFunc(claims, byAddress) // the library keeps the order of its input, and ours is by address
			var theirs bytes.Buffer
			ran, err := reference.Standard(t.Context(), strings.NewReader(lines(claims)), &theirs)
			if err != nil {
				t.Fatal(err)
			}
			if mine.Root() != ran.Root {
				t.Errorf("root %s, the library has %s", mine.Root(), ran.Root)
			}
			if got := written(t, mine); !bytes.Equal(got, theirs.Bytes()) {
				t.Errorf("lines differ:\n%.300s\nthe library has\n%.300s", got, theirs.Bytes())
			}
		})
	}
}

func drawLayout(t *rapid.T) Layout {
	return rapid.SampledFrom([]Layout{Standard, Distributor}).Draw(t, "layout")
}

// drawClaims are a few claims; many of their addresses begin alike.
func drawClaims(t *rapid.T) []Claim {
	claim := rapid.Custom(func(t *rapid.T) Claim {
		var c Claim
		c.Account[0] = rapid.SampledFrom([]byte{0, 7, 0xff}).Draw(t, "first")
		c.Account[1] = rapid.Byte().Draw(t, "second")
		c.Account[19] = rapid.ByteRange(1, 255).Draw(t, "last")
		amount := rapid.SliceOfN(rapid.Byte(), 1, 32).Draw(t, "amount")
		c.Amount.SetBytes(append(amount[:len(amount)-1:len(amount)-1], amount[len(amount)-1]|1))
		return c
	})
	return rapid.SliceOfNDistinct(claim, 1, 300, func(c Claim) common.Address { return c.Account }).Draw(t, "claims")
}

func TestEveryProofVerifies(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout, claims := drawLayout(t), drawClaims(t)
		made := build(t, layout, claims, 2)
		for _, c := range claims {
			p, err := made.Proof(c.Account)
			if err != nil {
				t.Fatal(err)
			}
			if p.Claim != c {
				t.Fatalf("proof of %v, want of %v", p.Claim, c)
			}
			if !p.Verify(layout, made.Root()) {
				t.Fatalf("the proof of %s does not verify", c.Account)
			}
		}
	})
}

func TestNobodysProofShowsAnythingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout, claims := drawLayout(t), drawClaims(t)
		made := build(t, layout, claims, 1)
		own, err := made.Proof(rapid.SampledFrom(claims).Draw(t, "whose").Account)
		if err != nil {
			t.Fatal(err)
		}
		wrong := func(what string, change func(*Proof)) {
			p := own
			p.Path = slices.Clone(own.Path)
			if change(&p); p.Verify(layout, made.Root()) {
				t.Fatalf("it verifies with %s", what)
			}
		}
		wrong("one wei more", func(p *Proof) { p.Amount.AddUint64(&p.Amount, 1) })
		wrong("one wei less", func(p *Proof) { p.Amount.SubUint64(&p.Amount, 1) })
		wrong("nothing", func(p *Proof) { p.Amount.Clear() })
		wrong("another account", func(p *Proof) { p.Account[5]++ })
		wrong("a longer path", func(p *Proof) { p.Path = append(p.Path, made.Root()) })
		if layout == Distributor {
			wrong("another index", func(p *Proof) { p.Index++ })
		}
		if (&own).Verify(1-layout, made.Root()) {
			t.Fatal("it verifies under the other layout")
		}
		if (&own).Verify(layouts, made.Root()) {
			t.Fatal("it verifies under a layout that does not exist")
		}
		if len(own.Path) == 0 {
			return
		}
		step := rapid.IntRange(0, len(own.Path)-1).Draw(t, "step")
		wrong("another sibling", func(p *Proof) { p.Path[step][31] ^= 1 })
		wrong("a shorter path", func(p *Proof) { p.Path = slices.Delete(p.Path, step, step+1) })
		for _, c := range claims {
			if c.Account != own.Account {
				wrong("the claim of another", func(p *Proof) { p.Claim = c })
				other, _ := made.Proof(c.Account)
				wrong("the path of another", func(p *Proof) { p.Path = other.Path })
			}
		}
	})
}

func TestAnyOtherClaimMakesAnotherRoot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout, claims := drawLayout(t), drawClaims(t)
		root := build(t, layout, claims, 2).Root()
		i := rapid.IntRange(0, len(claims)-1).Draw(t, "which")
		other := func(what string, claims []Claim) {
			if len(claims) > 0 && build(t, layout, claims, 2).Root() == root {
				t.Fatalf("the root is the same with %s", what)
			}
		}
		other("a claim left out", slices.Concat(claims[:i], claims[i+1:]))
		more := slices.Clone(claims)
		more[i].Amount.AddUint64(&more[i].Amount, 2) // claims are odd, so never nothing
		other("another amount", more)
		moved := slices.Clone(claims)
		moved[i].Account[10] = 1 // no drawn address has it
		other("another account", moved)
		other("one claim more", append(slices.Clone(claims), moved[i]))
	})
}

func TestNeitherOrderNorGoroutinesChangeATree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		layout, claims := drawLayout(t), drawClaims(t)
		want := build(t, layout, claims, 1)
		shuffled := rapid.Permutation(claims).Draw(t, "shuffled")
		for _, workers := range []int{-1, 1, 2, 4, 1 << 30} {
			got := build(t, layout, shuffled, workers)
			if got.Root() != want.Root() || !bytes.Equal(written(t, got), written(t, want)) {
				t.Fatalf("%d goroutines make another tree of %d claims", workers, len(claims))
			}
		}
	})
}

// Only a set of more claims than one goroutine takes, or one page holds, is really shared.
func TestGoroutinesMakeTheSameLargeTree(t *testing.T) {
	claims := randomClaims(3*pageLen + 17)
	want := build(t, Standard, claims, 1)
	slices.Reverse(claims)
	for _, workers := range []int{2, 4, 7} {
		got := build(t, Standard, claims, workers)
		if got.Root() != want.Root() || !bytes.Equal(written(t, got), written(t, want)) {
			t.Errorf("%d goroutines make another tree", workers)
		}
	}
}

// A million claims fit into little memory, because nothing is allocated for one claim or one node.
func TestATreeIsMadeOfAFewLargePieces(t *testing.T) {
	claims := collect(t, randomClaims(5000))
	pieces := testing.AllocsPerRun(3, func() {
		if _, err := Build(Standard, claims, 1); err != nil {
			t.Fatal(err)
		}
	})
	if pieces > 100 {
		t.Errorf("%.0f allocations for %d claims", pieces, claims.Len())
	}
}

func TestATreeStaysAsItIsWhenClaimsAreAdded(t *testing.T) {
	claims := collect(t, randomClaims(10))
	made, err := Build(Standard, claims, 1)
	if err != nil {
		t.Fatal(err)
	}
	before := written(t, made)
	if err := claims.Add(randomClaims(11)[10]); err != nil {
		t.Fatal(err)
	}
	if made.Len() != 10 || !bytes.Equal(written(t, made), before) {
		t.Error("the tree has changed")
	}
}

func TestWhatIsWrittenIsJSONOfTheProofs(t *testing.T) {
	for _, layout := range []Layout{Standard, Distributor} {
		claims := randomClaims(1000)
		made := build(t, layout, claims, 3)
		dec := json.NewDecoder(bytes.NewReader(written(t, made)))
		dec.DisallowUnknownFields()
		var last common.Address
		for i := range claims {
			var line struct {
				Index   *uint64        `json:"index"`
				Address common.Address `json:"address"`
				Amount  uint256.Int    `json:"amount"`
				Proof   []common.Hash  `json:"proof"`
			}
			if err := dec.Decode(&line); err != nil {
				t.Fatal(err)
			}
			want, err := made.Proof(line.Address)
			if err != nil {
				t.Fatal(err)
			}
			if line.Amount != want.Amount || !slices.Equal(line.Proof, want.Path) || last.Cmp(line.Address) >= 0 {
				t.Fatalf("line %d is %+v, want %+v", i, line, want)
			}
			if layout == Standard && line.Index != nil || layout == Distributor && (line.Index == nil || *line.Index != uint64(i)) {
				t.Fatalf("line %d has a wrong index", i)
			}
			last = line.Address
		}
		if _, err := dec.Token(); !errors.Is(err, io.EOF) {
			t.Errorf("more follows: %v", err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteEndsWhereItsOutputDoes(t *testing.T) {
	if err := build(t, Standard, randomClaims(3), 2).Write(full{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("error %v", err)
	}
}

func TestASetThatNoContractCouldPayHasNoTree(t *testing.T) {
	one := uint256.NewInt(1)
	some := Claim{common.Address{1}, *one}
	for name, c := range map[string]struct {
		claims []Claim
		want   error
	}{
		"none":            {nil, ErrNoClaims},
		"zero address":    {[]Claim{some, {common.Address{}, *one}}, ErrZeroAddress},
		"zero amount":     {[]Claim{some, {Account: common.Address{2}}}, ErrZeroAmount},
		"twice":           {[]Claim{some, {common.Address{2}, *one}, some}, ErrDuplicate},
		"twice, not same": {[]Claim{some, {common.Address{1}, *uint256.NewInt(2)}}, ErrDuplicate},
	} {
		t.Run(name, func(t *testing.T) {
			all := new(Claims)
			var err error
			for _, c := range c.claims {
				err = errors.Join(err, all.Add(c))
			}
			if err == nil {
				_, err = Build(Standard, all, 2)
			}
			if !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
	if _, err := Build(layouts, collect(t, []Claim{some}), 1); !errors.Is(err, ErrLayout) {
		t.Errorf("a layout that does not exist: %v", err)
	}
	if _, err := build(t, Standard, []Claim{some}, 1).Proof(common.Address{2}); !errors.Is(err, ErrNoClaim) {
		t.Errorf("proof of a stranger: %v", err)
	}
	if err := (&Claims{n: Most}).Add(some); !errors.Is(err, ErrTooMany) {
		t.Errorf("one claim too many: %v", err)
	}
}

const million = 1_000_000

func BenchmarkBuildMillion(b *testing.B) {
	claims := collect(b, randomClaims(million))
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Build(Standard, claims, workers); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkWriteMillion(b *testing.B) {
	made := build(b, Standard, randomClaims(million), 2)
	b.ReportAllocs()
	for b.Loop() {
		if err := made.Write(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadMillion(b *testing.B) {
	text := lines(randomClaims(million))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
