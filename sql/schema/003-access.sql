-- Who is asking, and what the run-time role may touch: exactly what the module's statements need.

-- The associate behind a login name, in any case; nobody when it is unknown or retired.  Inlined into each statement,
-- so knowing the caller costs no round trip of its own.
CREATE FUNCTION caller(login text) RETURNS TABLE (associate_id integer) LANGUAGE sql STABLE AS $$
    SELECT a.associate_id FROM associate a WHERE lower(a.name) = lower(login) AND NOT a.deleted
$$;

REVOKE ALL ON SCHEMA chatsession FROM PUBLIC;
GRANT USAGE ON SCHEMA chatsession TO :"runtime";
GRANT SELECT ON schema_migration TO :"runtime";
GRANT SELECT, INSERT, UPDATE, DELETE ON chat_session TO :"runtime";
GRANT SELECT ON chat_topic, associate, person, contact, project, sale, ticket TO :"runtime";
GRANT INSERT ON associate TO :"runtime";
