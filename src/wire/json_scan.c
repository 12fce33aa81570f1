#include "wire/json_scan.h"

#include "base/hash.h"
#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/*      value   = "false" / "null" / "true" / object / array / number / string
 *      object  = "{" [ member *( "," member ) ] "}"        member = string ":" value
 *      array   = "[" [ value *( "," value ) ] "]"
 *      number  = [ "-" ] ( "0" / NONZERO *DIGIT ) [ "." 1*DIGIT ] [ ( "e" / "E" ) [ "+" / "-" ] 1*DIGIT ]
 *      string  = DQUOTE *( UNESCAPED / "\" ( DQUOTE / "\" / "/" / b / f / n / r / t / "u" 4HEXDIG ) ) DQUOTE
 *
 * White space (space, tab, line feed, carriage return) may stand around every token.  The stack of open
 * brackets is an array of its own, so a deep document costs no C stack. */

#define FEW 24 /* names that are compared with each other; of more there is a table */

typedef struct name_t {
    const char *text;
    apr_size_t len;
} name_t;

typedef struct level_t {
    char bracket;      /* '{' or '[' */
    int count;         /* names of this object so far */
    name_t *few;       /* the first of them; NULL before the first */
    apr_hash_t *names; /* all of them, once they are more than a few */
} level_t;

typedef struct scan_t {
    cs_ctx_t *cx;
    apr_pool_t *scratch; /* gone when the scan is done */
    const char *bytes, *at, *end;
    level_t *levels;
    int depth;
    int values;
    apr_array_header_t *numbers; /* cs_json_number_t */
} scan_t;

static cs_error_t *fault(const scan_t *scan, cs_code_t code, const char *at, const char *what)
{
    return cs_error_make(scan->cx->pool, code, NULL, "%s at byte %" APR_SIZE_T_FMT, what,
                         (apr_size_t)(at - scan->bytes));
}

static cs_error_t *unexpected(const scan_t *scan, const char *wanted)
{
    unsigned char c;

    if (scan->at == scan->end) {
        return fault(scan, CS_E_JSON_SYNTAX, scan->at,
                     apr_psprintf(scan->cx->pool, "the text ends where %s should be", wanted));
    }
    c = (unsigned char)*scan->at;
    return fault(scan, CS_E_JSON_SYNTAX, scan->at,
                 c > 0x20 && c < 0x7F
                     ? apr_psprintf(scan->cx->pool, "'%c' stands where %s should be", c, wanted)
                     : apr_psprintf(scan->cx->pool, "byte 0x%02X stands where %s should be", c, wanted));
}

static void skip_space(scan_t *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\t' || *scan->at == '\n' || *scan->at == '\r')) {
        scan->at++;
    }
}

static int next_is(const scan_t *scan, char c)
{
    return scan->at < scan->end && *scan->at == c;
}

static int next_is_digit(const scan_t *scan)
{
    return scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9';
}

static int take(scan_t *scan, char c)
{
    if (!next_is(scan, c)) {
        return 0;
    }
    scan->at++;
    return 1;
}

/* ---------------- strings */

/* The four digits after "\u". */
static cs_error_t *scan_hex(scan_t *scan, unsigned *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = scan->at < scan->end ? cs_text_hex(*scan->at) : -1;

        if (digit < 0) {
            return unexpected(scan, "a hexadecimal digit");
        }
        *unit = *unit << 4 | (unsigned)digit;
        scan->at++;
    }
    return NULL;
}

static char *put_utf8(char *out, unsigned code)
{
    if (code < 0x80) {
        *out++ = (char)code;
    }
    else if (code < 0x800) {
        *out++ = (char)(0xC0 | code >> 6);
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    else if (code < 0x10000) {
        *out++ = (char)(0xE0 | code >> 12);
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    else {
        *out++ = (char)(0xF0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3F));
        *out++ = (char)(0x80 | (code >> 6 & 0x3F));
        *out++ = (char)(0x80 | (code & 0x3F));
    }
    return out;
}

/* \uXXXX, or the pair of them that a character beyond U+FFFF needs. */
static cs_error_t *scan_unicode(scan_t *scan, const char *start, unsigned *code)
{
    unsigned low;

    CS_TRY(scan_hex(scan, code));
    if (*code == 0) {
        return fault(scan, CS_E_TEXT_NUL, start, "a text holds U+0000, which cannot be stored,");
    }
    if (*code < 0xD800 || *code > 0xDFFF) {
        return NULL;
    }
    if (*code > 0xDBFF || scan->end - scan->at < 6 || scan->at[0] != '\\' || scan->at[1] != 'u') {
        return fault(scan, CS_E_JSON_ENCODING, start, "half of a surrogate pair stands");
    }
    scan->at += 2;
    CS_TRY(scan_hex(scan, &low));
    if (low < 0xDC00 || low > 0xDFFF) {
        return fault(scan, CS_E_JSON_ENCODING, start, "half of a surrogate pair stands");
    }
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return NULL;
}

/* After a backslash. */
static cs_error_t *scan_escape(scan_t *scan, const char *start, unsigned *code)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *letter;

    if (take(scan, 'u')) {
        return scan_unicode(scan, start, code);
    }
    letter = scan->at < scan->end && *scan->at ? strchr(letters, *scan->at) : NULL;
    if (!letter) {
        return unexpected(scan, "one of \\ \" / b f n r t u");
    }
    *code = (unsigned char)meanings[letter - letters];
    scan->at++;
    return NULL;
}

