/* api/session_row.h -- what the session's statements bring back, and what the caller's roles make of it. */
#ifndef CS_API_SESSION_ROW_H
#define CS_API_SESSION_ROW_H

#include "api/resource.h"

#define CS_ROW_SESSION CS_ROW_ENTITY

extern const cs_resource_t cs_session_resource; /* api/session.c */

/* As cs_resource_... of api/resource.h. */
int cs_session_row_end(void);
int cs_session_roles(const cs_record_t *row, int column);
cs_error_t *cs_session_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                           cs_rows_t **rows_out) CS_CHECKED;
cs_error_t *cs_session_judge(const cs_call_t *call, const cs_record_t *row, cs_act_t act) CS_CHECKED;
cs_error_t *cs_session_unknown(const cs_call_t *call) CS_CHECKED;

#endif
