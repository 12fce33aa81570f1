#include "doc/patch.h"

#include "base/text.h"
#include "doc/edit.h"
#include "doc/same.h"

#include <apr_strings.h>
#include <string.h>

#define SHOWN       60  /* bytes of a path or a name that a message repeats */
#define FIELD_SHOWN 200 /* bytes of a path that names a fault of a merge document */

/* A patch on its way through. */
typedef struct patch_t {
    cs_ctx_t *cx;
    const cs_patch_rules_t *rules; /* NULL: RFC 6902 */
    cs_edit_t edit;
    int copied; /* values that copies made */
    const cs_doc_t *doc;
} patch_t;

static cs_pointer_reading_t reading_of(const cs_patch_rules_t *rules)
{
    return rules ? CS_POINTER_LENIENT : CS_POINTER_STRICT;
}

const char *cs_patch_field(apr_pool_t *pool, const cs_patch_op_t *op, const char *part)
{
    const char *path;

    if (op->place) {
        return apr_pstrcat(pool, op->place, "/", part, NULL);
    }
    path = cs_pointer_text(pool, &op->path);
    return *path ? cs_text_clean(pool, path, strlen(path), FIELD_SHOWN) : "/"; /* a member without a name */
}

const char *cs_patch_shown(apr_pool_t *pool, const cs_pointer_t *path)
{
    const char *text = cs_pointer_text(pool, path);

    return path->count ? cs_text_clean(pool, text, strlen(text), SHOWN) : "the whole document";
}

/* ---------------- reading the operations */

static const struct {
    const char *name;
    int takes_value, takes_from;
} kinds[CS_PATCH_KINDS] = {
    [CS_PATCH_ADD] = {"add", 1, 0},         [CS_PATCH_REMOVE] = {"remove", 0, 0},
    [CS_PATCH_REPLACE] = {"replace", 1, 0}, [CS_PATCH_MOVE] = {"move", 0, 1},
    [CS_PATCH_COPY] = {"copy", 0, 1},       [CS_PATCH_TEST] = {"test", 1, 0},
};

/* One operation while it is read; its faults go behind those of the others. */
typedef struct read_t {
    cs_ctx_t *cx;
    const cs_patch_rules_t *rules;
    const cs_doc_t *source;
    cs_patch_op_t *op;
    cs_error_t **end; /* where the next fault is linked in */
} read_t;

static void add_fault(cs_error_t ***end, cs_error_t *fault)
{
    while (fault) {
        **end = fault;
        *end = &fault->next;
        fault = fault->next;
    }
}

static void fault_in(read_t *read, const char *part, const char *wrong)
{
    const char *field = part ? cs_patch_field(read->cx->pool, read->op, part) : read->op->place;

    add_fault(&read->end, cs_error_make(read->cx->pool, CS_E_PATCH_OPERATION, field, "operation %s: %s",
                                        read->op->place, wrong));
}

/* The member of an operation, NULL when it is not there; a name in two cases is a fault. */
static const cs_doc_t *take_member(read_t *read, const char *name)
{
    const cs_doc_t *found = NULL;
    int twice = 0;

    if (read->rules) {
        found = cs_doc_find(read->source, name, &twice);
    }
    else {
        cs_segment_t segment = {name, strlen(name)};
        int slot = cs_pointer_member(read->source, &segment, CS_POINTER_STRICT);

        found = slot < 0 ? NULL : read->source->members[slot].value;
    }
    if (twice) {
        fault_in(read, name, apr_psprintf(read->cx->pool, "'%s' is given twice, in different case", name));
    }
    return found;
}

static const cs_doc_t *take_string(read_t *read, const char *name)
{
    const cs_doc_t *found = take_member(read, name);

    if (!found || found->kind != CS_DOC_STRING) {
        fault_in(read, name,
                 found ? apr_psprintf(read->cx->pool, "'%s' is a string, not %s", name,
                                      cs_doc_kind_name(found->kind))
                       : apr_psprintf(read->cx->pool, "it has no '%s'", name));
        return NULL;
    }
    return found;
}

static const char *list_kinds(const read_t *read)
{
    const char *list = "";

    for (int kind = 0; kind < CS_PATCH_KINDS; kind++) {
        if (!read->rules || !(read->rules->refused & 1u << kind)) {
            list = apr_pstrcat(read->cx->pool, list, *list ? ", " : "", kinds[kind].name, NULL);
        }
    }
    return list;
}

