#include "model/access.h"

#define ABOVE (CS_ROLE_ADMIN | CS_ROLE_MANAGER)

static const struct {
    const char *verb;
    int roles;
} acts[CS_ACT_COUNT] = {
    [CS_ACT_READ] = {"read", CS_ROLE_ALL},
    [CS_ACT_CREATE] = {"create", ABOVE | CS_ROLE_RESPOND},
    [CS_ACT_SAVE] = {"save", ABOVE | CS_ROLE_AGENT | CS_ROLE_FREE},
    [CS_ACT_DELETE] = {"delete", CS_ROLE_ADMIN},
    [CS_ACT_PICKUP] = {"pick up", ABOVE | CS_ROLE_RESPOND},
    [CS_ACT_WRITE] = {"write in", ABOVE | CS_ROLE_AGENT | CS_ROLE_FREE},
    [CS_ACT_TRANSFER] = {"transfer", ABOVE | CS_ROLE_AGENT},
    [CS_ACT_DECIDE] = {"take over", ABOVE | CS_ROLE_AGENT | CS_ROLE_RESPOND | CS_ROLE_OFFERED},
    [CS_ACT_RESET] = {"reset", ABOVE | CS_ROLE_AGENT | CS_ROLE_FREE},
    [CS_ACT_READ_TOPIC] = {"read", CS_ROLE_ALL},
    [CS_ACT_CREATE_TOPIC] = {"create", CS_ROLE_ADMIN},
    [CS_ACT_SAVE_TOPIC] = {"save", CS_ROLE_ADMIN},
    [CS_ACT_DELETE_TOPIC] = {"delete", CS_ROLE_ADMIN},
    [CS_ACT_STAFF_TOPIC] = {"change the agents of", CS_ROLE_ADMIN},
    [CS_ACT_START_SESSION] = {"start a ChatSession in", ABOVE | CS_ROLE_RESPOND},
};

int cs_access_roles(cs_act_t act)
{
    return acts[act].roles;
}

const char *cs_access_verb(cs_act_t act)
{
    return acts[act].verb;
}
