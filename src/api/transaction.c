#include "api/transaction.h"

cs_error_t *cs_transaction_run(cs_call_t *call, cs_error_t *(*work)(cs_call_t *call))
{
    cs_conn_t *conn;
    cs_error_t *error;

    if (call->transaction) {
        return work(call);
    }
    CS_TRY(cs_db_begin(call->cx, call->db, &conn));
    call->transaction = conn;
    error = work(call);
    call->transaction = NULL;
    if (!error) {
        return cs_db_commit(call->cx, conn);
    }
    cs_db_rollback(call->cx, conn);
    return error;
}
