/* db/run.c -- statements on leased connections, alone or several as one change. */
#include "base/monotonic.h"
#include "db/pool.h"

#include <apr_strings.h>

#define UNMARKED_LASTS apr_time_from_sec(60)

cs_error_t *cs_db_exec(cs_ctx_t *cx, cs_conn_t *conn, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                       cs_rows_t **rows_out)
{
    apr_time_t start = cs_monotonic_now();
    cs_error_t *error = cs_conn_exec(cx, conn, conn->db->options, stmt, args, count, rows_out);

    cx->meter.database += cs_monotonic_now() - start;
    return error;
}

unsigned cs_db_era(const cs_db_t *db)
{
    return __atomic_load_n(&db->era, __ATOMIC_RELAXED);
}

int cs_db_has_marks(const cs_db_t *db)
{
    return cs_monotonic_now() >= __atomic_load_n(&db->unmarked, __ATOMIC_RELAXED);
}

void cs_db_lacks_marks(cs_db_t *db)
{
    __atomic_store_n(&db->unmarked, cs_monotonic_now() + UNMARKED_LASTS, __ATOMIC_RELAXED);
}

/* ---------------- together */

/* What it waited until it was sent, and since. */
static void meter(cs_asking_t *asking)
{
    apr_interval_time_t answered = cs_monotonic_now() - asking->asked;

    asking->cx->meter.waiting -= answered;
    asking->cx->meter.database += answered;
}

/* Whether it would have failed for each of them: the database does not serve.  A connection that broke or is
 * silent says nothing about the next one. */
static int concerns_all(const cs_error_t *error)
{
    return cs_code_row(error->code)->status == 503 && error->code != CS_E_DB_LOST &&
           error->code != CS_E_DB_SILENT;
}

/* Whether he is told so, and does not ask by himself.  A change that may have been made must not be made once
 * more; one that was certainly not made may still go well for him alone. */
static int is_final(const cs_asking_t *one, const cs_asking_t *first, const cs_error_t *error, int untouched)
{
    if (one->changes) {
        return !untouched;
    }
    return concerns_all(error) ||
           (one == first && (first->next ? error->code == CS_E_DB_SILENT : error->code != CS_E_DB_LOST));
}

static void fail(cs_asking_t *first, const cs_error_t *error, int untouched)
{
    for (cs_asking_t *one = first; one; one = one->next) {
        apr_pool_t *pool = one->cx->pool;

        one->rows = NULL;
        if (is_final(one, first, error, untouched)) {
            one->error = cs_error_make(pool, error->code, NULL, "%s", error->message);
            one->error->detail = error->detail ? apr_pstrdup(pool, error->detail) : NULL;
        }
    }
}

static void ask(cs_conn_t *conn, cs_asking_t *first)
{
    cs_error_t *error = cs_conn_ask(conn, conn->db->options, first);

    if (error) {
        fail(first, error, conn->untouched);
    }
    if (error && error->code == CS_E_DB_LOST && conn->untouched) {
        cs_pool_outdate(conn->db);
    }
    first->cx->meter.database += cs_monotonic_now() - first->asked;
}

/* NULL without rows: it is to be run by itself, on the connection where there is one. */
static cs_error_t *run_together(cs_asking_t *asking, cs_db_t *db, cs_conn_t **conn_out)
{
    cs_conn_t *conn;

    CS_TRY(cs_pool_lease(asking->cx, db, asking, &conn));
    if (!conn) {
        meter(asking);
        return asking->error;
    }
    if (asking->changes && !asking->next) {
        *conn_out = conn;
        return NULL;
    }
    ask(conn, asking);
    cs_db_release(conn);
    cs_line_tell_askers(asking);
    return asking->error;
}

/* ---------------- alone */

#define ATTEMPTS 2

/* A statement of one request. */
typedef struct single_t {
    cs_ctx_t *cx;
    cs_db_t *db;
    cs_stmt_id_t stmt;
    const cs_val_t *args;
    int count;
} single_t;

