#include "model/check.h"

#include "base/clock.h"
#include "base/span.h"
#include "base/text.h"
#include "base/wall.h"

#include <apr_strings.h>
#include <string.h>

#define INT_MIN_VALUE (-APR_INT64_C(2147483648))
#define INT_MAX_VALUE APR_INT64_C(2147483647)
#define SHOWN         60 /* bytes of a refused value that its message repeats */

/* One value on its way through; `path` names it in a fault. */
typedef struct check_t {
    cs_ctx_t *cx;
    const cs_field_t *field;
    const char *path;
    const cs_doc_t *doc;
} check_t;

/* What was sent, fit for a message. */
static const char *shown(const check_t *check)
{
    const cs_doc_t *doc = check->doc;

    switch (doc->kind) {
    case CS_DOC_BOOL:
        return doc->truth ? "true" : "false";
    case CS_DOC_NUMBER:
        return cs_text_clean(check->cx->pool, doc->text, doc->len, SHOWN);
    case CS_DOC_STRING:
        return apr_pstrcat(check->cx->pool, "'", cs_text_clean(check->cx->pool, doc->text, doc->len, SHOWN),
                           "'", NULL);
    case CS_DOC_NULL:
    case CS_DOC_ARRAY:
    case CS_DOC_OBJECT:
        break;
    }
    return cs_doc_kind_name(doc->kind);
}

static cs_error_t *refuse(const check_t *check, cs_code_t code, const char *wanted)
{
    return cs_error_make(check->cx->pool, code, check->path, "%s takes %s, not %s", check->path, wanted,
                         shown(check));
}

/* ---------------- formats without types */

#define BLANKS " \t\r\n"

/* Names divided by blanks, as XML has them, or by commas: by commas. */
static void comma_names(char *text)
{
    char *to = text;

    while (*text) {
        if (strchr(BLANKS, *text)) {
            text += strspn(text, BLANKS);
            if (*text != ',' && to[-1] != ',') {
                *to++ = ',';
            }
            continue;
        }
        *to++ = *text++;
    }
    *to = '\0';
}

static int is_integer(const cs_doc_t *doc);

/* XML and forms say everything as text: as the property's type wants it.  Blanks around it do not count, and
 * nothing between them means unset. */
static const cs_doc_t *typed(const check_t *check)
{
    static const cs_doc_t unset = {.kind = CS_DOC_NULL};
    const cs_doc_t *said = check->doc;
    const char *start, *end;
    cs_doc_t *doc;
    char *text;

    if (!said || !said->untyped || check->field->type == CS_T_STRING) {
        return said;
    }
    start = said->text + strspn(said->text, BLANKS);
    end = said->text + said->len;
    while (end > start && strchr(BLANKS, end[-1])) {
        end--;
    }
    if (end == start) {
        return &unset;
    }
    doc = apr_pmemdup(check->cx->pool, said, sizeof(*said));
    doc->text = text = apr_pstrmemdup(check->cx->pool, start, (apr_size_t)(end - start));
    if (check->field->type == CS_T_FLAGS) {
        comma_names(text);
    }
    doc->len = strlen(text);
    doc->kind = check->field->type != CS_T_TIME && check->field->type != CS_T_SPAN && is_integer(doc)
                    ? CS_DOC_NUMBER
                    : CS_DOC_STRING;
    return doc;
}

/* ---------------- one value each */

/* Digits with at most a sign before them, however many. */
static int is_integer(const cs_doc_t *doc)
{
    apr_size_t sign = doc->len > 0 && (doc->text[0] == '-' || doc->text[0] == '+');

    return doc->len > sign && strspn(doc->text + sign, "0123456789") == doc->len - sign;
}

/* A number, or a string that holds one. */
static cs_error_t *check_number(const check_t *check, apr_int64_t low, apr_int64_t high, const char *wanted,
                                cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    apr_int64_t number;

    if (doc->kind != CS_DOC_NUMBER && doc->kind != CS_DOC_STRING) {
        return refuse(check, CS_E_VALUE_TYPE, wanted);
    }
    if (!cs_text_integer(doc->text, doc->len, &number)) {
        return refuse(check, is_integer(doc) ? CS_E_VALUE_RANGE : CS_E_VALUE_TYPE, wanted);
    }
    if (number < low || number > high) {
        return refuse(check, CS_E_VALUE_RANGE, wanted);
    }
    *out = cs_val_int(number);
    return NULL;
}

