package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/ethereum/go-ethereum/common"
	"github.com/holiman/uint256"

	"github.com/keymaker-agent/keymaker/internal/store/rows"
	"github.com/keymaker-agent/keymaker/refusal"
	"github.com/keymaker-agent/keymaker/wallet"
)

var _ wallet.Ledger = (*Store)(nil)

// Spent is what left the account that day, or may still leave, by token.
func (s *Store) Spent(ctx context.Context, chainID uint64, account common.Address, day string) (map[common.Address]uint256.Int, error) {
	spent, err := spentOn(ctx, s.q, chainID, account, day)
	return spent, s.told(err)
}

func spentOn(ctx context.Context, q *rows.Queries, chainID uint64, account common.Address, day string) (map[common.Address]uint256.Int, error) {
	id, err := integer(chainID)
	if err != nil {
		return nil, err
	}
	list, err := q.SpentOnDay(ctx, rows.SpentOnDayParams{ChainID: id, Account: hex(account), Day: day})
	if err != nil {
		return nil, fmt.Errorf("read what was spent: %w", err)
	}
	spent := map[common.Address]uint256.Int{}
	for _, row := range list {
		amount, err := uint256.FromDecimal(row.Amount)
		if err != nil {
			return nil, broken("an amount", err)
		}
		token := common.HexToAddress(row.Token)
		sum := spent[token]
		if _, over := sum.AddOverflow(&sum, amount); over {
			sum.SetAllOne() // more than any cap
		}
		spent[token] = sum
	}
	return spent, nil
}

// Seen tells for each of the addresses whether the account has paid it before.
func (s *Store) Seen(ctx context.Context, chainID uint64, account common.Address, who []common.Address) (map[common.Address]bool, error) {
	id, err := integer(chainID)
	if err != nil {
		return nil, err
	}
	seen := make(map[common.Address]bool, len(who))
	for _, a := range who {
		paid, err := s.q.WasPaid(ctx, rows.WasPaidParams{Recipient: hex(a), ChainID: id, Account: hex(account)})
		if err != nil {
			return nil, s.told(fmt.Errorf("read who was paid: %w", err))
		}
		seen[a] = paid
	}
	return seen, nil
}

// NextNonce is one more than the highest nonce whose outcome is open, or zero.
func (s *Store) NextNonce(ctx context.Context, chainID uint64, account common.Address) (uint64, error) {
	id, err := integer(chainID)
	if err != nil {
		return 0, err
	}
	next, err := s.q.NextNonce(ctx, rows.NextNonceParams{ChainID: id, Account: hex(account)})
	if err != nil {
		return 0, s.told(fmt.Errorf("read the reserved nonces: %w", err))
	}
	return uint64(next), nil
}

// Used reports whether an approval of the digest was used.
func (s *Store) Used(ctx context.Context, digest common.Hash) (bool, error) {
	used, err := s.q.DigestUsed(ctx, digest.Hex())
	if err != nil {
		return false, s.told(fmt.Errorf("read the used approvals: %w", err))
	}
	return used, nil
}

// Reserve uses the approval up, takes the nonces and the day's budget, and stores the transactions: all of it or nothing.
func (s *Store) Reserve(ctx context.Context, q *wallet.Sequence) error {
	return s.write(ctx, func(tx *rows.Queries) error {
		used, err := tx.DigestUsed(ctx, q.Approval.Digest.Hex())
		if err != nil {
			return err
		}
		if used {
			return refusal.New(refusal.ApprovalUsed, "the approval of %s was used already", q.Title)
		}
		if err := fits(ctx, tx, q); err != nil {
			return err
		}
		return insert(ctx, tx, q)
	})
}

// fits holds what the sequence may let out against what is left of the day.
func fits(ctx context.Context, tx *rows.Queries, q *wallet.Sequence) error {
	spent, err := spentOn(ctx, tx, q.ChainID, q.Account, q.Day)
	if err != nil {
		return err
	}
	for i := range q.Spends {
		want := &q.Spends[i]
		before := spent[want.Token]
		var sum uint256.Int
		_, over := sum.AddOverflow(&before, &want.Amount)
		if want.Cap != nil && (over || sum.Gt(want.Cap)) {
			return refusal.New(refusal.DayLimit, "%s units of %s today and %s now, the limit is %s",
				before.Dec(), want.Token, want.Amount.Dec(), want.Cap.Dec())
		}
	}
	return nil
}

