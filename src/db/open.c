/* db/open.c -- a connection from nothing to one that may be leased, in steps that never wait. */
#include "base/monotonic.h"
#include "db/conn.h"
#include "db/rows_take.h"
#include "db/sqlstate.h"

#include <apr_strings.h>
#include <poll.h>
#include <string.h>

#define TURN     apr_time_from_msec(250)  /* how late the end of the child is noticed */
#define LAST_TRY apr_time_from_msec(2000) /* how long an attempt may last in a child that ends */

static void quiet_notices(void *nothing, const PGresult *notice)
{
    (void)nothing;
    (void)notice;
}

/* pg_temp last, so that no temporary table hides one of ours; read committed, because each statement decides
 * by itself; generic plans, because each statement serves every id; random_page_cost as for a database in
 * memory, without which the planner hashes whole reference tables; keep-alives, so that PostgreSQL notices
 * within a minute that a host is gone and gives its locks free.  The limits bound what others can do to us
 * and we to them. */
static const char *session_settings(apr_pool_t *pool, const cs_db_options_t *options)
{
    int limit = (int)apr_time_as_msec(options->statement_timeout);

    return apr_psprintf(pool,
                        "-c search_path=chatsession,pg_temp -c timezone=UTC -c datestyle=ISO "
                        "-c intervalstyle=iso_8601 -c default_transaction_isolation=read\\ committed "
                        "-c plan_cache_mode=force_generic_plan -c jit=off -c random_page_cost=1.1 "
                        "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4 "
                        "-c statement_timeout=%d -c idle_in_transaction_session_timeout=%d",
                        limit, limit);
}

static cs_error_t *unreachable(cs_ctx_t *cx, const char *detail)
{
    return cs_error_detail(
        cs_error_make(cx->pool, CS_E_DB_UNAVAILABLE, NULL, "the database cannot be reached"), detail);
}

static cs_error_t *unprepared(cs_ctx_t *cx, const char *detail)
{
    return cs_error_detail(
        cs_error_make(cx->pool, CS_E_DB_SCHEMA, NULL, "the database is not prepared for this server"),
        detail);
}

static cs_error_t *check_encoding(cs_ctx_t *cx, const cs_conn_t *conn)
{
    const char *encoding = PQparameterStatus(conn->pg, "server_encoding");

    if (encoding && strcmp(encoding, "UTF8") == 0) {
        return NULL;
    }
    return unprepared(
        cx, apr_psprintf(cx->pool, "its encoding is %s, it must be UTF8", encoding ? encoding : "not known"));
}

/* ---------------- the stages: each asks a question, and takes the answer to it */

static cs_error_t *ask(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt)
{
    conn->answer = NULL;
    if (PQsendQueryParams(conn->pg, options->sql[stmt], 0, NULL, NULL, NULL, NULL, 1)) {
        return NULL;
    }
    return unreachable(cx, cs_sqlstate_said(cx->pool, PQerrorMessage(conn->pg)));
}

static cs_error_t *take_answer(cs_ctx_t *cx, cs_conn_t *conn, cs_stmt_id_t stmt, cs_rows_t **rows_out)
{
    PGresult *result;

    CS_TRY(cs_conn_judge(cx, conn, 0, &result));
    return cs_rows_take(cx->pool, result, &conn->layouts, cs_stmt_table[stmt].rows, rows_out);
}

/* The versions that are there: all that are needed, without a gap. */
static cs_error_t *take_version(cs_ctx_t *cx, cs_conn_t *conn)
{
    cs_rows_t *rows;
    cs_error_t *error = take_answer(cx, conn, CS_STMT_SCHEMA_VERSION, &rows);
    int there = 0;

    if (error && error->code != CS_E_DB_SCHEMA) {
        return error;
    }
    if (error) {
        return unprepared(
            cx, apr_psprintf(cx->pool,
                             "there is no schema chatsession in it, or this role may not use it: run "
                             "sql/migrate with CHATSESSION_RUNTIME=%s",
                             PQuser(conn->pg)));
    }
    for (; there < cs_rows_count(rows); there++) {
        if (cs_rows_get(rows, there)[0].cells->u.i != there + 1) {
            break;
        }
    }
    if (there >= cs_schema_needed) {
        return NULL;
    }
    return unprepared(
        cx, apr_psprintf(cx->pool, "its schema is at version %d, migration %s is missing: run sql/migrate",
                         there, cs_schema_migration(there + 1)));
}

static cs_error_t *take_layout(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    cs_rows_t *rows;

    CS_TRY(take_answer(cx, conn, CS_STMT_SCHEMA_LAYOUT, &rows));
    return cs_layouts_make(conn->tables, cx->pool, options->shapes, options->shape_count, rows,
                           &conn->layouts);
}

