-- Whom a session is with is found by a hash, beside the primary key: a list looks for a person and a company in each of
-- its rows, and a step or two instead of a walk down a tree is a seventh of what the list costs.  Each index is built by
-- reading its table once, a second or two for a million rows, while nobody can change a person or a company; reading
-- them goes on.  Nothing is written anew.  A view in the place of a table has no index of ours.
DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN SELECT relation, attribute FROM (VALUES ('person', 'person_id'), ('contact', 'contact_id'))
                           AS keys (relation, attribute)
                    JOIN pg_class AS c ON c.oid = to_regclass(relation) AND c.relkind IN ('r', 'm', 'p')
    LOOP
        EXECUTE format('CREATE INDEX IF NOT EXISTS %I ON %I USING hash (%I)', wanted.relation || '_found',
                       wanted.relation, wanted.attribute);
    END LOOP;
END
$$;
