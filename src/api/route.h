/* api/route.h -- which operation a method and a path ask for. */
#ifndef CS_API_ROUTE_H
#define CS_API_ROUTE_H

#include "base/error.h"

struct cs_call_t;
struct cs_entity_t;
struct cs_rpc_t;

/* Bits, so that a set of them fits a number. */
typedef enum cs_method_t {
    CS_GET = 1, /* and HEAD */
    CS_POST = 2,
    CS_PUT = 4,
    CS_PATCH = 8,
    CS_DELETE = 16,
    CS_OPTIONS = 32,
    CS_OTHER = 0
} cs_method_t;

enum {
    CS_R_BODY = 1,     /* an entity must come with it */
    CS_R_PATCH = 2,    /* a patch instead */
    CS_R_KEYED = 4,    /* an Idempotency-Key counts; what such an operation answers may be stored */
    CS_R_OPEN = 8,     /* needs no user, nor a database */
    CS_R_PAGE = 16,    /* a browser gets a page */
    CS_R_READS = 64,   /* changes nothing, although its method is not GET */
    CS_R_SILENT = 128, /* answers nothing: neither language nor zone matters */
    CS_R_LIST = 256,   /* a feed can be had */
    CS_R_FORM = 512,   /* parameters may come as its body */
    CS_R_SEVERAL = 1024, /* with CS_R_BODY: several entities, or none */
};

typedef struct cs_route_t {
    cs_method_t method;
    const char *pattern;   /* below /api/v1, "" for /api itself; {id} stands for a 32-bit integer,
                            * {associate} for any text */
    const char *operation; /* its name in logs */
    const char *source;    /* ErrorSource */
    int flags;             /* CS_R_... */
    cs_error_t *(*handle)(struct cs_call_t *call);
    const char *summary;              /* for people */
    const struct cs_entity_t *select; /* of REST: what $select chooses from; NULL: it does not count here */
    const struct cs_rpc_t *rpc;       /* how a method of the RPC style is called; NULL: REST */
} cs_route_t;

/* What a path means, whatever the method. */
typedef struct cs_match_t {
    const cs_route_t *route; /* NULL: no operation for this method */
    const cs_route_t *other; /* an operation that the path has for another method; NULL: no such path */
    int methods;             /* all that the path has; 0: no such path */
    apr_int64_t id;          /* the path's {id} */
    int id_fits;             /* it is a 32-bit integer */
    const char *name;        /* the path's {associate}; NULL: it has none */
    int in_rpc;              /* it is a method's path, even if there is no such method */
    const char *canonical; /* the path as the table spells it, without a trailing slash; NULL: no such path */
} cs_match_t;

/* path is decoded and starts with "/".  Words match without regard to case.  Never fails: cs_route_judge
 * tells what is wrong with a match when it is time to. */
void cs_route_find(apr_pool_t *pool, cs_method_t method, const char *path, cs_match_t *match_out);

/* ROUTE_UNKNOWN, METHOD, PATH_ID or NULL. */
cs_error_t *cs_route_judge(apr_pool_t *pool, const cs_match_t *match) CS_CHECKED;

/* The table, for who shows it: the row of that number, or NULL behind the last. */
const cs_route_t *cs_route_row(int number);

/* "GET", as a request line has it. */
const char *cs_method_name(cs_method_t method);

/* "GET, HEAD, PUT, OPTIONS" */
const char *cs_route_allow(apr_pool_t *pool, int methods);

cs_method_t cs_method_of(const char *name);

#endif