/* Its kind, or CS_PATCH_KINDS with a fault. */
static cs_patch_kind_t take_kind(read_t *read)
{
    const cs_doc_t *name = take_string(read, "op");

    for (int kind = 0; name && kind < CS_PATCH_KINDS; kind++) {
        const char *known = kinds[kind].name;

        if (name->len == strlen(known) && (read->rules ? cs_text_same(name->text, name->len, known, name->len)
                                                       : memcmp(name->text, known, name->len) == 0)) {
            if (read->rules && read->rules->refused & 1u << kind) {
                break;
            }
            return (cs_patch_kind_t)kind;
        }
    }
    if (name) {
        fault_in(read, "op",
                 apr_psprintf(read->cx->pool, "'op' is one of %s, not '%s'", list_kinds(read),
                              cs_text_clean(read->cx->pool, name->text, name->len, SHOWN)));
    }
    return CS_PATCH_KINDS;
}

/* 1, or 0 with a fault. */
static int take_pointer(read_t *read, const char *name, cs_pointer_t *out)
{
    const cs_doc_t *text = take_string(read, name);
    const char *wrong;

    if (!text) {
        return 0;
    }
    wrong = cs_pointer_parse(read->cx->pool, text->text, text->len, reading_of(read->rules),
                             read->cx->limits->depth, out);
    if (wrong) {
        fault_in(read, name,
                 apr_psprintf(read->cx->pool, "'%s' is not '%s': %s", name,
                              cs_text_clean(read->cx->pool, text->text, text->len, SHOWN), wrong));
    }
    return !wrong;
}

/* RFC 6902, section 4.4: nothing is moved into itself. */
static int is_inside(const cs_pointer_t *path, const cs_pointer_t *from, cs_pointer_reading_t reading)
{
    for (int i = 0; i < from->count && i < path->count; i++) {
        const cs_segment_t *a = &path->segments[i], *b = &from->segments[i];

        if (a->len != b->len ||
            (reading == CS_POINTER_LENIENT ? !cs_text_same(a->text, a->len, b->text, b->len)
                                           : memcmp(a->text, b->text, a->len) != 0)) {
            return 0;
        }
    }
    return path->count > from->count;
}

static void read_op(read_t *read)
{
    cs_patch_op_t *op = read->op;
    int is_path, is_from = 0;

    if (read->source->kind != CS_DOC_OBJECT) {
        fault_in(
            read, NULL,
            apr_psprintf(read->cx->pool, "it is an object, not %s", cs_doc_kind_name(read->source->kind)));
        return;
    }
    op->kind = take_kind(read);
    is_path = take_pointer(read, "path", &op->path);
    if (op->kind == CS_PATCH_KINDS) {
        return;
    }
    if (kinds[op->kind].takes_from) {
        is_from = take_pointer(read, "from", &op->from);
    }
    if (kinds[op->kind].takes_value) {
        op->value = take_member(read, "value");
        if (!op->value) {
            fault_in(read, "value", apr_psprintf(read->cx->pool, "%s needs a 'value'", kinds[op->kind].name));
        }
    }
    if (op->kind == CS_PATCH_MOVE && is_path && is_from &&
        is_inside(&op->path, &op->from, reading_of(read->rules))) {
        fault_in(read, "path", "nothing can be moved into itself");
    }
}

/* ---------------- judging them */

static cs_error_t *judge_path(cs_ctx_t *cx, const cs_patch_rules_t *rules, cs_patch_op_t *op,
                              const cs_pointer_t *path, int reads)
{
    const char *field = cs_patch_field(cx->pool, op, path == &op->from ? "from" : "path");
    cs_patch_use_t use = CS_PATCH_MAY_SET;

    CS_TRY(rules->judge(cx, rules->self, op, path, field, &use));
    if (use == CS_PATCH_MAY_READ && !reads) {
        return cs_error_make(cx->pool, CS_E_PATCH_PATH, field, "%s cannot be set",
                             cs_patch_shown(cx->pool, path));
    }
    op->ignored = op->ignored || use == CS_PATCH_IGNORED;
    return NULL;
}

