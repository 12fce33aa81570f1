/* api/session.h -- the chat session's own operations: default, create, get, replace, delete. */
#ifndef CS_API_SESSION_H
#define CS_API_SESSION_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatSession/default: a new session, not stored. */
cs_error_t *cs_session_default(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession: stores the body's session under a new id, answers it as stored. */
cs_error_t *cs_session_create(struct cs_call_t *call) CS_CHECKED;

/* GET /ChatSession/{id} */
cs_error_t *cs_session_get(struct cs_call_t *call) CS_CHECKED;

/* PUT /ChatSession/{id}: every property becomes what the body says, or its default. */
cs_error_t *cs_session_replace(struct cs_call_t *call) CS_CHECKED;

/* PATCH /ChatSession/{id}: what the patch says changes, all of it or nothing. */
cs_error_t *cs_session_patch(struct cs_call_t *call) CS_CHECKED;

/* DELETE /ChatSession/{id}: the session and its messages. */
cs_error_t *cs_session_delete(struct cs_call_t *call) CS_CHECKED;

#endif
