-- The chat session's statements.  Markers in braces are filled from the entity's rows (query/template.h), once per
-- process.  Records come back whole, as one composite value each, and with them the mark of the tables' layout, which
-- tells the module how to read them; where the layout changed, so did the mark.  The caller's associate is part of each
-- statement: no row at all means that the user is not known.  So are his roles on the session, which come back beside it: a
-- change is done only for those that its operation takes.  What a request demands of the session's state is three
-- arguments of admitted().  What several of them say is a part: its name stands in their braces (build-aux/stmts.awk).

-- The caller's roles in any topic.
-- name: session_default
-- args: caller text
-- rows: 1, repeatable
SELECT caller.associate_id,
       coalesce((SELECT bit_or(access.roles) FROM chat_topic_user AS member,
                        roles_on(caller.associate_id, caller.is_admin, member.topic_id, -1, NULL) AS access
                  WHERE member.user_id = caller.associate_id), 0) | CASE WHEN caller.is_admin THEN 1 ELSE 0 END
  FROM caller($1)

-- What is asked of a session, for several at once, and where it comes from.
-- part: asked
SELECT asked.number, caller.associate_id,
       roles_as(caller.associate_id, caller.is_admin, saved.user_id, saved.transfer_to, member), saved.version,
       saved.changed_at AT TIME ZONE 'UTC'

-- part: from_asked
  FROM unnest($1, $2) WITH ORDINALITY AS asked(caller, id, number) JOIN LATERAL caller(asked.caller) ON true
  LEFT JOIN chat_session AS saved ON saved.id = asked.id
  LEFT JOIN chat_topic_user AS member ON member.topic_id = saved.topic_id AND member.user_id = caller.associate_id
  {joins ChatSession saved}

-- name: session_get
-- args: callers text[], ids int4[]
-- rows: 1, repeatable, together
{part asked}, saved, {references ChatSession saved},
       {layout ChatSession}
  {part from_asked}

-- The same for who may have it already: with the mark of the records, or with it alone.
-- name: session_get_marked
-- args: callers text[], ids int4[]
-- rows: 1, repeatable, together
{part asked}, saved, {references ChatSession saved}, {mark ChatSession saved},
       {layout ChatSession}
  {part from_asked}

-- name: session_check
-- args: callers text[], ids int4[]
-- rows: 1, repeatable, together
{part asked},
       {mark ChatSession saved}
  {part from_asked}

-- name: session_lock
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4
-- rows: 1
WITH saved AS (
    SELECT chat_session AS entity, version, changed_at, {keys ChatSession chat_session} FROM chat_session
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       AND EXISTS (SELECT FROM caller($1), roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $6 <> 0) FOR UPDATE)
SELECT caller.associate_id, held.roles, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatSession saved},
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  LEFT JOIN LATERAL roles_on_session(caller.associate_id, caller.is_admin, $2) AS held ON true
  {joins ChatSession saved}

-- A new session: what was not said begins as its topic has it.
-- part: new_columns
       {columns ChatSession 6 status when_requested idle session_key customer_host initial_queue_pos chatbot_isactive rank},
       status, when_requested, idle, session_key, customer_host, initial_queue_pos, chatbot_isactive, rank

-- part: new_values
SELECT {values ChatSession 6 status when_requested idle session_key customer_host initial_queue_pos chatbot_isactive rank},
       coalesce(begun.status, {parameter ChatSession 6 status}),
       coalesce({parameter ChatSession 6 when_requested}, begun.clock), coalesce({parameter ChatSession 6 idle}, begun.clock),
       coalesce(nullif({parameter ChatSession 6 session_key}, ''), begun.key, ''),
       coalesce(nullif({parameter ChatSession 6 customer_host}, ''), begun.host, ''),
       CASE WHEN {parameter ChatSession 6 initial_queue_pos} = 0 AND begun.status IN (1, 2, 3, 4)
            THEN queue_position({parameter ChatSession 6 topic_id}, 0) ELSE {parameter ChatSession 6 initial_queue_pos} END,
       {parameter ChatSession 6 chatbot_isactive} OR coalesce(begun.bot, false),
       CASE WHEN {parameter ChatSession 6 rank} = 0 AND {parameter ChatSession 6 status} IN (5, 6)
                 AND {parameter ChatSession 6 user_id} > 0
            THEN free_rank({parameter ChatSession 6 user_id}, 0) ELSE {parameter ChatSession 6 rank} END

-- part: new_where
  LEFT JOIN LATERAL (
        SELECT status, bot, $3 AS clock, $4 AS key, $5 AS host
          FROM beginning({parameter ChatSession 6 topic_id}, {parameter ChatSession 6 customer_id},
                         {parameter ChatSession 6 status})) AS begun ON true
 WHERE EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, {parameter ChatSession 6 topic_id}, -1, NULL)
                       AS access WHERE access.roles & $2 <> 0)

