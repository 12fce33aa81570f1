/* t/fuzz/topic.c -- any document as a topic, and as a patch of one: refused with reasons, or values that can
 * be stored, and that say the same when they are read and sent again. */
#include "base/span.h"
#include "doc/build.h"
#include "fuzz.h"
#include "model/check.h"
#include "model/map.h"
#include "model/patch.h"
#include "wire/json.h"

#define ENTITY (&cs_topic_entity)
#define MOST   128

/* ---------------- values and cells */

static int same_value(const cs_val_t *a, const cs_val_t *b)
{
    if (a->kind != b->kind || a->set != b->set || !a->set) {
        return a->kind == b->kind && a->set == b->set;
    }
    return a->kind == CS_K_TEXT ? a->len == b->len && memcmp(a->u.s, b->u.s, a->len) == 0 : a->u.i == b->u.i;
}

static void check_value(const cs_field_t *field, const cs_val_t *value)
{
    apr_size_t chars = 0;

    if (field->type == CS_T_STRING) {
        must(value->kind == CS_K_TEXT && value->set && cs_utf8_valid(value->u.s, value->len, &chars));
        must(chars <= (apr_size_t)field->max && !memchr(value->u.s, '\0', value->len));
    }
    else if (field->type == CS_T_SPAN) {
        must(value->kind == CS_K_SPAN && value->set && value->u.i >= 0 && value->u.i <= CS_SPAN_DAY);
    }
    else if (field->type == CS_T_BOOL) {
        must(value->kind == CS_K_BOOL && value->set && (value->u.i == 0 || value->u.i == 1));
    }
    else if (field->type == CS_T_REFERENCE) {
        must(value->kind == CS_K_INT && (!value->set || (value->u.i >= 1 && value->u.i <= INT32_MAX)));
    }
    else {
        must(value->kind == CS_K_INT && value->set && value->u.i >= INT32_MIN && value->u.i <= INT32_MAX);
    }
}

/* A stored topic with these values, and nothing behind its references. */
static cs_record_t *stored(apr_pool_t *pool, const cs_val_t *values)
{
    const apr_array_header_t *leaves = cs_entity_leaves(pool, ENTITY);
    int references = cs_entity_references(ENTITY);
    cs_record_t *records = apr_pcalloc(pool, sizeof(*records) * (apr_size_t)(1 + references));
    cs_val_t *cells = apr_pcalloc(pool, sizeof(*cells) * (apr_size_t)leaves->nelts);

    for (int i = 0; i < leaves->nelts; i++) {
        if (APR_ARRAY_IDX(leaves, i, cs_leaf_t).writable) {
            cells[i] = *values++;
        }
    }
    cells[0] = cs_val_int(7);
    records[0] = (cs_record_t){.cells = cells, .count = leaves->nelts};
    for (int i = 1; i <= references; i++) {
        records[i].cells = apr_pcalloc(pool, sizeof(*cells) * MOST);
    }
    return records;
}

static void check_errors(const cs_error_t *error)
{
    fuzz_must_be_told(error);
    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        fuzz_must_be_told(fault);
        must(fault->field && cs_utf8_valid(fault->field, strlen(fault->field), NULL));
    }
}

/* ---------------- a body */

static void check_body(apr_pool_t *pool, const cs_doc_t *doc)
{
    static const cs_parts_t parts;
    const apr_array_header_t *leaves = cs_entity_leaves(pool, ENTITY);
    cs_val_t values[MOST], again[MOST];
    cs_view_t view = {.parts = &parts, .locale = fuzz_ctx(pool)->locale};
    cs_writer_t w = cs_build_writer(pool);
    cs_error_t *error = cs_check_entity(fuzz_ctx(pool), ENTITY, doc, values);

    if (error) {
        check_errors(error);
        return;
    }
    for (int i = 0, next = 0; i < leaves->nelts; i++) {
        if (APR_ARRAY_IDX(leaves, i, cs_leaf_t).writable) {
            check_value(APR_ARRAY_IDX(leaves, i, cs_leaf_t).field, &values[next++]);
        }
    }
    cs_map_entity(&w, ENTITY, stored(pool, values), &view);
    must(cs_check_entity(fuzz_ctx(pool), ENTITY, cs_build_doc(&w), again) == NULL);
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        must(same_value(&values[i], &again[i]));
    }
}

/* ---------------- a patch */

static void check_patch(apr_pool_t *pool, const cs_doc_t *patch)
{
    static const cs_doc_t empty = {.kind = CS_DOC_OBJECT};
    cs_val_t before[MOST], after[MOST];
    int changed = -1, differ = 0;
    cs_error_t *error;

    must(cs_check_entity(fuzz_ctx(pool), ENTITY, &empty, before) == NULL);
    error = cs_patch_entity(fuzz_ctx(pool), ENTITY, stored(pool, before), patch, after, &changed);
    if (error) {
        check_errors(error);
        return;
    }
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        must(before[i].kind == after[i].kind);
        differ += !same_value(&before[i], &after[i]);
    }
    must(differ == changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_doc_t *doc = NULL;

    if (!cs_json_decode(fuzz_ctx(pool), (const char *)data, size, &doc)) {
        check_body(pool, doc);
        check_patch(pool, doc);
    }
    apr_pool_destroy(pool);
    return 0;
}
