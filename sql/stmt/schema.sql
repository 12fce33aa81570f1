-- What every new connection asks first.

-- name: schema_version
-- args: none
-- rows: 1, repeatable
SELECT coalesce(max(version), 0) FROM schema_migration
