/* httpd/brigade.h -- two of APR's brigade macros as functions: they cast a qualifier away, which is their
 * business. */
#ifndef CS_HTTPD_BRIGADE_H
#define CS_HTTPD_BRIGADE_H

#include <apr_buckets.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wcast-qual"

static inline int cs_brigade_ends_at(const apr_bucket_brigade *brigade, const apr_bucket *e)
{
    return e == APR_BRIGADE_SENTINEL(brigade);
}

static inline void cs_brigade_append(apr_bucket_brigade *brigade, apr_bucket *e)
{
    APR_BRIGADE_INSERT_TAIL(brigade, e);
}

#pragma GCC diagnostic pop

#endif