static cs_error_t *check_int(const check_t *check, cs_val_t *out)
{
    return check_number(check, INT_MIN_VALUE, INT_MAX_VALUE, "an integer from -2147483648 to 2147483647",
                        out);
}

static cs_error_t *check_bool(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;

    *out = cs_val_null(CS_K_BOOL);
    out->set = 1;
    if (doc->kind == CS_DOC_BOOL) {
        out->u.i = doc->truth;
        return NULL;
    }
    if (doc->kind == CS_DOC_STRING || doc->kind == CS_DOC_NUMBER) {
        const char *yes = doc->kind == CS_DOC_STRING ? "true" : "1";
        const char *no = doc->kind == CS_DOC_STRING ? "false" : "0";

        out->u.i = cs_text_same(doc->text, doc->len, yes, strlen(yes));
        if (out->u.i || cs_text_same(doc->text, doc->len, no, strlen(no))) {
            return NULL;
        }
    }
    return refuse(check, CS_E_VALUE_TYPE, "true or false");
}

static cs_error_t *check_string(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    apr_size_t chars;

    if (doc->kind != CS_DOC_STRING) {
        return refuse(check, CS_E_VALUE_TYPE, "a string");
    }
    if (!cs_utf8_valid(doc->text, doc->len, &chars)) {
        return refuse(check, CS_E_VALUE_TYPE, "a string of UTF-8");
    }
    if (chars > (apr_size_t)check->field->max) {
        return cs_error_make(check->cx->pool, CS_E_VALUE_LENGTH, check->path,
                             "%s takes at most %d characters, not %" APR_SIZE_T_FMT, check->path,
                             check->field->max, chars);
    }
    *out = cs_val_text(doc->text, doc->len);
    return NULL;
}

/* A client that keeps "no date" as an instant sends it back moved by its own zone. */
static int is_no_date(const cs_stamp_t *stamp)
{
    cs_wall_t utc = stamp->wall - stamp->offset * CS_WALL_SECOND;

    return stamp->zoned && utc < CS_WALL_UNSET + CS_WALL_DAY;
}

static cs_error_t *check_time(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    cs_stamp_t stamp;
    cs_wall_t wall;
    const char *wrong;

    *out = cs_val_null(CS_K_TIME);
    if (doc->kind != CS_DOC_STRING) {
        return refuse(check, CS_E_VALUE_TYPE, "a date and time as a string");
    }
    if (doc->len == 0) {
        return NULL;
    }
    wrong = cs_wall_parse(doc->text, doc->len, &stamp);
    if (wrong) {
        return cs_error_make(check->cx->pool, CS_E_VALUE_TIME, check->path,
                             "%s takes YYYY-MM-DDTHH:MM:SS with or without a fraction and a zone, not %s: %s",
                             check->path, shown(check), wrong);
    }
    if (is_no_date(&stamp)) {
        return NULL;
    }
    wall = check->field->flags & CS_F_UTC ? cs_clock_store_utc(check->cx->locale, &stamp)
                                          : cs_clock_store(check->cx->locale, &stamp);
    if (wall == CS_WALL_UNSET) {
        return NULL;
    }
    if (wall < CS_WALL_UNSET || wall > CS_WALL_LAST) {
        return refuse(check, CS_E_VALUE_RANGE, "a time of the years 0001 to 9999");
    }
    out->set = 1;
    out->u.i = wall;
    return NULL;
}

static cs_error_t *check_span(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    const char *wrong;

    *out = cs_val_null(CS_K_SPAN);
    out->set = 1;
    if (doc->kind != CS_DOC_STRING) {
        return refuse(check, CS_E_VALUE_TYPE, "a time of day as a string");
    }
    if (doc->len == 0) {
        return NULL;
    }
    wrong = cs_span_parse(doc->text, doc->len, &out->u.i);
    if (wrong) {
        return cs_error_make(check->cx->pool, CS_E_VALUE_TIME, check->path,
                             "%s takes HH:MM or HH:MM:SS up to 24:00, or a duration like PT8H30M, not %s: %s",
                             check->path, shown(check), wrong);
    }
    return NULL;
}

