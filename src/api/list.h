/* api/list.h -- the list of chat sessions, page by page. */
#ifndef CS_API_LIST_H
#define CS_API_LIST_H

#include "base/error.h"

struct cs_call_t;

/* GET /ChatSession */
cs_error_t *cs_session_list(struct cs_call_t *call) CS_CHECKED;

#endif
