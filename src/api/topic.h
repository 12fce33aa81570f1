/* api/topic.h -- the chat topic: what it is, whether it is open, and sessions that start in it. */
#ifndef CS_API_TOPIC_H
#define CS_API_TOPIC_H

#include "api/resource.h"

extern const cs_resource_t cs_topic_resource;

/* GET /ChatTopic/default: a new topic, not stored. */
cs_error_t *cs_topic_default(cs_call_t *call) CS_CHECKED;

/* POST /ChatTopic */
cs_error_t *cs_topic_create(cs_call_t *call) CS_CHECKED;

/* GET, PUT, PATCH, DELETE /ChatTopic/{id}; a deleted topic's sessions stay. */
cs_error_t *cs_topic_get(cs_call_t *call) CS_CHECKED;
cs_error_t *cs_topic_replace(cs_call_t *call) CS_CHECKED;
cs_error_t *cs_topic_patch(cs_call_t *call) CS_CHECKED;
cs_error_t *cs_topic_delete(cs_call_t *call) CS_CHECKED;

/* GET /ChatTopic/ForCurrentUser: those in which the caller has a role. */
cs_error_t *cs_topic_list_mine(cs_call_t *call) CS_CHECKED;

/* GET /ChatTopic/{id}/IsOpen */
cs_error_t *cs_topic_is_open(cs_call_t *call) CS_CHECKED;

/* POST /ChatTopic/{id}/Sessions: a new session, where the topic's settings, hours and agents have it begin.
 */
cs_error_t *cs_topic_start_session(cs_call_t *call) CS_CHECKED;

#endif
