/* t/unit/lang.c -- language headers, and texts in several languages. */
#include "base/lang.h"
#include "base/strings.h"
#include "support.h"
#include "tap.h"

#define HOURS                                                       \
    "US:\"Opening hours\";NO:\"\xC3\x85pningstider\";GE:\"\xC3\x96" \
    "ffnungszeiten\""

/* ---------------- headers */

static const struct {
    const char *rule, *header, *order; /* order NULL: no language */
} headers[] = {
    {"LANG-2", "fr,de,ru,zh", "FR GE RU CN"},
    {"LANG-2", "fr, de , ru\t,zh", "FR GE RU CN"},
    {"LANG-4", "*", NULL},
    {"LANG-4", "fr, *;q=0.1", "FR"},
    {"LANG-5", "sv", "SW"},
    {"LANG-5", "nb-NO", "NO"},
    {"LANG-5", "NB-no", "NO"},
    {"LANG-5", "nb_NO", "NO"},
    {"LANG-5", "zh-Hans-CN", "CN"},
    {"LANG-5", "NO", "NO"},
    {"LANG-5", "US", "US"},
    {"LANG-5", "us", "US"},
    {"LANG-5", "SW", "SW"}, /* Swahili has no language here, so the code is meant */
    {"LANG-5", "GE,SP,CZ,CN,JP", "GE SP CZ CN JP"},
    {"LANG-5", "DA,FI,FR,NL,IT,PL,RU", "DA FI FR NL IT PL RU"},
    {"LANG-6", "en-us; en-gb", "US"},
    {"LANG-6", "de; en-gb, fr", "GE FR"},
    {"LANG-6", "de en", "GE"},
    {"LANG-6", "fr;q=0.5,de;q=0.8", "GE FR"},
    {"LANG-6", "fr;q=0.5,de;q=0.5,it", "IT FR GE"},
    {"LANG-6", "fr;Q = 0.5 , de", "GE FR"},
    {"LANG-6", "fr;level=1;q=0.1,de;q=0.2", "GE FR"},
    {"LANG-6", "fr;q=0,de", "GE"},
    {"LANG-6", "fr;q=0.000,de;q=0.001", "GE"},
    {"LANG-6", "fr;q=0", NULL},
    {"LANG-6", "fr;q=nonsense,de;q=0.9", "FR GE"},
    {"LANG-6", "fr;q=7,de", "FR GE"},
    {"LANG-6", "fr;q,de", "FR GE"},
    {"LANG-6", "nb;q=0.2,de;q=0.5,no;q=0.9", "NO GE"},
    {"LANG-6", "nb;q=0.9,de;q=0.5,no;q=0.2", "NO GE"},
    {"LANG-6", "nb,nn,no,NO,nb-NO", "NO"},
    {"LANG-6", "", NULL},
    {"LANG-6", " ", NULL},
    {"LANG-6", ",,;;,", NULL},
    {"LANG-6", ";q=1", NULL},
    {"LANG-6", "x", NULL},
    {"LANG-6", "-", NULL},
    {"LANG-6", "i-klingon", NULL},
    {"LANG-6", "12", NULL},
    {"LANG-6", "n1,de", "GE"},
    {"LANG-6", "abcdefghi,de", "GE"},
    {"LANG-6", "\xC3\xA5s,de", "GE"},
    {"LANG-6", "de\x01,fr", "GE FR"},
    {"ML-4", "nb,nn", "NO"},
    {"ML-4", "nn", "NO"},
    {"ML-4", "no", "NO"},
    {"ML-4", "en", "US"},
    {"ML-4", "en-GB", "US"},
    {"ML-4", "sv", "SW"},
    {"ML-4", "da", "DA"},
    {"ML-4", "de", "GE"},
    {"ML-4", "fr", "FR"},
    {"ML-4", "nl", "NL"},
    {"ML-4", "fi", "FI"},
    {"ML-4", "es", "SP"},
    {"ML-4", "it", "IT"},
    {"ML-4", "pl", "PL"},
    {"ML-4", "ru", "RU"},
    {"ML-4", "cs", "CZ"},
    {"ML-4", "zh", "CN"},
    {"ML-4", "ja", "JP"},
    {"ML-4", "ko", ""}, /* English, as the last resort */
    {"ML-4", "xx-YY", ""},
    {"LANG-2", "ko,de", "GE"}, /* the first usable one */
    {"LANG-2", "en,sv,nb,da,de,fr,nl,fi,es,it,pl,ru,cs,zh,ja,ko,en-GB",
     "US SW NO DA GE FR NL FI SP IT PL RU CZ CN JP"},
};

