-- +goose Up

-- INSERT OR REPLACE deletes the row in its way without asking the triggers of DELETE.
-- +goose StatementBegin
CREATE TRIGGER journal_adds BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE run = NEW.run AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the journal is append-only');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER tx_events_add BEFORE INSERT ON tx_events
WHEN EXISTS (SELECT 1 FROM tx_events WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'the events of transactions are append-only');
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER tx_events_add;
DROP TRIGGER journal_adds;
