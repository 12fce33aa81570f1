#include "model/patch.h"

#include "base/text.h"
#include "doc/build.h"
#include "doc/merge.h"
#include "doc/patch.h"
#include "doc/same.h"
#include "model/check.h"
#include "model/map.h"
#include "model/same.h"

#include <apr_strings.h>
#include <stdarg.h>
#include <string.h>

#define SHOWN 60 /* bytes of a name that a message repeats */

typedef struct patch_t {
    const cs_entity_t *entity;
    const cs_doc_t *current;
    unsigned char *touched; /* per value that is stored: an operation sets it */
} patch_t;

/* Where a path leads. */
typedef struct place_t {
    const cs_field_t *top;  /* the entity's own property, also one of a part that is embedded in it */
    const cs_field_t *leaf; /* the last property on the path */
    int depth;              /* of the leaf below `top` */
    int below;              /* segments that follow it, into a value that has no properties */
    int value;              /* number of the first value that `top` stores, when it is writable */
    const char *top_name;   /* "Widget/AutoFaqCategory", as the rows spell it */
    const char *name;       /* the same, of the leaf: "Widget/AutoFaqCategory/KbCategoryId" */
} place_t;

/* An operation that is judged. */
typedef struct judged_t {
    cs_ctx_t *cx;
    patch_t *patch;
    const cs_patch_op_t *op;
    const char *field; /* of a fault with the path */
    place_t place;
} judged_t;

/* ---------------- the entity as it is */

/* What the entity says now, in its stored words, its times on the caller's clock with their offsets: so every
 * value names what is stored exactly, and is what the caller would compare with. */
static const cs_doc_t *render(cs_ctx_t *cx, const cs_entity_t *entity, const cs_record_t *records)
{
    static const cs_parts_t no_parts; /* they are never read, and patches ignore them */
    cs_locale_t exact = *cx->locale;
    cs_view_t view = {.parts = &no_parts, .right = CS_RIGHT_FULL, .locale = &exact};
    cs_writer_t w = cs_build_writer(cx->pool);

    exact.offsets = 1;
    exact.languages = NULL;
    cs_map_entity(&w, entity, records, &view);
    return cs_build_doc(&w);
}

/* A cell that is NULL keeps the kind of its column. */
static void take_stored(cs_ctx_t *cx, const cs_entity_t *entity, const cs_record_t *records, cs_val_t *values)
{
    const apr_array_header_t *leaves = cs_entity_leaves(cx->pool, entity);
    const cs_column_t *columns = cs_entity_columns(cx->pool, entity);

    for (int i = 0; i < leaves->nelts; i++) {
        const cs_val_t *cell = &records[0].cells[i];

        if (APR_ARRAY_IDX(leaves, i, cs_leaf_t).writable) {
            *values++ = cell->set ? *cell : cs_val_null(columns[i].kind);
        }
    }
}

static int is_same_cell(const cs_val_t *a, const cs_val_t *b)
{
    if (!a->set || !b->set) {
        return a->set == b->set;
    }
    switch (a->kind) {
    case CS_K_TEXT:
        return a->len == b->len && memcmp(a->u.s, b->u.s, a->len) == 0;
    case CS_K_REAL:
        return memcmp(&a->u.d, &b->u.d, sizeof(a->u.d)) == 0;
    case CS_K_INT:
    case CS_K_BOOL:
    case CS_K_TIME:
    case CS_K_SPAN:
    case CS_K_OTHER:
    case CS_K_COUNT:
        break;
    }
    return a->u.i == b->u.i;
}

/* ---------------- paths */

static int has_properties(const cs_field_t *field)
{
    return field->type == CS_T_REFERENCE || field->type == CS_T_EMBEDDED;
}

/* What lies below needs no name in the table. */
static int has_more(const cs_field_t *field)
{
    return cs_same_ignores(field) || field->type == CS_T_MAP || field->type == CS_T_LINES;
}

