-- Time-driven work.  All of it runs on the connection that holds the lock, a bounded batch at a time; rows that somebody
-- else holds wait for the next round.  Times of sessions are on the clock of the base zone, which is an argument.

-- Whether this connection does the work of the installation: until it ends, however it does.
-- name: work_lead
-- args: none
-- rows: 1
SELECT pg_try_advisory_lock(hashtextextended('mod_chatsession time-driven work', 0))
 WHERE set_config('idle_session_timeout', '60s', false) IS NOT NULL

-- Customers that are gone before they were served: they fetched once since they asked, and do so no more.  Who never
-- fetched has no client that would.
-- name: work_dead
-- args: before which it is over timestamp, clock timestamp
-- rows: 1
WITH late AS (
    SELECT id FROM chat_session WHERE status IN (1, 2, 3, 4) AND customer_fetch < $1
       AND (customer_fetch > when_requested OR when_requested IS NULL)
     LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED),
ended AS (
    UPDATE chat_session SET status = CASE status WHEN 4 THEN 11 ELSE 7 END, when_ended = $2
     WHERE id IN (SELECT id FROM late) RETURNING id),
said AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type)
    SELECT id, clock_timestamp() AT TIME ZONE 'UTC', 3, 12 FROM ended)
SELECT count(*)::integer FROM ended

-- Talks in which nobody says anything any more.
-- name: work_idle
-- args: before which it is over timestamp, clock timestamp
-- rows: 1
WITH late AS (
    SELECT id FROM chat_session WHERE status IN (5, 6) AND greatest(idle, when_started) < $1
     LIMIT 100 FOR NO KEY UPDATE SKIP LOCKED),
ended AS (
    UPDATE chat_session SET status = 7, when_ended = $2 WHERE id IN (SELECT id FROM late) RETURNING id),
said AS (
    INSERT INTO chat_message (session_id, when_posted, type, special_type)
    SELECT id, clock_timestamp() AT TIME ZONE 'UTC', 3, 12 FROM ended)
SELECT count(*)::integer FROM ended

-- How long customers wait, by the minutes of their topics: 1 where agents are to be warned, 2 where managers are; an answer
-- ends it.
-- name: work_alert
-- args: clock timestamp
-- rows: 1
WITH waiting AS (
    SELECT session.id,
           CASE WHEN session.status = 6 THEN 0
                WHEN limits.managers > 0 AND limits.since <= $1 - make_interval(mins => limits.managers) THEN 2
                WHEN limits.agents > 0 AND limits.since <= $1 - make_interval(mins => limits.agents) THEN 1
                ELSE 0 END AS level
      FROM chat_session AS session
      JOIN chat_topic AS topic ON topic.id = session.topic_id
     CROSS JOIN LATERAL (
           SELECT CASE session.status WHEN 4 THEN topic.warning_new_chat ELSE topic.warning_chat_message END AS agents,
                  CASE session.status WHEN 4 THEN topic.manager_warning_new_chat
                                      ELSE topic.manager_warning_chat_message END AS managers,
                  CASE session.status WHEN 4 THEN session.when_requested
                                      ELSE greatest(session.idle, session.when_started) END AS since) AS limits
     WHERE session.status IN (4, 5, 6) AND NOT session.chatbot_isactive),
reached AS (
    SELECT session.id, waiting.level FROM chat_session AS session
      JOIN waiting ON waiting.id = session.id
     WHERE waiting.level > session.alert_level OR (session.status = 6 AND session.alert_level > 0)
     LIMIT 100 FOR NO KEY UPDATE OF session SKIP LOCKED),
warned AS (
    UPDATE chat_session SET alert_level = reached.level FROM reached WHERE chat_session.id = reached.id
    RETURNING chat_session.id)
SELECT count(*)::integer FROM warned

