/* db/query.c -- statements made for one call: those that come again are kept prepared, and rows are taken as
 * they come, or all at once where there are few. */
#include "base/monotonic.h"
#include "db/conn.h"
#include "db/rows_take.h"
#include "db/types.h"

#include <apr_strings.h>

/* Planned for its values, unlike the named statements: how rare a status is decides where to look.  Sent in
 * one go with the statement, which makes both one transaction. */
#define PLAN_FOR_VALUES "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"

#define KEPT_NAME 24 /* of a statement that is kept */
#define LEFT_MAX  8  /* results that may stand before the end of what was sent at once */

/* A statement's arguments in PostgreSQL's form. */
typedef struct sent_t {
    const char **values;
    int *lengths, *formats;
    Oid *oids;
} sent_t;

/* A query under way. */
typedef struct inquiry_t {
    cs_ctx_t *cx;
    cs_conn_t *conn;
    const cs_query_t *query;
    cs_keeping_t keeping;
    int place;
    int before; /* answers to come before the rows */
    int piped;  /* all was sent in one go */
    apr_time_t until;
} inquiry_t;

/* Integers go as bigint, because a row's value may be one. */
static sent_t put_in_form(apr_pool_t *pool, const cs_val_t *args, int count)
{
    apr_size_t room = (apr_size_t)count + 1;
    sent_t sent = {apr_pcalloc(pool, room * sizeof(*sent.values)), apr_pcalloc(pool, room * sizeof(int)),
                   apr_pcalloc(pool, room * sizeof(int)), apr_pcalloc(pool, room * sizeof(Oid))};

    for (int i = 0; i < count; i++) {
        const cs_val_t *arg = &args[i];
        char *number = apr_palloc(pool, 8);
        int text = arg->kind == CS_K_TEXT, whole = arg->kind == CS_K_INT;

        sent.formats[i] = 1;
        sent.oids[i] = whole ? CS_OID_BIGINT : cs_type_of_parameter(arg->kind);
        sent.lengths[i] = text ? (int)arg->len : whole ? 8 : cs_type_size(arg->kind);
        if (!text) {
            cs_write_number(number, arg->u.i, sent.lengths[i]);
        }
        sent.values[i] = !arg->set ? NULL : text ? arg->u.s : number;
    }
    return sent;
}

/* ---------------- sending */

static void put_name(char name[KEPT_NAME], int place)
{
    apr_snprintf(name, KEPT_NAME, "list_%d", place);
}

/* In the place of what stood there before. */
static int send_preparation(inquiry_t *inquiry, const char *name, const sent_t *sent)
{
    const cs_query_t *query = inquiry->query;
    PGconn *pg = inquiry->conn->pg;

    if (cs_kept_occupied(inquiry->conn->kept, inquiry->place)) {
        const char *end = apr_pstrcat(inquiry->cx->pool, "DEALLOCATE ", name, NULL);

        inquiry->before++;
        if (!PQsendQueryParams(pg, end, 0, NULL, NULL, NULL, NULL, 1)) {
            return 0;
        }
    }
    inquiry->before++;
    cs_log(inquiry->cx->log, CS_LOG_TRACE4, 0, "prepare %s: %s", name, query->sql);
    return PQsendPrepare(pg, name, query->sql, query->count, sent->oids);
}

/* What goes before the statement, in one go with it. */
static int send_before(inquiry_t *inquiry, const char *name, const sent_t *sent)
{
    PGconn *pg = inquiry->conn->pg;

    if (inquiry->keeping == CS_KEPT_NEW) {
        return send_preparation(inquiry, name, sent);
    }
    inquiry->before = 1;
    return PQsendQueryParams(pg, PLAN_FOR_VALUES, 0, NULL, NULL, NULL, NULL, 1);
}

static cs_error_t *send_all(inquiry_t *inquiry)
{
    const cs_query_t *query = inquiry->query;
    sent_t sent = put_in_form(inquiry->cx->pool, query->args, query->count);
    PGconn *pg = inquiry->conn->pg;
    char name[KEPT_NAME];
    int named = inquiry->keeping >= CS_KEPT_NEW, sent_all;

    put_name(name, inquiry->place);
    inquiry->piped = inquiry->keeping == CS_KEPT_NEW || inquiry->keeping == CS_KEPT_PAUSED || !query->steady;
    cs_log(inquiry->cx->log, CS_LOG_TRACE4, 0, "query %s: %s", named ? name : "without a name", query->sql);
    if (inquiry->piped && (!PQenterPipelineMode(pg) || !send_before(inquiry, name, &sent))) {
        return cs_conn_lost(inquiry->cx, inquiry->conn);
    }
    sent_all = named ? PQsendQueryPrepared(pg, name, query->count, sent.values, sent.lengths, sent.formats, 1)
                     : PQsendQueryParams(pg, query->sql, query->count, sent.oids, sent.values, sent.lengths,
                                         sent.formats, 1);
    return sent_all && (!inquiry->piped || PQpipelineSync(pg)) ? NULL
                                                               : cs_conn_lost(inquiry->cx, inquiry->conn);
}

/* ---------------- taking */

