#include "api/session_row.h"

int cs_session_row_end(void)
{
    return cs_resource_row_end(&cs_session_resource);
}

int cs_session_roles(const cs_record_t *row, int column)
{
    return cs_resource_roles(row, column);
}

cs_error_t *cs_session_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                           cs_rows_t **rows_out)
{
    return cs_resource_run(call, stmt, act, args, count, rows_out);
}

cs_error_t *cs_session_judge(const cs_call_t *call, const cs_record_t *row, cs_act_t act)
{
    return cs_resource_judge(call, &cs_session_resource, row, act);
}

cs_error_t *cs_session_unknown(const cs_call_t *call)
{
    return cs_resource_unknown(call, &cs_session_resource);
}
