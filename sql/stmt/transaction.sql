-- Several statements as one change.

-- name: transaction_begin
-- args: none
-- rows: 0, repeatable
BEGIN

-- name: transaction_commit
-- args: none
-- rows: 0
COMMIT

-- name: transaction_rollback
-- args: none
-- rows: 0
ROLLBACK
