#include "httpd/sections.h"

#include "httpd/conf.h"
#include "httpd/module.h"

#include <http_core.h>

apr_uint64_t cs_sections_mix(apr_uint64_t base, apr_uint64_t over)
{
    apr_uint64_t mixed = (base + 1) * APR_UINT64_C(0x9E3779B97F4A7C15) ^ over;

    mixed = (mixed ^ mixed >> 32) * APR_UINT64_C(0xD6E8FEB86659FD93);
    mixed = (mixed ^ mixed >> 32) * APR_UINT64_C(0xD6E8FEB86659FD93);
    return mixed ^ mixed >> 32;
}

typedef struct numbering_t {
    apr_pool_t *pool;
    apr_uint64_t last;
} numbering_t;

static void number_all(numbering_t *numbering, const apr_array_header_t *sections);

/* Virtual hosts share the sections of their server: those come by again. */
static void number_section(numbering_t *numbering, ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    cs_conf_t *conf = ap_get_module_config(section, &chatsession_module);

    if (!conf) {
        conf = cs_conf_create(numbering->pool, NULL);
        ap_set_module_config(section, &chatsession_module, conf);
    }
    if (conf->scope) {
        return;
    }
    conf->scope = ++numbering->last;
    if (core) {
        number_all(numbering, core->sec_file);
        number_all(numbering, core->sec_if);
    }
}

static void number_all(numbering_t *numbering, const apr_array_header_t *sections)
{
    for (int i = 0; sections && i < sections->nelts; i++) {
        number_section(numbering, APR_ARRAY_IDX(sections, i, ap_conf_vector_t *));
    }
}

void cs_sections_number(apr_pool_t *pconf, server_rec *main_server)
{
    numbering_t numbering = {pconf, 0};

    for (const server_rec *s = main_server; s; s = s->next) {
        const core_server_config *core = ap_get_core_module_config(s->module_config);

        number_section(&numbering, s->lookup_defaults);
        number_all(&numbering, core->sec_url);
        number_all(&numbering, core->sec_dir);
    }
}
