-- name: AddExample :exec
INSERT INTO examples (at, prompt, answer, planner, meant) VALUES (?, ?, ?, ?, ?);

-- name: KeepNewestExamples :exec
DELETE FROM examples WHERE id <= (SELECT id FROM examples ORDER BY id DESC LIMIT 1 OFFSET ?);

-- name: Examples :many
SELECT * FROM examples ORDER BY id;

-- name: ExamplesOf :many
SELECT * FROM examples WHERE prompt = ? ORDER BY id;

-- name: DeleteExample :execrows
DELETE FROM examples WHERE id = ?;

-- name: DeleteExamples :execrows
DELETE FROM examples;
