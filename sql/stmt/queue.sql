-- The life of a chat session: who talks with the customer.  Each statement is one transition; its guards stand in its
-- UPDATE, so that of several at once one finds the session as it must be.  Columns are those of sql/stmt/session.sql and,
-- behind the references, the caller's roles afterwards.  What answers the session also when it did nothing locks the row
-- first, so that it shows the one that it judged.

-- Sessions that go on in the caller's topics, the newest when there are too many.
-- name: session_list_mine
-- args: caller text
-- rows: 400, repeatable
WITH listed AS (
    SELECT chat_session AS entity, chat_session.id, version, changed_at, {keys ChatSession chat_session},
           roles_as(caller.associate_id, caller.is_admin, chat_session.user_id, chat_session.transfer_to, member) AS roles
      FROM caller($1)
      JOIN chat_topic_user AS member ON member.user_id = caller.associate_id
       AND (member.manager OR member.can_respond OR member.can_listen OR member.notifications)
      JOIN chat_session ON chat_session.topic_id = member.topic_id
       AND chat_session.status = ANY (ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[])
     ORDER BY chat_session.id DESC LIMIT 400)
SELECT caller.associate_id, listed.roles, listed.version, listed.changed_at AT TIME ZONE 'UTC', listed.entity,
       {references ChatSession listed},
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN listed ON true
  {joins ChatSession listed}
 ORDER BY listed.id

-- The topic welcomes the customer.
-- part: greeted
greeted AS (
    INSERT INTO chat_message (session_id, message, when_posted, type, special_type, author, created_by)
    SELECT saved.id, welcome_of(saved.topic_id), clock_timestamp() AT TIME ZONE 'UTC', 1, 1, author_of(saved.user_id), saved.user_id
      FROM saved WHERE welcome_of(saved.topic_id) <> '')

-- The caller's roles on the session before, and afterwards.
-- part: roles_held
  LEFT JOIN LATERAL roles_on_session(caller.associate_id, caller.is_admin, $2) AS held ON true

-- part: saved_roles
  LEFT JOIN LATERAL roles_on(caller.associate_id, caller.is_admin, saved.topic_id, saved.user_id, saved.transfer_to)
         AS access ON saved.version IS NOT NULL
  {joins ChatSession saved}

-- Behind the roles: 1 when it waited as this began, and somebody changed it since.
-- name: session_pickup
-- args: caller text, id int4, roles that may int4, clock timestamp
-- rows: 1
WITH saved AS (
    UPDATE chat_session SET user_id = caller.associate_id, status = 5, when_started = $4, transfer_to = NULL,
           idle = CASE WHEN welcome_of(topic_id) = '' THEN idle ELSE $4 END,
           last_message = coalesce(left(nullif(welcome_of(topic_id), ''), 1024), last_message)
      FROM acting($1) AS caller
     WHERE id = $2 AND status = 4 AND EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $3 <> 0)
    RETURNING id, chat_session AS entity, version, changed_at, topic_id, when_requested, {keys ChatSession chat_session}),
{part greeted},
counted AS (
    UPDATE chat_topic SET last_accept = $4, seconds_pr_accept = average_wait(seconds_pr_accept, saved.when_requested, $4)
      FROM saved WHERE chat_topic.id = saved.topic_id)
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, access.roles,
       CASE WHEN saved.version IS NULL AND EXISTS (SELECT FROM chat_session WHERE id = $2 AND status = 4) THEN 1 ELSE 0 END,
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {part roles_held}
  {part saved_roles}

-- Of those that wait in the topics that the caller answers for.
-- part: waits_longest
    SELECT waiting.id FROM caller($1)
      JOIN chat_topic_user AS member ON member.user_id = caller.associate_id AND member.can_respond
      JOIN chat_session AS waiting ON waiting.topic_id = member.topic_id AND waiting.status = 4
     ORDER BY waiting.when_requested, waiting.id LIMIT 1 FOR UPDATE OF waiting

-- part: picked_up
saved AS (
    UPDATE chat_session SET user_id = caller.associate_id, status = 5, when_started = $2, transfer_to = NULL,
           idle = CASE WHEN welcome_of(topic_id) = '' THEN idle ELSE $2 END,
           last_message = coalesce(left(nullif(welcome_of(topic_id), ''), 1024), last_message)
      FROM acting($1) AS caller, next
     WHERE chat_session.id = next.id AND status = 4
    RETURNING chat_session.id, chat_session AS entity, version, changed_at, topic_id, when_requested, {keys ChatSession chat_session}),
{part greeted},
counted AS (
    UPDATE chat_topic SET last_accept = $2, seconds_pr_accept = average_wait(seconds_pr_accept, saved.when_requested, $2)
      FROM saved WHERE chat_topic.id = saved.topic_id)
SELECT caller.associate_id, access.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, access.roles,
       CASE WHEN saved.version IS NULL AND EXISTS (
                 SELECT FROM chat_topic_user AS member
                   JOIN chat_session AS waiting ON waiting.topic_id = member.topic_id AND waiting.status = 4
                  WHERE member.user_id = caller.associate_id AND member.can_respond) THEN 1 ELSE 0 END,
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {part saved_roles}