-- part: new_saved
  LEFT JOIN saved ON true
  LEFT JOIN LATERAL roles_on(caller.associate_id, caller.is_admin, {parameter ChatSession 6 topic_id}, saved.user_id,
            saved.transfer_to) AS access ON true
  {joins ChatSession saved}

-- name: session_create
-- args: caller text, roles that may int4, clock timestamp, a new key text, host text, then the writable columns
-- rows: 1, values
-- several: session_create_together
WITH saved AS (
    INSERT INTO chat_session ({part new_columns})
    {part new_values}
      FROM acting($1) AS caller
      {part new_where}
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, access.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved},
       {layout ChatSession}
  FROM caller($1)
  {part new_saved}

-- For several new ones of one caller (db/asking.h): the ids come first, so that each finds his own again.  Who waits for
-- others in a queue or for a rank does so in one order, and nobody waits for long.  Who came first is first in the queue.
-- name: session_create_together
-- args: callers text[], roles that may int4[], clocks timestamp[], new keys text[], hosts text[], then arrays of the
-- writable columns
-- rows: 1, values, together
WITH asked AS MATERIALIZED (
    SELECT asked.*, nextval('chat_session_id_seq')::integer AS new_id
      FROM unnest($3, $4, $5, {values ChatSession 6}) WITH ORDINALITY
           AS asked(clock, key, host, {columns ChatSession}, number)
     WHERE (SELECT set_config('lock_timeout', '50ms', true)) IS NOT NULL
     ORDER BY asked.status IN (5, 6), CASE WHEN asked.status IN (5, 6) THEN asked.user_id ELSE asked.topic_id END,
              asked.number),
saved AS (
    INSERT INTO chat_session (id, {part new_columns})
    SELECT asked.new_id, {values ChatSession asked status when_requested idle session_key customer_host initial_queue_pos chatbot_isactive rank},
           coalesce(begun.status, asked.status),
           coalesce(asked.when_requested, begun.clock), coalesce(asked.idle, begun.clock),
           coalesce(nullif(asked.session_key, ''), begun.key, ''),
           coalesce(nullif(asked.customer_host, ''), begun.host, ''),
           CASE WHEN asked.initial_queue_pos = 0 AND begun.status IN (1, 2, 3, 4)
                THEN queue_position(asked.topic_id, 0) ELSE asked.initial_queue_pos END,
           asked.chatbot_isactive OR coalesce(begun.bot, false),
           CASE WHEN asked.rank = 0 AND asked.status IN (5, 6) AND asked.user_id > 0
                THEN free_rank(asked.user_id, 0) ELSE asked.rank END
      FROM asked CROSS JOIN acting($1[1]) AS caller
      LEFT JOIN LATERAL (
            SELECT status, bot, asked.clock, asked.key, asked.host
              FROM beginning(asked.topic_id, asked.customer_id, asked.status)) AS begun ON true
     WHERE EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, asked.topic_id, -1, NULL) AS access
                    WHERE access.roles & $2[1] <> 0)
    RETURNING chat_session AS entity, id, version, changed_at, topic_id, {keys ChatSession chat_session})
SELECT asked.number, caller.associate_id, access.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved},
       {layout ChatSession}
  FROM caller($1[1]) CROSS JOIN saved JOIN asked ON asked.new_id = saved.id
 CROSS JOIN LATERAL roles_on(caller.associate_id, caller.is_admin, saved.topic_id, saved.user_id,
            saved.transfer_to) AS access
  {joins ChatSession saved}

-- name: session_create_strict
-- args: caller text, roles that may int4, clock timestamp, a new key text, host text, then the writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 6}),
saved AS (
    INSERT INTO chat_session ({part new_columns})
    {part new_values}
      FROM acting($1) AS caller CROSS JOIN known
      {part new_where}
       AND {all_known ChatSession known}
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, access.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, {known_record ChatSession known},
       {layout ChatSession}
  FROM caller($1) CROSS JOIN known
  {part new_saved}

-- A session with other values.
-- part: replaced
UPDATE chat_session SET {assignments ChatSession 9 when_started when_ended},
       when_started = started_at(status, {parameter ChatSession 9 status}, {parameter ChatSession 9 when_started}, $8),
       when_ended = ended_at(status, {parameter ChatSession 9 status}, chat_session.when_ended,
                             {parameter ChatSession 9 when_ended}, $8)

-- Into another topic goes only what he may save where it is and might create where it goes, as roles_to_save() has it.
-- part: replaced_by
   AND (SELECT access.roles FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
               chat_session.user_id, chat_session.transfer_to) AS access) & $6 <> 0
   AND (chat_session.topic_id = {parameter ChatSession 9 topic_id}
        OR (SELECT access.roles FROM roles_on(caller.associate_id, caller.is_admin,
                   {parameter ChatSession 9 topic_id}, -1, NULL) AS access) & $7 <> 0)