static const char *list_names(const check_t *check)
{
    const char *list = "";

    for (const cs_word_t *word = check->field->words->words; word->name; word++) {
        list = apr_pstrcat(check->cx->pool, list, *list ? ", " : "", word->name, NULL);
    }
    return list;
}

static cs_error_t *check_enum(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    int textual = doc->kind == CS_DOC_STRING || doc->kind == CS_DOC_NUMBER;
    apr_int64_t number = 0;
    int numeric = textual && cs_text_integer(doc->text, doc->len, &number);

    for (const cs_word_t *word = check->field->words->words; textual && word->name; word++) {
        if (numeric ? word->value == number
                    : cs_text_same(word->name, strlen(word->name), doc->text, doc->len)) {
            *out = cs_val_int(word->value);
            return NULL;
        }
    }
    return refuse(check, textual ? CS_E_VALUE_NAME : CS_E_VALUE_TYPE,
                  apr_pstrcat(check->cx->pool, "one of ", list_names(check), ", or its number", NULL));
}

/* A number, or names joined by commas: their values together. */
static cs_error_t *check_flags(const check_t *check, cs_val_t *out)
{
    const cs_doc_t *doc = check->doc;
    const char *wanted = apr_pstrcat(check->cx->pool, "names joined by commas out of ", list_names(check),
                                     ", or a number from 0 to 32767", NULL);
    apr_int64_t number, value = 0;
    const char *rest = doc->text;

    if (doc->kind == CS_DOC_NUMBER ||
        (doc->kind == CS_DOC_STRING && cs_text_integer(doc->text, doc->len, &number))) {
        return check_number(check, 0, 32767, wanted, out);
    }
    if (doc->kind != CS_DOC_STRING) {
        return refuse(check, CS_E_VALUE_TYPE, wanted);
    }
    for (int more = *rest != '\0'; more;) {
        const cs_word_t *word = check->field->words->words;
        apr_size_t len;

        rest += strspn(rest, " ");
        len = strcspn(rest, ", ");
        while (word->name && !cs_text_same(word->name, strlen(word->name), rest, len)) {
            word++;
        }
        rest += len + strspn(rest + len, " ");
        more = *rest == ',';
        if (!word->name || (*rest && !more)) {
            return refuse(check, CS_E_VALUE_NAME, wanted);
        }
        rest += more;
        value |= word->value;
    }
    *out = cs_val_int(value);
    return NULL;
}

static void store_none(const cs_field_t *field, cs_val_t *out)
{
    *out = field->unset ? cs_val_int(field->unset) : cs_val_null(CS_K_INT);
}

/* Only the id inside counts; no id, 0 and -1 are nobody. */
static cs_error_t *check_reference(const check_t *check, cs_val_t *out)
{
    const cs_field_t *key = cs_entity_key(check->field->entity);
    check_t inner = {check->cx, key, apr_pstrcat(check->cx->pool, check->path, "/", key->name, NULL), NULL};
    int twice;

    store_none(check->field, out);
    if (check->doc->kind != CS_DOC_OBJECT) {
        return refuse(check, CS_E_VALUE_TYPE,
                      apr_pstrcat(check->cx->pool, "an object with ", key->name, ", or null", NULL));
    }
    inner.doc = cs_doc_find(check->doc, key->name, &twice);
    if (twice) {
        return cs_error_make(check->cx->pool, CS_E_VALUE_TWICE, inner.path,
                             "%s is given twice, in different case", inner.path);
    }
    inner.doc = typed(&inner);
    if (!inner.doc || inner.doc->kind == CS_DOC_NULL) {
        return NULL;
    }
    CS_TRY(check_number(&inner, -1, INT_MAX_VALUE, "an id from 1 to 2147483647, or 0 for none", out));
    if (out->u.i <= 0) {
        store_none(check->field, out);
    }
    return NULL;
}

static cs_error_t *(*const check_value[CS_T_COUNT])(const check_t *check, cs_val_t *out) = {
    [CS_T_INT] = check_int,
    [CS_T_BOOL] = check_bool,
    [CS_T_STRING] = check_string,
    [CS_T_TIME] = check_time,
    [CS_T_ENUM] = check_enum,
    [CS_T_FLAGS] = check_flags,
    [CS_T_REFERENCE] = check_reference,
    [CS_T_SPAN] = check_span,
};

