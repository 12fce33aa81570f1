/* base/verdicts.h -- passwords that were found right, remembered for a while in memory that all children
 * share.
 *
 * A table of fixed size; nobody ever waits.  It holds no name and no password but 256 bits of SipHash-4-8 of
 * them, under random keys that are not in the shared memory, so who reads the table can try no guesses.
 * Table and keys are made anew for each configuration: a restart, a graceful one too, forgets everything. */
#ifndef CS_BASE_VERDICTS_H
#define CS_BASE_VERDICTS_H

#include <apr_pools.h>
#include <apr_time.h>

typedef struct cs_verdicts_t cs_verdicts_t;

/* What stands for one question: who, with which password, asked of whom. */
#define CS_VERDICT_WORDS 4
typedef struct cs_verdict_key_t {
    apr_uint64_t words[CS_VERDICT_WORDS];
} cs_verdict_key_t;

/* In the parent, for the children of this configuration; NULL without shared memory or random bytes. */
cs_verdicts_t *cs_verdicts_open(apr_pool_t *pconf);

/* The key of a question. */
cs_verdict_key_t cs_verdicts_key(const cs_verdicts_t *verdicts, const void *question, apr_size_t len);

/* Whether the answer was yes at most ttl ago; an instant after now does not count. */
int cs_verdicts_has(const cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_interval_time_t ttl,
                    apr_time_t now);

/* Whether the answer is to be asked for again while it still holds, and by this caller: in the last quarter
 * of its time one of all who ask gets 1, and should he fail, another one a quarter later. */
int cs_verdicts_due(cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_interval_time_t ttl,
                    apr_time_t now);

/* The answer is yes no more. */
void cs_verdicts_forget(cs_verdicts_t *verdicts, const cs_verdict_key_t *key);

/* The answer was yes, at this instant.  In a full set the oldest goes. */
void cs_verdicts_keep(cs_verdicts_t *verdicts, const cs_verdict_key_t *key, apr_time_t asked);

#endif