RETURNING caller.associate_id, caller.is_admin, chat_session AS entity, version, changed_at, chat_session.topic_id,
          {keys ChatSession chat_session}

-- A message of its own says that it has ended.
-- part: told
told AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type, author, created_by)
    SELECT (saved.entity).id, clock_timestamp() AT TIME ZONE 'UTC', 3, kind, author_of(saved.associate_id),
           saved.associate_id
      FROM saved, told_by((saved.entity).id, (saved.entity).status_before, (saved.entity).status) AS kind
     WHERE (saved.entity).status IN (7, 8) AND (saved.entity).status <> (saved.entity).status_before
       AND kind IS NOT NULL)

-- Who he is and what his roles are is found on the way to the row; a function asks for those who could not save.
-- part: replaced_answer
SELECT coalesce(saved.associate_id, caller_id($1)),
       coalesce((SELECT access.roles FROM roles_on(saved.associate_id, saved.is_admin, saved.topic_id, saved.user_id,
                        saved.transfer_to) AS access WHERE saved.version IS NOT NULL),
                roles_refused($1, $2, {parameter ChatSession 9 topic_id}, $7)),
       saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatSession saved}

-- part: replaced_where
  LEFT JOIN saved ON true
  {joins ChatSession saved}
 WHERE coalesce(saved.associate_id, caller_id($1)) IS NOT NULL

-- name: session_replace
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4, roles that
-- may in a new topic int4, clock timestamp, then the writable columns
-- rows: 1, values
-- several: session_replace_together
WITH saved AS (
    {part replaced}
      FROM acting($1) AS caller
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       {part replaced_by}),
{part told}
{part replaced_answer},
       {layout ChatSession}
  FROM (VALUES (1)) AS always
  {part replaced_where}

-- For several of one caller (db/asking.h).  They wait for others in one order, and not for long; of two who save one
-- session the first does, and the other by himself after him.
-- name: session_replace_together
-- args: callers text[], ids int4[], versions text[], versions text[], unchanged since timestamp[], roles that may int4[],
-- roles that may in a new topic int4[], clocks timestamp[], then arrays of the writable columns
-- rows: 1, values, together
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($2, $3, $4, $5, $8, {values ChatSession 9}) WITH ORDINALITY
           AS asked(key, matches, excludes, since, clock, {columns ChatSession}, number)
     WHERE (SELECT set_config('lock_timeout', '50ms', true)) IS NOT NULL
     ORDER BY user_id, key, number),
saved AS (
    UPDATE chat_session SET {assignments ChatSession asked when_started when_ended},
           when_started = started_at(chat_session.status, asked.status, asked.when_started, asked.clock),
           when_ended = ended_at(chat_session.status, asked.status, chat_session.when_ended, asked.when_ended, asked.clock)
      FROM asked CROSS JOIN acting($1[1]) AS caller
     WHERE chat_session.id = asked.key AND admitted(version, changed_at, asked.matches, asked.excludes, asked.since)
       AND (SELECT access.roles FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access) & $6[1] <> 0
       AND (chat_session.topic_id = asked.topic_id
            OR (SELECT access.roles FROM roles_on(caller.associate_id, caller.is_admin, asked.topic_id, -1, NULL)
                       AS access) & $7[1] <> 0)
    RETURNING asked.number, caller.associate_id, caller.is_admin, chat_session AS entity, version, changed_at,
              chat_session.topic_id, {keys ChatSession chat_session}),
{part told}
SELECT saved.number, saved.associate_id, access.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved},
       {layout ChatSession}
  FROM saved
 CROSS JOIN LATERAL roles_on(saved.associate_id, saved.is_admin, saved.topic_id, saved.user_id, saved.transfer_to)
            AS access
  {joins ChatSession saved}

-- name: session_replace_strict
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4, roles that
-- may in a new topic int4, clock timestamp, then the writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatSession 9}),
saved AS (
    {part replaced}
      FROM acting($1) AS caller, known
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5) AND {all_known ChatSession known}
       {part replaced_by}),
{part told}
{part replaced_answer}, {known_record ChatSession known},
       {layout ChatSession}
  FROM (VALUES (1)) AS always CROSS JOIN known
  {part replaced_where}

-- name: session_delete
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4
-- rows: 1
WITH gone AS (
    DELETE FROM chat_session USING acting($1) AS caller
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       AND EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $6 <> 0)
    RETURNING id)
SELECT caller.associate_id, held.roles, NULL::bigint, NULL::timestamp, gone.id
  FROM caller($1)
  LEFT JOIN gone ON true
  LEFT JOIN LATERAL roles_on_session(caller.associate_id, caller.is_admin, $2) AS held ON true
