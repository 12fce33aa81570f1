-- The topic's statements, like those of the session (sql/stmt/session.sql).  Records come with the mark of their tables'
-- layout; the caller's roles are those that he has in the topic.

-- name: topic_default
-- args: caller text
-- rows: 1, repeatable
SELECT caller.associate_id, CASE WHEN caller.is_admin THEN 1 ELSE 0 END FROM caller($1)

-- The caller's roles in the topic.
-- part: held
  LEFT JOIN LATERAL roles_on_topic(caller.associate_id, caller.is_admin, $2) AS held ON true

-- name: topic_get
-- args: caller text, id int4
-- rows: 1, repeatable
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved,
       {references ChatTopic saved}, {layout ChatTopic}
  FROM caller($1)
  {part held}
  LEFT JOIN chat_topic AS saved ON saved.id = $2 AND held.roles <> 0
  {joins ChatTopic saved}

-- name: topic_lock
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4
-- rows: 1
WITH saved AS (
    SELECT chat_topic AS entity, version, changed_at, {keys ChatTopic chat_topic} FROM chat_topic
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       AND EXISTS (SELECT FROM caller($1), roles_on_topic(caller.associate_id, caller.is_admin, chat_topic.id) AS access
                    WHERE access.roles & $6 <> 0) FOR UPDATE)
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatTopic saved}, {layout ChatTopic}
  FROM caller($1)
  {part held}
  LEFT JOIN saved ON true
  {joins ChatTopic saved}

-- name: topic_create
-- args: caller text, roles that may int4, then the writable columns
-- rows: 1, values
WITH saved AS (
    INSERT INTO chat_topic ({columns ChatTopic}) SELECT {values ChatTopic 3} FROM acting($1) AS caller
     WHERE CASE WHEN caller.is_admin THEN 1 ELSE 0 END & $2 <> 0
    RETURNING chat_topic AS entity, version, changed_at, {keys ChatTopic chat_topic})
SELECT caller.associate_id, CASE WHEN caller.is_admin THEN 1 ELSE 0 END, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatTopic saved}, {layout ChatTopic}
  FROM caller($1)
  LEFT JOIN saved ON true
  {joins ChatTopic saved}

-- name: topic_create_strict
-- args: caller text, roles that may int4, then the writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatTopic 3}),
saved AS (
    INSERT INTO chat_topic ({columns ChatTopic}) SELECT {values ChatTopic 3} FROM acting($1) AS caller, known
     WHERE CASE WHEN caller.is_admin THEN 1 ELSE 0 END & $2 <> 0 AND {all_known ChatTopic known}
    RETURNING chat_topic AS entity, version, changed_at, {keys ChatTopic chat_topic})
SELECT caller.associate_id, CASE WHEN caller.is_admin THEN 1 ELSE 0 END, saved.version,
       saved.changed_at AT TIME ZONE 'UTC', saved.entity, {references ChatTopic saved}, {known_record ChatTopic known},
       {layout ChatTopic}
  FROM caller($1) CROSS JOIN known
  LEFT JOIN saved ON true
  {joins ChatTopic saved}

-- name: topic_replace
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4, then the
-- writable columns
-- rows: 1, values
WITH saved AS (
    UPDATE chat_topic SET {assignments ChatTopic 7} FROM acting($1) AS caller
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       AND EXISTS (SELECT FROM roles_on_topic(caller.associate_id, caller.is_admin, chat_topic.id) AS access
                    WHERE access.roles & $6 <> 0)
    RETURNING chat_topic AS entity, version, changed_at, {keys ChatTopic chat_topic})
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatTopic saved}, {layout ChatTopic}
  FROM caller($1)
  {part held}
  LEFT JOIN saved ON true
  {joins ChatTopic saved}

-- name: topic_replace_strict
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4, then the
-- writable columns
-- rows: 1, values
WITH known AS MATERIALIZED (
    SELECT {known ChatTopic 7}),
saved AS (
    UPDATE chat_topic SET {assignments ChatTopic 7} FROM acting($1) AS caller, known
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5) AND {all_known ChatTopic known}
       AND EXISTS (SELECT FROM roles_on_topic(caller.associate_id, caller.is_admin, chat_topic.id) AS access
                    WHERE access.roles & $6 <> 0)
    RETURNING chat_topic AS entity, version, changed_at, {keys ChatTopic chat_topic})
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatTopic saved}, {known_record ChatTopic known}, {layout ChatTopic}
  FROM caller($1) CROSS JOIN known
  {part held}
  LEFT JOIN saved ON true
  {joins ChatTopic saved}

