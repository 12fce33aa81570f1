/* api/idempotency.h -- changes that may be sent twice, by their Idempotency-Key.
 *
 * A key belongs to its user, for ChatSessionIdempotencyTTL.  It is stored in the transaction of the effect,
 * with the answer; the primary key decides which of several equal requests has the effect, the others wait
 * for it and get its answer.  Only success is remembered: what failed had no effect, and may be sent again.
 */
#ifndef CS_API_IDEMPOTENCY_H
#define CS_API_IDEMPOTENCY_H

#include "api/call.h"

/* Runs the call's operation: once for its key where it has one and the route takes keys.
 * KEY_MALFORMED, KEY_RUNNING, KEY_REUSED, DB_..., the operation's error. */
cs_error_t *cs_idempotency_run(cs_call_t *call) CS_CHECKED;

#endif
