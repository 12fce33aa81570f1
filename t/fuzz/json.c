/* t/fuzz/json.c -- any bytes as JSON: the scan and the decoder agree, and what was decoded can be written
 * again. */
#include "fuzz.h"
#include "wire/json.h"
#include "wire/json_scan.h"
#include "wire/json_write.h"

#define CEILING (64 * 1024 * 1024)

static void write_doc(cs_writer_t *w, const cs_doc_t *doc, int depth)
{
    must(depth <= 32);
    switch (doc->kind) {
    case CS_DOC_NULL:
        w->ops->null(w);
        return;
    case CS_DOC_BOOL:
        must(doc->truth == 0 || doc->truth == 1);
        w->ops->boolean(w, doc->truth);
        return;
    case CS_DOC_NUMBER:
        must(doc->len > 0 && strlen(doc->text) == doc->len);
        w->ops->ready(w, doc->text, doc->len);
        return;
    case CS_DOC_STRING:
        must(strlen(doc->text) == doc->len && cs_utf8_valid(doc->text, doc->len, NULL));
        w->ops->text(w, doc->text, doc->len);
        return;
    case CS_DOC_ARRAY:
        w->ops->array_open(w, "Item");
        for (int i = 0; i < doc->count; i++) {
            write_doc(w, doc->items[i], depth + 1);
        }
        w->ops->array_close(w);
        return;
    case CS_DOC_OBJECT:
        w->ops->open(w, "Type");
        for (int i = 0; i < doc->count; i++) {
            must(strlen(doc->members[i].name) == doc->members[i].len);
            w->ops->name(w, doc->members[i].name, doc->members[i].len);
            write_doc(w, doc->members[i].value, depth + 1);
        }
        w->ops->close(w);
        return;
    }
    must(0); /* a kind that there is not */
}

static const char *written(apr_pool_t *pool, const cs_doc_t *doc, apr_size_t *len_out)
{
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, CEILING)};

    write_doc(&w, doc, 0);
    must(!w.buf->full);
    *len_out = w.buf->length;
    return cs_buf_text(w.buf, pool);
}

/* The document's numbers are those that the scan saw, in the same order and the same text. */
static void check_numbers(const cs_doc_t *doc, const apr_array_header_t *numbers, int *next)
{
    if (doc->kind == CS_DOC_NUMBER) {
        const cs_json_number_t *number = &APR_ARRAY_IDX(numbers, *next, cs_json_number_t);

        must(*next < numbers->nelts && number->len == doc->len && !memcmp(number->text, doc->text, doc->len));
        ++*next;
    }
    for (int i = 0; i < doc->count; i++) {
        check_numbers(doc->kind == CS_DOC_OBJECT ? doc->members[i].value : doc->items[i], numbers, next);
    }
}

/* The offset in a message is one of the text. */
static void check_offset(const cs_error_t *error, size_t size)
{
    const char *at = strstr(error->message, "at byte ");

    for (const char *next = at; next; next = strstr(next + 1, "at byte ")) {
        at = next;
    }
    if (at) {
        must(strtoul(at + strlen("at byte "), NULL, 10) <= size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *bytes = (const char *)data;
    size_t mark = size >= 3 && memcmp(data, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    apr_array_header_t *numbers = NULL;
    cs_error_t *scanned = cs_json_scan(fuzz_ctx(pool), bytes + mark, size - mark, &numbers);
    cs_doc_t *doc = NULL;
    cs_error_t *decoded = cs_json_decode(fuzz_ctx(pool), bytes, size, &doc);

    must((scanned == NULL) == (decoded == NULL));
    if (decoded) {
        must(scanned->code == decoded->code && strcmp(scanned->message, decoded->message) == 0);
        fuzz_must_be_told(decoded);
        check_offset(decoded, size - mark);
    }
    else {
        apr_size_t len, again_len;
        const char *text = written(pool, doc, &len);
        cs_doc_t *again = NULL;
        int next = 0;

        check_numbers(doc, numbers, &next);
        must(next == numbers->nelts);
        must(cs_json_scan(fuzz_ctx(pool), text, len, NULL) == NULL);
        must(cs_json_decode(fuzz_ctx(pool), text, len, &again) == NULL);
        must(strcmp(written(pool, again, &again_len), text) == 0 && again_len == len);
    }
    apr_pool_destroy(pool);
    return 0;
}
