#include "doc/edit.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

#define SHOWN 60 /* bytes of a segment that a reason repeats */

/* What is done, and to what. */
typedef struct step_t {
    cs_edit_t *edit;
    cs_edit_kind_t kind;
    const cs_pointer_t *path;
    const cs_doc_t *value;
} step_t;

static const cs_doc_t null_doc = {.kind = CS_DOC_NULL};
static const cs_doc_t empty_object = {.kind = CS_DOC_OBJECT};

static cs_doc_t *fail(step_t *step, const char *format, const cs_segment_t *segment)
    __attribute__((format(printf, 2, 0)));

/* The format takes the segment. */
static cs_doc_t *fail(step_t *step, const char *format, const cs_segment_t *segment)
{
    const char *shown = cs_text_clean(step->edit->pool, segment->text, segment->len, SHOWN);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    step->edit->wrong = apr_psprintf(step->edit->pool, format, shown);
#pragma GCC diagnostic pop
    return NULL;
}

/* A node of our own for a value that is shared. */
static cs_doc_t *node_of(const step_t *step, const cs_doc_t *doc)
{
    return apr_pmemdup(step->edit->pool, doc, sizeof(*doc));
}

static int spend(step_t *step, int work)
{
    step->edit->work -= work;
    if (step->edit->work < 0) {
        step->edit->wrong = "the patch asks for too much work";
        return 0;
    }
    return 1;
}

/* ---------------- containers with one slot changed */

/* With room for one more; `slot` is left out of the copy when it is not -1. */
static cs_doc_t *copy_object(step_t *step, const cs_doc_t *doc, int without)
{
    cs_doc_t *copy;
    int count = 0;

    if (!spend(step, doc->count + 1)) {
        return NULL;
    }
    copy = node_of(step, doc);
    copy->members = apr_palloc(step->edit->pool, sizeof(cs_member_t) * ((apr_size_t)doc->count + 1));
    for (int i = 0; i < doc->count; i++) {
        if (i != without) {
            copy->members[count++] = doc->members[i];
        }
    }
    copy->count = count;
    return copy;
}

static cs_doc_t *with_member(step_t *step, const cs_doc_t *doc, int slot, const cs_segment_t *name,
                             const cs_doc_t *value)
{
    cs_doc_t *copy = copy_object(step, doc, -1);

    if (!copy) {
        return NULL;
    }
    if (slot < 0) {
        slot = copy->count++;
        copy->members[slot].name = name->text;
        copy->members[slot].len = name->len;
    }
    copy->members[slot].value = node_of(step, value);
    return copy;
}

/* `out` items from `index` on give way to `in` new ones. */
static cs_doc_t *with_items(step_t *step, const cs_doc_t *doc, int index, int out, int in,
                            const cs_doc_t *const *items)
{
    apr_size_t count = (apr_size_t)(doc->count - out) + (apr_size_t)in;
    cs_doc_t *copy;
    cs_doc_t **at;

    if (!spend(step, doc->count + in)) {
        return NULL;
    }
    copy = node_of(step, doc);
    copy->items = at = apr_palloc(step->edit->pool, sizeof(*at) * (count + 1));
    copy->count = (int)count;
    for (int i = 0; i < index; i++) {
        *at++ = doc->items[i];
    }
    for (int i = 0; i < in; i++) {
        *at++ = node_of(step, items[i]);
    }
    for (int i = index + out; i < doc->count; i++) {
        *at++ = doc->items[i];
    }
    return copy;
}

static cs_doc_t *append_items(step_t *step, const cs_doc_t *doc, const cs_doc_t *more)
{
    const cs_doc_t **items = apr_palloc(step->edit->pool, sizeof(*items) * ((apr_size_t)more->count + 1));

    for (int i = 0; i < more->count; i++) {
        items[i] = more->items[i];
    }
    return with_items(step, doc, doc->count, 0, more->count, items);
}

/* ---------------- the way down */

