/* httpd/keepalive.h -- the thread that has answered waits a moment for its client's next request.
 *
 * httpd's event MPM gives a connection back to its listener after each answer: for the next request the
 * listener wakes up, and wakes another thread.  A client that asks again at once, as programs do that fetch
 * one thing after the other, keeps its thread instead. */
#ifndef CS_HTTPD_KEEPALIVE_H
#define CS_HTTPD_KEEPALIVE_H

#include <httpd.h>

/* The clients that keep a thread of the child. */
typedef struct cs_keepalive_t {
    int most; /* at a time: a quarter of all; none where each connection has its own (prefork, worker) */
    int kept; /* counted atomically */
} cs_keepalive_t;

/* In the new child, before its threads start. */
void cs_keepalive_make(cs_keepalive_t *keepalive, int threads);

/* As soon as a request is ours: its thread will wait at its very end, behind its log line, when what the
 * request has taken since is given back. */
void cs_keepalive_begin(request_rec *r);

/* The answer to a request that arrived then (base/monotonic.h) is on its way.  When it came as soon after
 * the connection's last answer as may be waited for, its thread is to wait as long for the next one.  Who
 * lets a thread wait in vain is not waited for again for a while. */
void cs_keepalive_answered(request_rec *r, apr_time_t arrived, apr_interval_time_t longest);

#endif