-- Sessions that were marked as deleted.
-- name: work_purge
-- args: limit in seconds int4
-- rows: 1
WITH gone AS (
    DELETE FROM chat_session WHERE id IN (
        SELECT id FROM chat_session WHERE status = 8 AND changed_at < now() - make_interval(secs => $1)
         LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING id)
SELECT count(*)::integer FROM gone

-- name: work_credentials
-- args: none
-- rows: 1
WITH gone AS (
    DELETE FROM credential WHERE id IN (
        SELECT id FROM credential WHERE expires_at <= now() ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)
    RETURNING id)
SELECT count(*)::integer FROM gone

-- name: work_keys
-- args: none
-- rows: 1
WITH gone AS (
    DELETE FROM idempotency_key AS old USING (
        SELECT login, key FROM idempotency_key WHERE expires_at <= now()
         ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED) AS over
     WHERE old.login = over.login AND old.key = over.key
    RETURNING 1)
SELECT count(*)::integer FROM gone

-- Events that are old and told.  The oldest thousand are looked at, never the whole table.  How far a series came is kept
-- as long as its session is there.
-- name: work_events
-- args: limit in seconds int4
-- rows: 1
WITH oldest AS MATERIALIZED (
    SELECT id, happened_at FROM event ORDER BY id LIMIT 1000),
gone AS (
    DELETE FROM event USING oldest
     WHERE event.id = oldest.id AND oldest.happened_at < now() - make_interval(secs => $1)
       AND NOT EXISTS (SELECT FROM webhook AS hook
                         JOIN webhook_delivery AS pending ON pending.webhook_id = hook.id AND pending.done_at IS NULL
                          AND pending.entity = event.entity AND pending.entity_id = event.entity_id
                          AND pending.number = event.number)
    RETURNING event.entity, event.entity_id, event.number),
kept AS (
    INSERT INTO event_series AS series (entity, entity_id, last)
    SELECT entity, entity_id, max(number) FROM gone
     WHERE entity <> 1 OR EXISTS (SELECT FROM chat_session WHERE chat_session.id = gone.entity_id)
     GROUP BY entity, entity_id
    ON CONFLICT (entity, entity_id) DO UPDATE SET last = greatest(series.last, excluded.last)),
forgotten AS (
    DELETE FROM event_series AS series USING gone
     WHERE series.entity = 1 AND gone.entity = 1 AND series.entity_id = gone.entity_id
       AND NOT EXISTS (SELECT FROM chat_session WHERE chat_session.id = gone.entity_id))
SELECT count(*)::integer FROM gone

-- Notes of changes that nobody asks for any more (query/emit_mark.c), or that are another cluster's: those whose number
-- somebody at work may have are left to grow old.
-- name: work_changes
-- args: none
-- rows: 1
WITH gone AS (
    DELETE FROM reference_change
     WHERE (at, relation) IN (
        SELECT at, relation FROM reference_change
         WHERE at < greatest(pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 100000, 0)::text::xid8
            OR at > (pg_snapshot_xmax(pg_current_snapshot())::text::bigint + 100000)::text::xid8
         ORDER BY at LIMIT 1000)
    RETURNING at)
SELECT count(*)::integer FROM gone

-- ---------------- webhooks

-- The log of deliveries, and those of webhooks that are no more.
-- name: hook_sweep
-- args: limit in seconds int4
-- rows: 1
WITH oldest AS MATERIALIZED (
    SELECT id, webhook_id, done_at FROM webhook_delivery ORDER BY id LIMIT 1000),
gone AS (
    DELETE FROM webhook_delivery USING oldest
     WHERE webhook_delivery.id = oldest.id
       AND (oldest.done_at < now() - make_interval(secs => $1)
         OR NOT EXISTS (SELECT FROM webhook WHERE webhook.id = oldest.webhook_id))
    RETURNING 1)
SELECT count(*)::integer FROM gone

-- What was left pending when a webhook was stopped, and has been so for as long as one is tried.
-- name: hook_give_up
-- args: limit in seconds int4
-- rows: 1
WITH late AS (
    SELECT pending.id FROM webhook AS hook
     CROSS JOIN LATERAL (
           SELECT id FROM webhook_delivery
            WHERE webhook_id = hook.id AND done_at IS NULL AND due < now() - make_interval(secs => $1)
            ORDER BY due, id LIMIT 100) AS pending
     WHERE hook.state <> 1),
given_up AS (
    UPDATE webhook_delivery SET done_at = now(), error = coalesce(error, 'the webhook was stopped')
     WHERE id IN (SELECT id FROM late) RETURNING 1)
SELECT count(*)::integer FROM given_up

-- What is to be told now, and all that it takes.  Of each series only the first that is pending may go; one that comes
-- behind it is put off until that one's turn, so that a backlog is not read again and again.  What was tried for too long
-- is given up.  Those that are on their way are named.
-- name: hook_due
-- args: on their way text ('{1,2}'), most of each webhook int4, limit in seconds int4
-- rows: 1000
WITH candidate AS MATERIALIZED (
    SELECT pending.*
      FROM webhook AS hook
     CROSS JOIN LATERAL (
           SELECT id, webhook_id, event_id, entity, entity_id, number, created_at, tries FROM webhook_delivery
            WHERE webhook_id = hook.id AND done_at IS NULL AND due <= now() AND id <> ALL ($1::bigint[])
            ORDER BY due, id LIMIT $2) AS pending
     WHERE hook.state = 1 AND hook.due <= now()),
judged AS MATERIALIZED (
    SELECT candidate.*, earlier.due AS until,
           candidate.created_at < now() - make_interval(secs => $3)
           OR NOT EXISTS (SELECT FROM event WHERE event.id = candidate.event_id) AS late
      FROM candidate
      LEFT JOIN LATERAL (
           SELECT before.due FROM webhook_delivery AS before
            WHERE before.webhook_id = candidate.webhook_id AND before.entity = candidate.entity
              AND before.entity_id = candidate.entity_id AND before.done_at IS NULL
              AND (before.number, before.id) < (candidate.number, candidate.id)
            ORDER BY before.number, before.id LIMIT 1) AS earlier ON true),
put_off AS (
    UPDATE webhook_delivery AS pending SET due = greatest(judged.until, now() + interval '1 second')
      FROM judged WHERE pending.id = judged.id AND judged.until IS NOT NULL),
given_up AS (
    UPDATE webhook_delivery AS pending SET done_at = now(), error = coalesce(pending.error, 'never tried')
      FROM judged WHERE pending.id = judged.id AND judged.until IS NULL AND judged.late)
SELECT judged.id, hook.id, hook.failures, judged.tries, hook.name, hook.target_url, hook.secret, hook.headers,
       ROW(told.guid::text, told.happened_at AT TIME ZONE 'UTC', told.name, told.entity, told.entity_id, told.number,
           told.associate_id),
       ROW(coalesce(told.alert_level, 0), coalesce(told.chatbot_isactive, false), coalesce(told.consented, false),
           greatest(told.contact_id, 0), coalesce(told.customer_alias, ''), greatest(told.customer_id, 0),
           greatest(told.project_id, 0), coalesce(told.rating, 0), greatest(told.sale_id, 0), coalesce(told.status, 0),
           greatest(told.ticket_id, 0), greatest(told.topic_id, 0), greatest(told.user_id, 0)),
       told.present
  FROM judged
  JOIN webhook AS hook ON hook.id = judged.webhook_id
  JOIN event AS told ON told.id = judged.event_id
 WHERE judged.until IS NULL AND NOT judged.late
 ORDER BY judged.id LIMIT 1000

-- How a try went.  One that failed waits, and so does its webhook; after the end of an outage what waited because of it is
-- due.  Several that were on their way together are one failure of the webhook's.  A webhook that has done nothing but fail for
-- as long as one is tried is stopped.
-- name: hook_told
-- args: delivery text, status int4 or NULL, error text or NULL, took ms int4, its wait in ms int4 or NULL: delivered,
-- the webhook's wait in ms int4, limit in seconds int4, the webhook's failures before this try int4
-- rows: 1
WITH tried AS (
    UPDATE webhook_delivery SET tries = tries + 1, tried_at = now(), took_ms = $4, status = $2, error = $3,
           done_at = CASE WHEN $5 IS NULL THEN now() END, due = now() + coalesce($5, 0) * interval '1 ms'
     WHERE id = $1::bigint AND done_at IS NULL
    RETURNING id, webhook_id, entity, entity_id, number),
failing AS (
    SELECT hook.id, hook.failures, hook.failing_since FROM webhook AS hook, tried WHERE hook.id = tried.webhook_id),
hook AS (
    UPDATE webhook SET failures = CASE WHEN $5 IS NULL THEN 0 ELSE greatest(failing.failures, $8 + 1) END,
           failing_since = CASE WHEN $5 IS NOT NULL THEN coalesce(failing.failing_since, now()) END,
           due = CASE WHEN $5 IS NULL THEN '-infinity' ELSE greatest(due, now() + $6 * interval '1 ms') END,
           state = CASE WHEN $5 IS NOT NULL AND state = 1 AND failing.failing_since < now() - make_interval(secs => $7)
                        THEN 3 ELSE state END
      FROM failing WHERE webhook.id = failing.id AND (failing.failures > 0 OR $5 IS NOT NULL)
    RETURNING state),
freed AS (
    UPDATE webhook_delivery SET due = now() WHERE id IN (
        (SELECT next.id FROM tried JOIN webhook_delivery AS next ON next.webhook_id = tried.webhook_id
            AND next.entity = tried.entity AND next.entity_id = tried.entity_id AND next.done_at IS NULL
            AND next.id <> tried.id
          WHERE $5 IS NULL ORDER BY next.number, next.id LIMIT 1)
        UNION
        (SELECT waiting.id FROM failing JOIN webhook_delivery AS waiting ON waiting.webhook_id = failing.id
            AND waiting.done_at IS NULL AND waiting.due > now()
          WHERE $5 IS NULL AND failing.failing_since < now() - interval '10 seconds' AND waiting.id <> $1::bigint
          ORDER BY waiting.due LIMIT 1000)))
SELECT coalesce((SELECT state FROM hook), 0)::integer
