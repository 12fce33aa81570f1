/* api/body.h -- the bytes of a body to a document. */
#ifndef CS_API_BODY_H
#define CS_API_BODY_H

#include "api/call.h"

/* call->body to call->doc.  BODY_EMPTY when there is no entity in it (nothing, null, []), whatever its type;
 * MEDIA_TYPE; what the decoder of that type finds. */
cs_error_t *cs_body_decode(cs_call_t *call) CS_CHECKED;

#endif