/* The codes in their order, found by what they choose out of a block of all. */
static const char *order_of(apr_pool_t *pool, const cs_languages_t *languages)
{
    static const char *const codes[] = {"US", "NO", "SW", "DA", "GE", "FR", "NL", "FI",
                                        "SP", "IT", "PL", "RU", "CZ", "CN", "JP"};
    const char *order = "";

    for (int i = 0; i < languages->count; i++) {
        cs_languages_t one = {1, {languages->order[i]}};
        const char *text = "";
        apr_size_t len;

        for (size_t c = 0; c < COUNT(codes); c++) {
            text = apr_pstrcat(pool, text, codes[c], ":\"", codes[c], "\";", NULL);
        }
        len = strlen(text);
        cs_lang_translate(pool, &one, NULL, &text, &len);
        order = apr_pstrcat(pool, order, *order ? " " : "", apr_pstrmemdup(pool, text, len), NULL);
    }
    return order;
}

static void test_headers(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        cs_languages_t languages;
        int found = cs_languages_parse(headers[i].header, &languages);

        is(found ? order_of(pool, &languages) : NULL, headers[i].order, "%s: '%s'", headers[i].rule,
           headers[i].header);
    }
}

static void test_long_header(apr_pool_t *pool)
{
    char *header = apr_palloc(pool, 300001);
    cs_languages_t languages;

    for (int i = 0; i < 100000; i++) {
        memcpy(header + 3 * (size_t)i, i % 3 ? "de," : i % 2 ? "fr," : "xx,", 3);
    }
    header[300000] = '\0';
    ok(cs_languages_parse(header, &languages), "a list of 100000 is read");
    is(order_of(pool, &languages), "GE FR", "and stays as short as there are languages");
}

static const struct {
    const char *header;
    int cancelled;
} cancels[] = {
    {"*", 1},   {"x", 1},  {"X", 1},  {"", 1},     {"-", 1},  {" ", 1},     {" x ", 1},
    {"\t*", 1}, {"de", 0}, {"xx", 0}, {"x,de", 0}, {"--", 0}, {"*;q=1", 0}, {"NO", 0},
};

static void test_cancels(void)
{
    for (size_t i = 0; i < COUNT(cancels); i++) {
        is_int(cs_languages_cancelled(cancels[i].header), cancels[i].cancelled, "LANG-3: SO-Language '%s'",
               cancels[i].header);
    }
}

static void test_first(void)
{
    static const char *const tags[][2] = {{"nb", "no"}, {"nn-NO", "no"}, {"US", "en"}, {"GE,fr", "de"},
                                          {"ko", "en"}, {"zh", "zh"},    {"SP", "es"}, {"CZ", "cs"}};

    for (size_t i = 0; i < COUNT(tags); i++) {
        cs_languages_t languages;

        cs_languages_parse(tags[i][0], &languages);
        is(cs_languages_first(&languages), tags[i][1], "for '%s' Content-Language says", tags[i][0]);
    }
}

/* ---------------- texts */

