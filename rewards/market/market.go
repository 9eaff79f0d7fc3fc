// Package market measures what an event did to the price of a token: the event study of asset pricing.
//
// A model of normal returns is fitted by least squares over an estimation window that ends before the event:
//
//	market  R(t) = alpha + beta Rm(t) + e(t)   where there is an index of the market
//	mean    R(t) = alpha + e(t)                where there is none
//
// What the token does beyond it is abnormal: AR(d) = R(d) - alpha - beta Rm(d). The cumulative abnormal return CAR(d) is the sum
// of AR from the first day of the event window through d. Day 0 is the event's; its return runs from the price before it to its own.
//
// The parameters are estimates too, so a prediction errs by more than the noise. With L returns in the estimation window, k
// parameters, X its rows (1, Rm), X* those of the event window, and sigma² = sum e² / (L-k), the abnormal returns have the
// covariance sigma² (I + X* (X'X)⁻¹ X*'). Summed over m days that is
//
//	var CAR = sigma² ( m + m²/L + (sum over the m days of (Rm(d) - mean Rm))² / sum over the L of (Rm(t) - mean Rm)² )
//
// which with m = 1 is the variance of one AR; in the mean model the last term is not there. Sources: MacKinlay, Event Studies in
// Economics and Finance, Journal of Economic Literature 35 (1997), sections 4 and 5; Campbell, Lo and MacKinlay, The Econometrics
// of Financial Markets (1997), section 4.4. Where the noise is normal, independent and of one size, an estimate over its standard
// error is distributed as Student's t with L-k degrees of freedom. That is assumed, not tested: prices of tokens have fatter tails
// and quiet and wild times, so a small p says less of them than of a coin.
//
// Prices are floats here, which no amount ever is: these are statistics, no amount comes of them and no money moves by them.
//
// Invariant: a study is made of an unbroken series or not at all. No price is filled in, left out, or moved.
package market

import (
	"time"

	"github.com/keymaker-agent/keymaker/refusal"
)

// Design says what is measured. The windows are in steps of the series, counted from the event.
type Design struct {
	Event      time.Time
	Estimation Window
	Window     Window
	Returns    Returns
}

// Study is what came of it.
type Study struct {
	Model   Model     `json:"model"`
	Returns Returns   `json:"returns"`
	Event   time.Time `json:"event"`
	Step    int64     `json:"step_seconds"`
	Fit     Fit       `json:"estimation"`
	Window  Span      `json:"window"`
	Days    []Day     `json:"days"`
}

// Day is one return of the event window. CAR is of all days so far: that of the last day is the study's.
type Day struct {
	Day      int       `json:"day"`
	Date     time.Time `json:"date"`
	Return   float64   `json:"return"`
	Market   *float64  `json:"market"` // nil in the mean model
	Expected float64   `json:"expected"`
	Abnormal Estimate  `json:"abnormal"`
	CAR      Estimate  `json:"car"`
}

// CAR is the cumulative abnormal return of the whole event window.
func (s *Study) CAR() Estimate { return s.Days[len(s.Days)-1].CAR }

// Measure holds a token against the market's index, or against its own mean where index is nil.
func Measure(token Series, index *Series, d Design) (*Study, error) {
	if d.Estimation.To >= d.Window.From {
		return nil, refusal.New(refusal.Usage, "the estimation window %s must end before the event window %s begins", d.Estimation, d.Window)
	}
	event, err := token.find(d.Event)
	if err != nil {
		return nil, err
	}
	before, err := token.span(event, d.Estimation)
	if err != nil {
		return nil, err
	}
	window, err := token.span(event, d.Window)
	if err != nil {
		return nil, err
	}
	study := &Study{Model: MeanModel, Returns: d.Returns, Event: d.Event, Step: token.step, Window: window}
	normal, during := token.returns(before.first, before.last, d.Returns), token.returns(window.first, window.last, d.Returns)
	if index == nil {
		if study.Fit, err = fitMean(before, normal); err != nil {
			return nil, err
		}
		study.Days = study.Fit.days(token, window, during, nil)
		return study, nil
	}
	study.Model = MarketModel
	ahead, err := token.ahead(*index, before.first-1, window.last)
	if err != nil {
		return nil, err
	}
	if study.Fit, err = fitMarket(before, normal, index.returns(before.first+ahead, before.last+ahead, d.Returns)); err != nil {
		return nil, err
	}
	study.Days = study.Fit.days(token, window, during, index.returns(window.first+ahead, window.last+ahead, d.Returns))
	return study, nil
}
