-- Who is asking.

-- name: caller_get
-- args: caller text
-- rows: 1, repeatable
SELECT caller.associate_id FROM caller($1)

-- name: associate_enroll
-- args: name text
-- rows: 0, repeatable
INSERT INTO associate (name, username, full_name) VALUES ($1, $1, $1) ON CONFLICT DO NOTHING

-- All that api/principal.c shows of the caller, in its order.
-- name: principal_get
-- args: caller text
-- rows: 1, repeatable
SELECT caller.associate_id,
       ROW(associate.type, associate.name, associate.associate_id, associate.person_id > 0, associate.person_id,
           person.country_id, person.contact_country_id, person.contact_id, associate.group_idx,
           CASE WHEN associate.is_admin THEN 'Administrator' ELSE 'User' END, 'Employee'::text, associate.full_name,
           person.email, associate.ejuserid, associate.username, associate.is_admin)
  FROM caller($1)
  JOIN associate ON associate.associate_id = caller.associate_id
  LEFT JOIN person ON person.person_id = associate.person_id AND associate.person_id > 0
