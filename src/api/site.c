#include "api/site.h"

#include "query/template.h"

cs_error_t *cs_constants_make(apr_pool_t *pool, const cs_constants_t **constants_out)
{
    cs_constants_t *constants = apr_pcalloc(pool, sizeof(*constants));

    for (int i = 0; i < CS_STMT_COUNT; i++) {
        CS_TRY(cs_template_fill(pool, cs_stmt_table[i].text, &constants->sql[i]));
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
