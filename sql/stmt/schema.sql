-- What a connection asks about the database itself.

-- name: schema_version
-- args: none
-- rows: 1, repeatable
SELECT coalesce(max(version), 0) FROM schema_migration

-- name: schema_layout
-- args: none
-- rows: 1000, repeatable
SELECT class.relname::text, class.reltype::int8, attribute.attname::text, attribute.atttypid::int8
  FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
 WHERE class.oid = ANY (ARRAY[{tables ChatSession}]::regclass[]) AND attribute.attnum > 0 AND NOT attribute.attisdropped
 ORDER BY class.oid, attribute.attnum

-- name: schema_fingerprint
-- args: none
-- rows: 1, repeatable
SELECT hashtextextended(string_agg(concat_ws(' ', attribute.attrelid, attribute.attnum, attribute.attname,
       attribute.atttypid), ',' ORDER BY attribute.attrelid, attribute.attnum), 0)
  FROM pg_attribute AS attribute
 WHERE attribute.attrelid = ANY (ARRAY[{tables ChatSession}]::regclass[]) AND attribute.attnum > 0
       AND NOT attribute.attisdropped
