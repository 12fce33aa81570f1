-- When companies, persons and users were changed, for who remembers what he has read of them: rather than look at each
-- record again he asks whether any was changed since (snapshots, not times: what was not yet committed then counts).

-- That a transaction changed the relation.  Of those so long gone that nobody asks the runner removes what it finds
-- (work_changes), and rows that another cluster's transactions have left in a copy.
CREATE TABLE reference_change (
    at       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    relation name NOT NULL,
    PRIMARY KEY (at, relation)
);

-- Whoever may change a record notes it.
CREATE FUNCTION note_reference_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = chatsession, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM reference_change WHERE at = pg_current_xact_id() AND relation = TG_TABLE_NAME) THEN
        INSERT INTO reference_change (relation) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- Gives such a table its triggers, where it has none: sql/migrate calls it at each run, for each by itself, so that it
-- waits for who writes into that one alone.  For each row, because logical replication fires no others, and always, because
-- it fires only those.  What is no table is left as it is: nothing is remembered of it then.
CREATE FUNCTION watch_reference(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN SELECT kind.name, kind.event, kind.level
                    FROM pg_class AS c,
                         (VALUES ('reference_change_row', 'INSERT OR UPDATE OR DELETE', 'ROW'),
                                 ('reference_change_all', 'TRUNCATE', 'STATEMENT')) AS kind (name, event, level)
                   WHERE c.oid = relation AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
                     AND NOT EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = c.oid AND t.tgname = kind.name)
    LOOP
        EXECUTE format('CREATE TRIGGER %I AFTER %s ON %s FOR EACH %s EXECUTE FUNCTION note_reference_change()',
                       wanted.name, wanted.event, relation, wanted.level);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', relation, wanted.name);
    END LOOP;
END
$$;

-- What a mark of records in these tables begins with: another number when their columns are others, when their records
-- were written anew without a trigger, or when a trigger was off for a while.  NULL where a mark would not tell all: of
-- what is no table of its own, whose rows not everybody sees, or that is to note its changes and does not.
CREATE FUNCTION mark_seed_now(noting text[], relations text[]) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    tables oid[] := ARRAY(SELECT to_regclass(name)::oid FROM unnest(noting || relations) AS name);
    watched oid[] := ARRAY(SELECT to_regclass(name)::oid FROM unnest(noting) AS name);
    told bigint := (SELECT count(*) FROM pg_trigger AS t
                     WHERE t.tgrelid = ANY (watched) AND t.tgfoid = 'note_reference_change'::regproc AND t.tgenabled = 'A'
                       AND t.tgname IN ('reference_change_row', 'reference_change_all'));
BEGIN
    IF told <> 2 * (SELECT count(DISTINCT one) FROM unnest(watched) AS one)
       OR EXISTS (SELECT FROM unnest(tables) AS one LEFT JOIN pg_class AS c ON c.oid = one
                   WHERE c.relkind IS DISTINCT FROM 'r' OR c.relhassubclass OR c.relrowsecurity) THEN
        RETURN NULL;
    END IF;
    RETURN hashtextextended(
        (SELECT string_agg(concat_ws(' ', c.oid, c.relfilenode), ',' ORDER BY c.oid) FROM pg_class AS c WHERE c.oid = ANY (tables))
        || coalesce((SELECT string_agg(concat_ws(' ', t.oid, t.xmin), ',' ORDER BY t.oid) FROM pg_trigger AS t
                      WHERE t.tgrelid = ANY (watched)), ''), layout_now(noting || relations));
END
$$;

-- The same, computed when the statement is planned, like layout() and for its reason: what counts is told to plans.
CREATE FUNCTION mark_seed(noting text[], VARIADIC relations text[]) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN mark_seed_now(noting, relations);
END
$$;