/* Most characters say all by themselves: printable ASCII but the quote and the backslash. */
static const char *skip_plain(const char *at, const char *end)
{
    while (at < end && (unsigned char)*at >= 0x20 && (unsigned char)*at < 0x80 && *at != '"' && *at != '\\') {
        at++;
    }
    return at;
}

/* A string from its opening quote on.  With `out` the text is written there, unescaped: it never gets longer.
 */
static cs_error_t *scan_string(scan_t *scan, char *out, apr_size_t *out_len)
{
    char *to = out;

    if (!take(scan, '"')) {
        return unexpected(scan, "a string");
    }
    while (!take(scan, '"')) {
        const char *start = scan->at;
        apr_size_t step;
        unsigned code;

        scan->at = skip_plain(start, scan->end);
        if (scan->at > start) {
            if (out) {
                memcpy(to, start, (apr_size_t)(scan->at - start));
                to += scan->at - start;
            }
            continue;
        }
        if (take(scan, '\\')) {
            CS_TRY(scan_escape(scan, start, &code));
            to = out ? put_utf8(to, code) : NULL;
            continue;
        }
        if (scan->at == scan->end || (unsigned char)*scan->at < 0x20) {
            return unexpected(scan, "a character of a string");
        }
        step = cs_utf8_step(scan->at, (apr_size_t)(scan->end - scan->at));
        if (step == 0) {
            return fault(scan, CS_E_JSON_ENCODING, start, "a byte that is no UTF-8 stands");
        }
        if (out) {
            memcpy(to, start, step);
            to += step;
        }
        scan->at += step;
    }
    if (out) {
        *out_len = (apr_size_t)(to - out);
    }
    return NULL;
}

/* ---------------- numbers and literals */

static cs_error_t *scan_digits(scan_t *scan)
{
    if (!next_is_digit(scan)) {
        return unexpected(scan, "a digit");
    }
    while (next_is_digit(scan)) {
        scan->at++;
    }
    return NULL;
}

static cs_error_t *scan_number(scan_t *scan)
{
    const char *start = scan->at;

    take(scan, '-');
    if (!take(scan, '0')) {
        CS_TRY(scan_digits(scan));
    }
    if (take(scan, '.')) {
        CS_TRY(scan_digits(scan));
    }
    if (take(scan, 'e') || take(scan, 'E')) {
        if (!take(scan, '+')) {
            take(scan, '-');
        }
        CS_TRY(scan_digits(scan));
    }
    APR_ARRAY_PUSH(scan->numbers, cs_json_number_t) =
        (cs_json_number_t){.text = start, .len = (apr_size_t)(scan->at - start)};
    return NULL;
}

static cs_error_t *scan_word(scan_t *scan)
{
    static const char *const words[] = {"false", "null", "true"};

    for (int i = 0; i < 3; i++) {
        apr_size_t len = strlen(words[i]);

        if ((apr_size_t)(scan->end - scan->at) >= len && memcmp(scan->at, words[i], len) == 0) {
            scan->at += len;
            return NULL;
        }
    }
    return unexpected(scan, "a value");
}

/* ---------------- objects and the whole */

/* 1 when the object has no such name yet.  Few are compared one by one, which is less than a table costs. */
static int add_name(const scan_t *scan, level_t *level, const char *name, apr_size_t len)
{
    if (level->names) {
        if (apr_hash_get(level->names, name, (apr_ssize_t)len)) {
            return 0;
        }
        apr_hash_set(level->names, name, (apr_ssize_t)len, "");
        return 1;
    }
    if (!level->few) {
        level->few = apr_palloc(scan->scratch, FEW * sizeof(name_t));
    }
    for (int i = 0; i < level->count; i++) {
        if (level->few[i].len == len && memcmp(level->few[i].text, name, len) == 0) {
            return 0;
        }
    }
    if (level->count < FEW) {
        level->few[level->count++] = (name_t){name, len};
        return 1;
    }
    level->names = cs_hash_make(scan->scratch);
    for (int i = 0; i < level->count; i++) {
        apr_hash_set(level->names, level->few[i].text, (apr_ssize_t)level->few[i].len, "");
    }
    apr_hash_set(level->names, name, (apr_ssize_t)len, "");
    return 1;
}

