package fork

import (
	"context"
	"errors"
	"slices"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/chain/fork/evm"
	"github.com/keymaker-agent/keymaker/chain/fork/pinned"
)

// reply is a contract's answer on one side.
type reply struct {
	words   []byte
	absent  bool // no code there, so there is nothing to ask
	refusal bool // the contract reverted
	failure error
}

// number reads the reply of a view that returns one number. Where there is no contract, it is zero.
func (y reply) number() (uint256.Int, bool) {
	if y.absent {
		return uint256.Int{}, true
	}
	if y.failure != nil || len(y.words) != 32 {
		return uint256.Int{}, false
	}
	return numberAt(y.words, 0)
}

// address reads the reply of a view that returns one address.
func (y reply) address() (common.Address, bool) {
	if y.absent {
		return common.Address{}, true
	}
	if y.failure != nil || len(y.words) != 32 {
		return common.Address{}, false
	}
	return addressAt(y.words, 0)
}

// ask puts one view to a contract before and after. False means: too many questions.
func (q *inquiry) ask(to common.Address, data []byte) (before, after reply, err error) {
	if q.questions >= mostQuestions {
		q.refused++
		none := reply{failure: errTooMany}
		return none, none, nil
	}
	q.questions++
	if before, err = q.askOn(q.before, to, data); err != nil {
		return
	}
	after, err = q.askOn(q.after, to, data)
	return
}

var errTooMany = errors.New("too many questions")

// longestAnswer is what the longest of the views returns, in bytes. What is longer answers none of them, and is not kept.
const longestAnswer = 3 * wordLength

var errTooLong = errors.New("more than a view of a token returns")

func (q *inquiry) askOn(m vantage, to common.Address, data []byte) (reply, error) {
	y, err := put(m, q.asker, to, data)
	q.answers.list = append(q.answers.list, answer{m == q.after, q.asker, to, data, y})
	return y, err
}

// put puts a view to a contract on one side.
func put(m vantage, asker, to common.Address, data []byte) (reply, error) {
	absent := len(m.Account(to).Code) == 0
	if m.Err() != nil || absent {
		return reply{absent: absent}, m.Err()
	}
	out, err := m.Ask(asker, &to, nil, data, questionGas)
	switch {
	case out.Failure != nil:
		return reply{failure: out.Failure, refusal: errors.Is(out.Failure, evm.ErrReverted)}, err
	case len(out.Return) > longestAnswer:
		return reply{failure: errTooLong}, err
	}
	return reply{words: out.Return}, err
}

// answers are those that effects rest on. Most views answer the same in every block; some look at the time.
type answers struct {
	list []answer
	ends uint64 // unix seconds: the answers mean something else after that; zero: they don't
}

// answer is what a contract answered, on which side, to whom.
type answer struct {
	after     bool
	asker, to common.Address
	view      []byte
	reply     reply
}

// until notes that an answer has a meaning that ends.
func (y *answers) until(end uint64) {
	if y.ends == 0 || end < y.ends {
		y.ends = end
	}
}

// hold reports whether all answers are the same in another block, after transactions that did the same, and mean the same.
func (r *running) hold(ctx context.Context, v *pinned.View, told answers) (bool, error) {
	if told.ends > 0 && told.ends < r.machine.Time {
		return false, nil
	}
	before := evm.New(ctx, v, r.machine.Block, nil)
	defer before.Close()
	for i := range told.list {
		was, side := &told.list[i], before
		if was.after {
			side = r.machine
		}
		is, err := put(side, was.asker, was.to, was.view)
		if err != nil || !is.same(&was.reply) {
			return false, err
		}
	}
	return true, nil
}

func (y *reply) same(z *reply) bool {
	return y.absent == z.absent && y.refusal == z.refusal && (y.failure == nil) == (z.failure == nil) && slices.Equal(y.words, z.words)
}