static const struct {
    const char *rule, *asked, *text, *shown; /* shown NULL: the text as it is, where it is */
} texts[] = {
    {"ML-1", "nb", HOURS, "\xC3\x85pningstider"},
    {"ML-1", "de", HOURS,
     "\xC3\x96"
     "ffnungszeiten"},
    {"ML-1", "en", HOURS, "Opening hours"},
    {"ML-1", "nb", HOURS ";", "\xC3\x85pningstider"},
    {"ML-1", "nb", "US:\"Customer\";NO:\"Kunde\";", "Kunde"},
    {"ML-1", "nb", "NO:\"\";US:\"x\"", ""},
    {"ML-5", "fr,de;q=0.8", HOURS,
     "\xC3\x96"
     "ffnungszeiten"},
    {"ML-5", "sv", HOURS, "Opening hours"},
    {"ML-5", "ko", HOURS, "Opening hours"},
    {"ML-5", "sv", "NO:\"Ja\";GE:\"Jawohl\"", "Ja"},
    {"ML-5", "sv", "GE:\"Jawohl\";US:\"Yes\";NO:\"Ja\"", "Yes"},
    {"ML-5", "ko", "GE:\"Jawohl\";NO:\"Ja\"", "Jawohl"},
    {"ML-5", "nb", "NO:\"eins\";NO:\"to\"", "eins"},
    {"ML-2", "nb", "US: \"a\"", NULL},
    {"ML-2", "nb", "US :\"a\"", NULL},
    {"ML-2", "nb", "US:a", NULL},
    {"ML-2", "nb", "US:'a'", NULL},
    {"ML-2", "nb", "us:\"a\"", NULL},
    {"ML-2", "nb", "XX:\"a\"", NULL},
    {"ML-2", "nb", "US:\"a", NULL},
    {"ML-2", "nb", "US:\"", NULL},
    {"ML-2", "nb", ":\"a\"", NULL},
    {"ML-2", "nb", "S:\"a\"", NULL},
    {"ML-2", "nb", "AUS:\"a\"", NULL},
    {"ML-2", "nb", "1US:\"a\"", NULL},
    {"ML-2", "nb", "\xC3\x85US:\"a\"", NULL}, /* a letter too */
    {"ML-2", "nb", "\xE6\x97\xA5US:\"a\"", NULL},
    {"ML-2", "nb", "\xE2\x80\x93US:\"a\"",
     "\xE2\x80\x93"
     "a"}, /* a dash is none */
    {"ML-2", "nb", "\xC2\xABUS:\"a\"\xC2\xBB",
     "\xC2\xAB"
     "a\xC2\xBB"},
    {"ML-2", "nb", "US:\"a\"", "a"},
    {"ML-2", "nb", "US:\"a\";", "a"},
    {"ML-2", "nb", "US:\"a\";;", "a;"},
    {"ML-2", "nb", "US:\"a\"; NO:\"b\"", "a b"},
    {"ML-2", "nb", "US:\"a\";XX:\"b\"", "aXX:\"b\""},
    {"ML-2", "nb", "US:\"a\";NO:\"b", "aNO:\"b"},
    {"ML-2", "nb", "US:\"a\"NO:\"b\"", "ab"},
    {"ML-2", "nb", "XX:\"US:\"a\"", "XX:\"a"},
    {"ML-3", "nb", "Re: US:\"Yes\";NO:\"Ja\" (2)", "Re: Ja (2)"},
    {"ML-3", "nb", "US:\"Yes\";NO:\"Ja\" / US:\"No\";NO:\"Nei\"", "Ja / Nei"},
    {"ML-3", "nb", "(US:\"Yes\";NO:\"Ja\")", "(Ja)"},
    {"ML-3", "nb", "before NO:\"\" after", "before  after"},
    {"LANG-1", NULL, HOURS, NULL},
    {"LANG-1", NULL, "[SR_YES]", NULL},
    {"RES-1", "nb", "[SR_YES]", "Ja"},
    {"RES-1", "sv", "[SR_YES]", "Yes"},
    {"RES-1", "nb", "Svar: [SR_YES], [SR_NO].", "Svar: Ja, Nei."},
    {"RES-1", "nb", "US:\"Yes\";NO:\"[SR_YES]!\"", "Ja!"},
    {"RES-1", "nb", "US:\"Yes\";NO:\"a [SR_X] b [SR_YES] c\" d", "a [SR_X] b Ja c d"},
    {"RES-1", "nb", "[[SR_YES]]", "[Ja]"},
    {"RES-1", "nb", "[SR_LOOP]", "[SR_LOOP]"}, /* texts of the table are not looked into */
    {"RES-2", "nb", "[SR_UNKNOWN]", NULL},
    {"RES-2", "nb", "[SR_UNKNOWN] [SR_YES]", "[SR_UNKNOWN] Ja"},
    {"RES-2", "nb", "[SR_yes]", NULL},
    {"RES-2", "nb", "[SR_YES", NULL},
    {"RES-2", "nb", "[SR_", NULL},
    {"RES-2", "nb", "[", NULL},
    {"RES-2", "nb", "[]", NULL},
    {"RES-2", "nb", "SR_YES]", NULL},
    {"RES-2", "nb", "[SR_YES ]", NULL},
    {"RES-2", "nb", "[SR_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]",
     NULL},
    {"ML-6", "nb", "", NULL},
    {"ML-6", "nb", "plain", NULL},
    {"ML-6", "nb", "10:30 \"quoted\" http://x", NULL},
};

