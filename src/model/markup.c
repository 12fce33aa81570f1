#include "model/markup.h"

#include "base/text.h"

#include <string.h>

/* EMPTY has no content and no end tag.  A BLOCK ends an open PARAGRAPH, an ITEM the one before it. */
typedef enum sort_t { INLINE, BLOCK, PARAGRAPH, ITEM, EMPTY } sort_t;
static const struct {
    const char *name;
    sort_t sort;
} allowed[] = {
    {"b", INLINE},    {"i", INLINE},    {"u", INLINE},         {"s", INLINE},
    {"em", INLINE},   {"code", INLINE}, {"strong", INLINE},    {"sub", INLINE},
    {"sup", INLINE},  {"ul", BLOCK},    {"ol", BLOCK},         {"pre", BLOCK},
    {"p", PARAGRAPH}, {"li", ITEM},     {"blockquote", BLOCK}, {"br", EMPTY},
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

/* ---------------- nesting
 *
 * What a message opens it closes, and nothing else: wherever it is put, it changes nothing around it. */
#define DEPTH_MAX 32 /* a tag that is deeper is left out */

typedef struct nest_t {
    cs_buf_t *out;
    int depth;
    int rows[DEPTH_MAX]; /* of the tags that are open */
} nest_t;

static void put_tag(cs_buf_t *out, const char *before, int row)
{
    cs_buf_puts(out, before);
    cs_buf_puts(out, allowed[row].name);
    cs_buf_putc(out, '>');
}

static void close_to(nest_t *nest, int depth)
{
    while (nest->depth > depth) {
        put_tag(nest->out, "</", nest->rows[--nest->depth]);
    }
}

/* The innermost of that sort, not beyond a block when `within` is set; -1: there is none. */
static int find_open(const nest_t *nest, sort_t sort, int within)
{
    for (int i = nest->depth - 1; i >= 0; i--) {
        sort_t open = allowed[nest->rows[i]].sort;

        if (open == sort || (within && open == BLOCK)) {
            return open == sort ? i : -1;
        }
    }
    return -1;
}

/* As a browser does it for tags that need no end. */
static void end_before(nest_t *nest, sort_t sort)
{
    int open = sort == ITEM ? find_open(nest, ITEM, 1) : -1;

    if (open < 0 && sort != INLINE) {
        open = find_open(nest, PARAGRAPH, 0);
    }
    if (open >= 0) {
        close_to(nest, open);
    }
}

static void open_tag(nest_t *nest, int row)
{
    if (allowed[row].sort == EMPTY) {
        put_tag(nest->out, "<", row);
        return;
    }
    end_before(nest, allowed[row].sort);
    if (nest->depth < DEPTH_MAX) {
        nest->rows[nest->depth++] = row;
        put_tag(nest->out, "<", row);
    }
}

static void close_tag(nest_t *nest, int row)
{
    for (int i = nest->depth - 1; i >= 0; i--) {
        if (nest->rows[i] == row) {
            close_to(nest, i);
            return;
        }
    }
}

static void take_tag(nest_t *nest, const tag_t *tag)
{
    if (tag->row >= 0 && tag->closing) {
        close_tag(nest, tag->row);
    }
    else if (tag->row >= 0) {
        open_tag(nest, tag->row);
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
    nest_t nest = {.out = out};

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
            take_tag(&nest, &tag);
            scan.at = tag.end;
        }
        else {
            cs_buf_puts(out, is_harmless(&scan) ? "<" : "&lt;");
            scan.at++;
        }
    }
    close_to(&nest, 0);
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
            if (tag.row >= 0 && allowed[tag.row].sort == EMPTY) {
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
