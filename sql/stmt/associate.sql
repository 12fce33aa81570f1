-- Who is asking.

-- name: caller_get
-- args: caller text
-- rows: 1, repeatable
SELECT caller.associate_id FROM caller($1)

-- name: associate_enroll
-- args: name text
-- rows: 0, repeatable
INSERT INTO associate (name, username, full_name) VALUES ($1, $1, $1) ON CONFLICT DO NOTHING
