/* t/unit/text.c -- UTF-8, ASCII and numbers as text. */
#include "base/num.h"
#include "base/text.h"
#include "support.h"
#include "tap.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* ---------------- UTF-8 */

static const struct {
    const char *bytes;
    apr_size_t len;
    apr_size_t step;
    const char *what;
} steps[] = {
    {BYTES("a"), 1, "an ASCII letter"},
    {BYTES("\0"), 1, "U+0000 as one byte"},
    {BYTES("\x7F"), 1, "the last ASCII character"},
    {BYTES("\xC2\x80"), 2, "the first of two bytes"},
    {BYTES("\xDF\xBF"), 2, "the last of two bytes"},
    {BYTES("\xE0\xA0\x80"), 3, "the first of three bytes"},
    {BYTES("\xED\x9F\xBF"), 3, "the last before the surrogates"},
    {BYTES("\xEE\x80\x80"), 3, "the first after the surrogates"},
    {BYTES("\xEF\xBF\xBF"), 3, "U+FFFF, which is a code point all the same"},
    {BYTES("\xF0\x90\x80\x80"), 4, "the first of four bytes"},
    {BYTES("\xF4\x8F\xBF\xBF"), 4, "U+10FFFF"},
    {BYTES("\xE2\x82\xAC!"), 3, "what follows the sequence does not matter"},
    {BYTES(""), 0, "nothing"},
    {BYTES("\x80"), 0, "a lone continuation byte"},
    {BYTES("\xBF\x80"), 0, "two continuation bytes"},
    {BYTES("\xC0\x80"), 0, "U+0000 in two bytes"},
    {BYTES("\xC1\xBF"), 0, "U+007F in two bytes"},
    {BYTES("\xE0\x80\x80"), 0, "U+0000 in three bytes"},
    {BYTES("\xE0\x9F\xBF"), 0, "U+07FF in three bytes"},
    {BYTES("\xED\xA0\x80"), 0, "the first surrogate"},
    {BYTES("\xED\xBF\xBF"), 0, "the last surrogate"},
    {BYTES("\xF0\x8F\xBF\xBF"), 0, "U+FFFF in four bytes"},
    {BYTES("\xF4\x90\x80\x80"), 0, "U+110000"},
    {BYTES("\xF5\x80\x80\x80"), 0, "a first byte that no sequence has"},
    {BYTES("\xFE"), 0, "0xFE"},
    {BYTES("\xFF\xFF"), 0, "0xFF"},
    {BYTES("\xC3"), 0, "a sequence of two cut after one"},
    {BYTES("\xE2\x82"), 0, "a sequence of three cut after two"},
    {BYTES("\xE2"), 0, "a sequence of three cut after one"},
    {BYTES("\xF0\x9F\x98"), 0, "a sequence of four cut after three"},
    {BYTES("\xC3\x28"), 0, "a second byte that is ASCII"},
    {BYTES("\xE2\x28\xAC"), 0, "a second of three that is ASCII"},
    {BYTES("\xE2\x82\xC3"), 0, "a third byte that begins another sequence"},
    {BYTES("\xF0\x9F\x98\x2D"), 0, "a fourth byte that is ASCII"},
};

/* The bytes stand alone in memory of their own size, so that a sanitizer sees a read beyond them. */
static void test_steps(void)
{
    for (size_t i = 0; i < COUNT(steps); i++) {
        char *alone = malloc(steps[i].len ? steps[i].len : 1);

        if (!alone) {
            abort();
        }
        memcpy(alone, steps[i].bytes, steps[i].len);
        is_int((long long)cs_utf8_step(alone, steps[i].len), (long long)steps[i].step, "a step over %s",
               steps[i].what);
        free(alone);
    }
}

