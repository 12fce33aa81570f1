/* t/unit/checksum.c -- a checksum tells apart what differs anywhere. */
#include "base/checksum.h"
#include "support.h"
#include "tap.h"

#include <string.h>

#define LONGEST 200

static apr_uint64_t seen[LONGEST * 9];
static int seen_count;

/* 1, when no checksum before was the same. */
static int is_new(apr_uint64_t checksum)
{
    for (int i = 0; i < seen_count; i++) {
        if (seen[i] == checksum) {
            return 0;
        }
    }
    seen[seen_count++] = checksum;
    return 1;
}

static void test_lengths(void)
{
    char zeros[LONGEST] = {0};
    int new = 0;

    seen_count = 0;
    for (apr_size_t len = 0; len < LONGEST; len++) {
        new += is_new(cs_checksum(0, zeros, len));
    }
    is_int(new, LONGEST, "texts of zeros that differ in their length alone");
}

static void test_bits(void)
{
    char text[LONGEST];
    int new = 0;

    memset(text, 'x', sizeof(text));
    seen_count = 0;
    for (int bit = 0; bit < LONGEST * 8; bit++) {
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
        new += is_new(cs_checksum(0, text, sizeof(text)));
        text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
    }
    is_int(new, LONGEST * 8, "texts of which each has one bit changed");
}

/* What stands around the bytes does not count, nor where they lie. */
static void test_bytes(void)
{
    char text[LONGEST], other[LONGEST];
    int equal = 0;

    for (apr_size_t len = 0; len < 70; len++) {
        for (apr_size_t at = 0; at < 8; at++) {
            memset(text, 'b', sizeof(text));
            memset(other, 'c', sizeof(other));
            memset(text + at, 'a', len);
            memset(other, 'a', len);
            equal += cs_checksum(7, text + at, len) == cs_checksum(7, other, len);
        }
    }
    is_int(equal, 70 * 8, "the same bytes have the same checksum");
    ok(cs_checksum(1, "same", 4) != cs_checksum(2, "same", 4), "what went before counts");
    ok(cs_checksum(cs_checksum(0, "ab", 2), "c", 1) != cs_checksum(cs_checksum(0, "a", 1), "bc", 2),
       "and where it ended");
}

int main(void)
{
    test_start();
    test_lengths();
    test_bits();
    test_bytes();
    return done();
}
