package federated

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func drawUpdates(t *rapid.T, size, least int) []Update {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Update {
		return rapid.SliceOfN(rapid.Float32Range(-1, 1), size, size).Draw(t, "update")
	}), least, least+6).Draw(t, "updates")
}

func bits(u Update) []uint32 {
	all := make([]uint32, len(u))
	for i, x := range u {
		all[i] = math.Float32bits(x)
	}
	return all
}

func TestTheOrderOfUpdatesChangesNoByte(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{Size: 5, Clip: rapid.Float64Range(0.1, 3).Draw(t, "clip"), Trim: rapid.IntRange(0, 2).Draw(t, "trim")}
		updates := drawUpdates(t, r.Size, 2*r.Trim+1)
		one, err := r.Aggregate(updates)
		if err != nil {
			t.Fatal(err)
		}
		other, err := r.Aggregate(rapid.Permutation(updates).Draw(t, "order"))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(bits(one), bits(other)) {
			t.Fatalf("%v in one order, %v in another", one, other)
		}
	})
}

func TestSoManyPoisonedUpdatesAsAreTrimmedStayWithinTheHonestOnes(t *testing.T) {
	anything := rapid.OneOf(rapid.Float32(), rapid.SampledFrom([]float32{
		math.MaxFloat32, -math.MaxFloat32, float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1)),
	}))
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{Size: 4, Clip: 2, Trim: rapid.IntRange(0, 3).Draw(t, "trim")} // no honest one is longer than the clip
		honest := drawUpdates(t, r.Size, 2*r.Trim+1)
		updates := slices.Clone(honest)
		for range rapid.IntRange(0, r.Trim).Draw(t, "poisoned") {
			updates = append(updates, rapid.SliceOfN(anything, r.Size, r.Size).Draw(t, "poison"))
		}
		got, err := r.Aggregate(updates)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range got {
			least, greatest := honest[0][i], honest[0][i]
			for _, h := range honest {
				least, greatest = min(least, h[i]), max(greatest, h[i])
			}
			if !(least <= x && x <= greatest) {
				t.Fatalf("weight %d is %v, the honest ones are %v to %v", i, x, least, greatest)
			}
		}
	})
}

func TestOneMorePoisonedUpdateThanIsTrimmedLeavesTheHonestOnes(t *testing.T) {
	updates := []Update{{0}, {0}, {0}, {1}, {1}}
	got, err := Rules{Size: 1, Clip: 1, Trim: 1}.Aggregate(updates)
	if err != nil || got[0] == 0 {
		t.Errorf("%v, %v: the law above would hold for any number, so it tells nothing", got, err)
	}
}

func TestAChangeLeavesNoLongerThanTheClip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rules{Size: 6, Clip: rapid.Float64Range(0.01, 5).Draw(t, "clip")}
		change := rapid.SliceOfN(rapid.Float32Range(-1e30, 1e30), r.Size, r.Size).Draw(t, "change")
		before := slices.Clone(change)
		u, err := r.Update(change, [32]byte{})
		if err != nil {
			t.Fatal(err)
		}
		squares := 0.0
		for _, x := range u {
			squares += float64(x) * float64(x)
		}
		if math.Sqrt(squares) > r.Clip*(1+1e-6) {
			t.Fatalf("norm %v, clip %v", math.Sqrt(squares), r.Clip)
		}
		if !slices.Equal(change, before) {
			t.Fatal("the caller's own weights were changed")
		}
	})
}

func TestTheNoiseIsNormalOfTheGivenSizeAndOfItsSeed(t *testing.T) {
	r := Rules{Size: 100_000, Clip: 0.5, Noise: 3}
	zero := make([]float32, r.Size)
	one, err := r.Update(zero, [32]byte{1})
	if err != nil {
		t.Fatal(err)
	}
	again, _ := r.Update(zero, [32]byte{1})
	other, _ := r.Update(zero, [32]byte{2})
	if !slices.Equal(one, again) || slices.Equal(one, other) {
		t.Error("the noise does not hang on the seed alone")
	}
	mean, squares, within := 0.0, 0.0, 0.0
	for _, x := range one {
		mean += float64(x) / float64(r.Size)
		squares += float64(x) * float64(x) / float64(r.Size)
		if math.Abs(float64(x)) < 1.5 {
			within++
		}
	}
	if math.Abs(mean) > 0.02 || math.Abs(math.Sqrt(squares)-1.5) > 0.02 || math.Abs(within/float64(r.Size)-0.6827) > 0.01 {
		t.Errorf("mean %v, deviation %v, %v within one deviation; want 0, 1.5, 0.6827", mean, math.Sqrt(squares), within/float64(r.Size))
	}
	if kept := shortened(one, r.longest()); !slices.Equal(kept, one) {
		t.Error("an honest update is shortened for its noise")
	}
}

