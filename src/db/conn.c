#include "db/conn.h"

#include "db/rows_take.h"
#include "db/sqlstate.h"
#include "db/types.h"

#include <apr_strings.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#define ARGS_MAX    64
#define TRUST_LASTS apr_time_from_sec(1)

/* ---------------- waiting */

/* Until the socket is ready or the deadline is there: 1, or 0 at the deadline. */
static int wait_for(const cs_conn_t *conn, short events, apr_time_t deadline)
{
    struct pollfd socket = {.fd = PQsocket(conn->pg), .events = events};

    for (;;) {
        apr_interval_time_t left = deadline - apr_time_now();
        int ready;

        if (left <= 0) {
            return 0;
        }
        ready = poll(&socket, 1, (int)apr_time_as_msec(left) + 1);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return 1; /* an unusable socket is ready to tell so */
        }
    }
}

int cs_conn_quiet(const cs_conn_t *conn)
{
    struct pollfd socket = {.fd = PQsocket(conn->pg), .events = POLLIN};

    return PQstatus(conn->pg) == CONNECTION_OK && poll(&socket, 1, 0) == 0;
}

int cs_conn_usable(const cs_conn_t *conn)
{
    return !conn->spoiled && PQstatus(conn->pg) == CONNECTION_OK &&
           PQtransactionStatus(conn->pg) == PQTRANS_IDLE;
}

/* ---------------- statements */

static apr_status_t clear_result(void *result)
{
    PQclear(result);
    return APR_SUCCESS;
}

static cs_error_t *lost(cs_ctx_t *cx, const cs_conn_t *conn)
{
    return cs_sqlstate_error(cx->pool, NULL, PQerrorMessage(conn->pg), NULL);
}

/* The whole of one command's answer.  A server that is alive breaks off at statement_timeout, so one that
 * lets the deadline pass is gone: the connection is of no more use. */
static cs_error_t *await_result(cs_ctx_t *cx, const cs_conn_t *conn, PGresult **result_out)
{
    PGresult *result, *more;
    int unsent;

    while ((unsent = PQflush(conn->pg)) > 0) {
        if (!wait_for(conn, POLLIN | POLLOUT, cx->deadline)) {
            return cs_error_make(cx->pool, CS_E_DB_TIMEOUT, NULL,
                                 "the database did not take the query in time");
        }
        if (!PQconsumeInput(conn->pg)) {
            return lost(cx, conn);
        }
    }
    while (unsent == 0 && PQisBusy(conn->pg)) {
        if (!wait_for(conn, POLLIN, cx->deadline)) {
            return cs_error_make(cx->pool, CS_E_DB_TIMEOUT, NULL, "the database did not answer in time");
        }
        if (!PQconsumeInput(conn->pg)) {
            break; /* what the server said before it closed may still be in the buffer */
        }
    }
    result = PQgetResult(conn->pg);
    if (!result) {
        return lost(cx, conn);
    }
    apr_pool_cleanup_register(cx->pool, result, clear_result, apr_pool_cleanup_null);
    while ((more = PQgetResult(conn->pg))) {
        PQclear(more);
    }
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        return cs_sqlstate_error(cx->pool, PQresultErrorField(result, PG_DIAG_SQLSTATE),
                                 PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                                 PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME));
    }
    *result_out = result;
    return NULL;
}

/* The connection knows the tables no more: another one will. */
static cs_error_t *changed_tables(cs_ctx_t *cx, const char *detail)
{
    return cs_error_detail(
        cs_error_make(cx->pool, CS_E_DB_LOST, NULL, "the tables of the database have changed"), detail);
}

/* Parameter types go by kind: they never depend on which of the first call's values are NULL. */
static cs_error_t *prepare(cs_ctx_t *cx, cs_conn_t *conn, const char *sql, cs_stmt_id_t stmt,
                           const cs_val_t *args, int count)
{
    const char *name = cs_stmt_table[stmt].name;
    Oid oids[ARGS_MAX];
    PGresult *result;

    for (int i = 0; i < count; i++) {
        oids[i] = cs_type_of_parameter(args[i].kind);
    }
    cs_log(cx->log, CS_LOG_TRACE4, 0, "prepare %s: %s", name, sql);
    if (!PQsendPrepare(conn->pg, name, sql, count, oids)) {
        return lost(cx, conn);
    }
    CS_TRY(await_result(cx, conn, &result));
    if (!PQsendDescribePrepared(conn->pg, name)) {
        return lost(cx, conn);
    }
    CS_TRY(await_result(cx, conn, &result));
    if (!cs_rows_expected(result, &conn->layouts)) {
        return changed_tables(cx, "a statement brings records of a table that is not known");
    }
    conn->prepared[stmt] = 1;
    return NULL;
}

