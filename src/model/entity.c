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
    [CS_T_REFERENCE] = CS_K_INT, [CS_T_LINES] = CS_K_INT, [CS_T_SPAN] = CS_K_SPAN, [CS_T_NUMBERS] = CS_K_TEXT,
};

int cs_entity_references(const cs_entity_t *entity)
{
    int references = 0;

    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];

        references += field->type == CS_T_EMBEDDED ? cs_entity_references(field->entity)
                                                   : field->type == CS_T_REFERENCE;
    }
    return references;
}

/* outer: what the entity is embedded in. */
static void put_leaves(apr_array_header_t *leaves, const cs_entity_t *entity, const cs_leaf_t *outer)
{
    for (int i = 0; i < entity->count; i++) {
        const cs_field_t *field = &entity->fields[i];
        cs_leaf_t leaf = {.field = field,
                          .path = apr_pstrcat(leaves->pool, outer->path, field->name, NULL),
                          .writable = outer->writable && field->flags & CS_F_WRITE};

        if (field->column) {
            leaf.column = apr_pstrcat(leaves->pool, outer->column, field->column, NULL);
        }
        if (field->type == CS_T_EMBEDDED) {
            leaf.path = apr_pstrcat(leaves->pool, leaf.path, "/", NULL);
            put_leaves(leaves, field->entity, &leaf);
        }
        else if (field->column) {
            APR_ARRAY_PUSH(leaves, cs_leaf_t) = leaf;
        }
    }
}

const apr_array_header_t *cs_entity_leaves(apr_pool_t *pool, const cs_entity_t *entity)
{
    apr_array_header_t *leaves = apr_array_make(pool, cs_entity_cells(entity), sizeof(cs_leaf_t));

    put_leaves(leaves, entity, &(cs_leaf_t){.column = "", .path = "", .writable = 1});
    return leaves;
}

const cs_column_t *cs_entity_columns(apr_pool_t *pool, const cs_entity_t *entity)
{
    const apr_array_header_t *leaves = cs_entity_leaves(pool, entity);
    cs_column_t *columns = apr_palloc(pool, sizeof(*columns) * (apr_size_t)leaves->nelts);

    for (int i = 0; i < leaves->nelts; i++) {
        const cs_leaf_t *leaf = &APR_ARRAY_IDX(leaves, i, cs_leaf_t);

        columns[i] = (cs_column_t){.name = leaf->column, .kind = kinds[leaf->field->type]};
    }
    return columns;
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