static cs_doc_t *descend(step_t *step, const cs_doc_t *doc, int at);

static int is_lenient(const step_t *step)
{
    return step->edit->reading == CS_POINTER_LENIENT;
}

/* What stands at the end of the path afterwards; `old` NULL: nothing stood there. */
static const cs_doc_t *new_value(step_t *step, const cs_doc_t *old)
{
    if (step->kind == CS_EDIT_ADD && is_lenient(step) && old && old->kind == CS_DOC_ARRAY) {
        return step->value->kind == CS_DOC_ARRAY
                   ? append_items(step, old, step->value)
                   : with_items(step, old, old->count, 0, 1, (const cs_doc_t *const[]){step->value});
    }
    return step->kind == CS_EDIT_REMOVE ? &null_doc : step->value;
}

static cs_doc_t *in_object(step_t *step, const cs_doc_t *doc, int at)
{
    const cs_segment_t *name = &step->path->segments[at];
    int slot = cs_pointer_member(doc, name, step->edit->reading);
    int last = at == step->path->count - 1;
    const cs_doc_t *old = slot < 0 ? NULL : doc->members[slot].value;
    const cs_doc_t *value;

    if (!old && !is_lenient(step) && (!last || step->kind != CS_EDIT_ADD)) {
        return fail(step, "there is no member '%s'", name);
    }
    if (last && step->kind == CS_EDIT_REMOVE && !is_lenient(step)) {
        return copy_object(step, doc, slot);
    }
    value = last ? new_value(step, old) : descend(step, old, at + 1);
    return value ? with_member(step, doc, slot, name, value) : NULL;
}

static cs_doc_t *in_array(step_t *step, const cs_doc_t *doc, int at)
{
    const cs_segment_t *segment = &step->path->segments[at];
    int last = at == step->path->count - 1;
    int adds = last && step->kind == CS_EDIT_ADD;
    int index = cs_pointer_is_end(segment) ? doc->count : cs_pointer_index(segment, doc->count);
    const cs_doc_t *value = step->value;

    if (index < 0) {
        return fail(step, "'%s' is no index of an array", segment);
    }
    if (index > doc->count || (index == doc->count && !adds)) {
        return fail(step, "the array has no item '%s'", segment);
    }
    if (!last) {
        value = descend(step, doc->items[index], at + 1);
    }
    if (!last && !value) {
        return NULL;
    }
    if (last && step->kind == CS_EDIT_REMOVE) {
        return with_items(step, doc, index, 1, 0, NULL);
    }
    return with_items(step, doc, index, !adds, 1, &value);
}

/* Recursion is as deep as the path. */
static cs_doc_t *descend(step_t *step, const cs_doc_t *doc, int at)
{
    if (is_lenient(step) && (!doc || doc->kind == CS_DOC_NULL)) {
        if (step->kind == CS_EDIT_REMOVE) {
            return node_of(step, &null_doc);
        }
        doc = &empty_object;
    }
    switch (doc->kind) {
    case CS_DOC_OBJECT:
        return in_object(step, doc, at);
    case CS_DOC_ARRAY:
        return in_array(step, doc, at);
    case CS_DOC_NULL:
    case CS_DOC_BOOL:
    case CS_DOC_NUMBER:
    case CS_DOC_STRING:
        break;
    }
    return fail(step, "there is no '%s' in what is neither an object nor an array",
                &step->path->segments[at]);
}

const cs_doc_t *cs_edit_apply(cs_edit_t *edit, const cs_doc_t *doc, cs_edit_kind_t kind,
                              const cs_pointer_t *path, const cs_doc_t *value)
{
    step_t step = {edit, kind, path, value};

    edit->wrong = NULL;
    if (path->count > 0) {
        return descend(&step, doc, 0);
    }
    if (kind == CS_EDIT_REMOVE && edit->reading == CS_POINTER_STRICT) {
        edit->wrong = "the whole document cannot be removed";
        return NULL;
    }
    return new_value(&step, doc);
}
