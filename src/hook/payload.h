/* hook/payload.h -- what a webhook is told of an event: the JSON of its body. */
#ifndef CS_HOOK_PAYLOAD_H
#define CS_HOOK_PAYLOAD_H

#include "base/val.h"
#include "base/wall.h"

#include <apr_pools.h>

#define CS_PAYLOAD_VALUES 13

/* An event as the database tells it. */
typedef struct cs_news_t {
    cs_val_t guid; /* the same each time that the event is told */
    cs_wall_t at;  /* UTC */
    cs_val_t name; /* "chatsession.changed" */
    int entity;    /* 1 chat session, 2 topic, 3 presence */
    apr_int64_t entity_id;
    apr_int64_t number;     /* in the events of that session, topic or agent */
    apr_int64_t associate;  /* who did it; 0: not known */
    const cs_val_t *values; /* CS_PAYLOAD_VALUES of a session, in the order of the payload's FieldValues */
    cs_val_t present;       /* of an agent; NULL: not about presence */
} cs_news_t;

/* Length and text, in the pool. */
apr_size_t cs_payload_write(apr_pool_t *pool, const cs_news_t *news, cs_val_t webhook_name,
                            const char **text_out);

#endif
