/* db/kept.h -- which of the statements that were made for calls a connection keeps prepared.
 *
 * One is kept from its second use on, so that who asks for something else each time costs others nothing; the
 * one that was not used for longest gives its place.  Knows no connection: who asks tells what became of it.
 * One thread at a time. */
#ifndef CS_DB_KEPT_H
#define CS_DB_KEPT_H

#include "base/val.h"

#include <apr_pools.h>
#include <apr_time.h>

#define CS_KEPT_MAX  32   /* statements of a connection: so much memory of a backend */
#define CS_KEPT_TEXT 4096 /* bytes of the longest that is kept, with a byte for each argument */
#define CS_KEPT_SEEN 64   /* texts that were used once and are remembered */

typedef struct cs_kept_t cs_kept_t;

typedef enum cs_keeping_t {
    CS_KEPT_NOT,    /* is to run without a name */
    CS_KEPT_PAUSED, /* the same: its plan was slow, so it is to be planned for its values */
    CS_KEPT_NEW,    /* is to be prepared under the name of its place */
    CS_KEPT_THERE   /* is prepared */
} cs_keeping_t;

cs_kept_t *cs_kept_make(apr_pool_t *pool);

/* What to do with it; *place_out from CS_KEPT_NEW on. */
cs_keeping_t cs_kept_find(cs_kept_t *kept, const char *text, const cs_val_t *args, int count, int *place_out);

/* Whether the server holds a statement under the name of that place: one that is to go before another comes.
 */
int cs_kept_occupied(const cs_kept_t *kept, int place);

/* What the server holds there now: the statement that was last to be prepared there, or nothing. */
void cs_kept_set(cs_kept_t *kept, int place, int there);

/* How long its answer took.  After a slow one it pauses, longer each time. */
void cs_kept_took(cs_kept_t *kept, int place, apr_interval_time_t time);

#endif
