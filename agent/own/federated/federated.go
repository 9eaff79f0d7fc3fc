// Package federated averages what several people's models have learned, without anybody's sentences: what leaves a machine is a
// vector of weight changes (an Update), bounded in length and noised there, and nothing else has a place in this API.
//
// A round: each person who agreed to it trains a copy of the shared model on their own examples, makes an Update of the difference
// (Rules.Update), and whoever collects them adds their Aggregate to the shared model. Nothing in Keymaker sends updates anywhere.
//
// The aggregate is the coordinate-wise trimmed mean: of each weight's changes the Trim largest and the Trim smallest are left out and
// the rest is averaged (Yin, Chen, Ramchandran, Bartlett, "Byzantine-Robust Distributed Learning: Towards Optimal Statistical Rates",
// 2018). Updates longer than honest ones can be are shortened first (norm bounding: Sun, Kairouz, Suresh, McMahan, "Can
// You Really Backdoor Federated Learning?", 2019). What is admitted as an update must be one person's: whoever can send more than
// Trim of them is not bounded by anything here.
//
// Noise that makes one update private by itself is far larger than the update: among ten people it drowns what they learned.
//
// Invariant: with at most Trim poisoned updates each weight's change lies between the least and the greatest of the honest updates'
// changes of it, and the aggregate's bytes do not hang on the order of the updates. The first is as good as the honest updates are
// alike: it bounds a weight, not what the model then says, which is why a model made of an aggregate is measured before it is used.
package federated

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// Rules are what all sides of a round agree on.
type Rules struct {
	Size  int     // weights of the model
	Clip  float64 // the greatest L2 norm of a change before noise
	Noise float64 // standard deviation of the noise on each weight, in units of Clip; 0: none, and no privacy but that of the clipping
	Trim  int     // so many updates may be poisoned
}

// maxSize bounds a model, in weights.
const maxSize = 1 << 28

// ErrRules is that of rules that bound nothing.
var ErrRules = errors.New("rules of a federated round")

func (r Rules) check() error {
	switch {
	case r.Size < 1 || r.Size > maxSize:
		return fmt.Errorf("%w: %d weights; from 1 to %d are averaged", ErrRules, r.Size, maxSize)
	case !(r.Clip > 0) || math.IsInf(r.Clip, 0):
		return fmt.Errorf("%w: the clip %v is no positive number", ErrRules, r.Clip)
	case !(r.Noise >= 0) || math.IsInf(r.Noise, 0):
		return fmt.Errorf("%w: the noise %v is no number from 0", ErrRules, r.Noise)
	case r.longest() > math.MaxFloat32:
		return fmt.Errorf("%w: a clip of %v and a noise of %v do not fit the weights", ErrRules, r.Clip, r.Noise)
	case r.Trim < 0 || r.Trim > maxSize:
		return fmt.Errorf("%w: %d updates can't be trimmed", ErrRules, r.Trim)
	}
	return nil
}

// Update is a change of weights as it may leave a machine.
type Update []float32

// Update shortens a change to the clip and adds noise. The seed must be fresh and secret, as from crypto/rand: who knows it can take
// the noise off again.
func (r Rules) Update(change []float32, seed [32]byte) (Update, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if !r.fits(change) {
		return nil, fmt.Errorf("make an update: the change must have %d finite weights", r.Size)
	}
	u := shortened(change, r.Clip)
	if r.Noise == 0 {
		return u, nil
	}
	random := rand.New(rand.NewChaCha8(seed))
	for i := range u {
		u[i] = float32(float64(u[i]) + r.Noise*r.Clip*random.NormFloat64())
	}
	return u, nil
}

// ErrTooFew is that of a round in which the trimmed updates would be all.
var ErrTooFew = errors.New("too few updates")

// Aggregate averages the updates of a round. One of another size, or with a weight that is no finite number, is left out as if it had
// not come: nobody can stop a round by sending rubbish.
func (r Rules) Aggregate(updates []Update) (Update, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	var held []Update
	for _, u := range updates {
		if r.fits(u) {
			held = append(held, shortened(u, r.longest()))
		}
	}
	if len(held) <= 2*r.Trim {
		return nil, fmt.Errorf("%w: %d that can be read, more than %d are needed", ErrTooFew, len(held), 2*r.Trim)
	}
	sum := make(Update, r.Size)
	column := make([]float32, len(held))
	for i := range sum {
		for k, u := range held {
			column[k] = u[i]
		}
		sum[i] = trimmedMean(column, r.Trim)
	}
	return sum, nil
}

// longest is the norm that an honest update has at most, but for one in some ninety: the norm of n normal numbers passes
// sqrt(n)+3 with a probability below exp(-9/2), since it is a 1-Lipschitz function of them with a mean below sqrt(n).
func (r Rules) longest() float64 { return r.Clip * (1 + r.Noise*(math.Sqrt(float64(r.Size))+3)) }

func (r Rules) fits(change []float32) bool {
	return len(change) == r.Size && !slices.ContainsFunc(change, func(x float32) bool {
		return math.IsNaN(float64(x)) || math.IsInf(float64(x), 0)
	})
}

// shortened is a copy of a change with a norm of at most the given one.
func shortened(change []float32, most float64) Update {
	squares := 0.0
	for _, x := range change {
		squares += float64(float64(x) * float64(x)) // the conversion forbids a fused sum, which would differ between machines
	}
	u := slices.Clone(change)
	if norm := math.Sqrt(squares); norm > most {
		for i := range u {
			u[i] = float32(float64(u[i]) * (most / norm))
		}
	}
	return u
}

// trimmedMean sorts the column. A sum in the order of size is the same for every order of the updates.
func trimmedMean(column []float32, trim int) float32 {
	slices.Sort(column)
	kept := column[trim : len(column)-trim]
	sum := 0.0
	for _, x := range kept {
		sum += float64(x)
	}
	return float32(sum / float64(len(kept)))
}
