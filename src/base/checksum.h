/* base/checksum.h -- a number by which equal bytes are known, among those that nobody forges: where somebody
 * might, there is base/secret.h. */
#ifndef CS_BASE_CHECKSUM_H
#define CS_BASE_CHECKSUM_H

#include <apr.h>

/* The same in every process.  The seed is the checksum of what went before, or 0. */
apr_uint64_t cs_checksum(apr_uint64_t seed, const char *bytes, apr_size_t len);

#endif
