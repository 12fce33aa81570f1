/* t/unit/strings.c -- files of resource strings: what is read, and what is wrong in which line. */
#include "base/strings.h"
#include "support.h"
#include "tap.h"

#include <unistd.h>

#define Y "SR_YES US:\"Yes\";NO:\"Ja\""

static const struct {
    const char *text, *wrong; /* wrong NULL: it is fine, and SR_YES is in it */
} files[] = {
    {Y, NULL},
    {Y "\n", NULL},
    {Y "\r\n", NULL},
    {"\xEF\xBB\xBF" Y "\n", NULL},
    {"# comment\n\n  \n" Y " \t\n#end", NULL},
    {"SR_YES\tUS:\"Yes\";NO:\"Ja\"\nSR_NO   US:\"No\";\n", NULL},
    {"SR_YES\n", "line 1: the name is not followed"},
    {"SR_YES \t\n" Y, "line 1: the name is not followed"},
    {"SR_YES ", "line 1: the name is not followed"},
    {"\n\nSR_YES Yes\n", "line 3: the name is not followed"},
    {"SR_YES US:\"Yes\" \"\n", "line 1: the name is not followed"},
    {"SR_YES US:\"Yes\";XX:\"Ja\"\n", "line 1: the name is not followed"},
    {"SR_YES US:\"Yes\n\"", "line 1: the name is not followed"},
    {"SR_YESUS:\"Yes\"\n", "line 1: the name is not followed"},
    {"YES US:\"Yes\"\n", "line 1: it does not begin with a name"},
    {" " Y "\n", "line 1: it does not begin with a name"},
    {"SR_ US:\"Yes\"\n", "line 1: it does not begin with a name"},
    {"[SR_YES] US:\"Yes\"\n", "line 1: it does not begin with a name"},
    {"SR_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA US:\"x\"",
     "line 1: it does not begin"},
    {Y "\n" Y "\n", "line 2: its name has been there before"},
    {"SR_YES US:\"\xC3(\"\n", "line 1: it is not UTF-8"},
    {"SR_YES US:\"a\x01\"\n", "line 1: it is not UTF-8, or holds a control character"},
};

static void test_files(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(files); i++) {
        const char *reason = "";
        const cs_strings_t *strings = cs_strings_parse(pool, files[i].text, strlen(files[i].text), &reason);
        apr_size_t len = 0;

        if (files[i].wrong) {
            ok(!strings && strstr(reason, files[i].wrong) == reason, "RES-1: %.60s: %s", files[i].text,
               files[i].wrong);
            continue;
        }
        ok(strings && cs_strings_find(strings, "SR_YES", 6, &len) && len == strlen("US:\"Yes\";NO:\"Ja\""),
           "RES-1: %.60s", files[i].text);
        ok(strings && !cs_strings_find(strings, "SR_MAYBE", 8, &len),
           "RES-2: what is not there is not found");
    }
}

static void test_bounds(apr_pool_t *pool)
{
    const char *reason = "";
    char *line = apr_palloc(pool, 4101), *all = apr_palloc(pool, 10001 * 24), *at = all;

    memset(line, 'x', 4100);
    memcpy(line, "SR_X US:\"", 9);
    line[4099] = '"';
    line[4100] = '\0';
    ok(!cs_strings_parse(pool, line, 4100, &reason) && strstr(reason, "longer than 4000 bytes"),
       "a line has an end");
    for (int i = 0; i < 10001; i++) {
        at += snprintf(at, 24, "SR_%06d US:\"x\"\n", i);
    }
    ok(!cs_strings_parse(pool, all, (apr_size_t)(at - all), &reason) &&
           strstr(reason, "line 10001: it is one more than 10000 names"),
       "and a file");
}

static void test_paths(apr_pool_t *pool)
{
    static const char *const none[] = {"/nowhere/at/all", "/", "/dev/null", ""};
    const char *reason = NULL;
    const cs_strings_t *strings = cs_strings_load(pool, test_source(pool, "conf/strings.txt"), &reason);
    apr_size_t len;

    is(reason && !strings ? reason : NULL, NULL, "the file that comes with the module is fine");
    ok(strings && cs_strings_find(strings, "SR_MANDATORY_FIELD", 18, &len),
       "RES-1: it has SR_MANDATORY_FIELD");
    for (size_t i = 0; i < COUNT(none); i++) {
        reason = NULL;
        ok(!cs_strings_load(pool, none[i], &reason) && reason, "'%s' is no such file", none[i]);
    }
}

static void test_joined(apr_pool_t *pool)
{
    apr_array_header_t *tables = apr_array_make(pool, 2, sizeof(const cs_strings_t *));
    const char *reason, *block;
    const cs_strings_t *all, *first = cs_strings_parse(pool, Y "\nSR_NO US:\"No\"", strlen(Y) + 14, &reason);
    apr_size_t len;

    ok(!cs_strings_join(pool, NULL) && !cs_strings_join(pool, tables), "of no tables there is none");
    APR_ARRAY_PUSH(tables, const cs_strings_t *) = first;
    ok(cs_strings_join(pool, tables) == first, "of one it is that one");
    APR_ARRAY_PUSH(tables, const cs_strings_t *) = cs_strings_parse(pool, "SR_YES US:\"Yea\"", 15, &reason);
    all = cs_strings_join(pool, tables);
    block = cs_strings_find(all, "SR_YES", 6, &len);
    is(block ? apr_pstrmemdup(pool, block, len) : NULL, "US:\"Yea\"", "of several the later one counts");
    ok(cs_strings_find(all, "SR_NO", 5, &len), "and what it does not have comes from the earlier");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_files(pool);
    test_bounds(pool);
    test_paths(pool);
    test_joined(pool);
    return done();
}
