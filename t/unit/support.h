/* support.h -- what several test programs need: a pool, a context, a log that remembers, locales.
 *
 * A program starts with test_start(); everything it makes lives in that pool or in one below. */
#ifndef CS_T_SUPPORT_H
#define CS_T_SUPPORT_H

#include "base/ctx.h"
#include "base/error.h"
#include "base/log.h"
#include "wire/json.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#define COUNT(table)  (sizeof(table) / sizeof((table)[0]))
#define BYTES(string) string, sizeof(string) - 1 /* a literal that may hold U+0000 */

static inline apr_pool_t *test_start(void)
{
    apr_pool_t *pool = NULL;

    if (apr_initialize() != APR_SUCCESS || atexit(apr_terminate) ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        printf("Bail out! no pool\n");
        exit(1);
    }
    return pool;
}

/* A path below the top of the source, wherever the build is. */
static inline const char *test_source(apr_pool_t *pool, const char *path)
{
    const char *top = getenv("CS_SOURCE");

    return apr_pstrcat(pool, top ? top : ".", "/", path, NULL);
}

/* A context with the default limits; a test that needs others puts its own in their place. */
static inline cs_ctx_t *test_ctx(apr_pool_t *pool)
{
    static const cs_limits_t limits = {.body = 1024 * 1024, .depth = 32, .values = 20000};
    static const cs_locale_t locale = {.base_zone = NULL};
    cs_ctx_t *cx = apr_pcalloc(pool, sizeof(*cx));

    cx->pool = pool;
    cx->limits = &limits;
    cx->locale = &locale;
    return cx;
}

/* The wire code of an error, "" for success: what tables of cases hold. */
static inline const char *code_of(const cs_error_t *error)
{
    return error ? cs_code_row(error->code)->wire : "";
}

/* The document of a text that is known to be one. */
static inline cs_doc_t *test_doc(cs_ctx_t *cx, const char *json)
{
    cs_doc_t *doc = NULL;
    cs_error_t *error = cs_json_decode(cx, json, strlen(json), &doc);

    if (error) {
        printf("Bail out! the test's own JSON is wrong: %s\n", error->message);
        exit(1);
    }
    return doc;
}

/* A document as one line: {name=#12 other=['text' null true]}. */
static inline const char *test_described(apr_pool_t *pool, const cs_doc_t *doc)
{
    const char *line;

    switch (doc->kind) {
    case CS_DOC_NULL:
        return "null";
    case CS_DOC_BOOL:
        return doc->truth ? "true" : "false";
    case CS_DOC_NUMBER:
        return apr_pstrcat(pool, "#", doc->text, NULL);
    case CS_DOC_STRING:
        return apr_psprintf(pool, "'%s'", doc->text);
    case CS_DOC_ARRAY:
        line = "[";
        for (int i = 0; i < doc->count; i++) {
            line = apr_pstrcat(pool, line, i ? " " : "", test_described(pool, doc->items[i]), NULL);
        }
        return apr_pstrcat(pool, line, "]", NULL);
    case CS_DOC_OBJECT:
        line = "{";
        for (int i = 0; i < doc->count; i++) {
            line = apr_pstrcat(pool, line, i ? " " : "", doc->members[i].name, "=",
                               test_described(pool, doc->members[i].value), NULL);
        }
        return apr_pstrcat(pool, line, "}", NULL);
    }
    return "a kind that there is not";
}

/* A log that keeps its lines, each with its level in front, up to `most`. */
typedef struct test_log_t {
    cs_log_t log;
    apr_pool_t *pool;
    cs_level_t most;
    const char *lines;
} test_log_t;

static inline int test_log_wants(const cs_log_t *log, cs_level_t level)
{
    const test_log_t *self = (const test_log_t *)log;

    return level <= self->most;
}

static inline void test_log_write(const cs_log_t *log, cs_level_t level, const char *line)
{
    test_log_t *self = *(test_log_t *const *)log->sink;

    self->lines = apr_psprintf(self->pool, "%s%d|%s\n", self->lines, (int)level, line);
}

static inline test_log_t *test_log_make(apr_pool_t *pool, cs_level_t most)
{
    test_log_t *self = apr_pcalloc(pool, sizeof(*self));

    self->pool = pool;
    self->most = most;
    self->lines = "";
    self->log.wants = test_log_wants;
    self->log.write = test_log_write;
    self->log.sink = apr_pmemdup(pool, &self, sizeof(self));
    return self;
}

/* Enters a locale whose decimal point is `point`, if one is installed: its name, or NULL. */
static inline const char *test_numeric_locale(const char *point)
{
    static const char *const names[] = {"de_DE.utf8",  "nb_NO.utf8", "fr_FR.utf8",  "sv_SE.utf8",
                                        "da_DK.utf8",  "es_ES.utf8", "de_DE.UTF-8", "nb_NO.UTF-8",
                                        "fr_FR.UTF-8", "ps_AF.utf8", "ps_AF.UTF-8", "ps_AF"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (setlocale(LC_NUMERIC, names[i]) && strcmp(localeconv()->decimal_point, point) == 0) {
            return names[i];
        }
    }
    setlocale(LC_NUMERIC, "C");
    return NULL;
}

#endif
