-- The chat session's statements.  Markers in braces are filled from the entity's rows (query/template.h), once per
-- process.  Records come back whole, as one composite value each.  The caller's associate is part of each statement:
-- no row at all means that the user is not known.

-- name: session_get
-- args: caller text, id int4
-- rows: 1, repeatable
SELECT caller.associate_id, saved, {references ChatSession saved}
  FROM caller($1)
  LEFT JOIN chat_session AS saved ON saved.id = $2
  {joins ChatSession saved}

-- name: session_create
-- args: caller text, then the writable columns
-- rows: 1
WITH saved AS (
    INSERT INTO chat_session ({columns ChatSession}) SELECT {values ChatSession 2} FROM caller($1)
    RETURNING chat_session AS entity, {keys ChatSession chat_session})
SELECT caller.associate_id, saved.entity, {references ChatSession saved}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_create_strict
-- args: caller text, then the writable columns
-- rows: 1
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 2}),
saved AS (
    INSERT INTO chat_session ({columns ChatSession}) SELECT {values ChatSession 2} FROM caller($1), known
     WHERE {all_known ChatSession known}
    RETURNING chat_session AS entity, {keys ChatSession chat_session})
SELECT caller.associate_id, saved.entity, {references ChatSession saved}, {known_record ChatSession known}
  FROM caller($1) CROSS JOIN known
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_replace
-- args: caller text, id int4, then the writable columns
-- rows: 1
WITH saved AS (
    UPDATE chat_session SET {assignments ChatSession 3} FROM caller($1) WHERE id = $2
    RETURNING chat_session AS entity, {keys ChatSession chat_session})
SELECT caller.associate_id, saved.entity, {references ChatSession saved}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_replace_strict
-- args: caller text, id int4, then the writable columns
-- rows: 1
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 3}),
saved AS (
    UPDATE chat_session SET {assignments ChatSession 3} FROM caller($1), known
     WHERE id = $2 AND {all_known ChatSession known}
    RETURNING chat_session AS entity, {keys ChatSession chat_session})
SELECT caller.associate_id, saved.entity, {references ChatSession saved}, {known_record ChatSession known}
  FROM caller($1) CROSS JOIN known
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_delete
-- args: caller text, id int4
-- rows: 1
WITH gone AS (
    DELETE FROM chat_session USING caller($1) WHERE id = $2 RETURNING id)
SELECT caller.associate_id, gone.id
  FROM caller($1)
  LEFT JOIN gone ON true