/* What is stored when nothing is said. */
static cs_val_t unset_value(const cs_field_t *field)
{
    cs_val_t value;

    switch (field->type) {
    case CS_T_STRING:
        return cs_val_text("", 0);
    case CS_T_TIME:
        return cs_val_null(CS_K_TIME);
    case CS_T_SPAN:
        value = cs_val_null(CS_K_SPAN);
        value.set = 1;
        return value;
    case CS_T_BOOL:
        value = cs_val_null(CS_K_BOOL);
        value.set = 1;
        return value;
    case CS_T_REFERENCE:
        store_none(field, &value);
        return value;
    default:
        return cs_val_int(field->unset);
    }
}

/* ---------------- the whole */

/* Properties that a client may set, and the key. */
static int is_checked(const cs_field_t *field)
{
    return field->flags & (CS_F_WRITE | CS_F_KEY);
}

/* The key does not count, whatever it says; but a number that is no id is a mistake that somebody wants to
 * know of. */
static cs_error_t *check_key(cs_ctx_t *cx, const cs_field_t *field, const cs_doc_t *said)
{
    cs_val_t ignored;

    return said && said->kind == CS_DOC_NUMBER ? cs_check_value(cx, field, field->name, said, &ignored)
                                               : NULL;
}

int cs_check_count(const cs_entity_t *entity)
{
    int count = 0;

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (field->flags & CS_F_WRITE) {
            count += field->type == CS_T_EMBEDDED ? cs_check_count(field->entity) : 1;
        }
    }
    return count;
}

/* A walk over the rows of an entity and of what is embedded in it, in the order of the values. */
typedef struct rows_t {
    cs_ctx_t *cx;
    const unsigned char *touched; /* of the next value on; NULL: all of them are */
    cs_val_t *values;             /* the next one */
    cs_error_t *faults;
} rows_t;

static const char *join(const rows_t *rows, const char *prefix, const cs_field_t *field)
{
    return *prefix ? apr_pstrcat(rows->cx->pool, prefix, field->name, NULL) : field->name;
}

/* The member for each row of the entity, by the row's index; faults for those that are given twice. */
static const cs_doc_t **match_members(rows_t *rows, const cs_entity_t *entity, const char *prefix,
                                      const cs_doc_t *doc)
{
    apr_size_t count = (apr_size_t)entity->count;
    const cs_doc_t **found = apr_pcalloc(rows->cx->pool, count * sizeof(const cs_doc_t *));
    unsigned char *twice = apr_pcalloc(rows->cx->pool, count);

    for (int i = 0; doc && i < doc->count; i++) {
        const cs_field_t *field = cs_entity_find(entity, doc->members[i].name, doc->members[i].len);
        apr_size_t row = field ? (apr_size_t)(field - entity->fields) : 0;

        if (!field || !is_checked(field)) {
            continue;
        }
        if (found[row] && !twice[row]) {
            const char *path = join(rows, prefix, field);

            cs_error_add(&rows->faults, cs_error_make(rows->cx->pool, CS_E_VALUE_TWICE, path,
                                                      "%s is given twice, in different case", path));
            twice[row] = 1;
        }
        found[row] = doc->members[i].value;
    }
    return found;
}

/* The error that carries the faults: alone it is told in full, several are named. */
cs_error_t *cs_check_gather(cs_ctx_t *cx, cs_error_t *faults)
{
    cs_error_t *whole;
    const char *names = faults->field;

    if (!faults->next) {
        whole = cs_error_make(cx->pool, CS_E_BODY_INVALID, NULL, "%s", faults->message);
    }
    else {
        for (const cs_error_t *fault = faults->next; fault; fault = fault->next) {
            names = apr_pstrcat(cx->pool, names, ", ", fault->field, NULL);
        }
        whole = cs_error_make(cx->pool, CS_E_BODY_INVALID, NULL, "%d properties cannot be saved: %s",
                              cs_error_count(faults), names);
    }
    whole->next = faults;
    return whole;
}

static void pass_over(rows_t *rows, int count)
{
    rows->values += count;
    if (rows->touched) {
        rows->touched += count;
    }
}

