/* t/unit/json_scan.c -- is this JSON?  The grammar of RFC 8259, what is refused beyond it, and where. */
#include "support.h"
#include "tap.h"
#include "wire/json_scan.h"

#include <apr_tables.h>

#define SYNTAX    "json.syntax"
#define ENCODING  "json.encoding"
#define DEPTH     "json.depth"
#define VALUES    "json.values"
#define DUPLICATE "json.duplicate"
#define NUL       "text.nul"

/* The offset that a message names last, or -1. */
static long offset_of(const cs_error_t *error)
{
    const char *found = NULL;

    for (const char *at = error->message; (at = strstr(at, "at byte ")); at++) {
        found = at;
    }
    return found ? atol(found + strlen("at byte ")) : -1;
}

/* A context of its own for each scan, so that limits and memory are the scan's. */
static cs_error_t *scan_within(apr_pool_t *pool, const char *text, apr_size_t len, int depth, int values)
{
    cs_limits_t *limits = apr_pcalloc(pool, sizeof(*limits));
    cs_ctx_t *cx = test_ctx(pool);

    limits->depth = depth;
    limits->values = values;
    cx->limits = limits;
    return cs_json_scan(cx, text, len, NULL);
}

static cs_error_t *scan(apr_pool_t *pool, const char *text, apr_size_t len)
{
    return scan_within(pool, text, len, 32, 20000);
}

/* ---------------- the grammar */

static const struct {
    const char *text;
    apr_size_t len;
} good[] = {
    {BYTES("null")},
    {BYTES("true")},
    {BYTES("false")},
    {BYTES("0")},
    {BYTES("-0")},
    {BYTES("-0.0")},
    {BYTES("7")},
    {BYTES("10")},
    {BYTES("1234567890")},
    {BYTES("-1")},
    {BYTES("0.5")},
    {BYTES("1.5e3")},
    {BYTES("1E3")},
    {BYTES("1e+3")},
    {BYTES("1e-3")},
    {BYTES("0e0")},
    {BYTES("0E-00")},
    {BYTES("1e99999")},
    {BYTES("123456789012345678901234567890123456789012345678901234567890")},
    {BYTES("\"\"")},
    {BYTES("\"a\"")},
    {BYTES("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u0041\"")},
    {BYTES("\"\\u00e5\\u00E5\"")},
    {BYTES("\"\\ud83d\\ude00\"")},
    {BYTES("\"\\uDBFF\\uDFFF\"")},
    {BYTES("\"\\uD800\\uDC00\"")},
    {BYTES("\"\\uFFFF\\uFFFE\\uFDD0\"")}, /* no characters, but code points */
    {BYTES("\"\x7F\"")},
    {BYTES("\"bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80\"")},
    {BYTES("\"'/*//<>\"")},
    {BYTES("[]")},
    {BYTES("{}")},
    {BYTES("[ ]")},
    {BYTES("{ }")},
    {BYTES("[1]")},
    {BYTES("[1,2]")},
    {BYTES("[[]]")},
    {BYTES("[[],{}]")},
    {BYTES("[null,true,false,0,\"\",[],{}]")},
    {BYTES("{\"a\":1}")},
    {BYTES("{\"a\":1,\"b\":2}")},
    {BYTES("{\"\":1}")},
    {BYTES("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}")},
    {BYTES("[{\"a\":1},{\"a\":1}]")},
    {BYTES("{\"a\":1,\"A\":2}")},
    {BYTES(" \t\r\n1 \t\r\n")},
    {BYTES(" [ 1 , 2 ] ")},
    {BYTES("\n{\r\"a\"\t:\n1 , \"b\" : [ ] }\n")},
    {BYTES("{\"\\u0061b\":1,\"ba\":2}")},
};

static void test_good(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(good); i++) {
        cs_error_t *error = scan(pool, good[i].text, good[i].len);

        is(error ? error->message : NULL, NULL, "'%s' is JSON", good[i].text);
    }
}

