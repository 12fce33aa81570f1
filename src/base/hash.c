#include "base/hash.h"

#include <apr_siphash.h>
#include <string.h>
#include <sys/auxv.h>

static unsigned int keyed_hash(const char *key, apr_ssize_t *len)
{
    /* AT_RANDOM: 16 bytes, there since the process began */
    const unsigned char *secret = (const unsigned char *)getauxval(AT_RANDOM);

    if (*len == APR_HASH_KEY_STRING) {
        *len = (apr_ssize_t)strlen(key);
    }
    return (unsigned int)apr_siphash24(key, (apr_size_t)*len, secret);
}

apr_hash_t *cs_hash_make(apr_pool_t *pool)
{
    return apr_hash_make_custom(pool, keyed_hash);
}
