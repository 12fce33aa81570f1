#include "base/monotonic.h"

#include <time.h>

apr_time_t cs_monotonic_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_make(now.tv_sec, now.tv_nsec / 1000);
}

int cs_monotonic_sem_wait(sem_t *semaphore, apr_time_t until)
{
    struct timespec at = {.tv_sec = (time_t)apr_time_sec(until),
                          .tv_nsec = (long)apr_time_usec(until) * 1000};

    return sem_clockwait(semaphore, CLOCK_MONOTONIC, &at) == 0;
}