static apr_size_t put_code(unsigned code, unsigned char *out)
{
    if (code < 0x80) {
        out[0] = (unsigned char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (unsigned char)(0xC0 | code >> 6);
        out[1] = (unsigned char)(0x80 | (code & 63));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (unsigned char)(0xE0 | code >> 12);
        out[1] = (unsigned char)(0x80 | (code >> 6 & 63));
        out[2] = (unsigned char)(0x80 | (code & 63));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | code >> 18);
    out[1] = (unsigned char)(0x80 | (code >> 12 & 63));
    out[2] = (unsigned char)(0x80 | (code >> 6 & 63));
    out[3] = (unsigned char)(0x80 | (code & 63));
    return 4;
}

static void test_every_code_point(void)
{
    unsigned wrong = 0, surrogates = 0;

    for (unsigned code = 0; code <= 0x10FFFF; code++) {
        unsigned char bytes[4];
        apr_size_t len = put_code(code, bytes);
        apr_size_t step = cs_utf8_step((const char *)bytes, len);

        if (code >= 0xD800 && code <= 0xDFFF) {
            surrogates += step == 0;
        }
        else {
            wrong += step != len;
        }
        /* One byte too few is never enough. */
        wrong += cs_utf8_step((const char *)bytes, len - 1) != 0;
    }
    is_int(wrong, 0, "every code point but the surrogates is one step");
    is_int(surrogates, 0x800, "no surrogate is a step");
}

/* Judged the other way round: by the value that the bits give, not by ranges of bytes. */
static apr_size_t step_by_value(const unsigned char *s)
{
    apr_size_t len = s[0] < 0x80             ? 1
                     : (s[0] & 0xE0) == 0xC0 ? 2
                     : (s[0] & 0xF0) == 0xE0 ? 3
                     : (s[0] & 0xF8) == 0xF0 ? 4
                                             : 0;
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned code = len > 1 ? s[0] & (0x7FU >> len) : s[0];

    for (apr_size_t i = 1; i < len; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (s[i] & 63);
    }
    return len && code >= smallest[len] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF) ? len : 0;
}

static void test_every_beginning(void)
{
    static const unsigned char tails[] = {0x00, 0x41, 0x7F, 0x80, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF};
    unsigned long wrong = 0;

    for (unsigned pair = 0; pair < 0x10000; pair++) {
        for (size_t i = 0; i < COUNT(tails); i++) {
            for (size_t j = 0; j < COUNT(tails); j++) {
                unsigned char s[4] = {(unsigned char)(pair >> 8), (unsigned char)pair, tails[i], tails[j]};

                wrong += cs_utf8_step((const char *)s, 4) != step_by_value(s);
            }
        }
    }
    is_int((long long)wrong, 0, "every pair of first bytes is judged as its value says");
}

static const struct {
    const char *bytes;
    apr_size_t len;
    int valid;
    apr_size_t chars;
} texts[] = {
    {BYTES(""), 1, 0},
    {BYTES("abc"), 1, 3},
    {BYTES("a\0b"), 1, 3},
    {BYTES("bl\xC3\xA5 \xE2\x82\xAC \xF0\x9F\x98\x80"), 1, 7},
    {BYTES("\xC3\xA5\xC3\xA5\xC3\xA5"), 1, 3},
    {BYTES("abc\xC3"), 0, 0},
    {BYTES("\xC3\xA5\xA5"), 0, 0},
    {BYTES("abc\xFF"), 0, 0},
    {BYTES("\xE5"), 0, 0},
    {BYTES("ok until \xED\xA0\xBD\xED\xB8\x80"), 0, 0},
};

static void test_texts(void)
{
    for (size_t i = 0; i < COUNT(texts); i++) {
        apr_size_t chars = 4711;

        is_int(cs_utf8_valid(texts[i].bytes, texts[i].len, &chars), texts[i].valid, "'%s' is %s UTF-8",
               texts[i].bytes, texts[i].valid ? "well-formed" : "no");
        if (texts[i].valid) {
            is_int((long long)chars, (long long)texts[i].chars, "'%s' has %d characters", texts[i].bytes,
                   (int)texts[i].chars);
        }
        is_int(cs_utf8_valid(texts[i].bytes, texts[i].len, NULL), texts[i].valid,
               "'%s' is judged the same without a count", texts[i].bytes);
    }
}

/* ---------------- ASCII */

