#include "api/identity.h"

#include "base/text.h"

#include <string.h>

#define NAME_MAX_CHARS 239 /* of associate.name */

static cs_error_t *unknown(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_USER_UNKNOWN, NULL,
                         "the user is authenticated, but no active associate has this login name");
}

cs_error_t *cs_identity_check(const cs_call_t *call)
{
    apr_size_t chars;

    if (!call->user) {
        return cs_error_make(call->cx->pool, CS_E_NO_USER, NULL, "this API is for authenticated users");
    }
    if (!*call->user || !cs_utf8_valid(call->user, strlen(call->user), &chars) || chars > NAME_MAX_CHARS) {
        return unknown(call);
    }
    return NULL;
}

cs_val_t cs_identity_arg(const cs_call_t *call)
{
    return cs_val_text(call->user, strlen(call->user));
}

/* In the call's transaction, or by itself. */
static cs_error_t *run(cs_call_t *call, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                       cs_rows_t **rows_out)
{
    return call->transaction ? cs_db_exec(call->cx, call->transaction, stmt, args, count, rows_out)
                             : cs_db_run(call->cx, call->db, stmt, args, count, rows_out);
}

cs_error_t *cs_identity_run(cs_call_t *call, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                            cs_rows_t **rows_out)
{
    CS_TRY(run(call, stmt, args, count, rows_out));
    if (cs_rows_count(*rows_out) == 0 && call->site->auto_enroll) {
        cs_rows_t *none;

        CS_TRY(run(call, CS_STMT_ASSOCIATE_ENROLL, args, 1, &none));
        CS_TRY(run(call, stmt, args, count, rows_out));
    }
    return cs_rows_count(*rows_out) ? NULL : unknown(call);
}

cs_error_t *cs_identity_query(cs_call_t *call, const cs_query_t *query, cs_sink_t *sink)
{
    CS_TRY(cs_db_query(call->cx, call->db, query, sink));
    if (sink->rows == 0 && call->site->auto_enroll) {
        cs_rows_t *none;

        CS_TRY(run(call, CS_STMT_ASSOCIATE_ENROLL, query->args, 1, &none));
        CS_TRY(cs_db_query(call->cx, call->db, query, sink));
    }
    return sink->rows ? NULL : unknown(call);
}