static cs_error_t *send_query(cs_ctx_t *cx, const cs_conn_t *conn, cs_stmt_id_t stmt, const cs_val_t *args,
                              int count)
{
    const char *values[ARGS_MAX];
    int lengths[ARGS_MAX], formats[ARGS_MAX];
    char numbers[ARGS_MAX][8];

    for (int i = 0; i < count; i++) {
        const cs_val_t *arg = &args[i];

        formats[i] = 1;
        lengths[i] = arg->kind == CS_K_TEXT ? (int)arg->len : cs_type_size(arg->kind);
        values[i] = arg->kind == CS_K_TEXT ? arg->u.s : numbers[i];
        if (arg->kind != CS_K_TEXT) {
            cs_write_number(numbers[i], arg->u.i, lengths[i]);
        }
        if (!arg->set) {
            values[i] = NULL;
        }
    }
    return PQsendQueryPrepared(conn->pg, cs_stmt_table[stmt].name, count, values, lengths, formats, 1)
               ? NULL
               : lost(cx, conn);
}

cs_error_t *cs_conn_exec(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                         const cs_val_t *args, int count, cs_rows_t **rows_out)
{
    PGresult *result;

    if (count > ARGS_MAX) {
        return cs_error_make(cx->pool, CS_E_INTERNAL, NULL, "statement %s has too many arguments",
                             cs_stmt_table[stmt].name);
    }
    cs_log(cx->log, CS_LOG_TRACE1, 0, "statement %s", cs_stmt_table[stmt].name);
    if (!conn->prepared[stmt]) {
        CS_TRY(prepare(cx, conn, options->sql[stmt], stmt, args, count));
    }
    CS_TRY(send_query(cx, conn, stmt, args, count));
    CS_TRY(await_result(cx, conn, &result));
    CS_TRY(cs_rows_take(cx->pool, result, &conn->layouts, rows_out));
    if (cs_rows_count(*rows_out) > cs_stmt_table[stmt].rows) {
        return cs_sqlstate_error(cx->pool, "21000",
                                 apr_pstrcat(cx->pool, "statement ", cs_stmt_table[stmt].name, NULL), NULL);
    }
    return NULL;
}

/* ---------------- statements made for one call */

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

/* Up to the end of what was sent at once; without it the connection is of no more use. */
static void end_pipeline(cs_ctx_t *cx, cs_conn_t *conn)
{
    for (int seen = 0, gaps = 0; !seen;) {
        PGresult *result;

        while (PQisBusy(conn->pg)) {
            if (!wait_for(conn, POLLIN, cx->deadline) || !PQconsumeInput(conn->pg)) {
                conn->spoiled = 1;
                return;
            }
        }
        result = PQgetResult(conn->pg);
        seen = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        gaps = result ? 0 : gaps + 1; /* one behind each statement */
        PQclear(result);
        if (gaps == 2 || PQstatus(conn->pg) != CONNECTION_OK) {
            conn->spoiled = 1;
            return;
        }
    }
    conn->spoiled = conn->spoiled || !PQexitPipelineMode(conn->pg);
}

cs_error_t *cs_conn_query(cs_ctx_t *cx, cs_conn_t *conn, const char *sql, const cs_val_t *args, int count,
                          cs_rows_t **rows_out)
{
    PGresult *none, *result;
    cs_error_t *error;

    cs_log(cx->log, CS_LOG_TRACE4, 0, "query: %s", sql);
    if (!PQenterPipelineMode(conn->pg) ||
        !PQsendQueryParams(conn->pg, PLAN_FOR_VALUES, 0, NULL, NULL, NULL, NULL, 1) ||
        !send_unnamed(conn, cx->pool, sql, args, count) || !PQpipelineSync(conn->pg)) {
        conn->spoiled = 1;
        return lost(cx, conn);
    }
    error = await_result(cx, conn, &none);
    error = error ? error : await_result(cx, conn, &result);
    end_pipeline(cx, conn);
    CS_TRY(error);
    return cs_rows_take(cx->pool, result, &conn->layouts, rows_out);
}

/* ---------------- connecting */

static void quiet_notices(void *nothing, const PGresult *notice)
{
    (void)nothing;
    (void)notice;
}

/* Generic plans, because each statement serves every id; random_page_cost as for a database in memory,
 * without which the planner hashes whole reference tables.  lock_timeout and the transaction's limit bound
 * what others can do to us and we to them. */
