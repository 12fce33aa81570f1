/* t/unit/merge.c -- RFC 7396 to the letter, and a merge document as operations. */
#include "doc/merge.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *doc, *merge, *result;
} merged[] = {
    {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{a='c'}"},
    {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{a='b' b='c'}"},
    {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{b='c'}"},
    {"{\"a\":\"b\"}", "{\"c\":null}", "{a='b'}"},
    {"{\"a\":[1,2]}", "{\"a\":[3]}", "{a=[#3]}"},
    {"{\"a\":[1]}", "{\"a\":{\"b\":1}}", "{a={b=#1}}"},
    {"{\"a\":1}", "{\"a\":{\"b\":{\"c\":null,\"d\":1}}}", "{a={b={d=#1}}}"},
    {"{\"a\":1}", "{\"a\":[null,{\"b\":null}]}", "{a=[null {b=null}]}"},
    {"[1]", "{\"a\":null}", "{}"},
    {"null", "{}", "{}"},
    {"{\"a\":1}", "null", "null"},
    {"{\"a\":1}", "7", "#7"},
    {"{\"a\":1}", "{\"A\":2}", "{a=#1 A=#2}"},
    {"{\"e\":null}", "{\"a\":1}", "{e=null a=#1}"},
    {"{\"a\":{\"b\":1},\"c\":2}", "{\"a\":null,\"c\":null}", "{}"},
};

static void test_merged(apr_pool_t *pool)
{
    cs_ctx_t *cx = test_ctx(pool);

    for (size_t i = 0; i < COUNT(merged); i++) {
        const cs_doc_t *doc = test_doc(cx, merged[i].doc), *merge = test_doc(cx, merged[i].merge);
        const char *before = test_described(pool, doc), *over = test_described(pool, merge);

        is(test_described(pool, cs_merge_apply(pool, doc, merge)), merged[i].result, "%s under %s",
           merged[i].doc, merged[i].merge);
        ok(strcmp(before, test_described(pool, doc)) == 0 && strcmp(over, test_described(pool, merge)) == 0,
           "and neither is changed");
    }
}

/* ---------------- as operations */

static int whole(void *self, const cs_pointer_t *path)
{
    (void)self;
    return path->segments[path->count - 1].text[0] == 'W';
}

static const char *operations(cs_ctx_t *cx, const char *doc, const char *merge)
{
    static const char *const kinds[] = {"add", "remove", "replace", "move", "copy", "test"};
    static const cs_patch_rules_t rules = {.whole = whole};
    const char *line = "";
    apr_array_header_t *ops;
    cs_error_t *faults = NULL, *error;

    error = cs_merge_operations(cx, &rules, test_doc(cx, doc), test_doc(cx, merge), &ops, &faults);
    if (error) {
        return code_of(error);
    }
    for (int i = 0; i < ops->nelts; i++) {
        const cs_patch_op_t *op = &APR_ARRAY_IDX(ops, i, cs_patch_op_t);

        line = apr_pstrcat(cx->pool, line, *line ? ", " : "", kinds[op->kind], " ",
                           cs_pointer_text(cx->pool, &op->path), op->value ? " " : "",
                           op->value ? test_described(cx->pool, op->value) : "", NULL);
    }
    for (const cs_error_t *fault = faults; fault; fault = fault->next) {
        line = apr_pstrcat(cx->pool, line, *line ? ", " : "", code_of(fault), " ", fault->field, NULL);
    }
    return line;
}

static const struct {
    const char *doc, *merge, *ops;
} walked[] = {
    {"{}", "{}", ""},
    {"{\"A\":1}", "{\"a\":2,\"b\":\"x\"}", "replace a #2, replace b 'x'"},
    {"{\"A\":1}", "{\"a\":null}", "remove a"},
    {"{\"A\":{\"B\":1}}", "{\"a\":{\"b\":2,\"c\":null}}", "replace a/b #2, remove a/c"},
    {"{\"A\":null}", "{\"a\":{\"b\":2}}", "replace a/b #2"},
    {"{}", "{\"a\":{\"b\":{\"c\":2}}}", "replace a/b/c #2"},
    {"{\"A\":[1]}", "{\"a\":{\"b\":2}}", "add a {b=#2}"},
    {"{\"A\":{\"B\":[]}}", "{\"a\":{\"b\":{}}}", "add a/b {}"},
    {"{\"A\":[1]}", "{\"a\":[2]}", "replace a [#2]"},
    {"{\"A\":{\"B\":1}}", "{\"a\":[2]}", "replace a [#2]"},
    {"{\"A\":{\"B\":1}}", "{\"a\":{}}", ""},
    {"{\"W\":1}", "{\"W\":{\"a\":1},\"b\":{\"W2\":{}}}", "replace W {a=#1}, replace b/W2 {}"},
    {"{}", "{\"a/b\":{\"~\":1}}", "replace a~1b/~0 #1"},
    {"{}", "{\"a\":1,\"A\":2}", "replace a #1, value.twice A"},
    {"{}", "{\"a\":1,\"b\":{\"c\":1,\"C\":2},\"A\":{\"x\":1}}",
     "replace a #1, replace b/c #1, value.twice b/C, value.twice A"},
    {"{}", "[]", "body.shape"},
    {"{}", "null", "body.shape"},
    {"{}", "\"a\"", "body.shape"},
};

static const char *many(apr_pool_t *pool, int count)
{
    char *text = apr_palloc(pool, (apr_size_t)count * 12 + 3), *at = text;

    *at++ = '{';
    for (int i = 0; i < count; i++) {
        at += apr_snprintf(at, 12, "%s\"%d\":1", i ? "," : "", i);
    }
    memcpy(at, "}", 2);
    return text;
}

static void test_operations(apr_pool_t *pool)
{
    cs_ctx_t *cx = test_ctx(pool);

    for (size_t i = 0; i < COUNT(walked); i++) {
        is(operations(cx, walked[i].doc, walked[i].merge), walked[i].ops, "PATCH-12, PATCH-13: %s under %s",
           walked[i].doc, walked[i].merge);
    }
    ok(strcmp(operations(cx, "{}", many(pool, CS_PATCH_OPERATIONS)), "patch.size") != 0,
       "as many members as there may be operations");
    is(operations(cx, "{}", many(pool, CS_PATCH_OPERATIONS + 1)), "patch.size", "one too many");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_merged(pool);
    test_operations(pool);
    return done();
}
