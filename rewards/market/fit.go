package market

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Model is what counts as a normal return.
type Model string

// The models.
const (
	MarketModel Model = "market"
	MeanModel   Model = "mean"
)

// Estimate is a value with its standard error. T and P (two-sided, of Student's t) are nil where the model fits without any
// error: then there is nothing to hold the value against.
type Estimate struct {
	Value float64  `json:"value"`
	SE    float64  `json:"se"`
	T     *float64 `json:"t"`
	P     *float64 `json:"p"`
}

// Fit is a model of normal returns. Beta is nil in the mean model; R2 too, and where the token does not move at all.
type Fit struct {
	Span
	N     int       `json:"n"`
	DF    int       `json:"df"`
	Alpha Estimate  `json:"alpha"`
	Beta  *Estimate `json:"beta"`
	R2    *float64  `json:"r2"`
	Sigma float64   `json:"sigma"` // of the residuals, over the degrees of freedom; 0 where they are below rounding

	mean, squares float64 // of the market's returns: their mean, and the sum of squares around it
}

// rounding is how far a sum over these returns may be off for no other reason than that prices and logarithms are rounded.
func rounding(returns []float64) float64 { return 1e-14 * (1 + floats.Norm(returns, math.Inf(1))) }

// fitMean takes the mean for normal.
func fitMean(at Span, token []float64) (Fit, error) {
	f := Fit{Span: at, N: len(token), DF: len(token) - 1}
	if f.DF < 1 {
		return f, tooFew(f.N, 2)
	}
	alpha := stat.Mean(token, nil)
	f.Sigma = f.spread(token, func(int) float64 { return alpha })
	f.Alpha = f.estimate(alpha, 1/float64(f.N))
	return f, nil
}

// fitMarket takes for normal what the market's return makes likely, by ordinary least squares.
func fitMarket(at Span, token, market []float64) (Fit, error) {
	f := Fit{Span: at, N: len(token), DF: len(token) - 2}
	if f.DF < 1 {
		return f, tooFew(f.N, 3)
	}
	deviation := stat.StdDev(market, nil)
	if deviation <= rounding(market) {
		return f, refusal.New(refusal.NoVariance, "the market has the same return throughout the estimation window")
	}
	f.mean, f.squares = stat.Mean(market, nil), deviation*deviation*float64(f.N-1)
	alpha, beta := stat.LinearRegression(market, token, nil, false)
	expected := func(i int) float64 { return alpha + beta*market[i] }
	f.Sigma = f.spread(token, expected)
	f.Alpha = f.estimate(alpha, 1/float64(f.N)+f.mean*f.mean/f.squares)
	slope := f.estimate(beta, 1/f.squares)
	f.Beta = &slope
	if stat.StdDev(token, nil) > rounding(token) {
		r2 := stat.RSquared(market, token, nil, alpha, beta)
		f.R2 = &r2
	}
	return f, nil
}

func tooFew(n, needed int) error {
	return refusal.New(refusal.TooFewPrices, "the estimation window has %d returns, and the model takes %d at least", n, needed)
}

// spread is the standard error of the regression.
func (f Fit) spread(token []float64, expected func(int) float64) float64 {
	sum := 0.0
	for i, r := range token {
		e := r - expected(i)
		sum += e * e
	}
	sigma := math.Sqrt(sum / float64(f.DF))
	if sigma <= rounding(token) {
		return 0
	}
	return sigma
}

// estimate is a value whose variance is that many times the residuals'.
func (f Fit) estimate(value, times float64) Estimate {
	e := Estimate{Value: value, SE: f.Sigma * math.Sqrt(times)}
	if f.Sigma == 0 {
		return e
	}
	t := value / e.SE
	p := 2 * distuv.StudentsT{Sigma: 1, Nu: float64(f.DF)}.CDF(-math.Abs(t))
	e.T, e.P = &t, &p
	return e
}

// sum is an abnormal return over so many days; apart is the sum of the market's distances from its mean on them.
func (f Fit) sum(value float64, days int, apart float64) Estimate {
	m := float64(days)
	times := m + m*m/float64(f.N)
	if f.Beta != nil {
		times += apart * apart / f.squares
	}
	return f.estimate(value, times)
}

// days holds the returns of the series' event window against the model. Market is nil in the mean model.
func (f Fit) days(s Series, at Span, token, market []float64) []Day {
	all := make([]Day, 0, len(token))
	car, drift := 0.0, 0.0
	for i, r := range token {
		d := Day{Day: at.From + i, Date: s.at(at.first + i), Return: r, Expected: f.Alpha.Value}
		apart := 0.0
		if f.Beta != nil {
			d.Market = &market[i]
			d.Expected += f.Beta.Value * market[i]
			apart = market[i] - f.mean
		}
		ar := r - d.Expected
		car, drift = car+ar, drift+apart
		d.Abnormal, d.CAR = f.sum(ar, 1, apart), f.sum(car, i+1, drift)
		all = append(all, d)
	}
	return all
}
