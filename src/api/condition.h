/* api/condition.h -- conditional requests (RFC 9110 section 13).
 *
 * An entity tag is "version-digest": the version of the stored row, and a digest of the bytes of this
 * representation.  A read compares all of it, against what it is about to answer.  A change compares the
 * version alone, inside its own statement, so that of two writers one wins.  Times count in whole seconds. */
#ifndef CS_API_CONDITION_H
#define CS_API_CONDITION_H

#include "api/call.h"
#include "base/wall.h"

#define CS_GUARD_ARGS 3 /* of admitted() in SQL */

/* The statement's arguments for a change of the entity that the path names. */
void cs_condition_guard(const cs_call_t *call, cs_val_t args_out[CS_GUARD_ARGS]);

/* The same for a statement that demands nothing. */
void cs_condition_guard_none(cs_val_t args_out[CS_GUARD_ARGS]);

/* Why the guarded statement did nothing although the entity is there: CONDITION. */
cs_error_t *cs_condition_failed(const cs_call_t *call) CS_CHECKED;

/* Sets call->etag and call->modified for the entity that call->reply holds. */
void cs_condition_mark(cs_call_t *call, apr_int64_t version, cs_wall_t changed);

/* For a read with If-None-Match: 1 with the tag that the last answer to a request like it had, if that is
 * what the client has. */
int cs_condition_recall(const cs_call_t *call, cs_tag_t *tag_out);

/* Sets call->etag and call->modified for an answer that is still that one. */
void cs_condition_restore(cs_call_t *call, const cs_tag_t *tag, cs_wall_t changed);

/* After cs_condition_mark: remembers call->etag as the tag's text, and the rest of it. */
void cs_condition_remember(const cs_call_t *call, cs_tag_t tag);

/* For a read, after cs_condition_mark: CONDITION, or the reply becomes 304 without content where the client
 * has it already. */
cs_error_t *cs_condition_read(cs_call_t *call) CS_CHECKED;

#endif
