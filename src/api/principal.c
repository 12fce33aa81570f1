#include "api/principal.h"

#include "api/call.h"
#include "api/identity.h"

#include <string.h>

/* What a member shows: the next column of the statement principal_get, or nothing that is stored. */
typedef enum cs_shows_t {
    NUMBER,
    TEXT,
    TRUTH,
    USER_TYPE, /* a number, by its name */
    ABSENT,    /* 0: an id of something that an installation has not */
    EMPTY,     /* a list of strings */
    BLANK      /* a text that is not known here */
} cs_shows_t;

/* SoPrincipalCarrier, in its order; then ours. */
static const struct {
    const char *name;
    cs_shows_t shows;
} members[] = {
    {"UserType", USER_TYPE},    {"Associate", TEXT},
    {"AssociateId", NUMBER},    {"IsPerson", TRUTH},
    {"PersonId", NUMBER},       {"CountryId", NUMBER},
    {"HomeCountryId", NUMBER},  {"ContactId", NUMBER},
    {"GroupId", NUMBER},        {"BusinessId", ABSENT},
    {"CategoryId", ABSENT},     {"ContactOwner", ABSENT},
    {"RoleId", ABSENT},         {"RoleName", TEXT},
    {"RoleDescription", BLANK}, {"RoleType", TEXT},
    {"Licenses", EMPTY},        {"FullName", TEXT},
    {"EMailAddress", TEXT},     {"FunctionRights", EMPTY},
    {"EjUserId", NUMBER},       {"EjAccessLevel", ABSENT},
    {"EjUserStatus", BLANK},    {"ProvidedCredentials", EMPTY},
    {"SecondaryGroups", EMPTY}, {"DatabaseContextIdentifier", BLANK},
    {"UserName", TEXT},         {"IsAdministrator", TRUTH},
};

static int has_column(cs_shows_t shows)
{
    return shows == NUMBER || shows == TEXT || shows == TRUTH || shows == USER_TYPE;
}

/* As the carrier Associate names it. */
static const char *user_type(apr_int64_t type)
{
    const cs_field_t *field = cs_entity_find(&cs_associate_entity, "Type", 4);

    return cs_enum_name(field->words, type);
}

static void write_member(cs_writer_t *w, cs_shows_t shows, const cs_val_t *cell)
{
    const char *name;

    switch (shows) {
    case NUMBER:
        w->ops->integer(w, cell->set ? cell->u.i : 0);
        break;
    case TRUTH:
        w->ops->boolean(w, cell->set && cell->u.i);
        break;
    case TEXT:
        w->ops->text(w, cell->set ? cell->u.s : "", cell->set ? cell->len : 0);
        break;
    case USER_TYPE:
        name = user_type(cell->u.i);
        w->ops->plain(w, name, strlen(name));
        break;
    case ABSENT:
        w->ops->integer(w, 0);
        break;
    case BLANK:
        w->ops->plain(w, "", 0);
        break;
    case EMPTY:
        w->ops->array_open(w, "String");
        w->ops->array_close(w);
        break;
    }
}

cs_error_t *cs_principal_get(cs_call_t *call)
{
    const cs_val_t caller = cs_identity_arg(call);
    const cs_val_t *cell;
    cs_rows_t *rows;
    cs_writer_t w;

    CS_TRY(cs_identity_run(call, CS_STMT_PRINCIPAL_GET, &caller, 1, &rows));
    cell = cs_rows_get(rows, 0)[1].cells;
    w = cs_call_writer(call);
    w.ops->open(&w, "SoPrincipalCarrier");
    for (apr_size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        w.ops->name(&w, members[i].name, strlen(members[i].name));
        write_member(&w, members[i].shows, cell);
        cell += has_column(members[i].shows);
    }
    w.ops->close(&w);
    return cs_call_finish(call, 200);
}
