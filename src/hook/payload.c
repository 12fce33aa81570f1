#include "hook/payload.h"

#include "wire/json_write.h"

#include <string.h>

#define CEILING 65536 /* a name and an alias are all in it that a client chose */

static const char *const entities[] = {"", "chatsession", "chattopic", "presence"};

static const char *const fields[CS_PAYLOAD_VALUES] = {
    "AlertLevel", "ChatbotIsactive", "Consented", "ContactId", "CustomerAlias", "CustomerId", "ProjectId",
    "Rating",     "SaleId",          "Status",    "TicketId",  "TopicId",       "UserId",
};

/* What a message may have changed; names alone, the receiver asks for the rest. */
static const char *const message_changes[] = {
    "chatSession.topicId",       "chatSession.userId",        "chatSession.customerId",
    "chatSession.customerName",  "chatSession.customerEmail", "chatSession.companyName",
    "chatSession.customerPhone", "chatMessage.sessionId",     "chatMessage.id",
    "chatMessage.message",       "chatMessage.type",          "chatMessage.specialType",
    "chatMessage.specialParam",  "chatMessage.author",
};
#define MESSAGE_CHANGES (sizeof(message_changes) / sizeof(message_changes[0]))

static void put_name(cs_writer_t *w, const char *name)
{
    w->ops->name(w, name, strlen(name));
}

static void put_value(cs_writer_t *w, const char *name, cs_val_t value)
{
    put_name(w, name);
    if (!value.set) {
        w->ops->null(w);
    }
    else if (value.kind == CS_K_BOOL) {
        w->ops->boolean(w, value.u.i != 0);
    }
    else if (value.kind == CS_K_INT) {
        w->ops->integer(w, value.u.i);
    }
    else {
        w->ops->text(w, value.u.s, value.len);
    }
}

static void put_changes(cs_writer_t *w, cs_val_t event)
{
    static const char message[] = "chatsession.message";
    int is_message = event.len == sizeof(message) - 1 && memcmp(event.u.s, message, event.len) == 0;

    put_name(w, "Changes");
    w->ops->array_open(w, "string");
    for (apr_size_t i = 0; is_message && i < MESSAGE_CHANGES; i++) {
        w->ops->text(w, message_changes[i], strlen(message_changes[i]));
    }
    w->ops->array_close(w);
}

static void put_fields(cs_writer_t *w, const cs_news_t *news)
{
    put_name(w, "FieldValues");
    w->ops->open(w, "FieldValues");
    for (int i = 0; news->entity == 1 && i < CS_PAYLOAD_VALUES; i++) {
        put_value(w, fields[i], news->values[i]);
    }
    if (news->present.set) {
        put_value(w, "Present", news->present);
    }
    w->ops->close(w);
}

/* "2026-11-22T04:05:06.789Z" */
static cs_val_t timestamp(char out[CS_WALL_MAX + 1], cs_wall_t at)
{
    apr_size_t len = cs_wall_print(out, at);

    out[len] = 'Z';
    return cs_val_text(out, len + 1);
}

apr_size_t cs_payload_write(apr_pool_t *pool, const cs_news_t *news, cs_val_t webhook_name,
                            const char **text_out)
{
    cs_writer_t w = {.ops = &cs_json_writer, .buf = cs_buf_make(pool, CEILING)};
    const char *entity = entities[news->entity >= 1 && news->entity <= 3 ? news->entity : 0];
    char time[CS_WALL_MAX + 1];

    if (w.ops->begin) {
        w.ops->begin(&w);
    }
    w.ops->open(&w, "Event");
    put_value(&w, "EventId", news->guid);
    put_value(&w, "Timestamp", timestamp(time, news->at));
    put_changes(&w, news->name);
    put_value(&w, "Event", news->name);
    put_value(&w, "PrimaryKey", cs_val_int(news->entity_id));
    put_value(&w, "Entity", cs_val_text(entity, strlen(entity)));
    put_value(&w, "ContextIdentifier", cs_val_text("Default", 7));
    put_value(&w, "ChangedByAssociateId", cs_val_int(news->associate));
    put_value(&w, "WebhookName", webhook_name);
    put_fields(&w, news);
    w.ops->close(&w);
    *text_out = cs_buf_text(w.buf, pool);
    return w.buf->length;
}
