/* t/unit/patch_suite.c -- the public cases of JSON Patch and JSON Merge Patch, in ../shared/corpora or where
 * CS_CORPORA says: every one that is not disabled. */
#include "doc/merge.h"
#include "doc/patch.h"
#include "doc/same.h"
#include "support.h"
#include "tap.h"

#include <apr_file_info.h>
#include <apr_file_io.h>

static char *slurp(apr_pool_t *pool, const char *name)
{
    const char *corpora = getenv("CS_CORPORA");
    const char *path =
        apr_pstrcat(pool, corpora ? corpora : test_source(pool, "../shared/corpora"), "/", name, NULL);
    apr_file_t *file;
    apr_finfo_t info;
    char *bytes;

    if (apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS) {
        return NULL;
    }
    bytes = apr_pcalloc(pool, (apr_size_t)info.size + 1);
    if (apr_file_read_full(file, bytes, (apr_size_t)info.size, NULL) != APR_SUCCESS) {
        return NULL;
    }
    apr_file_close(file);
    return bytes;
}

/* The next object of an array, cut out: one of the cases is no JSON to us, for it has a name twice. */
static const char *next_case(char **at, apr_size_t *len_out)
{
    char *start = strchr(*at, '{');
    int depth = 0, quoted = 0;

    for (char *c = start; c && *c; c++) {
        if (quoted) {
            quoted = *c != '"';
            c += *c == '\\';
            continue;
        }
        quoted = *c == '"';
        depth += (*c == '{') - (*c == '}');
        if (depth == 0) {
            *at = c + 1;
            *len_out = (apr_size_t)(*at - start);
            return start;
        }
    }
    return NULL;
}

static const char *text_of(const cs_doc_t *test, const char *name, const char *otherwise)
{
    const cs_doc_t *found = cs_doc_find(test, name, NULL);

    return found && found->kind == CS_DOC_STRING ? found->text : otherwise;
}

static void test_patch(cs_ctx_t *cx, const char *file, int number, const cs_doc_t *test)
{
    const cs_doc_t *doc = cs_doc_find(test, "doc", NULL), *patch = cs_doc_find(test, "patch", NULL);
    const cs_doc_t *expected = cs_doc_find(test, "expected", NULL), *result = NULL;
    const char *name = text_of(test, "comment", text_of(test, "error", "no comment"));
    cs_error_t *error = cs_patch_apply(cx, NULL, doc, patch, &result);

    if (!expected) {
        ok(error != NULL, "%s %d: %s", file, number, name);
        return;
    }
    ok(!error && cs_doc_same(cx->pool, result, expected), "%s %d: %s", file, number, name);
}

static void test_merge(cs_ctx_t *cx, const char *file, int number, const cs_doc_t *test)
{
    const cs_doc_t *doc = cs_doc_find(test, "doc", NULL), *patch = cs_doc_find(test, "patch", NULL);
    const cs_doc_t *result = cs_merge_apply(cx->pool, doc, patch);

    ok(cs_doc_same(cx->pool, result, cs_doc_find(test, "expected", NULL)), "%s %d: %s", file, number,
       text_of(test, "id", "no id"));
}

static void test_suite(apr_pool_t *pool, const char *file,
                       void (*run)(cs_ctx_t *cx, const char *file, int number, const cs_doc_t *test))
{
    char *at = slurp(pool, file);
    const char *text;
    apr_size_t len = 0;
    int number = 0;

    if (!at) {
        skip("the cases are not here; CS_CORPORA may name the folder they are in");
        return;
    }
    while ((text = next_case(&at, &len))) {
        cs_doc_t *test = NULL;
        const cs_doc_t *disabled;
        cs_error_t *error = cs_json_decode(test_ctx(pool), text, len, &test);

        number++;
        if (error) {
            is(code_of(error), "json.duplicate", "%s %d: a name that stands twice is no JSON here", file,
               number);
            continue;
        }
        disabled = cs_doc_find(test, "disabled", NULL);
        if (!disabled || !disabled->truth) {
            run(test_ctx(pool), file, number, test);
        }
    }
    ok(number > 0, "%s has cases", file);
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_suite(pool, "json-patch-tests/spec_tests.json", test_patch);
    test_suite(pool, "json-patch-tests/tests.json", test_patch);
    test_suite(pool, "merge-patch/rfc7396.json", test_merge);
    return done();
}
