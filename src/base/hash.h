/* base/hash.h -- a hash table whose keys a client chose.
 *
 * APR's own hash function can be made to collide at will, and then a table costs the square of its size. This
 * one is keyed with what the kernel gave this process at random. */
#ifndef CS_BASE_HASH_H
#define CS_BASE_HASH_H

#include <apr_hash.h>

/* An apr_hash_t in every other respect. */
apr_hash_t *cs_hash_make(apr_pool_t *pool);

#endif
