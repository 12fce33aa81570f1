/* t/unit/buf.c -- the growing text: pieces, linking, the ceiling. */
#include "base/buf.h"
#include "support.h"
#include "tap.h"

#define NO_CEILING (1024 * 1024)

/* Long enough to be worth a piece of its own, and short enough not to be. */
static char long_text[4096];
static const char short_text[] = "short";

static int pieces_of(const cs_buf_t *buf)
{
    int count = 0;

    for (const cs_piece_t *piece = buf->first; piece; piece = piece->next) {
        count++;
    }
    return count;
}

static apr_size_t sum_of(const cs_buf_t *buf)
{
    apr_size_t sum = 0;

    for (const cs_piece_t *piece = buf->first; piece; piece = piece->next) {
        sum += piece->len;
    }
    return sum;
}

static const cs_piece_t *linked_piece(const cs_buf_t *buf, const char *data)
{
    for (const cs_piece_t *piece = buf->first; piece; piece = piece->next) {
        if (piece->constant && piece->data == data) {
            return piece;
        }
    }
    return NULL;
}

static void test_empty(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, 100);

    is(cs_buf_text(buf, pool), "", "a new buffer holds nothing");
    is_int((long long)buf->length, 0, "a new buffer has no length");
    is_int(buf->full, 0, "a new buffer is not full");
    ok(cs_buf_bytes(buf, pool) != NULL, "a new buffer has bytes, none of them");
    cs_buf_put(buf, "", 0);
    cs_buf_puts(buf, "");
    cs_buf_link(buf, long_text, 0);
    is_int((long long)buf->length, 0, "nothing put adds nothing");
    is_int(buf->full, 0, "nothing put fills nothing");
}

static void test_put(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, 100);

    cs_buf_put(buf, "abc\0d", 5);
    cs_buf_putc(buf, 'e');
    cs_buf_puts(buf, "fg");
    is_int((long long)buf->length, 8, "the length is of all that was put, zero bytes included");
    ok(memcmp(cs_buf_text(buf, pool), "abc\0defg", 9) == 0, "the text is what was put, terminated");
    ok(memcmp(cs_buf_bytes(buf, pool), "abc\0defg", 8) == 0, "the bytes are what was put");
    ok(cs_buf_bytes(buf, pool) == buf->first->data, "the bytes of one piece stay where they are");
}

static void test_pieces_stay(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, NO_CEILING);
    const char *first;

    cs_buf_puts(buf, "first");
    first = buf->first->data;
    for (int i = 0; i < 100; i++) {
        cs_buf_put(buf, long_text, 1000);
    }
    ok(pieces_of(buf) > 1, "a long text takes more than one piece");
    ok(buf->first->data == first && memcmp(first, "first", 5) == 0, "a piece never moves");
    is_int((long long)sum_of(buf), (long long)buf->length, "the pieces together have the length");
    is_int((long long)buf->length, 100005, "nothing is lost between pieces");
    ok(cs_buf_bytes(buf, pool) != first, "the bytes of several pieces are a copy");
    ok(memcmp(cs_buf_bytes(buf, pool), cs_buf_text(buf, pool), buf->length) == 0, "bytes and text agree");
}

/* A text about as long as a piece, after a beginning of every interesting length. */
static void test_around_a_piece(apr_pool_t *pool)
{
    static const apr_size_t lengths[] = {7998, 7999, 8000, 8001, 8192, 16000, 16001, 100000};
    char *text = apr_palloc(pool, 100000);
    int wrong = 0;

    for (int i = 0; i < 100000; i++) {
        text[i] = (char)('a' + i % 26);
    }
    for (size_t i = 0; i < COUNT(lengths); i++) {
        for (apr_size_t before = 0; before < 3; before++) {
            cs_buf_t *buf = cs_buf_make(pool, NO_CEILING);

            cs_buf_put(buf, "<<", before);
            cs_buf_put(buf, text, lengths[i]);
            cs_buf_putc(buf, '>');
            wrong += buf->full || buf->length != before + lengths[i] + 1 || sum_of(buf) != buf->length ||
                     memcmp(cs_buf_text(buf, pool) + before, text, lengths[i]) != 0 ||
                     cs_buf_text(buf, pool)[buf->length - 1] != '>';
        }
    }
    is_int(wrong, 0, "a text as long as a piece, or longer, arrives whole");
}

