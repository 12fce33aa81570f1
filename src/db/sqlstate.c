#include "db/sqlstate.h"

#include "base/text.h"

#include <apr_strings.h>
#include <string.h>

/* The longest prefix that fits decides; "" fits all. */
static const struct {
    const char *prefix;
    cs_code_t code;
    const char *message;
} table[] = {
    {"08", CS_E_DB_LOST, "the connection to the database broke"},
    {"0A000", CS_E_DB_LOST, "a prepared statement no longer fits the database"},
    {"21000", CS_E_DB_FAILED, "the database found two records where one was expected"},
    {"22001", CS_E_VALUE_LENGTH, "a text is longer than the database takes"},
    {"22003", CS_E_VALUE_RANGE, "a number is outside the range that the database takes"},
    {"22008", CS_E_VALUE_TIME, "a time is outside the range that the database takes"},
    {"22021", CS_E_TEXT_NUL, "a text holds a character that the database cannot store"},
    {"22P05", CS_E_TEXT_NUL, "a text holds a character that the database cannot store"},
    {"23503", CS_E_REFERENCE_UNKNOWN, "a record that is referred to does not exist"},
    {"23514", CS_E_VALUE_RANGE, "a value is outside what the database permits"},
    {"25006", CS_E_DB_REFUSED, "the database takes no changes now"},
    {"26", CS_E_DB_LOST, "the database forgot a prepared statement"},
    {"28", CS_E_DB_REFUSED, "the database refused the server"},
    {"3D", CS_E_DB_SCHEMA, "the database does not exist"},
    {"3F", CS_E_DB_SCHEMA, "the database is not prepared for this server"},
    {"40", CS_E_DB_CONFLICT, "the database had to break off because of another change"},
    {"42501", CS_E_DB_REFUSED, "the database refused the server"},
    {"42", CS_E_DB_SCHEMA, "the database is not prepared for this server"},
    {"53", CS_E_DB_BUSY, "the database has no resources left"},
    {"55P03", CS_E_DB_CONFLICT, "the record is locked"},
    {"57014", CS_E_DB_TIMEOUT, "the database did not finish in time"},
    {"57P", CS_E_DB_LOST, "the database is shutting down or starting"},
    {"58", CS_E_DB_FAILED, "the database failed"},
    {"", CS_E_DB_FAILED, "the database failed"},
};

cs_error_t *cs_sqlstate_error(apr_pool_t *pool, const char *state, const char *primary,
                              const char *constraint)
{
    const char *known = state ? state : "08";
    apr_size_t best = sizeof(table) / sizeof(table[0]) - 1;

    for (apr_size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        apr_size_t len = strlen(table[i].prefix);

        if (len > strlen(table[best].prefix) && strncmp(known, table[i].prefix, len) == 0) {
            best = i;
        }
    }
    primary = primary ? cs_text_clean(pool, primary, strlen(primary), 500) : "no message";
    return cs_error_detail(cs_error_make(pool, table[best].code, NULL, "%s", table[best].message),
                           apr_psprintf(pool, "SQLSTATE %s%s%s: %s", state ? state : "none",
                                        constraint ? ", constraint " : "", constraint ? constraint : "",
                                        primary));
}
