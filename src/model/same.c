#include "model/same.h"

#include "base/num.h"
#include "base/text.h"
#include "doc/same.h"
#include "model/check.h"

#include <string.h>

typedef struct pair_t {
    cs_ctx_t *cx;
    const cs_field_t *field;
    const cs_doc_t *current, *wanted; /* NULL: null, or not there */
} pair_t;

int cs_same_ignores(const cs_field_t *field)
{
    return field->type == CS_T_RIGHT || field->type == CS_T_PROPERTIES || field->type == CS_T_LINKS ||
           field->type == CS_T_NONE;
}

/* ---------------- single values */

typedef struct digits_t {
    char own[CS_NUM_MAX];
    const char *text;
    apr_size_t len;
} digits_t;

/* A number as text, also one that is written as a string; 0 when it is none. */
static int read_digits(const cs_doc_t *doc, const cs_field_t *field, digits_t *out)
{
    apr_int64_t number;

    if (!doc) {
        out->text = out->own;
        out->len = cs_num_print_int(out->own, field->unset);
        return 1;
    }
    out->text = doc->text;
    out->len = doc->len;
    return doc->kind == CS_DOC_NUMBER ||
           (doc->kind == CS_DOC_STRING && cs_text_integer(doc->text, doc->len, &number));
}

static int same_number(const pair_t *pair)
{
    digits_t a, b;

    return read_digits(pair->current, pair->field, &a) && read_digits(pair->wanted, pair->field, &b) &&
           cs_doc_same_number(a.text, a.len, b.text, b.len);
}

static int same_string(const pair_t *pair)
{
    static const cs_doc_t empty = {.kind = CS_DOC_STRING, .text = ""};
    const cs_doc_t *a = pair->current ? pair->current : &empty, *b = pair->wanted ? pair->wanted : &empty;

    return a->kind == CS_DOC_STRING && b->kind == CS_DOC_STRING && a->len == b->len &&
           memcmp(a->text, b->text, a->len) == 0;
}

/* What would be stored for both. */
static int same_stored(const pair_t *pair)
{
    cs_val_t a, b;

    if (cs_check_value(pair->cx, pair->field, pair->field->name, pair->current, &a) ||
        cs_check_value(pair->cx, pair->field, pair->field->name, pair->wanted, &b)) {
        return 0;
    }
    return a.set == b.set && (!a.set || a.u.i == b.u.i);
}

/* Numbers need not have a name, and the name for those that have none need not be one of the names. */
static int same_name(const pair_t *pair)
{
    const cs_doc_t *a = pair->current, *b = pair->wanted;

    return same_number(pair) || (a && b && a->kind == CS_DOC_STRING && cs_doc_same(pair->cx->pool, a, b)) ||
           same_stored(pair);
}

/* ---------------- records and what is inside */

/* Empty is unset. */
static int same_whole(const pair_t *pair)
{
    const cs_doc_t *a = pair->current, *b = pair->wanted;

    if (!a || !b) {
        return (!a || a->count == 0) && (!b || b->count == 0);
    }
    return cs_doc_same(pair->cx->pool, a, b);
}

static int same_members(const pair_t *pair)
{
    const cs_doc_t *a = pair->current, *b = pair->wanted;

    if ((a && a->kind != CS_DOC_OBJECT) || (b && b->kind != CS_DOC_OBJECT)) {
        return 0;
    }
    for (int i = 0; b && i < b->count; i++) {
        const cs_member_t *member = &b->members[i];
        const cs_field_t *field = cs_entity_find(pair->field->entity, member->name, member->len);

        if (!field ||
            !cs_same_value(pair->cx, field, a ? cs_doc_find(a, field->name, NULL) : NULL, member->value)) {
            return 0;
        }
    }
    return 1;
}

static int is_none(const pair_t *pair, const cs_doc_t *doc)
{
    const cs_field_t *key = cs_entity_key(pair->field->entity);
    const cs_doc_t *id = doc && doc->kind == CS_DOC_OBJECT ? cs_doc_find(doc, key->name, NULL) : NULL;
    apr_int64_t number = 0;

    if (!doc || (doc->kind == CS_DOC_OBJECT && doc->count == 0)) {
        return 1;
    }
    if (!id) {
        return 0;
    }
    return id->kind == CS_DOC_NULL || ((id->kind == CS_DOC_NUMBER || id->kind == CS_DOC_STRING) &&
                                       cs_text_integer(id->text, id->len, &number) && number <= 0);
}

static int same_reference(const pair_t *pair)
{
    pair_t inner = *pair;

    if (is_none(pair, pair->wanted)) {
        return is_none(pair, pair->current);
    }
    if (is_none(pair, pair->current)) {
        inner.current = NULL;
    }
    return same_members(&inner);
}

static int (*const same[CS_T_COUNT])(const pair_t *pair) = {
    [CS_T_INT] = same_number,       [CS_T_SHORT] = same_number,  [CS_T_BOOL] = same_stored,
    [CS_T_REAL] = same_number,      [CS_T_STRING] = same_string, [CS_T_TIME] = same_stored,
    [CS_T_ENUM] = same_name,        [CS_T_FLAGS] = same_name,    [CS_T_REFERENCE] = same_reference,
    [CS_T_EMBEDDED] = same_members, [CS_T_LINES] = same_whole,   [CS_T_MAP] = same_whole,
    [CS_T_SPAN] = same_stored,      [CS_T_NUMBERS] = same_whole, [CS_T_ITEMS] = same_whole,
};

static const cs_doc_t *or_nothing(const cs_doc_t *doc)
{
    return doc && doc->kind != CS_DOC_NULL ? doc : NULL;
}

/* Recursion is as deep as the entities. */
int cs_same_value(cs_ctx_t *cx, const cs_field_t *field, const cs_doc_t *current, const cs_doc_t *wanted)
{
    pair_t pair = {cx, field, or_nothing(current), or_nothing(wanted)};

    return cs_same_ignores(field) || same[field->type](&pair);
}