static void check_one(rows_t *rows, const cs_field_t *field, const char *path, const cs_doc_t *said)
{
    cs_error_t *fault = NULL;

    if (!rows->touched || *rows->touched) {
        fault = cs_check_value(rows->cx, field, path, said, rows->values);
    }
    if (fault) {
        cs_error_add(&rows->faults, fault);
    }
    pass_over(rows, 1);
}

static void check_rows(rows_t *rows, const cs_entity_t *entity, const char *prefix, const cs_doc_t *doc);

/* Nothing is an embedded part without anything in it. */
static void check_embedded(rows_t *rows, const cs_field_t *field, const char *path, const cs_doc_t *said)
{
    check_t check = {rows->cx, field, path, said};

    check.doc = typed(&check);
    if (!check.doc || check.doc->kind == CS_DOC_NULL || check.doc->kind == CS_DOC_OBJECT) {
        check_rows(rows, field->entity, apr_pstrcat(rows->cx->pool, path, "/", NULL),
                   check.doc && check.doc->kind == CS_DOC_OBJECT ? check.doc : NULL);
        return;
    }
    cs_error_add(&rows->faults, refuse(&check, CS_E_VALUE_TYPE,
                                       apr_pstrcat(rows->cx->pool, "a ", field->entity->label,
                                                   " as an object, or null", NULL)));
    pass_over(rows, cs_check_count(field->entity));
}

/* doc NULL: nothing is said.  Recursion is as deep as the entities. */
static void check_rows(rows_t *rows, const cs_entity_t *entity, const char *prefix, const cs_doc_t *doc)
{
    const cs_doc_t **found = match_members(rows, entity, prefix, doc);

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        cs_error_t *fault = NULL;

        if (!is_checked(field)) {
            continue;
        }
        if (!(field->flags & CS_F_WRITE)) {
            fault = rows->touched ? NULL : check_key(rows->cx, field, found[i]);
        }
        else if (field->type == CS_T_EMBEDDED) {
            check_embedded(rows, field, join(rows, prefix, field), found[i]);
        }
        else {
            check_one(rows, field, join(rows, prefix, field), found[i]);
        }
        if (fault) {
            cs_error_add(&rows->faults, fault);
        }
    }
}

static cs_error_t *check_whole(cs_ctx_t *cx, const cs_entity_t *entity, const cs_doc_t *doc,
                               const unsigned char *touched, cs_val_t *values)
{
    rows_t rows = {.cx = cx, .touched = touched, .values = values};

    if (doc->kind != CS_DOC_OBJECT) {
        return cs_error_make(cx->pool, CS_E_BODY_SHAPE, NULL,
                             "the body is %s where a %s as an object should be", cs_doc_kind_name(doc->kind),
                             entity->label);
    }
    check_rows(&rows, entity, "", doc);
    return rows.faults ? cs_check_gather(cx, rows.faults) : NULL;
}

cs_error_t *cs_check_part(cs_ctx_t *cx, const cs_field_t *field, const char *path, const cs_doc_t *doc,
                          cs_val_t *values_out)
{
    rows_t rows = {.cx = cx, .values = values_out};

    check_embedded(&rows, field, path, doc);
    return rows.faults;
}

cs_error_t *cs_check_value(cs_ctx_t *cx, const cs_field_t *field, const char *path, const cs_doc_t *doc,
                           cs_val_t *value_out)
{
    check_t check = {cx, field, path, doc};

    *value_out = unset_value(field);
    check.doc = typed(&check);
    if (check.doc && check.doc->kind != CS_DOC_NULL) {
        return check_value[field->type](&check, value_out);
    }
    return field->flags & CS_F_NEEDED
               ? cs_error_make(cx->pool, CS_E_PARAMETER_MISSING, path, "%s is missing", path)
               : NULL;
}

cs_error_t *cs_check_entity(cs_ctx_t *cx, const cs_entity_t *entity, const cs_doc_t *doc,
                            cs_val_t *values_out)
{
    return check_whole(cx, entity, doc, NULL, values_out);
}

cs_error_t *cs_check_touched(cs_ctx_t *cx, const cs_entity_t *entity, const cs_doc_t *doc,
                             const unsigned char *touched, cs_val_t *values)
{
    return check_whole(cx, entity, doc, touched, values);
}