func insert(ctx context.Context, tx *rows.Queries, q *wallet.Sequence) error {
	chainID, err := integer(q.ChainID)
	if err != nil {
		return err
	}
	id, err := tx.AddSequence(ctx, rows.AddSequenceParams{
		Digest:     q.Approval.Digest.Hex(),
		ApprovedBy: q.Approval.By,
		ApprovedAt: q.Approval.At.UnixNano(),
		ExpiresAt:  q.Approval.Expires.UnixNano(),
		Run:        q.Run,
		Origin:     q.Origin,
		Title:      q.Title,
		ChainID:    chainID,
		Account:    hex(q.Account),
		Day:        q.Day,
		At:         q.At.UnixNano(),
		Genesis:    q.Genesis.Hex(),
	})
	if err != nil {
		return fmt.Errorf("store the approval: %w", err)
	}
	for i := range q.Spends {
		spend := rows.AddSpendParams{Sequence: id, Token: hex(q.Spends[i].Token), Amount: q.Spends[i].Amount.Dec()}
		if err := tx.AddSpend(ctx, spend); err != nil {
			return fmt.Errorf("store the budget: %w", err)
		}
	}
	for _, r := range q.Recipients {
		if err := tx.AddRecipient(ctx, rows.AddRecipientParams{Sequence: id, Recipient: hex(r)}); err != nil {
			return fmt.Errorf("store the recipient: %w", err)
		}
	}
	for _, t := range q.Txs {
		if err := insertTx(ctx, tx, q, t, id, chainID); err != nil {
			return err
		}
	}
	return nil
}

func insertTx(ctx context.Context, tx *rows.Queries, q *wallet.Sequence, t *wallet.Tx, sequence, chainID int64) error {
	nonce, err := integer(t.Nonce)
	if err != nil {
		return err
	}
	account := hex(q.Account)
	taken, err := tx.NonceTaken(ctx, rows.NonceTakenParams{ChainID: chainID, Account: account, Nonce: nonce})
	if err != nil {
		return fmt.Errorf("read the reserved nonces: %w", err)
	}
	if taken {
		return refusal.New(refusal.DigestMismatch, "nonce %d was taken meanwhile", t.Nonce)
	}
	id, err := tx.AddTransaction(ctx, rows.AddTransactionParams{
		Sequence: sequence,
		Place:    int64(t.Index),
		ChainID:  chainID,
		Account:  account,
		Nonce:    nonce,
		State:    string(wallet.Reserved),
		Unsigned: t.Unsigned,
	})
	if err != nil {
		return fmt.Errorf("reserve nonce %d: %w", t.Nonce, err)
	}
	event := rows.AddTxEventParams{TransactionID: id, Event: "reserve", State: string(wallet.Reserved), At: q.At.UnixNano()}
	if err := tx.AddTxEvent(ctx, event); err != nil {
		return fmt.Errorf("store an event: %w", err)
	}
	t.ID, t.State = id, wallet.Reserved
	return nil
}

// Open returns the sequences with a transaction whose outcome is open, oldest first.
func (s *Store) Open(ctx context.Context, chainID uint64) ([]*wallet.Sequence, error) {
	id, err := integer(chainID)
	if err != nil {
		return nil, err
	}
	var all []*wallet.Sequence
	err = s.write(ctx, func(tx *rows.Queries) error {
		list, err := tx.OpenSequences(ctx, id)
		if err != nil {
			return fmt.Errorf("read what is open: %w", err)
		}
		for _, row := range list {
			q, err := load(ctx, tx, row)
			if err != nil {
				return err
			}
			all = append(all, q)
		}
		return nil
	})
	return all, err
}

