#include "wire/json.h"

#include "wire/json_scan.h"

#include <apr_strings.h>
#include <json-c/json.h>
#include <string.h>

static apr_status_t put_object(void *object)
{
    json_object_put(object);
    return APR_SUCCESS;
}

static apr_status_t free_tokener(void *tokener)
{
    json_tokener_free(tokener);
    return APR_SUCCESS;
}

static cs_doc_t *doc_from(apr_pool_t *pool, json_object *json);

static void take_string(apr_pool_t *pool, json_object *json, cs_doc_t *doc)
{
    doc->kind = CS_DOC_STRING;
    doc->len = (apr_size_t)json_object_get_string_len(json);
    doc->text = apr_pstrmemdup(pool, json_object_get_string(json), doc->len);
}

/* json-c keeps the source text of a number with a fraction or exponent; an integer beyond 64 bits it keeps as
 * the nearest one it has, which is beyond every range of ours as well. */
static void take_number(apr_pool_t *pool, json_object *json, cs_doc_t *doc)
{
    doc->kind = CS_DOC_NUMBER;
    doc->text = apr_pstrdup(pool, json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN));
    doc->len = strlen(doc->text);
}

static void take_array(apr_pool_t *pool, json_object *json, cs_doc_t *doc)
{
    doc->kind = CS_DOC_ARRAY;
    doc->count = (int)json_object_array_length(json);
    doc->items = apr_palloc(pool, sizeof(*doc->items) * (apr_size_t)doc->count);
    for (int i = 0; i < doc->count; i++) {
        doc->items[i] = doc_from(pool, json_object_array_get_idx(json, (size_t)i));
    }
}

static void take_object(apr_pool_t *pool, json_object *json, cs_doc_t *doc)
{
    cs_member_t *member;

    doc->kind = CS_DOC_OBJECT;
    doc->count = json_object_object_length(json);
    doc->members = member = apr_palloc(pool, sizeof(*member) * (apr_size_t)doc->count);
    json_object_object_foreach(json, name, value)
    {
        member->len = strlen(name);
        member->name = apr_pstrmemdup(pool, name, member->len);
        member->value = doc_from(pool, value);
        member++;
    }
}

/* Recursion is as deep as the document, which the scan has bounded. */
static cs_doc_t *doc_from(apr_pool_t *pool, json_object *json)
{
    cs_doc_t *doc = apr_pcalloc(pool, sizeof(*doc));

    switch (json_object_get_type(json)) {
    case json_type_null:
        break;
    case json_type_boolean:
        doc->kind = CS_DOC_BOOL;
        doc->truth = json_object_get_boolean(json);
        break;
    case json_type_int:
    case json_type_double:
        take_number(pool, json, doc);
        break;
    case json_type_string:
        take_string(pool, json, doc);
        break;
    case json_type_array:
        take_array(pool, json, doc);
        break;
    case json_type_object:
        take_object(pool, json, doc);
        break;
    }
    return doc;
}

cs_error_t *cs_json_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out)
{
    json_tokener *tokener;
    json_object *json;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    CS_TRY(cs_json_scan(cx, bytes, len));
    tokener = json_tokener_new_ex(cx->limits->depth + 1);
    apr_pool_cleanup_register(cx->pool, tokener, free_tokener, apr_pool_cleanup_null);
    json = json_tokener_parse_ex(tokener, bytes, (int)len);
    if (!json && json_tokener_get_error(tokener) == json_tokener_continue) {
        json = json_tokener_parse_ex(tokener, "", 1); /* a bare number ends only with the text */
    }
    apr_pool_cleanup_register(cx->pool, json, put_object, apr_pool_cleanup_null);
    if (json_tokener_get_error(tokener) != json_tokener_success) {
        return cs_error_make(cx->pool, CS_E_JSON_SYNTAX, NULL, "the JSON cannot be read: %s",
                             json_tokener_error_desc(json_tokener_get_error(tokener)));
    }
    *doc_out = doc_from(cx->pool, json);
    apr_pool_cleanup_run(cx->pool, json, put_object);
    apr_pool_cleanup_run(cx->pool, tokener, free_tokener);
    return NULL;
}
