/* base/monotonic.h -- time that only passes: deadlines and intervals are counted on it.
 *
 * Microseconds of the monotonic clock.  It has nothing to do with the time of day, which an administrator or
 * a resumed machine may set, and it begins anew with each boot: never stored, never shown. */
#ifndef CS_BASE_MONOTONIC_H
#define CS_BASE_MONOTONIC_H

#include <apr_time.h>
#include <semaphore.h>

apr_time_t cs_monotonic_now(void);

/* Waits for a semaphore until an instant of this clock: 1, or 0 at the instant or when a signal came. */
int cs_monotonic_sem_wait(sem_t *semaphore, apr_time_t until);

#endif
