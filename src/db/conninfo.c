#include "db/conninfo.h"

#include <apr_strings.h>
#include <libpq-fe.h>
#include <string.h>

/* What must not be in it, and why. */
static const struct {
    const char *keyword;
    const char *part; /* NULL: it may not be there at all; else only values without this */
    const char *reason;
} forbidden[] = {
    {"password", NULL,
     "must not hold a password, because the configuration is shown in places: put it into a password file "
     "and "
     "say passfile=/path, or into the file of a service and say service=name"},
    {"sslpassword", NULL,
     "must not hold a sslpassword, because the configuration is shown in places: put it into the file of a "
     "service and say service=name (a password of the role: passfile=/path)"},
    {"options", NULL,
     "must not hold options, because the settings of the session are the module's; what else the role needs, "
     "ALTER ROLE ... SET can say"},
    {"host", ",",
     "must name one host: the attempt at one that hangs would take the time of all others; name the address "
     "that moves with the database"},
    {"hostaddr", ",",
     "must name one address: the attempt at one that hangs would take the time of all others; name the "
     "address that moves with the database"},
};

static apr_status_t free_options(void *options)
{
    PQconninfoFree(options);
    return APR_SUCCESS;
}

static PQconninfoOption *parse(apr_pool_t *pool, const char *conninfo)
{
    char *reason = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &reason);

    if (options) {
        apr_pool_cleanup_register(pool, options, free_options, apr_pool_cleanup_null);
    }
    else {
        PQfreemem(reason); /* it may quote the string, and with it a password */
    }
    return options;
}

const char *cs_conninfo_check(apr_pool_t *pool, const char *conninfo)
{
    const PQconninfoOption *options = parse(pool, conninfo);

    if (!options) {
        return "is no libpq connection string: write it like \"service=chat\" or \"host=/run/postgresql "
               "dbname=help_desk\"";
    }
    for (; options->keyword; options++) {
        for (apr_size_t i = 0; options->val && i < sizeof(forbidden) / sizeof(forbidden[0]); i++) {
            if (strcmp(options->keyword, forbidden[i].keyword) == 0 &&
                (!forbidden[i].part || strstr(options->val, forbidden[i].part))) {
                return forbidden[i].reason;
            }
        }
    }
    return NULL;
}

/* libpq gives the keywords in an order of its own. */
const char *cs_conninfo_key(apr_pool_t *pool, const char *conninfo)
{
    const PQconninfoOption *options = parse(pool, conninfo);
    const char *key = "";

    for (; options && options->keyword; options++) {
        if (options->val) {
            key = apr_psprintf(pool, "%s %s=%" APR_SIZE_T_FMT ":%s", key, options->keyword,
                               strlen(options->val), options->val);
        }
    }
    return key;
}
