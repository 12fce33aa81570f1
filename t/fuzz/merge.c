/* t/fuzz/merge.c -- any document over any other: the result is a document, merging again changes nothing, and
 * neither of the two is changed. */
#include "doc/merge.h"
#include "doc/same.h"
#include "docs.h"

/* What RFC 7396 says of the result, member by member. */
static void check_merged(apr_pool_t *pool, const cs_doc_t *merge, const cs_doc_t *result)
{
    if (merge->kind != CS_DOC_OBJECT) {
        must(cs_doc_same(pool, merge, result));
        return;
    }
    must(result->kind == CS_DOC_OBJECT);
    for (int i = 0; i < merge->count && i < 100; i++) {
        const cs_member_t *member = &merge->members[i];
        cs_segment_t segment = {member->name, member->len};
        int slot = cs_pointer_member(result, &segment, CS_POINTER_STRICT);

        if (member->value->kind == CS_DOC_NULL) {
            must(slot < 0);
            continue;
        }
        must(slot >= 0);
        check_merged(pool, member->value, result->members[slot].value);
    }
}

static int is_whole(void *self, const cs_pointer_t *path)
{
    (void)self;
    return path->count > 3;
}

/* As operations: every path is one of the merge document's, and applying them is allowed to fail only with a
 * reason. */
static void check_operations(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge)
{
    static const cs_patch_rules_t rules = {.whole = is_whole};
    apr_array_header_t *ops = NULL;
    cs_error_t *faults = NULL;
    cs_error_t *error = cs_merge_operations(fuzz_ctx(pool), &rules, doc, merge, &ops, &faults);

    if (error) {
        fuzz_must_be_told(error);
        must((error->code == CS_E_BODY_SHAPE) == (merge->kind != CS_DOC_OBJECT));
        return;
    }
    must(ops->nelts + cs_error_count(faults) <= CS_PATCH_OPERATIONS);
    for (int i = 0; i < ops->nelts; i++) {
        const cs_patch_op_t *op = &APR_ARRAY_IDX(ops, i, cs_patch_op_t);
        const cs_doc_t *source = cs_pointer_find(merge, &op->path, CS_POINTER_STRICT);

        must(op->path.count >= 1 && op->path.count <= 4 && !op->place);
        must(source && (op->kind == CS_PATCH_REMOVE) == (source->kind == CS_DOC_NULL));
        must(op->kind == CS_PATCH_REMOVE ? !op->value : op->value == source);
    }
    for (const cs_error_t *fault = faults; fault; fault = fault->next) {
        fuzz_must_be_told(fault);
        must(fault->code == CS_E_VALUE_TWICE && fault->field);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_doc_t *doc = NULL, *merge = NULL;

    if (docs_read(pool, data, size, &doc, &merge)) {
        const char *before = docs_text(pool, doc), *over = docs_text(pool, merge);
        const cs_doc_t *once = cs_merge_apply(pool, doc, merge);

        must(cs_doc_same(pool, once, docs_again(pool, once)));
        must(cs_doc_same(pool, once, cs_merge_apply(pool, once, merge)));
        check_merged(pool, merge, once);
        check_operations(pool, doc, merge);
        must(fuzz_same(before, docs_text(pool, doc)) && fuzz_same(over, docs_text(pool, merge)));
    }
    apr_pool_destroy(pool);
    return 0;
}
