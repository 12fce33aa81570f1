-- Indexes of words (018), by itself each: who waits for one table has locked no other, and builds none twice for it.
-- sql/migrate calls this for each when all migrations are done.
DROP FUNCTION index_texts();
CREATE FUNCTION index_text(wanted name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place text := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'pg_trgm' AND has_schema_privilege(n.oid, 'USAGE'));
    text_index record;
BEGIN
    SELECT * INTO text_index
      FROM (VALUES ('chat_session_first_message_words'::name, 'chat_session', 'first_message',
                    'WHERE status IN (0, 7, 8, 9, 10, 11)'),
                   ('chat_session_last_message_words', 'chat_session', 'last_message',
                    'WHERE status IN (0, 7, 8, 9, 10, 11)'),
                   ('person_full_name_parts', 'person', 'full_name', ''),
                   ('contact_name_parts', 'contact', 'name', '')) AS indexes (name, relation, attribute, part)
      JOIN pg_class AS c ON c.oid = to_regclass(relation) AND c.relkind IN ('r', 'm')
     WHERE name = wanted AND place IS NOT NULL AND to_regclass(name::text) IS NULL AND pg_has_role(c.relowner, 'USAGE');
    IF FOUND THEN
        EXECUTE format('CREATE INDEX %I ON %I USING gin (lower(%I) %I.gin_trgm_ops) WITH (gin_pending_list_limit = 1024) %s',
                       text_index.name, text_index.relation, text_index.attribute, place, text_index.part);
    END IF;
END
$$;