/* How many values the property stores. */
static int values_of(const cs_field_t *field)
{
    if (!(field->flags & CS_F_WRITE)) {
        return 0;
    }
    return field->type == CS_T_EMBEDDED ? cs_check_count(field->entity) : 1;
}

static int values_before(const cs_entity_t *entity, const cs_field_t *field)
{
    int count = 0;

    for (const cs_field_t *before = entity->fields; before < field; before++) {
        count += values_of(before);
    }
    return count;
}

/* What is embedded and can be set is the entity's own. */
static int goes_on_inside(const cs_field_t *top)
{
    return !top || (top->type == CS_T_EMBEDDED && top->flags & CS_F_WRITE);
}

/* Walks as far as there are properties: the number of segments that named one; *entity_out is where the next
 * one would have to be, NULL when the last one is no record. */
static int walk_path(apr_pool_t *pool, const cs_entity_t *entity, const cs_pointer_t *path, place_t *out,
                     const cs_entity_t **entity_out)
{
    int at = 0;

    memset(out, 0, sizeof(*out));
    for (; entity && at < path->count; at++) {
        const cs_segment_t *segment = &path->segments[at];
        const cs_field_t *field = cs_entity_find(entity, segment->text, segment->len);

        if (!field) {
            break;
        }
        if (pool) {
            out->name = at ? apr_pstrcat(pool, out->name, "/", field->name, NULL) : field->name;
        }
        out->depth++;
        if (goes_on_inside(out->top)) {
            out->value += values_before(entity, field);
            out->top = field;
            out->top_name = out->name;
            out->depth = 0;
        }
        out->leaf = field;
        entity = has_properties(field) ? field->entity : NULL;
    }
    out->below = path->count - at;
    *entity_out = entity;
    return at;
}