-- The longest waiting one of those that nobody works on at this moment.  Behind the roles: 1 when there was none, but
-- there were such that somebody worked on.
-- name: session_pickup_first
-- args: caller text, clock timestamp
-- rows: 1
WITH next AS MATERIALIZED (
    {part waits_longest} SKIP LOCKED),
{part picked_up}

-- The longest waiting one, when those that work on it are done.  Behind the roles: 1 when somebody else got all that
-- waited when this began; others may have come since.
-- name: session_pickup_last
-- args: caller text, clock timestamp
-- rows: 1
WITH next AS MATERIALIZED (
    {part waits_longest}),
{part picked_up}

-- What an offer is judged by, and what is answered where it does not apply, is the session as it is once it is locked.
-- part: locked
WITH locked AS MATERIALIZED (
    SELECT id, chat_session AS entity, version, changed_at, topic_id, {keys ChatSession chat_session} FROM chat_session
     WHERE id = $2 AND EXISTS (SELECT FROM caller($1), roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $3 <> 0) FOR UPDATE)

-- part: saved_of_locked
    RETURNING chat_session.id, chat_session AS entity, chat_session.version, chat_session.changed_at, chat_session.topic_id,
              {keys ChatSession chat_session}

-- part: shown
shown AS (
    SELECT * FROM saved UNION ALL SELECT * FROM locked WHERE NOT EXISTS (SELECT FROM saved))
SELECT caller.associate_id, held.roles, shown.version, shown.changed_at AT TIME ZONE 'UTC', shown.entity,
       {references ChatSession shown}, access.roles

-- part: from_shown
  FROM caller($1)
  LEFT JOIN shown ON true
  {part roles_held}
  LEFT JOIN LATERAL roles_on(caller.associate_id, caller.is_admin, shown.topic_id, shown.user_id, shown.transfer_to)
         AS access ON shown.version IS NOT NULL
  {joins ChatSession shown}

-- name: session_transfer
-- args: caller text, id int4, roles that may int4, login name text, associate int4 or NULL
-- rows: 1
{part locked},
target AS MATERIALIZED (
    SELECT a.associate_id FROM locked, associate AS a, roles_on(a.associate_id, a.is_admin, locked.topic_id, -1, NULL) AS access
     WHERE NOT a.deleted AND (a.associate_id = $5 OR lower(a.name) = lower($4)) AND access.roles <> 0
     ORDER BY a.associate_id IS DISTINCT FROM $5 LIMIT 1),
saved AS (
    UPDATE chat_session SET transfer_to = target.associate_id FROM acting($1) AS caller, locked, target
     WHERE chat_session.id = locked.id AND (locked.entity).status IN (5, 6) AND locked.user_id > 0
       AND locked.user_id <> target.associate_id
    {part saved_of_locked}),
{part shown}, (SELECT target.associate_id FROM target),
       {layout ChatSession}
  {part from_shown}

-- name: session_accept
-- args: caller text, id int4, roles that may int4
-- rows: 1
{part locked},
saved AS (
    UPDATE chat_session SET user_id = caller.associate_id, transfer_to = NULL FROM acting($1) AS caller, locked
     WHERE chat_session.id = locked.id AND locked.transfer_to = caller.associate_id
       AND (locked.entity).status IN (5, 6)
    {part saved_of_locked}),
told AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type, author, created_by)
    SELECT saved.id, clock_timestamp() AT TIME ZONE 'UTC', 3, 6, author_of(saved.user_id), saved.user_id FROM saved),
{part shown},
       {layout ChatSession}
  {part from_shown}

-- name: session_reject
-- args: caller text, id int4, roles that may int4
-- rows: 1
{part locked},
saved AS (
    UPDATE chat_session SET transfer_to = NULL FROM acting($1) AS caller, locked
     WHERE chat_session.id = locked.id AND locked.transfer_to = caller.associate_id
       AND (locked.entity).status IN (5, 6)
    {part saved_of_locked}),
told AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type, author, created_by)
    SELECT saved.id, clock_timestamp() AT TIME ZONE 'UTC', 3, 13, author_of(caller.associate_id), caller.associate_id
      FROM saved, caller($1)),
{part shown},
       {layout ChatSession}
  {part from_shown}

-- name: session_reset
-- args: caller text, id int4, roles that may int4
-- rows: 1
WITH saved AS (
    UPDATE chat_session SET status = status_from_start(topic_id, customer_id), user_id = -1, transfer_to = NULL, rank = 0,
           when_started = NULL, when_ended = NULL, flags = 0, chatbot_isactive = false,
           initial_queue_pos = queue_position(topic_id, id)
      FROM acting($1) AS caller
     WHERE id = $2 AND EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                   chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $3 <> 0)
    RETURNING id, chat_session AS entity, version, changed_at, topic_id, {keys ChatSession chat_session})
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, access.roles,
       {layout ChatSession}
  FROM caller($1)
  LEFT JOIN saved ON true
  {part roles_held}
  {part saved_roles}
