/* query/emit_mark.c -- marks of a list's rows, by which is known that an answer is still right.
 *
 * A session that was changed has another `xmin`, and so has its topic: both are looked at.  Persons,
 * companies and users are not, because that is most of what a list costs; their tables note who changes them
 * (sql/schema/020-reference-changes.sql), and a mark holds while nobody has since the list was read.  Their
 * joins stay in the statement: PostgreSQL leaves out what nothing is taken from, but knows that the plan ends
 * when they are altered. */
#include "query/emit.h"

#include <string.h>

/* Transactions after which a note may be gone: half of what work_changes keeps. */
#define HORIZON "50000"

/* Calls `one` for each record whose table notes its changes, or for each that does not. */
static void put_records(const cs_emit_t *emit, cs_buf_t *buf, int noting, const char *between,
                        const char *(*one)(const cs_archive_join_t *join), const char *end)
{
    int any = 0;

    for (int i = 0; i < CS_JOIN_COUNT; i++) {
        const cs_archive_join_t *join = &cs_archive_joins[i];

        if ((i == CS_JOIN_SESSION || emit->joins & 1u << i) && join->noting == noting) {
            cs_buf_puts(buf, any++ ? between : "");
            cs_buf_puts(buf, one(join));
            cs_buf_puts(buf, end);
        }
    }
}

static const char *alias_of(const cs_archive_join_t *join)
{
    return join->alias;
}

static const char *table_of(const cs_archive_join_t *join)
{
    return join->table;
}

/* The number seeds the hash: of two sessions that one transaction made, and another changed, the marks must
 * not be others in the same way. */
void cs_put_row_mark(const cs_emit_t *emit, cs_buf_t *buf)
{
    cs_buf_puts(buf, ", hash_record_extended(ROW(");
    put_records(emit, buf, 0, ", ", alias_of, ".xmin");
    cs_buf_puts(buf, "), hashint8extended(session.id, mark_seed('{");
    put_records(emit, buf, 1, ",", table_of, "");
    cs_buf_puts(buf, "}', '");
    put_records(emit, buf, 0, "', '", table_of, "");
    cs_buf_puts(buf, "'))) AS mark");
}

static int notes_any(const cs_emit_t *emit)
{
    for (int i = 0; i < CS_JOIN_COUNT; i++) {
        if (emit->joins & 1u << i && cs_archive_joins[i].noting) {
            return 1;
        }
    }
    return 0;
}

static void put_noting(const cs_emit_t *emit, cs_buf_t *buf)
{
    cs_buf_puts(buf, " AND change.relation = ANY ('{");
    put_records(emit, buf, 1, ",", table_of, "");
    cs_buf_puts(buf, "}'))");
}

/* Of what is committed now the list's snapshot has not seen who began later, and who was at work. */
void cs_put_mark_end(cs_emit_t *emit, cs_buf_t *buf, const cs_list_t *list)
{
    cs_buf_puts(buf, ") AS found) AS list ON ");
    if (!notes_any(emit)) {
        cs_buf_puts(buf, "true");
        return;
    }
    cs_buf_puts(buf, "(SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
                     " - pg_snapshot_xmin(moment)::text::bigint < " HORIZON
                     " AND NOT EXISTS (SELECT FROM reference_change AS change"
                     " WHERE change.at >= pg_snapshot_xmax(moment)"
                     " AND change.at < pg_snapshot_xmax(pg_current_snapshot())");
    put_noting(emit, buf);
    cs_buf_puts(buf, " AND NOT EXISTS (SELECT FROM pg_snapshot_xip(moment) AS working"
                     " JOIN reference_change AS change ON change.at = working");
    put_noting(emit, buf);
    cs_buf_puts(buf, " FROM CAST(");
    cs_put_arg(emit, buf, cs_val_text(list->moment, strlen(list->moment)));
    cs_buf_puts(buf, "::text AS pg_snapshot) AS moment)");
}
