/* model/access.h -- who may do what with a session or a topic: a row per operation, a bit per role.
 *
 * SQL finds the caller's roles on a session or topic (roles_on() of the schema) and compares them with the
 * operation's inside the statement that does it.  No role at all: to him it does not exist. */
#ifndef CS_MODEL_ACCESS_H
#define CS_MODEL_ACCESS_H

/* As roles_on() counts them. */
typedef enum cs_role_t {
    CS_ROLE_ADMIN = 1,    /* of everything, also of sessions without a topic */
    CS_ROLE_MANAGER = 2,  /* of the topic */
    CS_ROLE_AGENT = 4,    /* of this session */
    CS_ROLE_FREE = 8,     /* responds in the topic, and nobody has the session */
    CS_ROLE_RESPOND = 16, /* responds in the topic */
    CS_ROLE_LISTEN = 32,  /* has another role in the topic: listens, or is notified */
    CS_ROLE_OFFERED = 64, /* the session is offered to him */
    CS_ROLE_ALL = 127
} cs_role_t;

typedef enum cs_act_t {
    CS_ACT_READ,
    CS_ACT_CREATE, /* in a topic */
    CS_ACT_SAVE,
    CS_ACT_DELETE,
    CS_ACT_PICKUP,
    CS_ACT_WRITE,    /* a message */
    CS_ACT_TRANSFER, /* offer it to another */
    CS_ACT_DECIDE,   /* take or refuse what was offered; nothing happens where it was offered to another */
    CS_ACT_RESET,

    CS_ACT_READ_TOPIC, /* also who serves it, and whether it is open */
    CS_ACT_CREATE_TOPIC,
    CS_ACT_SAVE_TOPIC,
    CS_ACT_DELETE_TOPIC,
    CS_ACT_STAFF_TOPIC,   /* say who serves it */
    CS_ACT_START_SESSION, /* in the topic */
    CS_ACT_COUNT
} cs_act_t;

/* The roles that permit it. */
int cs_access_roles(cs_act_t act);

/* What is done to it: "delete". */
const char *cs_access_verb(cs_act_t act);

#endif
