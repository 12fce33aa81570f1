/* t/fuzz/language.c -- any list of languages, and any text for who reads them: headers up to the first line
 * end, the text behind it. */
#include "base/lang.h"
#include "base/strings.h"
#include "fuzz.h"

static const cs_strings_t *strings(void)
{
    static const cs_strings_t *table;
    static const char text[] =
        "SR_YES US:\"Yes\";NO:\"Ja\"\nSR_A US:\"[SR_A]\"\nSR_LONG NO:\"a text that is longer\"";
    const char *reason;

    if (!table) {
        table = cs_strings_parse(fuzz_pool(), text, sizeof(text) - 1, &reason);
        must(table);
    }
    return table;
}

static int has_mark(const char *text, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        if (text[i] == '[' || (text[i] == ':' && i + 1 < len && text[i + 1] == '"')) {
            return 1;
        }
    }
    return 0;
}

static void check_languages(const cs_languages_t *languages)
{
    int seen = 0;

    must(languages->count >= 0 && languages->count <= CS_LANGUAGES);
    for (int i = 0; i < languages->count; i++) {
        must(languages->order[i] >= 0 && languages->order[i] < CS_LANGUAGES);
        must(!(seen & 1 << languages->order[i]));
        seen |= 1 << languages->order[i];
    }
    must(strlen(cs_languages_first(languages)) == 2);
}

/* A file of strings is read or refused with a line. */
static void check_strings(apr_pool_t *pool, const char *text)
{
    const char *reason = NULL;

    if (!cs_strings_parse(pool, text, strlen(text), &reason)) {
        must(reason && !strncmp(reason, "line ", 5));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const uint8_t *line = memchr(data, '\n', size);
    size_t header_size = line ? (size_t)(line - data) : size;
    const char *header = fuzz_text(pool, data, header_size);
    apr_size_t len = line ? size - header_size - 1 : 0, before = len;
    char *exact = malloc(len + 1); /* so that a sanitizer sees each byte that is read behind it */
    const char *text = exact;
    cs_languages_t languages;

    must(exact);
    memcpy(exact, line ? line + 1 : data, len);
    exact = realloc(exact, len ? len : 1);
    text = exact;
    cs_languages_cancelled(header);
    if (cs_languages_parse(header, &languages)) {
        int valid = cs_utf8_valid(text, len, NULL), marked = has_mark(text, len);

        check_languages(&languages);
        cs_lang_translate(pool, &languages, strings(), &text, &len);
        must(marked || (text == exact && len == before));
        must(!valid || cs_utf8_valid(text, len, NULL));
        must(len <= before * 4 + 1); /* the longest text of the table against the shortest reference */
    }
    check_strings(pool, fuzz_text(pool, data, size));
    free(exact);
    apr_pool_destroy(pool);
    return 0;
}