static void test_link(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, NO_CEILING);
    const cs_piece_t *piece;

    cs_buf_puts(buf, "before ");
    cs_buf_link(buf, long_text, sizeof(long_text));
    cs_buf_puts(buf, " after");
    piece = linked_piece(buf, long_text);
    ok(piece && piece->len == sizeof(long_text), "a long text is linked where it stands");
    is_int((long long)buf->length, 7 + (long long)sizeof(long_text) + 6, "a linked text counts");
    ok(memcmp(cs_buf_text(buf, pool) + 7, long_text, sizeof(long_text)) == 0,
       "a linked text stands between what was put before and after");
    is(cs_buf_text(buf, pool) + 7 + sizeof(long_text), " after", "what follows a linked text is not lost");
    is_int(buf->first->constant, 0, "what was put is no constant piece");
    is_int(buf->last->constant, 0, "what is put after a linked text does not go into it");

    buf = cs_buf_make(pool, NO_CEILING);
    cs_buf_link(buf, short_text, sizeof(short_text) - 1);
    ok(!linked_piece(buf, short_text), "a short text is copied");
    is_int(pieces_of(buf), 1, "a short text needs no piece of its own");
    is(cs_buf_text(buf, pool), short_text, "a short text is all there");

    buf = cs_buf_make(pool, NO_CEILING);
    cs_buf_link(buf, long_text, sizeof(long_text));
    cs_buf_link(buf, long_text, sizeof(long_text));
    is_int((long long)buf->length, 2 * (long long)sizeof(long_text), "two linked texts follow each other");
    ok(memcmp(cs_buf_bytes(buf, pool), long_text, sizeof(long_text)) == 0 &&
           memcmp(cs_buf_bytes(buf, pool) + sizeof(long_text), long_text, sizeof(long_text)) == 0,
       "the bytes of linked texts are theirs");
}

/* ---------------- the ceiling */

static const struct {
    apr_size_t ceiling, first, second;
    int full;
    apr_size_t length;
    const char *what;
} ceilings[] = {
    {0, 0, 0, 0, 0, "no room, nothing put"},
    {0, 1, 0, 1, 0, "no room, a byte put"},
    {1, 1, 0, 0, 1, "room for the byte that is put"},
    {10, 10, 0, 0, 10, "the ceiling exactly at once"},
    {10, 11, 0, 1, 0, "one byte above it at once"},
    {10, 4, 6, 0, 10, "the ceiling exactly in two steps"},
    {10, 4, 7, 1, 4, "one byte above it in two steps"},
    {10, 10, 1, 1, 10, "one byte after the ceiling"},
    {7999, 7999, 1, 1, 7999, "a ceiling just below a piece"},
    {8000, 8000, 0, 0, 8000, "a ceiling of a piece"},
    {8000, 8000, 1, 1, 8000, "a byte beyond a ceiling of a piece"},
    {8001, 8000, 1, 0, 8001, "a ceiling just above a piece"},
    {8001, 8001, 1, 1, 8001, "a byte beyond a ceiling just above a piece"},
    {20000, 4096, 4096, 0, 8192, "a ceiling far above"},
};

static void test_ceiling_put(apr_pool_t *pool, const char *text)
{
    for (size_t i = 0; i < COUNT(ceilings); i++) {
        cs_buf_t *buf = cs_buf_make(pool, ceilings[i].ceiling);

        cs_buf_put(buf, text, ceilings[i].first);
        cs_buf_put(buf, text, ceilings[i].second);
        is_int(buf->full, ceilings[i].full, "put: %s: %s", ceilings[i].what,
               ceilings[i].full ? "full" : "not full");
        is_int((long long)buf->length, (long long)ceilings[i].length, "put: %s: the length",
               ceilings[i].what);
        is_int((long long)sum_of(buf), (long long)buf->length, "put: %s: the pieces", ceilings[i].what);
    }
}

