/* db/query.c -- statements made for one call: planned for their values, their rows taken as they come. */
#include "base/monotonic.h"
#include "db/conn.h"
#include "db/rows_take.h"
#include "db/types.h"

#include <apr_strings.h>

/* Planned for its values, unlike the named statements: how rare a status is decides where to look.  Sent in
 * one go with the statement, which makes both one transaction. */
#define PLAN_FOR_VALUES "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"

/* Integers go as bigint, because a row's value may be one. */
static int send_unnamed(const cs_conn_t *conn, apr_pool_t *pool, const char *sql, const cs_val_t *args,
                        int count)
{
    apr_size_t room = (apr_size_t)count + 1;
    const char **values = apr_pcalloc(pool, room * sizeof(*values));
    int *lengths = apr_pcalloc(pool, room * sizeof(*lengths));
    int *formats = apr_pcalloc(pool, room * sizeof(*formats));
    Oid *oids = apr_pcalloc(pool, room * sizeof(*oids));

    for (int i = 0; i < count; i++) {
        const cs_val_t *arg = &args[i];
        char *number = apr_palloc(pool, 8);
        int text = arg->kind == CS_K_TEXT, whole = arg->kind == CS_K_INT;

        formats[i] = 1;
        oids[i] = whole ? CS_OID_BIGINT : cs_type_of_parameter(arg->kind);
        lengths[i] = text ? (int)arg->len : whole ? 8 : cs_type_size(arg->kind);
        if (!text) {
            cs_write_number(number, arg->u.i, lengths[i]);
        }
        values[i] = !arg->set ? NULL : text ? arg->u.s : number;
    }
    return PQsendQueryParams(conn->pg, sql, count, oids, values, lengths, formats, 1);
}

/* Takes the end of what was sent at once; without it the connection is of no more use. */
static void end_pipeline(cs_conn_t *conn, apr_time_t until)
{
    PGresult *result;
    short events;

    while ((events = cs_conn_events(conn))) {
        if (!cs_conn_wait(conn, events, until)) {
            conn->spoiled = 1;
            return;
        }
        PQconsumeInput(conn->pg);
    }
    result = PQgetResult(conn->pg);
    if (PQresultStatus(result) != PGRES_PIPELINE_SYNC || !PQexitPipelineMode(conn->pg)) {
        conn->spoiled = 1;
    }
    PQclear(result);
}

/* One result of libpq: a row, the end of them, or an error. */
static cs_error_t *take_result(cs_ctx_t *cx, cs_conn_t *conn, const PGresult *result, apr_pool_t *scratch,
                               cs_sink_t *sink)
{
    const cs_error_t *error;
    cs_rows_t *rows;

    if (PQresultStatus(result) != PGRES_SINGLE_TUPLE) {
        return PQresultStatus(result) == PGRES_TUPLES_OK ? NULL : cs_conn_refused(cx, conn, result, 1);
    }
    apr_pool_clear(scratch);
    error = cs_rows_take(scratch, result, &conn->layouts, 1, &rows);
    if (error) { /* which is to outlive the row's pool */
        return cs_error_detail(cs_error_make(cx->pool, error->code, NULL, "%s", error->message),
                               apr_pstrdup(cx->pool, error->detail));
    }
    sink->rows++;
    return sink->take(sink, cs_rows_get(rows, 0));
}

/* All rows are taken from the connection, those after an error as well, which nobody sees. */
static cs_error_t *take_results(cs_ctx_t *cx, cs_conn_t *conn, apr_time_t until, apr_pool_t *scratch,
                                cs_sink_t *sink)
{
    cs_error_t *error = NULL;
    int ended = 0;

    for (;;) {
        PGresult *result;
        short events;

        while ((events = cs_conn_events(conn))) {
            if (!cs_conn_wait(conn, events, until)) {
                return cs_conn_silent(cx, conn);
            }
            PQconsumeInput(conn->pg);
        }
        result = PQgetResult(conn->pg);
        if (!result) {
            return error || ended ? error : cs_conn_lost(cx, conn);
        }
        ended = ended || PQresultStatus(result) == PGRES_TUPLES_OK;
        error = error ? error : take_result(cx, conn, result, scratch, sink);
        PQclear(result);
        if (conn->spoiled) {
            return error;
        }
    }
}

static cs_error_t *send_both(cs_ctx_t *cx, cs_conn_t *conn, const char *sql, const cs_val_t *args, int count)
{
    if (!PQenterPipelineMode(conn->pg) ||
        !PQsendQueryParams(conn->pg, PLAN_FOR_VALUES, 0, NULL, NULL, NULL, NULL, 1) ||
        !send_unnamed(conn, cx->pool, sql, args, count) || !PQpipelineSync(conn->pg)) {
        return cs_conn_lost(cx, conn);
    }
    return NULL;
}

cs_error_t *cs_conn_query(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, const char *sql,
                          const cs_val_t *args, int count, cs_sink_t *sink)
{
    apr_time_t until = cs_conn_limit(cx, options);
    apr_pool_t *scratch;
    PGresult *none;
    cs_error_t *error;

    cs_log(cx->log, CS_LOG_TRACE4, 0, "query: %s", sql);
    conn->untouched = 0;
    CS_TRY(send_both(cx, conn, sql, args, count));
    error = cs_conn_await(cx, conn, until, 0, &none);
    if (!error && !PQsetSingleRowMode(conn->pg)) {
        error = cs_conn_lost(cx, conn);
    }
    if (!error) {
        apr_pool_create(&scratch, cx->pool);
        error = take_results(cx, conn, until, scratch, sink);
        apr_pool_destroy(scratch);
    }
    if (!conn->spoiled) {
        end_pipeline(conn, until);
    }
    return error;
}
