package fork

import (
	"context"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/chain"
)

// scene is the state as one run sees it: the head's overlay above the remote. On the first read that is not known, the remote
// is asked once what the expected calls will read, so a warm run makes no trip and a cold one makes few.
type scene struct {
	head   *head
	remote *remote
	calls  []chain.Call     // expected, nil once they were hinted at
	also   []common.Address // read in the same batch
}

// expect names the calls that come next.
func (s *scene) expect(calls []chain.Call, also ...common.Address) { s.calls, s.also = calls, also }

func (s *scene) hint(ctx context.Context) error {
	if s.calls == nil {
		return nil
	}
	calls, also := s.calls, s.also
	s.calls, s.also = nil, nil
	return s.remote.hint(ctx, calls, also)
}

func (s *scene) account(ctx context.Context, a common.Address) (account, error) {
	if acc, ok := s.head.over.account(a); ok {
		return acc, nil
	}
	if acc, ok := s.remote.cachedAccount(a); ok {
		return acc, nil
	}
	if err := s.hint(ctx); err != nil {
		return account{}, err
	}
	return s.remote.account(ctx, a)
}

func (s *scene) slot(ctx context.Context, a common.Address, key common.Hash) (common.Hash, error) {
	k := slotKey{a, key}
	if v, ok := s.head.over.slot(k); ok {
		return v, nil
	}
	if v, ok := s.remote.cachedSlot(k); ok {
		return v, nil
	}
	if err := s.hint(ctx); err != nil {
		return common.Hash{}, err
	}
	return s.remote.slot(ctx, k)
}

func (s *scene) blockHash(ctx context.Context, number uint64) (common.Hash, error) {
	if number > s.remote.number {
		return s.head.hashes[number-s.remote.number-1], nil
	}
	return s.remote.blockHash(ctx, number)
}
