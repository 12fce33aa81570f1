#include "base/lang.h"

#include "base/strings.h"
#include "base/text.h"

#include <string.h>

#define WEIGHT_ONE 1000

/* The codes of blocks, the languages they stand for, and all that ISO calls those. */
static const struct {
    char code[3];
    const char *iso;
    const char *also[2];
} table[CS_LANGUAGES] = {
    {"US", "en", {0}}, {"NO", "no", {"nb", "nn"}}, {"SW", "sv", {0}}, {"DA", "da", {0}}, {"GE", "de", {0}},
    {"FR", "fr", {0}}, {"NL", "nl", {0}},          {"FI", "fi", {0}}, {"SP", "es", {0}}, {"IT", "it", {0}},
    {"PL", "pl", {0}}, {"RU", "ru", {0}},          {"CZ", "cs", {0}}, {"CN", "zh", {0}}, {"JP", "ja", {0}},
};
enum { ENGLISH };

/* ---------------- headers
 *
 *      list    = element *( "," element )
 *      element = tag [ junk ] *( ";" parameter )
 *      tag     = 2*8ALPHA *( ( "-" / "_" ) *alnum )
 */
static int is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int names_iso(int language, const char *tag, apr_size_t len)
{
    if (cs_text_same(table[language].iso, 2, tag, len)) {
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (table[language].also[i] && cs_text_same(table[language].also[i], 2, tag, len)) {
            return 1;
        }
    }
    return 0;
}

/* The language of a tag, or -1; the ISO reading comes first.  `whole`: the tag has no region. */
static int language_of(const char *tag, apr_size_t len, int whole)
{
    for (int i = 0; i < CS_LANGUAGES; i++) {
        if (names_iso(i, tag, len)) {
            return i;
        }
    }
    for (int i = 0; whole && i < CS_LANGUAGES; i++) {
        if (cs_text_same(table[i].code, 2, tag, len)) {
            return i;
        }
    }
    return -1;
}

/* The length of the language in a tag, 0 when it is none; *rest_out is where the tag ends. */
static apr_size_t tag_length(const char *at, const char **rest_out)
{
    apr_size_t len = 0;

    while (is_letter(at[len])) {
        len++;
    }
    *rest_out = at + len;
    while (is_letter(**rest_out) || is_digit(**rest_out) || **rest_out == '-' || **rest_out == '_') {
        ++*rest_out;
    }
    return len >= 2 && len <= 8 && !is_digit(at[len]) ? len : 0;
}

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* "0.25" in thousandths; what is no weight counts as 1. */
static int weight_at(const char *at)
{
    int weight = 0, scale = WEIGHT_ONE;

    if ((*at != '0' && *at != '1') || (at[1] != '.' && is_digit(at[1]))) {
        return WEIGHT_ONE;
    }
    weight = (*at - '0') * scale;
    if (at[1] == '.') {
        for (at += 2; is_digit(*at) && scale > 1; at++) {
            scale /= 10;
            weight += (*at - '0') * scale;
        }
    }
    return weight > WEIGHT_ONE ? WEIGHT_ONE : weight;
}

/* The weight among an element's parameters; *at is left where the element ends. */
static int take_weight(const char **at)
{
    int weight = WEIGHT_ONE;

    *at += strcspn(*at, ",;");
    while (**at == ';') {
        const char *name = skip_blanks(*at + 1);

        if (*name == 'q' || *name == 'Q') {
            const char *equals = skip_blanks(name + 1);

            weight = *equals == '=' ? weight_at(skip_blanks(equals + 1)) : weight;
        }
        *at = name + strcspn(name, ",;");
    }
    return weight;
}

/* In the order of their weights, among equals in that of the header; each once. */
static void insert(cs_languages_t *languages, int weights[CS_LANGUAGES], int language, int weight)
{
    int place = 0, end;

    while (place < languages->count && weights[place] >= weight && languages->order[place] != language) {
        place++;
    }
    end = place;
    while (end < languages->count && languages->order[end] != language) {
        end++;
    }
    if (place < languages->count && languages->order[place] == language && weights[place] >= weight) {
        return; /* it is there with more weight */
    }
    languages->count += end == languages->count;
    for (; end > place; end--) {
        languages->order[end] = languages->order[end - 1];
        weights[end] = weights[end - 1];
    }
    languages->order[place] = (signed char)language;
    weights[place] = weight;
}

