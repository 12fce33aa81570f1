-- Sessions that are created by one statement for several requests take their ids before they are inserted, as the column's
-- default would: who may insert them may take ids (grants.sql).
COMMENT ON SEQUENCE chat_session_id_seq IS 'taken from by whoever may insert into chat_session';

-- As it was (010), but for sessions: the words of a talk's messages are indexed when it has ended.  While it goes on, each
-- save would be two fifths dearer for them, and the few sessions that go on are found by their status, which is
-- why a filter on such a text asks for the two kinds one by one.  What each of these indexes keeps unsorted is little,
-- because whoever makes it too much sorts it before his own save ends.
--
-- sql/migrate calls this when all migrations are done.  The new indexes are built by reading chat_session once each, ten
-- seconds or so for a million sessions, while nobody can save; after that it drops the old ones, which waits for reads.
CREATE OR REPLACE FUNCTION index_texts() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place text := (SELECT n.nspname FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace
                    WHERE e.extname = 'pg_trgm');
    wanted record;
BEGIN
    FOR wanted IN SELECT name, relation, attribute, part
                    FROM (VALUES ('chat_session_first_message_words', 'chat_session', 'first_message',
                                  'WHERE status IN (0, 7, 8, 9, 10, 11)'),
                                 ('chat_session_last_message_words', 'chat_session', 'last_message',
                                  'WHERE status IN (0, 7, 8, 9, 10, 11)'),
                                 ('person_full_name_parts', 'person', 'full_name', ''),
                                 ('contact_name_parts', 'contact', 'name', '')) AS names (name, relation, attribute, part)
                    JOIN pg_class AS c ON c.oid = to_regclass(relation) AND c.relkind IN ('r', 'm')
                   WHERE place IS NOT NULL AND to_regclass(name) IS NULL AND pg_has_role(c.relowner, 'USAGE')
    LOOP
        EXECUTE format('CREATE INDEX %I ON %I USING gin (lower(%I) %I.gin_trgm_ops) WITH (gin_pending_list_limit = 1024) %s',
                       wanted.name, wanted.relation, wanted.attribute, place, wanted.part);
    END LOOP;
END
$$;
