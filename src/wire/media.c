#include "wire/media.h"

#include "base/text.h"
#include "wire/form.h"
#include "wire/html_write.h"
#include "wire/json.h"
#include "wire/json_write.h"
#include "wire/xml.h"
#include "wire/xml_write.h"

#include <apr_strings.h>
#include <string.h>

#define JSON_IN_OUT \
    .decode = cs_json_decode, .writer = &cs_json_writer, .format = CS_FORMAT_JSON, .patches = 1
#define XML_IN_OUT .decode = cs_xml_decode, .writer = &cs_xml_writer, .format = CS_FORMAT_XML

/* Of two that fit equally well the earlier wins. */
static const cs_media_t table[] = {
    {"application", "json", JSON_IN_OUT},
    {"text", "json", JSON_IN_OUT},
    {"application", "json-patch+json", JSON_IN_OUT},
    {"application", "merge-patch+json", JSON_IN_OUT},
    {"application", "xml", XML_IN_OUT},
    {"text", "xml", XML_IN_OUT},
    {"application", "x-www-form-urlencoded", .decode = cs_form_decode, .keys_alone = 1},
    {"text", "html", .writer = &cs_html_writer, .only_for = CS_MEDIA_PAGE},
    {"application", "atom+xml", .writer = &cs_xml_writer, .format = CS_FORMAT_XML, .only_for = CS_MEDIA_LIST},
    {"application", "problem+json", .writer = &cs_json_writer, .format = CS_FORMAT_JSON, .problems_only = 1},
};
#define TABLE_ROWS (sizeof(table) / sizeof(table[0]))

const cs_media_t *cs_media_default(void)
{
    return &table[0];
}

const cs_writer_ops_t *cs_media_writer(cs_format_t format)
{
    static const cs_writer_ops_t *const writers[CS_FORMAT_COUNT] = {
        [CS_FORMAT_JSON] = &cs_json_writer,
        [CS_FORMAT_XML] = &cs_xml_writer,
    };

    return writers[format];
}

const char *cs_media_content_type(apr_pool_t *pool, const cs_media_t *media)
{
    if (media == &table[0]) {
        return "application/json; charset=utf-8";
    }
    return apr_pstrcat(pool, media->type, "/", media->subtype, "; charset=utf-8", NULL);
}

/* ---------------- header grammar
 *
 *      range = type "/" subtype *( ";" parameter )        parameter = name [ "=" ( token / quoted ) ]
 */
typedef struct slice_t {
    const char *s;
    apr_size_t len;
} slice_t;

typedef struct range_t {
    slice_t type, subtype;
    slice_t charset;
    int has_charset;
    int weight; /* q in thousandths */
} range_t;

static slice_t trim(slice_t slice)
{
    while (slice.len && (*slice.s == ' ' || *slice.s == '\t')) {
        slice.s++;
        slice.len--;
    }
    while (slice.len && (slice.s[slice.len - 1] == ' ' || slice.s[slice.len - 1] == '\t')) {
        slice.len--;
    }
    return slice;
}

/* Takes what stands before the next separator, which quotes hide; the rest stays in *rest. */
static slice_t cut(slice_t *rest, char separator)
{
    slice_t part = {rest->s, 0};
    int quoted = 0;

    while (part.len < rest->len) {
        char c = rest->s[part.len];

        if (c == '"') {
            quoted = !quoted;
        }
        else if (quoted && c == '\\' && part.len + 1 < rest->len) {
            part.len++;
        }
        else if (!quoted && c == separator) {
            break;
        }
        part.len++;
    }
    rest->s += part.len;
    rest->len -= part.len;
    if (rest->len) {
        rest->s++;
        rest->len--;
    }
    return trim(part);
}

static int same(slice_t slice, const char *text)
{
    return cs_text_same(slice.s, slice.len, text, strlen(text));
}

/* "0.25" in thousandths; what is no weight counts as 1. */
static int parse_weight(slice_t text)
{
    int weight = 0, scale = 1000;

    if (text.len == 0 || text.len > 5 || (text.s[0] != '0' && text.s[0] != '1') ||
        (text.len > 1 && text.s[1] != '.')) {
        return 1000;
    }
    for (apr_size_t i = 0; i < text.len; i++) {
        if (i == 1) {
            continue;
        }
        if (text.s[i] < '0' || text.s[i] > '9') {
            return 1000;
        }
        weight += (text.s[i] - '0') * scale;
        scale /= 10;
    }
    return weight > 1000 ? 1000 : weight;
}

static int parse_range(slice_t text, range_t *range)
{
    slice_t rest = text;
    slice_t name = cut(&rest, ';');

    memset(range, 0, sizeof(*range));
    range->weight = 1000;
    range->type = cut(&name, '/');
    range->subtype = trim(name);
    while (rest.len) {
        slice_t value = cut(&rest, ';');
        slice_t parameter = cut(&value, '=');

        value = trim(value);
        if (value.len >= 2 && value.s[0] == '"' && value.s[value.len - 1] == '"') {
            value.s++;
            value.len -= 2;
        }
        if (same(parameter, "q")) {
            range->weight = parse_weight(value);
        }
        else if (same(parameter, "charset")) {
            range->charset = value;
            range->has_charset = 1;
        }
    }
    return range->type.len && range->subtype.len;
}

/* ---------------- request */

