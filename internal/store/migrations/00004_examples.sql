-- +goose Up

-- What the user said of a reading, kept only where they asked for it. A prompt has ids where amounts, tokens, names and addresses
-- were, and words of the planner's own vocabulary; an answer is a JSON array of elements. The user may delete rows: these are no journal.
CREATE TABLE examples (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    prompt  TEXT NOT NULL,
    answer  TEXT NOT NULL,
    planner TEXT NOT NULL,
    meant   INTEGER NOT NULL CHECK (meant IN (0, 1))
) STRICT;

CREATE INDEX examples_by_prompt ON examples (prompt);

-- +goose Down
DROP TABLE examples;