static const struct {
    const char *text;
    apr_size_t len;
    const char *code;
    long offset;
} bad[] = {
    {BYTES(""), SYNTAX, 0},
    {BYTES(" "), SYNTAX, 1},
    {BYTES("\n\t"), SYNTAX, 2},
    /* words */
    {BYTES("nul"), SYNTAX, 0},
    {BYTES("Null"), SYNTAX, 0},
    {BYTES("TRUE"), SYNTAX, 0},
    {BYTES("fals"), SYNTAX, 0},
    {BYTES("truee"), SYNTAX, 4},
    {BYTES("undefined"), SYNTAX, 0},
    {BYTES("NaN"), SYNTAX, 0},
    {BYTES("Infinity"), SYNTAX, 0},
    {BYTES("a"), SYNTAX, 0},
    {BYTES("[nul]"), SYNTAX, 1},
    /* numbers */
    {BYTES("-"), SYNTAX, 1},
    {BYTES("+1"), SYNTAX, 0},
    {BYTES("--1"), SYNTAX, 1},
    {BYTES("-a"), SYNTAX, 1},
    {BYTES("01"), SYNTAX, 1},
    {BYTES("-01"), SYNTAX, 2},
    {BYTES("00"), SYNTAX, 1},
    {BYTES("1."), SYNTAX, 2},
    {BYTES(".5"), SYNTAX, 0},
    {BYTES("-.5"), SYNTAX, 1},
    {BYTES("1.e1"), SYNTAX, 2},
    {BYTES("1e"), SYNTAX, 2},
    {BYTES("1e+"), SYNTAX, 3},
    {BYTES("1e-"), SYNTAX, 3},
    {BYTES("1e+-1"), SYNTAX, 3},
    {BYTES("1e1.5"), SYNTAX, 3},
    {BYTES("1ee1"), SYNTAX, 2},
    {BYTES("1.2.3"), SYNTAX, 3},
    {BYTES("0x10"), SYNTAX, 1},
    {BYTES("1_000"), SYNTAX, 1},
    {BYTES("1,5"), SYNTAX, 1},
    {BYTES("1 2"), SYNTAX, 2},
    {BYTES("-Infinity"), SYNTAX, 1},
    {BYTES("\xEF\xBC\x91"), SYNTAX, 0}, /* a digit of full width */
    /* strings */
    {BYTES("\""), SYNTAX, 1},
    {BYTES("\"a"), SYNTAX, 2},
    {BYTES("'a'"), SYNTAX, 0},
    {BYTES("\"a\nb\""), SYNTAX, 2},
    {BYTES("\"a\tb\""), SYNTAX, 2},
    {BYTES("\"\0\""), SYNTAX, 1},
    {BYTES("\"\x1F\""), SYNTAX, 1},
    {BYTES("\"\\\""), SYNTAX, 3},
    {BYTES("\"\\"), SYNTAX, 2},
    {BYTES("\"\\a\""), SYNTAX, 2},
    {BYTES("\"\\v\""), SYNTAX, 2},
    {BYTES("\"\\'\""), SYNTAX, 2},
    {BYTES("\"\\0\""), SYNTAX, 2},
    {BYTES("\"\\x41\""), SYNTAX, 2},
    {BYTES("\"\\\0\""), SYNTAX, 2},
    {BYTES("\"\\U0041\""), SYNTAX, 2},
    {BYTES("\"\\u\""), SYNTAX, 3},
    {BYTES("\"\\u004\""), SYNTAX, 6},
    {BYTES("\"\\u00G1\""), SYNTAX, 5},
    {BYTES("\"\\u{41}\""), SYNTAX, 3},
    {BYTES("\"\\u004"), SYNTAX, 6},
    {BYTES("\"a\" b"), SYNTAX, 4},
    {BYTES("\"a\"\"b\""), SYNTAX, 3},
    /* arrays */
    {BYTES("["), SYNTAX, 1},
    {BYTES("]"), SYNTAX, 0},
    {BYTES("[1"), SYNTAX, 2},
    {BYTES("[1,"), SYNTAX, 3},
    {BYTES("[1,]"), SYNTAX, 3},
    {BYTES("[,1]"), SYNTAX, 1},
    {BYTES("[,]"), SYNTAX, 1},
    {BYTES("[1,,2]"), SYNTAX, 3},
    {BYTES("[1 2]"), SYNTAX, 3},
    {BYTES("[1;2]"), SYNTAX, 2},
    {BYTES("[1:2]"), SYNTAX, 2},
    {BYTES("[1}"), SYNTAX, 2},
    {BYTES("[1]]"), SYNTAX, 3},
    {BYTES("[1],"), SYNTAX, 3},
    {BYTES("[\"a\":1]"), SYNTAX, 4},
    {BYTES("[1,...]"), SYNTAX, 3},
    /* objects */
    {BYTES("{"), SYNTAX, 1},
    {BYTES("}"), SYNTAX, 0},
    {BYTES("{\"a\""), SYNTAX, 4},
    {BYTES("{\"a\":"), SYNTAX, 5},
    {BYTES("{\"a\":1"), SYNTAX, 6},
    {BYTES("{\"a\":1,"), SYNTAX, 7},
    {BYTES("{\"a\":1,}"), SYNTAX, 7},
    {BYTES("{,\"a\":1}"), SYNTAX, 1},
    {BYTES("{\"a\"}"), SYNTAX, 4},
    {BYTES("{\"a\":}"), SYNTAX, 5},
    {BYTES("{\"a\" 1}"), SYNTAX, 5},
    {BYTES("{\"a\"::1}"), SYNTAX, 5},
    {BYTES("{\"a\",1}"), SYNTAX, 4},
    {BYTES("{\"a\"=1}"), SYNTAX, 4},
    {BYTES("{\"a\":1 \"b\":2}"), SYNTAX, 7},
    {BYTES("{\"a\":1;\"b\":2}"), SYNTAX, 6},
    {BYTES("{a:1}"), SYNTAX, 1},
    {BYTES("{'a':1}"), SYNTAX, 1},
    {BYTES("{1:1}"), SYNTAX, 1},
    {BYTES("{null:1}"), SYNTAX, 1},
    {BYTES("{[]:1}"), SYNTAX, 1},
    {BYTES("{\"a\":1]"), SYNTAX, 6},
    {BYTES("{\"a\":1}}"), SYNTAX, 7},
    {BYTES("{}{}"), SYNTAX, 2},
    {BYTES("{\"a\":1}#"), SYNTAX, 7},
    /* around it */
    {BYTES("\xEF\xBB\xBF{}"), SYNTAX, 0}, /* the decoder takes the byte-order mark off before */
    {BYTES("\xC2\xA0{}"), SYNTAX, 0},
    {BYTES("\x0C{}"), SYNTAX, 0},
    {BYTES("\x0B{}"), SYNTAX, 0},
    {BYTES("{}\0"), SYNTAX, 2},
    {BYTES("\0"), SYNTAX, 0},
    {BYTES("// c\n{}"), SYNTAX, 0},
    {BYTES("{}/* c */"), SYNTAX, 2},
    {BYTES("[1 /* c */]"), SYNTAX, 3},
    {BYTES("{\0\"\0a\0\"\0:\0"
           "1\0}\0"),
     SYNTAX, 1}, /* UTF-16 */
    /* UTF-8 */
    {BYTES("\"\xFF\""), ENCODING, 1},
    {BYTES("\"a\x80\""), ENCODING, 2},
    {BYTES("\"\xC3\""), ENCODING, 1},
    {BYTES("\"\xE5\""), ENCODING, 1},
    {BYTES("\"\xC0\xAF\""), ENCODING, 1},
    {BYTES("\"\xE0\x80\xAF\""), ENCODING, 1},
    {BYTES("\"\xED\xA0\xBD\xED\xB8\x80\""), ENCODING, 1},
    {BYTES("\"\xF4\x90\x80\x80\""), ENCODING, 1},
    {BYTES("\"\xF0\x9F\x98\""), ENCODING, 1},
    {BYTES("{\"\xFF\":1}"), ENCODING, 2},
    /* surrogates */
    {BYTES("\"\\uD800\""), ENCODING, 1},
    {BYTES("\"\\uDFFF\""), ENCODING, 1},
    {BYTES("\"ab\\ud83d\""), ENCODING, 3},
    {BYTES("\"\\uDE00\\uD83D\""), ENCODING, 1},
    {BYTES("\"\\uD83D\\uD83D\\uDE00\""), ENCODING, 1},
    {BYTES("\"\\uD83D\\u0041\""), ENCODING, 1},
    {BYTES("\"\\uD83D\\n     \""), ENCODING, 1},
    {BYTES("\"\\uD83Dxxxxxx\""), ENCODING, 1},
    {BYTES("\"\\uD83D\\uDE0\""), SYNTAX, 12},
    {BYTES("{\"\\uD800\":1}"), ENCODING, 2},
    /* U+0000 */
    {BYTES("\"\\u0000\""), NUL, 1},
    {BYTES("\"abc\\u0000def\""), NUL, 4},
    {BYTES("{\"a\\u0000\":1}"), NUL, 3},
    {BYTES("[1,\"\\u0000\"]"), NUL, 4},
    /* a name twice */
    {BYTES("{\"a\":1,\"a\":2}"), DUPLICATE, 7},
    {BYTES("{\"a\":1,\"a\":1}"), DUPLICATE, 7},
    {BYTES("{\"a\":1, \"b\":2 , \"a\":3}"), DUPLICATE, 16},
    {BYTES("{\"\":1,\"\":2}"), DUPLICATE, 6},
    {BYTES("{\"a\":1,\"\\u0061\":2}"), DUPLICATE, 7},
    {BYTES("{\"\\u0061\":1,\"a\":2}"), DUPLICATE, 12},
    {BYTES("{\"\\u00e5\":1,\"\\u00E5\":2}"), DUPLICATE, 12},
    {BYTES("{\"\xC3\xA5\":1,\"\\u00e5\":2}"), DUPLICATE, 8},
    {BYTES("{\"\xF0\x9F\x98\x80\":1,\"\\uD83D\\uDE00\":2}"), DUPLICATE, 10},
    {BYTES("{\"\xE2\x82\xAC\":1,\"\\u20AC\":2}"), DUPLICATE, 9},
    {BYTES("{\"/\":1,\"\\/\":2}"), DUPLICATE, 7},
    {BYTES("{\"\\n\":1,\"\\u000a\":2}"), DUPLICATE, 8},
    {BYTES("{\"\\\"\":1,\"\\u0022\":2}"), DUPLICATE, 8},
    {BYTES("{\"a\":{\"b\":1,\"b\":2}}"), DUPLICATE, 12},
    {BYTES("[{\"a\":1},{\"a\":1,\"a\":2}]"), DUPLICATE, 16},
    {BYTES("{\"a\":{\"a\":1},\"a\":2}"), DUPLICATE, 13},
    {BYTES("{\"a\":[{}],\"a\":2}"), DUPLICATE, 10},
};

