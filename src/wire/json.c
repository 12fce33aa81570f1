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

/* From json-c's tree to ours.  json-c keeps no integer beyond 64 bits; numbers keep the text they were
 * written with, which the scan collected in the order of the document, the order of this walk. */
typedef struct walk_t {
    apr_pool_t *pool;
    const cs_json_number_t *number; /* the next one */
} walk_t;

static cs_doc_t *doc_from(walk_t *walk, json_object *json);

static void take_string(walk_t *walk, json_object *json, cs_doc_t *doc)
{
    doc->kind = CS_DOC_STRING;
    doc->len = (apr_size_t)json_object_get_string_len(json);
    doc->text = apr_pstrmemdup(walk->pool, json_object_get_string(json), doc->len);
}

static void take_number(walk_t *walk, cs_doc_t *doc)
{
    doc->kind = CS_DOC_NUMBER;
    doc->len = walk->number->len;
    doc->text = apr_pstrmemdup(walk->pool, walk->number->text, doc->len);
    walk->number++;
}

static void take_array(walk_t *walk, json_object *json, cs_doc_t *doc)
{
    doc->kind = CS_DOC_ARRAY;
    doc->count = (int)json_object_array_length(json);
    doc->items = apr_palloc(walk->pool, sizeof(*doc->items) * (apr_size_t)doc->count);
    for (int i = 0; i < doc->count; i++) {
        doc->items[i] = doc_from(walk, json_object_array_get_idx(json, (size_t)i));
    }
}

static void take_object(walk_t *walk, json_object *json, cs_doc_t *doc)
{
    cs_member_t *member;

    doc->kind = CS_DOC_OBJECT;
    doc->count = json_object_object_length(json);
    doc->members = member = apr_palloc(walk->pool, sizeof(*member) * (apr_size_t)doc->count);
    json_object_object_foreach(json, name, value)
    {
        member->len = strlen(name);
        member->name = apr_pstrmemdup(walk->pool, name, member->len);
        member->value = doc_from(walk, value);
        member++;
    }
}

/* Recursion is as deep as the document, which the scan has bounded. */
static cs_doc_t *doc_from(walk_t *walk, json_object *json)
{
    cs_doc_t *doc = apr_pcalloc(walk->pool, sizeof(*doc));

    switch (json_object_get_type(json)) {
    case json_type_null:
        break;
    case json_type_boolean:
        doc->kind = CS_DOC_BOOL;
        doc->truth = json_object_get_boolean(json);
        break;
    case json_type_int:
    case json_type_double:
        take_number(walk, doc);
        break;
    case json_type_string:
        take_string(walk, json, doc);
        break;
    case json_type_array:
        take_array(walk, json, doc);
        break;
    case json_type_object:
        take_object(walk, json, doc);
        break;
    }
    return doc;
}

cs_error_t *cs_json_decode(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out)
{
    apr_array_header_t *numbers;
    walk_t walk = {.pool = cx->pool};
    json_tokener *tokener;
    json_object *json;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    CS_TRY(cs_json_scan(cx, bytes, len, &numbers));
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
    walk.number = (const cs_json_number_t *)numbers->elts;
    *doc_out = doc_from(&walk, json);
    apr_pool_cleanup_run(cx->pool, json, put_object);
    apr_pool_cleanup_run(cx->pool, tokener, free_tokener);
    return NULL;
}