static const struct {
    const char *a;
    apr_size_t a_len;
    const char *b;
    apr_size_t b_len;
    int same;
} pairs[] = {
    {BYTES(""), BYTES(""), 1},
    {BYTES("TopicId"), BYTES("topicid"), 1},
    {BYTES("AZ[]az"), BYTES("az[]AZ"), 1},
    {BYTES("a\0B"), BYTES("A\0b"), 1},
    {BYTES("TopicId"), BYTES("TopicI"), 0},
    {BYTES("TopicI"), BYTES("TopicId"), 0},
    {BYTES("TopicId"), BYTES("TopicIe"), 0},
    {BYTES("a\0b"), BYTES("a\0c"), 0},
    {BYTES("["), BYTES("{"), 0},
    {BYTES("@"), BYTES("`"), 0},
    {BYTES("\xC3\x85"), BYTES("\xC3\xA5"), 0},
    {BYTES("K"), BYTES("\xE2\x84\xAA"), 0},
    {BYTES("i"), BYTES("\xC4\xB0"), 0},
};

static void test_same(void)
{
    for (size_t i = 0; i < COUNT(pairs); i++) {
        is_int(cs_text_same(pairs[i].a, pairs[i].a_len, pairs[i].b, pairs[i].b_len), pairs[i].same,
               "'%s' and '%s' are %s but for the case of ASCII letters", pairs[i].a, pairs[i].b,
               pairs[i].same ? "the same" : "different");
    }
}

static const struct {
    const char *text;
    apr_size_t len, max;
    const char *clean;
} dirty[] = {
    {BYTES(""), 10, ""},
    {BYTES("plain"), 10, "plain"},
    {BYTES("plain"), 5, "plain"},
    {BYTES("bl\xC3\xA5"), 10, "bl\xC3\xA5"},
    {BYTES("\xC2\xA0"), 10, "\xC2\xA0"},
    {BYTES("a\nb\rc\td"), 10, "a?b?c?d"},
    {BYTES("a\0b"), 10, "a?b"},
    {BYTES("\x01\x1F\x7F"), 10, "???"},
    {BYTES("\x1B[31mred"), 20, "?[31mred"},
    {BYTES("a\xC2\x85z"), 10, "a?z"}, /* U+0085, a line end for some terminals */
    {BYTES("\xC2\x80\xC2\x9F"), 10, "??"},
    {BYTES("a\xFFz"), 10, "a?z"},
    {BYTES("a\xC3"), 10, "a?"},
    {BYTES("\xED\xA0\x80"), 10, "???"},
    {BYTES("plain"), 4, "plai..."},
    {BYTES("plain"), 0, "..."},
    {BYTES("\n\n\n"), 2, "??..."},
    {BYTES(""), 0, ""},
};

static void test_clean(apr_pool_t *pool)
{
    const char *cut;

    for (size_t i = 0; i < COUNT(dirty); i++) {
        is(cs_text_clean(pool, dirty[i].text, dirty[i].len, dirty[i].max), dirty[i].clean,
           "'%s' cleaned to at most %d bytes", dirty[i].text, (int)dirty[i].max);
    }
    cut = cs_text_clean(pool, BYTES("abc\xF0\x9F\x98\x80xyz"), 5);
    ok(cs_utf8_valid(cut, strlen(cut), NULL), "a text cut within a character is still UTF-8");
    ok(strncmp(cut, "abc", 3) == 0 && strcmp(cut + strlen(cut) - 3, "...") == 0,
       "a text cut within a character keeps what stands before it and ends in dots");
}

/* ---------------- integers */

