/* docs.h -- for targets that take two documents: the input cut in two, and documents written as JSON again.
 */
#ifndef CS_T_DOCS_H
#define CS_T_DOCS_H

#include "base/buf.h"
#include "doc/doc.h"
#include "fuzz.h"
#include "wire/json.h"
#include "wire/json_write.h"

#define DOCS_CEILING (16 * 1024 * 1024)

/* Room for what two documents become together. */
static inline cs_ctx_t *docs_ctx(apr_pool_t *pool)
{
    static const cs_limits_t limits = {.body = DOCS_CEILING, .depth = 32, .values = 80000};
    cs_ctx_t *cx = fuzz_ctx(pool);

    cx->limits = &limits;
    return cx;
}

/* Two documents with U+0000 between them, or the end of the first line; 0 when they are not two. */
static inline int docs_read(apr_pool_t *pool, const uint8_t *data, size_t size, cs_doc_t **first,
                            cs_doc_t **second)
{
    const char *text = (const char *)data;
    const char *cut = size ? memchr(text, '\0', size) : NULL;
    size_t len;

    cut = cut || !size ? cut : memchr(text, '\n', size);
    if (!cut) {
        return 0;
    }
    len = (size_t)(cut - text);
    return !cs_json_decode(fuzz_ctx(pool), text, len, first) &&
           !cs_json_decode(fuzz_ctx(pool), cut + 1, size - len - 1, second);
}

static inline void docs_put(cs_writer_t *w, const cs_doc_t *doc)
{
    switch (doc->kind) {
    case CS_DOC_NULL:
        w->ops->null(w);
        return;
    case CS_DOC_BOOL:
        w->ops->boolean(w, doc->truth);
        return;
    case CS_DOC_NUMBER:
        w->ops->ready(w, doc->text, doc->len);
        return;
    case CS_DOC_STRING:
        w->ops->text(w, doc->text, doc->len);
        return;
    case CS_DOC_ARRAY:
        w->ops->array_open(w, "Item");
        for (int i = 0; i < doc->count; i++) {
            docs_put(w, doc->items[i]);
        }
        w->ops->array_close(w);
        return;
    case CS_DOC_OBJECT:
        w->ops->open(w, "Object");
        for (int i = 0; i < doc->count; i++) {
            w->ops->name(w, doc->members[i].name, doc->members[i].len);
            docs_put(w, doc->members[i].value);
        }
        w->ops->close(w);
        return;
    }
    must(0);
}

static inline const char *docs_text(apr_pool_t *pool, const cs_doc_t *doc)
{
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, DOCS_CEILING)};

    docs_put(&w, doc);
    must(!w.buf->full);
    return cs_buf_text(w.buf, pool);
}

/* What is read from what is written: as good a document as any that a client sends. */
static inline const cs_doc_t *docs_again(apr_pool_t *pool, const cs_doc_t *doc)
{
    const char *text = docs_text(pool, doc);
    cs_doc_t *again = NULL;

    must(!cs_json_decode(docs_ctx(pool), text, strlen(text), &again));
    return again;
}

#endif
