-- What a request may demand, and requests that may be sent twice.

-- Whether an entity in that state meets a request's conditions: versions joined by commas that it must have or must not
-- have, a time (UTC) after which it must not have changed, in whole seconds as HTTP counts.  NULL demands nothing.
CREATE FUNCTION admitted(version bigint, changed_at timestamptz, matches text, excludes text, since timestamp)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT (matches IS NULL OR version = ANY (string_to_array(matches, ',')::bigint[]))
       AND (excludes IS NULL OR version <> ALL (string_to_array(excludes, ',')::bigint[]))
       AND (since IS NULL OR date_trunc('second', changed_at AT TIME ZONE 'UTC') <= since)
$$;

-- The answer to each request that came with a key of its sender's, written in the transaction of its effect.
CREATE TABLE idempotency_key (
    login         text NOT NULL,
    key           text NOT NULL,
    request       text NOT NULL,
    expires_at    timestamptz NOT NULL,
    status        integer,
    content_type  text,
    etag          text,
    changed_at    timestamp,
    body          text,
    PRIMARY KEY (login, key)
);
CREATE INDEX idempotency_key_expires ON idempotency_key (expires_at);
COMMENT ON COLUMN idempotency_key.login IS 'whose key it is, in lower case';
COMMENT ON COLUMN idempotency_key.request IS 'digest of all that makes the request what it is';
COMMENT ON COLUMN idempotency_key.changed_at IS 'of the entity in the answer, UTC';

-- Takes the key for this transaction.  fresh: it is ours now; replay: with the answer that was given; other: it was used
-- for another request; running: somebody has it and did not end within so many milliseconds.  The primary key decides
-- between two at once.  Each call also removes a few keys whose time is over.
CREATE FUNCTION idempotency_claim(caller_login text, claimed text, digest text, lifetime_s integer, patience_ms integer)
RETURNS TABLE (verdict text, status integer, content_type text, etag text, changed_at timestamp, body text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    owner text := lower(caller_login);
    before text := current_setting('lock_timeout');
    digest_before text;
BEGIN
    PERFORM set_config('lock_timeout', patience_ms || 'ms', true);
    BEGIN
        DELETE FROM idempotency_key WHERE login = owner AND key = claimed AND expires_at <= now();
        DELETE FROM idempotency_key AS old USING (
            SELECT login, key FROM idempotency_key WHERE expires_at <= now()
             ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED) AS over
         WHERE old.login = over.login AND old.key = over.key;
        INSERT INTO idempotency_key (login, key, request, expires_at)
        VALUES (owner, claimed, digest, now() + make_interval(secs => lifetime_s))
        ON CONFLICT DO NOTHING;
        verdict := CASE WHEN FOUND THEN 'fresh' END;
    EXCEPTION WHEN lock_not_available THEN
        verdict := 'running';
    END;
    PERFORM set_config('lock_timeout', before, true);
    IF verdict IS NULL THEN
        SELECT k.request, k.status, k.content_type, k.etag, k.changed_at, k.body
          INTO digest_before, status, content_type, etag, changed_at, body
          FROM idempotency_key AS k WHERE k.login = owner AND k.key = claimed;
        verdict := CASE digest_before WHEN digest THEN 'replay' ELSE 'other' END;
    END IF;
    RETURN NEXT;
END
$$;

