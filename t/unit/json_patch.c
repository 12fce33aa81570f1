/* t/unit/json_patch.c -- RFC 6902 to the letter, its bounds, and what rules change: names in any case,
 * members that stay, objects that come into being. */
#include "doc/patch.h"
#include "doc/same.h"
#include "support.h"
#include "tap.h"

/* ---------------- without rules */

static const struct {
    const char *doc, *patch, *result; /* a document, or the codes and fields of the faults */
} strict[] = {
    {"{\"a\":1}", "[]", "{a=#1}"},
    {"{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]", "{a=null}"},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":2}]", "{a=#2}"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":0}]", "[#0 #1]"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/-\",\"value\":[2,3]}]", "[#1 [#2 #3]]"},
    {"{\"a\":[1]}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":[2]}]", "{a=[#2]}"},
    {"{\"a\":1,\"b\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]", "{b=#2}"},
    {"[1,2,3]", "[{\"op\":\"remove\",\"path\":\"/1\"}]", "[#1 #3]"},
    {"[1,2,3]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":{}}]", "[#1 {} #3]"},
    {"{\"a\":{\"b\":[{\"c\":1}]},\"d\":2}", "[{\"op\":\"replace\",\"path\":\"/a/b/0/c\",\"value\":9}]",
     "{a={b=[{c=#9}]} d=#2}"},
    {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":[1]}]", "[#1]"},
    {"{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]", "{b=#1}"},
    {"{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]", "{a=#1}"},
    {"{\"a\":1}", "[{\"op\":\"move\",\"from\":\"\",\"path\":\"\"}]", "{a=#1}"},
    {"{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a/b\",\"path\":\"/a\"}]", "{a=#1}"},
    {"{\"a\":{\"b\":1}}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/c\"}]", "{a={b=#1 c={b=#1}}}"},
    {"{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/b\"}]", "{a=#1 b={a=#1}}"},
    {"{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1.0},{\"op\":\"remove\",\"path\":\"/a\"}]",
     "{}"},
    {"{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/a\",\"value\":5,\"from\":7,\"more\":[]}]", "{}"},
    {"{\"op\":1}", "[{\"op\":\"replace\",\"path\":\"/op\",\"value\":{\"op\":\"x\"}}]", "{op={op='x'}}"},
    /* the operations themselves: all faults at once */
    {"{}", "[1]", "patch.operation 0"},
    {"{}", "[[]]", "patch.operation 0"},
    {"{}", "[{}]", "patch.operation 0/op, patch.operation 0/path"},
    {"{}", "[{\"op\":\"add\"}]", "patch.operation 0/path, patch.operation 0/value"},
    {"{}", "[{\"op\":\"Add\",\"path\":\"/a\",\"value\":1}]", "patch.operation 0/op"},
    {"{}", "[{\"OP\":\"add\",\"path\":\"/a\",\"value\":1}]", "patch.operation 0/op"},
    {"{}", "[{\"op\":\"spin\",\"path\":\"/a\",\"value\":1}]", "patch.operation 0/op"},
    {"{}", "[{\"op\":null,\"path\":\"/a\"}]", "patch.operation 0/op"},
    {"{}", "[{\"op\":\"add\",\"path\":1,\"value\":1}]", "patch.operation 0/path"},
    {"{}", "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]", "patch.operation 0/path"},
    {"{}", "[{\"op\":\"add\",\"path\":\"/~2\",\"value\":1}]", "patch.operation 0/path"},
    {"{}", "[{\"op\":\"replace\",\"path\":\"/a\"}]", "patch.operation 0/value"},
    {"{}", "[{\"op\":\"test\",\"path\":\"\"}]", "patch.operation 0/value"},
    {"{}", "[{\"op\":\"copy\",\"path\":\"/a\"}]", "patch.operation 0/from"},
    {"{}", "[{\"op\":\"move\",\"path\":\"/a\",\"from\":\"b\"}]", "patch.operation 0/from"},
    {"{\"a\":{}}", "[{\"op\":\"move\",\"path\":\"/a/b\",\"from\":\"/a\"}]", "patch.operation 0/path"},
    {"{\"a\":{}}", "[{\"op\":\"move\",\"path\":\"/a\",\"from\":\"\"}]", "patch.operation 0/path"},
    {"{}", "[7,{\"op\":\"test\",\"path\":\"/x\",\"value\":1},{\"op\":\"x\",\"path\":2},{\"path\":\"/a\"}]",
     "patch.operation 0, patch.operation 2/op, patch.operation 2/path, patch.operation 3/op"},
    /* the first that fails */
    {"{}", "[{\"op\":\"remove\",\"path\":\"/a\"}]", "patch.path 0/path"},
    {"{}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":1}]", "patch.path 0/path"},
    {"{}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]", "patch.path 0/path"},
    {"{\"a\":null}", "[{\"op\":\"add\",\"path\":\"/a/b\",\"value\":1}]", "patch.path 0/path"},
    {"{\"a\":\"x\"}", "[{\"op\":\"add\",\"path\":\"/a/0\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/2\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/00\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/01\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/-/a\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/x\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/18446744073709551616\",\"value\":1}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"remove\",\"path\":\"/-\"}]", "patch.path 0/path"},
    {"[1]", "[{\"op\":\"replace\",\"path\":\"/1\",\"value\":1}]", "patch.path 0/path"},
    {"{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/A\"}]", "patch.path 0/path"},
    {"{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"\"}]", "patch.path 0/path"},
    {"{}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/b\"}]", "patch.path 0/from"},
    {"{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1},{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/b\"}]",
     "patch.path 1/from"},
    {"{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]", "patch.test 0/path"},
    {"{\"a\":1}", "[{\"op\":\"test\",\"path\":\"/a\",\"value\":\"1\"}]", "patch.test 0/path"},
    {"{\"a\":null}", "[{\"op\":\"test\",\"path\":\"/b\",\"value\":null}]", "patch.test 0/path"},
    {"{\"a\":1}", "[{\"op\":\"remove\",\"path\":\"/a\"},{\"op\":\"test\",\"path\":\"/a\",\"value\":1}]",
     "patch.test 1/path"},
    {"{\"a\":1}", "{\"op\":\"remove\",\"path\":\"/a\"}", "body.shape -"},
    {"{\"a\":1}", "null", "body.shape -"},
};

