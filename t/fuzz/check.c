/* t/fuzz/check.c -- any document as a session, whatever its format: it is refused with reasons, or stored and
 * read back as the same, as JSON and as XML. */
#include "fuzz.h"
#include "model/check.h"
#include "model/map.h"
#include "rows.h"
#include "wire/form.h"
#include "wire/json.h"
#include "wire/json_write.h"
#include "wire/xml.h"
#include "wire/xml_write.h"

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

typedef cs_error_t *decode_t(cs_ctx_t *cx, const char *bytes, apr_size_t len, cs_doc_t **doc_out);

/* Whether XML has a place for all of a text. */
static int fits_xml(const cs_val_t *value)
{
    for (apr_size_t i = 0; value->kind == CS_K_TEXT && value->set && i < value->len; i++) {
        const unsigned char *at = (const unsigned char *)value->u.s + i;

        if ((*at < 0x20 && !strchr("\t\n\r", *at)) ||
            (value->len - i >= 3 && at[0] == 0xEF && at[1] == 0xBF && at[2] >= 0xBE)) {
            return 0;
        }
    }
    return 1;
}

/* Stored, read and sent back: nothing may change on the way. */
static void check_round_trip(apr_pool_t *pool, const cs_val_t *values, const cs_writer_ops_t *format,
                             decode_t *decode)
{
    cs_writer_t w = {.ops = format, .buf = cs_buf_make(pool, CEILING)};
    cs_parts_t *parts = apr_pcalloc(pool, sizeof(*parts));
    cs_view_t view = {.parts = parts, .collection = "http://host/ChatSession"};
    rows_t *rows = rows_make(pool);
    cs_val_t again[MOST];
    cs_doc_t *doc = NULL;

    cs_rights_prepare(pool, CS_PROPERTIES_NONE, format, parts);
    /* A session's cells are its id and the values, in the same order. */
    rows->cells[0][0] = cs_val_int(41);
    memcpy(rows->cells[0] + 1, values, sizeof(*values) * (size_t)cs_check_count(ENTITY));
    if (format->begin) {
        format->begin(&w);
    }
    cs_map_entity(&w, ENTITY, rows->records, &view);
    must(!w.buf->full);
    must(decode(fuzz_ctx(pool), cs_buf_text(w.buf, pool), w.buf->length, &doc) == NULL);
    must(cs_check_entity(fuzz_ctx(pool), ENTITY, doc, again) == NULL);
    for (int i = 0; i < cs_check_count(ENTITY); i++) {
        must(same_value(&values[i], &again[i]) || (format == &cs_xml_writer && !fits_xml(&values[i])));
    }
}

static void check_document(apr_pool_t *pool, const cs_doc_t *doc)
{
    cs_val_t values[MOST];
    cs_error_t *error = cs_check_entity(fuzz_ctx(pool), ENTITY, doc, values);

    if (error) {
        check_faults(error);
        return;
    }
    for (int i = 0, next = 0; i < ENTITY->count; i++) {
        if (ENTITY->fields[i].flags & CS_F_WRITE) {
            check_value(&ENTITY->fields[i], &values[next++]);
        }
    }
    check_round_trip(pool, values, &cs_json_writer, cs_json_decode);
    check_round_trip(pool, values, &cs_xml_writer, cs_xml_decode);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static decode_t *const decoders[] = {cs_json_decode, cs_xml_decode, cs_form_decode};
    apr_pool_t *pool = fuzz_pool();

    for (size_t i = 0; i < sizeof(decoders) / sizeof(decoders[0]); i++) {
        cs_doc_t *doc = NULL;

        if (!decoders[i](fuzz_ctx(pool), (const char *)data, size, &doc)) {
            check_document(pool, doc);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
