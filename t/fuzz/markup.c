/* t/fuzz/markup.c -- any text: what is left holds no tag but the allowed ones, and stays as it is. */
#include "fuzz.h"
#include "model/markup.h"

static const char *const tags[] = {
    "<b>",   "<i>",   "<u>",    "<s>",     "<p>",       "<em>",         "<strong>",      "<sub>",
    "<sup>", "<ul>",  "<ol>",   "<li>",    "<pre>",     "<code>",       "<br>",          "</b>",
    "</i>",  "</u>",  "</s>",   "</p>",    "</em>",     "</sub>",       "</ul>",         "</sup>",
    "</ol>", "</li>", "</pre>", "</code>", "</strong>", "<blockquote>", "</blockquote>",
};

static int is_tag(const char *text)
{
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
        if (strncmp(text, tags[i], strlen(tags[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether each tag but <br> is closed, in order. */
static int is_nested(const char *text)
{
    const char *open[64];
    int depth = 0;

    for (const char *less = text; (less = strchr(less, '<')); less++) {
        size_t len = strcspn(less + 1, ">");

        if (!is_tag(less) || strncmp(less, "<br>", 4) == 0) {
            continue;
        }
        if (less[1] != '/') {
            must(depth < 64);
            open[depth++] = less + 1;
        }
        else if (--depth < 0 || strncmp(open[depth], less + 2, len) != 0) {
            return 0;
        }
    }
    return depth == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    apr_size_t len = strlen(text), left;
    cs_buf_t *once = cs_buf_make(pool, len * CS_MARKUP_GROWTH + 1);
    cs_buf_t *twice = cs_buf_make(pool, len * CS_MARKUP_GROWTH + 1);
    cs_buf_t *plain = cs_buf_make(pool, len * 3 + 1);
    cs_buf_t *escaped = cs_buf_make(pool, len * 6 + 1);
    const char *first;

    cs_markup_reduce(once, text, len);
    must(!once->full);
    first = cs_buf_text(once, pool);
    left = strlen(first);
    for (const char *less = first; (less = strchr(less, '<')); less++) {
        must(is_tag(less) || (less[1] && strchr(" \t\r\n=0123456789", less[1])));
    }
    must(is_nested(first));
    cs_markup_reduce(twice, first, left);
    must(twice->length == left && strcmp(cs_buf_text(twice, pool), first) == 0);
    cs_markup_plain(plain, text, len, "  ");
    must(!plain->full);
    cs_markup_escape(escaped, text, len);
    must(!escaped->full && !strchr(cs_buf_text(escaped, pool), '<'));
    apr_pool_destroy(pool);
    return 0;
}