static const char strings_text[] =
    "SR_YES US:\"Yes\";NO:\"Ja\"\nSR_NO US:\"No\";NO:\"Nei\"\nSR_LOOP US:\"[SR_LOOP]\"\n";

static void test_texts(apr_pool_t *pool)
{
    const char *reason = NULL;
    const cs_strings_t *strings = cs_strings_parse(pool, strings_text, sizeof(strings_text) - 1, &reason);

    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *text = texts[i].text;
        apr_size_t len = strlen(text);
        cs_languages_t languages;

        if (texts[i].asked && cs_languages_parse(texts[i].asked, &languages)) {
            cs_lang_translate(pool, &languages, strings, &text, &len);
        }
        is(apr_pstrmemdup(pool, text, len), texts[i].shown ? texts[i].shown : texts[i].text, "%s: %s for %s",
           texts[i].rule, texts[i].text, texts[i].asked ? texts[i].asked : "nobody");
        if (!texts[i].shown) {
            ok(text == texts[i].text, "and it was not copied");
        }
    }
}

/* A block alone is not copied either, and one of its edge is not looked beyond. */
static void test_slices(apr_pool_t *pool)
{
    const char *block = HOURS, *text = block;
    apr_size_t len = strlen(text);
    cs_languages_t languages;

    cs_languages_parse("nb", &languages);
    cs_lang_translate(pool, &languages, NULL, &text, &len);
    ok(text > block && text < block + strlen(block), "a text that is one block is pointed into");
    text = block;
    len = strlen("US:\"Opening hours\";NO:\"");
    cs_lang_translate(pool, &languages, NULL, &text, &len);
    is(apr_pstrmemdup(pool, text, len), "Opening hoursNO:\"", "a text ends where its length says");
}

/* Time must not grow with the square of what is sent. */
static void test_hostile(apr_pool_t *pool)
{
    static const char *const parts[] = {"US:\"", "[SR_",      "NO:\"x\";", ":\"",
                                        "[",     "US:\"a\" ", "[SR_YES]",  "US:\"[\" "};
    const char *reason = NULL;
    const cs_strings_t *strings = cs_strings_parse(pool, strings_text, sizeof(strings_text) - 1, &reason);
    cs_languages_t languages;

    cs_languages_parse("nb", &languages);
    for (size_t i = 0; i < COUNT(parts); i++) {
        apr_size_t size = strlen(parts[i]), len = size * 200000;
        char *all = apr_palloc(pool, len);
        const char *text = all;
        apr_time_t before = apr_time_now();

        for (apr_size_t at = 0; at < len; at += size) {
            memcpy(all + at, parts[i], size);
        }
        cs_lang_translate(pool, &languages, strings, &text, &len);
        ok(apr_time_now() - before < apr_time_from_sec(5), "200000 times %s are not too much", parts[i]);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_headers(pool);
    test_long_header(pool);
    test_cancels();
    test_first();
    test_texts(pool);
    test_slices(pool);
    test_hostile(pool);
    return done();
}
