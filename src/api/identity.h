/* api/identity.h -- who is asking.
 *
 * httpd authenticates and leaves a user name; the caller's associate is looked up inside each statement, in
 * the same snapshot as the work, so it is never stale and costs no round trip. */
#ifndef CS_API_IDENTITY_H
#define CS_API_IDENTITY_H

#include "api/call.h"

/* Whether there is a user at all, with a name that a record can have: NO_USER, USER_UNKNOWN. */
cs_error_t *cs_identity_check(const cs_call_t *call) CS_CHECKED;

/* The statement's first argument. */
cs_val_t cs_identity_arg(const cs_call_t *call);

/* Runs a statement whose first argument is the caller, and which brings no row for one that is not known.
 * Enrolls him first where the site says so.  USER_UNKNOWN, DB_...; at least one row otherwise. */
cs_error_t *cs_identity_run(cs_call_t *call, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                            cs_rows_t **rows_out) CS_CHECKED;

/* The same for a statement that was made for this call, whose first argument is the caller as well. */
cs_error_t *cs_identity_query(cs_call_t *call, const cs_query_t *query, cs_sink_t *sink) CS_CHECKED;

#endif
