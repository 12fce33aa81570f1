/* api/agent.h -- who serves a chat topic, and in which roles.
 *
 * {associate} in the path is a login name or an associate's id. */
#ifndef CS_API_AGENT_H
#define CS_API_AGENT_H

#include "base/error.h"

struct cs_call_t;

/* One without anything set. */
cs_error_t *cs_agent_default(struct cs_call_t *call) CS_CHECKED;

/* GET, PUT, POST /ChatTopic/{id}/UserAgent: all of them; these instead of all others; one more, or other
 * roles for one who is there already. */
cs_error_t *cs_agent_list(struct cs_call_t *call) CS_CHECKED;
cs_error_t *cs_agent_replace_all(struct cs_call_t *call) CS_CHECKED;
cs_error_t *cs_agent_add(struct cs_call_t *call) CS_CHECKED;

/* GET, PUT, DELETE /ChatTopic/{id}/UserAgent/{associate}.  Whom a body names does not count.  One who is not
 * there: AGENT_UNKNOWN, but for DELETE. */
cs_error_t *cs_agent_get(struct cs_call_t *call) CS_CHECKED;
cs_error_t *cs_agent_replace(struct cs_call_t *call) CS_CHECKED;
cs_error_t *cs_agent_remove(struct cs_call_t *call) CS_CHECKED;

#endif
