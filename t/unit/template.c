/* t/unit/template.c -- the statements' markers: what each becomes, and what is none. */
#include "query/template.h"
#include "support.h"
#include "tap.h"

#include <sys/wait.h>
#include <unistd.h>

static const char *filled(apr_pool_t *pool, const char *text)
{
    const char *sql = NULL;
    cs_error_t *error = cs_template_fill(pool, text, &sql);

    return error ? apr_pstrcat(pool, "error: ", error->message, NULL) : sql;
}

/* ---------------- whole texts */

static const struct {
    const char *text, *sql;
} fills[] = {
    {"", ""},
    {"SELECT 1", "SELECT 1"},
    {"SELECT $1, 'a' || $2 -- no marker", "SELECT $1, 'a' || $2 -- no marker"},
    {"INSERT INTO chat_session ({columns ChatSession})",
     "INSERT INTO chat_session (topic_id, user_id, customer_id, customer_alias, customer_host, name, email, "
     "phone, "
     "consented, company_name, status, first_message, last_message, when_requested, when_started, "
     "when_ended, "
     "idle, customer_fetch, session_key, initial_queue_pos, alert_level, rank, flags, contact_id, "
     "project_id, "
     "sale_id, ticket_id, transfer_to, chatbot_isactive, rating)"},
    {"({columns ChatSession 6 topic_id user_id customer_id customer_alias customer_host name email "
     "phone consented company_name first_message last_message when_requested when_started when_ended idle "
     "customer_fetch session_key initial_queue_pos alert_level flags contact_id project_id sale_id ticket_id "
     "transfer_to chatbot_isactive}, {values ChatSession 6 topic_id user_id customer_id customer_alias customer_host "
     "name email phone consented company_name first_message last_message when_requested when_started "
     "when_ended idle customer_fetch session_key initial_queue_pos alert_level flags contact_id project_id sale_id "
     "ticket_id transfer_to chatbot_isactive})",
     "(status, rank, rating, $16, $27, $35)"},
    {"({values ChatSession 1})", "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "
                                 "$17, $18, $19, $20, $21, $22, $23, "
                                 "$24, $25, $26, $27, $28, $29, $30)"},
    {"SET {assignments ChatSession 3} WHERE id = $2",
     "SET topic_id = $3, user_id = $4, customer_id = $5, customer_alias = $6, customer_host = $7, name = $8, "
     "email = $9, phone = $10, consented = $11, company_name = $12, status = $13, first_message = $14, "
     "last_message = $15, when_requested = $16, when_started = $17, when_ended = $18, idle = $19, "
     "customer_fetch = $20, session_key = $21, initial_queue_pos = $22, alert_level = $23, rank = $24, "
     "flags = $25, contact_id = $26, project_id = $27, sale_id = $28, ticket_id = $29, transfer_to = $30, "
     "chatbot_isactive = $31, rating = $32 WHERE id = $2"},
    {"{values ChatSession asked user_id customer_id customer_alias customer_host name email phone consented "
     "company_name first_message last_message when_requested when_started when_ended idle customer_fetch "
     "session_key initial_queue_pos alert_level flags contact_id project_id sale_id ticket_id transfer_to "
     "chatbot_isactive}",
     "asked.topic_id, asked.status, asked.rank, asked.rating"},
    {"SET {assignments ChatSession asked user_id customer_id customer_alias customer_host name email phone "
     "consented company_name first_message last_message when_requested when_started when_ended idle "
     "customer_fetch session_key initial_queue_pos alert_level flags contact_id project_id sale_id ticket_id "
     "transfer_to chatbot_isactive}",
     "SET topic_id = asked.topic_id, status = asked.status, rank = asked.rank, rating = asked.rating"},
    {"{parameter ChatSession 3 topic_id}, {parameter ChatSession 3 status}, {parameter ChatSession 1 rating}",
     "$3, $13, $30"},
    {"SET {assignments ChatSession 3 topic_id user_id customer_id customer_alias customer_host name email "
     "phone "
     "consented company_name first_message last_message when_requested when_started when_ended idle "
     "customer_fetch session_key initial_queue_pos alert_level flags contact_id project_id sale_id ticket_id "
     "transfer_to chatbot_isactive}",
     "SET status = $13, rank = $24, rating = $32"},
    {"ARRAY[{tables ChatSession}]",
     "ARRAY['chat_session', 'associate', 'person', 'contact', 'project', 'sale', 'ticket', 'associate']"},
    {"SELECT {mark ChatSession s}",
     "SELECT hash_record_extended(ROW(s.xmin, s_user_id.xmin, s_customer_id.xmin, s_contact_id.xmin, "
     "s_project_id.xmin, s_sale_id.xmin, s_ticket_id.xmin, s_transfer_to.xmin), mark_seed(ARRAY[]::text[], "
     "'chat_session', 'associate', 'person', 'contact', 'project', 'sale', 'ticket', 'associate'))"},
    {"SELECT {references ChatSession s}",
     "SELECT s_user_id, s_customer_id, s_contact_id, s_project_id, s_sale_id, s_ticket_id, s_transfer_to"},
    {"RETURNING {keys ChatSession chat_session}",
     "RETURNING chat_session.user_id, chat_session.customer_id, chat_session.contact_id, "
     "chat_session.project_id, "
     "chat_session.sale_id, chat_session.ticket_id, chat_session.transfer_to"},
    {"{joins ChatSession s}",
     "LEFT JOIN associate AS s_user_id ON s_user_id.associate_id = s.user_id "
     "LEFT JOIN person AS s_customer_id ON s_customer_id.person_id = s.customer_id "
     "LEFT JOIN contact AS s_contact_id ON s_contact_id.contact_id = s.contact_id "
     "LEFT JOIN project AS s_project_id ON s_project_id.project_id = s.project_id "
     "LEFT JOIN sale AS s_sale_id ON s_sale_id.sale_id = s.sale_id "
     "LEFT JOIN ticket AS s_ticket_id ON s_ticket_id.id = s.ticket_id "
     "LEFT JOIN associate AS s_transfer_to ON s_transfer_to.associate_id = s.transfer_to"},
    {"{known ChatSession 2}",
     "(coalesce($2, 0) <= 0 OR EXISTS (SELECT FROM chat_topic WHERE id = $2)) AS topic_id, "
     "(coalesce($3, 0) <= 0 OR EXISTS (SELECT FROM associate WHERE associate_id = $3)) AS user_id, "
     "(coalesce($4, 0) <= 0 OR EXISTS (SELECT FROM person WHERE person_id = $4)) AS customer_id, "
     "(coalesce($25, 0) <= 0 OR EXISTS (SELECT FROM contact WHERE contact_id = $25)) AS contact_id, "
     "(coalesce($26, 0) <= 0 OR EXISTS (SELECT FROM project WHERE project_id = $26)) AS project_id, "
     "(coalesce($27, 0) <= 0 OR EXISTS (SELECT FROM sale WHERE sale_id = $27)) AS sale_id, "
     "(coalesce($28, 0) <= 0 OR EXISTS (SELECT FROM ticket WHERE id = $28)) AS ticket_id, "
     "(coalesce($29, 0) <= 0 OR EXISTS (SELECT FROM associate WHERE associate_id = $29)) AS transfer_to"},
    {"WHERE {all_known ChatSession k}",
     "WHERE k.topic_id AND k.user_id AND k.customer_id AND k.contact_id AND k.project_id AND k.sale_id AND "
     "k.ticket_id AND k.transfer_to"},
    {"{known_record ChatSession k}", "ROW(k.topic_id, k.user_id, k.customer_id, k.contact_id, k.project_id, "
                                     "k.sale_id, k.ticket_id, k.transfer_to)"},
    {"{all_known ChatSession a},{all_known ChatSession b}",
     "a.topic_id AND a.user_id AND a.customer_id AND a.contact_id AND a.project_id AND a.sale_id AND "
     "a.ticket_id "
     "AND a.transfer_to,b.topic_id AND b.user_id AND b.customer_id AND b.contact_id AND b.project_id AND "
     "b.sale_id AND b.ticket_id AND b.transfer_to"},
    {"{tables ChatTopic}", "'chat_topic', 'cust_lang', 'reply_template', 'ej_category', 'ticket_priority', "
                           "'tzlocation', 'kb_category'"},
    {"{references ChatTopic t}", "t_language_id, t_alert_template, t_category_id, t_priority_id, "
                                 "t_tzlocationid, t_kb_category_id"},
    {"{parameter ChatTopic 3 mon_start} {parameter ChatTopic 3 widget_color}", "$21 $56"},
    {"{all_known ChatTopic k}", "k.language_id AND k.alert_template AND k.category_id AND k.priority_id AND "
                                "k.tzlocationid AND k.kb_category_id"},
    {"{columns ChatTopicAgent}", "user_id, can_listen, can_respond, manager, notifications"},
    {"{cells ChatTopicAgent a}",
     "a.topic_id, a.user_id, a.can_listen, a.can_respond, a.manager, a.notifications"},
};

