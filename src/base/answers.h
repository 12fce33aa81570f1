/* base/answers.h -- answers that one process has given, remembered for who asks the same again.
 *
 * Whether an answer is still right its mark tells, which stands for all records that it was made of; what has
 * the same mark in the same era is the same.  A ring of fixed size: what was remembered first goes, and what
 * is long is not remembered at all.  A key is the whole of what an answer depends on beside those records,
 * and is compared as a whole.  Any thread. */
#ifndef CS_BASE_ANSWERS_H
#define CS_BASE_ANSWERS_H

#include "base/buf.h"

typedef struct cs_answers_t cs_answers_t;

/* What is known of an answer. */
typedef enum cs_known_t {
    CS_KNOWN_NOT,
    CS_KNOWN_ASKED,  /* it was asked for once */
    CS_KNOWN_UNFIT,  /* it cannot be remembered: it is too long, or has no mark */
    CS_KNOWN_FICKLE, /* it is remembered, but was another the time before */
    CS_KNOWN_LASTING /* it is remembered */
} cs_known_t;

typedef struct cs_given_t {
    cs_known_t known;
    unsigned era; /* of the connections that told the mark */
    apr_int64_t mark;
    const char *moment; /* when its records were read, as the database says it; NULL: not known */
} cs_given_t;

typedef struct cs_answer_key_t {
    const char *bytes;
    apr_size_t len;
} cs_answer_key_t;

#define CS_ANSWERS_LEAST 4096                 /* bytes that are worth it */
#define CS_ANSWERS_MOST  (1024 * 1024 * 1024) /* that are taken */

/* Takes that many bytes, and up to a 32nd more to find them by; lives as long as the pool.  NULL: so few are
 * none. */
cs_answers_t *cs_answers_make(apr_pool_t *pool, apr_size_t bytes);

/* The moment is copied into the pool. */
cs_given_t cs_answers_find(cs_answers_t *answers, const cs_answer_key_t *key, apr_pool_t *pool);

/* Appends the answer: 1, or 0 when it is gone, or was made at another moment. */
int cs_answers_take(cs_answers_t *answers, const cs_answer_key_t *key, const cs_given_t *given,
                    cs_buf_t *into);

/* Body NULL: there is none to remember.  What is too long becomes CS_KNOWN_UNFIT. */
void cs_answers_keep(cs_answers_t *answers, const cs_answer_key_t *key, const cs_given_t *given,
                     const cs_buf_t *body);

#endif
