package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/ethereum/go-ethereum/common"

	"github.com/keymaker-agent/keymaker/internal/store/rows"
)

// Served is a transaction that was mined, and who served the step that it is of.
type Served struct {
	Run     string
	Step    int // from 1
	Tool    string
	Author  string // of the tool
	Account common.Address
	ChainID uint64
	Genesis common.Hash // the first block of the chain
	Hash    common.Hash
	Block   uint64 // that its stored receipt names
	GasUsed uint64 // the same
}

// A step and what was signed for it are tied by the digest that was approved: the journal has it with the step, and a sequence keeps
// it from before anything is signed.
const servedSince = `
SELECT steps.run, steps.step, steps.tool, steps.tool_author, transactions.account, transactions.chain_id, sequences.genesis, transactions.hash,
       transactions.receipt, transactions.nonce, transactions.state, transactions.id
FROM transactions
JOIN sequences ON sequences.id = transactions.sequence
JOIN journal ON journal.run = sequences.run AND journal.kind = 'approved'
            AND json_extract(CAST(journal.payload AS TEXT), '$.text') = sequences.digest
JOIN steps ON steps.run = journal.run AND steps.step = json_extract(CAST(journal.payload AS TEXT), '$.step')
WHERE transactions.state = 'mined' AND transactions.id > ?
ORDER BY transactions.id LIMIT ?`

// Served calls read for each transaction that was mined, the oldest first.
func (s *Store) Served(ctx context.Context, read func(Served) error) error {
	const page = 64 // the one connection is free between two pages
	for after := int64(0); ; {
		list, last, err := s.servedPage(ctx, after, page)
		if err != nil {
			return s.told(fmt.Errorf("read what was served: %w", err))
		}
		for _, one := range list {
			if err := read(one); err != nil {
				return err
			}
		}
		if len(list) < page {
			return nil
		}
		after = last
	}
}

func (s *Store) servedPage(ctx context.Context, after int64, page int) (list []Served, last int64, err error) {
	found, err := s.db.QueryContext(ctx, servedSince, after, page)
	if err != nil {
		return nil, 0, err
	}
	defer found.Close()
	for found.Next() {
		one, id, err := scanServed(found)
		if err != nil {
			return nil, 0, err
		}
		list, last = append(list, one), id
	}
	return list, last, found.Err()
}

func scanServed(from *sql.Rows) (Served, int64, error) {
	var one Served
	var row rows.Transaction
	var account, genesis string
	var chainID int64
	err := from.Scan(&one.Run, &one.Step, &one.Tool, &one.Author, &account, &chainID, &genesis, &row.Hash, &row.Receipt, &row.Nonce, &row.State, &row.ID)
	if err != nil {
		return one, 0, err
	}
	t, err := transaction(row)
	if err != nil {
		return one, 0, err
	}
	if t.Receipt == nil {
		return one, 0, broken("a transaction that was mined", fmt.Errorf("%s has no receipt", t.Hash))
	}
	one.Account, one.Genesis, one.ChainID = common.HexToAddress(account), common.HexToHash(genesis), uint64(chainID)
	one.Hash, one.Block, one.GasUsed = t.Hash, t.Receipt.Block, t.Receipt.GasUsed
	return one, row.ID, nil
}
