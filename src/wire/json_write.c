#include "wire/json_write.h"

#include "base/num.h"

#include <string.h>

static void before_value(cs_writer_t *w)
{
    if (w->comma) {
        cs_buf_putc(w->buf, ',');
    }
    w->comma = 1;
}

/* Where a value of so many bytes may be written, behind the comma that it needs; NULL: put it piece by piece.
 */
static char *begin(const cs_writer_t *w, apr_size_t len)
{
    char *at = cs_buf_room(w->buf, len + 1);

    if (at && w->comma) {
        *at++ = ',';
    }
    return at;
}

static void end(cs_writer_t *w, const char *at)
{
    w->comma = 1;
    cs_buf_take(w->buf, (apr_size_t)(at - w->buf->at));
}

static void open_with(cs_writer_t *w, char bracket)
{
    before_value(w);
    cs_buf_putc(w->buf, bracket);
    w->comma = 0;
}

static void close_with(cs_writer_t *w, char bracket)
{
    cs_buf_putc(w->buf, bracket);
    w->comma = 1;
}

static void object_open(cs_writer_t *w, const char *type)
{
    (void)type;
    open_with(w, '{');
}

static void object_close(cs_writer_t *w)
{
    close_with(w, '}');
}

static void array_open(cs_writer_t *w, const char *type)
{
    (void)type;
    open_with(w, '[');
}

static void array_close(cs_writer_t *w)
{
    close_with(w, ']');
}

/* What each byte needs: 0 nothing, 'u' the six-character form, else the letter after the backslash. */
static const char escapes[256] = {
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',         'u',
    'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', ['"'] = '"', ['\\'] = '\\',
};

#define ESCAPE_MAX   6  /* bytes */
#define ESCAPES_ROOM 48 /* of a text that is written in one go */

#define EACH(byte) (APR_UINT64_C(0x0101010101010101) * (byte))

/* Whether one of eight bytes needs an escape: is below 0x20, a quote or a backslash.  The high bit of a
 * byte's lane is set when the byte was 0 before 1 (or below 0x20 before 0x20) was taken away; a borrow only
 * ever reaches lanes above one that is set. */
static int needs_escape(const char *eight)
{
    apr_uint64_t word, quote, backslash;

    memcpy(&word, eight, sizeof(word));
    quote = word ^ EACH('"');
    backslash = word ^ EACH('\\');
    return (((word - EACH(0x20)) & ~word) | ((quote - EACH(1)) & ~quote) |
            ((backslash - EACH(1)) & ~backslash)) &
                   EACH(0x80)
               ? 1
               : 0;
}

/* Copies a text as far as it can stand as it is, and says how far that was: eight bytes at a time, whose
 * last are taken together with those before them; before an escape one by one. */
static apr_size_t copy_plain(char *to, const char *text, apr_size_t len)
{
    apr_size_t done = 0;
    char eight[8];

    if (len >= 8) {
        for (; done + 8 <= len && !needs_escape(text + done); done += 8) {
            memcpy(to + done, text + done, 8);
        }
        if (done + 8 > len && !needs_escape(text + len - 8)) {
            memcpy(to + len - 8, text + len - 8, 8);
            return len;
        }
    }
    else if (len >= 4) {
        memcpy(eight, text, 4);
        memcpy(eight + 4, text + len - 4, 4);
        if (!needs_escape(eight)) {
            memcpy(to, eight, 4);
            memcpy(to + len - 4, eight + 4, 4);
            return len;
        }
    }
    for (; done < len && !escapes[(unsigned char)text[done]]; done++) {
        to[done] = text[done];
    }
    return done;
}

/* The escape of a byte; how long it is. */
static apr_size_t print_escape(char *to, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";

    to[0] = '\\';
    to[1] = escapes[c];
    if (escapes[c] != 'u') {
        return 2;
    }
    to[2] = to[3] = '0';
    to[4] = hex[c >> 4];
    to[5] = hex[c & 15];
    return ESCAPE_MAX;
}

