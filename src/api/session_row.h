/* api/session_row.h -- what the session's statements bring back, and what the caller's roles make of it. */
#ifndef CS_API_SESSION_ROW_H
#define CS_API_SESSION_ROW_H

#include "api/call.h"
#include "model/access.h"

/* Columns: the caller; his roles on the session, NULL where there is none; its version, and when that was
 * made; the session, or NULL where it was not to be had; then its references. */
enum { CS_ROW_CALLER, CS_ROW_ROLES, CS_ROW_VERSION, CS_ROW_CHANGED, CS_ROW_SESSION };

/* The first column behind the references. */
int cs_session_row_end(void);

/* The roles in that column; 0 where it is NULL. */
int cs_session_roles(const cs_record_t *row, int column);

/* Runs one that brings a session.  One that somebody changed while the statement waited for it may be missing
 * in the row although the roles of before would do: then once more, for what is there now. */
cs_error_t *cs_session_run(cs_call_t *call, cs_stmt_id_t stmt, cs_act_t act, const cs_val_t *args, int count,
                           cs_rows_t **rows_out) CS_CHECKED;

/* Why the roles in CS_ROW_ROLES do not permit it: SESSION_UNKNOWN, ACCESS_DENIED, or NULL when they do. */
cs_error_t *cs_session_judge(const cs_call_t *call, const cs_record_t *row, cs_act_t act) CS_CHECKED;

cs_error_t *cs_session_unknown(const cs_call_t *call) CS_CHECKED;

#endif
