/* api/message.h -- what is said in a session.
 *
 * A message's number is taken while its session's row is locked, so they rise in the order of commits: who
 * asks for those after the last that he has can never miss one. */
#ifndef CS_API_MESSAGE_H
#define CS_API_MESSAGE_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatSession/{id}/Messages?after=: at most 10000, in the order of posting. */
cs_error_t *cs_message_list(struct cs_call_t *call) CS_CHECKED;

/* POST /ChatSession/{id}/Messages: says it, and answers it as stored. */
cs_error_t *cs_message_add(struct cs_call_t *call) CS_CHECKED;

/* GET and POST /ChatSession/{id}/Transcript?html=: all that was said, as one text. */
cs_error_t *cs_message_transcript(struct cs_call_t *call) CS_CHECKED;

#endif