/* What is left of an answer: 1 when its end has come. */
static int is_end(cs_conn_t *conn, apr_time_t until)
{
    PGresult *result;
    short events;
    int end;

    while ((events = cs_conn_events(conn))) {
        if (!cs_conn_wait(conn, events, until)) {
            return 0;
        }
        PQconsumeInput(conn->pg);
    }
    result = PQgetResult(conn->pg);
    end = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
    PQclear(result);
    return end;
}

/* Takes the end of what was sent at once, and what stands before it when that was broken off; without it the
 * connection is of no more use. */
static void end_pipeline(cs_conn_t *conn, apr_time_t until)
{
    for (int left = LEFT_MAX; left > 0; left--) {
        if (is_end(conn, until)) {
            conn->spoiled = !PQexitPipelineMode(conn->pg);
            return;
        }
    }
    conn->spoiled = 1;
}

/* An error of rows is to outlive their pool. */
static cs_error_t *outliving(cs_ctx_t *cx, const cs_error_t *error)
{
    return cs_error_detail(cs_error_make(cx->pool, error->code, NULL, "%s", error->message),
                           apr_pstrdup(cx->pool, error->detail));
}

/* One result of libpq: a row or all of them, the end of them, or an error. */
static cs_error_t *take_result(inquiry_t *inquiry, const PGresult *result, apr_pool_t *scratch,
                               cs_sink_t *sink)
{
    cs_conn_t *conn = inquiry->conn;
    int count = PQntuples(result);
    cs_row_reader_t *reader;

    if (PQresultStatus(result) != PGRES_SINGLE_TUPLE && PQresultStatus(result) != PGRES_TUPLES_OK) {
        return cs_conn_refused(inquiry->cx, conn, result, 1);
    }
    if (count == 0) {
        return NULL;
    }
    apr_pool_clear(scratch);
    reader = cs_rows_open(scratch, result, &conn->layouts);
    for (int i = 0; i < count; i++) {
        const cs_record_t *row;
        const cs_error_t *error = cs_rows_read(reader, i, &row);

        if (error) {
            return outliving(inquiry->cx, error);
        }
        sink->rows++;
        CS_TRY(sink->take(sink, row));
    }
    return NULL;
}

/* All rows are taken from the connection, those after an error as well, which nobody sees. */
static cs_error_t *take_results(inquiry_t *inquiry, apr_pool_t *scratch, cs_sink_t *sink)
{
    cs_conn_t *conn = inquiry->conn;
    cs_error_t *error = NULL;
    int ended = 0;

    for (;;) {
        PGresult *result;
        short events;

        while ((events = cs_conn_events(conn))) {
            if (!cs_conn_wait(conn, events, inquiry->until)) {
                return cs_conn_silent(inquiry->cx, conn);
            }
            PQconsumeInput(conn->pg);
        }
        result = PQgetResult(conn->pg);
        if (!result) {
            return error || ended ? error : cs_conn_lost(inquiry->cx, conn);
        }
        ended = ended || PQresultStatus(result) == PGRES_TUPLES_OK;
        error = error ? error : take_result(inquiry, result, scratch, sink);
        PQclear(result);
        if (conn->spoiled) {
            return error;
        }
    }
}

/* What was sent before the statement; the last of it is that it was prepared. */
static cs_error_t *take_before(inquiry_t *inquiry)
{
    cs_conn_t *conn = inquiry->conn;

    for (int i = 0; i < inquiry->before; i++) {
        PGresult *none;

        CS_TRY(cs_conn_await(inquiry->cx, conn, inquiry->until, 0, &none));
        if (inquiry->keeping == CS_KEPT_NEW) {
            cs_kept_set(conn->kept, inquiry->place, i == inquiry->before - 1);
        }
    }
    return NULL;
}

static cs_error_t *take_all(inquiry_t *inquiry, cs_sink_t *sink)
{
    cs_conn_t *conn = inquiry->conn;
    apr_pool_t *scratch;
    cs_error_t *error;

    CS_TRY(take_before(inquiry));
    if (!inquiry->query->few && !PQsetSingleRowMode(conn->pg)) {
        return cs_conn_lost(inquiry->cx, conn);
    }
    apr_pool_create(&scratch, inquiry->cx->pool);
    error = take_results(inquiry, scratch, sink);
    apr_pool_destroy(scratch);
    return error;
}

cs_error_t *cs_conn_query(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                          const cs_query_t *query, cs_sink_t *sink)
{
    inquiry_t inquiry = {.cx = cx, .conn = conn, .query = query, .until = cs_conn_limit(cx, options)};
    apr_time_t start = cs_monotonic_now();
    cs_error_t *error;

    conn->untouched = 0;
    if (query->steady) {
        inquiry.keeping = cs_kept_find(conn->kept, query->sql, query->args, query->count, &inquiry.place);
    }
    CS_TRY(send_all(&inquiry));
    error = take_all(&inquiry, sink);
    if (inquiry.piped && !conn->spoiled) {
        end_pipeline(conn, inquiry.until);
    }
    if (inquiry.keeping == CS_KEPT_THERE) {
        cs_kept_took(conn->kept, inquiry.place, cs_monotonic_now() - start);
    }
    return error;
}