int cs_languages_parse(const char *header, cs_languages_t *languages_out)
{
    int weights[CS_LANGUAGES];
    int unknown = 0;

    languages_out->count = 0;
    for (const char *at = header; *at;) {
        const char *tag, *rest;
        apr_size_t len;
        int weight;

        tag = at = at + strspn(at, " \t,");
        len = tag_length(tag, &rest);
        at = rest;
        weight = take_weight(&at);
        if (len && weight) {
            int language = language_of(tag, len, rest == tag + len);

            if (language >= 0) {
                insert(languages_out, weights, language, weight);
            }
            unknown |= language < 0;
        }
    }
    return languages_out->count || unknown;
}

int cs_languages_cancelled(const char *so_language)
{
    const char *at = skip_blanks(so_language);

    if (*at && strchr("*xX-", *at)) {
        at++;
    }
    return *skip_blanks(at) == '\0';
}

const char *cs_languages_first(const cs_languages_t *languages)
{
    return table[languages->count ? languages->order[0] : ENGLISH].iso;
}

/* ---------------- texts
 *
 *      block     = entry *( ";" entry ) [ ";" ]          not behind a letter or digit
 *      entry     = code ":" DQUOTE *( anything but DQUOTE ) DQUOTE
 *      reference = "[SR_" 1*( letter / digit / "_" ) "]"
 */

/* The language of the code that stands at `at`, with :" behind it, or -1. */
static int entry_at(const char *at, const char *end)
{
    if (end - at < 5 || at[2] != ':' || at[3] != '"') {
        return -1;
    }
    for (int i = 0; i < CS_LANGUAGES; i++) {
        if (at[0] == table[i].code[0] && at[1] == table[i].code[1]) {
            return i;
        }
    }
    return -1;
}

/* Letters beyond ASCII count too; what is punctuation there (U+0080 to U+00BF, U+2000 to U+2BFF, U+3000 to
 * U+303F) does not. */
static int behind_letter(const char *start, const char *at)
{
    const unsigned char *c = (const unsigned char *)at - 1;
    apr_size_t length = (apr_size_t)(at - start);

    if (length == 0) {
        return 0;
    }
    if (*c < 0x80) {
        return is_letter((char)*c) || is_digit((char)*c);
    }
    if (length >= 2 && c[-1] == 0xC2) {
        return 0;
    }
    return !(length >= 3 && ((c[-2] == 0xE2 && c[-1] <= 0xAF) || (c[-2] == 0xE3 && c[-1] == 0x80)));
}

typedef struct slice_t {
    const char *s;
    apr_size_t len;
} slice_t;

/* How much a reader of these languages wants an entry: the less the better. */
static int rank_of(const cs_languages_t *languages, int language)
{
    for (int i = 0; i < languages->count; i++) {
        if (languages->order[i] == language) {
            return i;
        }
    }
    return language == ENGLISH ? CS_LANGUAGES : CS_LANGUAGES + 1;
}

/* Reads the block that begins at `at`: where it ends, or NULL when there is none; *chosen is its text for
 * these languages. */
static const char *take_block(const char *at, const char *end, const cs_languages_t *languages,
                              slice_t *chosen)
{
    int best = CS_LANGUAGES + 2;
    const char *after = NULL;
    int language;

    while ((language = entry_at(at, end)) >= 0) {
        const char *text = at + 4;
        const char *quote = memchr(text, '"', (apr_size_t)(end - text));
        int rank = rank_of(languages, language);

        if (!quote) {
            break;
        }
        if (rank < best) {
            best = rank;
            *chosen = (slice_t){text, (apr_size_t)(quote - text)};
        }
        after = quote + 1;
        if (after == end || *after != ';') {
            break;
        }
        at = ++after; /* the last semicolon is the block's too */
    }
    return after;
}

