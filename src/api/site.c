#include "api/site.h"

#include "query/template.h"

static const cs_entity_t *const read_whole[CS_SHAPES] = {
    &cs_session_entity,         &cs_associate_entity,   &cs_person_entity,         &cs_contact_entity,
    &cs_project_entity,         &cs_sale_entity,        &cs_ticket_entity,         &cs_topic_entity,
    &cs_topic_agent_entity,     &cs_language_entity,    &cs_reply_template_entity, &cs_ticket_category_entity,
    &cs_ticket_priority_entity, &cs_kb_category_entity, &cs_time_zone_entity,
};

cs_error_t *cs_constants_make(apr_pool_t *pool, const cs_constants_t **constants_out)
{
    cs_constants_t *constants = apr_pcalloc(pool, sizeof(*constants));

    for (int i = 0; i < CS_STMT_COUNT; i++) {
        CS_TRY(cs_template_fill(pool, cs_stmt_table[i].text, &constants->sql[i]));
    }
    for (int i = 0; i < CS_SHAPES; i++) {
        constants->shapes[i] = (cs_shape_t){.table = read_whole[i]->table,
                                            .columns = cs_entity_columns(pool, read_whole[i]),
                                            .count = cs_entity_cells(read_whole[i])};
    }
    for (int wanted = 0; wanted < CS_PROPERTIES_COUNT; wanted++) {
        for (int format = 0; format < CS_FORMAT_COUNT; format++) {
            cs_rights_prepare(pool, (cs_properties_t)wanted, cs_media_writer((cs_format_t)format),
                              &constants->parts[wanted][format]);
        }
    }
    *constants_out = constants;
    return NULL;
}