/* The first time on the connection, when it has one already. */
static cs_error_t *run_alone(const single_t *single, cs_conn_t *conn, int attempt, cs_rows_t **rows_out)
{
    const cs_stmt_t *statement = &cs_stmt_table[single->stmt];

    for (;; attempt++, conn = NULL) {
        cs_error_t *error;
        int untouched;

        if (!conn) {
            CS_TRY(cs_db_lease(single->cx, single->db, &conn));
        }
        error = cs_db_exec(single->cx, conn, single->stmt, single->args, single->count, rows_out);
        untouched = conn->untouched;
        if (error && error->code == CS_E_DB_LOST && untouched) {
            cs_pool_outdate(single->db);
        }
        cs_db_release(conn);
        if (!error || error->code != CS_E_DB_LOST || attempt == ATTEMPTS ||
            (!untouched && !statement->repeatable)) {
            return error;
        }
        cs_log(single->cx->log, CS_LOG_INFO, CSNO(104), "statement %s runs again: %s", statement->name,
               error->detail);
    }
}

cs_error_t *cs_db_run(cs_ctx_t *cx, cs_db_t *db, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                      cs_rows_t **rows_out)
{
    const single_t single = {cx, db, stmt, args, count};
    cs_asking_t asking = {.cx = cx, .args = args, .count = count};
    cs_conn_t *conn = NULL;

    asking.stmt = cs_stmt_table[stmt].several;
    asking.changes = asking.stmt != stmt;
    if (asking.stmt == CS_STMT_COUNT || db->options->together_max == 1) {
        return run_alone(&single, NULL, 1, rows_out);
    }
    CS_TRY(run_together(&asking, db, &conn));
    *rows_out = asking.rows;
    return asking.rows ? NULL : run_alone(&single, conn, conn ? 1 : ATTEMPTS, rows_out);
}

/* It only reads, so it may run again, unless rows of it were taken. */
cs_error_t *cs_db_query(cs_ctx_t *cx, cs_db_t *db, const cs_query_t *query, cs_sink_t *sink)
{
    for (int attempt = 1;; attempt++) {
        apr_time_t start;
        cs_conn_t *conn;
        cs_error_t *error;

        CS_TRY(cs_db_lease(cx, db, &conn));
        start = cs_monotonic_now();
        error = cs_conn_query(cx, conn, db->options, query, sink);
        cx->meter.database += cs_monotonic_now() - start;
        if (error && error->code == CS_E_DB_LOST && conn->untouched) {
            cs_pool_outdate(db);
        }
        cs_db_release(conn);
        if (!error || error->code != CS_E_DB_LOST || attempt == 2 || sink->rows) {
            return error;
        }
    }
}

/* ---------------- transactions */

/* One that broke before anything was done in it is begun once more on another connection. */
cs_error_t *cs_db_begin(cs_ctx_t *cx, cs_db_t *db, cs_conn_t **conn_out)
{
    for (int attempt = 1;; attempt++) {
        cs_rows_t *none;
        cs_error_t *error;

        CS_TRY(cs_db_lease(cx, db, conn_out));
        error = cs_db_exec(cx, *conn_out, CS_STMT_TRANSACTION_BEGIN, NULL, 0, &none);
        if (!error) {
            return NULL;
        }
        cs_db_release(*conn_out);
        if (error->code != CS_E_DB_LOST || attempt == 2) {
            return error;
        }
    }
}

cs_error_t *cs_db_commit(cs_ctx_t *cx, cs_conn_t *conn)
{
    cs_rows_t *none;
    cs_error_t *error = cs_db_exec(cx, conn, CS_STMT_TRANSACTION_COMMIT, NULL, 0, &none);

    cs_db_release(conn);
    return error;
}

/* The request's time may be over, but the connection is worth another moment. */
void cs_db_rollback(cs_ctx_t *cx, cs_conn_t *conn)
{
    if (!conn->spoiled && (PQtransactionStatus(conn->pg) == PQTRANS_INTRANS ||
                           PQtransactionStatus(conn->pg) == PQTRANS_INERROR)) {
        cs_ctx_t more = *cx;
        cs_rows_t *none;

        more.deadline = cs_monotonic_now() + conn->db->options->connect_timeout;
        if (cs_db_exec(&more, conn, CS_STMT_TRANSACTION_ROLLBACK, NULL, 0, &none)) {
            conn->spoiled = 1;
        }
    }
    cs_db_release(conn);
}