static void test_bad(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(bad); i++) {
        cs_error_t *error = scan(pool, bad[i].text, bad[i].len);

        is(code_of(error), bad[i].code, "'%s' is refused", bad[i].text);
        if (error) {
            is_int(offset_of(error), bad[i].offset, "'%s': the message names the byte", bad[i].text);
        }
    }
}

static void test_messages(apr_pool_t *pool)
{
    cs_error_t *error = scan(pool, BYTES("{\"na\\u0009me\":1,\"na\\tme\":2}"));
    char *name = apr_palloc(pool, 1000);

    ok(error && strstr(error->message, "\"na?me\""), "the message names the name that stands twice, cleaned");
    memset(name, 'n', 999);
    name[999] = '\0';
    name = apr_psprintf(pool, "{\"%s\":1,\"%s\":2}", name, name);
    error = scan(pool, name, strlen(name));
    ok(error && strlen(error->message) < 300, "a long name is cut in the message");
    error = scan(pool, BYTES("[\x01]"));
    ok(error && strstr(error->message, "0x01"), "a byte that cannot be shown is named by its number");
    error = scan(pool, BYTES("[?]"));
    ok(error && strstr(error->message, "'?'"), "a byte that can be shown is shown");
}

/* ---------------- everything that is short */

static int is_space(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int is_digit(int c)
{
    return c >= '0' && c <= '9';
}

/* All JSON texts of two bytes. */
static int two_are_json(int a, int b)
{
    return (is_digit(a) && is_space(b)) || (is_space(a) && is_digit(b)) ||
           (is_digit(a) && a != '0' && is_digit(b)) || (a == '-' && is_digit(b)) || (a == '[' && b == ']') ||
           (a == '{' && b == '}') || (a == '"' && b == '"');
}

static void test_short(apr_pool_t *pool)
{
    int one = 0, two = 0, in_string = 0, escaped = 0;
    apr_pool_t *scratch = NULL;

    apr_pool_create(&scratch, pool);
    for (int a = 0; a < 256; a++) {
        const char alone[] = {(char)a};
        const char quoted[] = {'"', (char)a, '"'};
        const char behind[] = {'"', '\\', (char)a, '"'};
        int plain = a >= 0x20 && a < 0x80 && a != '"' && a != '\\';
        int letter = a && strchr("\"\\/bfnrt", a);

        one += (scan(scratch, alone, 1) == NULL) != is_digit(a);
        in_string += (scan(scratch, quoted, 3) == NULL) != plain;
        escaped += (scan(scratch, behind, 4) == NULL) != letter;
        for (int b = 0; b < 256; b++) {
            const char both[] = {(char)a, (char)b};

            two += (scan(scratch, both, 2) == NULL) != two_are_json(a, b);
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
    is_int(one, 0, "of the texts of one byte only the digits are JSON");
    is_int(two, 0, "of the texts of two bytes only those are JSON that the grammar makes");
    is_int(in_string, 0, "of the single bytes only 0x20 to 0x7F but \" and \\ stand in a string as they are");
    is_int(escaped, 0, "after a backslash eight letters and u stand, nothing else");
}

static void test_cut(apr_pool_t *pool)
{
    static const char whole[] =
        "{\"a\\u00e5\\ud83d\\ude00\":[1.5e-3,true,null,{\"b\":\"\xE2\x82\xAC\"},[]],\"c\":{}}";
    int accepted = 0;

    is(code_of(scan(pool, whole, sizeof(whole) - 1)), "", "a text with a bit of everything is JSON");
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        char *alone = malloc(len ? len : 1);

        if (!alone) {
            abort();
        }
        memcpy(alone, whole, len); /* alone, so that a sanitizer sees a read beyond it */
        accepted += scan(pool, alone, len) == NULL;
        free(alone);
    }
    is_int(accepted, 0, "none of its beginnings is");
}

/* ---------------- limits */

static const char *nested(apr_pool_t *pool, int depth, const char *open, const char *inner, const char *close)
{
    size_t open_len = strlen(open), close_len = strlen(close);
    char *text = apr_palloc(pool, (size_t)depth * (open_len + close_len) + strlen(inner) + 1);
    char *at = text;

    for (int i = 0; i < depth; i++, at += open_len) {
        memcpy(at, open, open_len + 1);
    }
    at = apr_cpystrn(at, inner, strlen(inner) + 1);
    for (int i = 0; i < depth; i++, at += close_len) {
        memcpy(at, close, close_len + 1);
    }
    return text;
}

static void test_depth(apr_pool_t *pool)
{
    static const int limits[] = {1, 2, 4, 32, 500};
    static const char *const shapes[][3] = {
        {"[", "", "]"}, {"[", "1", "]"}, {"{\"a\":", "1", "}"}, {"[{\"a\":", "1", "}]"}, {"[[],", "0", "]"},
    };

    for (size_t i = 0; i < COUNT(limits); i++) {
        for (size_t j = 0; j < COUNT(shapes); j++) {
            int per_turn = j == 3 ? 2 : 1;
            int siblings = j == 4; /* the empty array beside the inner value is one deeper */
            int turns = (limits[i] - siblings) / per_turn;
            const char *fits = nested(pool, turns, shapes[j][0], shapes[j][1], shapes[j][2]);
            const char *beyond = nested(pool, turns + 1, shapes[j][0], shapes[j][1], shapes[j][2]);
            cs_error_t *error = scan_within(pool, fits, strlen(fits), limits[i], 20000);

            is(error ? error->message : NULL, NULL, "%s...%s nested %d deep is within a limit of %d",
               shapes[j][0], shapes[j][2], turns * per_turn, limits[i]);
            error = scan_within(pool, beyond, strlen(beyond), limits[i], 20000);
            is(code_of(error), DEPTH, "%s...%s nested once more is not", shapes[j][0], shapes[j][2]);
        }
    }
}

static void test_depth_offset(apr_pool_t *pool)
{
    const char *deep = nested(pool, 100000, "[", "", "");
    cs_error_t *error = scan(pool, deep, strlen(deep));

    is(code_of(error), DEPTH, "a hundred thousand brackets are too deep");
    is_int(error ? offset_of(error) : -1, 32, "the message names the bracket that is too deep");
    error = scan_within(pool, BYTES("[[1],[2],[3],[[4]]]"), 2, 20000);
    is_int(error ? offset_of(error) : -1, 14, "what is closed again does not count");
}

static const struct {
    const char *text;
    int values;
} counted[] = {
    {"1", 1},
    {"[]", 1},
    {"[1]", 2},
    {"[1,2,3]", 4},
    {"{\"a\":1}", 2},
    {"[[],[],{}]", 4},
    {"{\"a\":{\"b\":[1,\"c\"]}}", 5},
};

static void test_values(apr_pool_t *pool)
{
    int unnamed = 0;

    for (size_t i = 0; i < COUNT(counted); i++) {
        size_t len = strlen(counted[i].text);
        cs_error_t *error = scan_within(pool, counted[i].text, len, 32, counted[i].values);

        is(error ? error->message : NULL, NULL, "%s holds %d values", counted[i].text, counted[i].values);
        error = scan_within(pool, counted[i].text, len, 32, counted[i].values - 1);
        is(code_of(error), VALUES, "%s holds more than %d values", counted[i].text, counted[i].values - 1);
        unnamed += !error || offset_of(error) < 0;
    }
    is_int(unnamed, 0, "the message names the byte of the value that is too many");
}

/* ---------------- the numbers */

static const struct {
    const char *text;
    const char *numbers; /* as they stand, a bar between them */
} numbered[] = {
    {"null", ""},
    {"\"1\"", ""},
    {"0", "0"},
    {" -1.50e+3 ", "-1.50e+3"},
    {"[1,2,[3,{\"a\":4,\"5\":6}],-0]", "1|2|3|4|6|-0"},
    {"{\"a\":18446744073709551616,\"b\":[1E400]}", "18446744073709551616|1E400"},
    {"[1,true,\"2\",null,3]", "1|3"},
};

static void test_numbers(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(numbered); i++) {
        apr_array_header_t *numbers = NULL;
        const char *list = "";

        is(code_of(cs_json_scan(test_ctx(pool), numbered[i].text, strlen(numbered[i].text), &numbers)), "",
           "%s is JSON", numbered[i].text);
        for (int j = 0; numbers && j < numbers->nelts; j++) {
            const cs_json_number_t *number = &APR_ARRAY_IDX(numbers, j, cs_json_number_t);

            list =
                apr_pstrcat(pool, list, j ? "|" : "", apr_pstrmemdup(pool, number->text, number->len), NULL);
        }
        is(list, numbered[i].numbers, "%s: its numbers, as they stand and in their order", numbered[i].text);
    }
}

/* An object with so many names, and then one that it has already, or -1: one more. */
static const char *with_names(apr_pool_t *pool, int count, int again)
{
    const char *text = "{";

    for (int i = 0; i < count; i++) {
        text = apr_psprintf(pool, "%s\"n%d\":{\"n%d\":1},", text, i, i);
    }
    return apr_psprintf(pool, "%s\"n%d\":0}", text, again < 0 ? count : again);
}

/* Few names are told apart in another way than many. */
static void test_many_names(apr_pool_t *pool)
{
    int accepted = 0, found = 0, all = 0;

    for (int count = 1; count < 60; count++) {
        const char *text = with_names(pool, count, -1);

        accepted += scan(pool, text, strlen(text)) == NULL;
        for (int again = 0; again < count; again++, all++) {
            text = with_names(pool, count, again);
            found += strcmp(code_of(scan(pool, text, strlen(text))), DUPLICATE) == 0;
        }
    }
    is_int(accepted, 59, "objects of 2 to 60 names are JSON");
    is_int(found, all, "and whichever of them stands twice is found");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_good(pool);
    test_bad(pool);
    test_messages(pool);
    test_short(pool);
    test_cut(pool);
    test_depth(pool);
    test_depth_offset(pool);
    test_values(pool);
    test_numbers(pool);
    test_many_names(pool);
    return done();
}
