/* hook/sender.h -- POSTs on their way to receivers of webhooks, many at a time.
 *
 * All of one sender's functions are called by the thread that made it.  Nothing here waits but
 * cs_sender_wait.  A receiver's redirect is not followed, its answer is read no further than needed, and it
 * is reached at an address that cs_allow_address admits, or not at all. */
#ifndef CS_HOOK_SENDER_H
#define CS_HOOK_SENDER_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef struct cs_sender_t cs_sender_t;

/* What is sent, and where to.  `id` is whoever's who sends it.  Copied. */
typedef struct cs_parcel_t {
    apr_int64_t id;
    const char *url;
    const char *secret;  /* "": the body is not signed */
    const char *headers; /* further ones, a line each */
    const char *event, *guid;
    apr_int64_t number;
    int retry; /* how often it was sent before */
    const char *body;
    apr_size_t len;
} cs_parcel_t;

/* What became of one.  error: NULL when the receiver took it. */
typedef struct cs_receipt_t {
    apr_int64_t id;
    int status; /* of the answer; 0: there was none */
    const char *error;
    apr_interval_time_t took;
} cs_receipt_t;

/* `allow` is of cs_allow_t.  NULL when there is no memory for it.  It ends with the pool. */
cs_sender_t *cs_sender_make(apr_pool_t *pool, const apr_array_header_t *allow, apr_interval_time_t timeout);

/* Sends it; NULL, or why it cannot be sent: words that live as long as the program. */
const char *cs_sender_post(cs_sender_t *sender, const cs_parcel_t *parcel);

/* Waits until something happens, at most so long; 0: works on and does not wait. */
void cs_sender_wait(cs_sender_t *sender, apr_interval_time_t limit);

/* The next that has ended: 1, its texts in the pool; or 0. */
int cs_sender_take(cs_sender_t *sender, apr_pool_t *pool, cs_receipt_t *receipt_out);

/* Breaks off all that is on its way. */
void cs_sender_drop(cs_sender_t *sender);

/* Once in a process before the first sender is made, and at its end. */
int cs_sender_begin(void);
void cs_sender_end(void);

#endif