static void test_ceiling_link(apr_pool_t *pool, const char *text)
{
    for (size_t i = 0; i < COUNT(ceilings); i++) {
        cs_buf_t *buf = cs_buf_make(pool, ceilings[i].ceiling);

        cs_buf_link(buf, text, ceilings[i].first);
        cs_buf_link(buf, text, ceilings[i].second);
        is_int(buf->full, ceilings[i].full, "link: %s: %s", ceilings[i].what,
               ceilings[i].full ? "full" : "not full");
        is_int((long long)buf->length, (long long)ceilings[i].length, "link: %s: the length",
               ceilings[i].what);
        is_int((long long)sum_of(buf), (long long)buf->length, "link: %s: the pieces", ceilings[i].what);
    }
}

static void test_full_stays_full(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, 10);

    cs_buf_puts(buf, "abcd");
    cs_buf_puts(buf, "too long for it");
    cs_buf_puts(buf, "e");
    cs_buf_link(buf, "f", 1);
    is_int(buf->full, 1, "what is full stays full");
    is(cs_buf_text(buf, pool), "abcd", "what is appended to a full buffer is dropped, long or short");
}

/* ---------------- against the simple way */

static void test_many_steps(apr_pool_t *pool)
{
    char *expected = apr_palloc(pool, 2 * 1024 * 1024);
    cs_buf_t *buf = cs_buf_make(pool, 2 * 1024 * 1024);
    apr_size_t length = 0;
    unsigned state = 1;

    for (int i = 0; i < 1500; i++) {
        apr_size_t len;

        state = state * 1103515245U + 12345U;
        len = (state >> 16) % (i % 7 == 0 ? 4096 : 300);
        if (i % 3 == 0) {
            cs_buf_link(buf, long_text, len);
        }
        else {
            cs_buf_put(buf, long_text, len);
        }
        memcpy(expected + length, long_text, len);
        length += len;
    }
    is_int((long long)buf->length, (long long)length, "many steps add up");
    ok(memcmp(cs_buf_text(buf, pool), expected, length) == 0, "many steps give the text of all of them");
    ok(memcmp(cs_buf_bytes(buf, pool), expected, length) == 0, "many steps give the bytes of all of them");
}

/* What was written later stands first. */
static void test_append(apr_pool_t *pool)
{
    cs_buf_t *buf = cs_buf_make(pool, 100000), *rest = cs_buf_make(pool, 100000),
             *small = cs_buf_make(pool, 10);
    char *much = apr_palloc(pool, 20000);

    memset(much, 'x', 20000);
    cs_buf_put(rest, much, 20000);
    cs_buf_puts(rest, "tail");
    cs_buf_puts(buf, "head");
    cs_buf_append(buf, rest);
    cs_buf_puts(buf, "end");
    is_int((long)buf->length, 4 + 20000 + 4 + 3, "all of it is there");
    ok(strncmp(cs_buf_text(buf, pool), "headxx", 6) == 0, "in order");
    is(cs_buf_text(buf, pool) + 4 + 20000, "tailend", "and goes on behind it");
    cs_buf_append(small, rest);
    cs_buf_puts(small, "a");
    ok(small->full && small->length == 0, "what does not fit makes it full");
}

int main(void)
{
    apr_pool_t *pool = test_start();
    char *text = apr_palloc(pool, 20000);

    memset(text, 'x', 20000);
    for (size_t i = 0; i < sizeof(long_text); i++) {
        long_text[i] = (char)('A' + i % 26);
    }
    test_empty(pool);
    test_put(pool);
    test_pieces_stay(pool);
    test_around_a_piece(pool);
    test_link(pool);
    test_ceiling_put(pool, text);
    test_ceiling_link(pool, text);
    test_full_stays_full(pool);
    test_many_steps(pool);
    test_append(pool);
    return done();
}
