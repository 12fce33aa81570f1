#include "db/conn.h"

#include "base/monotonic.h"
#include "db/asking.h"
#include "db/rows_take.h"
#include "db/sqlstate.h"
#include "db/types.h"

#include <apr_strings.h>
#include <errno.h>
#include <poll.h>
#include <string.h>

#define ARGS_MAX 128

/* ---------------- waiting */

int cs_conn_wait(const cs_conn_t *conn, short events, apr_time_t until)
{
    struct pollfd socket = {.fd = PQsocket(conn->pg), .events = events};

    for (;;) {
        apr_interval_time_t left = until - cs_monotonic_now();
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

/* ---------------- answers */

static apr_status_t clear_result(void *result)
{
    PQclear(result);
    return APR_SUCCESS;
}

/* What to wait for before PQgetResult is certain not to block; 0: nothing. */
short cs_conn_events(const cs_conn_t *conn)
{
    int unsent;

    if (PQstatus(conn->pg) != CONNECTION_OK) {
        return 0; /* what the server said before it closed is still to be had */
    }
    unsent = PQflush(conn->pg);
    if (unsent > 0) {
        return POLLIN | POLLOUT;
    }
    return unsent == 0 && PQisBusy(conn->pg) ? POLLIN : 0;
}

/* A command may bring several results: a commit that fails says so after the rows.  So the first error is the
 * answer, or else the first result. */
int cs_conn_collect(cs_ctx_t *cx, cs_conn_t *conn, short *events_out)
{
    while (!(*events_out = cs_conn_events(conn))) {
        PGresult *result = PQgetResult(conn->pg);

        if (!result) {
            return 1;
        }
        apr_pool_cleanup_register(cx->pool, result, clear_result, apr_pool_cleanup_null);
        if (!conn->answer || (PQresultStatus(result) == PGRES_FATAL_ERROR &&
                              PQresultStatus(conn->answer) != PGRES_FATAL_ERROR)) {
            conn->answer = result;
        }
    }
    return 0;
}

cs_error_t *cs_conn_lost(cs_ctx_t *cx, cs_conn_t *conn)
{
    const cs_complaint_t complaint = {.primary = PQerrorMessage(conn->pg)};

    conn->spoiled = 1;
    return cs_sqlstate_error(cx->pool, &complaint);
}

/* An ERROR undoes the statement; a FATAL one may come after the commit. */
cs_error_t *cs_conn_refused(cs_ctx_t *cx, cs_conn_t *conn, const PGresult *result, int carries_values)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const cs_complaint_t complaint = {.state = PQresultErrorField(result, PG_DIAG_SQLSTATE),
                                      .primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                                      .constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME),
                                      .table = PQresultErrorField(result, PG_DIAG_TABLE_NAME),
                                      .column = PQresultErrorField(result, PG_DIAG_COLUMN_NAME),
                                      .carries_values = carries_values};
    cs_error_t *error;

    if (!complaint.state || PQstatus(conn->pg) != CONNECTION_OK) {
        const cs_complaint_t broke = {.primary = complaint.primary ? complaint.primary
                                                                   : PQresultErrorMessage(result)};

        conn->spoiled = 1;
        return cs_sqlstate_error(cx->pool, &broke);
    }
    conn->untouched = severity && strcmp(severity, "ERROR") == 0;
    error = cs_sqlstate_error(cx->pool, &complaint);
    conn->spoiled = conn->spoiled || error->code == CS_E_DB_LOST;
    return error;
}

cs_error_t *cs_conn_judge(cs_ctx_t *cx, cs_conn_t *conn, int carries_values, PGresult **result_out)
{
    PGresult *result = conn->answer;

    conn->answer = NULL;
    if (!result) {
        return cs_conn_lost(cx, conn);
    }
    if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        return cs_conn_refused(cx, conn, result, carries_values);
    }
    *result_out = result;
    return NULL;
}

cs_error_t *cs_conn_silent(cs_ctx_t *cx, cs_conn_t *conn)
{
    conn->spoiled = conn->silent = 1;
    return cs_error_make(cx->pool, CS_E_DB_SILENT, NULL, "the database did not answer in time");
}