static const cs_media_t *find_row(const range_t *range)
{
    for (apr_size_t i = 0; i < TABLE_ROWS; i++) {
        if (same(range->type, table[i].type) && same(range->subtype, table[i].subtype)) {
            return &table[i];
        }
    }
    return NULL;
}

static int reads_any(const cs_media_t *row)
{
    return row->decode != NULL;
}

static int reads_patches(const cs_media_t *row)
{
    return row->decode && row->patches;
}

static const char *readable_types(apr_pool_t *pool, int (*reads)(const cs_media_t *row))
{
    const char *list = "";

    for (apr_size_t i = 0; i < TABLE_ROWS; i++) {
        if (reads(&table[i])) {
            list = apr_pstrcat(pool, list, *list ? ", " : "", table[i].type, "/", table[i].subtype, NULL);
        }
    }
    return list;
}

static cs_error_t *find_reader(cs_ctx_t *cx, const char *content_type, int (*reads)(const cs_media_t *row),
                               const cs_media_t **media_out)
{
    range_t range;

    *media_out = parse_range((slice_t){content_type, strlen(content_type)}, &range) ? find_row(&range) : NULL;
    if (!*media_out || !reads(*media_out)) {
        return cs_error_make(cx->pool, CS_E_MEDIA_TYPE, NULL, "the body's Content-Type is '%s'; it may be %s",
                             cs_text_clean(cx->pool, content_type, strlen(content_type), 100),
                             readable_types(cx->pool, reads));
    }
    if (range.has_charset && !same(range.charset, "utf-8") && !same(range.charset, "utf8")) {
        return cs_error_make(cx->pool, CS_E_MEDIA_TYPE, NULL, "the body's charset is '%s'; it may be utf-8",
                             cs_text_clean(cx->pool, range.charset.s, range.charset.len, 40));
    }
    return NULL;
}

cs_error_t *cs_media_of_body(cs_ctx_t *cx, const char *content_type, const cs_media_t **media_out)
{
    if (!content_type) {
        return cs_error_make(cx->pool, CS_E_MEDIA_TYPE, NULL, "the body has no Content-Type; it may be %s",
                             readable_types(cx->pool, reads_any));
    }
    return find_reader(cx, content_type, reads_any, media_out);
}

cs_error_t *cs_media_of_patch(cs_ctx_t *cx, const char *content_type, const cs_media_t **media_out)
{
    *media_out = cs_media_default();
    return content_type ? find_reader(cx, content_type, reads_patches, media_out) : NULL;
}

/* ---------------- answer */

/* How exactly a range names a row: 0 not at all, 1 any type, 2 the type, 3 both. */
static int fit_of(const range_t *range, const cs_media_t *row)
{
    if (same(range->type, "*") && same(range->subtype, "*")) {
        return 1;
    }
    if (!same(range->type, row->type)) {
        return 0;
    }
    return same(range->subtype, "*") ? 2 : same(range->subtype, row->subtype) ? 3 : 0;
}

/* The most exact range that fits a row decides its weight; -1 when none fits. */
static int weight_of(const char *accept, const cs_media_t *row, int *fit_out)
{
    slice_t rest = {accept, strlen(accept)};
    int weight = -1;

    *fit_out = 0;
    while (rest.len) {
        range_t range;
        int fit = parse_range(cut(&rest, ','), &range) ? fit_of(&range, row) : 0;

        if (fit > *fit_out) {
            *fit_out = fit;
            weight = range.weight;
        }
    }
    return weight;
}

/* Whether such an answer can have it. */
static int is_offered(const cs_media_t *row, int kind)
{
    return row->writer && !row->problems_only && (row->only_for & ~kind) == 0;
}

static const cs_media_t *best_row(const char *accept, int kind)
{
    const cs_media_t *best = NULL;
    int best_weight = 0, best_fit = 0;

    for (apr_size_t i = 0; i < TABLE_ROWS; i++) {
        int fit;
        int weight = weight_of(accept, &table[i], &fit);

        if (!is_offered(&table[i], kind) || weight <= 0) {
            continue;
        }
        if (weight > best_weight || (weight == best_weight && fit > best_fit)) {
            best = &table[i];
            best_weight = weight;
            best_fit = fit;
        }
    }
    return best;
}

static const cs_media_t *problem_row(const char *accept)
{
    for (apr_size_t i = 0; i < TABLE_ROWS; i++) {
        int fit;

        if (table[i].problems_only && weight_of(accept, &table[i], &fit) > 0 && fit == 3) {
            return &table[i];
        }
    }
    return NULL;
}

/* What most clients send, and nothing else: no other row could be meant. */
static int means_default(const char *accept)
{
    return strcmp(accept, "application/json") == 0 || strcmp(accept, "*/*") == 0;
}

const cs_media_t *cs_media_for_answer(const char *accept, const char *content_type, int kind,
                                      const cs_media_t **problem_out)
{
    const cs_media_t *row = NULL;
    range_t range;

    *problem_out = NULL;
    if (accept && means_default(accept)) {
        return cs_media_default();
    }
    if (accept && *accept) {
        row = best_row(accept, kind);
        *problem_out = problem_row(accept);
    }
    else if (content_type && parse_range((slice_t){content_type, strlen(content_type)}, &range)) {
        row = find_row(&range);
    }
    return row && is_offered(row, kind) ? row : cs_media_default();
}
