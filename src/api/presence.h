/* api/presence.h -- who of the users of the chat is there. */
#ifndef CS_API_PRESENCE_H
#define CS_API_PRESENCE_H

#include "base/error.h"

struct cs_call_t;

/* GET /Presence/GetAll */
cs_error_t *cs_presence_list(struct cs_call_t *call) CS_CHECKED;

/* POST /Presence/SaveAll: all that the body names, or none: PRESENCE_UNKNOWN, ACCESS_DENIED.  One's own
 * presence is everybody's to say; that of others an administrator's. */
cs_error_t *cs_presence_save(struct cs_call_t *call) CS_CHECKED;

#endif
