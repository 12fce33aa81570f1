/* handlers.h -- the operations that routes lead to, doing nothing: for programs that only ask where a path
 * leads. */
#ifndef CS_T_HANDLERS_H
#define CS_T_HANDLERS_H

#include "api/credential.h"
#include "api/principal.h"
#include "api/about.h"
#include "api/rpc.h"
#include "api/message.h"
#include "api/queue.h"
#include "api/session.h"
#include "api/agent.h"
#include "api/archive.h"
#include "api/list.h"
#include "api/presence.h"
#include "api/topic.h"
#include "api/user_agent.h"

#include <stddef.h>

#define NOTHING(handler)                        \
    cs_error_t *handler(struct cs_call_t *call) \
    {                                           \
        (void)call;                             \
        return NULL;                            \
    }

NOTHING(cs_about_api)
NOTHING(cs_about_operations)
NOTHING(cs_message_list)
NOTHING(cs_message_add)
NOTHING(cs_message_transcript)
NOTHING(cs_queue_list)
NOTHING(cs_queue_pickup)
NOTHING(cs_queue_pickup_first)
NOTHING(cs_queue_transfer)
NOTHING(cs_queue_accept)
NOTHING(cs_queue_reject)
NOTHING(cs_queue_reset)
NOTHING(cs_session_patch)
#ifndef CALLS_METHODS
NOTHING(cs_rpc_run)
#endif
NOTHING(cs_session_default)
NOTHING(cs_session_list)
NOTHING(cs_archive_list)
NOTHING(cs_archive_names)
NOTHING(cs_archive_columns)
NOTHING(cs_topic_sessions)
NOTHING(cs_session_create)
NOTHING(cs_session_get)
NOTHING(cs_session_replace)
NOTHING(cs_session_delete)
NOTHING(cs_topic_default)
NOTHING(cs_topic_create)
NOTHING(cs_topic_get)
NOTHING(cs_topic_replace)
NOTHING(cs_topic_patch)
NOTHING(cs_topic_delete)
NOTHING(cs_topic_list_mine)
NOTHING(cs_topic_is_open)
NOTHING(cs_topic_start_session)
NOTHING(cs_agent_default)
NOTHING(cs_agent_list)
NOTHING(cs_agent_replace_all)
NOTHING(cs_agent_add)
NOTHING(cs_agent_get)
NOTHING(cs_agent_replace)
NOTHING(cs_agent_remove)
NOTHING(cs_user_agent_list)
NOTHING(cs_presence_list)
NOTHING(cs_presence_save)
NOTHING(cs_ticket_issue)
NOTHING(cs_ticket_end)
NOTHING(cs_login_issue)
NOTHING(cs_login_end)
NOTHING(cs_principal_get)

#undef NOTHING

#endif
