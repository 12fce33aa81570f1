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
    {"08", CS_E_DB_UNAVAILABLE, "a server behind the database cannot be reached"},
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
    {"40003", CS_E_DB_LOST, "the database does not know whether it was done"},
    {"42501", CS_E_DB_REFUSED, "the database refused the server"},
    {"42P05", CS_E_DB_LOST, "the database knows a prepared statement already"},
    {"42", CS_E_DB_SCHEMA, "the database is not prepared for this server"},
    {"53", CS_E_DB_BUSY, "the database has no resources left"},
    {"55P03", CS_E_DB_CONFLICT, "the record is locked"},
    {"57014", CS_E_DB_TIMEOUT, "the database did not finish in time"},
    {"57P", CS_E_DB_LOST, "the database is shutting down or starting"},
    {"58", CS_E_DB_FAILED, "the database failed"},
    {"", CS_E_DB_FAILED, "the database failed"},
};
#define ROWS (sizeof(table) / sizeof(table[0]))

#define SAID_MAX 500

static apr_size_t find(const char *state)
{
    apr_size_t best = ROWS - 1;

    for (apr_size_t i = 0; i < ROWS; i++) {
        apr_size_t len = strlen(table[i].prefix);

        if (len > strlen(table[best].prefix) && strncmp(state, table[i].prefix, len) == 0) {
            best = i;
        }
    }
    return best;
}

/* Data exceptions and broken constraints: their messages quote what was given. */
static int is_about_values(const char *state)
{
    return strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
}

/* libpq ends its messages with a line feed, and breaks the long ones into lines that begin with tabs. */
const char *cs_sqlstate_said(apr_pool_t *pool, const char *message)
{
    char *text = apr_pstrdup(pool, message), *to = text;

    for (const char *from = text; *from;) {
        const char *end = from + strspn(from, "\n\t");

        if (end == from) {
            *to++ = *from++;
            continue;
        }
        if (*end && to > text) {
            *to++ = ' ';
        }
        from = end;
    }
    *to = '\0';
    return cs_text_clean(pool, text, (apr_size_t)(to - text), SAID_MAX);
}

static const char *named(apr_pool_t *pool, const char *what, const char *name)
{
    return name && *name ? apr_pstrcat(pool, what, cs_text_clean(pool, name, strlen(name), 100), NULL) : "";
}

static const char *detail_of(apr_pool_t *pool, const cs_complaint_t *complaint)
{
    const char *primary = complaint->primary ? cs_sqlstate_said(pool, complaint->primary) : "";

    if (!complaint->state) {
        return *primary ? primary : "the connection ended without a word";
    }
    if (is_about_values(complaint->state)) {
        primary = "";
    }
    return apr_pstrcat(pool, "SQLSTATE ", complaint->state,
                       named(pool, ", constraint ", complaint->constraint),
                       named(pool, ", table ", complaint->table), named(pool, ", column ", complaint->column),
                       *primary ? ": " : "", primary, NULL);
}

cs_error_t *cs_sqlstate_error(apr_pool_t *pool, const cs_complaint_t *complaint)
{
    cs_code_t code = CS_E_DB_LOST;
    const char *message = "the connection to the database broke";

    if (complaint->state) {
        apr_size_t row = find(complaint->state);

        code = table[row].code;
        message = table[row].message;
        if (is_about_values(complaint->state) && !complaint->carries_values) {
            code = CS_E_DB_FAILED;
            message = "the database cannot read its own values";
        }
    }
    return cs_error_detail(cs_error_make(pool, code, NULL, "%s", message), detail_of(pool, complaint));
}