static void put_escaped(cs_buf_t *buf, const char *text, apr_size_t len)
{
    const char *end = text + len;
    const char *run = text;
    char escape[ESCAPE_MAX];

    for (; text < end; text++) {
        unsigned char c = (unsigned char)*text;

        if (escapes[c]) {
            cs_buf_put(buf, run, (apr_size_t)(text - run));
            cs_buf_put(buf, escape, print_escape(escape, c));
            run = text + 1;
        }
    }
    cs_buf_put(buf, run, (apr_size_t)(end - run));
}

/* In one go, where there is room for the text and some escapes in it. */
static void text_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    char *at = begin(w, len + 2 + ESCAPES_ROOM);
    apr_size_t spare = ESCAPES_ROOM;

    if (!at) {
        before_value(w);
        cs_buf_putc(w->buf, '"');
        put_escaped(w->buf, text, len);
        cs_buf_putc(w->buf, '"');
        return;
    }
    *at++ = '"';
    for (;;) {
        apr_size_t done = copy_plain(at, text, len);

        at += done;
        text += done;
        len -= done;
        if (len == 0) {
            *at++ = '"';
            end(w, at);
            return;
        }
        if (spare < ESCAPE_MAX) {
            break;
        }
        done = print_escape(at, (unsigned char)*text++);
        at += done;
        spare -= done; /* more than it takes: the byte itself had its place */
        len--;
    }
    end(w, at);
    put_escaped(w->buf, text, len);
    cs_buf_putc(w->buf, '"');
}

static void name_value(cs_writer_t *w, const char *name, apr_size_t len)
{
    text_value(w, name, len);
    cs_buf_putc(w->buf, ':');
    w->comma = 0;
}

static void put_quoted(cs_writer_t *w, const char *text, apr_size_t len, const char *after)
{
    char *at = begin(w, len + 3);

    if (at) {
        *at++ = '"';
        memcpy(at, text, len);
        at += len;
        at[0] = after[0];
        at[1] = after[1];
        end(w, at + (after[1] ? 2 : 1));
        return;
    }
    before_value(w);
    cs_buf_putc(w->buf, '"');
    cs_buf_put(w->buf, text, len);
    cs_buf_puts(w->buf, after);
}

static void plain_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    put_quoted(w, text, len, "\"");
}

static void property_value(cs_writer_t *w, const char *name, apr_size_t len)
{
    put_quoted(w, name, len, "\":");
    w->comma = 0;
}

static void raw_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    char *at = begin(w, len);

    if (at) {
        memcpy(at, text, len);
        end(w, at + len);
        return;
    }
    before_value(w);
    cs_buf_put(w->buf, text, len);
}

/* With the colon, behind which a value's own comma has no place. */
static void ready_name(cs_writer_t *w, const char *text, apr_size_t len)
{
    raw_value(w, text, len);
    w->comma = 0;
}

static void null_value(cs_writer_t *w)
{
    raw_value(w, "null", 4);
}

static void boolean_value(cs_writer_t *w, int truth)
{
    raw_value(w, truth ? "true" : "false", truth ? 4 : 5);
}

static void integer_value(cs_writer_t *w, apr_int64_t number)
{
    char digits[CS_NUM_MAX];
    char *at = begin(w, CS_NUM_MAX);

    if (at) {
        end(w, at + cs_num_print_int(at, number));
        return;
    }
    raw_value(w, digits, cs_num_print_int(digits, number));
}

/* JSON has no infinity and no NaN: they become null rather than a number that they are not. */
static void real_value(cs_writer_t *w, double number)
{
    char digits[CS_NUM_MAX];
    apr_size_t len = cs_num_print_real(digits, number);

    raw_value(w, len ? digits : "null", len ? len : 4);
}

static void ready_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    before_value(w);
    cs_buf_link(w->buf, text, len);
}

const cs_writer_ops_t cs_json_writer = {
    .open = object_open,
    .close = object_close,
    .array_open = array_open,
    .array_close = array_close,
    .map_open = object_open,
    .map_close = object_close,
    .name = name_value,
    .property = property_value,
    .ready_name = ready_name,
    .null = null_value,
    .boolean = boolean_value,
    .integer = integer_value,
    .real = real_value,
    .text = text_value,
    .plain = plain_value,
    .flags = plain_value,
    .ready = ready_value,
};
