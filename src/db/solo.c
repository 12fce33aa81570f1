#include "db/solo.h"

#include "base/monotonic.h"
#include "db/conn.h"

struct cs_solo_t {
    const cs_db_options_t *options;
    int (*ending)(void);
    cs_conn_t conn;
};

static apr_status_t close_it(void *data)
{
    cs_solo_close(data);
    return APR_SUCCESS;
}

cs_solo_t *cs_solo_make(apr_pool_t *pool, const cs_db_options_t *options, int (*ending)(void))
{
    cs_solo_t *solo = apr_pcalloc(pool, sizeof(*solo));

    solo->options = options;
    solo->ending = ending;
    apr_pool_create(&solo->conn.pool, pool);
    apr_pool_cleanup_register(pool, solo, close_it, apr_pool_cleanup_null);
    return solo;
}

int cs_solo_is_open(const cs_solo_t *solo)
{
    return solo->conn.pg != NULL;
}

cs_error_t *cs_solo_open(cs_ctx_t *cx, cs_solo_t *solo)
{
    cx->deadline = cs_monotonic_now() + solo->options->connect_timeout;
    return cs_conn_open(cx, &solo->conn, solo->options, solo->ending);
}

void cs_solo_close(cs_solo_t *solo)
{
    if (solo->conn.pg) {
        cs_conn_close(&solo->conn);
    }
}

cs_error_t *cs_solo_run(cs_ctx_t *cx, cs_solo_t *solo, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                        cs_rows_t **rows_out)
{
    cs_error_t *error;

    if (!solo->conn.pg) {
        return cs_error_make(cx->pool, CS_E_DB_UNAVAILABLE, NULL, "there is no connection to the database");
    }
    cx->deadline = cs_monotonic_now() + solo->options->statement_timeout + solo->options->connect_timeout;
    error = cs_conn_exec(cx, &solo->conn, solo->options, stmt, args, count, rows_out);
    if (error && !cs_conn_usable(&solo->conn)) {
        cs_solo_close(solo);
    }
    return error;
}
