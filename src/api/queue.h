/* api/queue.h -- who talks with the customer: the queue, picking up, transferring, starting over.
 *
 * Each is one guarded statement: of several callers at once the database lets one win. */
#ifndef CS_API_QUEUE_H
#define CS_API_QUEUE_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatSession/ForCurrentUser: what goes on in the topics where the caller has a role, oldest first. */
cs_error_t *cs_queue_list(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/{id}/Pickup: null when it does not wait (any more). */
cs_error_t *cs_queue_pickup(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/Pickup: the longest waiting of the topics where the caller responds, or null. */
cs_error_t *cs_queue_pickup_first(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/{id}/TransferTo/{associate}: offers an active session to another of the topic. */
cs_error_t *cs_queue_transfer(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/{id}/AcceptTransfer and .../RejectTransfer: nothing happens unless it was offered to the
 * caller; a rejected one stays with its agent. */
cs_error_t *cs_queue_accept(struct cs_call_t *call) CS_CHECKED;
cs_error_t *cs_queue_reject(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/{id}/Reset: starts over, without agent and bot. */
cs_error_t *cs_queue_reset(struct cs_call_t *call) CS_CHECKED;

#endif
