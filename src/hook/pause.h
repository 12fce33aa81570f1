/* hook/pause.h -- how long to wait after failures. */
#ifndef CS_HOOK_PAUSE_H
#define CS_HOOK_PAUSE_H

#include <apr_time.h>

/* Before a delivery is tried again that failed so often, 1 or more: 1 s, 4 s, then longer and longer, at most
 * an hour. */
apr_interval_time_t cs_pause_of_delivery(int failures);

/* Before anything is sent again to a receiver that failed so often in a row: the same, at most a minute, so
 * that the end of its outage is noticed soon. */
apr_interval_time_t cs_pause_of_receiver(int failures);

#endif
