-- name: SpentOnDay :many
SELECT spends.token, spends.amount FROM spends JOIN sequences ON sequences.id = spends.sequence
WHERE sequences.chain_id = sqlc.arg(chain_id) AND sequences.account = sqlc.arg(account) AND sequences.day = sqlc.arg(day)
  AND EXISTS (
    SELECT 1 FROM transactions WHERE transactions.sequence = sequences.id
      AND transactions.state IN ('reserved', 'signed', 'broadcast', 'reorged', 'mined'));

-- name: WasPaid :one
SELECT EXISTS (
    SELECT 1 FROM recipients
    JOIN sequences ON sequences.id = recipients.sequence
    JOIN transactions ON transactions.sequence = sequences.id
    WHERE recipients.recipient = sqlc.arg(recipient) AND sequences.chain_id = sqlc.arg(chain_id)
      AND sequences.account = sqlc.arg(account) AND transactions.state = 'mined');

-- name: NextNonce :one
SELECT CAST(COALESCE(MAX(nonce) + 1, 0) AS INTEGER) FROM transactions
WHERE chain_id = ? AND account = ? AND state IN ('reserved', 'signed', 'broadcast', 'reorged');

-- name: DigestUsed :one
SELECT EXISTS (SELECT 1 FROM sequences WHERE digest = ?);

-- name: NonceTaken :one
SELECT EXISTS (
    SELECT 1 FROM transactions
    WHERE chain_id = ? AND account = ? AND nonce = ? AND state IN ('reserved', 'signed', 'broadcast', 'reorged'));

-- name: AddSequence :one
INSERT INTO sequences (digest, approved_by, approved_at, expires_at, run, origin, title, chain_id, account, day, at, genesis)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id;

-- name: AddSpend :exec
INSERT INTO spends (sequence, token, amount) VALUES (?, ?, ?);

-- name: AddRecipient :exec
INSERT INTO recipients (sequence, recipient) VALUES (?, ?);

-- name: AddTransaction :one
INSERT INTO transactions (sequence, place, chain_id, account, nonce, state, unsigned, raw, hash, receipt)
VALUES (?, ?, ?, ?, ?, ?, ?, x'', '', x'') RETURNING id;

-- name: AddTxEvent :exec
INSERT INTO tx_events (transaction_id, event, state, at) VALUES (?, ?, ?, ?);

-- name: TxEvents :many
SELECT event, state, at FROM tx_events WHERE transaction_id = ? ORDER BY id;

-- name: OpenSequences :many
SELECT * FROM sequences WHERE sequences.chain_id = ? AND EXISTS (
    SELECT 1 FROM transactions WHERE transactions.sequence = sequences.id
      AND transactions.state IN ('reserved', 'signed', 'broadcast', 'reorged'))
ORDER BY sequences.id;

-- name: SpendsOf :many
SELECT token, amount FROM spends WHERE sequence = ? ORDER BY token;

-- name: RecipientsOf :many
SELECT recipient FROM recipients WHERE sequence = ? ORDER BY recipient;

-- name: TransactionsOf :many
SELECT * FROM transactions WHERE sequence = ? ORDER BY place;

-- name: Transaction :one
SELECT * FROM transactions WHERE id = ?;

-- name: SetTransaction :execrows
UPDATE transactions SET state = sqlc.arg(state), raw = sqlc.arg(raw), hash = sqlc.arg(hash), receipt = sqlc.arg(receipt)
WHERE id = sqlc.arg(id) AND state = sqlc.arg(was);
