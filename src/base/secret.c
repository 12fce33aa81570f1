#include "base/secret.h"

#include <apr_crypto.h>
#include <apr_encode.h>
#include <apr_escape.h>
#include <apr_general.h>
#include <apr_random.h>
#include <string.h>

#define RANDOM_BYTES (CS_SECRET_CHARS / 4 * 3)
#define BLOCK_BYTES  64 /* of SHA-256 */

int cs_secret_equal(const char *a, apr_size_t a_len, const char *b, apr_size_t b_len)
{
    return a_len == b_len && apr_crypto_equals(a, b, a_len);
}

cs_error_t *cs_secret_make(apr_pool_t *pool, int for_cookie, const char **text_out)
{
    unsigned char bytes[RANDOM_BYTES];

    if (apr_generate_random_bytes(bytes, sizeof(bytes)) != APR_SUCCESS) {
        return cs_error_make(pool, CS_E_INTERNAL, NULL, "the system gives no random bytes");
    }
    *text_out = apr_pencode_base64_binary(pool, bytes, sizeof(bytes),
                                          for_cookie ? APR_ENCODE_URL : APR_ENCODE_NONE, NULL);
    return NULL;
}

const char *cs_secret_digest(apr_pool_t *pool, const char *text, apr_size_t len)
{
    apr_crypto_hash_t *hash = apr_crypto_sha256_new(pool);
    unsigned char digest[CS_DIGEST_BYTES];

    hash->init(hash);
    hash->add(hash, text, len);
    hash->finish(hash, digest);
    return apr_pescape_hex(pool, digest, sizeof(digest), 0);
}

/* One of HMAC's two hashes: of the key, padded to a block with this, and the text. */
static void hash_keyed(apr_crypto_hash_t *hash, const unsigned char *key, apr_size_t key_len,
                       unsigned char pad, const void *text, apr_size_t len, unsigned char *digest)
{
    unsigned char block[BLOCK_BYTES];

    memset(block, pad, sizeof(block));
    for (apr_size_t i = 0; i < key_len; i++) {
        block[i] ^= key[i];
    }
    hash->init(hash);
    hash->add(hash, block, sizeof(block));
    hash->add(hash, text, len);
    hash->finish(hash, digest);
}

void cs_secret_sign(apr_pool_t *pool, const void *key, apr_size_t key_len, const void *text, apr_size_t len,
                    unsigned char *mac)
{
    apr_crypto_hash_t *hash = apr_crypto_sha256_new(pool);
    unsigned char inner[CS_DIGEST_BYTES], shortened[CS_DIGEST_BYTES];

    if (key_len > BLOCK_BYTES) {
        hash->init(hash);
        hash->add(hash, key, key_len);
        hash->finish(hash, shortened);
        key = shortened;
        key_len = sizeof(shortened);
    }
    hash_keyed(hash, key, key_len, 0x36, text, len, inner);
    hash_keyed(hash, key, key_len, 0x5C, inner, sizeof(inner), mac);
}
