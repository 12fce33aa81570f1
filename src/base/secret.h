/* base/secret.h -- secrets: made at random, kept as digests, compared without telling where they differ.
 *
 * SHA-256 is APR's own (apr_random.h), so no other library is needed. */
#ifndef CS_BASE_SECRET_H
#define CS_BASE_SECRET_H

#include "base/error.h"

#define CS_SECRET_CHARS 40 /* of base64 without a rest: 240 bits */
#define CS_DIGEST_BYTES 32
#define CS_DIGEST_CHARS 64 /* as hexadecimal text */

/* Whether two texts are the same, in a time that depends on their lengths alone. */
int cs_secret_equal(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len);

/* CS_SECRET_CHARS of base64; where it goes into a cookie, of the alphabet that needs no quoting.  INTERNAL
 * when the system gives no random bytes. */
cs_error_t *cs_secret_make(apr_pool_t *pool, int for_cookie, const char **text_out) CS_CHECKED;

/* SHA-256 as CS_DIGEST_CHARS lower-case hexadecimal digits, in the pool. */
const char *cs_secret_digest(apr_pool_t *pool, const char *text, apr_size_t len);

/* HMAC-SHA-256 (RFC 2104) under a key of any length, into mac, of CS_DIGEST_BYTES; the pool is for
 * scratch. */
void cs_secret_sign(apr_pool_t *pool, const void *key, apr_size_t key_len, const void *text, apr_size_t len,
                    unsigned char *mac);

#endif
