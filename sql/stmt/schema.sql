-- What a connection asks about the database itself, once when it is opened.

-- name: schema_version
-- args: none
-- rows: 10000, repeatable
SELECT version FROM schema_migration WHERE version > 0 ORDER BY version

-- The sets of tables whose records come in one statement.
-- name: schema_layout
-- args: none
-- rows: 24000, repeatable
SELECT relation, record, name, type, mark FROM layout_columns({tables ChatSession})
UNION ALL SELECT relation, record, name, type, mark FROM layout_columns({tables ChatTopic})
UNION ALL SELECT relation, record, name, type, mark FROM layout_columns({tables ChatTopicAgent})
