/* base/monotonic.h -- time that only passes: deadlines and intervals are counted on it.
 *
 * Microseconds of the monotonic clock.  It has nothing to do with the time of day, which an administrator or
 * a resumed machine may set, and it begins anew with each boot: never stored, never shown. */
#ifndef CS_BASE_MONOTONIC_H
#define CS_BASE_MONOTONIC_H

#include <apr_time.h>
#include <pthread.h>

apr_time_t cs_monotonic_now(void);

/* A condition whose waits end on this clock, and a wait until an instant of it.  1, or 0 at the instant. */
void cs_monotonic_cond_init(pthread_cond_t *cond);
int cs_monotonic_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, apr_time_t until);

#endif
