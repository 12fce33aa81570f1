/* t/unit/sqlstate.c -- what PostgreSQL says to what the client is told. */
#include "db/sqlstate.h"
#include "support.h"
#include "tap.h"

static const struct {
    const char *state;
    const char *code;
    const char *what;
} states[] = {
    {NULL, "db.lost", "the connection broke before there was one"},
    {"08000", "db.unavailable", "connection exception: a foreign table's server, for ours would not say so"},
    {"08001", "db.unavailable", "the same"},
    {"08006", "db.unavailable", "the same"},
    {"0A000", "db.lost", "cached plan must not change result type"},
    {"21000", "db.failed", "more than one row from a subquery"},
    {"22001", "value.length", "string data right truncation"},
    {"22003", "value.range", "numeric value out of range"},
    {"22008", "value.time", "datetime field overflow"},
    {"22021", "text.nul", "character not in repertoire"},
    {"22P05", "text.nul", "untranslatable character"},
    {"23503", "reference.unknown", "foreign key violation"},
    {"23514", "value.range", "check violation"},
    {"25006", "db.refused", "read-only transaction"},
    {"26000", "db.lost", "invalid statement name"},
    {"28000", "db.refused", "invalid authorization"},
    {"28P01", "db.refused", "invalid password"},
    {"3D000", "db.schema", "no such database"},
    {"3F000", "db.schema", "no such schema"},
    {"40001", "db.conflict", "serialization failure"},
    {"40P01", "db.conflict", "deadlock"},
    {"40003", "db.lost", "statement completion unknown: unlike its neighbours"},
    {"42501", "db.refused", "insufficient privilege: not the schema's fault like its neighbours"},
    {"42P01", "db.schema", "no such table"},
    {"42P05", "db.lost", "a prepared statement of that name: not the schema's fault like its neighbours"},
    {"42703", "db.schema", "no such column"},
    {"42883", "db.schema", "no such function"},
    {"53000", "db.busy", "insufficient resources"},
    {"53300", "db.busy", "too many connections"},
    {"53400", "db.busy", "configuration limit exceeded"},
    {"55P03", "db.conflict", "lock not available"},
    {"57014", "db.timeout", "query canceled: not a shutdown like its neighbours"},
    {"57P01", "db.lost", "admin shutdown"},
    {"57P03", "db.lost", "cannot connect now"},
    {"58030", "db.failed", "I/O error"},
    /* nothing fits but the end of the table */
    {"00000", "db.failed", "success, which is no error"},
    {"22000", "db.failed", "another data exception"},
    {"22P02", "db.failed", "invalid text representation"},
    {"23505", "db.failed", "unique violation"},
    {"25P02", "db.failed", "in a failed transaction"},
    {"55000", "db.failed", "object not in the right state"},
    {"57000", "db.failed", "another operator intervention"},
    {"XX000", "db.failed", "internal error"},
    {"P0001", "db.failed", "raised by a function"},
    {"0", "db.failed", "too short for any row"},
    {"", "db.failed", "empty"},
    {"5", "db.failed", "the beginning of several"},
    {"08", "db.unavailable", "a class alone"},
};

static cs_error_t *error_of(apr_pool_t *pool, const char *state, const char *primary, const char *constraint)
{
    const cs_complaint_t complaint = {
        .state = state, .primary = primary, .constraint = constraint, .carries_values = 1};

    return cs_sqlstate_error(pool, &complaint);
}

static void test_states(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        cs_error_t *error = error_of(pool, states[i].state, "message", "constraint");

        is(code_of(error), states[i].code, "%s: %s", states[i].state ? states[i].state : "none",
           states[i].what);
        ok(error && *error->message && !error->next, "%s: there is a message for the client",
           states[i].state ? states[i].state : "none");
    }
}

/* Where a statement held no values of the client's, they cannot be the reason. */
static void test_own_values(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(states); i++) {
        const cs_complaint_t complaint = {.state = states[i].state, .primary = "message"};
        cs_error_t *error = cs_sqlstate_error(pool, &complaint);

        ok(error && cs_code_row(error->code)->status >= 500, "%s: not the client's fault then",
           states[i].state ? states[i].state : "none");
    }
}

/* What the database says is for the log; the client is not told names of tables or columns. */
static void test_details(apr_pool_t *pool)
{
    const cs_complaint_t named = {
        .state = "23502", .primary = "null value in secret", .table = "chat_session", .column = "rank"};
    cs_error_t *error = error_of(pool, "23514", "row (secret) violates \"rank_positive\"", "rank_positive");
    char *long_text = apr_palloc(pool, 10000);

    is(error->detail, "SQLSTATE 23514, constraint rank_positive",
       "the detail holds state and constraint, and no message that may quote a value");
    ok(!strstr(error->message, "rank_positive") && !strstr(error->message, "23514"),
       "the message holds none of them");
    is(error->field, NULL, "no property is named");
    is(cs_sqlstate_error(pool, &named)->detail, "SQLSTATE 23502, table chat_session, column rank",
       "table and column are told");
    is(error_of(pool, "22P02", "invalid input: \"secret\"", NULL)->detail, "SQLSTATE 22P02",
       "a value that cannot be read is not quoted");
    is(error_of(pool, "42P01", "relation \"x\" does not exist", NULL)->detail,
       "SQLSTATE 42P01: relation \"x\" does not exist", "there may be no constraint");
    is(error_of(pool, NULL, "server closed the connection", NULL)->detail, "server closed the connection",
       "there may be no state");
    is(error_of(pool, NULL, NULL, NULL)->detail, "the connection ended without a word",
       "there may be nothing");
    is(error_of(pool, NULL, "", NULL)->detail, "the connection ended without a word", "or an empty text");
    is(error_of(pool, "XX000", "two\nlines\x1B[31m\xFF", NULL)->detail, "SQLSTATE XX000: two lines?[31m?",
       "what the database says is cleaned for the log");
    is(error_of(pool, NULL, "server closed\n\tThis means\n\tno good.\n", NULL)->detail,
       "server closed This means no good.", "libpq's lines become one, without an end of line");
    is(error_of(pool, NULL, "\n", NULL)->detail, "the connection ended without a word",
       "or nothing but an end of line");
    is(cs_sqlstate_said(pool, "refused\n"), "refused", "a connection that was never there says so without one");
    memset(long_text, 'x', 9999);
    long_text[9999] = '\0';
    ok(strlen(error_of(pool, "XX000", long_text, NULL)->detail) < 600, "and cut");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_states(pool);
    test_own_values(pool);
    test_details(pool);
    return done();
}