static cs_error_t *refuse(const judged_t *judged, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static cs_error_t *refuse(const judged_t *judged, const char *format, ...)
{
    va_list args;
    const char *message;

    va_start(args, format);
    message = apr_pvsprintf(judged->cx->pool, format, args);
    va_end(args);
    return cs_error_make(judged->cx->pool, CS_E_PATCH_PATH, judged->field, "%s", message);
}

static cs_error_t *locate(judged_t *judged, const cs_pointer_t *path)
{
    const cs_entity_t *inside = NULL;
    const cs_segment_t *next;
    const char *shown;
    int at;

    if (path->count == 0) {
        return refuse(judged, "the path names no property of the %s", judged->patch->entity->label);
    }
    at = walk_path(judged->cx->pool, judged->patch->entity, path, &judged->place, &inside);
    if (at == path->count || (!inside && has_more(judged->place.leaf))) {
        return NULL;
    }
    next = &path->segments[at];
    shown = cs_text_clean(judged->cx->pool, next->text, next->len, SHOWN);
    return inside ? refuse(judged, "%s has no property '%s'", at ? judged->place.name : inside->label, shown)
                  : refuse(judged, "%s has no members, so there is no '%s' in it", judged->place.name, shown);
}

/* ---------------- values */

/* The faults of a value: an operation's are told by its part, a merge document's by the property. */
static cs_error_t *value_fault(const judged_t *judged, cs_error_t *faults)
{
    for (cs_error_t *fault = faults; fault && judged->op->place; fault = fault->next) {
        fault->field = cs_patch_field(judged->cx->pool, judged->op, "value");
    }
    return faults;
}

static const cs_doc_t *present(const judged_t *judged)
{
    return cs_pointer_find(judged->patch->current, &judged->op->path, CS_POINTER_LENIENT);
}

static const cs_doc_t *wanted_of(const judged_t *judged)
{
    static const cs_doc_t null_doc = {.kind = CS_DOC_NULL};

    return judged->op->value ? judged->op->value : &null_doc;
}

static int is_present(const judged_t *judged)
{
    const place_t *place = &judged->place;

    if (place->below) {
        const cs_doc_t *doc = present(judged);

        return doc && cs_doc_same(judged->cx->pool, doc, wanted_of(judged));
    }
    return cs_same_value(judged->cx, place->leaf, present(judged), wanted_of(judged));
}

/* A reference's id is judged as the reference that it makes. */
static cs_error_t *check_id(const judged_t *judged)
{
    const place_t *place = &judged->place;
    cs_doc_t *value = apr_pmemdup(judged->cx->pool, wanted_of(judged), sizeof(*value));
    cs_member_t member = {place->leaf->name, place->leaf->name_len, value};
    cs_doc_t object = {.kind = CS_DOC_OBJECT, .count = 1, .members = &member};
    cs_val_t stored;

    return value_fault(judged, cs_check_value(judged->cx, place->top, place->top_name, &object, &stored));
}

static cs_error_t *check_whole(const judged_t *judged)
{
    const place_t *place = &judged->place;
    cs_val_t *stored = apr_palloc(judged->cx->pool, sizeof(*stored) * (apr_size_t)values_of(place->leaf));
    const cs_doc_t *wanted = wanted_of(judged);

    return value_fault(judged, place->leaf->type == CS_T_EMBEDDED
                                   ? cs_check_part(judged->cx, place->leaf, place->name, wanted, stored)
                                   : cs_check_value(judged->cx, place->leaf, place->name, wanted, stored));
}

/* ---------------- setting */

static cs_error_t *touch(const judged_t *judged, cs_patch_use_t *use_out)
{
    const place_t *place = &judged->place;

    memset(judged->patch->touched + place->value, 1, (apr_size_t)values_of(place->top));
    *use_out = CS_PATCH_MAY_SET;
    return NULL;
}

/* What belongs to another record.  A merge document may repeat it, as clients send back what they received.
 */
static cs_error_t *judge_foreign(const judged_t *judged, cs_patch_use_t *use_out)
{
    const place_t *place = &judged->place;
    const cs_field_t *key = place->top->type == CS_T_REFERENCE ? cs_entity_key(place->top->entity) : NULL;

    if (!judged->op->place && judged->op->value && is_present(judged)) {
        *use_out = CS_PATCH_IGNORED;
        return NULL;
    }
    if (!key) {
        return refuse(judged, "%s cannot be set", place->name);
    }
    return refuse(judged,
                  "%s belongs to another record, which is not changed with the %s; of %s only %s can be set",
                  place->name, judged->patch->entity->label, place->top_name, key->name);
}

static cs_error_t *judge_key(const judged_t *judged, cs_patch_use_t *use_out)
{
    if (!is_present(judged)) {
        return refuse(judged, "%s identifies the %s and cannot be changed", judged->place.name,
                      judged->patch->entity->label);
    }
    *use_out = CS_PATCH_IGNORED;
    return NULL;
}

static cs_error_t *judge_set(const judged_t *judged, cs_patch_use_t *use_out)
{
    const place_t *place = &judged->place;
    int writable = place->top->flags & CS_F_WRITE;

    if (place->depth == 0 && !place->below && place->leaf->flags & CS_F_KEY) {
        return judge_key(judged, use_out);
    }
    if (place->depth == 0 && !place->below && writable) {
        CS_TRY(check_whole(judged));
        return touch(judged, use_out);
    }
    if (place->depth == 1 && place->top->type == CS_T_REFERENCE && place->leaf->flags & CS_F_KEY &&
        writable) {
        CS_TRY(check_id(judged));
        return touch(judged, use_out);
    }
    return judge_foreign(judged, use_out);
}

/* ---------------- testing */

static cs_error_t *wrong_type(const judged_t *judged, const char *wanted)
{
    return value_fault(judged, cs_error_make(judged->cx->pool, CS_E_VALUE_TYPE, NULL,
                                             "%s is compared with %s, not with %s", judged->place.name,
                                             wanted, cs_doc_kind_name(judged->op->value->kind)));
}

/* A value that the property could never have is a mistake, not a difference; one that is only too large or
 * too long differs. */
static cs_error_t *check_tested(const judged_t *judged)
{
    const cs_doc_t *value = judged->op->value;
    int is_number = value->kind == CS_DOC_NUMBER;
    apr_int64_t number;
    cs_error_t *fault;
    cs_val_t stored;

    if (value->kind == CS_DOC_STRING && cs_text_integer(value->text, value->len, &number)) {
        is_number = 1;
    }
    switch (judged->place.leaf->type) {
    case CS_T_INT:
    case CS_T_SHORT:
    case CS_T_REAL:
        return is_number ? NULL : wrong_type(judged, "a number");
    case CS_T_REFERENCE:
    case CS_T_EMBEDDED:
        return value->kind == CS_DOC_OBJECT ? NULL : wrong_type(judged, "an object or null");
    case CS_T_ENUM:
    case CS_T_FLAGS:
        if (is_number) {
            return NULL;
        }
        break;
    case CS_T_LINES:
    case CS_T_MAP:
        return NULL;
    default:
        break;
    }
    fault = cs_check_value(judged->cx, judged->place.leaf, judged->place.name, value, &stored);
    return fault && fault->code != CS_E_VALUE_RANGE && fault->code != CS_E_VALUE_LENGTH
               ? value_fault(judged, fault)
               : NULL;
}

/* A property that stores a single value. */
static int is_touched(const judged_t *judged)
{
    const place_t *place = &judged->place;

    return values_of(place->top) == 1 && judged->patch->touched[place->value];
}

/* What a test needs to know of a record that an earlier operation linked: more than its id is not here. */
static int needs_unknown(const judged_t *judged)
{
    const place_t *place = &judged->place;
    const cs_doc_t *value = judged->op->value;

    if (place->top->type != CS_T_REFERENCE || !is_touched(judged)) {
        return 0;
    }
    if (place->depth > 0) {
        return place->depth > 1 || place->below || !(place->leaf->flags & CS_F_KEY);
    }
    for (int i = 0; value->kind == CS_DOC_OBJECT && i < value->count; i++) {
        const cs_member_t *member = &value->members[i];
        const cs_field_t *field = cs_entity_find(place->top->entity, member->name, member->len);

        if (field && !cs_same_ignores(field) && !(field->flags & CS_F_KEY)) {
            return 1;
        }
    }
    return 0;
}

static cs_error_t *judge_test(const judged_t *judged, cs_patch_use_t *use_out)
{
    const place_t *place = &judged->place;

    *use_out = CS_PATCH_MAY_READ;
    if (needs_unknown(judged)) {
        return refuse(judged,
                      "an earlier operation sets %s, of which only the id is known then: test it before",
                      place->top_name);
    }
    return place->below || judged->op->value->kind == CS_DOC_NULL ? NULL : check_tested(judged);
}

/* ---------------- moving and copying */

static int is_record(const place_t *place)
{
    return !place->below && has_properties(place->leaf);
}

/* Another record's id means nothing in the place of this one's, and what is embedded only in its own. */
static cs_error_t *check_kin(const judged_t *judged)
{
    judged_t from = *judged;

    if (locate(&from, &judged->op->from)) {
        return NULL; /* which is told already */
    }
    if (is_record(&judged->place) != is_record(&from.place) ||
        (is_record(&from.place) && judged->place.leaf->entity != from.place.leaf->entity)) {
        return refuse(judged, "%s cannot hold what %s holds", judged->place.name, from.place.name);
    }
    return NULL;
}

static cs_error_t *judge_from(const judged_t *judged, cs_patch_use_t *use_out)
{
    const place_t *place = &judged->place;

    if (cs_same_ignores(place->leaf)) {
        return refuse(judged, "%s cannot be copied", place->name);
    }
    if (place->depth > 0 && is_touched(judged) && !(place->leaf->flags & CS_F_KEY)) {
        return refuse(judged,
                      "an earlier operation sets %s, of which only the id is known then: copy it before",
                      place->top_name);
    }
    *use_out = CS_PATCH_MAY_READ;
    return judged->op->kind == CS_PATCH_MOVE ? judge_set(judged, use_out) : NULL;
}

/* ---------------- the rules */

static cs_error_t *judge(cs_ctx_t *cx, void *self, const cs_patch_op_t *op, const cs_pointer_t *path,
                         const char *field, cs_patch_use_t *use_out)
{
    judged_t judged = {.cx = cx, .patch = self, .op = op, .field = field};

    CS_TRY(locate(&judged, path));
    if (!op->place) {
        judged.field = judged.place.name;
    }
    if (path == &op->from) {
        return judge_from(&judged, use_out);
    }
    if (op->kind == CS_PATCH_MOVE || op->kind == CS_PATCH_COPY) {
        CS_TRY(check_kin(&judged));
    }
    if (cs_same_ignores(judged.place.leaf)) {
        *use_out = CS_PATCH_IGNORED;
        return op->kind == CS_PATCH_TEST ? refuse(&judged, "%s cannot be tested", judged.place.name) : NULL;
    }
    return op->kind == CS_PATCH_TEST ? judge_test(&judged, use_out) : judge_set(&judged, use_out);
}

static int same(cs_ctx_t *cx, void *self, const cs_pointer_t *path, const cs_doc_t *current,
                const cs_doc_t *wanted)
{
    const patch_t *patch = self;
    const cs_entity_t *inside;
    place_t place;

    walk_path(NULL, patch->entity, path, &place, &inside);
    if (place.below) {
        return current ? cs_doc_same(cx->pool, current, wanted) : wanted->kind == CS_DOC_NULL;
    }
    return cs_same_value(cx, place.leaf, current, wanted);
}

static int whole(void *self, const cs_pointer_t *path)
{
    const patch_t *patch = self;
    const cs_entity_t *inside;
    place_t place;
    int at = walk_path(NULL, patch->entity, path, &place, &inside);

    return at < path->count || !has_properties(place.leaf);
}

static cs_error_t *apply(cs_ctx_t *cx, patch_t *self, const cs_doc_t *patch, const cs_doc_t **doc_out)
{
    cs_patch_rules_t rules = {.self = self, .judge = judge, .same = same, .whole = whole};
    apr_array_header_t *ops;
    cs_error_t *faults = NULL;

    if (patch->kind == CS_DOC_ARRAY) {
        return cs_patch_apply(cx, &rules, self->current, patch, doc_out);
    }
    CS_TRY(cs_merge_operations(cx, &rules, self->current, patch, &ops, &faults));
    return cs_patch_run(cx, &rules, self->current, ops, faults, doc_out);
}

cs_error_t *cs_patch_entity(cs_ctx_t *cx, const cs_entity_t *entity, const cs_record_t *records,
                            const cs_doc_t *patch, cs_val_t *values_out, int *changed_out)
{
    apr_size_t size = sizeof(cs_val_t) * (apr_size_t)cs_check_count(entity);
    patch_t self = {.entity = entity};
    const cs_doc_t *result;
    const cs_val_t *stored;

    if (patch->kind != CS_DOC_ARRAY && patch->kind != CS_DOC_OBJECT) {
        return cs_error_make(cx->pool, CS_E_BODY_SHAPE, NULL,
                             "a patch is an array of operations or an object with properties, not %s",
                             cs_doc_kind_name(patch->kind));
    }
    self.touched = apr_pcalloc(cx->pool, (apr_size_t)cs_check_count(entity));
    self.current = render(cx, entity, records);
    CS_TRY(apply(cx, &self, patch, &result));
    take_stored(cx, entity, records, values_out);
    stored = apr_pmemdup(cx->pool, values_out, size);
    CS_TRY(cs_check_touched(cx, entity, result, self.touched, values_out));
    *changed_out = 0;
    for (int i = 0; i < cs_check_count(entity); i++) {
        *changed_out += !is_same_cell(&stored[i], &values_out[i]);
    }
    return NULL;
}