cs_error_t *cs_conn_await(cs_ctx_t *cx, cs_conn_t *conn, apr_time_t until, int carries_values,
                          PGresult **result_out)
{
    short events;

    conn->answer = NULL;
    while (!cs_conn_collect(cx, conn, &events)) {
        if (!cs_conn_wait(conn, events, until)) {
            conn->answer = NULL;
            return cs_conn_silent(cx, conn);
        }
        PQconsumeInput(conn->pg); /* its failure shows in the connection's status */
    }
    return cs_conn_judge(cx, conn, carries_values, result_out);
}

/* A server that is alive breaks off at statement_timeout; it gets a moment more to say so. */
apr_time_t cs_conn_limit(const cs_ctx_t *cx, const cs_db_options_t *options)
{
    apr_time_t limit = cs_monotonic_now() + options->statement_timeout + options->connect_timeout / 2;

    return limit < cx->deadline ? limit : cx->deadline;
}

/* ---------------- layouts */

/* The connection knows the tables no more: another one will. */
static cs_error_t *changed_tables(cs_ctx_t *cx, cs_conn_t *conn, const char *detail)
{
    conn->spoiled = 1;
    return cs_error_detail(
        cs_error_make(cx->pool, CS_E_DB_LOST, NULL, "the tables of the database have changed"), detail);
}

cs_error_t *cs_conn_learn(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, apr_time_t until)
{
    PGresult *result;
    cs_rows_t *rows;

    if (!PQsendQueryParams(conn->pg, options->sql[CS_STMT_SCHEMA_LAYOUT], 0, NULL, NULL, NULL, NULL, 1)) {
        return cs_conn_lost(cx, conn);
    }
    CS_TRY(cs_conn_await(cx, conn, until, 0, &result));
    CS_TRY(cs_rows_take(cx->pool, result, &conn->layouts, cs_stmt_table[CS_STMT_SCHEMA_LAYOUT].rows, &rows));
    apr_pool_clear(conn->tables);
    memset(&conn->layouts, 0, sizeof(conn->layouts));
    return cs_layouts_make(conn->tables, cx->pool, options->shapes, options->shape_count, rows,
                           &conn->layouts);
}

/* Whether the records in the result lie as the connection knows them.  The statement itself says how the
 * tables were when it was planned: a plan ends with any change of its tables. */
static int layouts_hold(const cs_conn_t *conn, const PGresult *result)
{
    int last = PQnfields(result) - 1;

    if (last < 0 || PQntuples(result) == 0 || strcmp(PQfname(result, last), "layout") != 0) {
        return 1;
    }
    return PQgetlength(result, 0, last) == 8 &&
           cs_layouts_have(&conn->layouts, cs_read_number(PQgetvalue(result, 0, last), 8));
}

/* The result is in memory, so whatever has changed since can be learned and nothing needs to run again. */
static cs_error_t *keep_up(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options,
                           const PGresult *result)
{
    cs_error_t *error;

    if (layouts_hold(conn, result)) {
        return NULL;
    }
    error = cs_conn_learn(cx, conn, options, cs_monotonic_now() + options->connect_timeout);
    conn->untouched = 0; /* the statement itself went well, whatever became of this one */
    if (error) {
        return changed_tables(cx, conn, error->detail ? error->detail : error->message);
    }
    return layouts_hold(conn, result)
               ? NULL
               : changed_tables(cx, conn, "they changed twice while one statement ran");
}

static void count_rows(const cs_ctx_t *cx, const char *name, const PGresult *result, int expected)
{
    if (PQntuples(result) > expected) {
        cs_log(
            cx->log, CS_LOG_WARNING, CSNO(105),
            "statement %s brought %d rows where %d was expected, the first counts: a view in the place of a "
            "table holds a key more than once",
            name, PQntuples(result), expected);
    }
}

/* ---------------- statements */

/* Parameter types go by kind: they never depend on which of the first call's values are NULL. */
static cs_error_t *prepare(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                           const cs_val_t *args, int count)
{
    const char *name = cs_stmt_table[stmt].name;
    Oid oids[ARGS_MAX];
    PGresult *result;

    for (int i = 0; i < count; i++) {
        oids[i] = cs_stmt_table[stmt].together ? cs_type_of_array(args[i].kind)
                                               : cs_type_of_parameter(args[i].kind);
    }
    cs_log(cx->log, CS_LOG_TRACE4, 0, "prepare %s: %s", name, options->sql[stmt]);
    if (!PQsendPrepare(conn->pg, name, options->sql[stmt], count, oids)) {
        return cs_conn_lost(cx, conn);
    }
    CS_TRY(cs_conn_await(cx, conn, cs_conn_limit(cx, options), 0, &result));
    if (!PQsendDescribePrepared(conn->pg, name)) {
        return cs_conn_lost(cx, conn);
    }
    CS_TRY(cs_conn_await(cx, conn, cs_conn_limit(cx, options), 0, &result));
    if (!cs_rows_expected(result, &conn->layouts)) {
        return changed_tables(cx, conn, "a statement brings records of a table that is not known");
    }
    conn->prepared[stmt] = 1;
    return NULL;
}