static void test_fills(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(fills); i++) {
        is(filled(pool, fills[i].text), fills[i].sql, "%s is filled", fills[i].text);
    }
}

/* ---------------- what is no marker
 *
 * Each is tried in a process of its own: one that dies is told from one that answers. */

static const char *const malformed[] = {
    "{",
    "SELECT {",
    "SELECT {references ChatSession s",
    "{columns ChatSession} {",
    "{}",
    "{ }",
    "{{}",
    "{references}",
    "{ChatSession}",
    "{columns}",
    "{nonsense ChatSession s}",
    "{References ChatSession s}",
    "{references chatsession s}",
    "{references ChatSessionEntity s}",
    "{references chat_session s}",
    "{references Person s}", /* not an entity of its own */
    "{references Chat Session s}",
    "{referencesChatSession s}",
    "{columns ChatSession}{nonsense ChatSession}",
    "{tables ChatOpeningHours}", /* a part of another's table */
    "{columns ChatOpeningHours}",
    /* without the argument that they need */
    "{cells ChatTopic}",
    "{references ChatSession}",
    "{joins ChatSession}",
    "{mark ChatSession}",
    "{keys ChatSession}",
    "{values ChatSession}",
    "{assignments ChatSession}",
    "{known ChatSession}",
    "{all_known ChatSession}",
    "{known_record ChatSession}",
    /* with one that is no number */
    "{values ChatSession X}",
    "{assignments ChatSession 1s}",
    "{known ChatSession -1}",
    "{values ChatSession 0}",
    /* with columns that they have not, or none */
    "{parameter ChatSession 1}",
    "{parameter ChatSession x status}",
    "{parameter ChatSession 1 status rank}",
    "{parameter ChatSession 1 nonsense}",
    "{parameter ChatSession 1 id}",
    "{assignments ChatSession 1 nonsense}",
    "{assignments ChatSession 1 status status}",
    "{values ChatSession 1 nonsense}",
    "{columns ChatSession status}",
    "{joins ChatSession s status}",
};

