/* httpd/conf_set.h -- setters of the directives that are no numbers and no words of a list: lists, names,
 * URLs. */
#ifndef CS_HTTPD_CONF_SET_H
#define CS_HTTPD_CONF_SET_H

#include <httpd.h>
#include <http_config.h>

/* NULL, or why the directive may not stand where it does. */
const char *cs_conf_misplaced(cmd_parms *cmd);

const char *cs_conf_set_zone_code(cmd_parms *cmd, void *conf, const char *code, const char *id,
                                  const char *zone);
const char *cs_conf_set_strings(cmd_parms *cmd, void *conf, const char *value);
const char *cs_conf_set_public_url(cmd_parms *cmd, void *conf, const char *value);
const char *cs_conf_add_cors_origin(cmd_parms *cmd, void *conf, const char *value);
const char *cs_conf_add_receiver(cmd_parms *cmd, void *conf, const char *value);

#endif