int cs_lang_is_block(const char *text, apr_size_t len)
{
    static const cs_languages_t any = {0};
    slice_t chosen;

    return take_block(text, text + len, &any, &chosen) == text + len;
}

/* Where a block's :" or a reference's [ may stand next; the end when nowhere. */
static const char *next_mark(const char *at, const char *end)
{
    while (at < end && *at != '[' && !(*at == ':' && at + 1 < end && at[1] == '"')) {
        at++;
    }
    return at;
}

/* What a translation is put together from; without room it is only measured. */
typedef struct output_t {
    const cs_languages_t *languages;
    const struct cs_strings_t *strings;
    char *room;
    apr_size_t len;
    int pieces;
    const char *piece; /* the last one */
} output_t;

static void put(output_t *output, const char *s, apr_size_t len)
{
    if (len == 0) {
        return;
    }
    if (output->room) {
        memcpy(output->room + output->len, s, len);
    }
    output->len += len;
    output->pieces++;
    output->piece = s;
}

/* The text of the reference at `at` and where it ends; NULL when it is none, or not known. */
static const char *take_reference(const output_t *output, const char *at, const char *end, slice_t *chosen)
{
    const char *name = at + 1;
    apr_size_t len = 0, most = (apr_size_t)(end - name);
    const char *block;
    apr_size_t block_len;

    if (!output->strings) {
        return NULL;
    }
    while (len < most && len <= CS_STRING_NAME_MAX && name[len] != ']') {
        len++;
    }
    if (len == most || name[len] != ']') {
        return NULL;
    }
    block = cs_strings_find(output->strings, name, len, &block_len);
    if (!block) {
        return NULL;
    }
    take_block(block, block + block_len, output->languages, chosen);
    return name + len + 1;
}

/* A block's text: no further block can be in it, references can. */
static void put_references(output_t *output, slice_t text)
{
    const char *end = text.s + text.len;
    const char *from = text.s, *at = from;

    while (output->strings && (at = memchr(at, '[', (apr_size_t)(end - at)))) {
        slice_t chosen = {NULL, 0};
        const char *after = take_reference(output, at, end, &chosen);

        if (after) {
            put(output, from, (apr_size_t)(at - from));
            put(output, chosen.s, chosen.len);
            from = after;
        }
        at = after ? after : at + 1;
    }
    put(output, from, (apr_size_t)(end - from));
}

static void put_translated(output_t *output, const char *text, const char *mark, const char *end)
{
    const char *from = text;

    while (mark < end) {
        const char *start = mark, *after = NULL;
        slice_t chosen = {NULL, 0};

        if (*mark == '[') {
            after = take_reference(output, mark, end, &chosen);
        }
        else if (mark - from >= 2 && !behind_letter(text, mark - 2)) {
            start = mark - 2;
            after = take_block(start, end, output->languages, &chosen);
        }
        if (after) {
            put(output, from, (apr_size_t)(start - from));
            if (*mark == '[') {
                put(output, chosen.s, chosen.len);
            }
            else {
                put_references(output, chosen);
            }
            from = after;
        }
        mark = next_mark(after ? after : mark + 1, end);
    }
    put(output, from, (apr_size_t)(end - from));
}

void cs_lang_translate(apr_pool_t *pool, const cs_languages_t *languages, const struct cs_strings_t *strings,
                       const char **text, apr_size_t *len)
{
    const char *end = *text + *len;
    const char *mark = next_mark(*text, end);
    output_t output = {.languages = languages, .strings = strings, .piece = ""};

    if (mark == end) {
        return;
    }
    put_translated(&output, *text, mark, end);
    if (output.pieces > 1) {
        apr_size_t size = output.len;

        output.len = 0;
        output.room = apr_palloc(pool, size);
        put_translated(&output, *text, mark, end);
        output.piece = output.room;
    }
    *text = output.piece;
    *len = output.len;
}
