/* t/fuzz/xml.c -- any bytes as XML: what the scan refuses the decoder refuses, and what was decoded can be
 * written and read again. */
#include "wire/xml.h"

#include "fuzz.h"
#include "wire/xml_scan.h"
#include "wire/xml_write.h"

#define CEILING (64 * 1024 * 1024)

/* Names after a prefix may begin with what a name does not: each is written behind `letter`. */
static void write_doc(cs_writer_t *w, const cs_doc_t *doc, const char *letter, int depth)
{
    must(depth <= 32);
    switch (doc->kind) {
    case CS_DOC_NULL:
        w->ops->null(w);
        return;
    case CS_DOC_STRING:
        must(doc->untyped && strlen(doc->text) == doc->len && cs_utf8_valid(doc->text, doc->len, NULL));
        w->ops->text(w, doc->text, doc->len);
        return;
    case CS_DOC_ARRAY:
        must(doc->count > 1);
        w->ops->array_open(w, "Item");
        for (int i = 0; i < doc->count; i++) {
            write_doc(w, doc->items[i], letter, depth + 1);
        }
        w->ops->array_close(w);
        return;
    case CS_DOC_OBJECT:
        must(depth == 0 ? doc->text != NULL : doc->text == NULL && doc->count > 0);
        w->ops->open(w, depth ? "" : apr_pstrcat(w->buf->pool, letter, doc->text, NULL));
        for (int i = 0; i < doc->count; i++) {
            must(strlen(doc->members[i].name) == doc->members[i].len);
            for (int j = 0; j < i && i < 50; j++) {
                must(strcmp(doc->members[i].name, doc->members[j].name) != 0);
            }
            must(doc->members[i].len > 0 && !strchr(doc->members[i].name, ':'));
            w->ops->name(w, apr_pstrcat(w->buf->pool, letter, doc->members[i].name, NULL),
                         doc->members[i].len + strlen(letter));
            write_doc(w, doc->members[i].value, letter, depth + 1);
        }
        w->ops->close(w);
        return;
    case CS_DOC_BOOL:
    case CS_DOC_NUMBER:
        break;
    }
    must(0); /* XML has no such kind */
}

static const char *written(apr_pool_t *pool, const cs_doc_t *doc, const char *letter)
{
    cs_writer_t w = {.ops = &cs_xml_writer, .buf = cs_buf_make(pool, CEILING)};

    w.ops->begin(&w);
    write_doc(&w, doc, letter, 0);
    must(!w.buf->full);
    return cs_buf_text(w.buf, pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *bytes = (const char *)data;
    size_t mark = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    cs_error_t *scanned = cs_xml_scan(fuzz_ctx(pool), bytes + mark, size - mark);
    cs_doc_t *doc = NULL;
    cs_error_t *decoded = cs_xml_decode(fuzz_ctx(pool), bytes, size, &doc);

    must(!scanned || (decoded && scanned->code == decoded->code));
    if (decoded) {
        fuzz_must_be_told(decoded);
    }
    else if (doc->kind != CS_DOC_NULL) {
        const char *text = written(pool, doc, "n");
        cs_doc_t *again = NULL;
        cs_error_t *error = cs_xml_decode(fuzz_ctx(pool), text, strlen(text), &again);

        must(!error || error->code == CS_E_XML_LIMIT); /* each '>' has become a reference */
        must(error || strcmp(written(pool, again, ""), text) == 0);
    }
    apr_pool_destroy(pool);
    return 0;
}
