#include "doc/merge.h"

#include "base/hash.h"

#include <apr_strings.h>
#include <string.h>

/* ---------------- RFC 7396 */

/* The object's members, with room for as many more. */
static cs_doc_t *room_for(apr_pool_t *pool, const cs_doc_t *object, int more)
{
    cs_doc_t *copy = apr_pcalloc(pool, sizeof(*copy));

    copy->kind = CS_DOC_OBJECT;
    copy->count = object->kind == CS_DOC_OBJECT ? object->count : 0;
    copy->members = apr_palloc(pool, sizeof(cs_member_t) * ((apr_size_t)copy->count + (apr_size_t)more + 1));
    if (copy->count) {
        memcpy(copy->members, object->members, sizeof(cs_member_t) * (apr_size_t)copy->count);
    }
    return copy;
}

/* Members by their names: a pass over both objects is enough, however large they are. */
static apr_hash_t *index_of(apr_pool_t *pool, const cs_doc_t *object)
{
    apr_hash_t *index = cs_hash_make(pool);

    for (int i = 0; i < object->count; i++) {
        apr_hash_set(index, object->members[i].name, (apr_ssize_t)object->members[i].len,
                     &object->members[i]);
    }
    return index;
}

static cs_doc_t *merged(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge);

static void drop_removed(cs_doc_t *object)
{
    int count = 0;

    for (int i = 0; i < object->count; i++) {
        if (object->members[i].value) {
            object->members[count++] = object->members[i];
        }
    }
    object->count = count;
}

static cs_doc_t *merged_object(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge)
{
    static const cs_doc_t nothing = {.kind = CS_DOC_NULL};
    cs_doc_t *result = room_for(pool, doc, merge->count);
    apr_hash_t *index = index_of(pool, result);

    for (int i = 0; i < merge->count; i++) {
        const cs_member_t *from = &merge->members[i];
        cs_member_t *to = apr_hash_get(index, from->name, (apr_ssize_t)from->len);
        int removes = from->value->kind == CS_DOC_NULL;

        if (!to && removes) {
            continue;
        }
        if (!to) {
            to = &result->members[result->count++];
            *to = (cs_member_t){from->name, from->len, NULL};
        }
        to->value = removes ? NULL : merged(pool, to->value ? to->value : &nothing, from->value);
    }
    drop_removed(result);
    return result;
}

/* Recursion is as deep as the merge document. */
static cs_doc_t *merged(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge)
{
    return merge->kind == CS_DOC_OBJECT ? merged_object(pool, doc, merge)
                                        : apr_pmemdup(pool, merge, sizeof(*merge));
}

const cs_doc_t *cs_merge_apply(apr_pool_t *pool, const cs_doc_t *doc, const cs_doc_t *merge)
{
    return merged(pool, doc, merge);
}

/* ---------------- as operations */

typedef struct walk_t {
    cs_ctx_t *cx;
    const cs_patch_rules_t *rules;
    apr_array_header_t *ops;
    cs_error_t **end;
    cs_segment_t *path; /* with room for the deepest document */
    int depth;
    int names; /* that became an operation or a fault */
} walk_t;

static cs_patch_op_t make_op(const walk_t *walk, cs_patch_kind_t kind, const cs_doc_t *value)
{
    apr_size_t size = sizeof(cs_segment_t) * (apr_size_t)walk->depth;
    cs_patch_op_t op = {.kind = kind, .value = value};

    op.path.count = walk->depth;
    op.path.segments = apr_pmemdup(walk->cx->pool, walk->path, size);
    return op;
}

static cs_error_t *count_name(walk_t *walk)
{
    if (++walk->names <= CS_PATCH_OPERATIONS) {
        return NULL;
    }
    return cs_error_make(walk->cx->pool, CS_E_PATCH_SIZE, NULL, "a merge document sets at most %d properties",
                         CS_PATCH_OPERATIONS);
}

static cs_error_t *put_op(walk_t *walk, cs_patch_kind_t kind, const cs_doc_t *value)
{
    CS_TRY(count_name(walk));
    APR_ARRAY_PUSH(walk->ops, cs_patch_op_t) = make_op(walk, kind, value);
    return NULL;
}