/* "patch.path 0/path, ...": the faults, or the one error. */
static const char *told(apr_pool_t *pool, const cs_error_t *error)
{
    const char *list = "";

    for (error = error->next ? error->next : error; error; error = error->next) {
        list = apr_pstrcat(pool, list, *list ? ", " : "", code_of(error), " ",
                           error->field ? error->field : "-", NULL);
    }
    return list;
}

static const char *patched(cs_ctx_t *cx, const cs_patch_rules_t *rules, const char *doc, const char *patch)
{
    cs_ctx_t *reader = test_ctx(cx->pool); /* the limits under test are those of patching */
    const cs_doc_t *before = test_doc(reader, doc), *result = NULL;
    const char *described = test_described(cx->pool, before);
    cs_error_t *error = cs_patch_apply(cx, rules, before, test_doc(reader, patch), &result);

    if (strcmp(described, test_described(cx->pool, before)) != 0) {
        return "the document itself was changed";
    }
    return error ? told(cx->pool, error) : test_described(cx->pool, result);
}

static void test_strict(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(strict); i++) {
        is(patched(test_ctx(pool), NULL, strict[i].doc, strict[i].patch), strict[i].result, "%s and %s",
           strict[i].doc, strict[i].patch);
    }
}

/* ---------------- bounds */

static const char *repeated(apr_pool_t *pool, const char *op, int count)
{
    apr_size_t len = strlen(op);
    char *text = apr_palloc(pool, (len + 1) * (apr_size_t)count + 3), *at = text;

    for (int i = 0; i < count; i++) {
        *at++ = i ? ',' : '[';
        memcpy(at, op, len);
        at += len;
    }
    memcpy(at, "]", 2);
    return text;
}

static const char *nested(apr_pool_t *pool, int depth)
{
    char *text = apr_palloc(pool, 2 * (apr_size_t)depth + 1);

    memset(text, '[', (apr_size_t)depth);
    memset(text + depth, ']', (apr_size_t)depth);
    text[2 * depth] = '\0';
    return text;
}

