/* api/call.h -- one request on its way through the API.
 *
 * httpd's door fills the first part; the steps of api/ add to it; the reply is complete before its first byte
 * leaves. All of it lives in cx->pool and belongs to the request's thread. */
#ifndef CS_API_CALL_H
#define CS_API_CALL_H

#include "api/locale.h"
#include "api/route.h"
#include "api/site.h"
#include "base/answers.h"
#include "base/buf.h"
#include "base/tags.h"
#include "base/val.h"
#include "doc/doc.h"

#include <apr_tables.h>

struct cs_entity_t;

/* What the request demands of the entity's state (RFC 9110 section 13): headers; NULL: not sent. */
typedef struct cs_conditions_t {
    const char *match, *none_match, *modified_since, *unmodified_since;
} cs_conditions_t;

/* The credential of ours that a call is made with. */
typedef struct cs_used_t {
    const char *kind; /* as the database names it; NULL: none of ours */
    const char *digest;
} cs_used_t;

typedef struct cs_call_t {
    cs_ctx_t *cx;
    const cs_site_t *site;
    cs_db_t *db;
    cs_tags_t *tags;        /* that this process has given; NULL: it remembers none */
    cs_answers_t *answers;  /* likewise */
    cs_conn_t *transaction; /* which statements belong to; NULL: each is its own */
    cs_match_t match;
    const char *user;   /* who httpd says is asking; NULL: nobody */
    const char *client; /* the address that the request came from */
    cs_used_t credential;
    int insecure;         /* the client is on this host, and comes by plain http: cookies need no TLS */
    const char *query;    /* as in the request line, after "?"; NULL: none */
    const char *root_url; /* "https://host/crm/api/v1": what links begin with */

    const char *content_type, *accept; /* headers; NULL: not sent */
    cs_conditions_t conditions;
    const char *idempotency_key; /* header; NULL: not sent */
    cs_locale_headers_t locale_headers;
    const char *body; /* bytes; NULL: none */
    apr_size_t body_len;
    const cs_media_t *sent_media;     /* how the body was read */
    const cs_doc_t *doc;              /* the body, decoded; of the RPC style, the part that is REST's body */
    apr_table_t *parameters;          /* of the RPC style, in the body; NULL: they stand in the query */
    const struct cs_select_t *select; /* $select; NULL: everything */

    const cs_media_t *media;   /* how the reply is written */
    const cs_media_t *problem; /* how an error is written instead, or NULL */

    int status;               /* of the reply; 0: none yet */
    cs_buf_t *reply;          /* NULL: no content */
    const char *content_text; /* Content-Type of the reply, where it is not that of `media` */
    const char *etag;         /* of the entity in the reply, with its quotes; NULL: it has none */
    apr_time_t modified;      /* of the same; 0: not known */
    int retry;                /* the same request may succeed later */
    apr_table_t *headers;     /* of the reply, beside those of its body; NULL: none */
    apr_int64_t id;           /* of the entity, for the log; 0: none */
} cs_call_t;

#define CS_REPLY_CEILING (16 * 1024 * 1024) /* bytes; the widest session with all its carriers has 90 KB */

/* A writer of a document on a new reply body, in the format asked for. */
cs_writer_t cs_call_writer(cs_call_t *call);

/* The same in another format. */
cs_writer_t cs_call_writer_in(cs_call_t *call, const cs_media_t *media);

/* One more header of the reply; name and value are kept, not copied. */
void cs_call_header(cs_call_t *call, const char *name, const char *value);

/* What the clocks of the base zone show now, for a statement. */
cs_val_t cs_call_clock(const cs_call_t *call);

/* A parameter of the operation beside those in its path: the query's, or in the RPC style the body's; NULL:
 * it is not given.  Names match without regard to case.  QUERY. */
cs_error_t *cs_call_parameter(const cs_call_t *call, const char *name, const char **value_out) CS_CHECKED;

/* Reads $select; the entity NULL: it does not count.  Before anything is done: what is wrong with the query
 * must not come up when a change is made already.  QUERY. */
cs_error_t *cs_call_choose(cs_call_t *call, const struct cs_entity_t *entity) CS_CHECKED;

/* The URL of that collection, for links; NULL: this call's answer has none. */
const char *cs_call_collection(const cs_call_t *call, const char *path);

#define CS_FORM_TEXTS 6

/* All that the request says about its answer's form, beside the format of call->media: where its links lead,
 * what is shown of it, in which language and zone; NULL: not sent. */
void cs_call_form(const cs_call_t *call, const char *texts_out[CS_FORM_TEXTS]);

/* Whether that may be the error of a statement with marks on a database which has none, because its tables
 * are views, or tells none, because rights are missing: for a while it is not asked for them again. */
int cs_call_lacks_marks(const cs_call_t *call, const cs_error_t *error);

/* The reply is whole.  When it outgrew its ceiling: ANSWER_LONG, or INTERNAL after a change. */
cs_error_t *cs_call_finish(cs_call_t *call, int status) CS_CHECKED;

#endif