static const struct {
    const char *text;
    apr_size_t len;
    int fits;
    apr_int64_t number;
} integers[] = {
    {BYTES("0"), 1, 0},
    {BYTES("-0"), 1, 0},
    {BYTES("+7"), 1, 7},
    {BYTES("007"), 1, 7},
    {BYTES("-2147483649"), 1, -APR_INT64_C(2147483649)},
    {BYTES("9223372036854775807"), 1, APR_INT64_C(9223372036854775807)},
    {BYTES("-9223372036854775808"), 1, -APR_INT64_C(9223372036854775807) - 1},
    {BYTES("00000000000000000000000000000000001"), 1, 1},
    {BYTES("9223372036854775808"), 0, 0},
    {BYTES("-9223372036854775809"), 0, 0},
    {BYTES("92233720368547758070"), 0, 0},
    {BYTES("99999999999999999999999999999999999"), 0, 0},
    {BYTES(""), 0, 0},
    {BYTES("-"), 0, 0},
    {BYTES("+"), 0, 0},
    {BYTES("--1"), 0, 0},
    {BYTES("-+1"), 0, 0},
    {BYTES("1-"), 0, 0},
    {BYTES(" 1"), 0, 0},
    {BYTES("1 "), 0, 0},
    {BYTES("1.0"), 0, 0},
    {BYTES("1e3"), 0, 0},
    {BYTES("0x10"), 0, 0},
    {BYTES("1,000"), 0, 0},
    {BYTES("1\0"), 0, 0},
    {BYTES("\xD9\xA1"), 0, 0}, /* a digit, but not one of ours */
};

static void test_integers(void)
{
    for (size_t i = 0; i < COUNT(integers); i++) {
        apr_int64_t number = 4711;
        int fits = cs_text_integer(integers[i].text, integers[i].len, &number);

        is_int(fits, integers[i].fits, "'%s' is %s integer", integers[i].text,
               integers[i].fits ? "an" : "no");
        if (integers[i].fits) {
            is_int(number, integers[i].number, "'%s' is read as it is written", integers[i].text);
        }
    }
    is_int(cs_text_integer("12345", 3, &(apr_int64_t){0}), 1, "only the given length is read");
}

static const struct {
    apr_int64_t number;
    const char *text;
} printed_integers[] = {
    {0, "0"},
    {-1, "-1"},
    {9, "9"},
    {10, "10"},
    {-2147483648LL, "-2147483648"},
    {APR_INT64_C(9223372036854775807), "9223372036854775807"},
    {-APR_INT64_C(9223372036854775807) - 1, "-9223372036854775808"},
};

static void test_print_integers(apr_pool_t *pool)
{
    char out[CS_NUM_MAX];

    for (size_t i = 0; i < COUNT(printed_integers); i++) {
        apr_size_t len = cs_num_print_int(out, printed_integers[i].number);

        is(apr_pstrmemdup(pool, out, len), printed_integers[i].text, "the integer %s is printed",
           printed_integers[i].text);
    }
}

/* ---------------- reals */

static const struct {
    double number;
    const char *text;
} reals[] = {
    {0.0, "0.0"},
    {-0.0, "-0.0"},
    {1.0, "1.0"},
    {-1.0, "-1.0"},
    {1500.0, "1500.0"},
    {0.5, "0.5"},
    {0.1, "0.1"},
    {-0.1, "-0.1"},
    {59.9138688, "59.9138688"},
    {26635.865999999998, "26635.865999999998"},
    {0.1 + 0.2, "0.30000000000000004"},
    {1.0 / 3.0, "0.33333333333333331"},
    {100000.0, "100000.0"},
    {123456789012345.0, "123456789012345.0"},
    {999999999999999.0, "999999999999999.0"},
    {1234567890123456.0, "1234567890123456.0"},
    {9007199254740993.0, "9007199254740992.0"},
    {0.0001, "0.0001"},
    /* An exponent says itself that it is no integer's text: nothing is added. */
    {0.00001, "1e-05"},
    {1e15, "1e+15"},
    {1e21, "1e+21"},
    {1e300, "1e+300"},
    {1.5e-7, "1.5e-07"},
    {DBL_MAX, "1.7976931348623157e+308"},
    {-DBL_MAX, "-1.7976931348623157e+308"},
    {DBL_MIN, "2.2250738585072014e-308"},
    {DBL_TRUE_MIN, "4.94065645841247e-324"},
    {INFINITY, ""},
    {-INFINITY, ""},
    {NAN, ""},
    {-NAN, ""},
};

static void test_reals(apr_pool_t *pool, const char *where)
{
    for (size_t i = 0; i < COUNT(reals); i++) {
        char out[CS_NUM_MAX];
        apr_size_t len = cs_num_print_real(out, reals[i].number);

        is(apr_pstrmemdup(pool, out, len), reals[i].text, "JSON-3, XML-7: the real '%s' is printed%s",
           reals[i].text, where);
    }
}

