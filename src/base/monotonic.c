#include "base/monotonic.h"

#include <errno.h>
#include <time.h>

apr_time_t cs_monotonic_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_make(now.tv_sec, now.tv_nsec / 1000);
}

void cs_monotonic_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &attributes);
    pthread_condattr_destroy(&attributes);
}

int cs_monotonic_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex, apr_time_t until)
{
    struct timespec at = {.tv_sec = (time_t)apr_time_sec(until),
                          .tv_nsec = (long)apr_time_usec(until) * 1000};

    return pthread_cond_timedwait(cond, mutex, &at) != ETIMEDOUT;
}