-- Its agents go with it; its sessions stay, for administrators.
-- name: topic_delete
-- args: caller text, id int4, versions text, versions text, unchanged since timestamp, roles that may int4
-- rows: 1
WITH gone AS (
    DELETE FROM chat_topic USING acting($1) AS caller
     WHERE id = $2 AND admitted(version, changed_at, $3, $4, $5)
       AND EXISTS (SELECT FROM roles_on_topic(caller.associate_id, caller.is_admin, chat_topic.id) AS access
                    WHERE access.roles & $6 <> 0)
    RETURNING id)
SELECT caller.associate_id, held.roles, NULL::bigint, NULL::timestamp, gone.id
  FROM caller($1)
  {part held}
  LEFT JOIN gone ON true

-- name: topic_list_mine
-- args: caller text
-- rows: 10000, repeatable
WITH listed AS (
    SELECT chat_topic AS entity, chat_topic.id, version, changed_at, {keys ChatTopic chat_topic},
           roles_as(caller.associate_id, caller.is_admin, -1, NULL, member) AS roles
      FROM caller($1)
      JOIN chat_topic_user AS member ON member.user_id = caller.associate_id
       AND (member.manager OR member.can_respond OR member.can_listen OR member.notifications)
      JOIN chat_topic ON chat_topic.id = member.topic_id)
SELECT caller.associate_id, listed.roles, listed.version, listed.changed_at AT TIME ZONE 'UTC', listed.entity,
       {references ChatTopic listed}, {layout ChatTopic}
  FROM caller($1)
  LEFT JOIN listed ON true
  {joins ChatTopic listed}
 ORDER BY listed.id

-- When the topic is open: whether it has hours at all, its hours, and the code of their zone.
-- name: topic_hours
-- args: caller text, id int4
-- rows: 1, repeatable
SELECT caller.associate_id, held.roles, topic.use_opening_hours, ROW({cells ChatOpeningHours topic}), zone.location_code
  FROM caller($1)
  {part held}
  LEFT JOIN chat_topic AS topic ON topic.id = $2 AND held.roles <> 0
  LEFT JOIN tzlocation AS zone ON zone.tzlocation_id = topic.tzlocationid

-- A customer comes.  Where the topic has hours and nobody said whether it is open, nothing happens: with the hours that
-- come back the caller finds out and asks again.
-- name: session_start
-- args: caller text, topic int4, roles that may int4, clock timestamp, key text, host text, open bool or NULL
-- rows: 1
WITH topic AS MATERIALIZED (
    SELECT chat_topic AS entity, chat_topic.id, use_opening_hours, bot_enabled, {cells ChatOpeningHours chat_topic}
      FROM acting($1) AS caller, roles_on_topic(caller.associate_id, caller.is_admin, $2) AS access
      JOIN chat_topic ON chat_topic.id = $2
     WHERE access.roles & $3 <> 0),
saved AS (
    INSERT INTO chat_session (topic_id, status, when_requested, idle, customer_fetch, session_key, initial_queue_pos,
                              customer_host, chatbot_isactive)
    SELECT topic.id, status_at_start(topic.entity, -1, NOT topic.use_opening_hours OR $7), $4, $4, $4, $5,
           queue_position(topic.id, 0), $6, topic.bot_enabled
      FROM topic WHERE NOT topic.use_opening_hours OR $7 IS NOT NULL
    RETURNING chat_session AS entity, version, changed_at, {keys ChatSession chat_session})
SELECT caller.associate_id, held.roles, saved.version, saved.changed_at AT TIME ZONE 'UTC', saved.entity,
       {references ChatSession saved}, topic.use_opening_hours, ROW({cells ChatOpeningHours topic}), zone.location_code,
       {layout ChatSession}
  FROM caller($1)
  {part held}
  LEFT JOIN saved ON true
  LEFT JOIN topic ON true
  LEFT JOIN tzlocation AS zone ON zone.tzlocation_id = topic.tzlocationid
  {joins ChatSession saved}
