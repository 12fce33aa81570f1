/* t/unit/json_write.c -- JSON out: what each call writes, where commas stand, what is escaped. */
#include "support.h"
#include "tap.h"
#include "wire/json_write.h"

#include <math.h>

#define NO_CEILING (1024 * 1024)

static cs_writer_t writer_on(apr_pool_t *pool)
{
    return (cs_writer_t){.ops = &cs_json_writer, .buf = cs_buf_make(pool, NO_CEILING)};
}

/* ---------------- calls as a script
 *
 *      { }  open, close      [ ]  array_open, array_close      < >  map_open, map_close
 *      nTEXT; tTEXT; pTEXT; wTEXT;     name, text, plain, ready
 *      iNUMBER; rNUMBER;               integer, real
 *      0  null     +  true     -  false
 */
static const char *take(const char **script, size_t *len)
{
    const char *word = ++*script;

    *len = strcspn(word, ";");
    *script += *len;
    return word;
}

static void play(cs_writer_t *w, const char *script)
{
    const char *word;
    size_t len;

    for (; *script; script++) {
        switch (*script) {
        case '{':
            w->ops->open(w, "Type");
            break;
        case '}':
            w->ops->close(w);
            break;
        case '[':
            w->ops->array_open(w, "Item");
            break;
        case ']':
            w->ops->array_close(w);
            break;
        case '<':
            w->ops->map_open(w, "Entry");
            break;
        case '>':
            w->ops->map_close(w);
            break;
        case '0':
            w->ops->null(w);
            break;
        case '+':
            w->ops->boolean(w, 1);
            break;
        case '-':
            w->ops->boolean(w, 0);
            break;
        case 'n':
            word = take(&script, &len);
            w->ops->name(w, word, len);
            break;
        case 't':
            word = take(&script, &len);
            w->ops->text(w, word, len);
            break;
        case 'p':
            word = take(&script, &len);
            w->ops->plain(w, word, len);
            break;
        case 'w':
            word = take(&script, &len);
            w->ops->ready(w, word, len);
            break;
        case 'i':
            w->ops->integer(w, apr_atoi64(take(&script, &len)));
            break;
        case 'r':
            w->ops->real(w, strtod(take(&script, &len), NULL));
            break;
        default:
            printf("Bail out! no such call: %c\n", *script);
            exit(1);
        }
    }
}

static const struct {
    const char *script, *json;
} plays[] = {
    {"0", "null"},
    {"+", "true"},
    {"-", "false"},
    {"i0;", "0"},
    {"i-12;", "-12"},
    {"i9223372036854775807;", "9223372036854775807"},
    {"i-9223372036854775808;", "-9223372036854775808"},
    {"r0;", "0.0"},
    {"r-0;", "-0.0"},
    {"r1500;", "1500.0"},
    {"r59.9138688;", "59.9138688"},
    {"r1e-7;", "1e-07"},
    {"rinf;", "null"},
    {"r-inf;", "null"},
    {"rnan;", "null"},
    {"t;", "\"\""},
    {"ttext;", "\"text\""},
    {"p2024-07-01T12:00:00;", "\"2024-07-01T12:00:00\""},
    {"{}", "{}"},
    {"[]", "[]"},
    {"<>", "{}"},
    {"{na;i1;}", "{\"a\":1}"},
    {"{na;i1;nb;i2;}", "{\"a\":1,\"b\":2}"},
    {"{na;0nb;+nc;-nd;r1;ne;tx;nf;py;ng;{}nh;[]ni;<>}",
     "{\"a\":null,\"b\":true,\"c\":false,\"d\":1.0,\"e\":\"x\",\"f\":\"y\",\"g\":{},\"h\":[],\"i\":{}}"},
    {"[i1;i2;tx;0]", "[1,2,\"x\",null]"},
    {"[{}{}]", "[{},{}]"},
    {"[[][i1;]]", "[[],[1]]"},
    {"[{na;i1;}{nb;i2;}0]", "[{\"a\":1},{\"b\":2},null]"},
    {"{na;[i1;]nb;{nc;0}nd;i1;}", "{\"a\":[1],\"b\":{\"c\":null},\"d\":1}"},
    {"{na;{nb;{nc;{}}}}", "{\"a\":{\"b\":{\"c\":{}}}}"},
    {"<nSelf;thttps://host/a/1;nArchive;thttps://host/a;>",
     "{\"Self\":\"https://host/a/1\",\"Archive\":\"https://host/a\"}"},
    {"w{\"x\":1};", "{\"x\":1}"},
    {"{na;w[1,2];nb;w\"y\";}", "{\"a\":[1,2],\"b\":\"y\"}"},
    {"[w1;w2;]", "[1,2]"},
    {"{na\"\\;i1;}", "{\"a\\\"\\\\\":1}"},
    {"{n;i1;}", "{\"\":1}"},
};

static void test_plays(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(plays); i++) {
        cs_writer_t w = writer_on(pool);

        play(&w, plays[i].script);
        is(cs_buf_text(w.buf, pool), plays[i].json, "JSON-8: %s is written", plays[i].script);
    }
}

/* ---------------- escaping */

static const char *text_of(apr_pool_t *pool, const char *text, apr_size_t len)
{
    cs_writer_t w = writer_on(pool);

    w.ops->text(&w, text, len);
    return cs_buf_text(w.buf, pool);
}

