/* t/fuzz/patch.c -- any patch of any document: refused with reasons, or a document; any patch of a session:
 * refused with reasons, or values that can be stored, the untouched ones as they were. */
#include "doc/patch.h"
#include "doc/same.h"
#include "docs.h"
#include "model/check.h"
#include "model/patch.h"
#include "rows.h"

#define MOST 64

static void check_error(const cs_error_t *error)
{
    fuzz_must_be_told(error);
    must((error->next != NULL) == (error->code == CS_E_BODY_INVALID));
    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        fuzz_must_be_told(fault);
        must(fault->field && *fault->field && cs_utf8_valid(fault->field, strlen(fault->field), NULL));
    }
    must(!error->field || cs_utf8_valid(error->field, strlen(error->field), NULL));
}

/* ---------------- RFC 6902 */

static void check_strict(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *patch)
{
    const char *before = docs_text(pool, doc);
    const cs_doc_t *result = NULL;
    cs_error_t *error = cs_patch_apply(fuzz_ctx(pool), NULL, doc, patch, &result);

    must(fuzz_same(before, docs_text(pool, doc)));
    must(patch->kind == CS_DOC_ARRAY || (error && error->code == CS_E_BODY_SHAPE));
    if (error) {
        check_error(error);
        return;
    }
    must(cs_doc_same(pool, result, docs_again(pool, result)));
    must(patch->count > 0 || result == doc);
}

/* ---------------- a session */

static int is_storable(const cs_val_t *value, const cs_column_t *column)
{
    if (value->kind != column->kind) {
        return 0;
    }
    return value->kind != CS_K_TEXT || (value->set && cs_utf8_valid(value->u.s, value->len, NULL));
}

static int same_value(const cs_val_t *a, const cs_val_t *b)
{
    if (a->set != b->set || !a->set) {
        return a->set == b->set;
    }
    return a->kind == CS_K_TEXT ? a->len == b->len && memcmp(a->u.s, b->u.s, a->len) == 0 : a->u.i == b->u.i;
}

static void check_session(apr_pool_t *pool, const cs_doc_t *patch)
{
    const cs_column_t *columns = cs_entity_columns(pool, ROWS_OF);
    rows_t *rows = rows_filled(pool);
    cs_val_t values[MOST];
    int changed = -1, differ = 0;
    cs_error_t *error;

    set_own(rows, "ChatSessionId", cs_val_int(41));
    set_own(rows, "Project", cs_val_null(CS_K_INT));
    error = cs_patch_entity(fuzz_ctx(pool), ROWS_OF, rows->records, patch, values, &changed);
    if (error) {
        check_error(error);
        return;
    }
    must(patch->kind == CS_DOC_ARRAY || patch->kind == CS_DOC_OBJECT);
    for (int i = 0; i < cs_check_count(ROWS_OF); i++) {
        const cs_val_t *stored = &rows->cells[0][i + 1]; /* behind the id, in the same order */
        int same = same_value(&values[i], stored);

        differ += !same;
        must(same || is_storable(&values[i], &columns[i + 1]));
    }
    must(differ == changed && (patch->count > 0 || changed == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_doc_t *doc = NULL, *patch = NULL;

    if (docs_read(pool, data, size, &doc, &patch)) {
        check_strict(pool, doc, patch);
        check_session(pool, patch);
    }
    apr_pool_destroy(pool);
    return 0;
}