static cs_error_t *send_query(cs_ctx_t *cx, cs_conn_t *conn, cs_stmt_id_t stmt, const cs_val_t *args,
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
               : cs_conn_lost(cx, conn);
}

/* The connection knows the statement, or learns it. */
static cs_error_t *know(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                        const cs_val_t *args, int count)
{
    cs_error_t *error = NULL;

    conn->untouched = 0;
    if (count > (cs_stmt_table[stmt].together ? CS_ASKING_ARGS_MAX : ARGS_MAX)) {
        return cs_error_make(cx->pool, CS_E_INTERNAL, NULL, "statement %s has too many arguments",
                             cs_stmt_table[stmt].name);
    }
    if (!conn->prepared[stmt]) {
        error = prepare(cx, conn, options, stmt, args, count);
    }
    if (error) {
        conn->spoiled = 1; /* the server may know the statement by now, or not */
        conn->untouched = 1;
    }
    return error;
}

/* The rows of several are copies, so that no slow reader of one answer keeps those of the others. */
static cs_error_t *take_together(cs_conn_t *conn, const cs_db_options_t *options, cs_asking_t *first,
                                 PGresult *result)
{
    cs_ctx_t *cx = first->cx;
    int askers = cs_asking_count(first);

    CS_TRY(keep_up(cx, conn, options, result));
    count_rows(cx, cs_stmt_table[first->stmt].name, result, askers);
    CS_TRY(cs_asking_take(first, result, &conn->layouts));
    if (askers > 1) {
        apr_pool_cleanup_run(cx->pool, result, clear_result);
    }
    return NULL;
}

cs_error_t *cs_conn_ask(cs_conn_t *conn, const cs_db_options_t *options, cs_asking_t *first)
{
    cs_ctx_t *cx = first->cx;
    const cs_stmt_t *statement = &cs_stmt_table[first->stmt];
    apr_time_t now = cs_monotonic_now();
    PGresult *result;

    for (cs_asking_t *one = first; one; one = one->next) {
        cs_log(one->cx->log, CS_LOG_TRACE1, 0, "statement %s", statement->name);
        one->asked = now;
    }
    cs_log(cx->log, CS_LOG_TRACE4, 0, "statement %s for %d requests", statement->name,
           cs_asking_count(first));
    CS_TRY(know(cx, conn, options, first->stmt, first->args, first->count));
    if (!cs_asking_send(conn->pg, first)) {
        return cs_conn_lost(cx, conn);
    }
    CS_TRY(cs_conn_await(cx, conn, cs_conn_limit(cx, options), statement->carries_values, &result));
    return take_together(conn, options, first, result);
}

static cs_error_t *ask_alone(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                             const cs_val_t *args, int count, cs_rows_t **rows_out)
{
    cs_asking_t asking = {.cx = cx, .stmt = stmt, .args = args, .count = count};

    CS_TRY(cs_conn_ask(conn, options, &asking));
    *rows_out = asking.rows;
    return NULL;
}

cs_error_t *cs_conn_exec(cs_ctx_t *cx, cs_conn_t *conn, const cs_db_options_t *options, cs_stmt_id_t stmt,
                         const cs_val_t *args, int count, cs_rows_t **rows_out)
{
    const cs_stmt_t *statement = &cs_stmt_table[stmt];
    PGresult *result;

    if (statement->together) {
        return ask_alone(cx, conn, options, stmt, args, count, rows_out);
    }
    cs_log(cx->log, CS_LOG_TRACE1, 0, "statement %s", statement->name);
    CS_TRY(know(cx, conn, options, stmt, args, count));
    CS_TRY(send_query(cx, conn, stmt, args, count));
    CS_TRY(cs_conn_await(cx, conn, cs_conn_limit(cx, options), statement->carries_values, &result));
    CS_TRY(keep_up(cx, conn, options, result));
    count_rows(cx, statement->name, result, statement->rows);
    return cs_rows_take(cx->pool, result, &conn->layouts, statement->rows, rows_out);
}
