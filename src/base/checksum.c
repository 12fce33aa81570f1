#include "base/checksum.h"

#include <string.h>

#define LANE  16 /* bytes */
#define BLOCK (2 * LANE)

/* Odd, half of their bits set, none of them like another. */
static const apr_uint64_t keys[] = {APR_UINT64_C(0x9E3779B97F4A7C15), APR_UINT64_C(0xD6E8FEB86659FD93),
                                    APR_UINT64_C(0xA0761D6478BD642F), APR_UINT64_C(0xE7037ED1A0B428DB)};

/* Both halves of the product: each bit of it depends on all bits below. */
static apr_uint64_t fold(apr_uint64_t a, apr_uint64_t b)
{
    __extension__ typedef unsigned __int128 wide_t;
    wide_t product = (wide_t)a * b;

    return (apr_uint64_t)product ^ (apr_uint64_t)(product >> 64);
}

static apr_uint64_t load(const char *bytes)
{
    apr_uint64_t word;

    memcpy(&word, bytes, sizeof(word));
    return word;
}

static apr_uint64_t take_lane(apr_uint64_t lane, const char *bytes, apr_uint64_t key)
{
    return fold(load(bytes) ^ key, load(bytes + LANE / 2) ^ lane);
}

apr_uint64_t cs_checksum(apr_uint64_t seed, const char *bytes, apr_size_t len)
{
    apr_uint64_t even = seed ^ keys[0], odd = seed ^ keys[1];
    apr_size_t rest = len % BLOCK;
    char last[BLOCK] = {0};

    for (const char *end = bytes + (len - rest); bytes < end; bytes += BLOCK) {
        even = take_lane(even, bytes, keys[2]);
        odd = take_lane(odd, bytes + LANE, keys[3]);
    }
    if (rest) {
        memcpy(last, bytes, rest);
        even = take_lane(even, last, keys[2]);
        odd = take_lane(odd, last + LANE, keys[3]);
    }
    return fold(fold(even ^ keys[1], odd ^ len) ^ keys[0], keys[3]);
}
