#include "hook/pause.h"

#define FACTOR 4

static apr_interval_time_t grown(int failures, apr_interval_time_t most)
{
    apr_interval_time_t pause = apr_time_from_sec(1);

    for (int i = 1; i < failures && pause < most; i++) {
        pause *= FACTOR;
    }
    return pause < most ? pause : most;
}

apr_interval_time_t cs_pause_of_delivery(int failures)
{
    return grown(failures, apr_time_from_sec(3600));
}

apr_interval_time_t cs_pause_of_receiver(int failures)
{
    return grown(failures, apr_time_from_sec(60));
}