/* A name that matches another one of the object without regard to case. */
static int is_repeated(const walk_t *walk, apr_hash_t *seen, const cs_member_t *member)
{
    char *lower = apr_pstrmemdup(walk->cx->pool, member->name, member->len);

    for (apr_size_t i = 0; i < member->len; i++) {
        lower[i] = (char)(lower[i] >= 'A' && lower[i] <= 'Z' ? lower[i] + ('a' - 'A') : lower[i]);
    }
    if (apr_hash_get(seen, lower, (apr_ssize_t)member->len)) {
        return 1;
    }
    apr_hash_set(seen, lower, (apr_ssize_t)member->len, lower);
    return 0;
}

static void fault_repeated(walk_t *walk)
{
    cs_patch_op_t op = make_op(walk, CS_PATCH_REPLACE, NULL);
    const char *field = cs_patch_field(walk->cx->pool, &op, "path");

    *walk->end =
        cs_error_make(walk->cx->pool, CS_E_VALUE_TWICE, field, "%s is given twice, in different case", field);
    walk->end = &(*walk->end)->next;
}

static cs_error_t *walk_object(walk_t *walk, const cs_doc_t *doc, const cs_doc_t *merge);

static cs_error_t *walk_member(walk_t *walk, const cs_doc_t *doc, const cs_doc_t *value)
{
    if (value->kind == CS_DOC_NULL) {
        return put_op(walk, CS_PATCH_REMOVE, NULL);
    }
    if (value->kind == CS_DOC_OBJECT && doc && doc->kind == CS_DOC_ARRAY) {
        return put_op(walk, CS_PATCH_ADD, value); /* to an array: appended */
    }
    if (value->kind == CS_DOC_OBJECT) {
        cs_pointer_t path = {walk->depth, walk->path};

        if (!walk->rules->whole(walk->rules->self, &path)) {
            return walk_object(walk, doc, value);
        }
    }
    return put_op(walk, CS_PATCH_REPLACE, value);
}

static cs_error_t *walk_object(walk_t *walk, const cs_doc_t *doc, const cs_doc_t *merge)
{
    apr_hash_t *seen = cs_hash_make(walk->cx->pool);
    int is_object = doc && doc->kind == CS_DOC_OBJECT;

    walk->depth++;
    for (int i = 0; i < merge->count; i++) {
        const cs_member_t *member = &merge->members[i];
        cs_segment_t *segment = &walk->path[walk->depth - 1];
        int slot;

        *segment = (cs_segment_t){member->name, member->len};
        if (is_repeated(walk, seen, member)) {
            CS_TRY(count_name(walk));
            fault_repeated(walk);
            continue;
        }
        slot = is_object ? cs_pointer_member(doc, segment, CS_POINTER_LENIENT) : -1;
        CS_TRY(walk_member(walk, slot < 0 ? NULL : doc->members[slot].value, member->value));
    }
    walk->depth--;
    return NULL;
}

/* Nesting, to know how long a path can become. */
static int depth_of(const cs_doc_t *doc)
{
    int deepest = 0;

    for (int i = 0; doc->kind == CS_DOC_OBJECT && i < doc->count; i++) {
        int depth = depth_of(doc->members[i].value);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

cs_error_t *cs_merge_operations(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                                const cs_doc_t *merge, apr_array_header_t **ops_out, cs_error_t **faults)
{
    walk_t walk = {.cx = cx, .rules = rules, .end = faults};

    if (merge->kind != CS_DOC_OBJECT) {
        return cs_error_make(cx->pool, CS_E_BODY_SHAPE, NULL, "a merge patch is an object, not %s",
                             cs_doc_kind_name(merge->kind));
    }
    while (*walk.end) {
        walk.end = &(*walk.end)->next;
    }
    walk.ops = apr_array_make(cx->pool, merge->count < 64 ? merge->count : 64, sizeof(cs_patch_op_t));
    walk.path = apr_palloc(cx->pool, sizeof(cs_segment_t) * (apr_size_t)depth_of(merge));
    CS_TRY(walk_object(&walk, doc, merge));
    *ops_out = walk.ops;
    return NULL;
}