/* Whether `text` is a JSON number; the scan is tested elsewhere, so the grammar is written once more. */
static int is_json_number(const char *text)
{
    text += *text == '-';
    text += *text == '0' ? 1 : strspn(text, "0123456789");
    if (*text == '.') {
        size_t digits = strspn(++text, "0123456789");

        text += digits ? digits : 1000;
    }
    if (*text == 'e') {
        text += text[1] == '+' || text[1] == '-' ? 2 : 1;
        text += strspn(text, "0123456789");
    }
    return *text == '\0';
}

static size_t digits_of(const char *text)
{
    size_t count = 0;

    text += strspn(text, "-0.");
    for (; *text && *text != 'e'; text++) {
        count += *text != '.';
    }
    return count;
}

/* Numbers of every size from a fixed seed: the same on every run. */
static void test_many_reals(void)
{
    apr_uint64_t state = 88172645463325252ULL;
    int unequal = 0, malformed = 0, too_long = 0, not_shortest = 0;

    for (int i = 0; i < 200000; i++) {
        char out[CS_NUM_MAX], fifteen[CS_NUM_MAX];
        double number;
        apr_size_t len;

        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        if (i % 2) {
            number = (double)(apr_int64_t)(state >> 20) / 1000.0;
        }
        else {
            memcpy(&number, &state, sizeof(number));
        }
        if (!isfinite(number)) {
            continue;
        }
        len = cs_num_print_real(out, number);
        if (len >= sizeof(out)) {
            too_long++;
            continue;
        }
        out[len] = '\0';
        snprintf(fifteen, sizeof(fifteen), "%.15g", number);
        malformed += !is_json_number(out);
        unequal += memcmp(&number, &(double){strtod(out, NULL)}, sizeof(number)) != 0;
        if (memcmp(&number, &(double){strtod(fifteen, NULL)}, sizeof(number)) == 0) {
            not_shortest += digits_of(out) > 16; /* fifteen, and the zero of ".0" */
        }
    }
    is_int(unequal, 0, "every real reads back as itself");
    is_int(malformed, 0, "every real is a JSON number");
    is_int(too_long, 0, "every real fits CS_NUM_MAX with its end");
    is_int(not_shortest, 0, "17 digits are used only where 15 do not do");
}

/* Those with few decimals have a way of their own, which must say what printf would. */
static void test_decimals(void)
{
    apr_uint64_t state = 88172645463325252ULL;
    double power = 1;
    int other = 0;

    for (int decimals = 0; decimals <= 8; decimals++, power *= 10) {
        for (int i = 0; i < 20000; i++) {
            char out[CS_NUM_MAX], expected[64];
            double number;

            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            number = (double)((apr_int64_t)state >> (13 + i % 50)) / power;
            out[cs_num_print_real(out, number)] = '\0';
            snprintf(expected, sizeof(expected), "%.15g", number);
            if (memcmp(&number, &(double){strtod(expected, NULL)}, sizeof(number)) != 0) {
                snprintf(expected, sizeof(expected), "%.17g", number);
            }
            strcat(expected, strpbrk(expected, ".e") ? "" : ".0");
            other += strcmp(out, expected) != 0;
        }
    }
    is_int(other, 0, "JSON-3: decimals are printed as printf prints them");
}

static void test_reals_elsewhere(apr_pool_t *pool, const char *point, const char *called)
{
    const char *name = test_numeric_locale(point);

    if (!name) {
        skip(apr_psprintf(pool, "no locale with a %s is installed", called));
        return;
    }
    test_reals(pool, apr_psprintf(pool, " under %s", name));
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_steps();
    test_every_code_point();
    test_every_beginning();
    test_texts();
    test_same();
    test_clean(pool);
    test_integers();
    test_print_integers(pool);
    test_reals(pool, "");
    test_many_reals();
    test_decimals();
    test_reals_elsewhere(pool, ",", "decimal comma");
    test_reals_elsewhere(pool, "\xD9\xAB", "decimal point of two bytes");
    return done();
}
