/* work/hooks.h -- webhooks: from the database to their receivers, and what became of it back. */
#ifndef CS_WORK_HOOKS_H
#define CS_WORK_HOOKS_H

#include "db/solo.h"
#include "work/runner.h"

typedef struct cs_hooks_t cs_hooks_t;

/* NULL when there can be no sender. */
cs_hooks_t *cs_hooks_make(apr_pool_t *pool, const cs_chores_t *chores, const cs_log_t *log,
                          int (*ending)(void));

/* Sends what is due, notes what was answered; goes on as long as there is something to do, at most for a
 * second. */
cs_error_t *cs_hooks_turn(cs_ctx_t *cx, cs_hooks_t *hooks, cs_solo_t *solo) CS_CHECKED;

/* Another one does it from here on: breaks off all that is on its way. */
void cs_hooks_drop(cs_hooks_t *hooks);

#endif
