/* base/attempts.h -- failed log-ins, counted in memory that all children share.
 *
 * A table of fixed size; a failure is a few atomic operations, nobody ever waits.  What is counted is a key,
 * a hash under a random key of this start, so the memory tells no names.  It lives as long as the server: old
 * and new children share it across a graceful restart.  A full set forgets who has failed least. */
#ifndef CS_BASE_ATTEMPTS_H
#define CS_BASE_ATTEMPTS_H

#include <apr_pools.h>
#include <apr_time.h>

typedef struct cs_attempts_t cs_attempts_t;

#define CS_ATTEMPTS_MAX 1000 /* failures that one key may count */

/* In the parent; the same table for each restart of this server, NULL without shared memory. */
cs_attempts_t *cs_attempts_open(apr_pool_t *process);

/* The key of a text. */
apr_uint64_t cs_attempts_key(const cs_attempts_t *attempts, const char *text, apr_size_t len);

/* Seconds until the key may try again; 0: now. */
int cs_attempts_wait(const cs_attempts_t *attempts, apr_uint64_t key, int limit, int window, apr_time_t now);

/* One more failure; the window, in seconds, starts with the first. */
void cs_attempts_fail(cs_attempts_t *attempts, apr_uint64_t key, int window, apr_time_t now);

/* Nothing has failed. */
void cs_attempts_forget(cs_attempts_t *attempts, apr_uint64_t key);

#endif
