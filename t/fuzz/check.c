/* t/fuzz/check.c -- any document as a session: it is refused with reasons, or stored and read back as the
 * same. */
#include "fuzz.h"
#include "model/check.h"
#include "model/map.h"
#include "rows.h"
#include "wire/json.h"
#include "wire/json_write.h"

#define ENTITY  (&cs_session_entity)
#define MOST    64
#define CEILING (1024 * 1024)

/* ---------------- refused */

static void check_faults(const cs_error_t *error)
{
    must(error->code == CS_E_BODY_SHAPE || error->code == CS_E_BODY_INVALID);
    must(!error->field);
    fuzz_must_be_told(error);
    must((error->next != NULL) == (error->code == CS_E_BODY_INVALID));
    for (const cs_error_t *fault = error->next; fault; fault = fault->next) {
        size_t len = strcspn(fault->field, "/");

        fuzz_must_be_told(fault);
        must(cs_entity_find(ENTITY, fault->field, len));
        must(!strncmp(fault->message, fault->field, strlen(fault->field)));
    }
    must(cs_error_count(error) <= 2 * ENTITY->count);
}

/* ---------------- accepted */

static void check_value(const cs_field_t *field, const cs_val_t *value)
{
    apr_size_t chars = 0;

    switch (field->type) {
    case CS_T_STRING:
        must(value->kind == CS_K_TEXT && value->set);
        must(cs_utf8_valid(value->u.s, value->len, &chars) && chars <= (apr_size_t)field->max);
        must(!memchr(value->u.s, '\0', value->len));
        return;
    case CS_T_TIME:
        must(value->kind == CS_K_TIME);
        must(!value->set || (value->u.i > CS_WALL_UNSET && value->u.i <= CS_WALL_LAST));
        return;
    case CS_T_BOOL:
        must(value->kind == CS_K_BOOL && value->set && (value->u.i == 0 || value->u.i == 1));
        return;
    case CS_T_REFERENCE:
        must(value->kind == CS_K_INT && (value->set || !field->unset));
        must(!value->set || value->u.i == field->unset || (value->u.i >= 1 && value->u.i <= INT32_MAX));
        return;
    case CS_T_ENUM:
        must(value->kind == CS_K_INT && value->set && cs_enum_name(field->words, value->u.i));
        return;
    case CS_T_FLAGS:
        must(value->kind == CS_K_INT && value->set && value->u.i >= 0 && value->u.i <= INT16_MAX);
        return;
    default:
        must(value->kind == CS_K_INT && value->set && value->u.i >= INT32_MIN && value->u.i <= INT32_MAX);
    }
}

static int same_value(const cs_val_t *a, const cs_val_t *b)
{
    if (a->kind != b->kind || a->set != b->set) {
        return 0;
    }
    if (!a->set) {
        return 1;
    }
    return a->kind == CS_K_TEXT ? a->len == b->len && memcmp(a->u.s, b->u.s, a->len) == 0 : a->u.i == b->u.i;
}

/* Stored, read and sent back: nothing may change on the way. */
static void check_round_trip(apr_pool_t *pool, const cs_val_t *values)
{
    static const cs_part_t none = {"{}", 2};
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, CEILING)};
    cs_parts_t *parts = apr_pcalloc(pool, sizeof(*parts));
    cs_view_t view = {.parts = parts, .collection = "http://host/ChatSession"};
    rows_t *rows = rows_make(pool);
    cs_val_t again[MOST];
    cs_doc_t *doc = NULL;

    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        parts->table_right[right] = none;
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            parts->properties[right][carrier] = none;
        }
    }
    /* A session's cells are its id and the values, in the same order. */
    rows->cells[0][0] = cs_val_int(41);
    memcpy(rows->cells[0] + 1, values, sizeof(*values) * (size_t)cs_check_count(ENTITY));
    cs_map_entity(&w, ENTITY, rows->records, &view);
    must(!w.buf->full);
    must(cs_json_decode(fuzz_ctx(pool), cs_buf_text(w.buf, pool), w.buf->length, &doc) == NULL);
    must(cs_check_entity(fuzz_ctx(pool), ENTITY, doc, again) == NULL);
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        must(same_value(&values[i], &again[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    cs_doc_t *doc = NULL;
    cs_val_t values[MOST];

    if (!cs_json_decode(fuzz_ctx(pool), (const char *)data, size, &doc)) {
        cs_error_t *error = cs_check_entity(fuzz_ctx(pool), ENTITY, doc, values);

        if (error) {
            check_faults(error);
        }
        else {
            for (int i = 0, next = 0; i < ENTITY->count; i++) {
                if (ENTITY->fields[i].flags & CS_F_WRITE) {
                    check_value(&ENTITY->fields[i], &values[next++]);
                }
            }
            check_round_trip(pool, values);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
