#include "model/entity.h"

#include "base/text.h"

#include <stddef.h>

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