static void judge(cs_ctx_t *cx, const cs_patch_rules_t *rules, cs_patch_op_t *op, cs_error_t ***end)
{
    if (kinds[op->kind].takes_from) {
        add_fault(end, judge_path(cx, rules, op, &op->from, op->kind == CS_PATCH_COPY));
    }
    add_fault(end, judge_path(cx, rules, op, &op->path, op->kind == CS_PATCH_TEST));
}

/* One fault is told in full, several are counted. */
static cs_error_t *gather(cs_ctx_t *cx, cs_error_t *faults)
{
    cs_error_t *whole =
        faults->next
            ? cs_error_make(cx->pool, CS_E_BODY_INVALID, NULL, "the patch has %d faults; the first: %s",
                            cs_error_count(faults), faults->message)
            : cs_error_make(cx->pool, CS_E_BODY_INVALID, NULL, "%s", faults->message);

    whole->next = faults;
    return whole;
}

/* ---------------- applying them */

static cs_error_t *refuse(const patch_t *patch, const cs_patch_op_t *op, cs_code_t code, const char *part,
                          const char *wrong)
{
    const char *shown =
        cs_patch_shown(patch->cx->pool, part && !strcmp(part, "from") ? &op->from : &op->path);

    return cs_error_make(patch->cx->pool, code, cs_patch_field(patch->cx->pool, op, part), "%s%s%s %s: %s",
                         op->place ? "operation " : "", op->place ? op->place : "", op->place ? "," : "",
                         shown, wrong);
}

/* How deep a value nests; counts its values down from *left, and gives up below 0. */
static int measure(const cs_doc_t *doc, int *left)
{
    int deepest = 0;

    if (--*left < 0 || (doc->kind != CS_DOC_ARRAY && doc->kind != CS_DOC_OBJECT)) {
        return 0;
    }
    for (int i = 0; i < doc->count && *left >= 0; i++) {
        int depth = measure(doc->kind == CS_DOC_ARRAY ? doc->items[i] : doc->members[i].value, left);

        deepest = depth > deepest ? depth : deepest;
    }
    return deepest + 1;
}

static cs_error_t *edit(patch_t *patch, const cs_patch_op_t *op, cs_edit_kind_t kind,
                        const cs_pointer_t *path, const cs_doc_t *value)
{
    const cs_doc_t *changed = cs_edit_apply(&patch->edit, patch->doc, kind, path, value);

    if (!changed) {
        return refuse(patch, op, patch->edit.work < 0 ? CS_E_PATCH_SIZE : CS_E_PATCH_PATH,
                      path == &op->from ? "from" : "path", patch->edit.wrong);
    }
    patch->doc = changed;
    return NULL;
}

/* Puts a value there, unless the document would become too deep. */
static cs_error_t *put(patch_t *patch, const cs_patch_op_t *op, cs_edit_kind_t kind, const cs_doc_t *value)
{
    int depth = measure(value, &patch->edit.work);

    if (patch->edit.work < 0) {
        return refuse(patch, op, CS_E_PATCH_SIZE, "path", "the patch asks for too much work");
    }
    if (op->path.count + depth > patch->cx->limits->depth) {
        return refuse(patch, op, CS_E_PATCH_SIZE, "path", "the document would be nested too deep");
    }
    return edit(patch, op, kind, &op->path, value);
}

static cs_error_t *apply_add(patch_t *patch, const cs_patch_op_t *op)
{
    return put(patch, op, CS_EDIT_ADD, op->value);
}

static cs_error_t *apply_replace(patch_t *patch, const cs_patch_op_t *op)
{
    return put(patch, op, CS_EDIT_REPLACE, op->value);
}

static cs_error_t *apply_remove(patch_t *patch, const cs_patch_op_t *op)
{
    return edit(patch, op, CS_EDIT_REMOVE, &op->path, NULL);
}

static cs_error_t *find_from(const patch_t *patch, const cs_patch_op_t *op, const cs_doc_t **found_out)
{
    *found_out = cs_pointer_find(patch->doc, &op->from, patch->edit.reading);
    return *found_out ? NULL : refuse(patch, op, CS_E_PATCH_PATH, "from", "there is nothing");
}

static cs_error_t *apply_move(patch_t *patch, const cs_patch_op_t *op)
{
    const cs_doc_t *value;

    CS_TRY(find_from(patch, op, &value));
    if (op->from.count == 0) {
        return NULL; /* the whole to where it is: all other places are inside of it */
    }
    CS_TRY(edit(patch, op, CS_EDIT_REMOVE, &op->from, NULL));
    return put(patch, op, CS_EDIT_ADD, value);
}

