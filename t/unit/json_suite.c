/* t/unit/json_suite.c -- every file of the public JSONTestSuite, in ../shared/corpora or where CS_CORPORA
 * says.
 *
 * n_ must be refused, y_ accepted, i_ is free.  Two kinds of y_ are refused on purpose: names that stand
 * twice (readers disagree on which counts) and U+0000 (cannot be stored). */
#include "support.h"
#include "tap.h"

#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_tables.h>

static const char *suite_path(apr_pool_t *pool)
{
    const char *corpora = getenv("CS_CORPORA");

    return apr_pstrcat(pool, corpora ? corpora : test_source(pool, "../shared/corpora"),
                       "/json-test-suite/test_parsing", NULL);
}

static const char *slurp(apr_pool_t *pool, const char *path, apr_size_t *len_out)
{
    apr_file_t *file;
    apr_finfo_t info;
    char *bytes;

    if (apr_file_open(&file, path, APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, pool) != APR_SUCCESS ||
        apr_file_info_get(&info, APR_FINFO_SIZE, file) != APR_SUCCESS) {
        return NULL;
    }
    *len_out = (apr_size_t)info.size;
    bytes = apr_palloc(pool, *len_out + 1);
    if (*len_out && apr_file_read_full(file, bytes, *len_out, NULL) != APR_SUCCESS) {
        return NULL;
    }
    apr_file_close(file);
    return bytes;
}

/* Whether an escaped U+0000 is in it, and not a backslash with "u0000" behind it. */
static int holds_nul(const char *bytes, apr_size_t len)
{
    for (apr_size_t i = 0; i + 6 <= len; i++) {
        if (bytes[i] == '\\' && memcmp(bytes + i + 1, "u0000", 5) == 0) {
            return 1;
        }
        i += bytes[i] == '\\';
    }
    return 0;
}

static void test_suite_file(apr_pool_t *pool, const char *path, const char *name)
{
    apr_size_t len = 0;
    const char *bytes = slurp(pool, path, &len);
    cs_error_t *error, *again;
    cs_doc_t *doc = NULL;

    if (!bytes) {
        ok(0, "%s can be read", name);
        return;
    }
    error = cs_json_decode(test_ctx(pool), bytes, len, &doc);
    again = cs_json_decode(test_ctx(pool), bytes, len, &doc);
    if (*name == 'n') {
        ok(error != NULL, "R-1, JSON-17: %s is refused", name);
    }
    else if (*name == 'y' && holds_nul(bytes, len)) {
        is(code_of(error), "text.nul", "%s is refused, for its U+0000", name);
    }
    else if (*name == 'y' && strstr(name, "duplicated_key")) {
        is(code_of(error), "json.duplicate", "R-2, JSON-18: %s is refused, for a name that stands twice",
           name);
    }
    else if (*name == 'y') {
        is(error ? error->message : NULL, NULL, "R-1: %s is accepted", name);
    }
    else {
        is(error ? error->message : NULL, again ? again->message : NULL, "%s gets one answer", name);
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void test_suite(apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_make(pool, 400, sizeof(const char *));
    const char *path = suite_path(pool);
    apr_pool_t *scratch = NULL;
    apr_finfo_t info;
    apr_dir_t *dir;

    if (apr_dir_open(&dir, path, pool) != APR_SUCCESS) {
        skip("the JSON test suite is not here; CS_CORPORA may name the folder it is in");
        return;
    }
    while (apr_dir_read(&info, APR_FINFO_NAME, dir) == APR_SUCCESS) {
        if (strstr(info.name, ".json")) {
            APR_ARRAY_PUSH(names, const char *) = apr_pstrdup(pool, info.name);
        }
    }
    apr_dir_close(dir);
    qsort(names->elts, (size_t)names->nelts, sizeof(const char *), by_name);
    apr_pool_create(&scratch, pool);
    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        test_suite_file(scratch, apr_pstrcat(scratch, path, "/", name, NULL), name);
        apr_pool_clear(scratch);
    }
    ok(names->nelts > 0, "the suite has files");
}

int main(void)
{
    test_suite(test_start());
    return done();
}
