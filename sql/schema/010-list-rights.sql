-- Whose sessions a caller's lists show, and what texts are found by.

-- The topics in which he has a role: the set that roles_as() finds one by one, once for a statement.
CREATE FUNCTION topics_of(associate integer) RETURNS integer[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(topic_id), '{}') FROM chat_topic_user
     WHERE user_id = associate AND (manager OR can_respond OR can_listen OR notifications)
$$;

-- What a text begins with or contains is found by pg_trgm, where this database has it (sql/migrate tries to create it);
-- without it such filters read the table.  Called whenever sql/migrate runs, so that an extension that comes later is
-- used.  A view in the place of a table has no index of ours.
CREATE FUNCTION index_texts() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place text := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'pg_trgm');
    wanted record;
BEGIN
    FOR wanted IN SELECT relation, attribute FROM (VALUES ('chat_session', 'first_message'), ('chat_session', 'last_message'),
                                                          ('person', 'full_name'), ('contact', 'name')) AS names (relation, attribute)
                    JOIN pg_class AS c ON c.oid = to_regclass(relation) AND c.relkind IN ('r', 'm')
                   WHERE place IS NOT NULL
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I USING gin (lower(%I) %I.gin_trgm_ops)',
                       wanted.relation || '_' || wanted.attribute || '_parts', wanted.relation, wanted.attribute, place);
    END LOOP;
END
$$;
SELECT index_texts() \g /dev/null