static cs_error_t *apply_copy(patch_t *patch, const cs_patch_op_t *op)
{
    const cs_doc_t *value;
    int left = patch->cx->limits->values - patch->copied;

    CS_TRY(find_from(patch, op, &value));
    measure(value, &left);
    if (left < 0) {
        return refuse(patch, op, CS_E_PATCH_SIZE, "from", "the document would hold too many values");
    }
    patch->copied = patch->cx->limits->values - left;
    return put(patch, op, CS_EDIT_ADD, value);
}

static cs_error_t *apply_test(patch_t *patch, const cs_patch_op_t *op)
{
    const cs_doc_t *found = cs_pointer_find(patch->doc, &op->path, patch->edit.reading);
    int same = patch->rules ? patch->rules->same(patch->cx, patch->rules->self, &op->path, found, op->value)
                            : found && cs_doc_same(patch->cx->pool, found, op->value);

    if (!same) {
        return refuse(patch, op, CS_E_PATCH_TEST, "path",
                      found || patch->rules ? "it is not what the test wants" : "there is nothing to test");
    }
    return NULL;
}

static cs_error_t *(*const apply_kind[CS_PATCH_KINDS])(patch_t *patch, const cs_patch_op_t *op) = {
    [CS_PATCH_ADD] = apply_add,   [CS_PATCH_REMOVE] = apply_remove, [CS_PATCH_REPLACE] = apply_replace,
    [CS_PATCH_MOVE] = apply_move, [CS_PATCH_COPY] = apply_copy,     [CS_PATCH_TEST] = apply_test,
};

/* ---------------- the whole */

static cs_error_t *too_many(cs_ctx_t *cx, int count)
{
    return cs_error_make(cx->pool, CS_E_PATCH_SIZE, NULL, "a patch has at most %d operations, not %d",
                         CS_PATCH_OPERATIONS, count);
}

cs_error_t *cs_patch_run(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                         apr_array_header_t *ops, cs_error_t *faults, const cs_doc_t **doc_out)
{
    patch_t patch = {cx, rules, {cx->pool, reading_of(rules), CS_PATCH_WORK, NULL}, 0, doc};
    cs_error_t **end = &faults;

    if (ops->nelts > CS_PATCH_OPERATIONS) {
        return too_many(cx, ops->nelts);
    }
    while (*end) {
        end = &(*end)->next;
    }
    for (int i = 0; rules && i < ops->nelts; i++) {
        judge(cx, rules, &APR_ARRAY_IDX(ops, i, cs_patch_op_t), &end);
    }
    if (faults) {
        return gather(cx, faults);
    }
    for (int i = 0; i < ops->nelts; i++) {
        const cs_patch_op_t *op = &APR_ARRAY_IDX(ops, i, cs_patch_op_t);

        if (!op->ignored) {
            CS_TRY(apply_kind[op->kind](&patch, op));
        }
    }
    *doc_out = patch.doc;
    return NULL;
}

cs_error_t *cs_patch_apply(cs_ctx_t *cx, const cs_patch_rules_t *rules, const cs_doc_t *doc,
                           const cs_doc_t *patch, const cs_doc_t **doc_out)
{
    cs_error_t *faults = NULL;
    read_t read = {.cx = cx, .rules = rules, .end = &faults};
    apr_array_header_t *ops;

    if (patch->kind != CS_DOC_ARRAY) {
        return cs_error_make(cx->pool, CS_E_BODY_SHAPE, NULL,
                             "a JSON patch is an array of operations, not %s", cs_doc_kind_name(patch->kind));
    }
    if (patch->count > CS_PATCH_OPERATIONS) {
        return too_many(cx, patch->count);
    }
    ops = apr_array_make(cx->pool, patch->count, sizeof(cs_patch_op_t));
    for (int i = 0; i < patch->count; i++) {
        cs_error_t **before = read.end;
        cs_patch_op_t op = {.place = apr_itoa(cx->pool, i)};

        read.source = patch->items[i];
        read.op = &op;
        read_op(&read);
        if (read.end == before) {
            APR_ARRAY_PUSH(ops, cs_patch_op_t) = op;
        }
    }
    return cs_patch_run(cx, rules, doc, ops, faults, doc_out);
}
