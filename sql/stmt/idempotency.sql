-- Requests that may be sent twice; both run in the transaction of the request's effect.

-- No row where the user is not known: what he was answered while he was is his no more.
-- name: idempotency_claim
-- args: caller text, key text, digest text, lifetime in s int4, patience in ms int4
-- rows: 1
SELECT verdict, status, content_type, etag, changed_at, body
  FROM caller($1) CROSS JOIN LATERAL idempotency_claim($1, $2, $3, $4, $5)

-- name: idempotency_answer
-- args: caller text, key text, status int4, content type text, etag text, time of change timestamp, body text
-- rows: 0
UPDATE idempotency_key SET status = $3, content_type = $4, etag = $5, changed_at = $6, body = $7
 WHERE login = lower($1) AND key = $2
