/* t/fuzz/select.c -- any $select: the answer is JSON, has every member, and holds nothing that was not asked
 * for. */
#include "fuzz.h"
#include "model/map.h"
#include "rows.h"
#include "wire/json.h"
#include "wire/json_write.h"

#define CEILING (1024 * 1024)

static void check_select(const cs_entity_t *entity, const cs_select_t *select)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        must(select->chosen[i] <= CS_SELECT_PART);
        if (select->chosen[i] == CS_SELECT_PART) {
            must(field->type == CS_T_REFERENCE || field->type == CS_T_EMBEDDED);
            must(select->parts[i]);
            check_select(field->entity, select->parts[i]);
        }
    }
}

static const char *mapped(apr_pool_t *pool, const rows_t *rows, const cs_select_t *select)
{
    static const cs_part_t none = {"{}", 2};
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, CEILING)};
    cs_parts_t *parts = apr_pcalloc(pool, sizeof(*parts));
    cs_view_t view = {.parts = parts, .select = select, .collection = "http://host/ChatSession"};

    for (int right = 0; right < CS_RIGHT_COUNT; right++) {
        parts->table_right[right] = none;
        for (int carrier = 0; carrier < CS_CARRIER_COUNT; carrier++) {
            parts->properties[right][carrier] = none;
        }
    }
    cs_map_entity(&w, &cs_session_entity, rows ? rows->records : NULL, &view);
    must(!w.buf->full);
    return cs_buf_text(w.buf, pool);
}

/* A member is null or what it is in the whole; where it was chosen in part, that holds inside. */
static void check_doc(const cs_doc_t *doc, const cs_doc_t *whole, const cs_entity_t *entity,
                      const cs_select_t *select)
{
    must(doc->kind == CS_DOC_OBJECT && doc->count == whole->count && doc->count == entity->count);
    for (int i = 0; i < entity->count; i++) {
        const cs_doc_t *value = doc->members[i].value, *full = whole->members[i].value;

        must(strcmp(doc->members[i].name, entity->fields[i].name) == 0);
        if (select->chosen[i] == CS_SELECT_NOTHING) {
            must(value->kind == CS_DOC_NULL);
        }
        else if (select->chosen[i] == CS_SELECT_PART && full->kind == CS_DOC_OBJECT) {
            check_doc(value, full, entity->fields[i].entity, select->parts[i]);
        }
        else {
            must(value->kind == full->kind && value->count == full->count && value->len == full->len);
            must(!value->text || strcmp(value->text, full->text) == 0);
        }
    }
}

static const cs_doc_t *decoded(apr_pool_t *pool, const char *json)
{
    cs_doc_t *doc = NULL;

    must(cs_json_decode(fuzz_ctx(pool), json, strlen(json), &doc) == NULL);
    return doc;
}

/* The rows and the whole answer are the same for every input: made once. */
static const rows_t *the_rows(const cs_doc_t **whole_out)
{
    static const rows_t *rows;
    static const cs_doc_t *whole;

    if (!rows) {
        apr_pool_t *pool = fuzz_pool();

        rows = rows_filled(pool);
        whole = decoded(pool, mapped(pool, rows, NULL));
    }
    *whole_out = whole;
    return rows;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool = fuzz_pool();
    const char *text = fuzz_text(pool, data, size);
    const cs_doc_t *whole;
    const rows_t *rows = the_rows(&whole);
    const cs_select_t *select = cs_select_parse(pool, &cs_session_entity, text);

    if (select) {
        const char *json = mapped(pool, rows, select);

        check_select(&cs_session_entity, select);
        check_doc(decoded(pool, json), whole, &cs_session_entity, select);
        decoded(pool, mapped(pool, NULL, select));
        /* What is said twice is said no louder. */
        select = cs_select_parse(pool, &cs_session_entity, apr_pstrcat(pool, text, ",", text, NULL));
        must(select && strcmp(mapped(pool, rows, select), json) == 0);
    }
    must(!cs_select_parse(pool, &cs_session_entity, apr_pstrcat(pool, text, ",*", NULL)));
    apr_pool_destroy(pool);
    return 0;
}
