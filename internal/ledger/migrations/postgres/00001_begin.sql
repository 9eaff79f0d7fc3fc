-- +goose Up

-- Which seconds an epoch is. A ledger keeps the calendar that it began with.
CREATE TABLE calendar (
    one    BIGINT PRIMARY KEY CHECK (one = 1),
    start  BIGINT NOT NULL,
    length BIGINT NOT NULL CHECK (length > 0)
);

-- What reporters of this machine have to say. An entry is here before it counts as reported, and stays when it is in a segment.
CREATE TABLE entries (
    seq      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reporter BYTEA NOT NULL,
    id       BYTEA NOT NULL,
    epoch    BIGINT NOT NULL,
    kind     TEXT NOT NULL,
    ref      BYTEA NOT NULL,
    line     BYTEA NOT NULL, -- with its line feed
    UNIQUE (reporter, id)
);

CREATE INDEX entries_by_ref ON entries (reporter, kind, ref);
CREATE INDEX entries_by_epoch ON entries (reporter, epoch, seq);

-- Signed pieces of reporters' chains, of this machine and of others.
CREATE TABLE segments (
    reporter  BYTEA NOT NULL,
    first     BIGINT NOT NULL,
    count     BIGINT NOT NULL,
    epoch     BIGINT NOT NULL,
    previous  BYTEA NOT NULL,
    head      BYTEA NOT NULL,
    signature BYTEA NOT NULL,
    body      BYTEA NOT NULL, -- the lines
    PRIMARY KEY (reporter, first)
);

CREATE INDEX segments_by_epoch ON segments (epoch);

-- Lines are read whole, and packing them takes longer than writing them.
ALTER TABLE segments ALTER COLUMN body SET STORAGE EXTERNAL;

-- Entries of this machine that are in a segment.
CREATE TABLE placed (
    seq      BIGINT PRIMARY KEY REFERENCES entries (seq),
    reporter BYTEA NOT NULL,
    first    BIGINT NOT NULL,
    FOREIGN KEY (reporter, first) REFERENCES segments (reporter, first)
);

-- Epochs of which the ledger holds everything.
CREATE TABLE closings (
    epoch    BIGINT PRIMARY KEY,
    segments BIGINT NOT NULL,
    root     BYTEA NOT NULL
);

-- What closed epochs paid, by rules.
CREATE TABLE settled (
    rules       BYTEA NOT NULL, -- their hash
    epoch       BIGINT NOT NULL REFERENCES closings (epoch),
    ledger_root BYTEA NOT NULL,
    claims_root BYTEA NOT NULL,
    state       BYTEA NOT NULL, -- what passes to the next epoch
    PRIMARY KEY (rules, epoch)
);

-- Files that hold the claims of a settled epoch with their proofs.
CREATE TABLE claims (
    seq   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rules BYTEA NOT NULL,
    epoch BIGINT NOT NULL,
    file  TEXT NOT NULL,
    FOREIGN KEY (rules, epoch) REFERENCES settled (rules, epoch)
);

-- What is written stays.

-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END;
$$;
-- +goose StatementEnd

CREATE TRIGGER calendar_stay BEFORE UPDATE OR DELETE ON calendar FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER calendar_keep BEFORE TRUNCATE ON calendar FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_stay BEFORE UPDATE OR DELETE ON entries FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_keep BEFORE TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER segments_stay BEFORE UPDATE OR DELETE ON segments FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER segments_keep BEFORE TRUNCATE ON segments FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER placed_stay BEFORE UPDATE OR DELETE ON placed FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER placed_keep BEFORE TRUNCATE ON placed FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER closings_stay BEFORE UPDATE OR DELETE ON closings FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER closings_keep BEFORE TRUNCATE ON closings FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER settled_stay BEFORE UPDATE OR DELETE ON settled FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER settled_keep BEFORE TRUNCATE ON settled FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER claims_stay BEFORE UPDATE OR DELETE ON claims FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER claims_keep BEFORE TRUNCATE ON claims FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- +goose Down
DROP TABLE claims;
DROP TABLE settled;
DROP TABLE closings;
DROP TABLE placed;
DROP TABLE segments;
DROP TABLE entries;
DROP TABLE calendar;
DROP FUNCTION append_only;
