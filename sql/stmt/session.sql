-- The chat session's statements.  Markers in braces are filled from the entity's rows (query/template.h), once per
-- process.  Records come back whole, as one composite value each, and with them the mark of the tables' layout, which
-- tells the module how to read them; where the layout changed, so did the mark.  The caller's associate is part of each statement:
-- no row at all means that the user is not known.  What a request demands of the session's state is three arguments of
-- admitted(); `there` tells a session that does not meet them from one that does not exist.

-- name: session_get
-- args: caller text, id int4
-- rows: 1, repeatable
SELECT caller.associate_id, saved.id IS NOT NULL AS there, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved,
       {references ChatSession saved}, {layout ChatSession}
  FROM caller($1)
  LEFT JOIN chat_session AS saved ON saved.id = $2
  {joins ChatSession saved}

-- name: session_lock
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp
-- rows: 1
WITH saved AS (
    SELECT chat_session AS entity, version, changed_at, {keys ChatSession chat_session} FROM chat_session
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5) AND EXISTS (SELECT FROM caller($1)) FOR UPDATE)
SELECT caller.associate_id, EXISTS (SELECT FROM chat_session WHERE id = $2) AS there, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatSession saved},
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_create
-- args: caller text, then the writable columns
-- rows: 1, values
WITH saved AS (
    INSERT INTO chat_session ({columns ChatSession}) SELECT {values ChatSession 2} FROM caller($1)
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, true AS there, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_create_strict
-- args: caller text, then the writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 2}),
saved AS (
    INSERT INTO chat_session ({columns ChatSession}) SELECT {values ChatSession 2} FROM caller($1), known
     WHERE {all_known ChatSession known}
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, true AS there, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, {known_record ChatSession known},
       {layout ChatSession}
  FROM caller($1) CROSS JOIN known
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_replace
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, then the writable columns
-- rows: 1, values
WITH saved AS (
    UPDATE chat_session SET {assignments ChatSession 6} FROM caller($1)
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, EXISTS (SELECT FROM chat_session WHERE id = $2) AS there, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatSession saved},
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_replace_strict
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, then the writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 6}),
saved AS (
    UPDATE chat_session SET {assignments ChatSession 6} FROM caller($1), known
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5) AND {all_known ChatSession known}
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, EXISTS (SELECT FROM chat_session WHERE id = $2) AS there, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatSession saved}, {known_record ChatSession known},
       {layout ChatSession}
  FROM caller($1) CROSS JOIN known
  LEFT JOIN saved ON true
  {joins ChatSession saved}

-- name: session_delete
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp
-- rows: 1
WITH gone AS (
    DELETE FROM chat_session USING caller($1)
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5) RETURNING id)
SELECT caller.associate_id, EXISTS (SELECT FROM chat_session WHERE id = $2) AS there, NULL::bigint, NULL::timestamp, gone.id
  FROM caller($1)
  LEFT JOIN gone ON true
