#include "db/conninfo.h"

#include <apr_strings.h>
#include <libpq-fe.h>
#include <string.h>

static apr_status_t free_options(void *options)
{
    PQconninfoFree(options);
    return APR_SUCCESS;
}

const char *cs_conninfo_check(apr_pool_t *pool, const char *conninfo)
{
    static const char *const secrets[] = {"password", "sslpassword"};
    char *reason = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &reason);

    if (!options) {
        /* libpq's message may quote the string, and with it a password. */
        PQfreemem(reason);
        return "is no libpq connection string: write it like \"service=chat\" or \"host=/run/postgresql "
               "dbname=help_desk\"";
    }
    apr_pool_cleanup_register(pool, options, free_options, apr_pool_cleanup_null);
    for (const PQconninfoOption *option = options; option->keyword; option++) {
        for (apr_size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
            if (option->val && strcmp(option->keyword, secrets[i]) == 0) {
                return apr_pstrcat(
                    pool, "must not hold a ", secrets[i],
                    ", because the configuration is shown in places: put it into a password file and say "
                    "passfile=/path, or into the file of a service and say service=name",
                    NULL);
            }
        }
    }
    return NULL;
}
