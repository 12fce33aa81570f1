-- How the tables lie that come as whole records, and who counts as the caller.

-- The columns of the tables in their order, and in each row the same mark of all of them.
CREATE FUNCTION layout_columns(VARIADIC relations text[])
RETURNS TABLE (relation text, record bigint, name text, type bigint, mark bigint) LANGUAGE sql STABLE AS $$
    SELECT c.relname::text, c.reltype::bigint, a.attname::text, a.atttypid::bigint,
           hashtextextended(string_agg(concat_ws(' ', a.attrelid, a.attnum, a.attname, a.atttypid), ',') OVER (
               ORDER BY a.attrelid, a.attnum ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), 0)
      FROM pg_class AS c
      JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.oid IN (SELECT to_regclass(wanted) FROM unnest(relations) AS wanted)
     ORDER BY a.attrelid, a.attnum
$$;

-- That mark as it is now, whatever snapshot the asking statement has.
CREATE FUNCTION layout_now(relations text[]) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN (SELECT mark FROM layout_columns(VARIADIC relations) LIMIT 1);
END
$$;

-- The mark for a statement that brings records of these tables.  It is said to be immutable so that it is computed when
-- the statement is planned, not when it runs.  A plan ends with any change of its tables and is made, like it is run,
-- with the tables locked; so the mark in a result is that of the records in it.
CREATE FUNCTION layout(VARIADIC relations text[]) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN layout_now(relations);
END
$$;

-- The associate behind a login name, in any case; nobody when it is unknown, retired, or the name of several (a view in
-- the table's place has no unique index).
CREATE OR REPLACE FUNCTION caller(login text) RETURNS TABLE (associate_id integer) LANGUAGE sql STABLE AS $$
    SELECT min(a.associate_id) FROM associate a WHERE lower(a.name) = lower(login) AND NOT a.deleted HAVING count(*) = 1
$$;