static void test_bounds(apr_pool_t *pool)
{
    static const cs_limits_t small = {.body = 1000, .depth = 8, .values = 64};
    const char *doubling = "{\"op\":\"copy\",\"from\":\"\",\"path\":\"/-\"}";
    const char *append = "{\"op\":\"add\",\"path\":\"/-\",\"value\":1}";
    cs_ctx_t *cx = test_ctx(pool);
    const char *wide;

    ok(strncmp(patched(cx, NULL, "[]", repeated(pool, append, CS_PATCH_OPERATIONS)), "[#1 #1", 6) == 0,
       "as many operations as there may be");
    is(patched(cx, NULL, "[]", repeated(pool, append, CS_PATCH_OPERATIONS + 1)), "patch.size -",
       "one too many");
    is(patched(cx, NULL, "{}", repeated(pool, "1", CS_PATCH_OPERATIONS + 1)), "patch.size -",
       "too many are not even read");

    wide = repeated(pool, "1", 15000);
    is(patched(cx, NULL, wide, repeated(pool, "{\"op\":\"add\",\"path\":\"/0\",\"value\":1}", 1000)),
       "patch.size 66/path", "a thousand copies of a wide array are too much work");

    cx->limits = &small;
    is(patched(cx, NULL, "[1]", repeated(pool, doubling, 40)), "patch.size 5/from",
       "a document that doubles ends at the ceiling of values");
    is(patched(cx, NULL, "{\"a\":[[[[1]]]]}", "[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/0/0/0/0\"}]"),
       "patch.size 0/path", "a copy that nests too deep");
    is(patched(cx, NULL, "{\"a\":[[[]]]}",
               apr_pstrcat(pool, "[{\"op\":\"add\",\"path\":\"/a/0/0/0\",\"value\":", nested(pool, 4), "}]",
                           NULL)),
       "{a=[[[[[[[]]]]]]]}", "as deep as may be");
    is(patched(cx, NULL, "{\"a\":[[[]]]}",
               apr_pstrcat(pool, "[{\"op\":\"add\",\"path\":\"/a/0/0/0\",\"value\":", nested(pool, 5), "}]",
                           NULL)),
       "patch.size 0/path", "one too deep");
    is(patched(cx, NULL, "{}", "[{\"op\":\"add\",\"path\":\"/1/2/3/4/5/6/7/8/9\",\"value\":1}]"),
       "patch.operation 0/path", "a path that is longer than a document is deep");
}

/* ---------------- with rules */

static cs_error_t *judge(cs_ctx_t *cx, void *self, const cs_patch_op_t *op, const cs_pointer_t *path,
                         const char *field, cs_patch_use_t *use_out)
{
    const char *first = path->count ? path->segments[0].text : "";

    (void)op;
    if (self) {
        ++*(int *)self;
    }
    if (*first == 'X') {
        return cs_error_make(cx->pool, CS_E_PATCH_PATH, field, "there is no %s", first);
    }
    *use_out = *first == 'R' ? CS_PATCH_MAY_READ : *first == 'I' ? CS_PATCH_IGNORED : CS_PATCH_MAY_SET;
    return NULL;
}

static int same(cs_ctx_t *cx, void *self, const cs_pointer_t *path, const cs_doc_t *current,
                const cs_doc_t *wanted)
{
    (void)self;
    (void)path;
    return current ? cs_doc_same(cx->pool, current, wanted) : wanted->kind == CS_DOC_NULL;
}

