/* db/solo.h -- one connection of a thread's own, outside of the pools and of the host's quota.
 *
 * For work that nobody waits for, and that must stay on one connection because that holds a lock.  It is
 * opened when it is asked for and never by itself; after an error that leaves it unusable it is closed. */
#ifndef CS_DB_SOLO_H
#define CS_DB_SOLO_H

#include "db/db.h"

typedef struct cs_solo_t cs_solo_t;

/* Closed with the pool, which no other thread uses.  options and log outlive it. */
cs_solo_t *cs_solo_make(apr_pool_t *pool, const cs_db_options_t *options, int (*ending)(void));

int cs_solo_is_open(const cs_solo_t *solo);

/* Within the connect timeout. */
cs_error_t *cs_solo_open(cs_ctx_t *cx, cs_solo_t *solo) CS_CHECKED;
void cs_solo_close(cs_solo_t *solo);

/* Within the statement timeout; DB_UNAVAILABLE when it is not open. */
cs_error_t *cs_solo_run(cs_ctx_t *cx, cs_solo_t *solo, cs_stmt_id_t stmt, const cs_val_t *args, int count,
                        cs_rows_t **rows_out) CS_CHECKED;

#endif
