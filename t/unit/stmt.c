/* t/unit/stmt.c -- the table of statements: complete, filled without a rest, its parameters those of its
 * callers. */
#include "db/stmt.h"
#include "model/check.h"
#include "query/template.h"
#include "support.h"
#include "tap.h"

/* How many arguments api/ passes, and whether a second run changes nothing. */
static const struct {
    cs_stmt_id_t id;
    const char *name;
    int own;     /* arguments before the writable columns */
    int columns; /* the writable columns follow: 1 of a session, 2 of a topic */
    int rows;
    int repeatable;
} statements[] = {
    {CS_STMT_CALLER_GET, "caller_get", 1, 0, 1, 1},
    {CS_STMT_ASSOCIATE_ENROLL, "associate_enroll", 1, 0, 0, 1},
    {CS_STMT_PRINCIPAL_GET, "principal_get", 1, 0, 1, 1},
    {CS_STMT_CREDENTIAL_USE, "credential_use", 4, 0, 1, 1},
    {CS_STMT_CREDENTIAL_ISSUE, "credential_issue", 6, 0, 1, 0},
    {CS_STMT_CREDENTIAL_END, "credential_end", 2, 0, 0, 1},
    {CS_STMT_SCHEMA_VERSION, "schema_version", 0, 0, 10000, 1},
    {CS_STMT_SCHEMA_LAYOUT, "schema_layout", 0, 0, 24000, 1},
    {CS_STMT_TRANSACTION_BEGIN, "transaction_begin", 0, 0, 0, 1},
    {CS_STMT_TRANSACTION_COMMIT, "transaction_commit", 0, 0, 0, 0},
    {CS_STMT_TRANSACTION_ROLLBACK, "transaction_rollback", 0, 0, 0, 0},
    {CS_STMT_IDEMPOTENCY_CLAIM, "idempotency_claim", 5, 0, 1, 0},
    {CS_STMT_IDEMPOTENCY_ANSWER, "idempotency_answer", 7, 0, 0, 0},
    {CS_STMT_SESSION_LIST_MINE, "session_list_mine", 1, 0, 400, 1},
    {CS_STMT_SESSION_PICKUP, "session_pickup", 4, 0, 1, 0},
    {CS_STMT_SESSION_PICKUP_FIRST, "session_pickup_first", 2, 0, 1, 0},
    {CS_STMT_SESSION_PICKUP_LAST, "session_pickup_last", 2, 0, 1, 0},
    {CS_STMT_SESSION_TRANSFER, "session_transfer", 5, 0, 1, 0},
    {CS_STMT_SESSION_ACCEPT, "session_accept", 3, 0, 1, 0},
    {CS_STMT_SESSION_REJECT, "session_reject", 3, 0, 1, 0},
    {CS_STMT_SESSION_RESET, "session_reset", 3, 0, 1, 0},
    {CS_STMT_MESSAGE_LIST, "message_list", 4, 0, 10000, 1},
    {CS_STMT_MESSAGE_ADD, "message_add", 10, 0, 1, 0},
    {CS_STMT_SESSION_LOCK, "session_lock", 6, 0, 1, 0},
    {CS_STMT_SESSION_GET, "session_get", 2, 0, 1, 1},
    {CS_STMT_SESSION_GET_MARKED, "session_get_marked", 2, 0, 1, 1},
    {CS_STMT_SESSION_CHECK, "session_check", 2, 0, 1, 1},
    {CS_STMT_SESSION_CREATE, "session_create", 5, 1, 1, 0},
    {CS_STMT_SESSION_CREATE_TOGETHER, "session_create_together", 5, 1, 1, 0},
    {CS_STMT_SESSION_CREATE_STRICT, "session_create_strict", 5, 1, 1, 0},
    {CS_STMT_SESSION_REPLACE, "session_replace", 8, 1, 1, 0},
    {CS_STMT_SESSION_REPLACE_TOGETHER, "session_replace_together", 8, 1, 1, 0},
    {CS_STMT_SESSION_REPLACE_STRICT, "session_replace_strict", 8, 1, 1, 0},
    {CS_STMT_SESSION_DELETE, "session_delete", 6, 0, 1, 0},
    {CS_STMT_SESSION_DEFAULT, "session_default", 1, 0, 1, 1},
    {CS_STMT_SESSION_START, "session_start", 7, 0, 1, 0},
    {CS_STMT_TOPIC_DEFAULT, "topic_default", 1, 0, 1, 1},
    {CS_STMT_TOPIC_GET, "topic_get", 2, 0, 1, 1},
    {CS_STMT_TOPIC_LOCK, "topic_lock", 6, 0, 1, 0},
    {CS_STMT_TOPIC_CREATE, "topic_create", 2, 2, 1, 0},
    {CS_STMT_TOPIC_CREATE_STRICT, "topic_create_strict", 2, 2, 1, 0},
    {CS_STMT_TOPIC_REPLACE, "topic_replace", 6, 2, 1, 0},
    {CS_STMT_TOPIC_REPLACE_STRICT, "topic_replace_strict", 6, 2, 1, 0},
    {CS_STMT_TOPIC_DELETE, "topic_delete", 6, 0, 1, 0},
    {CS_STMT_TOPIC_LIST_MINE, "topic_list_mine", 1, 0, 10000, 1},
    {CS_STMT_TOPIC_HOURS, "topic_hours", 2, 0, 1, 1},
    {CS_STMT_AGENT_LIST, "agent_list", 2, 0, 10000, 1},
    {CS_STMT_AGENT_GET, "agent_get", 4, 0, 1, 1},
    {CS_STMT_AGENT_ADD, "agent_add", 9, 0, 1, 0},
    {CS_STMT_AGENT_UPDATE, "agent_update", 9, 0, 1, 0},
    {CS_STMT_AGENT_REMOVE, "agent_remove", 5, 0, 1, 0},
    {CS_STMT_AGENTS_REPLACE, "agents_replace", 6, 0, 10000, 0},
    {CS_STMT_USER_AGENTS, "user_agents", 3, 0, 100000, 1},
    {CS_STMT_PRESENCE_LIST, "presence_list", 1, 0, 100000, 1},
    {CS_STMT_PRESENCE_SAVE, "presence_save", 3, 0, 100, 0},
    {CS_STMT_WORK_LEAD, "work_lead", 0, 0, 1, 0},
    {CS_STMT_WORK_DEAD, "work_dead", 2, 0, 1, 0},
    {CS_STMT_WORK_IDLE, "work_idle", 2, 0, 1, 0},
    {CS_STMT_WORK_ALERT, "work_alert", 1, 0, 1, 0},
    {CS_STMT_WORK_PURGE, "work_purge", 1, 0, 1, 0},
    {CS_STMT_WORK_CREDENTIALS, "work_credentials", 0, 0, 1, 0},
    {CS_STMT_WORK_KEYS, "work_keys", 0, 0, 1, 0},
    {CS_STMT_WORK_EVENTS, "work_events", 1, 0, 1, 0},
    {CS_STMT_WORK_CHANGES, "work_changes", 0, 0, 1, 0},
    {CS_STMT_HOOK_SWEEP, "hook_sweep", 1, 0, 1, 0},
    {CS_STMT_HOOK_GIVE_UP, "hook_give_up", 1, 0, 1, 0},
    {CS_STMT_HOOK_DUE, "hook_due", 3, 0, 1000, 0},
    {CS_STMT_HOOK_TOLD, "hook_told", 8, 0, 1, 0},
};