static const struct {
    const char *doc, *patch, *result;
} lenient[] = {
    /* names and paths */
    {"{\"Name\":1}", "[{\"op\":\"replace\",\"path\":\"name\",\"value\":2}]", "{Name=#2}"},
    {"{\"Name\":1}", "[{\"OP\":\"REPLACE\",\"Path\":\"/NAME\",\"Value\":2}]", "{Name=#2}"},
    {"{\"A\":{\"B\":1}}", "[{\"op\":\"add\",\"path\":\"a/b\",\"value\":2}]", "{A={B=#2}}"},
    {"{\"A\":1}", "[{\"op\":\"Test\",\"path\":\"a\",\"value\":1.0}]", "{A=#1}"},
    /* members stay */
    {"{\"A\":1,\"B\":2}", "[{\"op\":\"remove\",\"path\":\"/a\"}]", "{A=null B=#2}"},
    {"{\"A\":1}", "[{\"op\":\"remove\",\"path\":\"/b/c\"}]", "{A=#1 b=null}"},
    {"{\"A\":null}", "[{\"op\":\"remove\",\"path\":\"/A/b\"}]", "{A=null}"},
    {"{\"A\":[1,2]}", "[{\"op\":\"remove\",\"path\":\"/a/0\"}]", "{A=[#2]}"},
    {"{\"A\":1,\"B\":2}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]", "{A=null B=#1}"},
    /* what is not there comes into being */
    {"{\"A\":null}", "[{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":1}]", "{A={b=#1}}"},
    {"{}", "[{\"op\":\"replace\",\"path\":\"/a/b/c\",\"value\":1}]", "{a={b={c=#1}}}"},
    /* arrays */
    {"{\"A\":[1]}", "[{\"op\":\"add\",\"path\":\"/a/-\",\"value\":2}]", "{A=[#1 #2]}"},
    {"{\"A\":[1]}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":[2,3]}]", "{A=[#1 #2 #3]}"},
    {"{\"A\":[1]}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":[]}]", "{A=[#1]}"},
    {"{\"A\":[1]}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":{\"b\":2}}]", "{A=[#1 {b=#2}]}"},
    {"{\"A\":[1]}", "[{\"op\":\"replace\",\"path\":\"/a\",\"value\":[2]}]", "{A=[#2]}"},
    {"{\"A\":[{\"B\":1}]}", "[{\"op\":\"replace\",\"path\":\"/a/0/b\",\"value\":2}]", "{A=[{B=#2}]}"},
    {"{\"A\":[1]}", "[{\"op\":\"replace\",\"path\":\"/a/1\",\"value\":2}]", "patch.path 0/path"},
    {"{\"A\":[1]}", "[{\"op\":\"remove\",\"path\":\"/a/b\"}]", "patch.path 0/path"},
    {"{\"A\":\"x\"}", "[{\"op\":\"replace\",\"path\":\"/a/b\",\"value\":2}]", "patch.path 0/path"},
    /* the judge */
    {"{}", "[{\"op\":\"add\",\"path\":\"/X1\",\"value\":1},{\"op\":\"add\",\"path\":\"/X2\",\"value\":1}]",
     "patch.path 0/path, patch.path 1/path"},
    {"{}",
     "[{\"op\":\"x\",\"path\":\"/X1\"},{\"op\":\"remove\",\"path\":\"/"
     "X2\"},{\"op\":\"test\",\"path\":\"X\"}]",
     "patch.operation 0/op, patch.operation 2/value, patch.path 1/path"},
    {"{\"R\":1}", "[{\"op\":\"add\",\"path\":\"/R\",\"value\":1}]", "patch.path 0/path"},
    {"{\"R\":1}", "[{\"op\":\"test\",\"path\":\"/R\",\"value\":1}]", "{R=#1}"},
    {"{\"R\":1}", "[{\"op\":\"copy\",\"from\":\"/R\",\"path\":\"/S\"}]", "{R=#1 S=#1}"},
    {"{\"R\":1}", "[{\"op\":\"copy\",\"from\":\"/R\",\"path\":\"/R\"}]", "patch.path 0/path"},
    {"{\"R\":1}", "[{\"op\":\"move\",\"from\":\"/R\",\"path\":\"/S\"}]", "patch.path 0/from"},
    {"{\"R\":1}", "[{\"op\":\"copy\",\"from\":\"/X\",\"path\":\"/X\"}]",
     "patch.path 0/from, patch.path 0/path"},
    {"{\"I\":1}",
     "[{\"op\":\"replace\",\"path\":\"/I\",\"value\":2},{\"op\":\"remove\",\"path\":\"/I/x/y\"}]", "{I=#1}"},
    {"{\"A\":1}", "[{\"op\":\"test\",\"path\":\"/b\",\"value\":null}]", "{A=#1}"},
    {"{\"A\":1}", "[{\"op\":\"test\",\"path\":\"/b\",\"value\":1}]", "patch.test 0/path"},
    {"{}", "[{\"op\":\"add\",\"OP\":\"add\",\"path\":\"/a\",\"value\":1}]", "patch.operation 0/op"},
    {"{}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":1,\"VALUE\":2}]", "patch.operation 0/value"},
};

static void test_lenient(apr_pool_t *pool)
{
    cs_patch_rules_t rules = {.judge = judge, .same = same};
    const cs_doc_t *unused = NULL;
    cs_error_t *error;
    int asked = 0;

    for (size_t i = 0; i < COUNT(lenient); i++) {
        is(patched(test_ctx(pool), &rules, lenient[i].doc, lenient[i].patch), lenient[i].result,
           "PATCH-3, PATCH-6, PATCH-7, PATCH-14: %s and %s", lenient[i].doc, lenient[i].patch);
    }
    rules.self = &asked;
    is(patched(test_ctx(pool), &rules, "{}",
               "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/"
               "a\"}]"),
       "patch.test 0/path", "PATCH-9: the first that fails");
    is_int(asked, 3, "and each path was judged before");
    rules.refused = 1u << CS_PATCH_MOVE | 1u << CS_PATCH_COPY;
    is(patched(test_ctx(pool), &rules, "{\"A\":1}",
               "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"},{\"op\":\"Copy\",\"from\":\"/"
               "a\",\"path\":\"/b\"}]"),
       "patch.operation 0/op, patch.operation 1/op", "PATCH-2: operations that are not taken");
    error = cs_patch_apply(test_ctx(pool), &rules, test_doc(test_ctx(pool), "{}"),
                           test_doc(test_ctx(pool), "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/b\"}]"),
                           &unused);
    is(error ? error->message : NULL, "operation 0: 'op' is one of add, remove, replace, test, not 'move'",
       "PATCH-2: and the message says which are");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_strict(pool);
    test_bounds(pool);
    test_lenient(pool);
    return done();
}
