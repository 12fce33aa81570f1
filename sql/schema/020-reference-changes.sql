-- When companies, persons and users were changed, for who remembers what he has read of them: rather than look at each
-- record again he asks whether any was changed since (snapshots, not times: what was not yet committed then counts).

-- That a transaction changed the relation.  Of those so long gone that nobody asks the runner removes what it finds
-- (work_changes), and rows that another cluster's transactions have left in a copy.
CREATE TABLE reference_change (
    at       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    relation name NOT NULL,
    PRIMARY KEY (at, relation)
);

-- Whoever may change a record notes it.  Nothing is read before: who runs serializable would depend on all who note.
CREATE FUNCTION note_reference_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = chatsession, pg_temp AS $$
BEGIN
    INSERT INTO reference_change (relation) VALUES (TG_TABLE_NAME) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
REVOKE EXECUTE ON FUNCTION note_reference_change() FROM PUBLIC;

-- Gives such a table its triggers, where it has none or they are off: sql/migrate calls it at each run, for each by itself,
-- so that it waits for who writes into that one alone.  One trigger is for statements, also of a session that replicates;
-- logical replication itself fires those for rows alone, which fire nowhere else.  What is no table is left as it is: nothing
-- is remembered of it then.
CREATE FUNCTION watch_reference(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN SELECT kind.*
                    FROM pg_class AS c,
                         (VALUES ('reference_change', 'INSERT OR UPDATE OR DELETE OR TRUNCATE', 'STATEMENT', 'ALWAYS', 'A'),
                                 ('reference_change_replicated', 'INSERT OR UPDATE OR DELETE', 'ROW', 'REPLICA', 'R'))
                             AS kind (name, event, level, fires, enabled)
                   WHERE c.oid = relation AND c.relkind = 'r' AND pg_has_role(c.relowner, 'USAGE')
                     AND NOT EXISTS (SELECT FROM pg_trigger AS t
                                      WHERE t.tgrelid = c.oid AND t.tgname = kind.name AND t.tgenabled = kind.enabled::"char")
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I AFTER %s ON %s FOR EACH %s EXECUTE FUNCTION note_reference_change()',
                       wanted.name, wanted.event, relation, wanted.level);
        EXECUTE format('ALTER TABLE %s ENABLE %s TRIGGER %I', relation, wanted.fires, wanted.name);
    END LOOP;
END
$$;

-- What a mark of records in these tables begins with: another number when they or their columns were altered, when their
-- records were written anew without a trigger, or when a trigger was off for a while.  NULL where a mark would not tell all:
-- of what is no table of its own, whose rows not everybody sees, or that is to note its changes and does not; and of notes
-- on a standby, whose snapshots do not say who is still at work.
CREATE FUNCTION mark_seed_now(noting text[], relations text[]) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    watched oid[] := ARRAY(SELECT DISTINCT to_regclass(name)::oid FROM unnest(noting) AS name);
    tables oid[] := watched || ARRAY(SELECT to_regclass(name)::oid FROM unnest(relations) AS name);
    telling bigint := (SELECT count(*) FROM pg_trigger AS t
                        WHERE t.tgrelid = ANY (watched) AND t.tgfoid = 'note_reference_change'::regproc
                          AND (t.tgname, t.tgenabled) IN (('reference_change', 'A'), ('reference_change_replicated', 'R')));
BEGIN
    IF telling <> 2 * cardinality(watched) OR (cardinality(watched) > 0 AND pg_is_in_recovery())
       OR EXISTS (SELECT FROM unnest(tables) AS one LEFT JOIN pg_class AS c ON c.oid = one
                   WHERE c.relkind IS DISTINCT FROM 'r' OR c.relhassubclass OR c.relrowsecurity)
       OR EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhrelid = ANY (watched)) THEN
        RETURN NULL;
    END IF;
    RETURN hashtextextended(
        (SELECT string_agg(concat_ws(' ', c.oid, c.relfilenode, c.xmin), ',' ORDER BY c.oid)
           FROM pg_class AS c WHERE c.oid = ANY (tables)) || ';' ||
        (SELECT string_agg(a.xmin::text, ',' ORDER BY a.attrelid, a.attnum)
           FROM pg_attribute AS a WHERE a.attrelid = ANY (tables) AND a.attnum > 0) || ';' ||
        coalesce((SELECT string_agg(concat_ws(' ', t.oid, t.xmin), ',' ORDER BY t.oid)
                    FROM pg_trigger AS t WHERE t.tgrelid = ANY (watched)), ''), layout_now(noting || relations));
END
$$;

-- The same, computed when the statement is planned, like layout() and for its reason: what counts is told to plans.  Whoever
-- replaces note_reference_change() makes its triggers anew, because no plan hears of a function's other body.
CREATE FUNCTION mark_seed(noting text[], VARIADIC relations text[]) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN mark_seed_now(noting, relations);
END
$$;