/* Which $n a text holds: the greatest, or -1 when one below it is missing. */
static int parameters_in(const char *sql)
{
    char seen[1000] = {0};
    int most = 0;

    for (; (sql = strchr(sql, '$')); sql++) {
        int number = atoi(sql + 1);

        if (number < 1 || number >= (int)sizeof(seen)) {
            return -1;
        }
        seen[number] = 1;
        most = number > most ? number : most;
    }
    for (int i = 1; i <= most; i++) {
        if (!seen[i]) {
            return -1;
        }
    }
    return most;
}

static void test_statements(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(statements); i++) {
        const cs_stmt_t *stmt = &cs_stmt_table[statements[i].id];
        int expected = statements[i].own + (statements[i].columns == 1   ? cs_check_count(&cs_session_entity)
                                            : statements[i].columns == 2 ? cs_check_count(&cs_topic_entity)
                                                                         : 0);
        const char *sql = "";

        is(stmt->name, statements[i].name, "%s is where its number says", statements[i].name);
        is_int(stmt->rows, statements[i].rows, "%s: how many rows come back", stmt->name);
        is_int(stmt->repeatable, statements[i].repeatable, "%s: whether it may run twice", stmt->name);
        ok(stmt->several == CS_STMT_COUNT || (stmt->rows == 1 && cs_stmt_table[stmt->several].rows == 1 &&
                                              cs_stmt_table[stmt->several].together),
           "%s: a row for each where several are asked for together", stmt->name);
        ok(!stmt->together || stmt->repeatable == (stmt->several == statements[i].id),
           "%s: one that changes something does it for several alone", stmt->name);
        is(code_of(cs_template_fill(pool, stmt->text, &sql)), "", "%s: its markers are filled", stmt->name);
        ok(!strpbrk(sql, "{}") && !strstr(sql, "(null)"), "%s: nothing is left of them", stmt->name);
        is_int(parameters_in(sql), expected, "%s: it takes the arguments that it is given", stmt->name);
        ok(!strchr(sql, ';'), "%s is one statement", stmt->name);
        ok(!strstr(sql, "--"), "%s has no comment left", stmt->name);
    }
    is_int(COUNT(statements), CS_STMT_COUNT, "these are all statements");
}

static void test_migrations(void)
{
    for (int version = 1; version <= cs_schema_needed; version++) {
        const char *name = cs_schema_migration(version);

        ok(name && *name, "migration %d has a name", version);
    }
    ok(cs_schema_needed >= 3, "the statements need a version");
    is(cs_schema_migration(cs_schema_needed + 1), NULL, "there is none after it");
    is(cs_schema_migration(0), NULL, "there is none before the first");
    is(cs_schema_migration(-1), NULL, "nor a negative one");
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_statements(pool);
    test_migrations();
    return done();
}