// The (epsilon, delta) curve is the integral of what one output is likelier than e^epsilon times another: here by the trapezoid rule.
func TestDeltaIsTheIntegralThatDefinesIt(t *testing.T) {
	density := func(x float64) float64 { return math.Exp(-x*x/2) / math.Sqrt(2*math.Pi) }
	for _, c := range []struct {
		noise, epsilon float64
		rounds         int
	}{{1, 1, 1}, {2, 0.5, 1}, {4, 1, 1}, {4, 0, 1}, {8, 1, 16}, {0.5, 3, 2}, {40, 2, 400}} {
		mu := 2 * math.Sqrt(float64(c.rounds)) / c.noise
		want := 0.0
		const step = 1e-3
		for x := -40.0; x < 40; x += step {
			want += step * max(0, density(x-mu)-math.Exp(c.epsilon)*density(x))
		}
		got, err := Rules{Size: 1, Clip: 7, Noise: c.noise}.Delta(c.epsilon, c.rounds)
		if err != nil || math.Abs(got-want) > 1e-5 {
			t.Errorf("%+v: delta %v, %v, want %v", c, got, err, want)
		}
	}
	if d, err := (Rules{Size: 1, Clip: 1}).Delta(1, 1); d != 1 || err != nil {
		t.Errorf("without noise delta is %v, %v", d, err)
	}
	if d, err := (Rules{Size: 1, Clip: 1, Noise: 100}).Delta(700, 1); d != 0 || err != nil {
		t.Errorf("at a huge epsilon delta is %v, %v", d, err)
	}
}

func TestBadRulesAndUpdatesAreRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, r := range []Rules{
		{},
		{Size: -1, Clip: 1},
		{Size: maxSize + 1, Clip: 1},
		{Size: 1},
		{Size: 1, Clip: nan},
		{Size: 1, Clip: inf},
		{Size: 1, Clip: -1},
		{Size: 1, Clip: 1, Noise: -1},
		{Size: 1, Clip: 1, Noise: nan},
		{Size: 1, Clip: 1, Noise: inf},
		{Size: 1, Clip: 1, Trim: -1},
		{Size: 1, Clip: 1, Trim: math.MaxInt},
		{Size: 1, Clip: 1e300},
		{Size: 1, Clip: 1e30, Noise: 1e30},
	} {
		_, made := r.Update([]float32{0}, [32]byte{})
		_, averaged := r.Aggregate([]Update{{0}})
		_, reckoned := r.Delta(1, 1)
		if !errors.Is(made, ErrRules) || !errors.Is(averaged, ErrRules) || !errors.Is(reckoned, ErrRules) {
			t.Errorf("%+v: %v, %v, %v", r, made, averaged, reckoned)
		}
	}
	good := Rules{Size: 2, Clip: 1, Trim: 1}
	for _, change := range [][]float32{nil, {1}, {1, 2, 3}, {1, float32(nan)}, {float32(inf), 0}} {
		if _, err := good.Update(change, [32]byte{}); err == nil {
			t.Errorf("%v is taken for a change", change)
		}
		if _, err := good.Aggregate([]Update{{1, 1}, {1, 1}, change}); !errors.Is(err, ErrTooFew) {
			t.Errorf("%v counts as an update: %v", change, err)
		}
	}
	for _, epsilon := range []float64{-1, nan, inf} {
		if _, err := good.Delta(epsilon, 1); err == nil {
			t.Errorf("epsilon %v is taken", epsilon)
		}
	}
	if _, err := good.Delta(1, 0); err == nil {
		t.Error("no round is taken for one")
	}
}