enum { ANSWERED, FILLED };

static int judged_apart(apr_pool_t *pool, const char *text)
{
    int status = 0;
    pid_t child;

    fflush(stdout);
    child = fork();
    if (child == 0) {
        const char *sql = NULL;
        cs_error_t *error = cs_template_fill(pool, text, &sql);

        _exit(error && error->code == CS_E_INTERNAL ? ANSWERED : FILLED);
    }
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_malformed(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(malformed); i++) {
        is_int(judged_apart(pool, malformed[i]), ANSWERED, "%s is refused", malformed[i]);
    }
}

/* A statement is there as a whole or not at all. */
static void test_long(apr_pool_t *pool)
{
    static const int lengths[] = {1000, 65535, 65536, 65537, 200000};

    for (size_t i = 0; i < COUNT(lengths); i++) {
        char *text = apr_palloc(pool, (apr_size_t)lengths[i] + 1);
        const char *sql = NULL;
        cs_error_t *error;

        memset(text, ' ', (size_t)lengths[i]);
        text[lengths[i]] = '\0';
        error = cs_template_fill(pool, text, &sql);
        ok(error || strlen(sql) == (size_t)lengths[i], "%d bytes are filled whole, or refused", lengths[i]);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_fills(pool);
    test_malformed(pool);
    test_long(pool);
    return done();
}