static const char *session_settings(apr_pool_t *pool, const cs_db_options_t *options)
{
    int limit = (int)apr_time_as_msec(options->statement_timeout);

    return apr_psprintf(
        pool,
        "-c search_path=chatsession -c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 "
        "-c plan_cache_mode=force_generic_plan -c jit=off -c random_page_cost=1.1 "
        "-c statement_timeout=%d -c idle_in_transaction_session_timeout=%d",
        limit, limit);
}

static cs_error_t *connect_to(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    const char *const keywords[] = {"dbname", "options", "client_encoding", "fallback_application_name",
                                    NULL};
    const char *const values[] = {options->conninfo, session_settings(cx->pool, options), "UTF8",
                                  "mod_chatsession", NULL};
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    conn->pg = PQconnectStartParams(keywords, values, 1);
    if (!conn->pg || PQstatus(conn->pg) == CONNECTION_BAD) {
        state = PGRES_POLLING_FAILED;
    }
    else {
        PQsetNoticeReceiver(conn->pg, quiet_notices, NULL);
    }
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        if (!wait_for(conn, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, cx->deadline)) {
            return cs_error_detail(
                cs_error_make(cx->pool, CS_E_DB_UNAVAILABLE, NULL, "the database cannot be reached"),
                "no connection before the time limit");
        }
        state = PQconnectPoll(conn->pg);
    }
    if (state == PGRES_POLLING_FAILED) {
        return cs_error_detail(
            cs_error_make(cx->pool, CS_E_DB_UNAVAILABLE, NULL, "the database cannot be reached"),
            conn->pg ? apr_pstrdup(cx->pool, PQerrorMessage(conn->pg)) : "out of memory");
    }
    PQsetnonblocking(conn->pg, 1);
    return NULL;
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

static cs_error_t *check_version(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    cs_rows_t *rows = NULL;
    cs_error_t *error = cs_conn_exec(cx, conn, options, CS_STMT_SCHEMA_VERSION, NULL, 0, &rows);
    int version = 0;

    if (error && error->code != CS_E_DB_SCHEMA) {
        return error;
    }
    if (!error) {
        version = (int)cs_rows_number(rows, 0);
    }
    if (version >= cs_schema_needed) {
        return NULL;
    }
    return unprepared(
        cx, apr_psprintf(cx->pool, "its schema is at version %d, migration %s is missing: run sql/migrate",
                         version, cs_schema_migration(version + 1)));
}

static cs_error_t *ask_fingerprint(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                                   apr_int64_t *fingerprint)
{
    cs_rows_t *rows;

    CS_TRY(cs_conn_exec(cx, conn, options, CS_STMT_SCHEMA_FINGERPRINT, NULL, 0, &rows));
    *fingerprint = cs_rows_number(rows, 0);
    conn->trusted_until = apr_time_now() + TRUST_LASTS;
    return NULL;
}

/* The fingerprint first: a change in between shows at the next look. */
static cs_error_t *learn_layouts(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    cs_rows_t *rows;

    CS_TRY(ask_fingerprint(cx, conn, options, &conn->layouts.fingerprint));
    CS_TRY(cs_conn_exec(cx, conn, options, CS_STMT_SCHEMA_LAYOUT, NULL, 0, &rows));
    return cs_layouts_make(conn->pool, options->shapes, options->shape_count, rows, &conn->layouts);
}

cs_error_t *cs_conn_trust(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    apr_int64_t fingerprint;

    if (apr_time_now() < conn->trusted_until) {
        return NULL;
    }
    CS_TRY(ask_fingerprint(cx, conn, options, &fingerprint));
    if (fingerprint == conn->layouts.fingerprint) {
        return NULL;
    }
    return cs_error_detail(
        cs_error_make(cx->pool, CS_E_DB_LOST, NULL, "the tables of the database have changed"),
        "a table has other columns than when the connection was opened");
}

static cs_error_t *get_ready(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    CS_TRY(connect_to(cx, conn, options));
    CS_TRY(check_encoding(cx, conn));
    CS_TRY(check_version(cx, conn, options));
    return learn_layouts(cx, conn, options);
}

cs_error_t *cs_conn_open(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options)
{
    cs_error_t *error;

    memset(conn->prepared, 0, sizeof(conn->prepared));
    memset(&conn->layouts, 0, sizeof(conn->layouts));
    conn->spoiled = 0;
    apr_pool_clear(conn->pool);
    error = get_ready(cx, conn, options);
    if (error) {
        cs_conn_close(conn);
    }
    return error;
}

void cs_conn_close(cs_conn_t *conn)
{
    PQfinish(conn->pg);
    conn->pg = NULL;
}
