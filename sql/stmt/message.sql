-- What is said in a session.  Behind the caller and his roles on it a message, as a row of its own.

-- The message.
-- part: said
SELECT caller.associate_id, held.roles,
       ROW(said.id, said.session_id, said.type, said.message, said.author, said.read_by_customer::integer, said.special_type,
           said.special_param, said.when_posted)
  FROM caller($1)
  LEFT JOIN LATERAL roles_on_session(caller.associate_id, caller.is_admin, $2) AS held ON true

-- As many in one answer as 2 MiB hold, of texts and 64 bytes for what is around them, and one at least
-- (api/message.c counts the same).
-- name: message_list
-- args: caller text, session int4, after int4, type that is left out int4
-- rows: 10000, repeatable
{part said}
  LEFT JOIN LATERAL (
            SELECT next.*, sum(octet_length(message) + octet_length(author) + octet_length(special_param) + 64)
                           OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
              FROM (SELECT id, session_id, type, message, author, read_by_customer, special_type, special_param, when_posted
                      FROM chat_message WHERE session_id = $2 AND id > $3 AND type <> $4 AND held.roles <> 0
                     ORDER BY id LIMIT 10000) AS next) AS said ON coalesce(said.before, 0) < 2097152
 ORDER BY said.when_posted, said.id

-- The session's row is locked before the message gets its number.  One that reopens the session comes behind a special
-- one that says so.
-- name: message_add
-- args: caller text, session int4, roles that may int4, clock timestamp, type int4, message text, author text, special type
-- int4, special parameter text, when posted timestamp
-- rows: 1
WITH saved AS (
    UPDATE chat_session SET
           status = CASE WHEN $5 = 1 AND status IN (1, 2, 4, 5, 6) THEN 6
                         WHEN $5 = 2 AND status IN (5, 6, 7) THEN 5 ELSE status END,
           when_started = CASE WHEN $5 = 1 AND status = 4 THEN coalesce(when_started, $4) ELSE when_started END,
           when_ended = CASE WHEN $5 = 2 AND status = 7 THEN NULL ELSE when_ended END,
           idle = $4,
           customer_fetch = CASE WHEN $5 = 2 THEN $4 ELSE customer_fetch END,
           first_message = CASE WHEN $5 <> 3 AND $8 <> 1 AND first_message = '' THEN left($6, 1024) ELSE first_message END,
           last_message = CASE WHEN $5 <> 3 THEN left($6, 1024) ELSE last_message END,
           flags = CASE WHEN $5 = 1 THEN (flags & ~1)::smallint ELSE flags END
      FROM acting($1) AS caller
     WHERE id = $2 AND EXISTS (SELECT FROM roles_on(caller.associate_id, caller.is_admin, chat_session.topic_id,
                               chat_session.user_id, chat_session.transfer_to) AS access WHERE access.roles & $3 <> 0)
    RETURNING id, status_before, coalesce(nullif(name, ''), customer_alias) AS customer),
reopened AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type, author, created_by)
    SELECT saved.id, clock_timestamp() AT TIME ZONE 'UTC', 3, 14, saved.customer, -1 FROM saved
     WHERE $5 = 2 AND saved.status_before = 7
    RETURNING id),
said AS (
    INSERT INTO chat_message (session_id, message, when_posted, type, special_type, special_param, author, created_by)
    SELECT saved.id, $6, coalesce($10, clock_timestamp() AT TIME ZONE 'UTC'), $5, $8, $9,
           CASE WHEN $7 <> '' THEN $7 WHEN $5 = 2 THEN saved.customer ELSE author_of(caller.associate_id) END,
           CASE WHEN $5 = 2 THEN -1 ELSE caller.associate_id END
      FROM saved, caller($1) WHERE (SELECT count(*) FROM reopened) >= 0
    RETURNING id, session_id, type, message, author, read_by_customer, special_type, special_param, when_posted)
{part said}
  LEFT JOIN said ON true
