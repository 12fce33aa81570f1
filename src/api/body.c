#include "api/body.h"

#include "api/rpc.h"
#include "base/text.h"
#include "model/check.h"

#include <apr_strings.h>
#include <string.h>

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Nothing, null or an empty array, with white space around and a byte-order mark before it: no entity in any
 * format. */
static int is_no_entity(const char *bytes, apr_size_t len)
{
    const char *end = bytes + len;

    if (len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
    }
    while (bytes < end && is_space(*bytes)) {
        bytes++;
    }
    while (bytes < end && is_space(end[-1])) {
        end--;
    }
    if (end - bytes >= 2 && *bytes == '[' && end[-1] == ']') {
        for (bytes++; bytes < end - 1 && is_space(*bytes); bytes++) {
        }
        return bytes == end - 1;
    }
    return bytes == end || (end - bytes == 4 && memcmp(bytes, "null", 4) == 0);
}

static cs_error_t *empty(const cs_call_t *call)
{
    const cs_route_t *route = call->match.route;

    return cs_error_make(call->cx->pool, CS_E_BODY_EMPTY, NULL, "%s",
                         route->rpc && route->rpc->wrapper ? cs_rpc_describe(call->cx->pool, route)
                                                           : "Entity to save is not in request body");
}

static cs_error_t *decode(cs_call_t *call)
{
    cs_doc_t *doc = NULL;

    CS_TRY(call->sent_media->decode(call->cx, call->body, call->body_len, &doc));
    call->doc = doc;
    return NULL;
}

/* An empty list of operations is a patch, and its type need not be said. */
static cs_error_t *decode_patch(cs_call_t *call)
{
    if (call->body_len == 0) {
        return cs_error_make(call->cx->pool, CS_E_BODY_EMPTY, NULL, "there is no patch in the request body");
    }
    CS_TRY(cs_media_of_patch(call->cx, call->content_type, &call->sent_media));
    return decode(call);
}

cs_error_t *cs_body_decode(cs_call_t *call)
{
    if (call->match.route->flags & CS_R_PATCH) {
        return decode_patch(call);
    }
    if (call->match.route->flags & CS_R_FORM && call->body_len == 0) {
        return NULL;
    }
    if (call->match.route->flags & CS_R_SEVERAL ? call->body_len == 0
                                                : is_no_entity(call->body, call->body_len)) {
        return empty(call);
    }
    CS_TRY(cs_media_of_body(call->cx, call->content_type, &call->sent_media));
    CS_TRY(decode(call));
    return call->doc->kind == CS_DOC_NULL ? empty(call) : NULL;
}

/* ---------------- whose body it is */

/* "ChatSessionEntity" or "ChatSessionEntityWithLinks", in any case. */
static int bears_name(const cs_doc_t *doc, const char *name, const char *suffix)
{
    apr_size_t len = strlen(name);

    return cs_text_same(doc->text, doc->len, name, len) ||
           (doc->len > len && cs_text_same(doc->text, len, name, len) &&
            cs_text_same(doc->text + len, doc->len - len, suffix, strlen(suffix)));
}

static int has_known_key(const cs_doc_t *doc, const cs_entity_t *entity)
{
    for (int i = 0; i < doc->count; i++) {
        if (cs_entity_find(entity, doc->members[i].name, doc->members[i].len)) {
            return 1;
        }
    }
    return 0;
}

cs_error_t *cs_body_is(const cs_call_t *call, const cs_entity_t *entity, const char *suffix)
{
    const cs_doc_t *doc = call->doc;

    if (doc->kind == CS_DOC_OBJECT && doc->text && !bears_name(doc, entity->name, suffix)) {
        return cs_error_make(
            call->cx->pool, CS_E_BODY_SHAPE, NULL, "the root element is '%s'; it must be %s or %s%s",
            cs_text_clean(call->cx->pool, doc->text, doc->len, 100), entity->name, entity->name, suffix);
    }
    return NULL;
}

cs_error_t *cs_body_values(cs_call_t *call, const cs_entity_t *entity, cs_val_t *values_out)
{
    CS_TRY(cs_body_is(call, entity, "WithLinks"));
    if (call->sent_media->keys_alone && !has_known_key(call->doc, entity)) {
        return empty(call);
    }
    return cs_check_entity(call->cx, entity, call->doc, values_out);
}

/* ---------------- several */

#define FAULTS_MAX 100 /* that one answer tells */

static cs_error_t *no_list(const cs_call_t *call, const cs_entity_t *entity)
{
    return cs_error_make(call->cx->pool, CS_E_BODY_SHAPE, NULL,
                         "the body is %s where an array of %s as objects should be",
                         cs_doc_kind_name(call->doc->kind), entity->label);
}

/* XML with a single entity, or none, does not show by its elements that it is an array. */
static int is_named_list(const cs_doc_t *doc)
{
    return doc->kind == CS_DOC_OBJECT && doc->text && doc->len >= 5 && cs_text_same(doc->text, 5, "Array", 5);
}

cs_error_t *cs_body_items(const cs_call_t *call, const cs_entity_t *entity,
                          const apr_array_header_t **items_out)
{
    const cs_doc_t *doc = call->doc;
    apr_array_header_t *items = apr_array_make(call->cx->pool, doc->count, sizeof(const cs_doc_t *));

    if (doc->kind == CS_DOC_ARRAY) {
        for (int i = 0; i < doc->count; i++) {
            APR_ARRAY_PUSH(items, const cs_doc_t *) = doc->items[i];
        }
    }
    else if (is_named_list(doc) && doc->count == 1 &&
             cs_text_same(doc->members[0].name, doc->members[0].len, entity->name, strlen(entity->name))) {
        APR_ARRAY_PUSH(items, const cs_doc_t *) = doc->members[0].value;
    }
    else if (!is_named_list(doc) || doc->count) {
        return no_list(call, entity);
    }
    *items_out = items;
    return NULL;
}

void cs_body_fault(const cs_call_t *call, cs_error_t **faults, int number, const cs_error_t *error)
{
    apr_pool_t *pool = call->cx->pool;

    for (const cs_error_t *each = error && error->next ? error->next : error; each; each = each->next) {
        const char *field =
            apr_psprintf(pool, "%d%s%s", number, each->field ? "/" : "", each->field ? each->field : "");

        if (cs_error_count(*faults) < FAULTS_MAX) {
            cs_error_add(faults,
                         cs_error_make(pool, each->code, field, "item %d: %s", number, each->message));
        }
    }
}

cs_error_t *cs_body_faults(const cs_call_t *call, cs_error_t *faults)
{
    cs_error_t *whole;

    if (!faults) {
        return NULL;
    }
    whole = cs_error_make(call->cx->pool, CS_E_BODY_INVALID, NULL, "%s", faults->message);
    whole->next = faults;
    return whole;
}
