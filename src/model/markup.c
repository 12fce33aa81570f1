#include "model/markup.h"

#include "base/text.h"

#include <string.h>

/* Without content: no end tag. */
static const struct {
    const char *name;
    int empty;
} allowed[] = {
    {"b", 0},   {"i", 0},  {"u", 0},  {"s", 0},  {"p", 0},   {"em", 0},   {"strong", 0},     {"sub", 0},
    {"sup", 0}, {"ul", 0}, {"ol", 0}, {"li", 0}, {"pre", 0}, {"code", 0}, {"blockquote", 0}, {"br", 1},
};
#define ALLOWED ((int)(sizeof(allowed) / sizeof(allowed[0])))

typedef struct scan_t {
    const char *at, *end;
    int no_more; /* there is no ">" any more */
} scan_t;

/* What stands at a "<". */
typedef struct tag_t {
    const char *end; /* behind its ">"; NULL: it is no tag */
    int row;         /* of the tags that are allowed; -1: another */
    int closing;
} tag_t;

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int find_row(const char *name, apr_size_t len)
{
    for (int i = 0; i < ALLOWED; i++) {
        if (cs_text_same(allowed[i].name, strlen(allowed[i].name), name, len)) {
            return i;
        }
    }
    return -1;
}

/* The name ends where a browser ends it: at a blank, a slash or the tag's end. */
static tag_t read_tag(scan_t *scan)
{
    tag_t tag = {.row = -1};
    const char *name = scan->at + 1;
    const char *close;

    if (scan->no_more || name == scan->end || !(is_letter(*name) || strchr("/!?", *name))) {
        return tag;
    }
    close = memchr(name, '>', (apr_size_t)(scan->end - name));
    scan->no_more = !close;
    if (!close) {
        return tag;
    }
    tag.closing = *name == '/';
    name += tag.closing;
    if (!tag.closing || is_letter(*name)) {
        const char *stop = name;

        while (stop < close && !strchr(" \t\r\n\f/", *stop)) {
            stop++;
        }
        tag.row = find_row(name, (apr_size_t)(stop - name));
    }
    tag.end = close + 1;
    return tag;
}

static void put_tag(cs_buf_t *out, const tag_t *tag)
{
    if (tag->row >= 0 && !(tag->closing && allowed[tag->row].empty)) {
        cs_buf_puts(out, tag->closing ? "</" : "<");
        cs_buf_puts(out, allowed[tag->row].name);
        cs_buf_putc(out, '>');
    }
}

/* A "<" that no browser reads on from: what follows it stays where it is. */
static int is_harmless(const scan_t *scan)
{
    return scan->at + 1 < scan->end && strchr(" \t\r\n=0123456789", scan->at[1]) && scan->at[1];
}

static const char *next_of(const scan_t *scan, char c)
{
    const char *found = memchr(scan->at, c, (apr_size_t)(scan->end - scan->at));

    return found ? found : scan->end;
}

void cs_markup_reduce(cs_buf_t *out, const char *text, apr_size_t len)
{
    scan_t scan = {text, text + len, 0};

    while (scan.at < scan.end) {
        const char *less = next_of(&scan, '<');
        tag_t tag;

        cs_buf_put(out, scan.at, (apr_size_t)(less - scan.at));
        scan.at = less;
        if (less == scan.end) {
            break;
        }
        tag = read_tag(&scan);
        if (tag.end) {
            put_tag(out, &tag);
            scan.at = tag.end;
        }
        else {
            cs_buf_puts(out, is_harmless(&scan) ? "<" : "&lt;");
            scan.at++;
        }
    }
}

/* ---------------- as plain text */

static const struct {
    const char *reference, *text;
} references[] = {
    {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&nbsp;", " "},
};

/* How long the reference is that stands there, or 0. */
static apr_size_t resolve(cs_buf_t *out, const scan_t *scan)
{
    for (apr_size_t i = 0; i < sizeof(references) / sizeof(references[0]); i++) {
        apr_size_t len = strlen(references[i].reference);

        if ((apr_size_t)(scan->end - scan->at) >= len &&
            memcmp(scan->at, references[i].reference, len) == 0) {
            cs_buf_puts(out, references[i].text);
            return len;
        }
    }
    return 0;
}

static void put_line_end(cs_buf_t *out, const char *indent)
{
    cs_buf_putc(out, '\n');
    cs_buf_puts(out, indent);
}

void cs_markup_plain(cs_buf_t *out, const char *text, apr_size_t len, const char *indent)
{
    scan_t scan = {text, text + len, 0};

    while (scan.at < scan.end) {
        tag_t tag = *scan.at == '<' ? read_tag(&scan) : (tag_t){.end = NULL};
        apr_size_t step = *scan.at == '&' ? resolve(out, &scan) : 0;

        if (tag.end) {
            if (tag.row >= 0 && allowed[tag.row].empty) {
                put_line_end(out, indent);
            }
            scan.at = tag.end;
            continue;
        }
        if (step == 0) {
            if (*scan.at == '\n') {
                put_line_end(out, indent);
            }
            else if (*scan.at != '\r') {
                cs_buf_putc(out, *scan.at);
            }
            step = 1;
        }
        scan.at += step;
    }
}

void cs_markup_escape(cs_buf_t *out, const char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        switch (text[i]) {
        case '<':
            cs_buf_puts(out, "&lt;");
            break;
        case '>':
            cs_buf_puts(out, "&gt;");
            break;
        case '&':
            cs_buf_puts(out, "&amp;");
            break;
        case '"':
            cs_buf_puts(out, "&quot;");
            break;
        default:
            cs_buf_putc(out, text[i]);
        }
    }
}
