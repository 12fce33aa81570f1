/* t/unit/error.c -- errors: the table of codes, making them, lists of them; and log lines. */
#include "base/error.h"
#include "base/log.h"
#include "support.h"
#include "tap.h"

/* ---------------- codes */

static int is_wire_code(const char *code)
{
    const char *dot = strchr(code, '.');

    return dot && dot > code && dot[1] && !strchr(dot + 1, '.') &&
           strspn(code, "abcdefghijklmnopqrstuvwxyz-.") == strlen(code);
}

/* The ErrorTypes of the original that we use. */
static int is_type(const char *type)
{
    static const char *const types[] = {
        "SoSessionException",          "SoSentryException",   "SoNotFoundException",
        "SoNotSupportedException",     "ArgumentException",   "SoInvalidArgumentException",
        "SoValidationException",       "SoDbAccessException", "SoServerException",
        "SoIllegalOperationException",
    };

    for (size_t i = 0; i < COUNT(types); i++) {
        if (strcmp(types[i], type) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_status(int status)
{
    static const int statuses[] = {400, 401, 403, 404, 405, 408, 409, 412, 413, 415, 422, 429, 500, 503};

    for (size_t i = 0; i < COUNT(statuses); i++) {
        if (statuses[i] == status) {
            return 1;
        }
    }
    return 0;
}

static void test_codes(void)
{
    for (int code = 0; code < CS_E_COUNT; code++) {
        const cs_code_row_t *row = cs_code_row((cs_code_t)code);
        int twice = 0;

        for (int before = 0; before < code; before++) {
            const cs_code_row_t *other = cs_code_row((cs_code_t)before);

            twice += strcmp(other->wire, row->wire) == 0 || strcmp(other->name, row->name) == 0;
        }
        is_int(twice, 0, "%s: its code on the wire is its own", row->name);
        ok(is_status(row->status), "%s: %d is a status that we answer with", row->name, row->status);
        ok(is_wire_code(row->wire), "%s: '%s' is a room, a dot and a word", row->name, row->wire);
        ok(is_type(row->type), "%s: '%s' is an ErrorType", row->name, row->type);
        ok(*row->title && !strchr(row->title, '.'), "%s: it has a title, which is no sentence", row->name);
    }
}

/* What clients may rely on. */
static const struct {
    cs_code_t code;
    const char *name;
    int status;
    const char *wire;
} known[] = {
    {CS_E_NO_USER, "NO_USER", 401, "user.missing"},
    {CS_E_USER_UNKNOWN, "USER_UNKNOWN", 403, "user.unknown"},
    {CS_E_ROUTE_UNKNOWN, "ROUTE_UNKNOWN", 404, "path.unknown"},
    {CS_E_METHOD, "METHOD", 405, "method.not-allowed"},
    {CS_E_PATH_ID, "PATH_ID", 400, "path.id"},
    {CS_E_SESSION_UNKNOWN, "SESSION_UNKNOWN", 404, "session.unknown"},
    {CS_E_MEDIA_TYPE, "MEDIA_TYPE", 415, "body.media-type"},
    {CS_E_BODY_TOO_LARGE, "BODY_TOO_LARGE", 413, "body.too-large"},
    {CS_E_BODY_TIMEOUT, "BODY_TIMEOUT", 408, "body.timeout"},
    {CS_E_BODY_EMPTY, "BODY_EMPTY", 400, "body.empty"},
    {CS_E_JSON_SYNTAX, "JSON_SYNTAX", 400, "json.syntax"},
    {CS_E_XML_SYNTAX, "XML_SYNTAX", 400, "xml.syntax"},
    {CS_E_XML_DTD, "XML_DTD", 400, "xml.dtd"},
    {CS_E_FORM_SYNTAX, "FORM_SYNTAX", 400, "form.syntax"},
    {CS_E_TEXT_NUL, "TEXT_NUL", 400, "text.nul"},
    {CS_E_REFERENCE_UNKNOWN, "REFERENCE_UNKNOWN", 400, "reference.unknown"},
    {CS_E_DB_UNAVAILABLE, "DB_UNAVAILABLE", 503, "db.unavailable"},
    {CS_E_DB_BUSY, "DB_BUSY", 503, "db.busy"},
    {CS_E_DB_FAILED, "DB_FAILED", 500, "db.failed"},
    {CS_E_INTERNAL, "INTERNAL", 500, "server.internal"},
};

static void test_known(void)
{
    for (size_t i = 0; i < COUNT(known); i++) {
        const cs_code_row_t *row = cs_code_row(known[i].code);

        is(row->name, known[i].name, "%s is its own row", known[i].name);
        is(row->wire, known[i].wire, "%s keeps its code", known[i].name);
        is_int(row->status, known[i].status, "%s keeps its status", known[i].name);
    }
}

/* ---------------- errors */

static void test_make(apr_pool_t *pool)
{
    char text[] = "formatted";
    cs_error_t *error = cs_error_make(pool, CS_E_VALUE_TYPE, "TopicId", "%s %d%%", text, 5);

    memset(text, '?', sizeof(text) - 1);
    is_int(error->code, CS_E_VALUE_TYPE, "an error has its code");
    is(error->field, "TopicId", "and its field");
    is(error->message, "formatted 5%", "the message is formatted into the pool");
    is(error->detail, NULL, "there is no detail at first");
    ok(!error->next, "and nothing behind it");
    ok(cs_error_detail(error, "for the log") == error, "a detail goes into the same error");
    is(error->detail, "for the log", "the detail is kept");
    is(error->message, "formatted 5%", "the message stays");
    is(cs_error_make(pool, CS_E_INTERNAL, NULL, "%s", "x")->field, NULL, "there may be no field");
}

static void test_lists(apr_pool_t *pool)
{
    cs_error_t *list = NULL, *pair;
    const char *order = "";

    is_int(cs_error_count(NULL), 0, "an empty list has no faults");
    for (int i = 0; i < 5; i++) {
        cs_error_add(&list, cs_error_make(pool, CS_E_VALUE_TYPE, NULL, "%d", i));
        is_int(cs_error_count(list), i + 1, "fault %d is counted", i + 1);
    }
    for (const cs_error_t *fault = list; fault; fault = fault->next) {
        order = apr_pstrcat(pool, order, fault->message, NULL);
    }
    is(order, "01234", "faults stand in the order they were found");
    pair = cs_error_make(pool, CS_E_VALUE_TYPE, NULL, "a");
    cs_error_add(&pair, cs_error_make(pool, CS_E_VALUE_TYPE, NULL, "b"));
    cs_error_add(&list, pair);
    is_int(cs_error_count(list), 7, "a list can be appended to a list");
}

static cs_error_t *tried(cs_error_t *error, int *reached)
{
    CS_TRY(error);
    *reached = 1;
    return NULL;
}

static void test_try(apr_pool_t *pool)
{
    cs_error_t *error = cs_error_make(pool, CS_E_INTERNAL, NULL, "x");
    int reached = 0;

    ok(tried(error, &reached) == error && !reached, "CS_TRY returns the error that it gets");
    ok(tried(NULL, &reached) == NULL && reached, "CS_TRY goes on after success");
}

/* ---------------- log lines */

static void test_log(apr_pool_t *pool)
{
    test_log_t *log = test_log_make(pool, CS_LOG_DEBUG);
    char *long_text = apr_palloc(pool, 3 * CS_LOG_LINE_MAX);
    const char *line;

    cs_log(NULL, CS_LOG_ERR, CSNO(1), "nobody listens");
    ok(1, "without a log nothing happens");
    cs_log(&log->log, CS_LOG_ERR, CSNO(7), "a %s of %d", "line", 5);
    cs_log(&log->log, CS_LOG_DEBUG, CSNO(1234), "100%%");
    cs_log(&log->log, CS_LOG_DEBUG, 0, "no number");
    cs_log(&log->log, CS_LOG_TRACE1, CSNO(8), "not wanted");
    cs_log(&log->log, CS_LOG_TRACE4, 0, "not wanted either");
    is(log->lines, "0|CS0007: a line of 5\n4|CS1234: 100%\n4|no number\n",
       "a line has its level and number; what is not wanted is not written");
    memset(long_text, 'x', 3 * CS_LOG_LINE_MAX - 1);
    long_text[3 * CS_LOG_LINE_MAX - 1] = '\0';
    for (int number = 0; number < 2; number++) {
        log->lines = "";
        cs_log(&log->log, CS_LOG_ERR, number ? CSNO(9) : 0, "%s", long_text);
        line = log->lines + strlen("0|");
        ok(strlen(line) <= CS_LOG_LINE_MAX, "a longer line is cut, %s number",
           number ? "with a" : "without a");
        ok(strlen(line) > CS_LOG_LINE_MAX - 10, "and not more than it must be");
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_codes();
    test_known();
    test_make(pool);
    test_lists(pool);
    test_try(pool);
    test_log(pool);
    return done();
}
