-- +goose Up

-- Addresses, hashes and digests are lower-case hex with 0x. Amounts are decimal text of the smallest unit: they do not fit an
-- integer. Times are unix nanoseconds, UTC.

CREATE TABLE sessions (
    id         TEXT PRIMARY KEY,
    front_end  TEXT NOT NULL,
    started_at INTEGER NOT NULL
) STRICT;

-- Who served a run: the front end, the planner and its model, and who provided the model. Tools stand with their steps.
CREATE TABLE runs (
    id           TEXT PRIMARY KEY,
    session      TEXT NOT NULL REFERENCES sessions (id),
    front_end    TEXT NOT NULL,
    network      TEXT NOT NULL,
    account      TEXT NOT NULL,
    dry_run      INTEGER NOT NULL CHECK (dry_run IN (0, 1)),
    words        TEXT NOT NULL,
    planner      TEXT NOT NULL,
    model_digest TEXT NOT NULL,
    provider     TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    reason       TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    finished_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX runs_by_start ON runs (started_at);

CREATE TABLE journal (
    run     TEXT NOT NULL REFERENCES runs (id),
    seq     INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    payload BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (run, seq)
) STRICT;

CREATE TABLE steps (
    run          TEXT NOT NULL REFERENCES runs (id),
    step         INTEGER NOT NULL,
    action       TEXT NOT NULL,
    tool         TEXT NOT NULL,
    tool_author  TEXT NOT NULL,
    tool_version TEXT NOT NULL,
    state        TEXT NOT NULL,
    at           INTEGER NOT NULL,
    PRIMARY KEY (run, step)
) STRICT;

-- An approval is used once: its digest is the key.
CREATE TABLE sequences (
    id         INTEGER PRIMARY KEY,
    digest     TEXT NOT NULL UNIQUE,
    approved_by TEXT NOT NULL,
    approved_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    run        TEXT NOT NULL,
    origin     TEXT NOT NULL,
    title      TEXT NOT NULL,
    chain_id   INTEGER NOT NULL,
    account    TEXT NOT NULL,
    day        TEXT NOT NULL,
    at         INTEGER NOT NULL
) STRICT;

CREATE INDEX sequences_by_run ON sequences (run);
CREATE INDEX sequences_by_day ON sequences (chain_id, account, day);

-- What a sequence may let out. It counts until it is proven that nothing of the sequence was mined.
CREATE TABLE spends (
    sequence INTEGER NOT NULL REFERENCES sequences (id),
    token    TEXT NOT NULL,
    amount   TEXT NOT NULL,
    PRIMARY KEY (sequence, token)
) STRICT;

CREATE TABLE recipients (
    sequence  INTEGER NOT NULL REFERENCES sequences (id),
    recipient TEXT NOT NULL,
    PRIMARY KEY (sequence, recipient)
) STRICT;

CREATE INDEX recipients_by_address ON recipients (recipient);

CREATE TABLE transactions (
    id       INTEGER PRIMARY KEY,
    sequence INTEGER NOT NULL REFERENCES sequences (id),
    place    INTEGER NOT NULL,
    chain_id INTEGER NOT NULL,
    account  TEXT NOT NULL,
    nonce    INTEGER NOT NULL,
    state    TEXT NOT NULL,
    unsigned BLOB NOT NULL,
    raw      BLOB NOT NULL,
    hash     TEXT NOT NULL,
    receipt  BLOB NOT NULL,
    UNIQUE (sequence, place)
) STRICT;

-- A nonce has one owner while the outcome is open.
CREATE UNIQUE INDEX transactions_by_nonce ON transactions (chain_id, account, nonce)
    WHERE state IN ('reserved', 'signed', 'broadcast', 'reorged');

CREATE INDEX transactions_by_state ON transactions (chain_id, state);

CREATE TABLE tx_events (
    id          INTEGER PRIMARY KEY,
    transaction_id INTEGER NOT NULL REFERENCES transactions (id),
    event       TEXT NOT NULL,
    state       TEXT NOT NULL,
    at          INTEGER NOT NULL
) STRICT;

-- What happened stays: the journal and the events of transactions are only ever added to.
-- +goose StatementBegin
CREATE TRIGGER journal_stays BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER journal_keeps BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tx_events_stay BEFORE UPDATE ON tx_events
BEGIN
    SELECT RAISE(ABORT, 'the events of transactions are append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tx_events_keep BEFORE DELETE ON tx_events
BEGIN
    SELECT RAISE(ABORT, 'the events of transactions are append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE tx_events;
DROP TABLE transactions;
DROP TABLE recipients;
DROP TABLE spends;
DROP TABLE sequences;
DROP TABLE steps;
DROP TABLE journal;
DROP TABLE runs;
DROP TABLE sessions;
