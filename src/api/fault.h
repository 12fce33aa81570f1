/* api/fault.h -- an error as the client sees it. */
#ifndef CS_API_FAULT_H
#define CS_API_FAULT_H

#include "api/call.h"

/* Writes the error into call->reply and sets call->status: to the code's own where `status` is 0.  request_id
 * names it in the log.  A fault of the
 * server's own shows a fixed sentence, whatever its message says. */
void cs_fault_write(cs_call_t *call, const cs_error_t *error, const char *request_id, int status);

/* The media type that the fault was or will be written in. */
const cs_media_t *cs_fault_media(const cs_call_t *call);

#endif
