-- +goose Up

-- Which seconds an epoch is. A ledger keeps the calendar that it began with.
CREATE TABLE calendar (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    start  INTEGER NOT NULL,
    length INTEGER NOT NULL CHECK (length > 0)
) STRICT;

-- What reporters of this machine have to say. An entry is here before it counts as reported, and stays when it is in a segment.
CREATE TABLE entries (
    seq      INTEGER PRIMARY KEY AUTOINCREMENT,
    reporter BLOB NOT NULL,
    id       BLOB NOT NULL,
    epoch    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    ref      BLOB NOT NULL,
    line     BLOB NOT NULL, -- with its line feed
    UNIQUE (reporter, id)
) STRICT;

CREATE INDEX entries_by_ref ON entries (reporter, kind, ref);
CREATE INDEX entries_by_epoch ON entries (reporter, epoch, seq);

-- Signed pieces of reporters' chains, of this machine and of others.
CREATE TABLE segments (
    reporter  BLOB NOT NULL,
    first     INTEGER NOT NULL,
    count     INTEGER NOT NULL,
    epoch     INTEGER NOT NULL,
    previous  BLOB NOT NULL,
    head      BLOB NOT NULL,
    signature BLOB NOT NULL,
    body      BLOB NOT NULL, -- the lines
    PRIMARY KEY (reporter, first)
) STRICT;

CREATE INDEX segments_by_epoch ON segments (epoch);

-- Entries of this machine that are in a segment.
CREATE TABLE placed (
    seq      INTEGER PRIMARY KEY REFERENCES entries (seq),
    reporter BLOB NOT NULL,
    first    INTEGER NOT NULL,
    FOREIGN KEY (reporter, first) REFERENCES segments (reporter, first)
) STRICT;

-- Epochs of which the ledger holds everything.
CREATE TABLE closings (
    epoch    INTEGER PRIMARY KEY,
    segments INTEGER NOT NULL,
    root     BLOB NOT NULL
) STRICT;

-- What closed epochs paid, by rules.
CREATE TABLE settled (
    rules       BLOB NOT NULL, -- their hash
    epoch       INTEGER NOT NULL REFERENCES closings (epoch),
    ledger_root BLOB NOT NULL,
    claims_root BLOB NOT NULL,
    state       BLOB NOT NULL, -- what passes to the next epoch
    PRIMARY KEY (rules, epoch)
) STRICT;

-- Files that hold the claims of a settled epoch with their proofs.
CREATE TABLE claims (
    seq   INTEGER PRIMARY KEY AUTOINCREMENT,
    rules BLOB NOT NULL,
    epoch INTEGER NOT NULL,
    file  TEXT NOT NULL,
    FOREIGN KEY (rules, epoch) REFERENCES settled (rules, epoch)
) STRICT;

-- What is written stays. INSERT OR REPLACE would delete the row in its way without asking the triggers of DELETE.

-- +goose StatementBegin
CREATE TRIGGER calendar_stay BEFORE UPDATE ON calendar
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_keep BEFORE DELETE ON calendar
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_add BEFORE INSERT ON calendar
WHEN EXISTS (SELECT 1 FROM calendar WHERE one = NEW.one)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_keep BEFORE DELETE ON entries
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER entries_add BEFORE INSERT ON entries
WHEN EXISTS (SELECT 1 FROM entries WHERE seq = NEW.seq OR reporter = NEW.reporter AND id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER segments_stay BEFORE UPDATE ON segments
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER segments_keep BEFORE DELETE ON segments
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER segments_add BEFORE INSERT ON segments
WHEN EXISTS (SELECT 1 FROM segments WHERE reporter = NEW.reporter AND first = NEW.first)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER placed_stay BEFORE UPDATE ON placed
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placed_keep BEFORE DELETE ON placed
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER placed_add BEFORE INSERT ON placed
WHEN EXISTS (SELECT 1 FROM placed WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER closings_stay BEFORE UPDATE ON closings
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER closings_keep BEFORE DELETE ON closings
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER closings_add BEFORE INSERT ON closings
WHEN EXISTS (SELECT 1 FROM closings WHERE epoch = NEW.epoch)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER settled_stay BEFORE UPDATE ON settled
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settled_keep BEFORE DELETE ON settled
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settled_add BEFORE INSERT ON settled
WHEN EXISTS (SELECT 1 FROM settled WHERE rules = NEW.rules AND epoch = NEW.epoch)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER claims_stay BEFORE UPDATE ON claims
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claims_keep BEFORE DELETE ON claims
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER claims_add BEFORE INSERT ON claims
WHEN EXISTS (SELECT 1 FROM claims WHERE seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the ledger is append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE claims;
DROP TABLE settled;
DROP TABLE closings;
DROP TABLE placed;
DROP TABLE segments;
DROP TABLE entries;
DROP TABLE calendar;
