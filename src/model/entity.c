#include "model/entity.h"

#include "base/text.h"

#include <apr_strings.h>

const cs_field_t *cs_entity_key(const cs_entity_t *entity)
{
    for (int i = 0; i < entity->count; i++) {
        if (entity->fields[i].flags & CS_F_KEY) {
            return &entity->fields[i];
        }
    }
    return NULL;
}

const cs_field_t *cs_entity_find(const cs_entity_t *entity, const char *name, apr_size_t len)
{
    for (int i = 0; i < entity->count; i++) {
        if (cs_text_same(entity->fields[i].name, entity->fields[i].name_len, name, len)) {
            return &entity->fields[i];
        }
    }
    return NULL;
}

int cs_entity_cells(const cs_entity_t *entity)
{
    int cells = 0;

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        cells += field->type == CS_T_EMBEDDED ? cs_entity_cells(field->entity) : field->column != NULL;
    }
    return cells;
}

/* What is read out of the database for a property of that type. */
static const cs_kind_t kinds[CS_T_COUNT] = {
    [CS_T_INT] = CS_K_INT,       [CS_T_SHORT] = CS_K_INT, [CS_T_BOOL] = CS_K_BOOL, [CS_T_REAL] = CS_K_REAL,
    [CS_T_STRING] = CS_K_TEXT,   [CS_T_TIME] = CS_K_TIME, [CS_T_ENUM] = CS_K_INT,  [CS_T_FLAGS] = CS_K_INT,
    [CS_T_REFERENCE] = CS_K_INT, [CS_T_LINES] = CS_K_INT,
};

static cs_column_t *put_columns(apr_pool_t *pool, const cs_entity_t *entity, const char *prefix,
                                cs_column_t *at)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        if (field->type == CS_T_EMBEDDED) {
            at = put_columns(pool, field->entity, apr_pstrcat(pool, prefix, field->column, NULL), at);
        }
        else if (field->column) {
            at->name = apr_pstrcat(pool, prefix, field->column, NULL);
            at->kind = kinds[field->type];
            at++;
        }
    }
    return at;
}

const cs_column_t *cs_entity_columns(apr_pool_t *pool, const cs_entity_t *entity)
{
    cs_column_t *columns = apr_palloc(pool, sizeof(*columns) * (apr_size_t)cs_entity_cells(entity));

    put_columns(pool, entity, "", columns);
    return columns;
}

int cs_entity_references(const cs_entity_t *entity)
{
    int references = 0;

    for (int i = 0; i < entity->count; i++) {
        references += entity->fields[i].type == CS_T_REFERENCE;
    }
    return references;
}

const char *cs_enum_name(const cs_enum_t *words, apr_int64_t value)
{
    for (const cs_word_t *word = words->words; word->name; word++) {
        if (word->value == value) {
            return word->name;
        }
    }
    return words->fallback;
}
