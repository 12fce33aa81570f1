/* api/user_agent.h -- the users of the chat, as items of a list. */
#ifndef CS_API_USER_AGENT_H
#define CS_API_USER_AGENT_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatTopic/UserAgents: ?flat=true one by one, ?flat=false below their groups; ?onlyPresent=true those
 * who are there. */
cs_error_t *cs_user_agent_list(struct cs_call_t *call) CS_CHECKED;

#endif
