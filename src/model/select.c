#include "model/select.h"

#include <string.h>

static cs_select_t *select_make(apr_pool_t *pool, const cs_entity_t *entity)
{
    apr_size_t count = (apr_size_t)entity->count;
    cs_select_t *select = apr_palloc(pool, sizeof(*select));

    select->chosen = apr_pcalloc(pool, count);
    select->parts = apr_pcalloc(pool, count * sizeof(*select->parts));
    return select;
}

static int has_parts(const cs_field_t *field)
{
    return field->type == CS_T_REFERENCE || field->type == CS_T_EMBEDDED;
}

/* Follows one path, from its first name on; `len` is what is left of it. */
static void choose(apr_pool_t *pool, const cs_entity_t *entity, cs_select_t *select, const char *path,
                   apr_size_t len)
{
    for (;;) {
        const char *slash = memchr(path, '/', len);
        apr_size_t name_len = slash ? (apr_size_t)(slash - path) : len;
        const cs_field_t *field = cs_entity_find(entity, path, name_len);
        apr_size_t i = field ? (apr_size_t)(field - entity->fields) : 0;

        if (!field || select->chosen[i] == CS_SELECT_WHOLE) {
            return;
        }
        if (!slash || !has_parts(field)) {
            select->chosen[i] = CS_SELECT_WHOLE;
            return;
        }
        if (!select->parts[i]) {
            select->chosen[i] = CS_SELECT_PART;
            select->parts[i] = select_make(pool, field->entity);
        }
        entity = field->entity;
        select = select->parts[i];
        path = slash + 1;
        len -= name_len + 1;
    }
}

cs_select_t *cs_select_parse(apr_pool_t *pool, const cs_entity_t *entity, const char *text)
{
    cs_select_t *select = NULL;

    while (*text) {
        apr_size_t len = strcspn(text, ",");
        apr_size_t skip = strspn(text, " \t");
        apr_size_t name_len;

        skip = skip < len ? skip : len;
        name_len = len - skip;
        while (name_len && (text[skip + name_len - 1] == ' ' || text[skip + name_len - 1] == '\t')) {
            name_len--;
        }
        if (name_len == 1 && text[skip] == '*') {
            return NULL;
        }
        if (name_len) {
            select = select ? select : select_make(pool, entity);
            choose(pool, entity, select, text + skip, name_len);
        }
        text += len + (text[len] == ',');
    }
    return select;
}