static const struct {
    const char *text;
    apr_size_t len;
    const char *json;
} escaped[] = {
    {BYTES("\""), "\"\\\"\""},
    {BYTES("\\"), "\"\\\\\""},
    {BYTES("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
    {BYTES("\x01\x1F"), "\"\\u0001\\u001f\""},
    {BYTES("\0"), "\"\\u0000\""},
    {BYTES("a\0b"), "\"a\\u0000b\""},
    {BYTES("/"), "\"/\""},
    {BYTES("\x7F"), "\"\x7F\""},
    {BYTES("'<>&"), "\"'<>&\""},
    {BYTES("bl\xC3\xA5 \xF0\x9F\x98\x80"), "\"bl\xC3\xA5 \xF0\x9F\x98\x80\""},
    {BYTES("\xE2\x80\xA8"), "\"\xE2\x80\xA8\""},
    {BYTES("\"\"\""), "\"\\\"\\\"\\\"\""},
    {BYTES("a\"b\\c\nd"), "\"a\\\"b\\\\c\\nd\""},
    {BYTES("\"middle\""), "\"\\\"middle\\\"\""},
};

static void test_escaped(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(escaped); i++) {
        is(text_of(pool, escaped[i].text, escaped[i].len), escaped[i].json, "the text '%s' is escaped",
           escaped[i].text);
    }
}

/* Which bytes are written as they are, and that each text comes back from the decoder. */
static void test_every_byte(apr_pool_t *pool)
{
    int wrong = 0, lost = 0;

    for (int c = 1; c < 0x80; c++) {
        const char text[] = {'<', (char)c, '>', '\0'};
        const char *json = text_of(pool, text, 3);
        const cs_doc_t *doc = test_doc(test_ctx(pool), json);
        int plain = c >= 0x20 && c != '"' && c != '\\';

        wrong += (strlen(json) == 5) != plain;
        lost += strcmp(doc->text, text) != 0;
    }
    is_int(wrong, 0, "control characters, \" and \\ are escaped, nothing else");
    is_int(lost, 0, "every character comes back from the decoder");
}

static void test_long(apr_pool_t *pool)
{
    char *text = apr_palloc(pool, 100001);
    const cs_doc_t *doc;

    for (int i = 0; i < 100000; i++) {
        text[i] = "ab\"\\\ncd"[i % 7];
    }
    text[100000] = '\0';
    doc = test_doc(test_ctx(pool), text_of(pool, text, 100000));
    ok(strcmp(doc->text, text) == 0, "a long text with many escapes comes back whole");
}

/* ---------------- the buffer */

static void test_ready_is_linked(apr_pool_t *pool)
{
    cs_writer_t w = writer_on(pool);
    char *ready = apr_palloc(pool, 4000);
    int linked = 0;

    memset(ready, ' ', 4000);
    memcpy(ready, "[1", 2);
    ready[3999] = ']';
    w.ops->array_open(&w, "Item");
    w.ops->ready(&w, ready, 4000);
    w.ops->ready(&w, ready, 4000);
    w.ops->array_close(&w);
    for (const cs_piece_t *piece = w.buf->first; piece; piece = piece->next) {
        linked += piece->constant && piece->data == ready && piece->len == 4000;
    }
    is_int(linked, 2, "a long ready value is linked, not copied");
    is_int(test_doc(test_ctx(pool), cs_buf_text(w.buf, pool))->count, 2, "commas stand around linked values");
}

static void test_full(apr_pool_t *pool)
{
    cs_writer_t fits = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, 12)};
    cs_writer_t full = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, 11)};

    play(&fits, "{na;ttext;}");
    play(&full, "{na;ttext;}");
    is_int(fits.buf->full, 0, "what is as long as the ceiling fits");
    is(cs_buf_text(fits.buf, pool), "{\"a\":\"text\"}", "and is whole");
    is_int(full.buf->full, 1, "what is one byte longer leaves the buffer full");
}

/* Every byte at every place of a text around eight bytes: written as one byte alone is. */
static void test_places(apr_pool_t *parent)
{
    int wrong = 0;
    apr_pool_t *pool;

    apr_pool_create(&pool, parent);
    for (int c = 1; c < 256; c++) {
        for (size_t len = 1; len <= 20; len++) {
            for (size_t at = 0; at < len; at++) {
                cs_buf_t *alone = cs_buf_make(pool, 4096), *among = cs_buf_make(pool, 4096);
                cs_writer_t one = {.ops = &cs_json_writer, .buf = alone},
                            all = {.ops = &cs_json_writer, .buf = among};
                char text[20], expected[64];
                const char *code;

                memset(text, 'x', len);
                text[at] = (char)c;
                one.ops->text(&one, text + at, 1);
                all.ops->text(&all, text, len);
                code = cs_buf_text(alone, pool);
                memset(expected, 'x', sizeof(expected));
                expected[0] = '"';
                memcpy(expected + 1 + at, code + 1, strlen(code) - 2);
                expected[len + strlen(code) - 2] = '"';
                expected[len + strlen(code) - 1] = '\0';
                wrong += strcmp(cs_buf_text(among, pool), expected) != 0;
            }
        }
        apr_pool_clear(pool);
    }
    is_int(wrong, 0, "each byte is escaped or not, wherever it stands");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_plays(pool);
    test_escaped(pool);
    test_every_byte(pool);
    test_places(pool);
    test_long(pool);
    test_ready_is_linked(pool);
    test_full(pool);
    return done();
}
