-- +goose Up

-- The first block of the chain that a sequence is for: an embedded chain that was started again has the same id and is another.
ALTER TABLE sequences ADD COLUMN genesis TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE sequences DROP COLUMN genesis;
