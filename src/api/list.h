/* api/list.h -- lists of chat sessions. */
#ifndef CS_API_LIST_H
#define CS_API_LIST_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatSession */
cs_error_t *cs_session_list(struct cs_call_t *call) CS_CHECKED;

/* GET and POST /Archive/ChatSession: the same, which can be counted; by POST the parameters may be a form. */
cs_error_t *cs_archive_list(struct cs_call_t *call) CS_CHECKED;

/* GET /ChatTopic/{id}/Sessions: the sessions of one topic.  TOPIC_UNKNOWN. */
cs_error_t *cs_topic_sessions(struct cs_call_t *call) CS_CHECKED;

#endif
