/* t/unit/payload.c -- what a webhook is told, when it is told again, and its signature. */
#include "base/secret.h"
#include "hook/pause.h"
#include "hook/payload.h"
#include "support.h"
#include "tap.h"

#include <apr_escape.h>

static cs_val_t text(const char *s)
{
    return cs_val_text(s, strlen(s));
}

static cs_val_t flag(int truth)
{
    return (cs_val_t){.kind = CS_K_BOOL, .set = 1, .u.i = truth};
}

#define HEAD "{\"EventId\":\"0b0c\",\"Timestamp\":\"2026-11-22T04:05:06.789Z\",\"Changes\":"
#define NAMES                                                                                    \
    "[\"chatSession.topicId\",\"chatSession.userId\",\"chatSession.customerId\",\"chatSession."  \
    "customerName\","                                                                            \
    "\"chatSession.customerEmail\",\"chatSession.companyName\",\"chatSession.customerPhone\","   \
    "\"chatMessage.sessionId\",\"chatMessage.id\",\"chatMessage.message\",\"chatMessage.type\"," \
    "\"chatMessage.specialType\",\"chatMessage.specialParam\",\"chatMessage.author\"]"
#define VALUES                                                                                           \
    "{\"AlertLevel\":2,\"ChatbotIsactive\":false,\"Consented\":true,\"ContactId\":4,\"CustomerAlias\":"  \
    "\"Kari \\\"\xC3\xB8\\\"\",\"CustomerId\":6,\"ProjectId\":7,\"Rating\":8,\"SaleId\":9,\"Status\":5," \
    "\"TicketId\":11,\"TopicId\":12,\"UserId\":13}"

static const struct {
    const char *event;
    int entity;
    int present; /* -1: not said */
    const char *expected;
} payloads[] = {
    {"chatsession.created", 1, -1,
     HEAD "[],\"Event\":\"chatsession.created\",\"PrimaryKey\":17,\"Entity\":\"chatsession\","
          "\"ContextIdentifier\":"
          "\"Default\",\"ChangedByAssociateId\":3,\"WebhookName\":\"a\\\\b\",\"FieldValues\":" VALUES "}"},
    {"chatsession.message", 1, -1,
     HEAD NAMES
     ",\"Event\":\"chatsession.message\",\"PrimaryKey\":17,\"Entity\":\"chatsession\",\"ContextIdentifier\":"
     "\"Default\",\"ChangedByAssociateId\":3,\"WebhookName\":\"a\\\\b\",\"FieldValues\":" VALUES "}"},
    {"chattopic.changed", 2, -1,
     HEAD
     "[],\"Event\":\"chattopic.changed\",\"PrimaryKey\":17,\"Entity\":\"chattopic\",\"ContextIdentifier\":"
     "\"Default\",\"ChangedByAssociateId\":3,\"WebhookName\":\"a\\\\b\",\"FieldValues\":{}}"},
    {"presence.changed", 3, 1,
     HEAD
     "[],\"Event\":\"presence.changed\",\"PrimaryKey\":17,\"Entity\":\"presence\",\"ContextIdentifier\":"
     "\"Default\",\"ChangedByAssociateId\":3,\"WebhookName\":\"a\\\\b\",\"FieldValues\":{\"Present\":true}}"},
};

static void test_payloads(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(payloads); i++) {
        cs_val_t values[CS_PAYLOAD_VALUES] = {
            cs_val_int(2),  flag(0),        flag(1),        cs_val_int(4), text("Kari \"\xC3\xB8\""),
            cs_val_int(6),  cs_val_int(7),  cs_val_int(8),  cs_val_int(9), cs_val_int(5),
            cs_val_int(11), cs_val_int(12), cs_val_int(13),
        };
        cs_news_t news = {.guid = text("0b0c"),
                          .at = cs_wall_days(2026, 11, 22) * CS_WALL_DAY +
                                (4 * 3600 + 5 * 60 + 6) * CS_WALL_SECOND + 789000,
                          .name = text(payloads[i].event),
                          .entity = payloads[i].entity,
                          .entity_id = 17,
                          .number = 4,
                          .associate = 3,
                          .values = values,
                          .present =
                              payloads[i].present < 0 ? cs_val_null(CS_K_BOOL) : flag(payloads[i].present)};
        const char *body;
        apr_size_t len = cs_payload_write(pool, &news, text("a\\b"), &body);

        is(body, payloads[i].expected, "lifecycle 13: %s", payloads[i].event);
        is_int((long long)len, (long long)strlen(body), "its length");
    }
}

static const struct {
    int failures;
    int delivery, receiver; /* seconds */
} pauses[] = {
    {0, 1, 1},    {1, 1, 1},     {2, 4, 4},     {3, 16, 16},   {4, 64, 60},
    {5, 256, 60}, {6, 1024, 60}, {7, 3600, 60}, {8, 3600, 60}, {2147483647, 3600, 60},
};

static void test_pauses(void)
{
    for (size_t i = 0; i < COUNT(pauses); i++) {
        is_int(apr_time_sec(cs_pause_of_delivery(pauses[i].failures)), pauses[i].delivery,
               "lifecycle 13: after %d failures a delivery waits", pauses[i].failures);
        is_int(apr_time_sec(cs_pause_of_receiver(pauses[i].failures)), pauses[i].receiver,
               "and its receiver");
    }
}

/* RFC 4231: keys of any length. */
static const struct {
    int byte, len; /* of the key: that byte so often; or */
    const char *key, *text, *mac;
} signatures[] = {
    {0x0B, 20, NULL, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {0, 4, "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {0xAA, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {0xAA, 131, NULL,
     "This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
     "be "
     "hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    {0, 0, "", "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
};

static void test_signatures(apr_pool_t *pool)
{
    for (size_t i = 0; i < COUNT(signatures); i++) {
        unsigned char key[131], mac[CS_DIGEST_BYTES];
        size_t len = (size_t)signatures[i].len;

        memset(key, signatures[i].byte, sizeof(key));
        cs_secret_sign(pool, signatures[i].key ? (const void *)signatures[i].key : key, len,
                       signatures[i].text, strlen(signatures[i].text), mac);
        is(apr_pescape_hex(pool, mac, sizeof(mac), 0), signatures[i].mac,
           "RFC 4231: HMAC-SHA-256 with a key of %d bytes", signatures[i].len);
    }
}

int main(void)
{
    apr_pool_t *pool = test_start();

    test_payloads(pool);
    test_pauses();
    test_signatures(pool);
    return done();
}
