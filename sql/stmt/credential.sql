-- Tickets and web sessions.  Digests travel as hexadecimal text, secrets not at all.

-- The login name behind a live credential, which a use extends: at most once a minute, and by that minute more, so
-- that it lives at least its whole time after each use.  Uses at the same moment do not wait for each other; one that
-- has expired stays so, whoever else uses it at that moment.
-- name: credential_use
-- args: kind text, digest text, xsrf text or NULL, ttl int4 in seconds
-- rows: 1, repeatable
WITH found AS MATERIALIZED (
    SELECT id, login, xsrf, last_used FROM credential
     WHERE digest = decode($2, 'hex') AND kind = $1 AND expires_at > now()),
extended AS (
    UPDATE credential SET last_used = now(),
           expires_at = greatest(expires_at, now() + make_interval(secs => $4 + 60))
     WHERE id = (SELECT live.id FROM credential AS live
                  WHERE live.id = (SELECT found.id FROM found WHERE found.last_used <= now() - interval '1 minute'
                                      AND (found.xsrf IS NULL OR found.xsrf = decode($3, 'hex')))
                    AND live.expires_at > now() AND live.last_used <= now() - interval '1 minute'
                    FOR UPDATE SKIP LOCKED))
SELECT login::text, encode(xsrf, 'hex') FROM found

-- A new one; of the caller's others as many stay as there may be beside it, the oldest go.  What has expired goes too,
-- some at a time.
-- name: credential_issue
-- args: caller text, kind text, digest text, xsrf text or NULL, ttl int4 in seconds, most int4
-- rows: 1
WITH swept AS (
    DELETE FROM credential WHERE id IN (
        SELECT id FROM credential WHERE expires_at <= now() ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED)),
crowded AS (
    DELETE FROM credential WHERE id IN (
        SELECT id FROM credential WHERE id IN (
            SELECT id FROM credential
             WHERE lower(login) = lower($1) AND kind = $2 AND expires_at > now()
             ORDER BY valid_from DESC, id DESC OFFSET $6 - 1)
           FOR UPDATE SKIP LOCKED)),
issued AS (
    INSERT INTO credential (kind, login, digest, xsrf, expires_at)
    SELECT $2, $1, decode($3, 'hex'), decode($4, 'hex'), now() + make_interval(secs => $5 + 60) FROM caller($1)
    RETURNING expires_at)
SELECT caller.associate_id, (issued.expires_at - interval '1 minute') AT TIME ZONE 'UTC'
  FROM caller($1) LEFT JOIN issued ON true

-- name: credential_end
-- args: kind text, digest text
-- rows: 0, repeatable
DELETE FROM credential WHERE digest = decode($2, 'hex') AND kind = $1
