-- name: AddSession :exec
INSERT INTO sessions (id, front_end, started_at) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING;

-- name: AddRun :exec
INSERT INTO runs (id, session, front_end, network, account, dry_run, words, planner, model_digest, provider, outcome, reason, started_at, finished_at)
VALUES (?, ?, ?, ?, ?, ?, ?, '', '', '', '', '', ?, 0);

-- name: EndRun :execrows
UPDATE runs SET planner = ?, model_digest = ?, provider = ?, outcome = ?, reason = ?, finished_at = ? WHERE id = ? AND finished_at = 0;

-- name: AddEvent :exec
INSERT INTO journal (run, seq, kind, payload, at) VALUES (?, ?, ?, ?, ?);

-- name: Events :many
SELECT * FROM journal WHERE run = ? ORDER BY seq;

-- name: LatestRuns :many
SELECT * FROM runs ORDER BY started_at DESC, id DESC LIMIT ?;

-- name: AddStep :exec
INSERT INTO steps (run, step, action, tool, tool_author, tool_version, state, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: StepState :one
SELECT state FROM steps WHERE run = ? AND step = ?;

-- name: SetStepState :exec
UPDATE steps SET state = ?, at = ? WHERE run = ? AND step = ?;

-- name: StepsOfRun :many
SELECT * FROM steps WHERE run = ? ORDER BY step;

-- name: TransactionsOfRun :many
SELECT transactions.*, sequences.title FROM transactions JOIN sequences ON sequences.id = transactions.sequence
WHERE sequences.run = ? ORDER BY transactions.sequence, transactions.place;
