#include "api/session_row.h"

#include "api/identity.h"

int cs_session_row_end(void)
{
    return CS_ROW_SESSION + 1 + cs_entity_references(&cs_session_entity);
}

int cs_session_roles(const cs_record_t *row, int column)
{
    const cs_val_t *roles = row[column].cells;

    return roles->set ? (int)roles->u.i : 0;
}

cs_error_t *cs_session_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                           cs_rows_t **rows_out)
{
    const cs_record_t *row;

    CS_TRY(cs_identity_run(call, stmt, args, count, rows_out));
    row = cs_rows_get(*rows_out, 0);
    if (row[CS_ROW_SESSION].cells[0].set || !(cs_session_roles(row, CS_ROW_ROLES) & cs_access_roles(act))) {
        return NULL;
    }
    return cs_identity_run(call, stmt, args, count, rows_out);
}

cs_error_t *cs_session_unknown(const cs_call_t *call)
{
    return cs_error_make(call->cx->pool, CS_E_SESSION_UNKNOWN, NULL,
                         "ChatSession %" APR_INT64_T_FMT " does not exist", call->match.id);
}

cs_error_t *cs_session_judge(const cs_call_t *call, const cs_record_t *row, cs_act_t act)
{
    int roles = cs_session_roles(row, CS_ROW_ROLES);

    if (roles & cs_access_roles(act)) {
        return NULL;
    }
    if (act == CS_ACT_CREATE) {
        return cs_error_make(call->cx->pool, CS_E_ACCESS_DENIED, NULL,
                             "your roles do not permit to create a ChatSession in this topic");
    }
    return roles ? cs_error_make(call->cx->pool, CS_E_ACCESS_DENIED, NULL,
                                 "your roles do not permit to %s this ChatSession", cs_access_verb(act))
                 : cs_session_unknown(call);
}