static cs_error_t *finish_stage(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    switch (conn->stage) {
    case CS_STAGE_CONNECT:
        PQsetnonblocking(conn->pg, 1);
        CS_TRY(check_encoding(cx, conn));
        return ask(cx, conn, options, CS_STMT_SCHEMA_VERSION);
    case CS_STAGE_VERSION:
        CS_TRY(take_version(cx, conn));
        return ask(cx, conn, options, CS_STMT_SCHEMA_LAYOUT);
    case CS_STAGE_LAYOUT:
        return take_layout(cx, conn, options);
    case CS_STAGE_OPEN:
        break;
    }
    return NULL;
}

/* ---------------- stepping */

/* *events_out: 0 when the stage is complete. */
static cs_error_t *advance_stage(cs_ctx_t *cx, cs_conn_t *conn, short *events_out)
{
    if (conn->stage != CS_STAGE_CONNECT) {
        cs_conn_collect(cx, conn, events_out);
        return NULL;
    }
    switch (PQconnectPoll(conn->pg)) {
    case PGRES_POLLING_OK:
        *events_out = 0;
        return NULL;
    case PGRES_POLLING_FAILED:
        return unreachable(cx, cs_sqlstate_said(cx->pool, PQerrorMessage(conn->pg)));
    case PGRES_POLLING_READING:
        *events_out = POLLIN;
        return NULL;
    default:
        *events_out = POLLOUT;
        return NULL;
    }
}

static cs_error_t *advance(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, short *events_out)
{
    for (;;) {
        CS_TRY(advance_stage(cx, conn, events_out));
        if (*events_out) {
            return NULL;
        }
        CS_TRY(finish_stage(cx, conn, options));
        conn->stage++;
        if (conn->stage == CS_STAGE_OPEN) {
            return NULL;
        }
    }
}

cs_error_t *cs_conn_step(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, short *events_out)
{
    cs_error_t *error;

    if (conn->stage != CS_STAGE_CONNECT) {
        PQconsumeInput(conn->pg);
    }
    error = advance(cx, conn, options, events_out);
    if (error) {
        cs_conn_close(conn);
        if (error->code == CS_E_DB_LOST) {
            error->code = CS_E_DB_UNAVAILABLE; /* nothing was asked of it yet */
        }
    }
    return error;
}

cs_error_t *cs_conn_start(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, short *events_out)
{
    const char *const keywords[] = {"dbname", "options", "client_encoding", "fallback_application_name",
                                    NULL};
    const char *const values[] = {options->conninfo, session_settings(cx->pool, options), "UTF8",
                                  "mod_chatsession", NULL};
    cs_error_t *error;

    memset(conn->prepared, 0, sizeof(conn->prepared));
    memset(&conn->layouts, 0, sizeof(conn->layouts));
    apr_pool_clear(conn->pool);
    apr_pool_create(&conn->tables, conn->pool);
    conn->kept = cs_kept_make(conn->pool);
    conn->spoiled = conn->silent = conn->untouched = 0;
    conn->answer = NULL;
    conn->stage = CS_STAGE_CONNECT;
    conn->opened_at = cs_monotonic_now();
    conn->pg = PQconnectStartParams(keywords, values, 1);
    if (conn->pg && PQstatus(conn->pg) != CONNECTION_BAD) {
        PQsetNoticeReceiver(conn->pg, quiet_notices, NULL);
        *events_out = POLLOUT;
        return NULL;
    }
    error =
        unreachable(cx, conn->pg ? cs_sqlstate_said(cx->pool, PQerrorMessage(conn->pg)) : "out of memory");
    cs_conn_close(conn);
    return error;
}

cs_error_t *cs_conn_give_up(cs_ctx_t *cx, cs_conn_t *conn)
{
    cs_conn_close(conn);
    conn->silent = 1;
    return unreachable(cx, "no connection before the time limit");
}

/* 1 when something happened, 0 when it is time to give up. */
static int wait_in_turns(const cs_ctx_t *cx, const cs_conn_t *conn, short events, apr_time_t start,
                         int (*ending)(void))
{
    for (;;) {
        apr_time_t turn = cs_monotonic_now() + TURN;

        if (cs_conn_wait(conn, events, turn < cx->deadline ? turn : cx->deadline)) {
            return 1;
        }
        if (cs_monotonic_now() >= cx->deadline ||
            (ending && cs_monotonic_now() > start + LAST_TRY && ending())) {
            return 0;
        }
    }
}

cs_error_t *cs_conn_open(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, int (*ending)(void))
{
    apr_time_t start = cs_monotonic_now();
    short events;

    CS_TRY(cs_conn_start(cx, conn, options, &events));
    while (events) {
        if (!wait_in_turns(cx, conn, events, start, ending)) {
            return cs_conn_give_up(cx, conn);
        }
        CS_TRY(cs_conn_step(cx, conn, options, &events));
    }
    return NULL;
}

void cs_conn_close(cs_conn_t *conn)
{
    PQfinish(conn->pg);
    conn->pg = NULL;
}
