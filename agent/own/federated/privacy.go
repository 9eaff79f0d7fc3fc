package federated

import (
	"fmt"
	"math"
)

// Delta says how private one person's updates of some rounds are: they are (epsilon, Delta)-differentially private towards everybody,
// the collector included, whatever the person's sentences are and whatever is done with the updates afterwards.
//
// Two changes within the clip are at most twice the clip apart, and the noise is normal, so each update is the Gaussian mechanism with
// the sensitivity 2*Clip. Its exact delta is that of Balle and Wang, "Improving the Gaussian Mechanism for Differential Privacy", 2018
// (a test holds the formula against the integral that defines it); that of several rounds is that of one with the noise divided by the
// root of their number (Dong, Roth, Su, "Gaussian Differential Privacy", 2019), also where a round's training hangs on the rounds before.
//
// It is reckoned in real numbers. That float32 noise is not quite normal (Mironov, "On Significance of the Least Significant Bits for
// Differential Privacy", 2012) is not in it, nor that a norm is rounded.
func (r Rules) Delta(epsilon float64, rounds int) (float64, error) {
	if err := r.check(); err != nil {
		return 0, err
	}
	if !(epsilon >= 0) || math.IsInf(epsilon, 0) || rounds < 1 {
		return 0, fmt.Errorf("reckon the privacy: epsilon must be a number from 0, and at least one round is needed")
	}
	if r.Noise == 0 {
		return 1, nil
	}
	mu := 2 * math.Sqrt(float64(rounds)) / r.Noise // the sensitivity in standard deviations
	tail := normal(-mu/2 - epsilon/mu)
	if tail == 0 { // e^epsilon times nothing; what is left out would only lessen delta
		return normal(mu/2 - epsilon/mu), nil
	}
	return max(0, normal(mu/2-epsilon/mu)-math.Exp(epsilon+math.Log(tail))), nil
}

// normal is the probability that a standard normal number is at most x.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