/* A member's name and the colon after it; a name twice is a fault.  The name is read twice: unescaped it is
 * at most as long as it stands there. */
static cs_error_t *scan_name(scan_t *scan)
{
    level_t *level = &scan->levels[scan->depth - 1];
    const char *start = scan->at;
    char *name;
    apr_size_t len;

    CS_TRY(scan_string(scan, NULL, NULL));
    name = apr_palloc(scan->scratch, (apr_size_t)(scan->at - start));
    scan->at = start;
    CS_TRY(scan_string(scan, name, &len));
    if (!add_name(scan, level, name, len)) {
        return cs_error_make(
            scan->cx->pool, CS_E_JSON_DUPLICATE, NULL,
            "the member name \"%s\" stands twice in one object, the second time at byte %" APR_SIZE_T_FMT,
            cs_text_clean(scan->cx->pool, name, len, 100), (apr_size_t)(start - scan->bytes));
    }
    skip_space(scan);
    if (!take(scan, ':')) {
        return unexpected(scan, "':'");
    }
    skip_space(scan);
    return NULL;
}

static cs_error_t *open_level(scan_t *scan)
{
    if (scan->depth == scan->cx->limits->depth) {
        return cs_error_make(scan->cx->pool, CS_E_JSON_DEPTH, NULL,
                             "the JSON is nested deeper than %d at byte %" APR_SIZE_T_FMT,
                             scan->cx->limits->depth, (apr_size_t)(scan->at - scan->bytes));
    }
    scan->levels[scan->depth++] = (level_t){.bracket = *scan->at++};
    skip_space(scan);
    return NULL;
}

/* One value.  *opened_out tells that it is an object or array whose content comes next. */
static cs_error_t *scan_value(scan_t *scan, int *opened_out)
{
    *opened_out = 0;
    if (++scan->values > scan->cx->limits->values) {
        return cs_error_make(scan->cx->pool, CS_E_JSON_VALUES, NULL,
                             "the JSON holds more than %d values at byte %" APR_SIZE_T_FMT,
                             scan->cx->limits->values, (apr_size_t)(scan->at - scan->bytes));
    }
    if (next_is(scan, '{') || next_is(scan, '[')) {
        char closing = *scan->at == '{' ? '}' : ']';

        CS_TRY(open_level(scan));
        if (take(scan, closing)) {
            scan->depth--;
            return NULL;
        }
        *opened_out = 1;
        return closing == '}' ? scan_name(scan) : NULL;
    }
    if (next_is(scan, '"')) {
        return scan_string(scan, NULL, NULL);
    }
    return next_is(scan, '-') || next_is_digit(scan) ? scan_number(scan) : scan_word(scan);
}

/* After a value: closes what ends here, until another value must follow or all is closed. */
static cs_error_t *scan_rest(scan_t *scan)
{
    while (scan->depth > 0) {
        int object = scan->levels[scan->depth - 1].bracket == '{';

        skip_space(scan);
        if (take(scan, ',')) {
            skip_space(scan);
            return object ? scan_name(scan) : NULL;
        }
        if (!take(scan, object ? '}' : ']')) {
            return unexpected(scan, object ? "',' or '}'" : "',' or ']'");
        }
        scan->depth--;
    }
    return NULL;
}

static cs_error_t *scan_text(scan_t *scan)
{
    skip_space(scan);
    do {
        int opened;

        CS_TRY(scan_value(scan, &opened));
        if (!opened) {
            CS_TRY(scan_rest(scan));
        }
    } while (scan->depth > 0);
    skip_space(scan);
    if (scan->at < scan->end) {
        return fault(scan, CS_E_JSON_SYNTAX, scan->at, "something follows the value");
    }
    return NULL;
}

cs_error_t *cs_json_scan(cs_ctx_t *cx, const char *bytes, apr_size_t len, apr_array_header_t **numbers_out)
{
    scan_t scan = {.cx = cx, .bytes = bytes, .at = bytes, .end = bytes + len};
    cs_error_t *error;

    apr_pool_create(&scan.scratch, cx->pool);
    scan.levels = apr_palloc(scan.scratch, sizeof(level_t) * (apr_size_t)cx->limits->depth);
    scan.numbers = apr_array_make(cx->pool, 16, sizeof(cs_json_number_t));
    error = scan_text(&scan);
    apr_pool_destroy(scan.scratch);
    if (numbers_out) {
        *numbers_out = scan.numbers;
    }
    return error;
}