func load(ctx context.Context, tx *rows.Queries, row rows.Sequence) (*wallet.Sequence, error) {
	q := &wallet.Sequence{
		Approval: wallet.Approval{
			Digest:  common.HexToHash(row.Digest),
			By:      row.ApprovedBy,
			At:      time.Unix(0, row.ApprovedAt),
			Expires: time.Unix(0, row.ExpiresAt),
		},
		Run:     row.Run,
		Origin:  row.Origin,
		Title:   row.Title,
		ChainID: uint64(row.ChainID),
		Genesis: common.HexToHash(row.Genesis),
		Account: common.HexToAddress(row.Account),
		At:      time.Unix(0, row.At),
		Day:     row.Day,
	}
	spends, err := tx.SpendsOf(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the budget: %w", err)
	}
	for _, spend := range spends {
		amount, err := uint256.FromDecimal(spend.Amount)
		if err != nil {
			return nil, broken("an amount", err)
		}
		q.Spends = append(q.Spends, wallet.Spend{Token: common.HexToAddress(spend.Token), Amount: *amount})
	}
	paid, err := tx.RecipientsOf(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the recipients: %w", err)
	}
	for _, r := range paid {
		q.Recipients = append(q.Recipients, common.HexToAddress(r))
	}
	stored, err := tx.TransactionsOf(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the transactions: %w", err)
	}
	for _, one := range stored {
		t, err := transaction(one)
		if err != nil {
			return nil, err
		}
		q.Txs = append(q.Txs, t)
	}
	return q, nil
}

func transaction(row rows.Transaction) (*wallet.Tx, error) {
	t := &wallet.Tx{
		ID:       row.ID,
		Index:    int(row.Place),
		Nonce:    uint64(row.Nonce),
		State:    wallet.State(row.State),
		Unsigned: row.Unsigned,
		Raw:      row.Raw,
		Hash:     common.HexToHash(row.Hash),
	}
	if len(row.Receipt) > 0 {
		t.Receipt = new(wallet.Receipt)
		if err := json.Unmarshal(row.Receipt, t.Receipt); err != nil {
			return nil, broken("a receipt", err)
		}
	}
	return t, nil
}

// Move stores the event, the state that follows, and the transaction's new fields. It fails with wallet.ErrMoved where the
// stored state is not t.State.
func (s *Store) Move(ctx context.Context, t *wallet.Tx, on wallet.Event, at time.Time) error {
	next, err := wallet.Transactions.Next(t.State, on)
	if err != nil {
		return err
	}
	receipt := []byte{}
	if t.Receipt != nil {
		if receipt, err = json.Marshal(t.Receipt); err != nil {
			return fmt.Errorf("encode a receipt: %w", err)
		}
	}
	hash := ""
	if t.Hash != (common.Hash{}) {
		hash = t.Hash.Hex()
	}
	err = s.write(ctx, func(tx *rows.Queries) error {
		changed, err := tx.SetTransaction(ctx, rows.SetTransactionParams{
			ID: t.ID, Was: string(t.State), State: string(next),
			Raw: append([]byte{}, t.Raw...), Hash: hash, Receipt: receipt,
		})
		if err != nil {
			return fmt.Errorf("store a state: %w", err)
		}
		if changed != 1 {
			return wallet.ErrMoved
		}
		return tx.AddTxEvent(ctx, rows.AddTxEventParams{TransactionID: t.ID, Event: string(on), State: string(next), At: at.UnixNano()})
	})
	if err != nil {
		return err
	}
	t.State = next
	return nil
}

// Reload reads the transaction as it is stored.
func (s *Store) Reload(ctx context.Context, t *wallet.Tx) error {
	row, err := s.q.Transaction(ctx, t.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("transaction %d is not stored", t.ID)
	}
	if err != nil {
		return s.told(fmt.Errorf("read a transaction: %w", err))
	}
	stored, err := transaction(row)
	if err != nil {
		return err
	}
	*t = *stored
	return nil
}

func hex(a common.Address) string { return strings.ToLower(a.Hex()) }

func broken(what string, err error) error {
	return refusal.New(refusal.DatabaseBroken, "%s can't be read", what).Because(err)
}

// integer refuses what SQLite's integers can't hold.
func integer(n uint64) (int64, error) {
	if n > math.MaxInt64 {
		return 0, fmt.Errorf("%d does not fit the database", n)
	}
	return int64(n), nil
}
