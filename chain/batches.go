package chain

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/ethereum/go-ethereum/rpc"
)

// tooLarge says that the endpoint takes fewer calls in one trip.
type tooLarge struct{ error }

func (e tooLarge) Unwrap() error { return e.error }

// The codes by which nodes refuse a batch for its size, and an answer for its length.
const (
	codeInvalidRequest   = -32600
	codeResponseTooLarge = -32003
)

// refusesBatch reports whether an error means a batch as such, and not the calls in it or the endpoint's load. Providers have no
// code in common for that, so a word in the text decides, too: if it misleads, trips are smaller than they need to be.
func refusesBatch(err error) bool {
	var status statusError
	if errors.As(err, &status) {
		return status.code == http.StatusRequestEntityTooLarge
	}
	var answer rpc.Error
	if !errors.As(err, &answer) {
		return errors.Is(err, ErrBodyTooLarge)
	}
	return answer.ErrorCode() == codeInvalidRequest || strings.Contains(strings.ToLower(answer.Error()), "batch")
}

// refusedTogether finds a refusal of the whole batch that came as the answer to one of its calls, with none to the others (geth), and
// answers that were left away because they would be too long together.
func refusedTogether(elems []rpc.BatchElem) error {
	missing, refusal := 0, error(nil)
	for i := range elems {
		err := elems[i].Error
		var answer rpc.Error
		switch {
		case errors.Is(err, rpc.ErrMissingBatchResponse):
			missing++
		case errors.As(err, &answer) && answer.ErrorCode() == codeResponseTooLarge:
			return tooLarge{err}
		case err != nil && refusesBatch(err):
			refusal = err
		}
	}
	if refusal != nil && missing > 0 && missing == len(elems)-1 {
		return tooLarge{refusal}
	}
	return nil
}

// errTwoAnswers says that a batch has two answers to one call: which of them is meant can't be told.
var errTwoAnswers = errors.New("two answers to one call")

// answersOnce refuses a batch of answers in which one call is answered twice. What is no list is left to who reads it.
func answersOnce(body []byte) error {
	var answers []*struct {
		ID json.RawMessage `json:"id"`
	}
	if json.Unmarshal(body, &answers) != nil {
		return nil
	}
	seen := make(map[string]bool, len(answers))
	for _, a := range answers {
		if a == nil || len(a.ID) == 0 || string(a.ID) == "null" {
			continue
		}
		if seen[string(a.ID)] {
			return fmt.Errorf("%w: %.40s", errTwoAnswers, a.ID)
		}
		seen[string(a.ID)] = true
	}
	return nil
}

// errAnotherCall says that an answer is to another call than the one that was made.
var errAnotherCall = errors.New("an answer to another call")

// answersCall refuses a result under another id than the request's. What is no object is left to who reads it.
func answersCall(req *http.Request, body []byte) error {
	var asked, answered struct {
		ID     json.RawMessage `json:"id"`
		Result json.RawMessage `json:"result"`
	}
	sent, err := req.GetBody()
	if err != nil {
		return err
	}
	defer sent.Close()
	if json.NewDecoder(sent).Decode(&asked) != nil || json.Unmarshal(body, &answered) != nil || len(answered.Result) == 0 {
		return nil
	}
	if string(asked.ID) != string(answered.ID) {
		return fmt.Errorf("%w: id %.40s, asked under %s", errAnotherCall, answered.ID, asked.ID)
	}
	return nil
}
