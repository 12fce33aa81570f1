#include "wire/html_write.h"

#include "base/num.h"

#include <string.h>

#define PUT_LITERAL(w, literal) cs_buf_put((w)->buf, literal, sizeof(literal) - 1)
#define DEEPEST                 64

/* What is open: 't' a table, 'l' a list. */
typedef struct state_t {
    char open[DEEPEST];
    int depth;
} state_t;

static state_t *state_of(cs_writer_t *w)
{
    if (!w->state) {
        w->state = apr_pcalloc(w->buf->pool, sizeof(state_t));
    }
    return w->state;
}

static void begin_document(cs_writer_t *w)
{
    PUT_LITERAL(w,
                "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width\"><title>mod_chatsession</title><style>"
                "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}"
                "table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem;"
                "border-bottom:1px solid #ddd;font-weight:normal;overflow-wrap:anywhere}"
                "td table{border-left:3px solid #ddd}"
                "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}a{color:#8cf}"
                "th,td,td table{border-color:#444}}</style></head><body><h1>Chat session API</h1>");
}

static void before_value(cs_writer_t *w)
{
    const state_t *state = state_of(w);

    if (state->depth && state->open[state->depth - 1] == 'l') {
        PUT_LITERAL(w, "<li>");
    }
}

static void after_value(cs_writer_t *w)
{
    const state_t *state = state_of(w);

    if (state->depth == 0) {
        PUT_LITERAL(w, "</body></html>\n");
    }
    else if (state->open[state->depth - 1] == 'l') {
        PUT_LITERAL(w, "</li>");
    }
    else {
        PUT_LITERAL(w, "</td></tr>");
    }
}

static void open_level(cs_writer_t *w, char kind)
{
    state_t *state = state_of(w);

    before_value(w);
    if (state->depth < DEEPEST) {
        state->open[state->depth++] = kind;
    }
    cs_buf_puts(w->buf, kind == 'l' ? "<ol>" : "<table>");
}

static void close_level(cs_writer_t *w)
{
    state_t *state = state_of(w);

    cs_buf_puts(w->buf, state->open[--state->depth] == 'l' ? "</ol>" : "</table>");
    after_value(w);
}

static void open_table(cs_writer_t *w, const char *type)
{
    (void)type;
    open_level(w, 't');
}

static void open_list(cs_writer_t *w, const char *type)
{
    (void)type;
    open_level(w, 'l');
}

static void put_escaped(cs_writer_t *w, const char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        switch (text[i]) {
        case '<':
            PUT_LITERAL(w, "&lt;");
            break;
        case '>':
            PUT_LITERAL(w, "&gt;");
            break;
        case '&':
            PUT_LITERAL(w, "&amp;");
            break;
        case '"':
            PUT_LITERAL(w, "&quot;");
            break;
        default:
            cs_buf_putc(w->buf, text[i]);
        }
    }
}

/* An address of this API that has no variable part can be followed. */
static int is_link(const char *text, apr_size_t len)
{
    return len > 8 && (strncmp(text, "http://", 7) == 0 || strncmp(text, "https://", 8) == 0) &&
           !memchr(text, '{', len) && !memchr(text, ' ', len);
}

static void put_text(cs_writer_t *w, const char *text, apr_size_t len)
{
    if (is_link(text, len)) {
        PUT_LITERAL(w, "<a href=\"");
        put_escaped(w, text, len);
        PUT_LITERAL(w, "\">");
        put_escaped(w, text, len);
        PUT_LITERAL(w, "</a>");
    }
    else {
        put_escaped(w, text, len);
    }
}

static void put_name(cs_writer_t *w, const char *name, apr_size_t len)
{
    PUT_LITERAL(w, "<tr><th>");
    put_text(w, name, len);
    PUT_LITERAL(w, "</th><td>");
}

static void put_value(cs_writer_t *w, const char *text, apr_size_t len)
{
    before_value(w);
    put_text(w, text, len);
    after_value(w);
}

static void put_null(cs_writer_t *w)
{
    put_value(w, "", 0);
}

static void put_boolean(cs_writer_t *w, int truth)
{
    put_value(w, truth ? "true" : "false", truth ? 4 : 5);
}

static void put_integer(cs_writer_t *w, apr_int64_t number)
{
    char digits[CS_NUM_MAX];

    put_value(w, digits, cs_num_print_int(digits, number));
}

static void put_real(cs_writer_t *w, double number)
{
    char digits[CS_NUM_MAX];

    put_value(w, digits, cs_num_print_real(digits, number));
}

const cs_writer_ops_t cs_html_writer = {
    .begin = begin_document,
    .open = open_table,
    .close = close_level,
    .array_open = open_list,
    .array_close = close_level,
    .map_open = open_table,
    .map_close = close_level,
    .name = put_name,
    .property = put_name,
    .null = put_null,
    .boolean = put_boolean,
    .integer = put_integer,
    .real = put_real,
    .text = put_value,
    .plain = put_value,
    .flags = put_value,
    .ready = put_value,
};
