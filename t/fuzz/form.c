/* t/fuzz/form.c -- any bytes as a form: what was decoded can be encoded and read again. */
#include "wire/form.h"

#include "base/buf.h"
#include "fuzz.h"

#define CEILING (64 * 1024 * 1024)

static void put_encoded(cs_buf_t *buf, const char *text, apr_size_t len)
{
    static const char hex[] = "0123456789aBcDeF";

    for (apr_size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        const char escape[] = {'%', hex[c >> 4], hex[c & 15]};

        cs_buf_put(buf, escape, sizeof(escape));
    }
}

/* Every value behind its path, the names of which stand in the upper levels of the recursion. */
static void encode(cs_buf_t *buf, const cs_doc_t *doc, const char *path, int depth, apr_pool_t *pool)
{
    must(depth <= 32);
    for (int i = 0; i < doc->count; i++) {
        const cs_member_t *member = &doc->members[i];
        const char *own = depth ? apr_pstrcat(pool, path, "[", member->name, "]", NULL) : member->name;

        must(member->len > 0 && strlen(member->name) == member->len);
        if (member->value->kind == CS_DOC_OBJECT) {
            must(member->value->count > 0);
            encode(buf, member->value, own, depth + 1, pool);
            continue;
        }
        must(member->value->kind == CS_DOC_STRING && member->value->untyped);
        must(strlen(member->value->text) == member->value->len);
        must(cs_utf8_valid(member->value->text, member->value->len, NULL));
        put_encoded(buf, own, strlen(own));
        cs_buf_putc(buf, '=');
        put_encoded(buf, member->value->text, member->value->len);
        cs_buf_putc(buf, '&');
    }
}

static const char *encoded(apr_pool_t *pool, const cs_doc_t *doc)
{
    cs_buf_t *buf = cs_buf_make(pool, CEILING);

    must(doc->kind == CS_DOC_OBJECT);
    encode(buf, doc, "", 0, pool);
    return cs_buf_text(buf, pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_doc_t *doc = NULL;
    cs_error_t *error = cs_form_decode(fuzz_ctx(pool), (const char *)data, size, &doc);

    if (error) {
        fuzz_must_be_told(error);
    }
    else {
        const char *text = encoded(pool, doc);
        cs_doc_t *again = NULL;

        error = cs_form_decode(fuzz_ctx(pool), text, strlen(text), &again);
        must(!error || size > 512); /* a path in brackets is longer than one with dots, and may be too long */
        must(error || size > 512 || strcmp(encoded(pool, again), text) == 0);
    }
    apr_pool_destroy(pool);
    return 0;
}
